"""Small convolutional networks: filters shared by all places of an image, and their tangent kernels.

Images are flattened: an image of P pixels and c channels is an array (P, c), whatever its number of axes. Everything
that depends on the geometry is one 0-1 matrix, which takes an image to its patches (`gather`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, Literal

import numpy as np

from numerics.dense.activations import ACTIVATIONS, Activation
from numerics.dense.namespace import Array, Namespace, host
from numerics.dense.namespace import product as inner
from numerics.streams import batches, standard_normals

Duals = Callable[[Any, Any, Any], tuple[Any, Any]]
"""Maps variances a, b and a covariance c, numbers or arrays, to E[σ(u)σ(v)] and E[σ'(u)σ'(v)], where (u, v) is
Gaussian with these."""


@dataclass(frozen=True, kw_only=True)
class Convolutional:
    """A network of L convolutions with filters of q taps on images of P pixels, and a dense read-out.

    At every pixel p, with o running over the offsets of a filter,
    fʰ(p) = √(γ_h/(q n_{h-1})) Σ_o Wʰ(o) gʰ⁻¹(p + o), gʰ = σ(fʰ), where g⁰ is the image, γ_1 = 1 and γ_h = `gain`
    above; `channels` are n₀, …, n_L. The output is √(gain/n_L) V · (1/P) Σ_p g^L(p) if `pooled`, and
    √(gain/(n_L P)) Σ_p V(p) g^L(p) if not. Outside the image g is 0, or with `padding` "circular" the image repeats.
    """

    image: tuple[int, ...]
    filter: tuple[int, ...]
    channels: tuple[int, ...]
    outputs: int = 1
    padding: Literal["circular", "zero"] = "circular"
    pooled: bool = True
    activation: Activation = ACTIVATIONS["relu"]
    gain: float = 2.0

    def __post_init__(self) -> None:
        if len(self.image) != len(self.filter) or any(q % 2 == 0 for q in self.filter):
            raise ValueError(f"a filter {self.filter} of odd sides, one for each axis of the image {self.image}")
        if len(self.channels) < 2:
            raise ValueError("a convolutional network has at least one convolution")

    @property
    def pixels(self) -> int:
        """P."""
        return math.prod(self.image)

    @property
    def taps(self) -> int:
        """q, the number of offsets of a filter."""
        return math.prod(self.filter)

    @property
    def scales(self) -> tuple[float, ...]:
        """√(γ_h/(q n_{h-1})) for the convolutions h = 1, …, L."""
        gains = (1.0, *[self.gain] * (len(self.channels) - 2))
        return tuple(math.sqrt(g / (self.taps * n)) for g, n in zip(gains, self.channels[:-1], strict=True))

    @property
    def fans(self) -> tuple[tuple[int, int], ...]:
        """The shapes of the filters Wʰ, (n_h, q n_{h-1}), and of the read-out V."""
        filters = tuple((out, self.taps * into) for into, out in pairwise(self.channels))
        return (*filters, (self.outputs, self.channels[-1] * (1 if self.pooled else self.pixels)))

    def gather(self) -> np.ndarray:
        """The matrix (P, q, P) with 1 at (p, o, r) where the pixel r stands at the offset o from p, else 0."""
        table = np.zeros((self.pixels, self.taps, self.pixels))
        pixels = list(product(*map(range, self.image)))
        offsets = product(*(range(-(q // 2), q // 2 + 1) for q in self.filter))
        for o, offset in enumerate(offsets):
            for p, pixel in enumerate(pixels):
                there = tuple(a + b for a, b in zip(pixel, offset, strict=True))
                if self.padding == "circular":
                    there = tuple(a % side for a, side in zip(there, self.image, strict=True))
                if there in pixels:
                    table[p, o, pixels.index(there)] = 1
        return table

    def pool(self) -> np.ndarray:
        """The matrix that g^L is multiplied by before the read-out: (1, P) for the mean, the identity (P, P)."""
        return np.full((1, self.pixels), 1 / self.pixels) if self.pooled else np.eye(self.pixels)

    @property
    def read_out_scale(self) -> float:
        """√(gain/n_L), divided by √P if the image is flattened."""
        return math.sqrt(self.gain / self.fans[-1][1])


def tangent_kernel(
    network: Convolutional, weights: Sequence[Array], images: Array, *, xp: Namespace = np
) -> tuple[Array, Array]:
    """Return the tangent kernel of every draw, (draws, n, n, outputs, outputs), and the outputs (draws, n, outputs).

    `images` (n, P, n₀); `weights` the L filters and the read-out, each (draws, *fan) for the network's `fans`.

    A filter acts at all pixels, so its gradient is a sum over them, s_h Σ_p Bʰ(p) ⊗ patchʰ(p), with the backward
    signals Bʰ(p) = ∂f/∂fʰ(p), and the kernel is
    Σ_h s_h² Σ_{p,p'} ⟨Bʰ(p), Bʰ(p')'⟩ ⟨patchʰ(p), patchʰ(p')'⟩, and the inner product of the read-out's inputs.
    """
    gather = xp.asarray(network.gather().reshape(-1, network.pixels))  # (P q, P)
    pool = xp.asarray(network.pool())
    signal, patches, preactivations = images[None], [], []  # signals (draws, n, P, channels)
    for scale, filters in zip(network.scales, weights[:-1], strict=True):
        gathered = xp.matmul(gather, signal)
        patches.append(scale * xp.reshape(gathered, (*gathered.shape[:2], network.pixels, -1)))
        preactivations.append(inner(patches[-1], filters[:, None], xp))
        signal = network.activation.value(preactivations[-1], xp)
    draws, n, _, width = signal.shape
    features = network.read_out_scale * xp.reshape(xp.matmul(pool, signal), (draws, n, -1))
    outputs = inner(features, weights[-1], xp)
    kernel = inner(features, features, xp)[..., None, None] * xp.eye(network.outputs)

    read_out = network.read_out_scale * xp.reshape(weights[-1], (draws, 1, network.outputs, -1, width))
    pulled = xp.matmul(pool.T, read_out)  # ∂f/∂g^L, (draws, 1, outputs, P, channels)
    for h in range(len(preactivations) - 1, -1, -1):
        signals = network.activation.slope(preactivations[h], xp)[:, :, None] * pulled
        kernel = kernel + shared(signals, patches[h], xp)
        scaled = network.scales[h] * xp.matmul(signals, weights[h][:, None, None])
        pulled = xp.matmul(gather.T, xp.reshape(scaled, (*scaled.shape[:3], gather.shape[0], -1)))
    return kernel, outputs


def shared(signals: Array, inputs: Array, xp: Namespace) -> Array:
    """Σ_{p,p'} ⟨B_a(p), B_b(p')'⟩ ⟨z(p), z(p')'⟩: what weights used at several places add to the kernel.

    Shapes: `signals` (draws, n, outputs, places, neurons), `inputs` (draws or 1, n, places, fan-in); the result is
    (draws, n, n, outputs, outputs).
    """
    draws, n, outputs, places, neurons = signals.shape
    rows = xp.reshape(signals, (draws, n * outputs * places, neurons))
    of_signals = xp.reshape(inner(rows, rows, xp), (draws, n, outputs, places, n, outputs, places))
    rows = xp.reshape(inputs, (inputs.shape[0], n * places, -1))
    of_inputs = xp.reshape(inner(rows, rows, xp), (-1, n, 1, places, n, 1, places))
    return xp.moveaxis(xp.sum(of_signals * of_inputs, axis=(3, 6)), 2, 3)


def sample(
    network: Convolutional, images: np.ndarray, draws: int, rng: np.random.Generator, *, xp: Namespace = np
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tangent kernels and outputs of networks with independent N(0, 1) weights, as `tangent_kernel`."""
    pieces = []
    for count in batches(draws, max(rows * columns for rows, columns in network.fans)):
        weights = [xp.asarray(standard_normals(rng, count, *fan)) for fan in network.fans]
        pieces.append([host(a) for a in tangent_kernel(network, weights, xp.asarray(images), xp=xp)])
    kernels, outputs = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return kernels, outputs


