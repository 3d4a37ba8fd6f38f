"""The rule for probability bounds on samples: failure frequencies with exact binomial intervals.

Every parameter combination of the domain's finite sets is tested at every cell with those parameters whose width `m`
is at least the width demanded. The Clopper–Pearson intervals of all these pairs hold at once.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import sympy as sp
from scipy.stats import binom

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test, statistic, weakest
from verify.decide.design import Design, FailureProbability
from verify.decide.evaluate import Value, constant, names, number, on_columns
from verify.decide.figures import thinned
from verify.decide.intervals import clopper_pearson
from verify.decide.samples import Sample, pooled, same, untested
from verify.decide.wording import listed, setting, short, span, widths
from verify.evidence import SampleEvidence
from verify.result import Figure, Series, Table
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

WIDTH = "m"
"""The name of the parameter that the demanded width is a demand on."""
_WIDTH = sp.Symbol(WIDTH)


@dataclass(frozen=True, eq=False)
class Trial:
    """One parameter combination at one sample: the level that the failure probability must not exceed."""

    sample: Sample
    parameters: Mapping[str, Value]
    level: float
    draws: int


@dataclass(frozen=True)
class Count:
    """The failures counted in a trial, at the error rate alpha of its interval."""

    trial: Trial
    failures: int
    alpha: float

    @property
    def interval(self) -> tuple[float, float]:
        """The Clopper–Pearson interval of the failure probability."""
        return clopper_pearson(self.failures, self.trial.draws, self.alpha)

    @property
    def verdict(self) -> Verdict:
        """The failure probability against the level."""
        low, high = self.interval
        if high <= self.trial.level:
            return Verdict.SUPPORTED
        return Verdict.REFUTED if low > self.trial.level else Verdict.INCONCLUSIVE

    @property
    def text(self) -> str:
        """The count in words."""
        failures = f"{self.failures} of {self.trial.draws} draws exceed the bound"
        interval = f"its probability lies in {span(*self.interval)} and the level is {short(self.trial.level)}"
        return f"at {setting(self.trial.parameters)}, {failures}: {interval}"

    @property
    def needed(self) -> str:
        """How many draws would decide at the frequency found."""
        frequency, draws = self.failures / self.trial.draws, self.trial.draws
        for factor in np.geomspace(1.1, 1e6, 150):
            more = replace(self.trial, draws=int(draws * factor))
            if replace(self, trial=more, failures=round(frequency * more.draws)).verdict is not Verdict.INCONCLUSIVE:
                return f"about {short(factor, 2)} times the draws would decide it if the frequency stays where it is"
        return "the frequency lies so near the level that over a million times the draws are needed"


def decide(statement: ProbabilityBound, evidence: SampleEvidence, alpha: float) -> Decision:
    """Decide a probability bound on samples; all intervals hold at once with probability at least 1 - alpha."""
    trials, missing = _trials(statement, evidence)
    if not trials:
        nothing = nothing_to_test("no cell has the parameters of the domain and the width demanded")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    counts = [_count(statement, trial, alpha / len(trials)) for trial in trials]
    judgement = judge(counts, missing)
    return Decision(
        verdict=judgement.verdict,
        reason=judgement.reason,
        alpha=alpha,
        table=_table(counts),
        figures=(_figure(counts),),
        statistic=judgement.statistic,
    )


def judge(counts: Sequence[Count], missing: Sequence[str]) -> Judgement:
    """SUPPORTED if every failure probability is at most its level and nothing is missing, REFUTED if one exceeds it."""
    verdict = weakest(count.verdict for count in counts)
    telling = [count for count in counts if count.verdict is verdict]
    closest = max(telling, key=lambda count: count.interval[1] - count.trial.level)
    interval = statistic(
        "largest excess of a failure probability over its level",
        max(count.interval[0] - count.trial.level for count in counts),
        max(count.interval[1] - count.trial.level for count in counts),
        claimed_high=0.0,
    )
    if verdict is Verdict.REFUTED:
        clearest = max(telling, key=lambda count: count.interval[0] - count.trial.level)
        reason = f"The level is exceeded at {len(telling)} of {len(counts)} points, most clearly {clearest.text}."
    elif verdict is Verdict.INCONCLUSIVE:
        reason = f"Undecided {closest.text}; {closest.needed}."
    else:
        at = widths(float(count.trial.parameters[WIDTH]) for count in counts)
        reason = f"The level is kept at all {len(counts)} points tested, at {at}; the closest is {closest.text}."
        if missing:
            verdict = Verdict.INCONCLUSIVE
            reason += f" But the bound is claimed too at {listed(missing)}, where nothing wide enough was sampled."
    return Judgement(verdict=verdict, reason=reason, statistic=interval)


def beta(
    statement: ProbabilityBound,
    evidence: SampleEvidence,
    design: Design | None,
    wanted: Wanted,
    *,
    alpha: float,
) -> float:
    """Return a bound on the probability, under the design, that the counts do not give the wanted verdict.

    Upheld: the sum over the trials of the binomial probability that a trial is not SUPPORTED at `at_most`. Refuted:
    the largest, over the trials that the design's `at` may mean, of the probability that the trial is not REFUTED at
    `at_least`. 1 if the design says nothing.
    """
    trials, missing = _trials(statement, evidence)
    if not trials or not isinstance(design, FailureProbability):
        return 1.0
    share = alpha / len(trials)
    if wanted == "upheld":
        if missing or design.at_most is None:
            return 1.0
        return min(1.0, sum(_not_supported(trial, design.at_most, share) for trial in trials))
    meant = [trial for trial in trials if all(_has(trial, *pair) for pair in design.at)]
    if not meant or design.at_least is None:
        return 1.0
    return max(_not_refuted(trial, design.at_least, share) for trial in meant)


def _not_supported(trial: Trial, probability: float, alpha: float) -> float:
    """P(the trial is not SUPPORTED): the count reaches the first that is not."""
    first = bisect_left(
        range(trial.draws + 1), True, key=lambda k: Count(trial, k, alpha).verdict is not Verdict.SUPPORTED
    )
    return float(binom.sf(first - 1, trial.draws, probability))


def _not_refuted(trial: Trial, probability: float, alpha: float) -> float:
    """P(the trial is not REFUTED): the count stays below the first that is."""
    first = bisect_left(range(trial.draws + 1), True, key=lambda k: Count(trial, k, alpha).verdict is Verdict.REFUTED)
    return float(binom.cdf(first - 1, trial.draws, probability))


def _has(trial: Trial, name: str, value: float | int | str) -> bool:
    return name in trial.parameters and same(value, trial.parameters[name])


def combinations(statement: ProbabilityBound, parameters: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield the parameter points of the domain's finite sets that agree with a cell's parameters.

    A member that is a rational number replaces the double that approximates it. Symbols that are neither in the slots
    nor parameters are left out; one in the slots that is not a parameter must have a finite set.
    """
    slots = (statement.deviation, statement.bound, statement.level, statement.width)
    used = set().union(*(names(statement.expand(slot)) for slot in slots))
    choices: list[list[tuple[str, Value]]] = []
    for symbol, allowed in statement.domain:
        name = str(symbol)
        if not isinstance(allowed, sp.FiniteSet):
            if name in used and name not in parameters:
                raise ValueError(f"{name} is claimed over {allowed}; name finitely many values that can be tested")
            continue
        members = sorted(allowed, key=sp.default_sort_key)
        if name in parameters:
            members = [member for member in members if same(parameters[name], member)]
        elif name not in used:
            continue
        choices.append([(name, member) for member in members])
    for choice in product(*choices):
        yield {**parameters, **{name: value for name, value in choice if getattr(value, "is_Rational", False)}}


