"""Closed forms of Gaussian expectations of terms, on the line and in the plane.

Under the weight exp(αu² + βu + α'v² + β'v) the law N(0, [[a, c], [c, b]]) becomes M times a Gaussian of mean μ and
covariance K, with Δ = ab - c² and D = 1 - 2αa - 2α'b + 4αα'Δ:

    K = [[a - 2α'Δ, c], [c, b - 2αΔ]]/D,    μ = K(β, β'),    M = exp((β, β')·μ/2)/√D,    if D > 0.

Powers go by Gaussian integration by parts, E[uF] = μ₁E[F] + K₁₁E[∂_u F] + K₁₂E[∂_v F], in which a gate becomes a
bell (erf) or a point mass at zero (sign). What is left in the end is the mean of gates:

    E[erf(γu)] = erf(γμ₁/√(1 + 2γ²K₁₁)),
    E[erf(γu) erf(γ'v)] = (2/π) arcsin(K₁₂/√((K₁₁ + τ)(K₂₂ + τ'))),    μ = 0, τ = 1/(2γ²),

with τ = 0 for the sign.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import sympy as sp

from derivations.duals.terms import SIGN, NoClosedForm, Term
from derivations.duals.tidy import root, spread

a, b = sp.symbols("a b", positive=True)
c = sp.Symbol("c", real=True)


class Weight(NamedTuple):
    """The exponents of one factor, and its gate."""

    square: sp.Expr = sp.S.Zero
    linear: sp.Expr = sp.S.Zero
    slope: sp.Expr = sp.S.Zero

    def bell(self) -> Weight:
        """The weight after erf(γu) has been differentiated."""
        return Weight(self.square - self.slope**2, self.linear)


class Tilted(NamedTuple):
    """The Gaussian under the weight: its mass, its means and its covariance."""

    mass: sp.Expr
    mean: tuple[sp.Expr, sp.Expr]
    first: sp.Expr
    second: sp.Expr
    mixed: sp.Expr


def tilted(first: Weight, second: Weight) -> Tilted:
    """The law N(0, [[a, c], [c, b]]) under the weight of two factors, the gates left out."""
    alpha, beta = (sp.sympify(w.square) for w in (first, second))
    delta = a * b - c**2
    D = sp.expand((1 - 2 * alpha * a) * (1 - 2 * beta * b) - 4 * alpha * beta * c**2)
    K11, K22, K12 = (sp.cancel(k / D) for k in (a - 2 * beta * delta, b - 2 * alpha * delta, c))
    s, t = first.linear, second.linear
    mean = tuple(sp.expand(m) if D == 1 else sp.cancel(m) for m in (K11 * s + K12 * t, K12 * s + K22 * t))
    exponent = sp.cancel(sp.expand(s * mean[0] + t * mean[1]) / 2)
    return Tilted(sp.exp(exponent) / sp.sqrt(D), (mean[0], mean[1]), K11, K22, K12)


def plane(f: Term, g: Term) -> sp.Expr:
    """E[f(u)g(v)] for (u, v) ~ N(0, [[a, c], [c, b]]). Raises NoClosedForm where it is not known."""
    first, second = Weight(*f.key[1:]), Weight(*g.key[1:])
    return f.coefficient * g.coefficient * _plane(f.power, g.power, first, second)


def line(f: Term) -> sp.Expr:
    """E[f(z)] for z ~ N(0, a)."""
    return f.coefficient * _line(f.power, Weight(*f.key[1:]))


@cache
def _plane(j: int, k: int, f: Weight, g: Weight) -> sp.Expr:
    """E[u^j v^k weight], by lowering the powers."""
    law = tilted(f, g)
    if j == 0 and k > 0:
        return _exchanged(_plane(k, 0, g, f))
    if j == 0:
        return law.mass * _gates(law, f.slope, g.slope)
    total = law.mean[0] * _plane(j - 1, k, f, g)
    if j > 1:
        total += (j - 1) * law.first * _plane(j - 2, k, f, g)
    if k:
        total += k * law.mixed * _plane(j - 1, k - 1, f, g)
    if f.slope is SIGN and j == 1:
        total += law.first * _at_zero(k, f, g)
    elif f.slope not in (0, SIGN):
        total += law.first * 2 * f.slope / sp.sqrt(sp.pi) * _plane(j - 1, k, f.bell(), g)
    if g.slope is SIGN and k == 0:
        total += law.mixed * _exchanged(_at_zero(j - 1, g, f))
    elif g.slope not in (0, SIGN):
        total += law.mixed * 2 * g.slope / sp.sqrt(sp.pi) * _plane(j - 1, k, f, g.bell())
    return spread(total)


def _at_zero(k: int, f: Weight, g: Weight) -> sp.Expr:
    """E[2δ(u) v^k g(v)]: at u = 0, v has the variance b - c²/a."""
    del f  # its exponential is 1 at zero
    return spread(2 / sp.sqrt(2 * sp.pi * a) * _line(k, g).subs(a, b - c**2 / a))


@cache
def _line(k: int, f: Weight) -> sp.Expr:
    """E[z^k weight] for z ~ N(0, a)."""
    D = 1 - 2 * f.square * a
    variance = sp.cancel(a / D)
    mean = sp.cancel(f.linear * variance)
    if k == 0:
        mass = sp.exp(sp.cancel(sp.expand(f.linear * mean) / 2)) / sp.sqrt(D)
        return mass * _gate(mean, variance, f.slope)
    total = mean * _line(k - 1, f)
    if k > 1:
        total += (k - 1) * variance * _line(k - 2, f)
    if f.slope is SIGN and k == 1:
        total += variance * 2 / sp.sqrt(2 * sp.pi * a)
    elif f.slope not in (0, SIGN):
        total += variance * 2 * f.slope / sp.sqrt(sp.pi) * _line(k - 1, f.bell())
    return spread(total)


def _gates(law: Tilted, first: sp.Expr, second: sp.Expr) -> sp.Expr:
    if first == 0 or second == 0:
        return _gate(law.mean[0], law.first, first) * _gate(law.mean[1], law.second, second)
    if law.mean != (0, 0):
        raise NoClosedForm(
            "two gates that meet an exponential of x lead to the bivariate normal distribution function, "
            "which is not elementary"
        )
    widths = (law.first + _tau(first), law.second + _tau(second))
    (top, bottom), (other_top, other_bottom) = (sp.fraction(sp.factor(sp.together(width))) for width in widths)
    scale = bottom if bottom == other_bottom else sp.sqrt(bottom) * sp.sqrt(other_bottom)
    return 2 / sp.pi * sp.asin(sp.cancel(law.mixed * scale) / (sp.sqrt(top) * sp.sqrt(other_top)))


def _gate(mean: sp.Expr, variance: sp.Expr, slope: sp.Expr) -> sp.Expr:
    """E[gate] under N(mean, variance)."""
    if slope == 0:
        return sp.S.One
    if mean == 0:
        return sp.S.Zero
    z = sp.cancel(mean) / root(2 * (variance + _tau(slope)))
    if not z.has(sp.I):
        return sp.erf(z)
    if (z / sp.I).has(sp.I):
        raise NoClosedForm("a gate that meets exp(βx), β neither real nor imaginary")
    return sp.I * sp.erfi(z / sp.I)


def _tau(slope: sp.Expr) -> sp.Expr:
    return sp.S.Zero if slope is SIGN else 1 / (2 * slope**2)


def _exchanged(value: sp.Expr) -> sp.Expr:
    return value.subs({a: b, b: a}, simultaneous=True)
