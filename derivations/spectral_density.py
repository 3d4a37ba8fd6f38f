"""Kernels of a distance as Fourier transforms of the normal density."""

import sympy as sp

from derivations.chain import Chain
from derivations.check import consequence, heat_equation, instance
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect

_mean = sp.Symbol("mu", real=True)


def of_cosine(statement: Equation) -> Chain:
    """Derive E[cos u] = exp(-v/2) for u of mean 0 and variance v > 0, or whatever the right side is put to be."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    node = statement.expand(statement.lhs)
    if not isinstance(node, Expect) or len(node.variables) != 1 or node.integrand != sp.cos(node.variables[0]):
        return Chain(steps=(), obstacle="the left side is not the expectation of a cosine")
    (u,), variance = node.variables, node.covariance[0, 0]
    if not isinstance(variance, sp.Symbol) or not variance.is_positive:
        return Chain(steps=(), obstacle="the variance is not a positive symbol")
    shifted = Expect(sp.cos(_mean + u), (u,), [[variance]])
    smooth = heat_equation(
        "smoothed",
        "A normal perturbation of the angle smooths the cosine.",
        shifted,
        sp.exp(-variance / 2) * sp.cos(_mean),
        _mean,
        variance,
    )
    at_zero = instance("centred", "At mean 0.", node, sp.exp(-variance / 2), smooth, {_mean: sp.S.Zero})
    text = "That is the right side."
    sides = consequence("sides", text, statement.lhs, statement.rhs, of=(at_zero,), definitions=statement.where)
    return Chain(steps=(smooth, at_zero, sides))
