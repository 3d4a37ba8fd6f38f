"""Bounds on a real-analytic function that hold on whole intervals, from its values at Chebyshev points.

`bound` encloses the function at the points of interpolation and its size on a Bernstein ellipse, in ball arithmetic;
`numerics.chebyshev` says why these bound it at every point of the interval. An interval around which the function is
not known to be analytic far enough is halved, so that the pieces grow smaller towards a singularity at an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flint
from flint import arb, fmpq

from numerics import elementary as el
from numerics.chebyshev import Ellipse, lebesgue_constant, points, points_needed, truncation_error
from numerics.elementary import Holomorphic, NotAnalytic
from numerics.quadrature import Integrand

RADII = tuple(fmpq(p, 20) for p in (160, 128, 100, 80, 64, 50, 40, 32, 28, 25, 23))
"""The parameters of the ellipses that are tried, largest first."""

MOST_POINTS = 160
"""An interval that needs more points is halved."""

_SCOUTS = 5
_BITS = 64
_BOXES = (8, 4)
_HALVINGS = 10
_TRUNCATION = fmpq(1, 1000)
"""The share of the tolerance that the error of interpolation may take."""


@dataclass(frozen=True)
class Value:
    """The function enclosed at a point."""

    point: arb
    value: arb


@dataclass(frozen=True)
class Piece:
    """What is known of the function f on [low, high]: |f| <= bound there, `None` where no bound was found."""

    low: fmpq
    high: fmpq
    values: tuple[Value, ...]
    """f at the points of interpolation."""
    radius: fmpq | None = None
    """The parameter r of the ellipse."""
    magnitude: arb | None = None
    """M, a bound of |f| in the ellipse."""
    truncation: arb | None = None
    bound: arb | None = None

    @property
    def witness(self) -> Value | None:
        """A point at which f is certainly not zero, the clearest; None if there is none."""
        found = [value for value in self.values if not value.value.contains(0)]
        return max(found, key=lambda value: float(abs(value.value).lower().log()), default=None)


def bound(f: Integrand, low: fmpq, high: fmpq, tolerance: fmpq, *, halvings: int = 16) -> tuple[Piece, ...]:
    """Bound |f| on [low, high], in pieces from left to right.

    f is real on the real line. On a real ball it encloses its values, to about the working precision, and on a
    `Holomorphic` its analytic continuation, as the integrand of `quadrature.integrate` does; whatever else it raises
    passes through. The bounds are a little above the rounding error of the values, where f vanishes, and the error of
    interpolation is kept below the tolerance. A piece that would be shorter than 2^-halvings of the interval is given
    up: it has no bound. At a point where f is certainly not zero the search ends, and that piece alone is returned.
    """
    scouted = Piece(low, high, _values(f, low, high, _SCOUTS, tolerance))
    if scouted.witness:
        return (scouted,)
    pieces: list[Piece] = []
    waiting = [(low, high, halvings)]
    while waiting:
        left, right, more = waiting.pop()
        piece = _piece(f, left, right, tolerance)
        if piece.bound is None and more > 0:
            middle = (left + right) / 2
            waiting += [(middle, right, more - 1), (left, middle, more - 1)]
            continue
        if piece.witness:
            return (piece,)
        pieces.append(piece)
    return tuple(pieces)


def _piece(f: Integrand, low: fmpq, high: fmpq, tolerance: fmpq) -> Piece:
    """Bound |f| on an interval in one piece; without a bound if that takes too many points."""
    best: tuple[int, fmpq, arb] | None = None
    for radius in RADII:
        with flint.ctx.workprec(_BITS):
            magnitude = supremum(f, Ellipse(low, high, radius))
            if magnitude is None:
                continue
            count = points_needed(magnitude, radius, arb(tolerance * _TRUNCATION))
        if best is not None and count >= best[0]:
            break
        best = count, radius, magnitude
    if best is None or best[0] > MOST_POINTS:
        return Piece(low, high, ())
    count, radius, magnitude = best
    values = _values(f, low, high, count, tolerance)
    with flint.ctx.workprec(_BITS):
        largest = arb(0)
        for value in values:
            largest = largest.max(abs(value.value).upper())
        truncation = truncation_error(magnitude, radius, count)
        total = arb((lebesgue_constant(count) * largest + truncation).upper())
    return Piece(low, high, values, radius, magnitude, truncation, total if total.is_finite() else None)


def _values(f: Integrand, low: fmpq, high: fmpq, count: int, tolerance: fmpq) -> tuple[Value, ...]:
    """Enclose f at the zeros of T_count to well within the tolerance, where twice the precision suffices for that."""
    bits = flint.ctx.prec
    with flint.ctx.workprec(2 * bits):
        places = list(points(low, high, count))
        fine = arb(tolerance * _TRUNCATION)
    found = []
    for place in places:
        for precision in (bits, 2 * bits):
            with flint.ctx.workprec(precision):
                value = el.real(f(place))
            if value.rad() < fine:
                break
        found.append(Value(place, value))
    return tuple(found)


def supremum(f: Integrand, ellipse: Ellipse) -> arb | None:
    """Bound |f| in an ellipse, on which f is analytic; None where it is not known to be, or no bound is found.

    The upper half is covered by boxes. The lower one follows: f is real on the real line, so that by Schwarz's
    reflection principle it continues to the lower half, with f(z̄) the conjugate of f(z).
    """
    largest = arb(0)
    waiting = [(box, _HALVINGS) for box in ellipse.box.split(*_BOXES)]
    while waiting:
        box, more = waiting.pop()
        if ellipse.misses(box):
            continue
        size = _size(f, box.ball)
        if size is not None:
            largest = largest.max(size)
        elif more == 0:
            return None
        else:
            waiting += [(half, more - 1) for half in box.halves()]
    return largest


def _size(f: Integrand, ball: Holomorphic) -> arb | None:
    try:
        value = f(ball)
    except NotAnalytic:
        return None
    size = abs(value.ball if isinstance(value, Holomorphic) else el.real(value)).upper()
    return size if size.is_finite() else None


def covered(pieces: Sequence[Piece], tolerance: fmpq) -> list[tuple[fmpq, fmpq]]:
    """The intervals on which |f| is bounded by the tolerance, those that touch joined."""
    joined: list[tuple[fmpq, fmpq]] = []
    for piece in pieces:
        if piece.bound is None or not piece.bound <= arb(tolerance):
            continue
        if joined and joined[-1][1] == piece.low:
            joined[-1] = (joined[-1][0], piece.high)
        else:
            joined.append((piece.low, piece.high))
    return joined
