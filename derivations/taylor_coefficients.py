"""A SymPy node for the Taylor coefficients of functions of one variable, from power series of balls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import sympy as sp
from flint import arb, arb_series

from numerics.balls import Evaluator

_FUNCTIONS: dict[type[sp.Expr], Callable[[Any], Any]] = {
    sp.asin: arb_series.asin,
    sp.acos: arb_series.acos,
    sp.exp: arb_series.exp,
    sp.log: arb_series.log,
}


class TaylorCoefficient(sp.Expr):
    """f^(j)(a)/j!: `TaylorCoefficient(f, u, a, j)`, the coefficient of (u - a)^j in the Taylor series of f at a.

    f is built from u by arithmetic, whole and half powers, asin, acos, exp and log. The variable u is bound: it is not
    a free symbol of the node.

    >>> from numerics.balls import enclose
    >>> u = sp.Symbol("u")
    >>> enclose(TaylorCoefficient(sp.sqrt(1 + u), u, 0, 2), {}, digits=9)
    -0.125000000000000
    """

    def __new__(cls, *args: Any) -> TaylorCoefficient:
        """Raises ValueError unless the variable is a symbol."""
        function, variable, centre, order = (sp.sympify(arg, strict=True) for arg in args)
        if not isinstance(variable, sp.Symbol):
            raise ValueError(f"a Taylor series is one in a symbol, not in {variable!r}")
        return sp.Expr.__new__(cls, function, variable, centre, order)

    function = property(lambda self: self.args[0])
    variable = property(lambda self: self.args[1])
    centre = property(lambda self: self.args[2])
    order = property(lambda self: self.args[3])

    is_commutative = True
    is_extended_real = True

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return [self.variable]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return (self.function.free_symbols - {self.variable}) | self.centre.free_symbols | self.order.free_symbols

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        return self if old == self.variable else None

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose by power series of balls. Raises TypeError for a function that has no series here."""
        order = int(evaluate.integer(self.order))
        before, flint.ctx.cap = flint.ctx.cap, order + 1
        try:
            variable = arb_series([arb(evaluate.value(self.centre)), 1])
            return _series(self.function, self.variable, variable, evaluate)[order]
        finally:
            flint.ctx.cap = before


def _series(expr: sp.Expr, name: sp.Symbol, variable: arb_series, evaluate: Evaluator) -> arb_series:
    if expr == name:
        return variable
    if not expr.has(name):
        return arb_series([arb(evaluate.value(expr))])
    parts = [_series(arg, name, variable, evaluate) for arg in expr.args if arg.has(name)]
    rest = [arb_series([arb(evaluate.value(arg))]) for arg in expr.args if not arg.has(name)]
    if isinstance(expr, sp.Add):
        return sum([*parts, *rest], start=arb_series([0]))
    if isinstance(expr, sp.Mul):
        product = arb_series([1])
        for part in (*parts, *rest):
            product *= part
        return product
    if isinstance(expr, sp.Pow) and (2 * expr.exp).is_Integer:
        root = parts[0].sqrt() if expr.exp.q == 2 else parts[0]
        return root ** int(expr.exp.p)
    if expr.func in _FUNCTIONS:
        return _FUNCTIONS[expr.func](parts[0])
    raise TypeError(f"no Taylor series is known for {expr}")
