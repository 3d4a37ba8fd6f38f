"""Gradient flow of a smooth two-layer network as a trajectory, its errors propagated along the flow.

What bounds an error and what estimates it. The local errors are estimates (`exponential.LocalErrors`), and so is that
the logarithmic norm during a step is at most the larger one at its ends. Given these, with A = exp ∫μ dt, μ the
logarithmic norm, Λ >= λ_max(K) and λ̄ <= λ_min(K) on the path, C as in `floor`:

    parameters   e_θ grows by the factor A over an interval, and by the local error;
    kernel       e_K <= 2√(ηΛ) C e_θ; the local errors of K itself, each grown by A, are an estimate, far smaller at
                 large widths, where changes of the neurons cancel in K. The smaller of the two is taken;
    outputs      e_u' <= -λ̄e_u + e_K‖r‖ and the local errors, because the error obeys ε' = -Kε + (ΔK)r;
    tests        e_f <= |c| e_u + the local errors (of f, and |c| times those of u) + (1 + |c|) ∫e_K‖r‖ dt with c =
                 K⁻¹k(x): with K constant, the error of f(x) - cᵀu is driven by those of the kernels alone. An
                 estimate in that c is taken at the start, and the error of k(x) to be like that of K.
"""

from dataclasses import dataclass, field

import numpy as np

from numerics.training import exponential, runge_kutta
from numerics.training.exponential import LocalErrors, Point
from numerics.training.floor import Floor, Visit, jacobian_lipschitz
from numerics.training.linearised import Linearised
from numerics.training.trajectory import Trajectory
from numerics.training.two_layer import Model, gradient_norm, kernel_at_tests, log_norm, look

ROUNDING = 1e-12
"""Allowance for rounding, relative to numbers of order 1."""
NARROW, NARROWEST = 32.0, 5.0
"""Errors may grow by a factor whose logarithm goes as 1/(gm): κ√m in the NTK scaling, κ in the mean-field scaling. Up
to the first value of gm Runge-Kutta is used, which can be as exact as that needs; up to the second it is run twice."""
MOST, MOST_GROWTH = 1e3, 1e100
"""Errors of the parameters, and factors by which they grow, are not told apart above these: then nothing is known."""
TOLERANCE = 1e-5
"""Of the exponential steps, unless told otherwise: the local errors of the outputs relative to how far these move."""


def train(
    of: Model,
    start: np.ndarray,
    labels: np.ndarray,
    until: float,
    *,
    subtract: bool,
    tolerance: float = TOLERANCE,
) -> Trajectory:
    """Train on ½‖u - y‖² from the parameters `start` over [0, until] by gradient flow.

    With `subtract` the outputs at the start are subtracted: u(0) = 0. Raises ArithmeticError where steps get too short.
    """
    n = of.points
    initial = look(of, start).outputs
    offset = initial if subtract else np.zeros_like(initial)
    record = _Record(of, start, labels + offset[:n])
    size, target = of.factor * of.width, labels + offset[:n]
    points = (
        runge_kutta.flow(of, start, target, until, compare=size <= NARROWEST)
        if size <= NARROW
        else exponential.flow(of, start, target, until, tolerance)
    )
    for point in points:
        record.add(point)
    times, outputs = np.array(record.times), np.array(record.outputs) - offset
    test_kernel = kernel_at_tests(of, start)
    line = Linearised(labels, outputs[0, :n], outputs[0, n:], record.kernels[0], test_kernel)
    linear, linear_tests = line.at(times)
    floor = record.floor
    of_outputs, of_tests = record.propagate(floor.lowest, np.linalg.solve(record.kernels[0], test_kernel.T))
    of_kernel = np.array(record.of_kernel)
    size = float(np.linalg.norm(record.kernels[0]))
    return Trajectory(
        times=times,
        labels=labels,
        outputs=outputs[:, :n],
        test_outputs=outputs[:, n:],
        start_outputs=initial[:n],
        start_test_outputs=initial[n:],
        residual=np.array(record.residual),
        kernel_drift=np.array(record.drift) / size,
        movement=np.array(record.movement),
        neuron_movement=np.array(record.neuron_movement),
        linear_gap=np.linalg.norm(outputs[:, :n] - linear, axis=1),
        test_gap=np.abs(outputs[:, n:] - linear_tests).max(axis=1, initial=0.0),
        start_kernel=record.kernels[0],
        end_kernel=record.kernels[1],
        start_test_kernel=test_kernel,
        lowest=floor.lowest,
        highest=floor.highest,
        errors={
            "outputs": of_outputs,
            "residual": of_outputs,
            "linear_gap": of_outputs,
            "test_outputs": of_tests,
            "test_gap": of_tests,
            "kernel_drift": of_kernel / size + ROUNDING,
            "end_kernel": of_kernel[-1:],
            "movement": np.array(record.of_parameters) + ROUNDING,
            "neuron_movement": np.array(record.of_neurons) + ROUNDING,
        },
    )


