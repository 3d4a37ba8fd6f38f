"""Gradient flow of a wide two-layer network by the exponential midpoint rule, extrapolated and corrected.

A step of length τ from θ: with K(θ) the midpoint θ' = θ + Jᵀ∫_0^{τ/2} e^{-Ks}r ds; with K' = K(θ') frozen,
θ + J(θ')ᵀS, S = ∫_0^τ e^{-K's}r ds = K'⁻¹(1 - e^{-K'τ})r. It is exact where K is constant, however long the step, and
of order 2 in the drift of K. Each step is

    taken whole and in two halves, and extrapolated from their difference D: halves + D/3;
    corrected: with J and K interpolated quadratically between the start, the middle and the end, ṙ = -K(t)r is solved
    as an equation of n numbers, and θ̃ = θ + ∫J(t)ᵀr(t) dt; first the middle, and then the end with the new middle.

The path goes on from the corrected end. Its difference to the extrapolated one, of order 3, stands for the error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from numerics.training.two_layer import Look, Model, look, push

GROWTH = 2.0
"""A step is at most this many times as long as the one before it."""
SAFETY = 2.0
"""Differences times this stand for errors. Compared with exact flows of 8 kinds of networks, the error was at most 1.3
times the difference, and most often a tenth of it."""
ROUNDING = 1e-13
"""What an error of the outputs may be besides."""
SHORTEST = 1e-9
"""A step below this fraction of the whole time means that the tolerance cannot be met."""


@dataclass(frozen=True, kw_only=True)
class LocalErrors:
    """Estimates of what a step adds to the errors."""

    parameters: float
    """‖Δθ‖."""
    neuron: float
    """max_r ‖Δθ_r‖."""
    outputs: float
    """‖Δu‖."""
    test_outputs: float
    """max |Δf(x)| over the test points."""
    kernel: float
    """‖ΔK‖_F."""


NO_ERRORS = LocalErrors(parameters=0.0, neuron=0.0, outputs=0.0, test_outputs=0.0, kernel=0.0)


@dataclass(frozen=True, kw_only=True)
class Point:
    """The network at the end of a step or half way through it."""

    time: float
    state: np.ndarray
    seen: Look
    local: LocalErrors
    """Made since the end of the last step."""
    whole: bool
    """Whether it is the end of a step."""
    distance: float = np.inf
    """Another estimate of the error of the parameters, all that was made since the start; infinite without one."""


State = tuple[np.ndarray, Look]
"""Parameters, and the network with them."""


def integral(kernel: np.ndarray, residual: np.ndarray, times: np.ndarray) -> np.ndarray:
    """∫_0^τ e^{-Ks}r ds (k, n) for each of the times τ (k,), K positive semi-definite."""
    eigenvalues, vectors = np.linalg.eigh(kernel)
    eigenvalues = np.maximum(eigenvalues, 0.0)
    exponents = eigenvalues * times[:, None]
    small = exponents < 1e-12
    factors = np.where(small, times[:, None], -np.expm1(-exponents) / np.where(small, 1.0, eigenvalues))
    return factors * (vectors.T @ residual) @ vectors.T


def flow(of: Model, start: np.ndarray, target: np.ndarray, until: float, tolerance: float) -> Iterator[Point]:
    """Follow ẇ = Jᵀ(target - f) from the parameters `start` over [0, until]: both points of every step, and the start.

    Steps are such that the estimated error of the outputs grows by at most `tolerance` times the length of the path
    of the outputs. Raises ArithmeticError where steps get too short.
    """
    n, time = of.points, 0.0
    state, seen = start, look(of, start)
    yield Point(time=0.0, state=state, seen=seen, local=NO_ERRORS, whole=True)
    # K is constant to first order, but for a first step the size of its drift is not known: begin where r moves little.
    length = min(until, 0.5 / float(np.linalg.norm(seen.kernel, 2)))
    while time < until:
        half, end = _step(of, (state, seen), target, length)
        moved = float(np.linalg.norm((end[1].outputs - seen.outputs)[:n]))
        ratio = end[2].outputs / (tolerance * moved + ROUNDING)
        if ratio <= 1:
            yield Point(time=time + length / 2, state=half[0], seen=half[1], local=half[2], whole=False)
            time = until if time + length >= until * (1 - 1e-12) else time + length
            state, seen, local = end
            yield Point(time=time, state=state, seen=seen, local=local, whole=True)
        length *= min(GROWTH, 0.8 / max(ratio, 1e-9) ** (1 / 3))
        if length < SHORTEST * until:
            raise ArithmeticError(f"gradient flow at width {of.width} needs steps below {length:.2g} at t = {time:.3g}")
        rest = until - time
        length = rest if length >= rest else min(length, rest / 2)


Corrected = tuple[np.ndarray, Look, LocalErrors]


def _step(of: Model, start: State, target: np.ndarray, length: float) -> tuple[Corrected, Corrected]:
    """The network half way through a step and at its end."""
    now = start[1]
    residual = target - now.outputs[: of.points]
    middles = integral(now.kernel, residual, length * np.array([0.5, 0.25]))
    coarse = _midpoint(of, start, middles[0], residual, length)
    half = _midpoint(of, start, middles[1], residual, length / 2)
    seen_half = look(of, half)
    residual_half = target - seen_half.outputs[: of.points]
    middle = integral(seen_half.kernel, residual_half, np.array([length / 4]))[0]
    fine = _midpoint(of, (half, seen_half), middle, residual_half, length / 2)
    end = fine + (fine - coarse) / 3
    seen_end = look(of, end)
    nodes = [now, seen_half, seen_end]
    over_half, _ = moments([node.kernel for node in nodes], residual, length)
    halfway = _corrected(of, start, nodes, over_half)
    nodes[1] = halfway[1]
    _, over_whole = moments([node.kernel for node in nodes], residual, length)
    whole = _corrected(of, start, nodes, over_whole)
    return (*halfway, _local_errors(of, (half, seen_half), halfway)), (
        *whole,
        _local_errors(of, (end, seen_end), whole),
    )


def _corrected(of: Model, start: State, nodes: Sequence[Look], weights: np.ndarray) -> State:
    """θ + ∫J(t)ᵀr(t) dt, given the moments of r (3, n) with the polynomials of the nodes."""
    state = push(of, start[0], *zip(nodes, weights, strict=True))
    return state, look(of, state)


def _midpoint(of: Model, start: State, to_middle: np.ndarray, residual: np.ndarray, length: float) -> np.ndarray:
    """The parameters after a step, given ∫r over its first half with K frozen at its start."""
    state, now = start
    middle = look(of, push(of, state, (now, to_middle)), outputs=False)
    return push(of, state, (middle, integral(middle.kernel, residual, np.array([length]))[0]))


def moments(kernels: Sequence[np.ndarray], residual: np.ndarray, length: float) -> np.ndarray:
    """∫ ℓ_j(t)r(t) dt over [0, τ/2] and over [0, τ], shape (2, 3, n), where ṙ = -K(t)r and K = Σ_j ℓ_j K_j.

    The ℓ_j are the quadratic polynomials 1 at one of 0, τ/2, τ and 0 at the others. By 4 and by 8 intervals on each of
    which K is frozen at its middle, extrapolated.
    """
    coarse, fine = (_frozen(np.array(kernels), residual, length, pieces) for pieces in (4, 8))
    return fine + (fine - coarse) / 3


def _frozen(kernels: np.ndarray, residual: np.ndarray, length: float, pieces: int) -> np.ndarray:
    edges = np.arange(pieces) / pieces
    eigenvalues, vectors = np.linalg.eigh(np.tensordot(_lagrange(edges + 0.5 / pieces), kernels, axes=(0, 0)))
    total = np.zeros((3, len(residual)))
    partial = total
    for edge, rates, basis in zip(edges, eigenvalues, vectors, strict=True):
        decay = np.exp(-length / pieces * rates * _AT[:, None])
        path = (decay * (basis.T @ residual)) @ basis.T
        partial = total if edge == 0.5 else partial
        total = total + length / pieces * (_lagrange(edge + _AT[:-1] / pieces) * _GAUSS) @ path[:-1]
        residual = path[-1]
    return np.stack([partial, total])


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_AT, _GAUSS = np.append((1 + _NODES) / 2, 1.0), _WEIGHTS / 2
"""Gauss's nodes in [0, 1], and 1 itself; and their weights."""


def _lagrange(t: np.ndarray) -> np.ndarray:
    """The quadratic polynomials that are 1 at one of 0, 1/2, 1 and 0 at the others, at t (k,): (3, k)."""
    return np.stack([(1 - t) * (1 - 2 * t), 4 * t * (1 - t), t * (2 * t - 1)])


def _local_errors(of: Model, first: State, second: State) -> LocalErrors:
    difference, change = second[0] - first[0], second[1].outputs - first[1].outputs
    by_neuron = np.sqrt((difference**2).sum(axis=0))
    return LocalErrors(
        parameters=SAFETY * float(np.linalg.norm(by_neuron)),
        neuron=SAFETY * float(by_neuron.max()),
        outputs=SAFETY * float(np.linalg.norm(change[: of.points])),
        test_outputs=SAFETY * float(np.abs(change[of.points :]).max(initial=0.0)),
        kernel=SAFETY * float(np.linalg.norm(second[1].kernel - first[1].kernel)),
    )
