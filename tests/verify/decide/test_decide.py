"""What holds of every rule: dispatch, chance, monotony, and data the reports can store."""

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.decide import ALPHA, BETA, beta, decide, limit, ordering, rate
from verify.decide.design import Distance
from verify.decide.quantiles import Bracket
from verify.decide.samples import Group, Sample
from verify.evidence import DerivationEvidence, EnclosureEvidence, LawEvidence, PathEvidence, SampleEvidence
from verify.result import EvidenceSummary
from verify.statement import (
    Direction,
    EqualityInLaw,
    Identity,
    Inequality,
    Limit,
    Ordering,
    ProbabilityBound,
    Rate,
    Trend,
)
from verify.verdict import Verdict

m = sp.Symbol("m", positive=True)
x = sp.Symbol("x", real=True)
ONE = sp.S.One
WIDTHS = (16, 64, 256, 1024)
STATEMENTS = (
    Identity(lhs=x, rhs=x),
    Inequality(lhs=x, rhs=x),
    ProbabilityBound(deviation=x, bound=ONE, level=sp.Rational(1, 2), width=ONE),
    Rate(quantity=x, exponent=-ONE / 2, direction=Direction.EXACTLY, margin=ONE / 4, along=m),
    Limit(quantity=x, value=sp.S.Zero, tolerance=ONE / 4, along=m),
    Ordering(quantity=x, trend=Trend.DECREASING, along=m),
    EqualityInLaw(quantity=x, law=sp.Max(0, 1 - 1 / x), argument=x, tolerance=ONE / 2),
)
STOCHASTIC = STATEMENTS[2:]
EVIDENCE = (
    DerivationEvidence(steps=(), reaches=False, spots=()),
    EnclosureEvidence(comparisons=(), covers_domain=True, coverage="nothing"),
    LawEvidence(points=(), coverage="nothing"),
    PathEvidence(experiment="e", paths=()),
    SampleEvidence(experiment="e", cells=()),
)
RULES = {
    ("identity", "derivation"), ("inequality", "derivation"), ("probability bound", "derivation"),
    ("rate", "derivation"), ("limit", "derivation"), ("ordering", "derivation"), ("equality in law", "derivation"),
    ("identity", "enclosures"), ("inequality", "enclosures"), ("probability bound", "law"), ("inequality", "paths"),
    ("probability bound", "samples"), ("rate", "samples"), ("limit", "samples"), ("ordering", "samples"),
    ("equality in law", "samples"),
}  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.kind)
@pytest.mark.parametrize("evidence", EVIDENCE, ids=lambda e: e.kind)
def test_a_pair_of_kinds_has_a_rule_that_passes_nothing_on_no_evidence_or_is_an_error(statement, evidence):
    if (statement.kind, evidence.kind) in RULES:
        decision = decide(statement, evidence)
        assert decision.verdict is Verdict.INCONCLUSIVE
        assert decision.alpha == 0
    else:
        with pytest.raises(TypeError, match=f"'{statement.kind}' on evidence of kind '{evidence.kind}'"):
            decide(statement, evidence)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s.kind)
def test_chance_plays_no_part_in_derivations_enclosures_and_laws(statement):
    for evidence in EVIDENCE[:3]:
        for wanted in ("upheld", "refuted"):
            assert beta(statement, evidence, None, wanted) == 0
    if not isinstance(statement, ProbabilityBound | Rate | Limit | Ordering | EqualityInLaw):
        with pytest.raises(TypeError, match="no rule decides"):
            beta(statement, EVIDENCE[-1], Distance(), "upheld")


def pareto(width, n):
    return (1 + np.random.default_rng(width).pareto(2.0, size=n)) / np.sqrt(width)


@pytest.mark.parametrize("statement", STOCHASTIC, ids=lambda s: s.kind)
def test_a_stochastic_rule_spends_the_alpha_it_was_given(statement, sampled):
    evidence = sampled(pareto, WIDTHS, 400)
    assert decide(statement, evidence).alpha == ALPHA == 10 * BETA
    assert decide(statement, evidence, alpha=0.05).alpha == 0.05


@pytest.mark.parametrize("statement", STOCHASTIC, ids=lambda s: s.kind)
def test_more_confidence_widens_the_interval_and_never_turns_a_verdict_around(statement, sampled):
    evidence = sampled(pareto, WIDTHS, 400)
    before = None
    for alpha in (1e-1, 1e-3, 1e-6, 1e-9):
        decision = decide(statement, evidence, alpha=alpha)
        if before is not None:
            assert decision.statistic.low <= before.statistic.low
            assert decision.statistic.high >= before.statistic.high
            assert decision.verdict in (before.verdict, Verdict.INCONCLUSIVE)
        before = decision


@pytest.mark.parametrize("statement", STOCHASTIC, ids=lambda s: s.kind)
@pytest.mark.parametrize("draws", [5, 400, 5000])
def test_what_reports_show_is_small_finite_and_round_trips_through_json(statement, draws, sampled):
    decision = decide(statement, sampled(pareto, WIDTHS, draws))
    summary = EvidenceSummary(
        reason=decision.reason, table=decision.table, figures=decision.figures, interval=decision.statistic
    )
    assert EvidenceSummary.model_validate_json(summary.model_dump_json()) == summary
    for figure in decision.figures:
        for series in figure.series:
            assert 0 < len(series.x) == len(series.y) <= 200
            assert all(map(math.isfinite, (*series.x, *series.y, *(series.low or ()), *(series.high or ()))))
            assert figure.y_scale == "linear" or min(series.low or series.y) > 0
    assert decision.reason.endswith(".")
    assert "$" not in decision.reason


@pytest.mark.parametrize("statement", STOCHASTIC, ids=lambda s: s.kind)
def test_draws_that_are_not_finite_are_an_error_whatever_the_rule(statement, sampled):
    for value in (np.inf, np.nan):
        with pytest.raises(ValueError, match="x is not a finite number for draw 1"):
            decide(statement, sampled(lambda _, n, value=value: np.full(n, value), WIDTHS, 400))


brackets = st.lists(st.tuples(st.floats(0.1, 4), st.floats(0, 0.5), st.floats(0, 0.5)), min_size=12, max_size=12)
RULE_OF = {Rate: rate.RULE, Limit: limit.RULE, Ordering: ordering.RULE}
GROUP = Group("", {}, tuple(Sample({"m": width}, ()) for width in WIDTHS))


@pytest.mark.parametrize("statement", STOCHASTIC[1:4], ids=lambda s: s.kind)
@settings(deadline=None)
@given(found=brackets, wider=st.lists(st.floats(0, 1), min_size=24, max_size=24))
def test_a_judge_decides_inside_brackets_whatever_it_decides_on_them(statement, found, wider):
    """This is what makes the power declared by a design, on the widest brackets it foresees, a bound."""

    def bracketing(slack):
        def bracket(sample, probability):
            width = sample.parameters["m"]
            i = 4 * (0.1, 0.5, 0.9).index(probability) + WIDTHS.index(width)
            middle, below, above = found[i]
            middle = middle / math.sqrt(width) if isinstance(statement, Rate) else middle
            low = middle * (1 - below) - slack * wider[2 * i] / width
            return Bracket(width=width, low=low, estimate=middle, high=middle * (1 + above) + slack * wider[2 * i + 1])

        return bracket

    narrow, wide = (RULE_OF[type(statement)].judge(statement, (GROUP,), bracketing(slack)) for slack in (0, 1))
    assert wide.verdict in (narrow.verdict, Verdict.INCONCLUSIVE)
