"""The exact sampler has the law of networks drawn weight by weight, at small widths, jointly in kernel and outputs."""

import math

import numpy as np
import pytest

from numerics import dense
from numerics.exact_law import cdf
from numerics.joint_laws import WRONG, slopes
from numerics.wide import sample

RNG = np.random.default_rng(7)
PAIR = np.array([[1.0, 0.0], [0.5, 0.75]])
CONFIGURATIONS = {
    "one layer": (PAIR, [2], 0.0),
    "one neuron a layer": (PAIR, [1, 1, 1], 0.0),
    "two layers": (PAIR, [4, 4], 0.0),
    "unequal widths": (PAIR, [3, 7, 2], 0.0),
    "wider": (PAIR, [64, 64], 0.0),
    "one input": (PAIR[1:], [3, 4], 0.0),
    "equal inputs": (PAIR[[0, 0]], [4, 4], 0.0),
    "opposite inputs": (np.array([[1.0, 2.0], [-1.0, -2.0]]), [4, 4], 0.0),
    "parallel inputs": (np.array([[1.0, 2.0], [0.3, 0.6]]), [4, 4], 0.0),
    "parallel and opposite inputs": (np.array([[1.0, 2.0], [0.3, 0.6], [-2.0, -4.0]]), [3, 3], 0.0),
    "a zero among the inputs": (np.array([[1.0, 2.0], [0.0, 0.0], [1.0, 1.0]]), [4, 4], 0.0),
    "a small angle": (np.array([[1.0, 0.0], [1.0, 1e-4]]), [4, 4], 0.0),
    "an angle of 1e-10": (np.array([[1.0, 0.0], [1.0, 1e-10]]), [4, 4], 0.0),
    "four inputs of rank 3": (RNG.normal(size=(4, 3)), [8, 8], 0.0),
    "four inputs of rank 2": (RNG.normal(size=(4, 2)), [8, 8], 0.0),
    "more inputs than neurons": (RNG.normal(size=(4, 4)), [2, 2, 2], 0.0),
    "biases": (PAIR, [4, 4], 0.7),
    "biases, three layers": (PAIR, [2, 4, 3], 1.0),
    "biases, zero inputs": (np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]), [4, 4], 0.5),
    "biases, parallel and opposite inputs": (np.array([[1.0, 2.0], [0.3, 0.6], [-1.0, -2.0]]), [4, 4], 0.5),
    "biases, one input": (PAIR[1:], [2, 3], 0.5),
    "biases, four inputs": (RNG.normal(size=(4, 3)), [3, 2], 0.5),
}
MANY = {
    "ten inputs of rank 3": (RNG.normal(size=(10, 3)), [5, 4], 0.0),
    "nine inputs, biases": (RNG.normal(size=(9, 9)), [3, 12], 0.8),
}
SLOW = ("two layers", "four inputs of rank 3", "an angle of 1e-10", "biases, parallel and opposite inputs")
CASES = [
    *((name, "auto", 10_000) for name in CONFIGURATIONS),
    *((name, "patterns", 10_000) for name in ("one input", "equal inputs", "biases, one input")),
    *((name, "two-pass", 4000) for name in (*SLOW, *MANY)),
]
FUNCTIONS = 9
LEVEL = 1e-9 / (len(CASES) * FUNCTIONS)
"""The probability that chance rejects one comparison; over all of them it is at most 1e-9."""


def weight_by_weight(inputs, widths, beta, draws, rng):
    scales = (1.0, *(math.sqrt(2 / width) for width in widths))
    sizes = (inputs.shape[1], *widths, 1)
    network = dense.Network(sizes=sizes, activation=dense.ACTIVATIONS["relu"], scales=scales, beta=beta)
    drawn = dense.sample(network, inputs, draws, rng)
    return drawn.ntk[..., 0, 0], drawn.outputs[..., 0], drawn.nngp


