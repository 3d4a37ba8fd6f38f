"""Registered quantities: symbols that name a column an experiment measures, with the way they are printed.

A statement about an experiment is written in these symbols; the decision rules look the columns up by name.
"""

from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True)
class Notation:
    """How a symbol is printed: Typst math for the reports, LaTeX for notebooks, plain text for terminals."""

    typst: str
    latex: str
    text: str
    meaning: str = ""


NOTATION: dict[str, Notation] = {}
"""Every name with a notation of its own, filled by `quantity` and `named`."""


def quantity(name: str, *, typst: str, latex: str, text: str, meaning: str) -> sp.Symbol:
    """Register the measured column `name` and return the real symbol that stands for it in statements."""
    if name in NOTATION:
        raise ValueError(f"the name {name!r} is registered twice")
    NOTATION[name] = Notation(typst, latex, text, meaning)
    return sp.Symbol(name, real=True)


def notation(name: str, *, typst: str, latex: str, text: str) -> str:
    """Register how the symbol, function or indexed family called `name` is printed, and return the name.

    Names whose print SymPy's conventions already give (`rho`, `lambda_0`) need none of this.
    """
    if NOTATION.setdefault(name, Notation(typst, latex, text)) != Notation(typst, latex, text):
        raise ValueError(f"the name {name!r} is registered twice, with different notations")
    return name
