"""Draws of the tangent kernel from sums over neurons by sign pattern: one pass over the normals, O(2ⁿn³) beside it.

The derivation is in `numerics.wide.sampler`; the names are the same. Neurons of a layer with the sign pattern p enter
through their number N_p and moments K_p = Σ z zᵀ alone. Rotated among themselves (which changes no inner product),
k_p = min(N_p, r) of them carry the forward signal, the rows of a factor of K_p, and the other N_p - k_p have none:
their backward signal is fresh, with a Wishart Gram matrix. Neurons that no input activates play no part.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numba
import numpy as np

from numerics.compiled import linked
from numerics.wide.normals import counters, fill
from numerics.wide.patterns import pattern_sums
from numerics.wide.reflections import orthonormalise, root, triangularise
from numerics.wide.tape import chi_squared, normal, tape

FEW = 1024
"""Layers of up to so many neurons are summed in one call, without the cost of setting up threads."""

Kernels = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Tangent kernels (draws, n, n), outputs (draws, n), covariances of the outputs given the layers before."""


class Layers(NamedTuple):
    """What the forward pass leaves of the hidden layers h = 1, …, L, the first of which has index 0 in all but C."""

    factors: np.ndarray
    """C_h for h = 0, …, L: (L + 1, n, n), of which the first `ranks[h]` rows are used."""
    ranks: np.ndarray
    bases: np.ndarray
    """Orthonormal columns spanning the rotated signals, the constant neuron of the biases last: (L, rows, n)."""
    loadings: np.ndarray
    """Coordinates z of the rotated neurons: (L, rows, n)."""
    patterns: np.ndarray
    """Sign patterns of the rotated neurons: (L, rows)."""
    sizes: np.ndarray
    """How many rotated neurons a layer has."""
    spare: np.ndarray
    """N_p - k_p: (L, 2ⁿ)."""
    scales: np.ndarray
    """√(2/m_h)."""
    beta: float
    signal: np.ndarray
    """Room for the signals of one layer: (2·rows, n)."""
    square: np.ndarray
    """Room for S and Y of one layer: (2, n, n)."""
    pivots: np.ndarray
    row: np.ndarray
    """Room for n numbers."""


def sample(
    key: int, draws: range, factor: np.ndarray, widths: Sequence[int], *, beta: float, threads: int = 1
) -> Kernels:
    """Draw the kernels of the networks number `draws` at inputs with the factor C₀ (rank, n), n at most 8."""
    n = factor.shape[1]
    layers = _space(factor, widths, beta)
    ntk, outputs, nngp = np.zeros((len(draws), n, n)), np.zeros((len(draws), n)), np.zeros((len(draws), n, n))
    counts, moments = np.zeros(2**n, dtype=np.int64), np.zeros((2**n, n, n))
    for place, draw in enumerate(draws):
        for h, width in enumerate(widths):
            before = layers.factors[h, : layers.ranks[h]]
            if width <= FEW and len(before):
                _few_sums(counters(key, draw, h + 1), width, before, counts, moments)
                forward(layers, h, counts, moments)
            else:
                forward(layers, h, *pattern_sums(key, draw, h + 1, width, before, threads))
        backward(layers, tape(key, draw), ntk[place], outputs[place], nngp[place])
    return ntk, outputs, nngp


def _space(factor: np.ndarray, widths: Sequence[int], beta: float) -> Layers:
    depth, (rank, n) = len(widths), factor.shape
    rows = min(max(widths), (2**n - 1) * n) + 1
    factors = np.zeros((depth + 1, n, n))
    factors[0, :rank] = factor
    ranks = np.zeros(depth + 1, dtype=np.int64)
    ranks[0] = rank
    return Layers(
        factors=factors,
        ranks=ranks,
        bases=np.zeros((depth, rows, n)),
        loadings=np.zeros((depth, rows, n)),
        patterns=np.zeros((depth, rows), dtype=np.int64),
        sizes=np.zeros(depth, dtype=np.int64),
        spare=np.zeros((depth, 2**n), dtype=np.int64),
        scales=np.sqrt(2 / np.array(widths, dtype=float)),
        beta=float(beta),
        signal=np.zeros((2 * rows, n)),
        square=np.zeros((2, n, n)),
        pivots=np.zeros(n, dtype=np.int64),
        row=np.zeros(n),
    )


@linked
def _few_sums(stream: Any, width: Any, factor: Any, counts: Any, moments: Any) -> None:
    """What `pattern_sums` returns, for few neurons; `moments` may be larger than needed, and both hold older sums."""
    rank, n = factor.shape
    for p in range(len(counts)):
        if counts[p] > 0:
            counts[p] = 0
            moments[p] = 0.0
    key, draw, layer = stream
    z = np.empty((width, rank))
    fill(key, draw, layer, numba.uint64(0), z)
    for i in range(width):
        p = 0
        for j in range(n):
            total = 0.0
            for a in range(rank):
                total += z[i, a] * factor[a, j]
            p |= (total > 0) << j
        counts[p] += 1
        for a in range(rank):
            for b in range(rank):
                moments[p, a, b] += z[i, a] * z[i, b]


