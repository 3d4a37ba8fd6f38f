"""Steps that say an expression is nonnegative."""

from __future__ import annotations

import sympy as sp

from derivations.replay import sums
from derivations.replay.calculus import vanishes
from derivations.replay.context import Accepted, Conditions, Context, put_in
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import residual
from derivations.replay.signs import covered, founded
from derivations.replay.signs import nonnegative as is_nonnegative


def nonnegative(step: Step, context: Context) -> Conditions:
    """By the assumptions, and by parts that are hypotheses or established before."""
    given, running = step.data.get("given", ()), step.data.get("running", {})
    for part in given:
        founded(part, step, context)
    conditions = covered(running, step, context)
    if not is_nonnegative(step.lhs, given, running):
        raise RejectedError("it is not known to be nonnegative", step.lhs)
    return context.inherited(step) | conditions


def inequality(step: Step, context: Context) -> Conditions:
    """A gap that is a sum of nonnegative multiples of what is nonnegative, under summation signs or not."""
    where, found = context.definitions(step), context.equations(step)
    signs, factors, limits = context.signs(step), step.data.get("factors", ()), step.data.get("limits", ())
    if not len(signs) == len(factors) == len(limits):
        raise RejectedError("a part has not one step, one factor and one range")
    total, conditions = sp.S.Zero, set()
    for used, factor, limit in zip(signs, factors, limits, strict=True):
        if not is_nonnegative(factor):
            raise RejectedError("the factor of a part is not known to be nonnegative", factor)
        part = factor * used.lhs
        total += sp.Sum(part, sp.Tuple(*limit)) if limit else part
        conditions |= {c for c in used.conditions if not (limit and tuple(limit) == (c.symbol, c.low, c.high))}
    known = {used.lhs: used.rhs for used in found}
    gap = sums.normal(put_in(step.lhs.xreplace(known), where)).xreplace(known)
    vanishes(sums.normal(sums.unfolded(gap - put_in(total, where))), "the gap less its parts")
    return frozenset(conditions.union(*(used.conditions for used in found)))


def nonnegative_integral(step: Step, context: Context) -> Conditions:
    """An integral whose integrand is nonnegative between the ends."""
    if not isinstance(step.lhs, sp.Integral) or len(step.lhs.limits) != 1:
        raise RejectedError("it is no integral over one interval")
    ((variable, low, high),) = step.lhs.limits
    given = step.data.get("given", ())
    for part in given:
        founded(part, step, context)
    if not (high - low).is_nonnegative:
        raise RejectedError(f"{low} <= {high} is not known")
    if not is_nonnegative(step.lhs.function, (*given, variable - low, high - variable)):
        raise RejectedError("the integrand is not known to be nonnegative", step.lhs.function)
    return context.inherited(step)


def monotone(step: Step, context: Context) -> Conditions:
    """function(start) - function >= 0 from a slope that is minus something nonnegative."""
    (slope,), (sign,) = context.equations(step), context.signs(step)
    (variable,), start, function = step.data["variables"], step.data["start"], step.data["function"]
    where = context.statement.where
    left = put_in(slope.lhs, where)
    if not isinstance(left, sp.Derivative) or tuple(left.variable_count[0]) != (variable, 1) or len(left.args) != 2:
        raise RejectedError(f"step {slope.step.id} is about no first derivative in {variable}")
    vanishes(left.expr - put_in(function, where), f"what step {slope.step.id} differentiates, less the function,")
    vanishes(put_in(slope.rhs + sign.lhs, where), "the slope and what is nonnegative together")
    if not (variable - start).is_nonnegative:
        raise RejectedError(f"{variable} >= {start} is not known")
    gap = function.subs(variable, start) - function
    vanishes(sums.normal(sums.unfolded(put_in(step.lhs - gap, where))), "the gap less that of the function")
    return context.inherited(step)


def square_root(step: Step, context: Context) -> Conditions:
    """`b - a >= 0` from b² - a² >= 0 and b >= 0."""
    squares, sign = _pair(context.signs(step))
    where = context.statement.where
    gap, larger, difference = (put_in(e, where) for e in (step.lhs, sign.lhs, squares.lhs))
    smaller = larger - gap
    vanishes(difference - (larger**2 - smaller**2), "what is nonnegative, less the difference of squares,")
    return context.inherited(step)


def absolute_value(step: Step, context: Context) -> Conditions:
    """`b - |x| >= 0` from b - x >= 0 and b + x >= 0."""
    above, below = _pair(context.signs(step))
    for where in ((), context.statement.where):
        gap, one, other = (put_in(e, where) for e in (step.lhs, above.lhs, below.lhs))
        for x in (turn * node.args[0] for node in gap.atoms(sp.Abs) for turn in (1, -1)):
            bound = gap + sp.Abs(x)
            if residual(one - (bound - x)) == 0 and residual(other - (bound + x)) == 0 and _is_real(x, context):
                return context.inherited(step)
    raise RejectedError("it is not what bounds from both sides give for an absolute value", step.lhs)


def _is_real(x: sp.Expr, context: Context) -> bool:
    return bool(put_in(x, context.statement.where).doit().is_extended_real)


def floor_value(step: Step, context: Context) -> Conditions:
    """⌊x⌋ = n from x - n >= 0 and n + 1 - x >= margin > 0."""
    low, high = _pair(context.signs(step))
    if not isinstance(step.lhs, sp.floor) or not step.rhs.is_integer:
        raise RejectedError("the sides are no integer part and no integer")
    x, n, margin = step.lhs.args[0], step.rhs, step.data["margin"]
    if not margin.is_positive:
        raise RejectedError("the margin is not known to be positive", margin)
    vanishes(low.lhs - (x - n), "the lower gap less what is nonnegative")
    vanishes(high.lhs - (n + 1 - x - margin), "the upper gap less what is nonnegative")
    return context.inherited(step)


def _pair(found: list[Accepted]) -> tuple[Accepted, Accepted]:
    if len(found) != 2:
        raise RejectedError("it rests on two inequalities")
    return found[0], found[1]
