"""Eigenvalues on the cube and the sphere in double precision, by sums and products of positive numbers alone.

The Taylor coefficients a_j of a kernel are not negative, nor are the moments M_{j,k} of c = ⟨x, y⟩/d, which are the
eigenvalues of c^j, and μ_k = Σ_j a_j M_{j,k}. Nothing cancels, so that every μ_k is right to about 1e-12 of its own
size, where differences of the values of the kernel leave no correct digit at k = d/2.

With ρ the normalised covariance s/q (for erf 2s/(1 + 2q)) and u = (1 - ρ²)^(-1/2), of (1 - ρ²) u' = ρρ' u, a layer is

    m (1 - ρ₀²) u_m = Σ_{i=1}^m (m - i/2) (ρ²)_i u_{m-i},   m V_m = Σ_{i=1}^m i s_i V'_{m-i},

with V' = 4u/(π (1 + 2q)) for erf, and m V'_m = Σ i ρ_i u_{m-i}/(2π) for the ReLU. The gaps q - s at c = 0 and c = -1
are carried from layer to layer without cancellation (as in `numerics.dual_arrays`), for 1 - ρ₀ and for the mass
Σ_{j >= J} a_j of either parity that J terms leave. On the cube M_{j,k} tends to 2^(1-d), its part at c = ±1, which that
mass is multiplied by: for the ReLU it is a good part of the eigenvalues of high degree.

The time is about 4 L J² operations with J = (d/2) ln(1e12 d) terms on the cube. For ReLUs of more than two layers that
is longer, by about a quarter at d = 128, than `numerics.spectra.cube` takes, which certifies its digits: there this
route is the independent check. It is the faster one where the coefficients decay, as for erf of a few layers, by ten.
"""

import math
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.polynomial import Polynomial
from scipy.special import zeta

from numerics.compiled import compiled
from numerics.spectra.ends import RECURSIONS, Ends
from numerics.spectra.kernels import Kernel, Kind

MOST_TERMS = 1 << 15
"""Where the search for a number of terms ends."""
LARGEST_CUBE = 1000
"""Beyond this dimension eigenvalues are smaller than double precision can hold."""
_TOLERANCE = 1e-12
_DOUBT = 5e-11
_FITTED = 5
_ROUNDING = 4e-16
"""How far the sum of the coefficients may be off, relative to their mass."""


@dataclass(frozen=True)
class _Series:
    """The first Taylor coefficients of a kernel, and the mass of all coefficients from a_1 on, by parity."""

    coefficients: np.ndarray
    even_mass: float
    odd_mass: float
    power: float
    """a_j decays like j^-power, or faster where it is 0."""

    @classmethod
    def between(cls, coefficients: np.ndarray, gaps: np.ndarray, power: float) -> "_Series":
        """From the gaps of the kernel at c = 1 to c = 0 and to c = -1."""
        return cls(coefficients, gaps[0] - gaps[1] / 2, gaps[1] / 2, power)

    def tail(self, parity: int) -> tuple[float, float]:
        """The mass of one parity that the coefficients leave, and how far it may be off."""
        terms = self.coefficients[parity::2] if parity else self.coefficients[2::2]
        mass = self.odd_mass if parity else self.even_mass
        rest = mass - math.fsum(terms)
        last, before = terms[-1], terms[-2]
        if last == 0:
            return 0.0, 0.0
        geometric = last * last / (before - last) if last < before else math.inf
        choices = [(rest, _ROUNDING * mass), (geometric, geometric)]
        if self.power:
            choices.append(_power_tail(terms, 2 - parity, self.power))
        return min(choices, key=itemgetter(1))


