"""When the sign pattern of a two-layer ReLU network changes under gradient flow: compiled loops.

As long as the status of a neuron is the same, it moves by g_r Xᵀ e(ΔS), a linear map of S(t) = ∫₀ᵗ r, whatever other
neurons do (`relu_forces`). So w_r = w_r(0) + g_r Xᵀ c_r, where c_r sums e(ΔS) over the periods between changes of the
neuron's status: nothing but c_r is stored of a neuron. K, with ṙ = -Kr, is constant between events.
"""

import numpy as np

from numerics.compiled import linked
from numerics.training.relu_forces import ACTIVE, INACTIVE, PINNED, add_kernel, held, lever, settle
from numerics.training.relu_state import FALL, HIT, NOTHING, RISE, Event, Geometry, Moment, Neurons, Piece

TOUCH = 1e-12
"""A pre-activation this near to 0 is at 0: some thousand units in the last place of a number of order 1."""
STILL = 1e-11
"""A speed below this fraction of its bound is not told from 0: after a pin gives way the speed starts from 0."""
MARCHES = 100_000
"""Windows per neuron between two events; hundreds are many."""


@linked
def at(piece: Piece, time: float) -> Moment:
    """The path at a time of the piece."""
    n = len(piece.parts)
    tau = time - piece.time
    residual, rate, integral = np.zeros(n), np.zeros(n), piece.integral.copy()
    size, bend = 0.0, 0.0
    for k in range(n):
        value = piece.values[k]
        left = np.exp(-value * tau) * piece.parts[k]
        passed = tau if value == 0.0 else -np.expm1(-value * tau) / value
        size += left * left
        bend += (value * value * left) ** 2
        for i in range(n):
            residual[i] += piece.vectors[i, k] * left
            rate[i] -= piece.vectors[i, k] * value * left
            integral[i] += piece.vectors[i, k] * passed * piece.parts[k]
    return Moment(residual, rate, integral, np.sqrt(size), np.sqrt(bend), piece, tau)


@linked
def _calm(now: Moment, status: np.ndarray) -> float:
    """A bound on ‖r̈‖ over the points that a neuron is active or held on, until the next event.

    Σ_k λ_k² |(Vᵀr)_k| ‖V_k‖, V_k the eigenvector on these points: a neuron may have come to rest long before the
    residual elsewhere.
    """
    n, bend = len(status), 0.0
    for k in range(n):
        square = 0.0
        for i in range(n):
            if status[i] != INACTIVE:
                square += now.piece.vectors[i, k] ** 2
        value = now.piece.values[k]
        bend += value * value * np.exp(-value * now.passed) * abs(now.piece.parts[k]) * np.sqrt(square)
    return min(bend, now.bend)


@linked
def _bounds_of_point(now: Moment, status: np.ndarray, gram: np.ndarray, point: int) -> tuple[float, float]:
    """Bounds on the second and third derivative of a pre-activation over g_r, until the next event.

    It is a sum of exponentials: Σ_k λ_k |(Vᵀr)_k G_i·e(V_k)|, and the same with λ_k².
    """
    n, second, third = len(status), 0.0, 0.0
    mode = np.empty(n)
    for k in range(n):
        for i in range(n):
            mode[i] = now.piece.vectors[i, k]
        force, along = held(status, gram, mode), 0.0
        for i in range(n):
            along += gram[point, i] * force[i]
        value = abs(now.piece.values[k])
        rate = value * np.exp(-now.piece.values[k] * now.passed) * abs(now.piece.parts[k] * along)
        second += rate
        third += value * rate
    return second, third


@linked
def displacement(neurons: Neurons, r: int, gram: np.ndarray, integral: np.ndarray) -> np.ndarray:
    """c_r when S is `integral` (n,)."""
    n = len(gram)
    passed = np.empty(n)
    for i in range(n):
        passed[i] = integral[i] - neurons.since[r, i]
    result = held(neurons.status[r], gram, passed)
    for i in range(n):
        result[i] += neurons.moved[r, i]
    return result


