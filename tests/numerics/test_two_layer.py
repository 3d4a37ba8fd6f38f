"""Two-layer networks at initialisation: every sampler agrees with gradients, and with the moments theory gives."""

import numpy as np
import pytest
from scipy.special import erfc

from numerics import data
from numerics.data import span
from numerics.streams import standard_normals, stream
from numerics.two_layer import first_layer_kernel, gram_entries, min_norm_solution

RARE = 6  # standard errors


def relu(z):
    return np.where(z.real > 0, z, 0)


def sigmoid(z):
    return erfc(-z / np.sqrt(2)) / 2


def jacobian(function, parameters):
    """Derivatives by complex steps: one row for each parameter."""
    return np.array([function(parameters + 1e-30j * step).imag for step in np.eye(parameters.size)]) / 1e-30


def mean_is(sample, value):
    return abs(sample.mean() - value) < RARE * sample.std() / np.sqrt(len(sample))


def test_the_first_layer_kernel_is_the_inner_product_of_gradients():
    parameters = {"m": 7, "rho": 0.5, "draws": 1}
    weights = standard_normals(stream(0, "ds", parameters), 2, 7)
    signs = np.array([1, -1, 1, 1, -1, -1, 1])
    gradients = jacobian(lambda w: relu(span(0.5) @ w.reshape(2, 7)) @ signs / np.sqrt(7), weights.ravel())
    kernel = first_layer_kernel(parameters, stream(0, "ds", parameters))["kernel"]
    assert kernel == pytest.approx(gradients[:, 0] @ gradients[:, 1], rel=1e-13)


@pytest.mark.parametrize("rho", [-0.5, 0.5, 1.0])
def test_the_first_layer_kernel_is_a_binomial_average(rho):
    parameters = {"m": 64, "rho": rho, "draws": 20_000}
    kernel = first_layer_kernel(parameters, stream(0, "arccos", parameters))["kernel"]
    both = 0.5 - np.arccos(rho) / (2 * np.pi)
    assert mean_is(kernel, rho * both)
    assert mean_is((kernel - rho * both) ** 2, rho**2 * both * (1 - both) / 64)
    assert np.allclose(kernel * 64 / rho, np.rint(kernel * 64 / rho), atol=1e-10)


def test_the_gram_entries_are_the_inner_products_of_gradients():
    parameters = {"m": 5, "rho": 0.5, "draws": 1}
    rng = stream(0, "be", parameters)
    weights, readout = standard_normals(rng, 2, 5).ravel(), rng.uniform(-1, 1, 5)
    inputs = span(0.5)
    by_weights = jacobian(lambda w: sigmoid(inputs @ w.reshape(2, 5)) @ readout / np.sqrt(5), weights)
    by_readout = jacobian(lambda a: sigmoid(inputs @ weights.reshape(2, 5)) @ a / np.sqrt(5), readout)
    drawn = gram_entries(parameters, stream(0, "be", parameters))
    assert drawn["gram_g"] == pytest.approx(by_readout[:, 0] @ by_readout[:, 1], rel=1e-12)
    assert drawn["gram_h"] == pytest.approx(by_weights[:, 0] @ by_weights[:, 1], rel=1e-12)


@pytest.mark.parametrize("rho", [-0.3, 0.5, 1.0])
def test_the_gram_entries_have_the_means_of_the_limiting_kernels(rho):
    # E[Φ(u)Φ(v)] = ¼ + arcsin(ρ/2)/2π; E[φ(u)φ(v)] = det(I + C)^(-½)/2π with C = [[1, ρ], [ρ, 1]]; E[a²] = 1/3.
    parameters = {"m": 32, "rho": rho, "draws": 20_000}
    drawn = gram_entries(parameters, stream(0, "means", parameters))
    assert mean_is(drawn["gram_g"], 0.25 + np.arcsin(rho / 2) / (2 * np.pi))
    assert mean_is(drawn["gram_h"], rho / 3 / (2 * np.pi * np.sqrt(4 - rho**2)))


@pytest.mark.parametrize("width", [2, 3, 6])
def test_the_minimum_norm_solution_is_that_of_least_squares(width):
    problem, parameters = data.regression(), {"m": width, "draws": 1}
    weights = standard_normals(stream(0, "l12", parameters), 8, width)
    signs = np.array([1.0] * ((width + 1) // 2) + [-1.0] * (width // 2))

    def output(w):
        return relu(problem.inputs @ w.reshape(8, width)) @ signs / np.sqrt(width)

    features = jacobian(output, weights.ravel()).T
    solution = np.linalg.lstsq(features, problem.labels - output(weights), rcond=1e-6)[0]
    drawn = min_norm_solution(parameters, stream(0, "l12", parameters))
    assert drawn["solution_norm"] == pytest.approx(np.linalg.norm(solution), rel=1e-9)
    assert drawn["initial_norm"] == pytest.approx(np.linalg.norm(weights), rel=1e-13)


def test_the_initial_weights_have_dm_entries_of_variance_one():
    parameters = {"m": 32, "draws": 5000}
    assert mean_is(min_norm_solution(parameters, stream(0, "chi", parameters))["initial_norm"] ** 2, 8 * 32)


def test_the_points_for_regression_are_unit_vectors_and_not_orthogonal():
    gram = data.regression().inputs @ data.regression().inputs.T
    assert np.diag(gram) == pytest.approx(np.ones(8), abs=1e-15)
    assert gram[0] == pytest.approx(0.5 ** np.arange(8), abs=1e-15)


def test_the_labels_for_gradient_flow_are_orthogonal_to_the_constant():
    problem = data.contrast()
    gram = problem.inputs @ problem.inputs.T
    assert gram == pytest.approx(np.full((4, 4), 0.2) + 0.8 * np.eye(4), abs=1e-15)
    assert problem.labels.sum() == 0


def test_inner_products_of_unit_vectors_need_a_unit_diagonal():
    with pytest.raises(ValueError, match="diagonal"):
        data.unit_vectors(2 * np.eye(3))
