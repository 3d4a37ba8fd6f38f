"""Steps of the calculus: derivatives, integrals by their antiderivatives, limits, and solutions that are unique."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.replay import nodes, sums
from derivations.replay.context import Accepted, Conditions, Context, define, put_in
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import residual
from derivations.replay.signs import covered

_SMOOTH = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.erf, sp.sin, sp.cos, sp.atan, sp.sinh, sp.cosh, sp.tanh)


def vanishes(expr: sp.Expr, what: str = "the difference of the two sides", modulo: Sequence[sp.Expr] = ()) -> None:
    """Raise RejectedError, with what is left, unless the expression reduces to 0."""
    left = residual(expr, modulo)
    for _ in range(2 if left != 0 and expr.has(sp.Sum, nodes.LinearFlow) and not modulo else 0):
        expr = sums.normal(sums.unfolded(expr))
        left = residual(expr)
    if left != 0:
        raise RejectedError(f"{what} does not vanish", left)


def derivative(step: Step, context: Context) -> Conditions:
    """∂expr = rhs by differentiation."""
    if not isinstance(step.lhs, sp.Derivative):
        raise RejectedError("the left side is no derivative")
    meaning = step.data.get("meaning", {})
    vanishes(define(step.lhs.doit(deep=False) - step.rhs, meaning))
    return context.inherited(step)


def integrands(step: Step, context: Context) -> Conditions:
    """Two integrals over one region, with one integrand."""
    if not all(isinstance(side, sp.Integral) for side in (step.lhs, step.rhs)) or step.lhs.limits != step.rhs.limits:
        raise RejectedError("the sides are no integrals over the same region", step.lhs - step.rhs)
    vanishes(
        define(step.lhs.function - step.rhs.function, step.data.get("meaning", {})), "the difference of integrands"
    )
    return context.inherited(step)


def definite_integral(step: Step, context: Context) -> Conditions:
    """The fundamental theorem: an antiderivative, smooth between the ends, and its values there."""
    if not isinstance(step.lhs, sp.Integral) or len(step.lhs.limits) != 1 or len(step.lhs.limits[0]) != 3:
        raise RejectedError("the left side is no integral over one interval")
    ((variable, low, high),) = step.lhs.limits
    meaning, running = step.data.get("meaning", {}), step.data.get("running", {})
    integrand, primitive = (define(e, meaning) for e in (step.lhs.function, step.data["antiderivative"]))
    vanishes(sp.diff(primitive, variable) - integrand, "the derivative of the antiderivative, less the integrand,")
    conditions = covered(running, step, context)
    smooth((integrand, primitive), (variable, low, high), running)
    ends = _at_end(primitive, variable, high, "-") - _at_end(primitive, variable, low, "+")
    vanishes(ends - define(step.rhs, meaning), "the antiderivative between the ends, less the value,")
    return context.inherited(step) | conditions


def smooth(exprs: Sequence[sp.Expr], between: tuple[sp.Symbol, sp.Expr, sp.Expr], running: Mapping[Any, Any]) -> None:
    """Raise RejectedError unless the expressions are smooth strictly between the ends."""
    variable, low, high = between
    q = sp.Dummy(positive=True)
    if high is sp.oo:
        inside = sp.Dummy(real=True) if low is -sp.oo else low + q
    else:
        inside = high - q if low is -sp.oo else (low + high * q) / (1 + q)
    for need, positive in (need for expr in exprs for need in _needs(expr, variable)):
        value = sp.factor(sp.together(need.subs(variable, inside).subs(running)))
        if not (value.is_positive or (value.is_negative and not positive)):
            raise RejectedError(f"it is not known to be smooth: {need} may vanish between {low} and {high}", need)


def _needs(expr: sp.Expr, variable: sp.Symbol) -> Iterator[tuple[sp.Expr, bool]]:  # noqa: C901 - one case a function
    """What must not vanish, and whether it must be positive."""
    if expr == variable or variable not in expr.free_symbols:
        return
    if isinstance(expr, nodes.LinearFlow):  # differentiable, by the existence of linear flows
        yield from _needs(expr.args[5], variable)
        return
    if isinstance(expr, sp.Sum) and not any(end.has(variable) for limit in expr.limits for end in limit[1:]):
        yield from _needs(expr.function, variable)
        return
    if isinstance(expr, sp.Pow):
        if not (expr.exp.is_Integer and expr.exp > 0) and expr.base.has(variable):
            yield expr.base, not expr.exp.is_Integer
    elif isinstance(expr, sp.log):
        yield expr.args[0], True
    elif isinstance(expr, sp.acos | sp.asin):
        yield 1 - expr.args[0] ** 2, True
    elif isinstance(expr, sp.Abs | sp.sign):
        yield expr.args[0], False
    elif isinstance(expr, sp.tan | sp.sec):
        yield sp.cos(expr.args[0]), False
    elif isinstance(expr, sp.cot | sp.csc):
        yield sp.sin(expr.args[0]), False
    elif not isinstance(expr, (*_SMOOTH, nodes.normal_cdf, nodes.normal_pdf)):
        raise RejectedError(f"nothing is known of how smooth {expr} is")
    for argument in expr.args:
        yield from _needs(argument, variable)


def _at_end(expr: sp.Expr, variable: sp.Symbol, end: sp.Expr, side: str) -> sp.Expr:
    if end.is_finite:
        value = expr.subs(variable, end)
        if not value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            return value
    return _limit(sp.Limit(expr, variable, end, side))


@lru_cache(maxsize=1024)
def _limit(expr: sp.Limit) -> sp.Expr:
    try:
        return expr.doit()
    except (NotImplementedError, ValueError):
        return expr


def limit(step: Step, context: Context) -> Conditions:
    """A limit as SymPy evaluates it."""
    if not isinstance(step.lhs, sp.Limit):
        raise RejectedError("the left side is no limit")
    vanishes(_limit(step.lhs) - step.rhs)
    return context.inherited(step)


def unique_solution(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` by (lhs - rhs)' = coefficient · (lhs - rhs) and their equality at one point."""
    (variable,), start = step.data["variables"], step.data["start"]
    factor = step.data.get("coefficient", sp.S.Zero)
    slopes, starts = _two(context.equations(step))
    where = context.definitions(step) or context.statement.where
    lhs, rhs = (put_in(side, where) for side in (step.lhs, step.rhs))
    gap = lhs - rhs
    left = put_in(slopes.lhs, where)
    if not isinstance(left, sp.Derivative) or tuple(left.variable_count[0]) != (variable, 1) or len(left.args) != 2:
        raise RejectedError(f"step {slopes.step.id} is about no first derivative in {variable}")
    vanishes(left.expr - gap, f"what step {slopes.step.id} differentiates, less the difference of the sides,")
    vanishes(
        put_in(slopes.rhs, where) - factor * gap, f"the slope in step {slopes.step.id}, less that of the equation,"
    )
    for side, found in ((lhs, starts.lhs), (rhs, starts.rhs)):
        vanishes(side.subs(variable, start) - put_in(found, where), f"the start in step {starts.step.id}, less a side,")
    if factor.has(variable):
        raise RejectedError("the coefficient of the equation is not constant")
    values = dict(context.statement.domain).get(variable)
    if not isinstance(values, sp.Interval) or not (values.contains(start) == sp.true or start in values.boundary):
        raise RejectedError(f"the domain of {variable} is no interval with {start} in it")
    smooth((gap,), (variable, values.start, values.end), {})
    return context.inherited(step)


