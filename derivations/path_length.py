"""How far a path gets whose speed decays exponentially: the bound on the speed, integrated over all times."""

import sympy as sp

from derivations import check
from derivations.activations import sigma, sigma_prime
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded


def bound(statement: Equation) -> Chain:
    """Derive |σ(t) - σ(0)| <= B/λ where the domain says that |exp(λz) σ'(z)| <= B for all z >= 0."""
    found = _speed(statement)
    inside = statement.lhs.args[0] if isinstance(statement.lhs, sp.Abs) else sp.S.Zero
    ends = {node.args[0] for node in inside.atoms(sigma)} - {sp.S.Zero}
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    if found is None:
        return Chain(steps=(), obstacle="the domain does not bound σ' by an exponential")
    if len(ends) != 1 or sp.expand(inside**2 - (sigma(*ends) - sigma(0)) ** 2) != 0:
        return Chain(steps=(), obstacle="the left side is not the distance of a path from its start")
    (end,), (largest, rate, s) = ends, found
    turned = 1 if inside.coeff(sigma(end)) == 1 else -1
    left = check.nonnegative(
        "left",
        "What is left of the bound at the end.",
        statement.rhs - largest / rate + largest / rate * sp.exp(-rate * end),
    )
    steps: list[Step] = [left]
    sides: list[Step] = []
    for name, sign in (("above", turned), ("below", -turned)):
        antiderivative = -largest / rate * sp.exp(-rate * s) - sign * sigma(s)
        density = largest * sp.exp(-rate * s) - sign * sigma_prime(s)
        gap = largest / rate * (1 - sp.exp(-rate * end)) - sign * (sigma(end) - sigma(0))
        integral = sp.Integral(density, (s, 0, end))
        slope = check.derivative(f"{name}-slope", "An antiderivative in time.", antiderivative, s, density)
        difference = antiderivative.subs(s, end) - antiderivative.subs(s, 0)
        values = check.identity(f"{name}-ends", "Its values at both ends.", difference, gap)
        text = "Hence the room that is left, as an integral."
        whole = check.by_lemma(name, text, gap, integral, "fundamental theorem of calculus", uses=(slope.id, values.id))
        text = "The integrand is not negative, by the bound on the speed."
        positive = check.nonnegative_integral(f"{name}-sign", text, integral, given=(density,))
        text = "So the path gets no farther than its speed lets it."
        bounded = check.inequality(f"{name}-room", text, -gap, sp.S.Zero, ((1, positive),), of=(whole,))
        text = "The right side and what stands between the bars, but for its sign."
        one = inside if name == "above" else -inside
        side = check.inequality(f"{name}-side", text, one, statement.rhs, ((1, bounded), (1, left)))
        steps += [slope, values, whole, positive, bounded]
        sides.append(side)
    text = "So the distance is bounded."
    both = check.absolute_value("bound", text, statement.lhs, statement.rhs, above=sides[0], below=sides[1])
    return Chain(steps=(*steps, *sides, both))


def _speed(statement: Equation) -> tuple[sp.Expr, sp.Expr, sp.Symbol] | None:
    """B, λ and z, where the domain says -B <= exp(λz) σ'(z) <= B for all z >= 0."""
    sets = dict(statement.domain)
    for quantity, values in statement.domain:
        if not (isinstance(quantity, sp.Mul) and isinstance(values, sp.Interval) and values.inf == -values.sup):
            continue
        for node in quantity.atoms(sigma_prime):
            growth, z = quantity / node, node.args[0]
            rate = sp.expand(sp.diff(growth, z) / growth)
            if sets.get(z) == sp.Interval(0, sp.oo) and growth == sp.exp(rate * z) and not values.sup.has(z):
                return values.sup, rate, z
    return None
