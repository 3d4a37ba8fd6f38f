"""Recursions in depth that differ by the scale of their start and of their updates: one is a multiple of the other.

For functions f with f(sz) = s^k f(z), s > 0, such as the ReLU and its derivative, the scales of u and v are factors of
E[f(u)f(v)]. So a recursion over covariances [[p, S], [S, r]] of any scale is a multiple of one over unit variances, or
over other ones, and so is a kernel built from it.
"""

from dataclasses import dataclass, field

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import by_lemma, cases, consequence, identity, induction
from derivations.densities import expectation_on_line
from derivations.depth import inner_recursions, not_over_depth
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect, Iterate
from derivations.normal_form import normal_form
from derivations.peel import peel


class NotScaledError(ValueError):
    """The recursions on the two sides of a statement are not related by a scale; the message says why."""


def multiple(statement: Equation) -> Chain:
    """Derive that a recursion, of any depth, is what the right side says: a factor times another recursion.

    Innermost first: the recursions of one variable are geometric, the covariances on the left are multiples of those on
    the right, with the factors that the variances give; then the statement follows by induction over the depth.
    """
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    if obstacle := unfounded(statement) or not_over_depth(lhs):
        return Chain(steps=(), obstacle=obstacle)
    proof = _Proof(lhs.count)
    try:
        for recursion in _inner(lhs, rhs):
            if not _in_plane(recursion):
                proof.geometric(recursion)
        here, there = ([r for r in _inner(side) if _in_plane(r)] for side in (lhs, rhs))
        if _is_covariance(lhs):
            here, there = [], []
        if len(here) != len(there) or len(here) > 1:
            raise NotScaledError("the two sides are not built from one covariance each")
        for one, other in zip(here, there, strict=True):
            proof.proportional(one, proof.factor(one, other) * other.func(*other.args[:4], lhs.count))
        proof.proportional(lhs, rhs, "statement")
    except NotScaledError as error:
        return Chain(steps=tuple(proof.steps), obstacle=str(error))
    return Chain(steps=tuple(proof.steps))


def by_induction(statement: Equation) -> Chain:
    """Derive a value of a recursion by induction over the depth alone, whatever expectations are in its update."""
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    if obstacle := unfounded(statement) or not_over_depth(lhs):
        return Chain(steps=(), obstacle=obstacle)
    text = "The update takes the value to itself."
    return Chain(steps=induction("statement", text, lhs, rhs, lhs.count))


def on_diagonal(statement: Equation) -> Chain:
    """Derive an equation between expectations over one variable whose variances are recursions over one depth."""
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    recursions = [node for node in (lhs - rhs).atoms(Iterate) if node.count.is_Symbol]
    if obstacle := unfounded(statement) or ("" if recursions else "the statement holds no recursion in depth"):
        return Chain(steps=(), obstacle=obstacle)
    proof = _Proof(recursions[0].count)
    try:
        for recursion in sorted(recursions, key=sp.default_sort_key):
            proof.geometric(recursion)
        values = [proof.evaluated("value", node) for node in _outermost(proof.put(lhs - rhs))]
    except NotScaledError as error:
        return Chain(steps=tuple(proof.steps), obstacle=str(error))
    text = "With the values found."
    given = (*proof.known, *values)
    whole = consequence("statement", text, statement.lhs, statement.rhs, given, definitions=statement.where)
    return Chain(steps=(*proof.steps, whole))


