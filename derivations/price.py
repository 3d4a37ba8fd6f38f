"""Price's theorem for the ReLU and the step: E[σ(u)σ(v)] and E[σ̇(u)σ̇(v)] over N(0, [[s², c], [c, t²]]).

The density p obeys ∂_c p = ∂_u ∂_v p, so the derivative in the covariance c of either expectation is an integral of a
derivative over the quadrant u, v > 0. Both expectations follow by integration in c, from c = 0, where u and v are
independent, up to c = s t ρ. The degenerate ends ρ = ±1 are integrals over a line.
"""

from functools import cache

import sympy as sp

from derivations.chain import Step
from derivations.check import Meaning, by_lemma, consequence, definite_integral, derivative, identity, integrands
from derivations.densities import expectation_on_line, half_line, line_density, over_orthant, plane_density
from derivations.expressions import Expect, relu, step

u, v, z, c, gamma, rho = sp.symbols("u v z c gamma rho", real=True)
s, t, Delta = sp.symbols("s t Delta", positive=True)
p = sp.Function("p", real=True)

_q = sp.Symbol("q", positive=True)
_INSIDE = {rho: (_q - 1) / (_q + 1)}
"""ρ runs over (-1, 1) as q runs over the positive numbers."""
_DENSITY: Meaning = {p: sp.Lambda((u, v, c), plane_density(u, v, (s**2, t**2, c)))}
_DENSITY_AT_FIXED_C: Meaning = {p: sp.Lambda((u, v, c), plane_density(u, v, (s**2, t**2, c), Delta))}
"""With Δ = s²t² - c² > 0 as a positive symbol, for the steps that do not vary c."""


def relu_dual(s: sp.Expr, t: sp.Expr, rho: sp.Expr) -> sp.Expr:
    """E[σ(u)σ(v)] = s t (√(1 - ρ²) + ρ(π - arccos ρ))/(2π), with s² = E u², t² = E v², s t ρ = E uv."""
    return s * t * (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)


def step_dual(rho: sp.Expr) -> sp.Expr:
    """E[σ̇(u)σ̇(v)] = (π - arccos ρ)/(2π)."""
    return (sp.pi - sp.acos(rho)) / (2 * sp.pi)


def relus(covariance: sp.Expr) -> Expect:
    """E[σ(u)σ(v)] for variances s², t² and the given covariance."""
    return Expect(relu(u) * relu(v), (u, v), [[s**2, covariance], [covariance, t**2]])


def steps(covariance: sp.Expr) -> Expect:
    """E[σ̇(u)σ̇(v)] for variances s², t² and the given covariance."""
    return Expect(step(u) * step(v), (u, v), [[s**2, covariance], [covariance, t**2]])


def _quadrant(integrand: sp.Expr) -> sp.Integral:
    return sp.Integral(integrand, (u, 0, sp.oo), (v, 0, sp.oo))


@cache
def slopes() -> tuple[Step, ...]:
    """The derivatives in c, for c² < s²t²: ∂_c E[σσ] = E[σ̇σ̇] and ∂_c E[σ̇σ̇] = 1/(2π√(s²t² - c²))."""
    d, d_v, d_uv = p(u, v, c), sp.Derivative(p(u, v, c), v), sp.Derivative(p(u, v, c), u, v)
    d_v_at_0 = sp.Derivative(p(0, v, c), v)
    parts = sp.Derivative(u * v * d_v, u) - sp.Derivative(v * d, v) + d
    corner = 1 / (2 * sp.pi * sp.sqrt(s**2 * t**2 - c**2))
    fixed = _DENSITY_AT_FIXED_C
    return (
        identity(
            "density",
            "The density of $(u, v)$, for $c^2 < s^2 t^2$.",
            d,
            plane_density(u, v, (s**2, t**2, c)),
            meaning=_DENSITY,
        ),
        over_orthant(
            "relu-quadrant",
            "$sigma(u) sigma(v)$ is $u v$ where $u, v > 0$, and $0$ elsewhere.",
            relus(c),
            _quadrant(u * v * d),
            _DENSITY,
        ),
        over_orthant(
            "step-quadrant",
            "$dot(sigma)(u) dot(sigma)(v)$ is $1$ where $u, v > 0$, and $0$ elsewhere but for the axes.",
            steps(c),
            _quadrant(d),
            _DENSITY,
        ),
        derivative("price", "Price's identity.", d, c, d_uv, meaning=_DENSITY),
        by_lemma(
            "relu-under",
            "The derivative in $c$, taken under the integral, by Price's identity.",
            sp.Derivative(relus(c), c),
            _quadrant(u * v * d_uv),
            "differentiation under the integral",
            uses=("relu-quadrant", "price"),
        ),
        integrands(
            "by-parts",
            "$u v partial_u partial_v p = partial_u (u v partial_v p) - partial_v (v p) + p$.",
            _quadrant(u * v * d_uv),
            _quadrant(parts),
            meaning=_DENSITY,
        ),
        definite_integral(
            "edge-u",
            "Nothing is left at the edges in $u$: the antiderivative vanishes at $0$ and at infinity.",
            sp.Integral(sp.Derivative(u * v * d_v, u), (u, 0, sp.oo)),
            u * v * d_v,
            sp.S.Zero,
            meaning=fixed,
        ),
        definite_integral(
            "edge-v",
            "Nor at the edges in $v$.",
            sp.Integral(sp.Derivative(v * d, v), (v, 0, sp.oo)),
            v * d,
            sp.S.Zero,
            meaning=fixed,
        ),
        by_lemma(
            "relu-slope",
            "Integrated first in the variable of the derivative, only $p$ is left, and its integral is "
            "$E[dot(sigma)(u) dot(sigma)(v)]$.",
            sp.Derivative(relus(c), c),
            steps(c),
            "Fubini",
            uses=("relu-under", "by-parts", "edge-u", "edge-v", "step-quadrant"),
        ),
        by_lemma(
            "step-under",
            "For $E[dot(sigma)(u) dot(sigma)(v)]$ likewise.",
            sp.Derivative(steps(c), c),
            _quadrant(d_uv),
            "differentiation under the integral",
            uses=("step-quadrant", "price"),
        ),
        definite_integral(
            "inner", "The inner integral.", sp.Integral(d_uv, (u, 0, sp.oo)), d_v, -d_v_at_0, meaning=fixed
        ),
        definite_integral(
            "outer",
            "The outer integral is $p$ at the corner of the quadrant.",
            sp.Integral(-d_v_at_0, (v, 0, sp.oo)),
            -p(0, v, c),
            p(0, 0, c),
            meaning=fixed,
        ),
        identity("corner", "The density at the corner.", p(0, 0, c), corner, meaning=_DENSITY),
        by_lemma(
            "step-slope",
            "Hence the derivative.",
            sp.Derivative(steps(c), c),
            corner,
            "Fubini",
            uses=("step-under", "inner", "outer", "corner"),
        ),
    )


