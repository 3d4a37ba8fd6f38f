"""The linearised network: its closed form solves the equation it is the solution of."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from numerics.data import sphere
from numerics.training.linearised import Linearised
from numerics.training.smooth import train
from numerics.training.two_layer import initial, model


def linear(rng, rank):
    """4 points and 2 test points with a joint kernel of the given rank."""
    factor = rng.normal(size=(6, rank))
    joint = factor @ factor.T
    return Linearised(rng.normal(size=4), rng.normal(size=4), rng.normal(size=2), joint[:4, :4], joint[4:, :4])


@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0, 5), st.floats(0, 5))
@settings(max_examples=60, deadline=None)
def test_it_is_a_semigroup(seed, rank, first, second):
    """Going on from the outputs at t for a time s is being at t + s, for singular kernels too."""
    line = linear(np.random.default_rng(seed), rank)
    outputs, tests = line.at(np.array([first, first + second]))
    later = Linearised(line.labels, outputs[0], tests[0], line.kernel, line.test_kernel).at(np.array([second]))
    size = np.linalg.norm(line.kernel) * 10 + 10
    assert later[0][0] == pytest.approx(outputs[1], abs=1e-12 * size)
    assert later[1][0] == pytest.approx(tests[1], abs=1e-9 * size)


def test_outputs_and_predictions_follow_the_matrix_exponential():
    line = linear(np.random.default_rng(1), 6)
    outputs, tests = line.at(np.array([0.0, 0.7]))
    residual = line.labels - line.start
    decayed = expm(-0.7 * line.kernel) @ residual
    assert outputs[0] == pytest.approx(line.start)
    assert outputs[1] == pytest.approx(line.labels - decayed)
    assert tests[1] == pytest.approx(
        line.test_start + line.test_kernel @ np.linalg.solve(line.kernel, residual - decayed)
    )


def test_the_memory_of_a_whole_flow_grows_with_points_times_width_alone():
    data, width = sphere(30, 10), 1 << 13
    weights, readout = initial(np.random.default_rng(0), width, 10)
    of = model("tanh", data.inputs, data.test_inputs, readout, trained=False)
    train(of, weights, data.labels, 0.1, subtract=True)
    tracemalloc.start()
    train(of, weights, data.labels, 20.0, subtract=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A step keeps the slopes (n, m) at six places and the weights (d, m) at ten; n·n·m would be 30 times n·m.
    assert peak <= 8 * width * (8 * 30 + 14 * 10)
