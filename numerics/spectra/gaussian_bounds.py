"""Certified bounds of eigenvalues under the standard Gaussian, for the CK of one hidden layer of ReLUs or of erf.

With a_j(u) the Taylor coefficients in c of the kernel between two inputs of norm √(du), v = χ²_d/d and the moments M of
`numerics.spectra.sphere`, the harmonic polynomials of degree k have the Rayleigh quotient

    R_k = M_{k,k} E a_k(v),

for the kernel is an expectation over neurons, a neuron's weights have the law of an input, and E σ(h) Y(x) over inputs
is a derivative of the smoothed σ (Stein). The trace of the operator in the sector of degree k (`numerics.spectra.
gaussian`) is Σ_j M_{j,k} E a_j(v), which begins with the same term. So the largest eigenvalue of the sector is known up
to a factor 1 + O(1/d). For the radial functions 1 and √(d/2) (u - 1) the quotients are R_0, s = E a_2(v)/d and between
them q = √(d/8) Cov(a_0(v), v), which bound the two largest radial eigenvalues by those of a matrix (Rayleigh and Ritz).
"""

from dataclasses import dataclass
from functools import lru_cache

import flint
from flint import arb, fmpq

from numerics import elementary as el
from numerics.elementary import Value
from numerics.quadrature import integrate
from numerics.spectra.duals import ERF, RELU
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.sphere import moments

_BITS = 96
_CELLS = 600
_DEVIATIONS = 7
"""How many standard deviations of v the cells reach over, and not below `_LEAST`; what lies beyond is bounded."""
_LEAST = fmpq(1, 8)
HIGHEST = 3
"""The highest degree that has bounds here."""
_COUNT = HIGHEST + 5
"""Coefficients that are averaged: of the trace at least three terms; what is left of it is bounded."""


@dataclass(frozen=True)
class Means:
    """Means over v = χ²_d/d, and a bound of E Φ(x, x), the trace of the kernel."""

    coefficients: tuple[arb, ...]
    """E a_0(v), E a_1(v), …"""
    slope: arb
    """Cov(a_0(v), v)."""
    trace: arb


def leading(kernel: Kernel, d: int, degree: int) -> arb:
    """Enclose the largest eigenvalue in the sector of a degree, between the Rayleigh quotient and the trace.

    Raises ValueError for a kernel that is not the CK of one hidden layer of ReLUs or erf, and unless d >= 3 and the
    degree is one from 0 to `HIGHEST`.
    """
    if not 0 <= degree <= HIGHEST:
        raise ValueError(f"bounds under the Gaussian are those of the degrees 0 to {HIGHEST}, not {degree}")
    low, rest = _sector(kernel, d, degree)
    return low.union(low + rest)


def radial(kernel: Kernel, d: int) -> tuple[arb, arb, arb]:
    """Enclose the two largest eigenvalues of degree 0, and the interval from 0 that holds all others of degree 0.

    It raises what `leading` does.
    """
    means = _means(kernel, d)
    with flint.ctx.workprec(_BITS):
        first, rest = _sector(kernel, d, 0)
        second = means.coefficients[2] / d
        mixed = (arb(d) / 8).sqrt() * means.slope
        trace, determinant = first + second, first * second - mixed * mixed
        low = determinant / trace
        return first.union(first + rest), low.union(rest), arb(0).union((rest - second).upper().max(arb(0)))


def others(kernel: Kernel, d: int) -> arb:
    """The interval from 0 that holds all eigenvalues but the two largest of degree 0 and the largest of degree 1.

    Those of degree 2 and more have multiplicities of at least (d+2)(d-1)/2, which the trace bounds.
    """
    means = _means(kernel, d)
    with flint.ctx.workprec(_BITS):
        of_degree_one = _sector(kernel, d, 1)[1]
        of_more = 2 * means.trace / ((d + 2) * (d - 1))
        return arb(0).union(radial(kernel, d)[2].upper().max(of_degree_one.upper()).max(of_more.upper()))


