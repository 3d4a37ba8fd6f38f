"""Draws of the tangent kernel by two passes over the normals of each layer: for more inputs than patterns allow.

The derivation is in `numerics.wide.sampler`; the names are the same. The forward pass takes the QR decomposition
G = QC of the signals chunk by chunk and carries the fresh part of the backward signal along, U = ES with E independent
of everything: it needs QᵀE, not E. The backward pass draws the same Z and E again. Memory does not grow with m.

Q is G times the inverse of the square part of C: a direction in which signals differ by a relative θ is known to
the relative accuracy 2e-16/θ. Directions below `RESOLUTION` are left out.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr, solve_triangular

from numerics.wide.normals import normals
from numerics.wide.one_pass import Kernels
from numerics.wide.tape import LAYER

START, CHUNK = 256, 4096
"""Neurons taken first, and then at a time."""

CONDITION = 1e-6

RESOLUTION = 1e-12
"""Signals closer than this, relative to their norms, to the span of the others count as lying in it."""

FRESH = LAYER + 1
"""The normals E of layer h are those of the layer index `FRESH` + h."""


@dataclass(frozen=True)
class Layer:
    """A hidden layer after the forward pass; Q = G[:, columns]·C[:, columns]⁻¹."""

    number: int
    width: int
    before: np.ndarray
    """C_{h-1} (rank, n): Z times it are the preactivations."""
    after: np.ndarray
    """C_h."""
    columns: np.ndarray
    """As many signals as C_h has rows, linearly independent."""
    projected: np.ndarray
    """QᵀE, the constant neuron of the biases included."""

    @property
    def scale(self) -> float:
        """√(2/m)."""
        return float(np.sqrt(2 / self.width))


def sample(
    key: int, draws: range, factor: np.ndarray, widths: Sequence[int], *, beta: float, threads: int = 1
) -> Kernels:
    """Draw the kernels of the networks number `draws` at inputs with the factor C₀ (rank, n)."""

    def one(draw: int) -> Kernels:
        return _draw(key, draw, factor, widths, beta)

    if threads == 1:
        pieces = [one(draw) for draw in draws]
    else:
        with ThreadPoolExecutor(threads) as pool:
            pieces = list(pool.map(one, draws))
    ntk, outputs, nngp = (np.stack(column) for column in zip(*pieces, strict=True))
    return ntk, outputs, nngp


def _draw(key: int, draw: int, factor: np.ndarray, widths: Sequence[int], beta: float) -> Kernels:
    n = factor.shape[1]
    layers = []
    for h, width in enumerate(widths, start=1):
        layers.append(_forward(key, draw, h, width, factor, fresh=1 if h == len(widths) else n, beta=beta))
        factor = layers[-1].after
    z = normals(key, draw, len(widths) + 1, (1, len(factor)))
    nngp = factor.T @ factor
    ntk, root, pulled = nngp.copy(), np.ones((1, n)), np.repeat(z.T, n, axis=1)
    for layer in reversed(layers):
        root, pulled = _backward(key, draw, layer, root, pulled)
        ntk += (root.T @ root) * (layer.before.T @ layer.before)
    return ntk, (z @ factor)[0], nngp


def _chunks(width: int) -> Iterator[tuple[int, int]]:
    """The neurons in pieces: where each begins and how many it has. The first is small, see `_merge`."""
    first, count = 0, START
    while first < width:
        yield first, min(count, width - first)
        first, count = first + count, CHUNK


def _forward(key: int, draw: int, number: int, width: int, before: np.ndarray, *, fresh: int, beta: float) -> Layer:
    rank, n = before.shape
    triangle, projected = np.zeros((0, n)), np.zeros((0, fresh))
    scale = np.sqrt(2 / width)
    for first, count in _chunks(width):
        signal = scale * np.maximum(normals(key, draw, number, (count, rank), first) @ before, 0)
        normal = normals(key, draw, FRESH + number, (count, fresh), first)
        triangle, projected = _merge(triangle, projected, signal, normal)
    if beta:
        constant = normals(key, draw, FRESH + number, (1, fresh), width)
        triangle, projected = _merge(triangle, projected, np.full((1, n), beta), constant)
    norms = np.linalg.norm(triangle, axis=0)
    norms[norms == 0] = 1.0
    turn, pivoted, order = qr(triangle / norms, mode="economic", pivoting=True)
    kept = int(np.count_nonzero(np.abs(np.diag(pivoted)) > RESOLUTION))
    after = np.empty((kept, n))
    after[:, order] = pivoted[:kept]
    return Layer(number, width, before, after * norms, order[:kept], turn.T[:kept] @ projected)


def _merge(
    triangle: np.ndarray, projected: np.ndarray, signal: np.ndarray, normal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add rows G to a QR decomposition of which R and QᵀE are known, and the rows of E that go with them.

    Where R is well conditioned, [R; G] = [I; W]R with W = GR⁻¹ needs products of matrices only: with the Cholesky
    factor C of I + WᵀW the new ones are CR and C⁻ᵀ(QᵀE + WᵀE'). Unlike GᵀG, WᵀW tells close columns of G apart.
    """
    sizes = np.abs(np.diag(triangle))
    if len(triangle) < triangle.shape[1] or not sizes.min() > CONDITION * np.linalg.norm(triangle):
        basis, triangle = np.linalg.qr(np.vstack([triangle, signal]))
        return triangle, basis.T @ np.vstack([projected, normal])
    relative = signal @ solve_triangular(triangle, np.eye(len(triangle)))
    turn = np.linalg.cholesky(relative.T @ relative + np.eye(len(triangle)))
    return turn.T @ triangle, solve_triangular(turn, projected + relative.T @ normal, lower=True)


def _backward(key: int, draw: int, layer: Layer, root: np.ndarray, pulled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw the backward signal B of a layer: return S with SᵀS = BᵀB, and ZᵀB.

    `root` and `pulled` are those of the layer after it.
    """
    rank, n = layer.before.shape
    fresh, columns = layer.projected.shape[1], layer.columns
    padded = np.zeros((fresh, n))
    padded[: len(root)] = root
    held = pulled - layer.projected @ padded
    held = solve_triangular(layer.after[:, columns], held) if len(columns) else held
    triangle, product = np.zeros((0, n)), np.zeros((rank, n))
    for first, count in _chunks(layer.width):
        z = normals(key, draw, layer.number, (count, rank), first)
        preactivation = z @ layer.before
        signal = normals(key, draw, FRESH + layer.number, (count, fresh), first) @ padded
        signal += layer.scale * np.maximum(preactivation[:, columns], 0) @ held
        signal *= layer.scale * (preactivation > 0)
        product += z.T @ signal
        triangle, _ = _merge(triangle, np.zeros((len(triangle), 0)), signal, np.zeros((count, 0)))
    return triangle, product
