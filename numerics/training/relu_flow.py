"""Gradient flow of the two-layer ReLU network, first layer trained: exact between events, in the space of functions.

f(x) = κ m^(-1/2) Σ_r a_r max(w_r·x, 0), loss ½ Σ_i (y_i - u_i)². The right side jumps where a pre-activation changes
sign, and a neuron may slide along w_r·x_i = 0: solutions are Filippov's. Between events the kernel K is constant, and
r(τ) = e^(-Kτ) r, S(τ) = ∫ r = K⁻¹ (1 - e^(-Kτ)) r and w_r(τ) = w_r + g_r Xᵀ e_r(S) are exact (`relu_events`). Memory
O(nm) for the network and O(n²) for each event, of which there are O(√m).
"""

from typing import NamedTuple

import numpy as np

from numerics.data import Data
from numerics.training import relu_events as events
from numerics.training.linearised import Linearised
from numerics.training.relu_forces import ACTIVE, INACTIVE, PINNED, add_kernel, held
from numerics.training.relu_path import Pieces, ReluPath, by_length, by_slopes, linear_gap
from numerics.training.relu_state import FALL, HIT, NOTHING, RISE, Event, Geometry, Moment, Neurons, Piece
from numerics.training.trajectory import Trajectory

NODES = 96
"""A path is looked at at this many times, in geometric progression up to the end, and at 0."""
SAFETY = 10.0
"""What is known of the error from the path itself, times this, stands for the error."""
ROUNDING = 1e-12
"""Relative rounding errors: some 4000 units in the last place."""
AFRESH = 256
"""After this many events K is summed anew over all neurons, lest rounding errors add up."""
CROWDED = 1000
"""More events than this for each neuron and point are taken for an accumulation."""


def relu_flow(
    weights: np.ndarray,
    readout: np.ndarray,
    problem: Data,
    until: float,
    *,
    test_inputs: np.ndarray,
    subtract: bool = False,
    scale: float = 1.0,
) -> ReluPath:
    """Train the network from W (m, d) with fixed read-out a (m,) over [0, until]; `scale` is κ.

    With `subtract`, the outputs at the start are subtracted: u(0) = 0. The errors are estimates, by SAFETY: the
    residual that the weights have, against that by which they moved; and how far events may be misplaced, within the
    tolerance of the zeros, times the jumps of the velocity there. (A path that all but touches 0 may go either way.)
    Raises ValueError if two inputs are parallel, or a pre-activation or read-out weight is 0 at the start;
    ArithmeticError where events accumulate.
    """
    run = _Run(weights, readout, problem, test_inputs=test_inputs, subtract=subtract, scale=scale)
    run.look()
    for time in until * np.geomspace(min(0.5, 0.02 / (until * run.geometry.rate)), 1.0, NODES):
        run.follow(float(time))
        run.look()
    return run.path()


class _Node(NamedTuple):
    """The network at a time at which it is looked at."""

    time: float
    residual: np.ndarray
    test_outputs: np.ndarray
    test_rates: np.ndarray
    moved: np.ndarray
    """‖w_r - w_r(0)‖ (m,)."""


