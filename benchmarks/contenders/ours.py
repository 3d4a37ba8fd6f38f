"""ntk-verify: the exact sampler of wide networks, and the kernel matrices."""

import numpy as np
import serve

from numerics.data import Data
from numerics.kernel_matrices import relu_ntk
from numerics.training.relu_flow import relu_flow
from numerics.training.smooth import train
from numerics.training.two_layer import model
from numerics.wide import sample


def draw(n, d, depth, width, precision, threads=2, draws=1):
    if precision != "float64":
        raise ValueError("the sampler computes in float64")
    x, rng = serve.inputs(n, d), np.random.default_rng(0)

    def some():
        return sample(x, [width] * depth, draws, rng, threads=threads)

    return some, lambda value: float(value.ntk[0, 0, 0])


def gram(n, d, depth, precision):
    x = serve.inputs(n, d).astype(precision)
    i, j = serve.picked(n)
    return lambda: relu_ntk(x, depth=depth), lambda value: value[i, j].astype(float).tolist()


def flow(n, d, width, activation, until):
    x, weights, readout, labels = serve.network(n, d, width)
    if activation == "relu":
        rows, data = np.ascontiguousarray(weights.T), Data(x, labels)
        return lambda: relu_flow(rows, readout, data, until, test_inputs=x[:1], subtract=True).trajectory, end
    of = model(activation, x, x[:1], readout, trained=False)
    return lambda: train(of, weights, labels, until, subtract=True), end


def end(path):
    return {"end": path.outputs[-1].tolist(), "error": float(path.error("outputs").max())}


serve.serve({"draw": draw, "gram": gram, "flow": flow})
