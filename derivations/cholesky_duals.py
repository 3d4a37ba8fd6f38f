"""The arc-cosine kernels of degrees 0 and 1 by the Cholesky factor: a derivation that never varies a correlation.

u = s x and v = t r w with r = √(1 - ρ²), w = kx + y, k = ρ/r, for independent standard normals x and y. Both functions
are positively homogeneous, so what is wanted are integrals over x, w > 0 against the density φ(x)φ(w - kx):

    G_0(k) = E[1[x, w >= 0]],    G_1(k) = E[σ(x)σ(w)],    H(k) = ∫∫ x² φ(x)φ(w - kx) = G_1'(k).

Their derivatives in k are, by parts in w, integrals over the line w = 0; they start at k = 0 with products.
"""

from functools import cache

import sympy as sp

from derivations.chain import Step
from derivations.check import (
    Meaning,
    by_lemma,
    cases,
    consequence,
    definite_integral,
    derivative,
    identity,
    instance,
    integrands,
)
from derivations.densities import line_density, over_orthant
from derivations.expressions import Expect, relu, step

x, w, z, k, kappa, rho, tau = sp.symbols("x w z k kappa rho tau", real=True)
s, t = sp.symbols("s t", positive=True)
p = sp.Function("p", real=True)

_q = sp.Symbol("q", positive=True)
INSIDE = {rho: (_q - 1) / (_q + 1)}
"""ρ runs over (-1, 1) as q runs over the positive numbers."""
_DENSITY: Meaning = {p: sp.Lambda((x, w, k), line_density(x, sp.S.One) * line_density(w - k * x, sp.S.One))}
_AFFINE = [[1, k], [k, 1 + k**2]]
_ANGLE = sp.atan(k)

_VALUE_OF_DEGREE = ("steps-value", "relus-value")
"""The integrals in closed form from which the duals of degree 0 and 1 come."""


def _over_quadrant(integrand: sp.Expr) -> sp.Integral:
    return sp.Integral(integrand, (x, 0, sp.oo), (w, 0, sp.oo))


def _integral(power: int, other: int) -> sp.Integral:
    """∫∫ x^power w^other p over x, w > 0."""
    return _over_quadrant(x**power * w**other * p(x, w, k))


_VALUES = {
    (0, 0): sp.Rational(1, 4) + _ANGLE / (2 * sp.pi),
    (2, 0): sp.Rational(1, 4) + (k / (1 + k**2) + _ANGLE) / (2 * sp.pi),
    (1, 1): 1 / (2 * sp.pi) + k / 4 + k * _ANGLE / (2 * sp.pi),
}
"""The integrals of x^i w^j p in closed form."""


@cache
def integrals() -> tuple[Step, ...]:
    """G_0, H and G_1 in closed form, for every real k: the steps "steps-value", "squares-value" and "relus-value"."""
    d = p(x, w, k)
    found: list[Step] = [
        identity("affine", "The density of $(x, w)$.", d, _DENSITY[p](x, w, k), meaning=_DENSITY),
        derivative("shear", "Its derivative in $k$.", d, k, -x * sp.Derivative(d, w), meaning=_DENSITY),
    ]
    found += _corner("steps", 0, 1 / (2 * sp.pi * (1 + k**2)))
    found += _corner("squares", 2, 1 / (sp.pi * (1 + k**2) ** 2))
    by_name = {step_.id: step_ for step_ in found}
    return (*found, *_relus(by_name["squares-value"]))


