"""Keys of stored evidence: hashes of everything a piece of evidence depends on, so that nothing stale is reused.

A key covers what was computed (the statement or the experiment's parameters), the code that computed it and the
versions it ran on. The code is all of `numerics` and `derivations`, the modules of `verify` that shape evidence, and,
for a function written elsewhere, such as in a ledger file, that file with what it imports (`verify.sources`).
"""

import functools
import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any

import sympy as sp

from verify.quantities import NOTATION
from verify.sources import hash_modules, hash_reached

PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "numba")
"""The libraries whose versions may change the numbers."""

_NO_REPR: Any = object.__repr__


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


def sampled_code() -> str:
    """Hash the code that draws samples and the versions it runs on."""
    return digest(hash_modules("verify.tasks", "verify.evidence"), versions())


def symbolic_code(statement: str) -> str:
    """Hash the code that derives, encloses and typesets, and the versions it runs on.

    The registered notations of names that occur in the statement's fingerprint count too, unless they print a name as
    it is written. What else is registered does not: it differs between processes that have loaded different ledgers.
    """
    notation = sorted(
        (name, repr(entry))
        for name, entry in NOTATION.items()
        if f"'{name}'" in statement and {entry.typst, entry.latex, entry.text} != {name}
    )
    return digest(hash_reached("verify.tasks"), notation, versions())


def describe(value: Any) -> Any:
    """Describe a value as plain data that differs whenever the value would compute something else.

    A function is described by its name, the values it closes over or was partially applied to, and the source files
    it depends on. Raises TypeError for an object without a repr of its own.
    """
    match value:
        case sp.Basic():
            parts: Any = str(sp.srepr(value))
        case sp.FunctionClass():  # a named function of the mathematics, such as σ
            parts = [str(value.__module__), str(value)]
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
    return [*name, describe(cells + bound), hash_reached(name[0])]
