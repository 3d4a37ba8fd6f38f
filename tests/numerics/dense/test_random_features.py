"""The kernel of a linear model in random functions has the mean and the variance of a mean of products."""

import numpy as np

from numerics.dense.random_features import feature_kernel
from numerics.streams import stream

RARE = 6  # standard errors


def test_mean_and_variance():
    # E[uv] = c and Var(uv) = v² + c² for a Gaussian pair; v² for the values of two independent outputs.
    parameters = {"P": 8, "variance": 2.0, "covariance": 1.0, "draws": 40_000}
    columns = feature_kernel(parameters, stream(0, "features", parameters))
    expected = {"feature_kernel": (1, 5 / 8), "feature_kernel_across": (0, 4 / 8), "feature_trace": (2, 10 / 8)}
    assert columns.keys() == expected.keys()
    for name, (mean, variance) in expected.items():
        column = columns[name]
        assert abs(column.mean() - mean) < RARE * column.std() / np.sqrt(len(column))
        squares = (column - mean) ** 2
        assert abs(squares.mean() - variance) < RARE * squares.std() / np.sqrt(len(column))


def test_a_last_batch_that_is_not_full_is_measured_too():
    parameters = {"P": 4096, "variance": 2.0, "covariance": 1.0, "draws": 10}
    assert all(len(column) == 10 for column in feature_kernel(parameters, stream(0, "batch", parameters)).values())
