"""The first layer at its start: its exact laws, and networks drawn weight by weight."""

import math

import flint
import numpy as np
import pytest
from flint import arb, fmpq
from scipy import stats

from numerics import first_layer
from numerics import first_layer_laws as laws
from numerics.streams import stream


@pytest.mark.parametrize(("m", "low", "high"), [(7, 2, 5), (20, None, 12), (31, fmpq(31, 4), None)])
def test_coins_are_binomial(m, low, high):
    first, last = 0 if low is None else math.ceil(float(fmpq(low))), m if high is None else math.floor(high)
    expected = 1 - stats.binom.pmf(np.arange(first, last + 1), m, 0.5).sum()
    assert float(laws.coins_outside(m, low, high)) == pytest.approx(expected, abs=1e-14)


def test_an_end_that_may_be_an_integer_is_refused():
    with pytest.raises(ArithmeticError, match="an integer lies"):
        laws.coins_outside(10, arb(3, 1e-10), None)


@pytest.mark.parametrize("m", [5, 40, 200])
@pytest.mark.parametrize("ends", [(fmpq(1, 4), fmpq(3, 4)), (fmpq(2, 5), None), (None, fmpq(9, 10))])
def test_chernoffs_bound_for_coins_lies_above_the_exact_probability_and_decreases(m, ends):
    exact = laws.coins_outside(m, *(None if end is None else end * m for end in ends))
    assert exact < laws.coins_chernoff(m, *ends)
    assert laws.coins_chernoff(m + 1, *ends) < laws.coins_chernoff(m, *ends)


@pytest.mark.parametrize("degrees", [1, 8, 300])
def test_chi_squared_tails_agree_with_scipy_and_lie_below_chernoffs_bound(degrees):
    low, high = fmpq(4, 5), fmpq(5, 4)
    expected = stats.chi2.cdf(0.8 * degrees, degrees) + stats.chi2.sf(1.25 * degrees, degrees)
    with flint.ctx.workprec(256):
        exact = laws.chi_squared_outside(degrees, low * degrees, high * degrees)
        assert float(exact) == pytest.approx(expected, rel=1e-10)
        assert exact < laws.chi_squared_chernoff(degrees, low, high)


def test_the_chi_squared_law_keeps_its_digits_at_large_degrees():
    with flint.ctx.workprec(256):
        assert laws.chi_squared_outside(5000, 4800, 5200).rad() < 1e-30


def test_a_bound_on_the_wrong_side_of_the_mean_counts_one():
    assert laws.coins_chernoff(10, fmpq(3, 5), None) == 1
    assert laws.chi_squared_chernoff(10, None, fmpq(1, 2)) == 1


def test_the_output_of_one_neuron_is_zero_half_of_the_time():
    assert float(laws.output_beyond(1, arb(0))) == pytest.approx(0.5)
    assert float(laws.output_beyond(1, arb(1))) == pytest.approx(stats.norm.sf(1))


@pytest.mark.parametrize("m", [1, 6, 50])
def test_the_bound_on_the_output_holds_at_every_width(m):
    assert laws.output_beyond(m, arb(2)) < laws.output_bound(arb(2))


def test_one_of_independent_events():
    assert float(laws.one_of(3, arb("0.1"))) == pytest.approx(1 - 0.9**3)
    assert laws.one_of(3, arb(1)) == 1


def test_networks_have_the_exact_laws():
    cell = {"n": 4, "d": 6, "m": 9, "inputs": "orthonormal", "draws": 4000}
    drawn = first_layer.features(cell, stream(1, "test", cell))
    beyond = np.maximum(np.abs(drawn["smallest_singular"] ** 2 - 0.5), np.abs(drawn["largest_singular"] ** 2 - 0.5))
    exact = float(laws.one_of(4, laws.coins_outside(9, fmpq(9, 4), fmpq(27, 4))))
    assert stats.binomtest(int((beyond > 0.25).sum()), 4000, exact).pvalue > 1e-6
    assert stats.kstest(drawn["neuron_norm"] ** 2, stats.chi2(6).cdf).pvalue > 1e-6
    assert stats.kstest(drawn["largest_neuron"] ** 2, lambda x: stats.chi2(6).cdf(x) ** 9).pvalue > 1e-6


def test_outputs_have_the_exact_law():
    cell = {"m": 5, "draws": 4000}
    drawn = first_layer.outputs(cell, stream(1, "test", cell))
    exact = float(laws.output_beyond(5, arb("0.5")))
    assert stats.binomtest(int((np.abs(drawn["initial_output"]) > 0.5).sum()), 4000, exact).pvalue > 1e-6
    assert drawn["unsigned_output"].min() >= 0


def test_the_frobenius_norm_is_that_of_the_singular_values():
    cell = {"n": 2, "d": 2, "m": 3, "inputs": "orthonormal", "draws": 50}
    drawn = first_layer.features(cell, stream(2, "test", cell))
    squares = drawn["smallest_singular"] ** 2 + drawn["largest_singular"] ** 2
    assert drawn["feature_norm"] ** 2 == pytest.approx(squares)


def test_unknown_inputs_are_refused():
    with pytest.raises(ValueError, match="no 9 inputs called 'orthonormal'"):
        first_layer.inputs("orthonormal", 9, 8)
