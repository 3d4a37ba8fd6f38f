"""How each kind of SymPy node is enclosed, from the enclosures of its parts.

Known are numbers, sums and products (`Sum` and `Product` with integer bounds too), powers, the elementary functions,
erf, gamma and factorials, `Max`, `Min`, `Abs`, `Piecewise`, definite integrals, indexed families, entries, traces and
determinants of matrix expressions (`numerics.matrices`), and two kinds of foreign node:

- a node with a method `enclose_in(evaluate)` encloses itself, given the `Evaluator`;
- a node with a property `sides`, `(argument, below, above)`, equals `below` where the argument is negative, else
  `above`. It encloses as the hull of both where a ball leaves the sign of the argument open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import arb, fmpq
from sympy.matrices.expressions.matexpr import MatrixElement

from numerics import elementary as el
from numerics import matrices
from numerics.elementary import Value
from numerics.kinks import Sides, sides
from numerics.quadrature import integrate

if TYPE_CHECKING:
    from numerics.evaluator import Evaluator

Rule = Callable[["Evaluator", Any], Value]


def rule(expr: sp.Expr) -> Rule:
    """Return the rule for an expression; TypeError, naming the construct, if there is none."""
    for cls in type(expr).__mro__:
        if cls in _RULES:
            return _RULES[cls]
    if hasattr(expr, "enclose_in"):
        return lambda evaluate, node: node.enclose_in(evaluate)
    halves = sides(expr) if isinstance(expr, sp.Basic) else None
    if halves is not None:
        return lambda evaluate, _: _one_side(evaluate, halves)
    raise TypeError(f"no enclosure is known for {expr} ({type(expr).__name__})")


def _add(evaluate: Evaluator, expr: sp.Add) -> Value:
    total: Value = fmpq(0)
    for arg in expr.args:
        total = total + evaluate.value(arg)
    return el.trim(total)


def _mul(evaluate: Evaluator, expr: sp.Mul) -> Value:
    result: Value = fmpq(1)
    for arg in expr.args:
        result = el.times(result, evaluate.value(arg))
    return el.trim(result)


def _one_side(evaluate: Evaluator, halves: Sides) -> Value:
    sign = el.sign(evaluate.value(halves.argument))
    if sign is None:
        return el.hull(evaluate.value(halves.below), evaluate.value(halves.above))
    return evaluate.value(halves.below if sign < 0 else halves.above)


def _extremum(evaluate: Evaluator, expr: sp.Expr) -> Value:
    """Max or Min, of two at a time."""
    best, *rest = (evaluate.value(arg) for arg in expr.args)
    for other in rest:
        above = el.sign(best - other)
        if above is not None:
            best = best if (above >= 0) == isinstance(expr, sp.Max) else other
        else:
            pair = el.real(best), el.real(other)
            best = pair[0].max(pair[1]) if isinstance(expr, sp.Max) else pair[0].min(pair[1])
    return best


def _sign(evaluate: Evaluator, expr: sp.sign) -> Value:
    sign = el.sign(evaluate.value(expr.args[0]))
    return arb(0, 1) if sign is None else fmpq(sign)


def _piecewise(evaluate: Evaluator, expr: sp.Piecewise) -> Value:
    """The branch whose condition holds; the hull of the branches that may be it."""
    possible: Value | None = None
    for branch, condition in expr.args:
        holds = _truth(evaluate, condition)
        if holds is not False:
            value = evaluate.value(branch)
            possible = value if possible is None else el.hull(possible, value)
        if holds:
            return possible
    return el.NAN


def _truth(evaluate: Evaluator, condition: sp.Basic) -> bool | None:
    """Whether a relation, or a combination of relations, holds; None where the balls leave it open."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, (sp.And, sp.Or, sp.Not)):
        parts = [_truth(evaluate, part) for part in condition.args]
        if isinstance(condition, sp.Not):
            return None if parts[0] is None else not parts[0]
        decisive = isinstance(condition, sp.Or)
        return decisive if decisive in parts else None if None in parts else not decisive
    if type(condition) in _HOLDS_FOR:
        sign = el.sign(evaluate.value(condition.lhs) - evaluate.value(condition.rhs))
        return None if sign is None else sign in _HOLDS_FOR[type(condition)]
    raise TypeError(f"no enclosure is known for the condition {condition} ({type(condition).__name__})")


_HOLDS_FOR = {sp.Gt: (1,), sp.Ge: (0, 1), sp.Lt: (-1,), sp.Le: (-1, 0), sp.Eq: (0,), sp.Ne: (-1, 1)}
"""The signs of lhs - rhs for which a relation holds."""


def _fold(
    evaluate: Evaluator, body: sp.Expr, limits: Sequence[Any], start: Value, combine: Callable[[Value, Value], Value]
) -> Value:
    """Combine the values of the body over its limits, the last of them outermost; an empty range leaves the start."""
    if not limits:
        return evaluate.value(body)
    *inner, (index, low, high) = limits
    result = start
    for k in range(int(evaluate.integer(low)), int(evaluate.integer(high)) + 1):
        result = el.trim(combine(result, _fold(evaluate.bind({index: k}), body, inner, start, combine)))
    return result


