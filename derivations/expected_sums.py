"""Finite sums of expectations of independent neurons: each expectation is found on the line, the rest is counting."""

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.sum_bounds import ranges


def by_expectations(statement: Equation) -> Chain:
    """Derive `lhs = rhs` from the values of its expectations over one variable and the rules of finite sums.

    The expectations are of polynomials on either side of zero, and do not depend on an index of a sum.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    steps: list[Step] = []
    values: list[Step] = []
    for number, node in enumerate(sorted((lhs - rhs).atoms(Expect), key=sp.default_sort_key), 1):
        found = expectation_on_line(f"line-{number}", node) if len(node.variables) == 1 else None
        if found is None:
            return Chain(steps=tuple(steps), obstacle=f"no formula for the expectation of {node.integrand}")
        computed, value = found
        values.append(check.consequence(f"expectation-{number}", "The two together.", node, value, computed))
        steps += [*computed, values[-1]]
    final = check.finite_sums(
        "statement",
        "With these values, by the rules of finite sums.",
        statement.lhs,
        statement.rhs,
        ranges=ranges(statement),
        definitions=statement.where,
        of=values,
    )
    return Chain(steps=(*steps, final))
