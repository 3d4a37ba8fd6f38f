"""Whether what SymPy assumes of the quantities in a statement follows from the sets its domain declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import sympy as sp
from sympy.core.assumptions import assumptions
from sympy.core.function import AppliedUndef

from derivations.replay.context import put_in
from derivations.replay.decode import Statement
from derivations.replay.errors import RejectedError

Domain: TypeAlias = Sequence[tuple[sp.Basic, sp.Set]]

_IMPLIED: Mapping[str, sp.Set] = {
    "positive": sp.Interval.open(0, sp.oo),
    "nonnegative": sp.Interval(0, sp.oo),
    "negative": sp.Interval.open(-sp.oo, 0),
    "nonpositive": sp.Interval(-sp.oo, 0),
    "nonzero": sp.Union(sp.Interval.open(-sp.oo, 0), sp.Interval.open(0, sp.oo)),
    "integer": sp.S.Integers,
    "real": sp.S.Reals,
}
"""The largest sets in which the assumptions hold."""


def founded(statement: Statement) -> None:
    """Raise RejectedError for an assumption on a quantity of the statement that its domain does not say.

    The quantities are the free symbols, the entries of families and the values of functions in both sides, with the
    definitions put in. A function without a set counts as real; a matrix is left to the checks of matrices.
    """
    for side in (statement.lhs, statement.rhs):
        _founded(put_in(side, statement.where), statement.domain)


def _founded(expr: sp.Basic, domain: Domain) -> None:
    entries, values = expr.atoms(sp.Indexed), expr.atoms(AppliedUndef)
    symbols = {symbol for symbol in expr.free_symbols if isinstance(symbol, sp.Symbol)}
    symbols -= {entry.base.label for entry in entries}
    for quantity in sorted(symbols | entries | values, key=sp.default_sort_key):
        declared = _declared(quantity, domain)
        if not declared and not isinstance(quantity, AppliedUndef):
            assumed = [name for name, holds in _facts(quantity).items() if holds and name in _IMPLIED]
            taken = f", which is taken to be {assumed[0]}" if assumed else ""
            raise RejectedError(f"the domain says nothing about {quantity}{taken}")
        for found in [found for _, found in declared] or [sp.S.Reals]:
            known = _known(found)
            for name, holds in _facts(quantity).items():
                if known.get(name) is not holds:
                    is_not = "" if holds else "not "
                    raise RejectedError(f"{quantity} is taken to be {is_not}{name}, which its domain does not say")
        own = [place for place, _ in declared]
        others = [pair for place, pair in enumerate(domain) if place not in own]
        for _, found in declared:
            _founded(found, others)  # a set may depend on what else is declared, but not in a circle


def _facts(quantity: sp.Basic) -> dict[str, bool]:
    """What SymPy assumes of a quantity: what holds first, and of that what sets say."""
    facts = assumptions(quantity)
    order = [*_IMPLIED, *sorted(facts.keys() - _IMPLIED)]
    return {name: facts[name] for holds in (True, False) for name in order if facts.get(name) is holds}


@lru_cache(maxsize=1024)
def _known(values: sp.Set) -> Mapping[str, bool]:
    """What SymPy may assume of an element of a set: what the sets around it imply, and all that follows."""
    if values.is_empty is True:
        return {}
    around = {name: True for name, implied in _IMPLIED.items() if values.is_subset(implied)}
    return sp.Symbol("element", **around).assumptions0


def _declared(quantity: sp.Basic, domain: Domain) -> list[tuple[int, sp.Set]]:
    """The sets that a domain declares for a quantity, its family or its function, with their places in the domain."""
    pairs = [(place, key, found) for place, (key, found) in enumerate(domain)]
    if isinstance(quantity, sp.Symbol):
        return [(place, found) for place, key, found in pairs if key == quantity]
    if isinstance(quantity, sp.Indexed):
        of_family = [pair for pair in pairs if isinstance(pair[1], sp.Indexed) and pair[1].base == quantity.base]
        arguments = [(key, key.indices) for _, key, _ in of_family]
    else:
        of_family = [pair for pair in pairs if pair[1].func == quantity.func]
        arguments = [(key, key.args) for _, key, _ in of_family]
    general = any(key == quantity or _is_general(among) for key, among in arguments)
    return [(place, found) for place, _, found in of_family] if general else []


def _is_general(arguments: Sequence[sp.Basic]) -> bool:
    return all(isinstance(a, sp.Symbol) for a in arguments) and len(set(arguments)) == len(arguments)
