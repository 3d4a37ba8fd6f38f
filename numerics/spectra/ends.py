"""The kernel of a network at c = 1 and its gaps to c = 0 and c = -1, layer by layer and without cancellation.

What is carried is q = s(1), the gaps q - s(c), and the same for the tangent kernel. The gap of a product is
Δ(TV') = ΔT V'(s) + T(1) ΔV', and those of V and V' are formulas in q - s.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from numerics.angles import Correlation
from numerics.dual_arrays import relu_duals

RECURSIONS = ("relu", "erf")
"""The activations that have these formulas."""


class Duals(NamedTuple):
    """V and V' at c = 1, and at c = 0 and -1 with their gaps."""

    top: float
    top_slope: float
    value: np.ndarray
    value_gap: np.ndarray
    slope: np.ndarray
    slope_gap: np.ndarray


@dataclass(frozen=True)
class Ends:
    """A kernel s and its tangent kernel T at c = 1, with the gaps at c = 0 and c = -1."""

    q: float
    gaps: np.ndarray
    tangent: float
    tangent_gaps: np.ndarray

    @classmethod
    def first(cls, weights: float, biases: float) -> "Ends":
        """Without hidden layers: s = T = σ_w² c + σ_b²."""
        gaps = np.array([weights, 2 * weights])
        return cls(weights + biases, gaps, weights + biases, gaps)

    def duals(self, activation: str) -> Duals:
        """V(s) and V'(s) of the ReLU or erf."""
        return _relu(self.q, self.gaps) if activation == "relu" else _erf(self.q, self.gaps)

    def next(self, weights: float, biases: float, duals: Duals) -> "Ends":
        """The same after the layer with these duals."""
        q, gaps = weights * duals.top + biases, weights * duals.value_gap
        through = self.tangent_gaps * duals.slope + self.tangent * duals.slope_gap
        return Ends(q, gaps, q + weights * self.tangent * duals.top_slope, gaps + weights * through)


def _relu(q: float, gaps: np.ndarray) -> Duals:
    """V = q κ₁/2 and V' = κ₀/2, where 1 - κ₀ = 2 arcsin(√(x/2))/π with x = 1 - ρ."""
    x = np.clip(gaps / q, 0, 2)
    slope, value, distance = relu_duals(Correlation(1 - x, x, 2 - x))
    return Duals(q / 2, 0.5, q / 2 * value, q / 2 * distance, slope / 2, np.arcsin(np.sqrt(x / 2)) / math.pi)


def _erf(q: float, gaps: np.ndarray) -> Duals:
    """V = (2/π) arcsin b with b = 2s/(1 + 2q), and V' = 4/(π B) with B² = (1 + 2q)² - 4s²."""
    s, total, root = q - gaps, 1 + 2 * q, math.sqrt(1 + 4 * q)
    roots = np.sqrt((1 + 2 * gaps) * (total + 2 * s))
    a, b = 2 * q / total, 2 * s / total
    top = float(np.arcsin(a))  # by the function that takes b: what is odd stays so to the last bit
    sine = 4 * gaps * (q + s) / (total * np.where(b > 0, a * roots + b * root, total))  # of A - B, where b > 0
    angle = np.where(b > 0, np.arcsin(np.clip(sine, 0, 1)), top - np.arcsin(b))
    slope_gap = 16 * gaps * (q + s) / (math.pi * root * roots * (root + roots))
    return Duals(2 / math.pi * top, 4 / (math.pi * root), 2 / math.pi * np.arcsin(b), 2 / math.pi * angle,
                 4 / (math.pi * roots), slope_gap)  # fmt: skip
