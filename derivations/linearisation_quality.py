"""How close the weights have to stay to the start for the linearised two-layer network to be good enough."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp

from derivations import check
from derivations.chain import Chain
from derivations.linearisation import quadratic_bound


def within(factor: sp.Expr, moved: sp.Expr) -> Callable[[Any], Chain]:
    """A deriver of |f(x; W) - f^lin(x; W)| <= ε from factor · moved as a bound and what the domain says of `moved`.

    The bound is derived by `derivations.linearisation.quadratic_bound`; the domain lets `moved` run over an interval.
    """

    def derive(statement: Any) -> Chain:
        values = dict(statement.domain).get(moved)
        if not isinstance(values, sp.Interval):
            return Chain(steps=(), obstacle=f"the domain does not bound {moved}")
        bound = quadratic_bound(replace(statement, rhs=factor * moved))
        if bound.obstacle:
            return bound
        room = values.sup - moved
        slack = check.nonnegative(
            "room",
            "The hypothesis on the distance of the weights, times the factor of the bound, and what is left of the "
            "right side.",
            sp.Add(factor * room, sp.expand(statement.rhs - factor * values.sup), evaluate=False),
            given=(room,),
        )
        final = check.inequality(
            "good-enough",
            "The bound, and the hypothesis on the distance of the weights.",
            statement.lhs,
            statement.rhs,
            ((sp.S.One, bound.steps[-1]), (sp.S.One, slack)),
            definitions=statement.where,
        )
        return Chain(steps=(*bound.steps, slack, final))

    return derive
