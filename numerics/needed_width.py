"""How far ReLU networks at initialisation are from their NTK at one unit input, and how wide they need to be for it.

There Θ^(L)(x, x) = L + 1, and the error is measured relative to that: |Θ̂/(L + 1) - 1|.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from numerics.streams import stream
from numerics.wide import sample

_STEP, _STEPS = 1.03, 5
"""Widths around a first estimate are compared, this factor apart, so many on either side."""


@dataclass(frozen=True)
class Errors:
    """Independent draws of the relative error of one network, in increasing order."""

    depth: int
    m: int
    values: np.ndarray

    def quantile(self, probability: float) -> float:
        """The quantile of the draws."""
        return float(np.quantile(self.values, probability))

    def failures(self, epsilon: float) -> int:
        """How many draws are off by more than ε."""
        return len(self.values) - int(np.searchsorted(self.values, epsilon, side="right"))

    def interval(self, epsilon: float, alpha: float) -> tuple[float, float]:
        """The Clopper–Pearson interval of the probability to be off by more than ε, at the level 1 - alpha."""
        k, n = self.failures(epsilon), len(self.values)
        low = float(beta.ppf(alpha / 2, k, n - k + 1)) if k else 0.0
        return low, float(beta.isf(alpha / 2, k + 1, n - k)) if k < n else 1.0


def errors(seed: int, depth: int, m: int, draws: int) -> Errors:
    """Draw the relative errors of networks with `depth` hidden layers of width `m`, exactly in law."""
    rng = stream(seed, "relative errors at one input", {"L": depth, "m": m, "draws": draws})
    ntk = sample(np.ones((1, 1)), [m] * depth, draws, rng).ntk[:, 0, 0]
    return Errors(depth, m, np.sort(np.abs(ntk / (depth + 1) - 1)))


@dataclass(frozen=True)
class Needed:
    """The smallest width at which the error exceeds ε with probability δ at most: an estimate inside a band."""

    low: int
    estimate: int
    high: int


def needed_width(seed: int, depth: int, epsilon: float, *, delta: float, draws: int, alpha: float) -> Needed:
    """Estimate the smallest width that suffices, from draws at widths around a first estimate.

    The band ends at the widest of these whose interval lies above δ and at the narrowest whose interval lies below. All
    intervals hold at once with probability 1 - alpha at least, and then the band holds the smallest width, if the
    probability of failure decreases in the width. Raises ArithmeticError if no width is clearly too narrow, or none
    clearly wide enough: more draws would tell.
    """
    wide = 4 * math.ceil(depth / epsilon**2)
    while errors(seed, depth, wide, draws).quantile(1 - delta) > epsilon:
        wide *= 2
    first = wide * (errors(seed, depth, wide, draws).quantile(1 - delta) / epsilon) ** 2
    widths = [round(first * _STEP**k) for k in range(-_STEPS, _STEPS + 1)]
    found = [errors(seed, depth, m, draws) for m in widths]
    intervals = [sample.interval(epsilon, alpha / len(found)) for sample in found]
    narrow = [m for m, (low, _) in zip(widths, intervals, strict=True) if low > delta]
    enough = [m for m, (_, high) in zip(widths, intervals, strict=True) if high <= delta]
    if not narrow or not enough:
        raise ArithmeticError(f"{draws} draws at widths from {widths[0]} to {widths[-1]} leave a side of the band open")
    estimate = _crossing(widths, [sample.failures(epsilon) / draws for sample in found], delta)
    return Needed(max(narrow), estimate, min(enough))


def _crossing(widths: Sequence[int], frequencies: Sequence[float], delta: float) -> int:
    """Where the line fitted to the frequencies over the logarithms of the widths is at δ."""
    slope, start = np.polyfit(np.log(widths), frequencies, 1)
    return round(math.exp((delta - start) / slope))