@cache
def between() -> tuple[Step, ...]:
    """Both expectations for -1 < ρ < 1: the values at c = 0, and the slopes integrated from 0 to s t ρ."""
    reach = s * t * rho
    step_half, step_value = half_line("step-half", "On the half-line, by the error function.", sp.Poly(1, z), s)
    relu_half, relu_value = half_line(
        "relu-half", "On the half-line, by an elementary antiderivative.", sp.Poly(z, z), s
    )
    step_start, relu_start = (value * value.subs(s, t) for value in (step_value, relu_value))
    step_path = sp.Integral(1 / (2 * sp.pi * sp.sqrt(s**2 * t**2 - gamma**2)), (gamma, 0, reach))
    angle = sp.asin(gamma / (s * t)) / (2 * sp.pi)
    relu_path = sp.Integral(step_start + angle, (gamma, 0, reach))
    relu_primitive = (step_start + angle) * gamma + sp.sqrt(s**2 * t**2 - gamma**2) / (2 * sp.pi)
    starts = (
        identity(
            "independent",
            "At $c = 0$ the density is a product.",
            p(u, v, 0),
            line_density(u, s) * line_density(v, t),
            meaning=_DENSITY,
        ),
        step_half,
        relu_half,
        by_lemma(
            "step-start",
            "The integral over the quadrant is the product of two over half-lines, with $s$ and with $t$.",
            steps(sp.S.Zero),
            step_start,
            "Fubini",
            uses=("step-quadrant", "independent", "step-half"),
        ),
        by_lemma(
            "relu-start",
            "Likewise.",
            relus(sp.S.Zero),
            relu_start,
            "Fubini",
            uses=("relu-quadrant", "independent", "relu-half"),
        ),
    )
    step_along = by_lemma(
        "step-along",
        "From $c = 0$ to $c = s t rho$, for $-1 < rho < 1$.",
        steps(reach),
        steps(sp.S.Zero) + step_path,
        "fundamental theorem of calculus",
        uses=("step-slope",),
    )
    step_integral = definite_integral(
        "step-integral", "The integral.", step_path, angle, sp.asin(rho) / (2 * sp.pi), running=_INSIDE
    )
    relu_along = by_lemma(
        "relu-along",
        "From $c = 0$ to $c = s t rho$; the slope is the expectation just found, at $rho = gamma\\/(s t)$.",
        relus(reach),
        relus(sp.S.Zero) + relu_path,
        "fundamental theorem of calculus",
        uses=("relu-slope", "step-dual"),
    )
    relu_integral = definite_integral(
        "relu-integral",
        "The integral.",
        relu_path,
        relu_primitive,
        s * t * (rho / 4 + (rho * sp.asin(rho) + sp.sqrt(1 - rho**2) - 1) / (2 * sp.pi)),
        running=_INSIDE,
    )
    by_name = {step.id: step for step in starts}
    return (
        *starts,
        step_along,
        step_integral,
        consequence(
            "step-dual",
            "Together, with $arcsin rho = pi\\/2 - arccos rho$.",
            steps(reach),
            step_dual(rho),
            (step_along, by_name["step-start"], step_integral),
        ),
        relu_along,
        relu_integral,
        consequence(
            "relu-dual",
            "Together.",
            relus(reach),
            relu_dual(s, t, rho),
            (relu_along, by_name["relu-start"], relu_integral),
        ),
    )


@cache
def end(sign: int) -> tuple[Step, ...]:
    """Both expectations at ρ = sign, where u = s z and v = sign t z: the formulas hold there too."""
    where = "one" if sign > 0 else "minus-one"
    found: list[Step] = []
    for name, f, node, value in (
        ("step", step, steps(sign * s * t), step_dual(sp.Integer(sign))),
        ("relu", relu, relus(sign * s * t), relu_dual(s, t, sp.Integer(sign))),
    ):
        line = Expect(f(s * z) * f(sign * t * z), (z,), [[1]])
        onto = by_lemma(
            f"{name}-at-{where}",
            f"At $rho = {sign}$ the pair is degenerate: $u = s z$, $v = {'' if sign > 0 else '-'}t z$.",
            node,
            line,
            "linear image of a Gaussian",
        )
        computed, _ = expectation_on_line(f"{name}-at-{where}", line) or ((), line)
        text = f"The formula holds at $rho = {sign}$."
        found += [onto, *computed, consequence(f"{name}-dual-{where}", text, node, value, (onto, *computed))]
    return tuple(found)
