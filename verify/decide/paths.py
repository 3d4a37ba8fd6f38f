"""The rule for inequalities along paths: both sides in ball arithmetic at every output time of every path.

The recorded errors are the balls' radii. They are the integrator's estimates, not proven bounds: a violation beyond
them is as good a counterexample as the estimates are. The verdict on a path is not subject to chance, but whether a
random path decides anything may be. The paths are a search of the claim's domain, never a cover: SUPPORTED at most.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test, statistic
from verify.decide.design import Design, Violation
from verify.decide.evaluate import Floats, on_balls
from verify.decide.figures import GROUPS, Role, thinned
from verify.decide.samples import POOLED, in_domain, inside, untested
from verify.decide.wording import listed, plain, setting, short, symbol
from verify.evidence import Path, PathEvidence
from verify.result import Figure, Series, Table
from verify.statement import Inequality
from verify.verdict import Verdict

TIME = "t"
"""The column of output times; without it the entries are counted."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """Both sides of the inequality enclosed along one path."""

    path: Path
    times: Floats
    lhs: tuple[Any, ...]
    rhs: tuple[Any, ...]

    @cached_property
    def violated(self) -> int | None:
        """The first entry at which lhs > rhs beyond the errors."""
        return next((i for i, (a, b) in enumerate(zip(self.lhs, self.rhs, strict=True)) if a > b), None)

    @cached_property
    def undecided(self) -> int | None:
        """The first entry at which the errors leave open whether lhs <= rhs."""
        pairs = enumerate(zip(self.lhs, self.rhs, strict=True))
        return next((i for i, (a, b) in pairs if not (a <= b or a > b)), None)

    @cached_property
    def ratios(self) -> list[tuple[float, float]]:
        """Intervals of lhs/rhs, -∞ where the right side is not positive beyond the errors."""
        quotients = [a / b if b > 0 else None for a, b in zip(self.lhs, self.rhs, strict=True)]
        return [(-math.inf, -math.inf) if q is None else (float(q.lower()), float(q.upper())) for q in quotients]

    @property
    def closest(self) -> int:
        """The entry with the largest ratio."""
        return max(range(len(self.times)), key=lambda i: self.ratios[i][1])

    def at(self, entry: int) -> str:
        """An entry in words."""
        left, right = float(self.lhs[entry].mid()), float(self.rhs[entry].mid())
        sides = f"the left side is {short(left, 6)}, the right side {short(right, 6)}"
        if right > 0:
            sides += f", their ratio {short(left / right, 6)}"
        when = f"{symbol(TIME)} = {short(float(self.times[entry]))}"
        return f"at {when} on the path {setting(self.path.parameters)} {sides}"


def decide(statement: Inequality, evidence: PathEvidence, beside: Mapping[str, Inequality] | None = None) -> Decision:
    """Decide an inequality on paths.

    The right sides of the statements `beside` it, by name, are drawn on its figure and count for nothing else.
    """
    runs = [run for path in _inside(statement, evidence) if (run := _run(statement, path)) is not None]
    if not runs:
        nothing = nothing_to_test("no path of the experiment lies in the statement's domain")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    judgement = judge(runs, untested(statement, [run.path.parameters for run in runs]))
    others = beside or {}
    shown = sorted(runs, key=lambda run: -run.ratios[run.closest][1])[: max(1, GROUPS // (1 + len(others)))]
    return Decision(
        verdict=judgement.verdict,
        reason=judgement.reason,
        table=_table(runs),
        figures=(_figure(statement, shown, len(runs), others),),
        statistic=judgement.statistic,
    )


def judge(runs: Sequence[Run], missing: Sequence[str]) -> Judgement:
    """REFUTED if lhs > rhs beyond the errors somewhere, SUPPORTED if lhs <= rhs, errors included, everywhere."""
    interval = statistic(
        "largest ratio of left to right side",
        max(low for run in runs for low, _ in run.ratios),
        max(high for run in runs for _, high in run.ratios),
        claimed_high=1.0,
    )
    violated = [run for run in runs if run.violated is not None]
    undecided = [run for run in runs if run.undecided is not None]
    times = sum(len(run.times) for run in runs)
    if violated:
        worst = max(violated, key=lambda run: run.ratios[run.closest][1])
        entry = worst.closest if worst.lhs[worst.closest] > worst.rhs[worst.closest] else worst.violated or 0
        where = f"{len(violated)} of {len(runs)} paths"
        reason = f"Violated on {where} beyond the estimated integration error; {worst.at(entry)}."
        return Judgement(verdict=Verdict.REFUTED, reason=reason, statistic=interval)
    if undecided:
        reason = (
            f"Undecided on {len(undecided)} of {len(runs)} paths: the sides differ by less than the estimated "
            f"integration "
            f"errors, first {undecided[0].at(undecided[0].undecided or 0)}; smaller errors there would decide it."
        )
        return Judgement(verdict=Verdict.INCONCLUSIVE, reason=reason, statistic=interval)
    closest = max(runs, key=lambda run: run.ratios[run.closest][1])
    nearest = closest.at(closest.closest)
    where = f"all {times} output times of {len(runs)} paths"
    reason = f"Holds at {where}, estimated integration errors included; closest {nearest}."
    if missing:
        reason += f" But no path was measured at {listed(missing)}, where it is claimed too."
        return Judgement(verdict=Verdict.INCONCLUSIVE, reason=reason, statistic=interval)
    return Judgement(verdict=Verdict.SUPPORTED, reason=reason, statistic=interval)


def beta(statement: Inequality, evidence: PathEvidence, design: Design | None, wanted: Wanted) -> float:
    """Return a bound on the probability, under the design, that the paths do not give the wanted verdict.

    A false inequality survives when none of the independent paths violates it: (1 - at_least)^paths. A true one is
    left undecided when any path decides nothing: at most paths · undecided_at_most. 1 if the design says nothing.
    """
    paths = _inside(statement, evidence)
    if not paths or not isinstance(design, Violation):
        return 1.0
    if wanted == "refuted":
        return float((1 - design.at_least) ** len(paths))
    if design.undecided_at_most is None or untested(statement, [path.parameters for path in paths]):
        return 1.0
    return min(1.0, len(paths) * design.undecided_at_most)


def _inside(statement: Inequality, evidence: PathEvidence) -> list[Path]:
    return [
        path
        for path in evidence.paths
        if in_domain(statement, {name: value for name, value in path.parameters.items() if name not in POOLED})
    ]


def _run(statement: Inequality, path: Path) -> Run | None:
    """Enclose both sides at the entries inside the domain; None when there is none."""
    columns = {name: np.asarray(column, dtype=float) for name, column in path.columns.items()}
    errors = {name: np.asarray(column, dtype=float) for name, column in path.errors.items()}
    everything = [*columns.values(), *errors.values()]
    if len({len(column) for column in everything}) != 1:
        raise ValueError(f"the columns of the path {setting(path.parameters)} have different lengths")
    if not np.isfinite(everything).all():
        raise ValueError(f"a column of the path {setting(path.parameters)} is not finite")
    sets = [(columns[str(name)], allowed) for name, allowed in statement.domain if str(name) in columns]
    kept = [i for i in range(len(everything[0])) if all(inside(float(c[i]), allowed) for c, allowed in sets)]
    if not kept:
        return None
    columns = {name: column[kept] for name, column in columns.items()}
    errors = {name: column[kept] for name, column in errors.items()}
    lhs, rhs = (
        on_balls(statement.expand(side), path.parameters, columns, errors) for side in (statement.lhs, statement.rhs)
    )
    times = columns.get(TIME, np.arange(len(kept), dtype=float))
    return Run(path=path, times=times, lhs=tuple(lhs), rhs=tuple(rhs))


def _table(runs: Sequence[Run]) -> Table:
    rows = tuple(
        (
            setting(run.path.parameters),
            str(len(run.times)),
            short(run.ratios[run.closest][1], 6) if run.ratios[run.closest][1] > -math.inf else "–",
            short(float(run.times[run.closest])),
        )
        for run in runs
    )
    return Table(columns=("path", "output times", "largest ratio of left to right side", "at time"), rows=rows)


def _figure(statement: Inequality, shown: Sequence[Run], total: int, beside: Mapping[str, Inequality]) -> Figure:
    series, positive = [], True
    for run in shown:
        kept = thinned(len(run.times))
        drawn: list[tuple[Role, tuple[Any, ...], str]] = [
            ("measured", run.lhs, "left side"),
            ("bound", run.rhs, "right side"),
        ]
        for name, other in beside.items():
            if (along := _run(other, run.path)) is not None and len(along.times) == len(run.times):
                drawn.append(("reference", along.rhs, f"right side as {name}"))
        for role, side, label in drawn:
            y = tuple(float(side[i].mid()) for i in kept)
            positive = positive and min(y) > 0
            x = tuple(float(run.times[i]) for i in kept)
            series.append(Series(label=f"{label}, {setting(run.path.parameters)}", role=role, draw="line", x=x, y=y))
    also = f", beside it the right side as {listed(list(beside))}" if beside else ""
    return Figure(
        title="Both sides along the paths",
        caption=f"The {len(shown)} of {total} paths on which the left side comes closest to the right side{also}.",
        x_label=symbol(TIME),
        y_label=f"{plain(statement.lhs)} and its bound",
        y_scale="log" if positive else "linear",
        series=tuple(series),
    )
