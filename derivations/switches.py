"""ReLU networks by which neurons are on: the ReLU is its argument times a switch."""

import sympy as sp

from derivations import check
from derivations.chain import Chain
from derivations.definitions import put_in
from derivations.domain import Equation, unfounded
from derivations.expressions import relu, step
from derivations.sums import flatten, readable

_z = sp.Symbol("z", real=True)
_INDICES = ("b", "c", "e", "g", "h", "l")


def by_switches(statement: Equation) -> Chain:
    """Derive lhs = rhs by the rules of finite sums, every max(z, 0) written as z · 1[z >= 0]."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    pieces = check.cases("pieces", "The ReLU is its argument times its derivative.", relu(_z), _z * step(_z), _z)
    try:
        left = readable(flatten(put_in(statement.lhs - statement.rhs, statement.where)), _INDICES)
    except ValueError as error:
        return Chain(steps=(), obstacle=str(error))
    text = "The difference of the two sides, with the definitions put in and the derivatives carried out."
    difference = check.finite_sums("difference", text, statement.lhs - statement.rhs, left, definitions=statement.where)
    text = "With the ReLU so written it vanishes."
    vanishing = check.finite_sums("vanishing", text, left, sp.S.Zero, of=(pieces,), every=(_z,))
    text = "So the two sides agree."
    equal = check.consequence("statement", text, statement.lhs, statement.rhs, (difference, vanishing))
    return Chain(steps=(pieces, difference, vanishing, equal))
