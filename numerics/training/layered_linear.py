"""The linearised model f(θ₀) + ⟨∇f(θ₀), θ - θ₀⟩ of many networks at once, trained in function space.

With the gradients frozen the outputs u at the inputs and the tests move by u̇ = -K₀ℓ'(u), where the columns of K₀ are
those of the inputs. No weights are needed.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from numerics.dense.namespace import Array, host
from numerics.training.dormand_prince import DormandPrince
from numerics.training.layered import Problem

MOST_STEPS = 100_000
"""Of the integration of the linearised flow; it takes that many only where it slides along a jump of the loss."""


def start(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return f at the start, (draws, n + q, o), and K₀ between all points and the inputs, (draws, (n + q) o, n o)."""
    tangent = problem.tangent(problem.start, tests=True)
    columns = problem.inputs.shape[0] * problem.network.sizes[-1]
    return host(tangent.outputs), host(problem.kernel(tangent))[:, :, :columns]


def linear_flow(problem: Problem, times: Sequence[float], *, tolerance: float) -> list[np.ndarray]:
    """Return the outputs (draws, n + q, o) of the linearised model under gradient flow at the times.

    For the square loss by one eigendecomposition, u(t) = u(0) - K₀(1 - e^(-Kt))K⁻¹r₀ with K the rows of the inputs;
    for other losses by an embedded Runge-Kutta method, whose steps have an estimated error of at most a tenth of the
    tolerance.
    """
    outputs, kernel = start(problem)
    if problem.loss.name != "square":
        return list(_integrated(problem, outputs, kernel, times, tolerance / 10))
    draws, _, o = outputs.shape
    size = kernel.shape[2]
    values, vectors = np.linalg.eigh(kernel[:, :size])
    values = np.maximum(values, 0)
    residual = (outputs[:, : size // o] - host(problem.goals)).reshape(draws, size, 1)
    coordinates = (np.swapaxes(vectors, 1, 2) @ residual)[..., 0]
    path = []
    for time in times:
        exponents = values * time
        safe = np.where(exponents < 1e-12, 1.0, exponents)
        shares = time * np.where(exponents < 1e-12, 1.0, -np.expm1(-safe) / safe)
        impulse = vectors @ (shares * coordinates)[..., None]
        path.append(outputs - (kernel @ impulse).reshape(outputs.shape))
    return path


def linear_descent(
    problem: Problem, rate: float, batches: Iterable[np.ndarray], recorded: Sequence[int]
) -> list[np.ndarray]:
    """Return the outputs (draws, n + q, o) of the linearised model after the numbers of steps in `recorded`.

    A step on a batch B of the n inputs moves the outputs by -rate·(n/|B|) K₀(·, B) ℓ'(u_B).
    """
    outputs, kernel = start(problem)
    draws, _, o = outputs.shape
    n, goals = problem.inputs.shape[0], np.broadcast_to(host(problem.goals), (draws, kernel.shape[2] // o, o))
    path = [outputs] if 0 in recorded else []
    with np.errstate(over="ignore", invalid="ignore"):
        for step, batch in enumerate(batches, start=1):
            pull = problem.loss.gradient(outputs[:, batch], goals[:, batch], np)
            columns = (batch[:, None] * o + np.arange(o)).ravel()
            moved = kernel[:, :, columns] @ pull.reshape(draws, -1, 1)
            outputs = outputs - rate * n / len(batch) * moved.reshape(outputs.shape)
            if step in recorded:
                path.append(outputs)
    return path


def _integrated(
    problem: Problem, outputs: np.ndarray, kernel: np.ndarray, times: Sequence[float], tolerance: float
) -> Iterator[np.ndarray]:
    draws, _, o = outputs.shape
    n, goals = kernel.shape[2] // o, host(problem.goals)

    def velocity(state: tuple[Array, ...]) -> tuple[Array, ...]:
        pull = problem.loss.gradient(state[0][:, :n], goals, np)
        return (-(kernel @ pull.reshape(draws, -1, 1)).reshape(outputs.shape),)

    method, now, left = DormandPrince(velocity), 0.0, MOST_STEPS
    length = 0.1 / max(float(np.max(np.linalg.norm(kernel, axis=(1, 2)))), 1e-300)
    for time in times:
        while now < time:
            step = min(length, time - now)
            (better,), (worse,) = method.step((outputs,), step)
            estimate = max(float(np.max(np.abs(better - worse))), 1e-300)
            if not problem.loss.smooth:  # where the gradient jumps the two methods may agree by chance
                jump = velocity((better,))[0] - velocity((outputs,))[0]
                estimate = max(estimate, step * float(np.max(np.abs(jump))))
            factor = min(8.0, max(0.2, 0.9 * (tolerance / estimate) ** 0.2))
            if estimate <= tolerance:
                outputs, now = better, time if step == time - now else now + step
                method.accepted()
            if estimate > tolerance or step == length or factor < 1:
                length = step * factor
            left -= 1
            if left == 0 or length < 1e-12 * times[-1]:
                raise RuntimeError(f"the linearised flow could not be followed beyond the time {now:g}")
        yield outputs
