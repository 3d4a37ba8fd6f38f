"""Identities between finite sums, for every number of terms, by the rules of sums alone."""

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.sum_bounds import orthogonal, ranges


def by_rules(statement: Equation) -> Chain:
    """Derive `lhs = rhs` by the rules of finite sums, once the definitions are put in and derivatives carried out.

    The ranges of free indices are read off the domain, where they stand as `(i, Range(1, n + 1))`; so is an orthogonal
    matrix.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    sides = check.finite_sums(
        "sums",
        "Both sides with the definitions put in and the derivatives carried out, by the rules of finite sums.",
        statement.lhs,
        statement.rhs,
        ranges=ranges(statement),
        orthogonal=orthogonal(statement),
        definitions=statement.where,
    )
    return Chain(steps=(sides,))
