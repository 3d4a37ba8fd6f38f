"""`ntk-verify check-proof`: replay proof files, by code that shares nothing with what wrote them."""

import hashlib
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from verify.cli.console import print_table, stdout
from verify.cli.options import Json
from verify.errors import InputError

if TYPE_CHECKING:
    from derivations.replay.check import Replay

_MOST = 400
"""Characters of a formula that are shown."""


def check_proof(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Proof files, such as those in out/proofs.")],
    json: Json = False,
) -> None:
    """Replay proof files: every step is checked again, and that the steps reach the statement.

    Exits with 0 when all of them are accepted, with 1 when one is not; a file that is no proof file is bad input.
    """
    replays = [(file, *_replay(file)) for file in files]
    if json:
        typer.echo(_json(replays))
    else:
        _print(replays)
    if not all(replay.accepted for _, _, replay in replays):
        raise typer.Exit(1)


def _replay(file: Path) -> "tuple[str, Replay]":
    # Loading SymPy takes a second that help and bad usage need not wait for.
    from derivations.replay.check import replay  # noqa: PLC0415
    from derivations.replay.errors import MalformedError  # noqa: PLC0415

    try:
        content = file.read_bytes()
        return hashlib.sha256(content).hexdigest(), replay(content.decode("utf-8"))
    except OSError as error:
        raise InputError(f"The proof file {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no proof file: it is not text.") from error
    except MalformedError as error:
        raise InputError(f"{file} is no proof file: {error}.") from error


def _json(replays: "list[tuple[Path, str, Replay]]") -> str:
    import json  # noqa: PLC0415 - the flag of the command has its name

    found: list[dict[str, Any]] = [
        {"file": str(file), "sha256": digest, "accepted": replay.accepted, **asdict(replay)}
        for file, digest, replay in replays
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _print(replays: "list[tuple[Path, str, Replay]]") -> None:
    console = stdout()
    rows = []
    for file, _, replay in replays:
        proves = replay.proves
        outcome = Text("accepted", "green")
        if replay.failure is not None:
            place = f"at step {replay.failure.step}" if replay.failure.step else "at the end"
            outcome = Text(f"rejected {place}", "red")
        claim = " · ".join(part for part in (proves["claim"], proves["form"], proves["route"]) if part)
        rest = (str(replay.steps), f"{replay.seconds:.2f} s", claim or "(not said)", file.name)
        rows.append([outcome, *map(Text, rest)])
    print_table(console, ("outcome", "steps", "time", "proves", "file"), rows)
    for file, _, replay in replays:
        if replay.failure is not None:
            _print_failure(file, replay)
    accepted = [replay for _, _, replay in replays if replay.accepted]
    granted = sorted({lemma for replay in accepted for lemma in replay.lemmas})
    console.print()
    for file, _, replay in replays:
        if replay.accepted and replay.granted:
            names = ", ".join(replay.granted)
            console.print(f"{file.name}: granted as they stand, by a lemma: {names}", style="dim", soft_wrap=True)
    console.print(
        f"{len(accepted)} of {len(replays)} accepted. The trust base: SymPy, this replay" + _named(granted),
        soft_wrap=True,
    )


def _named(lemmas: list[str]) -> str:
    return f", and the lemmas {', '.join(lemmas)}." if lemmas else "."


def _print_failure(file: Path, replay: "Replay") -> None:
    console, failure = stdout(), replay.failure
    if failure is None:
        return
    console.print()
    console.print(
        f"{file.name}, {'step ' + failure.step if failure.step else 'the statement'}: {failure.reason}", soft_wrap=True
    )
    for name, text in (("left side", failure.lhs), ("right side", failure.rhs), ("left over", failure.residual)):
        if text:
            console.print(
                f"  {name:<11} {textwrap.shorten(text, _MOST, placeholder=' …')}", style="dim", soft_wrap=True
            )
