"""Small recurrent networks: weights shared by all times of a sequence, and their tangent kernels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.dense.activations import ACTIVATIONS, Activation
from numerics.dense.convolution import Duals
from numerics.dense.namespace import Array, Namespace, host, product
from numerics.streams import batches, standard_normals


@dataclass(frozen=True, kw_only=True)
class Recurrent:
    """z_t = √(gain/m) W h_{t-1} + U x_t, h_t = σ(z_t), h_0 = 0, for t = 1, …, T; the output is √(read/m) V h_T.

    `inputs` is the dimension of the x_t and `width` is m. T is the length of the sequence, whatever it is.
    """

    inputs: int
    width: int
    outputs: int = 1
    activation: Activation = ACTIVATIONS["relu"]
    gain: float = 1.0
    read: float = 2.0

    @property
    def fans(self) -> tuple[tuple[int, int], ...]:
        """The shapes of W, U and V."""
        return (self.width, self.width), (self.width, self.inputs), (self.outputs, self.width)


def tangent_kernel(
    network: Recurrent, weights: Sequence[Array], sequences: Sequence[Array], *, xp: Namespace = np
) -> tuple[Array, Array]:
    """Return the tangent kernel of every draw, (draws, n, n, outputs, outputs), and the outputs (draws, n, outputs).

    `sequences` are n arrays (T, inputs), with a T of their own; `weights` are W, U and V, each (draws, *fan).

    W and U act at all times, so that the gradient of (W, U) is a sum over them, Σ_t B_t ⊗ (√(gain/m) h_{t-1}, x_t)
    with the backward signals B_t = ∂f/∂z_t, and the kernel is
    Σ_{t,t'} ⟨B_t, B'_t'⟩ (gain/m ⟨h_{t-1}, h'_{t'-1}⟩ + ⟨x_t, x'_t'⟩) + read/m ⟨h_T, h'_T'⟩.
    """
    passed = [_passes(network, weights, sequence, xp) for sequence in sequences]
    rows = []
    for sequence, (states, signals, features) in zip(sequences, passed, strict=True):
        row = []
        for other, (other_states, other_signals, other_features) in zip(sequences, passed, strict=True):
            of_inputs = product(states, other_states, xp) + product(sequence, other, xp)  # (draws, T, T')
            of_signals = product(signals[:, :, None], other_signals[:, None], xp)  # (draws, outputs, outputs, T, T')
            read_out = product(features, other_features, xp) * xp.eye(network.outputs)
            row.append(xp.sum(of_signals * of_inputs[:, None, None], axis=(3, 4)) + read_out)
        rows.append(xp.stack(row, axis=1))
    outputs = [product(features, weights[2], xp)[:, 0] for _, _, features in passed]
    return xp.stack(rows, axis=1), xp.stack(outputs, axis=1)


def _passes(network: Recurrent, weights: Sequence[Array], sequence: Array, xp: Namespace) -> tuple[Array, Array, Array]:
    """The states √(gain/m) h_{t-1} that enter at every time, the backward signals B_t, and the read-out's input.

    Shapes: (draws, T, m), (draws, outputs, T, m), (draws, 1, m).
    """
    recurrent, entering, read_out = weights
    scale, read_scale = math.sqrt(network.gain / network.width), math.sqrt(network.read / network.width)
    state = xp.zeros((recurrent.shape[0], 1, network.width))
    states, slopes = [], []
    for x in sequence:
        states.append(scale * state[:, 0])
        preactivation = scale * product(state, recurrent, xp) + product(x[None], entering, xp)
        slopes.append(network.activation.slope(preactivation, xp))
        state = network.activation.value(preactivation, xp)
    signals = [slopes[-1] * read_scale * read_out]
    for slope in reversed(slopes[:-1]):
        signals.insert(0, slope * (scale * xp.matmul(signals[0], recurrent)))
    return xp.stack(states, axis=1), xp.stack(signals, axis=2), read_scale * state


def sample(
    network: Recurrent, sequences: Sequence[np.ndarray], draws: int, rng: np.random.Generator, *, xp: Namespace = np
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tangent kernels and outputs of networks with independent N(0, 1) weights, as `tangent_kernel`."""
    pieces = []
    for count in batches(draws, max(rows * columns for rows, columns in network.fans)):
        weights = [xp.asarray(standard_normals(rng, count, *fan)) for fan in network.fans]
        found = tangent_kernel(network, weights, [xp.asarray(sequence) for sequence in sequences], xp=xp)
        pieces.append([host(array) for array in found])
    kernels, outputs = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return kernels, outputs


def infinite_kernel(network: Recurrent, sequences: Sequence[np.ndarray], duals: Duals) -> np.ndarray:
    """Return the limit (n, n) of the tangent kernel of one output, as the width grows.

    The states of different neurons become independent, with z_t and z'_t' jointly Gaussian of the covariance
    K(t, t') = gain V(t-1, t'-1) + ⟨x_t, x'_t'⟩, V and V̇ the expectations of σσ and σ'σ' at K. The same W carries
    signals back at all times: ⟨B_t, B'_t'⟩ tends to Π(t, t') = gain V̇(t, t') Π(t+1, t'+1). It begins with
    Π(T, T') = read V̇(T, T') and Π(T, t') = 0 = Π(t, T') before, as V is independent of W. So times count from the
    end: with T - t = T' - t' = k the kernel is Σ_k Π K + read V(T, T').
    """
    known = [(sequence, _variances(network, sequence, duals)) for sequence in sequences]
    return np.array([[_pair(network, one, other, duals) for other in known] for one in known])


Known = tuple[np.ndarray, np.ndarray]
"""A sequence and the variances K(t, t) of its pre-activations."""


def _pair(network: Recurrent, one: Known, other: Known, duals: Duals) -> float:
    """The limit of the kernel at two sequences."""
    covariances, (last, other_last) = _covariances(network, one, other, duals), (len(one[0]) - 1, len(other[0]) - 1)
    backward, kernel = network.read, 0.0
    for k in range(min(last, other_last) + 1):
        t, t_other = last - k, other_last - k
        value, slope = map(float, duals(one[1][t], other[1][t_other], covariances[t, t_other]))
        backward *= slope * (network.gain if k else 1.0)
        kernel += backward * covariances[t, t_other] + (0.0 if k else network.read * value)
    return kernel


def _variances(network: Recurrent, sequence: np.ndarray, duals: Duals) -> np.ndarray:
    """K(t, t) of a sequence with itself."""
    variances = np.sum(np.asarray(sequence) ** 2, axis=1)
    for t in range(1, len(variances)):
        variances[t] += network.gain * duals(variances[t - 1], variances[t - 1], variances[t - 1])[0]
    return variances


def _covariances(network: Recurrent, one: Known, other: Known, duals: Duals) -> np.ndarray:
    """The table K(t, t') of two sequences."""
    table: np.ndarray = one[0] @ other[0].T
    for t in range(1, len(table)):
        for s in range(1, table.shape[1]):
            table[t, s] += network.gain * duals(one[1][t - 1], other[1][s - 1], table[t - 1, s - 1])[0]
    return table
