"""Equality in law: the empirical distribution function within its band of the claimed one."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide
from verify.decide.design import Distance, FailureProbability
from verify.decide.intervals import dkw
from verify.statement import EqualityInLaw
from verify.verdict import Verdict

m, L = sp.symbols("m L", positive=True)
x = sp.Symbol("x", real=True)
t = sp.Symbol("t", positive=True)
k = sp.Symbol("k", real=True)
EXPONENTIAL = EqualityInLaw(quantity=x, law=1 - sp.exp(-t), argument=t, tolerance=sp.Rational(1, 20))
COIN = EqualityInLaw(
    quantity=x,
    law=sp.Piecewise((0, k < 0), (sp.Rational(1, 2), k < 1), (1, True)),
    argument=k,
    tolerance=sp.Rational(1, 20),
)
PARETO = EqualityInLaw(quantity=x, law=1 - t ** -sp.Rational(3, 2), argument=t, tolerance=sp.Rational(1, 20))


def exponential(seed=0):
    rng = np.random.default_rng(seed)
    return lambda _, n: rng.exponential(size=n)


def coin(seed=0, probability=0.5):
    rng = np.random.default_rng(seed)
    return lambda _, n: rng.binomial(1, probability, size=n).astype(float)


def pareto(seed=0):
    rng = np.random.default_rng(seed)
    return lambda _, n: 1 + rng.pareto(1.5, size=n)


def test_equality_is_what_is_claimed_and_the_tolerance_is_no_leave_to_differ(sampled):
    """exp(-9t/8) is at a distance of 0.043 from exp(-t): less than the tolerance, and certainly not zero."""
    statement = replace(EXPONENTIAL, law=1 - sp.exp(-t * sp.Rational(9, 8)))
    decision = decide(statement, sampled(exponential(), (16,), 20_000))
    assert decision.verdict is Verdict.REFUTED
    assert 0 < decision.statistic.low < decision.statistic.claimed_high


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.SUPPORTED),
        ({"law": 1 - sp.exp(-2 * t)}, Verdict.REFUTED),
        ({"law": 1 - sp.exp(-t * sp.Rational(9, 8))}, Verdict.REFUTED),
        ({"quantity": x**2}, Verdict.REFUTED),
        ({"quantity": x**2, "law": 1 - sp.exp(-sp.sqrt(t))}, Verdict.SUPPORTED),
        ({"tolerance": sp.Rational(1, 100)}, Verdict.INCONCLUSIVE),
    ],
)
def test_a_changed_slot_changes_the_verdict(sampled, change, verdict):
    assert decide(replace(EXPONENTIAL, **change), sampled(exponential(), (16,), 20_000)).verdict is verdict


def test_laws_with_atoms_are_compared_from_both_sides(sampled):
    assert decide(COIN, sampled(coin(), (1,), 20_000)).verdict is Verdict.SUPPORTED
    assert decide(COIN, sampled(coin(probability=0.55), (1,), 20_000)).verdict is Verdict.REFUTED
    smooth = replace(COIN, law=sp.Piecewise((0, k < 0), ((1 + k) / 2, k < 1), (1, True)))
    assert decide(smooth, sampled(coin(), (1,), 20_000)).verdict is Verdict.REFUTED


def test_the_distance_is_the_supremum_over_the_whole_line(sampled):
    decision = decide(EXPONENTIAL, sampled(exponential(), (16,), 50), alpha=0.05)
    draws = np.sort(exponential()(16, 50))
    grid = np.concatenate([draws, np.nextafter(draws, -1), np.linspace(0, 10, 100_001)])
    distance = np.abs(np.searchsorted(draws, grid, side="right") / 50 - (1 - np.exp(-grid))).max()
    assert decision.statistic.high == pytest.approx(distance + dkw(50, 0.05), abs=1e-12)


def test_the_bands_of_all_cells_hold_at_once(sampled):
    decision = decide(EXPONENTIAL, sampled(exponential(), (16, 64, 256), 500), alpha=0.03)
    assert {row[3] for row in decision.table.rows} == {f"{dkw(500, 0.01):.3g}"}


def test_an_argument_declared_positive_has_no_mass_below_zero(sampled):
    """A draw of exactly zero: the formula of the law need not make sense just below it."""
    half = sp.Rational(1, 2)
    law = half + half * (1 - sp.exp(-sp.sqrt(t)))
    rng = np.random.default_rng(0)
    evidence = sampled(lambda _, n: rng.exponential(size=n) ** 2 * rng.binomial(1, 0.5, size=n), (1,), 20_000)
    assert decide(replace(EXPONENTIAL, law=law), evidence).verdict is Verdict.SUPPORTED


def test_the_law_may_depend_on_the_parameters_of_each_cell(sampled):
    rng = np.random.default_rng(0)
    evidence = sampled(lambda width, n: rng.exponential(size=n) * width, (1, 2), 20_000)
    assert decide(replace(EXPONENTIAL, law=1 - sp.exp(-t / m)), evidence).verdict is Verdict.SUPPORTED
    decision = decide(EXPONENTIAL, evidence)
    assert decision.verdict is Verdict.REFUTED
    assert "m = 2" in decision.reason
    assert "m = 1" not in decision.reason


def test_what_was_not_measured_is_named(sampled):
    statement = replace(EXPONENTIAL, domain=((m, sp.FiniteSet(16, 64)),))
    decision = decide(statement, sampled(exponential(), (16,), 20_000))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert "nothing was measured at m = 64" in decision.reason
    assert decide(statement, sampled(exponential(), (8,), 20_000)).reason.startswith("Nothing to test")


def test_an_undecided_law_says_how_many_more_draws_would_decide_it(sampled):
    decision = decide(EXPONENTIAL, sampled(exponential(), (16,), 2000))
    assert decision.verdict is Verdict.INCONCLUSIVE
    times = float(decision.reason.split("; about ")[1].split(" times")[0])
    assert decide(EXPONENTIAL, sampled(exponential(), (16,), int(2000 * times * 2))).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(("statement", "law"), [(EXPONENTIAL, exponential), (COIN, coin), (PARETO, pareto)])
def test_a_true_law_is_rarely_refuted(sampled, statement, law):
    """Two cells: the bands hold at once."""
    found = dict.fromkeys(Verdict, 0)
    for seed in range(500):
        found[decide(statement, sampled(law(seed), (16, 64), 200), alpha=0.05).verdict] += 1
    assert found[Verdict.REFUTED] <= binom.isf(1e-6, 500, 0.05)


def test_a_law_just_beyond_the_tolerance_is_rarely_supported(sampled):
    """The coin with probability of heads 0.451 is at a distance of 0.049 from the fair one claimed up to 0.048."""
    statement = replace(COIN, tolerance=sp.Rational(48, 1000))
    supported = 0
    for seed in range(500):
        evidence = sampled(coin(seed, 0.451), (1,), 2500)
        supported += decide(statement, evidence, alpha=0.05).verdict is Verdict.SUPPORTED
    assert supported <= binom.isf(1e-6, 500, 0.05)


def test_the_declared_power_is_kept(sampled, shape):
    settings = {"alpha": 0.05}
    statement = replace(EXPONENTIAL, tolerance=sp.Rational(1, 5))
    mutant = replace(statement, law=1 - sp.exp(-2 * t))
    cells = shape([{"m": 16, "draws": 200}])
    upheld = beta(statement, cells, Distance(), "upheld", **settings)
    refuted = beta(mutant, cells, Distance(at_least=0.25), "refuted", **settings)
    assert 0.01 < upheld < 0.1
    assert refuted < 1e-3
    undecided = survived = 0
    for seed in range(500):
        evidence = sampled(exponential(seed), (16,), 200)
        undecided += decide(statement, evidence, alpha=0.05).verdict is Verdict.INCONCLUSIVE
        survived += decide(mutant, evidence, alpha=0.05).verdict is not Verdict.REFUTED
    assert undecided <= binom.isf(1e-6, 500, upheld)
    assert survived <= binom.isf(1e-6, 500, refuted)


def test_too_few_draws_or_no_design_declare_no_power(shape):
    few, many = (shape([{"m": 16, "draws": draws}]) for draws in (500, 50_000))
    assert beta(EXPONENTIAL, few, Distance(), "upheld") == 1
    assert beta(EXPONENTIAL, many, Distance(), "upheld") < 1e-10
    assert beta(EXPONENTIAL, many, Distance(), "refuted") == 1
    assert beta(EXPONENTIAL, many, Distance(at_least=0.1), "refuted") < 1e-10
    assert beta(EXPONENTIAL, shape([]), Distance(), "upheld") == 1
    assert beta(EXPONENTIAL, many, FailureProbability(at_most=0.0), "upheld") == 1
    assert beta(replace(EXPONENTIAL, domain=((m, sp.FiniteSet(16, 64)),)), many, Distance(), "upheld") == 1
