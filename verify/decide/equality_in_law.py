"""The rule for equality in law: the empirical distribution function against the claimed one.

What is claimed is equality. With probability at least 1 - alpha the sampled law F satisfies sup |F_n - F| <= ε
(Dvoretzky, Kiefer, Wolfowitz, Massart), so for D = sup |F_n - law| the distance of F from the claimed law lies in
[D - ε, D + ε]. D - ε > 0, or more than the distance `within` that the claim grants, excludes equality: REFUTED.
Equality that is not excluded is SUPPORTED once every distance above the declared `tolerance` is, D + ε <= tolerance:
the tolerance is the resolution the test must have, not leave to differ. The supremum between a step function and a
distribution function is attained at a draw or just below one.

A statement without an argument compares the laws of two measured quantities. Then each has its band, at alpha/2, and
ε is the sum of their half-widths: |sup |F_n - G_n| - sup |F - G|| is at most sup |F_n - F| + sup |G_n - G|.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test, statistic, weakest
from verify.decide.design import Design, Distance
from verify.decide.evaluate import Floats, names, number, on_columns
from verify.decide.figures import GROUPS, thinned
from verify.decide.intervals import dkw, dkw_tail
from verify.decide.samples import Sample, pooled, untested
from verify.decide.wording import listed, more_draws, plain, setting, short
from verify.evidence import SampleEvidence
from verify.result import Figure, Series, Table
from verify.statement import EqualityInLaw
from verify.verdict import Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """The empirical distribution function of one sample, and the one it is compared with."""

    sample: Sample
    draws: Floats
    """In increasing order."""
    law: Floats
    """The claimed distribution function at the draws; where it is measured, the empirical one of its draws."""
    others: Floats | None
    """The draws of the second quantity, in increasing order, where the law is that of one."""
    distance: float
    """sup |F_n - law|."""
    epsilon: float
    tolerance: float
    within: float
    """The distance that counts as equality."""

    @property
    def verdict(self) -> Verdict:
        """Equality excluded, every distance above the tolerance excluded, or neither."""
        if self.distance - self.epsilon > self.within:
            return Verdict.REFUTED
        return Verdict.SUPPORTED if self.distance + self.epsilon <= self.tolerance else Verdict.INCONCLUSIVE

    @property
    def text(self) -> str:
        """The distance in words."""
        each = "" if self.others is None else " of each"
        among = f"{len(self.draws)} draws{each} at {setting(self.sample.parameters)}"
        return f"{short(self.distance)} ± {short(self.epsilon)} ({among})"


def decide(statement: EqualityInLaw, evidence: SampleEvidence, alpha: float) -> Decision:
    """Decide equality in law at every parameter point in the domain; all bands hold at once."""
    samples = pooled(statement, evidence)
    if not samples:
        nothing = nothing_to_test("no parameter point of the experiment lies in the statement's domain")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    fits = [_fit(statement, sample, alpha / len(samples)) for sample in samples]
    judgement = judge(fits, untested(statement, [sample.parameters for sample in samples]))
    return Decision(
        verdict=judgement.verdict,
        reason=judgement.reason,
        alpha=alpha,
        table=_table(fits),
        figures=tuple(_figure(statement, fit, several=len(fits) > 1) for fit in fits[:GROUPS]),
        statistic=judgement.statistic,
    )


def judge(fits: Sequence[Fit], missing: Sequence[str]) -> Judgement:
    """SUPPORTED if equality is supported at every parameter point, REFUTED if it is excluded at one."""
    verdict = weakest(fit.verdict for fit in fits)
    telling = [fit for fit in fits if fit.verdict is verdict]
    equality = "Equality" if not telling[0].within else f"A distance of {short(telling[0].within)} or less"
    interval = statistic(
        "distance between the distribution functions",
        max(max(0.0, fit.distance - fit.epsilon) for fit in fits),
        max(fit.distance + fit.epsilon for fit in fits),
        claimed_high=min(fit.tolerance for fit in fits),
    )
    distances = f"the distribution functions differ by {listed([fit.text for fit in telling])}"
    if verdict is Verdict.REFUTED:
        reason = f"{equality} is excluded: {distances}."
    elif verdict is Verdict.SUPPORTED:
        reason = f"{equality} is not excluded, any distance above {short(telling[0].tolerance)} is: {distances}."
        if missing:
            verdict = Verdict.INCONCLUSIVE
            reason += f" But nothing was measured at {listed(missing)}, where it is claimed too."
    else:
        worst = max(telling, key=lambda fit: fit.distance + fit.epsilon - fit.tolerance)
        reason = (
            f"{equality} is not excluded, but neither is a distance above {short(worst.tolerance)}: {distances}; "
            f"{more_draws(worst.epsilon, worst.tolerance - worst.distance)}."
        )
    return Judgement(verdict=verdict, reason=reason, statistic=interval)


def beta(
    statement: EqualityInLaw, evidence: SampleEvidence, design: Design | None, wanted: Wanted, *, alpha: float
) -> float:
    """Return a bound on the probability, under the design, that the distances do not give the wanted verdict.

    With P(sup |F_n - F| > s) <= 2·exp(-2ns²): a law no farther than `within` is left undecided at a sample only if
    sup |F_n - F| exceeds tolerance - within - ε (that chance excludes it is counted in alpha); a law at a distance of
    `at_least`, at one parameter point or more, escapes only if sup |F_n - F| is at least that less within + ε.
    Between two measured laws both stray, and one of them by half as much. 1 if the design says nothing.
    """
    samples = pooled(statement, evidence)
    if not samples or not isinstance(design, Distance):
        return 1.0
    epsilons = [_epsilon(statement, sample.draws, alpha / len(samples)) for sample in samples]
    if wanted == "refuted":
        beyond = [design.at_least - _within(statement, s) - e for s, e in zip(samples, epsilons, strict=True)]
        return max(_tail(statement, s.draws, far) for s, far in zip(samples, beyond, strict=True))
    if untested(statement, [sample.parameters for sample in samples]):
        return 1.0
    slack = [_tolerance(statement, s) - _within(statement, s) - e for s, e in zip(samples, epsilons, strict=True)]
    return min(1.0, sum(_tail(statement, s.draws, room) for s, room in zip(samples, slack, strict=True)))


def _epsilon(statement: EqualityInLaw, draws: int, alpha: float) -> float:
    """How far the measured distance may be from the true one, but for a probability of alpha."""
    return dkw(draws, alpha) if statement.argument is not None else 2 * dkw(draws, alpha / 2)


def _tail(statement: EqualityInLaw, draws: int, distance: float) -> float:
    """A bound on the probability that the measured distance is farther than `distance` from the true one."""
    if statement.argument is not None:
        return dkw_tail(draws, distance)
    return min(1.0, 2 * dkw_tail(draws, distance / 2))


def _tolerance(statement: EqualityInLaw, sample: Sample) -> float:
    return number(statement.expand(statement.tolerance), sample.parameters)


def _within(statement: EqualityInLaw, sample: Sample) -> float:
    return number(statement.expand(statement.within), sample.parameters)


def _fit(statement: EqualityInLaw, sample: Sample, alpha: float) -> Fit:
    if inexact := (names(statement.expand(statement.quantity)) | names(statement.expand(statement.law))) & set(
        sample.errors
    ):
        raise ValueError(f"an equality in law reads exact columns, and {sorted(inexact)[0]!r} has errors")
    draws = np.sort(on_columns(statement.expand(statement.quantity), sample.parameters, sample.columns))
    n = len(draws)
    others = None
    if statement.argument is None:
        others = np.sort(on_columns(statement.expand(statement.law), sample.parameters, sample.columns))
        law = _empirical(others, draws)
        distance = max(np.max(np.abs(_empirical(draws, at) - _empirical(others, at))) for at in (draws, others))
    else:
        law, below = _law(statement, statement.argument, sample, draws)
        distance = max(np.max(np.arange(1, n + 1) / n - law), np.max(below - np.arange(n) / n))
    return Fit(
        sample=sample,
        draws=draws,
        law=law,
        others=others,
        distance=float(distance),
        epsilon=_epsilon(statement, n, alpha),
        tolerance=_tolerance(statement, sample),
        within=_within(statement, sample),
    )


def _empirical(draws: Floats, at: Floats) -> Floats:
    """The empirical distribution function of sorted draws; both are constant from a draw up to the next."""
    return np.searchsorted(draws, at, side="right") / len(draws)


def _law(statement: EqualityInLaw, argument: sp.Symbol, sample: Sample, draws: Floats) -> tuple[Floats, Floats]:
    """The claimed distribution function at the draws and its limits from the left: its value one double below.

    An argument declared nonnegative has no mass below zero, whatever the formula gives there.
    """
    points = np.concatenate([draws, np.nextafter(draws, -np.inf)])
    inside = points >= 0 if argument.is_extended_nonnegative else np.ones(len(points), dtype=bool)
    values = np.zeros(len(points))
    if inside.any():
        column = {str(argument): points[inside]}
        values[inside] = on_columns(statement.expand(statement.law), sample.parameters, column)
    return values[: len(draws)], values[len(draws) :]


def _table(fits: Sequence[Fit]) -> Table:
    rows = tuple(
        (
            setting(fit.sample.parameters),
            str(len(fit.draws)),
            short(fit.distance),
            short(fit.epsilon),
            short(fit.tolerance),
        )
        for fit in fits
    )
    error = "half-width of the band" if fits[0].others is None else "half-widths of both bands"
    return Table(columns=("parameters", "draws", "distance", error, "tolerance"), rows=rows)


def _figure(statement: EqualityInLaw, fit: Fit, *, several: bool) -> Figure:
    where = f" at {setting(fit.sample.parameters)}" if several else ""
    series: tuple[Series, ...]
    if fit.others is None:
        title, count = "Empirical and claimed distribution function", f"{len(fit.draws)} draws"
        shown = thinned(len(fit.draws))
        x, law = (tuple(float(values[i]) for i in shown) for values in (fit.draws, fit.law))
        claimed = Series(label="claimed", role="claimed", draw="line", x=x, y=law)
        series = (*_steps(fit.draws, fit.epsilon, "empirical", "the sampled law", "measured"), claimed)
    else:
        title, count = "Two empirical distribution functions", f"{len(fit.draws)} draws of each"
        first, second = plain(statement.quantity), plain(statement.law)
        series = (
            *_steps(fit.draws, fit.epsilon / 2, first, f"the law of {first}", "measured"),
            *_steps(fit.others, fit.epsilon / 2, second, f"the law of {second}", "claimed"),
        )
    return Figure(
        title=f"{title}{where}",
        caption=f"{count}; the band is that of Dvoretzky, Kiefer, Wolfowitz and Massart.",
        x_label=plain(statement.quantity),
        y_label="probability",
        series=series,
    )


def _steps(
    draws: Floats, epsilon: float, label: str, law: str, role: Literal["measured", "claimed"]
) -> tuple[Series, Series]:
    """The band around an empirical distribution function, and the function itself."""
    shown = thinned(len(draws))
    x = tuple(float(draws[i]) for i in shown)
    empirical = tuple((i + 1) / len(draws) for i in shown)
    band = Series(
        label=f"band that holds {law}",
        role=role,
        draw="band",
        x=x,
        y=empirical,
        low=tuple(max(0.0, y - epsilon) for y in empirical),
        high=tuple(min(1.0, y + epsilon) for y in empirical),
    )
    return band, Series(label=label, role=role, draw="steps", x=x, y=empirical)
