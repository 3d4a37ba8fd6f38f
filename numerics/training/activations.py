"""Smooth activations and their first two derivatives at arrays, all from one exponential of each entry.

Written so that loops vectorise; right to 1e-14, absolutely.
"""

from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import erfcx

from numerics.compiled import fused, inlined
from numerics.wide.vectors import bits, from_bits

ACTIVATIONS = ("tanh", "erf", "softplus", "Phi")
SUP_SLOPE = {"tanh": 1.0, "erf": 2 / np.sqrt(np.pi), "softplus": 1.0, "Phi": 1 / np.sqrt(2 * np.pi)}
"""sup |σ'|."""
SUP_CURVATURE = {
    "tanh": 4 / (3 * np.sqrt(3)),
    "erf": np.sqrt(8 / (np.pi * np.e)),
    "softplus": 0.25,
    "Phi": 1 / np.sqrt(2 * np.pi * np.e),
}
"""sup |σ''|."""


def activate(activation: str, z: np.ndarray, derivatives: tuple[np.ndarray, np.ndarray], *, values: bool) -> None:
    """Put σ in the place of z (of erf and Φ only if `values` are wanted), and σ', σ'' into `derivatives`.

    z and these have two dimensions, and they have as many of the first rows of z as are wanted.
    """
    _activate(ACTIVATIONS.index(activation), z, derivatives, values, _TAIL)


def derivatives(activation: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """σ and σ' of an array of two dimensions, or one."""
    values = np.atleast_2d(z).copy()
    slopes = np.empty_like(values)
    activate(activation, values, (slopes, slopes[:0]), values=True)
    return values.reshape(z.shape), slopes.reshape(z.shape)


def _tail(terms: int = 22) -> np.ndarray:
    """Coefficients, by powers of t = (x - c)/(x + c), c = 3.75, of erfcx(x) (1 + 2x) on x >= 0.

    The polynomial at Chebyshev points gives erf with an absolute error below 1e-14.
    """

    def function(t: Any) -> Any:
        x = 3.75 * (1 + t) / (1 - t)
        return erfcx(x) * (1 + 2 * x)

    return np.ascontiguousarray(chebyshev.cheb2poly(chebyshev.chebinterpolate(function, terms - 1)))


_TAIL = _tail()
_LOG2_HIGH, _LOG2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


@inlined
def _decay(x: float) -> float:
    """e^(-x) for 0 <= x: 2^k times the Taylor polynomial of degree 13 on |f| <= log(2)/2; below 1e-304, 1e-304."""
    x = -700.0 if x > 700.0 else -x
    shifted = x * 1.4426950408889634 + 6755399441055744.0  # 1.5·2⁵²: the lowest bits are those of the integer k
    k = shifted - 6755399441055744.0
    f = (x - k * _LOG2_HIGH) - k * _LOG2_LOW
    p = f * (1 / 6227020800) + 1 / 479001600
    p = ((p * f + 1 / 39916800) * f + 1 / 3628800) * f + 1 / 362880
    p = ((p * f + 1 / 40320) * f + 1 / 5040) * f + 1 / 720
    p = ((p * f + 1 / 120) * f + 1 / 24) * f + 1 / 6
    return (((p * f + 0.5) * f + 1.0) * f + 1.0) * from_bits((bits(shifted) + 1023) << 52)


@inlined
def _error_function(x: float, decay: float, a: np.ndarray) -> float:
    """erf(x) for x >= 0, given e^(-x²)."""
    t = (x - 3.75) / (x + 3.75)
    p = ((((a[21] * t + a[20]) * t + a[19]) * t + a[18]) * t + a[17]) * t + a[16]
    p = (((((p * t + a[15]) * t + a[14]) * t + a[13]) * t + a[12]) * t + a[11]) * t + a[10]
    p = (((((p * t + a[9]) * t + a[8]) * t + a[7]) * t + a[6]) * t + a[5]) * t + a[4]
    return 1.0 - decay * ((((p * t + a[3]) * t + a[2]) * t + a[1]) * t + a[0]) / (1.0 + 2.0 * x)


@fused
def _activate(
    kind: int, z: np.ndarray, derivatives: tuple[np.ndarray, np.ndarray], values: bool, a: np.ndarray
) -> None:
    """Put σ in the place of z (of erf and Φ only if `values` are wanted), and `derivatives` (σ', σ'').

    These have as many of the first rows of z as are wanted. All is right to 1e-14, absolutely; a is `_TAIL`.
    """
    slopes, curvature = derivatives
    scratch, other = np.empty(z.shape[1]), np.empty(z.shape[1])
    for i in range(z.shape[0]):
        x = z[i]
        slope = slopes[i] if i < slopes.shape[0] else scratch
        second = curvature[i] if i < curvature.shape[0] else other
        if kind == 0:
            for j in range(x.size):
                e = _decay(2.0 * abs(x[j]))
                inverse = 1.0 / (1.0 + e)
                value = (1.0 - e) * inverse
                value = -value if x[j] < 0.0 else value
                slope[j] = 4.0 * e * inverse * inverse
                second[j] = -2.0 * value * slope[j]
                x[j] = value
        elif kind == 2:
            for j in range(x.size):
                e = _decay(abs(x[j]))
                inverse = 1.0 / (1.0 + e)
                s = e * inverse * inverse
                slope[j] = e * inverse if x[j] < 0.0 else inverse
                second[j] = s
                # log(1 + e) = 2 artanh q, q = e/(2 + e) <= 1/3: the series to q³¹ is off by 1e-17.
                q = e / (2.0 + e)
                w = q * q
                p = ((((w / 31 + 1 / 29) * w + 1 / 27) * w + 1 / 25) * w + 1 / 23) * w + 1 / 21
                p = ((((p * w + 1 / 19) * w + 1 / 17) * w + 1 / 15) * w + 1 / 13) * w + 1 / 11
                p = ((((p * w + 1 / 9) * w + 1 / 7) * w + 1 / 5) * w + 1 / 3) * w + 1.0
                x[j] = 2.0 * q * p + (x[j] if x[j] > 0.0 else 0.0)
        else:
            scale = 1.0 if kind == 1 else 0.7071067811865476
            height = 1.1283791670955126 if kind == 1 else 0.3989422804014327
            bend = -2.0 if kind == 1 else -1.0
            for j in range(x.size):
                slope[j] = height * _decay(scale * scale * x[j] * x[j])
                second[j] = bend * x[j] * slope[j]
            if values:
                for j in range(x.size):
                    whole = _error_function(scale * abs(x[j]), slope[j] / height, a)
                    whole = -whole if x[j] < 0.0 else whole
                    x[j] = whole if kind == 1 else 0.5 + 0.5 * whole
