"""Dual activations as certified numbers, for activations without a closed form: balls from the definition.

For u, v standard normal with correlation ρ, κ(ρ) = E[σ(u)σ(v)] and its derivative κ'(ρ) = E[σ'(u)σ'(v)]. With the
normalised Hermite coefficients a_n = E[σ(z)He_n(z)]/√n!, κ(ρ) = Σ a_n² ρⁿ. All terms of κ(1) = E[σ²] are
nonnegative, so a partial sum is off by at most |ρ|^(N+1) (κ(1) - Σ_(n<=N) a_n²): a bound for all ρ at once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

import flint
import sympy as sp
from flint import arb, fmpq

from derivations.expressions import Expect
from derivations.language.functions import x
from derivations.slopes import Jump, jumps, slope
from numerics import gaussian, trapezoid
from numerics.balls import Evaluator, enclose

_u, _v, _z = sp.symbols("u v z", real=True)


@dataclass(frozen=True)
class Partial:
    """κ(ρ) = Σ coefficients[n] ρⁿ + r(ρ) with 0 <= r(1), and |r(ρ)| <= |ρ|^(N+1) · rest, N the last n."""

    coefficients: tuple[arb, ...]
    rest: arb


@dataclass(frozen=True)
class NumericalDual:
    """The duals of σ, a function of the symbol `x` of `derivations.language`, as balls.

    >>> from derivations.language import parse
    >>> NumericalDual(parse("tanh(x)")).at(sp.Rational(1, 2), digits=25).str(12, radius=False)
    '0.186324413203'
    """

    activation: sp.Expr

    @cached_property
    def derivative(self) -> sp.Expr:
        """σ' away from jumps of σ."""
        return slope(self.activation, x)

    @cached_property
    def jumps(self) -> tuple[Jump, ...]:
        """Where σ jumps: there E[σ'σ'] holds an infinite part at ρ = ±1, and no tangent kernel exists."""
        return jumps(self.activation, x)

    def covariance(self, a: sp.Expr, b: sp.Expr, c: sp.Expr) -> Expect:
        """E[σ(u)σ(v)] for Var u = a, Var v = b, Cov(u, v) = c, unevaluated."""
        return _product(self.activation, [[a, c], [c, b]])

    def derivative_covariance(self, a: sp.Expr, b: sp.Expr, c: sp.Expr) -> Expect:
        """E[σ'(u)σ'(v)], unevaluated; what is at the jumps is left out."""
        return _product(self.derivative, [[a, c], [c, b]])

    def at(self, rho: sp.Expr, *, digits: int = 30) -> arb:
        """Enclose κ(ρ)."""
        return _value(self.activation, sp.sympify(rho), digits)

    def derivative_at(self, rho: sp.Expr, *, digits: int = 30) -> arb:
        """Enclose E[σ'(u)σ'(v)], which is κ'(ρ) if σ has no jumps."""
        return _value(self.derivative, sp.sympify(rho), digits)

    def normalisation(self, *, digits: int = 30) -> arb:
        """Enclose c_σ = 1/E[σ(z)²]."""
        return 1 / self.at(sp.S.One, digits=digits)

    def series(self, n: int, *, digits: int = 30) -> Partial:
        """Enclose the coefficients of ρ⁰, …, ρⁿ and what they leave of κ(1)."""
        return _partial(self.activation, n, digits)


def _product(f: sp.Expr, covariance: list[list[sp.Expr]]) -> Expect:
    return Expect(f.xreplace({x: _u}) * f.xreplace({x: _v}), (_u, _v), covariance)


@lru_cache(maxsize=1024)
def _value(f: sp.Expr, rho: sp.Expr, digits: int) -> arb:
    return enclose(_product(f, [[sp.S.One, rho], [rho, sp.S.One]]), {}, digits=digits)


@lru_cache(maxsize=64)
def _partial(f: sp.Expr, n: int, digits: int) -> Partial:
    found = []
    with flint.ctx.workdps(digits + 15):
        moments = [_moment(f, k, digits + 10) for k in range(n + 1)]
        before, now = [arb(0)], [arb(1)]  # the coefficients of He_k, constant first
        for k in range(n + 1):
            mean = sum((c * moment for c, moment in zip(now, moments, strict=False)), arb(0))
            found.append(mean * mean / arb.fac_ui(k))
            lower = [k * c for c in before] + [arb(0)] * (len(now) + 1 - len(before))
            before, now = now, [c - d for c, d in zip([arb(0), *now], lower, strict=True)]
        rest = _value(f, sp.S.One, digits) - sum(found, arb(0))
        return Partial(tuple(found), rest.max(arb(0)).upper())


def _moment(f: sp.Expr, power: int, digits: int) -> arb:
    """E[f(z)z^power], by the trapezoid rule with the nodes of all powers in common, where that applies."""
    with flint.ctx.workdps(digits + 5):
        value = None
        with suppress(TypeError):
            value = trapezoid.single(gaussian.Factor(f, x, fmpq(1)), Evaluator({}), power=power)
    if value is not None:
        return value
    return enclose(Expect(sp.expand(f.xreplace({x: _z}) * _z**power), (_z,), [[1]]), {}, digits=digits)
