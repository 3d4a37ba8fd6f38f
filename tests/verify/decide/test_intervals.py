"""The intervals cover at their level, whatever the law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln
from scipy.stats import beta as beta_law
from scipy.stats import binom

from verify.decide.intervals import (
    PRIOR,
    TooFewDrawsError,
    clopper_pearson,
    confidence_sequence,
    dkw,
    dkw_tail,
    draws_for_quantile,
    foreseen_ranks,
    order_statistics,
    quantile_bounds,
)

levels = st.floats(min_value=-11, max_value=-1).map(lambda e: 10.0**e)
probabilities = st.floats(min_value=0.001, max_value=0.999)


@settings(deadline=None)
@given(st.integers(1, 300), probabilities, levels)
def test_clopper_pearson_covers_every_probability(n, p, alpha):
    k = np.arange(n + 1)
    low, high = np.transpose([clopper_pearson(int(i), n, alpha) for i in k])
    weights = binom.pmf(k, n, p)
    assert weights[low > p].sum() <= alpha / 2 * (1 + 1e-6)
    assert weights[high < p].sum() <= alpha / 2 * (1 + 1e-6)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(0, 1), levels)
def test_clopper_pearson_contains_the_frequency_and_widens_with_confidence(n, share, alpha):
    k = round(share * n)
    low, high = clopper_pearson(k, n, alpha)
    wider_low, wider_high = clopper_pearson(k, n, alpha / 10)
    assert 0 <= wider_low <= low <= k / n <= high <= wider_high <= 1


def test_no_failures_leave_the_exact_upper_end():
    assert clopper_pearson(0, 1000, 2e-9)[1] == pytest.approx(1 - 1e-9 ** (1 / 1000), rel=1e-9)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_an_error(k, n):
    with pytest.raises(ValueError, match="failures in 5 draws"):
        clopper_pearson(k, n, 0.05)


@settings(deadline=None)
@given(st.integers(300, 10**6), st.sampled_from([0.1, 0.5, 0.9]), levels)
def test_order_statistics_are_the_tightest_ranks_that_miss_by_at_most_half_the_level(n, p, alpha):
    low, high = order_statistics(n, p, alpha)
    assert binom.cdf(low - 1, n, p) <= alpha / 2 < binom.cdf(low, n, p)
    assert binom.sf(high - 1, n, p) <= alpha / 2 < binom.sf(high - 2, n, p)


@settings(deadline=None)
@given(st.integers(300, 10**5), levels)
def test_order_statistics_widen_with_confidence(n, alpha):
    low, high = order_statistics(n, 0.5, alpha)
    wider_low, wider_high = order_statistics(n, 0.5, alpha / 10)
    assert wider_low <= low < high <= wider_high


@settings(deadline=None)
@given(st.sampled_from([0.05, 0.1, 0.5, 0.75, 0.9]), levels)
def test_the_draws_asked_for_suffice_and_one_less_does_not(p, alpha):
    needed = draws_for_quantile(p, alpha)
    order_statistics(needed, p, alpha)
    with pytest.raises(TooFewDrawsError, match=f"{needed} suffice"):
        order_statistics(needed - 1, p, alpha)


def test_thirty_one_draws_bracket_a_median_at_one_in_a_billion():
    assert order_statistics(31, 0.5, 1e-9) == (1, 31)


def test_order_statistics_cover_the_median_of_skewed_heavy_tailed_and_discrete_laws(laws):
    rng = np.random.default_rng(1)
    low, high = order_statistics(101, 0.5, 0.05)
    for law in (*laws, lambda rng, n: rng.binomial(2, 0.5, size=n).astype(float)):
        draws = np.sort(law(rng, 101 * 4000).reshape(4000, 101), axis=1)
        missed = (draws[:, low - 1] > 1) | (draws[:, high - 1] < 1)
        assert missed.sum() <= binom.isf(1e-6, 4000, 0.05)


def test_the_ends_of_an_order_statistic_interval_fall_where_foreseen():
    rng = np.random.default_rng(2)
    low, high = order_statistics(200, 0.9, 0.05)
    u, v = foreseen_ranks(200, 0.9, 0.05, 0.01)
    draws = np.sort(rng.random((20_000, 200)), axis=1)
    for missed in (draws[:, low - 1] < u, draws[:, high - 1] > v):
        assert binom.ppf(1e-6, 20_000, 0.01) <= missed.sum() <= binom.isf(1e-6, 20_000, 0.01)


@pytest.mark.parametrize("atoms", [False, True])
def test_the_dkw_band_covers_with_and_without_atoms(atoms):
    rng = np.random.default_rng(3)
    n = 300
    uniform = rng.random((4000, n))
    draws = np.sort(np.ceil(uniform * 4) / 4 if atoms else uniform, axis=1)
    below = np.nextafter(draws, -1)
    law = np.floor(draws * 4) / 4 if atoms else draws
    left = np.floor(below * 4) / 4 if atoms else below
    ranks = np.arange(n)
    distance = np.maximum(((ranks + 1) / n - law).max(axis=1), (left - ranks / n).max(axis=1))
    missed = (distance > dkw(n, 0.05)).sum()
    assert missed <= binom.isf(1e-6, 4000, 0.05)
    assert atoms or missed >= binom.ppf(1e-6, 4000, 0.03)


@settings(deadline=None)
@given(st.integers(1, 10**6), levels)
def test_the_dkw_tail_inverts_the_dkw_band(n, alpha):
    assert dkw_tail(n, dkw(n, alpha)) == pytest.approx(alpha)
    assert dkw_tail(n, -0.1) == 1


def ever_missed(interval, p: float, alpha: float, *, paths: int = 2000, draws: int = 500) -> int:
    """How many paths of counts leave their interval after some draw, looked at after every one."""
    rng = np.random.default_rng(4)
    failures = np.cumsum(rng.random((paths, draws)) < p, axis=1)
    missed = np.zeros(paths, dtype=bool)
    for n in range(1, draws + 1):
        low, high = np.transpose([interval(k, n, alpha) for k in range(n + 1)])
        outside = (low > p) | (high < p)
        missed |= outside[failures[:, n - 1]]
    return int(missed.sum())


@pytest.mark.parametrize("p", [0.02, 0.3, 0.9])
def test_a_confidence_sequence_covers_after_every_draw_at_once(p):
    assert ever_missed(confidence_sequence, p, 0.05) <= binom.isf(1e-6, 2000, 0.05)


def test_clopper_pearson_looked_at_after_every_draw_does_not_cover():
    assert ever_missed(clopper_pearson, 0.3, 0.05, draws=150) > binom.isf(1e-6, 2000, 0.05)


@settings(deadline=None)
@given(st.integers(1, 10**7), st.floats(0, 1), levels)
def test_a_confidence_sequence_ends_where_the_martingale_reaches_one_over_alpha(n, share, alpha):
    k = round(share * n)
    low, high = confidence_sequence(k, n, alpha)
    assert 0 <= low <= k / n <= high <= 1
    a, b = PRIOR

    def surplus(p, q):
        weighed = betaln(a + k, b + n - k) - betaln(a, b)
        return weighed - (k and k * np.log(p)) - (n - k and (n - k) * np.log(q)) + np.log(alpha)

    close = pytest.approx(0, abs=1e-6 + 1e-8 * n)
    assert (low == 0 and k == 0) or surplus(low, 1 - low) == close
    assert (high == 1 and k == n) or surplus(high, 1 - high) == close or high > 1 - 1e-9


def test_a_confidence_sequence_costs_little_where_failures_are_rare():
    draws = {"fixed": 418, "sequence": 436}
    assert clopper_pearson(0, draws["fixed"], 1e-9)[1] <= 0.05 < clopper_pearson(0, draws["fixed"] - 1, 1e-9)[1]
    assert confidence_sequence(0, draws["sequence"], 1e-9)[1] <= 0.05
    assert confidence_sequence(0, draws["sequence"] - 1, 1e-9)[1] > 0.05


@settings(deadline=None)
@given(st.integers(200, 10**5), st.floats(0.05, 0.45), st.floats(0.55, 0.95), st.floats(-12, -2).map(lambda e: 10.0**e))
def test_quantile_bounds_are_the_tightest_ranks_that_miss_as_rarely_as_asked(n, below, above, miss):
    try:
        first, last = quantile_bounds(n, below, above, miss)
    except TooFewDrawsError as error:
        quantile_bounds(error.needed, below, above, miss)
        return
    assert binom.cdf(first - 1, n, below) <= miss < binom.cdf(first, n, below)
    assert binom.sf(last - 1, n, above) <= miss * (1 + 1e-9)
    assert binom.sf(last - 2, n, above) > miss * (1 - 1e-9)


def test_bounds_of_quantiles_fail_as_rarely_as_asked():
    rng = np.random.default_rng(5)
    first, last = quantile_bounds(200, 0.3, 0.8, 0.02)
    draws = np.sort(rng.random((20_000, 200)), axis=1)
    for missed, law in (
        ((draws[:, first - 1] > 0.3).sum(), beta_law.sf(0.3, first, 201 - first)),
        ((draws[:, last - 1] < 0.8).sum(), beta_law.cdf(0.8, last, 201 - last)),
    ):
        assert law <= 0.02
        assert binom.ppf(1e-6, 20_000, law) <= missed <= binom.isf(1e-6, 20_000, law)
