"""Eigenvalues of a kernel Φ(⟨x, y⟩/d) on the sphere of radius √d in R^d with the uniform distribution, certified.

By Funk and Hecke the spherical harmonics diagonalise it, and the eigenvalue at degree k is μ_k = E Φ(t) P_k(t), with t
the first coordinate of a uniform unit vector and P_k Gegenbauer's polynomial of index d/2 - 1 with P_k(1) = 1.
From the Taylor coefficients a_j >= 0 of Φ it is a series without subtraction, μ_k = Σ_j a_j M_{j,k}, with

    M_{j,k} = E t^j P_k(t) = j! Γ(d/2) Γ((j-k+1)/2) / (2^k (j-k)! Γ(1/2) Γ((j+k+d)/2))

where j - k is even and not negative, else 0. M_{j,k} decreases in j from j (d-1) > k² + kd on, so that what is cut off
lies between 0 and the rest of Σ a_j = Φ(1), of one parity, times the first M_{j,k} left out.
"""

import flint
from flint import arb, fmpq

from numerics.spectra.cube import MOST_BITS, is_tight
from numerics.spectra.kernels import Kernel

MOST_TERMS = 1 << 13
"""Where the search for a number of terms ends."""


def eigenvalues(kernel: Kernel, d: int, degree: int, *, digits: int = 12) -> list[arb]:
    """Enclose μ_0, …, μ_degree, each to `digits` digits of its own; those that vanish by parity are exactly 0.

    Terms and bits double until all balls are tight. For the ReLU the error falls like the power -(d + 2)/2 of the
    number of terms: in low dimensions ask for fewer digits. Raises ValueError unless d >= 3 and degree >= 0, and
    ArithmeticError where `MOST_TERMS` are not enough.
    """
    if d < 3 or degree < 0:
        raise ValueError(f"needs a dimension of 3 or more and a degree of 0 or more, not {d} and {degree}")
    terms, bits = max(128, 2 * degree, degree * (degree + d) // (d - 1) + 4), 256
    while terms <= MOST_TERMS and bits <= MOST_BITS:
        with flint.ctx.workprec(bits):
            sums, tails = partial_sums(kernel, d, degree, terms)
            found = [
                arb(0) if kernel.vanishes(k) else total + tail
                for k, (total, tail) in enumerate(zip(sums, tails, strict=True))
            ]
            if all(is_tight(mu, digits) for mu in found):
                return found
            if all(is_tight(total, digits + 3) for k, total in enumerate(sums) if not kernel.vanishes(k)):
                terms *= 2
            else:
                bits *= 2
    raise ArithmeticError(f"{MOST_TERMS} terms do not give {digits} digits in dimension {d}: ask for fewer")


def partial_sums(kernel: Kernel, d: int, degree: int, terms: int) -> tuple[list[arb], list[arb]]:
    """Σ_{j < terms} a_j M_{j,k} for every k, and the intervals that hold what is left of the series."""
    coefficients = kernel.series(terms)
    parts = [sum(coefficients[parity::2], start=arb(0)) for parity in (0, 1)]
    ends = arb(kernel.diagonal()), arb(kernel(fmpq(-1)))
    left = [
        ((ends[0] + sign * ends[1]) / 2 - part).upper().max(arb(0)) for sign, part in zip((1, -1), parts, strict=True)
    ]
    sums, tails = [], []
    for k in range(degree + 1):
        powers = moments(d, k, terms + 2)
        sums.append(
            sum((a * moment for a, moment in zip(coefficients[k::2], powers[k::2], strict=False)), start=arb(0))
        )
        after = powers[terms + (terms - k) % 2]
        tails.append(arb(0).union(left[k % 2] * after.upper()))
    return sums, tails


def moments(d: int, k: int, count: int) -> list[arb]:
    """M_{0,k}, …, M_{count-1,k}, by M_{k,k} = k!/(d (d+2) … (d+2k-2)) and the ratio of M_{j+2,k} to M_{j,k}."""
    found = [arb(0)] * count
    moment = arb(1)
    for n in range(k):
        moment *= fmpq(n + 1, 2 * n + d)
    for j in range(k, count, 2):
        found[j] = moment
        moment *= fmpq((j + 1) * (j + 2), (j + 2 - k) * (j + k + d))
    return found
