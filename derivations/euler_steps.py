"""Gradient descent against its flow: the distance is the sum of what the single steps are off by."""

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.expressions import Iterate


def by_steps(statement: Equation) -> Chain:
    """Derive lhs = rhs by induction over the number of steps of the one recursion in rhs, on which lhs does not depend.

    The number of steps is the symbol that the recursion is taken at, outside of sums over it.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    counts = {path.count for path in statement.rhs.atoms(Iterate)} & statement.rhs.free_symbols
    if len(counts) != 1 or statement.lhs.has(*counts) or not all(c.is_integer and c.is_nonnegative for c in counts):
        return Chain(steps=(), obstacle="the right side, and it alone, is to depend on one number of steps")
    (index,) = counts
    text = "One step more takes one term to the sum, which is what the step is off by."
    return Chain(steps=check.induction("statement", text, statement.lhs, statement.rhs, index))