def _corner(name: str, power: int, slope: sp.Expr) -> list[Step]:
    """∫∫ x^power p: its slope is ∫ x^(power + 1) p(x, 0, k) dx."""
    d, whole = p(x, w, k), _integral(power, 0)
    at_edge = x ** (power + 1) * p(x, 0, k)
    edge = sp.Integral(at_edge, (x, 0, sp.oo))
    bell = sp.exp(-(1 + k**2) * x**2 / 2) / (2 * sp.pi)
    primitive = {0: -bell / (1 + k**2), 2: -bell * (x**2 / (1 + k**2) + 2 / (1 + k**2) ** 2)}[power]
    inner = sp.Integral(-(x ** (power + 1)) * sp.Derivative(d, w), (w, 0, sp.oo))
    under = by_lemma(
        f"{name}-under",
        "The derivative in $k$, taken under the integral.",
        sp.Derivative(whole, k),
        _over_quadrant(-(x ** (power + 1)) * sp.Derivative(d, w)),
        "differentiation under the integral",
        uses=("affine", "shear"),
    )
    inside = definite_integral(
        f"{name}-inner", "The inner integral.", inner, -(x ** (power + 1)) * d, at_edge, meaning=_DENSITY
    )
    outer = definite_integral(f"{name}-outer", "The outer integral.", edge, primitive, slope, meaning=_DENSITY)
    slope_ = by_lemma(
        f"{name}-slope",
        "Hence the slope.",
        sp.Derivative(whole, k),
        slope,
        "Fubini",
        uses=(under.id, inside.id, outer.id),
    )
    return [under, inside, outer, slope_, *_from_zero(name, (power, 0), slope, slope_)]


def _relus(squares: Step) -> list[Step]:
    """G_1 has the slope H: by parts in w."""
    d, whole = p(x, w, k), _integral(1, 1)
    parts = -sp.Derivative(x**2 * w * d, w) + x**2 * d
    under = by_lemma(
        "relus-under",
        "The derivative in $k$, taken under the integral.",
        sp.Derivative(whole, k),
        _over_quadrant(-(x**2) * w * sp.Derivative(d, w)),
        "differentiation under the integral",
        uses=("affine", "shear"),
    )
    by_parts = integrands(
        "relus-parts", "By parts in $w$.", under.rhs, _over_quadrant(parts), uses=(under.id,), meaning=_DENSITY
    )
    edge = definite_integral(
        "relus-edge",
        "Nothing is left at the edges.",
        sp.Integral(sp.Derivative(x**2 * w * d, w), (w, 0, sp.oo)),
        x**2 * w * d,
        sp.S.Zero,
        meaning=_DENSITY,
    )
    slope = by_lemma(
        "relus-slope",
        "What is left is the integral of $x^2$, just found.",
        sp.Derivative(whole, k),
        squares.rhs,
        "Fubini",
        uses=(under.id, by_parts.id, edge.id, squares.id),
    )
    return [under, by_parts, edge, slope, *_from_zero("relus", (1, 1), squares.rhs, slope)]


def _from_zero(name: str, powers: tuple[int, int], slope: sp.Expr, of: Step) -> list[Step]:
    """The integral at k = 0 is a product; from there it is the integral of its slope."""
    moments = [_half_moment(f"{name}-moment-{n}", n) for n in dict.fromkeys(powers)]
    value = {power: moment.rhs for power, moment in zip(dict.fromkeys(powers), moments, strict=True)}
    start = by_lemma(
        f"{name}-start",
        "At $k = 0$ the density is a product, and so is the integral.",
        _integral(*powers).subs(k, 0),
        value[powers[0]] * value[powers[1]],
        "Fubini",
        uses=("affine", *(moment.id for moment in moments)),
    )
    path = sp.Integral(slope.subs(k, kappa), (kappa, 0, k))
    closed = _VALUES[powers]
    along = by_lemma(
        f"{name}-along",
        "From $0$ to $k$.",
        _integral(*powers),
        start.lhs + path,
        "fundamental theorem of calculus",
        uses=(of.id,),
    )
    integral = definite_integral(
        f"{name}-path", "The integral.", path, closed.subs(k, kappa), closed - closed.subs(k, 0)
    )
    return [
        *moments,
        start,
        along,
        integral,
        consequence(f"{name}-value", "Together.", along.lhs, closed, (along, start, integral)),
    ]


