"""The random numbers of one draw that belong to no neuron: standard normals in sequence, and chi-squared variables.

They come from the generator of the neurons' normals (`numerics.wide.normals`), at a layer index that no layer has, so
a draw is the same whichever draws are made beside it.
"""

import math
from typing import Any

import numba
import numpy as np

from numerics.wide.normals import counters, fill

LAYER = 2**15
"""The layer index of the tape; layers of a network have smaller ones."""

PAGE = 256

Tape = tuple[np.uint64, np.uint64, np.ndarray, np.ndarray]
"""Key, draw, a page of normals (PAGE, 1), and how many normals were taken so far."""


def tape(key: int, draw: int) -> Tape:
    """Return the tape of a draw, at its beginning."""
    stream = counters(key, draw, LAYER)
    return stream[0], stream[1], np.empty((PAGE, 1)), np.zeros(1, dtype=np.int64)


@numba.njit(error_model="numpy", forceinline=True)
def normal(source: Any) -> Any:
    """The next standard normal."""
    key, draw, page, taken = source
    place = taken[0] % PAGE
    if place == 0:
        fill(key, draw, numba.uint64(LAYER), numba.uint64(taken[0]), page)
    taken[0] += 1
    return page[place, 0]


@numba.njit(error_model="numpy", forceinline=True)
def chi_squared(source: Any, freedom: Any) -> Any:
    """A chi-squared variable with a positive integer number of degrees of freedom, by Marsaglia and Tsang's method.

    With d = k/2 - 1/3, x standard normal, u uniform and v = (1 + x/√(9d))³ > 0, 2dv has the law wanted given
    log u < x²/2 + d(1 - v + log v). k = 1 is the square of a normal; u = Φ(x') with another normal x'.
    """
    if freedom == 1:
        return normal(source) ** 2
    d = freedom / 2 - 1 / 3
    while True:
        x = normal(source)
        v = (1 + x / math.sqrt(9 * d)) ** 3
        if v <= 0:
            continue
        u = math.erfc(normal(source) / math.sqrt(2)) / 2
        if u < 1 - 0.0331 * x**4 or math.log(u) < x * x / 2 + d * (1 - v + math.log(v)):
            return 2 * d * v