def infinite_kernel(network: Convolutional, images: np.ndarray, duals: Duals) -> np.ndarray:
    """Return the limit (n, n) of the tangent kernel of one output, as all channels but those of the image grow.

    Pre-activations of different channels become independent Gaussian processes with the covariance Kʰ(p, p') between
    two pixels of two images; with V, V̇ the expectations of σσ and σ'σ' at Kʰ and V⁰(p, p') = ⟨x(p), x'(p')⟩/n₀,
    Kʰ(p, p') = (γ_h/q) Σ_o Vʰ⁻¹(p + o, p' + o). The products of backward signals tend to
    Πʰ⁻¹(r, r') = V̇ʰ⁻¹(r, r') (γ_h/q) Σ Πʰ(p, p') over the p, p' with p + o = r, p' + o = r' for some o. The kernel is
    Σ_h Σ_{p,p'} Πʰ Kʰ, and the covariance of the outputs.
    """
    n, pixels, channels = images.shape
    gather, pool = network.gather(), network.pool()
    gains = (1.0, *[network.gain] * (len(network.channels) - 2))
    values = np.einsum("ipc,jrc->ijpr", images, images) / channels
    covariances, slopes = [], []
    for gain in gains:
        covariance = gain / network.taps * np.einsum("pos,rot,ijst->ijpr", gather, gather, values)
        variance = np.einsum("iipp->ip", covariance)
        shape = (n, n, pixels, pixels)
        first = np.broadcast_to(variance[:, None, :, None], shape)
        second = np.broadcast_to(variance[None, :, None, :], shape)
        values, slope = duals(first, second, covariance)
        covariances.append(covariance)
        slopes.append(slope)
    read_out = network.read_out_scale**2 * network.channels[-1] * pool.T @ pool
    kernel: np.ndarray = np.einsum("pr,ijpr->ij", read_out, values)
    backward = read_out * slopes[-1]
    for h in range(len(gains) - 1, -1, -1):
        kernel = kernel + np.einsum("ijpr,ijpr->ij", backward, covariances[h])
        if h > 0:
            pulled = np.einsum("pos,rot,ijpr->ijst", gather, gather, backward)
            backward = gains[h] / network.taps * pulled * slopes[h - 1]
    return kernel
