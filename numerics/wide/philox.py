"""Philox4x32-10, a counter-based generator of random bits (Salmon, Moraes, Dror & Shaw, 2011), for compiled loops.

A bijection of 128-bit counters for every 64-bit key: output number i needs no output before it, so streams can be cut
into chunks and shared out among threads in any way without changing a bit.
"""

from typing import Any

import numba

LOW = 0xFFFFFFFF
"""The lower 32 bits."""


@numba.njit(error_model="numpy", forceinline=True)
def philox(counter: Any, key: Any) -> tuple[Any, Any, Any, Any]:
    """Four random 32-bit words at the counter (c0, c1, c2, c3) under the key (k0, k1), both tuples.

    All words are held in uint64 (below 2³²), the type in which their products are exact. A round sends
    (c0, c1, c2, c3) to (hi(M₁c2) ⊕ c1 ⊕ k0, lo(M₁c2), hi(M₀c0) ⊕ c3 ⊕ k1, lo(M₀c0)); the key grows by a Weyl
    constant after each of the ten.
    """
    (c0, c1, c2, c3), (k0, k1) = counter, key
    low, word = numba.uint64(LOW), numba.uint64(32)
    for _ in range(10):
        first = numba.uint64(0xD2511F53) * c0
        second = numba.uint64(0xCD9E8D57) * c2
        c0 = (second >> word) ^ c1 ^ k0
        c2 = (first >> word) ^ c3 ^ k1
        c1 = second & low
        c3 = first & low
        k0 = (k0 + numba.uint64(0x9E3779B9)) & low
        k1 = (k1 + numba.uint64(0xBB67AE85)) & low
    return c0, c1, c2, c3
