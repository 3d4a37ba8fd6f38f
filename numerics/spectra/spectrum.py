"""The spectrum of a kernel under one of the distributions whose inputs have one norm."""

from enum import StrEnum
from functools import lru_cache
from math import comb

from flint import arb

from numerics.spectra import cube, sphere
from numerics.spectra.kernels import Kernel


class Distribution(StrEnum):
    """The uniform distributions on {±1}^d and on the sphere of radius √d."""

    CUBE = "cube"
    SPHERE = "sphere"


@lru_cache(maxsize=256)
def eigenvalues(kernel: Kernel, distribution: Distribution, d: int, degree: int, *, digits: int) -> tuple[arb, ...]:
    """Enclose μ_0, …, μ_degree, each to `digits` digits of its own; see `cube` and `sphere` for what is raised.

    On the cube all degrees up to d are computed together, so that any `degree` costs the same.
    """
    if distribution is Distribution.CUBE:
        if not 0 <= degree <= d:
            raise ValueError(f"the cube of dimension {d} has the degrees 0 to {d}, not {degree}")
        return tuple(cube.eigenvalues(kernel, d, digits=digits)) if degree == d else _up_to(kernel, d, degree, digits)
    return tuple(sphere.eigenvalues(kernel, d, degree, digits=digits))


def _up_to(kernel: Kernel, d: int, degree: int, digits: int) -> tuple[arb, ...]:
    return eigenvalues(kernel, Distribution.CUBE, d, d, digits=digits)[: degree + 1]


def multiplicity(distribution: Distribution, d: int, k: int) -> int:
    """The dimension of the eigenspace of degree k: C(d, k) on the cube, C(d+k-1, k) - C(d+k-3, k-2) on the sphere.

    >>> multiplicity(Distribution.CUBE, 4, 2), multiplicity(Distribution.SPHERE, 3, 2)
    (6, 5)
    """
    if distribution is Distribution.CUBE:
        return comb(d, k)
    return comb(d + k - 1, k) - (comb(d + k - 3, k - 2) if k >= 2 else 0)
