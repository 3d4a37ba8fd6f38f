"""Gradient descent on a quadratic, null sets, and networks whose linearisation is good enough."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import gradient_descent, null_sets
from derivations.expressions import Iterate
from derivations.models import model, output, output_slope
from verify.ledger.arccosine_hypotheses import DS_SIGMA0
from verify.ledger.gradient_descent import DS_GD_STATIONARY, eta, h, lam, t, u, w
from verify.ledger.linearisation_scope import DS_LIN_GOOD_ENOUGH, epsilon
from verify.run import check
from verify.verdict import Verdict

QUADRATIC, CONVENTION, QUALITY = DS_GD_STATIONARY.forms[1], DS_SIGMA0.forms[0], DS_LIN_GOOD_ENOUGH.forms[0]


def test_the_gradient_on_a_quadratic_is_geometric_in_the_steps():
    assert gradient_descent.geometric(QUADRATIC.statement).reaches
    assert not any(gradient_descent.geometric(m.of(QUADRATIC.statement)).reaches for m in QUADRATIC.mutants)


def test_other_recursions_are_an_obstacle():
    path = Iterate(w - eta * lam * w**2, w, h, u, t)
    assert "no multiple" in gradient_descent.geometric(replace(QUADRATIC.statement, lhs=path)).obstacle
    assert "recursion" in gradient_descent.geometric(replace(QUADRATIC.statement, lhs=u)).obstacle


def test_long_steps_refute_the_claim_and_short_ones_uphold_the_correction():
    result = check(DS_GD_STATIONARY)
    assert result.verdict is Verdict.REFUTED and result.erratum


def test_a_convention_on_a_null_set_does_not_matter():
    assert null_sets.almost_everywhere(CONVENTION.statement).reaches
    assert not any(null_sets.almost_everywhere(m.of(CONVENTION.statement)).reaches for m in CONVENTION.mutants)


def test_without_two_expectations_over_the_same_variables_nothing_follows():
    statement = CONVENTION.statement
    assert null_sets.almost_everywhere(replace(statement, rhs=sp.S.Zero)).obstacle
    halved = statement.rhs.subs(statement.domain[0][0], statement.domain[0][0] / 2)
    assert "same variables" in null_sets.almost_everywhere(replace(statement, rhs=halved)).obstacle


def test_another_factor_in_front_is_not_overlooked():
    statement = CONVENTION.statement
    assert not null_sets.almost_everywhere(replace(statement, rhs=2 * statement.rhs)).reaches


def test_the_linearisation_is_good_enough_at_the_distance_allowed_and_no_farther():
    derive = QUALITY.routes[0].derive
    assert derive(QUALITY.statement).reaches
    assert not any(derive(mutant.of(QUALITY.statement)).reaches for mutant in QUALITY.mutants)
    assert not derive(replace(QUALITY.statement, rhs=epsilon * (1 - sp.Rational(1, 10**30)))).reaches


def test_without_a_bound_on_the_distance_nothing_is_derived():
    derive = QUALITY.routes[0].derive
    assert "does not bound" in derive(replace(QUALITY.statement, domain=QUALITY.statement.domain[:-1])).obstacle


def test_a_model_has_one_derivative_in_its_parameter_alone():
    i = sp.Symbol("i", integer=True)
    assert sp.diff(output(i, 2 * w), w) == 2 * output_slope(i, 2 * w)
    assert model(i, w, i * w**2)[output_slope].expr == 2 * i * w
    for unknown, place in ((output_slope(i, w), 2), (output(i, w), 1)):
        with pytest.raises(sp.core.function.ArgumentIndexError):
            unknown.fdiff(place)
