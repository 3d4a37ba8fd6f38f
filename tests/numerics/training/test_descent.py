"""Gradient descent, whole and by mini-batches: its steps, its limit, its linearisation, and what is measured of it."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.dense import ACTIVATIONS, Network, draw
from numerics.dense import descent as reference
from numerics.dense.network import fan_in_scales
from numerics.training import descent_measure
from numerics.training.descent import descend, full_batches, mini_batches
from numerics.training.layered import Problem
from numerics.training.layered_flow import flow
from numerics.training.losses import HINGE, LOGISTIC

INPUTS = np.array([[1.0, 0.2], [-0.3, 0.9], [0.5, -0.8], [-0.6, -0.6]])
TESTS = np.array([[0.6, 0.6]])
SIGNS = np.array([1.0, -1.0, 1.0, -1.0])


def problem(**options):
    sizes = (2, 6, 5, 1)
    network = Network(sizes=sizes, activation=ACTIVATIONS["tanh"], scales=fan_in_scales(sizes), beta=0.4)
    start = draw(network, 3, np.random.default_rng(1))
    return Problem(network=network, start=start, inputs=INPUTS, targets=SIGNS, tests=TESTS, **options)


def test_a_step_is_that_of_the_reference():
    of = problem()
    once = descend(of, 0.3, full_batches(4, 1)).weights
    expected = reference.descend(of.network, of.start, INPUTS, SIGNS, 0.3)
    for kind in ("matrices", "biases"):
        for found, wanted in zip(getattr(once, kind), getattr(expected, kind), strict=True):
            assert found == pytest.approx(wanted, abs=1e-14)


@pytest.mark.parametrize("loss", [LOGISTIC, HINGE])
def test_sgd_by_full_batches_is_gradient_descent(loss):
    of = problem(loss=loss)
    shuffled = mini_batches(4, 4, 7, np.random.default_rng(2))
    one, other = (descend(of, 0.2, batches) for batches in (full_batches(4, 7), shuffled))
    assert one.outputs == pytest.approx(other.outputs, abs=1e-12)
    assert one.linear_outputs == pytest.approx(other.linear_outputs, abs=1e-12)


def test_the_mean_of_the_steps_by_the_batches_of_an_epoch_is_the_step_by_all_inputs():
    of = problem()
    whole = descend(of, 0.1, full_batches(4, 1)).weights
    halves = [descend(of, 0.1, [np.array(batch)]).weights for batch in ([0, 2], [3, 1])]
    mean = (halves[0].matrices[0] + halves[1].matrices[0]) / 2
    assert mean == pytest.approx(whole.matrices[0], abs=1e-14)


def test_every_epoch_deals_out_every_input_once():
    dealt = mini_batches(6, 2, 9, np.random.default_rng(0))
    assert len(dealt) == 9
    for epoch in range(3):
        assert sorted(np.concatenate(dealt[3 * epoch : 3 * epoch + 3])) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("options", [{}, {"loss": LOGISTIC}, {"scale": 0.5, "subtracted": True}])
def test_descent_tends_to_the_flow_as_the_step_vanishes(options):
    of, time = problem(**options), 2.0
    limit = flow(of, [time], tolerance=1e-9).outputs[0]
    coarse, fine, finest = (descend(of, time / n, full_batches(4, n), recorded=[n]).outputs[0] for n in (50, 100, 200))
    off = [np.abs(found - limit).max() for found in (coarse, fine, finest)]
    assert off[0] / off[1] == pytest.approx(2, rel=0.1) and off[1] / off[2] == pytest.approx(2, rel=0.05)
    richardson = [np.abs(2 * b - a - limit).max() for a, b in ((coarse, fine), (fine, finest))]
    assert richardson[1] < off[2] / 20
    assert richardson[0] / richardson[1] == pytest.approx(4, rel=0.2)


def test_the_linearised_model_is_the_network_when_the_read_out_alone_is_trained():
    batches = mini_batches(4, 2, 12, np.random.default_rng(3))
    path = descend(problem(trained="read-out"), 0.4, batches)
    assert path.linear_gap.max() < 1e-13 and path.test_gap.max() < 1e-13


def test_under_the_hinge_loss_descent_stops_beyond_the_margin():
    path = descend(problem(loss=HINGE), 0.05, full_batches(4, 400))
    assert (path.losses[-1] == 0).all()
    assert (SIGNS[:, None] * path.outputs[-1] >= 1).all()
    assert (path.outputs[-1] == path.outputs[-2]).all()


def test_the_chosen_steps_are_recorded_with_their_times_and_kernels():
    of = problem()
    path = descend(of, 0.1, full_batches(4, 6), recorded=[2, 6], kernels=True, movements=False)
    every = descend(of, 0.1, full_batches(4, 6))
    assert path.times == pytest.approx([0.2, 0.6])
    assert path.outputs == pytest.approx(every.outputs[[2, 6]])
    assert path.linear_test_outputs == pytest.approx(every.linear_test_outputs[[2, 6]])
    assert (path.lowest > 0).all() and (path.kernel_drift > 0).all() and np.isnan(path.movement).all()
    assert np.isnan(every.lowest).all() and (every.movement[1:] > 0).all()


def test_a_path_that_diverges_is_recorded_as_such():
    identity = ACTIVATIONS["identity"]
    of = problem()
    of = replace(of, network=replace(of.network, activation=identity))
    path = descend(of, 1e3, full_batches(4, 30), kernels=True)
    assert not np.isfinite(path.losses[-1]).any()
    assert np.isnan(path.highest[-1]).all()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((0.0, full_batches(4, 1)), "positive"),
        ((np.nan, full_batches(4, 1)), "positive"),
        ((0.1, [np.array([4])]), "batch"),
        ((0.1, [np.array([], dtype=int)]), "batch"),
    ],
)
def test_descents_that_make_no_sense(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        descend(problem(), *arguments)


def test_steps_that_are_not_taken_cannot_be_recorded():
    with pytest.raises(ValueError, match="steps recorded"):
        descend(problem(), 0.1, full_batches(4, 2), recorded=[3])
    with pytest.raises(ValueError, match="divide"):
        mini_batches(4, 3, 1, np.random.default_rng(0))


def test_measured_against_the_flow():
    cell = {"loss": "logistic", "L": 1, "m": 16, "activation": "tanh", "T": 4.0, "draws": 5}
    gaps = []
    for number in (16, 64):
        columns, errors = descent_measure.against_flow({**cell, "N": number}, np.random.default_rng(0))
        gaps.append(columns["euler_gap"])
        assert columns["euler_gap"].shape == errors["euler_gap"].shape == (5,)
        assert (columns["slow_gap"] > 3 * columns["euler_gap"]).all()
        assert (errors["euler_gap"] < gaps[-1] / 10).all()
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.2)  # the same networks, with four times as many steps


def test_measured_against_the_linearisation():
    cell = {"L": 1, "activation": "tanh", "rate": 0.25, "steps": 8, "draws": 20}
    narrow, wide, whole = (
        descent_measure.against_linear({**cell, "m": m, "mini_batch": size}, np.random.default_rng(0))
        for m, size in ((16, 2), (1024, 2), (64, 4))
    )
    assert np.median(wide["test_gap"]) < np.median(narrow["test_gap"]) / 8
    assert np.median(wide["other_batches_gap"]) > 10 * np.median(wide["test_gap"])
    assert whole["other_batches_gap"] == pytest.approx(whole["test_gap"])  # all inputs, in whatever order


def test_measured_by_long_steps():
    cell = {"L": 1, "activation": "relu", "m": 256, "steps": 60, "draws": 8}
    short, long = (descent_measure.long_steps({**cell, "c": c}, np.random.default_rng(0)) for c in (0.6, 1.6))
    assert (short["largest_rise"] < 0).all() and (short["remaining_loss"] < 1e-6).all()
    assert (long["largest_rise"] > 0).all() and (long["remaining_loss"] < 1e-3).all()


def test_rises_ignore_rounding_and_survive_overflow():
    losses = np.array([[1.0, 1.0, 1.0], [0.5, 2.0, np.inf], [1e-25, 1.0, np.nan], [1e-24, 0.5, np.nan]])
    rise, remaining = descent_measure.rises(losses)
    assert rise[:2].tolist() == [-0.5, 1.0] and remaining[:2].tolist() == [1e-24, 0.5]
    assert rise[2] == pytest.approx(descent_measure.OVERFLOW) and remaining[2] == descent_measure.OVERFLOW


def test_wide_networks_fit_random_labels_and_one_neuron_does_not():
    cell = {"L": 1, "activation": "relu", "mini_batch": 20, "rate": 0.15, "steps": 160, "draws": 6}
    wide, narrow = (descent_measure.random_labels({**cell, "m": m}, np.random.default_rng(0)) for m in (64, 1))
    assert (wide["training_loss"] < 0.01).all() and (wide["mistakes"] == 0).all()
    assert (narrow["training_loss"] > 0.1).all() and (narrow["mistakes"] > 0).all()
