"""neural-tangents: the empirical kernel of fresh weights, and the analytic kernel matrix, both compiled by JAX."""

import jax
import neural_tangents as nt
import numpy as np
import serve
from neural_tangents import stax

PRECISION = {"float32": False, "float64": True}


def network(depth, width, d):
    """The network f = Wx at the first layer, then f = √(2/width) W relu(f), without biases."""

    def dense(fan_out, scale):
        return stax.Dense(fan_out, W_std=scale, b_std=None)

    hidden = [dense(width, 2**0.5), stax.Relu()] * (depth - 1)
    return stax.serial(dense(width, d**0.5), stax.Relu(), *hidden, dense(1, 2**0.5))


def draw(n, d, depth, width, precision, method):
    jax.config.update("jax_enable_x64", PRECISION[precision])
    x = jax.numpy.asarray(serve.inputs(n, d).astype(precision))
    init, apply, _ = network(depth, width, d)
    kernel = nt.empirical_ntk_fn(apply, implementation=nt.NtkImplementation[method])

    @jax.jit
    def one(key):
        _, weights = init(key, x.shape)
        weights = jax.tree_util.tree_map(lambda w: w.astype(precision), weights)
        return kernel(x, None, weights)

    keys = iter(jax.random.split(jax.random.PRNGKey(0), 10_000))
    return lambda: one(next(keys)).block_until_ready(), lambda value: float(value[0, 0])


def gram(n, d, depth, precision):
    jax.config.update("jax_enable_x64", PRECISION[precision])
    x = jax.numpy.asarray(serve.inputs(n, d).astype(precision))
    kernel = network(depth, 8, d)[2]
    compiled = jax.jit(lambda x: kernel(x, None, "ntk"))
    i, j = serve.picked(n)
    return lambda: compiled(x).block_until_ready(), lambda value: np.asarray(value, dtype=float)[i, j].tolist()


serve.serve({"draw": draw, "gram": gram})
