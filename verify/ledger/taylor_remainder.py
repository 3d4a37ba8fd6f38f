"""Taylor's formula of first order: the remainder as an integral, and its bound for a smooth activation."""

import sympy as sp

from derivations import taylor
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.expressions import normal_cdf
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import activation, z
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

r, s = sp.symbols("r s", real=True)
beta = sp.Symbol("beta", positive=True)

_REMAINDER = sp.Abs(sigma(r) - sigma(s) - sigma_prime(s) * (r - s))
_SLIDE = "slides after 'How good is the approximation?', for a β-smooth activation"


def _integral(kernel: sp.Expr) -> sp.Expr:
    """|∫_r^s σ''(z) kernel dz|."""
    return sp.Abs(sp.Integral(sigma_prime_prime(z) * kernel, (z, r, s)))


def _point(formula: sp.Expr, end: str, start: str, bound: str = "1") -> Point:
    return {r: sp.Rational(end), s: sp.Rational(start), beta: sp.Rational(bound), **activation(formula)}


_WITNESS = _point(z**3, "1", "0")
_POINTS: tuple[Point, ...] = (
    _WITNESS,
    _point(z**4 - z, "-1", "1/2"),
    _point(sp.tanh(z), "2", "-1/3"),
    _point(sp.exp(z), "-2", "1"),
    _point(normal_cdf(z), "1/2", "3"),
)
_TWICE_DIFFERENTIABLE = ((r, sp.S.Reals), (s, sp.S.Reals))
_ROUTES = (
    Derivation(name="the fundamental theorem of calculus", derive=taylor.remainder, spots=_POINTS),
    Certificate(name="rigorous quadrature", points=_POINTS),
)

DS_TAYLOR_REMAINDER = Claim(
    id="ds-taylor-remainder",
    title="The remainder of Taylor's formula of first order is an integral",
    source=Source(
        document=Document.DS,
        where=_SLIDE,
        printed="$|sigma(r) - sigma(s) - sigma'(s) (r - s)| = lr(|integral_r^s sigma''(z) (s - z) dif z|)$",
    ),
    hypotheses=("$sigma$ is any function with a continuous second derivative; $r$ and $s$ are any real numbers.",),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: with $s - z$, the distance from the point of expansion.",
            statement=Identity(lhs=_REMAINDER, rhs=_integral(s - z), domain=_TWICE_DIFFERENTIABLE),
            routes=_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="With $r - z$, the distance from the point at which $sigma$ is approximated.",
            statement=Identity(lhs=_REMAINDER, rhs=_integral(r - z), domain=_TWICE_DIFFERENTIABLE),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="half of it",
                    why_false="For $sigma(z) = z^3$, $s = 0$ and $r = 1$ the remainder is 1, and the integral is 1.",
                    change={"rhs": _integral(r - z) / 2},
                ),
                Mutant(
                    name="without the distance",
                    why_false="The integral of $sigma''$ alone is the change of $sigma'$.",
                    change={"rhs": _integral(sp.S.One)},
                ),
                Mutant(
                    name="without the term of first order",
                    why_false="At these points $sigma'(s) (r - s)$ is not zero, but for the first, where $sigma'(0) "
                    "= 0$.",
                    change={"lhs": sp.Abs(sigma(r) - sigma(s))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="For $sigma(z) = z^3$, $s = 0$, $r = 1$ the left side is 1 and the right side printed is 2: it is the "
    "remainder of the expansion at $r$. The bound $beta\\/2 (r - s)^2$ that the slide draws from it is the same for "
    "both.",
)

_SMOOTH = (
    (beta, sp.Interval.open(0, sp.oo)),
    *_TWICE_DIFFERENTIABLE,
    (z, sp.S.Reals),
    (sigma_prime_prime(z), sp.Interval(-beta, beta)),
)
_SMOOTH_POINTS: tuple[Point, ...] = (
    _point(beta * z**2 / 2, "3", "0", "2"),
    _point(-beta * z**2 / 2, "1/5", "1", "1/3"),
    _point(sp.tanh(z), "2", "-1/3", "77/100"),
    _point(sp.sin(z), "-1", "1"),
    _point(normal_cdf(z), "1/2", "3", "1/4"),
    _point(beta * z**2 / 2, "4", "4", "1"),
)
"""Parabolas attain the bound."""

DS_TAYLOR_BOUND = Claim(
    id="ds-taylor-bound",
    title="For a β-smooth activation the remainder of first order is at most quadratic",
    source=Source(
        document=Document.DS,
        where=_SLIDE,
        printed="If $sigma$ is $beta$-smooth (meaning $|sigma''(z)| <= beta$ for all $z$): $|sigma(r) - sigma(s) - "
        "sigma'(s) (r - s)| <= beta/2 (r - s)^2$",
    ),
    hypotheses=("$sigma''$ is continuous and $|sigma''(z)| <= beta$ for all $z$.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Inequality(lhs=_REMAINDER, rhs=beta / 2 * (r - s) ** 2, domain=_SMOOTH),
            routes=(
                Derivation(name="the remainder as an integral", derive=taylor.bound, spots=_SMOOTH_POINTS[:4]),
                Certificate(name="search over smooth functions", points=_SMOOTH_POINTS),
            ),
            mutants=(
                Mutant(
                    name="half the constant",
                    why_false="$sigma(z) = beta z^2\\/2$ attains the bound.",
                    change={"rhs": beta / 4 * (r - s) ** 2},
                ),
                Mutant(
                    name="the distance in place of its square",
                    why_false="The same parabola at $|r - s| > 1$.",
                    change={"rhs": beta / 2 * sp.Abs(r - s)},
                ),
                Mutant(
                    name="without the term of first order",
                    why_false="The change of a parabola is not quadratic away from its vertex.",
                    change={"lhs": sp.Abs(sigma(r) - sigma(s))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The constant is the best possible: $sigma(z) = beta z^2\\/2$ attains it.",
)

CLAIMS = (DS_TAYLOR_REMAINDER, DS_TAYLOR_BOUND)
