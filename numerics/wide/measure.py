"""Measurements of wide random networks at initialisation: what the experiments of the ledger record."""

import numpy as np

from numerics.data import span
from numerics.streams import Columns, Parameters
from numerics.wide.sampler import sample


def relu_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of ReLU networks with `L` hidden layers of width `m`.

    Two unit inputs x, x' with inner product `rho` (1 means x = x'); factor `beta` on the biases, 0 by default. Columns,
    one entry for each of the `draws`: `ntk` = Θ̂(x, x'), `diagonal` = Θ̂(x, x), `output` = f(x), `output_other` = f(x').
    """
    depth, width = int(parameters["L"]), int(parameters["m"])
    inputs = span(float(parameters["rho"]))
    drawn = sample(inputs, [width] * depth, int(parameters["draws"]), rng, beta=float(parameters.get("beta", 0.0)))
    return {
        "ntk": drawn.ntk[:, 0, 1],
        "diagonal": drawn.ntk[:, 0, 0],
        "output": drawn.outputs[:, 0],
        "output_other": drawn.outputs[:, 1],
    }


def relu_outputs(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the outputs at initialisation of ReLU networks with `L` hidden layers of width `m`, no biases.

    Two unit inputs x, x' with inner product `rho`. Columns, one entry for each of the `draws`: `output` = f(x),
    `output_other` = f(x'), and `output_covariance`, their covariance given the hidden layers.
    """
    depth, width = int(parameters["L"]), int(parameters["m"])
    drawn = sample(span(float(parameters["rho"])), [width] * depth, int(parameters["draws"]), rng)
    return {
        "output": drawn.outputs[:, 0],
        "output_other": drawn.outputs[:, 1],
        "output_covariance": drawn.nngp[:, 0, 1],
    }
