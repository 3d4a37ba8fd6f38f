"""Dual activations and NTK recursions of arrays of correlations, right to the last digits everywhere in [-1, 1].

The naive formulas lose them all near ±1: √(1 - ρ²) is off by millions of ulps at 1 - ρ = 1e-8, and (π - arccos ρ)/π
near -1. Here everything is a function of 1 - ρ and 1 + ρ, and the recursion carries both along:

    κ₀(ρ) = T(1 + ρ),   κ₁(ρ) = S(1 + ρ)                 for ρ <= 0,
    κ₀(ρ) = 1 - T(1 - ρ),   1 - κ₁(ρ) = (1 - ρ) - S(1 - ρ)   for ρ >= 0,

where T(x) = κ₀(x - 1) is √x, and S(x) = κ₁(x - 1) x^(3/2), times a power series in x.
Normalisation: unit variances, c_σ = 1/E[σ(z)²] (the convention of Arora et al. 2019), so that every diagonal is 1.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import mpmath
import numpy as np

from numerics.angles import Correlation
from numerics.compiled import compiled, fused, inlined

_ASIN = math.asin(2 / 3)


def _interpolant(function: Callable[[mpmath.mpf], mpmath.mpf], terms: int = 22) -> tuple[float, ...]:
    """The coefficients in y = 2x - 1 of the polynomial that agrees with a function of x at Chebyshev points of [0, 1].

    For a function that is analytic for |x| < 2 it is off by about (3 + √8)^-22 = 1e-17.
    """
    with mpmath.workdps(40):
        return tuple(map(float, reversed(mpmath.chebyfit(lambda y: function((y + 1) / 2), [-1, 1], terms))))


_SLOPE = _interpolant(lambda x: mpmath.acos(1 - x) / mpmath.pi / mpmath.sqrt(x))
"""κ₀(x - 1) = √x p(x) for 0 <= x <= 1."""
_VALUE = _interpolant(lambda x: (mpmath.sqrt(x * (2 - x)) - (1 - x) * mpmath.acos(1 - x)) / mpmath.pi / x**1.5)
"""κ₁(x - 1) = x^(3/2) p(x) for 0 <= x <= 1."""


class Kernels(NamedTuple):
    """Kernels of an infinitely wide network, arrays of one shape."""

    nngp: np.ndarray
    """Σ^(L), the covariance of the outputs at initialisation."""
    ntk: np.ndarray
    """Θ^(L)."""


def relu_duals(correlation: Correlation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return κ₀(ρ), κ₁(ρ) and 1 - κ₁(ρ): the duals of the ReLU's derivative and of the ReLU, for c_σ = 2.

    >>> [value.item() for value in relu_duals(Correlation.of(np.array(0.0)))]
    [0.5, 0.3183098861837907, 0.6816901138162093]
    """
    shape = np.shape(correlation.rho)
    rho, below, above = map(np.ravel, correlation)
    found = _relu_duals(rho, below, above)
    return found[0].reshape(shape), found[1].reshape(shape), found[2].reshape(shape)


