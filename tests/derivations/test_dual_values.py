"""Closed forms of expectations of one function, at the variances and the correlation that a statement is about."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.dual_values import derive
from verify.ledger.kernel_matrices import IM_PSD
from verify.ledger.layer_covariance import IM_RECURSION, KW_DERIVATIVE, rho
from verify.statement import Identity

ERF = IM_RECURSION.forms[0].statement
STATEMENTS = [
    ERF,
    *(form.statement for form in KW_DERIVATIVE.forms[1:]),
    next(form.statement for form in IM_PSD.forms if isinstance(form.statement, Identity)),
]
TINY = sp.Rational(1, 10**30)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_closed_forms_are_reached_and_nothing_near_them(statement: Identity) -> None:
    chain = derive(statement)
    assert chain.reaches, chain.obstacle
    assert not derive(replace(statement, rhs=statement.rhs + TINY)).reaches
    assert not derive(replace(statement, rhs=statement.rhs * (1 + TINY))).reaches


def test_the_pair_must_not_become_degenerate() -> None:
    closed = tuple((name, sp.Interval(-1, 1) if name == rho else values) for name, values in ERF.domain)
    assert "nondegenerate" in derive(replace(ERF, domain=closed)).obstacle


def test_two_unrelated_functions_are_an_obstacle() -> None:
    other = KW_DERIVATIVE.forms[1].statement
    assert derive(replace(ERF, rhs=ERF.rhs + other.lhs)).obstacle
