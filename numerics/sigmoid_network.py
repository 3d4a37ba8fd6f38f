"""The two-layer sigmoid network f = m^(-1/2) Σ_r a_r Φ(w_r·x), both layers trained: predictions, velocity, kernel.

The parameters travel as one vector, the `state`: W row by row (m × d), then a (m). Predictions are those of
f̂ = f - f_init, so the residual is y - u with u_i = f̂(x_i), and at the start it is y exactly. The sigmoid Φ is the
standard normal distribution function, which is bounded together with all its derivatives.
"""

import math

import numpy as np

from numerics.compiled import compiled
from numerics.streams import standard_normals

SUP_SIGMOID = 1.0
"""sup |Φ|."""
SUP_SLOPE = 1 / math.sqrt(2 * math.pi)
"""sup |Φ'| = φ(0)."""
SUP_CURVATURE = math.exp(-0.5) / math.sqrt(2 * math.pi)
"""sup |Φ''|: Φ''(z) = -z φ(z) is largest at z = ±1."""


@compiled
def sigmoid(z: float) -> float:
    """Φ(z), with full relative accuracy in both tails."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@compiled
def slope(z: float) -> float:
    """Φ'(z) = φ(z) = exp(-z²/2)/√(2π)."""
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def initial_state(width: int, dimension: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the parameters at the start: w_r iid N(0, I), a_r iid uniform on {-1, 1}."""
    weights = standard_normals(rng, width * dimension)
    return np.concatenate([weights, rng.choice([-1.0, 1.0], size=width)])


def parts(state: np.ndarray, dimension: int) -> tuple[np.ndarray, np.ndarray]:
    """Return views of W, shape (m, d), and of a, shape (m,)."""
    width = len(state) // (dimension + 1)
    return state[: width * dimension].reshape(width, dimension), state[width * dimension :]


@compiled
def outputs(state: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """The predictions f(x_i) before f_init is subtracted, shape (n,)."""
    points, dimension = inputs.shape
    width = len(state) // (dimension + 1)
    result = np.zeros(points)
    for r in range(width):
        for i in range(points):
            z = 0.0
            for k in range(dimension):
                z += state[r * dimension + k] * inputs[i, k]
            result[i] += state[width * dimension + r] * sigmoid(z)
    return result / math.sqrt(width)


@compiled
def velocity(state: np.ndarray, inputs: np.ndarray, labels: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """The right side of gradient flow on ½ Σ_i (y_i - u_i)², with `offset` = f_init at the inputs.

    ẇ_r = m^(-1/2) a_r Σ_i (y_i - u_i) Φ'(w_r·x_i) x_i and ȧ_r = m^(-1/2) Σ_i (y_i - u_i) Φ(w_r·x_i).
    """
    points, dimension = inputs.shape
    width = len(state) // (dimension + 1)
    values = np.empty((width, points))
    slopes = np.empty((width, points))
    residual = np.zeros(points)
    for r in range(width):
        for i in range(points):
            z = 0.0
            for k in range(dimension):
                z += state[r * dimension + k] * inputs[i, k]
            values[r, i] = sigmoid(z)
            slopes[r, i] = slope(z)
            residual[i] += state[width * dimension + r] * values[r, i]
    for i in range(points):
        residual[i] = (labels[i] - (residual[i] / math.sqrt(width) - offset[i])) / math.sqrt(width)
    rate = np.zeros(len(state))
    for r in range(width):
        readout = state[width * dimension + r]
        for i in range(points):
            rate[width * dimension + r] += residual[i] * values[r, i]
            pull = readout * residual[i] * slopes[r, i]
            for k in range(dimension):
                rate[r * dimension + k] += pull * inputs[i, k]
    return rate


@compiled
def kernel(state: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """K = G + H, shape (n, n): the matrix of ⟨∇f(x_i), ∇f(x_j)⟩ over the parameters of both layers.

    G_ij = m⁻¹ Σ_r Φ(w_r·x_i) Φ(w_r·x_j) and H_ij = (x_i·x_j) m⁻¹ Σ_r a_r² Φ'(w_r·x_i) Φ'(w_r·x_j).
    """
    points, dimension = inputs.shape
    width = len(state) // (dimension + 1)
    gram = inputs @ inputs.T
    values = np.empty(points)
    slopes = np.empty(points)
    result = np.zeros((points, points))
    for r in range(width):
        readout = state[width * dimension + r]
        for i in range(points):
            z = 0.0
            for k in range(dimension):
                z += state[r * dimension + k] * inputs[i, k]
            values[i] = sigmoid(z)
            slopes[i] = readout * slope(z)
        for i in range(points):
            for j in range(points):
                result[i, j] += values[i] * values[j] + gram[i, j] * slopes[i] * slopes[j]
    return result / width


def residual_change(points: int, size: float, change: float) -> float:
    """Bound how far the residuals move when the state moves by `change`, for inputs of unit norm and |a_r| <= `size`.

    The squared norm of the Jacobian is at most the trace of K, which is at most n (‖Φ‖∞² + size² ‖Φ'‖∞²).
    """
    return math.sqrt(points * (SUP_SIGMOID**2 + (size * SUP_SLOPE) ** 2)) * change


def kernel_change(points: int, size: float, weights: float, readout: float) -> float:
    """Bound how far K moves in operator norm when every w_r moves by at most `weights` and every a_r by `readout`.

    For inputs of unit norm and |a_r| <= `size` = A throughout: 2n (‖Φ‖∞ ‖Φ'‖∞ ω + A ‖Φ'‖∞ (‖Φ'‖∞ α + A ‖Φ''‖∞ ω)).
    The first term bounds the change of G = SSᵀ/m by 2 ‖S‖_F ‖ΔS‖_F/m; the second that of H = XXᵀ ⊙ DDᵀ/m likewise,
    as XXᵀ is positive semidefinite with a unit diagonal (Schur).
    """
    of_slopes = size * SUP_SLOPE * (SUP_SLOPE * readout + size * SUP_CURVATURE * weights)
    return 2 * points * (SUP_SIGMOID * SUP_SLOPE * weights + of_slopes)
