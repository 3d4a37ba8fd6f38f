"""How well kernels learn polynomials of one degree on the Boolean cube, beside how much of their variance is there."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations, product
from math import comb

import numpy as np
from flint import fmpq
from scipy.stats import rankdata

from numerics.spectra.cube import eigenvalues
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind

SETTINGS = tuple(
    (name, kind, depth, weights)
    for name in ("relu", "erf")
    for kind in Kind
    for depth in (1, 2, 4, 8)
    for weights in (1, 4)
)
"""Activations, kernels, numbers of hidden layers and weight variances; the bias variance is `BIAS_VARIANCE`."""
BIAS_VARIANCE = fmpq(1, 10)
RIDGE = 1e-3
"""What is added to the diagonal of the kernel matrix, for kernels that are 1 at x = x'."""


@lru_cache(maxsize=8)
def kernels(d: int) -> tuple[np.ndarray, np.ndarray]:
    """For every setting the kernel by the number of coordinates that differ, over its value at 0, and its fractions.

    Both have the shape (settings, d + 1); the fractional variance at degree k is C(d, k) μ_k/Φ(1).
    """
    values, fractions = [], []
    for name, kind, depth, weights in SETTINGS:
        kernel = Kernel(
            dual=DUALS[name], depth=depth, weight_variance=fmpq(weights), bias_variance=BIAS_VARIANCE, kind=kind
        )
        full = float(kernel.diagonal())
        values.append([float(kernel(fmpq(d - 2 * r, d))) / full for r in range(d + 1)])
        fractions.append([comb(d, k) * float(mu) / full for k, mu in enumerate(eigenvalues(kernel, d))])
    return np.array(values), np.array(fractions)


def rank_correlations(parameters: Mapping[str, float | int | str], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Spearman's correlation, over the settings, of test errors with fractional variances: one entry per draw.

    A draw is a polynomial of degree `k` (all its terms have this degree, with normal coefficients) and `m` points of
    the cube of dimension `d`, without repetition, at which it is given to kernel regression; the test error is the
    mean square over all other points. Columns: `rank_correlation` with the fractional variance at degree `k`,
    `other_rank_correlation` with that at the degree `other`.
    """
    d, k, other, m, draws = (int(parameters[name]) for name in ("d", "k", "other", "m", "draws"))
    values, fractions = kernels(d)
    points = np.array(list(product((1, -1), repeat=d)))
    distances = (d - points @ points.T) // 2
    terms = np.array([points[:, subset].prod(axis=1) for subset in combinations(range(d), k)])
    found = np.empty((2, draws))
    for draw in range(draws):
        target = rng.standard_normal(len(terms)) @ terms
        order = rng.permutation(len(points))
        errors = _errors(values, distances, target, order[:m], order[m:])
        found[:, draw] = [_spearman(fractions[:, degree], errors) for degree in (k, other)]
    return {"rank_correlation": found[0], "other_rank_correlation": found[1]}


def _errors(
    values: np.ndarray, distances: np.ndarray, target: np.ndarray, given: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """The mean squared test error of every kernel."""
    gram = values[:, distances[np.ix_(given, given)]] + RIDGE * np.eye(len(given))
    labels = np.broadcast_to(target[given, None], (len(values), len(given), 1))
    predicted = values[:, distances[np.ix_(left, given)]] @ np.linalg.solve(gram, labels)
    return np.asarray(((predicted[..., 0] - target[left]) ** 2).mean(axis=1))


def _spearman(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