def _two(found: list[Accepted]) -> tuple[Accepted, Accepted]:
    if len(found) != 2:
        raise RejectedError("it rests on two steps")
    return found[0], found[1]


def heat_equation(step: Step, context: Context) -> Conditions:
    """E[h(μ + z)] = H for H_v = ½ H_μμ and H(μ, 0) = h(μ), z of variance v."""
    mean, variance = step.data["variables"]
    node, formula = (
        step.lhs,
        step.rhs.replace(lambda e: isinstance(e, nodes.normal_cdf | nodes.normal_pdf), lambda e: e.formula),
    )
    if not isinstance(node, nodes.Expect) or len(node.bound) != 1 or not (mean.is_real and variance.is_positive):
        raise RejectedError(
            "the left side is no expectation over one variable, with a real mean and a positive variance"
        )
    (z,) = node.bound
    h = node.args[0].subs(z, 0)
    vanishes(node.args[2][0, 0] - variance, "the variance of the variable, less that of the equation,")
    vanishes(h.subs(mean, mean + z) - node.args[0], "the integrand, less a function of the mean and the variable,")
    vanishes(sp.diff(formula, variance) - sp.diff(formula, mean, 2) / 2, "H_v - H_μμ/2")
    for sign in (1, -1, 0):
        p = sign * sp.Dummy(positive=True)
        start = _limit(sp.Limit(formula.subs(mean, p), variance, 0, "+"))
        vanishes(start - h.subs(mean, p), "the formula at variance 0, less the function,")
    return context.inherited(step)
