"""Networks with a scaled output against kernel regression, and ensembles of trained networks."""

import numpy as np
import pytest

from numerics.data import corners, plane
from numerics.dense import draw
from numerics.dense.activations import ACTIVATIONS
from numerics.kernel_matrices import relu_kernels
from numerics.training.ensembles import scaled_descent, trained_ensemble
from numerics.training.layered import Problem
from numerics.training.scaled_output import (
    RELU,
    _steps,
    against_kernels,
    close_points,
    network,
    predictions,
    steps_to_fit,
)


def rng():
    return np.random.default_rng(11)


def test_the_relu_is_the_one_of_dense_networks():
    z, other = np.array([-1.5, -0.0, 0.0, 2.0]), ACTIVATIONS["relu"]
    assert RELU.value(z, np) == pytest.approx(other.value(z, np))
    assert RELU.slope(z, np) == pytest.approx(other.slope(z, np))


def test_the_predictions_are_the_labels_at_the_examples_and_what_the_data_set_says_at_the_first_test():
    data, tests = corners()
    for found in predictions(data.inputs, data.labels, data.inputs, 2):
        assert found == pytest.approx(data.labels)
    ntk, nngp = predictions(data.inputs, data.labels, tests, 1)
    assert (ntk[0], nngp[0]) == pytest.approx((0.394, -0.972), abs=1e-3)


def test_the_errors_against_the_two_kernels_differ_by_the_predictions():
    data, tests = corners()
    columns, errors = against_kernels({"m": 20, "L": 1, "draws": 5, "p": 0.25}, rng())
    ntk, nngp = predictions(data.inputs, data.labels, tests, 1)
    assert columns["ntk_error"] + ntk[0] == pytest.approx(columns["nngp_error"] + nngp[0])
    assert np.all(columns["largest_ntk_error"] >= np.abs(columns["ntk_error"]))
    assert set(errors) == set(columns)
    assert all(len(column) == 5 for column in (*columns.values(), *errors.values()))


def test_close_inputs_with_opposite_labels_make_larger_errors():
    near, far = (close_points({"m": 64, "draws": 20, "k": k, "p": 0.25}, rng())[0]["ntk_error"] for k in (16, 2))
    assert np.median(np.abs(near)) > 5 * np.median(np.abs(far))


def test_close_inputs_take_more_steps_to_fit():
    few, many = (steps_to_fit({"m": 256, "draws": 8, "k": k}, rng())["steps"] for k in (2, 8))
    assert few.max() < many.min()


def test_what_does_not_fit_in_time_is_an_error():
    data, _ = plane()
    net = network(2, 16, 1)
    of = Problem(network=net, start=draw(net, 2, rng()), inputs=data.inputs, targets=data.labels)
    with pytest.raises(RuntimeError, match="within 1 steps"):
        _steps(of, rate=1e-3, limit=1)


def test_an_ensemble_is_nearly_the_affine_map_of_its_own_start():
    data, test = plane()
    columns = trained_ensemble({"m": 2000, "draws": 40, "steps": 24}, rng())
    among, across = relu_kernels(data.inputs, depth=1).ntk, relu_kernels(test[None], data.inputs, depth=1).ntk
    start = np.stack([columns["first_start"], columns["second_start"]])
    expected = columns["output_start"] + (across @ np.linalg.solve(among, data.labels[:, None] - start))[0]
    assert np.median(np.abs(columns["output_trained"] - expected)) < 0.1
    assert columns["residual_trained"].max() < 1e-6


def test_descent_comes_closer_to_the_flow_with_shorter_steps():
    far, near = (scaled_descent({"m": 32, "draws": 6, "time": 32.0, "s": s}, rng()) for s in (16, 64))
    gaps = [np.abs(columns["descent_output"] - columns["flow_output"]) for columns, _ in (far, near)]
    assert np.median(gaps[0]) > 3 * np.median(gaps[1])
    assert near[1]["flow_output"].max() < 1e-3
