"""Whether a point lies in the domain a statement is quantified over; a mutant may shrink or enlarge the domain."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq
from sympy.calculus.util import function_range
from sympy.core.function import ArgumentIndexError
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.sets import MatrixSet

from numerics import balls, memory
from verify.statement import Statement

_DIGITS = 60
"""The working precision at which membership is decided."""


def inside(statement: Statement, point: Mapping[Any, Any]) -> bool | None:
    """Whether a point lies in the domain: True or False where that is certain, None where it is not known.

    The set of an indexed family, or of an expression in one, is that of each entry the point has; that of a function
    at a symbol without a value is that of all its values over the set of the symbol. A quantity in which nothing has a
    value at the point does not restrict it: the sides do not depend on it, or they have no value either.

    >>> x, n = sp.symbols("x n")
    >>> unit = Statement(domain=((n, sp.S.Naturals), (x, sp.Interval(0, 1))))
    >>> inside(unit, {x: 1, n: 2}), inside(unit, {x: 2, n: 2}), inside(unit, {x: 1, n: 0})
    (True, False, False)
    """
    return memory.once(
        ("inside", statement.domain, statement.where), point, lambda: _inside(statement, completed(statement, point))
    )


def _inside(statement: Statement, point: Mapping[Any, Any]) -> bool | None:
    sets = dict(statement.domain)
    with flint.ctx.workdps(_DIGITS):
        evaluate = _evaluator(point)
        found = [_all_in(quantity, values, point, sets, evaluate) for quantity, values in statement.domain]
    return _every(found)


def completed(statement: Statement, point: Mapping[Any, Any]) -> dict[Any, Any]:
    """The point with the entries of families that the statement defines, in place of any it has itself.

    >>> L, a = sp.Symbol("L"), sp.IndexedBase("a")
    >>> completed(Statement(where=((a[L + 1], sp.Integer(2)),)), {L: 1, a: {1: 5, 2: 7}})[a]
    {1: 5, 2: 2}
    """
    point = dict(point)
    for name, meaning in statement.where:
        if isinstance(name, sp.Indexed):
            value = _applied(statement.expand(meaning), point)
            with flint.ctx.workdps(4 * _DIGITS):
                evaluate = _evaluator(point)
                for index in _indices(name, point):
                    at = evaluate.bind(index)
                    try:
                        place = tuple(int(at.integer(entry)) for entry in name.indices)
                    except LookupError:
                        continue
                    key = place if len(place) > 1 else place[0]
                    point[name.base] = {**point.get(name.base, {}), key: at.value(value)}
    return point


def _evaluator(point: Mapping[Any, Any]) -> balls.Evaluator:
    return balls.Evaluator({key: value for key, value in point.items() if isinstance(key, sp.Basic)})


def _every(found: Iterable[bool | None]) -> bool | None:
    """Whether all are True: False if one is False for certain, else None if one is not known."""
    known = set(found)
    return False if False in known else None if None in known else True


def _applied(quantity: sp.Basic, point: Mapping[Any, Any]) -> sp.Basic:
    """The quantity with the formulas that the point has for functions put in, and for derivatives with a name."""
    for name, formula in point.items():
        if isinstance(formula, sp.Lambda):
            quantity = quantity.replace(name, formula)
            for slope, of_slope in _slopes(name, formula):
                quantity = quantity.replace(slope, of_slope)
    return quantity


@lru_cache(maxsize=256)
def _slopes(name: Any, formula: sp.Lambda) -> tuple[tuple[Any, sp.Lambda], ...]:
    """The functions that are the derivatives of a function of one variable, such as σ' and σ'' of σ."""
    slopes: list[tuple[Any, sp.Lambda]] = []
    if len(formula.variables) == 1:
        (variable,) = formula.variables
        value, body = name(variable), formula.expr
        with suppress(ArgumentIndexError):
            while isinstance(value := value.diff(variable), sp.Function):
                body = body.diff(variable)
                slopes.append((value.func, sp.Lambda(variable, body)))
    return tuple(slopes)


def _all_in(
    quantity: sp.Basic,
    values: sp.Set,
    point: Mapping[Any, Any],
    sets: Mapping[sp.Basic, sp.Set],
    evaluate: balls.Evaluator,
) -> bool | None:
    """Whether every entry of a quantity that the point has lies in the set of it."""
    applied = _applied(quantity, point)
    if applied == quantity and not _has_values(quantity, point):
        return True
    try:
        return _every(_contains(evaluate.bind(index), values, applied) for index in _indices(quantity, point))
    except (LookupError, TypeError):
        return _range_in(applied, values, sets, evaluate)


def _has_values(quantity: sp.Basic, point: Mapping[Any, Any]) -> bool:
    names = {str(key) for key in point}
    return any(str(atom) in names for atom in quantity.free_symbols | quantity.atoms(sp.IndexedBase))


