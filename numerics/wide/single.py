"""Draws of the tangent kernel at one input: a binomial and three more variables per layer, at any width.

The derivation is in `numerics.wide.sampler`; the names are the same. For one input z is a number and a layer has one
pattern that matters: N ~ Bin(m, ½) neurons are active, and their K = Σ z² is chi-squared with N degrees of freedom.
"""

from collections.abc import Sequence

import numpy as np

from numerics.wide.one_pass import Kernels

BLOCK = 1024
"""Draws that share a random stream. They are always drawn together, whichever of them are asked for."""


def sample(key: int, draws: range, factor: np.ndarray, widths: Sequence[int], *, beta: float) -> Kernels:
    """Draw the kernels of the networks number `draws` at one input with the factor C₀ (1, 1)."""
    first, last = draws.start // BLOCK, (draws.stop - 1) // BLOCK + 1
    blocks = [_block(key, block, float(factor[0, 0]), widths, beta=beta) for block in range(first, last)]
    wanted = slice(draws.start - first * BLOCK, draws.stop - first * BLOCK)
    ntk, output, nngp = (np.concatenate(column)[wanted] for column in zip(*blocks, strict=True))
    return ntk[:, None, None], output[:, None], nngp[:, None, None]


def _block(key: int, block: int, norm: float, widths: Sequence[int], *, beta: float) -> Kernels:
    """The draws number block·BLOCK and on: Θ, f and Q_L + β², all of shape (BLOCK,)."""
    rng = np.random.Generator(np.random.Philox(key=[key, 0], counter=[0, 0, 0, block]))
    variance = np.full(BLOCK, norm**2)
    layers = []
    for width in widths:
        active = rng.binomial(width, 0.5, BLOCK)
        moment = 2 * rng.standard_gamma(active / 2)
        signal = np.sqrt(2 / width * variance * moment)
        before, variance = variance, signal**2 + beta**2
        length = np.sqrt(np.where(variance > 0, variance, 1.0))
        layers.append((2 / width, active, moment, before, signal / length, beta / length))
    pulled = rng.standard_normal(BLOCK)
    output, ntk = np.sqrt(variance) * pulled, variance.copy()
    root = np.ones(BLOCK)
    for square, active, moment, before, basis, constant in reversed(layers):
        fresh = root * rng.standard_normal(BLOCK)
        held = pulled - basis * fresh - constant * root * rng.standard_normal(BLOCK)
        carried = np.where(active > 0, fresh + basis * held, 0.0)
        rest = 2 * rng.standard_gamma(np.maximum(active - 1, 0) / 2)
        gram = square * (carried**2 + root**2 * rest)
        pulled, root = np.sqrt(square * moment) * carried, np.sqrt(gram)
        ntk += gram * before
    return ntk, output, variance
