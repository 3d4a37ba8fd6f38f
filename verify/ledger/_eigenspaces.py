"""Eigenspaces of kernels in ledger files: the networks, the dimensions by place, and the grids they are computed on."""

from itertools import product

import sympy as sp

from derivations.eigenspaces import EigenspaceDimension, LeadingEigenvalue
from verify.claim import Certificate, Point

d = sp.Symbol("d", integer=True, positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)

Network = tuple[str, str, int, sp.Rational, sp.Rational]
"""Activation, kind of kernel, hidden layers, variance of the weights, variance of the biases."""
Definitions = tuple[tuple[sp.Expr, sp.Expr], ...]
_TENTH, _TWO, _FOUR = sp.Rational(1, 10), sp.Integer(2), sp.Integer(4)

NETWORKS: tuple[Network, ...] = (
    ("relu", "ck", 1, _TWO, sp.S.One),
    ("relu", "ntk", 3, _TWO, _TENTH),
    ("erf", "ck", 3, _FOUR, _TENTH),
    ("erf", "ntk", 2, _TWO, sp.S.One),
    ("relu", "ntk", 2, _TWO, sp.S.Zero),
)
"""Networks all of whose Taylor coefficients are positive: with biases, or of ReLUs in two hidden layers."""
DEEP_RELU: tuple[Network, ...] = (("relu", "ck", 2, _TWO, sp.S.Zero), ("relu", "ntk", 3, _TWO, sp.S.Zero))
ODD: tuple[Network, ...] = (("erf", "ck", 3, _FOUR, sp.S.Zero), ("erf", "ntk", 2, _TWO, sp.S.Zero))
SHALLOW_RELU: tuple[Network, ...] = (("relu", "ck", 1, _TWO, sp.S.Zero), ("relu", "ntk", 1, _TWO, sp.S.Zero))
RELU, ERF = NETWORKS[0], ("erf", "ck", 1, _FOUR, _FOUR)
"""Networks with biases and one hidden layer, for the Gaussian."""

_WORDS = {"relu": "ReLU", "erf": "erf"}


def sizes(inputs: str, networks: tuple[Network, ...]) -> tuple[tuple[sp.Expr, ...], Definitions]:
    """D_i(d, k) for each network, the dimension at place k, and what they stand for."""
    names = [sp.Function(f"D_{i}")(d, k) for i in range(1, len(networks) + 1)]
    meanings = [EigenspaceDimension(inputs, *network, d, k) for network in networks]
    return tuple(names), tuple(zip(names, meanings, strict=True))


def tops(inputs: str, letter: str, networks: tuple[Network, ...]) -> tuple[tuple[sp.Expr, ...], Definitions]:
    """The largest eigenvalue of degree k for each network, and what they stand for."""
    names = [sp.Function(f"{letter}_{i}")(d, k) for i in range(1, len(networks) + 1)]
    meanings = [LeadingEigenvalue(inputs, *network, d, k) for network in networks]
    return tuple(names), tuple(zip(names, meanings, strict=True))


def furthest(ratios: tuple[sp.Expr, ...]) -> sp.Expr:
    """How far the ratio is from 1 that is furthest from it."""
    return sp.Max(*(sp.Abs(ratio - 1) for ratio in ratios)) if len(ratios) > 1 else sp.Abs(ratios[0] - 1)


def to_leading_order(found: tuple[sp.Expr, ...], degree: sp.Expr) -> tuple[sp.Expr, ...]:
    """The dimensions in units of d^n/n!, for the degree n."""
    return tuple(size * sp.factorial(degree) / d**degree for size in found)


def over(dimensions: tuple[int, ...], places: tuple[int, ...]) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    """The domain of these dimensions and places."""
    return ((d, sp.FiniteSet(*dimensions)), (k, sp.FiniteSet(*places)))


def grid(dimensions: tuple[int, ...], places: tuple[int, ...]) -> tuple[Certificate, ...]:
    """All points of that domain, in ball arithmetic."""
    points: tuple[Point, ...] = tuple({d: n, k: place} for n, place in product(dimensions, places))
    return (Certificate(name="certified eigenvalues", points=points, covers_domain=True, digits=10),)


def described(networks: tuple[Network, ...]) -> str:
    """The networks in words, in their order."""
    return "; ".join(
        f"({i}) {kind.upper()} of {_WORDS[activation]} with {depth} hidden layer{'s' if depth > 1 else ''}, "
        f"$sigma_w^2 = {_typst(weights)}$, $sigma_b^2 = {_typst(biases)}$"
        for i, (activation, kind, depth, weights, biases) in enumerate(networks, start=1)
    )


def _typst(value: sp.Rational) -> str:
    return str(value).replace("/", "\\/")
