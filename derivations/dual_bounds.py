"""Bounds on kernels of infinite width: the duals by Price's theorem, and a gap that is a sum of parts with a sign."""

import sympy as sp

from derivations import arccosine, check, price
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.sum_bounds import Deriver, Part, unfounded_parts


def by_dual_parts(*parts: Part) -> Deriver:
    """A deriver of lhs <= rhs from rhs - lhs = Σ parts, once the values of its expectations are put in.

    The expectations are those that `derivations.arccosine.evaluated` knows, at correlations in the open (-1, 1).
    """

    def derive(statement: Equation) -> Chain:
        if obstacle := unfounded(statement) or unfounded_parts(statement, parts):
            return Chain(steps=(), obstacle=obstacle)
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        nodes = sorted((rhs - lhs).atoms(Expect), key=sp.default_sort_key)
        steps, found, correlations, obstacle = arccosine.evaluated(nodes)
        if obstacle:
            return Chain(steps=tuple(steps), obstacle=obstacle)
        sets = dict(statement.domain)
        for rho in correlations:
            if not sets[rho].is_subset(sp.Interval.open(-1, 1)):
                return Chain(steps=tuple(steps), obstacle=f"the domain lets {rho} leave (-1, 1)")
        signs: list[Step] = [
            check.nonnegative(f"part-{number}", part.text, statement.expand(part.expr), given=part.given)
            for number, part in enumerate(parts, start=1)
        ]
        bound = check.inequality(
            "bound",
            "With these values the gap is the sum of these parts.",
            lhs,
            rhs,
            [(sp.S.One, sign) for sign in signs],
            of=found,
        )
        general = price.slopes() + price.between() if correlations else ()
        return Chain(steps=(*general, *steps, *signs, bound))

    return derive
