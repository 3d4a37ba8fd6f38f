"""Training problems of fully connected networks of any depth: outputs, tangent kernels, and moves along gradients.

Everything is batched over independent draws, and runs on any namespace that `numerics.dense` runs on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from numerics.dense.namespace import Array, Namespace, host, kernel_blocks, product
from numerics.dense.network import Network, Weights
from numerics.dense.passes import Forward, backward, forward
from numerics.training.losses import SQUARE, Loss


@dataclass(frozen=True)
class Tangent:
    """What one forward and one backward pass on some inputs leave."""

    outputs: Array
    """f, (draws, n, o)."""
    passed: Forward
    signals: tuple[Array, ...]
    """The backward signals of the layers, ∂network/∂fʰ, each (draws, n, o, n_h)."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Networks drawn at random, to be trained on Σ_i ℓ(f(x_i), y_i) with the outputs f = κ·(network - its start).

    κ is `scale`; the output at the start is subtracted if `subtracted`. With `trained` "read-out" only the last
    layer's weights (and biases) move, else all of them. `inputs` (n, n₀); `targets` (n,) for one output, (n, o), or
    (draws, n, o) with targets of their own for every draw; `tests` (q, n₀), inputs to evaluate f at and not to
    train on. Raises ValueError where shapes do not fit together, a number is not finite, or the loss is not defined
    at the targets.
    """

    network: Network
    start: Weights
    inputs: Array
    targets: Array
    tests: Array | None = None
    loss: Loss = SQUARE
    scale: float = 1.0
    trained: Literal["all", "read-out"] = "all"
    subtracted: bool = False
    xp: Namespace = field(default=np, repr=False)

    def __post_init__(self) -> None:
        shapes = tuple(tuple(matrix.shape[1:]) for matrix in self.start.matrices)
        if shapes != self.network.fans:
            raise ValueError(f"weights of the shapes {shapes} are not those of the network, {self.network.fans}")
        for name, points in (("inputs", self.inputs), ("tests", self.tests)):
            if points is not None and (points.ndim != 2 or points.shape[1] != self.network.sizes[0]):
                raise ValueError(f"the {name} have the shape (number, {self.network.sizes[0]}), not {points.shape}")
            if points is not None and not np.all(np.isfinite(host(points))):
                raise ValueError(f"the {name} are finite numbers")
        if self.trained not in {"all", "read-out"}:
            raise ValueError(f"either 'all' layers are trained or the 'read-out', not {self.trained!r}")
        if not self.scale > 0:
            raise ValueError(f"the scale of the output is positive, not {self.scale}")
        n, o = self.inputs.shape[0], self.network.sizes[-1]
        shape = tuple(self.targets.shape)
        if shape not in {(n, o), (self.draws, n, o)} and not (shape == (n,) and o == 1):
            raise ValueError(f"targets for {n} inputs and {o} outputs have the shape {(n, o)}, not {shape}")
        self.loss.check(self.goals)

    @property
    def draws(self) -> int:
        """The number of networks."""
        return int(self.start.matrices[0].shape[0])

    @cached_property
    def goals(self) -> Array:
        """The targets with the axes (draws or 1, n, o)."""
        return self.xp.reshape(self.targets, (-1, self.inputs.shape[0], self.network.sizes[-1]))

    @cached_property
    def points(self) -> Array:
        """The inputs, and after them the tests: (n + q, n₀)."""
        if self.tests is None:
            return self.inputs
        join = self.xp.concat if hasattr(self.xp, "concat") else self.xp.concatenate  # CuPy's older name
        return join([self.inputs, self.tests], axis=0)

    @cached_property
    def origin(self) -> Array:
        """The networks' outputs at the start at all `points`, (draws, n + q, o), before κ."""
        return forward(self.network, self.start, self.points, xp=self.xp).output

    @property
    def layers(self) -> range:
        """The layers of weights that move."""
        count = len(self.start.matrices)
        return range(count) if self.trained == "all" else range(count - 1, count)

    def outputs(self, weights: Weights) -> Array:
        """Return f at the inputs and the tests, (draws, n + q, o)."""
        return self._output(forward(self.network, weights, self.points, xp=self.xp).output, None)

    def _output(self, raw: Array, rows: Array | None) -> Array:
        return self.scale * (raw - self._rows(self.origin, rows, 1) if self.subtracted else raw)

    def _rows(self, array: Array, rows: Array | None, axis: int) -> Array:
        return array if rows is None else self.xp.take(array, rows, axis=axis)

    def tangent(self, weights: Weights, rows: Array | None = None, *, tests: bool = False) -> Tangent:
        """Run the networks forward and backward on the inputs, or on those in `rows`; with `tests` on all `points`."""
        if rows is None and not tests:
            rows = self.xp.arange(self.inputs.shape[0])
        passed = forward(self.network, weights, self._rows(self.points, rows, 0), xp=self.xp)
        return Tangent(self._output(passed.output, rows), passed, backward(self.network, weights, passed, xp=self.xp))

    def kernel(self, tangent: Tangent) -> Array:
        """Return the tangent kernel of f over the weights that move: (draws, n o, n o), outputs fastest.

        κ² Σ_h ⟨Bʰ(x), Bʰ(x')⟩ (s_h² ⟨gʰ⁻¹(x), gʰ⁻¹(x')⟩ + β²).
        """
        total = 0.0
        for h in self.layers:
            before = tangent.passed.signals[h]
            covariance = self.network.scales[h] ** 2 * product(before, before, self.xp) + self.network.beta**2
            total = total + kernel_blocks(tangent.signals[h], self.xp) * covariance[..., None, None]
        blocks = self.xp.moveaxis(self.scale**2 * total, 3, 2)  # (draws, n, o, n, o)
        size = blocks.shape[1] * blocks.shape[2]
        return self.xp.reshape(blocks, (blocks.shape[0], size, size))

    def moved(self, weights: Weights, tangent: Tangent, coefficients: Array) -> Weights:
        """Return θ - Σ_{i,a} c_ia ∂f_a(x_i)/∂θ, with the gradients of `tangent` and `coefficients` (draws, n, o)."""
        matrices, biases = list(weights.matrices), list(weights.biases)
        for h in self.layers:
            pulled = self.xp.sum(coefficients[..., None] * tangent.signals[h], axis=2)  # (draws, n, n_h)
            by_weights = self.xp.matmul(self.xp.moveaxis(pulled, 1, 2), tangent.passed.signals[h])
            matrices[h] = matrices[h] - self.scale * self.network.scales[h] * by_weights
            if biases:
                biases[h] = biases[h] - self.scale * self.network.beta * self.xp.sum(pulled, axis=1)
        return Weights(matrices=tuple(matrices), biases=tuple(biases))

    def movement(self, weights: Weights) -> Array:
        """‖θ - θ(0)‖ for every draw."""
        pairs = zip((*weights.matrices, *weights.biases), (*self.start.matrices, *self.start.biases), strict=True)
        squares = [self.xp.sum((now - then) ** 2, axis=tuple(range(1, now.ndim))) for now, then in pairs]
        return self.xp.sqrt(sum(squares[1:], start=squares[0]))

    def neuron_movement(self, weights: Weights) -> Array:
        """max_r ‖w_r - w_r(0)‖ over the rows of the first layer's weights, for every draw."""
        moved = weights.matrices[0] - self.start.matrices[0]
        return self.xp.sqrt(self.xp.max(self.xp.sum(moved**2, axis=2), axis=1))


def extrapolated(better: Weights, worse: Weights, share: float) -> Weights:
    """Return better + share·(better - worse), which leaves weights that agree as they are."""

    def of(ones: Sequence[Array], others: Sequence[Array]) -> tuple[Array, ...]:
        return tuple(one + share * (one - other) for one, other in zip(ones, others, strict=True))

    return Weights(matrices=of(better.matrices, worse.matrices), biases=of(better.biases, worse.biases))
