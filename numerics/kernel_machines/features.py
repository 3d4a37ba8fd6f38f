"""Linear models f(x) = ⟨w, φ(x)⟩ fitted in the space of their features, of which kernel regression is the dual."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve, svd

from numerics.kernel_machines.arguments import column, nonnegative, weight

_EPSILON = float(np.finfo(float).eps)


def _checked(features: np.ndarray, targets: np.ndarray, start: np.ndarray | float) -> tuple[np.ndarray, ...]:
    matrix = np.asarray(features, dtype=float)
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"features have one row for each example, not the shape {matrix.shape}")
    if not np.all(np.isfinite(matrix)):
        raise ValueError("the features have entries that are not finite")
    examples, size = matrix.shape
    w0 = np.asarray(start, dtype=float)
    w0 = np.full(size, float(w0)) if w0.ndim == 0 else w0
    if w0.shape != (size,):
        raise ValueError(f"the start has the shape {w0.shape}, and there are {size} features")
    return matrix, column(targets, examples, "targets") - matrix @ w0, w0


def minimum_norm_weights(
    features: np.ndarray, targets: np.ndarray, *, start: np.ndarray | float = 0.0, cutoff: float | None = None
) -> np.ndarray:
    """w₀ + Φ⁺(y - Φw₀): of all weights with the least sum of squares the ones nearest to w₀ = `start`, shape (D,).

    Φ = `features` (n, D), by the singular value decomposition. Singular values up to `cutoff`, max(n, D) · ε · σ_max
    unless it is given, count as zero. Raises ValueError for shapes that do not fit, and for entries not finite.
    """
    matrix, residual, w0 = _checked(features, targets, start)
    left, values, right = svd(matrix, full_matrices=False, check_finite=False)
    line = max(matrix.shape) * _EPSILON * values[0] if cutoff is None else nonnegative(cutoff, "cutoff")
    inverses = np.divide(1.0, values, out=np.zeros_like(values), where=values > line)
    return np.asarray(w0 + right.T @ (inverses * (left.T @ residual)))


def ridge_weights(
    features: np.ndarray,
    targets: np.ndarray,
    *,
    penalty: float,
    mean: bool,
    half: bool,
    start: np.ndarray | float = 0.0,
) -> np.ndarray:
    """w₀ + (ΦᵀΦ + cI)⁻¹Φᵀ(y - Φw₀), the minimum of v Σ_i (⟨w, φ(x_i)⟩ - y_i)² + λ‖w - w₀‖², λ = `penalty` > 0.

    c = λ/v, v = 1/N if `mean` else 1, halved if `half`. Solved in the smaller of the two spaces, by Cholesky.
    Raises ValueError as `minimum_norm_weights` does, and for a penalty that is not positive.
    """
    matrix, residual, w0 = _checked(features, targets, start)
    if nonnegative(penalty, "penalty") == 0:
        raise ValueError("without a penalty see minimum_norm_weights")
    examples, size = matrix.shape
    level = penalty / weight(examples, mean=mean, half=half)
    if examples < size:
        factor = cho_factor(matrix @ matrix.T + level * np.eye(examples), check_finite=False)
        return np.asarray(w0 + matrix.T @ cho_solve(factor, residual, check_finite=False))
    factor = cho_factor(matrix.T @ matrix + level * np.eye(size), check_finite=False)
    return np.asarray(w0 + cho_solve(factor, matrix.T @ residual, check_finite=False))
