"""The first layer of a two-layer ReLU network at its start, drawn weight by weight: features, weights, outputs."""

import numpy as np

from numerics import data
from numerics.streams import Columns, Parameters, batches, standard_normals


def inputs(name: str, count: int, dimension: int) -> np.ndarray:
    """Return `count` unit inputs, the rows: "orthonormal", or "correlated", the 8 inputs of `data.regression`.

    Raises ValueError for another name or shape.
    """
    if name == "orthonormal" and count <= dimension:
        return np.eye(count, dimension)
    if name == "correlated" and (count, dimension) == (8, 8):
        return data.regression().inputs
    raise ValueError(f"no {count} inputs called {name!r} in {dimension} dimensions")


def features(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw what the features φ of f(x) = m^(-1/2) Σ_r a_r max(w_r·x, 0), a_r = ±1 fixed, say of n inputs x_i.

    φ is the n × dm matrix of the gradients in W, with φφᵀ = XXᵀ ⊙ m⁻¹SSᵀ, S = 1[XWᵀ > 0]; W iid N(0, 1). The inputs are
    `inputs`, `n` of them in `d` dimensions; width `m`. Columns, one entry for each of the `draws`: `smallest_singular`
    and `largest_singular`, the extreme singular values of φ (its n singular values, n <= dm or not), `feature_norm` =
    ‖φ‖_F, `entries_norm` = ‖a ⊙ σ'(Wx_1)‖, `neuron_norm` = ‖w_1‖, `largest_neuron` = max_r ‖w_r‖.
    """
    width, dimension = int(parameters["m"]), int(parameters["d"])
    examples = inputs(str(parameters["inputs"]), int(parameters["n"]), dimension)
    gram = examples @ examples.T
    found: list[tuple[np.ndarray, ...]] = []
    for count in batches(int(parameters["draws"]), dimension * width):
        weights = standard_normals(rng, count, dimension, width)
        active = (examples @ weights > 0).astype(float)
        kernel = gram * (active @ active.swapaxes(1, 2)) / width
        squares = np.maximum(np.linalg.eigvalsh(kernel), 0)
        norms = np.sqrt((weights**2).sum(axis=1))
        found.append(
            (
                np.sqrt(squares[:, 0]),
                np.sqrt(squares[:, -1]),
                np.sqrt(np.trace(kernel, axis1=1, axis2=2)),
                np.sqrt(active[:, 0].sum(axis=-1)),
                norms[:, 0],
                norms.max(axis=-1),
            )
        )
    names = ("smallest_singular", "largest_singular", "feature_norm", "entries_norm", "neuron_norm", "largest_neuron")
    return {name: np.concatenate(column) for name, column in zip(names, zip(*found, strict=True), strict=True)}


def outputs(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw outputs of f(x) = m^(-1/2) Σ_r a_r max(w_r·x, 0) at a unit input, where w_r·x ~ N(0, 1); width `m`.

    Columns, one entry for each of the `draws`: `initial_output` with independent fair signs a_r, and `unsigned_output`
    with all a_r = 1 and the same first layer.
    """
    width = int(parameters["m"])
    signed, unsigned = [], []
    for count in batches(int(parameters["draws"]), width):
        active = np.maximum(standard_normals(rng, count, width), 0)
        signs = rng.integers(0, 2, size=(count, width)) * 2.0 - 1
        signed.append((signs * active).sum(axis=-1) / np.sqrt(width))
        unsigned.append(active.sum(axis=-1) / np.sqrt(width))
    return {"initial_output": np.concatenate(signed), "unsigned_output": np.concatenate(unsigned)}
