"""Gradient flow of the two-layer sigmoid network, both layers trained: one path with its errors, or many end points.

The data are `data.contrast`. Two facts about the exact flow are used for bounds (R = ‖y - u(t)‖, inputs of norm 1):
R never grows, as dR²/dt = -2 (y - u)ᵀK(y - u); and ‖ẇ_r‖ ≤ m^(-1/2) |a_r| ‖X‖ ‖Φ'‖∞ R, |ȧ_r| ≤ m^(-1/2) √n ‖Φ‖∞ R.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from numerics import sigmoid_network as network
from numerics.data import Data, contrast
from numerics.sigmoid_network import SUP_CURVATURE, SUP_SIGMOID, SUP_SLOPE
from numerics.streams import Columns, Parameters

INTERVALS = 120
"""A path is reported at this many equal steps of time, and at 0."""
COARSE, FINE = 1e-11, 1e-13
"""Tolerances of the two integrations of a path. Between steps the interpolation errs more: by about 1e-8 and 1e-10."""
SAFETY = 10.0
"""The distance of the coarse to the fine integration, times this, stands for the error of the fine one."""
ROUNDING = 1e-12
"""Allowance for rounding in a residual or a speed: some 4000 units in the last place of a number of order 1."""
STRICT = 0.01
"""Bounds on eigenvalues and read-out weights are moved away by this fraction, so that they hold strictly."""


def integrate(state: np.ndarray, problem: Data, until: float, *, tolerance: float, method: str, dense: bool) -> Any:
    """Solve the flow from `state` over [0, until] with SciPy's `method`; return its solution, `dense` or at steps only.

    The error of a step is kept below `tolerance` times (0.1 + |component|), for every component.
    """
    offset = network.outputs(state, problem.inputs)
    solution = solve_ivp(
        lambda _, z: network.velocity(z, problem.inputs, problem.labels, offset),
        (0.0, until),
        state,
        method=method,
        rtol=tolerance,
        atol=0.1 * tolerance,
        dense_output=dense,
    )
    if not solution.success:
        raise ArithmeticError(f"the integration of gradient flow stopped at t = {solution.t[-1]}: {solution.message}")
    return solution


def movement(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Train networks of width `m` to time `T` and measure how far their parameters moved.

    The parameters of neuron r are θ_r = (w_r, a_r), and θ are those of all neurons. Columns, one entry for each of the
    `draws`: `max_movement` = max_r ‖θ_r(T) - θ_r(0)‖, `total_movement` = ‖θ(T) - θ(0)‖ and `final_residual` =
    ‖y - u(T)‖. Integrated by Runge-Kutta 4(5), whose error here is about 1e-6
    relative in the movements and 1e-5 absolute in the residual: far below the spread between networks.
    """
    problem = contrast()
    columns: dict[str, list[float]] = {"max_movement": [], "total_movement": [], "final_residual": []}
    for _ in range(int(parameters["draws"])):
        start = network.initial_state(int(parameters["m"]), problem.inputs.shape[1], rng)
        end = integrate(start, problem, float(parameters["T"]), tolerance=1e-6, method="RK45", dense=False).y[:, -1]
        weights, readout = network.parts(end - start, problem.inputs.shape[1])
        moved = np.hypot(np.linalg.norm(weights, axis=1), readout)
        columns["max_movement"].append(moved.max())
        columns["total_movement"].append(float(np.linalg.norm(moved)))
        columns["final_residual"].append(_residual_norm(end, start, problem))
    return {name: np.array(values) for name, values in columns.items()}


