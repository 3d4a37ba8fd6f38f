"""Gradient flow of fully connected networks, dθ/dt = -∇_θ Σ_i ℓ(f(x_i), y_i), with estimated errors.

Under the square loss the residual of the n o outputs obeys ṙ = -K(θ)r, and K moves slowly: steps are taken in function
space, with K frozen at the middle of each (exponential midpoint). No eigenvalue of K limits their length. Under
other losses an embedded Runge-Kutta method is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.dense.namespace import Array, host
from numerics.dense.network import Weights
from numerics.training.dormand_prince import DormandPrince
from numerics.training.layered import Problem, Tangent, extrapolated
from numerics.training.layered_linear import linear_flow
from numerics.training.layered_trajectory import Recorder, Trajectories

SHORTEST = 1e-12
"""A step shorter than this part of the whole time is not taken."""


def flow(
    problem: Problem,
    times: Sequence[float],
    *,
    tolerance: float = 1e-6,
    steps: int = 20000,
    kernels: bool = True,
    movements: bool = True,
) -> Trajectories:
    """Follow the gradient flow and record it at increasing `times`, the first of which may be 0.

    A step is taken where the estimate of its error, in the output at any input or test of any draw, is at most
    `tolerance`; all draws take the same steps. `errors` of the result sums the estimates. For activations with kinks,
    and for the hinge loss, where the field jumps and the flow may slide along the jump, steps get short, and the
    estimates are less reliable.

    Raises ValueError where times or tolerance are out of range, RuntimeError where the flow cannot be followed to the
    end in the number of `steps` allowed.
    """
    times = [float(time) for time in times]
    if not times or not np.all(np.isfinite(times)) or min(times) < 0 or times != sorted(set(times)):
        raise ValueError(f"times are finite, increase and are not negative, found {times}")
    if not tolerance > 0:
        raise ValueError(f"the tolerance is positive, not {tolerance}")
    last = times[-1]
    stepper = _Midpoint(problem) if problem.loss.name == "square" else _Embedded(problem)
    recorder, weights = Recorder(problem, kernels, movements), problem.start
    if kernels and times[0] > 0:
        recorder.first(weights)
    now, length, errors, left = 0.0, stepper.first(last), np.zeros(problem.draws), steps
    for time in times:
        while now < time:
            step = min(length, time - now)
            trial, estimate = stepper.step(weights, step)
            worst = float(np.max(estimate)) if np.all(np.isfinite(estimate)) else np.inf
            factor = min(8.0, max(0.2, 0.9 * (tolerance / max(worst, 1e-300)) ** (1 / stepper.order)))
            if worst <= tolerance:
                now = time if step == time - now else now + step
                weights, errors = trial, errors + estimate
                stepper.accepted()
            if worst > tolerance or step == length or factor < 1:
                length = step * factor
            left -= 1
            if left == 0 or length < SHORTEST * last:
                raise RuntimeError(f"the flow could not be followed beyond the time {now:g} of {last:g}")
        recorder.record(time, weights, errors)
    return recorder.finished(linear_flow(problem, times, tolerance=tolerance), weights)


@dataclass
class _Frozen:
    """The tangent at some weights, and the spectrum of its kernel."""

    tangent: Tangent
    values: Array
    vectors: Array

    @classmethod
    def at(cls, problem: Problem, weights: Weights) -> "_Frozen":
        tangent = problem.tangent(weights)
        values, vectors = problem.xp.linalg.eigh(problem.kernel(tangent))
        return cls(tangent, problem.xp.where(values > 0, values, 0 * values), vectors)

    def impulse(self, problem: Problem, residual: Array, time: float) -> Array:
        """∫_0^time e^(-Ks) r ds, shaped as the residual r, (draws, n, o)."""
        xp = problem.xp
        coordinates = xp.matmul(xp.moveaxis(self.vectors, 1, 2), xp.reshape(residual, (*self.values.shape, 1)))
        exponents = self.values * time
        small = exponents < 1e-12
        safe = xp.where(small, xp.ones_like(exponents), exponents)
        shares = time * xp.where(small, xp.ones_like(exponents), -xp.expm1(-safe) / safe)
        return xp.reshape(xp.matmul(self.vectors, shares[..., None] * coordinates), residual.shape)


class _Midpoint:
    """The exponential midpoint, with its error from the same step in two halves.

    θ_½ = θ - Jᵀ∫_0^(τ/2) e^(-Ks) r ds, θ' = θ - J_½ᵀ ∫_0^τ e^(-K_½ s) r ds with J_½ and K_½ at θ_½: of second order.
    The difference to two halves of the step estimates the error of these, and a third of it is added to them, which
    raises the order by one: the estimate lies above the error of what is kept.
    """

    order = 3

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.start = _Frozen.at(problem, problem.start)
        self.trial = problem.start

    def first(self, whole: float) -> float:
        top = float(self.problem.xp.max(self.start.values))
        return min(whole, 0.5 / top) if top > 0 else whole

    def _half_way(self, weights: Weights, start: _Frozen, step: float) -> Weights:
        residual = start.tangent.outputs - self.problem.goals
        to_middle = start.impulse(self.problem, residual, step / 2)
        middle = _Frozen.at(self.problem, self.problem.moved(weights, start.tangent, to_middle))
        return self.problem.moved(weights, middle.tangent, middle.impulse(self.problem, residual, step))

    def step(self, weights: Weights, step: float) -> tuple[Weights, np.ndarray]:
        whole = self._half_way(weights, self.start, step)
        middle = self._half_way(weights, self.start, step / 2)
        halves = self._half_way(middle, _Frozen.at(self.problem, middle), step / 2)
        difference = self.problem.outputs(whole) - self.problem.outputs(halves)
        estimate = host(self.problem.xp.max(self.problem.xp.abs(difference), axis=(1, 2)))
        self.trial = extrapolated(halves, whole, 1 / 3)
        return self.trial, estimate

    def accepted(self) -> None:
        self.start = _Frozen.at(self.problem, self.trial)


class _Embedded:
    """The method of Dormand and Prince on the weights."""

    order = 5

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.method = DormandPrince(self._velocity)

    def _velocity(self, state: tuple[Array, ...]) -> tuple[Array, ...]:
        problem, weights = self.problem, self._weights(state)
        tangent = problem.tangent(weights)
        pull = problem.loss.gradient(tangent.outputs, problem.goals, problem.xp)
        moved = problem.moved(weights, tangent, pull)
        return tuple(a - b for a, b in zip(_state(moved), state, strict=True))

    def _weights(self, state: tuple[Array, ...]) -> Weights:
        count = len(self.problem.start.matrices)
        return Weights(matrices=state[:count], biases=state[count:])

    def first(self, whole: float) -> float:
        kernel = self.problem.kernel(self.problem.tangent(self.problem.start))
        size = float(np.max(np.linalg.norm(host(kernel), axis=(1, 2))))
        return min(whole, 0.1 / size) if size > 0 else whole

    def step(self, weights: Weights, step: float) -> tuple[Weights, np.ndarray]:
        better, worse = (self._weights(state) for state in self.method.step(_state(weights), step))
        reached = self.problem.outputs(better)
        estimate = self._largest(reached - self.problem.outputs(worse))
        if not self.problem.loss.smooth:
            estimate = np.maximum(estimate, self._largest(step * self._jump(weights, reached)))
        return better, estimate

    def _largest(self, outputs: Array) -> np.ndarray:
        return host(self.problem.xp.max(self.problem.xp.abs(outputs), axis=(1, 2)))

    def _jump(self, weights: Weights, reached: Array) -> Array:
        """How much the velocities of the outputs change in a step by the change of the loss's gradient alone.

        Where the gradient jumps, the two methods may agree by chance, but are off by no more than this, times the step.
        """
        problem = self.problem
        tangent = problem.tangent(weights, tests=True)
        n, (draws, _, o) = problem.inputs.shape[0], reached.shape
        ends = (
            problem.loss.gradient(outputs[:, :n, :], problem.goals, problem.xp)
            for outputs in (tangent.outputs, reached)
        )
        before, after = (problem.xp.reshape(gradient, (draws, n * o, 1)) for gradient in ends)
        moved = problem.xp.matmul(problem.kernel(tangent)[:, :, : n * o], after - before)
        return problem.xp.reshape(moved, reached.shape)

    def accepted(self) -> None:
        self.method.accepted()


def _state(weights: Weights) -> tuple[Array, ...]:
    return (*weights.matrices, *weights.biases)
