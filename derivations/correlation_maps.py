"""What an activation makes of a correlation, layer by layer, in balls: from a closed form or from the definition.

With c_σ = 1/E[σ(z)²], one layer maps ρ to f(ρ) = c_σ E[σ(u)σ(v)], and f' = c_σ E[σ'(u)σ'(v)] if σ does not jump. In
depth, Σ^(0) = Θ^(0) = ρ, Σ^(h) = f(Σ^(h-1)) and Θ^(h) = Θ^(h-1) f'(Σ^(h-1)) + Σ^(h).

f is a power series with nonnegative coefficients of sum 1. So |f'| <= f'(1) on [-1, 1]; and |f''(ρ)| <=
f'(1)/(1 - |ρ|)², since (n-1)|ρ|^(n-2) is at most the sum of all of these. Where only numbers are known, these bounds
carry a ball through a layer from the value at its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import flint
import sympy as sp
from flint import arb

from derivations.duals import Dual
from derivations.expressions import relu, step
from derivations.language import x
from derivations.numerical_duals import NumericalDual
from numerics.balls import enclose

_rho = sp.Symbol("rho", real=True)
_STEPS = 30


class Layer(NamedTuple):
    """Σ^(h) and Θ^(h); no Θ^(h) for an activation that jumps, or where no bound of it was found."""

    covariance: arb
    ntk: arb | None


@dataclass(frozen=True)
class CorrelationMap:
    """The map of one layer, for an activation with a closed form or without."""

    dual: Dual | NumericalDual
    digits: int = 20

    @cached_property
    def smooth(self) -> bool:
        """Whether σ has no jump, so that its derivative has a dual."""
        return not (self.dual.jump if isinstance(self.dual, Dual) else self.dual.jumps)

    @cached_property
    def parity(self) -> int:
        """1 for an even σ, -1 for an odd one, 0 for any other, or where SymPy cannot tell."""
        f = self.dual.activation
        mirrored = f.subs(x, -x)
        return next((sign for sign in (1, -1) if _plain(f - sign * mirrored) == 0), 0)

    @cached_property
    def normalisation(self) -> arb:
        """c_σ."""
        if isinstance(self.dual, Dual):
            return enclose(self.dual.normalisation, {}, digits=self.digits)
        return self.dual.normalisation(digits=self.digits)

    @cached_property
    def slope_at_one(self) -> arb:
        """χ = f'(1): how fast two inputs that are almost the same grow apart, or together. Infinite for a jump."""
        return self.normalisation * self.derivative(sp.S.One) if self.smooth else arb("inf")

    def value(self, rho: sp.Rational | arb) -> arb:
        """Enclose E[σ(u)σ(v)] at a correlation."""
        if rho == 0 and self.parity == -1:
            return arb(0)
        return self._enclosed("at", rho)

    def derivative(self, rho: sp.Rational | arb) -> arb:
        """Enclose E[σ'(u)σ'(v)] at a correlation. Raises ValueError for an activation that jumps."""
        if not self.smooth:
            raise ValueError("the derivative of an activation that jumps has no covariance")
        return self._enclosed("derivative_at", rho)

    def layers(self, rho: sp.Rational, depth: int) -> list[Layer]:
        """Enclose Σ^(h) and Θ^(h) for h = 0, …, depth at inputs of correlation ρ."""
        at: sp.Rational | arb = rho
        found = [Layer(enclose(rho, {}, digits=self.digits), enclose(rho, {}, digits=self.digits))]
        for _ in range(depth):
            slope = self.normalisation * self.derivative(at) if self.smooth else None
            at = self._next(at)
            covariance = at if isinstance(at, arb) else enclose(at, {}, digits=self.digits)
            before = found[-1].ntk
            ntk = None if slope is None or before is None else before * slope + covariance
            found.append(Layer(covariance, ntk if ntk is not None and ntk.is_finite() else None))
        return found

    def inner_fixed_point(self) -> tuple[arb, arb] | None:
        """Enclose the fixed point of f in (0, 1), and the slope there, if f(0) > 0 and f'(1) > 1; else None.

        f is convex on [0, 1], so there is just one then, f(ρ) > ρ to its left and f(ρ) < ρ to its right. Newton's
        steps from 0 stay on its left; signs on both sides enclose it.
        """
        if not (self.smooth and self.slope_at_one > 1 and self.value(sp.S.Zero) > 0):
            return None
        near, digits = sp.S.Zero, min(self.digits, 12)
        for _ in range(_STEPS):
            gap = self._excess(near)
            step = gap / (1 - self.normalisation * self.derivative(near))
            following = _rounded(arb(int(near.p)) / int(near.q) + step, digits + 3)[0]
            if abs(following - near) < sp.Rational(1, 10 ** (digits + 1)):
                break
            near = following
        radius = sp.Rational(1, 10**digits)
        low, high = near - radius, near + radius
        if not (self._excess(low) > 0 > self._excess(high)):
            return None
        ball = arb(int(low.p)) / int(low.q)
        ball = ball.union(arb(int(high.p)) / int(high.q))
        return ball, self.normalisation * self.derivative(ball)

    def _excess(self, rho: sp.Rational) -> arb:
        """The excess f(ρ) - ρ."""
        return self.normalisation * self.value(rho) - arb(int(rho.p)) / int(rho.q)

    def _next(self, at: sp.Rational | arb) -> sp.Rational | arb:
        """One layer, exact at the correlation 1, and at -1 for σ odd or even."""
        if at == sp.S.One:
            return sp.S.One
        if at == sp.S.NegativeOne and self.parity:
            return sp.Integer(self.parity)
        inside = arb(0, 1)
        value = self.normalisation * self.value(at)
        return value if inside.contains(value) or not value.overlaps(inside) else value.intersection(inside)

    def _enclosed(self, name: str, rho: sp.Rational | arb) -> arb:
        exact = isinstance(rho, sp.Rational)
        if isinstance(self.dual, Dual):
            formula = getattr(self.dual, name)(_rho)
            return enclose(formula, {_rho: rho}, digits=self.digits)
        if exact:
            return getattr(self.dual, name)(rho, digits=self.digits)
        middle, width = _rounded(rho, self.digits)
        value = getattr(self.dual, name)(middle, digits=self.digits)
        highest = self.dual.derivative_at(sp.S.One, digits=self.digits) if self.smooth else arb("inf")
        if name == "at":
            return value + arb(0, (highest * width).upper())
        gap = 1 - abs(rho).upper().max(arb(int(abs(middle).p)) / int(middle.q)).upper()
        return value + arb(0, (highest * width / (gap * gap)).upper()) if gap > 0 else arb("nan")


def _plain(f: sp.Expr) -> sp.Expr:
    """The expression with relu and step by |x| and sign, multiplied out: zero for many that vanish off the kinks."""
    f = f.replace(relu, lambda z: (z + sp.Abs(z)) / 2).replace(step, lambda z: (1 + sp.sign(z)) / 2)
    f = f.replace(sp.Abs, lambda z: sp.Abs(sp.expand(z))).replace(sp.sign, lambda z: sp.sign(sp.expand(z)))
    return sp.expand(f.rewrite(sp.erf))


def _rounded(ball: arb, digits: int) -> tuple[sp.Rational, arb]:
    """A rational of [-1, 1] close to the middle of the ball, and how far from it a number of the ball may be."""
    with flint.ctx.workdps(digits + 10):
        near = sp.Rational(ball.mid().str(digits + 5, radius=False)) if ball.is_finite() else sp.S.Zero
        near = max(min(near, sp.S.One), sp.S.NegativeOne)
        return near, abs(ball - arb(int(near.p)) / int(near.q)).upper()
