"""Kernel matrices of infinitely wide ReLU networks between the rows of arrays, tile by tile.

A tile of correlations stays in the processor's cache from the inner products to the last layer. Pairs of rows at a
small angle, or nearly opposite, are done again from their orthogonal parts (`numerics.angles`): the rounding errors of
the inner product would cost them digits.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from joblib import cpu_count
from threadpoolctl import ThreadpoolController

from numerics.angles import CLOSE, Correlation, correlations_of_pairs, pair
from numerics.dual_arrays import Kernels, relu_recursion, relu_tile

_TILE = 128, 512
"""Rows and columns of a tile: half a megabyte in double precision."""


def relu_kernels(X: np.ndarray, Y: np.ndarray | None = None, *, depth: int, threads: int | None = None) -> Kernels:
    """Return Σ^(L) and Θ^(L) between the rows of X and of Y (of X without Y), whatever their norms.

    L = `depth` hidden layers, unit weight variance, no biases, c_σ = 2. By homogeneity the kernels are ‖x‖‖x'‖ times
    their values at unit norm (`numerics.dual_arrays.relu_recursion`). Shapes: X (n, d), Y (m, d), results (n, m), in
    the precision of X (float32 or float64; anything else counts as float64), computed in float64. `threads` is all
    available ones by default; results do not depend on it. Raises ValueError for arrays of other shapes, entries that
    are not finite, or a negative depth.
    """
    return Kernels(*_fill(X, Y, depth, threads, [0, 1]))


def relu_ntk(X: np.ndarray, Y: np.ndarray | None = None, *, depth: int, threads: int | None = None) -> np.ndarray:
    """Return Θ^(L) alone, as `relu_kernels` does, in half the memory."""
    (ntk,) = _fill(X, Y, depth, threads, [1])
    return ntk


def _fill(
    X: np.ndarray, Y: np.ndarray | None, depth: int, threads: int | None, wanted: Sequence[int]
) -> list[np.ndarray]:
    """Return those of the `Kernels` whose places are `wanted`."""
    rows, others = pair(X, Y)
    sizes, other_sizes = np.linalg.norm(rows, axis=1), np.linalg.norm(others, axis=1)
    kind = np.float32 if np.asarray(X).dtype == np.float32 else np.float64
    shape = len(rows), len(others)
    found = [np.empty(shape, dtype=kind) for _ in wanted]

    def fill(tile: tuple[slice, slice]) -> None:
        i, j = tile
        kernels, near = relu_tile(rows[i] @ others[j].T, sizes[i], other_sizes[j], depth, 1 - CLOSE)
        if Y is None and i.start == j.start:
            near = near[near[:, 0] != near[:, 1]]
        if len(near):
            first, second = near.T
            again = relu_recursion(correlations_of_pairs(rows[i][first], others[j][second]), depth)
            for values, exact in zip(kernels, again, strict=True):
                values[first, second] = exact * sizes[i][first] * other_sizes[j][second]
        for which, whole in zip(wanted, found, strict=True):
            whole[i, j] = kernels[which]
            if Y is None:
                _mirror(whole, i, j)

    with _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(threads or cpu_count()) as pool:
        for _ in pool.map(fill, _tiles(*shape, half=Y is None)):
            pass
    if Y is None:
        ends = relu_recursion(Correlation.of(np.array(1.0)), depth)
        for which, whole in zip(wanted, found, strict=True):
            np.fill_diagonal(whole, ends[which] * sizes**2)
    return found


@cache
def _blas() -> ThreadpoolController:
    """What sets the number of threads of the linear algebra; looking for its libraries takes a millisecond."""
    return ThreadpoolController()


def _tiles(n: int, m: int, *, half: bool) -> Iterator[tuple[slice, slice]]:
    """Cover an n × m matrix; or the half of it on and above the diagonal, with the squares on it."""
    height, width = _TILE
    for i in range(0, n, height):
        for j in range(i if half else 0, m, width):
            yield slice(i, min(i + height, n)), slice(j, min(j + width, m))


def _mirror(whole: np.ndarray, i: slice, j: slice) -> None:
    """Copy a tile above the diagonal to its place below, so that the matrix is exactly symmetric."""
    if i.start == j.start:
        square = whole[i, i]
        below = np.tril_indices(len(square), -1)
        square[below] = square.T[below]
        j = slice(i.stop, j.stop)
    whole[j, i] = whole[i, j].T
