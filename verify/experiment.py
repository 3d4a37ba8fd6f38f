"""Experiments: shared measurements, each a function of `numerics` run at a declared grid of parameter cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
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
    array with one entry per draw; for paths a pair (columns, errors) of such mappings over the output times. Samples
    may come as such a pair too: bounds on the absolute errors of the entries of some columns, the others exact.
    The random stream of a cell is derived from the run's seed, the id and the parameters alone.
    """

    id: str
    title: str
    yields: Literal["samples", "paths"]
    measure: Callable[[Parameters, np.random.Generator], Any]
    cells: Mapping[Profile, tuple[Parameters, ...]]
    """Every cell names its number of draws, if it has one, as the parameter `draws`."""
    looks: Mapping[Profile, tuple[int, ...]] = field(default_factory=dict)
    """For samples that come in batches: the numbers of batches after which a statement may stop drawing, increasing.

    `draws` is then the size of one batch. Batch b = 0, 1, … of a cell is a piece of evidence of its own, with the
    stream of the cell's parameters and `batch: b`; the last look is the budget. With `looks = (1, 2, 4)` and
    `draws = 500`, a statement stops after 500, 1000 or 2000 draws a cell:

    - a probability bound looks after every look and draws on where it is undecided (`verify.decide.probability`);
    - a rate, limit or ordering whose design is `Piloted` draws the number of batches its pilot plans for it;
    - every other statement draws the budget.

    Each statement, mutants included, stops by itself, so its evidence does not depend on what else is run; batches are
    shared. Empty: every cell is drawn once, and decided on at that number of draws.
    """
    pilot: int = 0
    """The number of draws of the pilot at every cell, for statements whose design is `Piloted`.

    They have a stream of their own (the cell's parameters and `pilot: 1`), and no verdict is decided on them.
    """

    def point(self, profile: Profile, cell: int, *, batch: int | None = None, pilot: bool = False) -> Parameters:
        """Return the parameters that name a cell, a batch of it, or its pilot, and the stream it draws from."""
        parameters = self.cells[profile][cell]
        if pilot:
            return {**parameters, "draws": self.pilot, "pilot": 1}
        return parameters if batch is None else {**parameters, "batch": batch}

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with an experiment: a field and a message.

        No two cells, and no two pilots, may have one stream, as their draws would be counted twice. `looks` names for
        every profile increasing numbers of batches of samples, whose cells name their `draws` and neither `batch` nor
        `pilot`; a `pilot` needs looks.
        """
        if self.pilot < 0 or (self.pilot and not self.looks):
            yield "pilot", "is a number of draws that plans how many batches are drawn: it needs looks"
        for profile, cells in self.cells.items():
            for pilot in (False, True) if self.pilot else (False,):
                streams = {frozenset(self.point(profile, cell, pilot=pilot).items()) for cell in range(len(cells))}
                if len(streams) < len(cells):
                    same = "have one pilot" if pilot else "are the same"
                    yield "cells", f"two {same} in {profile.value} and draw the same; a `replicate` tells them apart"
        if self.looks:
            yield from self._faults_of_looks()

    def _faults_of_looks(self) -> Iterator[tuple[str, str]]:
        if self.yields != "samples":
            yield "looks", "only samples come in batches"
        if set(self.looks) != set(self.cells):
            yield "looks", "names its numbers of batches for every profile that has cells"
        for profile, looks in self.looks.items():
            if not looks or looks[0] < 1 or any(later <= earlier for earlier, later in pairwise(looks)):
                yield "looks", f"are increasing numbers of batches from 1 on, found {looks} for {profile.value}"
        for cell in (cell for cells in self.cells.values() for cell in cells):
            if not isinstance(cell.get("draws"), int):
                yield "cells", "name the draws of one batch, as `draws`, in an experiment with looks"
            if taken := {"batch", "pilot"} & set(cell):
                yield "cells", f"name a {taken.pop()!r}, which is for the plan of a run to set"
