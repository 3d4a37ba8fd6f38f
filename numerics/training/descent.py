"""Gradient descent and mini-batch stochastic gradient descent of fully connected networks, recorded like their flow."""

from collections.abc import Sequence

import numpy as np

from numerics.training.layered import Problem
from numerics.training.layered_linear import linear_descent
from numerics.training.layered_trajectory import Recorder, Trajectories


def descend(
    problem: Problem,
    rate: float,
    batches: Sequence[np.ndarray],
    *,
    recorded: Sequence[int] | None = None,
    kernels: bool = False,
    movements: bool = True,
) -> Trajectories:
    """Take one step θ - rate·(n/|B|) Σ_{i∈B} ∇_θ ℓ(f(x_i), y_i) for each batch B of indices of inputs, and record it.

    The mean of a step over random batches is the step of gradient descent, `rate` times the gradient of Σ_i ℓ. All
    draws take the same batches, and the linearised model takes them too. The numbers of steps in `recorded` are
    recorded, by default all, 0 among them; the time is rate·steps. A path may leave the range of floating-point
    numbers: its entries are then inf or nan. Kernels and movements are recorded if asked for.

    Raises ValueError where the rate is not positive, a batch is empty or names an input that is not there, or a
    recorded step is not taken.
    """
    n = problem.inputs.shape[0]
    if not (rate > 0 and np.isfinite(rate)):
        raise ValueError(f"the rate of descent is positive, not {rate}")
    for batch in batches:
        if len(batch) == 0 or np.min(batch) < 0 or np.max(batch) >= n:
            raise ValueError(f"a batch names one or more of the {n} inputs, not {list(batch)}")
    wanted = list(range(len(batches) + 1)) if recorded is None else list(recorded)
    if not wanted or min(wanted) < 0 or max(wanted) > len(batches) or wanted != sorted(set(wanted)):
        raise ValueError(f"the steps recorded increase and lie between 0 and the {len(batches)} taken")
    recorder, weights = Recorder(problem, kernels, movements), problem.start
    if kernels and wanted[0] > 0:
        recorder.first(weights)
    due = set(wanted)
    with np.errstate(over="ignore", invalid="ignore"):
        if 0 in due:
            recorder.record(0.0, weights)
        for step, batch in enumerate(batches, start=1):
            rows = problem.xp.asarray(batch)
            tangent = problem.tangent(weights, rows)
            pull = problem.loss.gradient(tangent.outputs, problem.xp.take(problem.goals, rows, axis=1), problem.xp)
            weights = problem.moved(weights, tangent, rate * n / len(batch) * pull)
            if step in due:
                recorder.record(rate * step, weights)
    return recorder.finished(linear_descent(problem, rate, batches, wanted), weights)


def full_batches(inputs: int, steps: int) -> list[np.ndarray]:
    """The batches of gradient descent: all inputs at every step."""
    return [np.arange(inputs)] * steps


def mini_batches(inputs: int, size: int, steps: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Batches of the given size, epoch by epoch: every epoch shuffles the inputs and deals them out.

    Raises ValueError unless the size divides the number of inputs.
    """
    if size < 1 or inputs % size:
        raise ValueError(f"batches of {size} do not divide {inputs} inputs")
    dealt: list[np.ndarray] = []
    while len(dealt) < steps:
        dealt.extend(rng.permutation(inputs).reshape(-1, size))
    return dealt[:steps]
