"""The exact law as evidence: every larger width is settled, and nothing but |ntk - 2| is taken for its deviation."""

from dataclasses import replace

import flint
import pytest
import sympy as sp

from numerics.exact_law import chernoff_bound, failure_probability
from verify import exact_laws
from verify.decide import decide
from verify.experiments.initialisation import ntk
from verify.ledger.demanded_width import IM_LARGE_EPSILON, IM_NECESSARY
from verify.ledger.initialisation_bound import IM_THM_INIT_BOUND
from verify.statement import Need
from verify.verdict import Verdict

THEOREM = IM_THM_INIT_BOUND.forms[0].statement


def test_each_grid_point_ends_with_a_bound_for_all_larger_widths():
    evidence = exact_laws.relu_ntk_diagonal(THEOREM)
    settled = {
        (p.parameters["epsilon"], p.parameters["delta"]) for p in evidence.points if "larger" in str(p.parameters["m"])
    }
    assert len(settled) == 12
    assert decide(THEOREM, evidence).verdict is Verdict.CERTIFIED


def test_a_walk_that_ends_before_larger_widths_are_settled_is_an_error(monkeypatch):
    monkeypatch.setattr(exact_laws, "LONGEST_WALK", 3)
    with pytest.raises(ArithmeticError, match="larger widths are not settled"):
        exact_laws.relu_ntk_diagonal(THEOREM)


@pytest.mark.parametrize(
    "deviation",
    [
        sp.Abs(ntk / 2 - 2),
        sp.Abs(2 * ntk - 2),
        sp.Abs(ntk**2 - 2),
        2 - ntk,
        sp.Abs(ntk - 3),
        sp.Abs(sp.Symbol("x") - 2),
    ],
)
def test_another_deviation_has_another_law(deviation):
    with pytest.raises(ValueError, match="the law is"):
        exact_laws.relu_ntk_diagonal(replace(THEOREM, deviation=deviation))


@pytest.mark.parametrize("deviation", [sp.Abs(ntk - 2), sp.Abs(2 - ntk)])
def test_the_order_of_the_difference_does_not_matter(deviation):
    evidence = exact_laws.relu_ntk_diagonal(replace(THEOREM, deviation=deviation))
    assert decide(THEOREM, evidence).verdict is Verdict.CERTIFIED


@pytest.mark.parametrize("m", [10, 90, 400])
@pytest.mark.parametrize("tolerance", [0.2, 0.8, 1.9, 2.5])
def test_chernoffs_bound_lies_above_the_exact_probability_and_decreases(m, tolerance):
    bound = chernoff_bound(m, tolerance)
    assert bound > failure_probability(m, tolerance)
    assert chernoff_bound(m + 1, tolerance) < bound


def test_a_tolerance_that_may_or_may_not_reach_zero_is_refused():
    with pytest.raises(ArithmeticError, match="which side of 2"):
        chernoff_bound(10, flint.arb(2, 1e-10))


def test_a_necessary_width_is_looked_at_from_below():
    statement = replace(IM_NECESSARY.forms[1].statement, width=sp.Integer(100))
    points = exact_laws.relu_ntk_diagonal(statement).points
    assert {point.parameters["m"] for point in points} == {99, "98 and smaller"}


def test_a_width_with_no_smaller_one_is_refused():
    statement = replace(THEOREM, need=Need.NECESSARY, width=sp.S.One)
    with pytest.raises(ValueError, match="no width below 1"):
        exact_laws.relu_ntk_diagonal(statement)


def test_one_neuron_refutes_every_constant_asked_for():
    evidence = exact_laws.relu_ntk_diagonal(IM_LARGE_EPSILON.forms[0].statement)
    assert {point.parameters["m"] for point in evidence.points} == {1}
    assert "exceeded at 5 of 5 points" in decide(IM_LARGE_EPSILON.forms[0].statement, evidence).reason


def test_the_smallest_width_lies_between_what_is_necessary_and_what_suffices():
    necessary, sufficient = (form.statement for form in IM_NECESSARY.forms[1:])
    for statement in (necessary, sufficient):
        assert decide(statement, exact_laws.relu_ntk_diagonal(statement)).verdict is Verdict.CERTIFIED
