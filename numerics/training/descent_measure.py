"""Measurements of networks trained by steps: against their flow, their linearisation, long steps, random labels."""

from collections.abc import Callable

import numpy as np

from numerics.data import contrast, sphere
from numerics.dense.activations import ACTIVATIONS
from numerics.dense.network import Network, draw, fan_in_scales
from numerics.kernel_matrices import relu_ntk
from numerics.streams import Columns, Parameters, batches
from numerics.training.descent import descend, full_batches, mini_batches
from numerics.training.layered import Problem
from numerics.training.layered_flow import flow
from numerics.training.layered_linear import linear_descent
from numerics.training.losses import LOSSES

TIMES = 8
"""Descent is compared with the flow at so many times, equally spaced up to the end."""

OVERFLOW = 1e300
"""What is written for a number above this, or for one that is none, when a network has diverged."""

NEGLIGIBLE = 1e-20
"""Losses below this part of the first are rounding errors, and what they do from step to step tells nothing."""


def _network(parameters: Parameters, inputs: int) -> Network:
    """`L` hidden layers of width `m` with the given `activation`, all fan-in scales but the first layer's, no biases.

    f⁰ = x, fʰ = Wʰ gʰ⁻¹/√m with gʰ = σ(fʰ), and √(2/m) for ReLUs; W¹ x has no factor, as ‖x‖ = 1.
    """
    name = str(parameters["activation"])
    sizes = (inputs, *[int(parameters["m"])] * int(parameters["L"]), 1)
    scales = (1.0, *fan_in_scales(sizes[1:], 2.0 if name == "relu" else 1.0))
    return Network(sizes=sizes, activation=ACTIVATIONS[name], scales=scales)


def _pieces(parameters: Parameters, measured: Callable[[int], list[np.ndarray]], numbers: int) -> list[np.ndarray]:
    """What is measured of all draws, in batches of bounded memory: arrays (draws,)."""
    pieces = [measured(count) for count in batches(int(parameters["draws"]), numbers)]
    return [np.concatenate(column) for column in zip(*pieces, strict=True)]


def _numbers(network: Network, inputs: int) -> int:
    """How many numbers one network and its passes hold, roughly."""
    return max(rows * max(columns, inputs) for rows, columns in network.fans)


def _shuffled(inputs: int, size: int, steps: int, key: int) -> list[np.ndarray]:
    """Mini-batches shuffled once and for all: the same for all draws, which are independent only so."""
    return mini_batches(inputs, size, steps, np.random.Generator(np.random.Philox(key=key)))


