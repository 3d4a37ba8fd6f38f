"""Dimensions of eigenspaces, in the order of the eigenvalues: how many dimensions the n-th largest distinct one has.

Everything rests on enclosures that are disjoint: where two eigenvalues are not told apart an ArithmeticError is raised.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import factorial

from flint import arb

from numerics.spectra import gaussian_bounds, spectrum
from numerics.spectra.duals import RELU
from numerics.spectra.kernels import Kernel
from numerics.spectra.spectrum import Distribution, multiplicity
from numerics.spectra.sphere import moments

_DIGITS = 10
"""Of the eigenvalues that are compared; series on the sphere converge slowly."""


class Inputs(StrEnum):
    """The laws of the inputs: uniform on {±1}^d or on the sphere of radius √d, or the standard Gaussian on R^d."""

    CUBE = "cube"
    SPHERE = "sphere"
    GAUSSIAN = "gaussian"


def leading(kernel: Kernel, inputs: Inputs, d: int, degree: int) -> arb:
    """Enclose the largest eigenvalue of a degree: on the cube and the sphere, the only one, to ten digits.

    Under the Gaussian the enclosure has a relative width of the order 1/d (`gaussian_bounds`), unless the kernel is
    homogeneous: then the eigenvalues are those on the sphere.
    """
    if inputs is Inputs.GAUSSIAN and not _homogeneous(kernel):
        return gaussian_bounds.leading(kernel, d, degree)
    on = Distribution.CUBE if inputs is Inputs.CUBE else Distribution.SPHERE
    return spectrum.eigenvalues(kernel, on, d, d if on is Distribution.CUBE else degree, digits=_DIGITS)[degree]


def dimension(kernel: Kernel, inputs: Inputs, d: int, place: int) -> int:
    """The dimension of the eigenspace of the distinct eigenvalue at this place, the largest at place 0.

    Raises ValueError where there is no such place: on the cube beyond the number of distinct eigenvalues, under the
    Gaussian beyond place 2, unless the kernel is homogeneous: ‖x‖‖y‖Φ(cos) has a single eigenvalue in every sector,
    that of the sphere, as E‖x‖² = d. Raises ArithmeticError where the bounds leave the order open.
    """
    if place < 0:
        raise ValueError(f"the largest eigenvalue stands at place 0; there is no place {place}")
    if inputs is Inputs.CUBE:
        return _on_cube(kernel, d, place)
    if inputs is Inputs.SPHERE or _homogeneous(kernel):
        return _on_sphere(kernel, d, place)
    return _gaussian(kernel, d, place)


def lead(kernel: Kernel, inputs: Inputs, d: int, degree: int) -> arb:
    """Enclose a_k M_{k,k} N_{k+1}/Φ(1), on the cube or the sphere: at most μ_k/μ_{k+1}.

    a_k M_{k,k} is a term of the series of μ_k, which has no negative terms, and N_j μ_j <= Φ(1) by the trace, where N_j
    is the multiplicity of degree j. Raises ValueError for the Gaussian.
    """
    if inputs is Inputs.GAUSSIAN:
        raise ValueError("under the Gaussian a degree has more than one eigenvalue")
    on = Distribution(inputs)
    least = moments(d, degree, degree + 1)[degree] if on is Distribution.SPHERE else arb(factorial(degree)) / d**degree
    return kernel.series(degree + 1)[degree] * least * multiplicity(on, d, degree + 1) / kernel.diagonal()


def _homogeneous(kernel: Kernel) -> bool:
    """Whether the kernel is ‖x‖‖y‖ times a function of the angle: that of ReLUs without biases."""
    return kernel.bias_variance == 0 and kernel.dual is RELU


def _on_cube(kernel: Kernel, d: int, place: int) -> int:
    mu = spectrum.eigenvalues(kernel, Distribution.CUBE, d, d, digits=_DIGITS)
    return _at(place, ((value, multiplicity(Distribution.CUBE, d, k)) for k, value in enumerate(mu)))


def _on_sphere(kernel: Kernel, d: int, place: int) -> int:
    """As μ_{k+2} <= μ_k on the sphere, the eigenvalues left out are no larger than one of the last two of those kept.

    From one degree to the next but one M_{j,k} shrinks by the factor (j-k)/(j+k+d).
    """
    for degree in range(place + 2, 2 * place + 5):
        mu = spectrum.eigenvalues(kernel, Distribution.SPHERE, d, degree, digits=_DIGITS)
        larger = [value for value in mu if all(value > last for last in mu[-2:])]
        if len(larger) > place:
            return _at(place, ((value, multiplicity(Distribution.SPHERE, d, k)) for k, value in enumerate(mu)))
    raise ValueError(f"the sphere has no distinct eigenvalue at place {place}")


def _gaussian(kernel: Kernel, d: int, place: int) -> int:
    """The two largest of degree 0 and the largest of degree 1 are told from each other and from all others."""
    first, second, _ = gaussian_bounds.radial(kernel, d)
    one, rest = gaussian_bounds.leading(kernel, d, 1), gaussian_bounds.others(kernel, d)
    if not all(value > rest for value in (first, second, one)):
        raise ArithmeticError(f"in dimension {d} the bounds do not single out the three largest eigenvalues")
    return _at(place, ((first, 1), (second, 1), (one, d)))


def _at(place: int, eigenvalues: Iterable[tuple[arb, int]]) -> int:
    """The multiplicity at a place of the eigenvalues in decreasing order, all zeros counted as one."""
    found = list(eigenvalues)
    zeros = sum(size for value, size in found if value == 0)
    ordered = sorted((pair for pair in found if pair[0] != 0), key=lambda pair: float(pair[0].mid()), reverse=True)
    ordered += [(arb(0), zeros)] if zeros else []
    if place >= len(ordered):
        raise ValueError(f"there are {len(ordered)} distinct eigenvalues, and none at place {place}")
    for number, (value, _) in enumerate(ordered[: place + 1], start=1):
        if not all(value > other for other, _ in ordered[number:]):
            raise ArithmeticError("two eigenvalues are not told apart")
    return ordered[place][1]
