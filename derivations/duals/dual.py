"""Dual activations in closed form: E[σ(u)σ(v)] of an expression σ, what follows from it, and its proof.

d = dual(x * normal_cdf(x))       # GELU
d.covariance(a, b, c)             # E[σ(u)σ(v)], (u, v) ~ N(0, [[a, c], [c, b]])
d.chain.reaches                   # every step of the derivation has been checked
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import sympy as sp

from derivations.chain import Chain
from derivations.duals.closed import covariance, expectation
from derivations.duals.fixed_points import FixedPoint, fixed_points
from derivations.duals.moments import a, b, c
from derivations.duals.proof import definition, prove
from derivations.duals.terms import SIGN, NoClosedForm, Term, derivative, jump, read, times, write, x
from derivations.duals.tidy import tidy
from derivations.expressions import Expect, Iterate, normal_cdf, step

_LARGEST_SQUARE = sp.Rational(1, 4)
rho, Sigma, Theta = sp.symbols("rho Sigma Theta", real=True)
h, depth = sp.symbols("h L", integer=True, nonnegative=True)


class Equation(NamedTuple):
    """What is proved: an expectation, from its definition, and its closed form."""

    lhs: Expect
    rhs: sp.Expr


class Recursion(NamedTuple):
    """The infinite-width kernels of a deep network at unit inputs of correlation ρ, in depth `L`.

    Σ^(0) = ρ, Σ^(h) = c_σ E[σ(u)σ(v)] and Σ̇^(h) = c_σ E[σ'(u)σ'(v)] over N(0, [[1, Σ^(h-1)], [Σ^(h-1), 1]]), and
    Θ^(0) = ρ, Θ^(h) = Θ^(h-1) Σ̇^(h) + Σ^(h). Every diagonal Σ^(h)(x, x) is 1.
    """

    covariance_step: sp.Expr
    """Σ^(h) in terms of Σ = Σ^(h-1)."""
    derivative_step: sp.Expr | None
    """Σ̇^(h) in terms of Σ = Σ^(h-1); None for an activation that jumps."""
    covariance: Iterate
    """Σ^(L)."""
    ntk: Iterate | None
    """Θ^(L); None for an activation that jumps."""


@dataclass(frozen=True)
class Dual:
    """The dual of an activation σ with E[σ(z)²] finite for z ~ N(0, 1), in closed form."""

    activation: sp.Expr
    """σ, an expression in `x`."""
    terms: tuple[Term, ...]
    """σ by terms c·x^k·exp(αx² + βx)·gate."""

    @cached_property
    def derivative(self) -> sp.Expr:
        """σ' where σ is differentiable."""
        return _named(write(derivative(self.terms)))

    @cached_property
    def jump(self) -> str:
        """Why the derivative has no dual: "" unless σ jumps at zero, which gives σ' a point mass there."""
        height = jump(self.terms)
        if height == 0:
            return ""
        return f"sigma jumps by {height} at 0, so its derivative has a point mass there and no covariance"

    @cached_property
    def formula(self) -> sp.Expr:
        """E[σ(u)σ(v)] in the symbols `a`, `b`, `c` of `derivations.duals.moments`."""
        return covariance(self.terms, self.terms)

    @cached_property
    def derivative_dual(self) -> sp.Expr | None:
        """E[σ'(u)σ'(v)] in the symbols a, b, c, or None where σ jumps: see `jump`."""
        return None if self.jump else covariance(derivative(self.terms), derivative(self.terms))

    def covariance(self, a_: sp.Expr, b_: sp.Expr, c_: sp.Expr) -> sp.Expr:
        """E[σ(u)σ(v)] for (u, v) ~ N(0, [[a, c], [c, b]]), a, b > 0 and c² <= ab, where `conditions` holds."""
        return self.formula.subs({a: a_, b: b_, c: c_}, simultaneous=True)

    def derivative_covariance(self, a_: sp.Expr, b_: sp.Expr, c_: sp.Expr) -> sp.Expr:
        """E[σ'(u)σ'(v)] for (u, v) ~ N(0, [[a, c], [c, b]]). Raises ValueError where σ jumps."""
        if self.derivative_dual is None:
            raise ValueError(self.jump)
        return self.derivative_dual.subs({a: a_, b: b_, c: c_}, simultaneous=True)

    def at(self, correlation: sp.Expr) -> sp.Expr:
        """E[σ(u)σ(v)] for unit variances and this correlation."""
        return self.covariance(sp.S.One, sp.S.One, sp.sympify(correlation))

    def derivative_at(self, correlation: sp.Expr) -> sp.Expr:
        """E[σ'(u)σ'(v)] for unit variances and this correlation; ValueError where σ jumps."""
        return self.derivative_covariance(sp.S.One, sp.S.One, sp.sympify(correlation))

    def diagonal(self, variance: sp.Expr) -> sp.Expr:
        """E[σ(z)²] for z ~ N(0, variance)."""
        variance = sp.sympify(variance)
        return tidy(self.formula.subs({b: a, c: a}, simultaneous=True), a).subs(a, variance)

    @cached_property
    def normalisation(self) -> sp.Expr:
        """c_σ = 1/E[σ(z)²], z ~ N(0, 1)."""
        return 1 / self.diagonal(sp.S.One)

    @cached_property
    def conditions(self) -> tuple[sp.Expr, ...]:
        """What must be positive for the formula to hold at a, b, c; none beyond a, b, ab - c² unless σ outgrows e^|x|.

        With α the largest coefficient of x² in an exponent, if positive: 1 - 2αa and (1 - 2αa)(1 - 2αb) - 4α²c².
        """
        squares = [term.square for term in self.terms if not term.square.is_nonpositive]
        growing = [((1 - 2 * q * a), (1 - 2 * q * a) * (1 - 2 * q * b) - 4 * q**2 * c**2) for q in squares]
        return (a, b, a * b - c**2, *dict.fromkeys(need for needs in growing for need in needs))

    def series(self, n: int) -> tuple[sp.Expr, ...]:
        """The coefficients of 1, ρ, …, ρⁿ in E[σ(u)σ(v)] at unit variances: E[σ(z)He_k(z)]²/k!."""
        return tuple(hermite_coefficient(self.terms, k) ** 2 / sp.factorial(k) for k in range(n + 1))

    @cached_property
    def fixed_points(self) -> tuple[FixedPoint, ...]:
        """The fixed points in [-1, 1] of ρ ↦ c_σ E[σ(u)σ(v)]: see `derivations.duals.fixed_points`."""
        return fixed_points(self)

    @cached_property
    def recursion(self) -> Recursion:
        """The kernels of a deep network with this activation, by recursion in depth."""
        update = self.normalisation * self.at(Sigma)
        nngp = Iterate(update, Sigma, h, rho, depth)
        if self.jump:
            return Recursion(update, None, nngp, None)
        slope = self.normalisation * self.derivative_at(Sigma)
        below = Iterate(update, Sigma, h, rho, h - 1)
        ntk = Theta * slope.subs(Sigma, below) + update.subs(Sigma, below)
        return Recursion(update, slope, nngp, Iterate(ntk, Theta, h, rho, depth))

    @cached_property
    def chain(self) -> Chain:
        """The proof of `statement`, and of `derivative_statement`, for general a, b > 0 and c² < ab."""
        return prove(self.activation, None if self.jump else self.derivative, self.terms)

    @property
    def statement(self) -> Equation:
        """The definition of the dual, E[σ(u)σ(v)], and its closed form."""
        return Equation(definition(self.activation), self.formula)

    @property
    def derivative_statement(self) -> Equation | None:
        """The same for the derivative; None where σ jumps."""
        return None if self.derivative_dual is None else Equation(definition(self.derivative), self.derivative_dual)

    @cached_property
    def family(self) -> str:
        """Which of the families σ belongs to, "+" between the families of its terms."""
        names = dict.fromkeys(map(_family, self.terms))
        if {"piecewise polynomial", "polynomial"} <= set(names):
            names.pop("polynomial")
        if "polynomial" in names:
            names = dict.fromkeys("piecewise polynomial" if name == "polynomial" else name for name in names)
        return " + ".join(sorted(names))


