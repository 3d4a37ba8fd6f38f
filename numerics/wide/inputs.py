"""Inputs as the samplers take them: their different directions, and a triangular factor of those directions' Gram.

With β > 0 every input has β as one coordinate more. A network without biases is positively homogeneous, so parallel
inputs of the same direction share one draw, whatever their norms.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr

PARALLEL = 16 * np.finfo(float).eps
"""Unit vectors whose distance is at most this, a few rounding errors, are one direction."""


@dataclass(frozen=True, kw_only=True)
class Directions:
    """n inputs as multiples of k different ones: input i is `scales[i]` times direction `which[i]`."""

    factor: np.ndarray
    """C₀ (rank, k), where C₀ᵀC₀ is the Gram matrix of the directions."""
    which: np.ndarray
    scales: np.ndarray

    @property
    def count(self) -> int:
        """The number k of different directions."""
        return self.factor.shape[1]


def directions(inputs: np.ndarray, beta: float) -> Directions:
    """Find the different directions among inputs (n, d); zero inputs have none and the scale 0.

    Gram matrices are never formed: C₀ comes from the QR decomposition of the directions themselves, so angles far
    below the root of the rounding unit are kept. Rows of it at the level of rounding errors are left out: the result
    is exact for inputs moved by rounding errors.
    """
    vectors = np.hstack([inputs, np.full((len(inputs), 1), beta)]) if beta else inputs
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    safe = np.where(largest > 0, largest, 1.0)
    norms = largest * np.linalg.norm(vectors / safe[:, None], axis=1)
    units = vectors / safe[:, None] / np.where(norms > 0, norms / safe, 1.0)[:, None]
    found: list[int] = []
    which = np.zeros(len(vectors), dtype=int)
    for i in np.flatnonzero(norms > 0):
        same = [k for k, j in enumerate(found) if np.linalg.norm(units[i] - units[j]) <= PARALLEL]
        which[i] = same[0] if same else len(found)
        if not same:
            found.append(int(i))
    lengths = norms[found] if beta else np.ones(len(found))
    scales = (norms > 0).astype(float) if beta else norms
    return Directions(factor=_factor(units[found]) * lengths, which=which, scales=scales)


def _factor(units: np.ndarray) -> np.ndarray:
    """R of the QR decomposition of unit columns, given as rows, without the rows at the level of rounding errors."""
    if not len(units):
        return np.zeros((0, 0))
    triangle, order = qr(units.T, mode="r", pivoting=True)
    # The diagonal decreases: entry k is the largest distance of a unit vector from the span of the first k.
    rank = int(np.count_nonzero(np.abs(np.diag(triangle)) > max(units.shape) * np.finfo(float).eps))
    factor = np.empty((rank, len(units)))
    factor[:, order] = triangle[:rank]
    return factor
