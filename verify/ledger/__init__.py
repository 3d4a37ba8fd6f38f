"""The ledger: all the claims, one family per file; this module loads them, or says which file, claim, field is wrong.

A file of the ledger is a module of this package with the tuple `CLAIMS`. A module whose name starts with an
underscore is a helper and holds none. `NTK_VERIFY_LEDGER` names another package to load instead.
"""

import ast
import dataclasses
import importlib
import os
import pkgutil
import re
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from verify.claim import Claim, Document
from verify.errors import InputError
from verify.wellformed import FaultError, check, experiments, nearest

_DOCUMENTS = list(Document)


class LedgerError(InputError):
    """A ledger file is wrong; the message names the file, the claim and the field."""


def default() -> str:
    """The package that holds the ledger: the one `NTK_VERIFY_LEDGER` names, else this one."""
    return os.environ.get("NTK_VERIFY_LEDGER", "") or __name__


def load(package: str = "", *, checked: bool = False) -> dict[str, Claim]:
    """Load the claims of a package of ledger files, by id, in the order of the documents and then of the files.

    Without a name it is the package `default` names. Raises `LedgerError` for a file
    that does not import, holds no claims, or holds one that is not well formed; the last of these takes most of the
    time, and is left out where another process has `checked` it.
    """
    return _load(package or default(), checked)


@cache
def _load(package: str, checked: bool) -> dict[str, Claim]:
    found: list[Claim] = []
    home: dict[str, str] = {}
    for module in _modules(package):
        file = _short(module.__file__)
        for claim in _claims(module, file):
            try:
                if not checked:
                    check(claim)
            except FaultError as fault:
                raise LedgerError(_sentence(f"{file}, claim {claim.id}, {fault}")) from fault
            if claim.id in home:
                raise LedgerError(f"{file}, claim {claim.id}, field id: the id is taken in {home[claim.id]}.")
            home[claim.id] = file
            found.append(claim)
    found.sort(key=lambda claim: _DOCUMENTS.index(claim.document))
    try:
        experiments(found)
    except FaultError as fault:
        raise LedgerError(_sentence(f"The ledger {package}, {fault}")) from fault
    return {claim.id: claim for claim in found}


def _modules(package: str) -> Iterator[ModuleType]:
    try:
        root = importlib.import_module(package)
    except ImportError as error:
        raise LedgerError(_sentence(f"The ledger {package!r} cannot be imported: {error}")) from error
    if not hasattr(root, "__path__"):
        raise LedgerError(f"The ledger {package!r} is a module, not a package of ledger files.")
    for entry in sorted(pkgutil.iter_modules(root.__path__), key=lambda entry: entry.name):
        if entry.name.startswith("_"):
            continue
        try:
            yield importlib.import_module(f"{package}.{entry.name}")
        except Exception as error:
            folder = getattr(entry.module_finder, "path", "")
            raise _broken(Path(folder) / f"{entry.name}.py", error) from error


def _claims(module: ModuleType, file: str) -> tuple[Claim, ...]:
    claims = getattr(module, "CLAIMS", None)
    if claims is None:
        raise LedgerError(_sentence(f"{file} has no tuple CLAIMS{nearest('CLAIMS', vars(module))}"))
    if not isinstance(claims, tuple) or not all(isinstance(claim, Claim) for claim in claims):
        raise LedgerError(f"{file}, field CLAIMS: expected a tuple of Claim.")
    return claims


def _broken(path: Path, error: Exception) -> LedgerError:
    """Say in one sentence where a ledger file failed to import, and why."""
    if isinstance(error, SyntaxError):
        return LedgerError(_sentence(f"{_short(error.filename)}, line {error.lineno}: {error.msg}"))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    line = frames[-1].lineno or 0 if frames else 0
    where = [_short(str(path))]
    if line:
        where.append(f"line {line}")
        if claim := _claim_at(path, line):
            where.append(f"claim {claim}")
    field, message = _explain(error)
    where += [f"field {field}"] if field else []
    return LedgerError(_sentence(f"{', '.join(where)}: {message}"))


def _explain(error: Exception) -> tuple[str, str]:
    """Return the field at fault, if the error names one, and the message in our words."""
    text = str(error)
    if match := re.match(r"([\w.]+?)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'", text):
        owner, field = match.groups()
        valid = _fields_of(owner)
        return field, f"{owner} has no field {field!r}{nearest(field, valid)}"
    if match := re.match(r"([\w.]+?)(?:\.__init__)?\(\) missing \d+ required .*arguments?: (.*)", text):
        owner, names = match.groups()
        return names.replace("'", ""), f"{owner} needs it, and it is not given"
    if isinstance(error, NameError) and error.name:
        return "", f"the name {error.name!r} is not defined"
    if isinstance(error, AttributeError) and error.name:
        owner = getattr(error.obj, "__name__", type(error.obj).__name__)
        return "", f"{owner} has no attribute {error.name!r}{nearest(error.name, dir(error.obj))}"
    return "", f"{type(error).__name__}: {text}"


def _fields_of(name: str) -> tuple[str, ...]:
    """The fields of the dataclass called `name` among the words a ledger file may use."""
    for module in ("verify.claim", "verify.statement", "verify.experiment", "verify.decide.design"):
        kind = getattr(importlib.import_module(module), name, None)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return tuple(field.name for field in dataclasses.fields(kind))
    return ()


def _claim_at(path: Path, line: int) -> str | None:
    """Return the id in the call of Claim around a line of a file, if there is one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim":
            if not node.lineno <= line <= (node.end_lineno or node.lineno):
                continue
            for keyword in node.keywords:
                if keyword.arg == "id" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return None


def _sentence(text: str) -> str:
    """A text with one full stop at its end, or the question mark that it ends with."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _short(file: str | None) -> str:
    """The path of a ledger file from its package's parent on, as the reader knows it: "verify/ledger/im.py"."""
    return "/".join(Path(file or "?").parts[-3:])
