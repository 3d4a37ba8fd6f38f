"""Measurements of trained two-layer networks of smooth activations: what the experiments of the ledger record."""

import numpy as np

from numerics.data import sphere
from numerics.streams import Columns, Parameters
from numerics.training.limits import regression
from numerics.training.smooth import TOLERANCE, train
from numerics.training.trajectory import stacked, summary
from numerics.training.two_layer import initial, model


def two_layer(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train networks by gradient flow; return (columns, errors), one entry for each of the `draws`.

    f = κ m^(-1/2) Σ_r a_r σ(w_r·x), W iid N(0, 1), the signs a iid uniform on ±1, on ½Σ_i (f(x_i) - y_i)² at the data
    `data.sphere(n, d)`, over [0, T]. Parameters: the width `m`, `activation` (tanh, erf, softplus, Phi), `T`, `draws`;
    and, with these defaults, `n` = 20, `d` = 10, `readout` = 0 (1: a is trained too), `subtract` = 1 (the outputs at
    the start are subtracted; 0: they are not), `scale` κ = 1, `scaling` = "ntk" ("mean-field": κ/m for κ m^(-1/2), and
    the learning rate m), `tolerance` of the steps.

    The columns are those of `trajectory.summary`. The errors are bounds given estimates of the local errors of the
    steps (`smooth` says which step of the argument is an estimate). `lowest` has no error: it is a bound.
    """
    points, dimension = int(parameters.get("n", 20)), int(parameters.get("d", 10))
    problem = sphere(points, dimension)
    activation, trained = str(parameters["activation"]), bool(parameters.get("readout", 0))
    limit = regression(activation, points, dimension, trained)
    entries = []
    for _ in range(int(parameters["draws"])):
        weights, readout = initial(rng, int(parameters["m"]), dimension)
        of = model(
            activation,
            problem.inputs,
            problem.test_inputs,
            readout,
            trained=trained,
            scale=float(parameters.get("scale", 1.0)),
            scaling=str(parameters.get("scaling", "ntk")),
        )
        path = train(
            of,
            np.vstack([weights, readout]) if trained else weights,
            problem.labels,
            float(parameters["T"]),
            subtract=bool(parameters.get("subtract", 1)),
            tolerance=float(parameters.get("tolerance", TOLERANCE)),
        )
        entries.append(summary(path, limit))
    return stacked(entries)
