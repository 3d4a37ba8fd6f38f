"""The theorems that a step may rest on by name: the trust base, and whether a step is an instance of one.

Of most lemmas the replay sees whether the conclusion is what they give for the equations used; what is granted then are
hypotheses of analysis only. Of `GRANTED` it takes the conclusion as it stands.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.replay import integral_lemmas, nodes, sums
from derivations.replay.calculus import vanishes
from derivations.replay.context import Conditions, Context, put_in
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError


def _definition(step: Step, context: Context) -> None:
    """A decomposition of a matrix is what the statement defines it to be."""
    where = context.statement.where
    one, other = (put_in(side, where) for side in (step.lhs, step.rhs))
    if one != other:
        vanishes(one - other, "the matrix less its decomposition in the statement")


def _linear_flow(step: Step, context: Context) -> None:
    """`r = g` from g(0) = r(0) and g' = -A g."""
    where = context.statement.where
    flow, guess = (
        put_in(side, where).doit() if isinstance(side, sp.Derivative) else put_in(side, where)
        for side in (step.lhs, step.rhs)
    )
    if not isinstance(flow, nodes.LinearFlow) or flow.args[6] != 0:
        raise RejectedError("the left side is no solution of a linear equation")
    i, entry, (row, column, clock), _, size, time, _ = flow.args
    if not isinstance(i, sp.Symbol) or not isinstance(time, sp.Symbol):
        raise RejectedError("the solution is not a general component at a general time")
    j = sp.Dummy("j", integer=True)
    start = flow.func(*flow.args[:5], sp.S.Zero, sp.S.Zero).unfolded
    rate = -sp.Sum(entry.subs({row: i, column: j, clock: time}, simultaneous=True) * guess.subs(i, j), (j, 1, size))
    needs = [(guess.subs(time, 0), start), (sp.Derivative(guess, time), rate)]
    found = [[put_in(side, where) for side in (used.lhs, used.rhs)] for used in context.used(step)]
    for lhs, rhs in needs:
        if not any(_agree(lhs, one) and _agree(rhs, other) for one, other in found):
            raise RejectedError("the steps it uses do not say that it starts and moves as the solution does")


def _agree(one: sp.Expr, other: sp.Expr) -> bool:
    return one == other or sums.normal(one - other) == 0


def _penrose(step: Step, context: Context) -> None:
    """`X = A⁺` from the four equations of Penrose."""
    if not isinstance(step.lhs, nodes.PseudoInverse):
        raise RejectedError("the left side is no pseudoinverse")
    a, x = step.lhs.args[0], step.rhs
    found = {(used.step.lhs, used.step.rhs) for used in context.used(step)}
    for pair in ((a * x * a, a), (x * a * x, x), ((a * x).T, a * x), ((x * a).T, x * a)):
        if pair not in found:
            raise RejectedError(f"the steps it uses do not say that {pair[0]} = {pair[1]}")


def _reindexed(step: Step, context: Context) -> None:
    """Σ_p f(p) = Σ_jk g(j, k) where p(j, k) has an inverse, stays in range, and meets every place."""
    one, other = step.lhs, step.rhs
    if not isinstance(one, sp.Sum) or not isinstance(other, sp.Sum) or len(one.limits) != 1 or len(other.limits) != 2:
        raise RejectedError("it turns no single sum into a double one")
    ((p, low, high),), ((j, j_low, m), (k, k_low, d)) = one.limits, other.limits
    place = (k - 1) * m + j
    if (low, j_low, k_low) != (1, 1, 1) or sp.expand(high - m * d) != 0:
        raise RejectedError("the sums have different numbers of terms")
    used = context.used(step)
    signs = [accepted.lhs for accepted in used if accepted.is_sign]
    for gap in (place - 1, m * d - place):
        if not any(sp.expand(gap - sign) == 0 for sign in signs):
            raise RejectedError(f"the steps it uses do not say that {gap} >= 0")
    where, equations = context.statement.where, [a for a in used if not a.is_sign]
    inverses = {accepted.rhs for accepted in equations if accepted.lhs.has(sp.floor) or accepted.lhs.has(j)}
    if not {j, k} <= inverses:
        raise RejectedError("the steps it uses do not take the place back to both indices")
    term = put_in(one.function.subs(p, place), where)
    for accepted in equations:
        term = term.xreplace({accepted.lhs: accepted.rhs})
    vanishes(term - put_in(other.function, where), "a term of the one sum less that of the other")


