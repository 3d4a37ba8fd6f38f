"""The empirical tangent kernel is the inner product of gradients, and samples have the moments theory gives them."""

import numpy as np
import pytest

from numerics.initialisation import empirical_ntk, jacot_ntk, span, tangent_kernel
from numerics.streams import standard_normals, stream

RARE = 6  # standard errors: probability below 1e-8 for a mean over 10⁴ draws or more


def gradient(output, parameters):
    """The gradient by complex steps, which no rounding spoils."""
    steps = 1e-30j * np.eye(parameters.size)
    return np.array([output(parameters + step).imag for step in steps]) / 1e-30


def network(flat, x, fans, scales, beta=0.0):
    """A ReLU network written out layer by layer, over one flat vector: all weights, then all biases."""
    signal, weights, biases = x, flat, flat[sum(rows * columns for rows, columns in fans) :]
    for (rows, columns), scale in zip(fans, scales, strict=True):
        matrix, weights = weights[: rows * columns].reshape(rows, columns), weights[rows * columns :]
        signal = scale * matrix @ np.where(signal.real > 0, signal, 0) if signal is not x else scale * matrix @ x
        if beta:
            signal, biases = signal + beta * biases[:rows], biases[rows:]
    return signal[0]


def limits(depth, rho):
    """Σ and Θ of the report after `depth` hidden layers, by the arc-cosine formulas."""
    sigma = theta = rho
    for _ in range(depth):
        angle = np.arccos(sigma)
        theta *= (np.pi - angle) / np.pi
        sigma = (np.sqrt(1 - sigma**2) + (np.pi - angle) * sigma) / np.pi
        theta += sigma
    return theta


@pytest.mark.parametrize("beta", [0.0, 0.7])
@pytest.mark.parametrize("sizes", [(3, 1), (3, 4, 1), (2, 5, 3, 1), (3, 2, 4, 2, 1)])
def test_the_kernel_is_the_inner_product_of_gradients(sizes, beta):
    rng = stream(0, "gradients", {"layers": len(sizes), "beta": beta})
    fans = [(sizes[h + 1], sizes[h]) for h in range(len(sizes) - 1)]
    scales = [0.5 + 0.3 * h for h in range(len(fans))]
    inputs = rng.standard_normal((2, sizes[0]))
    weights = [rng.standard_normal((6, *fan)) for fan in fans]
    biases = [rng.standard_normal((6, fan[0])) for fan in fans]
    kernel, output = tangent_kernel(inputs, weights, scales, biases if beta else None, beta)
    for draw in range(6):
        flat = np.concatenate([w[draw].ravel() for w in weights] + [b[draw] for b in biases if beta])
        gradients = [gradient(lambda p, x=x: network(p, x, fans, scales, beta), flat) for x in inputs]
        assert kernel[draw] == pytest.approx(gradients[0] @ gradients[1], rel=1e-12, abs=1e-14)
        assert output[draw] == pytest.approx(network(flat, inputs[0], fans, scales, beta), rel=1e-12)


@pytest.mark.parametrize("rho", [-1.0, 0.5, 1.0])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_draw_of_the_reports_network_is_the_kernel_of_that_network(depth, rho):
    parameters = {"L": depth, "m": 3, "rho": rho, "draws": 1}
    drawn = empirical_ntk(parameters, stream(1, "draw", parameters))
    inputs = span(rho)
    fans = [(3, inputs.shape[1])] + [(3, 3)] * (depth - 1) + [(1, 3)]
    rng = stream(1, "draw", parameters)
    flat = np.concatenate([standard_normals(rng, *fan).ravel() for fan in fans])

    def output(p, x):  # gʰ = √(2/m) max(fʰ, 0), as printed
        return network(p, x, fans, [1.0] + [np.sqrt(2 / 3)] * depth)

    gradients = [gradient(lambda p, x=x: output(p, x), flat) for x in inputs]
    assert drawn["ntk"][0] == pytest.approx(gradients[0] @ gradients[1], rel=1e-12, abs=1e-14)
    assert drawn["output"][0] == pytest.approx(output(flat, inputs[0]), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("layers", [2, 3])
def test_a_draw_of_jacots_network_is_the_kernel_of_that_network(layers):
    parameters = {"L": layers, "m": 3, "rho": 0.5, "beta": 0.4, "draws": 1}
    fans = [(3, 2)] + [(3, 3)] * (layers - 2) + [(1, 3)]
    rng = stream(2, "draw", parameters)
    flat = [standard_normals(rng, *fan).ravel() for fan in fans] + [standard_normals(rng, fan[0]) for fan in fans]
    inputs, scales = np.sqrt(2) * span(0.5), [1 / np.sqrt(fan_in) for _, fan_in in fans]
    gradients = [gradient(lambda p, x=x: network(p, x, fans, scales, 0.4), np.concatenate(flat)) for x in inputs]
    drawn = jacot_ntk(parameters, stream(2, "draw", parameters))["ntk"][0]
    assert drawn == pytest.approx(gradients[0] @ gradients[1], rel=1e-12)


@pytest.mark.parametrize("rho", [-1.0, -0.3, 0.0, 0.5, 1 - 1e-12, 1.0])
def test_the_span_of_two_unit_vectors(rho):
    gram = span(rho) @ span(rho).T
    assert gram == pytest.approx(np.array([[1, rho], [rho, 1]]), abs=1e-15)


def test_no_two_unit_vectors_have_an_inner_product_above_one():
    with pytest.raises(ValueError, match="inner product"):
        span(1.01)


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


def test_a_last_batch_that_is_not_full_is_measured_too():
    parameters = {"L": 2, "m": 16, "rho": 0.5, "draws": 1000}
    columns = empirical_ntk(parameters, stream(0, "batches", parameters))
    assert all(len(column) == 1000 and np.isfinite(column).all() for column in columns.values())
