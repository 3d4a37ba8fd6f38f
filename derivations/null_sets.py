"""Expectations that agree because their integrands do, but for a set of measure zero."""

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect


def almost_everywhere(statement: Equation) -> Chain:
    """Derive E[g] = E[h], times the same factor, for g and h that differ at most where a variable is zero.

    The variables have positive variances, so that each of them is almost surely not zero.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    (one, *more), (other, *others) = ([*side.atoms(Expect), None] for side in (lhs, rhs))
    if one is None or other is None or more != [None] or others != [None]:
        return Chain(steps=(), obstacle="each side is not a multiple of one expectation")
    if (one.variables, one.covariance) != (other.variables, other.covariance):
        return Chain(steps=(), obstacle="the two expectations are not over the same variables")
    if not all(one.covariance[place, place].is_positive for place in range(len(one.variables))):
        return Chain(steps=(), obstacle="a variable may have variance zero")
    text = "The integrands agree where no variable is zero, which is almost everywhere: the variances are positive."
    same = check.cases("integrands", text, one.integrand, other.integrand, one.variables, almost_everywhere=True)
    text = "So the expectations agree."
    equal = check.consequence("statement", text, statement.lhs, statement.rhs, (same,), definitions=statement.where)
    return Chain(steps=(same, equal))