@linked
def forward(layers: Any, h: Any, counts: Any, moments: Any) -> None:
    """Put layer h + 1 together from its sums by sign pattern, and the factor of its signals. Uses `moments` up."""
    rank, n = layers.ranks[h], layers.factors.shape[2]
    loading, pattern, signal = layers.loadings[h], layers.patterns[h], layers.signal
    rows = 0
    for p in range(1, len(counts)):
        carriers = min(counts[p], rank)
        layers.spare[h, p] = counts[p] - carriers
        if carriers > 0:
            root(moments[p, :rank, :rank], loading[rows : rows + carriers])
            pattern[rows : rows + carriers] = p
            rows += carriers
    layers.sizes[h] = rows
    for i in range(rows):
        for j in range(n):
            total = 0.0
            if pattern[i] >> j & 1:
                for a in range(rank):
                    total += loading[i, a] * layers.factors[h, a, j]
            signal[i, j] = layers.scales[h] * total
    if layers.beta > 0:
        signal[rows] = layers.beta
        rows += 1
    layers.ranks[h + 1] = orthonormalise(
        signal[:rows], layers.bases[h], layers.factors[h + 1], layers.pivots, layers.row
    )


@linked
def backward(layers: Any, source: Any, ntk: Any, output: Any, nngp: Any) -> None:
    """Draw the output and the backward signals, last layer to first; write Θ, f and Q_L + β²."""
    depth, n = layers.sizes.shape[0], layers.factors.shape[2]
    rank, (spread, pulled) = layers.ranks[depth], layers.square
    output[:] = 0.0
    for a in range(rank):
        pulled[a] = normal(source)
        for j in range(n):
            output[j] += layers.factors[depth, a, j] * pulled[a, j]
    spread[0] = 1.0
    freedom = 1
    nngp[:] = 0.0
    _add_product(nngp, spread[:1], layers.factors[depth, :rank])
    ntk[:] = nngp
    for h in range(depth - 1, -1, -1):
        size = layers.sizes[h]
        constant = int(layers.beta > 0)
        _draw_signal(source, spread[:freedom], layers.signal[: size + constant])
        _pull(layers, h, pulled, layers.signal[: size + constant])
        size += _draw_tails(layers, h, source, spread[:freedom])
        freedom = triangularise(layers.signal[:size], spread, layers.pivots, layers.row)
        _add_product(ntk, spread[:freedom], layers.factors[h, : layers.ranks[h]])


@numba.njit(error_model="numpy", forceinline=True)
def _add_product(total: Any, one: Any, other: Any) -> None:
    """Add (AᵀA) ⊙ (BᵀB)."""
    n = total.shape[0]
    for i in range(n):
        for j in range(n):
            left = right = 0.0
            for a in range(one.shape[0]):
                left += one[a, i] * one[a, j]
            for a in range(other.shape[0]):
                right += other[a, i] * other[a, j]
            total[i, j] += left * right


@numba.njit(error_model="numpy", forceinline=True)
def _draw_signal(source: Any, spread: Any, signal: Any) -> None:
    """Draw U = ES at the rotated neurons and the constant one."""
    freedom, n = spread.shape
    signal[:] = 0.0
    for i in range(signal.shape[0]):
        for a in range(freedom):
            fresh = normal(source)
            for j in range(n):
                signal[i, j] += fresh * spread[a, j]


@numba.njit(error_model="numpy", forceinline=True)
def _pull(layers: Any, h: Any, pulled: Any, signal: Any) -> None:
    """Turn U into B at the rotated neurons of layer h + 1, and Y = ZᵀB of the layer after it into that of this one."""
    n, size, rank, next_rank = signal.shape[1], layers.sizes[h], layers.ranks[h], layers.ranks[h + 1]
    basis, loading, pattern = layers.bases[h], layers.loadings[h], layers.patterns[h]
    for i in range(signal.shape[0]):  # H = Y - QᵀU
        for a in range(next_rank):
            for j in range(n):
                pulled[a, j] -= basis[i, a] * signal[i, j]
    for i in range(size):
        for j in range(n):
            if pattern[i] >> j & 1:
                for a in range(next_rank):
                    signal[i, j] += basis[i, a] * pulled[a, j]
                signal[i, j] *= layers.scales[h]
            else:
                signal[i, j] = 0.0
    pulled[:] = 0.0
    for i in range(size):
        for a in range(rank):
            for j in range(n):
                pulled[a, j] += loading[i, a] * signal[i, j]


@numba.njit(error_model="numpy", forceinline=True)
def _draw_tails(layers: Any, h: Any, source: Any, spread: Any) -> Any:
    """Draw the rows of factors of B's Gram matrix at all other neurons, by Bartlett's; return how many there are."""
    freedom, n = spread.shape
    rows = layers.sizes[h]
    for p in range(1, layers.spare.shape[1]):
        spare = layers.spare[h, p]
        for k in range(min(spare, freedom)):
            row = layers.signal[rows]
            row[:] = 0.0
            for a in range(k, freedom):
                fresh = layers.scales[h] * (np.sqrt(chi_squared(source, spare - k)) if a == k else normal(source))
                for j in range(n):
                    if p >> j & 1:
                        row[j] += fresh * spread[a, j]
            rows += 1
    return rows - layers.sizes[h]
