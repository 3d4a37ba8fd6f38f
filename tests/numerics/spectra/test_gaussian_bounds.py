"""Bounds under the Gaussian: they hold what the discretised operator has, and tell the largest eigenvalues apart."""

from dataclasses import replace

import pytest
from flint import fmpq

from numerics.spectra import gaussian, gaussian_bounds
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind

CASES = [("relu", 2, 1, 64), ("erf", 4, 4, 128)]


def kernel(activation, weights, biases, depth=1, kind="ck"):
    return Kernel(
        dual=DUALS[activation],
        depth=depth,
        weight_variance=fmpq(weights),
        bias_variance=fmpq(biases),
        kind=Kind(kind),
    )


def holds(ball, value, slack=1e-9):
    """Whether a ball holds a number known to about ten digits."""
    return float(ball.lower()) * (1 - slack) <= value <= float(ball.upper()) * (1 + slack)


@pytest.mark.parametrize(("activation", "weights", "biases", "d"), CASES)
def test_the_bounds_hold_the_eigenvalues_of_the_discretised_operator(activation, weights, biases, d):
    found = kernel(activation, weights, biases)
    sectors = [gaussian.eigenvalues(found, d, degree, nodes=10) for degree in range(gaussian_bounds.HIGHEST + 1)]
    for degree, sector in enumerate(sectors):
        assert holds(gaussian_bounds.leading(found, d, degree), sector[0])
    first, second, more = gaussian_bounds.radial(found, d)
    assert holds(first, sectors[0][0])
    assert holds(second, sectors[0][1])
    assert sectors[0][2] <= float(more.upper())
    rest = [*sectors[0][2:], *sectors[1][1:], *sectors[2], *sectors[3]]
    assert max(rest) <= float(gaussian_bounds.others(found, d).upper())


@pytest.mark.parametrize(("activation", "weights", "biases", "d"), CASES)
def test_the_linear_eigenvalue_lies_between_the_radial_ones_and_all_others_below(activation, weights, biases, d):
    found = kernel(activation, weights, biases)
    first, second, _ = gaussian_bounds.radial(found, d)
    linear = gaussian_bounds.leading(found, d, 1)
    assert first > linear
    assert linear > second
    assert second > gaussian_bounds.others(found, d)


def test_the_largest_of_a_degree_is_known_to_a_part_of_the_order_of_one_over_the_dimension():
    found = kernel("erf", 4, 4)
    for d in (64, 256):
        top = gaussian_bounds.leading(found, d, 2)
        assert top.rad() < 8 / d * top.mid()


def test_other_networks_dimensions_and_degrees_are_refused():
    steeper = replace(kernel("erf", 1, 1), dual=replace(DUALS["erf"], name="one whose diagonal may not be concave"))
    for other in (kernel("relu", 2, 1, depth=2), kernel("relu", 2, 1, kind="ntk"), steeper):
        with pytest.raises(ValueError, match="one hidden layer"):
            gaussian_bounds.leading(other, 64, 1)
    with pytest.raises(ValueError, match="dimension of 3 or more, not 2"):
        gaussian_bounds.radial(kernel("erf", 1, 1), 2)
    with pytest.raises(ValueError, match="degrees 0 to 3, not 4"):
        gaussian_bounds.leading(kernel("erf", 1, 1), 64, 4)
