"""Identities between expectations of ReLUs and steps and their closed forms, by the Cholesky factor of the covariance.

`derive` reads a statement as `derivations.arccosine.derive` does; what it rests on, `derivations.cholesky_duals`,
shares nothing with Price's theorem.
"""

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import by_lemma, consequence, instance
from derivations.cholesky_duals import duals, integrals, rho, s, t, w, x, z
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.normal_form import normal_form

_CLOSED_RANGE = sp.Interval(-1, 1)


def derive(statement: Equation) -> Chain:
    """Derive `lhs = rhs`, built from E[σ(u)σ(v)], E[σ̇(u)σ̇(v)] and one-variable expectations, on the whole domain.

    The chain stops with an obstacle at an expectation that is none of these, at a correlation that is not one of the
    statement's symbols with values in [-1, 1], and at a symbol whose assumptions the domain does not back.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    sets = dict(statement.domain)
    steps: list[Step] = []
    values: list[Step] = []
    ends: dict[tuple[sp.Symbol, int], None] = {}
    for number, node in enumerate(sorted((lhs - rhs).atoms(Expect), key=sp.default_sort_key), 1):
        found = _value(f"expectation-{number}", node)
        if not found:
            return Chain(steps=tuple(steps), obstacle=f"no formula for {node.integrand} with this covariance")
        if len(node.variables) == 2:
            correlation = _correlation(node)
            if not sets[correlation].is_subset(_CLOSED_RANGE):
                return Chain(steps=tuple(steps), obstacle=f"the domain lets {correlation} leave [-1, 1]")
            closed_at = [end for end in (-1, 1) if sets[correlation].contains(end) is not sp.false]
            ends.update({(correlation, end): None for end in closed_at})
        steps += found
        values.append(found[-1])
    general = (*integrals(), *duals()) if any(len(step_.lhs.variables) == 2 for step_ in values) else ()
    text = "Put into the statement, the two sides agree."
    final = consequence("statement", text, statement.lhs, statement.rhs, values, definitions=statement.where)
    at_ends = [step_ for correlation, end in ends for step_ in _at_end(lhs, rhs, correlation, end)]
    return Chain(steps=(*general, *steps, final, *at_ends))


def _correlation(node: Expect) -> sp.Expr:
    a, b, c = node.covariance[0, 0], node.covariance[1, 1], node.covariance[0, 1]
    return normal_form(c / (sp.sqrt(a) * sp.sqrt(b)))


def _value(label: str, node: Expect) -> list[Step]:
    """The steps to the closed form of one expectation of the statement; none if there is no formula for it."""
    if len(node.variables) == 1:
        steps, _ = expectation_on_line(label, node) or ((), None)
        return [*steps, consequence(label, "Together.", node, steps[-1].rhs, steps)] if steps else []
    first, second = (sp.sqrt(node.covariance[i, i]) for i in (0, 1))
    correlation = _correlation(node)
    if not (first.is_positive and second.is_positive and correlation.is_Symbol and node.covariance.is_symmetric()):
        return []
    at = {s: first, t: second, rho: correlation}
    for of in (step_ for step_ in duals() if step_.id in ("step-dual", "relu-dual")):
        if of.lhs.integrand.subs(dict(zip((x, w), node.variables, strict=True)), simultaneous=True) == node.integrand:
            text = "The formula just found, at the standard deviations and the correlation of this expectation."
            return [instance(label, text, node, of.rhs.subs(at, simultaneous=True), of, at)]
    return []


def _at_end(lhs: sp.Expr, rhs: sp.Expr, correlation: sp.Symbol, end: int) -> list[Step]:
    """The statement where the second variable is a multiple of the first: an expectation over one variable."""
    where = f"{correlation}-at-{'one' if end > 0 else 'minus-one'}"
    lhs, rhs = lhs.subs(correlation, end), rhs.subs(correlation, end)
    steps: list[Step] = []
    values: list[Step] = []
    for number, node in enumerate(sorted((lhs - rhs).atoms(Expect), key=sp.default_sort_key), 1):
        onto: list[Step] = []
        line = node
        if len(node.variables) == 2:
            u, v = node.variables
            first, second = (sp.sqrt(node.covariance[i, i]) for i in (0, 1))
            line = Expect(node.integrand.subs({u: first * z, v: end * second * z}, simultaneous=True), (z,), [[1]])
            text = f"At correlation ${end}$ both variables are multiples of one."
            onto = [by_lemma(f"{where}-{number}-onto", text, node, line, "linear image of a Gaussian")]
        computed, value = expectation_on_line(f"{where}-{number}", line) or ((), line)
        whole = consequence(f"{where}-{number}", "Together.", node, value, (*onto, *computed))
        steps += [*onto, *computed, whole]
        values.append(whole)
    text = f"The statement at correlation ${end}$."
    return [*steps, consequence(where, text, lhs, rhs, values)]
