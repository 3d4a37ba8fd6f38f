"""Two-layer networks trained on the hinge loss, against the support vector machines of their limiting kernels.

f(x) = m^(-1/2) Σ_r a_r erf(w_r·x), both layers trained, a_r = ±1 and w_r ~ N(0, I) at the start θ₀. At unit inputs of
correlation ρ the limit of its tangent kernel is Σ + H, Σ = (2/π) arcsin(2ρ/3) of the read-out (the CK, or NNGP kernel)
and H = ρ (4/π)/√(9 - 4ρ²) of the weights. The problem is fixed: four examples of the plane, of which the bound C
holds two, one has a margin of its own, and one is no support vector.
"""

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.special import erf

from numerics.kernel_machines.svm import support_vectors
from numerics.streams import Columns, Parameters, standard_normals

BOUND = 1.0
"""C."""
_ANGLES = np.array([1.0, 2.9, 4.3, 4.9])
_LABELS = np.array([1.0, 1.0, -1.0, -1.0])
_TEST_ANGLES = np.array([0.2, 2.0, 3.6])
_N = len(_LABELS)
_SLOPE, _CURVATURE = 2 / math.sqrt(math.pi), 4 / math.sqrt(math.pi) * math.sqrt(0.5) * math.exp(-0.5)
"""sup |erf'| and sup |erf''|."""
_MOVE = math.sqrt(2 * BOUND * _N)
"""The objective at θ₀ is C n, so no point with less is farther from θ₀ than this."""
_INTERCEPT = 1e4
"""An intercept b with the penalty b²/(2 · 10⁴), next to nothing."""
_ROUNDS = 60
_NEAR = 3e-5
"""Near enough to the minimum: no more than a percent of any distance measured, and the columns say how much."""


@dataclass(frozen=True)
class _Limits:
    """The limiting machines at the test points."""

    tangent: np.ndarray
    readout: np.ndarray
    half: np.ndarray
    intercept: np.ndarray


def _gram() -> np.ndarray:
    """The correlations of all points, examples first, with the examples: shape (n + q, n)."""
    angles = np.concatenate([_ANGLES, _TEST_ANGLES])
    return np.asarray(np.cos(np.subtract.outer(angles, _ANGLES)))


def kernels() -> tuple[np.ndarray, np.ndarray]:
    """The limits Σ and H between all points, examples first, and the examples."""
    rho = _gram()
    return 2 / np.pi * np.arcsin(2 * rho / 3), rho * (4 / np.pi) / np.sqrt(9 - 4 * rho**2)


@cache
def _limits() -> _Limits:
    readout, weights = kernels()

    def machine(kernel: np.ndarray, bound: float = BOUND) -> np.ndarray:
        return support_vectors(kernel[:_N], _LABELS, bound=bound, mean=False).fit.predict(kernel[_N:])

    tangent = readout + weights
    return _Limits(
        tangent=machine(tangent),
        readout=machine(readout),
        half=machine(tangent, BOUND / 2),
        intercept=machine(tangent + _INTERCEPT),
    )


