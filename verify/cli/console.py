"""Consoles: results on standard output, everything else on standard error; colours on a terminal only."""

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

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
_GAP = 2
"""Blanks between the columns of a table."""


def _console(file: TextIO) -> Console:
    width = None if file.isatty() or os.environ.get("COLUMNS") else _PLAIN_WIDTH
    return Console(file=file, width=width, highlight=False, markup=False)


def stdout() -> Console:
    """A console on standard output."""
    return _console(sys.stdout)


def stderr() -> Console:
    """A console on standard error."""
    return _console(sys.stderr)


def print_table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Print one line a row: every column as wide as it needs, the last one cut to what the console leaves for it."""
    widths = [max(cell_len(name), *(row[number].cell_len for row in rows)) for number, name in enumerate(columns)]
    left = console.width - sum(width + _GAP for width in widths[:-1])
    for cells in [[Text(name, "dim") for name in columns], *rows]:
        line = Text()
        for cell, width in zip(cells[:-1], widths, strict=False):
            line.append_text(cell).append(" " * (width - cell.cell_len + _GAP))
        last = cells[-1].copy()
        last.truncate(max(left, 0), overflow="ellipsis")
        line.append_text(last).rstrip()
        console.print(line, soft_wrap=True)


def complain(sentence: str) -> None:
    """Say in one line what went wrong."""
    stderr().print(f"ntk-verify: {sentence}", style="red", soft_wrap=True)
