"""Gradient flow of networks of any depth: against SciPy, against closed forms, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numerics.dense import ACTIVATIONS, Network, draw
from numerics.dense.network import Weights, fan_in_scales
from numerics.training.descent import descend
from numerics.training.layered import Problem
from numerics.training.layered_flow import flow
from numerics.training.layered_linear import start
from numerics.training.losses import LOGISTIC, LOSSES, SOFTMAX

INPUTS = np.array([[1.0, 0.2], [-0.3, 0.9], [0.5, -0.8]])
TESTS = np.array([[0.6, 0.6], [-1.0, 0.1]])
TARGETS = {
    "square": np.array([1.0, -0.5, 0.25]),
    "logistic": np.array([1.0, -1.0, 1.0]),
    "softmax": np.array([[1.0, 0.0], [0.2, 0.8], [0.5, 0.5]]),
    "hinge": np.array([1.0, -1.0, 1.0]),
}


def problem(loss="square", *, sizes=(2, 5, 4), beta=0.3, draws=2, tests=TESTS, **options):
    """A small problem of random networks with two hidden layers, if nothing else is said."""
    targets = TARGETS[loss]
    sizes = (*sizes, targets.shape[1] if targets.ndim == 2 else 1)
    network = Network(sizes=sizes, activation=ACTIVATIONS["tanh"], scales=fan_in_scales(sizes), beta=beta)
    weights = draw(network, draws, np.random.default_rng(3))
    return Problem(
        network=network,
        start=weights,
        inputs=INPUTS,
        targets=targets,
        tests=tests,
        loss=LOSSES[loss],
        **options,
    )


def by_scipy(of, times):
    """The outputs at all points under gradient flow, (k, draws, points, o), by DOP853 on the weights."""
    arrays = (*of.start.matrices, *of.start.biases)
    shapes, layers = [a.shape for a in arrays], len(of.start.matrices)

    def weights(flat):
        cut = np.split(flat, np.cumsum([np.prod(shape) for shape in shapes])[:-1])
        pieces = [piece.reshape(shape) for piece, shape in zip(cut, shapes, strict=True)]
        return Weights(matrices=tuple(pieces[:layers]), biases=tuple(pieces[layers:]))

    def velocity(_, flat):
        now = weights(flat)
        tangent = of.tangent(now)
        moved = of.moved(now, tangent, of.loss.gradient(tangent.outputs, of.goals, np))
        return np.concatenate([a.ravel() for a in (*moved.matrices, *moved.biases)]) - flat

    flat = np.concatenate([a.ravel() for a in arrays])
    path = solve_ivp(velocity, (0, times[-1]), flat, "DOP853", t_eval=times, rtol=1e-11, atol=1e-12)
    return np.stack([of.outputs(weights(state)) for state in path.y.T])


@pytest.mark.parametrize("loss", ["square", "logistic", "softmax"])
@pytest.mark.parametrize("options", [{}, {"trained": "read-out"}, {"subtracted": True, "scale": 0.5}])
def test_the_flow_is_that_of_scipy_up_to_its_estimated_error(loss, options):
    of, times = problem(loss, **options), [0.0, 0.7, 3.0, 20.0]
    path = flow(of, times, tolerance=1e-6)
    found = np.concatenate([path.outputs, path.test_outputs], axis=2)
    off = np.abs(found - by_scipy(of, times)).max(axis=(2, 3))
    assert (off <= path.errors + 1e-9).all()
    assert path.errors.max() < 1e-3


def test_a_smaller_tolerance_gives_a_smaller_error():
    of, times = problem(), [10.0]
    exact = by_scipy(of, times)
    off = [np.abs(flow(of, times, tolerance=t).outputs - exact[:, :, :3]).max() for t in (1e-4, 1e-7)]
    assert off[1] < off[0] / 50


@pytest.mark.parametrize("loss", ["square", "softmax"])
@pytest.mark.parametrize("options", [{}, {"trained": "read-out"}, {"scale": 0.5}, {"beta": 0.0}])
def test_the_kernel_says_how_outputs_move_along_gradients(loss, options):
    of, step = problem(loss, **options), 1e-6
    tangent = of.tangent(of.start, tests=True)
    pull = np.random.default_rng(4).standard_normal(tangent.outputs.shape)
    ends = [of.outputs(of.moved(of.start, tangent, s * step * pull)) for s in (1, -1)]
    kernel = of.kernel(tangent)
    moved = (kernel @ pull.reshape(2, -1, 1)).reshape(pull.shape)
    assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(moved, rel=1e-6, abs=1e-8)


def test_the_linearised_model_is_the_network_when_the_read_out_alone_is_trained():
    path = flow(problem(trained="read-out"), [1.0, 30.0])
    assert path.linear_gap.max() < 1e-8
    assert path.test_gap.max() < 1e-8
    assert path.kernel_drift.max() < 1e-12
    assert path.neuron_movement.max() == 0


@pytest.mark.parametrize("loss", ["square", "logistic"])
def test_the_linearised_flow_obeys_its_equation(loss):
    of = problem(loss)
    path = flow(of, [2.0], tolerance=1e-7)
    outputs, kernel = start(of)
    for i in range(2):

        def velocity(_, u, i=i):
            return -kernel[i] @ of.loss.gradient(u[:3, None], of.goals[0], np)[:, 0]

        exact = solve_ivp(velocity, (0, 2), outputs[i, :, 0], "DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
        found = np.concatenate([path.linear_outputs[0, i, :, 0], path.linear_test_outputs[0, i, :, 0]])
        assert found == pytest.approx(exact, abs=1e-6)


def test_a_point_under_the_hinge_loss_moves_at_constant_speed_to_the_margin_and_stays():
    of = problem("hinge", trained="read-out", subtracted=True, draws=1, tests=None)
    of = replace(of, inputs=INPUTS[:1], targets=np.array([1.0]))
    _, kernel = start(of)
    arrival = 1 / kernel[0, 0, 0]
    path = flow(of, [arrival / 2, 2 * arrival], tolerance=1e-6)
    off = np.abs(path.outputs[:, 0, 0, 0] - [0.5, 1.0])
    assert (off <= path.errors[:, 0] + 1e-12).all()
    assert path.errors.max() < 1e-4
    assert path.linear_outputs[:, 0, 0, 0] == pytest.approx([0.5, 1.0], abs=1e-5)


def test_draws_do_not_see_each_other():
    of = problem(draws=3)
    together = flow(of, [4.0], tolerance=1e-8)
    for i in range(3):
        alone = Weights(
            matrices=tuple(a[i : i + 1] for a in of.start.matrices), biases=tuple(a[i : i + 1] for a in of.start.biases)
        )
        path = flow(replace(of, start=alone), [4.0], tolerance=1e-8)
        assert path.outputs[0, 0] == pytest.approx(together.outputs[0, i], abs=1e-7)


def test_every_draw_may_have_targets_of_its_own():
    goals = np.array([[[1.0], [0.0], [0.5]], [[-1.0], [2.0], [0.0]]])
    path = flow(replace(problem(beta=1.0), targets=goals), [4000.0], kernels=False)
    assert path.outputs[0] == pytest.approx(goals, abs=1e-3)
    assert np.isnan(path.lowest).all()


def test_what_is_recorded_on_the_way():
    of = problem(subtracted=True)
    path = flow(of, [0.0, 1.0, 5.0])
    assert path.times.tolist() == [0, 1, 5]
    assert np.abs(path.outputs[0]).max() == 0
    assert path.movement[0].tolist() == [0, 0] and (path.movement[1] > 0).all()
    assert (path.neuron_movement <= path.movement).all()
    assert (np.diff(path.losses, axis=0) < 0).all()
    assert path.losses[0] == pytest.approx([np.sum(TARGETS["square"] ** 2) / 2] * 2)
    assert path.kernel_drift[0].tolist() == [0, 0]
    kernel = of.kernel(of.tangent(path.weights))
    assert path.lowest[2] == pytest.approx(np.linalg.eigvalsh(kernel)[:, 0])
    later = flow(of, [1.0, 5.0])
    assert later.kernel_drift == pytest.approx(path.kernel_drift[1:], abs=1e-5)


def test_the_same_flow_on_another_array_namespace():
    xp = pytest.importorskip("array_api_strict")
    of = problem()
    weights = Weights(
        matrices=tuple(map(xp.asarray, of.start.matrices)), biases=tuple(map(xp.asarray, of.start.biases))
    )
    other = Problem(
        network=of.network,
        start=weights,
        inputs=xp.asarray(INPUTS),
        targets=xp.asarray(of.targets),
        tests=xp.asarray(TESTS),
        xp=xp,
    )
    assert other.kernel(other.tangent(weights)).shape == (2, 3, 3)
    there, here = (flow(each, [2.0], kernels=False) for each in (other, of))
    assert there.test_outputs == pytest.approx(here.test_outputs, abs=1e-12)
    batches = [np.array([0, 2]), np.array([1])]
    there, here = (descend(each, 0.1, batches, kernels=True) for each in (other, of))
    assert there.test_gap == pytest.approx(here.test_gap, abs=1e-12)
    assert there.kernel_drift == pytest.approx(here.kernel_drift, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"targets": np.zeros(2)}, "targets for 3 inputs"),
        ({"targets": np.zeros((3, 2))}, "targets for 3 inputs"),
        ({"inputs": np.zeros((3, 4))}, "the inputs have the shape"),
        ({"tests": np.full((1, 2), np.nan)}, "tests are finite"),
        ({"scale": 0.0}, "positive"),
        ({"trained": "first"}, "read-out"),
        ({"loss": LOGISTIC}, "1 or -1"),
        ({"loss": SOFTMAX}, "two outputs"),
        ({"start": Weights(matrices=(np.zeros((1, 2, 2)),))}, "weights of the shapes"),
    ],
)
def test_problems_that_make_no_sense(change, reason):
    with pytest.raises(ValueError, match=reason):
        replace(problem(), **change)


@pytest.mark.parametrize("times", [[], [1.0, 0.5], [-1.0], [np.inf], [2.0, 2.0], [0.0, 0.0]])
def test_times_increase_from_zero(times):
    with pytest.raises(ValueError, match="time"):
        flow(problem(), times)


def test_the_tolerance_is_positive():
    with pytest.raises(ValueError, match="tolerance"):
        flow(problem(), [1.0], tolerance=0.0)


def test_a_flow_that_takes_too_many_steps_is_given_up():
    with pytest.raises(RuntimeError, match="followed"):
        flow(problem(), [10.0], steps=3)
