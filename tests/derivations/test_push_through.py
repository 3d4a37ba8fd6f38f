"""Resolvents of AᵀA and of AAᵀ, and formulas put into differential equations, for matrices of any size."""

from dataclasses import replace

import sympy as sp

from derivations.matrices import by_algebra
from derivations.matrix_flows import by_differentiation
from derivations.push_through import by_push_through
from verify.claim import Form
from verify.ledger._features import N, Phi, lam
from verify.ledger.kernel_ridge import DS_RIDGE_PRED
from verify.ledger.vector_outputs import DS_VEC_FORMULA, O
from verify.ledger.vector_outputs import N as EXAMPLES
from verify.statement import Identity


def identity(form: Form) -> Identity:
    assert isinstance(form.statement, Identity)
    return form.statement


TINY = sp.Rational(1, 10**30)
PRIMAL = identity(DS_RIDGE_PRED.forms[1])
FLOW = identity(DS_VEC_FORMULA.forms[0])


def test_the_two_forms_of_ridge_regression_predict_alike() -> None:
    chain = by_push_through(Phi, N * lam)(PRIMAL)
    assert chain.reaches
    assert [step.id for step in chain.steps] == ["push-through", "algebra"]


def test_algebra_alone_does_not_see_it() -> None:
    assert not by_algebra()(PRIMAL).reaches


def test_the_levels_have_to_agree() -> None:
    assert not by_push_through(Phi, lam)(PRIMAL).reaches
    assert not by_push_through(Phi, N * lam)(replace(PRIMAL, rhs=(1 + TINY) * PRIMAL.rhs)).reaches


def test_a_level_that_may_vanish_leaves_nothing_to_invert() -> None:
    anywhere = tuple((key, sp.S.Reals if key == lam else values) for key, values in PRIMAL.domain)
    assert by_push_through(Phi, N * lam)(replace(PRIMAL, domain=anywhere)).obstacle


def test_the_closed_form_satisfies_its_differential_equation() -> None:
    assert by_differentiation(FLOW).reaches


def test_another_rate_does_not() -> None:
    assert not by_differentiation(replace(FLOW, rhs=EXAMPLES * FLOW.rhs)).reaches
    assert not by_differentiation(replace(FLOW, rhs=O * FLOW.rhs)).reaches


def test_only_a_derivative_is_differentiated() -> None:
    assert by_differentiation(replace(FLOW, lhs=FLOW.rhs)).obstacle
