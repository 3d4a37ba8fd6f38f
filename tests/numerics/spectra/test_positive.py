"""The fast eigenvalues against the certified ones: every degree keeps its digits."""

import flint
import numpy as np
import pytest
from flint import fmpq

from numerics.spectra import cube, positive, sphere
from numerics.spectra.duals import DUALS, ERF, RELU
from numerics.spectra.ends import Ends
from numerics.spectra.kernels import Kernel, Kind

VARIANCES = {
    "critical": (fmpq(2), fmpq(0)),
    "biased": (fmpq(2), fmpq(1, 10)),
    "large": (fmpq(4), fmpq(0)),
    "small weights": (fmpq(1, 2), fmpq(2)),
}


def kernel(dual=RELU, depth=2, variances="biased", kind="ntk"):
    weights, biases = VARIANCES[variances]
    return Kernel(dual=dual, depth=depth, weight_variance=weights, bias_variance=biases, kind=Kind(kind))


def worst(found, certified):
    """The largest relative error; zeros have to be exact."""
    expected = np.array([float(mu) for mu in certified])
    assert np.array_equal(found == 0, expected == 0)
    return np.max(np.abs(found[expected > 0] / expected[expected > 0] - 1))


@pytest.mark.parametrize("dual", [RELU, ERF], ids=["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
@pytest.mark.parametrize("depth", [0, 1, 3, 16])
@pytest.mark.parametrize("variances", VARIANCES)
def test_every_degree_of_a_large_cube_keeps_ten_digits(dual, kind, depth, variances):
    found = kernel(dual, depth, variances, kind)
    assert worst(positive.cube_eigenvalues(found, 128), cube.eigenvalues(found, 128, digits=20)) < 1e-10


@pytest.mark.parametrize("variances", ["biased", "small weights"])
def test_the_deepest_networks_keep_ten_digits(variances):
    """With small weights the kernel is constant but for a part of 1e-77, which the digits are those of."""
    found = kernel(RELU, 128, variances, "ck")
    assert worst(positive.cube_eigenvalues(found, 48), cube.eigenvalues(found, 48, digits=15)) < 1e-10


@pytest.mark.parametrize("d", [1, 2, 3, 9, 40])
@pytest.mark.parametrize("dual", [RELU, ERF], ids=["relu", "erf"])
def test_small_cubes(d, dual):
    found = kernel(dual)
    assert worst(positive.cube_eigenvalues(found, d), cube.eigenvalues(found, d)) < 1e-12


@pytest.mark.parametrize("dual", [RELU, ERF], ids=["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
def test_the_sphere_keeps_ten_digits(dual, kind):
    found = kernel(dual, 3, "critical", kind)
    assert worst(positive.sphere_eigenvalues(found, 24, 8), sphere.eigenvalues(found, 24, 8)) < 1e-10


@pytest.mark.parametrize("dual", [RELU, ERF], ids=["relu", "erf"])
def test_taylor_coefficients_are_those_of_ball_arithmetic(dual):
    found = kernel(dual, 3)
    with flint.ctx.workprec(256):
        expected = [float(a) for a in found.series(60)]
    np.testing.assert_allclose(positive.taylor(found, 60), expected, rtol=1e-12)


@pytest.mark.parametrize("name", list(DUALS))
def test_gaps_are_those_of_the_kernel(name):
    ends = Ends.first(2.0, 0.5)
    for _ in range(3):
        ends = ends.next(2.0, 0.5, ends.duals(name))
    for kind, top, gaps in (("ck", ends.q, ends.gaps), ("ntk", ends.tangent, ends.tangent_gaps)):
        found = Kernel(dual=DUALS[name], depth=3, weight_variance=fmpq(2), bias_variance=fmpq(1, 2), kind=Kind(kind))
        assert top == pytest.approx(float(found.diagonal()), rel=1e-14)
        expected = [float(found.diagonal() - found(fmpq(c))) for c in (0, -1)]
        assert gaps == pytest.approx(expected, rel=1e-13)


def test_an_odd_network_stays_odd_in_any_depth():
    ends = Ends.first(4.0, 0.0)
    for _ in range(200):
        ends = ends.next(4.0, 0.0, ends.duals("erf"))
    assert ends.gaps[1] == 2 * ends.q


def test_what_double_precision_cannot_hold_is_refused():
    with pytest.raises(ArithmeticError, match="double precision cannot hold the eigenvalue of degree"):
        positive.cube_eigenvalues(kernel(ERF), 1000)
    with pytest.raises(ArithmeticError, match="converges too slowly"):
        positive.sphere_eigenvalues(kernel(RELU, 1), 3, 2)


@pytest.mark.parametrize(("d", "message"), [(0, "1 to 1000, not 0"), (1001, "not 1001")])
def test_dimensions_out_of_range_are_refused(d, message):
    with pytest.raises(ValueError, match=message):
        positive.cube_eigenvalues(kernel(), d)
