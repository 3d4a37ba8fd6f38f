"""The spectrum of the kernels of a network under a law of its inputs, as a user asks for it: see `study`."""

import math
import re
import time
from fractions import Fraction

import flint
from flint import arb, fmpq

from derivations.duals import NoClosedForm
from derivations.duals.gallery import GALLERY
from derivations.kernel_duals import kernel_dual
from derivations.language import ExpressionError, parse
from numerics.spectra import cube, gaussian, limits, sphere
from numerics.spectra.duals import DUALS, Dual
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution, multiplicity
from numerics.spectra.variances import Spectrum, ordered, trace
from verify.enclosure import as_ball
from verify.errors import InputError
from verify.spectrum_result import Eigenvalue, KernelSpectrum, SpectrumResult

DEEPEST, LARGEST_CUBE, LARGEST_SPHERE, LARGEST_GAUSSIAN, MOST_DIGITS, HIGHEST = 256, 1000, 10_000, 1000, 40, 64
_LARGEST_VARIANCE = 1000
_SMALLEST, _LARGEST = arb("1e-300"), arb("1e300")
_NUMBER = re.compile(r"\d{1,20}(\.\d{0,20})?(/\d{1,20})?|\.\d{1,20}")
_DEGREES = {"sphere": 8, "gaussian": 2}
"""The highest degree without one asked for."""
_NOISE = 1e-13
"""For Gaussian inputs, what is smaller than the largest eigenvalue of its degree by this factor counts as 0."""
_RADIAL = 3
"""Eigenvalues of a degree that are listed for Gaussian inputs."""


def study(
    activation: str,
    *,
    depth: int = 3,
    domain: str = "cube:128",
    weight_variance: str = "2",
    bias_variance: str = "0",
    kernel: str = "both",
    degree: int | None = None,
    digits: int = 20,
) -> SpectrumResult:
    """Return the eigenvalues, multiplicities and fractional variances of the CK, the NTK or both.

    `activation` is a name of the gallery, a function such as "gelu", or a formula in x; `domain` is cube:D, sphere:D
    or gaussian:D; the variances are decimals or fractions as text, taken exactly. On the cube and the sphere the
    eigenvalues are certified to `digits` digits, up to `degree`, by default d on the cube. Raises InputError, saying
    why, for what is unknown or out of range, and for an activation without a dual in closed form.

    >>> found = study("erf", depth=1, domain="cube:4", weight_variance="1", kernel="ck")
    >>> [row.eigenvalue.mid[:10] for row in found.spectra[0].eigenvalues]
    ['0', '0.11215660', '0', '0.00398315', '0']
    """
    start = time.monotonic()
    distribution, d = _domain(domain)
    weights, biases = (variance(name, text) for name, text in (("weight", weight_variance), ("bias", bias_variance)))
    if weights == 0:
        raise InputError("The variance of the weights must be positive.")
    if not 0 <= depth <= DEEPEST:
        raise InputError(f"The depth must be from 0 to {DEEPEST} hidden layers, not {depth}.")
    if not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"The digits must be from 1 to {MOST_DIGITS}, not {digits}.")
    if kernel not in (*Kind, "both"):
        raise InputError(f"The kernel must be ck, ntk or both, not {kernel!r}.")
    highest = _degree(distribution, d, degree)
    dual = _dual(activation)
    if distribution == "gaussian" and dual.name not in DUALS:
        raise InputError("Gaussian inputs need the dual at pairs of variances: there are only relu and erf.")
    kinds = list(Kind) if kernel == "both" else [Kind(kernel)]
    if not dual.smooth:
        if kinds == [Kind.NTK]:
            raise InputError("This activation jumps, and so has no tangent kernel: ask for --kernel ck.")
        kinds = [Kind.CK]
    spectra = []
    for kind in kinds:
        chosen = Kernel(dual=dual, depth=depth, weight_variance=weights, bias_variance=biases, kind=kind)
        _refuse_infinite(chosen)
        try:
            spectra.append(
                _gaussian(chosen, d, highest)
                if distribution == "gaussian"
                else _certified(chosen, Distribution(distribution), d, highest, digits)
            )
        except (ArithmeticError, ValueError) as error:
            raise InputError(f"The spectrum could not be computed: {error}.") from None
    return SpectrumResult(
        activation=activation,
        canonical=dual.name,
        depth=depth,
        distribution=distribution,  # type: ignore[arg-type]
        dimension=d,
        weight_variance=str(weights),
        bias_variance=str(biases),
        digits=digits,
        certified=distribution != "gaussian",
        spectra=tuple(spectra),
        seconds=round(time.monotonic() - start, 2),
    )


def variance(name: str, text: str) -> fmpq:
    """The exact number that a text stands for. Raises InputError unless it is one from 0 to 1000."""
    if not _NUMBER.fullmatch(text.strip()) or text.strip().endswith("/0"):
        raise InputError(f"The {name} variance must be a number from 0 to 1000, such as 2, 0.1 or 1/3, not {text!r}.")
    whole, _, below = text.strip().partition("/")
    if below and not int(below):
        raise InputError(f"The {name} variance must be a number from 0 to 1000, such as 2, 0.1 or 1/3, not {text!r}.")
    found = Fraction(whole) / int(below or 1)
    if found > _LARGEST_VARIANCE:
        raise InputError(f"The {name} variance must be at most {_LARGEST_VARIANCE}, not {text}.")
    return fmpq(found.numerator, found.denominator)


