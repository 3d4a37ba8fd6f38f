"""Draws of dense networks at initialisation have the moments theory gives them."""

import numpy as np
import pytest

from numerics.dense.measure import activated_pairs, empirical_ntk, jacot_ntk, pairs, two_outputs, unscaled_ntk
from numerics.streams import stream

RARE = 6  # standard errors: probability below 1e-8 for a mean over 10⁴ draws or more


def limits(depth, rho):
    """Σ and Θ of the report after `depth` hidden layers, by the arc-cosine formulas."""
    sigma = theta = rho
    for _ in range(depth):
        angle = np.arccos(sigma)
        theta *= (np.pi - angle) / np.pi
        sigma = (np.sqrt(1 - sigma**2) + (np.pi - angle) * sigma) / np.pi
        theta += sigma
    return theta


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_diagonal_is_unbiased_at_every_width(depth):
    parameters = {"L": depth, "m": 8, "rho": 1.0, "draws": 40_000}
    ntk = empirical_ntk(parameters, stream(0, "diagonal", parameters))["ntk"]
    assert abs(ntk.mean() - (depth + 1)) < RARE * ntk.std() / np.sqrt(len(ntk))


def test_the_variance_of_the_diagonal_at_depth_one():
    # Θ̂ = (4/m) Σ B_r E_r with B Bernoulli(½) and E exponential: E[(BE)^k] = k!/2, so BE has variance 3/4 and
    # fourth cumulant 12 - 4·3·½ - 3·1² + 12·1·¼ - 6/16 = 5.625.
    width, draws = 16, 100_000
    parameters = {"L": 1, "m": width, "rho": 1.0, "draws": draws}
    ntk = empirical_ntk(parameters, stream(0, "variance", parameters))["ntk"]
    variance, fourth = 12 / width, 5.625 * 4**4 / width**3
    error = np.sqrt((fourth + 2 * variance**2) / draws)
    assert abs(ntk.var() - variance) < RARE * error


def test_the_kernel_at_depth_one_is_unbiased_off_the_diagonal():
    parameters = {"L": 1, "m": 8, "rho": 0.5, "draws": 100_000}
    ntk = empirical_ntk(parameters, stream(0, "unbiased", parameters))["ntk"]
    assert abs(ntk.mean() - limits(1, 0.5)) < RARE * ntk.std() / np.sqrt(len(ntk))


def test_the_bias_at_depth_two_off_the_diagonal():
    # m (E Θ̂ - Θ) tends to 0.44; at m = 8 the next order in 1/m is within the standard errors allowed (0.1 in all).
    parameters = {"L": 2, "m": 8, "rho": 0.5, "draws": 400_000}
    ntk = empirical_ntk(parameters, stream(0, "bias", parameters))["ntk"]
    assert abs(8 * (ntk.mean() - limits(2, 0.5)) - 0.44) < 8 * RARE * ntk.std() / np.sqrt(len(ntk))


def test_the_output_has_mean_zero_and_variance_one():
    parameters = {"L": 2, "m": 32, "rho": 0.5, "draws": 20_000}
    output = empirical_ntk(parameters, stream(0, "output", parameters))["output"]
    assert abs(output.mean()) < RARE * output.std() / np.sqrt(len(output))
    assert abs((output**2).mean() - 1) < RARE * (output**2).std() / np.sqrt(len(output))


@pytest.mark.parametrize(("layers", "width", "bias"), [(2, 16, 0.0), (3, 64, 0.13)])
def test_jacots_kernel_tends_to_the_limit_of_the_recursion(layers, width, bias):
    # With one hidden layer the mean is the limit; with two its bias is 0.13/m (measured at m = 8 and 16).
    beta, rho = 0.5, 0.5
    parameters = {"L": layers, "m": width, "rho": rho, "beta": beta, "draws": 20_000}
    ntk = jacot_ntk(parameters, stream(0, "jacot", parameters))["ntk"]
    same, cross = 1 + beta**2, rho + beta**2
    theta = cross
    for _ in range(layers - 1):
        angle = np.arccos(cross / same)
        cross = same * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi) + beta**2
        same = same / 2 + beta**2
        theta = theta * (np.pi - angle) / (2 * np.pi) + cross
    assert abs(ntk.mean() - theta) < RARE * ntk.std() / np.sqrt(len(ntk)) + bias / width


def erf_limits(rho, beta):
    """Σ^(2) and Θ^(2) for erf with biases at ‖x‖² = n₀, by Williams' formula and its derivative."""
    variance, covariance = 1 + beta**2, rho + beta**2
    sigma = 2 / np.pi * np.arcsin(2 * covariance / (1 + 2 * variance)) + beta**2
    slopes = 4 / np.pi / np.sqrt((1 + 2 * variance) ** 2 - 4 * covariance**2)
    return sigma, covariance * slopes + sigma


def test_the_kernels_of_two_outputs_with_one_hidden_layer_have_the_mean_of_the_limit():
    parameters = {"L": 2, "m": 16, "rho": 0.5, "beta": 0.5, "activation": "erf", "draws": 40_000}
    columns = two_outputs(parameters, stream(0, "two", parameters))
    sigma, theta = erf_limits(0.5, 0.5)
    expected = {"ntk": theta, "ntk_across": 0.0, "output_covariance": sigma, "output_variance": erf_limits(1, 0.5)[0]}
    assert columns.keys() == expected.keys()
    for name, value in expected.items():
        column = columns[name]
        assert column.shape == (40_000,)
        assert abs(column.mean() - value) < RARE * column.std() / np.sqrt(len(column)), name


def test_the_two_networks_of_a_pair_are_independent_and_alike():
    parameters = {"L": 2, "m": 16, "rho": 0.5, "beta": 0.5, "draws": 20_000}
    columns = activated_pairs(parameters, stream(0, "pairs", parameters))
    assert pairs(parameters, stream(0, "pairs", parameters))["ntk_copy"].tolist() == columns["ntk_copy"].tolist()
    for name in ("ntk", "activated_ntk"):
        one, other = columns[name], columns[f"{name}_copy"]
        assert abs(np.corrcoef(one, other)[0, 1]) < RARE / np.sqrt(len(one))
        assert abs((one - other).mean()) < RARE * (one - other).std() / np.sqrt(len(one))


def test_an_activated_output_multiplies_the_kernel_by_its_slopes():
    parameters = {"L": 3, "m": 8, "rho": 0.5, "beta": 0.5, "draws": 2000}
    columns = activated_pairs(parameters, stream(0, "slopes", parameters))
    factor = columns["activated_ntk"] / columns["ntk"]  # σ'(f(x)) σ'(f(x')), for the ReLU 0 or 1
    assert set(np.round(factor, 12)) == {0.0, 1.0}


@pytest.mark.parametrize("width", [4, 16])
def test_the_mean_of_the_kernel_without_scaling_grows_with_the_width(width):
    # With ‖x‖ = 1 and β = 1 a preactivation has variance 2, so Θ̂ has the mean m (1 + 2·½) + 1.
    parameters = {"L": 2, "m": width, "rho": 1.0, "draws": 40_000}
    ntk = unscaled_ntk(parameters, stream(0, "unscaled", parameters))["ntk"]
    assert abs(ntk.mean() - (2 * width + 1)) < RARE * ntk.std() / np.sqrt(len(ntk))