def _derivative(evaluate: Evaluator, expr: sp.Derivative) -> Value:
    """The value of what SymPy's differentiation makes of it."""
    slope = _slope(expr)
    if slope is None:
        raise TypeError(f"no enclosure is known for {expr} (Derivative)")
    return evaluate.value(slope)


@lru_cache(maxsize=1024)
def _slope(expr: sp.Derivative) -> sp.Expr | None:
    """The derivative carried out, which is the same at every point; None where SymPy cannot, or must not."""
    bound = {limit[0] for total in expr.expr.atoms(sp.Sum, sp.Product) for limit in total.limits}
    slope = expr.doit(deep=False)
    hidden = isinstance(slope, sp.Derivative) or any(variable.free_symbols & bound for variable in expr.variables)
    return None if hidden else slope


def _integral(evaluate: Evaluator, expr: sp.Integral) -> Value:
    """A definite integral in one variable over a bounded range, by rigorous quadrature."""
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
        raise TypeError(f"no enclosure is known for {expr} (Integral)")
    ((variable, *ends),) = expr.limits
    low, high = (el.real(evaluate.value(end)) for end in ends)
    if not (low <= high or low > high):
        return el.NAN

    def integrand(x: Value) -> Value:
        return evaluate.bind({variable: x}).value(expr.function)

    return integrate(integrand, low, high) if low <= high else -integrate(integrand, high, low)


def _entry_of_one(evaluate: Evaluator, expr: sp.MatrixExpr) -> Value:
    """A matrix of one row and one column, taken as the number it holds."""
    matrix = evaluate.matrix(expr)
    if matrices.shape(matrix) != (1, 1):
        raise TypeError(f"{expr} is a matrix of shape {matrices.shape(matrix)}, not a number")
    return matrix[0][0]


def _element(evaluate: Evaluator, expr: MatrixElement) -> Value:
    i, j = (int(evaluate.integer(index)) for index in expr.args[1:])
    return evaluate.matrix(expr.args[0])[i][j]


def _whole(f: Callable[..., int]) -> Rule:
    """The rule of a function from integers to integers."""
    return lambda evaluate, expr: el.trim(fmpq(f(*(int(evaluate.integer(arg)) for arg in expr.args))))


def _function(f: Callable[[Value], Value]) -> Rule:
    return lambda evaluate, expr: f(evaluate.value(expr.args[0]))


def _method(name: str) -> Rule:
    """The rule of a function without branch cuts, by the name of flint's method."""
    return lambda evaluate, expr: el.apply(name, evaluate.value(expr.args[0]))


_RULES: dict[type, Rule] = {
    sp.Rational: lambda _, expr: fmpq(int(expr.p), int(expr.q)),
    sp.Float: lambda evaluate, expr: evaluate.value(sp.Rational(expr)),  # the binary fraction that it is
    sp.core.numbers.Pi: lambda _, __: arb.pi(),
    sp.core.numbers.Exp1: lambda _, __: arb.const_e(),
    sp.core.numbers.EulerGamma: lambda _, __: arb.const_euler(),
    sp.Symbol: lambda evaluate, expr: evaluate.symbol(expr),
    sp.Indexed: lambda evaluate, expr: evaluate.entry(expr.base, expr.indices),
    sp.Add: _add,
    sp.Mul: _mul,
    sp.Pow: lambda evaluate, expr: el.power(evaluate.value(expr.base), evaluate.value(expr.exp)),
    sp.Sum: lambda evaluate, expr: _fold(evaluate, expr.function, expr.limits, fmpq(0), lambda a, b: a + b),
    sp.Product: lambda evaluate, expr: _fold(evaluate, expr.function, expr.limits, fmpq(1), el.times),
    sp.Max: _extremum,
    sp.Min: _extremum,
    sp.Piecewise: _piecewise,
    sp.sign: _sign,
    sp.acos: _function(el.acos),
    sp.asin: _function(el.asin),
    sp.atan: _function(el.atan),
    sp.log: _function(el.log),
    **{getattr(sp, name): _method(name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{getattr(sp, name): _method(name) for name in ("erf", "erfc", "erfi", "gamma")},
    sp.floor: _function(el.floor),
    sp.ceiling: _function(lambda x: -el.floor(-x)),
    sp.Derivative: _derivative,
    sp.Integral: _integral,
    sp.MatrixExpr: _entry_of_one,
    MatrixElement: _element,
    sp.Trace: lambda evaluate, expr: matrices.trace(evaluate.matrix(expr.arg)),
    sp.Determinant: lambda evaluate, expr: matrices.determinant(evaluate.matrix(expr.arg)),
    sp.KroneckerDelta: _whole(lambda i, j: int(i == j)),
    sp.factorial: _whole(math.factorial),
    sp.binomial: _whole(math.comb),
}
