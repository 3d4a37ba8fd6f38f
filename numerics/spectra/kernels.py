"""Kernels of infinitely wide fully connected networks on inputs of one norm: functions of the inner product alone.

For ‖x‖² = ‖y‖² = d and c = ⟨x, y⟩/d, with weight variance σ_w², bias variance σ_b², and all biases trained,

    S₀ = σ_w² c + σ_b²,  S_l = σ_w² V(S_{l-1}) + σ_b²,   T₀ = S₀,  T_l = S_l + σ_w² T_{l-1} V'(S_{l-1}),

V the dual of the activation at the variance q_{l-1}, which is S_{l-1} at c = 1. The conjugate kernel (CK, or NNGP) of
a network with L hidden layers is S_L, and its tangent kernel (NTK) is T_L.
Source: Yang and Salman, A fine-grained spectral perspective on neural networks, 2019.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import flint
from flint import arb, arb_series, fmpq

from numerics.elementary import Value
from numerics.spectra.duals import Dual, Series


class Kind(StrEnum):
    """The two kernels of a network."""

    CK = "ck"
    NTK = "ntk"


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """The CK or NTK of a network with `depth` hidden layers as a function of c = ⟨x, y⟩/d, on ‖x‖² = ‖y‖² = d.

    Raises ValueError unless depth >= 0, weight variance > 0 and bias variance >= 0.
    """

    dual: Dual
    depth: int
    weight_variance: fmpq
    bias_variance: fmpq
    kind: Kind

    def __post_init__(self) -> None:
        if self.depth < 0:
            raise ValueError(f"a network has 0 hidden layers or more, not {self.depth}")
        if not self.weight_variance > 0:
            raise ValueError(f"the variance of the weights is positive, not {self.weight_variance}")
        if self.bias_variance < 0:
            raise ValueError(f"the variance of the biases is 0 or more, not {self.bias_variance}")
        if self.kind is Kind.NTK and not self.dual.smooth:
            raise ValueError(f"{self.dual.name} jumps, and so has no tangent kernel")

    def vanishes(self, degree: int) -> bool:
        """Whether the Taylor coefficients of all degrees of this parity, from this degree on, are exactly 0.

        Then so are the eigenvalues at this degree. It is so without biases: for odd activations at even degrees, for
        even ones at odd degrees, and for one hidden layer whose activation is even but for a linear term (the ReLU) at
        odd degrees from 3 on. Without hidden layers the kernel is affine, and with polynomials it is a polynomial.
        """
        if self.depth == 0:
            return degree > 1 or (degree == 0 and self.bias_variance == 0)
        if self.dual.degree is not None and degree > self.dual.degree**self.depth:
            return True
        if self.bias_variance != 0:
            return False
        if self.dual.even and degree % 2 == 1:
            return True
        if self.dual.odd:
            return degree % 2 == 0
        return self.dual.even_and_linear and self.depth == 1 and degree % 2 == 1 and degree >= 3

    def __call__(self, c: Value) -> Value:
        """Enclose the kernel at c in [-1, 1], at the working precision; c may be `numerics.elementary.Holomorphic`."""
        if isinstance(c, fmpq) and c == 1:
            return self.diagonal()
        s = tangent = self.weight_variance * c + self.bias_variance
        for q in self._variances():
            value, slope = self.dual.pair(q, s)
            s = self.weight_variance * value + self.bias_variance
            tangent = s + self.weight_variance * tangent * slope
        return s if self.kind is Kind.CK else tangent

    def diagonal(self, norm: Value = 1) -> arb:
        """Enclose the kernel at c = 1, or at (x, x) with ‖x‖²/d = `norm`."""
        q = tangent = arb(self.weight_variance * norm + self.bias_variance)
        for _ in range(self.depth):
            value, slope = self.dual.diagonal(q)
            q = self.weight_variance * value + self.bias_variance
            tangent = q + self.weight_variance * tangent * slope
        return q if self.kind is Kind.CK else tangent

    def series(self, count: int, norms: tuple[arb, arb] | None = None) -> list[arb]:
        """Enclose the first `count` Taylor coefficients a_j of the kernel at c = 0, none of which is negative.

        V is a power series with nonnegative coefficients, and so is whatever sums and products make of such series.
        Hence Σ a_j is the kernel at c = 1. `norms` are ‖x‖²/d and ‖y‖²/d, by default 1, and c the cosine of the angle
        between x and y.
        """
        one, other = norms or (arb(1), arb(1))
        weights, biases = arb(self.weight_variance), arb(self.bias_variance)
        with _cap(count):
            s = tangent = arb_series([biases, weights * (one * other).sqrt()])
            for p, q in zip(self._variances(one), self._variances(other), strict=True):
                value, slope = self.dual.series(self.dual.mean(arb(p), arb(q)), s)
                s = weights * value + biases
                tangent = s + weights * tangent * slope
            found: Series = s if self.kind is Kind.CK else tangent
            return [found[j] for j in range(count)]

    def _variances(self, norm: Value = 1) -> Iterator[Value]:
        """q_0, …, q_{L-1}: the variances of the preactivations that the hidden layers see, for ‖x‖²/d = `norm`."""
        q: Value = self.weight_variance * norm + self.bias_variance
        for _ in range(self.depth):
            yield q
            q = self.weight_variance * self.dual.diagonal(q)[0] + self.bias_variance


class _cap:  # noqa: N801 - a context, named as one
    """Cut power series off after `count` terms."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> None:
        self._before, flint.ctx.cap = flint.ctx.cap, self._count

    def __exit__(self, *_: Any) -> None:
        flint.ctx.cap = self._before
