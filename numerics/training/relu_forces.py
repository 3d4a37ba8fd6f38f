"""How a neuron of a two-layer ReLU network moves under gradient flow, given on which points it is active or held.

With g_r = κ a_r/√m the network is f(x) = Σ_r g_r max(w_r·x, 0). Each neuron has a status on each training point:
INACTIVE (w_r·x_i < 0), ACTIVE (> 0), or PINNED, held on w_r·x_i = 0 by the convex combination of Filippov. With A the
active and P the pinned points of a neuron, r = y - u the residual and G = XXᵀ, it moves by ẇ_r = g_r Xᵀ e(r), where
e(s) has the entries s_A on A and -G_PP⁻¹ G_PA s_A on P (so that x_p·ẇ_r = 0), and 0 elsewhere. So the residual obeys
ṙ = -Kr with K = Σ_r g_r² M_r, M_r = G_AA - G_AP G_PP⁻¹ G_PA.
"""

import numpy as np

from numerics.compiled import compiled

INACTIVE, ACTIVE, PINNED = 0, 1, 2


@compiled
def _solve(matrix: np.ndarray, right: np.ndarray) -> None:
    """Put the solution in the place of `right`: elimination without pivoting, for a positive definite matrix."""
    size = len(right)
    for p in range(size):
        for q in range(p + 1, size):
            ratio = matrix[q, p] / matrix[p, p]
            right[q] -= ratio * right[p]
            for s in range(p, size):
                matrix[q, s] -= ratio * matrix[p, s]
    for p in range(size - 1, -1, -1):
        for q in range(p + 1, size):
            right[p] -= matrix[p, q] * right[q]
        right[p] /= matrix[p, p]


@compiled
def held(status: np.ndarray, gram: np.ndarray, source: np.ndarray) -> np.ndarray:
    """e(s) (n,)."""
    n, pins = len(status), 0
    result = np.zeros(n)
    where = np.empty(n, np.int64)
    for i in range(n):
        if status[i] == ACTIVE:
            result[i] = source[i]
        elif status[i] == PINNED:
            where[pins] = i
            pins += 1
    if pins == 0:
        return result
    matrix, right = np.empty((pins, pins)), np.zeros(pins)
    for p in range(pins):
        for q in range(pins):
            matrix[p, q] = gram[where[p], where[q]]
        for j in range(n):
            if status[j] == ACTIVE:
                right[p] -= gram[where[p], j] * source[j]
    _solve(matrix, right)
    for p in range(pins):
        result[where[p]] = right[p]
    return result


@compiled
def add_kernel(status: np.ndarray, gram: np.ndarray, factor: float, kernel: np.ndarray) -> None:
    """Add `factor` M_r to `kernel`."""
    n = len(status)
    unit = np.zeros(n)
    for j in range(n):
        if status[j] == ACTIVE:
            unit[j] = 1.0
            force = held(status, gram, unit)
            unit[j] = 0.0
            for i in range(n):
                if status[i] == ACTIVE:
                    for k in range(n):
                        kernel[i, j] += factor * gram[i, k] * force[k]


@compiled
def lever(status: np.ndarray, gram: np.ndarray) -> float:
    """The largest √((G_PP⁻¹)_pp): 1 over the distance of x_p from the span of the other pins."""
    n, largest = len(gram), 0.0
    unit = np.zeros(n)
    for p in range(n):
        if status[p] == PINNED:
            status[p], unit[p] = ACTIVE, 1.0
            force = held(status, gram, unit)
            status[p], unit[p] = PINNED, 0.0
            square = 0.0
            for i in range(n):
                square += gram[p, i] * force[i]
            largest = max(largest, 1.0 / np.sqrt(square))
    return largest


@compiled
def _moved_on(status: np.ndarray, loose: np.ndarray, gram: np.ndarray, residual: np.ndarray, sign: float) -> bool:
    """Change the status of the first `loose` point that is at odds with its velocity or share, if there is one."""
    force = held(status, gram, residual)
    for i in range(len(status)):
        if not loose[i]:
            continue
        if status[i] == PINNED:
            share = -sign * force[i]
            if share <= 0.0 or share > -sign * residual[i]:  # what no force is needed to hold is left alone
                status[i] = INACTIVE if share <= 0.0 else ACTIVE
                return True
        else:
            velocity = 0.0
            for j in range(len(status)):
                velocity += sign * gram[i, j] * force[j]
            if (status[i] == INACTIVE and velocity > 0.0) or (status[i] == ACTIVE and velocity < 0.0):
                status[i] = PINNED
                return True
    return False


@compiled
def settle(status: np.ndarray, gram: np.ndarray, residual: np.ndarray, sign: float, point: int) -> bool:
    """Change the status of a neuron with gain of the given sign, whose pre-activation on `point` reached 0.

    Where being active pushes the pre-activation up (sign r_i > 0), it crosses. Else the field may hold it: the
    velocities v = sign G e of the points at 0 and the shares h = -sign e in [0, |r|] are complementary (h = 0 where
    v < 0, h = |r| where v > 0), which has exactly one solution, found by changing the first point that is at odds.
    Returns whether it was found.
    """
    n = len(status)
    loose = np.zeros(n, np.bool_)
    for i in range(n):
        loose[i] = status[i] == PINNED
    if sign * residual[point] > 0.0:
        status[point] = ACTIVE if status[point] == INACTIVE else INACTIVE
    else:
        loose[point] = True
        status[point] = PINNED
    changes = 0
    while _moved_on(status, loose, gram, residual, sign):
        changes += 1
        if changes == 100 * n:
            return False
    return True
