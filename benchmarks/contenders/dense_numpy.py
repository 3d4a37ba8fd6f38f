"""Plain NumPy: weights drawn, one forward and one backward pass, the kernel from the Gram matrices of the layers."""

import numpy as np
import serve
from flow_numpy import flow


def draw(n, d, depth, width, precision):
    kind = np.dtype(precision)
    x = serve.inputs(n, d).astype(kind)
    rng = np.random.default_rng(0)
    scale = np.sqrt(2 / width).astype(kind)

    def one():
        signal, signals, weights = x, [], []
        for _ in range(depth):
            weights.append(rng.standard_normal((width, signal.shape[1]), dtype=kind))
            signals.append(signal)
            signal = scale * np.maximum(signal @ weights[-1].T, 0)
        kernel = signal @ signal.T
        backward = scale * (signal > 0) * rng.standard_normal(width, dtype=kind)
        for layer in reversed(range(depth)):
            kernel += (backward @ backward.T) * (signals[layer] @ signals[layer].T)
            if layer:
                backward = scale * (signals[layer] > 0) * (backward @ weights[layer])
        return kernel

    return one, lambda value: float(value[0, 0])


serve.serve({"draw": draw, "flow": flow})
