"""A step of descent follows the gradient of the squared error, and the kernel moves less in wider networks."""

import numpy as np
import pytest

from numerics.dense import ACTIVATIONS, Network, draw, forward
from numerics.dense.descent import descend, kernel_drift
from numerics.dense.network import Weights
from numerics.streams import stream

LABELS = np.array([0.3, -1.2, 0.7])


@pytest.mark.parametrize("beta", [0.0, 0.6])
def test_a_step_is_minus_the_rate_times_the_gradient(beta):
    network = Network(sizes=(2, 4, 3, 1), activation=ACTIVATIONS["tanh"], scales=(0.7, 0.5, 0.9), beta=beta)
    rng = stream(0, "descent", {"beta": beta})
    inputs, weights = rng.standard_normal((3, 2)), draw(network, 2, rng)
    moved = descend(network, weights, inputs, LABELS, 0.1)

    def loss(perturbed):
        return ((forward(network, perturbed, inputs).output[..., 0] - LABELS) ** 2).sum(axis=-1) / 2

    for kind in ("matrices", "biases"):
        for h, (before, after) in enumerate(zip(getattr(weights, kind), getattr(moved, kind), strict=True)):
            for place in np.ndindex(before.shape[1:]):
                step = np.zeros(before.shape[1:], dtype=complex)
                step[place] = 1e-30j
                arrays = {name: list(getattr(weights, name)) for name in ("matrices", "biases")}
                arrays[kind][h] = before + step
                derivative = loss(Weights(**{name: tuple(found) for name, found in arrays.items()})).imag / 1e-30
                assert (before - after)[:, *place] == pytest.approx(0.1 * derivative, rel=1e-11, abs=1e-14)


def test_descent_fits_the_labels_and_moves_the_kernel():
    parameters = {"L": 2, "m": 64, "rho": 0.5, "beta": 0.5, "activation": "erf", "steps": 40, "rate": 0.5, "draws": 50}
    columns = kernel_drift(parameters, stream(0, "fit", parameters))
    assert np.median(columns["loss"]) < 1e-3
    assert (columns["drift"] > 0).all()


def test_without_a_step_nothing_moves():
    parameters = {"L": 3, "m": 8, "rho": 0.5, "beta": 0.5, "activation": "relu", "steps": 0, "rate": 0.5, "draws": 5}
    assert kernel_drift(parameters, stream(0, "still", parameters))["drift"].tolist() == [0.0] * 5
