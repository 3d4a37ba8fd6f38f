"""The mean of the tangent kernel given the first layer, against the kernels drawn and against exact values."""

import math

import numpy as np
import pytest

from numerics.data import span
from numerics.wide import sample
from numerics.wide.conditional_mean import conditional_mean, first_layers, kappa_0, kappa_1, remainder, second_order


def _theta(rho: float) -> float:
    kappa, slope = float(kappa_1(rho)), float(kappa_0(rho))
    return float(kappa_1(kappa) + kappa_0(kappa) * (kappa + rho * slope))


@pytest.mark.parametrize("width", [2, 5])
@pytest.mark.parametrize("rho", [0.5, -0.6])
def test_its_mean_is_that_of_the_kernels_drawn(width: int, rho: float) -> None:
    rng = np.random.default_rng(4)
    kernels = sample(span(rho), [width, 3], 60_000, rng).ntk[:, 0, 1]
    means = conditional_mean(first_layers(width, rho, 20_000, rng), width, rho)
    error = math.hypot(kernels.std() / math.sqrt(len(kernels)), means.std() / math.sqrt(len(means)))
    assert abs(kernels.mean() - means.mean()) < 5 * error


def test_the_width_of_the_second_layer_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    narrow, wide = (sample(span(0.5), [2, second], 60_000, rng).ntk[:, 0, 1] for second in (1, 30))
    error = math.hypot(narrow.std(), wide.std()) / math.sqrt(len(narrow))
    assert abs(narrow.mean() - wide.mean()) < 5 * error


@pytest.mark.parametrize("rho", [0.5, -0.5, 0.9])
def test_one_neuron_in_the_first_layer_has_a_closed_form(rho: float) -> None:
    means = conditional_mean(first_layers(1, rho, 40_000, np.random.default_rng(6)), 1, rho)
    exact = 2 * kappa_1(rho) + rho * kappa_0(rho)
    assert abs(means.mean() - exact) < 5 * means.std() / 200


def test_the_sums_have_the_means_that_the_linear_part_is_taken_about() -> None:
    found = first_layers(16, 0.5, 20_000, np.random.default_rng(7))[:4]
    exact = np.array([1.0, 1.0, kappa_1(0.5), kappa_0(0.5)])
    assert (np.abs(found.mean(axis=1) - exact) < 5 * found.std(axis=1) / math.sqrt(20_000)).all()


def test_the_remainder_vanishes_to_second_order_at_the_mean() -> None:
    """Without fluctuations only the part of order 1/m by itself is left; that and a small step give c·step²."""
    rho, width = 0.3, 10**12
    centre = np.array([1.0, 1.0, kappa_1(rho), kappa_0(rho), 0.8, 0.7])[:, None]
    for direction in np.eye(6)[:4]:
        near, far = (remainder(centre + step * direction[:, None], width, rho)[0] for step in (1e-4, 1e-3))
        assert abs(near) < 1e-7
        assert abs(far) < 1e-5
    assert abs(conditional_mean(centre, width, rho)[0] - _theta(rho)) < 1e-11


def test_a_layer_without_active_neurons_has_no_kernel() -> None:
    assert conditional_mean(np.zeros((6, 1)), 4, 0.5)[0] == 0


def test_columns() -> None:
    rng = np.random.default_rng
    single = second_order({"rho": 0.5, "m": 64, "draws": 12}, rng(1))["remainder"]
    mean = second_order({"rho": 0.5, "m": 64, "k": 4, "draws": 3}, rng(1))["mean_remainder"]
    assert np.allclose(mean, 64 * single.reshape(3, 4).mean(axis=1), rtol=1e-12)
