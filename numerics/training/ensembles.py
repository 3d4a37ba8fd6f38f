"""Ensembles of networks trained alike from independent random weights, and what becomes of the outputs at the start."""

import numpy as np

from numerics.data import plane
from numerics.dense.activations import ACTIVATIONS
from numerics.dense.network import Network, Weights, draw
from numerics.streams import Columns, Parameters, batches
from numerics.training.descent import descend, full_batches
from numerics.training.layered import Problem
from numerics.training.layered_flow import flow
from numerics.training.scaled_output import network

RATE = 0.4
"""The rate of descent: below 2/λ_max, which is near 1 for the two inputs of `plane`."""


def trained_ensemble(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Train ReLU networks with one hidden layer by gradient descent on ½ Σ_i (f(x_i) - y_i)², on the data of `plane`.

    Parameters: `m`, `draws`, `steps` of descent at the rate 2/5. Columns: `output_start` = f_0(x) at the test point,
    `first_start` and `second_start` = f_0(x_1), f_0(x_2); `output_trained` = f(x) after training, and
    `residual_trained` = ‖y - f‖ over the two inputs, what training has left of it.
    """
    data, test = plane()
    width, steps = int(parameters["m"]), int(parameters["steps"])
    net = network(2, width, 1)
    found: list[Columns] = []
    for count in batches(int(parameters["draws"]), 2 * width):
        problem = Problem(
            network=net, start=draw(net, count, rng), inputs=data.inputs, targets=data.labels, tests=test[None]
        )
        paths = descend(problem, RATE, full_batches(2, steps), recorded=[0, steps])
        start = paths.outputs[0, :, :, 0]
        found.append(
            {
                "output_start": paths.test_outputs[0, :, 0, 0],
                "first_start": start[:, 0],
                "second_start": start[:, 1],
                "output_trained": paths.test_outputs[1, :, 0, 0],
                "residual_trained": np.linalg.norm(paths.outputs[1, :, :, 0] - data.labels, axis=1),
            }
        )
    return {name: np.concatenate([columns[name] for columns in found]) for name in found[0]}


def scaled_descent(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Compare gradient descent of f_nn = κf with its gradient flow, κ = 1/4, for networks with the error function.

    Parameters: `m`, `draws`, `time`, and `s`, the number of steps up to it, of the rate η = time/s, on
    ½ Σ_i (f_nn(x_i) - y_i)² with the data of `plane`. Columns, of f_nn at the test point: `flow_output` at the time,
    with an estimate of its error; `descent_output` after the s steps; `doubled_output`, after s steps of the same rate
    on Σ_i (f_nn(x_i) - y_i)²; `inner_output`, after s steps on the first loss with f(κθ) in place of κf(θ).
    """
    data, test = plane()
    width, steps, kappa = int(parameters["m"]), int(parameters["s"]), 0.25
    time = float(parameters["time"])
    sizes = (2, width, 1)
    net = Network(sizes=sizes, activation=ACTIVATIONS["erf"], scales=(1.0, float(np.sqrt(2 / width))))
    start = draw(net, int(parameters["draws"]), rng)
    problem = Problem(network=net, start=start, inputs=data.inputs, targets=data.labels, tests=test[None], scale=kappa)
    # θ' = κθ descends as θ does at κ² the rate, with f in place of f(κ·).
    inner = Problem(
        network=net,
        start=Weights(matrices=tuple(kappa * matrix for matrix in start.matrices)),
        inputs=data.inputs,
        targets=data.labels,
        tests=test[None],
    )
    exact = flow(problem, [time], tolerance=1e-6, kernels=False)
    descents = {
        name: descend(of, rate, full_batches(2, steps), recorded=[steps]).test_outputs[-1, :, 0, 0]
        for name, of, rate in (
            ("descent_output", problem, time / steps),
            ("doubled_output", problem, 2 * time / steps),
            ("inner_output", inner, kappa**2 * time / steps),
        )
    }
    return {"flow_output": exact.test_outputs[-1, :, 0, 0], **descents}, {"flow_output": exact.errors[-1]}
