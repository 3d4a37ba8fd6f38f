"""The end of gradient flow: against closed forms, against a long adaptive flow, and with a kernel without rank."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.data import plane
from numerics.dense import ACTIVATIONS, Network, draw
from numerics.training.end_of_flow import end_of_flow, lengths
from numerics.training.layered import Problem
from numerics.training.layered_flow import flow

DATA, TEST = plane()


def problem(activation="erf", *, width=40, draws=3, **options):
    network = Network(sizes=(2, width, 1), activation=ACTIVATIONS[activation], scales=(1.0, np.sqrt(2 / width)))
    start = draw(network, draws, np.random.default_rng(5))
    found = Problem(network=network, start=start, inputs=DATA.inputs, targets=DATA.labels, tests=TEST[None])
    return replace(found, **options)


def test_the_steps_grow_with_the_time_and_the_last_two_are_infinite():
    steps = lengths(0.1, 5.0)
    times = np.cumsum([0.0, *steps[:-2]])
    assert steps[:-2] == pytest.approx(0.1 * (1 + times[:-1]))
    assert times[-2] < 5 <= times[-1]
    assert steps[-2:] == [np.inf, np.inf]


@pytest.mark.parametrize("activation", ["erf", "relu"])
def test_with_a_constant_kernel_it_is_kernel_regression_on_the_residuals(activation):
    of = problem(activation, trained="read-out")
    ends, off = end_of_flow(of, step=0.3, end=10.0)
    everywhere = of.kernel(of.tangent(of.start, np.arange(3)))
    first = of.outputs(of.start)[..., 0]
    fit = np.linalg.solve(everywhere[:, :2, :2], (DATA.labels - first[:, :2])[..., None])
    assert ends == pytest.approx(first + (everywhere[:, :, :2] @ fit)[..., 0], abs=1e-10)
    assert off.max() < 1e-10


@pytest.mark.parametrize("kappa", [1.0, 0.3])
def test_a_smooth_network_ends_where_a_long_adaptive_flow_does(kappa):
    of = problem(scale=kappa)
    ends, off = end_of_flow(of, step=0.1, end=40.0)
    long = flow(of, [40 / kappa**2], tolerance=1e-9, kernels=False)
    assert np.all(np.abs(ends[:, 2:] - long.test_outputs[-1, :, :, 0]) <= off[:, 2:] + 1e-6)
    assert off.max() < 0.01
    assert ends[:, :2] == pytest.approx(np.tile(DATA.labels, (3, 1)), abs=1e-8)


def test_for_the_relu_the_estimate_is_above_the_error():
    of = problem("relu", draws=20, width=200)
    ends, off = end_of_flow(of, step=0.1, end=40.0)
    finer, _ = end_of_flow(of, step=0.005, end=40.0)
    assert np.mean(np.abs(ends - finer) <= off + 1e-9) > 0.8
    assert np.abs(ends - finer).max() < 2 * off.max()


def test_the_scale_of_the_output_is_that_of_labels_and_of_time():
    scaled, _ = end_of_flow(problem("relu", scale=0.5), step=0.2, end=20.0)
    plain, _ = end_of_flow(problem("relu", targets=DATA.labels / 0.5), step=0.2, end=20.0)
    assert scaled == pytest.approx(0.5 * plain, abs=1e-8)


def test_two_equal_inputs_are_fitted_to_the_mean_of_their_labels():
    of = problem(inputs=np.array([[1.0, 0.0], [1.0, 0.0]]), targets=np.array([1.0, 3.0]))
    ends, _ = end_of_flow(of, step=0.2, end=20.0)
    assert ends[:, :2] == pytest.approx(np.full((3, 2), 2.0), abs=1e-8)


@pytest.mark.parametrize(("step", "end"), [(0.0, 1.0), (1.0, 1.0), (0.1, 0.0), (0.1, np.inf)])
def test_steps_and_times_out_of_range_are_refused(step, end):
    with pytest.raises(ValueError, match="step"):
        end_of_flow(problem(), step=step, end=end)
