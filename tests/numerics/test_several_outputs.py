"""Networks with several outputs: the kernel drawn without m × m matrices has the law of the dense one."""

import math

import numpy as np
import pytest
from scipy.stats import ks_2samp

from numerics.dense import ACTIVATIONS, Network, sample
from numerics.dense.network import fan_in_scales
from numerics.several_outputs import (
    INPUTS,
    comparison,
    matrix,
    pseudo_kernel,
    pulled_back,
    regression,
    root,
    tangent_kernel,
)

NEARBY = np.array([[1.0, 0.0], [0.6, 0.8], [-1.0, 0.0], [1.0, 0.0]])
"""Four inputs of a plane: two opposite, two equal."""


def drawn(depth: int, width: int, draws: int, seed: int) -> np.ndarray:
    """Functions of the kernel and the outputs together, one row for each draw."""
    rng = np.random.default_rng(seed)
    return np.array([summary(*tangent_kernel(NEARBY, depth, width, 2, rng)) for _ in range(draws)])


def dense(depth: int, width: int, draws: int, seed: int) -> np.ndarray:
    """The same of networks with dense weights."""
    sizes = (2, *[width] * depth, 2)
    network = Network(sizes=sizes, activation=ACTIVATIONS["relu"], scales=(1.0, *fan_in_scales(sizes[1:], 2.0)))
    found = sample(network, NEARBY, draws, np.random.default_rng(seed))
    return np.array([summary(*pair) for pair in zip(found.ntk, found.outputs, strict=True)])


def summary(kernel: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Joint functions: entries in and between blocks, λ_max, outputs, and how the two go together."""
    return np.array(
        [
            kernel[0, 1, 0, 0],
            kernel[0, 1, 0, 1],
            kernel[0, 2, 1, 1],
            kernel[0, 3, 0, 1] - kernel[0, 0, 0, 1],
            np.linalg.eigvalsh(matrix(kernel))[-1],
            outputs[0, 0] * outputs[1, 1],
            kernel[0, 1, 0, 1] * outputs[0, 0] * outputs[1, 1],
            kernel[1, 1, 0, 0] * outputs[1, 0] ** 2,
        ]
    )


@pytest.mark.parametrize(("depth", "width"), [(1, 4), (2, 3), (2, 12), (3, 4)])
def test_the_law_is_that_of_dense_networks(depth: int, width: int) -> None:
    one, other = drawn(depth, width, 3000, seed=1), dense(depth, width, 3000, seed=2)
    smallest = min(ks_2samp(a, b).pvalue for a, b in zip(one.T, other.T, strict=True) if np.ptp(b) > 1e-12)
    assert smallest > 1e-4


def test_a_backward_pass_with_fresh_weights_has_another_law(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.several_outputs.pulled_back", lambda *known: known[1])
    one, other = drawn(2, 3, 3000, seed=1), dense(2, 3, 3000, seed=2)
    assert min(ks_2samp(a, b).pvalue for a, b in zip(one.T, other.T, strict=True)) < 1e-8


def test_what_is_pulled_back_agrees_with_what_went_forward() -> None:
    rng = np.random.default_rng(3)
    signal, preactivation, backward = (rng.standard_normal((6, k)) for k in (2, 2, 3))
    pulled = pulled_back(backward, rng.standard_normal((6, 3)), signal, preactivation, signal.T @ signal)
    np.testing.assert_allclose(signal.T @ pulled, preactivation.T @ backward, atol=1e-12)


def test_equal_inputs_have_equal_kernels_at_every_depth() -> None:
    kernel, outputs = tangent_kernel(NEARBY, 3, 50, 2, np.random.default_rng(4))
    np.testing.assert_allclose(kernel[0], kernel[3], atol=1e-6)
    np.testing.assert_allclose(outputs[0], outputs[3], atol=1e-6)


def test_the_pseudo_kernel_of_a_kronecker_product_is_its_factor() -> None:
    small = INPUTS @ INPUTS.T
    kernel = small[:, :, None, None] * np.eye(3)
    np.testing.assert_allclose(pseudo_kernel(kernel), small)
    np.testing.assert_allclose(matrix(kernel), np.kron(small, np.eye(3)))


def test_the_mean_square_distance_at_one_hidden_layer_is_the_exact_one() -> None:
    rng, width, outputs, draws = np.random.default_rng(5), 8, 3, 20000
    kernels = np.array([tangent_kernel(INPUTS[[0, 4]], 1, width, outputs, rng)[0] for _ in range(draws)])
    pseudo = kernels.sum((-2, -1))[..., None, None] / outputs * np.eye(outputs)
    squares = ((kernels - pseudo)[:, 0, 1] ** 2).sum((1, 2))
    probability = (math.pi - math.acos(0.6)) / (2 * math.pi)
    exact = 4 * 0.6**2 * probability * (outputs - 1) * (outputs + 4) / width
    assert squares.mean() == pytest.approx(exact, abs=5 * squares.std() / math.sqrt(draws))


def test_the_largest_eigenvalue_of_the_pseudo_kernel_is_never_above_that_of_the_kernel() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        kernel, _ = tangent_kernel(INPUTS, 2, 5, 3, rng)
        top, pseudo = (np.linalg.eigvalsh(a)[-1] for a in (matrix(kernel), pseudo_kernel(kernel)))
        assert pseudo <= top * (1 + 1e-12)


def test_regression_interpolates_and_keeps_the_initial_values_where_the_kernel_vanishes() -> None:
    kernel = np.array([[2.0, 1, 0], [1, 2, 0], [0, 0, 1]])
    initial, labels = np.array([0.5, -1, 0.25]), np.array([1.0, 0])
    assert regression(kernel, initial, labels) == pytest.approx([0.25])
    again = np.vstack((kernel[:2, :2], kernel[:1, :2]))
    square = np.hstack((again, np.zeros((3, 1))))
    assert regression(square, np.append(initial[:2], initial[0]), labels) == pytest.approx([1.0])


def test_the_root_squares_to_the_matrix_even_if_that_is_singular() -> None:
    covariance = NEARBY @ NEARBY.T
    np.testing.assert_allclose(root(covariance) @ root(covariance), covariance, atol=1e-12)


def test_a_comparison_has_one_entry_of_every_column_for_each_draw() -> None:
    columns = comparison({"L": 2, "m": 16, "O": 2, "draws": 7}, np.random.default_rng(7))
    assert {len(values) for values in columns.values()} == {7}
    assert (columns["kernel_error"] > 0).all()
