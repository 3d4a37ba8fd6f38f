"""Tasks: the smallest pieces of evidence, named by tiny references that any process can look up and compute."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.chain import Chain, Rule, Step
from numerics.streams import stream
from verify import domain, enclosure, proofs, typeset, uniform
from verify.claim import Certificate, Claim, Derivation, ExactLaw, Form, Mutant, Point, Route, UniformCertificate
from verify.evidence import (
    Cell,
    Comparison,
    DerivationEvidence,
    EnclosureEvidence,
    LawEvidence,
    Path,
    StepRecord,
    UniformEvidence,
)
from verify.experiment import Experiment, Parameters, Profile
from verify.keys import describe, digest, sampled_code, symbolic_code
from verify.statement import Identity, Inequality, Statement
from verify.wellformed import experiments

Piece = DerivationEvidence | EnclosureEvidence | UniformEvidence | LawEvidence | Cell | Path
"""What one task computes: the evidence on one statement, or one cell of an experiment."""


@dataclass(frozen=True)
class StatementTask:
    """The evidence of a derivation, certificate or exact law on a form's statement, or on a mutant of it."""

    claim: str
    form: int
    route: str
    mutant: str | None

    @property
    def label(self) -> str:
        """What a progress display calls it."""
        return f"{self.claim} · {self.route}" + (f" · mutant: {self.mutant}" if self.mutant else "")

    @property
    def kind(self) -> str:
        """What the store calls it."""
        return "statement"


@dataclass(frozen=True)
class CellTask:
    """One cell of an experiment, a batch of it or its pilot, with the stream it draws from."""

    experiment: str
    profile: Profile
    cell: int
    seed: int
    batch: int | None = None
    pilot: bool = False

    @property
    def label(self) -> str:
        """What a progress display calls it."""
        part = " · pilot" if self.pilot else "" if self.batch is None else f" · batch {self.batch + 1}"
        return f"{self.experiment} · cell {self.cell + 1}{part}"

    @property
    def kind(self) -> str:
        """What the store calls it."""
        return "cell"


Task = StatementTask | CellTask


class Ledger:
    """The claims by id and their experiments by id: where tasks are looked up."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims: Mapping[str, Claim] = {claim.id: claim for claim in claims}
        self.experiments: Mapping[str, Experiment] = experiments(self.claims.values())
        self._described: dict[tuple[str, int, str], Any] = {}
        self._fingerprints: dict[tuple[str, int, str | None], str] = {}

    def subject(self, task: StatementTask) -> tuple[Route, Statement, Mutant | None]:
        """Return the route of a task, the statement it is put to, and the mutant that changed the statement."""
        form = self.claims[task.claim].forms[task.form]
        mutant = next((mutant for mutant in form.mutants if mutant.name == task.mutant), None)
        statement = mutant.of(form.statement) if mutant else form.statement
        return route_named(form, task.route), statement, mutant

    def described(self, task: StatementTask) -> tuple[Any, str]:
        """Return the description of a task's route and the fingerprint of its statement, each of many tasks."""
        route, statement = (task.claim, task.form, task.route), (task.claim, task.form, task.mutant)
        if route not in self._described:
            self._described[route] = describe(self.subject(task)[0])
        if statement not in self._fingerprints:
            self._fingerprints[statement] = self.subject(task)[1].fingerprint()
        return self._described[route], self._fingerprints[statement]

    def cell(self, task: CellTask) -> tuple[Experiment, Parameters]:
        """Return the experiment of a task and the parameters of its cell."""
        experiment = self.experiments[task.experiment]
        return experiment, experiment.point(task.profile, task.cell, batch=task.batch, pilot=task.pilot)


def route_named(form: Form, name: str) -> Route:
    """Return the route of a form by its name."""
    return next(route for route in form.routes if route.name == name)


def key(task: Task, ledger: Ledger) -> str:
    """Return the key under which the evidence of a task is stored: a hash of all it depends on."""
    match task:
        case CellTask():
            experiment, parameters = ledger.cell(task)
            made = [experiment.id, experiment.yields, describe(experiment.measure), dict(parameters), task.seed]
            return digest("cell", made, sampled_code())
        case StatementTask():
            route, fingerprint = ledger.described(task)
            return digest("statement", route, fingerprint, symbolic_code(fingerprint))


def effort(task: Task, ledger: Ledger) -> float:
    """Guess how long a task takes, to start the longest first: the product of the sizes among a cell's parameters."""
    match task:
        case CellTask():
            sizes = {name: value for name, value in ledger.cell(task)[1].items() if name != "batch"}.values()
            return math.prod(value for value in sizes if not isinstance(value, str) and value > 1)
        case StatementTask():
            return 1e5


