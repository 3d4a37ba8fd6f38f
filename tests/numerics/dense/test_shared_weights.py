"""Convolutional and recurrent networks: their tangent kernels are those of their gradients, and tend to the limits."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from numerics.dense import ACTIVATIONS, convolution, recurrent
from numerics.dense.convolution import Convolutional
from numerics.dense.recurrent import Recurrent


def relu_duals(a: Any, b: Any, c: Any) -> tuple[Any, Any]:
    """E[σ(u)σ(v)] and E[σ'(u)σ'(v)] of the ReLU, by the formulas of Cho and Saul."""
    norms = np.sqrt(a * b)
    rho = np.clip(np.divide(c, norms, out=np.zeros_like(norms * c), where=norms > 0), -1, 1)
    angle = np.pi - np.arccos(rho)
    live = np.where(norms > 0, 1.0, 0.0)
    return norms * (np.sqrt(1 - rho**2) + rho * angle) / (2 * np.pi), live * angle / (2 * np.pi)


def identity_duals(_: Any, __: Any, c: Any) -> tuple[Any, Any]:
    """Of the identity."""
    return c, np.ones_like(c)


def kernel_by_differences(
    outputs: Callable[[Sequence[np.ndarray]], np.ndarray], weights: Sequence[np.ndarray], step: float = 1e-6
) -> np.ndarray:
    """⟨∂f_a(x), ∂f_b(x')⟩ by central differences in every weight of one draw: (n, n, outputs, outputs)."""
    total = 0.0
    for h, matrix in enumerate(weights):
        for place in np.ndindex(matrix.shape):
            moved = [[w.copy() for w in weights] for _ in range(2)]
            moved[0][h][place] += step
            moved[1][h][place] -= step
            slope = (outputs(moved[0])[0] - outputs(moved[1])[0]) / (2 * step)
            total = total + np.einsum("ia,jb->ijab", slope, slope)
    return np.asarray(total)


CONVOLUTIONS = {
    "pooled circle": Convolutional(image=(4,), filter=(3,), channels=(2, 3, 2), outputs=2),
    "flattened, padded with zeros": Convolutional(
        image=(3,), filter=(3,), channels=(1, 2, 3), outputs=2, padding="zero", pooled=False
    ),
    "pooled torus": Convolutional(image=(3, 4), filter=(3, 3), channels=(1, 2, 2)),
    "plane padded with zeros": Convolutional(
        image=(3, 2), filter=(1, 3), channels=(1, 3), padding="zero", activation=ACTIVATIONS["tanh"], gain=1.5
    ),
    "filter wider than the image": Convolutional(image=(2,), filter=(5,), channels=(1, 2, 2)),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_the_kernel_of_a_convolutional_network_is_that_of_its_gradient(name: str) -> None:
    network, rng = CONVOLUTIONS[name], np.random.default_rng(1)
    images = rng.standard_normal((2, network.pixels, network.channels[0]))
    weights = [rng.standard_normal((1, *fan)) for fan in network.fans]
    kernel, _ = convolution.tangent_kernel(network, weights, images)
    expected = kernel_by_differences(lambda w: convolution.tangent_kernel(network, w, images)[1], weights)
    np.testing.assert_allclose(kernel[0], expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("activation", ["relu", "tanh", "erf"])
@pytest.mark.parametrize("lengths", [(1, 1), (3, 3), (3, 2), (1, 4)])
def test_the_kernel_of_a_recurrent_network_is_that_of_its_gradient(activation: str, lengths: tuple[int, int]) -> None:
    network = Recurrent(inputs=2, width=3, outputs=2, activation=ACTIVATIONS[activation])
    rng = np.random.default_rng(2)
    sequences = [rng.standard_normal((length, 2)) for length in lengths]
    weights = [rng.standard_normal((1, *fan)) for fan in network.fans]
    kernel, _ = recurrent.tangent_kernel(network, weights, sequences)
    expected = kernel_by_differences(lambda w: recurrent.tangent_kernel(network, w, sequences)[1], weights)
    np.testing.assert_allclose(kernel[0], expected, rtol=1e-7, atol=1e-7)


def test_a_convolution_with_zero_padding_is_numpys() -> None:
    network = Convolutional(
        image=(5,), filter=(3,), channels=(1, 1), padding="zero", pooled=False, activation=ACTIVATIONS["identity"]
    )
    image, taps = np.array([1.0, -2.0, 3.0, 0.5, 4.0]), np.array([2.0, 1.0, -1.0])
    weights = [taps.reshape(1, 1, 3), np.eye(5).reshape(5, 5)[None, 2:3]]
    _, outputs = convolution.tangent_kernel(network, weights, image.reshape(1, 5, 1))
    expected = network.scales[0] * network.read_out_scale * np.correlate(image, taps, "same")[2]
    assert outputs.item() == pytest.approx(expected, rel=1e-14)


def test_a_pooled_network_on_a_circle_does_not_see_shifts() -> None:
    network, rng = Convolutional(image=(5,), filter=(3,), channels=(1, 4, 4)), np.random.default_rng(3)
    image, other = rng.standard_normal((2, 5, 1))
    weights = [rng.standard_normal((1, *fan)) for fan in network.fans]
    here, shifted = (
        convolution.tangent_kernel(network, weights, np.stack((np.roll(image, shift, 0), other)))[0][0, 0, 1]
        for shift in (0, 2)
    )
    np.testing.assert_allclose(shifted, here, rtol=1e-12)


def test_a_recurrent_network_on_single_inputs_is_a_network_with_one_hidden_layer() -> None:
    network, rng = Recurrent(inputs=2, width=5), np.random.default_rng(4)
    x, y = rng.standard_normal((2, 1, 2))
    weights = [rng.standard_normal((1, *fan)) for fan in network.fans]
    kernel, _ = recurrent.tangent_kernel(network, weights, (x, y))
    z, w = weights[1][0] @ x[0], weights[1][0] @ y[0]
    active = (z > 0) & (w > 0)
    expected = 2 / 5 * (np.sum(np.where(active, z * w, 0)) + x[0] @ y[0] * np.sum(weights[2][0, 0] ** 2 * active))
    assert kernel[0, 0, 1, 0, 0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["pooled circle", "flattened, padded with zeros", "pooled torus"])
@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_the_kernel_of_wide_convolutional_networks_is_near_its_limit(name: str, activation: str) -> None:
    small = CONVOLUTIONS[name]
    wide = Convolutional(
        image=small.image,
        filter=small.filter,
        channels=(small.channels[0], 200, 200),
        padding=small.padding,
        pooled=small.pooled,
        activation=ACTIVATIONS[activation],
    )
    images = np.random.default_rng(5).standard_normal((2, wide.pixels, small.channels[0]))
    kernels, _ = convolution.sample(wide, images, 60, np.random.default_rng(6))
    limit = convolution.infinite_kernel(wide, images, relu_duals if activation == "relu" else identity_duals)
    near(kernels[..., 0, 0], limit)


@pytest.mark.parametrize("lengths", [(3, 3), (3, 2), (1, 4)])
@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_the_kernel_of_wide_recurrent_networks_is_near_its_limit(lengths: tuple[int, int], activation: str) -> None:
    network = Recurrent(inputs=2, width=300, activation=ACTIVATIONS[activation])
    rng = np.random.default_rng(7)
    sequences = [rng.standard_normal((length, 2)) for length in lengths]
    kernels, _ = recurrent.sample(network, sequences, 60, rng)
    limit = recurrent.infinite_kernel(network, sequences, relu_duals if activation == "relu" else identity_duals)
    near(kernels[..., 0, 0], limit)


def near(kernels: np.ndarray, limit: np.ndarray) -> None:
    """The mean is within five standard errors of the limit and a bias of 2 % of its size, of order 1/width."""
    error = np.abs(kernels.mean(0) - limit)
    size = np.sqrt(np.outer(np.diagonal(limit), np.diagonal(limit)))
    assert (error < 5 * kernels.std(0) / np.sqrt(len(kernels)) + 0.02 * size).all()


def test_without_shared_signals_sequences_of_different_lengths_align_at_their_ends() -> None:
    x, y, z = np.eye(3)
    network = Recurrent(inputs=3, width=1, activation=ACTIVATIONS["identity"], gain=1.0, read=1.0)
    sequences = [np.stack((x, y, z)), np.stack((y, z))]
    limit = recurrent.infinite_kernel(network, sequences, identity_duals)
    # K(2, 1) = ⟨y, y⟩ = 1, K(3, 2) = 1 + ⟨z, z⟩ = 2, and the read-out's 2.
    assert limit[0, 1] == pytest.approx(1 + 2 + 2)


def test_an_even_filter_has_no_middle() -> None:
    with pytest.raises(ValueError, match="odd sides"):
        Convolutional(image=(4,), filter=(2,), channels=(1, 2))


def test_a_full_filter_on_a_circle_pools_the_kernels_of_all_shifts() -> None:
    rng = np.random.default_rng(8)
    images = rng.standard_normal((2, 5, 1))
    images *= np.sqrt(5) / np.linalg.norm(images, axis=1, keepdims=True)
    network = Convolutional(image=(5,), filter=(5,), channels=(1, 9, 9))
    limit = convolution.infinite_kernel(network, images, relu_duals)[0, 1]
    rho = np.array([np.roll(images[0, :, 0], s) @ images[1, :, 0] / 5 for s in range(5)])
    value, slope = (2 * d for d in relu_duals(1.0, 1.0, rho))
    again, again_slope = (2 * d for d in relu_duals(1.0, 1.0, value))
    ntk = (rho * slope + value) * again_slope + again
    assert limit == pytest.approx(ntk.mean(), rel=1e-12)