@dataclass
class _Record:
    """What is kept of a path while it is followed: numbers at every time, but no parameters."""

    model: Model
    start: np.ndarray
    target: np.ndarray
    floor: Floor = field(init=False)
    times: list[float] = field(default_factory=list)
    outputs: list[np.ndarray] = field(default_factory=list)
    residual: list[float] = field(default_factory=list)
    drift: list[float] = field(default_factory=list)
    movement: list[float] = field(default_factory=list)
    neuron_movement: list[float] = field(default_factory=list)
    kernels: list[np.ndarray] = field(default_factory=list)
    """At the start, and now."""
    of_parameters: list[float] = field(default_factory=list)
    of_neurons: list[float] = field(default_factory=list)
    of_kernel: list[float] = field(default_factory=list)
    local: list[LocalErrors] = field(default_factory=list)
    by_gradient: list[tuple[float, ...]] = field(default_factory=list)
    """Bounds on the errors of the outputs and the test outputs by that of the parameters."""
    growth: list[float] = field(default_factory=list)
    """A since the last end of a step."""
    whole: list[bool] = field(default_factory=list)
    _last: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    """At the end of the last step: the time, the logarithmic norm, and the errors of θ, of a neuron, and of K."""

    def __post_init__(self) -> None:
        self.floor = Floor(self.model)

    def add(self, point: Point) -> None:
        """Look at the path."""
        of, n = self.model, self.model.points
        residual = self.target - point.seen.outputs[:n]
        moved = point.state - self.start
        by_neuron = np.sqrt(np.einsum("jr,jr->r", moved, moved))
        before, norm, of_parameters, of_neuron, of_kernel = self._last
        now = log_norm(of, point.state, residual) if point.whole else norm
        growth = float(np.exp(min(max(norm, now) * (point.time - before), np.log(MOST_GROWTH))))
        of_parameters = min(growth * of_parameters + point.local.parameters, point.distance, MOST)
        of_neuron = min(of_parameters, growth * of_neuron + point.local.neuron)
        readout = float(np.abs(point.state[-1] if of.trained else of.readout).max())
        visit = Visit(point.time, point.seen.kernel, float(np.linalg.norm(residual)), readout, of_parameters)
        self.floor.cover(visit)
        lipschitz = jacobian_lipschitz(of, readout + of_parameters)
        by_lipschitz = 2 * of.rate * self.floor.largest * lipschitz * of_parameters
        of_kernel = min(by_lipschitz, growth * of_kernel + point.local.kernel)
        self.kernels = [self.kernels[0] if self.kernels else point.seen.kernel, point.seen.kernel]
        if point.whole:
            self._last = point.time, now, of_parameters, of_neuron, of_kernel
        self.times.append(point.time)
        self.outputs.append(point.seen.outputs)
        self.residual.append(visit.residual)
        self.drift.append(float(np.linalg.norm(point.seen.kernel - self.kernels[0])))
        self.movement.append(float(np.linalg.norm(by_neuron)))
        self.neuron_movement.append(float(by_neuron.max()))
        self.of_parameters.append(of_parameters)
        self.of_neurons.append(of_neuron)
        self.of_kernel.append(of_kernel)
        self.local.append(point.local)
        by_gradient = np.inf, np.inf
        if np.isfinite(point.distance):
            norms = np.array([self.floor.largest, gradient_norm(of, point.state)])
            by_gradient = tuple(of_parameters * (norms + lipschitz * of_parameters))
        self.by_gradient.append(by_gradient)
        self.growth.append(growth)
        self.whole.append(point.whole)

    def propagate(self, lowest: float, dual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The errors of the outputs and of the test outputs at the times, given λ̄ and c = K⁻¹k(x) (n, q).

        Every point is reached from the end of the step before it, where the errors are those at `last`.
        """
        size = float(np.linalg.norm(dual, axis=0).max(initial=0.0))
        outputs, driven, last = [ROUNDING], [ROUNDING], 0
        for k, local in enumerate(self.local[1:], start=1):
            duration = self.times[k] - self.times[last]
            decay = float(np.exp(-lowest * duration))
            lasting = (1 - decay) / lowest if lowest * duration > 1e-12 else duration
            # The exact residual never grows: it is at most the first, and the error at most that and the residual.
            of_kernel = min(self.growth[k] * self.of_kernel[last], self.of_kernel[k])
            forced = of_kernel * min(self.residual[last] + outputs[last], self.residual[0]) * lasting
            most = min(self.residual[k] + self.residual[0], self.by_gradient[k][0]) + ROUNDING
            outputs.append(min(decay * outputs[last] + forced + local.outputs, most))
            driven.append(driven[last] + local.test_outputs + size * local.outputs + (1 + size) * forced)
            last = k if self.whole[k] else last
        by_gradient = np.array(self.by_gradient)[:, 1] + ROUNDING
        return np.array(outputs), np.minimum(size * np.array(outputs) + np.array(driven), by_gradient)
