"""Gradient flow of the two-layer sigmoid network: its equations, its integration, and the constants of its paths."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import erfc

from numerics import sigmoid_network
from numerics.data import Data, contrast
from numerics.gradient_flow import integrate, movement, paths
from numerics.sigmoid_network import SUP_CURVATURE, SUP_SLOPE
from numerics.streams import stream

PROBLEM = contrast()
UNTIL = 60.0


def outputs(state, inputs=PROBLEM.inputs):
    """The network written with NumPy, complex-safe."""
    width = len(state) // (inputs.shape[1] + 1)
    weights, readout = state[:-width].reshape(width, -1), state[-width:]
    return erfc(-(inputs @ weights.T) / np.sqrt(2)) / 2 @ readout / np.sqrt(width)


def jacobian(state):
    """Derivatives of the outputs by complex steps, shape (n, parameters)."""
    return np.array([outputs(state + 1e-30j * step).imag for step in np.eye(len(state))]).T / 1e-30


def somewhere(width, seed=0):
    """Parameters away from the start, where the read-out weights are not signs any more."""
    rng = stream(seed, "state", {"m": width})
    return sigmoid_network.initial_state(width, 4, rng) + 0.5 * rng.standard_normal(5 * width)


@pytest.fixture(scope="module")
def small():
    """One path at width 64, with its start."""
    parameters = {"m": 64, "T": UNTIL}
    start = sigmoid_network.initial_state(64, 4, stream(3, "path", parameters))
    return start, *paths(parameters, stream(3, "path", parameters))


def test_the_outputs_are_those_of_the_network():
    state = somewhere(7)
    assert sigmoid_network.outputs(state, PROBLEM.inputs) == pytest.approx(outputs(state), rel=1e-13)


def test_the_velocity_is_minus_the_gradient_of_the_loss():
    state, offset = somewhere(7), outputs(somewhere(7, seed=1))
    gradient = -jacobian(state).T @ (PROBLEM.labels - (outputs(state) - offset))
    velocity = sigmoid_network.velocity(state, PROBLEM.inputs, PROBLEM.labels, offset)
    assert velocity == pytest.approx(-gradient, rel=1e-12, abs=1e-14)


def test_the_kernel_is_the_gram_matrix_of_the_gradients():
    state = somewhere(7)
    gradients = jacobian(state)
    assert sigmoid_network.kernel(state, PROBLEM.inputs) == pytest.approx(gradients @ gradients.T, rel=1e-12)


def test_residuals_decay_by_the_kernel():
    state, offset = somewhere(7), outputs(somewhere(7, seed=1))
    residual = PROBLEM.labels - (outputs(state) - offset)
    along = jacobian(state) @ sigmoid_network.velocity(state, PROBLEM.inputs, PROBLEM.labels, offset)
    assert along == pytest.approx(sigmoid_network.kernel(state, PROBLEM.inputs) @ residual, rel=1e-11)


@pytest.mark.parametrize("width", [1, 4, 30])
def test_the_bound_on_the_change_of_residuals_holds_and_is_not_idle(width):
    state = somewhere(width)
    size = np.abs(state[-width:]).max() + 0.01
    worst = np.linalg.svd(jacobian(state))[2][0]
    change = np.linalg.norm(outputs(state + 0.01 * worst) - outputs(state))
    assert change <= sigmoid_network.residual_change(4, size, 0.01) < 5 * change


@pytest.mark.parametrize(("weights", "readout"), [(1e-3, 0.0), (0.0, 1e-3), (1e-3, 1e-3)])
@pytest.mark.parametrize("width", [1, 4, 30])
def test_the_bound_on_the_change_of_the_kernel_holds_and_is_not_idle(width, weights, readout):
    state = somewhere(width)
    before, signs = sigmoid_network.kernel(state, PROBLEM.inputs), np.sign(state[-width:])
    common = PROBLEM.inputs.sum(axis=0)
    random = stream(0, "directions", {"m": width}).standard_normal((50, width, 4))
    changes = []
    for direction in [np.tile(common, (width, 1)), *random]:
        away = weights * direction / np.linalg.norm(direction, axis=1, keepdims=True)
        after = state + np.concatenate([away.ravel(), readout * signs])
        changes.append(np.linalg.norm(sigmoid_network.kernel(after, PROBLEM.inputs) - before, 2))
    bound = sigmoid_network.kernel_change(4, np.abs(state[-width:]).max() + readout, weights, readout)
    assert max(changes) <= bound < 15 * max(changes)


def test_the_sup_norms_of_the_derivatives_of_the_sigmoid():
    z = np.linspace(-5, 5, 100_001)
    slope = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    assert slope.max() == pytest.approx(SUP_SLOPE, rel=1e-12)
    assert np.abs(z * slope).max() == pytest.approx(SUP_CURVATURE, rel=1e-8)


def test_the_signs_of_the_read_out_are_fair_and_the_weights_normal():
    weights, readout = sigmoid_network.parts(sigmoid_network.initial_state(10_000, 4, stream(0, "start", {})), 4)
    assert set(readout) == {-1.0, 1.0}
    assert abs(readout.mean()) < 6 / 100
    assert abs((weights**2).mean() - 1) < 6 * np.sqrt(2 / weights.size)


def test_a_flow_that_is_linear_has_its_closed_form():
    # At x = 0 the network is ½ m^(-1/2) Σ a_r with kernel ¼, so u(t) = y (1 - exp(-t/4)).
    problem, start = Data(np.zeros((1, 1)), np.array([3.0])), np.array([0.3, -1.2, 1.0, -1.0])
    end = integrate(start, problem, 5.0, tolerance=1e-10, method="DOP853", dense=False).y[:, -1]
    u = sigmoid_network.outputs(end, problem.inputs) - sigmoid_network.outputs(start, problem.inputs)
    assert u[0] == pytest.approx(3 * (1 - np.exp(-5 / 4)), rel=1e-9)
    assert end[:2].tolist() == [0.3, -1.2]


def test_a_path_stays_within_its_errors_of_an_independent_integration(small):
    start, columns, errors = small
    offset = outputs(start)

    def rate(_, state):
        width = len(state) // 5
        weights, readout = state[:-width].reshape(width, 4), state[-width:]
        z = weights @ PROBLEM.inputs.T
        residual = (PROBLEM.labels - (outputs(state) - offset)) / np.sqrt(width)
        slopes = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        pull = readout[:, None] * slopes * residual @ PROBLEM.inputs
        return np.concatenate([pull.ravel(), erfc(-z / np.sqrt(2)) / 2 @ residual])

    solution = solve_ivp(
        rate, (0, UNTIL), start, method="DOP853", rtol=1e-13, atol=1e-14, max_step=0.25, t_eval=columns["t"]
    )
    rates = np.array([rate(0, state) for state in solution.y.T])
    expected = {
        "residual_norm": [np.linalg.norm(PROBLEM.labels - (outputs(state) - offset)) for state in solution.y.T],
        "weight_speed": np.linalg.norm(rates[:, :256].reshape(-1, 64, 4), axis=2).max(axis=1),
        "readout_speed": np.abs(rates[:, 256:]).max(axis=1),
    }
    for name, values in expected.items():
        assert (np.abs(columns[name] - values) <= errors[name] + 1e-13).all(), name


def test_the_errors_are_small_beside_what_they_belong_to(small):
    _, columns, errors = small
    for name in ("residual_norm", "weight_speed", "readout_speed"):
        assert (errors[name] < 0.05 * columns[name]).all(), name


def test_a_path_starts_exactly_at_the_labels(small):
    _, columns, errors = small
    assert columns["residual_norm"][0] == columns["label_norm"][0] == 2.0
    assert errors["residual_norm"][0] == 0.0


def test_residuals_never_grow(small):
    assert (np.diff(small[1]["residual_norm"]) < 0).all()


def test_columns_and_errors_have_one_entry_per_time(small):
    _, columns, errors = small
    assert columns.keys() == errors.keys()
    assert {len(column) for column in [*columns.values(), *errors.values()]} == {121}


@pytest.mark.parametrize("width", [64, 256])
def test_the_constants_satisfy_the_hypotheses_between_the_output_times_too(width):
    parameters = {"m": width, "T": UNTIL}
    columns, _ = paths(parameters, stream(4, "path", parameters))
    start = sigmoid_network.initial_state(width, 4, stream(4, "path", parameters))
    solution = integrate(start, PROBLEM, UNTIL, tolerance=1e-12, method="DOP853", dense=True).sol
    times = np.concatenate([np.linspace(0, UNTIL, 1000), np.geomspace(1e-6, 1, 200)])
    states = np.ascontiguousarray(solution(times).T)
    eigenvalues = np.linalg.eigvalsh([sigmoid_network.kernel(state, PROBLEM.inputs) for state in states])
    assert columns["lambda_bar"][0] < eigenvalues.min() < 1.05 * columns["lambda_bar"][0]
    assert columns["lambda_max"][0] > eigenvalues.max() > 0.95 * columns["lambda_max"][0]
    assert columns["readout_bound"][0] > np.abs(states[:, 4 * width :]).max() > 0.9 * columns["readout_bound"][0]
    assert columns["constant_c"][0] == 4.0


def test_the_bounds_of_the_discussion_hold_with_the_rate_of_the_unsquared_norm(small):
    _, columns, errors = small
    decay = np.exp(-columns["lambda_bar"] * columns["t"])
    factor = columns["label_norm"] * columns["constant_c"] / np.sqrt(64)
    assert (columns["residual_norm"] <= columns["label_norm"] * decay + errors["residual_norm"]).all()
    assert (columns["weight_speed"] <= factor * columns["readout_bound"] * decay).all()
    assert (columns["readout_speed"] <= factor * decay).all()


def test_a_network_too_narrow_to_bound_its_kernel_says_so():
    parameters = {"m": 1, "T": UNTIL}
    with pytest.raises(ArithmeticError, match="larger width"):
        paths(parameters, stream(0, "path", parameters))


def test_movements_agree_with_the_accurate_integration():
    parameters = {"m": 128, "T": UNTIL, "draws": 3}
    columns = movement(parameters, stream(0, "movement", parameters))
    rng = stream(0, "movement", parameters)
    for draw in range(3):
        start = sigmoid_network.initial_state(128, 4, rng)
        end = integrate(start, PROBLEM, UNTIL, tolerance=1e-12, method="DOP853", dense=False).y[:, -1]
        change = end - start
        moved = np.sqrt((change[:512].reshape(128, 4) ** 2).sum(axis=1) + change[512:] ** 2)
        residual = np.linalg.norm(PROBLEM.labels - (outputs(end) - outputs(start)))
        assert columns["max_movement"][draw] == pytest.approx(moved.max(), rel=1e-5)
        assert columns["total_movement"][draw] == pytest.approx(np.linalg.norm(moved), rel=1e-5)
        assert columns["final_residual"][draw] == pytest.approx(residual, abs=2e-5)
