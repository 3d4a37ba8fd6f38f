"""ntk-verify: the exact sampler of wide networks, and the kernel matrices."""

import numpy as np
import serve

from numerics.kernel_matrices import relu_ntk
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


serve.serve({"draw": draw, "gram": gram})
