"""Second moments of a layer's normals by sign pattern: all that a ReLU layer's NTK needs of its weights.

Neuron i has z_i ~ N(0, I_r) and preactivations f_i = z_i·C on n inputs; its pattern p has bit j set where f_ij > 0.
The sums are taken in an order that depends on nothing but the width: within chunks (with at most two inputs, in many
parts instead), chunks within tasks, tasks in the order of their neurons. No run of additions is longer than a chunk.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from numerics.compiled import linked
from numerics.wide.normals import GROUP, counters, fill_group
from numerics.wide.vectors import add_outer_products_4, add_outer_products_8, fma

MOST_INPUTS = 8
CHUNK = 2**15
"""Neurons whose sums by pattern are kept apart from those of others, to keep rounding errors small."""
TASK = 2**19
"""Neurons added up by one thread before another may follow."""
LANES = 64
"""Sums kept side by side where there are at most two inputs."""

Sums = tuple[NDArray[np.int64], NDArray[np.float64]]
Stream = tuple[np.uint64, np.uint64, np.uint64]


def pattern_sums(  # noqa: PLR0917 - where the normals are, what is done with them, by how many
    key: int, draw: int, layer: int, width: int, factor: NDArray[np.float64], threads: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts N_p (2ⁿ,) and moments K_p = Σ_{i in p} z_i z_iᵀ (2ⁿ, r, r) over the neurons i < width.

    `factor` is C (r, n), r ≤ n ≤ 8. The normals are those of `numerics.wide.normals.normals` at (key, draw, layer) and
    rank r. The same bytes for any number of threads. Raises ValueError for other shapes and for more than 2⁴⁵ neurons.
    """
    rank, n = factor.shape
    if not rank <= n <= MOST_INPUTS:
        raise ValueError(f"a factor of shape {factor.shape}: at most {MOST_INPUTS} inputs are meant, and rows no more")
    if not 0 <= width <= 2**45:
        raise ValueError(f"{width} neurons: not in [0, 2⁴⁵]")
    stream = counters(key, draw, layer)
    counts, moments = np.zeros(2**n, dtype=np.int64), np.zeros((2**n, rank, rank))
    if rank == 0:
        counts[0] = width
        return counts, moments
    task = partial(_pair_sums if n <= 2 else _sums, stream, np.asarray(factor, dtype=np.float64), width)
    for part in _in_order(task, range(0, width, TASK), threads):
        counts += part[0]
        moments += part[1]
    counts[0] -= -width % GROUP  # the last group was filled up with z = 0
    return counts, moments


def _in_order(task: Callable[[int], Sums], firsts: range, threads: int) -> Iterator[Sums]:
    """Yield task(first) for each first, in their order; at most two a thread are begun or wait at a time."""
    if threads == 1 or len(firsts) < 2:
        yield from map(task, firsts)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(task, first) for first in firsts[: 2 * threads]]
        for following in firsts[2 * threads :]:
            yield waiting.pop(0).result()
            waiting.append(pool.submit(task, following))
        for last in waiting:
            yield last.result()


