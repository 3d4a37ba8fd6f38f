"""Reference sampler of tangent kernels: dense weights, one forward and one backward pass, written to be read.

It shares no code with the sampler of wide networks (`numerics.wide`), which is put to the test against it.
"""

from numerics.dense.activations import ACTIVATIONS, Activation
from numerics.dense.namespace import namespace
from numerics.dense.network import Network, Weights, draw
from numerics.dense.passes import Draws, backward, forward, sample, tangent_kernel

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Draws",
    "Network",
    "Weights",
    "backward",
    "draw",
    "forward",
    "namespace",
    "sample",
    "tangent_kernel",
]
