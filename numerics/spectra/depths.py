"""Spectra on the Boolean cube for every depth at once: one pass over the layers serves all networks it runs through.

The network with l hidden layers is the start of every deeper one, so that S_0, …, S_L and T_0, …, T_L at the inner
products 1 - 2r/d take no more work than S_L alone (`numerics.spectra.kernels`). The sums over r are those of
`numerics.spectra.cube`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import comb

import flint
from flint import arb, fmpq

from numerics.elementary import Value
from numerics.spectra.cube import GUARD, MOST_BITS, is_tight, transform
from numerics.spectra.duals import Dual
from numerics.spectra.kernels import Kernel, Kind

_START_BITS = 256


def eigenvalues(kernel: Kernel, d: int, degree: int, *, digits: int = 30) -> list[list[arb]]:
    """Enclose μ_0, …, μ_degree of the networks with 0, 1, …, `kernel.depth` hidden layers, a row for each depth.

    Each is known to `digits` digits of its own, and those that vanish by parity are exactly 0. The precision doubles
    until all balls are tight. Raises ValueError unless 0 <= degree <= d and d >= 1, and ArithmeticError where
    `MOST_BITS` do not tell an eigenvalue from 0.
    """
    return [row[:-1] for row in _rows(kernel, d, degree, digits)]


@lru_cache(maxsize=256)
def fractional_variances(kernel: Kernel, d: int, degree: int, *, digits: int = 30) -> tuple[tuple[arb, ...], ...]:
    """Enclose C(d, k) μ_k / Σ_i C(d, i) μ_i for k = 0, …, degree: a row for each depth up to that of the kernel.

    The sum is the kernel at one input, Φ(1). Without hidden layers the kernel is affine. Raises as `eigenvalues`.
    """
    with flint.ctx.workprec(4 * digits + GUARD):
        return tuple(
            tuple(comb(d, k) * mu / row[-1] for k, mu in enumerate(row[:-1]))
            for row in _rows(kernel, d, degree, digits)
        )


def _rows(kernel: Kernel, d: int, degree: int, digits: int) -> list[list[arb]]:
    """A row for each depth: the eigenvalues, and at its end the kernel at one input."""
    if not (d >= 1 and 0 <= degree <= d):
        raise ValueError(f"the cube of dimension {d} has the degrees 0 to {d}, not {degree}")
    depths = [replace(kernel, depth=depth) for depth in range(kernel.depth + 1)]
    bits = _START_BITS
    while bits <= MOST_BITS:
        values = _values(replace(kernel, kind=Kind.CK), d, bits)[kernel.kind]
        with flint.ctx.workprec(bits + GUARD):
            found = [
                [arb(0) if part.vanishes(k) else mu for k, mu in enumerate(transform(row, bits, degree))] + [row[0]]
                for part, row in zip(depths, values, strict=True)
            ]
            if all(is_tight(mu, digits) for row in found for mu in row):
                return found
        bits *= 2
    raise ArithmeticError(f"with {MOST_BITS} bits some eigenvalue is still not told from 0")


@lru_cache(maxsize=8)
def _values(kernel: Kernel, d: int, bits: int) -> dict[Kind, list[list[arb]]]:
    """Of both kinds of kernel, whatever this one's, the values at 1 - 2r/d for r = 0, …, d, a row for each depth."""
    dual, weights, biases = kernel.dual, kernel.weight_variance, kernel.bias_variance
    with flint.ctx.workprec(bits + GUARD):
        variances: list[Value] = [weights + biases]
        for _ in range(kernel.depth):
            variances.append(weights * dual.diagonal(variances[-1])[0] + biases)
        columns = [list(_layers(dual, variances, weights, biases, fmpq(d - 2 * r, d))) for r in range(d + 1)]
    return {
        kind: [[column[layer][place] for column in columns] for layer in range(kernel.depth + 1)]
        for place, kind in enumerate((Kind.CK, Kind.NTK))
    }


def _layers(dual: Dual, variances: Sequence[Value], weights: fmpq, biases: fmpq, c: fmpq) -> Iterator[tuple[arb, arb]]:
    """S_l and T_l at c for l = 0, 1, …, given the values of S_l at 1."""
    s: Value = weights * c + biases
    tangent = s
    yield arb(s), arb(tangent)
    for q, following in pairwise(variances):
        value, slope = dual.diagonal(q) if c == 1 else dual.pair(q, s)
        s = following if c == 1 else weights * value + biases
        tangent = s + weights * tangent * slope
        yield arb(s), arb(tangent)