class _Network:
    """One network by its read-out, of shape (m,), and its pre-activations at p points, of shape (p, m)."""

    def __init__(self, readout: np.ndarray, preactivations: np.ndarray) -> None:
        self.readout, self.preactivations = readout, preactivations
        self.width = len(readout)
        self.values = erf(preactivations)

    @property
    def outputs(self) -> np.ndarray:
        return np.asarray(self.values @ self.readout / math.sqrt(self.width))

    @cached_property
    def weighted(self) -> np.ndarray:
        """a_r σ'(w_r·x), the slopes of the pre-activations in the output, times √m."""
        return np.asarray(self.readout * (_SLOPE * np.exp(-(self.preactivations**2))))

    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """The two parts of the tangent kernel among the examples."""
        kernel = self.weighted @ self.weighted.T / self.width
        return self.values @ self.values.T / self.width, _gram()[:_N] * kernel

    def moved(self, by: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What Σ_i by_i ∇f(x_i) adds to the read-out, and to all pre-activations, examples first."""
        root = math.sqrt(self.width)
        return by @ self.values / root, _gram() @ (by[:, None] * self.weighted) / root


def regularised(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Draw networks of width `m` at the minimum of ½‖θ - θ₀‖² + C Σ_i max(0, 1 - y_i f̂(x_i)), f̂ = f - f₀.

    The minimum by Gauss–Newton steps: the support vector machine of the network linearised where the last one ended.
    Columns, one entry for each of the `draws`, each the largest distance of f̂ at the test points from a limiting
    machine: `svm_gap` of the tangent kernel, `svm_gap_readout` of Σ, `svm_gap_half` of the tangent kernel with C/2,
    `svm_gap_intercept` of it with an intercept.

    Also returned are bounds on their errors, proven but for rounding. On the ball ‖θ - θ₀‖ <= √(2Cn), which holds
    every point with less than the objective at θ₀, the objective is strongly convex with the modulus
    μ = 1 - C n ((1 + √(2Cn)) sup|σ''| + sup|σ'|)/√m: so it has one minimum there, to which subgradient flow from θ₀
    tends. Where θ - θ₀ - Σ_i α_i y_i ∇f(x_i) = g and the multipliers miss complementarity by e, the minimum is within
    ‖g‖/μ + √(e/μ). Raises ValueError for a width at which μ is not positive,
    RuntimeError where what was found is outside that ball.
    """
    width, draws, limits = int(parameters["m"]), int(parameters["draws"]), _limits()
    steep = (1 + _MOVE) * _CURVATURE + _SLOPE
    modulus = 1 - BOUND * _N * steep / math.sqrt(width)
    if modulus <= 0:
        raise ValueError(f"at the width {width} the objective need not be convex")
    gradient = math.sqrt(1 + ((1 + _MOVE / math.sqrt(width)) * _SLOPE) ** 2)
    columns: dict[str, list[float]] = {}
    errors = []
    for _ in range(draws):
        outputs, distance = _minimum(*_start(width, rng), modulus)
        for name, values in _NAMED.items():
            columns.setdefault(name, []).append(float(np.abs(outputs - getattr(limits, values)).max()))
        errors.append(gradient * distance + 1e-12)
    bounds = np.array(errors)
    return {name: np.array(values) for name, values in columns.items()}, dict.fromkeys(columns, bounds)


_NAMED = {
    "svm_gap": "tangent",
    "svm_gap_readout": "readout",
    "svm_gap_half": "half",
    "svm_gap_intercept": "intercept",
}


def _start(width: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The read-out, and the pre-activations at all points, examples first."""
    weights = standard_normals(rng, 2, width)
    readout = np.where(rng.random(width) < 0.5, 1.0, -1.0)
    angles = np.concatenate([_ANGLES, _TEST_ANGLES])
    return readout, np.stack([np.cos(angles), np.sin(angles)], axis=1) @ weights


def _minimum(readout: np.ndarray, everywhere: np.ndarray, modulus: float) -> tuple[np.ndarray, float]:
    """f̂ at the test points, at weights that are within the distance returned of the minimum."""
    start = network = _Network(readout, everywhere[:_N])
    before, distance, shift = start.outputs, math.inf, np.zeros_like(everywhere)
    for _ in range(_ROUNDS):
        moved = network.values @ (network.readout - readout)
        moved += (network.weighted * shift[:_N]).sum(axis=1)
        offsets = network.outputs - before - moved / math.sqrt(len(readout))
        kernel = sum(network.parts(), np.zeros((_N, _N)))
        by = support_vectors(kernel, _LABELS, bound=BOUND, mean=False, start=offsets).multipliers * _LABELS
        more, shift = network.moved(by)
        earlier, network = network, _Network(readout + more, everywhere[:_N] + shift[:_N])
        last, distance = distance, _distance(earlier, network, by, before) / modulus
        if distance < _NEAR or distance > last / 2:
            break
    slopes = by[:, None] * earlier.weighted
    if float(more @ more + np.sum(slopes * (_gram()[:_N] @ slopes)) / len(readout)) > _MOVE**2:
        raise RuntimeError("the minimum found lies where the objective need not be convex")
    ends = (_Network(network.readout, everywhere[_N:] + shift[_N:]), _Network(readout, everywhere[_N:]))
    return ends[0].outputs - ends[1].outputs, distance


def _distance(earlier: _Network, network: _Network, by: np.ndarray, before: np.ndarray) -> float:
    """‖g‖ + √e for θ = θ₀ + Σ_i by_i ∇f(x_i) with the gradients where the network was earlier; μ <= 1."""
    readout = by @ (earlier.values - network.values)
    weights = by[:, None] * (earlier.weighted - network.weighted)
    square = float(readout @ readout + np.sum(weights * (_gram()[:_N] @ weights))) / network.width
    missed = 1 - _LABELS * (network.outputs - before)
    slack = float(np.sum(BOUND * np.maximum(missed, 0) - by * _LABELS * missed))
    return math.sqrt(max(square, 0)) + math.sqrt(max(slack, 0))


def penalised_readout(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw networks of width `m` trained on ½‖a‖² + C Σ_i max(0, 1 - y_i f(x_i)), both layers, for `steps` steps.

    Each step of length h = `step` is implicit, in the network linearised where it starts: it minimises the objective
    plus ‖θ - θ_k‖²/(2h), which in the limit h → 0 is subgradient flow. Columns, one entry for each of the `draws`: the
    largest distance of f at the test points from the limiting machine of Σ, `readout_svm_gap`, and from that of the
    tangent kernel, `readout_svm_gap_tangent`.
    """
    width, limits = int(parameters["m"]), _limits()
    step, steps = float(parameters["step"]), int(parameters["steps"])
    gaps: list[tuple[float, float]] = []
    for _ in range(int(parameters["draws"])):
        readout, everywhere = _start(width, rng)
        for _ in range(steps):
            network = _Network(readout, everywhere[:_N])
            of_readout, of_weights = network.parts()
            kernel, offsets = step / (1 + step) * of_readout + step * of_weights, network.outputs / (1 + step)
            by = support_vectors(kernel, _LABELS, bound=BOUND, mean=False, start=offsets).multipliers * _LABELS
            more, shift = network.moved(step * by)
            readout, everywhere = (readout + more) / (1 + step), everywhere + shift
        found = _Network(readout, everywhere[_N:]).outputs
        gaps.append((float(np.abs(found - limits.readout).max()), float(np.abs(found - limits.tangent).max())))
    first, second = np.array(gaps).T
    return {"readout_svm_gap": first, "readout_svm_gap_tangent": second}
