"""Fractional variances on the Boolean cube: the names, the convention and the grids that claims about them share."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from derivations.depth_spectra import FractionalVariance, Largest, PlaceOfLargest
from verify.claim import Certificate, Point

L, ell = sp.symbols("L ell", integer=True, nonnegative=True)
d, k = sp.symbols("d k", integer=True, nonnegative=True)
w, b = sp.symbols("sigma_w__2 sigma_b__2", nonnegative=True)

DEEPEST = 128
Domain = tuple[tuple[sp.Symbol, sp.Set], ...]

SPECTRUM = (
    '$nu_k^"CK" (sigma, L, sigma_w^2, sigma_b^2, d) = binom(d, k) mu_k \\/ sum_(i=0)^d binom(d, i) mu_i$ is the degree '
    '$k$ fractional variance of the CK on ${plus.minus 1}^d$ with the uniform distribution, $nu_k^"NTK"$ that of the '
    "NTK: $L$ hidden layers with the activation $sigma$, weights of variance $sigma_w^2$ over the fan-in, biases of "
    "variance $sigma_b^2$, all of them trained."
)
BEYOND_SEVEN = (
    "Higher degrees than 7 have no larger eigenvalues: $mu_(k+2) <= mu_k$ for every kernel whose Taylor coefficients "
    "in $chevron.l x, y chevron.r\\/d$ are not negative, as those of every CK and NTK are."
)


def ck(activation: str, *setting: Any) -> sp.Expr:
    """ν_k of the CK, for the setting L, σ_w², σ_b², d, k."""
    return FractionalVariance(activation, "ck", *setting)


def ntk(activation: str, *setting: Any) -> sp.Expr:
    """ν_k of the NTK, for the setting L, σ_w², σ_b², d, k."""
    return FractionalVariance(activation, "ntk", *setting)


def eigenvalue(share: FractionalVariance) -> sp.Expr:
    """μ_k over the kernel at one input, Σ_i C(d, i) μ_i, from the fractional variance of degree k."""
    return share / sp.binomial(share.args[5], share.degree)


def optimal_depth(share: sp.Expr, deepest: int = DEEPEST) -> sp.Expr:
    """The depth from 0 to 128, or another, at which a fractional variance, written at the depth ℓ, is largest."""
    return PlaceOfLargest(share, (ell, 0, deepest))


def best(share: sp.Expr) -> sp.Expr:
    """The largest fractional variance at a depth from 1 to 128, written at the depth ℓ."""
    return Largest(share, (ell, 1, DEEPEST))


def among(symbol: sp.Symbol, *values: Any) -> tuple[sp.Symbol, sp.Set]:
    """A symbol with the finite set it runs through, for a domain."""
    return symbol, sp.FiniteSet(*(sp.sympify(value) for value in values))


def on_the_grid(domain: Domain) -> Certificate:
    """The certificate at every point of a domain of finite sets, each of which may depend on symbols before it."""
    return Certificate(name="exact sums of Krawtchouk", points=tuple(_points(domain, {})), covers_domain=True)


def _points(domain: Domain, chosen: Mapping[sp.Symbol, sp.Expr]) -> Iterator[Point]:
    if len(chosen) == len(domain):
        yield dict(chosen)
        return
    symbol, values = domain[len(chosen)]
    for value in values.subs(chosen):
        yield from _points(domain, {**chosen, symbol: value})
