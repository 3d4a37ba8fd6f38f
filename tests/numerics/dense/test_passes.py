"""The tangent kernel is the inner product of the gradients of every pair of outputs, whatever the network."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import erf

from numerics.dense import ACTIVATIONS, Network, backward, draw, forward, namespace, sample, tangent_kernel
from numerics.dense.network import LAWS, fan_in_scales
from numerics.streams import stream

FUNCTIONS = {  # written out again, for complex steps
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "erf": erf,
    "tanh": np.tanh,
    "cube": lambda z: z**3,
    "identity": lambda z: z,
}
SIZES = [(3, 1), (3, 2), (3, 4, 1), (2, 5, 3, 2), (3, 2, 4, 2, 3)]


def network(sizes, activation="relu", beta=0.7, activated=False):
    scales = tuple(0.5 + 0.3 * h for h in range(len(sizes) - 1))
    return Network(
        sizes=sizes, activation=ACTIVATIONS[activation], scales=scales, beta=beta, activated_output=activated
    )


def flattened(weights, at):
    """All parameters of one draw: weights, then biases, each with its shape."""
    arrays = [array[at] for array in (*weights.matrices, *weights.biases)]
    return np.concatenate([array.ravel() for array in arrays]), [array.shape for array in arrays]


def output(net, flat, shapes, x):
    """The network written out layer by layer over one flat vector of parameters."""
    arrays = []
    for shape in shapes:
        size = int(np.prod(shape))
        arrays.append(flat[:size].reshape(shape))
        flat = flat[size:]
    layers = len(net.scales)
    sigma = FUNCTIONS[net.activation.name]
    for h in range(layers):
        x = net.scales[h] * arrays[h] @ x
        if net.beta:
            x = x + net.beta * arrays[layers + h]
        if h < layers - 1 or net.activated_output:
            x = sigma(x)
    return x


def jacobian(net, flat, shapes, x):
    """The gradients of all outputs by complex steps, which no rounding spoils: (outputs, parameters)."""
    columns = [output(net, flat + step, shapes, x).imag / 1e-30 for step in 1e-30j * np.eye(flat.size)]
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("activated", [False, True])
@pytest.mark.parametrize("beta", [0.0, 0.7])
@pytest.mark.parametrize("activation", sorted(FUNCTIONS))
@pytest.mark.parametrize("sizes", SIZES)
def test_the_kernel_is_the_inner_product_of_gradients(sizes, activation, beta, activated):
    net = network(sizes, activation, beta, activated)
    rng = stream(0, "gradients", {"layers": len(sizes), "beta": beta})
    inputs, weights = rng.standard_normal((3, sizes[0])), draw(net, 4, rng)
    kernel, passed = tangent_kernel(net, weights, inputs)
    assert kernel.shape == (4, 3, 3, sizes[-1], sizes[-1])
    for at in range(4):
        flat, shapes = flattened(weights, at)
        gradients = np.stack([jacobian(net, flat, shapes, x) for x in inputs])
        expected = np.einsum("iap,jbp->ijab", gradients, gradients)
        assert kernel[at] == pytest.approx(expected, rel=1e-11, abs=1e-12)
        outputs = np.stack([output(net, flat, shapes, x) for x in inputs])
        assert passed.output[at] == pytest.approx(outputs, rel=1e-12, abs=1e-14)


def test_the_backward_signals_are_derivatives_by_preactivations():
    # A bias with β = 1 is added to a preactivation, so the gradient by it is the backward signal.
    net = network((3, 4, 2), "tanh", beta=1.0)
    rng = stream(0, "signals", {})
    inputs, weights = rng.standard_normal((2, 3)), draw(net, 1, rng)
    signals = backward(net, weights, forward(net, weights, inputs))
    flat, shapes = flattened(weights, 0)
    biases = jacobian(net, flat, shapes, inputs[1])[:, -6:]
    assert signals[0][0, 1] == pytest.approx(biases[:, :4], rel=1e-12)
    assert signals[1][0, 1] == pytest.approx(biases[:, 4:], rel=1e-12)


def test_an_activated_output_multiplies_the_kernel_by_the_slopes_of_the_output():
    net = network((3, 5, 2), "erf")
    rng = stream(0, "activated", {})
    inputs, weights = rng.standard_normal((2, 3)), draw(net, 3, rng)
    plain, passed = tangent_kernel(net, weights, inputs)
    activated, _ = tangent_kernel(replace(net, activated_output=True), weights, inputs)
    slope = net.activation.slope(passed.output, np)
    assert activated == pytest.approx(plain * np.einsum("dia,djb->dijab", slope, slope), rel=1e-13)


def test_the_covariance_of_the_outputs_given_the_hidden_layers():
    # Many read-outs on one hidden layer: the sample covariance of their outputs, within six standard errors.
    net = network((2, 6, 4000), "relu", beta=0.5)
    drawn = sample(net, np.array([[1.0, 0.0], [0.6, 0.8]]), 1, stream(0, "covariance", {}))
    f, covariance = drawn.outputs[0], drawn.nngp[0]
    error = np.sqrt((covariance[0, 0] * covariance[1, 1] + covariance[0, 1] ** 2) / 4000)
    assert abs(f[0] @ f[1] / 4000 - covariance[0, 1]) < 6 * error


def test_a_last_batch_that_is_not_full_is_measured_too():
    drawn = sample(network((2, 100, 100, 1)), np.eye(2), 50, stream(0, "batches", {}))
    assert drawn.ntk.shape == (50, 2, 2, 1, 1)
    assert drawn.outputs.shape == (50, 2, 1)
    assert np.isfinite(drawn.ntk).all()


@pytest.mark.parametrize("law", sorted(LAWS))
def test_every_law_of_the_weights_has_mean_zero_and_variance_one(law):
    values = LAWS[law](stream(0, "law", {"law": law}), 200, 1000)
    assert abs(values.mean()) < 6 / np.sqrt(values.size)
    assert abs((values**2).mean() - 1) <= 6 * (values**2).std() / np.sqrt(values.size)


def test_the_laws_differ():
    kurtosis = {law: (LAWS[law](stream(0, "law", {"law": law}), 10**6) ** 4).mean() for law in LAWS}
    assert kurtosis["rademacher"] == 1
    assert kurtosis["uniform"] == pytest.approx(9 / 5, abs=0.02)
    assert kurtosis["normal"] == pytest.approx(3, abs=0.06)
    assert kurtosis["student"] > 4


def test_a_network_that_does_not_fit_together_is_an_error():
    with pytest.raises(ValueError, match="as many scales"):
        Network(sizes=(2, 3, 1), activation=ACTIVATIONS["relu"], scales=(1.0,))
    with pytest.raises(ValueError, match="two sizes or more"):
        Network(sizes=(2,), activation=ACTIVATIONS["relu"], scales=())


def test_the_scales_of_the_ntk_parametrisation():
    assert fan_in_scales((4, 16, 1), 2.0) == pytest.approx((np.sqrt(0.5), np.sqrt(0.125)))


def _as_on_numpy(xp, activation, activated):
    """The same networks drawn on NumPy and on another namespace have the same kernels, to rounding."""
    net = network((3, 7, 5, 2), activation, 0.4, activated)
    net = replace(net, scales=(0.2, 0.2, 0.2))  # no activation overflows
    inputs = stream(0, "inputs", {}).standard_normal((4, 3))
    expected, found = (sample(net, inputs, 30, stream(0, "xp", {}), xp=module) for module in (np, xp))
    for name in ("ntk", "outputs", "nngp"):
        array = getattr(found, name)
        assert type(array) is np.ndarray
        assert array == pytest.approx(getattr(expected, name), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("activated", [False, True])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_nothing_beyond_the_array_api_is_used(activation, activated):
    _as_on_numpy(pytest.importorskip("array_api_strict"), activation, activated)


@pytest.mark.parametrize("activated", [False, True])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_the_kernels_on_a_gpu_are_those_on_the_processor(activation, activated):
    pytest.importorskip("cupy")
    try:
        xp = namespace("cupy")
    except RuntimeError as error:
        pytest.skip(str(error))
    _as_on_numpy(xp, activation, activated)


def test_a_namespace_is_found_by_name():
    assert namespace("numpy") is np
    with pytest.raises(ValueError, match="'numpy' and 'cupy'"):
        namespace("torch")


@pytest.mark.skipif(importlib.util.find_spec("cupy") is not None, reason="CuPy is installed")
def test_without_cupy_its_namespace_says_what_is_missing():
    with pytest.raises(RuntimeError, match="needs CuPy, which is not installed"):
        namespace("cupy")
