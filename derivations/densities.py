"""Gaussian densities, and expectations written as integrals over the positive half-line or quadrant."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import sympy as sp

from derivations.chain import Rule, Step, record
from derivations.check import Meaning, define, definite_integral
from derivations.expressions import Expect
from derivations.normal_form import normal_form

z = sp.Symbol("z", real=True)


def line_density(point: sp.Expr, scale: sp.Expr) -> sp.Expr:
    """exp(-z²/(2 scale²))/(√(2π) scale), the density at `point` of N(0, scale²)."""
    return sp.exp(-(point**2) / (2 * scale**2)) / (sp.sqrt(2 * sp.pi) * scale)


def plane_density(u: sp.Expr, v: sp.Expr, covariance: Sequence[sp.Expr], determinant: sp.Expr | None = None) -> sp.Expr:
    """exp(-(b u² - 2c u v + a v²)/(2Δ))/(2π√Δ), the density of N(0, [[a, c], [c, b]]), `covariance` being (a, b, c).

    Δ is `determinant`, or ab - c² if that is not given.
    """
    a, b, c = covariance
    delta = a * b - c**2 if determinant is None else determinant
    return sp.exp(-(b * u**2 - 2 * c * u * v + a * v**2) / (2 * delta)) / (2 * sp.pi * sp.sqrt(delta))


def density(variables: Sequence[sp.Expr], covariance: sp.Matrix) -> sp.Expr:
    """The density of N(0, covariance) in one or two variables; the covariance must not be degenerate."""
    if len(variables) == 1:
        return line_density(variables[0], sp.sqrt(covariance[0, 0]))
    u, v = variables
    return plane_density(u, v, (covariance[0, 0], covariance[1, 1], covariance[0, 1]))


def over_orthant(label: str, text: str, node: Expect, integral: sp.Integral, meaning: Meaning | None = None) -> Step:
    """`node = integral` where the integral over positive variables collects the integrand on all sign combinations.

    The axes are left out, a set of measure zero. The region of integration has to be the positive orthant.
    """
    names = [name for name, *_ in integral.limits]
    positive = [sp.Dummy(name.name, positive=True) for name in names]
    gathered = sp.S.Zero
    for signs in product((1, -1), repeat=len(names)):
        at = [sign * p for sign, p in zip(signs, positive, strict=True)]
        f = node.integrand.subs(dict(zip(node.variables, at, strict=True)), simultaneous=True)
        gathered += f * density(at, node.covariance)
    collected = define(integral.function, meaning).subs(dict(zip(names, positive, strict=True)), simultaneous=True)
    orthant = all(tuple(ends) == (0, sp.oo) for _, *ends in integral.limits)
    residual = normal_form(gathered - collected) if orthant else node - integral
    data: dict[str, Any] = {"meaning": dict(meaning or {})}
    return record("over_orthant", label, Rule.CASES, text, (node, integral), residual, lemma="null set", **data)


def half_moment(degree: int, scale: sp.Expr) -> sp.Expr:
    """∫_0^∞ z^degree density dz, by M_0 = 1/2, M_1 = scale/√(2π), M_n = (n - 1) scale² M_(n-2).

    >>> half_moment(4, sp.Integer(1))
    3/2
    """
    if degree < 2:
        return scale / sp.sqrt(2 * sp.pi) if degree else sp.S.Half
    return (degree - 1) * scale**2 * half_moment(degree - 2, scale)


def _antiderivative(degree: int, scale: sp.Expr) -> sp.Expr:
    if degree == 0:
        return sp.erf(z / (sp.sqrt(2) * scale)) / 2
    reduced = -(scale**2) * z ** (degree - 1) * line_density(z, scale)
    return reduced if degree == 1 else reduced + (degree - 1) * scale**2 * _antiderivative(degree - 2, scale)


def half_line(label: str, text: str, polynomial: sp.Poly, scale: sp.Expr) -> tuple[Step, sp.Expr]:
    """The step ∫_0^∞ polynomial · density dz = value for a positive `scale`, and the value."""
    integral = sp.Integral(polynomial.as_expr(z) * line_density(z, scale), (z, 0, sp.oo))
    value = sum((c * half_moment(n, scale) for (n,), c in polynomial.terms()), sp.S.Zero)
    antiderivative = sum((c * _antiderivative(n, scale) for (n,), c in polynomial.terms()), sp.S.Zero)
    return definite_integral(label, text, integral, antiderivative, value), value


def expectation_on_line(label: str, node: Expect) -> tuple[tuple[Step, ...], sp.Expr] | None:
    """The steps that compute E[f(z)] over N(0, a), f a polynomial on either side of zero, and the value.

    None if f is not such a function, or if the variance is not known to be positive.
    """
    (name,), scale = node.variables, sp.sqrt(node.covariance[0, 0])
    p = sp.Dummy("p", positive=True)
    sides = [sp.expand(node.integrand.subs(name, point)) for point in (p, -p)]
    if not (all(side.is_polynomial(p) for side in sides) and scale.is_positive):
        return None
    polynomial = sp.Poly(sum(sides), p)
    integral = sp.Integral(polynomial.as_expr(z) * line_density(z, scale), (z, 0, sp.oo))
    fold = over_orthant(f"{label}-fold", "The two half-lines, folded at zero.", node, integral)
    half, value = half_line(f"{label}-value", "The half-line integral, by parts.", polynomial, scale)
    return (fold, half), value
