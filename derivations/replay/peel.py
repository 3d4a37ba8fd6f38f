"""The last term of a sum or product, or the last update of a recursion, split off."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from derivations.replay.nodes import Iterate


def peel(  # noqa: PLR0911 - one case a node
    e: sp.Basic, ranges: Mapping[sp.Symbol, tuple[sp.Expr, sp.Expr]] | None = None
) -> sp.Basic:
    """Split off the last part wherever there is known to be one; an empty sum is 0 and an empty product 1."""
    ranges = ranges or {}
    if e.is_Atom or not e.has(sp.Sum, sp.Product, Iterate):
        return e
    if isinstance(e, Iterate):
        return _update(e)
    if not isinstance(e, sp.Sum | sp.Product):
        return e.func(*(peel(argument, ranges) for argument in e.args))
    if len(e.limits) != 1 or len(e.limits[0]) != 3:
        return e
    ((index, low, high),) = e.limits
    length = sp.expand(high - low)
    if length == -1:
        return sp.S.Zero if isinstance(e, sp.Sum) else sp.S.One
    last = peel(e.function.subs(index, high), ranges)
    if length == 0:
        return last
    if not _is_nonnegative(length, ranges):
        return e
    rest = peel(e.function, {**ranges, index: (low, high - 1)})
    if isinstance(e, sp.Product):
        return last * sp.Product(rest, (index, low, high - 1))
    outside, inside = rest.as_independent(index, as_Add=False)
    return last + outside * sp.Sum(inside, (index, low, high - 1))


def _update(e: Iterate) -> sp.Basic:
    update, previous, index, base, count = e.args
    if count == 0:
        return base
    before = sp.expand(count - 1)
    if not before.is_nonnegative:
        return e
    return update.subs({previous: e.func(*e.args[:4], before), index: count}, simultaneous=True)


def _is_nonnegative(length: sp.Expr, ranges: Mapping[sp.Symbol, tuple[sp.Expr, sp.Expr]]) -> bool:
    """Whether a length that is affine in the indices around it is nonnegative at both ends of their ranges."""
    for index, ends in ranges.items():
        if length.has(index):
            others = {other: range_ for other, range_ in ranges.items() if other != index}
            affine = sp.diff(length, index, 2) == 0
            return affine and all(_is_nonnegative(sp.expand(length.subs(index, end)), others) for end in ends)
    return bool(length.is_nonnegative)
