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
from verify.decide.evaluate import Floats, Value, number, on_columns
from verify.decide.intervals import foreseen_ranks, order_statistics
from verify.decide.samples import Sample


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
    """Return the bracketing by order statistics; each bracket misses its quantile with probability at most alpha."""

    @cache
    def ordered(sample: Sample) -> Floats:
        return np.sort(on_columns(quantity, sample.parameters, sample.columns))

    def bracket(sample: Sample, probability: float) -> Bracket:
        first, last = order_statistics(sample.draws, probability, alpha)
        values = ordered(sample)
        return Bracket(
            width=_width(sample, along),
            low=float(values[first - 1]),
            estimate=float(np.quantile(values, probability)),
            high=float(values[last - 1]),
        )

    return bracket


def foreseen(design: Design, along: sp.Symbol, alpha: float, miss: float, lean: int = 0) -> Bracketing:
    """Return the widest brackets the design foresees: each end falls outside with probability at most `miss`.

    `lean` of +1 or -1 lets every local exponent of a `Scaling` design sit at that end of its drift.
    """

    def bracket(sample: Sample, probability: float) -> Bracket:
        low, high = foreseen_ranks(sample.draws, probability, alpha, miss)
        width = _width(sample, along)
        quantile = _quantiles(design, sample.parameters, width, lean)
        return Bracket(width=width, low=quantile(low), estimate=quantile(probability), high=quantile(high))

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
