"""`ntk-verify gallery`: well-known activations, with what is known of their duals."""

import json as jsonlib
from typing import Any

import typer
from rich.text import Text

from verify.cli.console import print_table, stderr, stdout
from verify.cli.options import Json
from verify.dual_result import digits_of
from verify.evidence import Ball

_DIGITS = 10


def gallery(*, json: Json = False) -> None:
    """List well-known activations: in closed form or not, their normalisation and their slope at ρ = 1."""
    from verify import gallery as activations  # noqa: PLC0415 - loading SymPy takes a second help need not wait for

    found = []
    with stderr().status("deriving") as status:
        for name, expression in activations.gallery():
            status.update(f"deriving: {name}")
            found.append(activations.entry(name, expression, digits=_DIGITS))
    if json:
        typer.echo(jsonlib.dumps(found, indent=1, ensure_ascii=False))
        return
    columns = ["activation", "dual", "c_σ", "χ at ρ = 1", "", "seconds", ""]
    print_table(stdout(), columns, [_cells(line) for line in found])


def _cells(line: dict[str, Any]) -> list[Text]:
    closed = Text("closed form", "green") if line["closed_form"] else Text("numbers", "yellow")
    slope = digits_of(Ball(**line["slope"]), _DIGITS) if line["slope"] else "∞"
    return [
        Text(line["name"]),
        closed,
        Text(digits_of(Ball(**line["normalisation"]), _DIGITS)),
        Text(slope),
        Text(line["phase"]),
        Text(f"{line['seconds']:.1f}"),
        Text(line["formula"], "dim"),
    ]
