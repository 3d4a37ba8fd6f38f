"""When gradient flow has brought the residual down to a given accuracy: Grönwall's bound at that time."""

from collections.abc import Iterable

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation
from derivations.gradient_flow import NotAFlowError, Residual, chain, spectrum
from derivations.sums import multiple_of


def reached(statement: Equation) -> Chain:
    """Derive ‖r(t)‖² <= ε² ‖y‖² for K(t) = λ I + F(t) F(t)ᵀ, where the domain says that exp(-λt) <= ε."""

    def steps() -> Iterable[Step]:
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        residual = Residual.read(lhs)
        level, _ = residual.split()
        left = sp.exp(-level * residual.flow.time)
        room = dict(statement.domain).get(left)
        if not isinstance(room, sp.Interval) or room.inf != 0:
            raise NotAFlowError("the domain does not say how much is left of the residual")
        decaying = residual.decaying(2 * level)
        yield from (*spectrum(statement), *decaying)
        factor = multiple_of(rhs, residual.start)
        enough = check.nonnegative(
            "enough",
            "By then no more than that is left, by hypothesis.",
            residual.start * (room.sup - left) * (room.sup + left),
            given=(room.sup - left,),
        )
        allowed = check.nonnegative(
            "allowed", "The accuracy asked for is no greater.", residual.start * (factor - room.sup**2)
        )
        yield from (enough, allowed)
        text = "So the residual is as small as claimed."
        parts = ((left**2, decaying[-1]), (1, enough), (1, allowed))
        yield check.inequality("statement", text, statement.lhs, statement.rhs, parts, definitions=statement.where)

    return chain(statement, steps)
