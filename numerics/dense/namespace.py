"""The array namespaces the dense sampler runs on: NumPy, CuPy on a GPU, or another that follows the array API.

Functions of this package take the namespace as `xp` and use of it what the array API standard, NumPy and CuPy all
offer under one name. The error function, which the standard lacks, is taken from where each has it.
"""

from importlib import import_module
from typing import Any

import numpy as np
from scipy import special

Array = Any
"""An array of the namespace in use."""

Namespace = Any
"""A module with the functions of the array API."""


def namespace(name: str) -> Namespace:
    """Return the namespace called "numpy" or "cupy".

    Raises ValueError for another name, and RuntimeError for "cupy" where CuPy is not installed or finds no GPU.
    """
    if name == "numpy":
        return np
    if name != "cupy":
        raise ValueError(f"no array namespace is called {name!r}: there are 'numpy' and 'cupy'")
    try:
        cupy = import_module("cupy")
    except ImportError as error:
        raise RuntimeError("the namespace 'cupy' needs CuPy, which is not installed; use 'numpy'") from error
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise RuntimeError(f"the namespace 'cupy' needs a GPU, and CuPy finds none ({error}); use 'numpy'") from error
    return cupy


def host(array: Array) -> np.ndarray:
    """The array as one of NumPy's, copied from the GPU if it is there."""
    return np.asarray(array.get() if hasattr(array, "get") else array)


def erf(z: Array, xp: Namespace) -> Array:
    """The error function 2/√π ∫₀ᶻ exp(-s²) ds of every entry."""
    if xp.__name__ == "cupy":
        return import_module("cupyx.scipy.special").erf(z)
    return xp.asarray(special.erf(host(z)))


def product(one: Array, other: Array, xp: Namespace) -> Array:
    """The inner products of rows: (…, i, k) and (…, j, k) to (…, i, j)."""
    return xp.matmul(one, xp.moveaxis(other, -1, -2))


def kernel_blocks(jacobian: Array, xp: Namespace) -> Array:
    """The inner products of Jacobians: (draws, n, o, parameters) to (draws, n, n, o, o).

    Entry [:, i, j, a, b] is the inner product of the gradients of output a at input i and of output b at input j.
    """
    draws, n, o, size = jacobian.shape
    rows = xp.reshape(jacobian, (draws, n * o, size))
    return xp.moveaxis(xp.reshape(product(rows, rows, xp), (draws, n, o, n, o)), 2, 3)
