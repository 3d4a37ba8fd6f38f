"""Probability bounds on samples: exact binomial intervals at every parameter point that the claim covers."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide
from verify.decide.design import Distance, FailureProbability
from verify.decide.intervals import clopper_pearson
from verify.decide.wording import span
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
x = sp.Symbol("x", real=True)
delta, epsilon, rho = sp.symbols("delta epsilon rho", positive=True)
CLAIM = ProbabilityBound(
    deviation=x,
    bound=1 - delta / 2,
    level=delta,
    width=sp.Integer(10) / epsilon,
    domain=((delta, sp.FiniteSet(sp.Rational(1, 10), sp.Rational(1, 5))), (epsilon, sp.FiniteSet(1))),
)
"""For uniform draws P(x > 1 - δ/2) = δ/2: true, with a factor of two to spare."""


def uniform(seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    return lambda _, n: scale * rng.random(n)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.SUPPORTED),
        ({"bound": 1 - delta}, Verdict.INCONCLUSIVE),
        ({"bound": 1 - 2 * delta}, Verdict.REFUTED),
        ({"bound": (1 - delta / 2) / 2}, Verdict.REFUTED),
        ({"deviation": 2 * x}, Verdict.REFUTED),
        ({"level": delta**2}, Verdict.REFUTED),
        ({"level": delta / 2 + sp.Rational(1, 1000)}, Verdict.INCONCLUSIVE),
        ({"width": sp.Integer(1000)}, Verdict.INCONCLUSIVE),
    ],
)
def test_a_changed_slot_changes_the_verdict(sampled, change, verdict):
    assert decide(replace(CLAIM, **change), sampled(uniform(), (16, 64), 2000)).verdict is verdict


def test_every_cell_wide_enough_is_tested_at_every_combination(sampled):
    decision = decide(CLAIM, sampled(uniform(), (4, 16, 64), 2000))
    assert [row[0] for row in decision.table.rows] == [
        f"m = {width}, δ = {level}, ε = 1" for width in (16, 64) for level in ("1/10", "1/5")
    ]


def test_the_widths_tested_are_named(sampled):
    reason = decide(CLAIM, sampled(uniform(), (4, 16, 64), 2000)).reason
    assert reason.startswith(
        "The level is kept at all 4 points tested, at the widths 16 and 64; the closest is at m = "
    )


def test_the_bound_itself_is_kept(sampled):
    statement = replace(CLAIM, bound=sp.S.One)
    assert decide(statement, sampled(lambda _, n: np.ones(n), (16,), 2000)).verdict is Verdict.SUPPORTED
    beyond = sampled(lambda _, n: np.full(n, np.nextafter(1.0, 2.0)), (16,), 2000)
    assert decide(statement, beyond).verdict is Verdict.REFUTED


def test_the_intervals_of_all_pairs_hold_at_once(sampled):
    decision = decide(CLAIM, sampled(uniform(), (16, 64), 2000), alpha=0.04)
    for row in decision.table.rows:
        assert row[3] == span(*clopper_pearson(int(row[2]), 2000, 0.01))


def test_a_width_just_at_the_demand_is_wide_enough(sampled):
    assert decide(replace(CLAIM, width=sp.Integer(16)), sampled(uniform(), (16,), 2000)).verdict is Verdict.SUPPORTED
    decision = decide(replace(CLAIM, width=16 + sp.Rational(1, 10**20)), sampled(uniform(), (16,), 2000))
    assert decision.reason.startswith("Nothing to test")


def test_a_combination_that_no_cell_is_wide_enough_for_keeps_the_claim_undecided(sampled):
    statement = replace(CLAIM, domain=(CLAIM.domain[0], (epsilon, sp.FiniteSet(1, sp.Rational(1, 100)))))
    decision = decide(statement, sampled(uniform(), (16,), 2000))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert "claimed too at δ = 1/10, ε = 1/100; δ = 1/5, ε = 1/100" in decision.reason
    assert decide(statement, sampled(uniform(scale=2.0), (16,), 2000)).verdict is Verdict.REFUTED


def test_cells_with_other_parameters_are_not_tested(sampled):
    far = sampled(uniform(scale=2.0), (16,), 2000, rho=1.0)
    near = sampled(uniform(), (16,), 2000, rho=0.5)
    evidence = near.model_copy(update={"cells": near.cells + far.cells})
    only = replace(CLAIM, domain=(*CLAIM.domain, (rho, sp.FiniteSet(sp.Rational(1, 2)))))
    assert decide(only, evidence).verdict is Verdict.SUPPORTED
    assert decide(CLAIM, evidence).verdict is Verdict.REFUTED
    missing = replace(CLAIM, domain=(*CLAIM.domain, (rho, sp.FiniteSet(sp.Rational(1, 2), sp.Rational(1, 3)))))
    assert "ρ = 1/3" in decide(missing, evidence).reason


def test_a_free_parameter_needs_values_that_can_be_tested(sampled):
    statement = replace(CLAIM, domain=(CLAIM.domain[0], (epsilon, sp.Interval(0, 1))))
    with pytest.raises(ValueError, match=r"epsilon is claimed over Interval\(0, 1\); name finitely many"):
        decide(statement, sampled(uniform(), (16,), 2000))


def test_a_cell_without_a_width_is_an_error(sampled):
    evidence = sampled(uniform(), (16,), 2000)
    evidence.cells[0].parameters.pop("m")
    with pytest.raises(ValueError, match="needs the width 'm'"):
        decide(CLAIM, evidence)


def test_an_undecided_bound_says_how_many_more_draws_would_decide_it(sampled):
    statement = replace(CLAIM, level=delta * sp.Rational(3, 5))
    decision = decide(statement, sampled(uniform(), (16,), 2000))
    assert decision.verdict is Verdict.INCONCLUSIVE
    times = float(decision.reason.split("; about ")[1].split(" times")[0])
    assert decide(statement, sampled(uniform(), (16,), int(2000 * times * 3))).verdict is Verdict.SUPPORTED


def test_at_the_level_either_wrong_verdict_is_rare(sampled):
    """A failure probability equal to the level, at four pairs at once."""
    statement = replace(CLAIM, bound=1 - delta)
    found = dict.fromkeys(Verdict, 0)
    for seed in range(1000):
        found[decide(statement, sampled(uniform(seed), (16, 64), 300), alpha=0.05).verdict] += 1
    assert max(found[Verdict.SUPPORTED], found[Verdict.REFUTED]) <= binom.isf(1e-6, 1000, 0.05)
    assert found[Verdict.REFUTED] >= binom.ppf(1e-6, 1000, 0.005), "the intervals are exact, not merely valid"


@pytest.mark.parametrize("draws", [150, 400])
def test_the_declared_power_is_that_of_the_rule(sampled, shape, draws):
    """One cell and one combination: the bound is the exact probability, so the frequency must match it."""
    one = replace(CLAIM, domain=((delta, sp.FiniteSet(sp.Rational(1, 5))), CLAIM.domain[1]))
    mutant = replace(one, bound=1 - 2 * delta)
    cells = shape([{"m": 16, "draws": draws}])
    exact = (
        beta(one, cells, FailureProbability(at_most=0.1), "upheld", alpha=0.05),
        beta(mutant, cells, FailureProbability(at_least=0.4), "refuted", alpha=0.05),
    )
    missed = np.zeros(2)
    for seed in range(1000):
        evidence = sampled(uniform(seed), (16,), draws)
        missed += [
            decide(one, evidence, alpha=0.05).verdict is not Verdict.SUPPORTED,
            decide(mutant, evidence, alpha=0.05).verdict is not Verdict.REFUTED,
        ]
    for count, probability in zip(missed, exact, strict=True):
        assert binom.ppf(1e-6, 1000, probability) <= count <= binom.isf(1e-6, 1000, probability)
    counts = range(draws + 1)
    low, high = np.transpose([clopper_pearson(k, draws, 0.05) for k in counts])
    assert exact == pytest.approx(
        (binom.pmf(counts, draws, 0.1)[high > 0.2].sum(), binom.pmf(counts, draws, 0.4)[low <= 0.2].sum())
    )


def test_power_is_summed_over_the_pairs_when_all_must_hold_and_that_of_the_worst_when_one_must_fail(shape):
    one, two = (shape([{"m": width, "draws": 500} for width in widths]) for widths in ((16,), (16, 64)))
    both = replace(CLAIM, domain=((delta, sp.FiniteSet(sp.Rational(1, 5))), CLAIM.domain[1]))
    design = FailureProbability(at_most=0.1, at_least=0.4)
    settings = {"alpha": 0.05}
    of_one = beta(both, one, design, "upheld", alpha=0.025)
    assert beta(both, two, design, "upheld", **settings) == pytest.approx(2 * of_one) != 0
    uneven = shape([{"m": 16, "draws": 500}, {"m": 64, "draws": 30}])
    worst = beta(both, uneven, design, "refuted", **settings)
    known = beta(both, uneven, replace(design, at=(("m", 16),)), "refuted", **settings)
    assert known < 1e-12 < worst
    assert beta(both, uneven, replace(design, at=(("m", 5),)), "refuted", **settings) == 1


def test_a_claim_not_tested_everywhere_or_without_a_design_declares_no_power(shape):
    cells = shape([{"m": 16, "draws": 10**5}])
    design = FailureProbability(at_most=0.0, at_least=1.0)
    wide = replace(CLAIM, domain=(CLAIM.domain[0], (epsilon, sp.FiniteSet(1, sp.Rational(1, 100)))))
    assert beta(CLAIM, cells, design, "upheld") < 1e-300
    assert beta(wide, cells, design, "upheld") == 1
    assert beta(CLAIM, shape([{"m": 4, "draws": 10**5}]), design, "upheld") == 1
    for nothing in (None, FailureProbability(), Distance()):
        assert beta(CLAIM, cells, nothing, "upheld") == 1
        assert beta(CLAIM, cells, nothing, "refuted") == 1


def test_frequencies_are_drawn_against_the_width_where_it_varies(sampled):
    (figure,) = decide(CLAIM, sampled(uniform(), (64, 16), 2000)).figures
    assert (figure.x_label, figure.x_scale) == ("m", "log")
    assert [series.label for series in figure.series] == [
        f"{what}, δ = {level}" for level in ("1/10", "1/5") for what in ("frequency of failure", "level")
    ]
    assert figure.series[0].x == (16.0, 64.0)
    assert figure.series[3].y == (0.2, 0.2)
    (alone,) = decide(CLAIM, sampled(uniform(), (16,), 2000)).figures
    assert (alone.x_label, alone.x_scale) == ("row of the table", "linear")
    assert alone.series[0].x == (1.0, 2.0)
