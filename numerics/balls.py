"""Enclosures of SymPy expressions in ball arithmetic, at a point where every symbol has a value.

    enclose(sp.sqrt(2) * x, {x: sp.Rational(1, 2)}, digits=30)    # [0.707106781186547524400844362105 ± 1e-40]

Which expressions: see `numerics.rules`.
"""

from collections.abc import Mapping
from typing import Any

import flint
import sympy as sp
from flint import arb

from numerics.elementary import Holomorphic
from numerics.evaluator import Evaluator, number

__all__ = ["Evaluator", "enclose", "is_within", "number"]


def enclose(expr: sp.Expr, point: Mapping[Any, Any], *, digits: int = 30, max_digits: int = 240) -> arb:
    """Enclose a real expression at a point, to a radius of at most 10^-digits · max(1, |value|).

    `point` maps symbols to exact numbers (int, Fraction, SymPy rationals) or balls (`arb`), and an `IndexedBase` to
    a mapping from its index, or tuple of indices, to such numbers. A symbol that is not a key of the point itself
    takes the value of the key with the same name. A function, such as `Function("F")`, is a key with a `Lambda` as
    its value: it is put in before anything is enclosed.

    The working precision starts at digits + 10 and doubles until the radius is small enough. At `max_digits`, or when
    balls in the point keep the radius from shrinking, the best ball found is returned: check it with `is_within`.
    Raises TypeError for a construct that has no enclosure and LookupError for a symbol without a value.
    """
    functions = {name: formula for name, formula in point.items() if isinstance(formula, sp.Lambda)}
    point = {name: value for name, value in point.items() if name not in functions}
    expr = sp.sympify(expr, strict=True)
    for name, formula in functions.items():
        expr = expr.replace(name, formula)
    working = min(digits + 10, max_digits)
    best: arb | None = None
    while True:
        with flint.ctx.workdps(working):
            evaluate = Evaluator(point)
            ball = evaluate(expr)
        if isinstance(ball, Holomorphic):
            raise TypeError(f"{expr} is not real at this point")
        stuck = best is not None and not evaluate.is_exact and not 2 * ball.rad() < best.rad()
        if best is None or not best.is_finite() or ball.rad() < best.rad():
            best = ball
        if is_within(ball, digits) or stuck or working >= max_digits:
            return best
        working = min(2 * working, max_digits)


def is_within(ball: arb, digits: int) -> bool:
    """Whether a ball is finite and its radius at most 10^-digits · max(1, |value|).

    >>> is_within(arb(1) / 3, 10), is_within(arb(1) / 3, 100)
    (True, False)
    """
    return bool(ball.is_finite() and ball.rad() <= arb(10) ** -digits * arb(1).max(abs(ball).upper()))
