"""Taylor's formula of first order: its remainder as an integral, its bounds, and what is false of them."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import gradient_descent, taylor
from derivations.activations import sigma, sigma_prime_prime
from verify.ledger._first_layer import z
from verify.ledger.gradient_descent import DS_GD_STATIONARY
from verify.ledger.taylor_remainder import DS_TAYLOR_BOUND, DS_TAYLOR_REMAINDER, beta

TINY = sp.Rational(1, 10**30)
PRINTED, CORRECTED = DS_TAYLOR_REMAINDER.forms
BOUND, DESCENT = DS_TAYLOR_BOUND.forms[0], DS_GD_STATIONARY.forms[2]
BY_FORM = ((taylor.remainder, CORRECTED), (taylor.bound, BOUND), (gradient_descent.summed, DESCENT))


@pytest.mark.parametrize(("derive", "form"), BY_FORM, ids=("remainder", "bound", "steps"))
def test_the_forms_are_reached_and_their_mutants_are_not(derive, form):
    assert derive(form.statement).reaches
    assert not any(derive(mutant.of(form.statement)).reaches for mutant in form.mutants)


def test_the_remainder_as_printed_leaves_its_first_step_open():
    chain = taylor.remainder(PRINTED.statement)
    assert [step.id for step in chain.steps if not step.closed][:1] == ["slope"]


@pytest.mark.parametrize(("derive", "form"), BY_FORM[1:], ids=("bound", "steps"))
def test_a_constant_below_the_best_one_is_not_reached_and_one_above_is(derive, form):
    statement = form.statement
    less, more = ({beta: beta * (1 + sign * TINY)} for sign in (-1, 1))
    small, large = (replace(statement, lhs=statement.lhs.subs(at), rhs=statement.rhs.subs(at)) for at in (less, more))
    assert not derive(small).reaches
    assert derive(large).reaches


@pytest.mark.parametrize(("derive", "form"), BY_FORM[1:], ids=("bound", "steps"))
def test_without_a_bound_on_the_second_derivative_nothing_is_derived(derive, form):
    kept = tuple(pair for pair in form.statement.domain if pair[0] != sigma_prime_prime(z))
    assert "does not bound" in derive(replace(form.statement, domain=kept)).obstacle


def test_a_bound_on_an_interval_alone_is_not_enough():
    narrow = tuple((key, sp.Interval(0, 1) if key == z else values) for key, values in BOUND.statement.domain)
    assert taylor.bound(replace(BOUND.statement, domain=narrow)).obstacle


def test_a_one_sided_bound_is_not_enough():
    domain = tuple(
        (key, sp.Interval(-2 * beta, beta) if key == sigma_prime_prime(z) else values)
        for key, values in BOUND.statement.domain
    )
    assert taylor.bound(replace(BOUND.statement, domain=domain)).obstacle


def test_statements_of_another_shape_are_an_obstacle():
    assert taylor.remainder(BOUND.statement).obstacle
    assert taylor.bound(replace(BOUND.statement, lhs=beta)).obstacle
    assert gradient_descent.summed(replace(DESCENT.statement, lhs=beta)).obstacle


def test_a_loss_without_a_lower_bound_is_an_obstacle():
    kept = tuple(pair for pair in DESCENT.statement.domain if not isinstance(pair[0], sigma))
    assert "bounded below" in gradient_descent.summed(replace(DESCENT.statement, domain=kept)).obstacle


def test_a_sum_that_leaves_out_the_start_is_an_obstacle():
    (total,) = DESCENT.statement.lhs.atoms(sp.Sum)
    ((index, _, last),) = total.limits
    late = DESCENT.statement.lhs.xreplace({total: sp.Sum(total.function, (index, 1, last))})
    assert "from the start" in gradient_descent.summed(replace(DESCENT.statement, lhs=late)).obstacle
