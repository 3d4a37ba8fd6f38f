"""Measurements of small convolutional and recurrent networks at initialisation, whose weights act at many places."""

import math

import numpy as np

from numerics.data import span
from numerics.dense import convolution, recurrent
from numerics.dense.convolution import Convolutional
from numerics.dense.recurrent import Recurrent
from numerics.streams import Columns, Parameters

IMAGES = np.array([[5 / 3, 1 / 3, 1 / 3], [-1.0, 1.0, 1.0]])
"""Two images of three pixels with ‖x‖² = 3. The first has the correlations -1/3, 5/9, 5/9 with the shifts of the
second."""


def convolutional_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of a convolutional ReLU network at the two `IMAGES`.

    `L` convolutions on a circle of three pixels with filters of three taps and `m` channels, mean over the pixels,
    read-out; NTK parametrisation with gain 2, all weights iid N(0, 1), no biases. Column: `ntk`, one entry for each of
    the `draws`. Every pixel sees the whole image, shifted, so that the limit is the mean over the shifts of the kernel
    Θ^(L) of fully connected networks.
    """
    channels = (1, *[int(parameters["m"])] * int(parameters["L"]))
    network = Convolutional(image=(3,), filter=(3,), channels=channels)
    kernels, _ = convolution.sample(network, IMAGES[..., None], int(parameters["draws"]), rng)
    return {"ntk": kernels[:, 0, 1, 0, 0]}


def recurrent_ntk(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel at initialisation of a recurrent ReLU network at two sequences.

    z_t = W h_{t-1}/√m + U x_t, h_t = max(z_t, 0), h_0 = 0, f = √(2/m) V h_T; all weights iid N(0, 1) and trained,
    width `m`. The sequences have the lengths `T` and `S`; the first entry of each has norm 1, all others have norm √½,
    so that every z_t has variance 1; entries of different sequences have the correlation `rho`. Column: `ntk`, one
    entry for each of the `draws`.
    """
    directions = span(float(parameters["rho"]))
    sequences = []
    for name, direction in zip(("T", "S"), directions, strict=True):
        norms = np.array([1.0, *[math.sqrt(0.5)] * (int(parameters[name]) - 1)])
        sequences.append(norms[:, None] * direction)
    network = Recurrent(inputs=directions.shape[1], width=int(parameters["m"]))
    kernels, _ = recurrent.sample(network, sequences, int(parameters["draws"]), rng)
    return {"ntk": kernels[:, 0, 1, 0, 0]}
