"""What the experiments record of trained ReLU networks."""

import numpy as np
import pytest

from numerics.data import contrast, sphere
from numerics.streams import stream
from numerics.training.relu_measure import limit_kernel, paths, two_layer

PARAMETERS = {"m": 64, "T": 30.0, "draws": 3}


@pytest.fixture(scope="module")
def measured():
    return two_layer(PARAMETERS, stream(0, "relu", PARAMETERS))


def test_every_column_has_an_entry_per_draw_and_errors_only_of_columns(measured):
    columns, errors = measured
    assert {len(column) for column in columns.values()} == {3}
    assert set(errors) <= set(columns)
    assert {"events", "sliding", "regression_gap", "lowest"} <= set(columns)
    assert np.all(columns["sliding"] <= columns["events"])


def test_the_stream_decides_what_is_measured(measured):
    again = two_layer(PARAMETERS, stream(0, "relu", PARAMETERS))
    assert all(np.array_equal(again[0][name], column) for name, column in measured[0].items())


def test_the_gap_to_the_limit_shrinks_with_the_width():
    gaps = []
    for width in (16, 1024):
        parameters = {"m": width, "T": 100.0, "draws": 6}
        gaps.append(np.median(two_layer(parameters, stream(1, "relu", parameters))[0]["regression_gap"]))
    assert gaps[1] < gaps[0] / 3


def test_a_larger_scale_moves_the_weights_less():
    moved = []
    for scale in (1.0, 4.0):
        parameters = {"m": 256, "T": 60.0 / scale**2, "draws": 2, "scale": scale}
        moved.append(np.mean(two_layer(parameters, stream(2, "relu", parameters))[0]["movement"]))
    assert moved[0] / moved[1] == pytest.approx(4, rel=0.2)


def test_the_limiting_kernel_is_the_mean_of_the_kernels():
    inputs = sphere(6, 4).inputs
    active = np.random.default_rng(0).standard_normal((200_000, 4)) @ inputs.T > 0
    mean = (inputs @ inputs.T) * (active.T.astype(float) @ active) / len(active)
    assert mean == pytest.approx(limit_kernel(inputs, inputs), abs=0.01)


def test_a_path_keeps_the_decay_with_its_own_bound_on_the_spectrum():
    parameters = {"m": 64, "T": 40.0, "replicate": 0}
    columns, errors = paths(parameters, stream(0, "path", parameters))
    assert set(errors) == set(columns)
    assert columns["residual_norm"][0] == np.linalg.norm(contrast().labels)
    assert errors["residual_norm"][0] == 0
    bound = columns["label_norm"] * np.exp(-columns["lambda_bar"] * columns["t"])
    assert np.all(columns["residual_norm"] - errors["residual_norm"] <= bound)
    assert np.all(columns["events"] > 0)


def test_a_path_on_which_the_kernel_is_singular_is_refused():
    with pytest.raises(ArithmeticError, match="larger width"):
        paths({"m": 1, "T": 1.0}, np.random.default_rng(0))
