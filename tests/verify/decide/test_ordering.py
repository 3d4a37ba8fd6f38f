"""Orderings: neighbouring medians are apart, in the claimed direction."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide
from verify.decide.design import Centred, Scaling
from verify.statement import Ordering, Trend
from verify.verdict import Verdict

m = sp.Symbol("m", positive=True)
x = sp.Symbol("x", real=True)
WIDTHS = (16, 64, 256)
CLAIM = Ordering(quantity=x, trend=Trend.DECREASING, along=m)


def medians(*values, seed=0, sd=0.3):
    rng, at = np.random.default_rng(seed), dict(zip(WIDTHS, values, strict=True))
    return lambda width, n: at[width] * rng.lognormal(sigma=sd, size=n)


@pytest.mark.parametrize(
    ("values", "decreasing", "increasing"),
    [
        ((4, 2, 1), Verdict.SUPPORTED, Verdict.REFUTED),
        ((1, 2, 4), Verdict.REFUTED, Verdict.SUPPORTED),
        ((4, 1, 2), Verdict.REFUTED, Verdict.REFUTED),
        ((4, 2, 2), Verdict.INCONCLUSIVE, Verdict.REFUTED),
        ((2, 2, 2), Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE),
    ],
)
def test_every_step_must_go_the_claimed_way(sampled, values, decreasing, increasing):
    evidence = sampled(medians(*values), WIDTHS, 400)
    assert decide(CLAIM, evidence).verdict is decreasing
    assert decide(replace(CLAIM, trend=Trend.INCREASING), evidence).verdict is increasing


def test_a_changed_quantity_changes_the_verdict(sampled):
    evidence = sampled(medians(4, 2, 1), WIDTHS, 400)
    assert decide(replace(CLAIM, quantity=m * x), evidence).verdict is Verdict.REFUTED
    assert decide(replace(CLAIM, quantity=-x), evidence).verdict is Verdict.REFUTED


def test_the_step_at_fault_is_named(sampled):
    decision = decide(CLAIM, sampled(medians(4, 1, 2), WIDTHS, 400))
    assert "not decreasing in m: from 64 to 256" in decision.reason
    assert decision.statistic.high < 0


def test_an_undecided_ordering_says_how_many_more_draws_would_decide_it(sampled):
    decision = decide(CLAIM, sampled(medians(4, 2, 1.8), WIDTHS, 400))
    assert decision.verdict is Verdict.INCONCLUSIVE
    times = float(decision.reason.split("; about ")[1].split(" times")[0])
    assert decide(CLAIM, sampled(medians(4, 2, 1.8), WIDTHS, int(400 * times * 3))).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("widths", "draws", "says"),
    [((16,), 400, "needs two widths"), (WIDTHS, 9, "9 draws at a width"), ((), 400, "Nothing to test")],
)
def test_what_cannot_show_an_ordering_is_inconclusive_and_says_why(sampled, widths, draws, says):
    decision = decide(CLAIM, sampled(medians(4, 2, 1), widths, draws))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert says in decision.reason


def test_equal_medians_are_rarely_told_apart(sampled, laws):
    """Equal neighbours are the hardest case on both sides: the ordering is false by no measurable amount."""
    rng = np.random.default_rng(5)
    found = dict.fromkeys(Verdict, 0)
    for number in range(1000):
        law = laws[number % 4]
        evidence = sampled(lambda _, n, law=law: law(rng, n), (16, 64), 60)
        found[decide(CLAIM, evidence, alpha=0.05).verdict] += 1
    assert max(found[Verdict.SUPPORTED], found[Verdict.REFUTED]) <= binom.isf(1e-6, 1000, 0.05)


def test_the_declared_power_is_kept_and_fewer_draws_declare_none(sampled, shape):
    design = Scaling(exponent=-0.5, shape="log-normal", log_sd=0.3, drift=0.05)
    settings = {"alpha": 0.05, "budget": 0.05}
    cells = [{"m": width, "draws": 60} for width in WIDTHS]
    few = [{**cell, "draws": 12} for cell in cells]
    mutant = replace(CLAIM, trend=Trend.INCREASING)
    for statement, wanted in ((CLAIM, "upheld"), (mutant, "refuted")):
        assert beta(statement, shape(cells), design, wanted, **settings) == 0.05
        assert beta(statement, shape(few), design, wanted, **settings) == 1
    missed = 0
    for seed in range(500):
        evidence = sampled(medians(*(w**-0.45 for w in WIDTHS), seed=seed), WIDTHS, 60)
        missed += decide(CLAIM, evidence, alpha=0.05).verdict is not Verdict.SUPPORTED
        missed += decide(mutant, evidence, alpha=0.05).verdict is not Verdict.REFUTED
    assert missed <= binom.isf(1e-6, 1000, 0.05)


def test_a_drift_that_could_turn_the_trend_declares_no_power(shape):
    cells = shape([{"m": width, "draws": 10**5} for width in WIDTHS])
    assert beta(CLAIM, cells, Scaling(exponent=-0.5, shape="half-normal", drift=0.4), "upheld") == 1e-10
    assert beta(CLAIM, cells, Scaling(exponent=-0.5, shape="half-normal", drift=0.6), "upheld") == 1
    assert beta(CLAIM, cells, Centred(centre=sp.S.Zero, bias=16.0, scale=1.0), "upheld") == 1e-10
