"""Normals at counters: the map from bits, the law, and that any part can be drawn alone.

Tests of the law reject a true one with probability below 1e-9 each, at any seed (the seeds are fixed besides).
"""

import mpmath
import numpy as np
import pytest
from scipy import special, stats

from numerics.wide.normals import GROUP, direction, normals, radius
from numerics.wide.philox import philox

RISK = 1e-9
WORDS = [0, 1, 2, 3, 2**13, 2**52, 2**63, 2**64 - 2**11, 2**64 - 2**12, 2**64 - 1] + [
    int(word) for word in np.random.default_rng(5).integers(0, 2**64, 500, dtype=np.uint64)
]
LARGE = normals(11, 0, 1, (2**21, 2))


def exact_radius(word: int) -> mpmath.mpf:
    """√(−2 log u) of the u that float64 has for (k + ½)/2⁵³."""
    u = mpmath.mpf(((word >> 11) + 0.5) * 2.0**-53)
    return mpmath.sqrt(-2 * mpmath.log(u))


def test_the_radius_is_right_to_the_last_digits_and_so_are_the_tails() -> None:
    with mpmath.workdps(40):
        for word in WORDS:
            value, exact = float(radius(np.uint64(word))), exact_radius(word)
            assert abs(value - exact) <= 4e-16 * exact
    assert 8.65 < radius(np.uint64(0)) < 8.66
    assert radius(np.uint64(2**64 - 1)) == 0


def test_the_direction_is_right_to_the_last_digits() -> None:
    with mpmath.workdps(40):
        for word in WORDS:
            angle = mpmath.pi / 2 * (mpmath.mpf(2 * (word >> 13) + 1) / 2**52 - mpmath.mpf(1) / 2)
            exact = [mpmath.cos(angle), mpmath.sin(angle)]
            if word & 2:
                exact.reverse()
            for value, part in zip(direction(np.uint64(word)), exact, strict=True):
                assert abs(float(value) - (-1) ** (word & 1) * part) <= 4e-16 * abs(part)


