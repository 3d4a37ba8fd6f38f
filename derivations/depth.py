"""Recursions in depth: the NTK as a sum of products over the layers, and its diagonal for the ReLU, by induction."""

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import consequence, induction, peeled
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect, Iterate
from derivations.peel import peel


def derive_sum(statement: Equation) -> Chain:
    """Derive that a recursion in depth equals a sum over the layers, for every depth and every family of factors.

    The left side is an `Iterate` whose count L is a symbol for 0, 1, 2, …; the right side is built from sums and
    products over layers. What the statement defines about a single member of a family, such as Σ̇^(L+1) = 1, is
    put in once the last factors are split off; the rest is an induction over L.
    """
    recursion, total = statement.lhs, statement.rhs
    if obstacle := unfounded(statement) or not_over_depth(recursion):
        return Chain(steps=(), obstacle=obstacle)
    shorter = statement.expand(peel(total, kinds=(sp.Product,)))
    text = "The last factor is split off every product, and what is defined about it is put in."
    convention = peeled("convention", text, total, shorter, definitions=statement.where)
    text = "The recursion obeys the same rule as the sum: one more term, and one more factor in all terms before it."
    by_induction = induction("induction", text, recursion, shorter, recursion.count)
    whole = consequence("statement", "Together.", recursion, total, (by_induction[-1], convention))
    return Chain(steps=(convention, *by_induction, whole))


def derive_diagonal(statement: Equation) -> Chain:
    """Derive the value of a recursion in depth whose updates are Gaussian expectations over one variable.

    The variances in those expectations are recursions themselves; each is shown to keep its first value, by
    induction. With it the expectations are known, and a second induction gives the value of the whole.
    """
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    if obstacle := unfounded(statement) or not_over_depth(lhs):
        return Chain(steps=(), obstacle=obstacle)
    depth = lhs.count
    steps: list[Step] = []
    known: list[Step] = []
    for number, inner in enumerate(inner_recursions(lhs), 1):
        node = inner.func(*inner.args[:4], depth)
        following = peel(node.subs(depth, depth + 1)).xreplace({node: node.base})
        if obstacle := _expectations(following, steps, known):
            return Chain(steps=tuple(steps), obstacle=obstacle)
        text = "The variance is the same in every layer."
        kept = induction(f"variance-{number}", text, node, node.base, depth, of=tuple(known))
        steps += kept
        known = [kept[-1], kept[-2], *known]
    following = peel(lhs.subs(depth, depth + 1)).xreplace({lhs: rhs})
    following = following.xreplace({step.lhs: step.rhs for step in known if step.closed})
    if obstacle := _expectations(following, steps, known):
        return Chain(steps=tuple(steps), obstacle=obstacle)
    text = "The recursion, with these values, adds the same amount in every layer."
    return Chain(steps=(*steps, *induction("statement", text, lhs, rhs, depth, of=tuple(known))))


def not_over_depth(expr: sp.Expr) -> str:
    """Say so where an expression is not a recursion whose depth is a symbol for 0, 1, 2, …; "" where it is one."""
    count = expr.count if isinstance(expr, Iterate) else sp.nan
    if count.is_Symbol and count.is_integer and count.is_nonnegative:
        return ""
    return "the left side is not a recursion whose depth is a symbol for 0, 1, 2, …"


def inner_recursions(recursion: Iterate) -> list[Iterate]:
    """The recursions inside the update, innermost first, one for each rule whatever its count."""
    found = {node.args[:4]: node for node in sorted(recursion.update.atoms(Iterate), key=sp.default_sort_key)}
    return sorted(found.values(), key=lambda node: len(node.update.atoms(Iterate)))


def _expectations(expr: sp.Expr, steps: list[Step], known: list[Step]) -> str:
    """Compute the expectations in `expr` that are not known yet; returns the obstacle, if there is one."""
    done = [step.lhs for step in known if isinstance(step.lhs, Expect)]
    for number, node in enumerate(sorted(expr.atoms(Expect) - set(done), key=sp.default_sort_key), len(done) + 1):
        label = f"expectation-{number}"
        found = expectation_on_line(label, node) if len(node.variables) == 1 else None
        if found is None:
            return f"no formula for the expectation of {node.integrand}"
        computed, value = found
        total = consequence(label, "Together.", node, value, computed)
        steps += [*computed, total]
        known.append(total)
    return ""
