"""Arguments that several commands share, and looking claims up by what was typed."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from verify.claim import Claim
from verify.errors import InputError
from verify.files import RESULTS, read_results
from verify.result import Results
from verify.wellformed import nearest

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read, and nothing else.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder of the results and reports.")]
ResultsFile = Annotated[
    Path | None,
    typer.Option("--results", metavar="FILE", help="A results file; by default the one in the output folder."),
]
OUT = Path("out")


def complete_claim(incomplete: str) -> list[tuple[str, str]]:
    """The claims whose ids start as typed, with their titles, for shell completion."""
    from verify import ledger  # noqa: PLC0415 - as in `choose`

    return [(claim.id, claim.title) for claim in ledger.load().values() if claim.id.startswith(incomplete)]


def choose(names: Sequence[str]) -> list[Claim]:
    """Return the claims of these ids in ledger order, all of them for none. Raises `InputError` for an unknown id."""
    from verify import ledger  # noqa: PLC0415 - loading SymPy takes a second that other commands need not wait for

    claims = ledger.load()
    for name in names:
        if name not in claims:
            raise InputError(f"There is no claim {name!r}{nearest(name, claims) or '; see: ntk-verify list.'}")
    return [claim for claim in claims.values() if claim.id in names or not names]


def at_least(name: str, least: int) -> Callable[[str], int]:
    """Return a reader of the whole numbers that an option takes. What it reads raises `InputError` for any other."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise InputError(f"--{name} must be a whole number, not {text!r}.") from None
        if number < least:
            raise InputError(f"--{name} must be {least} or more.")
        return number

    return read


def one_of(name: str, value: str | None, valid: Collection[str]) -> str | None:
    """Return `value` if it is valid or None. Raises `InputError` naming the option and the nearest valid value."""
    if value is not None and value not in valid:
        hint = nearest(value, valid) or f"; choose from {', '.join(valid)}."
        raise InputError(f"--{name} {value!r} is not known{hint}")
    return value


def last_results(results: Path | None, out: Path) -> Results | None:
    """Return the results in a file, or in the output folder if it has any. Raises `InputError` for bad files."""
    path = results or out / RESULTS
    return read_results(path) if results or path.exists() else None
