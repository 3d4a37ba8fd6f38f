"""`ntk-verify compare`: what changed from one results file to another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from verify.cli.console import COLOURS, stdout
from verify.cli.options import Json
from verify.compare import Comparison
from verify.compare import compare as compare_results
from verify.files import read_results
from verify.result import Interval

_NAMED = 4
"""How many of the claims that are in one file only are named."""


def compare(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="The results file to compare with.")],
    head: Annotated[Path, typer.Argument(metavar="HEAD", help="The results file that is newer.")],
    json: Json = False,
) -> None:
    """Compare two results files: verdicts that changed, then measured numbers whose intervals are disjoint.

    Exits with 1 when a verdict got worse.
    """
    comparison = compare_results(read_results(base), read_results(head))
    if json:
        typer.echo(comparison.model_dump_json(indent=2))
    else:
        _print(comparison)
    if comparison.worse:
        raise typer.Exit(1)


def _print(comparison: Comparison) -> None:
    console = stdout()
    for change in comparison.verdicts:
        line = Text(f"{'worse  ' if change.worse else 'changed'}  {change.claim} · {change.part}: ")
        line.append(change.base.value, COLOURS[change.base]).append(" → ")
        console.print(line.append(change.head.value, COLOURS[change.head]), soft_wrap=True)
    for shift in comparison.shifts:
        moved = f"{_interval(shift.base)} → {_interval(shift.head)}"
        console.print(f"moved    {shift.claim} · {shift.route}: {shift.base.name} {moved}", soft_wrap=True)
    for name in comparison.statements:
        console.print(f"restated {name}: the statement is not the same", soft_wrap=True)
    if not (comparison.verdicts or comparison.shifts):
        console.print("No verdict changed, and no measured number moved beyond its interval.")
    for which, names in (("first", comparison.only_base), ("second", comparison.only_head)):
        if names:
            console.print(f"{_only(names)} only in the {which} file: {_listed(names)}", soft_wrap=True)
    for setting in comparison.settings:
        console.print(f"(settings differ: {setting})", style="dim", soft_wrap=True)


def _only(names: Sequence[str]) -> str:
    return f"{len(names)} claim{'s' if len(names) > 1 else ''}"


def _listed(names: Sequence[str]) -> str:
    """The first few names; `--json` has them all."""
    left = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {left} more" if left > 0 else "")


def _interval(interval: Interval) -> str:
    return f"[{interval.low:.6g}, {interval.high:.6g}]"
