"""Signs: whether assumptions and established parts make an expression nonnegative, and what a part is founded on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy as sp

from derivations.replay.context import Condition, Context, put_in, suits
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import residual


def nonnegative(expr: sp.Expr, parts: Iterable[sp.Expr] = (), running: Mapping[Any, Any] | None = None) -> bool:
    """Whether an expression is nonnegative by the assumptions on its symbols, the `parts` counting as nonnegative."""
    known = expr.xreplace({part: sp.Dummy(nonnegative=True) for part in parts}).subs(running or {})
    known = known.xreplace({e: sp.Dummy(positive=True) for e in known.atoms(sp.exp) if e.args[0].is_extended_real})
    return bool(known.is_nonnegative or sp.expand(known).is_nonnegative or sp.factor(sp.together(known)).is_nonnegative)


def founded(part: sp.Expr, step: Step, context: Context) -> None:
    """Raise RejectedError unless `part` >= 0 follows from the domain, an inequality used, or the assumptions."""
    where = context.statement.where
    part = put_in(part, where)
    known = [put_in(used.lhs, where) for used in context.used(step) if used.is_sign]
    for fact in (*known, *_facts(part, context)):
        if fact == part or residual(fact - part) == 0:
            return
        ratio = residual(part / fact) if fact != 0 else sp.S.NaN
        if ratio.is_nonnegative:
            return
    if not nonnegative(part):
        raise RejectedError(f"{part} >= 0 is neither a hypothesis nor established by a step it uses")


def _facts(part: sp.Expr, context: Context) -> Iterator[sp.Expr]:
    """What the domain says is nonnegative of the quantities in `part`."""
    for quantity, values in context.statement.domain:
        if not isinstance(values, sp.Interval):
            continue
        meant = put_in(quantity, context.statement.where)
        for found, at in _instances(meant, part):
            low, high = (
                put_in(end, context.statement.where).subs(at, simultaneous=True) for end in (values.start, values.end)
            )
            if low.is_infinite is not True:
                yield found - low
            if high.is_infinite is not True:
                yield high - found


def _instances(quantity: sp.Basic, part: sp.Expr) -> Iterator[tuple[sp.Expr, dict[sp.Symbol, sp.Expr]]]:
    """The places where a quantity of the domain occurs: itself, an entry of its family, or a value of its function."""
    yield quantity, {}
    indices = quantity.indices if isinstance(quantity, sp.Indexed) else quantity.args
    generic = isinstance(quantity, sp.Indexed | sp.Function) and all(isinstance(a, sp.Symbol) for a in indices)
    for e in part.atoms(quantity.func) if generic and indices else ():
        if isinstance(quantity, sp.Indexed):
            if e.base == quantity.base and len(e.indices) == len(indices):
                yield e, dict(zip(indices, e.indices, strict=True))
        elif len(e.args) == len(indices):
            yield e, dict(zip(indices, e.args, strict=True))


def covered(running: Mapping[Any, Any], step: Step, context: Context) -> set[Condition]:
    """The conditions under which parameters run over everything; RejectedError for a form that is not known.

    Known are: key = p, if all that is assumed of p is known of the key; key = c + p for a key that is at least c;
    key = (a + bp)/(c + dp), between its ends; max(a, …) = a + p; and an integer key and one above it, j = c + p and
    m = c + p + q. Parameters p, q are symbols that occur nowhere else.
    """
    parameters = {s for value in running.values() for s in value.free_symbols} - _outside(step, context)
    conditions: set[Condition] = set()
    done: dict[Any, Any] = {}
    for key, value in running.items():
        own = value.free_symbols & parameters
        if isinstance(key, sp.Max) and any(_one_more(value - argument, own) for argument in key.args):
            continue
        if value in own and _has_the_properties_of(key, value):
            continue
        if not isinstance(key, sp.Symbol):
            raise RejectedError(f"{key} = {value} is not known to cover all values")
        lower = [(other, other_value) for other, other_value in done.items() if _one_more(value - other_value, own)]
        constant = value.subs(dict.fromkeys(own, 0))
        if lower:
            conditions.add(Condition(lower[0][0], sp.S.One, key))
        elif _one_more(value - constant, own) and constant.is_Rational:
            if not ((key - constant).is_nonnegative or _at_least(key, constant, context)):
                raise RejectedError(f"{key} = {value} leaves out values of {key}")
            if key.is_integer is not next(iter(own)).is_integer:
                raise RejectedError(f"{key} = {value} does not run over all values of {key}")
        elif len(own) == 1 and (ends := _between(value, next(iter(own)))):
            conditions.add(Condition(key, *ends))
        else:
            raise RejectedError(f"{key} = {value} is not known to cover all values")
        done[key] = value
    return conditions


def _has_the_properties_of(key: sp.Expr, parameter: sp.Symbol) -> bool:
    """Whether the key may be replaced by a parameter that stands for any number with its properties."""
    try:
        suits(parameter, key)
    except RejectedError:
        return False
    return True


def _outside(step: Step, context: Context) -> set[sp.Basic]:
    sides = (step.lhs, step.rhs, context.statement.lhs, context.statement.rhs)
    return set().union(*(side.free_symbols for side in sides))


def _one_more(gap: sp.Expr, parameters: set[sp.Symbol]) -> bool:
    """Whether the gap is one of the parameters, or zero or more."""
    return gap in parameters and bool(gap.is_nonnegative)


def _at_least(key: sp.Symbol, constant: sp.Expr, context: Context) -> bool:
    values = dict(context.statement.domain).get(key)
    return values is not None and values.is_subset(sp.Interval(constant, sp.oo)) is True


def _between(value: sp.Expr, parameter: sp.Symbol) -> tuple[sp.Expr, sp.Expr, bool, bool] | None:
    """The range of value = (a + bp)/(c + dp), c and d positive, p > 0 or p >= 0: its ends, and which are left out."""
    over, under = (sp.Poly(part, parameter) for part in sp.fraction(sp.together(value)))
    if parameter.is_integer or not parameter.is_nonnegative or max(over.degree(), under.degree()) > 1:
        return None
    (b, a), (d, c) = (tuple(poly.coeff_monomial(m) for m in (parameter, 1)) for poly in (over, under))
    if not (c * d).is_positive:
        return None
    first, last, starts_open = a / c, b / d, bool(parameter.is_positive)
    if not ((last - first).is_nonnegative or (last - first).is_negative):
        return None
    return (first, last, starts_open, True) if (last - first).is_nonnegative else (last, first, True, starts_open)
