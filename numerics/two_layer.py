"""Two-layer networks at initialisation: kernels of the first layer, Gram entries, and the linearised fit."""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr

from numerics import data
from numerics.sigmoid_network import SUP_SLOPE
from numerics.streams import Columns, Parameters, batches, standard_normals

Pair = tuple[np.ndarray, np.ndarray]


def first_layer_kernel(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the kernel of the trained first layer, m⁻¹ Σ_j a_j² σ'(w_j·x₁) σ'(w_j·x₂) (x₁·x₂), with ReLU.

    f = m^(-1/2) Σ_j a_j σ(w_j·x) with fixed signs a_j, so a_j² = 1; w_j iid N(0, I); unit inputs with inner product
    `rho`; width `m`. Column: `kernel`, one entry for each of the `draws`.
    """
    width, rho = int(parameters["m"]), float(parameters["rho"])
    kernel = []
    for first, second in _preactivations(parameters, rng):
        kernel.append(rho / width * np.count_nonzero((first > 0) & (second > 0), axis=-1))
    return {"kernel": np.concatenate(kernel)}


def gram_entries(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw an entry of each of the two matrices of the kernel of a two-layer network with the sigmoid Φ.

    G = m⁻¹ Σ_r Φ(w_r·x) Φ(w_r·x') and H = (x·x') m⁻¹ Σ_r a_r² Φ'(w_r·x) Φ'(w_r·x'), with w_r iid N(0, I), a_r iid
    uniform on [-1, 1], unit inputs with inner product `rho`, width `m`. Columns: `gram_g` and `gram_h`, one entry for
    each of the `draws`.
    """
    rho = float(parameters["rho"])
    gram_g, gram_h = [], []
    for first, second in _preactivations(parameters, rng):
        readout = rng.uniform(-1, 1, first.shape)
        slopes = SUP_SLOPE**2 * np.exp(-(first**2 + second**2) / 2)
        gram_g.append((ndtr(first) * ndtr(second)).mean(axis=-1))
        gram_h.append(rho * (readout**2 * slopes).mean(axis=-1))
    return {"gram_g": np.concatenate(gram_g), "gram_h": np.concatenate(gram_h)}


def _preactivations(parameters: Parameters, rng: np.random.Generator) -> Iterator[Pair]:
    """Yield (w_r·x) and (w_r·x') for batches of draws, each of shape (draws, m)."""
    inputs, width = data.span(float(parameters["rho"])), int(parameters["m"])
    for count in batches(int(parameters["draws"]), 2 * width):
        preactivation = inputs @ standard_normals(rng, count, inputs.shape[1], width)
        yield preactivation[:, 0], preactivation[:, 1]


def min_norm_solution(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the size of the minimum-norm fit of the linearised two-layer ReLU network, and of its initial weights.

    f = m^(-1/2) Σ_r a_r max(w_r·x, 0), W iid N(0, 1), the signs a fixed (the first half +1, the others -1), only W
    trained; the n = 8 points and labels of `data.regression`. With the features φ (n × dm) and y' = y - f₀ the solution
    is θ̂ = φ†y', whose norm needs no feature: ‖θ̂‖² = y'ᵀ K† y' with K = φφᵀ = XXᵀ ⊙ m⁻¹SSᵀ, S = 1[XWᵀ > 0].
    Columns, one entry for each of the `draws`: `solution_norm` = ‖θ̂‖ and `initial_norm` = ‖W‖_F. Width `m`.
    """
    width, problem = int(parameters["m"]), data.regression()
    dimension = problem.inputs.shape[1]
    signs = np.where(np.arange(width) < width / 2, 1.0, -1.0)
    gram = problem.inputs @ problem.inputs.T
    solution_norm, initial_norm = [], []
    for count in batches(int(parameters["draws"]), dimension * width):
        weights = standard_normals(rng, count, dimension, width)
        preactivation = problem.inputs @ weights
        active = (preactivation > 0).astype(float)
        output = (active * preactivation) @ signs / np.sqrt(width)
        kernel = gram * (active @ active.swapaxes(1, 2)) / width
        target = problem.labels - output
        squared = np.einsum("ci,cij,cj->c", target, np.linalg.pinv(kernel, rcond=1e-12, hermitian=True), target)
        solution_norm.append(np.sqrt(squared))
        initial_norm.append(np.sqrt((weights**2).sum(axis=(1, 2))))
    return {"solution_norm": np.concatenate(solution_norm), "initial_norm": np.concatenate(initial_norm)}
