"""Failures counted in trials, each against its level: at a number of draws fixed beforehand, or at looks on the way."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom

from verify.decide.evaluate import Value
from verify.decide.intervals import clopper_pearson, confidence_sequence
from verify.decide.samples import Sample
from verify.decide.wording import setting, short, span
from verify.verdict import Verdict

WIDTH = "m"
"""The name of the parameter that the demanded width is a demand on."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One parameter combination at one sample: the level that the failure probability must not exceed."""

    sample: Sample
    parameters: Mapping[str, Value]
    level: float
    looks: tuple[int, ...]
    """The numbers of draws after which the failures may be counted; the last one is the budget."""
    sequential: bool
    """Whether the intervals at all looks hold at once; else there is one look."""

    @property
    def budget(self) -> int:
        """The most draws the trial may take."""
        return self.looks[-1]

    def interval(self, failures: int, draws: int, alpha: float, *, unsure: int = 0) -> tuple[float, float]:
        """Return the interval of the failure probability: of the confidence sequence, or Clopper and Pearson's.

        `unsure` further draws may be failures or not, for all that their errors tell.
        """
        interval = confidence_sequence if self.sequential else clopper_pearson
        low, high = interval(failures, draws, alpha)
        return (low, interval(failures + unsure, draws, alpha)[1]) if unsure else (low, high)

    def verdict(self, failures: int, draws: int, alpha: float, *, unsure: int = 0) -> Verdict:
        """Return the verdict on failures counted at one look."""
        low, high = self.interval(failures, draws, alpha, unsure=unsure)
        if high <= self.level:
            return Verdict.SUPPORTED
        return Verdict.REFUTED if low > self.level else Verdict.INCONCLUSIVE


@dataclass(frozen=True)
class Count:
    """The failures of a trial at its looks up to the one that decides it, at the error rate alpha of its intervals."""

    trial: Trial
    seen: tuple[tuple[int, int, int], ...]
    """A number of draws, the failures among them, and those that errors leave open."""
    alpha: float

    @property
    def draws(self) -> int:
        """The draws that were counted."""
        return self.seen[-1][0]

    @property
    def failures(self) -> int:
        """The failures among them."""
        return self.seen[-1][1]

    @property
    def unsure(self) -> int:
        """The draws that may be failures or not, for all that their errors tell."""
        return self.seen[-1][2]

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """The interval after every look: what is in those of all looks so far (or, if nothing is, in the last)."""
        found = []
        low, high = 0.0, 1.0
        for draws, failures, unsure in self.seen:
            new = self.trial.interval(failures, draws, self.alpha, unsure=unsure)
            low, high = max(low, new[0]), min(high, new[1])
            if low > high:
                low, high = new
            found.append((low, high))
        return tuple(found)

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of the failure probability."""
        return self.intervals[-1]

    @property
    def verdict(self) -> Verdict:
        """The failure probability against the level, at the last look counted."""
        return self.trial.verdict(self.failures, self.draws, self.alpha, unsure=self.unsure)

    @property
    def text(self) -> str:
        """The count in words."""
        failures = f"{self.failures} of {self.draws} draws exceed the bound"
        if self.unsure:
            failures += f" and {self.unsure} may, within their errors"
        interval = f"its probability lies in {span(*self.interval)} and the level is {short(self.trial.level)}"
        return f"at {setting(self.trial.parameters)}, {failures}: {interval}"

    @property
    def needed(self) -> str:
        """How many draws would decide at the frequency found."""
        frequency = self.failures / self.draws
        for factor in np.geomspace(1.1, 1e6, 150):
            draws = int(self.draws * factor)
            if self.trial.verdict(round(frequency * draws), draws, self.alpha) is not Verdict.INCONCLUSIVE:
                needed = f"about {short(factor, 2)} times the draws"
                if self.trial.sequential:
                    needed += f", {short(float(f'{draws:.2g}'))},"
                return f"{needed} would decide it if the frequency stays where it is"
        return "the frequency lies so near the level that over a million times the draws are needed"


Flags = np.ndarray[Any, np.dtype[np.bool_]]


def count(trial: Trial, failed: Flags, possible: Flags, alpha: float) -> Count:
    """Count failures, certain and possible, one entry per draw in order, up to the look that decides the trial."""
    seen: list[tuple[int, int, int]] = []
    for draws in trial.looks:
        if draws <= len(failed):
            certain = int(np.count_nonzero(failed[:draws]))
            unsure = int(np.count_nonzero(possible[:draws])) - certain
            seen.append((draws, certain, unsure))
            if trial.verdict(certain, draws, alpha, unsure=unsure) is not Verdict.INCONCLUSIVE:
                break
    return Count(trial, tuple(seen), alpha)


def not_supported(trial: Trial, probability: float, alpha: float) -> float:
    """Bound P(the trial is undecided within its budget) at a probability of failure that is at most the level.

    A trial that is not SUPPORTED at its last look has a count there from the first on that is not. Earlier looks can
    only support it before; that they refute it is counted in alpha. Exact for a trial with one look.
    """
    return float(binom.sf(_supported(trial, trial.budget, alpha) - 1, trial.budget, probability))


def not_refuted(trial: Trial, probability: float, alpha: float) -> float:
    """Bound P(the trial is not REFUTED) at a probability of failure that is above the level.

    Its count at the last look stays below the first that refutes, or an earlier look supports it: the sum of both
    binomial probabilities, over the looks. Exact for a trial with one look.
    """
    first = bisect_left(
        range(trial.budget + 1), True, key=lambda k: trial.verdict(k, trial.budget, alpha) is Verdict.REFUTED
    )
    early = sum(binom.cdf(_supported(trial, draws, alpha) - 1, draws, probability) for draws in trial.looks[:-1])
    return min(1.0, float(binom.cdf(first - 1, trial.budget, probability) + early))


def _supported(trial: Trial, draws: int, alpha: float) -> int:
    """The first number of failures in so many draws that does not support a trial."""
    return bisect_left(range(draws + 1), True, key=lambda k: trial.verdict(k, draws, alpha) is not Verdict.SUPPORTED)
