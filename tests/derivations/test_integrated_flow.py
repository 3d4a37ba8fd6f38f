"""Linear flows are integrated in time and solved in an eigenbasis; what is not a solution is not reached."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.integrated_flow import in_eigenbasis, integrated
from verify.ledger.function_space import KW_DISPLACEMENT, KW_SOLUTION, alpha, t

SOLUTION = KW_SOLUTION.forms[0].statement
PARAMETERS, OUTPUTS = (form.statement for form in KW_DISPLACEMENT.forms[2:])
TINY = sp.Rational(1, 10**30)


def test_the_flow_of_the_square_loss_is_solved_for_any_number_of_examples() -> None:
    chain = in_eigenbasis(SOLUTION)
    assert chain.reaches, chain.obstacle
    assert {step.lemma for step in chain.steps} == {None, "uniqueness of linear flows"}


@pytest.mark.parametrize("factor", [1 + TINY, sp.Integer(2), -1])
def test_another_rate_or_size_is_no_solution(factor: sp.Expr) -> None:
    assert not in_eigenbasis(replace(SOLUTION, rhs=factor * SOLUTION.rhs)).reaches
    assert not in_eigenbasis(replace(SOLUTION, rhs=SOLUTION.rhs.subs(alpha, factor * alpha))).reaches


def test_the_eigenvectors_have_to_be_orthogonal() -> None:
    without = tuple(pair for pair in SOLUTION.domain if not isinstance(pair[0], sp.Sum))
    assert "eigenvectors" in in_eigenbasis(replace(SOLUTION, domain=without)).obstacle


@pytest.mark.parametrize("statement", [PARAMETERS, OUTPUTS])
def test_displacements_are_integrals_of_the_gradient(statement: sp.Basic) -> None:
    chain = integrated(statement)
    assert chain.reaches, chain.obstacle
    for rhs in (statement.rhs * (1 + TINY), statement.rhs + TINY * t, statement.rhs + TINY, sp.S.Zero):
        assert not integrated(replace(statement, rhs=rhs)).reaches


def test_the_printed_displacements_are_not_reached() -> None:
    for form in KW_DISPLACEMENT.forms[:2]:
        assert not integrated(form.statement).reaches


def test_a_statement_without_a_flow_is_an_obstacle() -> None:
    assert integrated(replace(PARAMETERS, lhs=t, rhs=t)).obstacle
