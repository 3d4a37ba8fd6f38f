"""Exact intervals: each level follows from a theorem that holds at the sample size used, whatever the law sampled.

Binomial probabilities by Clopper and Pearson, quantiles by order statistics (the count of draws below a quantile is
binomial), distribution functions by Dvoretzky, Kiefer and Wolfowitz with Massart's constant. All assume that the
number of draws was fixed beforehand.
"""

import math
from functools import cache

from scipy.stats import beta as beta_law
from scipy.stats import binom


class TooFewDrawsError(ValueError):
    """A quantile cannot be bracketed at the level asked for with the number of draws there is."""

    def __init__(self, draws: int, needed: int) -> None:
        super().__init__(f"{draws} draws cannot bracket the quantile at this level; {needed} suffice")
        self.draws = draws
        self.needed = needed


@cache
def clopper_pearson(failures: int, draws: int, alpha: float) -> tuple[float, float]:
    """Return the Clopper–Pearson interval of a probability: `failures` in `draws` independent trials.

    Each end misses with probability at most alpha/2, at every true probability. The upper end p solves
    P(Bin(draws, p) <= failures) = alpha/2, the lower one P(Bin(draws, p) >= failures) = alpha/2.

    >>> low, high = clopper_pearson(0, 1000, 1e-9)
    >>> low, round(high, 4)
    (0.0, 0.0212)
    """
    if not 0 <= failures <= draws:
        raise ValueError(f"{failures} failures in {draws} draws")
    low = float(beta_law.ppf(alpha / 2, failures, draws - failures + 1)) if failures else 0.0
    high = float(beta_law.isf(alpha / 2, failures + 1, draws - failures)) if failures < draws else 1.0
    return low, high


@cache
def order_statistics(draws: int, probability: float, alpha: float) -> tuple[int, int]:
    """Return ranks (k, l), counted from 1, such that [X_(k), X_(l)] covers the quantile; each end misses by alpha/2.

    X_(k) exceeds the quantile q only if fewer than k draws are <= q, and the count of those is binomial with a
    success probability of at least `probability`; the other end in the same way. Holds for every law, atoms included.
    Raises `TooFewDrawsError` when even the smallest and the largest draw do not bracket the quantile.

    >>> order_statistics(31, 0.5, 1e-9)
    (1, 31)
    >>> order_statistics(1000, 0.5, 0.05)
    (469, 532)
    """
    low = int(binom.ppf(alpha / 2, draws, probability))
    while low > 0 and binom.cdf(low - 1, draws, probability) > alpha / 2:
        low -= 1
    while binom.cdf(low, draws, probability) <= alpha / 2:
        low += 1
    high = int(binom.isf(alpha / 2, draws, probability)) + 1
    while high <= draws and binom.sf(high - 1, draws, probability) > alpha / 2:
        high += 1
    while binom.sf(high - 2, draws, probability) <= alpha / 2:
        high -= 1
    if low < 1 or high > draws:
        raise TooFewDrawsError(draws, draws_for_quantile(probability, alpha))
    return low, high


def draws_for_quantile(probability: float, alpha: float) -> int:
    """Return the number of draws whose smallest and largest bracket the quantile at level alpha.

    >>> draws_for_quantile(0.5, 1e-9)
    31
    """
    return math.ceil(math.log(alpha / 2) / math.log(max(probability, 1 - probability)))


def foreseen_ranks(draws: int, probability: float, alpha: float, miss: float) -> tuple[float, float]:
    """Return probabilities (u, v) between which the ends of the order-statistic interval will fall.

    F(X_(k)) has the Beta(k, draws + 1 - k) law for a continuous F: the lower end lies below F⁻¹(u), and the upper
    end above F⁻¹(v), with probability at most `miss` each.
    """
    k, last = order_statistics(draws, probability, alpha)
    return float(beta_law.ppf(miss, k, draws + 1 - k)), float(beta_law.isf(miss, last, draws + 1 - last))


def dkw(draws: int, alpha: float) -> float:
    """Return ε with P(sup |F_n - F| > ε) <= alpha: √(log(2/alpha)/(2·draws)), for every law.

    >>> round(dkw(20_000, 1e-9), 4)
    0.0231
    """
    return math.sqrt(math.log(2 / alpha) / (2 * draws))


def dkw_tail(draws: int, distance: float) -> float:
    """Return the bound 2·exp(-2·draws·distance²) on P(sup |F_n - F| > distance); 1 for a distance of at most 0."""
    return min(1.0, 2 * math.exp(-2 * draws * distance**2)) if distance > 0 else 1.0
