"""The exact law at depth one: against direct sums, against samples, and at its atom."""

import math
from fractions import Fraction
from itertools import pairwise

import flint
import numpy as np
import pytest
from scipy.special import gammainc, gammaincc

from numerics.dense.measure import empirical_ntk
from numerics.exact_law import cdf, failure_probability, least_failure_probability, least_width
from numerics.streams import stream


def direct(m, tolerance):
    """P(|Θ̂ - 2| > tolerance) as the plain mixture, in double precision."""
    total = 0.0
    for count in range(m + 1):
        if count == 0:
            tail = float(tolerance < 2)
        else:
            tail = gammaincc(count, m * (2 + tolerance) / 4)
            tail += gammainc(count, m * (2 - tolerance) / 4) if tolerance < 2 else 0.0
        total += math.comb(m, count) / 2**m * tail
    return total


@pytest.mark.parametrize("m", [1, 2, 3, 12, 60])
@pytest.mark.parametrize("tolerance", [0.1, 1.0, 1.9, 2.0, 2.5, 8.0])
def test_the_failure_probability_is_the_mixture(m, tolerance):
    assert float(failure_probability(m, tolerance)) == pytest.approx(direct(m, tolerance), rel=1e-10)


@pytest.mark.parametrize("epsilon", [2, 4, 8, 16])
def test_one_neuron_fails_with_half_an_exponential_tail(epsilon):
    # P(|Θ̂ - 2| > 2ε) = ½ P(4E > 2 + 2ε) = ½ exp(-(1+ε)/2) for ε >= 1: not below exp(-ε⁴/C) for any C.
    with flint.ctx.workprec(128):
        exact = (-flint.arb(1 + epsilon) / 2).exp() / 2
        difference = failure_probability(1, 2 * epsilon) - exact
        assert difference.contains(0)
        assert difference.rad() < 1e-35


def test_the_atom_at_zero_fails_below_a_tolerance_of_two_and_not_at_it():
    at, below = failure_probability(3, 2), failure_probability(3, 2 - 1e-12)
    assert float(below - at) == pytest.approx(2**-3, abs=1e-11)


def test_a_tolerance_that_may_or_may_not_be_two_is_refused():
    with pytest.raises(ValueError, match="side of 2"):
        failure_probability(3, flint.arb(2, 1e-9))


@pytest.mark.parametrize("tolerance", [0, -1])
def test_a_tolerance_that_is_not_positive_is_refused(tolerance):
    with pytest.raises(ValueError, match="positive"):
        failure_probability(3, tolerance)


@pytest.mark.parametrize(("m", "tolerance"), [(1000, 0.2), (20_000, 0.05)])
def test_the_enclosure_holds_when_the_sum_is_cut(m, tolerance):
    coarse, fine = failure_probability(m, tolerance, prec=40), failure_probability(m, tolerance, prec=300)
    assert coarse.overlaps(fine)
    assert 0 < coarse.rad() < 1e-10
    assert fine.rad() < 1e-80


def test_far_tails_are_enclosed_and_not_lost_to_rounding():
    probability = failure_probability(100_000, flint.fmpq(1, 10))
    assert 1.1010e-19 < float(probability) < 1.1011e-19
    assert probability.rad() < 1e-30


@pytest.mark.parametrize("tolerance", ["1/20", "1/2", "19/10", "2", "5"])
def test_the_failure_probability_decreases_in_the_width(tolerance):
    bound = Fraction(tolerance)
    bound = flint.fmpq(bound.numerator, bound.denominator)
    probabilities = [failure_probability(m, bound) for m in range(1, 150)]
    assert all(wider < narrower for narrower, wider in pairwise(probabilities))


def test_a_width_of_12_is_the_first_to_meet_one_in_ten_at_the_tolerance_eight_fifths():
    tolerance = flint.fmpq(8, 5)
    assert failure_probability(12, tolerance) <= 0.1 < failure_probability(11, tolerance)


@pytest.mark.parametrize("m", [1, 3, 64])
def test_the_law_is_that_of_the_sampled_networks(m):
    # Dvoretzky-Kiefer-Wolfowitz: sup |F_n - F| exceeds √(log(2/α)/2n) with probability at most α.
    draws = 40_000
    parameters = {"L": 1, "m": m, "rho": 1.0, "draws": draws}
    sample = np.sort(empirical_ntk(parameters, stream(0, "law", parameters))["ntk"])
    steps = np.arange(1, draws + 1) / draws
    law = cdf(m, sample)
    positive = sample > 0
    distance = max(np.abs(law - steps)[positive].max(), np.abs(law - (steps - 1 / draws))[positive].max())
    assert max(distance, abs(cdf(m, 0.0) - (~positive).mean())) < math.sqrt(math.log(2 / 1e-9) / (2 * draws))


@pytest.mark.parametrize("m", [1, 5, 300, 100_000])
def test_the_distribution_function_and_the_failure_probability_agree(m):
    below = cdf(m, np.array([2 - 0.01, 2 + 0.01]))
    assert 1 - (below[1] - below[0]) == pytest.approx(float(failure_probability(m, 0.01)), abs=1e-10)


def test_the_distribution_function_has_its_atom_at_zero():
    assert cdf(3, np.array([-1.0, 0.0])).tolist() == [0.0, 2**-3]


@pytest.mark.parametrize("tolerance", [0.02, 0.1, 0.2])
def test_the_least_failure_probability_lies_below_that_of_every_width(tolerance):
    for first, last in ((64, 68), (100, 130), (1, 1), (2, 5)):
        bound = least_failure_probability(first, last, tolerance)
        assert all(bound < failure_probability(m, tolerance) for m in range(first, last + 1))


def test_it_is_of_use_for_widths_up_to_the_inverse_square_of_the_tolerance():
    assert least_failure_probability(940_000, 1_000_000, 0.002) > 0.4


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 4)])
def test_no_width_has_no_least_failure_probability(first, last):
    with pytest.raises(ValueError, match="are none"):
        least_failure_probability(first, last, 0.1)


@pytest.mark.parametrize(("tolerance", "width"), [("0.2", 1152), ("0.6", 127), ("1.6", 17)])
def test_the_least_width_is_the_first_that_meets_the_level(tolerance, width):
    level = flint.arb(1) / 20
    assert least_width(flint.arb(tolerance), level) == width
    assert (
        failure_probability(width, flint.arb(tolerance)) <= level < failure_probability(width - 1, flint.arb(tolerance))
    )
