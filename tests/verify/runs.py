"""Runs of the example ledger, for the tests that compare, kill and interrupt them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from verify.execute import Silent
from verify.result import Results
from verify.store import Store


def normalised(text: str) -> str:
    """A results file without what a clock or the machine decides."""
    data = json.loads(text)
    data["run"]["started"] = data["run"]["wall_seconds"] = None
    for claim in data["claims"]:
        for route in claim["routes"]:
            route["seconds"] = None
    return json.dumps(data, sort_keys=True)


def same(a: Results, b: Results) -> bool:
    return normalised(a.model_dump_json()) == normalised(b.model_dump_json())


class Watch(Silent):
    """Counts what is stored and what is computed, and acts when the first evidence arrives."""

    def __init__(self, first: Callable[[], None] = lambda: None) -> None:
        self.total = self.stored = 0
        self.computed: list[str] = []
        self._first = first

    def begin(self, total: int, stored: int) -> None:
        self.total += total
        self.stored += stored

    def finished(self, label: str) -> None:
        self.computed.append(label)
        if len(self.computed) == 1:
            self._first()


def start(
    tmp_path: Path,
    name: str,
    *options: str,
    sleep: float = 0.0,
    store: str = "evidence.sqlite",
    claim: str = "be-spread",
):
    """Start the command line on one claim, by default the rate of the example, in a session of its own."""
    command = [sys.executable, "-m", "verify", "run", claim, "--out", str(tmp_path / name), *options]
    environment = {**os.environ, "EXAMPLE_SLEEP": str(sleep), "NTK_VERIFY_STORE": str(tmp_path / store)}
    # A shell has programs in its background ignore interruptions, and they pass that on.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for_evidence(path: Path, count: int) -> None:
    def there() -> bool:
        if not path.exists() or not path.stat().st_size:
            return False
        with Store(path) as store:
            return len(store) >= count

    wait_for(there, "no evidence arrived")


def wait_for(there: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if there():
            return
        time.sleep(0.02)
    raise AssertionError(otherwise)
