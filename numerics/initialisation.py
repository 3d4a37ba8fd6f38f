"""Empirical neural tangent kernels of ReLU networks at their random initialisation, by forward and backward pass.

Every sampler draws weights and calls `tangent_kernel`. At the first layer a Gaussian matrix acts on the span of the two
inputs only, so the inputs are given by their coordinates in that span, whatever their dimension. Deeper matrices
are dense.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from numerics.streams import Columns, Parameters, batches, standard_normals


def tangent_kernel(
    inputs: np.ndarray,
    weights: Sequence[np.ndarray],
    scales: Sequence[float],
    biases: Sequence[np.ndarray] | None = None,
    beta: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return ⟨∂f(x), ∂f(x')⟩ over all weights and biases, and f(x), for a batch of ReLU networks with scalar output.

    The network is g⁰ = x, fʰ = s_h Wʰ gʰ⁻¹ + β bʰ, gʰ = max(fʰ, 0), f = the last pre-activation. With the backward
    signals Bʰ = ∂f/∂fʰ, that is B = 1 at the output and Bʰ⁻¹ = 1[fʰ⁻¹ > 0] ⊙ s_h Wʰᵀ Bʰ, the kernel is
    Σ_h ⟨Bʰ(x), Bʰ(x')⟩ (s_h² ⟨gʰ⁻¹(x), gʰ⁻¹(x')⟩ + β²).

    Shapes: inputs (2, n₀) are x and x'; weights[h] (draws, fan-out, fan-in), the last with fan-out 1; biases[h]
    (draws, fan-out). Both results have shape (draws,).
    """
    signal = inputs  # (2, neurons), then (draws, 2, neurons)
    forward, active = [], []
    for h, (weight, scale) in enumerate(zip(weights, scales, strict=True)):
        forward.append(signal)
        preactivation = scale * (signal @ weight.swapaxes(-1, -2))
        if biases is not None:
            preactivation += beta * biases[h][:, None, :]
        active.append(preactivation > 0)
        signal = np.maximum(preactivation, 0)
    output = preactivation[:, 0, 0]
    backward = np.ones_like(preactivation)
    kernel = np.zeros(len(output))
    for h in reversed(range(len(weights))):
        kernel += _product(backward) * (scales[h] ** 2 * _product(forward[h]) + beta**2)
        if h > 0:
            backward = active[h - 1] * (scales[h] * (backward @ weights[h]))
    return kernel, output


def _product(pair: np.ndarray) -> np.ndarray:
    """The inner product of the two vectors of every pair, shape (…, 2, neurons) to (…)."""
    product: np.ndarray = np.einsum("...n,...n->...", pair[..., 0, :], pair[..., 1, :])
    return product


def span(rho: float) -> np.ndarray:
    """Return two unit vectors with inner product `rho` by their coordinates in their span: shape (2, 1) or (2, 2)."""
    if not -1 <= rho <= 1:
        raise ValueError(f"two unit vectors cannot have the inner product {rho}")
    if abs(rho) == 1:
        return np.array([[1.0], [rho]])
    return np.array([[1.0, 0.0], [rho, np.sqrt((1 - rho) * (1 + rho))]])


def empirical_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of a ReLU network in the NTK parametrisation, all layers trained.

    gʰ = √(2/m) max(fʰ, 0), fʰ = Wʰ gʰ⁻¹, all weights iid N(0, 1), no biases; `L` hidden layers of width `m` and a
    scalar output; two unit inputs x, x' with inner product `rho` (1 means x = x'). Columns, one entry for each of the
    `draws`: `ntk` = ⟨∂f(x), ∂f(x')⟩ and `output` = f(x). The factor √(2/m) of layer h is applied by layer h + 1.
    """
    depth, width = int(parameters["L"]), int(parameters["m"])
    inputs = span(float(parameters["rho"]))
    fans = [(width, inputs.shape[1]), *[(width, width)] * (depth - 1), (1, width)]
    scales = [1.0, *[np.sqrt(2 / width)] * depth]
    ntk: list[np.ndarray] = []
    output: list[np.ndarray] = []
    for count in batches(int(parameters["draws"]), max(rows * columns for rows, columns in fans)):
        weights = [standard_normals(rng, count, *fan) for fan in fans]
        for column, values in zip((ntk, output), tangent_kernel(inputs, weights, scales), strict=True):
            column.append(values)
    return {"ntk": np.concatenate(ntk), "output": np.concatenate(output)}


def jacot_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of a ReLU network in Jacot's parametrisation, with biases.

    f^(l) = W^(l) g^(l-1)/√n_{l-1} + β b^(l), g^(l) = max(f^(l), 0), all weights and biases iid N(0, 1), `L` layers of
    weights, hidden width `m`, scalar output, β = `beta`; inputs in R² of squared norm n₀ = 2 with xᵀx'/n₀ = `rho`.
    Column: `ntk`, one entry for each of the `draws`. As m grows it tends to Θ^(L) of the recursion Θ^(1) = Σ^(1),
    Θ^(l+1) = Θ^(l) Σ̇^(l+1) + Σ^(l+1) with Σ^(1) = xᵀx'/n₀ + β².
    """
    layers, width, beta = int(parameters["L"]), int(parameters["m"]), float(parameters["beta"])
    inputs = np.zeros((2, 2))
    coordinates = span(float(parameters["rho"]))
    inputs[:, : coordinates.shape[1]] = np.sqrt(2) * coordinates
    sizes = [2, *[width] * (layers - 1), 1]
    fans = [(fan_out, fan_in) for fan_in, fan_out in pairwise(sizes)]
    scales = [1 / np.sqrt(fan_in) for _, fan_in in fans]
    ntk = []
    for count in batches(int(parameters["draws"]), max(rows * columns for rows, columns in fans)):
        weights = [standard_normals(rng, count, *fan) for fan in fans]
        biases = [standard_normals(rng, count, fan_out) for fan_out, _ in fans]
        ntk.append(tangent_kernel(inputs, weights, scales, biases, beta)[0])
    return {"ntk": np.concatenate(ntk)}