def against_flow(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Compare `N` steps of gradient descent of the length T/N with the gradient flow up to the time `T`.

    Networks as in `_network`, less their outputs at the start, on the 4 inputs of `contrast`; `loss` "square" is
    ½ Σ (f - y)², and "logistic" the mean of log(1 + e^(-yf)) over the inputs. Columns, one entry for each of the
    `draws`, at t = T/8, 2T/8, …, T: `euler_gap` = max_t max_i |f_descent(x_i, t) - f(x_i, t)|, and `slow_gap`, with
    the flow at t/2 in place of t. The errors are those of the flow's integration, estimated.
    """
    data, steps, horizon = contrast(), int(parameters["N"]), float(parameters["T"])
    network, every = _network(parameters, data.inputs.shape[1]), full_batches(len(data.labels), steps)
    if parameters["loss"] == "logistic":
        horizon /= len(data.labels)  # the mean of the losses is descended n times as slowly as their sum

    def measured(count: int) -> list[np.ndarray]:
        problem = Problem(
            network=network,
            start=draw(network, count, rng),
            inputs=data.inputs,
            targets=data.labels,
            loss=LOSSES[str(parameters["loss"])],
            subtracted=True,
        )
        times = [horizon * k / (2 * TIMES) for k in range(2 * TIMES + 1)]
        path = flow(problem, times, tolerance=1e-6, kernels=False, movements=False)
        recorded = [steps // TIMES * k for k in range(TIMES + 1)]
        found = descend(problem, horizon / steps, every, recorded=recorded, movements=False).outputs
        gaps = [
            np.max(np.abs(found - there), axis=(0, 2, 3)) for there in (path.outputs[::2], path.outputs[: TIMES + 1])
        ]
        return [*gaps, path.errors[-1]]

    gap, slow, errors = _pieces(parameters, measured, _numbers(network, len(data.labels)))
    return {"euler_gap": gap, "slow_gap": slow}, {"euler_gap": errors, "slow_gap": errors}


def against_linear(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Compare networks with their linearisation, both trained by `steps` steps of the size `rate`.

    Networks as in `_network` on the 4 inputs of `contrast` and the loss ½ Σ (f - y)²; batches of `mini_batch` inputs,
    shuffled once for every epoch, the gradient of a batch scaled by 4/`mini_batch`. Columns, one entry for each of the
    `draws`, over all steps t: `test_gap` = max_t max_x |f_t(x) - f_t^lin(x)| at 3 test points, `linear_gap` =
    max_t ‖f_t - f_t^lin‖ at the inputs, and `other_batches_gap`, as `test_gap` with other batches for f^lin.
    """
    data, tests = contrast(), sphere(3, 4).inputs
    network = _network(parameters, data.inputs.shape[1])
    n, size, steps = len(data.labels), int(parameters["mini_batch"]), int(parameters["steps"])
    same, others = (_shuffled(n, size, steps, key) for key in (1, 2))

    def measured(count: int) -> list[np.ndarray]:
        start = draw(network, count, rng)
        problem = Problem(network=network, start=start, inputs=data.inputs, targets=data.labels, tests=tests)
        path = descend(problem, float(parameters["rate"]), same, movements=False)
        elsewhere = linear_descent(problem, float(parameters["rate"]), others, range(steps + 1))
        far = np.abs(path.test_outputs - np.stack(elsewhere)[:, :, n:])
        return [np.max(path.test_gap, axis=0), np.max(path.linear_gap, axis=0), np.max(far, axis=(0, 2, 3))]

    columns = _pieces(parameters, measured, _numbers(network, n))
    return dict(zip(("test_gap", "linear_gap", "other_batches_gap"), columns, strict=True))


def long_steps(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Train ReLU networks with the step c/λ_max(K^∞) on the loss Σ (f - y)², which has no factor ½.

    Networks as in `_network`, with the limit K^∞ of their tangent kernel, on the 4 inputs of `contrast`; `steps` steps.
    Columns, one entry for each of the `draws`: `largest_rise`, the largest relative change of the loss in a step,
    max_k L_{k+1}/L_k - 1, and `remaining_loss` = L/L_0 at the end, both at most `OVERFLOW`.
    """
    data = contrast()
    network = _network(parameters, data.inputs.shape[1])
    top = np.linalg.eigvalsh(relu_ntk(data.inputs, depth=int(parameters["L"]), threads=1))[-1]
    rate = 2 * float(parameters["c"]) / top  # of the loss with the factor ½
    every = full_batches(len(data.labels), int(parameters["steps"]))

    def measured(count: int) -> list[np.ndarray]:
        start = draw(network, count, rng)
        problem = Problem(network=network, start=start, inputs=data.inputs, targets=data.labels)
        return list(rises(descend(problem, rate, every, movements=False).losses))

    return dict(
        zip(("largest_rise", "remaining_loss"), _pieces(parameters, measured, _numbers(network, 4)), strict=True)
    )


def rises(losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest L_{k+1}/L_k - 1 of every path (steps, draws) while the loss is not negligible, and L/L_0 at the end.

    `OVERFLOW` where a loss is not a finite number.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        growth = np.where(losses[:-1] > NEGLIGIBLE * losses[0], losses[1:] / losses[:-1], 0.0)
        remaining = losses[-1] / losses[0]
    growth, remaining = (np.where(found < OVERFLOW, found, OVERFLOW) for found in (growth, remaining))
    return np.max(growth, axis=0) - 1, remaining


def random_labels(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Train networks on labels that are ±1 by the toss of a coin, `steps` steps of the size `rate` on ½ Σ (f - y)².

    Networks as in `_network` on the 20 inputs of `sphere`, with labels of its own for each; batches of `mini_batch`
    inputs, shuffled once for every epoch, the gradient of a batch scaled by 20/`mini_batch`. Columns, one entry for
    each of the `draws`, after training: `training_loss` = mean of (f - y)², at most `OVERFLOW`, and `mistakes`, the
    number of inputs at which f has not the sign of the label.
    """
    inputs = sphere().inputs
    n = len(inputs)
    network = _network(parameters, inputs.shape[1])
    steps = int(parameters["steps"])
    dealt = _shuffled(n, int(parameters["mini_batch"]), steps, key=1)

    def measured(count: int) -> list[np.ndarray]:
        labels = 2.0 * rng.integers(0, 2, (count, n, 1)) - 1
        problem = Problem(network=network, start=draw(network, count, rng), inputs=inputs, targets=labels)
        path = descend(problem, float(parameters["rate"]), dealt, recorded=[steps], movements=False)
        loss = 2 * path.losses[-1] / n
        right = np.sum(path.outputs[-1] * labels > 0, axis=(1, 2))
        return [np.where(loss < OVERFLOW, loss, OVERFLOW), (n - right).astype(float)]

    return dict(zip(("training_loss", "mistakes"), _pieces(parameters, measured, _numbers(network, n)), strict=True))
