"""Kinks: functions that follow one formula where their argument is negative and another where it is not.

Between its kinks such a function is one formula, and analytic; `split` finds the kinks on an interval and the
formula on each piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb

from numerics import elementary as el
from numerics.elementary import Value

if TYPE_CHECKING:
    from numerics.evaluator import Evaluator


@dataclass(frozen=True)
class Sides:
    """A function equal to `below` where `argument` < 0 and to `above` where `argument` >= 0."""

    argument: sp.Expr
    below: sp.Expr
    above: sp.Expr


def sides(expr: sp.Expr) -> Sides | None:  # noqa: PLR0911 - one for each kind of node
    """The two sides of a function with a kink or jump, or None of one that has none.

    These are `Abs`, `sign`, `Max`, `Min`, a `Piecewise` whose first condition is an inequality, and nodes with the
    property `sides`, a tuple of the three.

    >>> z = sp.Symbol("z", real=True)
    >>> sides(abs(z))
    Sides(argument=z, below=-z, above=z)
    """
    if isinstance(expr, sp.sign):
        return Sides(expr.args[0], sp.S.NegativeOne, sp.S.One)  # but at zero
    if isinstance(expr, sp.Abs):
        return Sides(expr.args[0], -expr.args[0], expr.args[0])
    if isinstance(expr, (sp.Max, sp.Min)):
        first, *rest = expr.args
        other = expr.func(*rest)
        return Sides(first - other, *((other, first) if isinstance(expr, sp.Max) else (first, other)))
    if isinstance(expr, sp.Piecewise) and isinstance(expr.args[0].cond, (sp.Lt, sp.Le, sp.Gt, sp.Ge)):
        (first, condition), *rest = expr.args
        other = sp.Piecewise(*rest) if rest else sp.nan
        if isinstance(condition, (sp.Lt, sp.Gt)):
            return Sides(condition.lts - condition.gts, first, other)  # first holds where lts - gts < 0
        return Sides(condition.gts - condition.lts, other, first)
    if hasattr(expr, "sides"):
        return Sides(*expr.sides)
    return None


def branches(f: sp.Expr, x: sp.Symbol) -> Sides | None:
    """The two sides of a function with a kink or jump anywhere in it; None if it has none.

    Of several kinks it is one that has no kink inside its argument.

    >>> z = sp.Symbol("z", real=True)
    >>> branches(sp.exp(-abs(z - 1)), z)
    Sides(argument=z - 1, below=exp(z - 1), above=exp(1 - z))
    """
    for node in sp.postorder_traversal(f):
        halves = sides(node) if isinstance(node, sp.Expr) and x in node.free_symbols else None
        if halves is not None:
            return Sides(halves.argument, f.xreplace({node: halves.below}), f.xreplace({node: halves.above}))
    return None


def _without_kinks(f: sp.Expr, x: sp.Symbol) -> Iterator[sp.Expr]:
    """The formulas that a function follows, one or another, between its kinks."""
    halves = branches(f, x)
    if halves is None:
        yield f
    else:
        yield from _without_kinks(halves.below, x)
        yield from _without_kinks(halves.above, x)


def polynomial(p: sp.Expr, x: sp.Symbol, degree: int, evaluate: Evaluator) -> list[Value] | None:
    """The enclosed coefficients of p in x, constant first, if it is a polynomial of at most that degree."""
    if not p.is_polynomial(x):
        return None
    coefficients: list[Value] = []
    for k in range(degree + 1):
        coefficients.append(evaluate.value(p.subs(x, 0) / sp.factorial(k)))
        p = p.diff(x)
    return coefficients if p == 0 else None


@dataclass(frozen=True)
class Pieces:
    """The pieces of an interval [-end, end]: the kinks between them and the formula on each."""

    end: arb
    breakpoints: list[arb]
    formulas: list[sp.Expr]


def split(f: sp.Expr, x: sp.Symbol, end: arb, evaluate: Evaluator) -> Pieces:
    """Split [-end, end] at the kinks of f in x; `end` is moved outwards if a kink might lie on it.

    A kink whose place is not known at the working precision is left in the formulas.
    Raises TypeError for a kink that is not at an affine function of x.
    """
    roots: dict[sp.Expr, arb] = {}
    for node in sp.preorder_traversal(f):
        halves = sides(node) if isinstance(node, sp.Expr) and x in node.free_symbols else None
        for argument in set(_without_kinks(halves.argument, x)) if halves is not None else ():
            coefficients = polynomial(argument, x, 1, evaluate)
            if coefficients is None:
                raise TypeError(f"the kink of {node} is not at an affine function of {x}")
            offset, slope = coefficients
            if el.sign(slope):
                roots[argument] = el.real(el.divide(-offset, slope))
    while any(root.overlaps(end) or root.overlaps(-end) for root in roots.values()):
        end = 2 * end
    breakpoints = _merged([root for root in roots.values() if -end < root < end])
    middles = [((a.upper() + b.lower()) / 2).mid() for a, b in pairwise([-end, *breakpoints, end])]
    return Pieces(end, breakpoints, [_on_piece(f, x, middle, set(roots), evaluate) for middle in middles])


def _merged(roots: list[arb]) -> list[arb]:
    """The balls in increasing order, those that overlap made one."""
    result: list[arb] = []
    for root in sorted(roots, key=lambda ball: ball.mid()):
        if result and result[-1].overlaps(root):
            result[-1] = result[-1] if result[-1].contains(root) else result[-1].union(root)
        else:
            result.append(root)
    return result


def _on_piece(f: sp.Expr, x: sp.Symbol, middle: arb, known: set[sp.Expr], evaluate: Evaluator) -> sp.Expr:
    """The formula with each kink of known place replaced by its side at the middle of the piece."""
    if not f.args or x not in f.free_symbols:
        return f
    halves = sides(f)
    if halves is not None:
        argument = _on_piece(halves.argument, x, middle, known, evaluate)
        sign = el.sign(evaluate.bind({x: middle}).value(argument)) if argument in known else None
        if sign:
            return _on_piece(halves.below if sign < 0 else halves.above, x, middle, known, evaluate)
    return f.func(*(_on_piece(arg, x, middle, known, evaluate) for arg in f.args))