def paths(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train one network of width `m` to time `T`; return (columns, errors) over the output times.

    Columns, with R = ‖y - u(t)‖:
    `t`; `residual_norm` = R; `label_norm` = ‖y‖; `weight_speed` = max_r ‖ẇ_r‖; `readout_speed` = max_r |ȧ_r|;
    `weight_movement` = max_r ‖w_r(t) - w_r(0)‖; `readout_movement` = max_r |a_r(t) - a_r(0)|; and constants that
    satisfy the hypotheses along the whole path, between the output times too: `lambda_bar` < λ_min(K(t)),
    `lambda_max` > λ_max(K(t)), `readout_bound` > |a_r(t)| for all r; and `constant_c` =
    n max(‖Φ‖∞, ‖Φ'‖∞) max_i ‖x_i‖.

    Rigorous: that the constants hold between the times at which the path is looked at, given the path there (Lipschitz
    bounds from the sup norms of Φ, Φ', Φ'' and the decrease of R); and how an error in the parameters
    enters each column. An estimate: the error in the parameters itself. It is taken as 10 times the largest distance,
    up to that time, between integrations at the tolerances COARSE and FINE, of which the finer is reported; the
    distance is the error of the coarser one, some hundred times that of the finer. The constants are chosen numbers and
    have error 0; the error in the parameters is charged to them when they are chosen. The residual is exact at t = 0.
    """
    problem, width, until = contrast(), int(parameters["m"]), float(parameters["T"])
    inputs, labels = problem.inputs, problem.labels
    start = network.initial_state(width, inputs.shape[1], rng)
    coarse, fine = (
        integrate(start, problem, until, tolerance=tolerance, method="DOP853", dense=True).sol
        for tolerance in (COARSE, FINE)
    )
    times = np.linspace(0.0, until, INTERVALS + 1)
    states = np.ascontiguousarray(fine(times).T)
    error = SAFETY * np.maximum.accumulate(np.linalg.norm(states - coarse(times).T, axis=1))

    residual = np.array([_residual_norm(state, start, problem) for state in states])
    offset = network.outputs(start, inputs)
    rates = [network.parts(network.velocity(state, inputs, labels, offset), inputs.shape[1]) for state in states]
    moves = [network.parts(state - start, inputs.shape[1]) for state in states]
    bounds = _Bounds(problem, width, fine, error[-1])
    for k in range(INTERVALS):
        bounds.cover(times[k], times[k + 1], residual[k])

    columns = {
        "t": times,
        "residual_norm": residual,
        "weight_speed": np.array([np.linalg.norm(weights, axis=1).max() for weights, _ in rates]),
        "readout_speed": np.array([np.abs(readout).max() for _, readout in rates]),
        "weight_movement": np.array([np.linalg.norm(weights, axis=1).max() for weights, _ in moves]),
        "readout_movement": np.array([np.abs(readout).max() for _, readout in moves]),
    }
    constants = bounds.constants() | {
        "label_norm": float(np.linalg.norm(labels)),
        "constant_c": len(labels) * max(SUP_SIGMOID, SUP_SLOPE),
    }
    errors = _propagate(error, residual, problem, width, constants["readout_bound"])
    for name, value in constants.items():
        columns[name] = np.full_like(times, value)
    return columns, {name: errors.get(name, np.zeros_like(times)) for name in columns}


def _propagate(error: np.ndarray, residual: np.ndarray, problem: Data, width: int, size: float) -> Columns:
    """Bound the errors of the columns, given the `error` in the parameters at each time, if all |a_r| <= `size`."""
    points, norm = len(problem.labels), np.linalg.norm(problem.inputs, 2)
    of_residual = np.array([network.residual_change(points, size, change) for change in error])
    of_residual[1:] += ROUNDING
    largest = residual + of_residual
    of_weights = SUP_SLOPE * (error * largest + size * of_residual) + size * SUP_CURVATURE * error * largest
    of_readout = SUP_SIGMOID * of_residual + SUP_SLOPE * error * largest
    return {
        "residual_norm": of_residual,
        "weight_speed": norm * of_weights / np.sqrt(width) + ROUNDING,
        "readout_speed": np.sqrt(points / width) * of_readout + ROUNDING,
        "weight_movement": error,
        "readout_movement": error,
    }


def _residual_norm(state: np.ndarray, start: np.ndarray, problem: Data) -> float:
    prediction = network.outputs(state, problem.inputs) - network.outputs(start, problem.inputs)
    return float(np.linalg.norm(problem.labels - prediction))


@dataclass
class _Bounds:
    """Running bounds on the eigenvalues of K(t) and on max_r |a_r(t)| over the stretches of a path covered so far."""

    problem: Data
    width: int
    path: Any
    error: float
    """Bound on the distance between the path and the exact flow."""
    slack: float = 0.0014
    """What the Lipschitz bound may cost: 1% of the smallest eigenvalue of the limiting kernel, 0.143."""
    lowest: float = np.inf
    highest: float = -np.inf
    readout: float = 0.0

    def cover(self, start: float, end: float, residual: float) -> None:
        """Extend the bounds to [start, end], given R at its start."""
        inputs, duration = self.problem.inputs, end - start
        points = len(inputs)
        size = float(np.abs(network.parts(self.path(start), inputs.shape[1])[1]).max()) + self.error
        largest = residual + network.residual_change(points, size, self.error)
        readout_speed = np.sqrt(points / self.width) * SUP_SIGMOID * largest
        size += readout_speed * duration
        weight_speed = size * np.linalg.norm(inputs, 2) * SUP_SLOPE * largest / np.sqrt(self.width)
        drift = network.kernel_change(points, size, weight_speed, readout_speed) * duration
        pieces = max(1, int(np.ceil(drift / (2 * self.slack))))
        states = np.ascontiguousarray(self.path(np.linspace(start, end, pieces + 1)).T)
        eigenvalues = np.linalg.eigvalsh([network.kernel(state, inputs) for state in states])
        margin = drift / (2 * pieces) + network.kernel_change(points, size, self.error, self.error)
        self.lowest = min(self.lowest, float(eigenvalues.min()) - margin)
        self.highest = max(self.highest, float(eigenvalues.max()) + margin)
        self.readout = max(self.readout, size)

    def constants(self) -> dict[str, float]:
        """Return λ̄, λ_max and γ, each strictly on its side of what it bounds."""
        if self.lowest <= 0:
            raise ArithmeticError(
                f"at width {self.width} the smallest eigenvalue is not bounded away from 0 along the path "
                f"(lower bound {self.lowest:.3g}): take a larger width"
            )
        return {
            "lambda_bar": (1 - STRICT) * self.lowest,
            "lambda_max": (1 + STRICT) * self.highest,
            "readout_bound": (1 + STRICT) * self.readout,
        }
