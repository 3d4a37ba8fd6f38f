"""Duals of activations at any variance, on balls, on holomorphic arguments and on power series.

For Gaussian u, v of variance q and covariance s the dual is V(s) = E σ(u)σ(v) and its slope V'(s) = E σ'(u)σ'(v).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb

from numerics import elementary as el
from numerics.elementary import Value

Series = Any
"""A power series of balls, `flint.arb_series`, cut off at `flint.ctx.cap`."""


@dataclass(frozen=True, kw_only=True)
class Dual:
    """The dual of an activation σ and its slope, as functions of the variance q and the covariance s.

    `pair` takes and returns numbers of `numerics.elementary`; `series` takes s as a power series with |s₀| < q.
    """

    name: str
    pair: Callable[[Value, Value], tuple[Value, Value]]
    """V(s) and V'(s)."""
    series: Callable[[arb, Series], tuple[Series, Series]]
    """V(s) and V'(s), term by term."""
    diagonal: Callable[[Value], tuple[Value, Value]]
    """V(q) and V'(q)."""
    mean: Callable[[arb, arb], arb]
    """The variance q at which the dual of two variances p, p' is that of one: E σ(u)σ(v) depends on them through q."""
    odd: bool = False
    """Whether V is an odd function, as it is for an odd σ."""
    even_and_linear: bool = False
    """Whether V is an even function plus a multiple of s, as it is for a σ that is even but for a linear term."""
    even: bool = False
    """Whether V is an even function, as it is for an even σ."""
    degree: int | None = None
    """The degree of V, where σ and so V is a polynomial."""
    smooth: bool = True
    """Whether σ has no jump. Else V' is not finite at s = q, and there is no tangent kernel."""


def _relu(q: Value, s: Value) -> tuple[Value, Value]:
    if isinstance(s, arb) and q > 0:
        return _relu_of_balls(arb(q), s)
    pi = arb.pi()
    share = (pi - el.acos(s / q)) / (2 * pi)
    return el.sqrt((q - s) * (q + s)) / (2 * pi) + s * share, share


def _relu_of_balls(q: arb, s: arb) -> tuple[arb, arb]:
    """V and V' at the middle and the mean value theorem: the formula in balls would widen V by √(q/(q - s)) a layer.

    For |s| <= q the slopes of V are at most 1/2 in s, and √(q² - s²)/(2πq) <= 1/6 in q. Those of V' are at most
    1/(2π√(q² - s²)) in both.
    """
    middle, width = q.mid(), q.rad()
    nearest = s.mid().min(middle).max(-middle)
    pi = arb.pi()
    root = ((middle - nearest) * (middle + nearest)).sqrt()
    share = (pi - el.acos(nearest / middle)) / (2 * pi)
    value = root / (2 * pi) + nearest * share
    off = arb((s - nearest).abs_upper())
    least = ((q - s) * (q + s)).lower()
    slope = share + _within((off + width) / (6 * least.sqrt())) if least > 0 else (pi - el.acos(s / q)) / (2 * pi)
    return value + _within(off / 2 + width / 6), slope


def _within(error: arb) -> arb:
    """The interval of what is no larger."""
    return error.upper().union(-error.upper())


def _relu_series(q: arb, s: Series) -> tuple[Series, Series]:
    pi = arb.pi()
    share = (pi - (s / q).acos()) / (2 * pi)
    return (q * q - s * s).sqrt() / (2 * pi) + s * share, share


def _relu_diagonal(q: Value) -> tuple[Value, Value]:
    return q / 2, arb(1) / 2


def _erf(q: Value, s: Value) -> tuple[Value, Value]:
    total = 1 + 2 * q
    return el.asin(2 * s / total) * 2 / arb.pi(), 4 / (el.sqrt((total - 2 * s) * (total + 2 * s)) * arb.pi())


def _erf_series(q: arb, s: Series) -> tuple[Series, Series]:
    total = 1 + 2 * q
    return (2 * s / total).asin() * 2 / arb.pi(), (total * total - 4 * s * s).rsqrt() * 4 / arb.pi()


def _relu_mean(p: arb, other: arb) -> arb:
    return (p * other).sqrt()


def _erf_mean(p: arb, other: arb) -> arb:
    """1 + 2q is the geometric mean of 1 + 2p and 1 + 2p'."""
    return (((1 + 2 * p) * (1 + 2 * other)).sqrt() - 1) / 2


RELU = Dual(
    name="relu",
    pair=_relu,
    series=_relu_series,
    diagonal=_relu_diagonal,
    mean=_relu_mean,
    even_and_linear=True,
)
ERF = Dual(name="erf", pair=_erf, series=_erf_series, diagonal=lambda q: _erf(q, q), mean=_erf_mean, odd=True)

DUALS = {dual.name: dual for dual in (RELU, ERF)}
"""By the names of the activations."""
