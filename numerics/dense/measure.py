"""Measurements of dense random networks at initialisation: what the experiments of the ledger record."""

import math
from dataclasses import replace

import numpy as np

from numerics.data import span
from numerics.dense.activations import ACTIVATIONS
from numerics.dense.network import Network, draw, fan_in_scales
from numerics.dense.passes import sample, tangent_kernel
from numerics.streams import Columns, Parameters, batches


def empirical_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of a ReLU network in the NTK parametrisation, all layers trained.

    gʰ = √(2/m) max(fʰ, 0), fʰ = Wʰ gʰ⁻¹, all weights iid N(0, 1), no biases; `L` hidden layers of width `m` and a
    scalar output; two unit inputs x, x' with inner product `rho` (1 means x = x'). Columns, one entry for each of the
    `draws`: `ntk` = ⟨∂f(x), ∂f(x')⟩ and `output` = f(x). The factor √(2/m) of layer h is applied by layer h + 1.
    """
    depth, width = int(parameters["L"]), int(parameters["m"])
    inputs = span(float(parameters["rho"]))
    sizes = (inputs.shape[1], *[width] * depth, 1)
    scales = (1.0, *fan_in_scales(sizes[1:], 2.0))
    network = Network(sizes=sizes, activation=ACTIVATIONS["relu"], scales=scales)
    drawn = sample(network, inputs, int(parameters["draws"]), rng)
    return {"ntk": drawn.ntk[:, 0, 1, 0, 0], "output": drawn.outputs[:, 0, 0]}


def jacot_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation in Jacot's parametrisation, with a scalar output (see `jacot`).

    Column: `ntk` = ⟨∂f(x), ∂f(x')⟩, one entry for each of the `draws`. As m grows it tends to Θ^(L) of the recursion
    Θ^(1) = Σ^(1), Θ^(l+1) = Θ^(l) Σ̇^(l+1) + Σ^(l+1) with Σ^(1) = xᵀx'/n₀ + β².
    """
    network, inputs = jacot(parameters)
    return {"ntk": sample(network, inputs, int(parameters["draws"]), rng).ntk[:, 0, 1, 0, 0]}


def jacot(parameters: Parameters, outputs: int = 1) -> tuple[Network, np.ndarray]:
    """Return a network in Jacot's parametrisation and two inputs x, x' of R² with ‖x‖² = n₀ = 2 and xᵀx'/n₀ = `rho`.

    f^(l) = W^(l) g^(l-1)/√n_{l-1} + β b^(l), g^(l) = σ(f^(l)), `L` layers of weights, hidden width `m`, β = `beta`,
    σ = `activation`, by default the ReLU.
    """
    sizes = (2, *[int(parameters["m"])] * (int(parameters["L"]) - 1), outputs)
    inputs = np.zeros((2, 2))
    coordinates = span(float(parameters["rho"]))
    inputs[:, : coordinates.shape[1]] = math.sqrt(2) * coordinates
    activation = ACTIVATIONS[str(parameters.get("activation", "relu"))]
    return (
        Network(sizes=sizes, activation=activation, scales=fan_in_scales(sizes), beta=float(parameters["beta"])),
        inputs,
    )


def two_outputs(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw kernels of networks with two outputs in Jacot's parametrisation (see `jacot`).

    Columns, one entry for each of the `draws`: `ntk` = ⟨∂f₁(x), ∂f₁(x')⟩, `ntk_across` = ⟨∂f₁(x), ∂f₂(x')⟩, and the
    covariance of the outputs given the hidden layers, ⟨g(x), g(x')⟩/m + β²: `output_covariance` between x and x' and
    `output_variance` at x.
    """
    network, inputs = jacot(parameters, outputs=2)
    drawn = sample(network, inputs, int(parameters["draws"]), rng)
    return {
        "ntk": drawn.ntk[:, 0, 1, 0, 0],
        "ntk_across": drawn.ntk[:, 0, 1, 0, 1],
        "output_covariance": drawn.nngp[:, 0, 1],
        "output_variance": drawn.nngp[:, 0, 0],
    }


def pairs(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the kernels of two independent networks at a time, in Jacot's parametrisation (see `jacot`).

    Columns, one entry for each of the `draws`: `ntk` and `ntk_copy`, the kernels ⟨∂f(x), ∂f(x')⟩ of the two networks.
    A kernel tends to a constant in probability if and only if their difference tends to zero.
    """
    network, inputs = jacot(parameters)
    return _halves({"ntk": sample(network, inputs, 2 * int(parameters["draws"]), rng).ntk[:, 0, 1, 0, 0]})


def activated_pairs(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the kernels of two independent networks at a time with f and with σ(f) as the output (see `jacot`).

    Columns, one entry for each of the `draws`: `ntk` and `ntk_copy` as for `pairs`, and from the same weights
    `activated_ntk` and `activated_ntk_copy`, the kernels of the networks with the output σ(f).
    """
    network, inputs = jacot(parameters)
    columns: dict[str, list[np.ndarray]] = {"ntk": [], "activated_ntk": []}
    numbers = max(fan_out * fan_in for fan_out, fan_in in network.fans)
    for count in batches(2 * int(parameters["draws"]), numbers):
        weights = draw(network, count, rng)
        for name, pieces in columns.items():
            of_output = replace(network, activated_output=name == "activated_ntk")
            pieces.append(tangent_kernel(of_output, weights, inputs)[0][:, 0, 1, 0, 0])
    return _halves({name: np.concatenate(pieces) for name, pieces in columns.items()})


def _halves(columns: Columns) -> Columns:
    """Every second entry of a column, and in a column of their own the entries between."""
    copies = {f"{name}_copy": values[1::2] for name, values in columns.items()}
    return {**{name: values[::2] for name, values in columns.items()}, **copies}


def unscaled_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation with no scaling: f^(l) = W^(l) g^(l-1) + b^(l), g^(l) = max(f^(l), 0).

    All weights and biases iid N(0, 1), `L` layers of weights, hidden width `m`, scalar output; unit inputs with inner
    product `rho`. Columns, one entry for each of the `draws`: `ntk` = ⟨∂f(x), ∂f(x')⟩ and `ntk_copy`, that of an
    independent network.
    """
    inputs, layers = span(float(parameters["rho"])), int(parameters["L"])
    sizes = (inputs.shape[1], *[int(parameters["m"])] * (layers - 1), 1)
    network = Network(sizes=sizes, activation=ACTIVATIONS["relu"], scales=(1.0,) * layers, beta=1.0)
    return _halves({"ntk": sample(network, inputs, 2 * int(parameters["draws"]), rng).ntk[:, 0, 1, 0, 0]})
