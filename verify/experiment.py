"""Experiments: shared measurements, each a function of `numerics` run at a declared grid of parameter cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np

Parameters = Mapping[str, float | int | str]


class Profile(StrEnum):
    """How much work a run does. Both profiles run every claim."""

    QUICK = "quick"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A measurement that several claims and mutants decide on; nothing is measured twice because two claims ask.

    `measure(parameters, rng)` runs one cell and returns its columns: for samples a mapping from column name to an
    array with one entry per draw; for paths a pair (columns, errors) of such mappings over the output times.
    The random stream of a cell is derived from the run's seed, the id and the parameters alone.
    """

    id: str
    title: str
    yields: Literal["samples", "paths"]
    measure: Callable[[Parameters, np.random.Generator], Any]
    cells: Mapping[Profile, tuple[Parameters, ...]]
    """Every cell names its number of draws, if it has one, as the parameter `draws`."""
