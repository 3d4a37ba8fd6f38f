"""Statements about E[f(u)f(v)] and E[f'(u)f'(v)] for one function f: closed forms at their variances and correlations.

The closed form comes with its proof from `derivations.duals`, for nondegenerate pairs.
"""

import sympy as sp

from derivations import duals
from derivations.chain import Chain, Step
from derivations.check import consequence, instance
from derivations.domain import Equation, unfounded
from derivations.duals.moments import a, b, c
from derivations.expressions import Expect
from derivations.normal_form import normal_form


def derive(statement: Equation) -> Chain:
    """Derive an equation between such expectations and closed forms.

    Their correlations are symbols whose sets lie in (-1, 1), or minus such symbols.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    nodes = sorted(
        (statement.expand(statement.lhs) - statement.expand(statement.rhs)).atoms(Expect), key=sp.default_sort_key
    )
    if obstacle := next(filter(None, (_degenerate(node, dict(statement.domain)) for node in nodes)), ""):
        return Chain(steps=(), obstacle=obstacle)
    proof, general = _proof([_factor(node) for node in nodes])
    if proof is None:
        return Chain(
            steps=(), obstacle="the statement is not about one function with a closed form, and its derivative"
        )
    values = [
        _value(f"value-{number}", node, general[factor])
        for number, node in enumerate(nodes, 1)
        if (factor := _factor(node)) is not None
    ]
    text = "Put into the statement, the two sides agree."
    final = consequence("both-sides", text, statement.lhs, statement.rhs, values, definitions=statement.where)
    return Chain(steps=(*proof.steps, *values, final), obstacle=proof.obstacle)


def _proof(factors: list[sp.Expr | None]) -> tuple[Chain | None, dict[sp.Expr, Step]]:
    """The proof of the closed forms of a function among these and of its derivative, if these are all."""
    for factor in dict.fromkeys(factors):
        try:
            found = duals.dual(factor) if factor is not None else None
        except (ValueError, duals.NoClosedForm):
            continue
        if found is None:
            continue
        by_name = {step.id: step for step in found.chain.steps}
        known = {factor: by_name["statement"]}
        if "derivative-statement" in by_name:
            known[found.derivative] = by_name["derivative-statement"]
        if set(factors) <= set(known):
            return found.chain, known
    return None, {}


def _factor(node: Expect) -> sp.Expr | None:
    """The function f, in the variable of `derivations.duals`, for which the integrand is f(u)f(v)."""
    if len(node.variables) != 2:
        return None
    u, v = node.variables
    constant, rest = node.integrand.as_independent(u, v, as_Add=False)
    of_u, of_v = rest.as_independent(v, as_Add=False)
    factor = sp.sqrt(constant) * of_u
    same = constant.is_positive and normal_form(factor.subs(u, v) - sp.sqrt(constant) * of_v) == 0
    return factor.subs(u, duals.x) if same else None


def _degenerate(node: Expect, sets: dict[sp.Basic, sp.Set]) -> str:
    """Say so where the domain does not keep the pair from being degenerate; "" where it does."""
    s, t = (sp.sqrt(node.covariance[at, at]) for at in (0, 1))
    rho = normal_form(node.covariance[0, 1] / (s * t))
    name = -rho if rho.could_extract_minus_sign() else rho
    if not (s.is_positive and t.is_positive and name in sets and sets[name].is_subset(sp.Interval.open(-1, 1))):
        return f"the domain does not say that the pair of covariance {node.covariance.tolist()} is nondegenerate"
    return ""


def _value(label: str, node: Expect, general: Step) -> Step:
    """The closed form, at the variances and the covariance of the expectation."""
    at = {a: node.covariance[0, 0], b: node.covariance[1, 1], c: node.covariance[0, 1]}
    text = "The closed form, at the variances and the covariance of this expectation."
    return instance(label, text, node, general.rhs.subs(at, simultaneous=True), general, at)
