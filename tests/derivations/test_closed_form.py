"""The closed form of linear gradient flow is the one that solves its equation."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import closed_form
from verify.ledger.closed_form import DS_CLOSED_FORM, N, eta, k0, t

FORM = DS_CLOSED_FORM.forms[0]
STATEMENT = FORM.statement
TINY = sp.Rational(1, 10**30)


def test_the_formula_is_reached() -> None:
    chain = closed_form.prediction(STATEMENT)
    assert chain.reaches
    assert {step.lemma for step in chain.steps if step.lemma} == {"spectral theorem", "uniqueness of linear flows"}


@pytest.mark.parametrize("mutant", FORM.mutants, ids=lambda mutant: mutant.name)
def test_no_mutant_is_reached(mutant) -> None:
    assert not closed_form.prediction(mutant.of(STATEMENT)).reaches


@pytest.mark.parametrize(
    "change",
    [
        lambda rhs: rhs.subs(eta, eta * (1 + TINY)),
        lambda rhs: rhs.subs(t, t + TINY),
        lambda rhs: rhs + TINY * t,
        lambda rhs: rhs + TINY * k0[1] * t**2,
        lambda rhs: rhs.subs(N, 2 * N),
    ],
    ids=["rate", "time", "drift", "row", "size"],
)
def test_what_is_off_by_a_hair_is_not_reached(change) -> None:
    assert not closed_form.prediction(replace(STATEMENT, rhs=change(STATEMENT.rhs))).reaches


def test_orthogonality_is_a_hypothesis_that_is_missed() -> None:
    domain = tuple(pair for pair in STATEMENT.domain if not isinstance(pair[1], sp.FiniteSet))
    assert "orthonormal" in closed_form.prediction(replace(STATEMENT, domain=domain)).obstacle


def test_a_left_side_of_another_kind_is_an_obstacle() -> None:
    for lhs in (sp.S.Zero, STATEMENT.lhs * 2 + STATEMENT.lhs**2, STATEMENT.rhs):
        assert closed_form.prediction(replace(STATEMENT, lhs=lhs)).obstacle
