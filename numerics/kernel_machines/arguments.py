"""What a kernel machine accepts: symmetric positive semidefinite kernels and targets that fit them."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky

_EPSILON = float(np.finfo(float).eps)


def symmetric(kernel: np.ndarray) -> np.ndarray:
    """Return a kernel matrix in float64, exactly symmetric: the mean of it and its transpose.

    Raises ValueError unless it is square, finite, and symmetric to within n · ε · max|K|.
    """
    matrix = np.asarray(kernel, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise ValueError(f"a kernel matrix is square and not empty, not of shape {matrix.shape}")
    if not np.all(np.isfinite(matrix)):
        raise ValueError("the kernel matrix has entries that are not finite")
    gap, size = float(np.abs(matrix - matrix.T).max()), float(np.abs(matrix).max())
    if gap > len(matrix) * _EPSILON * size:
        raise ValueError(f"the kernel matrix is not symmetric: K and its transpose differ by {gap:.3g}")
    return (matrix + matrix.T) / 2


def semidefinite(kernel: np.ndarray) -> np.ndarray:
    """Return a kernel matrix as `symmetric` does, once Cholesky's method has shown that it is positive semidefinite.

    Raises ValueError as `symmetric` does, and where K + n ε tr(K) I, which leaves room for rounding, has no Cholesky
    factor: then K has an eigenvalue below about -n ε tr(K).
    """
    matrix = symmetric(kernel)
    room = len(matrix) * _EPSILON * max(float(np.trace(matrix)), 0.0)
    if np.any(matrix):
        try:
            cholesky(matrix + room * np.eye(len(matrix)), check_finite=False)
        except LinAlgError as error:
            raise ValueError("the kernel matrix is not positive semidefinite") from error
    return matrix


def column(values: np.ndarray | float, examples: int, name: str) -> np.ndarray:
    """Return one number for each example in float64, a single number standing for all.

    Raises ValueError, naming the argument, where their number is another or one is not finite.
    """
    vector = np.asarray(values, dtype=float)
    if vector.ndim == 0:
        vector = np.full(examples, float(vector))
    if vector.shape != (examples,):
        raise ValueError(f"{name} has the shape {vector.shape}, and the kernel matrix is that of {examples} examples")
    if not np.all(np.isfinite(vector)):
        raise ValueError(f"{name} has entries that are not finite")
    return vector


def nonnegative(value: float, name: str) -> float:
    """Return a number. Raises ValueError, naming the argument, where it is negative or not finite."""
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is a number that is not negative, not {value}")
    return float(value)


def weight(examples: int, *, mean: bool, half: bool) -> float:
    """The weight w of the loss w Σ_i (f(x_i) - y_i)²: 1/N for a mean, 1 for a sum, and half of it with the factor 1/2.

    >>> weight(4, mean=True, half=True)
    0.125
    """
    return (1 / examples if mean else 1.0) * (0.5 if half else 1.0)