def dual(activation: sp.Expr) -> Dual:
    """The dual of an expression in `x`.

    Raises NoClosedForm, with the reason, for an activation outside the families, and ValueError for one that vanishes,
    that holds floating-point numbers or other unknowns than real ones, or whose dual is infinite at unit variance:
    a term exp(αx²) has a finite second moment under N(0, 1) if and only if α < 1/4.

    >>> dual(x * step(x)).covariance(a, b, c)
    c*asin(c/(sqrt(a)*sqrt(b)))/(2*pi) + c/4 + sqrt(a*b - c**2)/(2*pi)
    """
    activation = sp.sympify(activation, strict=True)
    if activation.has(sp.Float):
        raise ValueError(f"{activation} holds a floating-point number: write it as a fraction")
    if unknown := [name for name in activation.free_symbols if not name.is_extended_real]:
        raise ValueError(f"{activation} depends on {unknown[0]}, which is not known to be real")
    terms = read(activation)
    if not terms:
        raise ValueError("sigma vanishes, and so does its dual")
    for term in terms:
        _integrable(activation, term)
    shown = activation.replace(sp.sign, lambda z: 2 * step(z) - 1).replace(sp.Heaviside, lambda z, *_: step(z))
    found = Dual(shown, terms)
    if found.formula.has(sp.I):
        raise NoClosedForm(f"the dual of {activation} does not reduce to a real expression")
    return found


def hermite_coefficient(terms: tuple[Term, ...], k: int) -> sp.Expr:
    """E[f(z)He_k(z)] for z ~ N(0, 1), He_k the monic Hermite polynomial orthogonal under this law."""
    polynomial = sp.expand(sp.hermite(k, x / sp.sqrt(2)) / 2 ** sp.Rational(k, 2))
    return expectation(times(terms, read(polynomial)), sp.S.One)


def _integrable(activation: sp.Expr, term: Term) -> None:
    room = _LARGEST_SQUARE - term.square
    if room.is_nonpositive:
        raise ValueError(
            f"{activation} has no dual at unit variance: E[sigma(z)^2] is infinite, as the coefficient of x^2 in an "
            f"exponent is {term.square}, not below 1/4"
        )
    if not room.is_positive:
        raise NoClosedForm(f"whether {term.square} is below 1/4, so that the dual is finite, is not known")


def _named(f: sp.Expr) -> sp.Expr:
    """Φ for the error function it is made of, where that makes the expression no longer."""
    by_cdf = sp.expand(f.replace(sp.erf, lambda z: 2 * normal_cdf(sp.sqrt(2) * z) - 1))
    return by_cdf if sp.count_ops(by_cdf) <= sp.count_ops(f) else f


def _family(term: Term) -> str:
    if term.gated and term.slope is not SIGN:
        return "ladder"
    if term.square != 0 or term.linear != 0:
        return "exponential-quadratic"
    return "piecewise polynomial" if term.gated else "polynomial"
