"""Simultaneous intervals for quantiles of a measured quantity, observed in samples or foreseen by a design.

A rule asks for the intervals it needs and judges them; that it judges observed and foreseen intervals with the same
code is what makes the declared power the power of the rule that runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import sympy as sp
from scipy.stats import norm

from verify.decide.design import Centred, Design, Scaling
from verify.decide.evaluate import Floats, Value, number, on_ranges
from verify.decide.intervals import foreseen_ranks, order_statistics, quantile_bounds
from verify.decide.samples import Point, Sample, point


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """An interval for a quantile at one width, with the estimate inside."""

    width: float
    low: float
    estimate: float
    high: float

    @property
    def half(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Track:
    """Intervals for one quantile at the widths of one group, in their order."""

    label: str
    parameters: Mapping[str, Value]
    brackets: tuple[Bracket, ...]

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths, increasing."""
        return tuple(bracket.width for bracket in self.brackets)


Bracketing = Callable[[Sample, float], Bracket]
"""Brackets the quantile of the given probability of the quantity in a sample."""


def observed(quantity: sp.Expr, along: sp.Symbol, alpha: float) -> Bracketing:
    """Return the bracketing by order statistics; each bracket misses its quantile with probability at most alpha.

    Draws with errors have brackets that hold the quantile wherever the draws lie within their errors.
    """
    ordered = _ordering(quantity)

    def bracket(sample: Sample, probability: float) -> Bracket:
        first, last = order_statistics(sample.draws, probability, alpha)
        return _between(ordered(sample), first, last, probability, _width(sample, along))

    return bracket


def piloted(
    quantity: sp.Expr,
    along: sp.Symbol,
    pilots: Mapping[Point, Sample],
    draws: Mapping[Point, int],
    *,
    alpha: float,
    miss: float,
    looks: int,
) -> Bracketing:
    """Return the widest brackets foreseen from a pilot, for samples of which only the point and `draws` count.

    The ends of the bracket that n draws will give fall outside [F⁻¹(u), F⁻¹(v)] with probability at most `miss` each
    (`foreseen_ranks`), and order statistics X_(j), X_(l) of the pilot fail to enclose F⁻¹(u) and F⁻¹(v) with
    probability at most miss/looks each (`quantile_bounds`), so at most `miss` at whichever of the looks is chosen with
    a look at the pilot. Both hold whatever the law; nothing is assumed of it.

    What this costs: in units of probability the foreseen bracket of a median reaches (z_alpha + z_miss)/(2√n) +
    z_miss/(2√k) beyond it, k the size of the pilot, with z near 6.5 and 7 at alpha = 1e-9 and a miss of 1e-10 shared by
    a few brackets and four looks. Draws planned at each of several widths, usually and (once in a million pilots):

    ======  ===========================  =====================  =============================
    pilot   exponent ± 1/4 of a half-    10 % to 90 % spread    median of a normal law to one
            normal over a factor of 64   falls by a factor 8    standard deviation
    ======  ===========================  =====================  =============================
    500     13700 (never enough)         6400 (36000)           1000 (3800)
    1000    4300 (52000)                 1900 (3600)            680 (1300)
    2000    2400 (6400)                  1100 (1700)            530 (770)
    4000    1800 (3000)                  820 (1100)             460 (560)
    ======  ===========================  =====================  =============================

    The first takes 920 draws where the law is known (`Scaling`). So 1000 draws are a good pilot for a limit and 2000
    for a rate, at a budget of 8000 draws.

    Raises `TooFewDrawsError` if the pilot has too few draws to enclose them, or n is too small for a bracket.
    """
    ordered = _ordering(quantity)

    def bracket(sample: Sample, probability: float) -> Bracket:
        at = point(sample.parameters)
        low, high = foreseen_ranks(draws[at], probability, alpha, miss)
        pilot = pilots[at]
        first, last = quantile_bounds(pilot.draws, low, high, miss / looks)
        return _between(ordered(pilot), first, last, probability, _width(sample, along))

    return bracket


Ends = tuple[Floats, Floats]
"""Lower and upper bounds of values, each in increasing order: the k-th value lies between the k-th of each."""


def _ordering(quantity: sp.Expr) -> Callable[[Sample], Ends]:
    """Return bounds of the ordered values of a quantity in a sample, computed once for each sample."""

    @cache
    def ordered(sample: Sample) -> Ends:
        low, high = on_ranges(quantity, sample.parameters, sample.columns, sample.errors)
        return np.sort(low), np.sort(high)

    return ordered


def _between(ends: Ends, first: int, last: int, probability: float, width: float) -> Bracket:
    """The bracket from the first to the last order statistic, errors of the draws included."""
    low, high = ends
    middle = (np.quantile(low, probability) + np.quantile(high, probability)) / 2
    return Bracket(width=width, low=float(low[first - 1]), estimate=float(middle), high=float(high[last - 1]))


def foreseen(
    design: Design, along: sp.Symbol, draws: Mapping[Point, int], *, alpha: float, miss: float, lean: int = 0
) -> Bracketing:
    """Return the widest brackets the design foresees: each end falls outside with probability at most `miss`.

    Of the samples only the point and `draws` count. `lean` of +1 or -1 lets every local exponent of a `Scaling` design
    sit at that end of its drift.
    """

    def bracket(sample: Sample, probability: float) -> Bracket:
        low, high = foreseen_ranks(draws[point(sample.parameters)], probability, alpha, miss)
        width = _width(sample, along)
        quantile = _quantiles(design, sample.parameters, width, lean)
        first, last = quantile(low), quantile(high)
        if isinstance(design, Scaling):
            first, last = first * (1 - design.error), last * (1 + design.error)
        elif isinstance(design, Centred):
            first, last = first - design.error, last + design.error
        return Bracket(width=width, low=first, estimate=quantile(probability), high=last)

    return bracket


def _width(sample: Sample, along: sp.Symbol) -> float:
    return float(sample.parameters[str(along)])


def _quantiles(design: Design, parameters: Mapping[str, Value], width: float, lean: int) -> Callable[[float], float]:
    """Return the quantile function of the quantity at one width, a `Scaling` design's unknown constant taken as 1."""
    if isinstance(design, Centred):
        middle = number(design.centre, parameters) + design.bias / width
        return lambda u: float(middle + design.scale / np.sqrt(width) * norm.ppf(u))
    if isinstance(design, Scaling):
        size = width ** (design.exponent + lean * design.drift)
        if design.shape == "half-normal":
            return lambda u: float(size * norm.isf((1 - u) / 2))
        return lambda u: float(size * np.exp(design.log_sd * norm.ppf(u)))
    raise TypeError(f"a {type(design).__name__} design says nothing about quantiles")
