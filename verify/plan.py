"""The plan of a run: which tasks the claims and their mutants need, and which outcomes each of them decides on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from verify.claim import Claim, Form, Measurement, Mutant, Route
from verify.evidence import Cell, Evidence, Path, PathEvidence, SampleEvidence
from verify.execute import Outcome
from verify.experiment import Experiment, Profile
from verify.tasks import CellTask, Ledger, StatementTask, Task, key


@dataclass(frozen=True)
class Finding:
    """The evidence of a route on a statement, or the message of what kept it from being there."""

    evidence: Evidence | None
    error: str
    seconds: float
    keys: tuple[str, ...]


class Plan:
    """The tasks that claims need at a profile and a seed, by key; what several need is there once."""

    def __init__(self, claims: Iterable[Claim], ledger: Ledger, *, profile: Profile, seed: int) -> None:
        self.tasks: dict[str, Task] = {}
        self._keys: dict[StatementTask, tuple[str, ...]] = {}
        for claim in claims:
            for number, form in enumerate(claim.forms):
                for route, mutant in puts(form):
                    put = StatementTask(claim.id, number, route.name, mutant.name if mutant else None)
                    tasks = _tasks(put, route, profile, seed)
                    self._keys[put] = tuple(key(task, ledger) for task in tasks)
                    self.tasks.update(zip(self._keys[put], tasks, strict=True))

    def finding(self, put: StatementTask, route: Route, outcomes: Mapping[str, Outcome]) -> Finding:
        """Assemble what a route found on one statement from the outcomes of its tasks."""
        keys = self._keys[put]
        mine = [outcomes[name] for name in keys]
        errors = [outcome.error for outcome in mine if outcome.error]
        evidence = None if errors else _assemble(route, mine)
        return Finding(evidence, errors[0] if errors else "", sum(outcome.seconds for outcome in mine), keys)


def puts(form: Form) -> Iterator[tuple[Route, Mutant | None]]:
    """Yield every route of a form with the statement itself (None), then with each mutant it must refute."""
    for route in form.routes:
        yield route, None
    for mutant in form.mutants:
        for route in form.routes:
            if route.name in mutant.routes or not mutant.routes:
                yield route, mutant


def _tasks(put: StatementTask, route: Route, profile: Profile, seed: int) -> list[Task]:
    if not isinstance(route, Measurement):
        return [put]
    cells = range(len(route.experiment.cells[profile]))
    return [CellTask(route.experiment.id, profile, cell, seed) for cell in cells]


def _assemble(route: Route, outcomes: list[Outcome]) -> Evidence:
    pieces = [outcome.piece for outcome in outcomes]
    if isinstance(route, Measurement):
        return _measured(route.experiment, pieces)
    (piece,) = pieces
    if piece is None or isinstance(piece, Cell | Path):
        raise TypeError(f"the route {route.name!r} returned no evidence on a statement")
    return piece


def _measured(experiment: Experiment, pieces: Sequence[object]) -> SampleEvidence | PathEvidence:
    if experiment.yields == "samples":
        cells = tuple(piece for piece in pieces if isinstance(piece, Cell))
        return SampleEvidence(experiment=experiment.id, cells=cells)
    return PathEvidence(experiment=experiment.id, paths=tuple(piece for piece in pieces if isinstance(piece, Path)))
