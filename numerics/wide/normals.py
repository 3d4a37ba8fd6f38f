"""Standard normals in float64 at given counters: each can be computed again, alone, wherever it is needed.

The neurons of a layer come in groups of `GROUP`. A group of rank r uses the GROUP·r/2 Philox counters (group, block);
each gives 128 bits and from them a pair of normals by Box and Muller's map. The radius √(−2 log u) has u = (k + ½)/2⁵³
with k of 53 bits, so |z| ≤ √(108 log 2) < 8.66, beyond which a normal lies with probability 5e−18; the angle has 53
bits too. The polynomials (minimax, to 5e−18) are evaluated by fused multiply-adds: what is computed follows from IEEE
arithmetic alone, whatever the width of vectors, and is within 1e−15 of the map, relatively.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from numerics.compiled import linked
from numerics.wide.philox import LOW, philox
from numerics.wide.vectors import bits, fma, from_bits

GROUP = 256
"""Neurons whose normals are drawn together."""


@numba.njit(error_model="numpy", forceinline=True)
def radius(word: Any) -> Any:
    """√(−2 log u), u = (k + ½)/2⁵³ with k the upper 53 of 64 bits.

    With u = 2ᵉm, √½ ≤ m < √2 up to rounding of the bound, and s = (m − 1)/(m + 1):
    log u = e log 2 + 2s + s³P(s²).
    """
    u = (np.float64(np.int64(word >> numba.uint64(11))) + 0.5) * 2.0**-53
    # The bits of √½ moved to those of 1: the exponent field then is that of the nearest power of two.
    moved = bits(u) + np.int64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
    exponent = (moved >> np.int64(52)) - np.int64(1023)
    m = from_bits((moved & np.int64(0x000FFFFFFFFFFFFF)) + np.int64(0x3FE6A09E667F3BCD))
    s = (m - 1.0) / (m + 1.0)
    x = s * s
    p = fma(0.14616449685043406, x, 0.15331721600556042)
    p = fma(p, x, 0.18182889125261723)
    p = fma(p, x, 0.2222221113479508)
    p = fma(p, x, 0.28571428625975487)
    p = fma(p, x, 0.39999999999899505)
    p = fma(p, x, 0.666666666666667)
    logarithm = fma(np.float64(exponent), 0.6931471805599453, fma(s * x, p, 2.0 * s))
    return np.sqrt(-2.0 * logarithm)


@numba.njit(error_model="numpy", forceinline=True)
def direction(word: Any) -> tuple[Any, Any]:
    """(cos a, sin a) of a uniform angle a: one of |a| < π/4 from 51 bits, reflected by one bit, reversed by another."""
    t = (np.float64(np.int64(word >> numba.uint64(13))) + 0.5) * 2.0**-51 - 0.5
    x = t * t
    p = fma(5.633933781537854e-08, x, -3.59864335298231e-06)
    p = fma(p, x, 0.0001604411507421909)
    p = fma(p, x, -0.004681754132340976)
    p = fma(p, x, 0.07969262624604301)
    p = fma(p, x, -0.6459640975062443)
    p = fma(p, x, 1.5707963267948966)
    sine = p * t
    q = fma(-6.329396344967424e-09, x, 4.710678405505227e-07)
    q = fma(q, x, -2.5202039028029178e-05)
    q = fma(q, x, 0.0009192602745468447)
    q = fma(q, x, -0.020863480763340773)
    q = fma(q, x, 0.2536695079010478)
    q = fma(q, x, -1.2337005501361697)
    cosine = fma(q, x, 1.0)
    sign = np.int64((word & numba.uint64(1)) << numba.uint64(63))
    first = sine if word & numba.uint64(2) else cosine
    second = cosine if word & numba.uint64(2) else sine
    return from_bits(bits(first) ^ sign), from_bits(bits(second) ^ sign)


@numba.njit(error_model="numpy", forceinline=True)
def fill_group(stream: Any, group: Any, rank: Any, out: Any) -> None:
    """The normals of one group of neurons: out[j·GROUP + i] is coordinate j of its neuron i.

    `stream` is (key, draw, layer), layer below 2¹⁶; it and `group` are uint64. `out` has GROUP·rank entries of float64.
    """
    low, word = numba.uint64(LOW), numba.uint64(32)
    half = rank * (GROUP // 2)
    key, draw, layer = stream
    k0, k1 = key & low, key >> word
    c2, c3 = draw & low, draw >> word
    upper = layer << numba.uint64(16)
    start = group * numba.uint64(half)
    first, second = out[:half], out[half : 2 * half]
    for block in range(half):
        counter = start + numba.uint64(block)
        w0, w1, w2, w3 = philox((counter & low, (counter >> word) | upper, c2, c3), (k0, k1))
        r = radius(w0 | (w1 << word))
        cosine, sine = direction(w2 | (w3 << word))
        first[block] = r * cosine
        second[block] = r * sine


@linked
def fill(key: Any, draw: Any, layer: Any, first_neuron: Any, out: Any) -> None:
    """The normals of the neurons first_neuron, first_neuron + 1, … of a layer: one row of `out` (count, rank) each.

    All of `key`, `draw`, `layer`, `first_neuron` are uint64. Rank at least 1.
    """
    count, rank = out.shape
    buffer = np.empty(GROUP * rank)
    neuron = first_neuron
    row = 0
    while row < count:
        lane = np.int64(neuron % numba.uint64(GROUP))
        fill_group((key, draw, layer), neuron // numba.uint64(GROUP), rank, buffer)
        taken = min(GROUP - lane, count - row)
        for j in range(rank):
            for i in range(taken):
                out[row + i, j] = buffer[j * GROUP + lane + i]
        row += taken
        neuron += numba.uint64(taken)


def normals(key: int, draw: int, layer: int, shape: tuple[int, int], first_neuron: int = 0) -> NDArray[np.float64]:
    """The normals z_ij of neurons first_neuron ≤ i < first_neuron + count in layer `layer` of draw `draw`.

    `shape` = (count, rank). Rows do not depend on which others are asked for, but they do on the rank. Raises
    ValueError unless 0 ≤ key, draw < 2⁶⁴ and 0 ≤ layer < 2¹⁶.
    """
    out = np.empty(shape)
    if out.size:
        fill(*counters(key, draw, layer), np.uint64(first_neuron), out)
    return out


def counters(key: int, draw: int, layer: int) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Key, draw and layer in the type that the compiled functions take, or ValueError where they do not fit."""
    if not (0 <= key < 2**64 and 0 <= draw < 2**64 and 0 <= layer < 2**16):
        raise ValueError(f"key {key}, draw {draw}, layer {layer}: not in [0, 2⁶⁴)² × [0, 2¹⁶)")
    return np.uint64(key), np.uint64(draw), np.uint64(layer)
