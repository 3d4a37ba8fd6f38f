"""The store of evidence: a SQLite file that keeps every finished piece under its key, safe against kills and races."""

import hashlib
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import platformdirs

from verify.errors import InputError

APPLICATION_ID = 0x6E746B76
"""Marks a SQLite file as ours: "ntkv" in ASCII."""
FORMAT = 1
"""The layout of the table, kept in SQLite's `user_version`."""

_HEADER = 100
_MAGIC = b"SQLite format 3\0"
_WAIT_SECONDS = 60.0

_TABLE = """
CREATE TABLE IF NOT EXISTS evidence (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    checksum TEXT NOT NULL,
    seconds REAL NOT NULL,
    created REAL NOT NULL
)
"""


class StoreError(InputError):
    """The store cannot be used: not ours, damaged, locked or not writable. The file was left as it is."""


@dataclass(frozen=True)
class Stored:
    """One piece of evidence as stored."""

    body: str
    """The evidence as JSON."""
    seconds: float
    """How long it took to compute."""


def default_path() -> Path:
    """Where evidence is kept: `NTK_VERIFY_STORE` if set, else `evidence.sqlite` in the user's cache folder."""
    if chosen := os.environ.get("NTK_VERIFY_STORE"):
        return Path(chosen)
    return Path(platformdirs.user_cache_dir("ntk-verify", appauthor=False)) / "evidence.sqlite"


class Store:
    """Evidence by key. Several processes may use one store at once; what was `put` survives a kill.

    A file that exists is inspected before anything is written to it. Raises `StoreError` when it is not a store of
    evidence, is of another format, is damaged, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                _inspect(path)
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
            self._create()
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def _create(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._db.execute(f"PRAGMA user_version = {FORMAT}")
        self._db.execute(_TABLE)
        self._db.execute("COMMIT")
        # After the commit: a kill in between leaves either an empty file or a complete one with our mark.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")

    def get(self, key: str) -> Stored | None:
        """Return the evidence stored under `key`, or None."""
        rows = self._run("SELECT body, checksum, seconds FROM evidence WHERE key = ?", key)
        if not rows:
            return None
        body, checksum, seconds = rows[0]
        if _checksum(body) != checksum:
            raise StoreError(f"The store {self.path} is damaged: the evidence under {key} does not match its checksum.")
        return Stored(body, seconds)

    def put(self, key: str, *, kind: str, body: str, seconds: float) -> None:
        """Store evidence under `key`, replacing what was there."""
        row = (key, kind, body, _checksum(body), seconds, time.time())
        self._run("INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?, ?)", *row)

    def __len__(self) -> int:
        return int(self._run("SELECT count(*) FROM evidence")[0][0])

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Close the file; what was put stays."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _failure(self, error: Exception) -> StoreError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return StoreError(f"The store {self.path} is locked by another program; wait for it or choose another.")
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            return _damaged(self.path)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        return StoreError(f"The store {self.path} cannot be used: {reason}.")


def _inspect(path: Path) -> None:
    """Check without writing that the file is a store of evidence in our format and whole; an empty file is new."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        return
    if not header.startswith(_MAGIC) or int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise StoreError(f"{path} is not a store of evidence of ntk-verify; it was left untouched.")
    found = int.from_bytes(header[60:64])
    if found != FORMAT:
        raise StoreError(f"The store {path} has format {found}, this version reads format {FORMAT}; left untouched.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)) as db:
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise _damaged(path) from error
    if verdict != "ok":
        raise _damaged(path)


def _damaged(path: Path) -> StoreError:
    return StoreError(f"The store {path} is damaged; it was left untouched: remove it or name another.")


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
