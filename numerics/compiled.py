"""The ways functions are compiled here, all with NumPy's error model, which lets loops vectorise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` with numba on its first call, cached on disk; it runs without the interpreter's lock.

    Single-threaded and without fast-math, so that sums are taken in the order written and results do not depend on
    the number of cores. The cache notices changes of the file that `function` is in and of no other, so a compiled
    function calls only compiled functions of its own file.
    """
    return cast(Function, numba.njit(cache=True, error_model="numpy", nogil=True)(function))


def linked(function: Function) -> Function:
    """Compile as `compiled` does a function that calls compiled functions of other files in the folder of its own.

    The cache notices changes of any file in that folder.
    """
    dispatcher: Any = numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    files = sorted(Path(function.__code__.co_filename).parent.glob("*.py"))
    stamps = [(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    index = dispatcher._cache._cache_file  # numba has no public way to name further files that a result depends on
    index._source_stamp = (index._source_stamp, *stamps)
    return cast(Function, dispatcher)


def fused(function: Function) -> Function:
    """Compile as `compiled` does, and let a product and a sum be rounded once, together, where the processor can."""
    return cast(Function, numba.njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})(function))


def inlined(function: Function) -> Function:
    """Put the body of a small `function` in the place of its calls in compiled functions.

    A call that returns several numbers would keep the loop around it from being vectorised.
    """
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))
