"""Dimensions of eigenspaces in the order of the eigenvalues: counted in the matrix, and for each law of the inputs."""

from itertools import pairwise, product
from math import comb

import numpy as np
import pytest
from flint import arb, fmpq

from numerics.spectra import gaussian
from numerics.spectra.duals import DUALS
from numerics.spectra.eigenspaces import Inputs, dimension, lead, leading
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution, multiplicity


def kernel(activation="relu", depth=2, weights=2, biases=1, kind="ntk"):
    return Kernel(
        dual=DUALS[activation],
        depth=depth,
        weight_variance=fmpq(weights),
        bias_variance=fmpq(biases),
        kind=Kind(kind),
    )


@pytest.mark.parametrize(("activation", "biases"), [("relu", 1), ("erf", 1), ("erf", 0), ("relu", 0)])
def test_on_the_cube_they_are_the_multiplicities_in_the_matrix(activation, biases):
    found, d = kernel(activation, 1, biases=biases), 6
    points = np.array(list(product((-1, 1), repeat=d)))
    values = [float(arb(found(fmpq(d - 2 * r, d)))) for r in range(d + 1)]
    eigenvalues = np.linalg.eigvalsh(np.array(values)[(d - points @ points.T) // 2] / 2**d)[::-1]
    jumps = np.flatnonzero(-np.diff(eigenvalues) > 1e-9) + 1
    expected = np.diff([0, *jumps, 2**d])
    assert [dimension(found, Inputs.CUBE, d, place) for place in range(len(expected))] == list(expected)
    with pytest.raises(ValueError, match=f"there are {len(expected)} distinct eigenvalues"):
        dimension(found, Inputs.CUBE, d, len(expected))


@pytest.mark.parametrize("inputs", [Inputs.CUBE, Inputs.SPHERE])
def test_with_biases_the_place_is_the_degree(inputs):
    for place in range(5):
        size = dimension(kernel(), inputs, 40, place)
        assert size == multiplicity(Distribution(inputs), 40, place)


@pytest.mark.parametrize("inputs", [Inputs.CUBE, Inputs.SPHERE])
def test_degrees_that_vanish_are_skipped(inputs):
    odd, shallow = kernel("erf", biases=0), kernel(depth=1, biases=0)
    on = Distribution(inputs)
    assert [dimension(odd, inputs, 40, place) for place in range(3)] == [multiplicity(on, 40, k) for k in (1, 3, 5)]
    skipped = [dimension(shallow, inputs, 40, place) for place in range(5)]
    assert skipped == [multiplicity(on, 40, k) for k in (0, 1, 2, 4, 6)]


def test_the_eigenvalue_zero_of_an_odd_kernel_has_half_of_the_dimensions():
    assert dimension(kernel("erf", biases=0), Inputs.CUBE, 7, 4) == 2**6


def test_a_small_cube_has_another_order():
    """One layer of ReLUs at d = 3: degree 3 is missing, and comes last."""
    sizes = [dimension(kernel(depth=1, biases=0), Inputs.CUBE, 3, place) for place in range(4)]
    assert sizes == [comb(3, k) for k in range(4)]


def test_under_the_gaussian_the_third_largest_eigenvalue_is_radial():
    found = kernel(depth=1, kind="ck")
    assert [dimension(found, Inputs.GAUSSIAN, 128, place) for place in range(3)] == [1, 128, 1]
    with pytest.raises(ValueError, match="none at place 3"):
        dimension(found, Inputs.GAUSSIAN, 128, 3)


def test_under_the_gaussian_homogeneous_kernels_have_the_eigenvalues_of_the_sphere():
    found = kernel(biases=0)
    for k in range(3):
        assert dimension(found, Inputs.GAUSSIAN, 24, k) == dimension(found, Inputs.SPHERE, 24, k)
        sector = gaussian.eigenvalues(found, 24, k, nodes=8)
        assert sector[0] == pytest.approx(float(leading(found, Inputs.GAUSSIAN, 24, k)), rel=1e-10)


def test_what_the_bounds_do_not_decide_is_not_guessed():
    with pytest.raises(ArithmeticError, match="do not single out"):
        dimension(kernel("erf", 1, kind="ck"), Inputs.GAUSSIAN, 8, 2)


def test_places_are_counted_from_zero():
    with pytest.raises(ValueError, match="no place -1"):
        dimension(kernel(), Inputs.CUBE, 8, -1)


@pytest.mark.parametrize("inputs", [Inputs.CUBE, Inputs.SPHERE])
def test_the_guaranteed_lead_is_at_most_the_ratio_of_neighbouring_eigenvalues(inputs):
    for k in range(4):
        ratio = leading(kernel(), inputs, 40, k) / leading(kernel(), inputs, 40, k + 1)
        assert lead(kernel(), inputs, 40, k) < ratio
    with pytest.raises(ValueError, match="more than one eigenvalue"):
        lead(kernel(), Inputs.GAUSSIAN, 40, 1)


@pytest.mark.parametrize("inputs", [Inputs.CUBE, Inputs.SPHERE])
def test_the_guaranteed_lead_grows_with_the_dimension(inputs):
    for k in range(6):
        leads = [lead(kernel(), inputs, d, k) for d in (4000, 5000, 5001, 9000, 50000)]
        assert all(one < other for one, other in pairwise(leads))


@pytest.mark.parametrize("inputs", [Inputs.CUBE, Inputs.SPHERE])
def test_two_degrees_further_up_the_eigenvalue_is_no_larger(inputs):
    for found in (kernel(), kernel("erf", biases=0)):
        mu = [leading(found, inputs, 12, k) for k in range(13)]
        assert all(mu[k + 2] < mu[k] or mu[k + 2] == mu[k] == 0 for k in range(11))
