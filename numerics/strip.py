"""How far into the complex plane a real function stays analytic, and how large it gets there.

A function of the real line is evaluated on complex balls that cover a rectangle around a piece of it. Where every
ball gives a finite value the function is analytic on the whole rectangle (each function of `elementary` refuses
where it is not), and the largest value bounds it. Nothing is known of a function but its formula.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import flint
import sympy as sp
from flint import acb, arb

from numerics.elementary import NAN, Holomorphic, NotAnalytic
from numerics.evaluator import Evaluator
from numerics.kinks import branches

_BITS = 64
"""The precision of the covering: its balls are wide."""
_RUNGS = 4
"""Half-widths are tried on a ladder with so many rungs to the factor 2."""
_WIDEST, _NARROWEST = 4 * _RUNGS, -5 * _RUNGS
_FINEST = 7
"""A cell is halved so often before the function counts as not analytic there."""
_LOOSE = 16.0
"""A ball whose radius is this many times 1 plus its least absolute value is halved, for a better bound."""


@dataclass(frozen=True)
class Strip:
    """|f(z)| <= bound, and f is analytic, for |Re z| <= reach and |Im z| <= half_width."""

    reach: int
    half_width: arb
    bound: arb


def strips(
    f: sp.Expr, x: sp.Symbol, evaluate: Evaluator, *, reach: arb, widest: float, highest: float
) -> Iterator[Strip]:
    """Yield strips of f, a function of x, that reach at least as far as `reach`, the widest first.

    None is wider than `widest`, none narrower than 1/32, and every two differ by a factor of 2^(1/4). Those in which
    |f| is seen to exceed exp(highest) are left out. There may be none: f has a kink, or a singularity close to the
    line. What f is at another symbol, the evaluator knows.
    """
    if branches(f, x) is not None:
        return
    function = _Function(f, x, evaluate)
    rounded = 4 * math.ceil(float(reach.upper()) / 4)
    top = min(_WIDEST, math.floor(_RUNGS * math.log2(widest))) if widest > 0 else _NARROWEST
    for rung in range(max(top, _NARROWEST), _NARROWEST - 1, -1):
        if function.exceeds(highest, rounded, rung):
            continue
        bound = _closed(f, x, rounded, rung) if f.free_symbols <= {x} else function.bound(rounded, rung)
        if bound is not None:
            yield Strip(rounded, _half_width(rung), bound)


@lru_cache(maxsize=4096)
def _closed(f: sp.Expr, x: sp.Symbol, reach: int, rung: int) -> arb | None:
    """The bound of a function without other symbols, which recursions ask for again and again."""
    return _Function(f, x, Evaluator({})).bound(reach, rung)


def _half_width(rung: int) -> arb:
    return arb(math.ldexp(round(2 ** (rung % _RUNGS / _RUNGS) * 4096), rung // _RUNGS - 12))


@dataclass(frozen=True)
class _Function:
    """The function f of x, off the line."""

    f: sp.Expr
    x: sp.Symbol
    evaluate: Evaluator

    def size(self, ball: acb) -> arb:
        """|f| on a ball; not-a-number where f is not seen to be analytic on all of it."""
        try:
            value = self.evaluate.bind({self.x: Holomorphic(ball)}).value(self.f)
        except NotAnalytic:
            return NAN
        return abs(value.ball if isinstance(value, Holomorphic) else arb(value))

    def exceeds(self, highest: float, reach: int, rung: int) -> bool:
        """Whether |f| > exp(highest) at one of a few points of the edge."""
        with flint.ctx.workprec(_BITS):
            limit, top = arb(highest).exp(), _half_width(rung)
            edge = (acb(arb(real), top) for real in (0, reach / 4, reach, -reach / 4, -reach))
            return any(self.size(point) > limit for point in edge)

    def bound(self, reach: int, rung: int) -> arb | None:
        """The largest |f| on the rectangle; None where f is not seen to be analytic on all of it.

        The upper half is enough: f is real on the line, so f(z̄) is the conjugate of f(z).
        """
        height = _half_width(rung)
        rows = math.ceil(float(height))
        side = height / rows
        columns = math.ceil(reach / float(side.lower()))
        worst = arb(0)
        with flint.ctx.workprec(_BITS):
            for column in sorted(range(-columns, columns), key=lambda k: abs(2 * k + 1)):  # poles are mostly near 0
                for row in range(rows):
                    cell = self.on_cell(acb(side * (2 * column + 1) / 2, side * (2 * row + 1) / 2), side / 2)
                    if cell is None:
                        return None
                    worst = worst.max(cell)
        return worst.upper()

    def on_cell(self, centre: acb, radius: arb, depth: int = 0) -> arb | None:
        """The largest |f| on a square with this centre; None where f is not seen to be analytic on all of it."""
        size = self.size(acb(arb(centre.real, radius), arb(centre.imag, radius)))
        if size.is_finite() and (depth >= 1 or not size.rad() > _LOOSE * (1 + size.abs_lower())):
            return size.upper()
        if depth == _FINEST:
            return None
        half, worst = radius / 2, arb(0)
        for across in (-half, half):
            for up in (-half, half):
                quarter = self.on_cell(centre + acb(across, up), half, depth + 1)
                if quarter is None:
                    return None
                worst = worst.max(quarter)
        return worst