def _trials(statement: ProbabilityBound, evidence: SampleEvidence) -> tuple[list[Trial], list[str]]:
    """Pair samples with combinations; also name the points of the domain that no sample is there or wide enough for."""
    samples = pooled(statement, evidence)
    found: list[Trial] = []
    tested: dict[str, bool] = dict.fromkeys(untested(statement, [sample.parameters for sample in samples]), False)
    for sample in samples:
        if not isinstance(sample.parameters.get(WIDTH), int | float):
            raise ValueError(f"a probability bound needs the width {WIDTH!r} among the parameters of every cell")
        for parameters in combinations(statement, sample.parameters):
            point = setting({name: value for name, value in parameters.items() if name != WIDTH})
            wide = bool(constant(statement.expand(statement.width), parameters) <= constant(_WIDTH, parameters))
            tested[point] = tested.get(point, False) or wide
            if wide:
                level = number(statement.expand(statement.level), parameters)
                found.append(Trial(sample, parameters, level, sample.draws))
    return found, [point for point, done in tested.items() if not done]


def _count(statement: ProbabilityBound, trial: Trial, alpha: float) -> Count:
    deviation = on_columns(statement.expand(statement.deviation), trial.parameters, trial.sample.columns)
    bound = on_columns(statement.expand(statement.bound), trial.parameters, trial.sample.columns)
    return Count(trial, int(np.count_nonzero(deviation > bound)), alpha)


def _table(counts: Sequence[Count]) -> Table:
    rows = tuple(
        (
            setting(count.trial.parameters),
            str(count.trial.draws),
            str(count.failures),
            span(*count.interval),
            short(count.trial.level),
        )
        for count in counts
    )
    return Table(columns=("parameters", "draws", "failures", "failure probability", "level"), rows=rows)


def _figure(counts: Sequence[Count]) -> Figure:
    shown = [counts[i] for i in thinned(len(counts))]
    x = tuple(float(i + 1) for i in range(len(shown)))
    measured = Series(
        label="frequency of failure",
        role="measured",
        draw="points",
        x=x,
        y=tuple(count.failures / count.trial.draws for count in shown),
        low=tuple(count.interval[0] for count in shown),
        high=tuple(count.interval[1] for count in shown),
    )
    levels = tuple(count.trial.level for count in shown)
    return Figure(
        title="Frequency of failure against the level",
        caption="Simultaneous Clopper–Pearson intervals, one for each row of the table, in its order.",
        x_label="row of the table",
        y_label="probability",
        series=(measured, Series(label="level", role="bound", draw="points", x=x, y=levels)),
    )
