"""Bounds on the eigenvalues of K(t) on the whole path, between the times at which it is looked at too.

K = ηJJᵀ, J = ∂f/∂θ, so λ_min(K) = η σ_min(J)², and singular values move by no more than J does. Along a path of
length ℓ in the parameters J moves by at most Cℓ (`jacobian_lipschitz`); ℓ² ≤ Δt ∫‖θ̇‖² dt = ηΔt (R² - R'²)/2 over an
interval at whose ends ‖y - u‖ is R and R', because ‖θ̇‖² = ηrᵀKr = -η d(‖r‖²/2)/dt. No point of it is further than
ℓ/2 from both ends.
"""

from dataclasses import dataclass, field

import numpy as np

from numerics.training.activations import SUP_CURVATURE, SUP_SLOPE
from numerics.training.two_layer import Model


def jacobian_lipschitz(of: Model, largest_readout: float) -> float:
    """C with ‖J(θ) - J(θ')‖_F ≤ C‖θ - θ'‖ where all |a_r| are at most `largest_readout`.

    The part of J at x_i and w_r moves by g(|a| σ''|x_i·Δw_r| + σ'|Δa_r|)‖x_i‖, that at a_r by gσ'|x_i·Δw_r|. Summed
    over i and r, for unit inputs: C² = g²(a²σ''²‖X‖² + nσ'² + σ'²‖X‖²), of which the first term alone remains where the
    read-out is fixed.
    """
    slope, curvature, norm = SUP_SLOPE[of.activation], SUP_CURVATURE[of.activation], of.norm()
    squared = (largest_readout * curvature * norm) ** 2
    if of.trained:
        squared += slope**2 * (of.points + norm**2)
    return of.factor * float(np.sqrt(squared))


@dataclass(frozen=True)
class Visit:
    """The path at one time."""

    time: float
    kernel: np.ndarray
    """K (n, n)."""
    residual: float
    """‖y - u‖."""
    readout: float
    """max_r |a_r|."""
    error: float
    """Bounds the error of the parameters, up to this time."""


@dataclass
class Floor:
    """Running bounds on the eigenvalues of K over the stretches of a path covered so far.

    Rigorous given the bounds on the errors of the path; those are the caller's.
    """

    model: Model
    smallest: float = np.inf
    """Below σ_min(J), or negative."""
    largest: float = 0.0
    """Above σ_max(J)."""
    _first: float = np.inf
    _last: tuple[Visit, float, float] | None = field(default=None, repr=False)

    def cover(self, visit: Visit) -> None:
        """Extend the bounds to the time of a visit."""
        eigenvalues = np.linalg.eigvalsh(visit.kernel)[[0, -1]]
        low, high = np.sqrt(np.maximum(eigenvalues, 0.0) / self.model.rate)
        half, readout = 0.0, visit.readout
        if self._last is None:
            self._first = visit.residual * (1 + 1e-12)
        if self._last is not None:
            before, before_low, before_high = self._last
            of_residual = self.largest * visit.error
            upper = min(before.residual + of_residual, self._first)  # no residual is larger than the first
            lower = max(0.0, visit.residual - of_residual)
            duration, decrease = visit.time - before.time, max(0.0, upper**2 - lower**2)
            half = float(np.sqrt(self.model.rate * duration * decrease / 2)) / 2
            low, high, readout = min(low, before_low), max(high, before_high), max(readout, before.readout)
        margin = jacobian_lipschitz(self.model, readout + half + visit.error) * (half + visit.error)
        self.smallest, self.largest = min(self.smallest, low - margin), max(self.largest, high + margin)
        low, high = np.sqrt(np.maximum(eigenvalues, 0.0) / self.model.rate)
        self._last = visit, float(low), float(high)

    @property
    def lowest(self) -> float:
        """At most λ_min(K(t)); 0 where no more is known."""
        return self.model.rate * max(0.0, self.smallest) ** 2

    @property
    def highest(self) -> float:
        """At least λ_max(K(t))."""
        return self.model.rate * self.largest**2
