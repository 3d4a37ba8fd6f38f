"""The rule for probability bounds on samples: failure frequencies with exact intervals, counted once or on the way.

Every parameter combination of the domain's finite sets is tested at every cell with those parameters whose width `m`
is at least the width demanded; each such pair is a trial, and the intervals of all trials hold at once.

Where the number of draws is fixed beforehand the intervals are Clopper and Pearson's. Where draws come in batches
(`Experiment.looks`) they form a confidence sequence, which holds at all looks at once: a trial is decided at the first
look at which its interval lies on one side of the level, and counts no draw beyond it. Drawing goes on at the samples
with a trial that is not decided; one REFUTED trial ends it everywhere, as it decides the statement. What is undecided
when the batches are used up is INCONCLUSIVE.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import product

import numpy as np
import sympy as sp

from verify.decide import count_figures
from verify.decide.counts import WIDTH, Count, Trial, count, not_refuted, not_supported
from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test, statistic, weakest
from verify.decide.design import Design, FailureProbability
from verify.decide.evaluate import Value, constant, names, number, on_ranges
from verify.decide.samples import Point, inexact, looks_of, point, pooled, same, untested
from verify.decide.wording import listed, setting, widths
from verify.evidence import SampleEvidence
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

_WIDTH = sp.Symbol(WIDTH)


def decide(statement: ProbabilityBound, evidence: SampleEvidence, alpha: float) -> Decision:
    """Decide a probability bound on samples; all intervals hold at once with probability at least 1 - alpha."""
    trials, missing = _trials(statement, evidence)
    if not trials:
        nothing = nothing_to_test("no cell has the parameters of the domain and the width demanded")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    counts = _counts(statement, trials, alpha)
    judgement = judge(counts, missing)
    sides = (statement.expand(statement.deviation), statement.expand(statement.bound))
    return Decision(
        verdict=judgement.verdict,
        reason=judgement.reason + inexact((trial.sample for trial in trials), *sides),
        alpha=alpha,
        table=count_figures.table(counts),
        figures=count_figures.figures(counts, _closest(counts, judgement.verdict)),
        statistic=judgement.statistic,
    )


def undecided(statement: ProbabilityBound, evidence: SampleEvidence, alpha: float) -> frozenset[Point]:
    """Return the points of the samples that drawing goes on at after this look: those with an undecided trial.

    None once a trial is REFUTED, whatever the others say.
    """
    trials, _ = _trials(statement, evidence)
    counts = _counts(statement, trials, alpha)
    if weakest(found.verdict for found in counts) is Verdict.REFUTED:
        return frozenset()
    left = [found.trial for found in counts if found.verdict is Verdict.INCONCLUSIVE]
    return frozenset(point(trial.sample.parameters) for trial in left)


def judge(counts: Sequence[Count], missing: Sequence[str]) -> Judgement:
    """SUPPORTED if every failure probability is at most its level and nothing is missing, REFUTED if one exceeds it."""
    verdict = weakest(count.verdict for count in counts)
    telling = [count for count in counts if count.verdict is verdict]
    closest = _closest(counts, verdict)
    interval = statistic(
        "largest excess of a failure probability over its level",
        max(count.interval[0] - count.trial.level for count in counts),
        max(count.interval[1] - count.trial.level for count in counts),
        claimed_high=0.0,
    )
    if verdict is Verdict.REFUTED:
        reason = f"The level is exceeded at {len(telling)} of {len(counts)} points, most clearly {closest.text}."
    elif verdict is Verdict.INCONCLUSIVE:
        reason = f"Undecided {closest.text}; {closest.needed}."
    else:
        at = widths(float(count.trial.parameters[WIDTH]) for count in counts)
        reason = f"The level is kept at all {len(counts)} points tested, at {at}; the closest is {closest.text}."
        if missing:
            verdict = Verdict.INCONCLUSIVE
            reason += f" But the bound is claimed too at {listed(missing)}, where nothing wide enough was sampled."
    reason += _stopping(counts)
    return Judgement(verdict=verdict, reason=reason, statistic=interval)


def _closest(counts: Sequence[Count], verdict: Verdict) -> Count:
    """Return the count that is shown for a verdict: the clearest that refutes, else the closest to the level."""
    if verdict is Verdict.REFUTED:
        return max(counts, key=lambda count: count.interval[0] - count.trial.level)
    return max(counts, key=lambda count: (count.verdict is verdict, count.interval[1] - count.trial.level))


def _stopping(counts: Sequence[Count]) -> str:
    """Say how many draws were looked at, where drawing could have gone on."""
    if not counts[0].trial.sequential:
        return ""
    used, budget = sorted({count.draws for count in counts}), max(count.trial.budget for count in counts)
    after = f"{used[0]} to {used[-1]}" if len(used) > 1 else f"{used[0]}"
    return f" Drawing stopped after {after} draws a point, of {budget} allowed."


def beta(
    statement: ProbabilityBound,
    evidence: SampleEvidence,
    design: Design | None,
    wanted: Wanted,
    *,
    alpha: float,
) -> float:
    """Return a bound on the probability, under the design, that the counts do not give the wanted verdict.

    Upheld: the sum over the trials of the probability that a trial is not SUPPORTED within its budget at `at_most`.
    Refuted: the largest, over the trials that the design's `at` may mean, of the probability that the trial is not
    REFUTED at `at_least`. Binomial probabilities, see `verify.decide.counts`. 1 if the design says nothing.
    """
    trials, missing = _trials(statement, evidence)
    if not trials or not isinstance(design, FailureProbability):
        return 1.0
    share = alpha / len(trials)
    if wanted == "upheld":
        if missing or design.at_most is None:
            return 1.0
        return min(1.0, sum(not_supported(trial, design.at_most, share) for trial in trials))
    meant = [trial for trial in trials if all(_has(trial, *pair) for pair in design.at)]
    if not meant or design.at_least is None:
        return 1.0
    return max(not_refuted(trial, design.at_least, share) for trial in meant)


def _has(trial: Trial, name: str, value: float | int | str) -> bool:
    return name in trial.parameters and same(value, trial.parameters[name])


def _combinations(
    statement: ProbabilityBound, used: Set[str], parameters: Mapping[str, Value]
) -> Iterator[dict[str, Value]]:
    """Yield the parameter points of the domain's finite sets that agree with a cell's parameters.

    A member that is a rational number replaces the double that approximates it. Symbols that are neither `used` in the
    slots nor parameters are left out; one in the slots that is not a parameter must have a finite set.
    """
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
    deviation, bound, level, width = map(
        statement.expand, (statement.deviation, statement.bound, statement.level, statement.width)
    )
    used = names(deviation) | names(bound) | names(level) | names(width)
    samples = pooled(statement, evidence)
    found: list[Trial] = []
    tested: dict[str, bool] = dict.fromkeys(untested(statement, [sample.parameters for sample in samples]), False)
    for sample in samples:
        if not isinstance(sample.parameters.get(WIDTH), int | float):
            raise ValueError(f"a probability bound needs the width {WIDTH!r} among the parameters of every cell")
        for parameters in _combinations(statement, used, sample.parameters):
            where = setting({name: value for name, value in parameters.items() if name != WIDTH})
            wide = bool(constant(width, parameters) <= constant(_WIDTH, parameters))
            tested[where] = tested.get(where, False) or wide
            if wide:
                looks = looks_of(sample, evidence)
                found.append(Trial(sample, parameters, number(level, parameters), looks, bool(evidence.looks)))
    return found, [where for where, done in tested.items() if not done]


def _counts(statement: ProbabilityBound, trials: Sequence[Trial], alpha: float) -> list[Count]:
    """Count the failures of all trials; alpha is split evenly over them."""
    deviation, bound = statement.expand(statement.deviation), statement.expand(statement.bound)
    counts = []
    for trial in trials:
        sample = trial.sample
        (least, most), (lower, upper) = (
            on_ranges(side, trial.parameters, sample.columns, sample.errors) for side in (deviation, bound)
        )
        failed, possible = (np.broadcast_to(flags, sample.draws) for flags in (least > upper, most > lower))
        counts.append(count(trial, failed, possible, alpha / len(trials)))
    return counts
