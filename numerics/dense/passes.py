"""The forward pass, the backward pass, and the tangent kernel put together from the two."""

from dataclasses import dataclass

import numpy as np

from numerics.dense.namespace import Array, Namespace, host, kernel_blocks, product
from numerics.dense.network import Network, Weights, draw
from numerics.streams import batches


@dataclass(frozen=True, kw_only=True)
class Forward:
    """What the forward pass leaves: for each layer h its input gʰ⁻¹ and its preactivations fʰ, and the output.

    Shapes: `signals[0]` (n, n₀), the others and `preactivations` (draws, n, neurons), `output` (draws, n, o).
    """

    signals: tuple[Array, ...]
    preactivations: tuple[Array, ...]
    output: Array


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Independent draws of a network with o outputs at n inputs."""

    ntk: np.ndarray
    """⟨∂f_a(x_i)/∂θ, ∂f_b(x_j)/∂θ⟩ over all parameters θ at the place [:, i, j, a, b]: (draws, n, n, o, o)."""
    outputs: np.ndarray
    """(draws, n, o)."""
    nngp: np.ndarray
    """The covariance s²⟨g(x_i), g(x_j)⟩ + β² of each last preactivation given the layers before: (draws, n, n)."""


def forward(network: Network, weights: Weights, inputs: Array, *, xp: Namespace = np) -> Forward:
    """Run the networks on all inputs, (n, n₀)."""
    signals, preactivations = [inputs], []
    for h, matrix in enumerate(weights.matrices):
        preactivation = network.scales[h] * product(signals[-1], matrix, xp)
        if network.beta:
            preactivation = preactivation + network.beta * weights.biases[h][:, None, :]
        preactivations.append(preactivation)
        if h < len(weights.matrices) - 1 or network.activated_output:
            signals.append(network.activation.value(preactivation, xp))
    output = signals.pop() if network.activated_output else preactivations[-1]
    return Forward(signals=tuple(signals), preactivations=tuple(preactivations), output=output)


def backward(network: Network, weights: Weights, passed: Forward, *, xp: Namespace = np) -> tuple[Array, ...]:
    """The backward signals Bʰ = ∂output/∂fʰ for every layer, each of shape (draws, n, o, n_h).

    B^H is the identity (times σ'(f^H) if the output is activated), and Bʰ⁻¹ = σ'(fʰ⁻¹) ⊙ s_h Bʰ Wʰ.
    """
    last = passed.preactivations[-1]
    slope = network.activation.slope(last, xp) if network.activated_output else xp.ones_like(last)
    signals = [xp.eye(last.shape[-1]) * slope[..., None]]
    for h in range(len(weights.matrices) - 1, 0, -1):
        slope = network.activation.slope(passed.preactivations[h - 1], xp)
        pulled = xp.matmul(signals[0], weights.matrices[h][:, None, :, :])
        signals.insert(0, slope[..., None, :] * (network.scales[h] * pulled))
    return tuple(signals)


def tangent_kernel(network: Network, weights: Weights, inputs: Array, *, xp: Namespace = np) -> tuple[Array, Forward]:
    """Return the tangent kernel of every draw, (draws, n, n, o, o), and the forward pass.

    A weight of layer h has the gradient s_h Bʰ gʰ⁻¹ and a bias β Bʰ, so that the kernel is
    Σ_h ⟨Bʰ(x), Bʰ(x')⟩ (s_h² ⟨gʰ⁻¹(x), gʰ⁻¹(x')⟩ + β²).
    """
    passed = forward(network, weights, inputs, xp=xp)
    layers = zip(network.scales, passed.signals, backward(network, weights, passed, xp=xp), strict=True)
    terms = [
        kernel_blocks(signal, xp) * _covariance(network, scale, before, xp)[..., None, None]
        for scale, before, signal in layers
    ]
    return sum(terms[1:], start=terms[0]), passed


def _covariance(network: Network, scale: float, signal: Array, xp: Namespace) -> Array:
    """s²⟨g(x), g(x')⟩ + β²."""
    return scale**2 * product(signal, signal, xp) + network.beta**2


def sample(
    network: Network,
    inputs: np.ndarray,
    draws: int,
    rng: np.random.Generator,
    *,
    law: str = "normal",
    xp: Namespace = np,
) -> Draws:
    """Draw networks with independent weights of the given law (see `LAWS`), in batches of bounded memory."""
    points = xp.asarray(inputs)
    pieces = []
    for count in batches(draws, max(fan_out * fan_in for fan_out, fan_in in network.fans)):
        weights = draw(network, count, rng, law=law, xp=xp)
        kernel, passed = tangent_kernel(network, weights, points, xp=xp)
        nngp = _covariance(network, network.scales[-1], passed.signals[-1], xp)
        pieces.append([host(array) for array in (kernel, passed.output, nngp)])
    ntk, outputs, nngp = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Draws(ntk=ntk, outputs=outputs, nngp=nngp)
