"""The arc-cosine kernels: identities between Gaussian expectations of ReLUs and steps and their closed forms.

`derive` works for any identity whose two sides are built from E[σ(u)σ(v)], E[σ̇(u)σ̇(v)] and expectations over one
variable of piecewise polynomials: it reads the covariances off the statement, carries the two dual formulas over
to them, and reduces what is left. `derive_scaling` proves that an expectation does not change when the covariance
is multiplied by a positive number.
"""

from collections.abc import Sequence

import sympy as sp

from derivations import price
from derivations.chain import Chain, Step
from derivations.check import by_lemma, cases, consequence, identity, instance
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.normal_form import normal_form

_CLOSED_RANGE = sp.Interval(-1, 1)


def derive(statement: Equation) -> Chain:
    """Derive `lhs = rhs` by Price's theorem, on the whole domain, degenerate ends included.

    The chain stops with an obstacle at an expectation it has no formula for, at a correlation that is not one of
    the statement's symbols with values in [-1, 1], and at a symbol whose assumptions the domain does not back.
    """
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    nodes = sorted((lhs - rhs).atoms(Expect), key=sp.default_sort_key)
    steps, values, correlations, obstacle = evaluated(nodes)
    if obstacle:
        return Chain(steps=tuple(steps), obstacle=obstacle)
    sets = dict(statement.domain)
    for rho in correlations:
        if not sets[rho].is_subset(_CLOSED_RANGE):
            return Chain(steps=tuple(steps), obstacle=f"the domain lets {rho} leave [-1, 1]")
    ends = [(rho, end) for rho in correlations for end in (-1, 1) if sets[rho].contains(end) is not sp.false]
    general = price.slopes() + price.between() if correlations else ()
    degenerate = tuple(step for end in sorted({end for _, end in ends}) for step in price.end(end))
    text = "Put into the statement, the two sides agree."
    final = consequence("statement", text, statement.lhs, statement.rhs, values, definitions=statement.where)
    at_ends = [step for rho, end in ends for step in _at_end(lhs, rhs, values, rho, end)]
    return Chain(steps=(*general, *degenerate, *steps, final, *at_ends))


def derive_scaling(statement: Equation) -> Chain:
    """Derive E_(N(0, λ²Λ))[f] = E_(N(0, Λ))[f] for λ > 0, from f(λu, λv) = f(u, v)."""
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    if not (isinstance(lhs, Expect) and isinstance(rhs, Expect) and lhs.variables == rhs.variables):
        return Chain(steps=(), obstacle="the two sides are not expectations over the same variables")
    factor = sp.sqrt(sp.cancel(lhs.covariance[0, 0] / rhs.covariance[0, 0]))
    if not factor.is_positive:
        return Chain(steps=(), obstacle=f"the covariances differ by a factor not known to be positive: {factor**2}")
    scaled = [factor * name for name in lhs.variables]
    integrand = lhs.integrand.subs(dict(zip(lhs.variables, scaled, strict=True)), simultaneous=True)
    pulled = Expect(integrand, lhs.variables, rhs.covariance)
    entries = [
        identity(
            f"covariance-{i + 1}{j + 1}",
            "An entry of the covariance on the left, as a multiple of that on the right.",
            lhs.covariance[i, j],
            factor**2 * rhs.covariance[i, j],
        )
        for i in range(len(scaled))
        for j in range(i + 1)
    ]
    image = by_lemma(
        "rescaled",
        "The pair on the left has the law of the multiple of the pair on the right.",
        lhs,
        pulled,
        "linear image of a Gaussian",
        uses=[step.id for step in entries],
    )
    same = cases("homogeneous", "The multiple makes no difference.", integrand, rhs.integrand, lhs.variables)
    equal = consequence("statement", "Equal integrands have equal expectations.", lhs, rhs, (image, same))
    return Chain(steps=(*entries, image, same, equal))


def evaluated(nodes: Sequence[Expect]) -> tuple[list[Step], list[Step], list[sp.Symbol], str]:
    """The steps that find expectations, those of them that state the values, the correlations, and what is in the way.

    The steps that find a value in the plane use `price.slopes()` and `price.between()`, which are not among them.
    """
    steps: list[Step] = []
    values: list[Step] = []
    for number, node in enumerate(nodes, 1):
        found = (_on_line if len(node.variables) == 1 else _in_plane)(f"expectation-{number}", node)
        if found is None:
            return steps, values, [], f"no formula for {node.integrand} with this covariance"
        steps += found
        values.append(found[-1])
    planes = [node for node in nodes if len(node.variables) == 2]
    return steps, values, sorted({_correlation(node) for node in planes}, key=sp.default_sort_key), ""


def _correlation(node: Expect) -> sp.Expr:
    a, b, c = node.covariance[0, 0], node.covariance[1, 1], node.covariance[0, 1]
    return normal_form(c / (sp.sqrt(a) * sp.sqrt(b)))


def _on_line(label: str, node: Expect) -> list[Step] | None:
    found = expectation_on_line(label, node)
    if found is None:
        return None
    steps, value = found
    return [*steps, consequence(label, "Together.", node, value, steps)]


def _in_plane(label: str, node: Expect) -> list[Step] | None:
    """The dual formula that fits the integrand, carried over to the covariance of the node."""
    u, v = node.variables
    s, t, rho = sp.sqrt(node.covariance[0, 0]), sp.sqrt(node.covariance[1, 1]), _correlation(node)
    if not (s.is_positive and t.is_positive and rho.is_Symbol and node.covariance.is_symmetric()):
        return None
    general = price.s * price.t * price.rho
    by_name = {step.id: step for step in price.between()}
    for name, dual in ((price.relus(general), "relu-dual"), (price.steps(general), "step-dual")):
        if name.integrand.subs({price.u: u, price.v: v}, simultaneous=True) == node.integrand:
            text = "The formula just found, at the standard deviations and the correlation of this expectation."
            at = {price.s: s, price.t: t, price.rho: rho}
            value = by_name[dual].rhs.subs(at, simultaneous=True)
            return [instance(label, text, node, value, by_name[dual], at)]
    return None


def _at_end(lhs: sp.Expr, rhs: sp.Expr, values: list[Step], rho: sp.Symbol, end: int) -> list[Step]:
    """The statement at a degenerate correlation, with the values of the formulas there."""
    where = "one" if end > 0 else "minus-one"
    by_name = {step.id: step for step in price.end(end)}
    found: list[Step] = []
    for step in values:
        node, general = step.lhs.subs(rho, end), by_name.get(f"{step.uses[0]}-{where}")
        if general is None or not step.lhs.has(rho):
            found.append(step)
            continue
        text = f"The formula for correlation ${end}$, at the standard deviations of this expectation."
        at = {price.s: sp.sqrt(node.covariance[0, 0]), price.t: sp.sqrt(node.covariance[1, 1])}
        value = general.rhs.subs(at, simultaneous=True)
        found.append(instance(f"{step.id}-{rho}-{where}", text, node, value, general, at))
    text = f"And at correlation ${end}$, where the formula was found on the line."
    final = consequence(f"{rho}-at-{where}", text, lhs.subs(rho, end), rhs.subs(rho, end), found)
    return [*(step for step in found if step not in values), final]
