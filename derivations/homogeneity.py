"""Positive homogeneity of networks with ReLU neurons: a factor of the weights is a factor of the output."""

import sympy as sp

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.expressions import relu
from derivations.sum_bounds import ranges


def positively_homogeneous(statement: Equation) -> Chain:
    """Derive lhs = rhs by writing relu(z) = (z + |z|)/2 and taking positive factors out of the absolute values."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    z = sp.Symbol("z", real=True)
    halves = check.cases(
        "halves",
        "The ReLU by the absolute value, for positive, negative and vanishing $z$.",
        relu(z),
        (z + abs(z)) / 2,
        z,
    )
    text = "So written, the factors that are positive come out of the absolute values, and the sums agree."
    sums = check.finite_sums(
        "sums",
        text,
        statement.lhs,
        statement.rhs,
        ranges=ranges(statement),
        definitions=statement.where,
        of=(halves,),
        every=(z,),
    )
    return Chain(steps=(halves, sums))
