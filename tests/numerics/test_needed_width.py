"""The width needed, from draws, against the exact law with one hidden layer and against itself."""

import math

import flint
import pytest

from numerics.exact_law import failure_probability, least_width
from numerics.needed_width import errors, needed_width


@pytest.mark.parametrize("epsilon", ["0.1", "0.3", "0.5"])
def test_the_band_holds_the_width_that_the_exact_law_needs(epsilon):
    found = needed_width(0, 1, float(epsilon), delta=0.05, draws=20_000, alpha=1e-6)
    exact = least_width(2 * flint.arb(epsilon), flint.arb(1) / 20)
    assert found.low <= exact <= found.high
    assert abs(found.estimate / exact - 1) < 0.08


def test_a_band_that_stays_open_is_an_error():
    with pytest.raises(ArithmeticError, match="leave a side of the band open"):
        needed_width(0, 1, 0.3, delta=0.05, draws=200, alpha=1e-6)


def test_the_frequency_of_failure_is_that_of_the_exact_law():
    sample = errors(0, 1, 50, 20_000)
    low, high = sample.interval(0.3, 1e-9)
    assert low < float(failure_probability(50, flint.arb("0.6"))) < high
    assert sample.failures(0.3) == sum(sample.values > 0.3)


def test_an_interval_without_failures_begins_at_zero():
    sample = errors(0, 2, 2**30, 1000)
    low, high = sample.interval(0.1, 0.01)
    assert low == 0
    assert high == pytest.approx(1 - 0.005 ** (1 / 1000))


def test_the_error_decays_like_the_inverse_square_root_of_the_width():
    narrow, wide = (errors(0, 3, m, 40_000).quantile(0.95) for m in (2**14, 2**34))
    assert math.log2(narrow / wide) == pytest.approx(10, abs=0.1)
