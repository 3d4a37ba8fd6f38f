"""Every activation is the function its name says, and comes with its derivative."""

import numpy as np
import pytest
from scipy.special import ndtr

from numerics.dense import ACTIVATIONS

KINKED = {"relu", "heaviside"}
POINTS = np.array([-2.5, -1.0, -1e-3, 0.3, 1.0, 2.0])


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - KINKED))
def test_the_slope_is_the_derivative(name):
    activation = ACTIVATIONS[name]
    derivative = activation.value(POINTS + 1e-30j, np).imag / 1e-30
    assert activation.slope(POINTS, np) == pytest.approx(derivative, rel=1e-13)


@pytest.mark.parametrize("name", sorted(KINKED))
def test_the_slope_is_the_derivative_away_from_the_kink(name):
    activation = ACTIVATIONS[name]
    difference = (activation.value(POINTS + 1e-6, np) - activation.value(POINTS - 1e-6, np)) / 2e-6
    assert activation.slope(POINTS, np) == pytest.approx(difference, abs=1e-9)


def test_some_values():
    z = np.array([-1.0, 0.5])
    assert ACTIVATIONS["normal_cdf"].value(z, np) == pytest.approx(ndtr(z), rel=1e-15)
    assert ACTIVATIONS["exp_half_square"].value(z, np) == pytest.approx(np.exp(z**2 / 2), rel=1e-15)
    assert ACTIVATIONS["cube"].value(z, np) == pytest.approx(z**3, rel=1e-15)
    assert ACTIVATIONS["relu"].value(z, np).tolist() == [0.0, 0.5]
