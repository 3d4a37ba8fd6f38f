"""Gradient flow of a narrow two-layer network by Runge-Kutta 8(5,3), with bounds on the local errors.

The steps are limited by stability to a few units of 1/λ_max(K), so there are many, whatever the width; but they can be
as exact as rounding allows, which narrow networks need: there an error in the parameters may grow a thousandfold.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.integrate import DOP853, solve_ivp

from numerics.training.exponential import NO_ERRORS, LocalErrors, Point, State
from numerics.training.floor import jacobian_lipschitz
from numerics.training.two_layer import Look, Model, gradient_norm, look, push

RELATIVE, ABSOLUTE = 1e-11, 1e-12
"""The integrator keeps the root mean square of (error of a parameter)/(ABSOLUTE + RELATIVE |parameter|) below 1."""


Velocity = Callable[[float, np.ndarray], np.ndarray]

BETWEEN = 1000.0
"""Between steps the interpolation errs by this many times as much."""
ALLOWED, MOST_PIECES = 0.05, 16
"""Steps are cut until singular values of ∂u/∂θ move by at most this fraction of the smallest in a part, into 16 parts
at most."""
COMPARED = 1e-8
"""The relative tolerance of another integration, from which the distance is taken."""
SAFETY = 2.0
"""The distance times this stands for the error of the finer integration; it is that of the coarser one."""


def flow(of: Model, start: np.ndarray, target: np.ndarray, until: float, *, compare: bool) -> Iterator[Point]:
    """Follow the flow as `exponential.flow` does, at a fixed tolerance; points are the ends of steps and some between.

    The local errors are estimates too: that of the parameters is what the integrator's own was at most, and the others
    are what it may change, by the Lipschitz constants of the outputs and of the kernel. With `compare` points have a
    `distance` as well: for networks in which errors might grow by so much that nothing could be said, but do not.
    Raises ArithmeticError where the integrator stops.
    """
    n, shape = of.points, start.shape

    def velocity(_: float, flat: np.ndarray) -> np.ndarray:
        state = flat.reshape(shape)
        seen = look(of, state)
        return (push(of, state, (seen, target - seen.outputs[:n])) - state).ravel()

    distance = _comparison(velocity, start, until) if compare else lambda _time, _state: np.inf
    integrator = DOP853(velocity, 0.0, start.ravel(), until, rtol=RELATIVE, atol=ABSOLUTE)
    state, seen = start, look(of, start)
    yield Point(time=0.0, state=state, seen=seen, local=NO_ERRORS, whole=True)
    while integrator.status == "running":
        message = integrator.step()
        if integrator.status == "failed":
            raise ArithmeticError(f"the integration of gradient flow stopped at t = {integrator.t}: {message}")
        end = integrator.y.reshape(shape).copy()
        seen_end = look(of, end)
        sizes = np.maximum(np.abs(integrator.y), np.abs(integrator.y_old))
        error = float(np.linalg.norm(ABSOLUTE + RELATIVE * sizes))
        dense, steps = None, _pieces(of, (state, seen), (end, seen_end), target, integrator.t - integrator.t_old)
        for time in np.linspace(integrator.t_old, integrator.t, steps + 1)[1:-1]:
            dense = dense or integrator.dense_output()
            between = dense(time).reshape(shape)
            found = look(of, between)
            local = _consequences(of, between, found, BETWEEN * error)
            reach = distance(time, between) + BETWEEN * error
            yield Point(time=time, state=between, seen=found, local=local, whole=False, distance=reach)
        state, seen = end, seen_end
        local, reach = _consequences(of, state, seen, error), distance(integrator.t, state)
        yield Point(time=integrator.t, state=state, seen=seen, local=local, whole=True, distance=reach)


def _comparison(velocity: Velocity, start: np.ndarray, until: float) -> Callable[[float, np.ndarray], float]:
    """A function of times and states that gives the largest distance so far from a coarser integration."""
    options = {"rtol": COMPARED, "atol": COMPARED / 10, "dense_output": True}
    found = solve_ivp(velocity, (0, until), start.ravel(), method="DOP853", **options)
    if not found.success:
        raise ArithmeticError(f"the integration of gradient flow stopped at t = {found.t[-1]}: {found.message}")
    largest = 0.0

    def distance(time: float, state: np.ndarray) -> float:
        nonlocal largest
        largest = max(largest, SAFETY * float(np.linalg.norm(state.ravel() - found.sol(time))))
        return largest

    return distance


def _pieces(of: Model, start: State, end: State, target: np.ndarray, duration: float) -> int:
    """Into how many parts a step is cut, so that the eigenvalues of K move little during each, as `floor` bounds it."""
    low = min(float(np.linalg.eigvalsh(seen.kernel)[0]) for _, seen in (start, end))
    decrease = [float(np.linalg.norm(target - seen.outputs[: of.points])) ** 2 for _, seen in (start, end)]
    path = np.sqrt(of.rate * duration * max(0.0, decrease[0] - decrease[1]) / 2)
    readout = max(float(np.abs(state[-1] if of.trained else of.readout).max()) for state, _ in (start, end))
    wanted = ALLOWED * np.sqrt(max(low, 0.0) / of.rate)
    return int(np.ceil(min(MOST_PIECES, jacobian_lipschitz(of, readout + path) * path / 2 / max(wanted, 1e-300))))


def _consequences(of: Model, state: np.ndarray, seen: Look, error: float) -> LocalErrors:
    """What an error in the parameters does to the rest."""
    readout = np.abs(state[-1] if of.trained else of.readout)
    norm = float(np.sqrt(np.linalg.eigvalsh(seen.kernel)[-1] / of.rate))
    lipschitz = jacobian_lipschitz(of, float(readout.max()) + error)
    return LocalErrors(
        parameters=error,
        neuron=error,
        outputs=(norm + lipschitz * error) * error,
        test_outputs=(gradient_norm(of, state) + lipschitz * error) * error,
        kernel=2 * of.rate * (norm + lipschitz * error) * lipschitz * error,
    )
