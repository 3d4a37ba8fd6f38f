"""Kernel regression with a ridge, without one, and as training by gradient flow or gradient descent leaves it.

The model is f = f₀ + Σ_j α_j k(·, x_j), the loss w Σ_i (f(x_i) - y_i)² with the weight w of
`numerics.kernel_machines.arguments.weight`, r = y - f₀(X). All of them are α = g(K) r for a function g:

    ridge       1/(s + λ/w)                         minimises loss + λ ‖f - f₀‖²
    ridgeless   1/s, and 0 where s = 0               the limit of the ridge for λ → 0
    flow        (1 - exp(-2wηt s))/s                 ḟ = -η · gradient of the loss, up to t
    descent     (1 - (1 - 2wη s)^t)/s                t steps of length η

for the eigenvalues s of K. What the last two build up where s = 0, 2wηt, no prediction notices: it is left out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve, eigh

from numerics.kernel_machines.arguments import column, nonnegative, semidefinite, symmetric, weight

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Fit:
    """A function f = f₀ + Σ_j α_j k(·, x_j)."""

    coefficients: np.ndarray
    """α, of shape (n,)."""
    kernel: np.ndarray
    start: np.ndarray
    """f₀ at the examples."""

    def predict(self, rows: np.ndarray, start: np.ndarray | float = 0.0) -> np.ndarray:
        """The values of f at q points, from the rows k(x, X) of shape (q, n), or one of shape (n,), and f₀ there.

        Raises ValueError where the rows have another length than there are examples.
        """
        if np.shape(rows)[-1] != len(self.coefficients):
            raise ValueError(f"rows of length {np.shape(rows)[-1]} do not fit {len(self.coefficients)} examples")
        return np.asarray(np.asarray(rows, dtype=float) @ self.coefficients + start)

    @property
    def at_examples(self) -> np.ndarray:
        """The values of f at the examples."""
        return self.start + self.kernel @ self.coefficients

    @property
    def norm(self) -> float:
        """‖f - f₀‖ = √(αᵀKα), the norm in the reproducing kernel Hilbert space."""
        return float(np.sqrt(max(float(self.coefficients @ self.kernel @ self.coefficients), 0.0)))


def ridge(
    kernel: np.ndarray,
    targets: np.ndarray,
    *,
    penalty: float,
    mean: bool,
    half: bool,
    start: np.ndarray | float = 0.0,
) -> Fit:
    """Minimise w Σ_i (f(x_i) - y_i)² + λ ‖f - f₀‖², λ = `penalty` > 0: α = (K + λ/w I)⁻¹(y - f₀), by Cholesky.

    w = 1/N if `mean` else 1, halved if `half`. Raises ValueError for a kernel that is not symmetric and positive
    semidefinite, targets or a start that do not fit it, or a penalty that is not positive.

    >>> ridge(np.diag([1.0, 3.0]), np.array([2.0, 4.0]), penalty=0.5, mean=True, half=False).coefficients
    array([1., 1.])
    """
    matrix = semidefinite(kernel)
    y, f0 = column(targets, len(matrix), "targets"), column(start, len(matrix), "start")
    if nonnegative(penalty, "penalty") == 0:
        raise ValueError("without a penalty see KernelRegression.ridgeless, which takes singular kernels too")
    level = penalty / weight(len(matrix), mean=mean, half=half)
    factor = cho_factor(matrix + level * np.eye(len(matrix)), lower=True, check_finite=False)
    return Fit(cho_solve(factor, y - f0, check_finite=False), matrix, f0)


class KernelRegression:
    """One eigendecomposition of K, from which every penalty, time and number of steps is one product.

    Eigenvalues up to `cutoff`, n · ε · λ_max unless it is given, count as zero: they are what rounding leaves of
    zeros, and dividing by them would return noise. A kernel matrix whose eigenvalues do reach below that line is, for
    `ridgeless`, replaced by one of lower rank. Raises ValueError for a kernel that is not symmetric, or has an
    eigenvalue below -cutoff, and for targets or a start that do not fit it.
    """

    def __init__(
        self,
        kernel: np.ndarray,
        targets: np.ndarray,
        *,
        start: np.ndarray | float = 0.0,
        cutoff: float | None = None,
    ) -> None:
        self.kernel = symmetric(kernel)
        n = len(self.kernel)
        self.start, self.residual = column(start, n, "start"), column(targets, n, "targets")
        self.residual = self.residual - self.start
        values, self.vectors = eigh(self.kernel, check_finite=False)
        self.cutoff = n * _EPSILON * max(float(values[-1]), 0.0) if cutoff is None else nonnegative(cutoff, "cutoff")
        if values[0] < -max(self.cutoff, n * _EPSILON * float(np.abs(values).max())):
            raise ValueError(f"the kernel matrix is not positive semidefinite: it has the eigenvalue {values[0]:.3g}")
        self.values = np.where(values > self.cutoff, values, 0.0)
        """The eigenvalues in increasing order, of shape (n,)."""

    @property
    def rank(self) -> int:
        """The number of eigenvalues above the cut-off."""
        return int(np.count_nonzero(self.values))

    @cached_property
    def _inverses(self) -> np.ndarray:
        return np.divide(1.0, self.values, out=np.zeros_like(self.values), where=self.values > 0)

    def _fit(self, filtered: np.ndarray) -> Fit:
        """The fit with α = V diag(filtered) Vᵀ r."""
        return Fit(self.vectors @ (filtered * (self.vectors.T @ self.residual)), self.kernel, self.start)

    def ridge(self, penalty: float, *, mean: bool, half: bool) -> Fit:
        """The minimum of w Σ_i (f(x_i) - y_i)² + λ ‖f - f₀‖² for λ = `penalty` >= 0; `ridgeless` for λ = 0."""
        level = nonnegative(penalty, "penalty") / weight(len(self.values), mean=mean, half=half)
        return self._fit(1 / (self.values + level)) if level else self.ridgeless()

    def ridgeless(self) -> Fit:
        """α = K⁺(y - f₀): of the functions with the least loss the one nearest to f₀, which fits y where K allows."""
        return self._fit(self._inverses)

    def flow(self, time: float, *, mean: bool, half: bool, rate: float = 1.0) -> Fit:
        """Where gradient flow on the loss from f₀ is at `time`, at the learning rate η = `rate`."""
        s = 2 * weight(len(self.values), mean=mean, half=half) * nonnegative(rate, "rate") * nonnegative(time, "time")
        return self._fit(-np.expm1(-s * self.values) * self._inverses)

    def descent(self, steps: int, *, step: float, mean: bool, half: bool) -> Fit:
        """Where gradient descent on the loss from f₀ is after `steps` steps of length η = `step`.

        It converges if and only if 2wη λ_max < 2 on the components that are not fitted yet; beyond that the result
        grows with the number of steps, as gradient descent does.
        """
        s = 2 * weight(len(self.values), mean=mean, half=half) * nonnegative(step, "step")
        count = int(nonnegative(steps, "steps"))
        shrunk = s * self.values
        small = shrunk < 1
        slow = -np.expm1(count * np.log1p(-np.where(small, shrunk, 0.0)))
        done = np.where(small, slow, 1 - (1 - shrunk) ** count)
        return self._fit(done * self._inverses)

    def leave_one_out(self, penalty: float = 0.0, *, mean: bool, half: bool) -> np.ndarray:
        """The residuals y_i - f^(-i)(x_i) of the fits to all examples but one, in closed form: shape (n,).

        [(K + cI)⁻¹r]_i / [(K + cI)⁻¹]_ii with c = λ/w, w the weight of a loss over the N - 1 examples that are left,
        so that `mean` is their mean. For c = 0, or where K is singular, its limit for c → 0.
        Raises ValueError for a single example, of which nothing is left.
        """
        n = len(self.values)
        if n == 1:
            raise ValueError("without its only example there is nothing to fit")
        level = nonnegative(penalty, "penalty") / weight(n - 1, mean=mean, half=half)
        squares = self.vectors**2
        if level:
            left = 1 / (self.values + level)
            return np.asarray(self._fit(left).coefficients / (squares @ left))
        # As c → 0 both grow like 1/c where the null space has a share in the example, and else stay as they are.
        null = (self.values == 0).astype(float)
        share = squares @ null
        there = share > n * _EPSILON
        outside = self._fit(null).coefficients / np.where(there, share, 1.0)
        inside = self.ridgeless().coefficients / np.where(there, 1.0, squares @ self._inverses)
        return np.where(there, outside, inside)

    def generalised_cross_validation(self, penalty: float = 0.0, *, mean: bool, half: bool) -> float:
        """N⁻¹ ‖(I - H)r‖² / (N⁻¹ tr(I - H))² with the hat matrix H = K(K + cI)⁻¹, c = λ/w, w the weight over all N.

        For c = 0 its limit for c → 0: the mean of the squared components of r in the null space of K, over the square
        of its share of the dimensions; or, if K is invertible, N ‖K⁻¹r‖²/(tr K⁻¹)².
        """
        n = len(self.values)
        level = nonnegative(penalty, "penalty") / weight(n, mean=mean, half=half)
        if level:
            left = 1 / (self.values + level)
        else:
            left = self._inverses if self.rank == n else (self.values == 0).astype(float)
        return float(n * np.sum((left * (self.vectors.T @ self.residual)) ** 2) / left.sum() ** 2)
