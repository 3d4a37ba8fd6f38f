"""The gathering of evidence: what is stored is reused, the rest is computed by an engine and stored as it arrives."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from pydantic import TypeAdapter

from verify.engine import Engine
from verify.evidence import Cell, DerivationEvidence, EnclosureEvidence, LawEvidence, Path, UniformEvidence
from verify.store import Store
from verify.tasks import CellTask, Ledger, Piece, StatementTask, Task, effort

_MEANWHILE = 12
"""Claims whose statements are computed while functions are compiled: some ten or twenty seconds."""

_PIECE: TypeAdapter[Piece] = TypeAdapter(
    DerivationEvidence | EnclosureEvidence | UniformEvidence | LawEvidence | Cell | Path
)


class Progress(Protocol):
    """What is told about a run while it computes."""

    def begin(self, total: int, stored: int) -> None:
        """`total` further pieces of evidence are needed, `stored` of them are there. A run may begin several times."""

    def started(self, label: str) -> None:
        """A task was handed to a worker."""

    def finished(self, label: str) -> None:
        """Its evidence has arrived."""

    def phase(self, what: str) -> None:
        """All evidence is there, and `what` is going on now."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, total: int, stored: int) -> None:
        """Say nothing."""

    def started(self, label: str) -> None:
        """Say nothing."""

    def finished(self, label: str) -> None:
        """Say nothing."""

    def phase(self, what: str) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Outcome:
    """What came of a task: its evidence, or the message of what it raised."""

    piece: Piece | None
    seconds: float
    error: str = ""


def gather(
    tasks: Mapping[str, Task],
    ledger: Ledger,
    *,
    engine: Engine,
    store: Store,
    fresh: bool,
    progress: Progress,
) -> dict[str, Outcome]:
    """Return the outcome of every task by its key, from the store or computed by the engine.

    Evidence is decided on as it reads from JSON, so it makes no difference whether it was computed or stored, or
    where. A task that raises has the message as its outcome and stores nothing. `fresh` computes evidence that is
    stored again. A run may gather several times with one engine.
    """
    outcomes: dict[str, Outcome] = {}
    if not fresh:
        for name in tasks:
            if stored := store.get(name):
                outcomes[name] = Outcome(_PIECE.validate_json(stored.body), stored.seconds)
    progress.begin(len(tasks), len(outcomes))
    missing = {name: task for name, task in tasks.items() if name not in outcomes}
    begun: set[str] = set()

    def started(name: str) -> None:
        """Tell of a task once, even if it is handed out again because its worker died."""
        if name not in begun:
            begun.add(name)
            progress.started(tasks[name].label)

    with closing(engine.answers(in_order(missing, ledger), ledger, started)) as answers:
        for answer in answers:
            task = tasks[answer.key]
            if not answer.error:
                store.put(answer.key, kind=task.kind, body=answer.body, seconds=answer.seconds)
            piece = None if answer.error else _PIECE.validate_json(answer.body)
            outcomes[answer.key] = Outcome(piece, answer.seconds, answer.error)
            progress.finished(task.label)
    return outcomes


def in_order(tasks: Mapping[str, Task], ledger: Ledger) -> dict[str, Task]:
    """The tasks in the order in which they are handed out: the longest first, but for what gets them going.

    The first cell of a package that compiles its functions puts them on disk, where other processes find them; cells
    that ask for them sooner compile them again. So the shortest cell of every package comes first, then the statements
    of a few claims, then everything else.
    """
    longest = sorted(tasks.items(), key=lambda item: -effort(item[1], ledger))
    kindling = {_package(task, ledger): name for name, task in longest if isinstance(task, CellTask)}
    claims = list(dict.fromkeys(task.claim for _, task in longest if isinstance(task, StatementTask)))[:_MEANWHILE]

    def place(task: Task) -> int:
        return 1 if isinstance(task, StatementTask) and task.claim in claims else 2

    return {name: tasks[name] for name in kindling.values()} | dict(
        sorted(tasks.items(), key=lambda item: (place(item[1]), -effort(item[1], ledger)))
    )


def _package(task: CellTask, ledger: Ledger) -> str:
    """The package whose functions a cell calls, such as `numerics.wide`."""
    return ".".join(getattr(ledger.cell(task)[0].measure, "__module__", "").split(".")[:2])