def _half_moment(label: str, n: int) -> Step:
    bell = line_density(x, sp.S.One)
    gauss = sp.erf(x / sp.sqrt(2)) / 2
    primitive, value = {
        0: (gauss, sp.S.Half),
        1: (-bell, 1 / sp.sqrt(2 * sp.pi)),
        2: (gauss - x * bell, sp.S.Half),
    }[n]
    return definite_integral(label, "On the half-line.", sp.Integral(x**n * bell, (x, 0, sp.oo)), primitive, value)


@cache
def same_angle() -> tuple[Step, ...]:
    """arctan(ρ/√(1 - ρ²)) = arcsin ρ for -1 < ρ < 1: the last of the steps."""
    arc = sp.Integral(1 / sp.sqrt(1 - tau**2), (tau, 0, rho))
    angle = sp.atan(rho / sp.sqrt(1 - rho**2))
    primitive = sp.atan(tau / sp.sqrt(1 - tau**2))
    integrals_ = (
        definite_integral("arc", "The arc sine.", arc, sp.asin(tau), sp.asin(rho), running=INSIDE),
        definite_integral("angle", "The same by the arc tangent.", arc, primitive, angle, running=INSIDE),
    )
    known = [found.lhs - found.rhs for found in integrals_]
    text = "Hence the two agree."
    return (*integrals_, identity("same-angle", text, angle, sp.asin(rho), modulo=known, uses=("arc", "angle")))


@cache
def duals() -> tuple[Step, ...]:
    """E[σ̇(u)σ̇(v)] and E[σ(u)σ(v)] for -1 < ρ < 1: the steps "step-dual" and "relu-dual"."""
    r = sp.sqrt(1 - rho**2)
    slope = {k: rho / r}
    entries = (
        identity("first-variance", "The variance of $s x$.", s**2, s**2),
        identity("covariance", "The covariance of $s x$ and $t r w$.", s * t * rho, (s * t * r * k).subs(slope)),
        identity("second-variance", "The variance of $t r w$.", t**2, (t**2 * r**2 * (1 + k**2)).subs(slope)),
    )
    values = {found.id: found for found in integrals()}
    angle = same_angle()
    by_degree = [_dual(degree, values[name], slope, angle[-1]) for degree, name in enumerate(_VALUE_OF_DEGREE)]
    return (*angle, *entries, *(found for steps in by_degree for found in steps))


def _dual(degree: int, value: Step, slope: dict[sp.Symbol, sp.Expr], same_angle_: Step) -> list[Step]:
    r = sp.sqrt(1 - rho**2)
    f, name = (relu, "relu") if degree else (step, "step")
    closed = (
        (sp.pi - sp.acos(rho)) / (2 * sp.pi),
        s * t * (r + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi),
    )[degree]
    node = Expect(f(x) * f(w), (x, w), _AFFINE)
    there = Expect(f(x) * f(w), (x, w), sp.Matrix(_AFFINE).subs(slope))
    original = Expect(f(x) * f(w), (x, w), [[s**2, s * t * rho], [s * t * rho, t**2]])
    quadrant = over_orthant(f"{name}-quadrant", "Only $x, w > 0$ counts.", node, _integral(degree, degree), _DENSITY)
    general = consequence(f"{name}-general", "Together.", node, value.rhs, (quadrant, value))
    homogeneous = cases(
        f"{name}-homogeneous",
        "Positive factors come out.",
        f(s * x) * f(t * w),
        (s * t) ** degree * f(x) * f(w),
        (x, w),
    )
    image = by_lemma(
        f"{name}-image",
        "The pair $(s x, t r w)$ has this covariance, and the positive factors $s$ and $t r$ come out.",
        original,
        (s * t * r) ** degree * there,
        "linear image of a Gaussian",
        uses=("first-variance", "covariance", "second-variance", homogeneous.id),
    )
    here = instance(f"{name}-here", "At this slope.", there, general.rhs.subs(slope), general, slope, running=INSIDE)
    whole = consequence(f"{name}-dual", "In closed form.", original, closed, (image, here, same_angle_))
    return [quadrant, general, homogeneous, image, here, whole]
