"""Triangular and orthonormal factors of small matrices in compiled code. They allocate nothing, to compile fast."""

from typing import Any

import numba
import numpy as np

ROUNDING = 64 * np.finfo(float).eps
"""A column this close to the span of others, relative to its norm, counts as lying in it."""


@numba.njit(error_model="numpy", forceinline=True)
def triangularise(matrix: Any, triangle: Any, pivots: Any, factors: Any) -> Any:
    """Write R of the QR decomposition in echelon form, by Householder's reflections I - τvvᵀ; return its rank.

    Row r of R begins in column `pivots[r]`, where `matrix` keeps v below row r; v is 1 in row r, τ is `factors[r]`.
    A column that lies in the span of those before it up to rounding errors has no row. The rows of `triangle` (n, n)
    beyond the rank become zero; `pivots` and `factors` have n entries.
    """
    rows, n = matrix.shape
    rank = 0
    for k in range(n):
        above, below = _squares(matrix, rank, k)
        if below > ROUNDING**2 * (above + below):
            corner = matrix[rank, k]
            norm = -np.copysign(np.sqrt(below), corner)
            pivots[rank], factors[rank] = k, (norm - corner) / norm
            for i in range(rank + 1, rows):
                matrix[i, k] /= corner - norm
            matrix[rank, k] = 1.0
            _reflect(matrix, matrix, k, rank, factors[rank], k + 1, n)
            matrix[rank, k] = norm
            rank += 1
    triangle[:] = 0.0
    for r in range(rank):
        for j in range(pivots[r], n):
            triangle[r, j] = matrix[r, j]
    return rank


@numba.njit(error_model="numpy", forceinline=True)
def orthonormalise(matrix: Any, basis: Any, triangle: Any, pivots: Any, factors: Any) -> Any:
    """Write orthonormal columns Q to `basis` and R to `triangle`; return how many columns and rows they have."""
    rows = len(matrix)
    rank = triangularise(matrix, triangle, pivots, factors)
    for i in range(rows):
        for j in range(rank):
            basis[i, j] = 1.0 if i == j else 0.0
    for r in range(rank - 1, -1, -1):
        matrix[r, pivots[r]] = 1.0
        _reflect(matrix, basis, pivots[r], r, factors[r], r, rank)
    return rank


@numba.njit(error_model="numpy", forceinline=True)
def root(moments: Any, rows: Any) -> None:
    """Write rows ℓ with Σ ℓ ℓᵀ equal to a matrix of rank at most len(rows), by pivoted Cholesky steps.

    The matrix is used up: what is left of it is zero up to rounding errors.
    """
    size = len(moments)
    rows[:] = 0.0
    for k in range(len(rows)):
        pivot = 0
        for a in range(1, size):
            if moments[a, a] > moments[pivot, pivot]:
                pivot = a
        if not moments[pivot, pivot] > 0:
            break
        scale = 1 / np.sqrt(moments[pivot, pivot])
        for a in range(size):
            rows[k, a] = moments[a, pivot] * scale
        for a in range(size):
            for b in range(size):
                moments[a, b] -= rows[k, a] * rows[k, b]
        for a in range(size):
            moments[a, pivot] = moments[pivot, a] = 0.0


@numba.njit(error_model="numpy", forceinline=True)
def _squares(matrix: Any, row: Any, column: Any) -> Any:
    """The sums of squares of a column above a row, and from it on."""
    above = below = 0.0
    for i in range(row):
        above += matrix[i, column] * matrix[i, column]
    for i in range(row, len(matrix)):
        below += matrix[i, column] * matrix[i, column]
    return above, below


@numba.njit(error_model="numpy", forceinline=True)
def _reflect(  # noqa: PLR0917 - a reflection is given by four of them
    vectors: Any, matrix: Any, column: Any, row: Any, factor: Any, first: Any, last: Any
) -> None:
    """Apply I - τvvᵀ to columns first ≤ j < last of a matrix, v being a column of `vectors` from a row on."""
    for j in range(first, last):
        inner = 0.0
        for i in range(row, len(vectors)):
            inner += vectors[i, column] * matrix[i, j]
        inner *= factor
        for i in range(row, len(vectors)):
            matrix[i, j] -= inner * vectors[i, column]
