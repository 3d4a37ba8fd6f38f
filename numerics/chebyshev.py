"""Chebyshev points, and the error of interpolating an analytic function in them.

On an interval of centre m and half-width h let E_r, r > 1, be the Bernstein ellipse with foci m ± h and semi-axes
h(r ± 1/r)/2, and let f be analytic in E_r with |f| <= M there.

- f = Σ a_k T_k((x - m)/h) with |a_k| <= 2M/r^k (Trefethen, Approximation Theory and Approximation Practice, Thm 8.1).
- In the N zeros x_j of T_N, T_(2iN±k) equals ±T_k or vanishes, so the polynomial p of degree below N that
  interpolates f there differs from f by at most twice the tail (ibid., Thm 8.2, where the points are the extrema):
  |f - p| <= 2 Σ_(k>=N) |a_k| <= 4M r^(1-N)/(r - 1).
- |p| <= Λ_N max_j |f(x_j)| on the interval, with the Lebesgue constant Λ_N <= 1 + (2/π) log N (ibid., Thm 15.2 for
  the extrema; Rivlin, Chebyshev Polynomials, section 1.3, for the zeros).

Together: |f| <= Λ_N max_j |f(x_j)| + 4M r^(1-N)/(r - 1) on the whole interval, ends included. The zeros are used, not
the extrema, because they stay clear of the ends, where covariances degenerate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import acb, arb, fmpq

from numerics.elementary import Holomorphic


def points(low: fmpq, high: fmpq, count: int) -> Iterator[arb]:
    """The zeros of T_count on an interval, from high to low.

    >>> [float(x) for x in points(fmpq(0), fmpq(4), 1)]
    [2.0]
    """
    for j in range(count):
        yield (low + high) / 2 + (high - low) / 2 * arb.cos_pi_fmpq(fmpq(2 * j + 1, 2 * count))


def lebesgue_constant(count: int) -> arb:
    """A bound on max |p| / max |p(x_j)| for polynomials p of degree below `count`, x_j the zeros of T_count."""
    return 1 + 2 / arb.pi() * arb(count).log()


def truncation_error(magnitude: arb, radius: fmpq, count: int) -> arb:
    """4M r^(1-N)/(r - 1): how far interpolation in N points can be off for |f| <= M in the ellipse of parameter r."""
    return arb((4 * magnitude * arb(radius) ** (1 - count) / arb(radius - 1)).upper())


def points_needed(magnitude: arb, radius: fmpq, error: arb) -> int:
    """How many points bring the truncation error below `error`."""
    count = (4 * magnitude.max(error) / (arb(radius - 1) * error)).log() / arb(radius).log()
    return max(2, 2 + int(float(count.upper())))


@dataclass(frozen=True)
class Box:
    """The complex numbers with real part in [left, right] and imaginary part in [bottom, top]."""

    left: fmpq
    right: fmpq
    bottom: fmpq
    top: fmpq

    @property
    def ball(self) -> Holomorphic:
        """The box as a complex ball."""
        return Holomorphic(acb(arb(self.left).union(arb(self.right)), arb(self.bottom).union(arb(self.top))))

    def split(self, columns: int, rows: int) -> list[Box]:
        """The box cut into equal columns and rows."""
        width, height = (self.right - self.left) / columns, (self.top - self.bottom) / rows
        return [
            Box(
                self.left + i * width,
                self.left + (i + 1) * width,
                self.bottom + k * height,
                self.bottom + (k + 1) * height,
            )
            for i in range(columns)
            for k in range(rows)
        ]

    def halves(self) -> list[Box]:
        """The box cut across its longer side."""
        return self.split(2, 1) if self.right - self.left > self.top - self.bottom else self.split(1, 2)


@dataclass(frozen=True)
class Ellipse:
    """The Bernstein ellipse of parameter `radius` around [low, high]: upper half only, axis included."""

    low: fmpq
    high: fmpq
    radius: fmpq

    @property
    def axes(self) -> tuple[fmpq, fmpq]:
        """The real and the imaginary semi-axis."""
        half, inverse = (self.high - self.low) / 2, 1 / self.radius
        return half * (self.radius + inverse) / 2, half * (self.radius - inverse) / 2

    @property
    def box(self) -> Box:
        """The smallest box that holds the upper half."""
        (across, up), middle = self.axes, (self.low + self.high) / 2
        return Box(middle - across, middle + across, fmpq(0), up)

    def misses(self, box: Box) -> bool:
        """Whether a box of the upper half-plane has no point in common with the ellipse."""
        (across, up), middle = self.axes, (self.low + self.high) / 2
        beside = max(box.left - middle, middle - box.right, fmpq(0))
        return bool((beside / across) ** 2 + (box.bottom / up) ** 2 > 1)
