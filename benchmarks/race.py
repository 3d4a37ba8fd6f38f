"""Contenders take turns: the same work is timed in a process of each, round by round, and medians are compared."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

FOLDER = Path(__file__).parent / "contenders"
OURS = "ntk-verify"
_SCRIPTS = {
    OURS: "ours.py",
    "NumPy": "dense_numpy.py",
    "neural-tangents": "with_neural_tangents.py",
    "torch": "with_torch_func.py",
}

Work = Mapping[str, str | int]


@dataclass(frozen=True)
class Result:
    """What a contender came to."""

    seconds: float
    """The median over the rounds."""
    peak_bytes: int
    """The peak memory of its process, with what it has loaded."""
    value: Any
    """What it computed, as far as it says."""


class FailedError(Exception):
    """A contender could not do the work."""


class Contender:
    """A process that answers requests."""

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self._log = TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - interpreters named by the user
            [python, str(FOLDER / _SCRIPTS[name])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._answer()

    def ask(self, work: Work, repeat: int) -> dict[str, Any]:
        """Have the work done once to warm up and then `repeat` times. Raises `FailedError` when it is not."""
        if self._process.stdin is None:
            raise FailedError(f"{self.name} has stopped")
        self._process.stdin.write(json.dumps({**work, "repeat": repeat}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise FailedError(answer["error"])
        return answer

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        while line and not line.startswith("{"):
            line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            status = self._process.wait()
            self._log.seek(0)
            last = (self._log.read().strip().splitlines() or ["out of memory?"])[-1]
            raise FailedError(f"its process ended with exit status {status}: {last[:200]}")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._log.close()


@contextmanager
def contender(name: str, python: str) -> Iterator[Contender]:
    """Start a contender, and end it."""
    found = Contender(name, python)
    try:
        yield found
    finally:
        found.close()


def race(
    works: Mapping[str, Work], pythons: Mapping[str, str], *, rounds: int = 5, limit: float = 60.0
) -> dict[str, Result | str]:
    """Time the work of each contender in turns, `rounds` times each, in fresh processes, which show the peak memory.

    `works` maps contenders to their requests, `pythons` to their interpreters. A contender that fails, or takes longer
    than `limit` seconds for the warm-up and the first round together, has the reason in place of a result.
    """
    with ExitStack() as stack:
        found: dict[str, Result | str] = {}
        running: dict[str, Contender] = {}
        times: dict[str, list[float]] = {}
        for name in works:
            try:
                running[name] = stack.enter_context(contender(name, pythons[name]))
                first = running[name].ask(works[name], 1)
            except FailedError as failure:
                found[name] = str(failure)
                running.pop(name, None)
                continue
            times[name] = first["seconds"]
            found[name] = Result(first["seconds"][0], first["peak_bytes"], first["value"])
            if first["seconds"][0] > limit:
                found[name] = f"over {limit:.0f} s"
                running.pop(name)
        for _ in range(rounds - 1):
            for name, process in running.items():
                answer = process.ask(works[name], 1)
                times[name] += answer["seconds"]
                found[name] = Result(statistics.median(times[name]), answer["peak_bytes"], answer["value"])
        return found


def interpreters(peers: Sequence[str]) -> dict[str, str]:
    """Return the interpreter of each contender: ours for ours and NumPy, and those of `name=python` for peers.

    Raises ValueError for a text that names no peer or no file.
    """
    found = {OURS: sys.executable, "NumPy": sys.executable}
    for text in peers:
        name, _, python = text.partition("=")
        if name not in _SCRIPTS or name in found:
            raise ValueError(f"{name!r} is no peer; there are: {', '.join(sorted(set(_SCRIPTS) - {OURS, 'NumPy'}))}")
        if not Path(python).is_file():
            raise ValueError(
                f"{python!r} is no file; give the interpreter of {name}'s environment: {name}=…/bin/python"
            )
        found[name] = python
    return found
