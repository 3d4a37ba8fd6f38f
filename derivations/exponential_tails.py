"""Tails of the exponential law: a e^(-p) <= b (1 - ∫_0^q e^(-t) dt), where p is larger than q by enough.

With u = p - q the right side is b e^(-q) = e^(-p) b e^u, and e^u >= 1 + u where u >= 0. So it is enough that
b (1 + u) >= a, which is an inequality between rational functions.
"""

import sympy as sp

from derivations.chain import Chain
from derivations.check import definite_integral, derivative, inequality, instance, monotone, nonnegative
from derivations.domain import Equation, unfounded

_v = sp.Symbol("v", nonnegative=True)


def dominates(statement: Equation) -> Chain:
    """Derive a e^(-p) <= b (1 - ∫_0^q e^(-t) dt) for expressions p >= q >= 0 and numbers a, b, read off the sides."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    a, smaller = lhs.as_independent(sp.exp, as_Add=False)
    integral = next(iter(rhs.atoms(sp.Integral)), sp.nan)
    b = -rhs.coeff(integral)
    if not isinstance(smaller, sp.exp) or sp.expand(rhs - b + b * integral) != 0:
        return Chain(steps=(), obstacle="the sides are not a multiple of an exponential and of one minus an integral")
    t, start, q = integral.limits[0]
    p = -smaller.exp
    u = sp.expand(p - q)
    if integral.function != sp.exp(-t) or start != 0 or not u.is_nonnegative:
        return Chain(steps=(), obstacle="the integral is not the exponential law up to a point below the exponent")
    tail = definite_integral("tail", "The exponential law up to $q$.", integral, -sp.exp(-t), 1 - sp.exp(-q))
    grows = monotone(
        "above-1",
        "So $e^v >= 1$.",
        -sp.exp(_v),
        _v,
        sp.S.Zero,
        slope=(first := derivative("slope", "The exponential function grows.", -sp.exp(_v), _v, -sp.exp(_v))),
        sign=(positive := nonnegative("positive", "It is positive.", sp.exp(_v))),
    )
    gap = 1 + _v - sp.exp(_v)
    line = monotone(
        "above-its-tangent",
        "So $e^v >= 1 + v$.",
        gap,
        _v,
        sp.S.Zero,
        slope=(second := derivative("slope-of-the-gap", "Against its tangent at 0.", gap, _v, 1 - sp.exp(_v))),
        sign=grows,
    )
    at_u = instance("here", "In particular for $v = p - q$.", sp.exp(u) - 1 - u, sp.S.Zero, line, {_v: u})
    enough = nonnegative("enough", "What the tangent leaves over.", sp.expand(b * (1 + u) - a))
    text = "Both together, times $e^(-p)$."
    whole = inequality(
        "statement",
        text,
        statement.lhs,
        statement.rhs,
        ((b * smaller, at_u), (smaller, enough)),
        of=(tail,),
        definitions=statement.where,
    )
    return Chain(steps=(tail, first, positive, grows, second, line, at_u, enough, whole))
