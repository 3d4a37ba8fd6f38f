"""Sums over neurons by sign pattern: against NumPy on the same normals, and the same bytes however they are cut."""

import numpy as np
import pytest
from scipy import stats

from numerics.wide import patterns
from numerics.wide.normals import normals
from numerics.wide.patterns import pattern_sums

KEY, DRAW, LAYER = 2**50 + 3, 6, 2


def reference(z: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = factor.shape[1]
    numbers = (z @ factor > 0) @ (1 << np.arange(n))
    moments = [z[numbers == p].T @ z[numbers == p] for p in range(2**n)]
    return np.bincount(numbers, minlength=2**n), np.array(moments)


def factor_of(rank: int, n: int) -> np.ndarray:
    return np.random.default_rng([rank, n]).standard_normal((rank, n))


@pytest.mark.parametrize("n", range(1, 9))
@pytest.mark.parametrize("width", [1, 255, 256, 700, 40_000])
def test_counts_and_moments_of_the_normals_at_the_same_counters(n: int, width: int) -> None:
    for rank in range(1, n + 1):
        factor = factor_of(rank, n)
        counts, moments = pattern_sums(KEY, DRAW, LAYER, width, factor)
        expected_counts, expected = reference(normals(KEY, DRAW, LAYER, (width, rank)), factor)
        np.testing.assert_array_equal(counts, expected_counts)
        np.testing.assert_allclose(moments, expected, rtol=1e-12, atol=1e-12 * np.sqrt(width))
        np.testing.assert_array_equal(moments, moments.transpose(0, 2, 1))


@pytest.mark.parametrize("n", [2, 8])
def test_sums_of_many_terms_are_right_to_1e_13(n: int) -> None:
    """Σz_a² over 2²⁰ neurons, all of one pattern or its opposite, so that runs of additions are the longest."""
    width = 2**20
    factor = np.outer(np.arange(1, n + 1), np.ones(n))
    _, moments = pattern_sums(KEY, DRAW, LAYER, width, factor)
    z = normals(KEY, DRAW, LAYER, (width, n)).astype(np.longdouble)
    positive = z @ factor[:, 0] > 0
    for number, chosen in ((2**n - 1, positive), (0, ~positive)):
        exact = (z[chosen] ** 2).sum(axis=0)
        np.testing.assert_array_less(np.abs(np.diagonal(moments[number]) / exact - 1), 1e-13)


@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_the_same_bytes_for_any_number_of_threads(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "CHUNK", 1024)
    monkeypatch.setattr(patterns, "TASK", 4096)
    factor = factor_of(n, n)
    counts, moments = pattern_sums(KEY, DRAW, LAYER, 100_001, factor)
    for threads in (2, 3, 8):
        other = pattern_sums(KEY, DRAW, LAYER, 100_001, factor, threads=threads)
        assert counts.tobytes() == other[0].tobytes()
        assert moments.tobytes() == other[1].tobytes()


def test_inputs_that_are_multiples_of_one_another_share_or_exclude_patterns() -> None:
    direction = factor_of(3, 1)
    factor = np.hstack([direction, direction, 2 * direction, -direction])
    counts, _ = pattern_sums(KEY, DRAW, LAYER, 10_000, factor)
    assert set(np.flatnonzero(counts)) == {0b0111, 0b1000}


def test_no_direction_at_all_leaves_every_neuron_silent() -> None:
    counts, moments = pattern_sums(KEY, DRAW, LAYER, 2**45, np.zeros((0, 3)))
    assert counts.tolist() == [2**45] + [0] * 7
    assert moments.shape == (8, 0, 0)


def test_an_input_at_zero_is_never_active() -> None:
    counts, _ = pattern_sums(KEY, DRAW, LAYER, 1000, np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert counts[2] == counts[3] == 0
    assert counts.sum() == 1000


def test_no_neurons_sum_to_nothing() -> None:
    counts, moments = pattern_sums(KEY, DRAW, LAYER, 0, np.eye(2))
    assert not counts.any()
    assert not moments.any()


@pytest.mark.parametrize(("shape", "width"), [((9, 9), 1), ((3, 2), 1), ((2, 2), -1), ((2, 2), 2**45 + 1)])
def test_other_shapes_and_widths_are_refused(shape: tuple[int, int], width: int) -> None:
    with pytest.raises(ValueError, match=r"neurons|shape"):
        pattern_sums(KEY, DRAW, LAYER, width, np.zeros(shape))


def test_orthants_have_the_probability_of_their_angle() -> None:
    """P(f > 0, f' > 0) = (π − arccos ρ)/(2π); each count is binomial. Wrong with probability below 1e-9."""
    width, rho = 2**22, 0.5
    counts, _ = pattern_sums(KEY, DRAW, LAYER, width, np.array([[1.0, rho], [0.0, np.sqrt(1 - rho**2)]]))
    both = (np.pi - np.arccos(rho)) / (2 * np.pi)
    for count, probability in zip(counts, (both, 0.5 - both, 0.5 - both, both), strict=True):
        law = stats.binom(width, probability)
        assert law.ppf(1e-10) <= count <= law.isf(1e-10)
