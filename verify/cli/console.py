"""Consoles: results on standard output, everything else on standard error; colours on a terminal only."""

import os
import sys
from typing import TextIO

from rich.console import Console

from verify.verdict import Verdict

COLOURS = {
    Verdict.PROVED: "green",
    Verdict.CERTIFIED: "green",
    Verdict.SUPPORTED: "green",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.REFUTED: "magenta",
    Verdict.ERROR: "bold red",
    Verdict.UNTESTABLE: "dim",
}

_PLAIN_WIDTH = 140
"""Columns of output that goes to a file or a pipe."""


def _console(file: TextIO) -> Console:
    width = None if file.isatty() or os.environ.get("COLUMNS") else _PLAIN_WIDTH
    return Console(file=file, width=width, highlight=False, markup=False)


def stdout() -> Console:
    """A console on standard output."""
    return _console(sys.stdout)


def stderr() -> Console:
    """A console on standard error."""
    return _console(sys.stderr)


def complain(sentence: str) -> None:
    """Say in one line what went wrong."""
    stderr().print(f"ntk-verify: {sentence}", style="red", soft_wrap=True)
