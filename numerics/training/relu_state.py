"""What the compiled loops of the ReLU flow pass to each other: the neurons, the path, and what happens on it."""

from typing import NamedTuple

import numpy as np

NOTHING, HIT, FALL, RISE = 0, 1, 2, 3
"""What is found: a pre-activation at 0; a pin that gives way to the inactive side, to the active side."""


class Geometry(NamedTuple):
    """What bounds are made of."""

    gram: np.ndarray
    lengths: np.ndarray
    """‖x_i‖."""
    norm: float
    """‖X‖₂."""
    rate: float
    """At least λ_max(K) for any sign pattern: κ² max_r a_r² λ_max(G)."""
    scale: float
    """‖r(0)‖."""
    rank: int
    """That of X."""


class Neurons(NamedTuple):
    """The state of the m neurons on n points."""

    gain: np.ndarray
    """g_r (m,)."""
    start: np.ndarray
    """w_r(0)·x_i (m, n)."""
    status: np.ndarray
    """(m, n)."""
    moved: np.ndarray
    """c_r at the last change of status of the neuron (m, n)."""
    since: np.ndarray
    """S at that time (m, n)."""
    lever: np.ndarray
    """max_p √((G_PP⁻¹)_pp) (m,): |e(s)_p| ≤ lever ‖X‖₂ ‖s‖. Negative: a neuron that rests at w_r = 0."""
    volatile: np.ndarray
    """(m,): whether the neuron's window holds until the next event only."""
    windows: np.ndarray
    """A tree of minima over the m times up to which nothing can happen to a neuron: (2m,), the neurons from m on."""


class Event(NamedTuple):
    """What happens first on a piece."""

    time: float
    neuron: int
    """-1 where the windows got too short to go on."""
    point: int
    what: int
    early: float
    """How far the time may be from that of the zero."""


class Piece(NamedTuple):
    """The path between two events: r = V e^(-λτ) Vᵀ r_0, S = S_0 + ∫ r."""

    time: float
    values: np.ndarray
    vectors: np.ndarray
    parts: np.ndarray
    """Vᵀ r_0."""
    integral: np.ndarray
    """S_0."""


class Moment(NamedTuple):
    """The path at one time: r, ṙ, S; ‖r‖, which only falls, and ‖r̈‖, which only falls until the next event."""

    residual: np.ndarray
    rate: np.ndarray
    integral: np.ndarray
    size: float
    bend: float
    piece: Piece
    passed: float
    """The time since the piece began."""
