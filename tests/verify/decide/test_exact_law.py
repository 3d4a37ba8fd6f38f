"""Probability bounds on exact laws: enclosed probabilities are compared with the exact level."""

from dataclasses import replace

import pytest
import sympy as sp

from verify.decide import decide
from verify.evidence import Ball, LawEvidence, LawPoint
from verify.statement import Need, ProbabilityBound
from verify.verdict import Verdict

delta, x, L = sp.symbols("delta x L", positive=True)
CLAIM = ProbabilityBound(
    deviation=x,
    bound=sp.S.One,
    level=delta,
    width=sp.S.One,
    domain=((delta, sp.FiniteSet(sp.Rational(1, 10), sp.Rational(1, 20))),),
)


def law(*points):
    return LawEvidence(
        coverage="every width",
        points=tuple(
            LawPoint(parameters={"delta": level, "m": width}, probability=Ball(mid=mid, rad=rad))
            for level, width, mid, rad in points
        ),
    )


LARGER = (("1/20", "9 and larger", "0.01", "0.01"), ("1/10", "9 and larger", "0.01", "0.01"))
BELOW = (("1/10", 8, "0.0999", "1e-9"), ("1/20", 8, "0.04", "1e-9"), *LARGER)


@pytest.mark.parametrize(
    ("points", "verdict"),
    [
        (BELOW, Verdict.CERTIFIED),
        ((*BELOW, ("1/20", 9, "0.0500001", "1e-9")), Verdict.REFUTED),
        ((*BELOW, ("1/20", 9, "0.05", "1e-9")), Verdict.INCONCLUSIVE),
        ((*BELOW, ("1/20", 9, "0.0499", "1e-3")), Verdict.INCONCLUSIVE),
        ((*BELOW, ("1/20", 9, "0.0501", "1e-3")), Verdict.INCONCLUSIVE),
        ((BELOW[0], LARGER[1]), Verdict.INCONCLUSIVE),
        (BELOW[:2], Verdict.INCONCLUSIVE),
        (BELOW[:3], Verdict.INCONCLUSIVE),
        (LARGER, Verdict.CERTIFIED),
        ((*BELOW[:2], LARGER[0], ("1/10", "9", "0.01", "0.01")), Verdict.INCONCLUSIVE),
        ((), Verdict.INCONCLUSIVE),
    ],
    ids=[
        "below",
        "above",
        "at the level",
        "below but too wide",
        "above but too wide",
        "a member of the domain missing",
        "no larger widths",
        "larger widths for one member of the domain only",
        "all widths at once",
        "a width given as text",
        "nothing",
    ],
)
def test_every_enclosure_must_lie_at_or_below_the_exact_level(points, verdict):
    decision = decide(CLAIM, law(*points))
    assert decision.verdict is verdict
    assert decision.alpha == 0


def test_probabilities_are_told_apart_far_beyond_double_precision():
    above = ("1/10", 8, "0.1" + 40 * "0" + "1", "1e-50")
    assert decide(CLAIM, law(above, *BELOW[1:])).verdict is Verdict.REFUTED
    below = ("1/10", 8, "0.0" + 40 * "9", "1e-50")
    assert decide(CLAIM, law(below, *BELOW[1:])).verdict is Verdict.CERTIFIED


def test_the_level_is_a_slot():
    assert decide(replace(CLAIM, level=delta**2), law(*BELOW)).verdict is Verdict.REFUTED
    assert decide(replace(CLAIM, level=2 * delta), law(*BELOW)).verdict is Verdict.CERTIFIED


def test_a_probability_that_equals_the_level_keeps_it():
    statement = replace(CLAIM, level=sp.Rational(1, 4), domain=())
    assert decide(statement, law(("1/10", 8, "0.25", "0"), LARGER[1])).verdict is Verdict.CERTIFIED


def test_the_point_at_fault_is_named_first_in_reason_and_table():
    decision = decide(CLAIM, law(*BELOW, ("1/20", 9, "0.06", "1e-9")))
    assert decision.reason == (
        "The level is exceeded at 1 of 5 points, "
        "most clearly at δ = 1/20, m = 9 the failure probability is at least 0.06, the level 0.05."
    )
    assert decision.table.rows[0] == ("δ = 1/20, m = 9", "0.06", "0.05")


def test_an_enclosure_that_reaches_beyond_0_is_shown_up_to_it():
    decision = decide(CLAIM, law(*BELOW[:3], ("1/10", "9 and larger", "0.009", "0.0091")))
    assert "[0, 0.0181]" in [row[1] for row in decision.table.rows]


