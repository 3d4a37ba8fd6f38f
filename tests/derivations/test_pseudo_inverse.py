"""Formulas for the pseudoinverse: all four equations of Penrose, and what the domain has to say."""

from dataclasses import replace

import sympy as sp

from derivations.pseudo_inverse import UNIQUENESS, by_penrose, with_formula
from verify.ledger.least_squares import FORMULA, FULL_RANK, L12_PINV, D, Phi

STATEMENT = L12_PINV.forms[0].statement


def test_the_formula_for_full_row_rank_rests_on_uniqueness_alone() -> None:
    chain = by_penrose(STATEMENT)
    assert chain.reaches
    assert [step.lemma for step in chain.steps if step.lemma] == [UNIQUENESS]


def test_full_rank_has_to_be_in_the_domain() -> None:
    domain = tuple(pair for pair in STATEMENT.domain if pair != FULL_RANK)
    assert "invertible" in by_penrose(replace(STATEMENT, domain=domain)).obstacle


def test_a_right_inverse_that_is_no_pseudoinverse_leaves_an_equation_open() -> None:
    z = sp.MatrixSymbol("Z", *STATEMENT.rhs.shape)
    other = STATEMENT.rhs + (sp.Identity(D) - STATEMENT.rhs * Phi) * z
    chain = by_penrose(replace(STATEMENT, rhs=other))
    assert {step.id for step in chain.steps if not step.closed} == {"right"}


def test_the_left_side_has_to_be_a_pseudoinverse_of_the_shape_of_the_right() -> None:
    assert by_penrose(replace(STATEMENT, lhs=STATEMENT.rhs)).obstacle
    assert "shape" in by_penrose(replace(STATEMENT, rhs=Phi)).obstacle


def test_an_identity_follows_from_the_right_formula_alone() -> None:
    statement = L12_PINV.forms[1].statement
    assert with_formula(FORMULA)(statement).reaches
    assert not with_formula(2 * FORMULA)(statement).reaches
    domain = tuple(pair for pair in statement.domain if pair != FULL_RANK)
    assert "invertible" in with_formula(FORMULA)(replace(statement, domain=domain)).obstacle
