"""The arc-cosine kernels of every degree n, with n left open: E[σ(u)^n σ(v)^n] in polar coordinates.

For unit variances and correlation ρ, with y = mx for the slope m > 0 in place of an angle, the density of (x, mx) is
exp(-Ax²/(2D))/(2π√D), A = 1 - 2ρm + m², D = 1 - ρ². The radial integral of x^(2n+1) is 2ⁿ n! (D/A)^(n+1), and

    2ⁿ n! mⁿ/(1 - 2ρm + m²)^(n+1) = ∂_ρⁿ 1/(1 - 2ρm + m²),

so that E[σ(u)ⁿσ(v)ⁿ] = (st)ⁿ J_n(ρ)/(2π) for variances s², t² with

    J_n(ρ) = (1 - ρ²)^(n + 1/2) ∂_ρⁿ (π - arccos ρ)/√(1 - ρ²),

the arc-cosine kernel of Cho and Saul (2009): J_0 = π - arccos ρ, J_1 = √(1 - ρ²) + ρ(π - arccos ρ).
"""

from functools import cache

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import (
    by_lemma,
    cases,
    consequence,
    definite_integral,
    derivative,
    identity,
    induction,
    instance,
    integrands,
)
from derivations.cholesky_duals import INSIDE, rho, same_angle
from derivations.densities import over_orthant, plane_density
from derivations.expressions import Expect, Iterate, relu, step

n = sp.Symbol("n", integer=True, positive=True)
u, v, w = sp.symbols("u v w", real=True)
s, t, A, D, m, x, y = sp.symbols("s t A D m x y", positive=True)
_T = sp.Symbol("T", real=True)
_k = sp.Symbol("k", integer=True, nonnegative=True)
_i, _j = sp.symbols("i j", integer=True, nonnegative=True)


def arc_cosine(degree: sp.Expr, correlation: sp.Expr) -> sp.Expr:
    """J_n(ρ), n a nonnegative integer or a symbol; the derivative is carried out for an integer.

    >>> arc_cosine(sp.Integer(0), sp.Integer(0))
    pi/2
    """
    base = (sp.pi - sp.acos(rho)) / sp.sqrt(1 - rho**2)
    slope = base if degree == 0 else sp.Derivative(base, (rho, degree))
    slope = slope.doit() if degree.is_Integer else slope
    return ((1 - rho**2) ** (degree + sp.S.Half) * slope).subs(rho, correlation)


def moment(degree: sp.Expr) -> Expect:
    """E[σ(u)ⁿσ(v)ⁿ] for variances s², t² and correlation ρ; for n = 0 that of the steps."""
    f = (step(u) * step(v)) if degree == 0 else relu(u) ** degree * relu(v) ** degree
    return Expect(f, (u, v), [[s**2, s * t * rho], [s * t * rho, t**2]])


def prove(degree: sp.Expr = n) -> Chain:
    """The chain to E[σ(u)ⁿσ(v)ⁿ] = (st)ⁿ J_n(ρ)/(2π) for -1 < ρ < 1: all n >= 1 at once, or one n >= 0."""
    if degree in (0, n):
        return Chain(steps=_general(sp.sympify(degree)))
    general = _general(n)
    node = moment(degree)
    value = (s * t) ** degree * arc_cosine(degree, rho) / (2 * sp.pi)
    text = "The formula at this degree."
    return Chain(steps=(*general, instance("degree", text, node, value, general[-1], {n: degree})))


@cache
def _general(degree: sp.Expr) -> tuple[Step, ...]:
    angle, region, radial, powers, base = same_angle(), _region(degree), _radial(degree), _powers(degree), _base()
    r = sp.sqrt(1 - rho**2)
    factor = (1 - rho**2) ** (degree + sp.S.Half) / (2 * sp.pi)
    *_, moved = region
    by_slope = moved.rhs
    evaluated = identity(
        "evaluated",
        "The radial integral, at $A = 1 - 2 rho m + m^2$ and $D = 1 - rho^2$.",
        m**degree * radial[-1].rhs.subs({A: _FORM, D: 1 - rho**2}) / (2 * sp.pi * r),
        factor * _derived_form(degree),
        uses=(radial[-1].id,),
    )
    under = by_lemma(
        "under",
        "The derivatives in $rho$, taken under the integral.",
        _slope(_BASE, degree),
        sp.Integral(_derived_form(degree), (m, 0, sp.oo)),
        "differentiation under the integral",
        uses=[found.id for found in powers[-1:]],
    )
    outer = by_lemma(
        "outer",
        "The radial integral first; what it leaves is a multiple of the integral just seen.",
        by_slope,
        factor * _slope(_BASE, degree),
        "Fubini",
        uses=("evaluated", "under"),
    )
    value = (s * t) ** degree * factor * _slope(base[-1].rhs, degree)
    of = (*(found for found in region if found.id in ("scaled", "quadrant", "moved")), outer, base[-1])
    whole = consequence("moment", "Together.", moment(degree), value, of)
    return (*angle, *region, *radial, evaluated, *powers, under, outer, *base, whole)


_FORM = 1 - 2 * rho * m + m**2
_BASE = sp.Integral(1 / _FORM, (m, 0, sp.oo))


def _slope(f: sp.Expr, degree: sp.Expr) -> sp.Expr:
    return f if degree == 0 else sp.Derivative(f, (rho, degree))


def _coefficient(degree: sp.Expr) -> sp.Expr:
    """2ⁿ n!."""
    return sp.S.One if degree == 0 else sp.Product(2 * _j, (_j, 1, degree))


