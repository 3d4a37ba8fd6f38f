"""Fixed points of the correlation map f(ρ) = c_σ E[σ(u)σ(v)], unit variances, on [-1, 1].

f(ρ) = Σ w_k ρ^k with w_k = c_σ E[σ He_k]²/k! >= 0 and Σ w_k = f(1) = 1. So, unless σ is a multiple of x and f(ρ) = ρ,

- 1 is a fixed point, with slope c_σ E[σ'(z)²] (infinite where σ jumps);
- f is convex on [0, 1]: with w_0 > 0 there is one more fixed point in (0, 1) if the slope at 1 exceeds 1, and none in
  [0, 1) otherwise; with w_0 = 0 there is 0, with slope w_1, and none in (0, 1);
- -r is a fixed point, 0 < r <= 1, only if the odd part O and the even part E of the series have O(r) - E(r) = r; as
  O(r) <= r O(1) <= r, that is O(1) = 1, E = 0 and r = 1: the one point is -1, if σ is odd, with the slope at 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import flint
import mpmath
import sympy as sp
from flint import arb

from derivations.duals.terms import Term, is_odd
from derivations.normal_form import normal_form
from numerics.balls import enclose

if TYPE_CHECKING:
    from derivations.duals.dual import Dual

_DIGITS = 30


@dataclass(frozen=True)
class FixedPoint:
    """A fixed point ρ of the correlation map, and the slope f'(ρ) there."""

    rho: sp.Expr | None
    """Exactly, where it is -1, 0 or 1."""
    enclosure: arb
    """A ball that contains ρ, of radius at most 10^-29, and no other fixed point."""
    slope: arb
    """A ball that contains the slope; infinite at the ends where σ jumps."""
    kind: str
    """One of "attracting" (|f'| < 1), "repelling" (|f'| > 1), "marginal"; a marginal 1 attracts, as f(ρ) > ρ below."""


def fixed_points(dual: Dual) -> tuple[FixedPoint, ...]:
    """All fixed points in [-1, 1], in increasing order.

    Raises ValueError if σ is a multiple of x, as every ρ is a fixed point then, and if σ has parameters without values.
    """
    rho = sp.Symbol("rho", real=True)
    f = dual.normalisation * dual.at(rho)
    if f.free_symbols - {rho}:
        raise ValueError("fixed points are found once every parameter of the activation has a value")
    if [term.key for term in dual.terms] == [Term(sp.S.One, 1).key]:
        raise ValueError("sigma is a multiple of x: every correlation is a fixed point")
    end, kind_at_end = _slope_at_one(dual)
    found = [FixedPoint(sp.S.One, arb(1), end, kind_at_end)]
    w_0, w_1 = (dual.normalisation * w for w in dual.series(1))
    if _is(w_0, 0):
        found.insert(0, FixedPoint(sp.S.Zero, arb(0), enclose(w_1, {}), "attracting"))
    elif kind_at_end == "repelling":
        found.insert(0, _between(f, rho))
    if is_odd(dual.terms):
        found.insert(0, FixedPoint(sp.S.NegativeOne, arb(-1), end, kind_at_end))
    return tuple(found)


def _slope_at_one(dual: Dual) -> tuple[arb, str]:
    if dual.jump:
        return arb("inf"), "repelling"
    slope = dual.normalisation * dual.derivative_at(sp.S.One)
    ball = enclose(slope, {}, digits=_DIGITS)
    if _is(slope, 1):
        return ball, "marginal"
    return ball, "attracting" if ball < 1 else "repelling"


def _between(f: sp.Expr, rho: sp.Symbol) -> FixedPoint:
    """The fixed point in (0, 1), enclosed between two rationals at which f(ρ) - ρ has opposite signs."""
    low, high = sp.S.Zero, sp.S.Half
    while not _excess(f, rho, high) < 0:
        low, high = high, (1 + high) / 2
        if 1 - high < sp.Rational(1, 10**12):
            raise ArithmeticError("the fixed point is too close to 1 to be told from it")
    for _ in range(8):
        middle = (low + high) / 2
        low, high = (middle, high) if _excess(f, rho, middle) > 0 else (low, middle)
    with mpmath.workdps(_DIGITS + 10):
        gap = sp.lambdify(rho, f - rho, "mpmath")
        root = mpmath.findroot(gap, (mpmath.mpf(low.p) / low.q, mpmath.mpf(high.p) / high.q), solver="anderson")
        near = sp.Rational(str(mpmath.nstr(root, _DIGITS + 5)))
    radius = sp.Rational(1, 10**_DIGITS)
    if not (_excess(f, rho, near - radius) > 0 and _excess(f, rho, near + radius) < 0):
        raise ArithmeticError(f"no change of sign around {near}")
    with flint.ctx.workdps(_DIGITS + 10):
        ball = enclose(near, {}, digits=_DIGITS + 10) + arb(0, enclose(radius, {}).upper())
    slope = enclose(sp.diff(f, rho), {rho: ball})
    return FixedPoint(None, ball, slope, "attracting")


def _excess(f: sp.Expr, rho: sp.Symbol, value: sp.Rational) -> arb:
    return enclose(f - rho, {rho: value}, digits=_DIGITS + 10)


def _is(number: sp.Expr, value: int) -> bool:
    """Whether a number has this value: told by a ball where it has not, by the normal form where it has."""
    ball = enclose(number, {}, digits=_DIGITS)
    if not ball.contains(value):
        return False
    if normal_form(number - value) != 0:
        raise ArithmeticError(f"{number} is too close to {value} to be told from it")
    return True