def test_a_level_too_small_for_a_double_is_not_shown_as_0():
    decision = decide(replace(CLAIM, level=sp.exp(-1000)), law(*BELOW))
    assert {row[2] for row in decision.table.rows} == {"5.07596·10⁻⁴³⁵"}
    assert "the level 5.0760·10⁻⁴³⁵" in decision.reason


def test_the_figure_shows_the_widths_computed_one_by_one():
    (figure,) = decide(CLAIM, law(*BELOW)).figures
    assert [(series.role, series.x) for series in figure.series] == [("exact", (8.0,)), ("bound", (8.0,))] * 2
    assert decide(replace(CLAIM, level=sp.Rational(1, 4), domain=()), law(LARGER[0])).figures == ()


def test_a_missing_member_of_the_domain_is_named():
    assert "nothing was computed at δ = 1/10" in decide(CLAIM, law(*BELOW[1:3])).reason


def test_a_setting_whose_larger_widths_are_not_settled_is_named():
    reason = decide(CLAIM, law(*BELOW[:3])).reason
    assert reason == "The level is kept at 3 points, but larger widths are not settled at δ = 1/10."


def test_the_interval_is_that_of_the_deciding_point():
    name = "excess of the failure probability over its level at δ = {}, m = {}"
    above = ("1/20", 9, "0.06", "1e-9")
    wide = ("1/10", 10, "0.09", "0.5")
    refuted = decide(CLAIM, law(*BELOW, wide, above)).statistic
    assert (refuted.name, refuted.claimed_high) == (name.format("1/20", 9), 0)
    assert 0 < refuted.low <= 0.01 <= refuted.high < 0.011
    undecided = decide(CLAIM, law(*BELOW, wide)).statistic
    assert undecided.name == name.format("1/10", 10)
    assert undecided.low < 0 < undecided.high
    certified = decide(CLAIM, law(*BELOW)).statistic
    assert certified.name == name.format("1/10", 8)
    assert certified.low < certified.high < 0
    fine = decide(CLAIM, law(*BELOW, ("1/10", 9, "0.1" + 40 * "0" + "1", "1e-50"))).statistic
    assert fine.low > 0


def test_a_parameter_of_the_level_that_the_law_does_not_name_is_an_error():
    with pytest.raises(ValueError, match=r"'L' in .* is neither a parameter"):
        decide(replace(CLAIM, level=delta / L), law(*BELOW))


SMALLER = (("1/20", "7 and smaller", "0.5", "0.4"), ("1/10", "7 and smaller", "0.5", "0.3"))
ABOVE = (("1/10", 8, "0.1001", "1e-9"), ("1/20", 8, "0.3", "1e-9"))
NECESSARY = replace(CLAIM, need=Need.NECESSARY)


@pytest.mark.parametrize(
    ("points", "verdict"),
    [
        ((*ABOVE, *SMALLER), Verdict.CERTIFIED),
        ((*ABOVE, *SMALLER, ("1/20", 6, "0.0499", "1e-9")), Verdict.REFUTED),
        ((*ABOVE, ("1/20", 6, "0.05", "1e-9")), Verdict.INCONCLUSIVE),
        ((*ABOVE, *SMALLER, ("1/20", 6, "0.0499", "1e-3")), Verdict.INCONCLUSIVE),
        (ABOVE, Verdict.INCONCLUSIVE),
        ((*ABOVE, SMALLER[0]), Verdict.INCONCLUSIVE),
        ((*ABOVE, ("1/20", "9 and larger", "0.5", "0.4")), Verdict.INCONCLUSIVE),
        ((ABOVE[0], SMALLER[1]), Verdict.INCONCLUSIVE),
        ((("1/10", 1, "0.2", "0"), ("1/20", 1, "0.2", "0")), Verdict.CERTIFIED),
    ],
    ids=[
        "above",
        "below at one width",
        "at the level",
        "too wide",
        "no smaller widths",
        "smaller widths for one member of the domain only",
        "larger widths instead",
        "a member of the domain missing",
        "the width 1 has no smaller one",
    ],
)
def test_a_necessary_width_needs_the_level_exceeded_below_it(points, verdict):
    assert decide(NECESSARY, law(*points)).verdict is verdict


def test_what_refutes_a_necessary_width_is_what_falls_short():
    decision = decide(NECESSARY, law(*ABOVE, *SMALLER, ("1/20", 6, "0.01", "1e-9")))
    assert "not exceeded at 1 of 5 points" in decision.reason
    assert decision.statistic.low == pytest.approx(0.04)
