"""Correlations of vectors that keep their digits for nearly parallel and nearly antipodal pairs.

A correlation ρ = ⟨x, y⟩/(‖x‖‖y‖) close to 1 determines the angle badly: 1 - ρ rounded loses half of the digits and
more. So a correlation is carried as ρ together with 1 - ρ and 1 + ρ. Where one of these is small, both come from the
part of x that is orthogonal to y, taken in twice the working precision (T. J. Dekker, A floating-point technique for
extending the available precision, Numerische Mathematik 18, 1971).
"""

from typing import NamedTuple

import numpy as np

from numerics.compiled import compiled

CLOSE = 1 / 16
"""Where 1 - |ρ| is below this, it is computed again: the rounding errors of the inner product would cost it digits."""


class Correlation(NamedTuple):
    """Correlations ρ with their distances from 1 and from -1, arrays of one shape, each to its own last digits."""

    rho: np.ndarray
    below_one: np.ndarray
    """1 - ρ."""
    above_minus_one: np.ndarray
    """1 + ρ."""

    @classmethod
    def of(cls, rho: np.ndarray) -> "Correlation":
        """The correlations that floating-point numbers in [-1, 1] stand for. Raises ValueError outside.

        >>> Correlation.of(np.array([1 - 2**-50])).below_one
        array([8.8817842e-16])
        """
        rho = np.asarray(rho, dtype=np.float64)
        if not np.all(np.abs(rho) <= 1):
            raise ValueError("a correlation lies between -1 and 1")
        return cls(rho, 1 - rho, 1 + rho)


def correlations(X: np.ndarray, Y: np.ndarray | None = None) -> tuple[Correlation, np.ndarray]:
    """Return the correlations of the rows of X with those of Y (of X without Y), and the products of their norms.

    Shapes: X (n, d), Y (m, d), results (n, m), computed in float64 whatever the precision of the inputs. A row of zeros
    has correlation 0 with every other. Raises ValueError as `pair` does.
    """
    rows, others = pair(X, Y)
    products = np.outer(np.linalg.norm(rows, axis=1), np.linalg.norm(others, axis=1))
    rho = np.divide(rows @ others.T, products, out=np.zeros_like(products), where=products > 0)
    np.clip(rho, -1, 1, out=rho)
    found = Correlation(rho, 1 - rho, 1 + rho)
    i, j = np.nonzero(np.abs(rho) > 1 - CLOSE)
    for values, exact in zip(found, correlations_of_pairs(rows[i], others[j]), strict=True):
        values[i, j] = exact
    return found, products


def correlations_of_pairs(rows: np.ndarray, others: np.ndarray) -> Correlation:
    """Return the correlation of each row with its other, from orthogonal parts, whatever the angle.

    Shapes: two arrays (k, d) of float64 without rows of zeros, results (k,).
    """
    return Correlation(*_from_orthogonal_parts(rows, others))


def pair(X: np.ndarray, Y: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return X and Y, or X twice without Y, as contiguous arrays of rows in float64.

    Raises ValueError for arrays of other shapes than (n, d) and (m, d), or entries that are not finite.
    """
    rows = np.ascontiguousarray(X, dtype=np.float64)
    others = rows if Y is None else np.ascontiguousarray(Y, dtype=np.float64)
    if rows.ndim != 2 or others.ndim != 2 or rows.shape[1] != others.shape[1]:
        raise ValueError(f"inputs are rows of equal length, not arrays of shapes {rows.shape} and {others.shape}")
    if not (np.isfinite(rows).all() and np.isfinite(others).all()):
        raise ValueError("an input has an entry that is not finite")
    return rows, others


@compiled
def _from_orthogonal_parts(rows: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ρ, 1 - ρ and 1 + ρ of each row with its other."""
    rho, below, above = np.empty(len(rows)), np.empty(len(rows)), np.empty(len(rows))
    for i in range(len(rows)):
        sine, cosine = _sine_and_cosine(rows[i], others[i])
        rest = sine * sine / (1 + abs(cosine))
        near, far = (below, above) if cosine > 0 else (above, below)
        near[i], far[i] = rest, 2 - rest
        rho[i] = 1 - rest if cosine > 0 else rest - 1
    return rho, below, above


@compiled
def _sine_and_cosine(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Sine and cosine of the angle, the sine from x⟨y, y⟩ - y⟨x, y⟩ in twice the working precision."""
    scale_x, scale_y = np.abs(x).max(), np.abs(y).max()
    u, v = x / 2.0 ** np.floor(np.log2(scale_x)), y / 2.0 ** np.floor(np.log2(scale_y))
    vv, vv_low = _inner(v, v)
    uv, uv_low = _inner(u, v)
    uu, _ = _inner(u, u)
    total = 0.0
    for k in range(u.size):
        a, a_low = _product(u[k], vv)
        b, b_low = _product(v[k], uv)
        rest = (a - b) + ((a_low + u[k] * vv_low) - (b_low + v[k] * uv_low)) + _lost(a, -b)
        total += rest * rest
    return np.sqrt(total / uu) / vv, uv / np.sqrt(uu * vv)


@compiled
def _inner(u: np.ndarray, v: np.ndarray) -> tuple[float, float]:
    """An inner product as an unevaluated sum of two numbers."""
    total, low = 0.0, 0.0
    for k in range(u.size):
        product, error = _product(u[k], v[k])
        low += error + _lost(total, product)
        total += product
    return total + low, _lost(total, low)


@compiled
def _product(a: float, b: float) -> tuple[float, float]:
    """The product of two numbers and its rounding error."""
    product = a * b
    a_high = a * 134217729.0 - (a * 134217729.0 - a)  # 2²⁷ + 1: the upper half of the digits
    b_high = b * 134217729.0 - (b * 134217729.0 - b)
    a_low, b_low = a - a_high, b - b_high
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


@compiled
def _lost(a: float, b: float) -> float:
    """The rounding error of a + b."""
    total = a + b
    part = total - a
    return (a - (total - part)) + (b - part)
