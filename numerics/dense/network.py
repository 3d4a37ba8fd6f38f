"""Fully connected networks and the laws their weights are drawn from."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from numerics.dense.activations import Activation
from numerics.dense.namespace import Array, Namespace
from numerics.streams import standard_normals

FREEDOM = 5
"""Degrees of freedom of Student's law: the fewest, as an integer, with a finite fourth moment."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """g⁰ = x, fʰ = s_h Wʰ gʰ⁻¹ + β bʰ, gʰ = σ(fʰ) for the layers h = 1, …, H; the output is f^H.

    `sizes` are n₀, …, n_H, so that Wʰ has the shape (n_h, n_{h-1}); `scales` are s_1, …, s_H. With
    `activated_output` the output is g^H = σ(f^H).
    """

    sizes: tuple[int, ...]
    activation: Activation
    scales: tuple[float, ...]
    beta: float = 0.0
    activated_output: bool = False

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"a network needs two sizes or more, all positive, not {self.sizes}")
        if len(self.scales) != len(self.sizes) - 1:
            raise ValueError(f"{len(self.sizes) - 1} layers of weights need as many scales, not {len(self.scales)}")

    @property
    def fans(self) -> tuple[tuple[int, int], ...]:
        """The shapes (fan-out, fan-in) of the weights."""
        return tuple((fan_out, fan_in) for fan_in, fan_out in pairwise(self.sizes))


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Independent draws: `matrices[h]` of shape (draws, n_{h+1}, n_h), `biases[h]` (draws, n_{h+1}) or none."""

    matrices: tuple[Array, ...]
    biases: tuple[Array, ...] = ()


def fan_in_scales(sizes: tuple[int, ...], gain: float = 1.0) -> tuple[float, ...]:
    """The scales √(gain/n_{h-1}) of the NTK parametrisation."""
    return tuple(math.sqrt(gain / fan_in) for fan_in in sizes[:-1])


def _signs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return 2.0 * rng.integers(0, 2, shape) - 1


def _uniform(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.uniform(-math.sqrt(3), math.sqrt(3), shape)


def _student(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return math.sqrt((FREEDOM - 2) / FREEDOM) * rng.standard_t(FREEDOM, shape)


LAWS: dict[str, Callable[..., np.ndarray]] = {
    "normal": standard_normals,
    "rademacher": _signs,
    "uniform": _uniform,
    "student": _student,
}
"""Laws of mean 0 and variance 1, by name: N(0, 1), fair signs, uniform, Student's with 5 degrees of freedom."""


def draw(network: Network, draws: int, rng: np.random.Generator, *, law: str = "normal", xp: Namespace = np) -> Weights:
    """Draw all weights, first layer to last, then all biases (if β ≠ 0), independent of the given law.

    The numbers are NumPy's whatever the namespace: the same generator gives the same networks on a GPU.
    """
    sampler = LAWS[law]
    matrices = [sampler(rng, draws, *fan) for fan in network.fans]
    biases = [sampler(rng, draws, fan_out) for fan_out, _ in network.fans] if network.beta else []
    return Weights(matrices=tuple(map(xp.asarray, matrices)), biases=tuple(map(xp.asarray, biases)))
