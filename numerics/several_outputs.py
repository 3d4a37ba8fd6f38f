"""Wide ReLU networks with several outputs at initialisation: their tangent kernel, and the pseudo-NTK in its place.

The law of the kernel at n inputs is that of the network's, but no m × m matrix is drawn: a layer acts forward on the
span of n vectors, and backward, given what it did forward, as an independent copy off this span (`pulled_back`). Time
and memory are linear in the width m.
"""

import math

import numpy as np

from numerics.streams import Columns, Parameters, standard_normals

INPUTS = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [-1 / 3, -2 / 3, -2 / 3], [0.6, 0.8, 0]])
"""Five unit inputs: four to train on, the last to predict at."""

TRAINING = 4

_COLUMNS = (
    "block_entry",
    "diagonal_gap",
    "sum_gap",
    "kernel_error",
    "top_error",
    "prediction_error",
    "sum_top_error",
    "uncentred_error",
)


def tangent_kernel(
    inputs: np.ndarray, depth: int, width: int, outputs: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the tangent kernel (n, n, outputs, outputs) of a random network at n inputs, and its outputs (n, outputs).

    g⁰ = x, fʰ = Wʰ gʰ⁻¹, gʰ = √(2/m) max(fʰ, 0) for the hidden layers h = 1, …, `depth` of `width` m, f = V g^depth;
    all weights iid N(0, 1) and trained, no biases. Entry [i, j, a, b] is ⟨∂f_a(x_i), ∂f_b(x_j)⟩ =
    Σ_h ⟨Bʰ_a(x_i), Bʰ_b(x_j)⟩ ⟨gʰ⁻¹(x_i), gʰ⁻¹(x_j)⟩ + δ_ab ⟨g(x_i), g(x_j)⟩, with Bʰ = ∂f/∂fʰ.
    """
    n, scale = len(inputs), math.sqrt(2 / width)
    covariances, preactivations, signals = [inputs @ inputs.T], [], []
    for _ in range(depth):
        preactivations.append(standard_normals(rng, width, n) @ root(covariances[-1]))
        signals.append(scale * np.maximum(preactivations[-1], 0))
        covariances.append(signals[-1].T @ signals[-1])
    read_out = standard_normals(rng, width, outputs)
    kernel = covariances[-1][:, :, None, None] * np.eye(outputs)
    pulled = np.broadcast_to(read_out[:, None, :], (width, n, outputs))
    for h in range(depth - 1, -1, -1):
        backward = (scale * (preactivations[h] > 0)[:, :, None] * pulled).reshape(width, n * outputs)
        products = backward.T @ backward
        kernel = kernel + covariances[h][:, :, None, None] * np.moveaxis(products.reshape(n, outputs, n, outputs), 2, 1)
        if h > 0:
            fresh = standard_normals(rng, width, n * outputs) @ root(products)
            back = pulled_back(backward, fresh, signals[h - 1], preactivations[h], covariances[h])
            pulled = back.reshape(width, n, outputs)
    return kernel, signals[-1].T @ read_out


def pulled_back(
    backward: np.ndarray, fresh: np.ndarray, signal: np.ndarray, preactivation: np.ndarray, covariance: np.ndarray
) -> np.ndarray:
    """Draw Wᵀ B for a normal matrix W of which W G = F is known: `backward` B, `signal` G, `preactivation` F.

    Given this, W = F G⁺ + W̃ (I - G G⁺) with W̃ an independent copy of W, and `fresh` = W̃ᵀ B has independent rows
    N(0, BᵀB); so Wᵀ B = W̃ᵀ B + G (GᵀG)⁺ (Fᵀ B - Gᵀ W̃ᵀ B). `covariance` is GᵀG.
    """
    known = preactivation.T @ backward - signal.T @ fresh
    pulled: np.ndarray = fresh + signal @ (np.linalg.pinv(covariance, rcond=1e-12, hermitian=True) @ known)
    return pulled


def root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    half: np.ndarray = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    return half


def pseudo_kernel(kernel: np.ndarray) -> np.ndarray:
    """The pseudo-NTK k̃ = 1ᵀ Θ 1 / O, the kernel of the sum of the outputs over √O: (n, n, O, O) to (n, n)."""
    summed: np.ndarray = kernel.sum((2, 3)) / kernel.shape[-1]
    return summed


def matrix(kernel: np.ndarray) -> np.ndarray:
    """The (n O) × (n' O) matrix of a kernel (n, n', O, O), ordered as Θ ⊗ I_O is."""
    n, other, outputs, _ = kernel.shape
    return np.moveaxis(kernel, 2, 1).reshape(n * outputs, other * outputs)


def regression(kernel: np.ndarray, initial: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return K(x, X) K(X, X)⁻¹ (y - f₀(X)) + f₀(x) at the inputs after the training inputs, as a vector.

    `kernel` is the matrix at all inputs, those of `labels` first; `initial` are the values f₀ at all inputs.
    """
    size = len(labels)
    weights = np.linalg.solve(kernel[:size, :size], labels - initial[:size])
    predictions: np.ndarray = kernel[size:, :size] @ weights + initial[size:]
    return predictions


def comparison(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Compare the tangent kernel Θ of random networks with the pseudo-NTK k̃, in each of the `draws`.

    `L` hidden layers of width `m`, `O` outputs, at `INPUTS`. Columns: between the first and the last input (of inner
    product 3/5) `block_entry` = Θ[1, 2], `diagonal_gap` = Θ[1, 1] - k̃ and `sum_gap` = Θ[1, 1] - O k̃; on the training
    inputs, ‖·‖ the Frobenius norm, `kernel_error` = ‖Θ - k̃ ⊗ I‖/‖Θ‖ and `top_error` = |λ_max(Θ) - λ_max(k̃)|/λ_max(Θ);
    `prediction_error` = the distance of the predictions of the two kernel regressions at the last input, over the norm
    of those of Θ; the label of the training input i is 1 for the output i modulo O, and 0 for the others. Then
    `sum_top_error`, as `top_error` with O k̃ in place of k̃, and `uncentred_error`, as `prediction_error` but with k̃
    fitted to the labels themselves, as if the network were 0 at initialisation.
    """
    depth, width, outputs = (int(parameters[name]) for name in ("L", "m", "O"))
    labels = np.eye(outputs)[np.arange(TRAINING) % outputs].ravel()
    rows = []
    for _ in range(int(parameters["draws"])):
        kernel, initial = tangent_kernel(INPUTS, depth, width, outputs, rng)
        pseudo = pseudo_kernel(kernel)
        full, small = matrix(kernel), np.kron(pseudo, np.eye(outputs))
        size = len(labels)
        trained, replaced = full[:size, :size], small[:size, :size]
        top, pseudo_top = (np.linalg.eigvalsh(a)[-1] for a in (trained, pseudo[:TRAINING, :TRAINING]))
        predictions, others = (regression(a, initial.ravel(), labels) for a in (full, small))
        uncentred = regression(small, np.zeros(initial.size), labels)
        rows.append(
            (
                kernel[0, -1, 0, 1],
                kernel[0, -1, 0, 0] - pseudo[0, -1],
                kernel[0, -1, 0, 0] - outputs * pseudo[0, -1],
                np.linalg.norm(trained - replaced) / np.linalg.norm(trained),
                abs(top - pseudo_top) / top,
                np.linalg.norm(predictions - others) / np.linalg.norm(predictions),
                abs(top - outputs * pseudo_top) / top,
                np.linalg.norm(predictions - uncentred) / np.linalg.norm(predictions),
            )
        )
    return dict(zip(_COLUMNS, np.array(rows).T, strict=True))
