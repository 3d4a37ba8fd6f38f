"""Samples inside a domain are pooled and grouped; what the domain holds beyond them is named."""

import pytest
import sympy as sp

from verify.decide.samples import by_width, inside, pooled, untested
from verify.evidence import Cell, SampleEvidence
from verify.statement import Limit

m, L, rho, activation = sp.symbols("m L rho activation")
HALF = sp.Rational(1, 2)


def limit(*domain):
    return Limit(quantity=sp.Symbol("x"), value=sp.S.Zero, tolerance=sp.S.One, along=m, domain=domain)


def evidence(*cells):
    return SampleEvidence(
        experiment="e", cells=tuple(Cell(parameters=cell, columns={"x": (float(i),)}) for i, cell in enumerate(cells))
    )


def test_cells_outside_the_domain_are_left_out():
    found = pooled(
        limit((L, sp.FiniteSet(1, 2)), (rho, sp.Interval.open(0, 1)), (activation, sp.FiniteSet(sp.Symbol("relu")))),
        evidence(
            {"L": 1, "rho": 0.5, "activation": "relu"},
            {"L": 3, "rho": 0.5, "activation": "relu"},
            {"L": 2, "rho": 1.0, "activation": "relu"},
            {"L": 2, "rho": 0.5, "activation": "tanh"},
        ),
    )
    assert [sample.parameters for sample in found] == [{"L": 1, "activation": "relu", "rho": 0.5}]


def test_cells_that_differ_only_in_draws_batch_or_replicate_are_one_sample_in_the_order_of_batches():
    cells = [{"m": 4, "draws": 1}, {"m": 8, "draws": 1}, {"m": 4, "draws": 1, "batch": 2}, {"m": 4, "replicate": 3}]
    four, eight = pooled(limit(), evidence(*cells))
    assert four.columns["x"].tolist() == [0.0, 3.0, 2.0]
    assert (four.draws, eight.draws) == (3, 1)


def test_cells_without_draws_count_for_nothing():
    assert pooled(limit(), SampleEvidence(experiment="e", cells=(Cell(parameters={"m": 1}, columns={"x": ()}),))) == ()


def test_columns_of_different_lengths_are_an_error():
    cell = Cell(parameters={"m": 1}, columns={"x": (1.0,), "y": (1.0, 2.0)})
    with pytest.raises(ValueError, match="the columns at m = 1 have different lengths"):
        pooled(limit(), SampleEvidence(experiment="e", cells=(cell,)))


def test_samples_group_by_everything_but_the_width_and_are_labelled_by_what_varies():
    cells = [{"m": m, "L": L, "T": 60.0} for L in (1, 2) for m in (64, 16)]
    one, two = by_width(pooled(limit(), evidence(*cells)), m)
    assert (one.label, two.label) == ("L = 1", "L = 2")
    assert [sample.parameters["m"] for sample in two.samples] == [16, 64]


def test_a_sample_without_the_width_is_an_error():
    with pytest.raises(ValueError, match="no parameter 'm' to compare widths along at L = 1"):
        by_width(pooled(limit(), evidence({"L": 1})), m)


def test_members_of_finite_sets_that_nothing_was_measured_at_are_named():
    statement = limit((L, sp.FiniteSet(1, 2)), (rho, sp.FiniteSet(HALF, 1)), (sp.Symbol("epsilon"), sp.FiniteSet(3)))
    points = [{"L": 1, "rho": 0.5}, {"L": 2, "rho": 0.5}, {"L": 2, "rho": 1.0}]
    assert untested(statement, points) == ("L = 1, ρ = 1",)
    assert untested(statement, [*points, {"L": 1, "rho": 1.0}]) == ()


def test_a_double_is_the_member_it_approximates_and_no_other():
    assert inside(0.1 + 0.2, sp.FiniteSet(sp.Rational(3, 10)))
    assert not inside(0.3 + 1e-10, sp.FiniteSet(sp.Rational(3, 10)))


def test_the_ends_of_an_interval_are_compared_exactly():
    half, third = sp.Rational(1, 2), sp.Rational(1, 3)
    assert inside(0.5, sp.Interval(half, 1))
    assert not inside(0.5, sp.Interval.open(half, 1))
    assert inside(1 / 3, sp.Interval(third, 1)) == (sp.Rational(1 / 3) >= third)


def test_membership_that_cannot_be_told_is_an_error():
    with pytest.raises(ValueError, match="cannot tell whether"):
        inside(0.5, sp.Interval(0, rho))
