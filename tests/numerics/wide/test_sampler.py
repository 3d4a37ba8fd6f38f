"""What the exact sampler takes, refuses, and returns whatever else is drawn beside it."""

import tracemalloc

import numpy as np
import pytest

from numerics.wide import sample

PAIR = np.array([[1.0, 0.0], [0.5, 0.75]])
FOUR = np.random.default_rng(0).normal(size=(4, 3))
METHODS = ["patterns", "two-pass"]


def rng():
    return np.random.default_rng(1)


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("ntk", "outputs", "nngp"))


@pytest.mark.parametrize(("method", "inputs"), [("patterns", FOUR), ("two-pass", FOUR), ("single", FOUR[:1])])
def test_draws_can_be_made_in_batches(method, inputs):
    whole = sample(inputs, [5, 2000], 9, rng(), beta=0.5, method=method)
    pieces = [sample(inputs, [5, 2000], k, rng(), beta=0.5, method=method, first=i) for i, k in ((0, 4), (4, 5))]
    for name in ("ntk", "outputs", "nngp"):
        assert np.array_equal(np.concatenate([getattr(piece, name) for piece in pieces]), getattr(whole, name))


def test_batches_of_the_version_for_one_input_may_cross_its_blocks():
    whole = sample(PAIR[:1], [7, 7], 3000, rng())
    piece = sample(PAIR[:1], [7, 7], 1500, rng(), first=1000)
    assert np.array_equal(whole.ntk[1000:2500], piece.ntk)


@pytest.mark.parametrize("method", METHODS)
def test_results_do_not_depend_on_the_number_of_threads(method):
    widths = [2**21 + 5] if method == "patterns" else [9000, 70]
    assert same(*(sample(PAIR, widths, 2, rng(), method=method, threads=threads) for threads in (1, 3)))


def test_one_number_of_the_generator_is_used():
    one, other = rng(), rng()
    sample(PAIR, [8], 3, one)
    other.integers(2**64, dtype=np.uint64)
    assert one.random() == other.random()


def test_both_methods_see_the_same_neurons_of_the_first_layer():
    """They draw the same normals, along the same orthonormal directions of the inputs."""
    kernels = [sample(FOUR, [5000], 3, rng(), method=method).nngp for method in METHODS]
    assert np.allclose(*kernels, rtol=1e-12, atol=0)


@pytest.mark.parametrize("method", METHODS)
def test_parallel_inputs_share_a_draw(method):
    scales = np.array([1.0, 3.0, 1e-3, 0.0])
    drawn = sample(scales[:, None] * FOUR[0], [6, 6], 5, rng(), method=method)
    assert np.allclose(drawn.outputs, drawn.outputs[:, :1] * scales, rtol=1e-12)
    assert np.allclose(drawn.ntk, drawn.ntk[:, :1, :1] * np.outer(scales, scales), rtol=1e-12)


def test_with_biases_only_equal_inputs_share_a_draw():
    drawn = sample(np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 4.0], [0.0, 0.0]]), [6, 6], 5, rng(), beta=1.0)
    assert np.array_equal(drawn.outputs[:, 0], drawn.outputs[:, 1])
    assert not np.isclose(2 * drawn.outputs[:, 0], drawn.outputs[:, 2]).any()
    assert (np.diagonal(drawn.ntk, axis1=1, axis2=2) >= 1).all()


def test_without_biases_a_network_vanishes_at_zero():
    for inputs in (np.zeros((2, 3)), np.vstack([np.zeros(3), FOUR[0]])):
        drawn = sample(inputs, [6, 6], 5, rng())
        assert not drawn.ntk[:, 0].any()
        assert not drawn.outputs[:, 0].any()


def test_opposite_inputs_activate_different_neurons_of_the_first_layer():
    """With one hidden layer their signals are orthogonal, and so are their gradients."""
    drawn = sample(np.vstack([FOUR[0], -FOUR[0]]), [50], 5, rng())
    assert np.abs(drawn.ntk[:, 0, 1]).max() < 1e-12 * drawn.ntk[:, 0, 0].min()


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150])
def test_the_size_of_inputs_does_not_matter_without_biases(scale):
    one, other = (sample(s * FOUR, [6, 6], 3, rng()) for s in (1.0, scale))
    assert np.allclose(other.outputs, scale * one.outputs, rtol=1e-9)


@pytest.mark.parametrize("beta", [0.0, 0.5])
def test_kernels_are_symmetric_and_positive_semidefinite(beta):
    drawn = sample(FOUR, [3, 9, 2], 200, rng(), beta=beta)
    assert np.allclose(drawn.ntk, drawn.ntk.swapaxes(1, 2), rtol=1e-12)
    for kernels in (drawn.nngp, drawn.ntk - drawn.nngp):
        assert (np.linalg.eigvalsh(kernels).min(axis=1) >= -1e-12 * np.trace(drawn.ntk, axis1=1, axis2=2)).all()


@pytest.mark.parametrize("method", [*METHODS, "single"])
def test_memory_does_not_grow_with_the_width(method):
    inputs = FOUR[:1] if method == "single" else FOUR
    sample(inputs, [10, 10], 1, rng(), method=method)
    tracemalloc.start()
    sample(inputs, [2**19, 2**19], 1, rng(), method=method)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4e6  # one column of 2¹⁹ doubles


def test_the_fastest_method_is_chosen():
    assert same(sample(PAIR[:1], [5], 3, rng()), sample(PAIR[:1], [5], 3, rng(), method="single"))
    assert same(sample(PAIR, [5], 3, rng()), sample(PAIR, [5], 3, rng(), method="patterns"))
    many = np.random.default_rng(2).normal(size=(9, 9))
    assert same(sample(many, [5], 3, rng()), sample(many, [5], 3, rng(), method="two-pass"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": np.ones(3)}, r"shape \(n, d\)"),
        ({"inputs": np.ones((0, 3))}, r"shape \(n, d\)"),
        ({"inputs": np.array([[1.0, np.nan]])}, "not finite"),
        ({"inputs": np.eye(17)}, "17 inputs of different directions; 16 are the most"),
        ({"inputs": np.eye(9), "method": "patterns"}, "'patterns' is for at most 8 different inputs, not 9"),
        ({"method": "single"}, "'single' is for at most 1 different inputs, not 2"),
        ({"method": "dense"}, "no method 'dense'; there are auto, patterns, two-pass, single"),
        ({"widths": []}, "widths are"),
        ({"widths": [4, 0]}, "widths are"),
        ({"widths": [2.5]}, "widths are"),
        ({"widths": [2**63]}, "widths are"),
        ({"beta": -1.0}, "beta is"),
        ({"beta": np.inf}, "beta is"),
        ({"draws": 0}, "draws and threads"),
        ({"threads": 0}, "draws and threads"),
        ({"first": -1}, "first"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(change, message):
    arguments = {"inputs": PAIR, "widths": [4, 4], "draws": 2, "rng": rng(), **change}
    with pytest.raises(ValueError, match=message):
        sample(**arguments)