def test_a_normal_follows_from_key_draw_layer_neuron_and_coordinate() -> None:
    key, draw, layer, rank = 2**40 + 7, 2**33 + 5, 9, 3
    z = normals(key, draw, layer, (2 * GROUP, rank))
    low, half = 2**32 - 1, GROUP * rank // 2
    for neuron, k in [(0, 0), (GROUP - 1, 2), (GROUP, 1), (GROUP + 77, 0), (2 * GROUP - 1, 2)]:
        group, place = neuron // GROUP, k * GROUP + neuron % GROUP
        block = group * half + place % half
        counter = (block & low, block >> 32 | layer << 16, draw & low, draw >> 32)
        words = philox(tuple(map(np.uint64, counter)), (np.uint64(key & low), np.uint64(key >> 32)))
        w = [int(word) for word in words]
        pair = direction(np.uint64(w[2] | w[3] << 32))
        assert z[neuron, k] == radius(np.uint64(w[0] | w[1] << 32)) * pair[place // half]


@pytest.mark.parametrize("rank", [1, 2, 3, 8, 16])
def test_any_part_can_be_drawn_alone(rank: int) -> None:
    whole = normals(1, 2, 3, (1000, rank))
    for first, count in [(0, 1), (1, 255), (255, 2), (256, 256), (300, 700), (999, 1)]:
        part = normals(1, 2, 3, (count, rank), first_neuron=first)
        np.testing.assert_array_equal(part, whole[first : first + count])


def test_far_neurons_draws_and_keys_have_normals_of_their_own() -> None:
    streams = [(0, 0, 0, 0), (1, 0, 0, 0), (2**63, 0, 0, 0), (0, 1, 0, 0), (0, 2**63, 0, 0), (0, 0, 1, 0)]
    streams += [(0, 0, 2**15, 0), (0, 0, 0, 2**40), (0, 0, 0, 2**32), (0, 0, 0, 2**31 + 256)]
    z = np.stack([normals(*stream[:3], (500, 2), first_neuron=stream[3]).ravel() for stream in streams])
    assert len(np.unique(z)) == z.size
    correlations = np.corrcoef(z)[np.triu_indices(len(z), 1)]
    assert np.abs(correlations).max() < stats.norm.isf(RISK / 90) / np.sqrt(1000)


@pytest.mark.parametrize("arguments", [(-1, 0, 0), (2**64, 0, 0), (0, -1, 0), (0, 2**64, 0), (0, 0, -1), (0, 0, 2**16)])
def test_numbers_that_do_not_fit_the_counter_are_refused(arguments: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="not in"):
        normals(*arguments, (1, 1))


def test_no_neurons_or_no_coordinates_are_no_normals() -> None:
    assert normals(0, 0, 0, (0, 2)).shape == (0, 2)
    assert normals(0, 0, 0, (5, 0)).shape == (5, 0)


def grid_distance(uniforms: np.ndarray) -> float:
    """The largest |F_N(t) − t| over t = k/1024, at most the Kolmogorov–Smirnov distance."""
    counts, _ = np.histogram(uniforms, bins=1024, range=(0, 1))
    return float(np.abs(np.cumsum(counts) / uniforms.size - np.arange(1, 1025) / 1024).max())


def massart(size: int) -> float:
    """What the Kolmogorov–Smirnov distance exceeds with probability at most RISK."""
    return float(np.sqrt(np.log(2 / RISK) / (2 * size)))


def test_the_distribution_is_normal() -> None:
    assert grid_distance(special.ndtr(LARGE)) < massart(LARGE.size)


def test_a_scale_wrong_by_one_percent_would_be_noticed() -> None:
    """The distance then is max |Φ(t) − Φ(t/1.01)| = 0.0024, the bound 0.0016, a standard deviation 0.00024."""
    assert grid_distance(special.ndtr(1.01 * LARGE)) > massart(LARGE.size)


def test_low_bits_of_a_normal_are_uniform() -> None:
    """The fractional part of 2³⁰z: the density of z is constant over 2⁻³⁰, but not what 32 random bits could give."""
    assert grid_distance(np.mod(LARGE * 2.0**30, 1.0)) < massart(LARGE.size)


@pytest.mark.parametrize("power", [1, 2, 3, 4])
def test_moments(power: int) -> None:
    moments = [stats.norm.moment(power), stats.norm.moment(2 * power)]
    deviation = np.sqrt((moments[1] - moments[0] ** 2) / LARGE.size)
    assert abs((LARGE**power).mean() - moments[0]) < 7 * deviation


@pytest.mark.parametrize("lag", [1, 2, GROUP // 2, GROUP, 2 * GROUP, 2**15])
@pytest.mark.parametrize("power", [1, 2])
def test_neurons_and_coordinates_are_independent_in_second_moments(lag: int, power: int) -> None:
    """Var z² = 2; the mean of N products has the standard deviation power/√N; 4 pairs of coordinates."""
    z = LARGE**power - (power - 1)
    products = [z[:, 0] * z[:, 1]] + [z[:-lag, a] * z[lag:, b] for a in (0, 1) for b in (0, 1)]
    for product in products:
        assert abs(product.mean()) < 7 * power / np.sqrt(product.size)


@pytest.mark.parametrize("bound", [3.0, 4.0, 5.0])
def test_tails(bound: float) -> None:
    for sign in (-1, 1):
        law = stats.binom(LARGE.size, stats.norm.sf(bound))
        assert law.ppf(RISK / 2) <= np.count_nonzero(sign * LARGE > bound) <= law.isf(RISK / 2)


def test_angles_of_pairs_are_uniform_and_independent_of_radii() -> None:
    """Both members of a pair come from one counter: a whole first half of a group against its second."""
    groups = LARGE.reshape(-1, GROUP, 2).transpose(0, 2, 1).reshape(len(LARGE) // GROUP, 2, -1)
    x, y = groups[:, 0].ravel(), groups[:, 1].ravel()
    angles, radii = np.arctan2(y, x) / (2 * np.pi) % 1, np.exp(-(x**2 + y**2) / 2)
    assert grid_distance(angles) < massart(x.size)
    assert grid_distance(radii) < massart(x.size)
    assert grid_distance((angles + radii) % 1) < massart(x.size)
    assert grid_distance((8 * angles + radii) % 1) < massart(x.size)