def _pair_sums(stream: Stream, factor: NDArray[np.float64], width: int, first: int) -> Sums:
    """Sums over a task for one or two inputs: both are treated as two of rank two."""
    rank, n = factor.shape
    square = np.zeros((2, 2))
    square[:rank, :n] = factor
    z, sums = np.zeros(2 * GROUP), np.zeros(4 * 4 * LANES)
    _add_pairs(stream, np.uint64(first // GROUP), min(TASK, width - first), square, rank, z, sums)
    number, xx, xy, yy = np.moveaxis(_folded(sums.reshape(4, 4, LANES)), 1, 0)[:, : 2**n]
    return number.astype(np.int64), np.stack([xx, xy, xy, yy], axis=1).reshape(-1, 2, 2)[:, :rank, :rank]


def _sums(stream: Stream, factor: NDArray[np.float64], width: int, first: int) -> Sums:
    """Sums over a task for any number of inputs."""
    rank, n = factor.shape
    size, copies = (4, 4) if rank <= 4 else (8, 1)
    padded = np.zeros((size, n))
    padded[:rank] = factor
    room = np.zeros(size * GROUP), np.zeros(GROUP, dtype=np.int64), np.zeros(GROUP, dtype=np.int64)
    counts = np.zeros((copies, 2**n), dtype=np.int64)
    total = np.zeros((copies, 2**n, (size // 2 + 1) * size))
    sums = _aligned(total.size)
    for start in range(first, min(first + TASK, width), CHUNK):
        sums[:] = 0.0
        _add(stream, np.uint64(start // GROUP), min(CHUNK, width - start), padded, rank, room, counts, sums)
        total += sums.reshape(total.shape)
    a, b = np.triu_indices(rank)
    turned = b - a > size // 2  # the cyclic diagonal of the pair (a, b) is b - a or that of (b, a)
    entries = _folded(np.moveaxis(total, 0, -1))[:, np.where(turned, (size + a - b) * size + b, (b - a) * size + a)]
    moments = np.empty((2**n, rank, rank))
    moments[:, a, b] = moments[:, b, a] = entries
    return counts.sum(axis=0), moments


def _folded(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum over the last axis, of a length that is a power of two, by halves."""
    while sums.shape[-1] > 1:
        half = sums.shape[-1] // 2
        sums = sums[..., :half] + sums[..., half:]
    return sums[..., 0]


def _aligned(size: int) -> NDArray[np.float64]:
    """An array that begins at a multiple of 64 bytes, as long vectors in memory should."""
    room = np.empty(size + 8)
    skipped = -(room.ctypes.data // 8) % 8
    return room[skipped : skipped + size]


@numba.njit(error_model="numpy", forceinline=True)
def _draw(stream: Any, group: Any, rank: Any, left: Any, z: Any) -> None:
    """Normals of a group of neurons of which no more than `left` are meant; the others are zero."""
    fill_group(stream, group, rank, z)
    for k in range(rank):
        for i in range(left, GROUP):
            z[k * GROUP + i] = 0.0


@numba.njit(error_model="numpy", forceinline=True)
def _increased(sums: Any, chosen: Any, x: Any, y: Any) -> Any:
    """(N, Σx², Σxy, Σy²) with one more neuron if it is chosen."""
    number, xx, xy, yy = sums
    return (
        number + 1.0 if chosen else number,
        xx + x * x if chosen else xx,
        xy + x * y if chosen else xy,
        yy + y * y if chosen else yy,
    )


@numba.njit(error_model="numpy", forceinline=True)
def _store(sums: Any, pattern: Any, lane: Any, more: Any) -> None:
    number, xx, xy, yy = more
    place = 4 * LANES * pattern + lane
    sums[place] += number
    sums[place + LANES] += xx
    sums[place + 2 * LANES] += xy
    sums[place + 3 * LANES] += yy


@linked
def _add_pairs(  # noqa: PLR0917 - compiled functions allocate nothing, which compiles in a fraction of the time
    stream: Any, group: Any, count: Any, factor: Any, rank: Any, z: Any, sums: Any
) -> None:
    """Add N, Σx², Σxy, Σy² of each of 4 patterns, in `LANES` parts, to `sums` for `count` neurons from a group on.

    Branches are chosen between after they are computed: the loop over lanes is then a loop over vectors.
    """
    c00, c01, c10, c11 = factor[0, 0], factor[0, 1], factor[1, 0], factor[1, 1]
    for start in range(0, count, GROUP):
        _draw(stream, group + numba.uint64(start // GROUP), rank, count - start, z)
        for i in range(LANES):
            none = first = second = both = (0.0, 0.0, 0.0, 0.0)
            for quarter in range(GROUP // LANES):
                x, y = z[quarter * LANES + i], z[GROUP + quarter * LANES + i]
                f, g = x * c00 + y * c10 > 0.0, x * c01 + y * c11 > 0.0
                none = _increased(none, not (f or g), x, y)
                first = _increased(first, f and not g, x, y)
                second = _increased(second, g and not f, x, y)
                both = _increased(both, f and g, x, y)
            _store(sums, 0, i, none)
            _store(sums, 1, i, first)
            _store(sums, 2, i, second)
            _store(sums, 3, i, both)


@numba.njit(error_model="numpy", forceinline=True)
def _find_patterns(factor: Any, z: Any, patterns: Any) -> None:
    """Sign patterns of a group of neurons; `factor` has 4 or 8 rows."""
    size, n = factor.shape
    for i in range(GROUP):
        patterns[i] = 0
    for j in range(n):
        if size == 4:
            for i in range(GROUP):
                f = fma(z[GROUP + i], factor[1, j], z[i] * factor[0, j])
                g = fma(z[3 * GROUP + i], factor[3, j], z[2 * GROUP + i] * factor[2, j])
                patterns[i] |= np.int64(f + g > 0.0) << j
        else:
            for i in range(GROUP):
                f = fma(z[GROUP + i], factor[1, j], z[i] * factor[0, j])
                g = fma(z[3 * GROUP + i], factor[3, j], z[2 * GROUP + i] * factor[2, j])
                f = fma(z[4 * GROUP + i], factor[4, j], fma(z[5 * GROUP + i], factor[5, j], f))
                g = fma(z[6 * GROUP + i], factor[6, j], fma(z[7 * GROUP + i], factor[7, j], g))
                patterns[i] |= np.int64(f + g > 0.0) << j


@linked
def _add(  # noqa: PLR0917 - as `_add_pairs`
    stream: Any, group: Any, count: Any, factor: Any, rank: Any, room: Any, counts: Any, sums: Any
) -> None:
    """Add outer products by pattern, in as many parts as `counts` has rows, for `count` neurons from a group on.

    `factor` has 4 or 8 rows, of which `rank` are not zero; a pattern's part of `sums` is laid out as
    `add_outer_products_4` or `add_outer_products_8` wants it. `room` has normals (zero beyond the rank), patterns and
    places of a group of neurons.
    """
    z, patterns, places = room
    size, (copies, number) = len(factor), counts.shape
    stride = (size // 2 + 1) * size
    for start in range(0, count, GROUP):
        _draw(stream, group + numba.uint64(start // GROUP), rank, count - start, z)
        _find_patterns(factor, z, patterns)
        for i in range(GROUP):
            places[i] = stride * (patterns[i] + number * (i & (copies - 1)))
        for i in range(GROUP):
            counts[i & (copies - 1), patterns[i]] += 1
        if size == 4:
            for i in range(0, len(places), 4):
                add_outer_products_4(sums, places, z, GROUP, i)
        else:
            for i in range(0, len(places), 8):
                add_outer_products_8(sums, places, z, GROUP, i)