@dataclass
class _Proof:
    """The steps so far, and those of them that the next ones use as equations."""

    depth: sp.Symbol
    steps: list[Step] = field(default_factory=list)
    known: list[Step] = field(default_factory=list)

    def geometric(self, recursion: Iterate) -> None:
        """T_k = base · κ^k for a recursion whose update is proportional to E[f(z)²] over N(0, T)."""
        label = f"variance-{len(self.known) + 1}"
        q = sp.Symbol("q", positive=True)
        at = recursion.update.xreplace({recursion.previous: q})
        values = {node: _on_line("probe", node)[1] for node in _outermost(at)}
        ratio = normal_form(at.xreplace(values) / q)
        if ratio.has(q) or not (recursion.base.is_positive and ratio.is_positive):
            raise NotScaledError(f"the recursion from {recursion.base} is not geometric")
        node, guess = recursion.func(*recursion.args[:4], self.depth), recursion.base * ratio**self.depth
        following = peel(node.subs(self.depth, self.depth + 1)).xreplace({node: guess})
        values_there = [self.evaluated(f"{label}-expectation", e) for e in _outermost(following)]
        text = "The variance is multiplied by the same factor in every layer."
        proved = induction(label, text, node, guess, self.depth, of=values_there)
        self.steps += proved
        self.known += [proved[-1], proved[-2]]

    def factor(self, one: Iterate, other: Iterate) -> sp.Expr:
        """√(p r)/√(p' r') for the variances p, r and p', r' of the layers that the covariances belong to."""
        scales = []
        for recursion in (one, other):
            nodes = _outermost(recursion.update)
            if len(nodes) != 1:
                raise NotScaledError("a covariance is not the multiple of one expectation")
            (node,) = nodes
            variances = [node.covariance[at, at].subs(recursion.index, self.depth + 1) for at in (0, 1)]
            scales.append([sp.sqrt(self.put(variance)) for variance in variances])
        (p, r), (p_other, r_other) = scales
        return normal_form(p * r / (p_other * r_other))

    def proportional(self, recursion: Iterate, value: sp.Expr, label: str = "covariance") -> None:
        """The recursion is `value`, for every depth."""
        node = recursion.func(*recursion.args[:4], self.depth)
        following = self.put(peel(node.subs(self.depth, self.depth + 1)).xreplace({node: value}))
        goal = self.put(peel(value.subs(self.depth, self.depth + 1)))
        of = list(self.known)
        targets = _outermost(goal)
        for number, found in enumerate((node for node in _outermost(following) if node not in targets), 1):
            of.append(self._rescaled(f"{label}-scale-{number}", found, targets))
        text = "The same update on both sides, but for the factor."
        proved = induction(label, text, node, value, self.depth, of=of)
        self.steps += proved
        self.known += [proved[-1], proved[-2]]

    def put(self, expr: sp.Expr) -> sp.Expr:
        """Use what is known so far."""
        for step in self.known:
            expr = expr.xreplace({step.lhs: step.rhs}) if step.closed else expr
        return expr

    def evaluated(self, label: str, node: Expect) -> Step:
        """The value of an expectation over one variable."""
        label = f"{label}-{sum(step.id.startswith(label) for step in self.steps) + 1}"
        steps, value = _on_line(label, node)
        total = consequence(label, "Together.", node, value, steps)
        self.steps += [*steps, total]
        return total

    def _rescaled(self, label: str, node: Expect, targets: list[Expect]) -> Step:
        """The expectation as a multiple of that one among the targets which has the same integrand."""
        target = next((t for t in targets if t.integrand == node.integrand and t.variables == node.variables), None)
        if target is None:
            raise NotScaledError(f"the right side holds no expectation of {node.integrand}")
        scales = [
            sp.sqrt(normal_form(node.covariance[at, at] / target.covariance[at, at]))
            for at in range(len(node.variables))
        ]
        if not all(scale.is_positive for scale in scales):
            raise NotScaledError(f"the scales {scales} are not known to be positive")
        entries = [
            identity(
                f"{label}-entry-{i + 1}{j + 1}",
                "An entry of the covariance on the left, as a multiple of that on the right.",
                node.covariance[i, j],
                scales[i] * scales[j] * target.covariance[i, j],
            )
            for i in range(len(scales))
            for j in range(i + 1)
        ]
        at = dict(zip(node.variables, (s * v for s, v in zip(scales, node.variables, strict=True)), strict=True))
        stretched = target.integrand.subs(at, simultaneous=True)
        image = by_lemma(
            f"{label}-image",
            "The pair on the left has the law of multiples of the pair on the right.",
            node,
            Expect(stretched, target.variables, target.covariance),
            "linear image of a Gaussian",
            uses=[entry.id for entry in entries],
        )
        factor = _degree(target, scales)
        same = cases(
            f"{label}-homogeneous",
            "The multiples are a factor of the integrand.",
            stretched,
            factor * target.integrand,
            target.variables,
        )
        text = "A factor of the integrand is one of the expectation."
        multiplied = Expect(factor * target.integrand, target.variables, target.covariance)
        outside = by_lemma(f"{label}-factor", text, multiplied, factor * target, "linearity of the integral")
        total = consequence(label, "Together.", node, factor * target, (image, same, outside))
        self.steps += [*entries, image, same, outside, total]
        return total


def _degree(target: Expect, scales: list[sp.Expr]) -> sp.Expr:
    """The factor s^j t^k of the integrand at multiples s, t of its variables, read off at one point."""
    p = [sp.Symbol(f"{variable.name}_0", positive=True) for variable in target.variables]
    here = dict(zip(target.variables, p, strict=True))
    there = dict(zip(target.variables, (s * q for s, q in zip(scales, p, strict=True)), strict=True))
    one, other = (target.integrand.subs(at, simultaneous=True) for at in (here, there))
    factor = normal_form(other / one) if one != 0 else sp.S.One
    return factor if not factor.has(*p) else sp.S.One


def _on_line(label: str, node: Expect) -> tuple[tuple[Step, ...], sp.Expr]:
    found = expectation_on_line(label, node) if len(node.variables) == 1 else None
    if found is None:
        raise NotScaledError(f"no formula for the expectation of {node.integrand}")
    return found


def _outermost(expr: sp.Basic) -> list[Expect]:
    """The expectations in an expression that stand in no other expectation or recursion, each once."""
    if isinstance(expr, Expect):
        return [expr]
    if isinstance(expr, Iterate):
        return []
    return list(dict.fromkeys(node for argument in expr.args for node in _outermost(argument)))


def _inner(*sides: sp.Expr) -> list[Iterate]:
    """The recursions inside the recursions of these expressions, innermost first, one for each rule."""
    found: dict[tuple[sp.Basic, ...], Iterate] = {}
    for side in sides:
        for outer in sorted((node for node in side.atoms(Iterate) if not _inside(node, side)), key=sp.default_sort_key):
            found |= {node.args[:4]: node for node in inner_recursions(outer)}
    return sorted(found.values(), key=lambda node: len(node.update.atoms(Iterate)))


def _inside(node: Iterate, side: sp.Expr) -> bool:
    """Whether a recursion occurs inside another one of the expression."""
    return any(node in other.update.atoms(Iterate) for other in side.atoms(Iterate))


def _in_plane(recursion: Iterate) -> bool:
    """Whether the update has an expectation over two variables."""
    return any(len(node.variables) == 2 for node in _outermost(recursion.update))


def _is_covariance(recursion: Iterate) -> bool:
    """Whether a recursion over two variables rests on no other such recursion."""
    return not any(_in_plane(node) for node in recursion.update.atoms(Iterate))
