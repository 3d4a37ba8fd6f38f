"""Progress of a run: a bar with the current work on a terminal, a line now and then anywhere else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from verify.execute import Progress

_LINE_EVERY = 20.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def watched(console: Console, jobs: int) -> Iterator[Progress]:
    """Give the progress to watch a run on `jobs` workers with, shown on a console until the block ends."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Bar(bar, jobs)


class _Bar:
    """A bar, with the work that was handed out first and is not back yet."""

    def __init__(self, bar: Bar, jobs: int) -> None:
        self._bar, self._jobs, self._total = bar, jobs, 0
        self._task = bar.add_task("loading the ledger", total=None)
        self._running: list[str] = []

    def begin(self, total: int, stored: int) -> None:
        self._total += total
        self._bar.update(self._task, total=self._total, advance=stored)

    def started(self, label: str) -> None:
        self._running.append(label)
        self._show()

    def finished(self, label: str) -> None:
        self._running.remove(label)
        self._bar.advance(self._task)
        self._show()

    def phase(self, what: str) -> None:
        self._bar.update(self._task, description=what)

    def _show(self) -> None:
        text = Text(" | ".join(self._running[: self._jobs]) or "…")
        text.truncate(max(20, self._bar.console.width - 50), overflow="ellipsis")
        self._bar.update(self._task, description=text.markup)


class _Lines:
    """A line at the start, and one every so often."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._total = self._done = 0
        self._start = self._said = time.monotonic()

    def begin(self, total: int, stored: int) -> None:
        if not self._total:
            self._say(f"{total} pieces of evidence needed, {stored} of them stored")
        self._total += total
        self._done += stored

    def started(self, label: str) -> None:
        """Say nothing."""

    def finished(self, label: str) -> None:
        self._done += 1
        if time.monotonic() - self._said > _LINE_EVERY:
            self._say(f"{self._done} of {self._total} pieces of evidence, last: {label}")

    def phase(self, what: str) -> None:
        """Say nothing."""

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        self._console.print(f"[{self._said - self._start:4.0f} s] {text}", soft_wrap=True)
