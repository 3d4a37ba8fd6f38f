"""Derivations and enclosures: what certified comparisons of both sides allow to be said."""

from fractions import Fraction

import pytest
import sympy as sp

from verify.decide import decide
from verify.evidence import (
    Ball,
    Comparison,
    DerivationEvidence,
    EnclosureEvidence,
    Formula,
    StepRecord,
)
from verify.statement import Identity, Inequality, Limit
from verify.verdict import Verdict

x = sp.Symbol("x")
IDENTITY = Identity(lhs=x, rhs=x)
INEQUALITY = Inequality(lhs=x, rhs=x)
EXACT = Ball(mid="1", rad="0")


def comparison(relation, rho="1/2", difference="1e-40", **at):
    return Comparison(
        at={"ρ": rho, **at},
        lhs=EXACT,
        rhs=EXACT,
        difference=Ball(mid="0", rad=difference),
        relation=relation,
    )


def step(number, *, closed=True, lemma=None):
    return StepRecord(
        id=f"step-{number}",
        rule="identity",
        text="",
        formula=Formula(typst="", latex="", text=""),
        residual="0" if closed else "x - 1",
        closed=closed,
        lemma=lemma,
    )


def derivation(relations, *, reaches=True, obstacle="", steps=None, replayed=True):
    return DerivationEvidence(
        steps=steps or (step(1), step(2, closed=reaches)),
        reaches=reaches,
        obstacle=obstacle,
        spots=tuple(map(comparison, relations)),
        replayed=replayed,
        replay_reason="" if replayed else "step step-2: the difference does not vanish",
    )


@pytest.mark.parametrize(
    ("statement", "relations", "reaches", "verdict"),
    [
        (IDENTITY, ["equal", "equal"], True, Verdict.PROVED),
        (IDENTITY, [], True, Verdict.INCONCLUSIVE),
        (IDENTITY, ["equal", "undecided"], True, Verdict.INCONCLUSIVE),
        (IDENTITY, ["equal", "less"], True, Verdict.ERROR),
        (IDENTITY, ["equal", "greater"], False, Verdict.REFUTED),
        (IDENTITY, ["equal", "less"], False, Verdict.REFUTED),
        (IDENTITY, ["equal"], False, Verdict.INCONCLUSIVE),
        (INEQUALITY, ["less", "equal"], True, Verdict.PROVED),
        (INEQUALITY, ["less", "greater"], True, Verdict.ERROR),
        (INEQUALITY, ["less", "greater"], False, Verdict.REFUTED),
        (INEQUALITY, ["less", "undecided"], True, Verdict.INCONCLUSIVE),
        (Limit(quantity=x, value=x, tolerance=x, along=x), ["equal"], True, Verdict.PROVED),
    ],
)
def test_a_derivation_proves_with_every_step_closed_and_every_spot_agreeing(statement, relations, reaches, verdict):
    decision = decide(statement, derivation(relations, reaches=reaches))
    assert decision.verdict is verdict
    assert decision.alpha == 0


def test_a_chain_that_stops_short_says_where():
    assert "step step-2 leaves the residual x - 1" in decide(IDENTITY, derivation(["equal"], reaches=False)).reason
    stopped = derivation(["equal"], reaches=False, obstacle="no rule for tan.", steps=(step(1),))
    assert decide(IDENTITY, stopped).reason == "The chain does not reach the statement: no rule for tan."


def test_a_proof_names_the_lemmas_it_rests_on():
    steps = (step(1, lemma="Fubini"), step(2, lemma="Fubini"), step(3, lemma="Price"))
    decision = decide(IDENTITY, derivation(["equal"], steps=steps))
    assert decision.reason == (
        "A chain of 3 steps closes and replays, and both its ends agree at 1 certified point; "
        "it rests on Fubini, Price."
    )


def test_a_chain_whose_file_is_not_accepted_proves_nothing():
    decision = decide(IDENTITY, derivation(["equal"], replayed=False))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert decision.reason == (
        "The chain of 2 steps closes, but its replay does not accept it: step step-2: the difference does not vanish."
    )


