"""Drawing that stops early keeps its error rates, and its declared power is reached within the budget."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide, undecided
from verify.decide.counts import Trial, count, not_refuted, not_supported
from verify.decide.design import FailureProbability
from verify.decide.intervals import clopper_pearson
from verify.decide.samples import Sample
from verify.evidence import Cell, SampleEvidence
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

x = sp.Symbol("x", real=True)
delta = sp.Symbol("delta", positive=True)
CLAIM = ProbabilityBound(deviation=x, bound=sp.S.Zero, level=sp.Rational(1, 5), width=sp.S.One)
"""A draw is a failure if it is positive."""
BATCH, LOOKS = 25, (1, 2, 4, 8, 16)


def drawn(probabilities, batches, seed=0, *, looks=LOOKS, batch=BATCH):
    """Evidence at widths 1, 2, … with these probabilities of failure, after these numbers of batches."""
    cells = []
    for width, (p, number) in enumerate(zip(probabilities, batches, strict=True), start=1):
        failed = np.random.default_rng([seed, width]).random((looks[-1], batch)) < p
        for b in range(number):
            parameters = {"m": width, "draws": batch, "batch": b}
            cells.append(Cell.model_construct(parameters=parameters, columns={"x": failed[b].astype(float)}))
    return SampleEvidence.model_construct(experiment="simulated", cells=tuple(cells), looks=looks, pilot=())


def stopped(probabilities, seed, alpha, statement=CLAIM):
    """Evidence as a run draws it: on at the points that are undecided, up to the budget."""
    batches = [LOOKS[0]] * len(probabilities)
    for look in LOOKS[1:]:
        open_points = undecided(statement, drawn(probabilities, batches, seed), alpha=alpha)
        batches = [look if (("m", i + 1),) in open_points else number for i, number in enumerate(batches)]
    return drawn(probabilities, batches, seed)


def trial(level=0.2, looks=tuple(BATCH * look for look in LOOKS), *, sequential=True):
    return Trial(Sample({"m": 1}, ()), {"m": 1}, level, looks, sequential)


def test_at_the_level_either_wrong_verdict_is_rare():
    found = dict.fromkeys(Verdict, 0)
    for seed in range(600):
        found[decide(CLAIM, stopped((0.2, 0.2), seed, 0.05), alpha=0.05).verdict] += 1
    assert max(found[Verdict.SUPPORTED], found[Verdict.REFUTED]) <= binom.isf(1e-6, 600, 0.05)


def test_clopper_pearson_at_the_same_looks_refutes_a_true_bound_too_often():
    """Why stopping early needs another interval: at one look the same rule errs at half of alpha."""
    refuted = 0
    looks = [25 * look for look in range(1, 81)]
    for seed in range(1500):
        failures = np.cumsum(np.random.default_rng(seed).random(2000) < 0.2)
        refuted += any(clopper_pearson(int(failures[n - 1]), n, 0.05)[0] > 0.2 for n in looks)
    assert refuted > binom.isf(1e-6, 1500, 0.05)


@pytest.mark.parametrize(("p", "wanted"), [(0.08, "upheld"), (0.33, "refuted")])
def test_the_power_declared_is_reached_and_not_by_far_exceeded(p, wanted):
    alpha = 1e-4
    decisive = Verdict.SUPPORTED if wanted == "upheld" else Verdict.REFUTED
    design = FailureProbability(at_most=p, at_least=p)
    declared = beta(CLAIM, drawn((p,), (1,)), design, wanted, alpha=alpha)
    assert 0.005 < declared < 0.3
    runs = 800
    missed = sum(decide(CLAIM, stopped((p,), s, alpha), alpha=alpha).verdict is not decisive for s in range(runs))
    assert binom.ppf(1e-6, runs, declared / 2) <= missed <= binom.isf(1e-6, runs, declared)


def test_the_power_is_that_of_the_budget_whenever_drawing_stopped():
    design = FailureProbability(at_most=0.05, at_least=0.4)
    for wanted in ("upheld", "refuted"):
        powers = {beta(CLAIM, drawn((0.1, 0.1), batches), design, wanted) for batches in ((1, 1), (4, 2), (16, 16))}
        assert len(powers) == 1


def test_a_look_that_supports_a_mutant_counts_against_its_power():
    once, often = trial(looks=(400,)), trial()
    assert not_refuted(once, 0.3, 0.05) < not_refuted(often, 0.3, 0.05)
    assert not_supported(once, 0.1, 0.05) == not_supported(often, 0.1, 0.05)
    fixed = trial(looks=(400,), sequential=False)
    assert not_refuted(fixed, 0.3, 0.05) < not_refuted(once, 0.3, 0.05), "a number fixed beforehand costs fewer draws"


def test_a_trial_counts_no_draw_beyond_the_look_that_decides_it():
    failed = np.zeros(400, dtype=bool)
    failed[100:] = True
    counted = count(trial(), failed, failed, 1e-4)
    assert counted.seen == ((25, 0, 0), (50, 0, 0))
    assert counted.verdict is Verdict.SUPPORTED


def test_intervals_shrink_from_look_to_look():
    failed = np.random.default_rng(0).random(400) < 0.2
    counted = count(trial(), failed, failed, 0.01)
    assert len(counted.seen) == 5
    lows, highs = np.transpose(counted.intervals)
    assert (np.diff(lows) >= 0).all()
    assert (np.diff(highs) <= 0).all()


def test_drawing_goes_on_where_it_is_undecided_and_ends_everywhere_with_a_refutation():
    undecided_and_done = drawn((0.2, 0.0), (4, 4))
    assert undecided(CLAIM, undecided_and_done, alpha=1e-4) == {(("m", 1),)}
    refuted_and_open = drawn((0.9, 0.2), (4, 4))
    assert undecided(CLAIM, refuted_and_open, alpha=1e-4) == frozenset()
    assert decide(CLAIM, refuted_and_open, alpha=1e-4).verdict is Verdict.REFUTED


def test_one_sample_is_drawn_on_for_all_its_trials():
    """Two levels at one width: the easy one stays decided where it was, the other has all the draws."""
    statement = replace(CLAIM, level=delta, domain=((delta, sp.FiniteSet(sp.Rational(1, 5), sp.Rational(9, 10))),))
    rows = decide(statement, stopped((0.2,), 0, 1e-6, statement), alpha=1e-6).table.rows
    assert [row[1:3] for row in rows] == [("400", "5 of 5"), ("25", "1 of 5")]


def test_an_exhausted_budget_says_how_many_draws_would_decide():
    decision = decide(CLAIM, stopped((0.14,), 3, 1e-6), alpha=1e-6)
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert "stopped after 400 draws a point, of 400 allowed" in decision.reason
    needed = float(decision.reason.split("times the draws, ")[1].split(",")[0])
    more = drawn((0.14,), (1,), 3, looks=(1,), batch=int(3 * needed))
    assert decide(CLAIM, more, alpha=1e-6).verdict is Verdict.SUPPORTED


def test_batches_that_end_at_no_look_are_an_error():
    for batches in (3, 5):
        with pytest.raises(ValueError, match="the batches drawn at m = 1 do not end at a look"):
            decide(CLAIM, drawn((0.1,), (batches,)))
    torn = drawn((0.1,), (4,))
    torn = torn.model_copy(update={"cells": (torn.cells[0], torn.cells[3])})
    with pytest.raises(ValueError, match="do not end at a look"):
        decide(CLAIM, torn)
