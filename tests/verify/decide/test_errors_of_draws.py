"""Draws with errors: every rule comes to a verdict only if it is the same wherever the draws lie within them."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from verify.decide import decide
from verify.decide.counts import Trial, count
from verify.decide.design import Centred, Scaling
from verify.decide.evaluate import on_columns, on_ranges
from verify.decide.quantiles import foreseen, observed
from verify.decide.samples import Sample, point, pooled
from verify.evidence import Cell, SampleEvidence
from verify.statement import Direction, EqualityInLaw, Limit, Ordering, ProbabilityBound, Rate, Trend
from verify.verdict import Verdict

m = sp.Symbol("m", positive=True)
x, y = sp.symbols("x y", real=True)
WIDTHS = (16, 64, 256, 1024)
RATE = Rate(quantity=x, exponent=sp.Rational(-1, 2), direction=Direction.EXACTLY, margin=sp.Rational(1, 4), along=m)
ORDERING = Ordering(quantity=x, trend=Trend.DECREASING, along=m)
LIMIT = Limit(quantity=x, value=sp.S.Zero, tolerance=sp.Rational(1, 20), along=m)
BOUND = ProbabilityBound(deviation=x, bound=sp.S.One, level=sp.Rational(1, 10), width=sp.S.One)


def evidence(relative, draws=400):
    """A size that falls like m^(-1/2), with errors of the given relative size."""
    rng = np.random.default_rng(0)
    cells = []
    for width in WIDTHS:
        values = width**-0.5 * rng.lognormal(sigma=0.3, size=draws)
        cells.append(
            Cell(
                parameters={"m": width, "draws": draws},
                columns={"x": tuple(values), "y": tuple(values)},
                errors={"x": tuple(relative * values)} if relative else {},
            )
        )
    return SampleEvidence(experiment="e", cells=tuple(cells))


@pytest.mark.parametrize("statement", [RATE, ORDERING, LIMIT, BOUND])
def test_small_errors_leave_a_verdict_and_large_ones_take_it(statement):
    assert decide(statement, evidence(0.0)).verdict is Verdict.SUPPORTED
    small = decide(statement, evidence(1e-3))
    assert small.verdict is Verdict.SUPPORTED
    assert "errors of the draws" in small.reason
    assert "errors of the draws" not in decide(statement, evidence(0.0)).reason
    assert decide(statement, evidence(10.0)).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("statement", [RATE, ORDERING, LIMIT, BOUND])
def test_errors_of_a_column_that_a_statement_does_not_read_play_no_part(statement):
    other = {"deviation" if statement is BOUND else "quantity": y}
    assert decide(replace(statement, **other), evidence(10.0)).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("exponent", [sp.S.Zero, sp.Rational(-3, 2)])
def test_a_false_rate_is_refuted_through_small_errors(exponent):
    assert decide(replace(RATE, exponent=exponent), evidence(1e-3)).verdict is Verdict.REFUTED


def test_an_equality_in_law_refuses_them():
    law = EqualityInLaw(quantity=x, law=y, tolerance=sp.Rational(1, 2))
    assert decide(law, evidence(0.0)).verdict is Verdict.SUPPORTED
    with pytest.raises(ValueError, match="'x' has errors"):
        decide(law, evidence(1e-3))


@given(
    st.lists(st.floats(-10, 10), min_size=40, max_size=40),
    st.lists(st.floats(0, 5), min_size=40, max_size=40),
    st.lists(st.floats(-1, 1), min_size=40, max_size=40),
)
def test_a_bracket_holds_the_one_of_the_true_draws_wherever_they_lie(values, errors, places):
    true = np.array(values) + 0.999 * np.array(errors) * np.array(places)
    measured = Sample({"m": 4}, (Cell(parameters={}, columns={"x": tuple(values)}, errors={"x": tuple(errors)}),))
    exact = Sample({"m": 4}, (Cell(parameters={}, columns={"x": tuple(true)}),))
    outer, inner = (observed(3 * x - 1, m, 0.01)(sample, 0.5) for sample in (measured, exact))
    assert outer.low <= inner.low + 1e-12
    assert inner.high <= outer.high + 1e-12


def test_ranges_hold_the_values_and_are_infinite_where_errors_leave_everything_open():
    columns = {"x": np.array([1.0, 0.1]), "y": np.array([2.0, 3.0])}
    low, high = on_ranges(y / x, {}, columns, {"x": np.array([0.5, 0.2])})
    assert low[0] <= 2 / 1.5
    assert 4.0 <= high[0] < 4.0 + 1e-7, "radii of balls have 30 bits"
    assert (low[1], high[1]) == (-np.inf, np.inf)
    exactly = on_ranges(y, {}, columns, {"x": np.array([0.5, 0.2])})
    assert exactly[0] is exactly[1]
    assert (exactly[0] == on_columns(y, {}, columns)).all()


def test_failures_within_errors_count_both_ways():
    (sample,) = pooled(BOUND, SampleEvidence(experiment="e", cells=evidence(0.0).cells[:1]))
    trial = Trial(sample, {"m": 16}, 0.1, (100,), False)
    failed, possible = np.zeros(100, dtype=bool), np.zeros(100, dtype=bool)
    possible[:20] = True
    counted = count(trial, failed, possible, 0.01)
    assert (counted.failures, counted.unsure) == (0, 20)
    assert counted.interval == (trial.interval(0, 100, 0.01)[0], trial.interval(20, 100, 0.01)[1])
    assert "20 may, within their errors" in counted.text


def test_errors_of_batches_that_have_none_are_zero():
    cells = (
        Cell(parameters={"m": 1, "batch": 0}, columns={"x": (1.0,)}),
        Cell(parameters={"m": 1, "batch": 1}, columns={"x": (2.0,)}, errors={"x": (0.5,)}),
    )
    assert Sample({"m": 1}, cells).errors["x"].tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    "design",
    [Scaling(exponent=-0.5, shape="log-normal", log_sd=0.3), Centred(centre=sp.S.One, scale=2.0)],
)
def test_a_design_that_foresees_errors_has_wider_brackets(design):
    sample = Sample({"m": 64}, (Cell(parameters={}, columns={"x": (0.0,) * 100}),))
    draws = {point(sample.parameters): 100}
    narrow, wide = (
        foreseen(replace(design, error=error), m, draws, alpha=1e-3, miss=1e-3)(sample, 0.5) for error in (0.0, 0.1)
    )
    assert wide.low < narrow.low < narrow.high < wide.high
