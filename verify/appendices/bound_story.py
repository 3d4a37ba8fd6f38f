"""What is measured of the (L+1)ε theorem at one unit input: errors, and the widths asked for and needed."""

import math
from dataclasses import dataclass
from functools import cache

import flint

from numerics.exact_law import least_width
from numerics.needed_width import Errors, Needed, errors, needed_width

DELTA, _LEVEL = 0.05, flint.arb(1) / 20
DEPTHS, EPSILONS = (1, 2, 3), ("0.1", "0.2", "0.3")
DRAWS, ALPHA = 40_000, 0.001
"""Draws at every width, and the level of each interval."""
WIDTHS = tuple(2**k for k in (4, 7, 10, 15, 20, 30, 40))
DEEP = (1, 2, 4, 8, 16, 32, 64)
_SCALE = 2**30
"""The width at which depths are compared: the error there is that of the limit law, to many digits."""
_ONE_LAYER = ("0.03", "0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1")
"""The ε for which the width needed with one hidden layer is computed from the exact law."""


@dataclass(frozen=True)
class Point:
    """What was found at one depth and one ε."""

    depth: int
    epsilon: str
    at_demanded: Errors
    needed: Needed

    @property
    def size(self) -> float:
        """ε as a number."""
        return float(self.epsilon)

    @property
    def looseness(self) -> float:
        """The 95% quantile of the error over the tolerance."""
        return self.at_demanded.quantile(1 - DELTA) / self.size

    def constant(self, width: int) -> float:
        """The constant C with which the theorem would ask for this width."""
        return width / asked(self.depth, self.size)


@dataclass(frozen=True)
class Story:
    """All that was measured and computed."""

    points: tuple[Point, ...]
    exact: tuple[tuple[float, int], ...]
    """(ε, width needed) with one hidden layer."""
    by_width: dict[int, tuple[float, ...]]
    """By depth: the 95% quantile of the error at `WIDTHS`."""
    by_depth: tuple[float, ...]
    """The width needed at ε = 1/10 for the depths `DEEP`, as the errors at one large width have it."""

    def error_exponent(self, depth: int) -> float:
        """The exponent of the width in the error, between 2^10 and 2^40."""
        return _slope(WIDTHS[2], self.by_width[depth][2], WIDTHS[-1], self.by_width[depth][-1])

    @property
    def epsilon_exponent(self) -> float:
        """The exponent of ε in the width needed with one hidden layer, for ε up to 3/10."""
        (low, wide), (high, narrow) = self.exact[0], next(pair for pair in self.exact if pair[0] == 0.3)
        return _slope(low, wide, high, narrow)

    @property
    def depth_exponent(self) -> float:
        """The exponent of L in the width needed, between 8 and 64 hidden layers."""
        return _slope(DEEP[3], self.by_depth[3], DEEP[-1], self.by_depth[-1])

    @property
    def too_small(self) -> tuple[float, int]:
        """The smallest ε of the grid at which the width demanded with C = 1 is less than the one needed, and that."""
        return next((size, needed) for size, needed in self.exact if needed > math.ceil(asked(1, size)))


@cache
def measured(seed: int) -> Story:
    """Measure and compute everything, once for a seed."""
    points = []
    for depth in DEPTHS:
        for epsilon in EPSILONS:
            wide = errors(seed, depth, math.ceil(asked(depth, float(epsilon))), DRAWS)
            points.append(Point(depth, epsilon, wide, _needed(seed, depth, epsilon)))
    by_width = {depth: tuple(errors(seed, depth, m, DRAWS).quantile(1 - DELTA) for m in WIDTHS) for depth in DEPTHS}
    deep = (errors(seed, depth, _SCALE, DRAWS).quantile(1 - DELTA) for depth in DEEP)
    return Story(
        points=tuple(points),
        exact=tuple((float(epsilon), least_width(tolerance(epsilon), _LEVEL)) for epsilon in _ONE_LAYER),
        by_width=by_width,
        by_depth=tuple(_SCALE * (quantile / 0.1) ** 2 for quantile in deep),
    )


def _needed(seed: int, depth: int, epsilon: str) -> Needed:
    if depth > 1:
        return needed_width(seed, depth, float(epsilon), delta=DELTA, draws=DRAWS, alpha=ALPHA)
    width = least_width(tolerance(epsilon), _LEVEL)
    return Needed(width, width, width)


def tolerance(epsilon: str) -> flint.arb:
    """(L + 1)ε with one hidden layer, exactly."""
    return 2 * flint.arb(epsilon)


def asked(depth: int, epsilon: float) -> float:
    """L⁶ε⁻⁴ log(L/δ)."""
    return float(depth**6 * epsilon**-4 * math.log(depth / DELTA))


def promised(depth: int, m: int) -> float:
    """The ε for which the theorem asks for the width m."""
    return (asked(depth, 1.0) / m) ** 0.25


def _slope(x: float, y: float, other_x: float, other_y: float) -> float:
    return math.log(other_y / y) / math.log(other_x / x)
