"""The rule for probability bounds on exact laws: enclosed failure probabilities against the level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flint
import sympy as sp

from verify.decide.counts import WIDTH
from verify.decide.decision import Decision, nothing_to_test, statistic
from verify.decide.evaluate import Value, constant
from verify.decide.figures import GROUPS, thinned
from verify.decide.samples import same, untested
from verify.decide.wording import listed, setting, short, typographic
from verify.evidence import LawEvidence, LawPoint
from verify.result import Figure, Interval, Series, Table
from verify.statement import Need, ProbabilityBound
from verify.verdict import Verdict

LARGER, SMALLER = " and larger", " and smaller"
"""How a point's width ends, after a number, when the point stands for all larger, or smaller, widths too."""

_BITS = 256
"""Precision at which the decimal strings of the evidence are read: far beyond what they hold."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An enclosed failure probability and the level: it must not exceed it, or it must, as the need has it."""

    point: LawPoint
    probability: Any
    level: Any
    need: Need

    @property
    def verdict(self) -> Verdict:
        """Certainly on the side of the level where it should be, certainly on the other, or neither."""
        if self.probability <= self.level:
            return Verdict.CERTIFIED if self.need is Need.SUFFICIENT else Verdict.REFUTED
        if self.probability > self.level:
            return Verdict.REFUTED if self.need is Need.SUFFICIENT else Verdict.CERTIFIED
        return Verdict.INCONCLUSIVE

    @property
    def excess(self) -> tuple[float, float]:
        """The interval of the distance to the level, counted positive on the wrong side."""
        with flint.ctx.workprec(_BITS):
            difference = self.probability - self.level
            difference = difference if self.need is Need.SUFFICIENT else -difference
            return float(difference.lower()), float(difference.upper())

    @property
    def interval(self) -> Interval | None:
        """The excess, which should not be positive."""
        side = "excess of the failure probability over" if self.need is Need.SUFFICIENT else "what it falls short of"
        return statistic(f"{side} its level at {setting(self.point.parameters)}", *self.excess, claimed_high=0.0)

    @property
    def text(self) -> str:
        """The comparison in words."""
        above = (self.verdict is Verdict.REFUTED) is (self.need is Need.SUFFICIENT)
        end = self.probability.lower() if above else self.probability.upper()
        probability = f"at {'least' if above else 'most'} {short(float(end), 5)}"
        level = _number(self.level.mid(), 5)
        return f"at {setting(self.point.parameters)} the failure probability is {probability}, the level {level}"


def decide(statement: ProbabilityBound, evidence: LawEvidence) -> Decision:
    """CERTIFIED if every enclosed probability is at most its level, REFUTED if one lies above it.

    The grid of the evidence is what was tested: CERTIFIED needs every member of the domain's finite sets in it, each
    with a point that stands for all larger widths, as the bound is claimed at every width from the one demanded on.
    For a width that is necessary the probability must exceed the level, and smaller stands for larger.
    """
    if not evidence.points:
        nothing = nothing_to_test("the exact law gave no point")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    level = statement.expand(statement.level)
    with flint.ctx.workprec(_BITS):
        found = [
            Comparison(
                point=point,
                probability=flint.arb(point.probability.mid, point.probability.rad),
                level=constant(level, _exact(statement, point.parameters)),
                need=statement.need,
            )
            for point in evidence.points
        ]
    told = max(found, key=lambda comparison: comparison.excess[1])
    refuting = [comparison for comparison in found if comparison.verdict is Verdict.REFUTED]
    open_ = [comparison for comparison in found if comparison.verdict is Verdict.INCONCLUSIVE]
    missing = untested(statement, [point.parameters for point in evidence.points])
    unsettled = _unsettled(statement, evidence.points)
    broken, kept = ("exceeded", "kept") if statement.need is Need.SUFFICIENT else ("not exceeded", "exceeded")
    side = "larger" if statement.need is Need.SUFFICIENT else "smaller"
    if refuting:
        told = max(refuting, key=lambda comparison: comparison.excess[0])
        verdict = Verdict.REFUTED
        reason = f"The level is {broken} at {len(refuting)} of {len(found)} points, most clearly {told.text}."
    elif open_:
        told = open_[0]
        verdict = Verdict.INCONCLUSIVE
        reason = f"The level lies in the enclosure {told.text}; a narrower one decides."
    elif missing:
        verdict = Verdict.INCONCLUSIVE
        reason = f"The level is {kept}, but nothing was computed at {listed(missing)}, where it is claimed too."
    elif unsettled:
        verdict = Verdict.INCONCLUSIVE
        where = f" {listed(unsettled)}".rstrip()
        reason = f"The level is {kept} at {len(found)} points, but {side} widths are not settled{where}."
    else:
        verdict = Verdict.CERTIFIED
        reason = f"Certified at {len(found)} points ({evidence.coverage}); the closest: {told.text}."
    return Decision(
        verdict=verdict,
        reason=reason,
        table=_table(found),
        figures=_figure(found),
        statistic=told.interval,
    )


