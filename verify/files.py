"""Files of a run: results read and written whole or not at all, and the output folder that must be ours."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from verify.errors import InputError
from verify.result import SCHEMA_VERSION, Results

RESULTS = "results.json"
PROOFS = "proofs"
"""The folder of the proof files, beside the results."""


def schema() -> str:
    """The JSON Schema of a results file, generated from the models, as JSON."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Results.model_json_schema()}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def write_results(results: Results, path: Path) -> None:
    """Write a results file, atomically, after checking that it reads back as the same results."""
    text = results.model_dump_json(indent=1) + "\n"
    if Results.model_validate_json(text) != results:
        raise ValueError("the results do not read back from JSON as they were written")
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_proofs(proofs: Mapping[str, str], out: Path) -> None:
    """Write the proof files of a run into their folder, and remove from it those of an earlier run."""
    folder = out / PROOFS
    try:
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.json"):
            if f"{PROOFS}/{path.name}" not in proofs and _is_proof(path):
                path.unlink()
    except OSError as error:
        raise InputError(f"The folder {folder} of proof files cannot be written: {error.strerror}.") from error
    for name, text in proofs.items():
        with atomic(out / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _is_proof(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return '"format": "ntk-verify proof"' in file.read(200)


def read_results(path: Path) -> Results:
    """Read a results file. Raises `InputError` when it is missing, not JSON, of another version or not results."""
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except OSError as error:
        raise InputError(f"The results file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a results file: it is not text.") from error
    except json.JSONDecodeError as error:
        state = "truncated" if text.startswith("{") and not text.rstrip().endswith("}") else "not JSON"
        raise InputError(f"The results file {path} is {state} (line {error.lineno}: {error.msg}).") from error
    if not _looks_ours(data):
        raise InputError(f"{path} is JSON, but not a results file of ntk-verify.")
    if data["schema_version"] != SCHEMA_VERSION:
        found = data["schema_version"]
        raise InputError(f"{path} has schema version {found}, this ntk-verify reads {SCHEMA_VERSION}; run again.")
    try:
        return Results.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{path} does not follow the results schema: {where}: {first['msg']}.") from error


def claim_folder(folder: Path) -> None:
    """Make the output folder ours before anything runs. Raises `InputError`, having written nothing, if it cannot be.

    A folder is ours when it is new, empty, or holds a results file of ntk-verify.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = any(folder.iterdir()) and not _holds_results(folder)
        if not foreign:
            with tempfile.TemporaryFile(dir=folder):
                pass
    except FileExistsError as error:
        raise InputError(f"The output folder {folder} is a file; nothing was written.") from error
    except OSError as error:
        raise InputError(f"The output folder {folder} cannot be written: {error.strerror}.") from error
    if foreign:
        raise InputError(f"The folder {folder} is not empty and holds no results of ntk-verify; nothing was written.")


def _holds_results(folder: Path) -> bool:
    try:
        return _looks_ours(json.loads((folder / RESULTS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def _looks_ours(data: object) -> bool:
    return isinstance(data, dict) and {"schema_version", "run", "claims", "summary"} <= data.keys()


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, which replaces it once the block has ended without an error."""
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
