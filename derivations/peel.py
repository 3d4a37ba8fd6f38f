"""Peeling: the last term of a sum or product, or the last update of a recursion, split off for an induction."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import sympy as sp

from derivations.expressions import Iterate

KINDS: tuple[type[sp.Expr], ...] = (sp.Sum, sp.Product, Iterate)
Ranges: TypeAlias = Mapping[sp.Symbol, Sequence[sp.Expr]]
"""The first and last value of every summation variable in whose scope an expression stands."""


def peel(expr: sp.Expr, ranges: Ranges | None = None, *, kinds: tuple[type[sp.Expr], ...] = KINDS) -> sp.Expr:
    """Split off the last term of every sum and product, and the last update of every recursion, where that is valid.

    A sum, product or recursion that ends at n + 1 becomes one that ends at n and what belongs to n + 1; a sum or
    product whose upper limit is just below its lower one is empty; one with a single term is that term. A factor
    that does not depend on the summation variable is taken out of its sum. The upper limit has to be no less than
    the lower one on the strength of the assumptions, for every value of the summation variables around;
    otherwise the node is left alone. `kinds` limits the peeling to some of `Sum`, `Product` and `Iterate`.

    >>> n = sp.Symbol("n", integer=True, nonnegative=True)
    >>> h = sp.Symbol("h", integer=True)
    >>> peel(sp.Sum(h**2, (h, 1, n + 1)))
    (n + 1)**2 + Sum(h**2, (h, 1, n))
    >>> peel(sp.Product(h, (h, n + 1, n)))
    1
    >>> peel(sp.Product(h, (h, 2, n)))
    Product(h, (h, 2, n))
    """
    ranges = ranges or {}
    if expr.is_Atom or not expr.has(*kinds):
        return expr
    if isinstance(expr, Iterate):
        return _last_update(expr) if Iterate in kinds else expr
    if not isinstance(expr, sp.Sum | sp.Product):
        return expr.func(*(peel(argument, ranges, kinds=kinds) for argument in expr.args))
    if len(expr.limits) != 1:
        return expr
    if isinstance(expr, kinds):
        return _last_term(expr, ranges, kinds)
    ((name, *ends),) = expr.limits
    return expr.func(peel(expr.function, {**ranges, name: ends}, kinds=kinds), *expr.limits)


def _last_term(expr: sp.Sum | sp.Product, ranges: Ranges, kinds: tuple[type[sp.Expr], ...]) -> sp.Expr:
    ((name, lower, upper),) = expr.limits
    length = sp.expand(upper - lower)
    if length == -1:
        return sp.S.Zero if isinstance(expr, sp.Sum) else sp.S.One
    last = peel(expr.function.subs(name, upper), ranges, kinds=kinds)
    if length == 0:
        return last
    if not _nonnegative(length, ranges):
        return expr
    rest = peel(expr.function, {**ranges, name: (lower, upper - 1)}, kinds=kinds)
    if isinstance(expr, sp.Product):
        return last * sp.Product(rest, (name, lower, upper - 1))
    constant, summand = rest.as_independent(name, as_Add=False)
    return last + constant * sp.Sum(summand, (name, lower, upper - 1))


def _last_update(expr: Iterate) -> sp.Expr:
    if expr.count == 0:
        return expr.base
    before = sp.expand(expr.count - 1)
    if not before.is_nonnegative:
        return expr
    values = {expr.previous: expr.func(*expr.args[:4], before), expr.index: expr.count}
    return expr.update.subs(values, simultaneous=True)


def _nonnegative(length: sp.Expr, ranges: Ranges) -> bool:
    """Whether a length, affine in each summation variable, is nonnegative at both ends of all their ranges."""
    for name, ends in ranges.items():
        if length.has(name):
            rest = {other: between for other, between in ranges.items() if other != name}
            affine = sp.diff(length, name, 2) == 0
            return affine and all(_nonnegative(sp.expand(length.subs(name, end)), rest) for end in ends)
    return bool(length.is_nonnegative)
