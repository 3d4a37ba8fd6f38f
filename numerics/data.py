"""The fixed data sets: unit vectors with prescribed inner products, in closed form."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Data:
    """`inputs` of shape (n, d), rows of unit norm, and `labels` of shape (n,)."""

    inputs: np.ndarray
    labels: np.ndarray


def unit_vectors(gram: np.ndarray) -> np.ndarray:
    """Return vectors with the given inner products: the rows of the Cholesky factor of `gram`, in dimension n.

    Raises ValueError unless `gram` has a unit diagonal, numpy.linalg.LinAlgError unless it is positive definite.
    """
    if not np.all(np.diag(gram) == 1):
        raise ValueError("the inner products of unit vectors have ones on the diagonal")
    return np.linalg.cholesky(gram)


def span(rho: float) -> np.ndarray:
    """Return two unit vectors with inner product `rho` by their coordinates in their span: shape (2, 1) or (2, 2).

    A Gaussian matrix acts on the span of the inputs only, so that nothing depends on the dimension around it.
    Raises ValueError where |rho| > 1.
    """
    if not -1 <= rho <= 1:
        raise ValueError(f"two unit vectors cannot have the inner product {rho}")
    if abs(rho) == 1:
        return np.array([[1.0], [rho]])
    return np.array([[1.0, 0.0], [rho, np.sqrt((1 - rho) * (1 + rho))]])


def regression() -> Data:
    """8 points on the unit sphere of R⁸ with inner products 2^(-|i-j|): neither orthogonal nor close; labels ±1."""
    steps = np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    return Data(unit_vectors(0.5**steps), np.array([1.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0]))


def contrast() -> Data:
    """4 unit vectors of R⁴ with all inner products 1/5, and labels (1, -1, 1, -1).

    The vectors can be permuted freely, so every limiting kernel matrix is aI + b11ᵀ. The labels are orthogonal to 1:
    with b > 0 they lie in the eigenspace of the smallest eigenvalue, where residuals decay no faster than they must.
    """
    return Data(unit_vectors(np.full((4, 4), 0.2) + 0.8 * np.eye(4)), np.array([1.0, -1.0, 1.0, -1.0]))