def _range_in(
    quantity: sp.Expr, values: sp.Set, sets: Mapping[sp.Basic, sp.Set], evaluate: balls.Evaluator
) -> bool | None:
    """Whether all values of an expression in one symbol, which runs over its own set, are certain to lie in a set."""
    exact = {symbol: evaluate.exact(symbol) for symbol in quantity.free_symbols | values.free_symbols}
    known = {symbol: value for symbol, value in exact.items() if value is not None}
    free = [symbol for symbol in exact if symbol not in known]
    quantity, values = quantity.subs(known), values.subs(known)
    if not free or isinstance(quantity, sp.MatrixExpr):
        return None if quantity.free_symbols else _exactly(values, quantity)
    if len(free) > 1 or free[0] not in sets or values.free_symbols:
        return None
    reached = _range(quantity, free[0], sets[free[0]])
    return None if reached is None else reached.is_subset(values)


@lru_cache(maxsize=64)
def _range(expr: sp.Expr, variable: sp.Symbol, values: sp.Set) -> sp.Set | None:
    """The values an expression takes while its variable runs over a set, if SymPy finds them."""
    try:
        return function_range(expr.rewrite(sp.erf), variable, values)
    except (NotImplementedError, ValueError):
        return None


def _exactly(values: sp.Set, quantity: sp.Expr) -> bool | None:
    return {sp.true: True, sp.false: False}.get(values.contains(quantity))


def _indices(quantity: sp.Basic, point: Mapping[Any, Any]) -> Iterator[dict[sp.Symbol, Any]]:
    """The values of the free indices of a quantity: every place of the families in it where the point has entries."""
    free = {symbol for symbol in quantity.free_symbols if isinstance(symbol, sp.Symbol)}
    found: list[dict[sp.Symbol, Any]] = [{}]
    for entry in sorted(quantity.atoms(sp.Indexed), key=sp.default_sort_key):
        running = [(position, name) for position, name in enumerate(entry.indices) if name in free]
        if running and entry.base in point:
            places = [key if isinstance(key, tuple) else (key,) for key in point[entry.base]]
            ways = {tuple((name, place[position]) for position, name in running) for place in places}
            pairs = [(index, dict(way)) for index in found for way in sorted(ways, key=str)]
            found = [
                {**index, **way}
                for index, way in pairs
                if all(index.get(name, value) == value for name, value in way.items())
            ]
    yield from found


def _contains(evaluate: balls.Evaluator, values: sp.Set, quantity: sp.Basic) -> bool | None:
    if isinstance(values, MatrixSet):
        return _matrix_in(evaluate, values, quantity)
    if isinstance(quantity, sp.MatrixExpr) and isinstance(values, sp.FiniteSet):
        return _equals_one_of(evaluate, values, quantity)
    value = evaluate.value(quantity)
    if isinstance(values, sp.FiniteSet):
        equal = [_equal(value, evaluate.value(member)) for member in values]
        return True if True in equal else None if None in equal else False
    if isinstance(values, sp.Interval):
        low, high = (evaluate.value(end) if end.is_finite else None for end in (values.inf, values.sup))
        above = True if low is None else _ordered(low, value, strictly=bool(values.left_open))
        below = True if high is None else _ordered(value, high, strictly=bool(values.right_open))
        return _every((above, below))
    exact = {symbol: evaluate.exact(symbol) for symbol in values.free_symbols}
    if not isinstance(value, fmpq) or None in exact.values():
        return None
    return _exactly(values.subs(exact), sp.Rational(int(value.p), int(value.q)))


def _matrix_in(evaluate: balls.Evaluator, values: MatrixSet, quantity: sp.MatrixExpr) -> bool | None:
    """Whether a matrix has the shape of a set of matrices, and entries in the set of its entries."""
    rows, columns = (int(evaluate.integer(size)) for size in values.shape)
    try:
        matrix = evaluate.matrix(quantity)
    except ValueError:  # its symbol is of another shape
        return False
    if (len(matrix), len(matrix[0])) != (rows, columns):
        return False
    places = ((i, j) for i in range(rows) for j in range(columns))
    return _every(_contains(evaluate, values.set, MatrixElement(quantity, i, j)) for i, j in places)


def _equals_one_of(evaluate: balls.Evaluator, values: sp.FiniteSet, quantity: sp.MatrixExpr) -> bool | None:
    """Whether a matrix is one of several, entry by entry."""
    flat = [entry for row in evaluate.matrix(quantity) for entry in row]
    others = ([entry for row in evaluate.matrix(member) for entry in row] for member in values)
    equal = [_every(_equal(a, b) for a, b in zip(flat, other, strict=True)) for other in others]
    return True if True in equal else None if None in equal else False


def _ordered(one: Any, other: Any, *, strictly: bool) -> bool | None:
    """Whether one number is less than another, or equal to it unless `strictly`; None where balls overlap."""
    if isinstance(one, fmpq) and isinstance(other, fmpq):
        return bool(one < other if strictly else one <= other)
    one, other = arb(one), arb(other)
    if one < other or (not strictly and one <= other):
        return True
    return False if one > other or (strictly and one >= other) else None


def _equal(one: Any, other: Any) -> bool | None:
    if isinstance(one, fmpq) and isinstance(other, fmpq):
        return bool(one == other)
    return None if arb(one).overlaps(arb(other)) else False
