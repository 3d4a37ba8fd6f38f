"""The cube: against brute force, in exact arithmetic, and with every digit certified."""

import math
from itertools import product

import flint
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.spectra import cube
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind

VARIANCES = st.tuples(st.integers(1, 9), st.integers(1, 4)).map(lambda pair: fmpq(*pair))
BIASES = st.one_of(st.just(fmpq(0)), VARIANCES)
KERNELS = st.builds(
    Kernel,
    dual=st.sampled_from(list(DUALS.values())),
    depth=st.integers(0, 4),
    weight_variance=VARIANCES,
    bias_variance=BIASES,
    kind=st.sampled_from(list(Kind)),
)


def kernel(activation="relu", depth=2, weights=2, biases="1/10", kind="ntk"):
    p, _, q = biases.partition("/")
    variance = fmpq(int(p), int(q or 1))
    return Kernel(
        dual=DUALS[activation], depth=depth, weight_variance=fmpq(weights), bias_variance=variance, kind=Kind(kind)
    )


@given(KERNELS, st.integers(1, 7))
@settings(max_examples=30)
def test_the_spectrum_of_the_matrix_is_each_eigenvalue_with_its_multiplicity(found, d):
    points = np.array(list(product((-1, 1), repeat=d)))
    values = [float(arb(found(fmpq(d - 2 * r, d)))) for r in range(d + 1)]
    matrix = np.array(values)[(d - points @ points.T) // 2] / 2**d
    expected = np.repeat([float(mu) for mu in cube.eigenvalues(found, d)], [math.comb(d, k) for k in range(d + 1)])
    np.testing.assert_allclose(np.linalg.eigvalsh(matrix), np.sort(expected), atol=1e-12 * max(values))


@given(KERNELS, st.integers(1, 40))
@settings(max_examples=30)
def test_the_trace_is_the_kernel_at_one_input(found, d):
    mu = cube.eigenvalues(found, d)
    with flint.ctx.workdps(40):
        trace = sum((math.comb(d, k) * value for k, value in enumerate(mu)), start=arb(0))
        assert trace.overlaps(found.diagonal())
        assert trace.rad() < 1e-25 * trace


@given(KERNELS, st.integers(1, 40))
@settings(max_examples=20)
def test_eigenvalues_are_not_negative_and_known_to_thirty_digits(found, d):
    for k, mu in enumerate(cube.eigenvalues(found, d)):
        assert cube.is_tight(mu, 30)
        assert (mu == 0) if found.vanishes(k) else (mu > 0)


@pytest.mark.parametrize("d", [1, 2, 5, 8])
def test_krawtchouk_numbers_are_the_coefficients_of_the_generating_function(d):
    for k, row in enumerate(cube.krawtchouk(d)):
        assert row == [int(c) for c in (flint.fmpz_poly([1, -1]) ** k * flint.fmpz_poly([1, 1]) ** (d - k)).coeffs()]


def test_an_affine_kernel_has_two_eigenvalues():
    mu = cube.eigenvalues(kernel(depth=0, weights=3, biases="1/2"), 6)
    assert mu[0].overlaps(arb(1) / 2)
    assert mu[1].overlaps(arb(3) / 6)
    assert mu[2:] == [0] * 5


@pytest.mark.parametrize("activation", ["relu", "erf"])
@pytest.mark.parametrize("depth", [1, 3, 128])
def test_digits_are_there_at_every_degree_of_a_large_cube(activation, depth):
    """At depth 128 with biases the ReLU needs far more bits than the dimension."""
    mu = cube.eigenvalues(kernel(activation, depth), 128)
    assert all(cube.is_tight(value, 30) for value in mu)
    assert mu[64] < 1e-25


def test_more_digits_refine_the_same_numbers():
    few, many = (cube.eigenvalues(kernel("erf", 3), 32, digits=digits) for digits in (10, 100))
    assert all(a.overlaps(b) and b.rad() <= 1e-99 for a, b in zip(few, many, strict=True))


def test_without_biases_an_odd_activation_has_no_even_degrees_and_one_relu_layer_no_odd_ones_beyond_one():
    odd = cube.eigenvalues(kernel("erf", 3, 4, "0"), 9)
    assert [k for k, mu in enumerate(odd) if mu == 0] == [0, 2, 4, 6, 8]
    relu = cube.eigenvalues(kernel("relu", 1, 2, "0"), 9)
    assert [k for k, mu in enumerate(relu) if mu == 0] == [3, 5, 7, 9]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"depth": -1}, "hidden layers"), ({"weights": 0}, "weights is positive"), ({"biases": "-1"}, "biases is 0")],
)
def test_what_is_out_of_range_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        kernel(**change)


def test_a_cube_has_a_dimension():
    with pytest.raises(ValueError, match="dimension of 1 or more, not 0"):
        cube.eigenvalues(kernel(), 0)
