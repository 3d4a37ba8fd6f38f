"""Fourier coefficients of functions of an angle: what a kernel on the circle has for eigenvalues."""

import sympy as sp
from sympy.simplify.fu import TR8

from derivations.chain import Chain
from derivations.check import consequence, definite_integral
from derivations.domain import Equation, unfounded


def coefficient(statement: Equation) -> Chain:
    """Derive `lhs = rhs` where `lhs` is a multiple of one integral of polynomials, sines and cosines of an angle.

    Products of sines and cosines are written as sums, whose antiderivatives SymPy knows; the step that uses them
    checks them.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs = sp.expand_mul(statement.expand(statement.lhs), deep=False)
    integrals = lhs.atoms(sp.Integral)
    if len(integrals) != 1:
        return Chain(steps=(), obstacle=f"the left side holds {len(integrals)} integrals, not one")
    (integral,) = integrals
    factor = lhs.coeff(integral)
    if lhs - factor * integral != 0 or factor == 0:
        return Chain(steps=(), obstacle="the left side is no multiple of its integral")
    ((angle, *_),) = integral.limits
    terms = sp.Add.make_args(sp.expand(TR8(sp.expand(integral.function))))
    antiderivative = sp.Add(*(sp.integrate(term, angle) for term in terms))
    if antiderivative.has(sp.Integral, sp.Piecewise):
        return Chain(steps=(), obstacle="no antiderivative is known")
    whole = definite_integral(
        "integral",
        "Products of sines and cosines are sums of them; then term by term.",
        integral,
        antiderivative,
        statement.expand(statement.rhs) / factor,
    )
    text = "Times what stands before the integral."
    sides = consequence("sides", text, statement.lhs, statement.rhs, of=(whole,), definitions=statement.where)
    return Chain(steps=(whole, sides))
