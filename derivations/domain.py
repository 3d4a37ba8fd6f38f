"""Domains: whether what a derivation assumes of its symbols follows from the sets a statement declares."""

from collections.abc import Mapping
from typing import Protocol

import sympy as sp


class Equation(Protocol):
    """What a derivation of an identity reads: the two sides, the definitions, and the domain."""

    @property
    def lhs(self) -> sp.Expr:
        """The left side."""

    @property
    def rhs(self) -> sp.Expr:
        """The right side."""

    @property
    def domain(self) -> tuple[tuple[sp.Basic, sp.Set], ...]:
        """Pairs of a symbol and its set."""

    @property
    def where(self) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        """Definitions: pairs of a name and its meaning."""

    def expand(self, expr: sp.Expr) -> sp.Expr:
        """Replace the names that are defined by their meanings."""


_IMPLIED: Mapping[str, sp.Set] = {
    "positive": sp.Interval.open(0, sp.oo),
    "nonnegative": sp.Interval(0, sp.oo),
    "negative": sp.Interval.open(-sp.oo, 0),
    "nonpositive": sp.Interval(-sp.oo, 0),
    "nonzero": sp.Union(sp.Interval.open(-sp.oo, 0), sp.Interval.open(0, sp.oo)),
    "integer": sp.S.Integers,
    "real": sp.S.Reals,
}


def unfounded(statement: Equation) -> str:
    """Say what in a statement no derivation may build on; "" if there is nothing of the kind.

    The assumptions on a symbol (positive, integer, …) are what every reduction trusts, so each must follow from
    the set declared for it; a symbol without a set has no business in the statement. Nor has a floating-point
    number, whose last digits SymPy drops as it pleases.
    """
    sets = dict(statement.domain)
    sides = [statement.expand(side) for side in (statement.lhs, statement.rhs)]
    if any(side.has(sp.Float) for side in sides):
        return "the statement holds a floating-point number"
    symbols = {symbol for side in sides for symbol in side.free_symbols if isinstance(symbol, sp.Symbol)}
    families = {name.base.label for name in sets if isinstance(name, sp.Indexed)}
    for symbol in sorted(symbols - families, key=sp.default_sort_key):
        if symbol not in sets:
            return f"the domain says nothing about {symbol}"
        for assumption, implied in _IMPLIED.items():
            if getattr(symbol, f"is_{assumption}") and not sets[symbol].is_subset(implied):
                return f"{symbol} is taken to be {assumption}, which its domain does not say"
    return ""
