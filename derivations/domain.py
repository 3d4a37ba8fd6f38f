"""Domains: whether what a derivation assumes of its symbols follows from the sets a statement declares."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

import sympy as sp
from sympy.core.function import AppliedUndef


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
    the set declared for it; a symbol without a set has no business in the statement. The same holds for the entries of
    a family and the values of a function, but that a function without a set counts as real. Nor may a statement divide
    by what its domain lets vanish, or hold a floating-point number, whose last digits SymPy drops as it pleases.
    What is defined counts too, even where both sides cancel it, or SymPy does on putting it in.
    """
    sets = dict(statement.domain)
    defined = [name for name, _ in statement.where if isinstance(name, sp.Symbol)]
    sides = [statement.expand(side) for side in (statement.lhs, statement.rhs, *defined)]
    if any(side.has(sp.Float) for side in sides):
        return "the statement holds a floating-point number"
    symbols = {symbol for side in sides for symbol in side.free_symbols if isinstance(symbol, sp.Symbol)}
    entries = {entry for side in sides for entry in side.atoms(sp.Indexed)}
    symbols -= {entry.base.label for entry in entries}
    functions = {value for side in sides for value in side.atoms(AppliedUndef)}
    for quantity in sorted(symbols | entries | functions | _signed(statement), key=sp.default_sort_key):
        declared = _declared(quantity, sets)
        if not declared:
            return f"the domain says nothing about {quantity}"
        for assumption, implied in _IMPLIED.items():
            if getattr(quantity, f"is_{assumption}") and not all(_is_subset(values, implied) for values in declared):
                return f"{quantity} is taken to be {assumption}, which its domain does not say"
    for power in sorted((power for side in sides for power in side.atoms(sp.Pow)), key=sp.default_sort_key):
        if power.base in symbols | entries | functions and not _is_defined(power):
            return f"the domain lets {power.base} vanish, and the statement divides by it"
    return ""


def _signed(statement: Equation) -> set[sp.Basic]:
    """The symbols and entries in the definitions that are taken to have a sign: SymPy may use it in putting them in."""
    names = {name for name, _ in statement.where}
    found: set[sp.Basic] = set()
    for name, meaning in statement.where:
        labels = {base.label for base in meaning.atoms(sp.IndexedBase)}
        arguments = {*name.args, *name.free_symbols}
        found |= {entry for entry in meaning.atoms(sp.Indexed) if entry.base not in arguments}
        found |= meaning.free_symbols & meaning.atoms(sp.Symbol) - labels - arguments
    return {one for one in found - names if one.is_extended_nonnegative or one.is_extended_nonpositive}


@lru_cache(maxsize=1024)
def _is_subset(values: sp.Set, implied: sp.Set) -> bool | None:
    found: bool | None = values.is_subset(implied)
    return found


def _declared(quantity: sp.Basic, sets: Mapping[sp.Basic, sp.Set]) -> list[sp.Set]:
    """The sets declared for a quantity, or for each entry of its family, or all values of its function."""
    if isinstance(quantity, sp.Symbol):
        return [sets[quantity]] if quantity in sets else []
    if isinstance(quantity, sp.Indexed):
        of_family = {key: values for key, values in sets.items() if getattr(key, "base", None) == quantity.base}
        named = all(not _is_generic(key.indices) and key != quantity for key in of_family)
        return [] if named else list(of_family.values())
    of_function = [values for key, values in sets.items() if key.func == quantity.func]
    return of_function or [sp.S.Reals]


def _is_generic(indices: Iterable[sp.Basic]) -> bool:
    return all(isinstance(index, sp.Symbol) for index in indices)


def _is_defined(power: sp.Pow) -> bool:
    return bool(power.exp.is_nonnegative or power.base.is_zero is False)
