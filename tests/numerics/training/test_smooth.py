"""Gradient flow of smooth networks: the errors said are errors had, and the bounds on eigenvalues hold everywhere."""

from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from numerics.data import sphere
from numerics.streams import stream
from numerics.training import exponential, smooth
from numerics.training.linearised import Linearised
from numerics.training.smooth import train
from numerics.training.smooth_measure import two_layer as measure
from numerics.training.two_layer import initial, kernel_at_tests, look, model, push

UNTIL = 25.0
CASES = [
    ("tanh", 30, {}),
    ("erf", 64, {}),
    ("softplus", 48, {"trained": True}),
    ("Phi", 40, {"trained": True, "scale": 2.0}),
    ("tanh", 50, {"scaling": "mean-field"}),
    ("tanh", 64, {"trained": True, "scale": 0.7}),
]


def problem(activation, width, seed, *, trained=False, **more):
    data = sphere(6, 5)
    weights, readout = initial(np.random.default_rng(seed), width, 5)
    of = model(activation, data.inputs, data.test_inputs, readout, trained=trained, **more)
    return of, np.vstack([weights, readout]) if trained else weights, data.labels


@cache
def reference(case):
    """The flow by SciPy at its tightest, with its dense output."""
    activation, width, more = CASES[case]
    of, start, labels = problem(activation, width, case, **more)
    target = labels + look(of, start).outputs[:6]

    def velocity(_, flat):
        state = flat.reshape(start.shape)
        seen = look(of, state)
        return (push(of, state, (seen, target - seen.outputs[:6])) - state).ravel()

    found = solve_ivp(velocity, (0, UNTIL), start.ravel(), method="DOP853", rtol=1e-13, atol=1e-14, dense_output=True)
    return of, start, labels, lambda t: found.sol(t).reshape(start.shape)


@pytest.fixture(params=[("exponential", 1e-3), ("exponential", 1e-5), ("runge-kutta", 1e-5)], ids=str)
def tolerance(request, monkeypatch):
    """Of the exponential steps; for Runge-Kutta it does not matter."""
    method, found = request.param
    monkeypatch.setattr(smooth, "NARROW", 0 if method == "exponential" else np.inf)
    return found


@pytest.mark.parametrize("case", range(len(CASES)))
def test_errors_bound_the_difference_to_the_exact_flow(case, tolerance):
    of, start, labels, exact = reference(case)
    path = train(of, start, labels, UNTIL, subtract=True, tolerance=tolerance)
    seen = [look(of, exact(t)) for t in path.times]
    outputs = np.array([s.outputs for s in seen]) - look(of, start).outputs
    u, f = outputs[:, :6], outputs[:, 6:]
    line = Linearised(labels, 0 * labels, np.zeros(3), path.start_kernel, kernel_at_tests(of, start))
    linear, linear_tests = line.at(path.times)
    moved = np.array([exact(t) - start for t in path.times])
    true = {
        "residual": np.linalg.norm(labels - u, axis=1),
        "kernel_drift": np.array([np.linalg.norm(s.kernel - seen[0].kernel) for s in seen])
        / np.linalg.norm(seen[0].kernel),
        "movement": np.linalg.norm(moved, axis=(1, 2)),
        "neuron_movement": np.linalg.norm(moved, axis=1).max(axis=1),
        "linear_gap": np.linalg.norm(u - linear, axis=1),
        "test_gap": np.abs(f - linear_tests).max(axis=1),
    }
    # The dense output of the reference is off by some 1e-10.
    for name, values in true.items():
        assert np.all(np.abs(getattr(path, name) - values) <= path.error(name) + 1e-9), name
    assert np.all(np.linalg.norm(path.outputs - u, axis=1) <= path.error("outputs") + 1e-9)
    assert np.all(np.abs(path.test_outputs - f).max(axis=1) <= path.error("test_outputs") + 1e-9)
    assert np.linalg.norm(path.end_kernel - seen[-1].kernel) <= path.error("end_kernel")[-1] + 1e-9


@pytest.mark.parametrize("case", range(len(CASES)))
def test_no_eigenvalue_leaves_its_bounds_between_the_times(case, tolerance):
    of, start, labels, exact = reference(case)
    path = train(of, start, labels, UNTIL, subtract=True, tolerance=tolerance / 10)
    times = np.random.default_rng(case).uniform(0, UNTIL, 150) ** 2 / UNTIL
    eigenvalues = np.array([np.linalg.eigvalsh(look(of, exact(t)).kernel)[[0, -1]] for t in times])
    assert path.lowest <= eigenvalues[:, 0].min()
    assert path.highest >= eigenvalues[:, 1].max()
    if path.error("movement")[-1] < 0.01:  # in the mean-field scaling only one method is exact enough to tell
        assert path.lowest > 0.3 * eigenvalues[:, 0].min()