def _unsettled(statement: ProbabilityBound, points: Sequence[LawPoint]) -> list[str]:
    """The settings of the points, widths aside, that have no point for all larger, or all smaller, widths.

    The width 1 has no smaller one.
    """
    settled: dict[str, bool] = {}
    for point in points:
        rest = {name: value for name, value in point.parameters.items() if name != WIDTH}
        at = f"at {setting(rest)}" if rest else ""
        width = point.parameters.get(WIDTH)
        if statement.need is Need.SUFFICIENT:
            last = isinstance(width, str) and width.endswith(LARGER)
        else:
            last = width == 1 or (isinstance(width, str) and width.endswith(SMALLER))
        settled[at] = settled.get(at, False) or last
    return [at for at, done in settled.items() if not done]


def _exact(statement: ProbabilityBound, parameters: Mapping[str, Value]) -> dict[str, Value]:
    """The parameters, with members of the domain's finite sets for the numbers and texts that stand for them."""
    members = {
        str(symbol): member
        for symbol, allowed in statement.domain
        if isinstance(allowed, sp.FiniteSet) and str(symbol) in parameters
        for member in allowed
        if same(parameters[str(symbol)], member)
    }
    return {**parameters, **members}


def _shown(found: Sequence[Comparison], most: int) -> list[Comparison]:
    """The comparisons that come closest to the level, the closest first."""
    return sorted(found, key=lambda comparison: -comparison.excess[1])[:most]


def _table(found: Sequence[Comparison]) -> Table:
    rows = []
    for comparison in _shown(found, 12):
        ends = (float(comparison.probability.lower()), float(comparison.probability.upper()))
        low, high = (short(min(1.0, max(0.0, end)), 6) for end in ends)
        enclosed = low if low == high else f"[{low}, {high}]"
        rows.append((setting(comparison.point.parameters), enclosed, _number(comparison.level.mid(), 6)))
    return Table(columns=("parameters, closest to the level first", "failure probability", "level"), rows=tuple(rows))


def _number(value: Any, digits: int) -> str:
    """A ball's midpoint in a few digits, however small."""
    return short(float(value), digits) if float(value) or not value else typographic(value.str(digits, radius=False))


def _figure(found: Sequence[Comparison]) -> tuple[Figure, ...]:
    """The failure probability against the width, for the settings that come closest to their level.

    Points that stand for all larger widths are not drawn.
    """
    settings: dict[str, list[Comparison]] = {}
    for comparison in _shown(found, len(found)):
        if isinstance(comparison.point.parameters.get(WIDTH), int | float) and comparison.probability.mid() > 0:
            rest = {name: value for name, value in comparison.point.parameters.items() if name != WIDTH}
            settings.setdefault(setting(rest), []).append(comparison)
    series = []
    for label, members in list(settings.items())[:GROUPS]:
        walk = sorted(members, key=_width)
        kept = [walk[i] for i in thinned(len(walk))]
        x = tuple(_width(comparison) for comparison in kept)
        exact = tuple(float(comparison.probability.mid()) for comparison in kept)
        level = tuple(float(comparison.level.mid()) for comparison in kept)
        series.append(Series(label=f"failure probability, {label}", role="exact", draw="points", x=x, y=exact))
        series.append(Series(label=f"level, {label}", role="bound", draw="line", x=x, y=level))
    if not series:
        return ()
    return (
        Figure(
            title="Exact failure probability against the level",
            caption=f"The {min(GROUPS, len(settings))} of {len(settings)} settings that come closest to their level.",
            x_label=WIDTH,
            y_label="probability",
            y_scale="log",
            series=tuple(series),
        ),
    )


def _width(comparison: Comparison) -> float:
    return float(comparison.point.parameters[WIDTH])