def functions(ntk, outputs, nngp):
    """Functions of all that is drawn, of the first and the last input; rounded, as dead networks have atoms."""
    first, last = outputs[:, 0], outputs[:, -1]
    one, both, other = ntk[:, 0, 0], ntk[:, 0, -1], ntk[:, -1, -1]
    found = (
        *(one, both, nngp[:, 0, -1], first + 0.3 * both),
        *(first * last * both, first**2 * other, (first + last) ** 2 - both),
        np.divide(first**2, one, out=np.zeros_like(one), where=one > 1e-9),
        np.divide(both, nngp[:, -1, -1], out=np.zeros_like(one), where=nngp[:, -1, -1] > 1e-9),
    )
    assert len(found) == FUNCTIONS
    return [np.round(values, 9) for values in found]


def distance(one, other):
    """sup |F_n - G_n|."""
    one, other = np.sort(one), np.sort(other)
    at = np.concatenate([one, other])
    steps = (np.searchsorted(values, at, side="right") / len(values) for values in (one, other))
    return np.abs(np.subtract(*steps)).max()


def allowed(draws, level):
    """What the distance of two samples of one law exceeds with probability at most `level` (DKW, half for each)."""
    return 2 * math.sqrt(math.log(4 / level) / (2 * draws))


@pytest.mark.parametrize(("name", "method", "draws"), CASES)
def test_kernels_and_outputs_have_the_joint_law_of_dense_networks(name, method, draws):
    inputs, widths, beta = (CONFIGURATIONS | MANY)[name]
    drawn = sample(inputs, widths, draws, np.random.default_rng(1), beta=beta, method=method)
    reference = weight_by_weight(inputs, widths, beta, draws, np.random.default_rng(2))
    pairs = zip(functions(drawn.ntk, drawn.outputs, drawn.nngp), functions(*reference), strict=True)
    assert max(distance(*pair) for pair in pairs) < allowed(draws, LEVEL)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_wrong_backward_passes_are_told_from_the_right_one(beta):
    columns = slopes({"L": 3, "m": 4, "rho": 0.98, "beta": beta, "draws": 20_000}, np.random.default_rng(3))
    found = {name: distance(values, columns["dense_slope"]) for name, values in columns.items()}
    assert found["exact_slope"] < allowed(20_000, 1e-9)
    assert min(found[name] for name in WRONG) > allowed(20_000, 1e-9)


@pytest.mark.parametrize("method", ["patterns", "single"])
def test_one_hidden_layer_at_one_input_has_the_exact_law(method):
    drawn = np.sort(sample(np.ones((1, 1)), [16], 20_000, np.random.default_rng(4), method=method).ntk[:, 0, 0])
    assert from_law(cdf(16, drawn)) < math.sqrt(math.log(2e9) / 40_000)


def from_law(values):
    """sup |F_n - F| from F at the draws in increasing order, but for the size of an atom."""
    n = len(values)
    return max(np.max(np.arange(1, n + 1) / n - values), np.max(values - np.arange(n) / n))


def test_at_a_great_width_the_kernel_is_normal_with_variance_12_over_m():
    """One hidden layer at one input: the mean is 2."""
    width = 2**40
    drawn = sample(np.ones((1, 1)), [width], 20_000, np.random.default_rng(5)).ntk[:, 0, 0]
    z = np.sort((drawn - 2) * math.sqrt(width / 12))
    normal = np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in z])
    assert from_law(normal) < math.sqrt(math.log(2e9) / 40_000)


@pytest.mark.parametrize(("method", "angle"), [("patterns", 1e-7), ("patterns", 1e-11), ("two-pass", 1e-9)])
def test_differences_of_outputs_are_right_at_angles_that_a_gram_matrix_does_not_resolve(method, angle):
    """(f(x) - f(x'))/angle has a limit law as the angle shrinks; it is reached at 1e-4 but for 1e-4 of the draws."""
    draws = 4000

    def slope(values, size):
        return (values[:, 0] - values[:, 1]) / size

    def inputs(size):
        return np.array([[1.0, 0.0], [1.0, size]])

    drawn = sample(inputs(angle), [8, 8], draws, np.random.default_rng(6), method=method)
    reference = weight_by_weight(inputs(1e-4), [8, 8], 0.0, draws, np.random.default_rng(7))[1]
    assert distance(slope(drawn.outputs, angle), slope(reference, 1e-4)) < allowed(draws, 1e-9)
