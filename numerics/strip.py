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

from numerics.elementary import Holomorphic, NotAnalytic
from numerics.evaluator import Evaluator
from numerics.kinks import sides

_BITS = 64
"""The precision of the covering: its balls are wide."""
_RUNGS = 6
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


def strips(f: sp.Expr, x: sp.Symbol, reach: arb, widest: float, evaluate: Evaluator) -> Iterator[Strip]:
    """Yield strips of f, a function of x, that reach at least as far as `reach`, the widest first.

    None is wider than `widest`, none narrower than 1/32, and every two differ by a factor of 2^(1/6). There may be
    none: f has a kink, or a singularity close to the line. What f is at another symbol, the evaluator knows.
    """
    if any(sides(node) is not None for node in sp.preorder_traversal(f) if isinstance(node, sp.Expr)):
        return
    rounded = 4 * math.ceil(float(reach.upper()) / 4)
    highest = min(_WIDEST, math.floor(_RUNGS * math.log2(widest))) if widest > 0 else _NARROWEST
    for rung in range(max(highest, _NARROWEST), _NARROWEST - 1, -1):
        bound = _closed(f, x, rounded, rung) if f.free_symbols <= {x} else _bound(f, x, rounded, rung, evaluate)
        if bound is not None:
            yield Strip(rounded, _half_width(rung), bound)


@lru_cache(maxsize=4096)
def _closed(f: sp.Expr, x: sp.Symbol, reach: int, rung: int) -> arb | None:
    """The bound of a function without other symbols, which recursions ask for again and again."""
    return _bound(f, x, reach, rung, Evaluator({}))


def _half_width(rung: int) -> arb:
    return arb(math.ldexp(round(2 ** (rung % _RUNGS / _RUNGS) * 4096), rung // _RUNGS - 12))


def _bound(f: sp.Expr, x: sp.Symbol, reach: int, rung: int, evaluate: Evaluator) -> arb | None:
    """The largest |f| on the rectangle; None where f is not seen to be analytic on all of it.

    The upper half is enough: f is real on the line, so f(z̄) is the conjugate of f(z).
    """
    height = _half_width(rung)
    rows = max(1, math.ceil(2 * float(height)))
    side = height / rows
    columns = math.ceil(reach / float(side.lower()))
    worst = arb(0)
    with flint.ctx.workprec(_BITS):
        for column in sorted(range(-columns, columns), key=lambda k: abs(2 * k + 1)):  # poles are mostly near 0
            for row in range(rows):
                cell = _on_cell(f, x, side * (2 * column + 1) / 2, side * (2 * row + 1) / 2, side / 2, evaluate)
                if cell is None:
                    return None
                worst = worst.max(cell)
    return worst.upper()


def _on_cell(
    f: sp.Expr, x: sp.Symbol, real: arb, imaginary: arb, radius: arb, evaluate: Evaluator, depth: int = 0
) -> arb | None:
    """The largest |f| on a square with this centre; None where f is not seen to be analytic on all of it."""
    ball = acb(arb(real, radius), arb(imaginary, radius))
    try:
        value = evaluate.bind({x: Holomorphic(ball)}).value(f)
        size = abs(value.ball if isinstance(value, Holomorphic) else arb(value))
    except NotAnalytic:
        size = arb("nan")
    if size.is_finite() and (depth >= 3 or not size.rad() > _LOOSE * (1 + size.abs_lower())):
        return size.upper()
    if depth == _FINEST:
        return None
    half, worst = radius / 2, arb(0)
    for across in (-half, half):
        for up in (-half, half):
            quarter = _on_cell(f, x, real + across, imaginary + up, half, evaluate, depth + 1)
            if quarter is None:
                return None
            worst = worst.max(quarter)
    return worst