@linked
def _first_zero(distance: float, speed: float, bend: float) -> float:
    """The time before which distance + speed τ - bend τ²/2 > 0, for distance >= 0 and bend >= 0."""
    bend = max(bend, 1e-200)  # products of smaller numbers underflow
    root = np.sqrt(speed * speed + 2.0 * bend * distance)
    return 2.0 * distance / (root - speed) if speed < 0.0 else (speed + root) / bend


@linked
def examine(neurons: Neurons, r: int, now: Moment, geometry: Geometry) -> tuple[float, int, int, bool]:
    """What happens to a neuron next: (time, point, what, whether the time holds until the next event only).

    NOTHING happens for the time returned. That is bounded below by Taylor's formula at this moment, with a bound on
    the second derivative (third, where distance and speed are 0): it never skips a zero, however short the visit to
    the other side, and approaches one quadratically. Bounds on pre-activations hold across events of other neurons,
    as S has a continuous derivative r, and |d²(w_r·x_i)/dt²| ≤ |g_r| ‖x_i‖ ‖X‖₂ ‖ṙ‖; those on pins do not, as their
    forces e(r)_p have a derivative that jumps with K. With HIT comes how long before the zero this moment may be.
    """
    n, status, gain = len(now.residual), neurons.status[r], neurons.gain[r]
    pins, active = 0, 0
    for i in range(n):
        pins += status[i] == PINNED
        active += status[i] == ACTIVE
    if pins + active == 0:
        return np.inf, 0, NOTHING, False
    gram = geometry.gram
    moved = displacement(neurons, r, gram, now.integral)
    push, change = held(status, gram, now.residual), held(status, gram, now.rate)
    sign = 1.0 if gain > 0.0 else -1.0
    window, limited = np.inf, pins > 0
    calm = _calm(now, status) if limited else 0.0
    for i in range(n):
        if status[i] == PINNED:
            bend = (neurons.lever[r] * geometry.norm + 1.0) * calm
            below, below_rate = -sign * push[i], -sign * change[i]
            above, above_rate = -sign * now.residual[i] - below, -sign * now.rate[i] - below_rate
            if below <= TOUCH * now.size and below_rate < 0.0:
                return 0.0, i, FALL, True
            if above <= TOUCH * now.size and above_rate < 0.0:
                return 0.0, i, RISE, True
            slack = TOUCH * geometry.scale
            window = min(window, _first_zero(max(below, 0.0) + slack, below_rate, bend))
            window = min(window, _first_zero(max(above, 0.0) + slack, above_rate, bend))
            continue
        side = 1.0 if status[i] == ACTIVE else -1.0
        distance, speed, turn = side * neurons.start[r, i], 0.0, 0.0
        for j in range(n):
            distance += side * gain * gram[i, j] * moved[j]
            speed += side * gain * gram[i, j] * push[j]
            turn += side * gain * gram[i, j] * change[j]
        leverage = abs(gain) * geometry.lengths[i] * geometry.norm
        fastest, touch = leverage * now.size, TOUCH * geometry.lengths[i]
        if distance <= touch and (speed < -STILL * fastest or (speed < 0.0 and distance < -99.0 * touch)):
            return abs(distance) / -speed, i, HIT, True
        room = max(distance, 0.0) + touch
        time = max(room / fastest, _first_zero(room, speed, fastest * geometry.rate))
        if time * geometry.rate < 1e-3:
            second, third = _bounds_of_point(now, status, gram, i)
            limited, time = True, max(time, _first_zero(room, speed, abs(gain) * second))
            if speed >= -STILL * fastest and turn > 0.0:
                time = max(time, 2.0 * turn / max(abs(gain) * third, 1e-200))
        window = min(window, time)
    return window, 0, NOTHING, limited


@linked
def _set_window(windows: np.ndarray, r: int, time: float) -> None:
    place = r + len(windows) // 2
    windows[place] = time
    while place > 1:
        place //= 2
        windows[place] = min(windows[2 * place], windows[2 * place + 1])


