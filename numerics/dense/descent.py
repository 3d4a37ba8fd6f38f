"""Gradient descent of dense networks: how far the tangent kernel moves while it is trained."""

import numpy as np

from numerics.dense.measure import jacot
from numerics.dense.namespace import Array, Namespace
from numerics.dense.network import Network, Weights, draw
from numerics.dense.passes import backward, forward, tangent_kernel
from numerics.streams import Columns, Parameters, batches

LABELS = np.array([1.0, -1.0])
"""The labels of x and x'."""


def descend(
    network: Network, weights: Weights, inputs: Array, labels: Array, rate: float, *, xp: Namespace = np
) -> Weights:
    """Take one step of gradient descent on ½ Σ_i (f(x_i) - y_i)², for networks with one output; `labels` (n,).

    With the residuals r_i the gradient is s_h Σ_i r_i Bʰ(x_i) gʰ⁻¹(x_i)ᵀ by Wʰ, and β Σ_i r_i Bʰ(x_i) by bʰ.
    """
    passed = forward(network, weights, inputs, xp=xp)
    residual = passed.output[..., 0] - labels
    weighted = [
        residual[..., None] * signal[:, :, 0, :] for signal in backward(network, weights, passed, xp=xp)
    ]  # (draws, n, n_h)
    return Weights(
        matrices=tuple(
            matrix - rate * scale * xp.matmul(xp.moveaxis(pull, -1, -2), signal)
            for matrix, scale, pull, signal in zip(
                weights.matrices, network.scales, weighted, passed.signals, strict=True
            )
        ),
        biases=tuple(
            bias - rate * network.beta * xp.sum(pull, axis=1)
            for bias, pull in zip(weights.biases, weighted, strict=False)
        ),
    )


def kernel_drift(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw how far gradient descent moves the tangent kernel of a network in Jacot's parametrisation (see `jacot`).

    Half the sum of the squared errors at x and x', whose labels are 1 and -1, is descended in `steps` steps at the
    `rate` given.
    Columns, one entry for each of the `draws`: `drift` = |Θ̂(x, x') after training - Θ̂(x, x') before| and `loss`, the
    error Σ_i (f(x_i) - y_i)² left after training.
    """
    network, inputs = jacot(parameters)
    drift, loss = [], []
    for count in batches(int(parameters["draws"]), max(fan_out * fan_in for fan_out, fan_in in network.fans)):
        weights = draw(network, count, rng)
        before, _ = tangent_kernel(network, weights, inputs)
        for _ in range(int(parameters["steps"])):
            weights = descend(network, weights, inputs, LABELS, float(parameters["rate"]))
        after, passed = tangent_kernel(network, weights, inputs)
        drift.append(np.abs(after - before)[:, 0, 1, 0, 0])
        loss.append(((passed.output[..., 0] - LABELS) ** 2).sum(axis=-1))
    return {"drift": np.concatenate(drift), "loss": np.concatenate(loss)}
