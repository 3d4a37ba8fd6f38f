"""Kernels of arrays: right to a few ulps everywhere, against Arb; and the naive formulas are not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.accuracy import approach, measure
from numerics.angles import Correlation, correlations
from numerics.dual_arrays import erf_duals, erf_recursion, relu_duals, relu_recursion
from numerics.kernel_matrices import relu_kernels, relu_ntk


@pytest.fixture(scope="module")
def rows():
    return measure(np.random.default_rng(), draws=60, depths=(1, 2, 5, 10))


class TestAccuracy:
    """The bounds that are promised: 8 ulps for one layer, 64 ulps of the sum of the terms for up to 10."""

    def test_one_layer(self, rows):
        assert max(row.stable for row in rows if row.quantity in ("κ₀", "κ₁", "1 − κ₁")) <= 8

    def test_ten_layers(self, rows):
        assert max(row.stable for row in rows if row.quantity.startswith("Θ")) <= 64

    def test_vectors_an_angle_of_1e_12_apart_keep_their_digits(self, rows):
        (row,) = (row for row in rows if "vectors" in row.quantity)
        assert row.stable <= 64

    def test_the_naive_formulas_would_not_pass(self, rows):
        lost = {(row.quantity, row.region) for row in rows if row.naive > 1000}
        assert {("1 − κ₁", "ρ near 1"), ("κ₁", "ρ near −1"), ("κ₀", "ρ near −1")} <= lost
        assert any(quantity.startswith("Θ") for quantity, _ in lost)

    def test_every_step_towards_the_ends(self):
        assert all(max(ours) <= 8 for ours, _ in approach().values())


class TestValues:
    def test_at_the_ends_and_in_the_middle(self):
        slope, value, distance = relu_duals(Correlation.of(np.array([-1.0, 0.0, 1.0])))
        assert slope.tolist() == [0, 0.5, 1]
        assert value.tolist() == [0, 1 / math.pi, 1]
        assert distance.tolist() == [1, 1 - 1 / math.pi, 0]

    def test_erf_at_the_ends(self):
        slope, value, distance = erf_duals(Correlation.of(np.array([-1.0, 0.0, 1.0])))
        assert value.tolist() == [-1, 0, 1]
        assert distance.tolist() == [2, 1, 0]
        assert slope[0] == slope[2] > slope[1]

    @given(st.floats(-1, 1), st.integers(0, 6))
    def test_the_recursion_is_the_one_of_the_definition(self, rho, depth):
        correlation = Correlation.of(np.array([rho]))
        theta, parts = np.array([rho]), correlation
        for _ in range(depth):
            slope, value, distance = relu_duals(parts)
            theta, parts = theta * slope + value, Correlation(value, distance, 1 + value)
        found = relu_recursion(correlation, depth)
        rounding = 2**-51 * (depth + 1)  # of terms up to 1: a fused multiply-add rounds once where these round twice
        assert np.allclose(found.ntk, theta, rtol=0, atol=rounding)
        assert np.allclose(found.nngp, parts.rho, rtol=0, atol=rounding)

    @pytest.mark.parametrize("recursion", [relu_recursion, erf_recursion])
    def test_the_diagonal_of_the_covariance_stays_one(self, recursion):
        assert recursion(Correlation.of(np.array([1.0])), 7).nngp.tolist() == [1.0]

    def test_the_diagonal_of_the_relu_ntk_counts_the_layers(self):
        assert relu_recursion(Correlation.of(np.array([1.0])), 7).ntk.tolist() == [8.0]


class TestVectors:
    X = np.random.default_rng(7).standard_normal((6, 4))

    def test_kernels_are_symmetric_positive_definite_and_homogeneous(self):
        found = relu_kernels(self.X, depth=2)
        assert np.array_equal(found.ntk, found.ntk.T)
        assert np.linalg.eigvalsh(found.ntk)[0] > 0
        assert np.allclose(relu_kernels(3 * self.X, depth=2).ntk, 9 * found.ntk, rtol=1e-14)

    def test_the_diagonal_is_the_squared_norm(self):
        assert np.allclose(np.diag(relu_kernels(self.X, depth=3).nngp), (self.X**2).sum(axis=1), rtol=1e-15)

    def test_between_two_sets(self):
        whole = relu_kernels(self.X, depth=1).ntk
        assert np.allclose(relu_kernels(self.X[:2], self.X[2:], depth=1).ntk, whole[:2, 2:], rtol=1e-14)

    def test_float32_in_float32_out(self):
        single = relu_kernels(self.X.astype(np.float32), depth=2).ntk
        assert single.dtype == np.float32
        assert np.allclose(single, relu_kernels(self.X, depth=2).ntk, rtol=1e-6)

    def test_a_matrix_of_several_tiles(self):
        X = np.random.default_rng(8).standard_normal((700, 3))  # in three dimensions some pairs are nearly parallel
        found = relu_kernels(X, depth=3, threads=2)
        assert np.array_equal(found.ntk, found.ntk.T)
        assert np.array_equal(found.ntk, relu_ntk(X, depth=3, threads=1))
        correlation, norms = correlations(X)
        expected = norms * relu_recursion(correlation, 3).ntk
        assert np.allclose(found.ntk, expected, rtol=1e-14, atol=1e-14 * norms.max())
        assert np.allclose(relu_kernels(X[:600], X, depth=3).ntk, expected[:600], rtol=1e-14, atol=1e-14 * norms.max())

    def test_parallel_and_antipodal_vectors(self):
        x = self.X[:1]
        correlation, _ = correlations(x, np.concatenate([4 * x, -x]))
        assert correlation.rho.tolist() == [[1, -1]]
        assert correlation.below_one[0, 0] == correlation.above_minus_one[0, 1] == 0

    def test_a_zero_vector_has_kernel_zero(self):
        assert relu_kernels(np.array([[0.0, 0.0], [1.0, 2.0]]), depth=2).ntk[0].tolist() == [0, 0]

    @given(st.integers(-300, 300))
    def test_the_scale_of_a_vector_does_not_matter(self, power):
        x, y = self.X[:1], self.X[:1] + 1e-9 * self.X[1:2]
        reference = correlations(x, y)[0].below_one[0, 0]
        assert math.isclose(correlations(x * 2.0**power, y)[0].below_one[0, 0], reference, rel_tol=1e-14)


class TestRefusals:
    def test_a_correlation_beyond_one(self):
        with pytest.raises(ValueError, match="between -1 and 1"):
            Correlation.of(np.array([1.0000001]))

    @pytest.mark.parametrize("X", [np.zeros(3), np.array([[np.nan, 1.0]])])
    def test_inputs_that_are_no_rows_of_numbers(self, X):
        with pytest.raises(ValueError):
            correlations(X)

    def test_a_negative_depth(self):
        with pytest.raises(ValueError, match="0 or more"):
            relu_recursion(Correlation.of(np.array([0.5])), -1)
