"""The end of a replay: whether the accepted steps say what the statement says, wherever its domain lets it."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derivations.replay import sums
from derivations.replay.context import Accepted, Condition, Conditions, Context, put_in
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import residual

_LAST = 3
"""How many of the last equations are compared with the statement by reduction, not only as they stand."""


def reached(context: Context) -> None:
    """Raise RejectedError unless the steps reach the statement.

    An identity is reached by an equation between its sides, by equations that lead from one side to the other, or by
    two inequalities; an inequality by a sign of its gap, or of something that the gap is equal to. Conditions under
    which these hold must follow from the domain, but for single points where another step says the same.
    """
    statement = context.statement
    reason = "no step says what the statement says"
    for conditions in _identity(context) if statement.kind == "identity" else _inequality(context):
        reason = _left_out(conditions, context)
        if not reason:
            return
    raise RejectedError(reason)


def _identity(context: Context) -> Iterator[Conditions]:
    """The conditions of the ways to see the identity, those that are quick to see first."""
    statement = context.statement
    equations = [a for a in context.accepted.values() if not a.is_sign and not a.almost_everywhere]
    for found in equations:
        if (found.step.lhs, found.step.rhs) == (statement.lhs, statement.rhs):
            yield found.conditions
    where = statement.where
    lhs, rhs = (put_in(side, where) for side in (statement.lhs, statement.rhs))
    meant = [(put_in(a.lhs, where), put_in(a.rhs, where), a.conditions) for a in equations]
    yield from (conditions for one, other, conditions in meant if (one, other) == (lhs, rhs))
    lhs, rhs = _plain(lhs), _plain(rhs)
    plain = [(_plain(one), _plain(other), conditions) for one, other, conditions in meant]
    for one, other, conditions in plain[-_LAST:]:
        if _same(one, lhs) and _same(other, rhs):
            yield conditions
    yield from _led(lhs, rhs, plain)
    for up in _signs(rhs - lhs, context):
        for down in _signs(lhs - rhs, context):
            yield up | down


def _led(lhs: sp.Expr, rhs: sp.Expr, equations: list[tuple[sp.Expr, sp.Expr, Conditions]]) -> Iterator[Conditions]:
    """The conditions of the ways that lead by equations from one side to the other."""
    known: list[tuple[sp.Expr, Conditions]] = [(lhs, frozenset())]
    left = list(equations)
    for side, so_far in known:
        for equation in list(left):
            one, other, conditions = equation
            if one == side:
                left.remove(equation)
                known.append((other, so_far | conditions))
    yield from (conditions for side, conditions in known[1:] if _same(side, rhs))


def _inequality(context: Context) -> Iterator[Conditions]:
    statement = context.statement
    gap = statement.rhs - statement.lhs
    for found in context.accepted.values():
        if found.is_sign and found.step.lhs == gap:
            yield found.conditions
    yield from _signs(_plain(put_in(gap, statement.where)), context)


def _signs(gap: sp.Expr, context: Context) -> Iterator[Conditions]:
    """The conditions of the ways to see that a gap is nonnegative."""
    if isinstance(gap, sp.MatrixExpr):
        return
    where, found = context.statement.where, list(context.accepted.values())
    signs = [(_plain(put_in(a.lhs, where)), a.conditions) for a in found if a.is_sign]
    yield from (conditions for sign, conditions in reversed(signs) if _same(sign, gap))
    for a in reversed(found):
        if a.is_sign or a.almost_everywhere or isinstance(a.lhs, sp.MatrixExpr):
            continue
        if _same(_plain(put_in(a.lhs, where)), gap):
            value = _plain(put_in(a.rhs, where))
            yield from (a.conditions | more for sign, more in signs if _same(sign, value))


def _plain(side: sp.Expr) -> sp.Expr:
    if isinstance(side, sp.MatrixExpr):
        return side
    try:
        return sums.normal(sums.unfolded(side)) if side.has(sp.Sum) else side
    except (RejectedError, ValueError, NotImplementedError):
        return side


def _same(one: sp.Expr, other: sp.Expr) -> bool:
    if one == other:
        return True
    if isinstance(one, sp.MatrixExpr) or isinstance(other, sp.MatrixExpr):
        return False
    return residual(one - other) == 0


def _left_out(conditions: Conditions, context: Context) -> str:
    """Say where the domain lets a condition fail and no step says what the statement says; "" if nowhere."""
    for condition in conditions:
        left = _outside(condition, context)
        if not isinstance(left, sp.FiniteSet) and left is not sp.S.EmptySet:
            return f"the steps say so only for {condition}"
        for point in left:
            if not any(_says_so_at(found, condition.symbol, point, context) for found in context.accepted.values()):
                return f"no step says what the statement says at {condition.symbol} = {point}"
    return ""


def _outside(condition: Condition, context: Context) -> sp.Set | None:
    """The values of its symbol that the domain allows and the condition leaves out; None if nothing is known."""
    statement = context.statement
    values = dict(statement.domain).get(condition.symbol)
    sides = [put_in(side, statement.where) for side in (statement.lhs, statement.rhs)]
    if values is None:
        return None if any(condition.symbol in side.free_symbols for side in sides) else sp.S.EmptySet
    if values == sp.Range(condition.low, condition.high + 1):
        return sp.S.EmptySet
    allowed = sp.Interval(condition.low, condition.high, condition.open_low, condition.open_high)
    return sp.S.EmptySet if values.is_subset(allowed) else sp.Complement(values, allowed).doit()


def _says_so_at(found: Accepted, symbol: sp.Symbol, point: sp.Expr, context: Context) -> bool:
    if found.is_sign or found.almost_everywhere or found.conditions:
        return False
    statement = context.statement
    sides = [put_in(side, statement.where).subs(symbol, point) for side in (statement.lhs, statement.rhs)]
    return (found.lhs, found.rhs) == tuple(sides)
