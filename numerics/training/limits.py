"""The kernel of a two-layer network of infinite width, by quadrature, and kernel regression with it."""

from functools import cache

import numpy as np
from scipy.special import roots_hermitenorm

from numerics.data import sphere
from numerics.training.activations import derivatives

NODES = 128
"""Of the Gauss-Hermite rule in each of two dimensions: 1e-11 off for tanh, whose poles are nearest, by comparison with
200 nodes, and rounding errors for erf and Φ, which are entire."""


def kernel(activation: str, first: np.ndarray, second: np.ndarray, *, trained: bool) -> np.ndarray:
    """k_∞ (p, q) between the unit vectors `first` (p, d) and `second` (q, d), for κ = 1.

    k_∞(x, x') = x·x' E[σ'(u)σ'(v)] (+ E[σ(u)σ(v)] where the read-out is `trained`), (u, v) normal with mean 0,
    variances 1 and covariance x·x'.
    """
    nodes, weights = roots_hermitenorm(NODES)
    weights = weights / weights.sum()
    value, slope = derivatives(activation, nodes)
    inner = np.clip(first @ second.T, -1.0, 1.0)
    result = np.empty(inner.shape)
    for place, rho in np.ndenumerate(inner):
        others = rho * nodes[:, None] + np.sqrt((1 - rho) * (1 + rho)) * nodes
        other_value, other_slope = derivatives(activation, others)
        result[place] = rho * ((weights * slope) @ other_slope @ weights)
        if trained:
            result[place] += (weights * value) @ other_value @ weights
    return result


@cache
def limiting_kernels(activation: str, points: int, dimension: int, trained: bool) -> tuple[np.ndarray, np.ndarray]:
    """K_∞ (n, n) at the points of `data.sphere(points, dimension)`, and k_∞ (q, n) of its test points."""
    data = sphere(points, dimension)
    both = np.vstack([data.inputs, data.test_inputs])
    found = kernel(activation, both, data.inputs, trained=trained)
    return (found[:points] + found[:points].T) / 2, found[points:]


def regression(activation: str, points: int, dimension: int, trained: bool) -> np.ndarray:
    """k_∞(x)ᵀK_∞⁻¹y at the test points of `data.sphere(points, dimension)`: (q,)."""
    inner, tests = limiting_kernels(activation, points, dimension, trained)
    return tests @ np.linalg.solve(inner, sphere(points, dimension).labels)
