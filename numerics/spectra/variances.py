"""Where the variance of a random function with a given kernel sits: multiplicities, fractions, order of degrees.

For a Gaussian process f with the kernel Φ, E‖f‖² = Φ(1) = Σ_k N(d, k) μ_k with the multiplicities N(d, k), and the
fractional variance N(d, k) μ_k/Φ(1) is the part E‖P_k f‖²/E‖f‖² that falls on polynomials of degree k.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import flint
from flint import arb

from numerics.spectra import spectrum
from numerics.spectra.cube import MOST_BITS, is_tight
from numerics.spectra.kernels import Kernel
from numerics.spectra.spectrum import Distribution, multiplicity


@dataclass(frozen=True)
class Spectrum:
    """The eigenvalues of a kernel at the degrees 0, …, n, certified."""

    eigenvalues: tuple[arb, ...]
    multiplicities: tuple[int, ...]
    trace: arb
    """Φ(1), the sum of all eigenvalues with their multiplicities."""

    @classmethod
    def of(cls, kernel: Kernel, distribution: Distribution, d: int, degree: int, *, digits: int = 20) -> "Spectrum":
        """Computed by `numerics.spectra.spectrum.eigenvalues`, which says what is raised."""
        mu = spectrum.eigenvalues(kernel, distribution, d, degree, digits=digits)
        sizes = tuple(multiplicity(distribution, d, k) for k in range(degree + 1))
        return cls(mu, sizes, trace(kernel, digits))

    @property
    def fractions(self) -> tuple[arb, ...]:
        """The fractional variance of every degree. On the cube those of all degrees 0, …, d sum to 1."""
        return tuple(n * mu / self.trace for n, mu in zip(self.multiplicities, self.eigenvalues, strict=True))

    @property
    def missing(self) -> arb:
        """The part of the variance on degrees beyond the last: 0 (a ball around it) on the cube with all degrees."""
        return 1 - sum(self.fractions, start=arb(0))

    @property
    def order(self) -> tuple[tuple[int, ...], ...]:
        """The degrees by decreasing eigenvalue; those that are not told from one another share a place."""
        return ordered(self.eigenvalues)


def trace(kernel: Kernel, digits: int) -> arb:
    """Enclose Φ(1) to so many digits: in deep networks the balls widen from layer to layer. ArithmeticError in vain."""
    bits = 128
    while bits <= MOST_BITS:
        with flint.ctx.workprec(bits):
            found = arb(kernel.diagonal())
            if is_tight(found, digits):
                return found
        bits *= 2
    raise ArithmeticError(f"with {MOST_BITS} bits the trace is not known to {digits} digits")


def ordered(eigenvalues: Sequence[arb]) -> tuple[tuple[int, ...], ...]:
    """The indices by decreasing value, where values whose balls overlap, directly or in a chain, share a place.

    >>> ordered((arb(1), arb(3), arb(2), arb(1)))
    ((1,), (2,), (0, 3))
    """
    places: list[list[int]] = []
    for k in sorted(range(len(eigenvalues)), key=lambda k: float(eigenvalues[k].mid()), reverse=True):
        if places and any(eigenvalues[k].overlaps(eigenvalues[other]) for other in places[-1]):
            places[-1].append(k)
        else:
            places.append([k])
    return tuple(tuple(sorted(place)) for place in places)