def _sector(kernel: Kernel, d: int, degree: int) -> tuple[arb, arb]:
    """R_k, and what the trace of the sector has besides."""
    means = _means(kernel, d)
    with flint.ctx.workprec(_BITS):
        powers = moments(d, degree, _COUNT + 2)
        terms = [a * m for a, m in zip(means.coefficients, powers, strict=False)]
        left = means.trace * powers[_COUNT + (_COUNT - degree) % 2]
        return terms[degree], sum(terms[degree + 1 :], start=arb(0)) + arb(0).union(left.upper())


@lru_cache(maxsize=256)
def _means(kernel: Kernel, d: int) -> Means:
    """Sums over cells of the range of v, the coefficients enclosed on each: the chance of a cell times their values.

    a_j(v) is at most Φ(v) = Σ_j a_j(v), which does not decrease and is concave for these activations: at most
    Φ(1) max(1, v).
    """
    if kernel.kind is not Kind.CK or kernel.depth != 1 or kernel.dual not in (RELU, ERF):
        raise ValueError("certified bounds under the Gaussian are those of the CK of one hidden layer of ReLUs or erf")
    if d < 3:
        raise ValueError(f"needs a dimension of 3 or more, not {d}")
    with flint.ctx.workprec(_BITS):
        half = _DEVIATIONS * (2 / d) ** 0.5
        low, high = max(_LEAST, fmpq(int(4096 * (1 - half)), 4096)), fmpq(int(4096 * (1 + half)) + 1, 4096)
        ends = [low + (high - low) * i / _CELLS for i in range(_CELLS + 1)]
        below = [_chance(d, end) for end in ends]
        sums, mean = [arb(0)] * _COUNT, arb(0)
        for i in range(_CELLS):
            cell, chance = arb(ends[i]).union(arb(ends[i + 1])), below[i + 1] - below[i]
            series = kernel.series(_COUNT, (cell, cell))
            sums = [total + chance * a for total, a in zip(sums, series, strict=True)]
            mean += chance * _diagonal(kernel, cell)
        # Beyond the cells E max(1, v) and E max(1, v²) are known from E[v^i; v > x], a multiple of P(χ²_{d+2i} > dx).
        outside, spread = (
            kernel.diagonal() * (below[0] + i * (1 - _chance(d + 2 * i, high * d / (d + 2 * i)))) for i in (1, 2)
        )
        left = arb(0).union(outside.upper())
        slope = integrate(lambda v: _at_zero(kernel, v) * (v - 1) * _density(d, v), arb(low), arb(high))
        return Means(tuple(total + left for total in sums), slope + arb(0, spread.upper()), mean + left)


def _chance(d: int, x: fmpq) -> arb:
    """P(χ²_d < dx)."""
    with flint.ctx.workprec(_BITS + 2 * d):
        return (arb(d * x) / 2).gamma_lower(arb(d) / 2, regularized=1)


def _density(d: int, v: Value) -> Value:
    """The density of χ²_d/d."""
    half = fmpq(d, 2)
    return el.exp((half - 1) * el.log(v) - half * v + (half * arb(half).log() - arb(half).lgamma()))


def _at_zero(kernel: Kernel, norm: Value) -> Value:
    """The kernel between two inputs of norm √(d·norm) at a right angle: a_0."""
    q = kernel.weight_variance * norm + kernel.bias_variance
    return kernel.weight_variance * kernel.dual.pair(q, kernel.bias_variance)[0] + kernel.bias_variance


def _diagonal(kernel: Kernel, norm: arb) -> arb:
    """The kernel of an input with ‖x‖² = d·norm."""
    q = kernel.weight_variance * norm + kernel.bias_variance
    return arb(kernel.weight_variance * kernel.dual.diagonal(q)[0] + kernel.bias_variance)
