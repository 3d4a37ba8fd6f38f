"""The rule for equality in law: the empirical distribution function against the claimed one.

What is claimed is equality. With probability at least 1 - alpha the sampled law F satisfies sup |F_n - F| <= ε
(Dvoretzky, Kiefer, Wolfowitz, Massart), so for D = sup |F_n - law| the distance of F from the claimed law lies in
[D - ε, D + ε]. D > ε excludes equality: REFUTED. Equality that is not excluded is SUPPORTED once every distance above
the declared `tolerance` is, D + ε <= tolerance; the tolerance is the resolution the test must have, not leave to
differ. The supremum over a step function and a distribution function is attained at a draw or just below one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test, statistic, weakest
from verify.decide.design import Design, Distance
from verify.decide.evaluate import Floats, number, on_columns
from verify.decide.figures import GROUPS, thinned
from verify.decide.intervals import dkw, dkw_tail
from verify.decide.samples import Sample, pooled, untested
from verify.decide.wording import listed, plain, setting, short
from verify.evidence import SampleEvidence
from verify.result import Figure, Series, Table
from verify.statement import EqualityInLaw
from verify.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Comparison:
    """The empirical and the claimed distribution function of one sample."""

    sample: Sample
    epsilon: float
    tolerance: float
    draws: Floats
    """In increasing order."""
    law: Floats
    """The claimed distribution function at the draws."""
    below: Floats
    """Its limit from the left at the draws."""

    @property
    def distance(self) -> float:
        """sup |F_n - law|."""
        n = len(self.draws)
        above = np.arange(1, n + 1) / n - self.law
        under = self.below - np.arange(n) / n
        return float(max(np.max(above), np.max(under)))
