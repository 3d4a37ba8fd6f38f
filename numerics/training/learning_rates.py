"""How far gradient descent moves the tangent kernel, by the length of its steps."""

import numpy as np

from numerics.data import sphere
from numerics.dense.activations import ACTIVATIONS
from numerics.dense.network import Network, draw, fan_in_scales
from numerics.streams import Columns, Parameters
from numerics.training.descent import descend, full_batches
from numerics.training.layered import Problem

EVERY = 10
"""The kernel is looked at after so many steps each time."""


def learning_rates(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Train tanh networks, both layers, by gradient descent at the rate `c`/λ_max(K(0)) until the `steps` are taken.

    f = m^(-1/2) Σ_r a_r tanh(w_r·x) less its start, all parameters N(0, 1), ½ Σ_i (f(x_i) - y_i)². Parameters: `m`,
    `n`, `d`, `c`, `steps`, `draws`; `steps` is a multiple of 10. Columns: `kernel_drift` = the largest
    ‖K - K(0)‖_F / ‖K(0)‖_F after 0, 10, 20, … steps, and `final_residual` at the end.
    """
    problem = sphere(int(parameters["n"]), int(parameters["d"]))
    sizes = (problem.inputs.shape[1], int(parameters["m"]), 1)
    network = Network(sizes=sizes, activation=ACTIVATIONS["tanh"], scales=(1.0, *fan_in_scales(sizes[1:], 1.0)))
    columns: dict[str, list[float]] = {"kernel_drift": [], "final_residual": []}
    for _ in range(int(parameters["draws"])):
        training = Problem(
            network=network, start=draw(network, 1, rng), inputs=problem.inputs, targets=problem.labels, subtracted=True
        )
        largest = np.linalg.eigvalsh(training.kernel(training.tangent(training.start))[0])[-1]
        steps = int(parameters["steps"])
        path = descend(
            training,
            float(parameters["c"]) / float(largest),
            full_batches(len(problem.labels), steps),
            recorded=range(0, steps + 1, EVERY),
            kernels=True,
        )
        columns["kernel_drift"].append(float(path.kernel_drift[:, 0].max()))
        columns["final_residual"].append(float(np.sqrt(2 * path.losses[-1, 0])))
    return {name: np.array(values) for name, values in columns.items()}
