"""Bounds on the analytic continuation of E[g(u)h(v)] in the correlation ρ of u and v.

What bounds the error of interpolation in ρ is the size of a function at *complex* ρ. Three formulas of the
expectation, each analytic in ρ for an evident reason, bound its continuation; none of them is a closed form.
Variances are a and b; g and h below stand for g(√a ·) and h(√b ·), so that u and v are standard.

**Density** (any g and h). In p = (u + v)/√2, q = (u - v)/√2 the density is exp(-p²/2(1+ρ) - q²/2(1-ρ))/(2π√(1-ρ²)).
For |Re ρ| < 1 both Re 1/(1±ρ) = 1/λ± are positive, λ± = |1 ± ρ|²/(1 ± Re ρ), so the integral converges absolutely,
locally uniformly in ρ, and is analytic in that strip. By moduli, and by Cauchy-Schwarz,

    |E| <= √(λ₊λ₋/|1 - ρ²|) · √(E g(x)² · E h(x)²),   x ~ N(0, (λ₊ + λ₋)/2).

**Entire** (g and h entire, of `entire.EntireGrowth`). With u = αp + βq, v = αp - βq for independent standard p and q,
α² = (1 + ρ)/2 and β² = (1 - ρ)/2, the expectation E[g(αp + βq)h(αp - βq)] is analytic in α and β where it converges
locally uniformly, and even in each, as p and q are symmetric: so it is analytic in ρ there, at ρ = ±1 and beyond.
(Im √w)² = (|w| - Re w)/2 does not depend on the root. The region, an intersection of two parabolas, is convex.

**Polar** (g and h polynomials on either side of zero; the angle θ = arccos ρ is the variable). With u = R cos φ and
v = R cos(φ - θ), R² exponential of mean 2 and φ uniform, u and v are positive for θ - π/2 < φ < π/2, and

    E[u^j v^k; u, v > 0] = E[R^(j+k)]/(2π) · ∫_(θ-π/2)^(π/2) cos^j φ cos^k(φ - θ) dφ     for 0 <= θ <= π,

whose right side is entire in θ: at ρ = ±1 nothing is singular in θ. Along φ = π/2 - s(π - θ), 0 <= s <= 1, the moduli
of the cosines are at most cosh(sy) and cosh((1-s)y), y = Im θ, whose product is at most cosh y. So with
E[R^n] = 2^(n/2) Γ(1 + n/2),

    |E[u^j v^k; u, v > 0]| <= E[R^(j+k)]/(2π) · |π - θ| · cosh(y)^max(j,k).

A change of sign of u or v replaces θ by π - θ. On real θ outside [0, π] this continuation is *not* the expectation at
ρ = cos θ; that is why only an `Angle`, which never leaves [0, π], is continued so, and why the density's formula is
not used with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import sympy as sp
from flint import acb, arb

from numerics import elementary as el
from numerics.elementary import Holomorphic, NotAnalytic, Value
from numerics.entire import entire_growth
from numerics.evaluator import Evaluator
from numerics.growth import Growth
from numerics.smoothing import OutsideClass

if TYPE_CHECKING:
    from numerics.gaussian import Factor


class Angle(sp.Symbol):
    """The angle arccos ρ: a symbol whose real values lie in [0, π]."""


def continued(
    products: Iterable[tuple[Factor, Factor]], correlation: sp.Expr | None, value: Value, evaluate: Evaluator
) -> Holomorphic:
    """Enclose the continuation of Σ E[g(u)h(v)] to a ball of complex correlations: a disc around zero holds it.

    `correlation` is the expression whose value is `value`; where it is the cosine of an `Angle` it is continued in
    that. Raises `NotAnalytic` where no formula is known to converge.
    """
    angle = _angle(correlation)
    ball = value.ball if isinstance(value, Holomorphic) else acb(el.real(value))
    total = arb(0)
    for first, second in products:
        if not (el.sign(first.variance) == 1 and el.sign(second.variance) == 1):
            raise NotAnalytic
        total = total + _bound(first, second, ball, None if angle is None else _complex(angle, evaluate), evaluate)
    return Holomorphic(acb(arb(0, total.upper()), arb(0, total.upper())))


def _angle(correlation: sp.Expr | None) -> sp.Expr | None:
    """The angle θ in [0, π] of a correlation written as cos θ or -cos θ = cos(π - θ)."""
    for sign, turned in ((1, lambda angle: angle), (-1, lambda angle: sp.pi - angle)):
        cosine = None if correlation is None else sign * correlation
        if isinstance(cosine, sp.cos) and isinstance(cosine.args[0], Angle):
            return turned(cosine.args[0])
    return None


def _complex(expr: sp.Expr, evaluate: Evaluator) -> acb:
    value = evaluate.value(expr)
    return value.ball if isinstance(value, Holomorphic) else acb(el.real(value))


def _bound(first: Factor, second: Factor, rho: acb, theta: acb | None, evaluate: Evaluator) -> arb:
    ways: list[Callable[[], arb]] = [lambda: by_entire_functions(first, second, rho, evaluate)]
    if theta is None:
        ways.append(lambda: by_density(first, second, rho, evaluate))
    else:
        ways.append(lambda: by_polar_coordinates(first, second, theta, evaluate))
    for way in ways:
        try:
            bound = way()
        except (OutsideClass, ValueError):  # another class, or an infinite mean
            continue
        if bound.is_finite():
            return bound
    raise NotAnalytic


def by_density(first: Factor, second: Factor, rho: acb, evaluate: Evaluator) -> arb:
    """Bound the continuation in the strip |Re ρ| < 1; ValueError outside it."""
    plus, minus = 1 + rho.real, 1 - rho.real
    if not (plus > 0 and minus > 0):
        raise ValueError("the correlation leaves the strip in which the density is integrable")
    squares = [abs(1 + rho) ** 2 / plus, abs(1 - rho) ** 2 / minus]
    spread = ((squares[0] + squares[1]) / 2).upper()
    means = []
    for f in (first, second):
        size: Growth = f._replace(variance=f.variance * spread).growth(evaluate)
        means.append((size * size).mean())
    # √(λ₊λ₋/|1 - ρ²|) with |1 - ρ²| cancelled, which stays sharp on wide balls
    factor = (abs(1 + rho) * abs(1 - rho) / (plus * minus)).sqrt()
    return arb((factor * (means[0] * means[1]).sqrt()).upper())


def by_entire_functions(first: Factor, second: Factor, rho: acb, evaluate: Evaluator) -> arb:
    """Bound the continuation for two entire functions; not-a-number where no mean is known to be finite."""
    one, other = (entire_growth(f.function, f.variable, f.deviation.upper(), evaluate) for f in (first, second))
    halves = [(1 + rho) / 2, (1 - rho) / 2]
    alpha, beta = (((abs(half) - half.real) / 2).upper() for half in halves)
    lengths = [abs(half).upper().sqrt() for half in halves]
    return one.mean_with(other, (alpha, beta), (lengths[0], lengths[1]))


def by_polar_coordinates(first: Factor, second: Factor, theta: acb, evaluate: Evaluator) -> arb:
    """Bound the continuation in the angle for two functions that are polynomials on either side of zero."""
    one, other = (_sides(f, evaluate) for f in (first, second))
    total, height = arb(0), theta.imag.cosh()
    for j, (above_u, below_u) in enumerate(one):
        for k, (above_v, below_v) in enumerate(other):
            alike = above_u * above_v + below_u * below_v
            opposite = above_u * below_v + below_u * above_v
            arcs = alike * abs(arb.pi() - theta) + opposite * abs(theta)
            radial = (arb(2).log() * (j + k) / 2).exp() * (1 + arb(j + k) / 2).gamma()
            total = total + radial / (2 * arb.pi()) * arcs * height ** max(j, k)
    return arb(total.upper())


def _sides(f: Factor, evaluate: Evaluator) -> list[tuple[arb, arb]]:
    """|coefficient| of x^n in f(√a x) for x > 0, and of |x|^n for x < 0; `OutsideClass` if f is no polynomial there."""
    x = sp.Dummy(positive=True)
    halves: list[Sequence[sp.Expr]] = []
    for point in (x, -x):
        half = f.function.subs(f.variable, point)
        polynomial = half.as_poly(x) if half.is_polynomial(x) else None
        if polynomial is None:
            raise OutsideClass(str(f.function))
        halves.append(polynomial.all_coeffs()[::-1])
    degree = max(map(len, halves))
    padded = [[*half, *[sp.S.Zero] * (degree - len(half))] for half in halves]
    return [
        (_size(above, n, f, evaluate), _size(below, n, f, evaluate))
        for n, (above, below) in enumerate(zip(*padded, strict=True))
    ]


def _size(coefficient: sp.Expr, power: int, f: Factor, evaluate: Evaluator) -> arb:
    """|coefficient| · deviation^power, from above."""
    return arb((abs(el.real(evaluate.value(coefficient))) * f.deviation**power).upper())
