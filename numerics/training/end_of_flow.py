"""Where gradient flow of the square loss ends: followed to t = ∞ in a fixed sequence of steps, taken twice.

Of use for networks with kinks, where the steps of an adaptive method get short, and for the limit itself: the last
steps are infinitely long.
"""

import itertools

import numpy as np

from numerics.training.layered import Problem


def end_of_flow(problem: Problem, *, step: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Return lim f(x, t) as t → ∞ at the inputs and the tests, (draws, n + q), and an estimate of its error, alike.

    The network has one output. Time is counted in units of 1/κ²: with K the tangent kernel of the network before κ,
    Ks is of order one at a time s of order one. A step with K frozen at its middle (the exponential midpoint) has the
    length `step`·(1 + s) until s >= `end`, and two infinitely long ones follow. What is returned is found with half
    the `step`; the estimate is its difference to what is found with `step`, which is at least the error where the
    error halves with the step. Kinks make the method one of first order, so it does so for short steps.

    Raises ValueError where the end is not a positive number, or the step not one below 1.
    """
    if not (0 < step < 1 and 0 < end < np.inf):
        raise ValueError(f"a step between 0 and 1 and a finite time are needed, not {step} and {end}")
    coarse, fine = (_followed(problem, lengths(length, end)) for length in (step, step / 2))
    return fine, np.abs(fine - coarse)


def lengths(step: float, end: float) -> list[float]:
    """The lengths of the steps: `step`·(1 + s) from the time s, until `end`, and two infinite ones."""
    count = int(np.ceil(np.log1p(end) / np.log1p(step)))
    times = np.expm1(np.log1p(step) * np.arange(count + 1))
    return [*(float(b - a) for a, b in itertools.pairwise(times)), np.inf, np.inf]


def _followed(problem: Problem, steps: list[float]) -> np.ndarray:
    weights = problem.start
    for step in steps:
        time = step / problem.scale**2
        tangent = problem.tangent(weights)
        residual = (tangent.outputs - problem.goals)[..., 0]
        middle = problem.moved(weights, tangent, _impulse(problem.kernel(tangent), residual, time / 2))
        half_way = problem.tangent(middle)
        weights = problem.moved(weights, half_way, _impulse(problem.kernel(half_way), residual, time))
    outputs: np.ndarray = problem.outputs(weights)[..., 0]
    return outputs


def _impulse(kernels: np.ndarray, residual: np.ndarray, time: float) -> np.ndarray:
    """∫_0^time e^(-Ks) r ds, (draws, n, 1), for kernels K (draws, n, n); K⁻¹r for an infinite time.

    A kernel without rank leaves the residual where it is: what its null space holds does not move.
    """
    values, vectors = np.linalg.eigh(kernels)
    lasting = values > 1e-12 * values[:, -1:]
    rates = np.where(lasting, values, 1.0)
    shares = np.where(lasting, -np.expm1(-rates * time) / rates, 0.0)
    coordinates = np.matmul(np.moveaxis(vectors, 1, 2), residual[..., None])
    impulse: np.ndarray = np.matmul(vectors, shares[..., None] * coordinates)
    return impulse
