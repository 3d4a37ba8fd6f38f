"""Designs: what is known beforehand about the law of a measured quantity, from a theorem or an independent pilot.

A design never enters a verdict. It fixes the power declared before sampling: the probability that sound evidence
fails to decide, or lets a mutant survive, computed from the design and the number of draws.
"""

from dataclasses import dataclass
from typing import Literal

import sympy as sp


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """The quantity at width m is `m**exponent` times a fixed positive law (up to a constant).

    `shape` is "half-normal" for the absolute error of an asymptotically normal estimate, "log-normal" for a size
    with standard deviation `log_sd` of its logarithm. `drift` bounds how far local exponents between neighbouring
    widths may sit from `exponent` at the widths used. `error` bounds the relative errors of the draws, where they have
    any.
    """

    exponent: float
    shape: Literal["half-normal", "log-normal"]
    log_sd: float = 0.0
    drift: float = 0.0
    error: float = 0.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Centred:
    """The quantity at width m is centre + bias/m + (scale/√m)·(standard normal).

    `error` bounds the absolute errors of the draws, where they have any.
    """

    centre: sp.Expr
    scale: float
    bias: float = 0.0
    error: float = 0.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Piloted:
    """The run's own pilot says how many batches a rate, limit or ordering draws; at most what `fallback` asks for.

    For a form or mutant measured by an experiment with a `pilot` and `looks`. Let n be the draws at one of the looks
    and u, v the probabilities between which the ends of an order-statistic interval of n draws fall, whatever the law.
    Order statistics of the pilot enclose F⁻¹(u) and F⁻¹(v), whatever the law. The statement draws the smallest number
    of batches at which the rule comes to the wanted verdict on all these brackets, and all of them where there is none.

    What a pilot finds is chance, so the power is declared by both: where it finds a look sufficient the power is a
    theorem, whatever the law; where it finds none, the draws of the last look have it if the law is that of
    `fallback`. The pilot is independent of those draws, so beta bounds the probability of any other verdict at any
    seed. It is 1, at every seed, if `fallback` does not foresee the wanted verdict with the draws of the last look.

    What is not drawn costs nothing, so leave that at several times what is usually planned.
    `verify.decide.quantiles.piloted` says what sizes to choose.
    """

    fallback: Scaling | Centred


@dataclass(frozen=True, kw_only=True)
class FailureProbability:
    """P(deviation > bound) is at most `at_most` on every cell, or at least `at_least` on some cell (for mutants).

    `at` names that cell by parameters such as `(("m", 4096), ("delta", 0.05))`; without it every cell tested may be
    the one, and the power declared is that of the worst.
    """

    at_most: float | None = None
    at_least: float | None = None
    at: tuple[tuple[str, float | int | str], ...] = ()
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Distance:
    """The sup distance between the two distribution functions: 0 for a true law, at least `at_least` for a mutant."""

    at_least: float = 0.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """Each independent path violates the (mutated) bound with probability at least `at_least`.

    `undecided_at_most` bounds, for each path of an upheld statement, the probability that the path decides nothing:
    that it cannot be followed to its end (which fails the whole route) or that a side is lost in its error. Without it
    no power is declared for an upheld statement.
    """

    at_least: float
    undecided_at_most: float | None = None
    source: str = ""


Design = Scaling | Centred | Piloted | FailureProbability | Distance | Violation
