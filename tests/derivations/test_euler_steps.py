"""The distance of gradient descent to its flow on a quadratic, put together from its steps."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.euler_steps import by_steps
from derivations.expressions import Iterate
from numerics.balls import enclose
from verify.ledger.euler_steps import BE_EULER, KW_GRADIENT_FLOW, N, T, eta, h, k, lam, u, w

STEPWISE, BOUND = (form.statement for form in BE_EULER.forms[:2])


def test_the_errors_of_the_steps_make_up_the_distance():
    assert by_steps(STEPWISE).reaches
    assert not any(by_steps(mutant.of(STEPWISE)).reaches for mutant in BE_EULER.forms[0].mutants)


def test_what_depends_on_no_number_of_steps_is_an_obstacle():
    path = Iterate(w - eta * lam * w, w, h, u, k)
    assert "number of steps" in by_steps(replace(STEPWISE, rhs=u)).obstacle
    assert "number of steps" in by_steps(replace(STEPWISE, lhs=path)).obstacle
    assert "number of steps" in by_steps(replace(STEPWISE, rhs=STEPWISE.rhs.subs(k, 3))).obstacle


@pytest.mark.parametrize("steps", [1, 7, 200])
def test_the_bound_has_the_right_constant_for_short_times(steps):
    at = {lam: sp.Integer(1), T: sp.Rational(1, 100), N: steps, u: sp.Integer(1)}
    off, bound = (float(enclose(side, at).mid()) for side in (BOUND.lhs, BOUND.rhs))
    assert off == pytest.approx(bound, rel=0.02)


def test_both_documents_say_the_same_of_a_quadratic():
    assert BE_EULER.forms[:2] == KW_GRADIENT_FLOW.forms[:2]
