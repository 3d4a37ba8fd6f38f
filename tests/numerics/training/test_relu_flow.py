"""Gradient flow of two-layer ReLU networks: exact solutions, sliding and grazing, and agreement with small steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from numerics.data import Data, sphere
from numerics.training import relu_flow as module
from numerics.training.relu_flow import relu_flow


def train(weights, readout, inputs, labels, until, **options):
    inputs = np.array(inputs, dtype=float)
    options.setdefault("test_inputs", inputs[:1])
    problem = Data(inputs, np.array(labels, dtype=float))
    return relu_flow(np.array(weights, dtype=float), np.array(readout, dtype=float), problem, until, **options)


def drawn(seed, width, points, dimension):
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((points, dimension))
    inputs /= np.linalg.norm(inputs, axis=1, keepdims=True)
    weights, readout = rng.standard_normal((width, dimension)), rng.choice([-1.0, 1.0], width)
    return weights, readout, Data(inputs, 1.5 * rng.standard_normal(points))


def descended(weights, readout, problem, until, step):
    """Gradient descent with a small step: outputs at the end, and by how much each neuron moved at most."""
    now, furthest = weights.copy(), np.zeros(len(weights))
    gain = readout / np.sqrt(len(weights))
    for _ in range(round(until / step)):
        before = now @ problem.inputs.T
        residual = problem.labels - gain @ np.maximum(before, 0)
        now += step * gain[:, None] * ((before > 0) * residual) @ problem.inputs
        furthest = np.maximum(furthest, np.linalg.norm(now - weights, axis=1))
    return gain @ np.maximum(now @ problem.inputs.T, 0), furthest


def test_one_example_whose_kernel_is_one_half():
    path = train([[3], [3], [-3], [-3]], [1, -1, 1, -1], [[1]], [1], 20.0)
    times = path.trajectory.times
    assert path.events == 0
    assert (path.trajectory.lowest, path.trajectory.highest) == pytest.approx((0.5, 0.5))
    assert path.trajectory.residual == pytest.approx(np.exp(-times / 2), rel=1e-12)
    # The speed of each active neuron is half of e to the -t/2.
    assert path.trajectory.neuron_movement == pytest.approx(1 - np.exp(-times / 2), rel=1e-12)
    assert path.suprema["linear_gap"][0] < 1e-14


def test_a_neuron_that_falls_to_zero_rests():
    # u = w = 2e^(-t) - 1 until it is 0, at ln 2.
    path = train([[1]], [1], [[1]], [-1], 5.0)
    assert path.pieces.times[np.flatnonzero(np.diff(path.pieces.piece)) + 1] == pytest.approx([np.log(2)], abs=1e-11)
    assert path.trajectory.residual == pytest.approx(np.maximum(2 * np.exp(-path.trajectory.times), 1), rel=1e-11)
    assert (path.hits, path.slides, path.trajectory.lowest) == (1, 0, pytest.approx(0))
    assert path.suprema["kernel_drift"][0] == pytest.approx(1)
    assert path.trajectory.neuron_movement[-1] == pytest.approx(1)


RHO = 0.6
PAIR = [[1, 0], [RHO, 0.8]]


def test_a_sliding_neuron_follows_its_plane():
    # Active on x_1 with r_1 = e^(-t); z_2 = -0.3 + 0.6 (1 - e^(-t)) reaches 0 at ln 2. There ρ r_1 = 0.3 is less than
    # -r_2 = 1, so z_2 stays 0, and r_1 decays at the rate 1 - ρ² from then on.
    start = np.linalg.solve(np.array(PAIR), [1, -0.3])
    path = train([start], [1], PAIR, [2, -1], 8.0)
    times = path.trajectory.times
    first = np.where(times < np.log(2), np.exp(-times), 0.5 * np.exp(-(1 - RHO**2) * (times - np.log(2))))
    assert (path.hits, path.slides, path.releases) == (1, 1, 0)
    assert path.trajectory.outputs[:, 0] == pytest.approx(2 - first, abs=1e-11)
    assert path.trajectory.outputs[:, 1] == pytest.approx(0)
    assert path.trajectory.end_kernel == pytest.approx(np.diag([1 - RHO**2, 0]), abs=1e-14)


def test_a_sliding_neuron_is_let_go_when_its_share_reaches_one():
    # A second neuron, active on x_2 alone, takes r_2 from -2 to 0 at the rate 1/2, as r_1 goes from 1 before the hit.
    # While the first slides, ρ r_1/|r_2| = 0.3 e^(ρ² τ/2).
    starts = np.linalg.solve(np.array(PAIR), np.array([[1.0, -0.1], [-9.0, 9.0]]).T).T
    path = train(starts, [1, 1], PAIR, [1 + 1 / np.sqrt(2), 9 / np.sqrt(2) - 2], 40.0)
    changes = path.pieces.times[np.flatnonzero(np.diff(path.pieces.piece)) + 1]
    hit = -2 * np.log(1 - 0.1 / (np.sqrt(2) * RHO))
    assert (path.slides, path.releases) == (1, 1)
    assert changes[:2] == pytest.approx([hit, hit + 2 / RHO**2 * np.log(1 / 0.3)], abs=1e-9)


@pytest.mark.parametrize("peak", [-1e-9, 1e-9])
def test_a_short_visit_is_not_missed_nor_imagined(peak):
    # Inactive on x_3, z_3 = z + α(1 - e^(-9t))/9 - β(1 - e^(-t)) has its top at e^(-8t) = β/α, as high as `peak`.
    inputs = np.array([[0, 3, 0], [1, 0, 0], [-0.5, 0.8, 0.3]])
    alpha, beta = inputs[2] @ inputs[0], -inputs[2] @ inputs[1]

    def visit(t):
        return alpha * (1 - np.exp(-9 * t)) / 9 - beta * (1 - np.exp(-t))

    top = np.log(alpha / beta) / 8
    level = peak - visit(top)
    start = np.linalg.solve(inputs, [1.0, 1.0, level])
    path = train([start], [1], inputs, [2, 2, -5], 3.0)
    assert path.hits == (peak > 0)
    if peak > 0:
        entered = brentq(lambda t: level + visit(t), 0, top, xtol=1e-15)
        changes = path.pieces.times[np.flatnonzero(np.diff(path.pieces.piece)) + 1]
        assert (path.slides, path.releases) == (1, 1)
        # It enters at a speed of 1e-4, and 0 is told from 1e-12.
        assert changes[0] == pytest.approx(entered, abs=3e-8)
        assert changes[1] == pytest.approx(top, abs=1e-4)


@pytest.mark.parametrize(("seed", "width", "points", "dimension"), [(0, 8, 6, 4), (1, 16, 6, 4), (2, 32, 20, 10)])
def test_the_difference_to_small_steps_is_proportional_to_the_step(seed, width, points, dimension):
    weights, readout, problem = drawn(seed, width, points, dimension)
    path = relu_flow(weights, readout, problem, 10.0, test_inputs=problem.inputs[:1])
    assert path.slides > 3
    gaps = []
    for step in (1e-2, 1e-4):
        outputs, furthest = descended(weights, readout, problem, 10.0, step)
        gaps.append(np.linalg.norm(outputs - path.trajectory.outputs[-1]))
        assert furthest.max() == pytest.approx(
            path.suprema["neuron_movement"][0], abs=sum(path.suprema["neuron_movement"][1:]) + step
        )
    # Sliding neurons chatter around their plane by a step, so that the factor is not 100 exactly.
    assert 30 < gaps[0] / gaps[1] < 1000
    assert gaps[1] < 1e-4


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 7), st.integers(2, 5), st.sampled_from([0.5, 2.0]))
def test_facts_about_any_path(seed, width, points, dimension, scale):
    weights, readout, problem = drawn(seed, width, points, dimension)
    path = relu_flow(weights, readout, problem, 30.0, test_inputs=problem.inputs, subtract=True, scale=scale)
    known = path.trajectory
    size = known.residual[0]
    assert np.all(np.diff(np.linalg.norm(path.pieces.residuals, axis=1)) <= 1e-12 * size)
    assert np.all(known.residual <= size * np.exp(-known.lowest * known.times) * (1 + 1e-9))
    assert -1e-9 <= known.lowest <= known.highest <= (scale * np.linalg.norm(problem.inputs, 2)) ** 2 + 1e-9
    # The network of the moved weights has the outputs that the residual has, events and all.
    assert known.error("residual")[0] < 1e-5
    assert known.test_outputs == pytest.approx(known.outputs, abs=known.error("residual")[0] + 1e-9)
    for name, (value, error) in path.suprema.items():
        assert value + error >= getattr(known, name).max() - 1e-12


def test_the_kernel_changed_event_by_event_is_that_of_the_pattern(monkeypatch):
    weights, readout, problem = drawn(3, 40, 6, 4)
    slowly = relu_flow(weights, readout, problem, 20.0, test_inputs=problem.inputs[:1])
    monkeypatch.setattr(module, "AFRESH", 1)
    again = relu_flow(weights, readout, problem, 20.0, test_inputs=problem.inputs[:1])
    assert again.pieces.kernels == pytest.approx(slowly.pieces.kernels, abs=1e-12)


def test_suprema_leave_out_no_time(monkeypatch):
    problem = sphere(6, 4)
    rng = np.random.default_rng(0)
    weights, readout = rng.standard_normal((64, 4)), rng.choice([-1.0, 1.0], 64)
    coarse = relu_flow(weights, readout, problem, 60.0, test_inputs=problem.test_inputs, subtract=True)
    monkeypatch.setattr(module, "NODES", 2000)
    fine = relu_flow(weights, readout, problem, 60.0, test_inputs=problem.test_inputs, subtract=True)
    for name, (value, error) in coarse.suprema.items():
        assert value - 1e-9 <= fine.suprema[name][0] <= value + error + 1e-9
        assert error < 0.05 * value


def test_with_the_start_subtracted_the_residual_starts_from_the_labels():
    weights, readout, problem = drawn(4, 10, 4, 4)
    path = relu_flow(weights, readout, problem, 1.0, test_inputs=problem.inputs[:2], subtract=True)
    assert path.trajectory.outputs[0] == pytest.approx(0)
    assert path.trajectory.test_outputs[0] == pytest.approx(0)
    direct = readout / np.sqrt(10) @ np.maximum(weights @ problem.inputs.T, 0)
    assert path.trajectory.start_outputs == pytest.approx(direct)


@pytest.mark.parametrize(
    ("weights", "inputs", "message"),
    [([[1.0, 1.0]], [[1, 0], [-2, 0]], "parallel"), ([[0.0, 1.0]], [[1, 0], [0, 1]], "is 0 at the start")],
)
def test_points_that_leave_the_path_open_are_refused(weights, inputs, message):
    with pytest.raises(ValueError, match=message):
        train(weights, [1], inputs, [1, 1], 1.0)