def _rewritten(step: Step, _: Context) -> None:
    """A function written by others that SymPy knows it by."""
    if step.lhs.rewrite(sp.exp) != step.rhs and step.lhs.rewrite(sp.erf) != step.rhs:
        vanishes(step.lhs.rewrite(sp.exp) - step.rhs.rewrite(sp.exp))


def _equal_but_for_a_null_set(step: Step, context: Context) -> None:
    """Two expectations under one law, of functions that agree almost everywhere."""
    one, other = step.lhs, step.rhs
    if not all(isinstance(side, nodes.Expect) for side in (one, other)) or len(one.bound) != len(other.bound):
        raise RejectedError("the sides are no Gaussian expectations")
    other = other.renamed(dict(zip(other.bound, one.bound, strict=True)))
    if one.args[2] != other.args[2] or not all(
        one.args[2][place, place].is_positive for place in range(len(one.bound))
    ):
        raise RejectedError("the laws are not the same, or may be concentrated where a variable vanishes")
    sides = [one.args[0], other.args[0]]
    used = [accepted for accepted in context.used(step) if not accepted.is_sign]
    for accepted in used:
        names = dict(zip(accepted.step.data.get("variables", ()), one.bound, strict=False))
        names = {name: bound for name, bound in names.items() if name not in one.bound}
        lhs, rhs = (side.subs(names, simultaneous=True) for side in (accepted.lhs, accepted.rhs))
        sides = [rhs if side == lhs else side.xreplace({lhs: rhs}) for side in sides]
    vanishes(sides[0] - sides[1], "the difference of the integrands")


_INSTANCES: dict[str, Callable[[Step, Context], Conditions | None]] = {
    "differentiation under the integral": integral_lemmas.under_the_integral,
    "Fubini": integral_lemmas.fubini,
    "fundamental theorem of calculus": integral_lemmas.along_a_path,
    "linear image of a Gaussian": integral_lemmas.linear_image,
    "linearity of the integral": integral_lemmas.linearity,
    "independence": integral_lemmas.independence,
    "Gaussian integral": integral_lemmas.gaussian_integral,
    "null set": _equal_but_for_a_null_set,
    "Euler's formula": _rewritten,
    "normal distribution function": _rewritten,
    "uniqueness of linear flows": _linear_flow,
    "uniqueness of the pseudoinverse": _penrose,
    "reindexing": _reindexed,
    "spectral theorem": _definition,
}
GRANTED = frozenset({"integration by parts", "substitution", "recursion"})
"""Lemmas of which the replay does not check whether a step is an instance."""
_OF_BUILDERS = frozenset(
    {
        "monotonicity of the integral",
        "monotonicity",
        "monotonicity of the square root",
        "existence of linear flows",
        "heat equation",
    }
)
LEMMAS = frozenset(_INSTANCES) | GRANTED | _OF_BUILDERS


def is_granted(step: Step, context: Context) -> bool:
    """Whether a conclusion is taken as it stands, as those about the mean over a network's parameters are."""
    alone = step.lemma in GRANTED or _is_a_mean(step, context) or (step.lemma == "Fubini" and _has_a_degree(step))
    return step.check == "by_lemma" and alone


def _has_a_degree(step: Step) -> bool:
    """Whether an integrand has powers of a degree that is a symbol, which iterated integration is not checked for."""
    powers = {power for node in step.lhs.atoms(sp.Integral) for power in node.function.atoms(sp.Pow)}
    return any(power.base.is_Symbol and not power.exp.is_number for power in powers)


def by_lemma(step: Step, context: Context) -> Conditions:
    """What the lemma gives for the steps used."""
    conditions = context.inherited(step)
    if not is_granted(step, context):
        instance = _INSTANCES.get(step.lemma or "")
        if instance is None:
            raise RejectedError(f"the lemma {step.lemma!r} is not one that a conclusion rests on alone")
        conditions |= instance(step, context) or frozenset()
    return _without_indices(step, conditions) if step.lemma == "reindexing" else conditions


def _is_a_mean(step: Step, context: Context) -> bool:
    """Whether the left side is the value of a function that is only named, and that the statement knows nothing of."""
    sides = (context.statement.lhs, context.statement.rhs, *(e for pair in context.statement.where for e in pair))
    known = {e.func for side in sides for e in side.atoms(AppliedUndef)}
    gaussian = step.lemma in ("linear image of a Gaussian", "independence")
    return gaussian and isinstance(step.lhs, AppliedUndef) and step.lhs.func not in known


def _without_indices(step: Step, conditions: Conditions) -> Conditions:
    limits = {tuple(limit) for limit in step.rhs.limits}
    return frozenset(c for c in conditions if (c.symbol, c.low, c.high) not in limits)
