"""The embedded Runge-Kutta method of Dormand and Prince, of orders 5 and 4, on tuples of arrays."""

from collections.abc import Callable, Sequence

from numerics.dense.namespace import Array

State = tuple[Array, ...]

STAGES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
"""The last of these is the step of order 5."""

FOURTH = (5179 / 57600, 0.0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40)
"""The step of order 4."""


class DormandPrince:
    """Takes steps of dx/dt = v(x). The velocity at the end of a step is kept for the next, once that is accepted."""

    def __init__(self, velocity: Callable[[State], State]) -> None:
        self._velocity = velocity
        self._start: State | None = None
        self._end: State | None = None

    def step(self, state: State, length: float) -> tuple[State, State]:
        """Return the states after a step by the methods of order 5 and of order 4."""
        if self._start is None:
            self._start = self._velocity(state)
        velocities, reached = [self._start], state
        for weights in STAGES:
            reached = _moved(state, length, weights, velocities)
            velocities.append(self._velocity(reached))
        self._end = velocities[-1]
        return reached, _moved(state, length, FOURTH, velocities)

    def accepted(self) -> None:
        """Go on from the state of order 5 that the last step returned."""
        self._start = self._end


def _moved(state: State, length: float, weights: Sequence[float], velocities: Sequence[State]) -> State:
    """The state moved along the weighted velocities."""
    moved = list(state)
    for weight, velocity in zip(weights, velocities, strict=True):
        if weight:
            moved = [array + length * weight * v for array, v in zip(moved, velocity, strict=True)]
    return tuple(moved)