class _Run:
    """A path under construction."""

    def __init__(
        self,
        weights: np.ndarray,
        readout: np.ndarray,
        problem: Data,
        *,
        test_inputs: np.ndarray,
        subtract: bool,
        scale: float,
    ) -> None:
        inputs, width = problem.inputs, len(weights)
        start, gram = weights @ inputs.T, inputs @ inputs.T
        lengths, norm = np.sqrt(np.diag(gram)), float(np.linalg.norm(inputs, 2))
        if np.any(np.abs(np.triu(gram, 1)) > (1 - 1e-9) * np.outer(lengths, lengths)):
            raise ValueError("two inputs are parallel: their pre-activations reach 0 together")
        if np.any(start == 0) or np.any(readout == 0):
            raise ValueError("a pre-activation or a read-out weight is 0 at the start")
        self.labels = problem.labels
        self.gain = scale / np.sqrt(width) * np.asarray(readout, dtype=float)
        self.strength = scale * float(np.abs(readout).max())
        self.start_outputs = self.gain @ np.maximum(start, 0)
        self.offset = self.start_outputs if subtract else np.zeros_like(self.labels)
        residual = self.labels - (self.start_outputs - self.offset)
        size, rank = float(np.linalg.norm(residual)), int(np.linalg.matrix_rank(inputs))
        self.geometry = Geometry(gram, lengths, norm, (self.strength * norm) ** 2, size, rank)
        self.neurons = Neurons(
            gain=self.gain,
            start=start,
            status=np.where(start > 0, ACTIVE, INACTIVE).astype(np.int8),
            moved=np.zeros_like(start),
            since=np.zeros_like(start),
            lever=np.zeros(width),
            volatile=np.zeros(width, dtype=np.bool_),
            windows=np.full(2 * width, np.inf),
        )
        self.test_gram, self.test_start = test_inputs @ inputs.T, weights @ test_inputs.T
        self.test_length = float(np.linalg.norm(test_inputs, axis=1).max())
        self.start_test = self.gain @ np.maximum(self.test_start, 0)
        self.test_offset = self.start_test if subtract else np.zeros_like(self.start_test)
        self.counts = dict.fromkeys((HIT, FALL, RISE), 0)
        self.slides, self.misplaced, self.mismatch = 0, 0.0, 0.0
        self.times, self.residuals, self.kernels = [0.0], [residual], [self._kernel()]
        self.piece: list[int] = []
        self.nodes: list[_Node] = []
        self._begin(0.0, residual, np.zeros_like(residual), -1)

    def _kernel(self) -> np.ndarray:
        """K, from nothing but the status of the neurons."""
        status, held_somewhere = self.neurons.status, (self.neurons.status == PINNED).any(axis=1)
        active = ((status == ACTIVE) & ~held_somewhere[:, None]) * self.gain[:, None]
        kernel = self.geometry.gram * (active.T @ active)
        for r in np.flatnonzero(held_somewhere):
            add_kernel(status[r], self.geometry.gram, self.gain[r] ** 2, kernel)
        return kernel

    def _begin(self, time: float, residual: np.ndarray, integral: np.ndarray, neuron: int) -> None:
        """Begin a piece, at which the status of `neuron` has changed."""
        values, vectors = np.linalg.eigh(self.kernels[-1])
        self.current = Piece(time, values, vectors, residual @ vectors, integral)
        events.renew(self.neurons, neuron, time, events.at(self.current, time), self.geometry)

    def follow(self, until: float) -> None:
        """Follow the flow through all events up to a time."""
        while True:
            event = events.march(self.neurons, self.current, until, self.geometry)
            if event.neuron < 0 or len(self.kernels) > CROWDED * self.neurons.start.size:
                raise ArithmeticError(f"events accumulate at t = {event.time}")
            now = events.at(self.current, event.time)
            self.times.append(event.time)
            self.residuals.append(now.residual)
            self.piece.append(len(self.kernels) - 1)
            if event.what == NOTHING:
                return
            self._pass(event, now)

    def _pass(self, event: Event, now: Moment) -> None:
        kernel, status, gram = self.kernels[-1].copy(), self.neurons.status[event.neuron], self.geometry.gram
        push = held(status, gram, now.residual)
        if not events.change(self.neurons, event, now, self.geometry, kernel):
            raise ArithmeticError(f"no direction was found at an event at t = {event.time}")
        self.counts[event.what] += 1
        if event.what == HIT:
            self.slides += bool(status[event.point] == PINNED)
            jump = held(status, gram, now.residual) - push
            change = abs(self.gain[event.neuron]) * np.sqrt(max(0.0, jump @ gram @ jump))
            self.misplaced += float(change) * event.early
        if len(self.kernels) % AFRESH == 0:
            afresh = self._kernel()
            if np.abs(afresh - kernel).max() > ROUNDING * np.abs(afresh).max():
                raise ArithmeticError("the kernel drifted away from the sum over its neurons")
            kernel = afresh
        self.kernels.append(kernel)
        self._begin(event.time, now.residual, now.integral, event.neuron)

    def look(self) -> None:
        """Record the network at the present stop."""
        now = events.at(self.current, self.times[-1])
        outputs, test, rates, moved = events.observe(
            self.neurons, now, self.geometry.gram, self.test_start, self.test_gram
        )
        residual = self.residuals[-1]
        gap = float(np.linalg.norm(self.labels - (outputs - self.offset) - residual))
        self.mismatch = max(self.mismatch, gap)
        self.nodes.append(_Node(self.times[-1], residual, test - self.test_offset, rates, moved))

    def path(self) -> ReluPath:
        """The path as it was followed."""
        times, residuals, tests, rates, moved = (np.array(column) for column in zip(*self.nodes, strict=True))
        pieces = Pieces(
            times=np.array(self.times),
            residuals=np.array(self.residuals),
            kernels=np.array(self.kernels),
            piece=np.array(self.piece),
        )
        start_kernel, spectra = self.kernels[0], np.linalg.eigvalsh(pieces.kernels)
        size = float(np.linalg.norm(start_kernel))
        drifts = np.linalg.norm(pieces.kernels - start_kernel, axis=(1, 2)) / (size or 1.0)
        test_kernel = self.test_gram * ((self.test_start > 0).T * self.gain**2 @ (self.neurons.start > 0))
        linear = Linearised(self.labels, self.labels - residuals[0], tests[0], start_kernel, test_kernel)
        lasting, lasting_test = linear.at(times)
        gaps, gap_rates = np.abs(tests - lasting_test), np.abs(rates - (self.labels - lasting) @ test_kernel.T)
        movement, norms = np.linalg.norm(moved, axis=1), np.linalg.norm(residuals, axis=1)
        errors = self._errors()
        trajectory = Trajectory(
            times=times,
            labels=self.labels,
            outputs=self.labels - residuals,
            test_outputs=tests,
            start_outputs=self.start_outputs,
            start_test_outputs=self.start_test,
            residual=norms,
            kernel_drift=drifts[np.append(pieces.piece, len(drifts) - 1)[np.searchsorted(pieces.times, times)]],
            movement=movement,
            neuron_movement=moved.max(axis=1),
            linear_gap=np.linalg.norm(self.labels - residuals - lasting, axis=1),
            test_gap=gaps.max(axis=1),
            start_kernel=start_kernel,
            end_kernel=self.kernels[-1],
            start_test_kernel=test_kernel,
            lowest=float(spectra.min()) - ROUNDING * size,
            highest=float(spectra.max()) + ROUNDING * size,
            errors={name: np.full(1 if name == "end_kernel" else len(times), errors[name]) for name in errors},
        )
        steps = np.diff(times)
        # ‖Ẇ‖² = rᵀKr = -d(‖r‖²/2)/dt, and ‖ẇ_r‖ ≤ |g_r| ‖X‖₂ ‖r‖.
        lengths = np.sqrt(steps * np.maximum(-np.diff(norms**2) / 2, 0))
        neuron_lengths = steps * norms[:-1] * self.geometry.norm * np.abs(self.gain)[:, None]
        suprema = {
            "kernel_drift": (float(drifts.max()), 0.0),
            "linear_gap": linear_gap(pieces, linear),
            "test_gap": by_slopes(gaps, steps, gap_rates),
            "movement": by_length(movement, lengths),
            "neuron_movement": by_length(moved.T, neuron_lengths),
        }
        return ReluPath(
            trajectory=trajectory,
            pieces=pieces,
            hits=self.counts[HIT],
            slides=self.slides,
            releases=self.counts[FALL] + self.counts[RISE],
            rests=int(np.sum(self.neurons.lever < 0)),
            suprema={name: (value, error + errors[name]) for name, (value, error) in suprema.items()},
        )

    def _errors(self) -> dict[str, float]:
        """Those of the columns of the trajectory, at any time."""
        weights = SAFETY * self.misplaced + ROUNDING
        residual = self.strength * self.geometry.norm * weights + SAFETY * self.mismatch
        test = self.strength * self.test_length * weights
        return {
            "outputs": residual,
            "residual": residual,
            "linear_gap": residual,
            "test_outputs": test,
            "test_gap": test,
            "kernel_drift": ROUNDING,
            "end_kernel": ROUNDING * float(np.linalg.norm(self.kernels[0])),
            "movement": weights,
            "neuron_movement": weights,
        }
