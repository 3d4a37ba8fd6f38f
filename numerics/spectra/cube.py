"""Eigenvalues of a kernel Φ(⟨x, y⟩/d) on the Boolean cube {±1}^d with the uniform distribution, every digit certified.

The parity functions χ_S(x) = Π_{i in S} x_i diagonalise it, and the eigenvalue depends on k = |S| alone:

    μ_k = 2^{-d} Σ_r K_r(k) Φ(1 - 2r/d),   Σ_r K_r(k) z^r = (1 - z)^k (1 + z)^{d-k},

with the integers K_r(k) of Krawtchouk. The values of Φ are put on a grid of fixed point. Then the sums are exact, and
no μ_k errs by more than the largest error of a value, as Σ_r |K_r(k)| <= 2^d.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import mul

import flint
from flint import arb, fmpq, fmpz

from numerics.spectra.kernels import Kernel

MOST_BITS = 1 << 17
"""Where the search for a precision ends."""
GUARD = 64
"""Bits of the working precision beyond those of the grid."""


def eigenvalues(kernel: Kernel, d: int, *, digits: int = 30, negligible: fmpq | int = 0) -> list[arb]:
    """Enclose μ_0, …, μ_d, each to `digits` digits of its own; those that vanish by parity are exactly 0.

    A ball that lies within ±`negligible`·Φ(1) will do: an eigenvalue may be 0 for a reason that is not known here.

    The precision starts at 2d + 256 bits and doubles until all balls are tight. Raises ValueError unless d >= 1, and
    ArithmeticError where `MOST_BITS` do not tell an eigenvalue from 0.
    """
    if d < 1:
        raise ValueError(f"the cube has a dimension of 1 or more, not {d}")
    bits = 2 * d + 256
    while bits <= MOST_BITS:
        with flint.ctx.workprec(bits + GUARD):
            found = transform([arb(kernel(fmpq(d - 2 * r, d))) for r in range(d + 1)], bits)
            found = [arb(0) if kernel.vanishes(k) else mu for k, mu in enumerate(found)]
            least = negligible * abs(kernel.diagonal()).upper()
            if all(is_tight(mu, digits) or abs(mu) <= least for mu in found):
                return found
        bits *= 2
    raise ArithmeticError(f"with {MOST_BITS} bits some eigenvalue is still not told from 0")


def is_tight(value: arb, digits: int) -> bool:
    """Whether a ball is an exact zero, or its radius is at most 10^-digits times its absolute value.

    >>> is_tight(arb(0), 9), is_tight(arb(1, 1e-10), 9), is_tight(arb(0, 1e-99), 9)
    (True, True, False)
    """
    return bool(value.is_zero() or (value.is_finite() and value.rad() <= arb(10) ** -digits * abs(value).lower()))


def krawtchouk(d: int) -> Iterator[list[int]]:
    """Yield the rows (K_0(k), …, K_d(k)) for k = 0, …, d."""
    row = [1]
    for r in range(d):
        row.append(row[-1] * (d - r) // (r + 1))
    yield row
    for _ in range(d):
        quotient, following = 0, []
        for entry in row:  # The polynomial times (1 - z)/(1 + z).
            before, quotient = quotient, entry - quotient
            following.append(quotient - before)
        row = following
        yield row


def transform(values: Sequence[arb], bits: int, degree: int | None = None) -> list[arb]:
    """2^{-d} Σ_r K_r(k) Φ_r for k = 0, …, `degree`, by default for every k, from values put on a grid of 2^-bits.

    As K_{d-r}(k) = (-1)^k K_r(k), half of the products are enough.
    """
    d = len(values) - 1
    count = d + 1 if degree is None else degree + 1
    if not all(value.is_finite() for value in values):
        return [arb("nan")] * count
    scale = fmpz(2) ** bits
    grid = [int((value.mid() * scale).floor().fmpz()) for value in values]
    error = arb(0, reduce(arb.max, (value.rad() for value in values)) * scale + 1)
    half = (d + 1) // 2
    sums = [grid[r] + grid[d - r] for r in range(half)] + ([grid[half]] if d % 2 == 0 else [])
    differences = [grid[r] - grid[d - r] for r in range(half)]
    found = []
    for k, row in enumerate(islice(krawtchouk(d), count)):
        total = sum(map(mul, row, differences if k % 2 else sums))
        found.append((arb(fmpz(total)) / fmpz(2) ** d + error) / scale)
    return found
