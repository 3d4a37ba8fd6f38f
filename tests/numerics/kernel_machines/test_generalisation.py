"""The errors of a regression on its examples and on the whole distribution."""

from itertools import product

import numpy as np
import pytest

from numerics.kernel_machines import generalisation, ridge
from numerics.kernel_matrices import relu_ntk

CORNERS = np.array(list(product((1.0, -1.0), repeat=12))) / np.sqrt(12)


def test_the_fit_is_that_of_the_kernel_matrix() -> None:
    found = generalisation.risks({"m": 30, "noise": 0.5, "penalty": 0.1, "draws": 1}, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    at = rng.integers(4096, size=30)
    clean = np.sign(CORNERS[:, 0]) / 2
    labels = clean[at] + 0.5 * rng.choice((-1.0, 1.0), size=30)
    fit = ridge(relu_ntk(CORNERS[at], depth=1), labels, penalty=0.1, mean=False, half=False)
    values = fit.predict(relu_ntk(CORNERS, CORNERS[at], depth=1))
    beyond = np.mean([np.minimum(np.abs(values - clean - noise), 1) for noise in (-0.5, 0.5)])
    gap = beyond - np.mean(np.minimum(np.abs(values[at] - labels), 1))
    assert found["generalisation_gap"][0] == pytest.approx(gap, abs=1e-12)
    assert found["ball_radius"][0] / 2 < fit.norm <= found["ball_radius"][0]


def test_the_smallest_ball_has_the_radius_one() -> None:
    found = generalisation.risks({"m": 30, "noise": 0.5, "penalty": 1e6, "draws": 2}, np.random.default_rng(3))
    assert np.all(found["ball_radius"] == 1)


def test_noise_is_fitted_and_does_not_carry_over() -> None:
    noisy = {"m": 128, "noise": 1.5, "penalty": 0.01, "draws": 5}
    assert np.all(generalisation.risks(noisy, np.random.default_rng(4))["generalisation_gap"] > 0.5)
