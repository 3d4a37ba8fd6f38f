"""Identities between finite sums that hold derivatives: these are found first, each by itself, and then put in."""

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations import check
from derivations.chain import Chain
from derivations.definitions import replace_every
from derivations.domain import Equation, unfounded
from derivations.sum_bounds import Deriver, ranges


def by_slopes(*slopes: tuple[sp.Derivative, sp.Expr]) -> Deriver:
    """A deriver of lhs = rhs by the rules of finite sums, with these values of the derivatives on the left.

    Each value is derived from the definitions; in what is left, the functions that the values are written in keep
    their names.
    """

    def derive(statement: Equation) -> Chain:
        if obstacle := unfounded(statement):
            return Chain(steps=(), obstacle=obstacle)
        within = ranges(statement)
        found = tuple(
            check.finite_sums(
                f"slope-{number}",
                "A derivative, from the definitions.",
                node,
                value,
                ranges={**within, **_running(statement, node)},
                definitions=statement.where,
            )
            for number, (node, value) in enumerate(slopes, start=1)
        )
        named = {node.func for pair in slopes for side in pair for node in side.atoms(AppliedUndef)}
        left = tuple((name, meaning) for name, meaning in statement.where if name.func not in named)
        inside = statement.lhs
        for step in found:
            inside = replace_every(inside, step.lhs, step.rhs)
        put = check.consequence("put-in", "With these derivatives.", statement.lhs, inside, found)
        text = "By the rules of finite sums."
        sums = check.finite_sums("sums", text, inside, statement.rhs, ranges=within, definitions=left)
        text = "So the two sides agree."
        equal = check.consequence("statement", text, statement.lhs, statement.rhs, (put, sums))
        return Chain(steps=(*found, put, sums, equal))

    return derive


def _running(statement: Equation, node: sp.Derivative) -> dict[sp.Symbol, tuple[sp.Expr, sp.Expr]]:
    """The ranges of the indices of a derivative that the statement sums over."""
    limits = {limit[0]: (limit[1], limit[2]) for total in statement.lhs.atoms(sp.Sum) for limit in total.limits}
    return {index: limits[index] for index in node.atoms(sp.Symbol) & set(limits)}