def compute(task: Task, ledger: Ledger) -> Piece:
    """Compute the evidence of a task. Whatever the route raises passes through."""
    match task:
        case CellTask():
            experiment, parameters = ledger.cell(task)
            return measure(experiment, parameters, task.seed)
        case StatementTask():
            route, statement, mutant = ledger.subject(task)
            match route:
                case Derivation():
                    return derive(route, statement)
                case Certificate():
                    return enclose(route, statement, mutated=mutant is not None)
                case UniformCertificate():
                    return uniform.certify(route, statement)
                case ExactLaw():
                    return route.law(statement)
            raise TypeError(f"the route {route.name!r} is measured cell by cell")


def measure(experiment: Experiment, parameters: Parameters, seed: int) -> Cell | Path:
    """Run one cell of an experiment on the stream of its own."""
    rng = stream(seed, experiment.id, parameters)
    match experiment.yields:
        case "samples":
            measured = experiment.measure(parameters, rng)
            columns, errors = map(_columns, measured if isinstance(measured, tuple) else (measured, {}))
            if (
                not {name: len(column) for name, column in errors.items()}.items()
                <= {name: len(column) for name, column in columns.items()}.items()
            ):
                raise ValueError(f"{experiment.id} measured error bounds that belong to no column, entry by entry")
            cell = Cell(parameters=dict(parameters), columns=columns, errors=errors)
            draws = {len(column) for column in columns.values()}
            if draws != {parameters.get("draws", *draws)}:
                raise ValueError(f"{experiment.id} was to measure {parameters.get('draws')} draws, found {draws}")
            return cell
        case "paths":
            columns, errors = map(_columns, experiment.measure(parameters, rng))
            if {name: len(column) for name, column in columns.items()} != {n: len(e) for n, e in errors.items()}:
                raise ValueError(f"{experiment.id} measured columns whose error bounds have other names or lengths")
            return Path(parameters=dict(parameters), columns=columns, errors=errors)


def _columns(measured: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, ...]]:
    return {name: tuple(np.asarray(column, dtype=float).tolist()) for name, column in measured.items()}


def derive(route: Derivation, statement: Statement) -> DerivationEvidence:
    """Derive a statement, enclose both its ends at the route's spots, and replay the file of its chain."""
    chain = route.derive(statement)
    checked = None
    if chain.reaches and isinstance(statement, Identity | Inequality):
        checked = proofs.recheck(statement, chain)
    return DerivationEvidence(
        steps=_records(chain),
        reaches=chain.reaches,
        obstacle=chain.obstacle,
        spots=_compare(statement, route.spots),
        proof=checked.text if checked else "",
        replayed=bool(checked and checked.accepted),
        replay_reason=checked.reason if checked else "",
        granted=checked.granted if checked else (),
    )


def _records(chain: Chain) -> tuple[StepRecord, ...]:
    return tuple(
        StepRecord(
            id=step.id,
            rule=step.rule.value,
            text=step.text,
            formula=typeset.formula(_relation(step)),
            residual=str(step.residual),
            closed=step.closed,
            uses=step.uses,
            lemma=step.lemma,
        )
        for step in chain.steps
    )


def _relation(step: Step) -> sp.Basic:
    if step.rule is Rule.SIGN:
        return sp.Ge(step.lhs, 0, evaluate=False)
    return sp.Eq(step.lhs, step.rhs, evaluate=False)


def enclose(route: Certificate, statement: Statement, *, mutated: bool) -> EnclosureEvidence:
    """Enclose both sides of a statement at the route's points.

    Raises `ValueError` when the points are said to be the whole domain and are not; a mutant may change the domain.
    """
    covers = route.covers_domain and enclosure.covers(statement, route.points)
    if route.covers_domain and not covers and not mutated:
        raise ValueError("the points are declared to be the whole domain, and are not")
    count = sum(domain.inside(statement, point) is not False for point in route.points)
    return EnclosureEvidence(
        comparisons=_compare(statement, route.points, digits=route.digits),
        covers_domain=covers,
        coverage=f"all {count} points of the domain" if covers else f"{count} points of the domain",
    )


def _compare(statement: Statement, points: Sequence[Point], digits: int = 30) -> tuple[Comparison, ...]:
    """Compare at the points that lie in the domain: a mutant of the domain may have more of them, or fewer.

    A point that is not known to lie in it decides nothing.
    """
    comparisons = []
    for point in points:
        inside = domain.inside(statement, point)
        if inside is not False:
            comparison = enclosure.compare(statement, point, digits=digits)
            comparisons.append(comparison if inside else comparison.model_copy(update={"relation": "undecided"}))
    return tuple(comparisons)