def _derived_form(degree: sp.Expr) -> sp.Expr:
    """∂_ρⁿ 1/(1 - 2ρm + m²)."""
    return _coefficient(degree) * m**degree / _FORM ** (degree + 1)


def _region(degree: sp.Expr) -> tuple[Step, ...]:
    """The moment as an integral over the radius x and the slope m."""
    f, one = moment(degree).integrand, step if degree == 0 else relu
    unit = Expect(f, (u, v), [[1, rho], [rho, 1]])
    density = plane_density(x, y, (sp.S.One, sp.S.One, rho))
    quadrant = sp.Integral(x**degree * y**degree * density, (x, 0, sp.oo), (y, 0, sp.oo))
    bell = sp.exp(-_FORM / (1 - rho**2) * x**2 / 2) / (2 * sp.pi * sp.sqrt(1 - rho**2))
    in_slopes = sp.expand_power_base((quadrant.function * x).subs(y, m * x))
    radial = m**degree * x ** (2 * degree + 1) * bell
    return (
        cases(
            "homogeneous",
            "Positive factors come out.",
            one(s * u) * one(t * v),
            (s * t if degree != 0 else 1) * one(u) * one(v),
            (u, v),
        ),
        by_lemma(
            "scaled",
            "The pair is $(s u, t v)$ for a pair of unit variances.",
            moment(degree),
            (s * t) ** degree * unit,
            "linear image of a Gaussian",
            uses=("homogeneous",),
        ),
        over_orthant("quadrant", "Only $u, v > 0$ counts.", unit, quadrant),
        identity("slopes", "In the coordinates $x$ and $m = y\\/x$.", in_slopes, radial),
        by_lemma(
            "moved",
            "For each $x$, $y = m x$.",
            quadrant,
            sp.Integral(radial, (x, 0, sp.oo), (m, 0, sp.oo)),
            "substitution",
            uses=("quadrant", "slopes"),
        ),
    )


def _radial(degree: sp.Expr) -> tuple[Step, ...]:
    """∫_0^∞ x^(2n+1) exp(-Ax²/(2D)) dx = 2ⁿn!(D/A)^(n+1), by parts from one degree to the next."""
    bell = sp.exp(-A * x**2 / (2 * D))
    first = definite_integral(
        "radial-first", "At degree 0.", sp.Integral(x * bell, (x, 0, sp.oo)), -bell * D / A, D / A
    )
    if degree == 0:
        return (first,)
    total = -(x ** (2 * _i + 2)) * bell * D / A
    following = sp.Integral(x ** (2 * _i + 3) * bell, (x, 0, sp.oo))
    parts = 2 * (_i + 1) * D / A * x ** (2 * _i + 1) * bell + sp.diff(total, x)
    recursion = Iterate(2 * _k * D / A * _T, _T, _k, D / A, degree)
    closed = _coefficient(degree) * D ** (degree + 1) / A ** (degree + 1)
    *cases_, whole = induction("radial-recursion", "By induction on the degree.", recursion, closed, degree)
    integral = sp.Integral(x ** (2 * degree + 1) * bell, (x, 0, sp.oo))
    steps = (
        first,
        integrands("radial-parts", "By parts.", following, sp.Integral(parts, (x, 0, sp.oo))),
        definite_integral(
            "radial-edge",
            "Nothing is left at the ends.",
            sp.Integral(sp.diff(total, x), (x, 0, sp.oo)),
            total,
            sp.S.Zero,
        ),
    )
    uses = [found.id for found in steps]
    known = by_lemma("radial-degrees", "The recursion by parts.", integral, recursion, "recursion", uses=uses)
    return (*steps, known, *cases_, whole, consequence("radial", "Together.", integral, closed, (known, whole)))


def _powers(degree: sp.Expr) -> tuple[Step, ...]:
    """∂_ρⁿ 1/(1 - 2ρm + m²) = 2ⁿ n! mⁿ/(1 - 2ρm + m²)^(n+1), from one degree to the next."""
    if degree == 0:
        return ()
    before, after = m**_i / _FORM ** (_i + 1), 2 * (_i + 1) * m ** (_i + 1) / _FORM ** (_i + 2)
    return (
        derivative("power", "From one degree to the next.", before, rho, after),
        by_lemma(
            "powers",
            "The derivatives and the right sides start alike and obey the same recursion.",
            _slope(1 / _FORM, degree),
            _derived_form(degree),
            "recursion",
            uses=("power",),
        ),
    )


def _base() -> tuple[Step, ...]:
    """∫_0^∞ dm/(1 - 2ρm + m²) = (π - arccos ρ)/√(1 - ρ²), by m = ρ + √(1 - ρ²) w."""
    r = sp.sqrt(1 - rho**2)
    one, arm = (sp.Integral(1 / (1 + w**2), (w, 0, end)) for end in (sp.oo, rho / r))
    square = identity("completed", "With $m = rho + r w$.", _FORM.subs(m, rho + r * w), r**2 * (1 + w**2))
    half = definite_integral("half", "To the right of zero.", one, sp.atan(w), sp.pi / 2)
    rest = definite_integral("arm", "To the left of it.", arm, sp.atan(w), sp.atan(rho / r), running=INSIDE)
    text = "The integrand is even in $w$, which runs from $-rho\\/r$ to infinity."
    moved = by_lemma("line", text, _BASE, (one + arm) / r, "substitution", uses=("completed",))
    closed = (sp.pi - sp.acos(rho)) / r
    of = (moved, half, rest, same_angle()[-1])
    return (square, half, rest, moved, consequence("base", "Together.", _BASE, closed, of))
