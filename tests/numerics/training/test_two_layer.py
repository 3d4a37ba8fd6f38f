"""Two-layer networks of smooth activations: activations, outputs, kernel, steps, and bounds on their derivatives."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf, expit, ndtr

from numerics.data import sphere
from numerics.training import two_layer
from numerics.training.activations import ACTIVATIONS, SUP_CURVATURE, SUP_SLOPE, derivatives
from numerics.training.floor import jacobian_lipschitz
from numerics.training.two_layer import initial, log_norm, look, model, push

VALUES = {"tanh": np.tanh, "erf": erf, "softplus": lambda x: np.logaddexp(0, x), "Phi": ndtr}
SLOPES = {
    "tanh": lambda x: 1 / np.cosh(np.clip(x, -300, 300)) ** 2,
    "erf": lambda x: 2 / np.sqrt(np.pi) * np.exp(-(x**2)),
    "softplus": expit,
    "Phi": lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
}
CURVATURES = {
    "tanh": lambda x: -2 * np.tanh(x) * SLOPES["tanh"](x),
    "erf": lambda x: -2 * x * SLOPES["erf"](x),
    "softplus": lambda x: expit(x) * expit(-x),
    "Phi": lambda x: -x * SLOPES["Phi"](x),
}


def network(activation, width, seed, *, trained=False, **more):
    data = sphere(6, 4)
    weights, readout = initial(np.random.default_rng(seed), width, 4)
    of = model(activation, data.inputs, data.test_inputs, readout, trained=trained, **more)
    return of, np.vstack([weights, readout]) if trained else weights


def by_hand(of, state):
    """The outputs at training and test points, and J at the training points (n, parameters)."""
    d = of.inputs.shape[1]
    readout = state[d] if of.trained else of.readout
    z = np.vstack([of.inputs, of.test_inputs]) @ state[:d]
    outputs = of.factor * VALUES[of.activation](z) @ readout
    z = z[: of.points]
    by_weights = of.factor * of.inputs[:, :, None] * (readout * SLOPES[of.activation](z))[:, None, :]
    by_readout = of.factor * VALUES[of.activation](z)[:, None, :]
    jacobian = np.concatenate([by_weights, by_readout] if of.trained else [by_weights], axis=1)
    return outputs, jacobian.reshape(of.points, -1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_and_their_derivatives_are_right_everywhere(activation):
    z = np.concatenate([np.linspace(-40, 40, 4001), [0.0, 1e-300, -1e-9, 750.0, -750.0]])
    value, slope = derivatives(activation, z)
    # 1e-14: what the polynomial of erf promises; relative to |z| for softplus, which grows.
    assert np.abs(value - VALUES[activation](z)).max() <= 1e-14 * 750
    near = np.abs(z) <= 40
    assert np.abs(value - VALUES[activation](z))[near].max() <= 1e-14
    assert np.abs(slope - SLOPES[activation](z)).max() <= 1e-14


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_suprema_of_derivatives_are_suprema(activation):
    z = np.linspace(-6, 6, 100001)
    for bounds, functions in ((SUP_SLOPE, SLOPES), (SUP_CURVATURE, CURVATURES)):
        largest = np.abs(functions[activation](z)).max()
        assert largest <= bounds[activation] * (1 + 1e-14)
        assert largest >= bounds[activation] * 0.99


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("scaling", ["ntk", "mean-field"])
def test_outputs_kernel_and_step_are_those_of_the_jacobian(activation, trained, scaling):
    of, state = network(activation, 37, 5, trained=trained, scale=1.7, scaling=scaling)
    outputs, jacobian = by_hand(of, state)
    seen = look(of, state)
    assert seen.outputs == pytest.approx(outputs, abs=1e-12)
    assert seen.kernel == pytest.approx(of.rate * jacobian @ jacobian.T, abs=1e-12)
    integral = np.arange(6.0) - 2
    moved = push(of, state, (seen, integral)) - state
    assert moved.ravel() == pytest.approx(of.rate * integral @ jacobian, abs=1e-12)
    assert np.array_equal(look(of, state, outputs=False).kernel, seen.kernel)
    together = replace(of, inputs=np.vstack([of.inputs, of.test_inputs]))
    full = by_hand(together, state)[1]
    assert two_layer.kernel_at_tests(of, state) == pytest.approx(of.rate * full[6:] @ full[:6].T, abs=1e-12)


def test_blocks_do_not_matter(monkeypatch):
    of, state = network("tanh", 5000, 1)
    whole = look(of, state)
    monkeypatch.setattr(two_layer, "BLOCK", 999)
    assert look(of, state).kernel == pytest.approx(whole.kernel, rel=1e-13)
    assert np.array_equal(look(of, state).slopes, whole.slopes)


def test_memory_grows_with_points_times_width_alone():
    data = sphere(40, 10)
    weights, readout = initial(np.random.default_rng(0), 20000, 10)
    of = model("tanh", data.inputs, data.test_inputs, readout, trained=False)
    look(of, weights)
    tracemalloc.start()
    seen = look(of, weights)
    push(of, weights, (seen, data.labels))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The slopes (n, m) and the new weights (d, m); three blocks of n × 4096 besides. n·n·m would be 256 MB.
    assert peak <= 8 * (40 * 20000 + 10 * 20000) + 4 * 8 * 43 * two_layer.BLOCK


SMALL = st.fixed_dictionaries(
    {
        "activation": st.sampled_from(ACTIVATIONS),
        "trained": st.booleans(),
        "scaling": st.sampled_from(["ntk", "mean-field"]),
        "seed": st.integers(0, 10**6),
    }
)


@given(SMALL)
@settings(max_examples=40, deadline=None)
def test_the_log_norm_is_above_the_eigenvalues_of_the_hessian_part(case):
    """η Σ r_i ∇²f(x_i), one block for each neuron."""
    of, state = network(case["activation"], 5, case["seed"], trained=case["trained"], scaling=case["scaling"])
    residual = np.random.default_rng(case["seed"] + 1).normal(size=6)
    readout = state[4] if of.trained else of.readout
    largest = -np.inf
    for r in range(5):
        z = of.inputs @ state[:4, r]
        block = readout[r] * (of.inputs.T * (residual * CURVATURES[of.activation](z))) @ of.inputs
        if of.trained:
            border = of.inputs.T @ (residual * SLOPES[of.activation](z))
            block = np.block([[block, border[:, None]], [border, np.zeros(1)]])
        largest = max(largest, of.rate * of.factor * np.linalg.eigvalsh(block)[-1])
    assert log_norm(of, state, residual) >= largest - 1e-12


@given(SMALL, st.floats(1e-6, 3.0))
@settings(max_examples=60, deadline=None)
def test_the_jacobian_moves_no_faster_than_its_lipschitz_constant(case, size):
    of, state = network(case["activation"], 5, case["seed"], trained=case["trained"], scaling=case["scaling"])
    direction = np.random.default_rng(case["seed"] + 1).normal(size=state.shape)
    other = state + size * direction / np.linalg.norm(direction)
    readout = max(np.abs(s[-1] if of.trained else of.readout).max() for s in (state, other))
    change = np.linalg.norm(by_hand(of, other)[1] - by_hand(of, state)[1])
    assert change <= jacobian_lipschitz(of, readout) * size * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize(
    ("activation", "scaling", "message"), [("relu", "ntk", "one of tanh"), ("tanh", "no", "ntk or")]
)
def test_other_activations_and_scalings_are_refused(activation, scaling, message):
    with pytest.raises(ValueError, match=message):
        network(activation, 4, 0, scaling=scaling)
