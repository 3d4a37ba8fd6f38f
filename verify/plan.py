"""The plan of a run: which tasks the claims and their mutants need, and which outcomes each of them decides on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from verify import decide
from verify.claim import Claim, Form, Measurement, Mutant, Role, Route
from verify.drawing import Course, Request
from verify.evidence import Cell, Evidence, Path, PathEvidence, SampleEvidence
from verify.execute import Outcome
from verify.experiment import Profile
from verify.tasks import CellTask, Ledger, StatementTask, Task, key
from verify.verdict import Verdict


@dataclass(frozen=True)
class Finding:
    """The evidence of a route on a statement, or the message of what kept it from being there."""

    evidence: Evidence | None
    error: str
    seconds: float
    keys: tuple[str, ...]


@dataclass
class _Drawn:
    """How far the drawing for a measured statement has come."""

    course: Course
    request: Request = field(default_factory=lambda: Request(()))
    done: bool = False
    error: str = ""


class Plan:
    """The tasks that claims need at a profile and a seed, by key; what several need is there once.

    `tasks` grows while a run goes on: where drawing depends on what was drawn, `more` adds what is needed next. What
    a statement draws depends on the outcomes of its own tasks alone, so not on what else is run, on the engine, or on
    what was stored.
    """

    def __init__(self, claims: Iterable[Claim], ledger: Ledger, *, profile: Profile, seed: int) -> None:
        self.tasks: dict[str, Task] = {}
        self._ledger, self._seed = ledger, seed
        self._names: dict[Task, str] = {}
        self._drawn: dict[StatementTask, _Drawn] = {}
        for claim in claims:
            for number, form in enumerate(claim.forms):
                for route, mutant in puts(form):
                    put = StatementTask(claim.id, number, route.name, mutant.name if mutant else None)
                    if isinstance(route, Measurement):
                        self._drawn[put] = _begin(_course(claim, form, route, mutant, profile))
                    self._ask(self._needed(put))

    def more(self, outcomes: Mapping[str, Outcome]) -> dict[str, Task]:
        """Return the tasks that are needed besides, now that these outcomes are there; none when all is there."""
        before = set(self.tasks)
        for put, drawn in self._drawn.items():
            while not drawn.done and all(name in outcomes for name in self._ask(self._needed(put))):
                self._advance(put, drawn, outcomes)
        return {name: task for name, task in self.tasks.items() if name not in before}

    def finding(self, put: StatementTask, route: Route, outcomes: Mapping[str, Outcome]) -> Finding:
        """Assemble what a route found on one statement from the outcomes of its tasks."""
        tasks = self._needed(put)
        keys = self._ask(tasks)
        mine = [outcomes[name] for name in keys]
        drawn = self._drawn.get(put)
        errors = [outcome.error for outcome in mine if outcome.error] + ([drawn.error] if drawn and drawn.error else [])
        evidence: Evidence | None = None
        if not errors:
            evidence = _measured(drawn, tasks, mine) if drawn else _found(route, mine)
        return Finding(evidence, errors[0] if errors else "", sum(outcome.seconds for outcome in mine), keys)

    def _advance(self, put: StatementTask, drawn: _Drawn, outcomes: Mapping[str, Outcome]) -> None:
        """Ask for what is drawn next for a statement; what fails on the way is an error of this statement alone."""
        tasks = self._needed(put)
        mine = [outcomes[name] for name in self._ask(tasks)]
        evidence = None if any(outcome.error for outcome in mine) else _measured(drawn, tasks, mine)
        following = None
        if isinstance(evidence, SampleEvidence):
            try:
                following = drawn.course.next(drawn.request, evidence)
            except Exception as error:
                drawn.error = f"{type(error).__name__}: {error}"
        drawn.done = following is None
        drawn.request = following or drawn.request

    def _needed(self, put: StatementTask) -> list[Task]:
        """The tasks that a statement has asked for, those of a pilot first."""
        if put not in self._drawn:
            return [put]
        course, request = self._drawn[put].course, self._drawn[put].request
        name, profile, batches = course.experiment.id, course.profile, request.batches
        pilots = request.cells if request.pilot else ()
        return [
            *(CellTask(name, profile, cell, self._seed, pilot=True) for cell in pilots),
            *(
                CellTask(name, profile, cell, self._seed, batch=batch)
                for cell in request.cells
                for batch in ([None] if batches is None else range(batches[cell]))
            ),
        ]

    def _ask(self, tasks: Iterable[Task]) -> tuple[str, ...]:
        """Return the keys of tasks, which are in the plan from now on."""
        names = []
        for task in tasks:
            if task not in self._names:
                self._names[task] = key(task, self._ledger)
            names.append(self._names[task])
            self.tasks[names[-1]] = task
        return tuple(names)


def puts(form: Form) -> Iterator[tuple[Route, Mutant | None]]:
    """Yield every route of a form with the statement itself (None), then with each mutant it must refute."""
    for route in form.routes:
        yield route, None
    for mutant in form.mutants:
        for route in form.routes:
            if route.name in mutant.routes or not mutant.routes:
                yield route, mutant


def wanted(claim: Claim, form: Form) -> decide.Wanted:
    """What the ledger expects of a form: a claim expected REFUTED is so in its printed and tested forms."""
    return "refuted" if claim.expected is Verdict.REFUTED and form.role is not Role.CORRECTED else "upheld"


def _course(claim: Claim, form: Form, route: Measurement, mutant: Mutant | None, profile: Profile) -> Course:
    return Course(
        statement=mutant.of(form.statement) if mutant else form.statement,
        design=(mutant.design if mutant else None) or form.design,
        wanted="refuted" if mutant else wanted(claim, form),
        experiment=route.experiment,
        profile=profile,
    )


def _begin(course: Course) -> _Drawn:
    drawn = _Drawn(course)
    try:
        drawn.request = course.first()
    except Exception as error:
        drawn.done, drawn.error = True, f"{type(error).__name__}: {error}"
    return drawn


def _measured(drawn: _Drawn, tasks: list[Task], outcomes: list[Outcome]) -> SampleEvidence | PathEvidence:
    experiment = drawn.course.experiment
    pieces = [outcome.piece for outcome in outcomes]
    if experiment.yields == "paths":
        return PathEvidence(experiment=experiment.id, paths=tuple(piece for piece in pieces if isinstance(piece, Path)))
    cells = [(task, piece) for task, piece in zip(tasks, pieces, strict=True) if isinstance(piece, Cell)]
    return SampleEvidence(
        experiment=experiment.id,
        cells=tuple(cell for task, cell in cells if not (isinstance(task, CellTask) and task.pilot)),
        looks=drawn.course.looks,
        pilot=tuple(cell for task, cell in cells if isinstance(task, CellTask) and task.pilot),
        sufficient=drawn.request.sufficient,
    )


def _found(route: Route, outcomes: list[Outcome]) -> Evidence:
    (piece,) = [outcome.piece for outcome in outcomes]
    if piece is None or isinstance(piece, Cell | Path):
        raise TypeError(f"the route {route.name!r} returned no evidence on a statement")
    return piece
