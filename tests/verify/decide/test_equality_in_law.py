"""Equality in law: the empirical distribution function within its band of the claimed one."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom, ks_2samp

from verify.decide import beta, decide
from verify.decide.design import Distance, FailureProbability
from verify.decide.intervals import dkw
from verify.evidence import Cell, SampleEvidence
from verify.statement import EqualityInLaw
from verify.verdict import Verdict

m, L = sp.symbols("m L", positive=True)
x, y = sp.symbols("x y", real=True)
t = sp.Symbol("t", positive=True)
k = sp.Symbol("k", real=True)
EXPONENTIAL = EqualityInLaw(quantity=x, law=1 - sp.exp(-t), argument=t, tolerance=sp.Rational(1, 20))
COIN = EqualityInLaw(
    quantity=x,
    law=sp.Piecewise((0, k < 0), (sp.Rational(1, 2), k < 1), (1, True)),
    argument=k,
    tolerance=sp.Rational(1, 20),
)
SAME = EqualityInLaw(quantity=x, law=y, tolerance=sp.Rational(1, 10))
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


def test_a_law_that_is_approached_may_be_granted_a_distance(sampled):
    """exp(-33t/32) is at a distance of 0.011 from exp(-t)."""
    near = replace(EXPONENTIAL, law=1 - sp.exp(-t * sp.Rational(33, 32)), tolerance=sp.Rational(1, 10))
    granted = replace(near, within=sp.Rational(1, 50))
    evidence = sampled(exponential(), (16,), 200_000)
    assert decide(near, evidence).verdict is Verdict.REFUTED
    decision = decide(granted, evidence)
    assert decision.verdict is Verdict.SUPPORTED
    assert decision.reason.startswith("A distance of 0.02 or less is not excluded")
    far = replace(granted, law=1 - sp.exp(-t * sp.Rational(9, 8)))
    assert decide(far, evidence).verdict is Verdict.REFUTED


def test_what_is_granted_costs_power(sampled):
    evidence = sampled(exponential(), (16,), 5000)
    granted = replace(EXPONENTIAL, tolerance=sp.Rational(1, 10), within=sp.Rational(1, 50))
    for law, wanted in ((Distance(), "upheld"), (Distance(at_least=0.08), "refuted")):
        less = [beta(statement, evidence, law, wanted) for statement in (replace(granted, within=sp.S.Zero), granted)]
        assert less[0] < less[1] < 1


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


def two(first, second, draws=20_000, width=16):
    """Evidence with the columns x and y."""
    columns = {"x": first(width, draws), "y": second(width, draws)}
    cell = Cell.model_construct(parameters={"m": width, "draws": draws}, columns=columns)
    return SampleEvidence.model_construct(experiment="simulated", cells=(cell,))


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.SUPPORTED),
        ({"quantity": sp.sqrt(x)}, Verdict.REFUTED),
        ({"law": 2 * y}, Verdict.REFUTED),
        ({"quantity": sp.sqrt(x), "law": sp.sqrt(y)}, Verdict.SUPPORTED),
        ({"tolerance": sp.Rational(1, 50)}, Verdict.INCONCLUSIVE),
    ],
)
def test_the_law_may_be_that_of_a_second_quantity(change, verdict):
    assert decide(replace(SAME, **change), two(exponential(1), exponential(2))).verdict is verdict


def test_it_is_the_laws_of_two_quantities_that_are_compared_not_the_quantities():
    """A quantity has its own law, and that of one that depends on it in any way."""
    evidence = two(exponential(1), exponential(1))
    assert decide(SAME, evidence).statistic.low == 0
    assert decide(replace(SAME, quantity=-sp.log(1 - sp.exp(-x))), evidence).verdict is Verdict.SUPPORTED


def test_two_laws_with_atoms_are_compared_at_all_their_draws():
    assert decide(SAME, two(coin(1), coin(2))).verdict is Verdict.SUPPORTED
    assert decide(SAME, two(coin(1), coin(2, 0.58))).verdict is Verdict.REFUTED
    assert decide(SAME, two(lambda _, n: np.zeros(n), lambda _, n: np.ones(n))).statistic.high > 1


def test_the_distance_of_two_samples_is_that_of_kolmogorov_and_smirnov_and_has_the_error_of_both():
    evidence = two(exponential(1), pareto(2), 300)
    decision = decide(SAME, evidence, alpha=0.05)
    cell = evidence.cells[0].columns
    distance, error = ks_2samp(cell["x"], cell["y"]).statistic, 2 * dkw(300, 0.025)
    assert decision.statistic.high == pytest.approx(distance + error, abs=1e-12)
    assert decision.statistic.low == pytest.approx(max(0, distance - error), abs=1e-12)


def test_a_law_that_names_neither_a_column_nor_an_argument_is_an_error():
    with pytest.raises(ValueError, match=r"'t' in .* is neither a parameter"):
        decide(replace(SAME, law=1 - sp.exp(-t)), two(exponential(1), exponential(2)))


@pytest.mark.parametrize("law", [exponential, coin, pareto])
def test_equal_laws_are_rarely_refuted(law):
    refuted = 0
    for seed in range(500):
        refuted += decide(SAME, two(law(seed), law(1000 + seed), 200), alpha=0.05).verdict is Verdict.REFUTED
    assert refuted <= binom.isf(1e-6, 500, 0.05)


def test_two_laws_just_beyond_the_tolerance_are_rarely_supported():
    statement = replace(SAME, tolerance=sp.Rational(48, 1000))
    supported = 0
    for seed in range(500):
        evidence = two(coin(seed, 0.475), coin(1000 + seed, 0.524), 8000)
        supported += decide(statement, evidence, alpha=0.05).verdict is Verdict.SUPPORTED
    assert supported <= binom.isf(1e-6, 500, 0.05)


def test_the_declared_power_is_kept_between_two_laws(shape):
    statement = replace(SAME, tolerance=sp.Rational(1, 5))
    cells = shape([{"m": 16, "draws": 1000}])
    upheld = beta(statement, cells, Distance(), "upheld", alpha=0.05)
    refuted = beta(statement, cells, Distance(at_least=0.2), "refuted", alpha=0.05)
    assert 0.01 < upheld < 0.2
    assert 0.01 < refuted < 0.2
    undecided = survived = 0
    for seed in range(300):
        undecided += not decide(statement, two(coin(seed), coin(1000 + seed), 1000), alpha=0.05).verdict.upheld
        evidence = two(coin(seed, 0.4), coin(1000 + seed, 0.6), 1000)
        survived += decide(statement, evidence, alpha=0.05).verdict is not Verdict.REFUTED
    assert undecided <= binom.isf(1e-6, 300, upheld + 0.05)
    assert survived <= binom.isf(1e-6, 300, refuted)


def test_a_figure_of_two_laws_shows_both_with_their_bands():
    figure = decide(SAME, two(exponential(1), exponential(2), 500)).figures[0]
    assert [series.label for series in figure.series] == [
        "band that holds the law of x", "x", "band that holds the law of y", "y",
    ]  # fmt: skip
    assert {series.draw for series in figure.series} == {"band", "steps"}
