"""The sphere against quadrature, and the Gaussian against the sphere, samples and known cases."""

from math import comb

import numpy as np
import pytest
from flint import arb, fmpq
from scipy.special import eval_gegenbauer, roots_jacobi

from numerics.spectra import cube, gaussian, sphere
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution, eigenvalues, multiplicity


def kernel(activation="relu", depth=2, weights=2, biases=(1, 10), kind="ntk"):
    return Kernel(
        dual=DUALS[activation],
        depth=depth,
        weight_variance=fmpq(weights),
        bias_variance=fmpq(*biases),
        kind=Kind(kind),
    )


def quadrature(function, d, degree):
    """E Φ(t) P_k(t) by Gauss's rule for the weight (1 - t²)^((d-3)/2)."""
    t, weights = roots_jacobi(300, (d - 3) / 2, (d - 3) / 2)
    values = np.array([float(arb(function(arb(node)))) for node in t])
    index = d / 2 - 1
    return [
        np.sum(weights * values * eval_gegenbauer(k, index, t)) / eval_gegenbauer(k, index, 1.0) / weights.sum()
        for k in range(degree + 1)
    ]


@pytest.mark.parametrize("activation", ["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
@pytest.mark.parametrize(("d", "degree"), [(8, 4), (24, 5), (100, 4)])
def test_the_series_agrees_with_quadrature(activation, kind, d, degree):
    found = kernel(activation, kind=kind)
    expected = quadrature(found, d, degree)
    mu = sphere.eigenvalues(found, d, degree, digits=7)
    np.testing.assert_allclose([float(value) for value in mu], expected, rtol=1e-6, atol=1e-13)


@pytest.mark.parametrize("d", [3, 10, 64])
def test_moments_are_those_of_the_first_coordinate(d):
    t, weights = roots_jacobi(40, (d - 3) / 2, (d - 3) / 2)
    for k in range(4):
        polynomial = eval_gegenbauer(k, d / 2 - 1, t) / eval_gegenbauer(k, d / 2 - 1, 1.0)
        expected = [np.sum(weights * t**j * polynomial) / weights.sum() for j in range(12)]
        np.testing.assert_allclose([float(m) for m in sphere.moments(d, k, 12)], expected, atol=1e-13)


def test_eigenvalues_that_vanish_are_exact_zeros_and_the_others_have_the_digits_asked_for():
    mu = sphere.eigenvalues(kernel("relu", 1, 2, (0, 1)), 20, 7)
    assert [k for k, value in enumerate(mu) if value == 0] == [3, 5, 7]
    assert all(cube.is_tight(value, 12) for value in mu)


def test_more_digits_than_the_terms_allow_are_refused(monkeypatch):
    monkeypatch.setattr(sphere, "MOST_TERMS", 512)
    with pytest.raises(ArithmeticError, match="ask for fewer"):
        sphere.eigenvalues(kernel(depth=1), 3, 2, digits=20)


@pytest.mark.parametrize(("d", "degree"), [(2, 1), (5, -1)])
def test_dimensions_and_degrees_out_of_range_are_refused(d, degree):
    for function in (sphere.eigenvalues, gaussian.eigenvalues):
        with pytest.raises(ValueError, match="3"):
            function(kernel(), d, degree)


def test_the_cube_and_the_sphere_agree_in_high_dimension():
    for k in range(4):
        on = {
            distribution: float(eigenvalues(kernel(), distribution, 400, k, digits=10)[k])
            for distribution in Distribution
        }
        assert on[Distribution.CUBE] == pytest.approx(on[Distribution.SPHERE], rel=0.05)


def test_multiplicities_add_up():
    """On the cube to all functions; on the sphere to the homogeneous polynomials of degrees n and n - 1."""
    d, n = 7, 4
    assert sum(multiplicity(Distribution.CUBE, d, k) for k in range(d + 1)) == 2**d
    harmonics = sum(multiplicity(Distribution.SPHERE, d, k) for k in range(n + 1))
    assert harmonics == comb(d + n - 1, n) + comb(d + n - 2, n - 1)


def test_gauss_rule_of_the_norms_is_exact_for_polynomials():
    d = 12
    nodes, weights = gaussian.radial_nodes(d, 6)
    moment = 1.0
    for power in range(6):
        assert np.sum(weights * nodes**power) == pytest.approx(moment, rel=1e-12)
        moment *= (d + 2 * power) / d


def test_a_homogeneous_kernel_has_one_eigenvalue_in_every_sector():
    """Without biases the ReLU kernel is ‖x‖‖y‖Φ(cos): its sectors have rank 1, and E u = 1 gives the sphere's value."""
    found = kernel("relu", 2, 2, (0, 1))
    on_sphere = sphere.eigenvalues(found, 32, 2)
    for k in range(3):
        sector = gaussian.eigenvalues(found, 32, k, nodes=8)
        assert sector[0] == pytest.approx(float(on_sphere[k]), rel=1e-10)
        assert np.abs(sector[1:]).max() < 1e-12


def test_the_sectors_add_up_to_the_trace():
    """E Φ(x, x) is the sum over degrees of multiplicity times eigenvalues; an affine kernel has two degrees."""
    found = kernel(depth=0, weights=3, biases=(1, 2))
    assert gaussian.eigenvalues(found, 9, 0)[0] == pytest.approx(0.5)
    assert 9 * gaussian.eigenvalues(found, 9, 1)[0] == pytest.approx(3.0)
    assert np.abs(gaussian.eigenvalues(found, 9, 2)).max() < 1e-14


def test_nodes_do_not_change_the_leading_eigenvalues():
    found = kernel("erf", 1, 2, (1, 1))
    few, many = (gaussian.eigenvalues(found, 20, 1, nodes=nodes)[:2] for nodes in (16, 22))
    np.testing.assert_allclose(few, many, rtol=1e-7)


def test_sampled_inputs_have_these_eigenvalues():
    """The Gram matrix over n, of n Gaussian inputs, has the operator's largest eigenvalues up to noise of 1/√n."""
    rng, d, n = np.random.default_rng(0), 6, 1500
    x = rng.standard_normal((n, d))
    s = 2 * x @ x.T / d + 1
    p = 1 + 2 * np.diag(s)
    gram = 2 * (2 / np.pi) * np.arcsin(2 * s / np.sqrt(np.outer(p, p))) + 1
    found = kernel("erf", 1, 2, (1, 1), kind="ck")
    largest = np.linalg.eigvalsh(gram / n)[-1]
    assert largest == pytest.approx(gaussian.eigenvalues(found, d, 0, nodes=16)[0], rel=0.05)
