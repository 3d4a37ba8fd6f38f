"""Source files: which ones a piece of evidence depends on, found by following import statements, and their hash."""

import ast
import functools
import hashlib
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import derivations
import numerics

_WHOLE = ("numerics", "derivations")
"""Packages that are hashed as wholes, whatever is imported of them."""


@functools.cache
def hash_modules(*names: str) -> str:
    """Hash `numerics`, `derivations` and the modules of these names."""
    return _hash({**_whole(), **{name: path for name in names if (path := _path(name))}})


@functools.cache
def hash_reached(*names: str) -> str:
    """Hash `numerics`, `derivations`, and the modules `reached` from these."""
    return _hash({**_whole(), **reached(*names)})


def reached(*names: str) -> dict[str, Path]:
    """Return the files of modules, and of all that they import, in turn, of their own package or of `verify`.

    A module is imported where it or a name in it is, anywhere in a file. The packages hashed whole are left out.
    """
    homes = {"verify", *(name.partition(".")[0] for name in names)}.difference(_WHOLE)
    found: dict[str, Path] = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        path = _path(name) if name not in found and name.partition(".")[0] in homes else None
        if path is not None:
            found[name] = path
            pending += _imports(name, path)
    return found


def _imports(name: str, path: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)


@functools.cache
def _path(name: str) -> Path | None:
    """The file of a module, whether it is loaded or not; what else a name may stand for has none."""
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:  # the name of something in a module, not of a module
        return None
    return Path(spec.origin) if spec is not None and spec.has_location and spec.origin else None


def _whole() -> dict[str, Path]:
    roots = [Path(package.__path__[0]) for package in (numerics, derivations)]
    return {f"{root.name}/{path.relative_to(root).as_posix()}": path for root in roots for path in root.rglob("*.py")}


def _hash(files: dict[str, Path]) -> str:
    parts = [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in sorted(files.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
