"""Exact laws of the first layer as evidence: what they settle, and that nothing else is taken for their quantity."""

from dataclasses import replace

import pytest
import sympy as sp
from flint import fmpq

from verify import first_layer_laws
from verify.decide import decide
from verify.events import WIDTH, Event
from verify.experiments.first_layer import (
    entries_norm,
    initial_output,
    largest_neuron,
    largest_singular,
    neuron_norm,
    smallest_singular,
)
from verify.ledger.feature_norms import L12_CLAIM_ENTRIES_O1, L12_LEM_12_3_F
from verify.ledger.feature_spectrum import L12_LEM_WELLCOND
from verify.ledger.output_scale import L12_CLAIM_OUTPUT_O1
from verify.ledger.weight_norms import L12_CLAIM_WI_O1, L12_LIM_12_20
from verify.statement import Need, ProbabilityBound
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
ACTIVE = L12_CLAIM_ENTRIES_O1.forms[2].statement
FEATURES = L12_LEM_12_3_F.forms[1].statement
ORTHONORMAL = L12_LEM_WELLCOND.forms[3].statement
NEURON, ALL_NEURONS = (form.statement for form in L12_CLAIM_WI_O1.forms[1:])
WEIGHTS = L12_LIM_12_20.forms[1].statement
OUTPUT = L12_CLAIM_OUTPUT_O1.forms[1].statement
LAWS = (
    (first_layer_laws.active_neurons, ACTIVE),
    (first_layer_laws.features, FEATURES),
    (first_layer_laws.orthonormal_features, ORTHONORMAL),
    (first_layer_laws.neuron, NEURON),
    (first_layer_laws.neuron, ALL_NEURONS),
    (first_layer_laws.weights, WEIGHTS),
    (first_layer_laws.output, OUTPUT),
)


@pytest.mark.parametrize(("law", "statement"), LAWS)
def test_each_point_of_the_grid_ends_with_a_bound_for_all_larger_widths(law, statement):
    evidence = law(statement)
    grid = 1
    for _, values in statement.domain:
        grid *= len(values)
    assert sum("larger" in str(point.parameters["m"]) for point in evidence.points) == grid
    assert decide(statement, evidence).verdict is Verdict.CERTIFIED


@pytest.mark.parametrize(("law", "statement"), LAWS)
def test_the_deviation_of_something_else_is_refused(law, statement):
    other = sp.Symbol("something_else", real=True)
    names = {symbol: other for symbol in statement.deviation.free_symbols if str(symbol) not in "mnd"}
    with pytest.raises(ValueError, match="the law is that of"):
        law(replace(statement, deviation=statement.deviation.xreplace(names)))


def test_a_bound_that_shrinks_with_the_width_is_not_settled_by_one_width():
    tight = replace(OUTPUT, bound=OUTPUT.bound / m ** sp.Rational(1, 10))
    evidence = first_layer_laws.output(tight)
    assert not any("larger" in str(point.parameters["m"]) for point in evidence.points)
    assert decide(tight, evidence).verdict is not Verdict.CERTIFIED


def test_a_walk_that_settles_nothing_is_inconclusive(monkeypatch):
    monkeypatch.setattr(first_layer_laws, "LONGEST_WALK", 3)
    unsettled = replace(NEURON, deviation=largest_neuron)
    assert decide(unsettled, first_layer_laws.neuron(unsettled)).verdict is Verdict.INCONCLUSIVE


def test_both_extreme_singular_values_have_to_be_there():
    one = replace(ORTHONORMAL, deviation=sp.Abs(largest_singular**2 - sp.S.Half))
    with pytest.raises(ValueError, match="both extreme singular values"):
        first_layer_laws.orthonormal_features(one)
    twice = sp.Max(sp.Abs(largest_singular**2 - sp.S.Half), sp.Abs(smallest_singular**2 - 1))
    with pytest.raises(ValueError, match="both extreme singular values"):
        first_layer_laws.orthonormal_features(replace(ORTHONORMAL, deviation=twice))


def test_a_width_claimed_to_be_necessary_is_refused():
    with pytest.raises(ValueError, match="sufficient"):
        first_layer_laws.weights(replace(WEIGHTS, need=Need.NECESSARY))


def test_the_output_is_bounded_from_both_sides():
    with pytest.raises(ValueError, match="absolute value"):
        first_layer_laws.output(replace(OUTPUT, deviation=initial_output))


def _event(deviation: sp.Expr, bound: object, quantity: sp.Symbol) -> Event:
    statement = ProbabilityBound(deviation=deviation, bound=sp.sympify(bound), level=sp.S.Half, width=sp.S.One)
    return Event.read(statement, {}, quantity)


def test_an_event_is_read_between_its_ends():
    assert _event(sp.Abs(entries_norm**2 / m - sp.S.Half), "1/4", entries_norm).ends(WIDTH) == (fmpq(1, 4), fmpq(3, 4))
    assert _event(3 - 2 * neuron_norm, 1, neuron_norm).at(1) == (fmpq(1), None)
    assert _event(sp.sqrt(m) * sp.Abs(neuron_norm), 2, neuron_norm).at(4) == (None, fmpq(1))


def test_an_event_that_is_empty_ends_below_zero():
    assert _event(neuron_norm, -1, neuron_norm).at(1) == (None, fmpq(-1))


def test_the_ends_at_every_width_are_unknown_where_they_depend_on_it():
    assert _event(neuron_norm / m, 1, neuron_norm).ends(sp.S.One) is None
