"""Tangent kernels at initialisation of networks whose weights are not normal."""

import numpy as np

from numerics.data import span
from numerics.dense.activations import ACTIVATIONS
from numerics.dense.network import LAWS, Network, Weights, draw, fan_in_scales
from numerics.dense.passes import tangent_kernel
from numerics.streams import Columns, Parameters, batches


def ntk_by_law(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the kernel of ReLU networks whose weights have the law `first` in the first layer and `law` in the others.

    gʰ = √(2/m) max(fʰ, 0), fʰ = Wʰ gʰ⁻¹, no biases; `L` hidden layers of width `m` and a scalar output; the inputs are
    x = (1, 0) and x' = (ρ, √(1-ρ²)). The laws are those of `LAWS`, of mean 0 and variance 1. Column: `ntk` =
    ⟨∂f(x), ∂f(x')⟩, one entry for each of the `draws`.
    """
    depth, width = int(parameters["L"]), int(parameters["m"])
    inputs = span(float(parameters["rho"]))
    sizes = (inputs.shape[1], *[width] * depth, 1)
    network = Network(sizes=sizes, activation=ACTIVATIONS["relu"], scales=(1.0, *fan_in_scales(sizes[1:], 2.0)))
    pieces = []
    for count in batches(int(parameters["draws"]), width * max(width if depth > 1 else 1, inputs.shape[1])):
        matrices = draw(network, count, rng, law=str(parameters["law"])).matrices
        first = LAWS[str(parameters["first"])](rng, count, *network.fans[0])
        weights = Weights(matrices=(first, *matrices[1:]))
        pieces.append(tangent_kernel(network, weights, inputs)[0][:, 0, 1, 0, 0])
    return {"ntk": np.concatenate(pieces)}
