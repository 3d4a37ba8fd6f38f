"""Limits: the median extrapolated to infinite width, and a spread that shrinks."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide
from verify.decide.design import Centred, Scaling
from verify.decide.limit import extrapolate
from verify.decide.quantiles import Bracket
from verify.statement import Limit
from verify.verdict import Verdict

m, L, rho = sp.symbols("m L rho", positive=True)
x = sp.Symbol("x", real=True)
WIDTHS = (16, 64, 256)
CLAIM = Limit(quantity=x, value=sp.S.One, tolerance=sp.Rational(1, 10), along=m)


def converging(centre=1.0, bias=0.0, scale=1.0, decay=-0.5, seed=0):
    rng = np.random.default_rng(seed)
    return lambda width, n: centre + bias / width + scale * width**decay * rng.normal(size=n)


@pytest.mark.parametrize(
    ("draw", "verdict"),
    [
        (converging(), Verdict.SUPPORTED),
        (converging(centre=1.3), Verdict.REFUTED),
        (converging(centre=1.1), Verdict.INCONCLUSIVE),
        (converging(bias=30.0), Verdict.SUPPORTED),
        (converging(decay=0.0, scale=0.1), Verdict.INCONCLUSIVE),
        (converging(decay=0.25, scale=0.02), Verdict.REFUTED),
    ],
    ids=["true", "another limit", "on the edge", "a bias of order 1/m", "a constant spread", "a growing spread"],
)
def test_the_limit_must_be_right_and_the_spread_must_shrink(sampled, draw, verdict):
    assert decide(CLAIM, sampled(draw, WIDTHS, 2000)).verdict is verdict


def test_a_bias_that_is_not_modelled_would_refute_a_true_limit(sampled):
    """The medians themselves are far from the limit; only their extrapolation is near it."""
    decision = decide(CLAIM, sampled(converging(bias=30.0), WIDTHS, 2000))
    largest = float(decision.table.rows[-1][2])
    assert abs(largest - 1) > 0.1
    assert decision.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"value": sp.Rational(7, 5)}, Verdict.REFUTED),
        ({"tolerance": sp.Rational(1, 1000)}, Verdict.INCONCLUSIVE),
        ({"quantity": 2 * x}, Verdict.REFUTED),
        ({"quantity": x + 1 / m}, Verdict.SUPPORTED),
        ({"value": rho, "domain": ((rho, sp.FiniteSet(1)),)}, Verdict.SUPPORTED),
    ],
)
def test_a_changed_slot_changes_the_verdict(sampled, change, verdict):
    assert decide(replace(CLAIM, **change), sampled(converging(), WIDTHS, 2000, rho=1.0)).verdict is verdict


@pytest.mark.parametrize(
    ("draw", "name", "verdict"),
    [
        (converging(centre=1.5), "limit minus claimed value (L = 2)", Verdict.REFUTED),
        (converging(centre=1.1), "limit minus claimed value (L = 2)", Verdict.INCONCLUSIVE),
        (converging(centre=1.05), "limit minus claimed value (L = 2)", Verdict.SUPPORTED),
        (converging(decay=0.25, scale=0.02), "growth of the spread (L = 2)", Verdict.REFUTED),
        (converging(decay=0.0, scale=0.1), "growth of the spread (L = 2)", Verdict.INCONCLUSIVE),
    ],
)
def test_the_interval_is_that_of_the_deciding_group(sampled, draw, name, verdict):
    first, second = (sampled(d, WIDTHS, 8000, L=depth) for depth, d in ((1, converging(scale=0.5)), (2, draw)))
    decision = decide(CLAIM, first.model_copy(update={"cells": first.cells + second.cells}))
    found = decision.statistic
    assert (decision.verdict, found.name) == (verdict, name)
    assert found.claimed_high == (0 if name.startswith("growth") else 0.1)
    assert (found.low > found.claimed_high) == (verdict is Verdict.REFUTED)
    assert (found.high <= found.claimed_high) == (verdict is Verdict.SUPPORTED)


def test_the_extrapolation_removes_a_bias_of_order_one_over_the_width():
    before, last = (Bracket(width=w, low=2 + 5 / w, estimate=0.0, high=2 + 5 / w) for w in (64.0, 256.0))
    assert extrapolate(before, last) == pytest.approx((2.0, 2.0))


def test_the_extrapolation_takes_the_worst_ends_of_both_intervals():
    before, last = (Bracket(width=w, low=1.0, estimate=2.0, high=4.0) for w in (1.0, 2.0))
    assert extrapolate(before, last) == (2 * 1.0 - 4.0, 2 * 4.0 - 1.0)


@pytest.mark.parametrize(
    ("widths", "draws", "says"),
    [
        ((16,), 2000, "needs two widths"),
        (WIDTHS, 200, "200 draws at a width cannot bracket the quantile needed; 222 would"),
        ((), 2000, "Nothing to test"),
    ],
)
def test_what_cannot_show_a_limit_is_inconclusive_and_says_why(sampled, widths, draws, says):
    decision = decide(CLAIM, sampled(converging(), widths, draws))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert says in decision.reason


def test_an_undecided_limit_says_how_many_more_draws_would_decide_it(sampled):
    decision = decide(CLAIM, sampled(converging(scale=4.0), WIDTHS, 400))
    assert decision.verdict is Verdict.INCONCLUSIVE
    times = float(decision.reason.split("Undecided: about ")[1].split(" times")[0])
    assert decide(CLAIM, sampled(converging(scale=4.0), WIDTHS, int(400 * times * 3))).verdict is Verdict.SUPPORTED


def test_at_the_edge_of_the_claim_either_wrong_verdict_is_rare(sampled, laws):
    rng = np.random.default_rng(5)
    found = dict.fromkeys(Verdict, 0)
    for number in range(1000):
        law = laws[number % 4]
        evidence = sampled(lambda w, n, law=law: 1.1 + 2 / w + (law(rng, n) - 1) / np.sqrt(w), WIDTHS, 120)
        found[decide(CLAIM, evidence, alpha=0.05).verdict] += 1
    assert max(found[Verdict.SUPPORTED], found[Verdict.REFUTED]) <= binom.isf(1e-6, 1000, 0.05)


def test_the_declared_power_is_kept_and_fewer_draws_declare_none(sampled, shape):
    design = Centred(centre=sp.S.One, bias=3.0, scale=1.0)
    settings = {"alpha": 0.05, "budget": 0.05}
    cells = [{"m": width, "draws": 250} for width in WIDTHS]
    few = [{**cell, "draws": 60} for cell in cells]
    mutant = replace(CLAIM, value=sp.Rational(6, 5))
    for statement, wanted in ((CLAIM, "upheld"), (mutant, "refuted")):
        assert beta(statement, shape(cells), design, wanted, **settings) == 0.05
        assert beta(statement, shape(few), design, wanted, **settings) == 1
    missed = 0
    for seed in range(500):
        evidence = sampled(converging(bias=3.0, seed=seed), WIDTHS, 250)
        missed += decide(CLAIM, evidence, alpha=0.05).verdict is not Verdict.SUPPORTED
        missed += decide(mutant, evidence, alpha=0.05).verdict is not Verdict.REFUTED
    assert missed <= binom.isf(1e-6, 1000, 0.05)


def test_the_centre_of_a_design_may_depend_on_the_parameters(shape):
    cells = shape([{"m": width, "L": depth, "draws": 4000} for width in WIDTHS for depth in (1, 2)])
    statement = replace(CLAIM, value=L, domain=((L, sp.FiniteSet(1, 2)),))
    assert beta(statement, cells, Centred(centre=L, scale=1.0), "upheld") == 1e-10
    assert beta(statement, cells, Centred(centre=sp.S.One, scale=1.0), "upheld") == 1


def test_a_scaling_design_leaves_the_constant_open_and_promises_no_limit(shape):
    cells = shape([{"m": width, "draws": 100_000} for width in (10**4, 10**5, 10**6)])
    design = Scaling(exponent=-0.5, shape="half-normal")
    assert beta(replace(CLAIM, value=sp.S.Zero), cells, design, "upheld") == 1
