"""Whether a point lies in the domain a statement is quantified over; a mutant may shrink or enlarge the domain."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp
from flint import arb, fmpq

from numerics import balls
from verify.statement import Statement


def inside(statement: Statement, point: Mapping[Any, Any]) -> bool:
    """Whether a point lies in the domain: False where a value is certain to be outside the set declared for it.

    The set of an indexed family, or of an expression in one, is that of each entry the point has. What the point
    gives no value, and a set whose membership SymPy cannot decide, count as inside.

    >>> x, n = sp.symbols("x n")
    >>> unit = Statement(domain=((n, sp.S.Naturals), (x, sp.Interval(0, 1))))
    >>> inside(unit, {x: 1, n: 2}), inside(unit, {x: 2, n: 2}), inside(unit, {x: 1, n: 0})
    (True, False, False)
    """
    evaluate = balls.Evaluator({key: value for key, value in point.items() if isinstance(key, sp.Basic)})
    for quantity, values in statement.domain:
        for index in _indices(quantity, point):
            try:
                if not _contains(evaluate.bind(index), values, quantity):
                    return False
            except (LookupError, TypeError):
                continue
    return True


def _indices(quantity: sp.Basic, point: Mapping[Any, Any]) -> Iterator[dict[sp.Symbol, Any]]:
    """The values of the free indices of a quantity: every place of the families in it where the point has entries."""
    free = {symbol for symbol in quantity.free_symbols if isinstance(symbol, sp.Symbol)}
    found: dict[tuple[Any, ...], dict[sp.Symbol, Any]] = {}
    for entry in quantity.atoms(sp.Indexed):
        for key in point.get(entry.base, {}):
            place = key if isinstance(key, tuple) else (key,)
            index = {name: at for name, at in zip(entry.indices, place, strict=True) if name in free}
            found[tuple(sorted((str(name), at) for name, at in index.items()))] = index
    yield from found.values() if found else ({},)


def _contains(evaluate: balls.Evaluator, values: sp.Set, quantity: sp.Basic) -> bool:
    value = evaluate.value(quantity)
    if isinstance(values, sp.FiniteSet):
        return any(arb(value).overlaps(arb(evaluate.value(member))) for member in values)
    if isinstance(values, sp.Interval):
        low, high = (evaluate.value(end) if end.is_finite else None for end in (values.inf, values.sup))
        below = low is not None and (_less(value, low) or (bool(values.left_open) and value == low))
        above = high is not None and (_less(high, value) or (bool(values.right_open) and value == high))
        return not below and not above
    exact = {symbol: evaluate.exact(symbol) for symbol in values.free_symbols}
    if not isinstance(value, fmpq) or None in exact.values():
        return True
    return values.subs(exact).contains(sp.Rational(int(value.p), int(value.q))) is not sp.false


def _less(one: Any, other: Any) -> bool:
    return bool(arb(one) < arb(other))