@pytest.mark.parametrize(
    ("statement", "relations", "covers", "verdict"),
    [
        (IDENTITY, ["equal", "equal"], True, Verdict.CERTIFIED),
        (IDENTITY, ["equal", "equal"], False, Verdict.SUPPORTED),
        (IDENTITY, ["equal", "undecided"], True, Verdict.INCONCLUSIVE),
        (IDENTITY, ["undecided", "less"], True, Verdict.REFUTED),
        (IDENTITY, [], True, Verdict.INCONCLUSIVE),
        (INEQUALITY, ["less", "equal"], True, Verdict.CERTIFIED),
        (INEQUALITY, ["less", "equal"], False, Verdict.SUPPORTED),
        (INEQUALITY, ["less", "greater"], False, Verdict.REFUTED),
    ],
)
def test_enclosures_certify_a_cover_and_support_points(statement, relations, covers, verdict):
    evidence = EnclosureEvidence(
        comparisons=tuple(map(comparison, relations)), covers_domain=covers, coverage="57 points of the domain"
    )
    decision = decide(statement, evidence)
    assert decision.verdict is verdict
    assert ("57 points of the domain" in decision.reason) == verdict.upheld


def enclosed(*comparisons):
    evidence = EnclosureEvidence(comparisons=comparisons, covers_domain=False, coverage="points")
    return decide(IDENTITY, evidence)


def test_numbers_are_printed_with_a_minus_and_powers_of_ten():
    found = comparison("greater", "-1/4").model_copy(
        update={"lhs": Ball(mid="-0.2857", rad="0"), "difference": Ball(mid="-3e-12", rad="2e-40")}
    )
    assert "at ρ = −1/4 the left side is −0.2857, the right side 1, their difference −3·10⁻¹² ± 2·10⁻⁴⁰" in (
        enclosed(found).reason
    )


def test_the_contradicting_point_is_named_and_comes_first():
    decision = enclosed(*(comparison("equal", str(Fraction(i, 20))) for i in range(19)), comparison("greater", "2/3"))
    assert "Refuted at 1 of 20 points: at ρ = 2/3 the left side is 1" in decision.reason
    assert decision.table.rows[0][0] == "ρ = 2/3"
    assert decision.table.rows[-1][0] == "and 8 more"


def test_one_numeric_symbol_gives_both_sides_over_it():
    (figure,) = enclosed(*(comparison("equal", rho, n="3") for rho in ("1/2", "-1/4", "0"))).figures
    assert figure.x_label == "ρ"
    assert [series.x for series in figure.series] == [(-0.25, 0.0, 0.5)] * 2


def between(lhs, rhs, n, rad="1e-40"):
    return Comparison(
        at={"ρ": "1/2", "n": n, "m": n},
        lhs=Ball(mid=lhs, rad="0"),
        rhs=Ball(mid=rhs, rad="0"),
        difference=Ball(mid="0", rad=rad),
        relation="less",
    )


def test_several_symbols_give_one_side_against_the_other():
    points = [between("1", "2", "3"), between("-2", "5", "4"), between("3", "4", "5")]
    (figure,) = enclosed(*points, between("9", "9", "6", rad="inf")).figures
    line, marks = figure.series
    assert (marks.x, marks.y) == ((2.0, 5.0, 4.0), (1.0, -2.0, 3.0))
    assert line.x == line.y == (-2.0, 5.0)
    assert figure.x_scale == figure.y_scale == "linear"


def test_a_grid_of_several_symbols_gives_a_curve_for_each_choice_of_the_others():
    grid = [comparison("equal", "1/2", n=str(n), m=m) for m in ("1", "4") for n in (3, 1, 20)]
    (figure,) = enclosed(*grid).figures
    assert [series.label for series in figure.series] == [
        f"{side} side, m = {m}" for m in (1, 4) for side in ("right", "left")
    ]
    assert all(series.x == (1.0, 3.0, 20.0) for series in figure.series)
    assert (figure.x_label, figure.x_scale, figure.y_scale) == ("n", "log", "linear")


def test_of_many_curves_the_first_the_last_and_two_between_are_drawn():
    grid = [comparison("equal", "1/2", n=str(n), m=str(m)) for m in range(1, 11) for n in range(20)]
    (figure,) = enclosed(*grid).figures
    assert [series.label for series in figure.series[::2]] == [f"right side, m = {m}" for m in (1, 4, 7, 10)]
    assert figure.caption.endswith("Shown are 4 of 10 settings.")


def test_positive_sides_of_many_magnitudes_are_drawn_on_logarithmic_axes():
    (figure,) = enclosed(between("1", "2", "3"), between("1e-9", "1e-5", "4"), between("3", "4", "5")).figures
    assert figure.x_scale == figure.y_scale == "log"


def test_where_nothing_would_be_seen_there_is_no_figure():
    assert enclosed(comparison("equal", "0", "0", n="3"), comparison("equal", "1", "0", n="4")).figures == ()
    assert enclosed(comparison("equal")).figures == ()
