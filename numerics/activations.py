"""The sigmoid Φ, the standard normal distribution function, which is bounded together with all its derivatives."""

import math

from numerics.compiled import compiled

SUP_SIGMOID = 1.0
"""sup |Φ|."""
SUP_SLOPE = 1 / math.sqrt(2 * math.pi)
"""sup |Φ'| = φ(0)."""
SUP_CURVATURE = math.exp(-0.5) / math.sqrt(2 * math.pi)
"""sup |Φ''|: Φ''(z) = -z φ(z) is largest at z = ±1."""


@compiled
def sigmoid(z: float) -> float:
    """Φ(z), with full relative accuracy in both tails."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@compiled
def slope(z: float) -> float:
    """Φ'(z) = φ(z) = exp(-z²/2)/√(2π)."""
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
