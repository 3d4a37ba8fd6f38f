"""Keys of stored evidence: hashes of everything a piece of evidence depends on, so that nothing stale is reused.

A key covers what was computed (the statement or the experiment's parameters), the code that computed it and the
versions it ran on. The code is all of `numerics` and `derivations`, the modules of `verify` that shape evidence, and,
for a function written in a ledger file, that file with the ledger files it takes names from.
"""

import functools
import hashlib
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import sympy as sp

import derivations
import numerics
import verify
from verify.quantities import NOTATION

PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "numba")
"""The libraries whose versions may change the numbers."""

_NO_REPR: Any = object.__repr__
_SAMPLED = ("evidence.py", "tasks.py")
_SYMBOLIC = ("domain.py", "enclosure*", "typeset*", "statement.py", "quantities.py")


@functools.cache
def versions() -> dict[str, str]:
    """The versions evidence depends on, by name: Python and `PACKAGES`."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def digest(*parts: object) -> str:
    """Return a hash of the parts as 40 hexadecimal digits; parts are plain data or texts.

    >>> digest("a", 1) == digest("a", 1), digest("a", 1) == digest("a", 1.0)
    (True, False)
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@functools.cache
def sampled_code() -> str:
    """Hash the code that draws samples and the versions it runs on."""
    return digest(_hash_files(_sources(_SAMPLED)), versions())


@functools.cache
def _symbolic_sources() -> str:
    return _hash_files(_sources((*_SAMPLED, *_SYMBOLIC)))


def symbolic_code() -> str:
    """Hash the code that derives, encloses and typesets, the registered notations and the versions it runs on."""
    notation = sorted((name, repr(entry)) for name, entry in NOTATION.items())
    return digest(_symbolic_sources(), notation, versions())


def describe(value: Any) -> Any:
    """Describe a value as plain data that differs whenever the value would compute something else.

    A function is described by its name, the values it closes over or was partially applied to and, when it is not
    part of `numerics` or `derivations`, its source file. Raises TypeError for an object without a repr of its own.
    """
    match value:
        case sp.Basic():
            parts: Any = str(sp.srepr(value))
        case functools.partial():
            parts = [describe(value.func), describe(value.args), describe(value.keywords)]
        case Mapping():
            parts = sorted(([describe(k), describe(v)] for k, v in value.items()), key=json.dumps)
        case tuple() | list():
            parts = [describe(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = [[field.name, describe(getattr(value, field.name))] for field in fields(value)]
        case _ if callable(value):
            parts = _describe_callable(value)
        case _ if type(value).__repr__ is _NO_REPR:
            raise TypeError(f"a {type(value).__qualname__} has no description: its repr differs in each process")
        case _:
            parts = repr(value)
    return [type(value).__qualname__, parts]


def _describe_callable(function: Callable[..., Any]) -> Any:
    name = [getattr(function, "__module__", ""), getattr(function, "__qualname__", type(function).__qualname__)]
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    owner = getattr(function, "__self__", None)
    bound = [] if owner is None or isinstance(owner, ModuleType | type) else [owner]
    return [*name, describe(cells + bound), _foreign_source(sys.modules.get(name[0]))]


def _foreign_source(module: ModuleType | None) -> str:
    """Hash the file of a module that is not hashed anyway, with those beside it and in `verify` it takes names from."""
    found: dict[str, Path] = {}
    pending = [module]
    homes = ("verify", module.__name__.partition(".")[0]) if module else ()
    while pending:
        current = pending.pop()
        file = getattr(current, "__file__", None)
        if current is None or file is None or current.__name__ in found or _is_hashed(current):
            continue
        found[current.__name__] = Path(file)
        for value in vars(current).values():
            name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            if isinstance(name, str) and name.partition(".")[0] in homes:
                pending.append(sys.modules.get(name))
    return _hash_files(found.items())


def _is_hashed(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] in {"numerics", "derivations", "sympy", "numpy", "scipy", "builtins"}


def _sources(patterns: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Name and path of every source file the evidence depends on, `patterns` choosing among those of `verify`."""
    found = []
    for package in (numerics, derivations):
        root = Path(package.__path__[0])
        found += [(f"{root.name}/{path.relative_to(root).as_posix()}", path) for path in root.rglob("*.py")]
    root = Path(verify.__path__[0])
    for pattern in patterns:
        for path in root.glob(pattern):
            files = path.rglob("*.py") if path.is_dir() else [path]
            found += [(f"{root.name}/{file.relative_to(root).as_posix()}", file) for file in files]
    return found


def _hash_files(files: Iterable[tuple[str, Path]]) -> str:
    return digest(*([name, hashlib.sha256(path.read_bytes()).hexdigest()] for name, path in sorted(files)))
