"""Exact intervals: each level follows from a theorem that holds at the sample size used, whatever the law sampled.

Binomial probabilities by Clopper and Pearson, quantiles by order statistics (the count of draws below a quantile is
binomial), distribution functions by Dvoretzky, Kiefer and Wolfowitz with Massart's constant. All of these assume that
the number of draws was fixed beforehand. The confidence sequence for a probability assumes nothing about when the
drawing stops.
"""

import math
from functools import cache

from scipy.optimize import brentq
from scipy.special import betaln
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


PRIOR = (0.25, 1.0)
"""The prior Beta(a, b) of the mixture in `confidence_sequence`; it moves the width of the intervals, never their level.

Draws that decide a failure probability against the level 0.05 at alpha = 1e-9, by the frequency found, against a
Clopper–Pearson interval at a number of draws fixed beforehand:

=============  ======  =====  =====  =====  ======  ======  =====  =====
frequency           0  0.005  0.025   0.04  0.0625     0.1   0.25    0.5
=============  ======  =====  =====  =====  ======  ======  =====  =====
Beta(1/4, 1)      436    670   3038  22560   16604    1172    104     28
Beta(1/2, 1/2)    476    702   3123  23052   16884    1186    104     28
fixed             418    581   2391  16698   12259     916     86     24
=============  ======  =====  =====  =====  ======  ======  =====  =====

The mass that Beta(1/4, 1) has near zero is spent where the theorems are loose and failures are rare.
"""


@cache
def confidence_sequence(failures: int, draws: int, alpha: float) -> tuple[float, float]:
    """Return the interval at `draws` of a confidence sequence for a probability: valid at all numbers of draws at once.

    With S failures in n draws, M_n(p) = B(a + S, b + n - S) / (B(a, b) p^S (1 - p)^(n - S)) is, under the probability
    p, a nonnegative martingale of mean 1: the likelihood ratio of the mixture over Beta(a, b) against p (Robbins
    1970). By Ville's inequality it ever reaches 1/alpha with probability at most alpha, so the intervals
    {p : M_n(p) < 1/alpha}, n = 1, 2, …, all hold with probability at least 1 - alpha, whatever rule stops the drawing.

    >>> low, high = confidence_sequence(0, 436, 1e-9)
    >>> low, round(high, 4)
    (0.0, 0.05)
    """
    if not 0 <= failures <= draws or not draws:
        raise ValueError(f"{failures} failures in {draws} draws")
    a, b = PRIOR
    kept = draws - failures
    excess = float(betaln(a + failures, b + kept) - betaln(a, b)) + math.log(alpha)

    def end(here: int, there: int) -> float:
        """Solve for p = f·e^(-t) with f the frequency of what was counted `here`: log M - log(1/alpha) grows in t."""
        share = here / draws

        def surplus(t: float) -> float:
            return excess - here * (math.log(share) - t) - (there and there * math.log1p(-share * math.exp(-t)))

        far = 1.0
        while surplus(far) < 0:
            far *= 2
        return share * math.exp(-float(brentq(surplus, far / 2 if far > 1 else 1e-300, far, xtol=1e-14)))

    low = end(failures, kept) if failures else 0.0
    high = 1 - end(kept, failures) if kept else 1.0
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


@cache
def quantile_bounds(draws: int, below: float, above: float, miss: float) -> tuple[int, int]:
    """Return ranks (j, l), counted from 1: X_(j) <= F⁻¹(below) and X_(l) >= F⁻¹(above), each but with probability miss.

    X_(j) exceeds F⁻¹(below) only if fewer than j draws are at most F⁻¹(below), and the count of those is binomial with
    a success probability of at least `below`; the other end in the same way. Holds for every law, atoms included.
    Raises `TooFewDrawsError` when no order statistic does it.

    >>> quantile_bounds(1000, 0.3, 0.7, 1e-12)
    (202, 799)
    """

    def lower(share: float) -> int:
        rank = int(binom.ppf(miss, draws, share))
        while rank < draws and binom.cdf(rank, draws, share) <= miss:
            rank += 1
        while rank > 0 and binom.cdf(rank - 1, draws, share) > miss:
            rank -= 1
        return rank

    first, last = lower(below), lower(1 - above)
    if not (first and last):
        least = math.ceil(math.log(miss) / math.log1p(-min(below, 1 - above)))
        raise TooFewDrawsError(draws, least)
    return first, draws + 1 - last


def dkw(draws: int, alpha: float) -> float:
    """Return ε with P(sup |F_n - F| > ε) <= alpha: √(log(2/alpha)/(2·draws)), for every law.

    >>> round(dkw(20_000, 1e-9), 4)
    0.0231
    """
    return math.sqrt(math.log(2 / alpha) / (2 * draws))


def dkw_tail(draws: int, distance: float) -> float:
    """Return the bound 2·exp(-2·draws·distance²) on P(sup |F_n - F| > distance); 1 for a distance of at most 0."""
    return min(1.0, 2 * math.exp(-2 * draws * distance**2)) if distance > 0 else 1.0
