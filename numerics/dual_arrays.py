"""Dual activations and NTK recursions of arrays of correlations, right to the last digits everywhere in [-1, 1].

The naive formulas lose them all near ±1: √(1 - ρ²) is off by millions of ulps at 1 - ρ = 1e-8, and (π - arccos ρ)/π
near -1. Here everything is a function of 1 - ρ and 1 + ρ, and the recursion carries both along:

    κ₀(ρ) = (2/π) atan2(√(1+ρ), √(1-ρ)),
    κ₁(ρ) = S(1 + ρ) near -1,   1 - κ₁(ρ) = (1 - ρ) - S(1 - ρ) near 1,   since κ₁(ρ) - κ₁(-ρ) = ρ,

where S(e) = κ₁(e - 1) is e^(3/2) times a power series in e.
Normalisation: unit variances, c_σ = 1/E[σ(z)²] (the convention of Arora et al. 2019), so that every diagonal is 1.
"""

import math
from typing import NamedTuple

import numpy as np

from numerics.angles import Correlation, correlations
from numerics.compiled import compiled

_SERIES = np.array([math.comb(2 * k, k) / 8**k / ((k + 0.5) * (k + 1.5)) / (math.pi * math.sqrt(2)) for k in range(32)])
"""κ₁(e - 1) = e^(3/2) Σ_k _SERIES[k] e^k: κ₁″ = 1/(π√(1 - ρ²)) integrated twice. For e < 1/2 the rest is < 1e-22."""
_NEAR = 0.5
_ASIN = math.asin(2 / 3)


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
    found = _relu_duals(rho, below, above, _SERIES)
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
    nngp, ntk = _relu_recursion(rho, below, above, depth, _SERIES)
    return Kernels(nngp.reshape(np.shape(correlation.rho)), ntk.reshape(np.shape(correlation.rho)))


def erf_recursion(correlation: Correlation, depth: int) -> Kernels:
    """Return Σ^(L) and Θ^(L) of an erf network, as `relu_recursion` does for the ReLU."""
    _check(depth)
    ntk = correlation.rho
    for _ in range(depth):
        slope, value, distance = erf_duals(correlation)
        ntk, correlation = ntk * slope + value, Correlation(value, distance, 1 + value)
    return Kernels(correlation.rho, ntk)


def relu_kernels(X: np.ndarray, Y: np.ndarray | None = None, *, depth: int) -> Kernels:
    """Return Σ^(L) and Θ^(L) between the rows of X and of Y (of X without Y), whatever their norms.

    By homogeneity they are ‖x‖‖x'‖ times their values at unit norm. Shapes: X (n, d), Y (m, d), results (n, m), in the
    precision of X (float32 or float64; anything else counts as float64). Raises ValueError as `correlations` does.
    """
    correlation, norms = correlations(X, Y)
    found = relu_recursion(correlation, depth)
    kind = np.float32 if np.asarray(X).dtype == np.float32 else np.float64
    return Kernels((norms * found.nngp).astype(kind, copy=False), (norms * found.ntk).astype(kind, copy=False))


def _check(depth: int) -> None:
    if depth < 0:
        raise ValueError(f"the number of hidden layers is {depth}; it is 0 or more")


@compiled
def _relu(rho: float, c: float, e: float, series: np.ndarray) -> tuple[float, float, float]:
    """κ₀(ρ), κ₁(ρ) and 1 - κ₁(ρ), with c = 1 - ρ and e = 1 + ρ; what is small is computed first."""
    sine = math.sqrt(c * e)
    angle = 2 * math.atan2(math.sqrt(e), math.sqrt(c))  # π - arccos ρ
    if c < _NEAR:
        distance = c - c * math.sqrt(c) * _polynomial(c, series)
        value = 1 - distance
    elif e < _NEAR:
        value = e * math.sqrt(e) * _polynomial(e, series)
        distance = 1 - value
    else:
        value = (sine + rho * angle) / math.pi
        distance = 1 - value
    return angle / math.pi, value, distance


@compiled
def _polynomial(x: float, coefficients: np.ndarray) -> float:
    total = 0.0
    for k in range(coefficients.size - 1, -1, -1):
        total = total * x + coefficients[k]
    return total


@compiled
def _relu_duals(
    rho: np.ndarray, below: np.ndarray, above: np.ndarray, series: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    slope, value, distance = np.empty(rho.size), np.empty(rho.size), np.empty(rho.size)
    for i in range(rho.size):
        slope[i], value[i], distance[i] = _relu(rho[i], below[i], above[i], series)
    return slope, value, distance


@compiled
def _relu_recursion(
    rho: np.ndarray, below: np.ndarray, above: np.ndarray, depth: int, series: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    nngp, ntk = np.empty(rho.size), np.empty(rho.size)
    for i in range(rho.size):
        r, c, e = rho[i], below[i], above[i]
        theta = r
        for _ in range(depth):
            slope, r, c = _relu(r, c, e, series)
            e = 1 + r
            theta = theta * slope + r
        nngp[i], ntk[i] = r, theta
    return nngp, ntk


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