def _power_tail(terms: np.ndarray, before: int, power: float) -> tuple[float, float]:
    """Σ_{n >= N} t_n of terms t_n = (2n + before)^-power (y₀ + y₁/n + …), and how far it may be off.

    The Puiseux series of a kernel of the ReLU at c = ±1 has the powers p - 1, p, …, so that its coefficients have such
    an expansion, of which the first terms are fitted to those from N/8 on.
    """
    count = len(terms)
    j = 2 * np.arange(count // 8, count) + before
    end = 2 * count + before
    scaled = terms[count // 8 :] * j**power
    fit = Polynomial.fit(end / j, scaled, _FITTED, domain=[0, 8], window=[0, 8])
    off = float(np.max(np.abs(fit(end / j) - scaled) / scaled))
    exponents = power + np.arange(_FITTED + 1)
    rest = float(
        np.sum(
            np.asarray(fit.coef, dtype=float)
            * float(end) ** (exponents - power)
            * zeta(exponents, end / 2)
            / 2**exponents
        )
    )
    return rest, 30 * off * abs(rest)


def taylor(kernel: Kernel, count: int) -> np.ndarray:
    """The Taylor coefficients a_0, …, a_{count-1} at c = 0, each to about `count` roundings of its own size.

    Raises ValueError for an activation other than the ReLU and erf, and unless count >= 4, and ArithmeticError where a
    coefficient overflows.
    """
    return _series(kernel, count).coefficients


def cube_eigenvalues(kernel: Kernel, d: int) -> np.ndarray:
    """μ_0, …, μ_d on {±1}^d; those that vanish by parity are exactly 0. See `numerics.spectra.cube`.

    The moments are M_{j+1,k} = (k/d) M_{j,k-1} + ((d-k)/d) M_{j,k+1} from M_{0,0} = 1. Raises ValueError as `taylor`
    does, and unless 1 <= d <= `LARGEST_CUBE`; ArithmeticError where double precision cannot hold an eigenvalue, or
    `MOST_TERMS` terms leave an error of more than 1e-10.
    """
    if not 1 <= d <= LARGEST_CUBE:
        raise ValueError(f"the fast eigenvalues need a cube of dimension 1 to {LARGEST_CUBE}, not {d}")
    end = 2.0 ** (1 - d)
    enough = math.ceil(d / 2 * math.log(d / _TOLERANCE)) + 8
    terms, found, cut, doubt = max(64, 2 * d, enough // 4), *np.zeros((3, 0))
    while terms <= MOST_TERMS:
        series = _series(kernel, terms)
        found, moments = _cube_sums(series.coefficients, d)
        tails = [series.tail(parity) for parity in (0, 1)]
        rest, doubt = (np.array([tails[k % 2][i] for k in range(d + 1)]) for i in (0, 1))
        found += rest * end
        cut, doubt = rest * np.abs(moments - end), doubt * np.maximum(moments, end)
        if np.all((cut <= _TOLERANCE * found) & (doubt <= _DOUBT * found)):
            break
        terms = enough if terms < enough else 2 * terms
    return _settled(kernel, found, cut + doubt)


def sphere_eigenvalues(kernel: Kernel, d: int, degree: int) -> np.ndarray:
    """μ_0, …, μ_degree on the sphere of radius √d; those that vanish are exactly 0. See `numerics.spectra.sphere`.

    The moments have positive ratios, M_{j+2,k}/M_{j,k} = (j+1)(j+2)/((j+2-k)(j+k+d)). Raises ValueError as `taylor`
    does, and unless d >= 3 and degree >= 0; ArithmeticError as `cube_eigenvalues` does: for the ReLU, below d = 8.
    """
    if d < 3 or degree < 0:
        raise ValueError(f"needs a dimension of 3 or more and a degree of 0 or more, not {d} and {degree}")
    terms, found, error = max(128, 2 * degree, degree * (degree + d) // (d - 1) + 4), np.empty(0), np.empty(0)
    while terms <= MOST_TERMS // 4:
        series = _series(kernel, terms)
        found, moments = _sphere_sums(series.coefficients, d, degree)
        tails = [sum(series.tail(parity)) for parity in (0, 1)]
        error = moments * np.array([tails[k % 2] for k in range(degree + 1)])
        if np.all(error <= _TOLERANCE * found):
            break
        terms *= 2
    return _settled(kernel, found, error)


def _settled(kernel: Kernel, found: np.ndarray, error: np.ndarray) -> np.ndarray:
    """The eigenvalues with exact zeros; ArithmeticError unless the others are known, and normal numbers."""
    found = np.where([kernel.vanishes(k) for k in range(len(found))], 0.0, found)
    rest = found != 0 if np.all(np.isfinite(found)) else np.ones(len(found), dtype=bool)
    least = np.finfo(float).tiny
    lost = [k for k, mu in enumerate(found) if not kernel.vanishes(k) and not least <= mu < math.inf]
    if lost:
        raise ArithmeticError(f"double precision cannot hold the eigenvalue of degree {lost[0]}: have it certified")
    if np.any(error[rest] > 1e-10 * found[rest]):
        raise ArithmeticError("the series converges too slowly for ten digits: have the eigenvalues certified")
    return found


def _series(kernel: Kernel, count: int) -> _Series:
    activation = kernel.dual.name
    if activation not in RECURSIONS:
        raise ValueError(f"no positive recursion of {activation!r}; there are {', '.join(RECURSIONS)}")
    if count < 4:
        raise ValueError(f"needs 4 coefficients or more, not {count}")
    weights, biases = float(kernel.weight_variance), float(kernel.bias_variance)
    ends = Ends.first(weights, biases)
    s = np.zeros(count)
    s[:2] = biases, weights
    tangent = s.copy()
    for _ in range(kernel.depth):
        duals = ends.duals(activation)
        scale, first, onward = _constants(activation, ends.q, ends.gaps[0])
        value, slope = _layer(s, (scale, first, onward), duals.value[0], duals.slope[0], activation == "relu")
        if kernel.kind is Kind.NTK:
            tangent = weights * _product(tangent, slope)
        ends = ends.next(weights, biases, duals)
        s = weights * value
        s[0] += biases
        tangent += s
    algebraic = activation == "relu" and kernel.depth > 0
    if kernel.kind is Kind.CK:
        return _Series.between(s, ends.gaps, 2.5 if algebraic else 0)
    return _Series.between(tangent, ends.tangent_gaps, 1.5 if algebraic else 0)


def _constants(activation: str, q: float, gap: float) -> tuple[float, float, float]:
    """ρ as a multiple of s, 1 - ρ₀², and V' as a multiple of u or, for the ReLU, V'' as one of uρ'."""
    if activation == "relu":
        return 1 / q, gap / q * (2 - gap / q), 1 / (2 * math.pi)
    total = 1 + 2 * q
    return 2 / total, (1 + 2 * gap) * (2 * total - 1 - 2 * gap) / total**2, 4 / (math.pi * total)


@compiled
def _layer(
    s: np.ndarray, constants: tuple[float, float, float], value: float, slope: float, relu: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients of V and V' of the series s. Sums run forward, so that they are taken many at a time."""
    scale, first, onward = constants
    count = s.size
    rho = scale * s
    square = _product(rho, rho)
    u, sums = np.zeros(count), np.zeros(count)
    u[0] = first**-0.5
    for m in range(count):
        if m:
            u[m] = sums[m] / (m * first)
        if u[m]:
            for i in range(1, count - m):
                sums[m + i] += (m + 0.5 * i) * square[i] * u[m]
    slopes = onward * (_integral(u, rho) if relu else u)
    slopes[0] = slope
    values = _integral(slopes, s)
    values[0] = value
    return values, slopes


@compiled
def _product(f: np.ndarray, g: np.ndarray) -> np.ndarray:
    """The product of two series of one length."""
    found = np.zeros(f.size)
    for i in range(f.size):
        if f[i]:
            for j in range(f.size - i):
                found[i + j] += f[i] * g[j]
    return found


@compiled
def _integral(f: np.ndarray, g: np.ndarray) -> np.ndarray:
    """The series without constant term whose derivative is f g'."""
    found = _product(f, np.arange(g.size) * g)
    for m in range(1, g.size):
        found[m] /= m
    return found


@compiled
def _cube_sums(coefficients: np.ndarray, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Σ_j a_j M_{j,k} for all k, and of the first two moments left out the one of the parity of k."""
    moments, after, found, last = np.zeros(d + 3), np.zeros(d + 3), np.zeros(d + 1), np.zeros(d + 1)
    moments[1] = 1.0  # M_{j,k} is at k + 1, with a zero at either side.
    for j in range(coefficients.size + 2):
        for k in range(d + 1):
            if j < coefficients.size:
                found[k] += coefficients[j] * moments[k + 1]
            else:
                last[k] += moments[k + 1]
            after[k + 1] = (k * moments[k] + (d - k) * moments[k + 2]) / d
        moments, after = after, moments
    return found, last


@compiled
def _sphere_sums(coefficients: np.ndarray, d: int, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """As `_cube_sums`, by the ratios of M_{j+2,k} to M_{j,k} from M_{k,k} = k!/(d (d+2) … (d+2k-2))."""
    found, last = np.zeros(degree + 1), np.zeros(degree + 1)
    first = 1.0
    for k in range(degree + 1):
        moment = first
        j = k
        while j < coefficients.size:
            found[k] += coefficients[j] * moment
            moment *= (j + 1.0) * (j + 2.0) / ((j + 2.0 - k) * (j + k + d))
            j += 2
        last[k] = moment
        first *= (k + 1.0) / (2 * k + d)
    return found, last
