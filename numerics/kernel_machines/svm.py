"""The soft-margin support vector machine without an intercept, by its dual: a quadratic programme in a box.

It minimises ½‖f - f₀‖² + C Σ_i max(0, 1 - y_i f(x_i)) over the reproducing kernel Hilbert space; f = f₀ +
Σ_i α_i y_i k(·, x_i), where α maximises Σ_i α_i (1 - y_i f₀(x_i)) - ½ αᵀQα over [0, C]ⁿ, Q_ij = y_i y_j K_ij. The
equation Σ_i α_i y_i = 0 of the machine with an intercept is not among its conditions.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, eigvalsh, solve_triangular
from scipy.optimize import lsq_linear

from numerics.kernel_machines.arguments import column, nonnegative, semidefinite
from numerics.kernel_machines.regression import Fit

_EPSILON = float(np.finfo(float).eps)
_ROUNDS = 200


@dataclass(frozen=True)
class SupportVectors:
    """A support vector machine, and by how much it misses the conditions that single it out."""

    multipliers: np.ndarray
    """α, of shape (n,), between 0 and the bound C."""
    fit: Fit
    """The function; its coefficients are α_i y_i."""
    stationarity: float
    """max_i of how far a projected step of the dual moves α_i, in units of the margin: 0 for the exact solution."""
    gap: float
    """Primal minus dual objective, not negative but for rounding: half the squared distance to the solution or more."""

    @property
    def distance(self) -> float:
        """√(2 gap): no less than ‖f - f*‖ for the exact solution f*, as the primal objective is strongly convex.

        At a point x the two differ by at most √k(x, x) times this, and by the rounding of the objectives.
        """
        return float(np.sqrt(2 * max(self.gap, 0.0)))


def support_vectors(
    kernel: np.ndarray,
    labels: np.ndarray,
    *,
    bound: float,
    mean: bool,
    start: np.ndarray | float = 0.0,
) -> SupportVectors:
    """Minimise ½‖f - f₀‖² + C Σ_i max(0, 1 - y_i f(x_i)), C = `bound`, or `bound`/N if `mean`: no intercept.

    Labels are 1 or -1. The dual is solved by the active sets of SciPy's bounded least squares, exactly but for rounding
    for invertible K; for singular K, where α need not be unique though f is, by proximal steps of it.
    Raises ValueError for a kernel that is not symmetric and positive semidefinite, labels other than ±1, arguments
    that do not fit, or a bound that is not positive; RuntimeError where the conditions are still missed by more than
    1e-8 in the end.
    """
    matrix = semidefinite(kernel)
    n = len(matrix)
    y, f0 = column(labels, n, "labels"), column(start, n, "start")
    if not np.all(np.abs(y) == 1):
        raise ValueError("the labels of a support vector machine are 1 and -1")
    box = nonnegative(bound, "bound") / (n if mean else 1)
    if box == 0:
        raise ValueError("with the bound 0 no example counts")
    quadratic, linear = matrix * np.outer(y, y), 1 - y * f0
    multipliers = _box(quadratic, linear, box)
    fit = Fit(multipliers * y, matrix, f0)
    slope = linear - quadratic @ multipliers
    scale = max(1.0, float(np.abs(quadratic).sum(axis=1).max()))
    moved = np.clip(multipliers + slope / scale, 0, box) - multipliers
    missed = float(np.abs(moved).max() * scale)
    if missed > 1e-8 * max(1.0, float(np.abs(linear).max())):
        raise RuntimeError(f"the support vector machine misses its conditions by {missed:.3g}")
    # Summed by example, where the two objectives agree exactly: C h - α (1 - y f), which is not negative.
    gap = float(np.sum(box * np.maximum(slope, 0.0) - multipliers * slope))
    return SupportVectors(multipliers, fit, missed, gap)


def _box(quadratic: np.ndarray, linear: np.ndarray, box: float) -> np.ndarray:
    """The maximum of linearᵀα - ½ αᵀ quadratic α over 0 <= α <= box.

    Proximal steps α ← argmax of it less ½ε‖α - α_old‖², each a bounded least-squares problem; ε = 0 and one step where
    the matrix is well conditioned.
    """
    n = len(linear)
    values = eigvalsh(quadratic)
    extra = 0.0 if values[0] > 1e-10 * values[-1] else 1e-6 * max(float(values[-1]), 1 / box)
    factor = cholesky(quadratic + extra * np.eye(n))
    found = np.zeros(n)
    for _ in range(_ROUNDS):
        target = solve_triangular(factor, linear + extra * found, trans="T")
        nearer = lsq_linear(factor, target, bounds=(0, box), method="bvls", tol=1e-15, max_iter=20 * n + 100).x
        nearer = _polished(quadratic + extra * np.eye(n), linear + extra * found, nearer, box)
        moved, found = float(np.abs(nearer - found).max()), nearer
        if extra == 0 or extra * moved < n * _EPSILON:
            break
    return found


def _polished(quadratic: np.ndarray, linear: np.ndarray, found: np.ndarray, box: float) -> np.ndarray:
    """The multipliers strictly inside the box solved for again, the others held, where that stays inside."""
    free = (found > 1e-12 * box) & (found < (1 - 1e-12) * box)
    held = np.where(free, 0.0, np.where(found > box / 2, box, 0.0))
    if free.any():
        inner = np.linalg.solve(quadratic[np.ix_(free, free)], (linear - quadratic @ held)[free])
        if np.any(inner < 0) or np.any(inner > box):
            return found
        held[free] = inner
    slope = linear - quadratic @ held
    wrong = np.where(held == 0, slope, np.where(held == box, -slope, 0.0)).max()
    return held if wrong <= 1e-10 * max(1.0, float(np.abs(linear).max())) else found
