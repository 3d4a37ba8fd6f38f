"""Compare the two sides of an identity or inequality in ball arithmetic, point by point."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import flint
import sympy as sp
from flint import arb, fmpq
from sympy.matrices.expressions.matexpr import MatrixElement

from numerics import balls, memory
from verify.domain import completed
from verify.evidence import Ball, Comparison
from verify.statement import Identity, Inequality, Statement
from verify.typeset.text import TextPrinter


def compare(statement: Statement, point: Mapping[Any, Any], *, digits: int = 30) -> Comparison:
    """Enclose both sides at a point and say what the enclosures allow.

    "less" or "greater" (of lhs against rhs) where the difference is certain to be negative or positive; "equal" where
    both sides are known to within 10^-digits · max(1, |value|) and overlap, so that they are equal as far as `digits`
    can tell; else "undecided". Matrices are compared entry by entry, and the entry that decides is returned; matrices
    of different sizes differ in their numbers of rows or columns. `point` is as in `numerics.balls.enclose`, which says
    what it raises; where the statement defines an entry of a family, that definition counts and not the value in
    `point`.
    """
    if not isinstance(statement, (Identity, Inequality)):
        raise TypeError(f"a {statement.kind} has no two sides to compare at a point")
    point = completed(statement, point)
    parts = _parts(*_sides(statement), point, ordered=isinstance(statement, Inequality))
    found = [_compared(lhs, rhs, point, place, digits) for place, lhs, rhs in parts]
    return min(found, key=lambda comparison: _DECISIVE.index(comparison.relation))


_DECISIVE = ("less", "greater", "undecided", "equal")
"""Relations between the entries of two matrices, those first that decide whether the matrices are equal."""


def _compared(
    lhs: sp.Expr, rhs: sp.Expr, point: Mapping[Any, Any], place: Mapping[str, str], digits: int
) -> Comparison:
    left, right = (_enclosed(side, point, digits) for side in (lhs, rhs))
    with flint.ctx.workdps(1000):  # The difference of two balls, as sharp as the balls.
        difference = left - right
    return Comparison(
        at={**at(point), **place},
        lhs=as_ball(left, digits),
        rhs=as_ball(right, digits),
        difference=as_ball(difference, digits),
        relation=_relation(left, right, difference, digits),
    )


def _enclosed(side: sp.Expr, point: Mapping[Any, Any], digits: int) -> arb:
    """The enclosure of a side, which mutants of the other side ask for again."""
    return memory.once(("enclosure", side, digits), point, lambda: balls.enclose(side, point, digits=digits))


def _parts(
    lhs: sp.Expr, rhs: sp.Expr, point: Mapping[Any, Any], *, ordered: bool
) -> list[tuple[dict[str, str], sp.Expr, sp.Expr]]:
    """The numbers to compare, each with its place: the sides, their entries, or their sizes if these differ.

    A matrix of one row and one column counts as a number.
    """
    if not any(isinstance(side, sp.MatrixExpr | sp.MatrixBase) for side in (lhs, rhs)):
        return [({}, lhs, rhs)]
    evaluate = balls.Evaluator({key: value for key, value in point.items() if isinstance(key, sp.Basic)})
    shapes = [tuple(int(evaluate.integer(size)) for size in getattr(side, "shape", (1, 1))) for side in (lhs, rhs)]
    for name, *sizes in zip(("rows", "columns"), *shapes, strict=True):
        if sizes[0] != sizes[1]:
            return [({"compared": f"numbers of {name}"}, *map(sp.Integer, sizes))]
    rows, columns = shapes[0]
    if (rows, columns) == (1, 1):
        return [({}, lhs, rhs)]
    if ordered:
        raise TypeError(f"matrices of shape {shapes[0]} are not ordered")
    return [
        ({"entry": f"{i + 1}, {j + 1}"}, MatrixElement(lhs, i, j), MatrixElement(rhs, i, j))
        for i in range(rows)
        for j in range(columns)
    ]


@lru_cache(maxsize=32)
def _sides(statement: Identity | Inequality) -> tuple[sp.Expr, sp.Expr]:
    """Both sides with the definitions put in, which takes longer than most enclosures."""
    return statement.expand(statement.lhs), statement.expand(statement.rhs)


def _relation(lhs: arb, rhs: arb, difference: arb, digits: int) -> Literal["equal", "less", "greater", "undecided"]:
    if difference < 0:
        return "less"
    if difference > 0:
        return "greater"
    if all(balls.is_within(side, digits) for side in (lhs, rhs)):
        return "equal"
    return "undecided"


def as_ball(value: arb, digits: int = 30) -> Ball:
    """Return decimal strings, to about `digits` digits, of a ball around this one: `rad` covers the rounding of `mid`.

    >>> as_ball(arb(1) / 4)
    Ball(mid='0.25', rad='0')
    """
    if not value.is_finite():
        return Ball(mid="0", rad="inf")
    mid, rad, exponent = map(int, value.mid_rad_10exp(digits + 5))
    dropped = max(0, len(str(rad)) - 3)
    return Ball(mid=_decimal(mid, exponent), rad=_decimal(-(-rad // 10**dropped), exponent + dropped))


def _decimal(mantissa: int, exponent: int) -> str:
    """Return mantissa · 10^exponent, in full where that is short, else in scientific notation.

    >>> _decimal(-1250, -4), _decimal(25, 60)
    ('-0.125', '2.5e+61')
    """
    sign, digits = "-" if mantissa < 0 else "", str(abs(mantissa)).rstrip("0")
    if not digits:
        return "0"
    exponent += len(str(abs(mantissa))) - len(digits)
    order = exponent + len(digits) - 1
    if -8 < order < 40:
        return format(Decimal(f"{sign}{digits}e{exponent}"), "f")
    return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{order:+d}"


def at(point: Mapping[Any, Any]) -> dict[str, str]:
    """Return the point for the reader: names as they are printed, values as written.

    >>> at({sp.Symbol("rho"): sp.Rational(1, 2), sp.IndexedBase("x"): {1: 3, 2: -4}})
    {'ρ': '1/2', 'x₁': '3', 'x₂': '-4'}
    """
    shown = {}
    for key, value in point.items():
        if isinstance(value, sp.Lambda):
            shown[TextPrinter().doprint(key(*value.variables))] = TextPrinter().doprint(value.expr)
            continue
        if isinstance(value, sp.MatrixBase):
            shown[TextPrinter().doprint(key)] = str(value.tolist())
            continue
        entries = {key[index]: entry for index, entry in value.items()} if isinstance(value, Mapping) else {key: value}
        for symbol, entry in entries.items():
            shown[TextPrinter().doprint(symbol)] = str(entry.str(20)) if isinstance(entry, arb) else str(entry)
    return shown


def covers(statement: Statement, points: Sequence[Mapping[Any, Any]]) -> bool:
    """Whether the points are the whole domain of an identity or inequality.

    They are if every symbol in it ranges over a finite set of rationals, and every combination of their values is
    one of the points. A set may depend on symbols earlier in the domain.
    """
    if not isinstance(statement, (Identity, Inequality)):
        return False
    symbols = [symbol for symbol, _ in statement.domain]
    known = {atom for symbol in symbols for atom in symbol.free_symbols}
    if any(not side.free_symbols <= known for side in _sides(statement)):
        return False
    exact = (point for point in map(balls.Evaluator, points) if point.is_exact)
    try:
        given = {tuple(point.value(symbol) for symbol in symbols) for point in exact}
    except (LookupError, TypeError):
        return False
    needed = 0
    for combination in _combinations(statement.domain, {}):
        needed += 1
        if combination is None or combination not in given:
            return False
    return needed > 0


def _combinations(
    domain: Sequence[tuple[sp.Basic, sp.Set]], chosen: Mapping[sp.Basic, sp.Basic]
) -> Iterable[tuple[fmpq, ...] | None]:
    """Every choice of values, or None where a set is not finite or holds something else than rationals."""
    if len(chosen) == len(domain):
        yield tuple(balls.number(value) for value in chosen.values())
        return
    symbol, values = domain[len(chosen)]
    values = values.subs(chosen)
    if values.is_finite_set is not True or not values.is_iterable:
        yield None
        return
    for value in values:
        if value.is_Rational:
            yield from _combinations(domain, {**chosen, symbol: value})
        else:
            yield None
