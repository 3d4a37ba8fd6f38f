"""The path of a trained ReLU network between its events, and suprema along it that leave out no time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from numerics.training.linearised import Linearised
from numerics.training.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """The path at all its k + 1 stops: the events and the times at which it is looked at."""

    times: np.ndarray
    """(k + 1,)."""
    residuals: np.ndarray
    """r = y - u (k + 1, n)."""
    kernels: np.ndarray
    """The constant K of each piece between two events (p, n, n); ṙ = -Kr, also where neurons slide."""
    piece: np.ndarray
    """(k,): the piece that each interval between two stops belongs to."""


@dataclass(frozen=True, kw_only=True)
class ReluPath:
    """A trained ReLU network."""

    trajectory: Trajectory
    pieces: Pieces
    hits: int
    """How often a pre-activation came to 0."""
    slides: int
    """How often it was held there."""
    releases: int
    """How often a held one was let go."""
    rests: int
    """How many neurons came to w_r = 0. They stay there: one solution, and the only one if all points push back."""
    suprema: Mapping[str, tuple[float, float]]
    """Of `kernel_drift`, `linear_gap`, `test_gap`, `movement`, `neuron_movement` over all times: (value, error bound).

    The value is attained at a stop; the error covers what may happen between stops, by bounds on derivatives and
    lengths that are proven except for `test_gap`, where they are estimated from the derivatives at both ends.
    """

    @property
    def events(self) -> int:
        """Changes of the sign pattern, beginnings and ends of sliding."""
        return self.hits + self.releases


def by_length(distances: np.ndarray, lengths: np.ndarray) -> tuple[float, float]:
    """The supremum of distances from the start (…, k + 1), given bounds on the lengths of the ways between (…, k).

    On a way from a to b of length ℓ no distance is more than (d_a + d_b + ℓ)/2. Returns the largest at the stops, and
    by how much more it may be.
    """
    value = float(distances.max())
    highest = float(((distances[..., :-1] + distances[..., 1:] + lengths) / 2).max())
    return value, max(0.0, highest - value)


def by_slopes(values: np.ndarray, steps: np.ndarray, slopes: np.ndarray) -> tuple[float, float]:
    """The supremum of functions (k + 1, q) with absolute slopes (k + 1, q) at the ends of k steps, and an estimate.

    Were the slope what it is at the ends, the way between would have the length h (s_a + s_b)/2 (see `by_length`); what
    that allows above the larger end is taken twice.
    """
    value = float(values.max())
    ends = np.maximum(values[:-1], values[1:])
    allowed = (values[:-1] + values[1:] + steps[:, None] * (slopes[:-1] + slopes[1:]) / 2) / 2
    highest = float((ends + 2 * np.maximum(allowed - ends, 0)).max())
    return value, max(0.0, highest - value)


def linear_gap(pieces: Pieces, linear: Linearised) -> tuple[float, float]:
    """The supremum of ‖r - r_lin‖: the largest at the stops, and by how much more it may be.

    From a to a + h the difference D is at most h²/8 sup‖D̈‖ above the larger end, and
    ‖D̈‖ ≤ ‖K²r(a) - K_0²r_lin(a)‖ + h (‖K³r(a)‖ + ‖K_0³r_lin(a)‖).
    """
    lasting = linear.labels - linear.at(pieces.times)[0]
    gaps = np.linalg.norm(pieces.residuals - lasting, axis=1)
    kernels, steps = pieces.kernels[pieces.piece], np.diff(pieces.times)
    now, then = pieces.residuals[:-1], lasting[:-1]
    for _ in range(2):
        now, then = np.einsum("kij,kj->ki", kernels, now), then @ linear.kernel
    bend = np.linalg.norm(now - then, axis=1)
    third = np.linalg.norm(np.einsum("kij,kj->ki", kernels, now), axis=1)
    third += np.linalg.norm(then @ linear.kernel, axis=1)
    highest = np.maximum(gaps[:-1], gaps[1:]) + steps**2 / 8 * (bend + steps * third)
    return float(gaps.max()), max(0.0, float(highest.max()) - float(gaps.max()))
