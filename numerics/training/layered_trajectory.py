"""What is recorded while many networks are trained at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from numerics.dense.namespace import Array, host
from numerics.dense.network import Weights
from numerics.training.layered import Problem


@dataclass(frozen=True, kw_only=True)
class Trajectories:
    """Paths of independent networks at k common times; all arrays are NumPy's.

    Where a network has left the range of floating-point numbers its entries are inf or nan.
    """

    times: np.ndarray
    """(k,); for steps of descent the number of the step times its size."""
    outputs: np.ndarray
    """f at the inputs, (k, draws, n, o)."""
    test_outputs: np.ndarray
    """f at the tests, (k, draws, q, o)."""
    linear_outputs: np.ndarray
    """The outputs of the linearised model at the inputs, trained in the same way; as `outputs`."""
    linear_test_outputs: np.ndarray
    """Its outputs at the tests."""
    errors: np.ndarray
    """An estimate from above of the error of every output of a draw by integration, (k, draws); 0 for descent, whose
    steps are what they are. It is the sum of estimated local errors, not a proven bound."""
    losses: np.ndarray
    """Σ_i ℓ(f(x_i), y_i), (k, draws)."""
    lowest: np.ndarray
    """λ_min(K) at the recorded times, (k, draws)."""
    highest: np.ndarray
    """λ_max(K)."""
    kernel_drift: np.ndarray
    """‖K(t) - K(0)‖_F / ‖K(0)‖_F."""
    movement: np.ndarray
    """‖θ(t) - θ(0)‖."""
    neuron_movement: np.ndarray
    """max_r ‖w_r(t) - w_r(0)‖ over the neurons of the first layer."""
    weights: Weights
    """The weights at the last time."""

    @property
    def linear_gap(self) -> np.ndarray:
        """‖f - f^lin‖ over the inputs, (k, draws)."""
        gap: np.ndarray = np.sqrt(np.sum((self.outputs - self.linear_outputs) ** 2, axis=(2, 3)))
        return gap

    @property
    def test_gap(self) -> np.ndarray:
        """The largest |f - f^lin| over the tests, (k, draws)."""
        gap: np.ndarray = np.max(np.abs(self.test_outputs - self.linear_test_outputs), axis=(2, 3))
        return gap


@dataclass
class Recorder:
    """Collects what `Trajectories` holds, one time after the other.

    Without `kernels` no kernel is computed, and without `movements` no distance to the start: nan stands for them.
    """

    problem: Problem
    kernels: bool = True
    movements: bool = True
    _rows: list[tuple[np.ndarray, ...]] = field(default_factory=list)
    _outputs: list[np.ndarray] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)
    _first: Array | None = None

    def record(self, time: float, weights: Weights, errors: np.ndarray | float = 0.0) -> None:
        """Record the networks as they are at a time."""
        problem, xp = self.problem, self.problem.xp
        outputs = problem.outputs(weights)
        losses = xp.sum(problem.loss.value(outputs[:, : problem.inputs.shape[0], :], problem.goals, xp), axis=-1)
        absent = np.full(problem.draws, np.nan)
        lowest, highest, drift = self._spectrum(weights) if self.kernels else (absent, absent, absent)
        movement, neuron = absent, absent
        if self.movements:
            movement, neuron = host(problem.movement(weights)), host(problem.neuron_movement(weights))
        self._times.append(time)
        self._outputs.append(host(outputs))
        self._rows.append(
            (
                np.broadcast_to(errors, (problem.draws,)),
                *(host(a) for a in (losses, lowest, highest, drift)),
                movement,
                neuron,
            )
        )

    def first(self, weights: Weights) -> None:
        """Take the kernel at these weights for K(0); without this call it is that of the first record."""
        self._first = host(self.problem.kernel(self.problem.tangent(weights)))

    def _spectrum(self, weights: Weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        kernel = host(self.problem.kernel(self.problem.tangent(weights)))
        if self._first is None:
            self._first = kernel
        drift = np.linalg.norm(kernel - self._first, axis=(1, 2)) / np.linalg.norm(self._first, axis=(1, 2))
        finite = np.all(np.isfinite(kernel), axis=(1, 2))
        values = np.linalg.eigvalsh(np.where(finite[:, None, None], kernel, 0.0))
        return np.where(finite, values[:, 0], np.nan), np.where(finite, values[:, -1], np.nan), drift

    def finished(self, linear: Sequence[np.ndarray], weights: Weights) -> Trajectories:
        """Return all that was recorded; `linear` are the outputs of the linearised model at the recorded times."""
        errors, losses, lowest, highest, drift, movement, neuron = (
            np.stack(column) for column in zip(*self._rows, strict=True)
        )
        outputs, straight, n = np.stack(self._outputs), np.stack(list(linear)), self.problem.inputs.shape[0]
        return Trajectories(
            times=np.array(self._times),
            outputs=outputs[:, :, :n],
            test_outputs=outputs[:, :, n:],
            linear_outputs=straight[:, :, :n],
            linear_test_outputs=straight[:, :, n:],
            errors=errors,
            losses=losses,
            lowest=lowest,
            highest=highest,
            kernel_drift=drift,
            movement=movement,
            neuron_movement=neuron,
            weights=weights,
        )