def erf_duals(correlation: Correlation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the duals of erf′ and of erf, and 1 minus the latter, for c_σ = (π/2)/arcsin(2/3).

    c_σ E[erf(u) erf(v)] = arcsin(2ρ/3)/arcsin(2/3) and c_σ E[erf′(u) erf′(v)] = 2/(arcsin(2/3) √(9 - 4ρ²)).
    """
    shape = np.shape(correlation.rho)
    rho, below, above = map(np.ravel, correlation)
    found = _erf_duals(rho, below, above, _ASIN)
    return found[0].reshape(shape), found[1].reshape(shape), found[2].reshape(shape)


def relu_recursion(correlation: Correlation, depth: int) -> Kernels:
    """Return Σ^(L) and Θ^(L) of a ReLU network with L = `depth` hidden layers at inputs of norm 1.

    Θ^(0) = Σ^(0) = ρ and Θ^(h) = Θ^(h-1) κ₀(ρ_(h-1)) + ρ_h with ρ_h = κ₁(ρ_(h-1)); see `derivations.kernels`.
    Raises ValueError for a negative depth.
    """
    _check(depth)
    rho, below, above = map(np.ravel, correlation)
    nngp, ntk = _relu_recursion(rho, below, above, depth)
    return Kernels(nngp.reshape(np.shape(correlation.rho)), ntk.reshape(np.shape(correlation.rho)))


def erf_recursion(correlation: Correlation, depth: int) -> Kernels:
    """Return Σ^(L) and Θ^(L) of an erf network, as `relu_recursion` does for the ReLU."""
    _check(depth)
    ntk = correlation.rho
    for _ in range(depth):
        slope, value, distance = erf_duals(correlation)
        ntk, correlation = ntk * slope + value, Correlation(value, distance, 1 + value)
    return Kernels(correlation.rho, ntk)


def relu_tile(
    inner: np.ndarray, sizes: np.ndarray, other_sizes: np.ndarray, depth: int, near: float
) -> tuple[Kernels, np.ndarray]:
    """Return Σ^(L) and Θ^(L) from inner products, and where they are not to their last digits: |ρ| > `near`.

    Shapes: `inner` (n, m), the norms `sizes` (n,) and `other_sizes` (m,), kernels (n, m), index pairs (k, 2).
    """
    _check(depth)
    nngp, ntk, count = _relu_tile(inner, sizes, other_sizes, depth, near)
    again = np.argwhere(np.abs(inner) > near * np.outer(sizes, other_sizes)) if count else np.empty((0, 2), dtype=int)
    return Kernels(nngp, ntk), again


def _check(depth: int) -> None:
    if depth < 0:
        raise ValueError(f"the number of hidden layers is {depth}; it is 0 or more")


@inlined
def _relu(rho: float, c: float, e: float) -> tuple[float, float, float]:
    """κ₀(ρ), κ₁(ρ) and 1 - κ₁(ρ), with c = 1 - ρ and e = 1 + ρ, from the distance x <= 1 of the nearer end.

    κ₀(-ρ) = 1 - κ₀(ρ) and κ₁(-ρ) = κ₁(ρ) - ρ lead from one end to the other. No branch, no loop: this vectorises.
    """
    x = e if e < c else c
    y, root = 2 * x - 1, math.sqrt(x)
    slope = root * _polynomial(y, _SLOPE)
    value = x * root * _polynomial(y, _VALUE)
    near_one = c < e
    return 1 - slope if near_one else slope, value + rho if near_one else value, (c if near_one else 1.0) - value


@fused
def _polynomial(y: float, a: tuple[float, ...]) -> float:
    """Horner's rule for 22 coefficients, written out: loops inside a loop are not vectorised."""
    high = (((((((a[21] * y + a[20]) * y + a[19]) * y + a[18]) * y + a[17]) * y + a[16]) * y + a[15]) * y + a[14]) * y
    middle = (((((((high + a[13]) * y + a[12]) * y + a[11]) * y + a[10]) * y + a[9]) * y + a[8]) * y + a[7]) * y
    return ((((((middle + a[6]) * y + a[5]) * y + a[4]) * y + a[3]) * y + a[2]) * y + a[1]) * y + a[0]


@fused
def _relu_duals(rho: np.ndarray, below: np.ndarray, above: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    slope, value, distance = np.empty(rho.size), np.empty(rho.size), np.empty(rho.size)
    for i in range(rho.size):
        slope[i], value[i], distance[i] = _relu(rho[i], below[i], above[i])
    return slope, value, distance


@fused
def _relu_recursion(rho: np.ndarray, below: np.ndarray, above: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    nngp, ntk, c, e = rho.copy(), rho.copy(), below.copy(), above.copy()
    for _ in range(depth):
        for i in range(rho.size):
            slope, value, distance = _relu(nngp[i], c[i], e[i])
            nngp[i], c[i], e[i] = value, distance, 1 + value
            ntk[i] = ntk[i] * slope + value
    return nngp, ntk


@fused
def _relu_tile(
    inner: np.ndarray, sizes: np.ndarray, other_sizes: np.ndarray, depth: int, near: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the kernels, computed row by row, and for how many pairs |ρ| > `near`. Rows of zeros have ρ = 0."""
    nngp, ntk = np.empty(inner.shape), np.empty(inner.shape)
    count, columns = 0, inner.shape[1]
    c, e = np.empty(columns), np.empty(columns)
    for i in range(inner.shape[0]):
        value, theta, row = nngp[i], ntk[i], inner[i]
        for j in range(columns):
            norm = sizes[i] * other_sizes[j]
            rho = row[j] / norm if norm > 0 else 0.0
            rho = 1.0 if rho > 1 else rho
            rho = -1.0 if rho < -1 else rho
            count += abs(rho) > near
            value[j], theta[j], c[j], e[j] = rho, rho, 1 - rho, 1 + rho
        for _ in range(depth):
            for j in range(columns):
                slope, value[j], c[j] = _relu(value[j], c[j], e[j])
                e[j] = 1 + value[j]
                theta[j] = theta[j] * slope + value[j]
        for j in range(columns):
            norm = sizes[i] * other_sizes[j]
            value[j], theta[j] = value[j] * norm, theta[j] * norm
    return nngp, ntk, count


@compiled
def _erf_duals(
    rho: np.ndarray, below: np.ndarray, above: np.ndarray, whole: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    slope, value, distance = np.empty(rho.size), np.empty(rho.size), np.empty(rho.size)
    for i in range(rho.size):
        a, b = 2 / 3, 2 * rho[i] / 3
        slope[i] = 2 / (whole * math.sqrt(9 - 4 * rho[i] * rho[i]))
        value[i] = math.asin(b) / whole
        if rho[i] > 0:  # sin(A - B) = (a² - b²)/(a cos B + b cos A), without cancellation
            gap = 4 / 9 * below[i] * above[i] / (a * math.sqrt(1 - b * b) + b * math.sqrt(1 - a * a))
            distance[i] = math.asin(gap) / whole
        else:
            distance[i] = 1 - value[i]
    return slope, value, distance
