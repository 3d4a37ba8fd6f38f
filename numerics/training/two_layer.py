"""Two-layer networks of smooth activations: outputs, tangent kernel and steps, in memory O(nm).

f(x) = g Σ_r a_r σ(w_r·x), r = 1, …, m, with σ one of tanh, erf, softplus and Φ (the normal distribution function).
Gradient flow of ½‖u - y‖² at the learning rate η moves the outputs on the n inputs x_i by u̇ = -K(u - y),

    K_ij = ηg² (x_i·x_j Σ_r a_r² σ'(w_r·x_i) σ'(w_r·x_j) + Σ_r σ(w_r·x_i) σ(w_r·x_j)),

the second sum where the read-out is trained too. With the NTK scaling g = κ m^(-1/2), η = 1; with the mean-field
scaling g = κ/m, η = m; K is of order κ² either way.
"""

from dataclasses import dataclass, replace

import numpy as np

from numerics.streams import standard_normals
from numerics.training.activations import ACTIVATIONS, activate

BLOCK = 4096
"""Neurons looked at together: what is computed of them stays in the cache of a core."""


@dataclass(frozen=True)
class Model:
    """A training problem but for the parameters: they are the rows of W transposed, and of a where it is trained."""

    activation: str
    inputs: np.ndarray
    """(n, d)."""
    test_inputs: np.ndarray
    """(q, d)."""
    width: int
    factor: float
    """g."""
    rate: float
    """η."""
    readout: np.ndarray
    """a at the start (m,)."""
    trained: bool
    """Whether a is trained."""

    @property
    def points(self) -> int:
        """The number n of training points."""
        return len(self.inputs)

    def norm(self) -> float:
        """‖X‖, in the operator norm."""
        return float(np.linalg.norm(self.inputs, 2))


@dataclass(frozen=True)
class Look:
    """A network at one time: what its speed and its kernel are made of."""

    outputs: np.ndarray
    """f at the training and the test points (n + q,)."""
    kernel: np.ndarray
    """K (n, n)."""
    slopes: np.ndarray
    """a_r σ'(w_r·x_i) (n, m)."""
    values: np.ndarray
    """σ(w_r·x_i) (n, m); where the read-out is not trained, (0, m)."""


def model(
    activation: str,
    inputs: np.ndarray,
    test_inputs: np.ndarray,
    readout: np.ndarray,
    *,
    trained: bool,
    scale: float = 1.0,
    scaling: str = "ntk",
) -> Model:
    """A network of width m = len(`readout`) with κ = `scale`, in the scaling "ntk" or "mean-field".

    Raises ValueError for another activation or scaling, KeyError for none.
    """
    width = len(readout)
    if activation not in ACTIVATIONS:
        raise ValueError(f"the activation is {activation}; it is one of {', '.join(ACTIVATIONS)}")
    if scaling not in {"ntk", "mean-field"}:
        raise ValueError(f"the scaling is {scaling}; it is ntk or mean-field")
    factor, rate = (scale / np.sqrt(width), 1.0) if scaling == "ntk" else (scale / width, float(width))
    return Model(activation, inputs, test_inputs, width, factor, rate, readout, trained)


def initial(rng: np.random.Generator, width: int, dimension: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw W transposed (d, m), standard normal, and a (m,), ±1 with probability 1/2."""
    weights = standard_normals(rng, dimension, width)
    return weights, 2.0 * rng.integers(0, 2, width) - 1


def look(of: Model, state: np.ndarray, *, outputs: bool = True) -> Look:
    """The network with the parameters `state` (d, m) or (d + 1, m); without `outputs` they are left out (and 0)."""
    n, dimension = of.inputs.shape
    everywhere = np.vstack([of.inputs, of.test_inputs]) if outputs else of.inputs
    readout = state[dimension] if of.trained else of.readout
    slopes = np.empty((n, of.width))
    values = np.empty((n if of.trained else 0, of.width))
    total, gram, value_gram = np.zeros(len(everywhere)), np.zeros((n, n)), np.zeros((n, n))
    for block in _blocks(of.width):
        z = everywhere @ state[:dimension, block]
        s = np.empty((n, z.shape[1]))
        activate(of.activation, z, (s, s[:0]), values=outputs or of.trained)
        if outputs:
            total += z @ readout[block]
        if of.trained:
            values[:, block] = z[:n]
            value_gram += z[:n] @ z[:n].T
        s *= readout[block]
        gram += s @ s.T
        slopes[:, block] = s
    kernel = of.rate * of.factor**2 * (of.inputs @ of.inputs.T * gram + value_gram)
    return Look(of.factor * total, kernel, slopes, values)


def log_norm(of: Model, state: np.ndarray, residual: np.ndarray) -> float:
    """A bound on the logarithmic norm of the flow's linearisation at `state`, given r = y - u (n,).

    The linearisation is -ηJᵀJ + η Σ_i r_i ∇²f(x_i), of which the first is negative and the second consists of one
    block for each neuron: M = ηg a_r Σ_i r_i σ'' x_i x_iᵀ, with ‖M‖_F² = cᵀ(XXᵀ ⊙ XXᵀ)c. Where a_r is trained the block
    is bordered by v = ηg Σ_i r_i σ' x_i, and its largest eigenvalue is at most λ/2 + √(λ²/4 + ‖v‖²), λ = ‖M‖_F.
    """
    dimension = of.inputs.shape[1]
    readout = state[dimension] if of.trained else of.readout
    squares = (of.inputs @ of.inputs.T) ** 2
    bound = 0.0
    for block in _blocks(of.width):
        z = of.inputs @ state[:dimension, block]
        slopes, curvature = np.empty(z.shape), np.empty(z.shape)
        activate(of.activation, z, (slopes, curvature), values=False)
        curvature *= residual[:, None]
        largest = np.abs(readout[block]) * np.sqrt(np.einsum("ir,ir->r", curvature, squares @ curvature))
        if of.trained:
            border = np.linalg.norm(of.inputs.T @ (residual[:, None] * slopes), axis=0)
            largest = largest / 2 + np.hypot(largest / 2, border)
        bound = max(bound, float(largest.max()))
    return of.rate * of.factor * bound


def gradient_norm(of: Model, state: np.ndarray) -> float:
    """The largest ‖∂f(x)/∂θ‖ over the test points: its square is k(x, x)/η."""
    kernel = look(replace(of, inputs=of.test_inputs), state, outputs=False).kernel
    return float(np.sqrt(np.diag(kernel).max(initial=0.0) / of.rate))


def _blocks(width: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, width)) for start in range(0, width, BLOCK)]


def push(of: Model, state: np.ndarray, *terms: tuple[Look, np.ndarray]) -> np.ndarray:
    """The parameters after steps: `terms` are networks, along whose gradients to go, and ∫(y - u) dt (n,) there."""
    dimension, rate = of.inputs.shape[1], of.rate * of.factor
    steps = [(at, of.inputs.T * (rate * integral), rate * integral) for at, integral in terms]
    moved = np.empty_like(state)
    for block in _blocks(of.width):
        moved[:, block] = state[:, block]
        for at, by_weights, by_readout in steps:
            moved[:dimension, block] += by_weights @ at.slopes[:, block]
            if of.trained:
                moved[dimension, block] += by_readout @ at.values[:, block]
    return moved


def kernel_at_tests(of: Model, state: np.ndarray) -> np.ndarray:
    """k(x) (q, n): the kernel between the test points and the training points."""
    together = replace(of, inputs=np.vstack([of.inputs, of.test_inputs]), test_inputs=of.test_inputs[:0])
    return look(together, state, outputs=False).kernel[of.points :, : of.points]