def _domain(text: str) -> tuple[str, int]:
    ranges = {"cube": (1, LARGEST_CUBE), "sphere": (3, LARGEST_SPHERE), "gaussian": (3, LARGEST_GAUSSIAN)}
    name, _, number = text.partition(":")
    if name not in ranges or not re.fullmatch(r"\d{1,9}", number):
        raise InputError(f"The domain must be cube:D, sphere:D or gaussian:D with a dimension D, not {text!r}.")
    least, most = ranges[name]
    if not least <= int(number) <= most:
        raise InputError(f"The dimension of the {name} must be from {least} to {most}, not {number}.")
    return name, int(number)


def _degree(distribution: str, d: int, degree: int | None) -> int:
    if degree is None:
        return _DEGREES.get(distribution, d)
    most = d if distribution == "cube" else HIGHEST
    if not 0 <= degree <= most:
        raise InputError(f"The degrees of this domain are computed from 0 up to {most}, not up to {degree}.")
    return degree


def _dual(text: str) -> Dual:
    named = {name.lower(): expression for name, expression in GALLERY}
    try:
        if text.strip().lower() in named:
            expression = named[text.strip().lower()]
        else:
            expression = parse(f"{text.strip()}(x)" if re.fullmatch(r"[A-Za-z]\w+", text.strip()) else text)
        return kernel_dual(expression)
    except ExpressionError as error:
        raise InputError(f"The activation {text!r} is not known: {error}") from None
    except NoClosedForm as why:
        raise InputError(
            f"The activation {text!r} has no dual in closed form, which the spectrum needs at every variance: {why}."
        ) from None
    except ValueError as error:
        raise InputError(f"The activation {text!r} has no dual: {error}.") from None


def _refuse_infinite(kernel: Kernel) -> None:
    """Raise InputError where the preactivations of a layer vary too much, or too little.

    So much that the activation has no second moment, or that the kernel has no place among the doubles of the result.
    """
    for bits in (512, 8192):
        with flint.ctx.workprec(bits):
            found = arb(kernel.diagonal())
            if found.is_finite():
                break
    else:
        raise InputError("With these variances the variance of some layer is infinite: the activation grows too fast.")
    if not _SMALLEST < found < _LARGEST:
        raise InputError(
            "With these variances the kernel is beyond 10^300 or below 10^-300: take other variances or less depth."
        )


def _certified(kernel: Kernel, on: Distribution, d: int, highest: int, digits: int) -> KernelSpectrum:
    with flint.ctx.workdps(digits + 20):
        if on is Distribution.CUBE:
            least = fmpq(0) if kernel.dual.name in DUALS else fmpq(1, 2 ** (16 * d + 256))
            mu = cube.eigenvalues(kernel, d, digits=digits, negligible=least)[: highest + 1]
        else:
            mu = sphere.eigenvalues(kernel, d, highest, digits=digits)
        sizes = tuple(multiplicity(on, d, k) for k in range(highest + 1))
        found = Spectrum(tuple(mu), sizes, trace(kernel, digits))
        place = {k: n for n, degrees in enumerate(found.order) for k in degrees}
        ends = _limits(kernel, d) if on is Distribution.CUBE else ()
        rows = tuple(
            Eigenvalue(
                degree=k,
                radial=0,
                multiplicity=sizes[k],
                place=place[k],
                eigenvalue=as_ball(value, digits),
                approximate=float(value.mid()),
                fraction=as_ball(part, digits),
                approximate_fraction=float(part.mid()),
                limit=str(ends[k]) if ends else None,
            )
            for k, (value, part) in enumerate(zip(mu, found.fractions, strict=True))
        )
        missing = 0.0 if on is Distribution.CUBE and highest == d else max(0.0, float(found.missing.mid()))
        return KernelSpectrum(
            kernel=kernel.kind.value, trace=as_ball(found.trace, digits), missing=missing, eigenvalues=rows
        )


def _limits(kernel: Kernel, d: int) -> tuple[fmpq, ...]:
    try:
        return limits.fractional_variances(
            kernel.dual.name, kernel.kind, kernel.weight_variance, kernel.bias_variance, d
        )
    except ValueError:
        return ()


def _gaussian(kernel: Kernel, d: int, highest: int) -> KernelSpectrum:
    norms, weights = gaussian.radial_nodes(d, 24)
    mean = sum(w * float(arb(kernel.diagonal(arb(u)))) for u, w in zip(norms, weights, strict=True))
    found = []
    for k in range(highest + 1):
        values = [float(value) for value in gaussian.eigenvalues(kernel, d, k)[:_RADIAL]]
        noise = _NOISE * max(map(abs, values))
        found += [(k, n, value if abs(value) > noise else 0.0) for n, value in enumerate(values)]
    order = ordered([arb(value, abs(value) * 1e-9) for *_, value in found])
    place = {at: n for n, group in enumerate(order) for at in group}
    rows = tuple(
        Eigenvalue(
            degree=k,
            radial=n,
            multiplicity=(size := multiplicity(Distribution.SPHERE, d, k)),
            place=place[at],
            eigenvalue=None,
            approximate=value,
            fraction=None,
            approximate_fraction=size * value / mean,
            limit=None,
        )
        for at, (k, n, value) in enumerate(found)
    )
    missing = max(0.0, 1 - math.fsum(row.approximate_fraction for row in rows))
    return KernelSpectrum(
        kernel=kernel.kind.value, trace=as_ball(arb(mean, 1e-9 * mean), 12), missing=missing, eigenvalues=rows
    )