def test_the_error_falls_with_the_fourth_power_of_the_step():
    of, start, labels, exact = reference(0)
    end, steps, errors = look(of, exact(UNTIL)).outputs, [], []
    target = labels + look(of, start).outputs[:6]
    for tolerance in (1e-4, 1e-5, 1e-6, 1e-7):
        *_, last = points = list(exponential.flow(of, start, target, UNTIL, tolerance))
        steps.append(sum(p.whole for p in points) - 1)
        errors.append(np.linalg.norm(last.seen.outputs - end))
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert slope <= -3.5  # 4 but for the scatter of what the steps happen to be


def test_where_the_kernel_is_constant_one_step_is_exact():
    rng = np.random.default_rng(0)
    factor, r = rng.normal(size=(5, 5)), rng.normal(size=5)
    kernel = factor @ factor.T
    times = np.array([1e-9, 0.3, 40.0])
    found = exponential.integral(kernel, r, times)
    for t, value in zip(times, found, strict=True):
        assert value == pytest.approx(np.linalg.solve(kernel, r - expm(-kernel * t) @ r), rel=1e-6, abs=1e-12)
    halves, whole = exponential.moments((kernel,) * 3, r, 0.3)
    assert whole.sum(axis=0) == pytest.approx(found[1], abs=1e-12)
    assert halves.sum(axis=0) == pytest.approx(exponential.integral(kernel, r, np.array([0.15]))[0], abs=1e-12)


def test_a_singular_kernel_is_integrated_too():
    found = exponential.integral(np.diag([0.0, 2.0]), np.array([3.0, 1.0]), np.array([0.5]))[0]
    assert found == pytest.approx([1.5, (1 - np.exp(-1)) / 2])


def test_moments_of_a_drifting_kernel():
    """Against SciPy: ṙ = -K(t)r with K quadratic in time."""
    rng = np.random.default_rng(3)
    kernels = tuple(a @ a.T for a in np.eye(4) + 0.02 * rng.normal(size=(3, 4, 4)))
    r, length = rng.normal(size=4), 1.5

    def weights(t):
        s = t / length
        return np.array([(1 - s) * (1 - 2 * s), 4 * s * (1 - s), s * (2 * s - 1)])

    def velocity(t, y):
        r = y[:4]
        return np.concatenate([-np.tensordot(weights(t), kernels, axes=(0, 0)) @ r, np.outer(weights(t), r).ravel()])

    found = solve_ivp(
        velocity, (0, length), np.concatenate([r, np.zeros(12)]), rtol=1e-12, atol=1e-13, t_eval=[0.75, 1.5]
    )
    for k in range(2):
        assert exponential.moments(kernels, r, length)[k].ravel() == pytest.approx(found.y[4:, k], abs=1e-5)


def test_wide_networks_are_linear():
    of, start, labels = problem("tanh", 1 << 14, 0)
    path = train(of, start, labels, UNTIL, subtract=True)
    narrow = train(*problem("tanh", 1 << 8, 0), UNTIL, subtract=True)
    assert path.linear_gap.max() < 0.05 * narrow.linear_gap.max()
    assert path.kernel_drift[0] == path.movement[0] == 0
    assert path.linear_gap[0] == pytest.approx(0, abs=1e-14)


def test_mean_field_scaling_is_ntk_scaling_of_large_movements():
    """κ/m at the learning rate m is κ' = κ m^(-1/2) in the NTK scaling, with time m times as fast."""
    width = 64
    one, start, labels = problem("erf", width, 2, scaling="mean-field")
    other, _, _ = problem("erf", width, 2, scale=width**-0.5)
    first = train(one, start, labels, 4.0, subtract=True)
    second = train(other, start, labels, 4.0 * width, subtract=True)
    assert first.kernel_drift[-1] == pytest.approx(second.kernel_drift[-1], rel=1e-6)
    assert first.movement[-1] == pytest.approx(second.movement[-1], rel=1e-6)
    assert np.array_equal(first.start_outputs, second.start_outputs)


def test_without_subtraction_the_network_itself_is_trained():
    of, start, labels = problem("tanh", 2048, 1)
    path = train(of, start, labels, UNTIL, subtract=False)
    assert np.array_equal(path.outputs[0], path.start_outputs)
    assert path.residual[-1] < 0.5 * path.residual[0]


POINT = {"m": 64, "activation": "tanh", "T": 20.0, "draws": 2, "n": 6, "d": 5}


def test_a_measure_is_repeatable_and_its_draws_differ():
    (columns, errors), (again, _) = (measure(POINT, stream(0, "try", POINT)) for _ in range(2))
    for name, values in columns.items():
        assert np.array_equal(values, again[name])
        assert values.shape == (2,)
        assert np.all(np.isfinite(values))
    assert columns["movement"][0] != columns["movement"][1]
    assert set(errors) < set(columns)
    assert all(np.all(bound >= 0) for bound in errors.values())
    assert np.all(errors["linear_gap"] < 0.01 * columns["linear_gap"])


def test_the_two_methods_measure_the_same_within_their_errors(monkeypatch):
    narrow, bounds = measure(POINT, stream(0, "try", POINT))
    monkeypatch.setattr(smooth, "NARROW", 0)
    wide, more = measure(POINT, stream(0, "try", POINT))
    for name, bound in bounds.items():
        assert np.all(np.abs(narrow[name] - wide[name]) <= bound + more[name]), name
