"""One function of the tangent kernel and the outputs together, by samplers that must agree and by others that must not.

The gradient of a network at a point determines the output there (without biases f(x) is the inner product of the
gradient with respect to one layer's weights and those weights), so kernel and outputs depend on each other. What is
recorded is the squared slope of the outputs along the gradients,

    (f(x) - f(x'))²/‖∂f(x)/∂θ - ∂f(x')/∂θ‖² = (f(x) - f(x'))²/(Θ(x, x) - 2Θ(x, x') + Θ(x', x')),

and 0 where the gradients are equal: a function of all that a sampler draws at two points.
"""

import math
from collections.abc import Callable

import numpy as np

from numerics import dense, wide
from numerics.data import span
from numerics.streams import Columns, Parameters, batches

Pull = Callable[[dense.Weights, dense.Weights, int, np.ndarray, np.ndarray], np.ndarray]
"""AᵀB from the weights, fresh ones, the layer, the signals (draws, n, neurons) before it and B (draws, n, neurons)."""


def slopes(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the squared slope at two unit inputs with inner product `rho`, for `L` hidden layers of width `m`.

    ReLU networks with factor `beta` on the biases. Columns, one entry for each of the `draws`, independent of one
    another: `exact_slope` by the exact sampler, `dense_slope` from networks drawn weight by weight, and from wrong
    backward passes over such networks: `unconditioned_slope` with weights drawn anew, `unprojected_slope` with weights
    conditioned on the forward pass, but for a fresh part that is not orthogonal to the signals, `uncorrelated_slope`
    with a fresh part that is independent at the two inputs (not at the read-out, where both have the same backward
    signal).
    """
    depth, width, draws = (int(parameters[name]) for name in ("L", "m", "draws"))
    beta, inputs = float(parameters["beta"]), span(float(parameters["rho"]))
    network = dense.Network(
        sizes=(inputs.shape[1], *[width] * depth, 1),
        activation=dense.ACTIVATIONS["relu"],
        scales=(1.0, *[math.sqrt(2 / width)] * depth),
        beta=beta,
    )
    exact = wide.sample(inputs, [width] * depth, draws, rng, beta=beta)
    columns = {"exact_slope": slope(exact.ntk, exact.outputs)}
    weights = dense.sample(network, inputs, draws, rng)
    columns["dense_slope"] = slope(weights.ntk[..., 0, 0], weights.outputs[..., 0])
    for name, pull in WRONG.items():
        columns[name] = slope(*_backward(network, inputs, draws, rng, pull))
    return columns


def slope(ntk: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """The squared slope of two outputs (draws, 2) along gradients with the Gram matrices (draws, 2, 2).

    Rounded to 9 digits after the point: a layer without active neurons leaves equal gradients with positive
    probability, and equal values, or zeros, that differ by rounding errors would count as different.
    """
    distance = ntk[:, 0, 0] - 2 * ntk[:, 0, 1] + ntk[:, 1, 1]
    apart = distance > 1e-12 * (ntk[:, 0, 0] + ntk[:, 1, 1])
    difference = (outputs[:, 0] - outputs[:, 1]) ** 2
    return np.round(np.where(apart, difference / np.where(apart, distance, 1.0), 0.0), 9)


def _backward(
    network: dense.Network, inputs: np.ndarray, draws: int, rng: np.random.Generator, pull: Pull
) -> tuple[np.ndarray, np.ndarray]:
    """Draw kernels and outputs with a backward pass of one's own."""
    kernels, outputs = [], []
    for count in batches(draws, max(fan_out * fan_in for fan_out, fan_in in network.fans)):
        weights, fresh = dense.draw(network, count, rng), dense.draw(network, count, rng)
        passed = dense.forward(network, weights, inputs)
        signal, kernel = np.ones((count, len(inputs), 1)), np.zeros((count, len(inputs), len(inputs)))
        for h in range(len(network.fans) - 1, -1, -1):
            before = network.scales[h] * passed.signals[h]
            kernel += (signal @ signal.swapaxes(1, 2)) * (before @ before.swapaxes(-1, -2) + network.beta**2)
            if h > 0:
                pulled = network.scales[h] * pull(weights, fresh, h, passed.signals[h], signal)
                signal = (passed.preactivations[h - 1] > 0) * pulled
        kernels.append(kernel)
        outputs.append(passed.output[..., 0])
    return np.concatenate(kernels), np.concatenate(outputs)


def _unconditioned(_: dense.Weights, fresh: dense.Weights, h: int, __: np.ndarray, signal: np.ndarray) -> np.ndarray:
    return signal @ fresh.matrices[h]


def _unprojected(
    weights: dense.Weights, fresh: dense.Weights, h: int, before: np.ndarray, signal: np.ndarray
) -> np.ndarray:
    return signal @ weights.matrices[h] @ _projector(before) + signal @ fresh.matrices[h]


def _uncorrelated(
    weights: dense.Weights, fresh: dense.Weights, h: int, before: np.ndarray, signal: np.ndarray
) -> np.ndarray:
    if signal.shape[-1] == 1:
        return signal @ weights.matrices[h]
    held = _projector(before)
    free = np.eye(held.shape[-1]) - held
    own = [signal[:, :1] @ weights.matrices[h] @ free, signal[:, 1:] @ fresh.matrices[h] @ free]
    return signal @ weights.matrices[h] @ held + np.concatenate(own, axis=1)


def _projector(before: np.ndarray) -> np.ndarray:
    """The orthogonal projector onto the span of the signals."""
    return np.linalg.pinv(before) @ before


WRONG: dict[str, Pull] = {
    "unconditioned_slope": _unconditioned,
    "unprojected_slope": _unprojected,
    "uncorrelated_slope": _uncorrelated,
}
"""Wrong backward passes, by the name of their column. The last is right at one input, and wrong at two."""
