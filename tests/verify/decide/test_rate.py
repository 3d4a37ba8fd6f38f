"""Rates: decided from the medians at the two end widths, with the error rates declared."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import beta, decide
from verify.decide.design import Centred, FailureProbability, Scaling
from verify.statement import Direction, Rate
from verify.verdict import Verdict

m, L = sp.symbols("m L", positive=True)
x = sp.Symbol("x", real=True)
WIDTHS = (16, 64, 256, 1024)
CLAIM = Rate(quantity=x, exponent=sp.Rational(-1, 2), direction=Direction.EXACTLY, margin=sp.Rational(1, 4), along=m)
AT_MOST = replace(CLAIM, direction=Direction.AT_MOST)


def decaying(exponent, seed=0, sd=0.3):
    rng = np.random.default_rng(seed)
    return lambda width, n: width**exponent * rng.lognormal(sigma=sd, size=n)


@pytest.mark.parametrize(
    ("statement", "exponent", "verdict"),
    [
        (CLAIM, -0.5, Verdict.SUPPORTED),
        (CLAIM, -0.25, Verdict.INCONCLUSIVE),
        (CLAIM, 0.0, Verdict.REFUTED),
        (CLAIM, -1.0, Verdict.REFUTED),
        (AT_MOST, -0.5, Verdict.SUPPORTED),
        (AT_MOST, -0.25, Verdict.INCONCLUSIVE),
        (AT_MOST, 0.0, Verdict.REFUTED),
        (AT_MOST, -1.0, Verdict.SUPPORTED),
    ],
)
def test_an_exact_rate_is_two_sided_and_an_upper_bound_is_not(sampled, statement, exponent, verdict):
    assert decide(statement, sampled(decaying(exponent), WIDTHS, 400)).verdict is verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.SUPPORTED),
        ({"exponent": sp.S.NegativeOne}, Verdict.REFUTED),
        ({"quantity": m * x}, Verdict.REFUTED),
        ({"quantity": x**2}, Verdict.REFUTED),
        ({"margin": sp.Rational(1, 100)}, Verdict.INCONCLUSIVE),
        ({"quantity": x**2, "exponent": sp.S.NegativeOne}, Verdict.SUPPORTED),
    ],
)
def test_a_changed_slot_changes_the_verdict(sampled, change, verdict):
    assert decide(replace(CLAIM, **change), sampled(decaying(-0.5), WIDTHS, 400)).verdict is verdict


def test_the_interval_is_that_of_the_end_medians(sampled):
    decision = decide(CLAIM, sampled(decaying(-0.5), WIDTHS, 400))
    rows = decision.table.rows
    (first_low, first_high), (last_low, last_high) = ends(rows[0][-1]), ends(rows[-1][-1])
    reach = np.log(1024 / 16)
    assert decision.statistic.low == pytest.approx(np.log(last_low / first_high) / reach, abs=0.01)
    assert decision.statistic.high == pytest.approx(np.log(last_high / first_low) / reach, abs=0.01)
    assert (decision.statistic.claimed_low, decision.statistic.claimed_high) == (-0.75, -0.25)


def ends(text):
    return [float(end) for end in text.replace("−", "-").strip("[]").split(", ")]


def test_groups_must_agree_and_the_one_that_does_not_is_named(sampled):
    both = [sampled(decaying(e, seed=3), WIDTHS, 400, L=depth) for e, depth in ((-0.5, 1), (0.0, 2))]
    evidence = both[0].model_copy(update={"cells": both[0].cells + both[1].cells})
    decision = decide(CLAIM, evidence)
    assert decision.verdict is Verdict.REFUTED
    assert "L = 2" in decision.reason
    assert "L = 1" not in decision.reason
    assert decision.statistic.name == "exponent (L = 2)"
    assert decision.statistic.low > decision.statistic.claimed_high == -0.25
    assert decide(replace(CLAIM, domain=((L, sp.FiniteSet(1)),)), evidence).verdict is Verdict.SUPPORTED
    beyond = decide(replace(CLAIM, domain=((L, sp.FiniteSet(1, 5)),)), evidence)
    assert beyond.verdict is Verdict.INCONCLUSIVE
    assert "nothing was measured at L = 5" in beyond.reason


def test_of_groups_that_agree_the_one_closest_to_an_edge_gives_the_interval(sampled):
    first, second = (sampled(decaying(e, seed=3), WIDTHS, 400, L=depth) for e, depth in ((-0.5, 1), (-1.1, 2)))
    statement = replace(CLAIM, exponent=-L / 2, domain=((L, sp.FiniteSet(1, 2)),))
    decision = decide(statement, first.model_copy(update={"cells": first.cells + second.cells}))
    assert decision.verdict is Verdict.SUPPORTED
    found = decision.statistic
    assert (found.name, found.claimed_low, found.claimed_high) == ("exponent (L = 2)", -1.25, -0.75)
    assert found.claimed_low <= found.low < -1.1 < found.high


@pytest.mark.parametrize(
    ("widths", "draws", "draw", "says"),
    [
        ((16, 1024), 400, decaying(-0.5), "at least 3 widths"),
        ((16, 32, 64), 400, decaying(-0.5), "a factor of 8; there are 3, from 16 to 64"),
        (WIDTHS, 20, decaying(-0.5), "20 draws at a width cannot bracket the quantile needed; 33 would"),
        (WIDTHS, 400, lambda _, n: np.random.default_rng(0).normal(size=n), "reaches zero"),
        ((), 400, decaying(-0.5), "Nothing to test"),
    ],
)
def test_what_cannot_show_a_rate_is_inconclusive_and_says_why(sampled, widths, draws, draw, says):
    decision = decide(CLAIM, sampled(draw, widths, draws))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert says in decision.reason


def test_an_undecided_rate_says_how_many_more_draws_would_decide_it(sampled):
    draw = decaying(-0.3, seed=1, sd=1.0)
    decision = decide(CLAIM, sampled(draw, WIDTHS, 400))
    assert decision.verdict is Verdict.INCONCLUSIVE
    times = float(decision.reason.split("Undecided: about ")[1].split(" times")[0])
    more = sampled(decaying(-0.3, seed=1, sd=1.0), WIDTHS, int(400 * times * 3))
    assert decide(CLAIM, more).verdict is Verdict.SUPPORTED


def test_at_the_edge_of_the_claim_either_wrong_verdict_is_rare(sampled, laws):
    """An exponent at the edge is the hardest case on both sides: never decide it more often than alpha."""
    rng = np.random.default_rng(5)
    wrong = {Verdict.SUPPORTED: 0, Verdict.REFUTED: 0, Verdict.INCONCLUSIVE: 0}
    for number in range(1000):
        law = laws[number % 4]
        evidence = sampled(lambda width, n, law=law: width**-0.25 * law(rng, n), (16, 64, 256), 60)
        wrong[decide(CLAIM, evidence, alpha=0.05).verdict] += 1
    assert max(wrong[Verdict.SUPPORTED], wrong[Verdict.REFUTED]) <= binom.isf(1e-6, 1000, 0.05)


@pytest.mark.parametrize("shape_of", ["half-normal", "log-normal"])
def test_the_declared_power_is_kept_and_fewer_draws_declare_none(sampled, shape, shape_of):
    design = Scaling(exponent=-0.5, shape=shape_of, log_sd=0.5, drift=0.02)
    settings = {"alpha": 0.05, "budget": 0.05}
    cells = [{"m": width, "draws": 300 if shape_of == "half-normal" else 60} for width in WIDTHS]
    few = [{**cell, "draws": cell["draws"] // 4} for cell in cells]
    mutant = replace(CLAIM, exponent=sp.S.Zero)
    for statement, wanted in ((CLAIM, "upheld"), (mutant, "refuted")):
        assert beta(statement, shape(cells), design, wanted, **settings) == 0.05
        assert beta(statement, shape(few), design, wanted, **settings) == 1
        assert beta(statement, shape(cells), design, "upheld" if wanted == "refuted" else "refuted", **settings) == 1
    rng = np.random.default_rng(6)
    missed = 0
    for number in range(500):
        exponent = -0.5 + (0.02 if number % 2 else -0.02)

        def draw(width, n, exponent=exponent):
            z = rng.normal(size=n)
            return width**exponent * (np.abs(z) if shape_of == "half-normal" else np.exp(0.5 * z))

        evidence = sampled(draw, WIDTHS, cells[0]["draws"])
        missed += decide(CLAIM, evidence, alpha=0.05).verdict is not Verdict.SUPPORTED
        missed += decide(mutant, evidence, alpha=0.05).verdict is not Verdict.REFUTED
    assert missed <= binom.isf(1e-6, 1000, 0.05)


def test_no_design_or_one_of_another_kind_declares_no_power(shape):
    cells = shape([{"m": width, "draws": 10_000} for width in WIDTHS])
    for design in (None, FailureProbability(at_most=0.0)):
        assert beta(CLAIM, cells, design, "upheld") == 1
    assert beta(replace(CLAIM, exponent=sp.S.Zero), cells, Centred(centre=sp.Integer(8), scale=8.0), "upheld") == 1e-10
    assert (
        beta(
            CLAIM,
            shape([{"m": width, "draws": 20} for width in WIDTHS]),
            Scaling(exponent=-0.5, shape="half-normal"),
            "upheld",
        )
        == 1
    )


def test_the_figure_shades_what_power_laws_the_intervals_at_both_ends_allow(sampled):
    (figure,) = decide(CLAIM, sampled(decaying(-0.5), WIDTHS, 400)).figures
    (band,) = [series for series in figure.series if series.draw == "band"]
    medians = next(series for series in figure.series if series.draw == "points")
    assert band.x == (16.0, 1024.0)
    assert band.low == (medians.low[0], medians.low[-1])
    assert band.high == (medians.high[0], medians.high[-1])
