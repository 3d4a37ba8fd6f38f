"""The rule for bounds on whole intervals: what is certified, to which tolerance, and what is not."""

import pytest
import sympy as sp

from verify.decide import beta, decide
from verify.decide.uniform import covers, joined
from verify.evidence import Ball, Comparison, UniformEvidence, UniformPiece
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

x, y = sp.symbols("x y")
STATEMENT = Identity(lhs=x, rhs=x, domain=((x, sp.Interval(-1, 1)),))


def piece(low: str, high: str, bound: str = "1e-32") -> UniformPiece:
    return UniformPiece(
        low=low,
        high=high,
        points=(-0.5, 0.5),
        sizes=(1e-40, 2e-40),
        ellipse="8",
        magnitude="12.5",
        truncation="1e-33",
        bound=bound,
    )


def evidence(*pieces: UniformPiece, **changes) -> UniformEvidence:
    plain = {"variable": "x", "at": {}, "factor": "1", "tolerance": "1e-30", "pieces": pieces}
    return UniformEvidence(**{**plain, **changes})


def witness(relation: str) -> Comparison:
    one = Ball(mid="1", rad="0")
    return Comparison(at={"x": "1/3"}, lhs=one, rhs=one, difference=Ball(mid="1e-31", rad="1e-40"), relation=relation)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (evidence(piece("-1", "1")), Verdict.CERTIFIED),
        (evidence(piece("0", "1"), piece("-1", "0")), Verdict.CERTIFIED),
        (evidence(piece("-1", "1", "1e-30")), Verdict.CERTIFIED),
        (evidence(piece("-1", "1", "1.00001e-30")), Verdict.INCONCLUSIVE),
        (evidence(piece("-1", "0"), piece("0", "1", "1e-29")), Verdict.INCONCLUSIVE),
        (evidence(piece("-1", "1/2")), Verdict.SUPPORTED),
        (evidence(piece("-1", "0"), piece("0", "1", "inf")), Verdict.SUPPORTED),
        (evidence(piece("-1", "0"), piece("1/1000000", "1")), Verdict.SUPPORTED),
        (evidence(piece("-1", "1"), factor=None, at={"y": "2"}), Verdict.SUPPORTED),
        (evidence(piece("-1", "1", "inf")), Verdict.INCONCLUSIVE),
        (evidence(), Verdict.INCONCLUSIVE),
        (evidence(witness=witness("less")), Verdict.REFUTED),
        (evidence(piece("-1", "1"), witness=witness("greater")), Verdict.REFUTED),
        (evidence(witness=witness("undecided")), Verdict.INCONCLUSIVE),
        (evidence(witness=witness("equal")), Verdict.INCONCLUSIVE),
    ],
)
def test_the_verdict(found, verdict):
    assert decide(STATEMENT, found).verdict is verdict


def test_the_reason_states_bound_tolerance_factor_and_interval():
    reason = decide(STATEMENT, evidence(piece("-1", "1"), factor="s t", at={"s": "1", "t": "1"})).reason
    assert reason == (
        "Equal to within the tolerance: |left − right| is at most 10⁻³² · s t, within the tolerance 10⁻³⁰ · s t, for "
        "every x in [−1, 1], from 2 points."
    )


def test_the_figure_shows_points_bound_and_tolerance_for_every_interval():
    (figure,) = decide(STATEMENT, evidence(piece("-1", "0"), piece("0", "1"))).figures
    assert [series.role for series in figure.series] == ["claimed", "bound", "exact"]
    assert figure.series[1].x == (-1, 0, 0, 1)
    assert len(figure.series[2].x) == 4


def test_the_table_has_a_row_for_every_interval_those_without_a_bound_too():
    table = decide(STATEMENT, evidence(piece("-1", "0"), piece("0", "1", "inf"))).table
    assert [row[-1] for row in table.rows] == ["10⁻³²", "∞"]
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_chance_plays_no_part():
    assert beta(STATEMENT, evidence(piece("-1", "1")), None, "upheld") == 0


def test_an_inequality_is_not_decided_by_it():
    with pytest.raises(TypeError, match="no rule decides"):
        decide(Inequality(lhs=x, rhs=x), evidence(piece("-1", "1")))


def test_intervals_are_joined_where_they_touch_or_overlap():
    assert joined([piece("1/2", "1"), piece("-1", "0"), piece("0", "1/4"), piece("1/8", "1/3")]) == [
        (-1, sp.Rational(1, 3)),
        (sp.Rational(1, 2), 1),
    ]


@pytest.mark.parametrize(
    ("allowed", "answer"),
    [
        (sp.Interval(-1, 1), True),
        (sp.Interval.open(-1, 1), True),
        (sp.FiniteSet(0, 1), True),
        (sp.Interval(-1, 2), False),
        (sp.S.Reals, False),
    ],
)
def test_what_the_unit_interval_covers(allowed, answer):
    assert covers([(-1, 1)], allowed) is answer
