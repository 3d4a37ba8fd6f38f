"""Comparing two runs: verdicts first, numbers by their intervals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.compare import compare, disjoint
from verify.evidence import Formula
from verify.result import (
    ClaimResult,
    EvidenceSummary,
    FormResult,
    Interval,
    MutantResult,
    Results,
    RouteResult,
    RunInfo,
)
from verify.run import summarise
from verify.verdict import Verdict

FORMULA = Formula(typst="x", latex="x", text="x")


def claim(
    name: str = "im-x",
    *,
    verdict: Verdict = Verdict.SUPPORTED,
    expected: Verdict = Verdict.SUPPORTED,
    interval: tuple[float, float] = (-0.6, -0.4),
    mutant: Verdict = Verdict.REFUTED,
    formula: Formula = FORMULA,
) -> ClaimResult:
    low, high = interval
    return ClaimResult(
        id=name,
        title="A claim",
        kind="rate",
        document="im",
        document_title="A document",
        where="section 1",
        printed="x",
        hypotheses=(),
        note="",
        statement=formula,
        expected=expected,
        verdict=verdict,
        ok=verdict is expected and mutant is Verdict.REFUTED,
        erratum=False,
        forms=(
            FormResult(
                name="printed",
                role="printed",
                kind="rate",
                statement=formula,
                domain=None,
                where=(),
                remark="",
                verdict=verdict,
            ),
        ),
        routes=(
            RouteResult(
                name="draws",
                kind="experiment",
                form="printed",
                verdict=verdict,
                alpha=1e-9,
                beta=1e-10,
                seconds=1.0,
                evidence=EvidenceSummary(reason="", interval=Interval(name="exponent", low=low, high=high)),
            ),
        ),
        mutants=(
            MutantResult(
                name="faster",
                why_false="",
                form="printed",
                statement=formula,
                route="draws",
                verdict=mutant,
                beta=1e-10,
                reason="",
                refuted=mutant is Verdict.REFUTED,
                reproduce="",
            ),
        ),
        reproduce="",
    )


def results(*claims: ClaimResult, seed: int = 0, **versions: str) -> Results:
    info = RunInfo(seed=seed, profile="quick", versions=versions, platform="here", started="now", wall_seconds=1.0)
    return Results(run=info, claims=claims, summary=summarise(claims))


def changes(base: ClaimResult, head: ClaimResult) -> list[tuple[str, bool]]:
    return [(change.part, change.worse) for change in compare(results(base), results(head)).verdicts]


def test_nothing_changed() -> None:
    comparison = compare(results(claim()), results(claim()))
    assert not comparison.worse
    assert not any(value for value in comparison.model_dump().values())


def test_numbers_that_differ_within_their_intervals_are_chance() -> None:
    assert compare(results(claim()), results(claim(interval=(-0.5, -0.3)))).shifts == ()


def test_disjoint_intervals_are_a_change() -> None:
    (shift,) = compare(results(claim()), results(claim(interval=(-0.3, -0.2)))).shifts
    assert (shift.claim, shift.route, shift.base.high, shift.head.low) == ("im-x", "draws (printed)", -0.4, -0.3)


@pytest.mark.parametrize(
    ("base", "head", "expected", "worse"),
    [
        ("SUPPORTED", "REFUTED", "SUPPORTED", True),
        ("SUPPORTED", "INCONCLUSIVE", "SUPPORTED", True),
        ("PROVED", "SUPPORTED", "PROVED", True),
        ("REFUTED", "SUPPORTED", "REFUTED", True),
        ("INCONCLUSIVE", "ERROR", "SUPPORTED", True),
        ("REFUTED", "SUPPORTED", "SUPPORTED", False),
        ("SUPPORTED", "PROVED", "PROVED", False),
    ],
)
def test_worse_is_judged_by_what_the_ledger_expects(base: str, head: str, expected: str, worse: bool) -> None:
    before, after = (claim(verdict=Verdict(name), expected=Verdict(expected)) for name in (base, head))
    comparison = compare(results(before), results(after))
    assert comparison.worse is worse
    assert comparison.verdicts[0].worse is worse


def test_a_mutant_that_survives_now_is_worse() -> None:
    assert changes(claim(), claim(mutant=Verdict.INCONCLUSIVE)) == [("mutant faster (draws, printed)", True)]
    assert changes(claim(mutant=Verdict.INCONCLUSIVE), claim()) == [("mutant faster (draws, printed)", False)]


def test_what_got_worse_comes_first() -> None:
    base = results(claim("im-a", verdict=Verdict.INCONCLUSIVE), claim("im-b"))
    head = results(claim("im-a"), claim("im-b", verdict=Verdict.REFUTED))
    found = [change.claim for change in compare(base, head).verdicts]
    assert found == sorted(found, reverse=True)


def test_claims_in_one_run_only_are_named_and_not_judged() -> None:
    comparison = compare(results(claim("im-a")), results(claim("im-b")))
    assert (comparison.only_base, comparison.only_head) == (("im-a",), ("im-b",))
    assert not comparison.worse


def test_a_statement_that_was_restated_is_named() -> None:
    other = claim(formula=Formula(typst="y", latex="y", text="y"))
    assert compare(results(claim()), results(other)).statements == ("im-x (printed)",)


def test_settings_that_differ_are_named() -> None:
    comparison = compare(results(claim(), numpy="2.0"), results(claim(), seed=1, numpy="2.1"))
    assert comparison.settings == ("seed: 0 → 1", "numpy: 2.0 → 2.1")


def interval(low: float, length: float) -> Interval:
    return Interval(name="x", low=low, high=low + length)


INTERVALS: Any = st.builds(interval, st.floats(-1e3, 1e3), st.floats(0, 1e3))


@given(INTERVALS, INTERVALS)
def test_disjointness_is_symmetric_and_means_no_common_point(a: Interval, b: Interval) -> None:
    assert disjoint(a, b) == disjoint(b, a)
    assert disjoint(a, b) == (max(a.low, b.low) > min(a.high, b.high))