@linked
def renew(neurons: Neurons, which: int, time: float, now: Moment, geometry: Geometry) -> None:
    """Find the windows again of neuron `which` and of those whose windows ended with an event; -1: of all."""
    for r in range(len(neurons.gain)):
        if which < 0 or r == which or neurons.volatile[r]:
            window, _, _, limited = examine(neurons, r, now, geometry)
            neurons.volatile[r] = limited
            _set_window(neurons.windows, r, time if limited and window <= 0.0 else time + window)


@linked
def march(neurons: Neurons, piece: Piece, until: float, geometry: Geometry) -> Event:
    """Follow a piece to its end, or to `until` if NOTHING happens before."""
    windows = neurons.windows
    size = len(windows) // 2
    for _ in range(MARCHES * size):
        if windows[1] >= until:
            return Event(until, 0, 0, NOTHING, 0.0)
        place = 1
        while place < size:
            place = 2 * place if windows[2 * place] == windows[place] else 2 * place + 1
        r, time = place - size, windows[1]
        window, point, what, limited = examine(neurons, r, at(piece, time), geometry)
        if what != NOTHING:
            return Event(time, r, point, what, window)
        neurons.volatile[r] = limited
        # No step is lost in the rounding of the time; a zero skipped by so little is still found.
        _set_window(windows, r, time + max(window, 4e-16 * time))
    return Event(windows[1], -1, 0, NOTHING, 0.0)


@linked
def change(neurons: Neurons, event: Event, now: Moment, geometry: Geometry, kernel: np.ndarray) -> bool:
    """Change a neuron at an event, and `kernel` by the change of g_r² M_r. Returns whether a new status was found.

    A neuron that is held on as many planes as leave it no room has come to w_r = 0 and rests there; one that is active
    nowhere rests where it is, and no force is needed to hold it.
    """
    gram, r, point = geometry.gram, event.neuron, event.point
    n, status, gain = len(gram), neurons.status[r], neurons.gain[r]
    moved = displacement(neurons, r, gram, now.integral)
    add_kernel(status, gram, -gain * gain, kernel)
    pins = 0
    for i in range(n):
        neurons.moved[r, i] = moved[i]
        neurons.since[r, i] = now.integral[i]
        pins += status[i] == PINNED
    found, rests = True, False
    if event.what == FALL:
        status[point] = INACTIVE
    elif event.what == RISE:
        status[point] = ACTIVE
    elif pins + 1 == geometry.rank and geometry.rank < n:
        rests = True
    else:
        found = settle(status, gram, now.residual, 1.0 if gain > 0.0 else -1.0, point)
    active = 0
    for i in range(n):
        active += status[i] == ACTIVE
    if rests or active == 0:
        for i in range(n):
            status[i] = INACTIVE
    add_kernel(status, gram, gain * gain, kernel)
    neurons.lever[r] = -1.0 if rests else lever(status, gram)
    return found


@linked
def observe(
    neurons: Neurons, now: Moment, gram: np.ndarray, test_start: np.ndarray, test_gram: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The network at a moment: (outputs (n,), test outputs (q,), their rates (q,), ‖w_r - w_r(0)‖ (m,)).

    `test_start` are the w_r(0)·x (m, q) of the test points, `test_gram` their inner products with the inputs (q, n).
    """
    m, n, q = len(neurons.gain), len(gram), len(test_gram)
    outputs, test, rates, movement = np.zeros(n), np.zeros(q), np.zeros(q), np.zeros(m)
    for r in range(m):
        status, gain = neurons.status[r], neurons.gain[r]
        moved = displacement(neurons, r, gram, now.integral)
        push = held(status, gram, now.residual)
        square = 0.0
        for i in range(n):
            along = 0.0
            for j in range(n):
                along += gram[i, j] * moved[j]
            square += moved[i] * along
            outputs[i] += gain * max(neurons.start[r, i] + gain * along, 0.0)
        movement[r] = abs(gain) * np.sqrt(max(square, 0.0))
        for k in range(q):
            value, speed = test_start[r, k], 0.0
            for j in range(n):
                value += gain * test_gram[k, j] * moved[j]
                speed += gain * test_gram[k, j] * push[j]
            if value > 0.0:
                test[k] += gain * value
                rates[k] += gain * speed
    return outputs, test, rates, movement
