"""Kernel regression of polynomials on the cube, with the kernels of many networks."""

import numpy as np
import pytest

from numerics.spectra import learning

D = 5


def found(**changes: int) -> dict[str, np.ndarray]:
    parameters = {"d": D, "k": 1, "other": 3, "m": 12, "draws": 20, **changes}
    return learning.rank_correlations(parameters, np.random.default_rng(3))


def test_the_fractions_of_every_kernel_add_up_to_one() -> None:
    values, fractions = learning.kernels(D)
    assert values.shape == fractions.shape == (len(learning.SETTINGS), D + 1)
    assert fractions.sum(axis=1) == pytest.approx(np.ones(len(fractions)))
    assert values[:, 0] == pytest.approx(np.ones(len(values)))


def test_the_fractions_are_the_variances_of_sampled_functions() -> None:
    """The diagonal of the kernel in the basis of parity functions, summed over the subsets of one size."""
    values, fractions = learning.kernels(D)
    points = 1 - 2 * (np.arange(2**D)[:, None] >> np.arange(D) & 1)
    distances = (D - points @ points.T) // 2
    sizes = np.array([subset.bit_count() for subset in range(2**D)])
    parities = np.array([points[:, (subset >> np.arange(D) & 1) == 1].prod(axis=1) for subset in range(2**D)])
    for kernel, fraction in zip(values[::7], fractions[::7], strict=True):
        eigenvalues = np.diag(parities @ kernel[distances] @ parities.T) / 4**D
        assert [eigenvalues[sizes == k].sum() for k in range(D + 1)] == pytest.approx(list(fraction), abs=1e-12)


def test_rank_correlations_lie_between_minus_one_and_one_and_are_those_of_their_seed() -> None:
    one, again = found(), found()
    for name in ("rank_correlation", "other_rank_correlation"):
        assert np.all(np.abs(one[name]) <= 1)
        assert np.array_equal(one[name], again[name])


def test_linear_functions_are_learned_better_by_kernels_with_more_of_their_variance_there() -> None:
    assert np.median(found()["rank_correlation"]) < -0.4


def test_the_errors_are_those_of_kernel_ridge_regression() -> None:
    values, _ = learning.kernels(D)
    rng = np.random.default_rng(1)
    points = 1 - 2 * (np.arange(2**D)[:, None] >> np.arange(D) & 1)
    distances, target = (D - points @ points.T) // 2, points[:, 0] * points[:, 2]
    order = rng.permutation(2**D)
    given, left = order[:10], order[10:]
    errors = learning._errors(values, distances, target, given, left)
    kernel = values[4][distances]
    gram = kernel[np.ix_(given, given)] + learning.RIDGE * np.eye(10)
    predicted = kernel[np.ix_(left, given)] @ np.linalg.inv(gram) @ target[given]
    assert errors[4] == pytest.approx(np.mean((predicted - target[left]) ** 2), rel=1e-8)
