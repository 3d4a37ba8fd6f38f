"""How a regression with the NTK errs on examples and beyond: exactly, for a distribution with finitely many values."""

from collections.abc import Mapping
from functools import cache
from itertools import product

import numpy as np
from scipy.linalg import hadamard

from numerics.kernel_machines.regression import ridge
from numerics.kernel_matrices import relu_ntk

_SIDE = 2**6
"""The cube in R¹² has _SIDE² corners."""
SIGNAL = 0.5
"""What the labels are without noise, times the sign of the first coordinate."""


@cache
def _population() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The labels without noise at the corners, scaled to unit length, the NTK of the first with all, its transform.

    The corners are numbered in binary, so that the kernel of i and j is that of the first and i XOR j.
    """
    corners = np.array(list(product((1.0, -1.0), repeat=12))) / np.sqrt(12)
    row = relu_ntk(corners[:1], corners, depth=1, threads=1)[0]
    return SIGNAL * np.sign(corners[:, 0]), row, _transform(row)


def _transform(values: np.ndarray) -> np.ndarray:
    """The Walsh-Hadamard transform of a function on the corners, which turns sums with the kernel into products."""
    signs = hadamard(_SIDE)
    return np.asarray(signs @ values.reshape(_SIDE, _SIDE) @ signs).ravel()


def risks(parameters: Mapping[str, float | int | str], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Regress the labels of `m` independent examples, and measure the fit by the loss min(|f(x) - y|, 1).

    The inputs are uniform on the corners of the cube, ±`noise` is added to their labels, either sign as likely as the
    other, and the penalty is `penalty` ‖f‖² beside the sum of squares.
    `generalisation_gap` is the mean of the loss over the whole distribution, an exact sum, less that over the examples;
    `ball_radius` is the least of 1, 2, 4, … that ‖f‖, in the Hilbert space of the NTK, does not exceed.
    """
    n, draws = int(parameters["m"]), int(parameters["draws"])
    noise, penalty = float(parameters["noise"]), float(parameters["penalty"])
    signal, row, spectrum = _population()
    found = {name: np.empty(draws) for name in ("generalisation_gap", "ball_radius")}
    for draw in range(draws):
        at = rng.integers(len(signal), size=n)
        labels = signal[at] + noise * rng.choice((-1.0, 1.0), size=n)
        fit = ridge(row[at[:, np.newaxis] ^ at], labels, penalty=penalty, mean=False, half=False)
        weights = np.bincount(at, fit.coefficients, minlength=len(signal))
        values = _transform(spectrum * _transform(weights)) / len(signal)
        everywhere = np.mean([_loss(values, signal + shift) for shift in (-noise, noise)])
        found["generalisation_gap"][draw] = everywhere - np.mean(_loss(values[at], labels))
        found["ball_radius"][draw] = 2.0 ** max(0, int(np.ceil(np.log2(fit.norm))))
    return found


def _loss(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.minimum(np.abs(values - labels), 1.0)
