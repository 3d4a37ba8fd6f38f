"""Trained networks inside the kernel regime and outside it."""

import numpy as np
import pytest

from numerics.streams import stream
from numerics.training.learning_rates import learning_rates
from numerics.training.regimes import relu_networks, tanh_networks

TANH = {"n": 4, "d": 5, "readout": 0, "subtract": 1, "T": 60.0, "tolerance": 1e-4, "draws": 2}
RELU = {"n": 4, "d": 5, "T": 40.0, "alpha": 1.0, "p": 0.5, "ratio": 0.0, "draws": 2}


def _tanh(**parameters: float | int) -> dict[str, np.ndarray]:
    at = {**TANH, **parameters}
    return tanh_networks(at, stream(3, "test", at))[0]


def _relu(**parameters: float | int) -> dict[str, np.ndarray]:
    at = {**RELU, **parameters}
    return relu_networks(at, stream(3, "test", at))[0]


def test_a_wide_network_moves_as_far_as_the_nearest_solution_and_predicts_as_the_kernel_does() -> None:
    columns = _tanh(m=4096)
    assert columns["movement"] == pytest.approx(columns["least_norm"], rel=0.02)
    assert (columns["own_regression_gap"] < 0.02).all()
    assert (columns["lowest"] > columns["limit_lowest"] / 2).all()


def test_with_both_layers_trained_the_limiting_kernel_is_larger() -> None:
    assert _tanh(m=256, readout=1)["limit_lowest"][0] > _tanh(m=256)["limit_lowest"][0]


def test_at_an_output_twice_as_large_the_weights_move_half_as_far() -> None:
    once, twice = (_relu(m=512, alpha=alpha)["movement"] for alpha in (4.0, 8.0))
    assert once == pytest.approx(2 * twice, rel=0.1)


def test_the_mean_field_scaling_is_that_of_a_small_output() -> None:
    at = {**RELU, "m": 16}
    mean_field, small = (
        relu_networks({**at, **other}, stream(3, "test", at))[0] for other in ({"p": 1.0}, {"alpha": 0.25})
    )
    assert mean_field["kernel_drift"] == pytest.approx(small["kernel_drift"], rel=1e-12)


def test_a_ratio_is_the_number_of_examples_by_the_width() -> None:
    at = {**RELU, "m": 16}
    by_ratio, by_number = (
        relu_networks({**at, **other}, stream(3, "test", at))[0] for other in ({"ratio": 0.25}, {"n": 4})
    )
    assert by_ratio["movement"] == pytest.approx(by_number["movement"], rel=1e-12)


def test_long_steps_move_the_kernel() -> None:
    at = {"n": 4, "d": 5, "m": 128, "steps": 100, "draws": 3}
    short, long = (learning_rates({**at, "c": c}, np.random.default_rng(2))["kernel_drift"] for c in (0.5, 3.0))
    assert (long > 3 * short).all()
