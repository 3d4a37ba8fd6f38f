"""The fixed data sets: unit vectors with prescribed inner products, in closed form."""

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Data:
    """`inputs` of shape (n, d), rows of unit norm, and `labels` of shape (n,)."""

    inputs: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class TestedData(Data):
    """Data with `test_inputs` (q, d), rows of unit norm, at which trained networks are compared."""

    __test__ = False  # pytest takes the name for that of a test

    test_inputs: np.ndarray


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


def sphere(points: int = 20, dimension: int = 10) -> TestedData:
    """Points and 3 test points drawn once and for all, uniformly on the unit sphere of R^d, and labels ±1.

    Points, labels and test points come from generators Philox with the keys 1, 2 and 3, so that the first points and
    labels are the same whatever their number. The labels are ±1 with probability 1/2 each, so they tell nothing of
    the points.
    """
    inputs, labels, tests = (np.random.Generator(np.random.Philox(key=key)) for key in (1, 2, 3))
    return TestedData(
        _on_sphere(inputs.standard_normal((points, dimension))),
        2.0 * labels.integers(0, 2, points) - 1,
        _on_sphere(tests.standard_normal((3, dimension))),
    )


def _on_sphere(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def corners() -> tuple[Data, np.ndarray]:
    """6 of the 16 corners of the cube {±1/2}⁴ with labels ±1, and the 10 others as tests, (10, 4).

    At the first test regression with the NTK of one hidden layer of ReLUs predicts 0.394, and with the NNGP kernel
    -0.972. The smallest eigenvalue of that NTK on the six is 0.397.
    """
    cube = np.array(list(itertools.product((0.5, -0.5), repeat=4)))
    chosen, first = [0, 4, 5, 6, 8, 12], 11
    tests = [first, *(i for i in range(16) if i not in {first, *chosen})]
    return Data(cube[chosen], np.array([-1.0, 1.0, -1.0, -1.0, -1.0, -1.0])), cube[tests]


def plane() -> tuple[Data, np.ndarray]:
    """2 unit vectors of the plane with the inner product -3/5 and the labels (2, 2), and a test, (2,).

    The test has the inner products 3/5 and 7/25 with them.
    """
    return Data(np.array([[1.0, 0.0], [-0.6, 0.8]]), np.array([2.0, 2.0])), np.array([0.6, 0.8])
