"""The closed form of linear gradient flow is the one that solves its equation."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import closed_form
from verify.ledger.closed_form import DS_CLOSED_FORM, N, ell, eta, k0, lam, t

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


@pytest.mark.parametrize("values", [sp.S.Reals, sp.Interval(-1, sp.oo), sp.Interval(0, sp.oo)])
def test_eigenvalues_that_may_vanish_or_be_negative_are_an_obstacle(values) -> None:
    domain = tuple((key, values if key == lam[ell] else known) for key, known in STATEMENT.domain)
    magnitude = STATEMENT.rhs.replace(lambda e: e == 1 / lam[ell], lambda _: 1 / sp.Abs(lam[ell]))
    for rhs in (STATEMENT.rhs, magnitude):
        chain = closed_form.prediction(replace(STATEMENT, rhs=rhs, domain=domain))
        assert "lambda[ell] is taken to be positive" in chain.obstacle


def test_eigenvalues_without_an_assumption_are_not_divided_by() -> None:
    free = sp.IndexedBase("lambda", real=True)

    def freed(expr: sp.Basic) -> sp.Basic:
        return expr.replace(lambda e: isinstance(e, sp.Indexed) and e.base == lam, lambda e: free[e.indices])

    domain = tuple((free[ell], sp.S.Reals) if key == lam[ell] else (key, known) for key, known in STATEMENT.domain)
    where = tuple((name, freed(meaning)) for name, meaning in STATEMENT.where)
    statement = replace(STATEMENT, rhs=freed(STATEMENT.rhs), where=where, domain=domain)
    assert "divides by it" in closed_form.prediction(statement).obstacle


def test_a_left_side_of_another_kind_is_an_obstacle() -> None:
    for lhs in (sp.S.Zero, STATEMENT.lhs * 2 + STATEMENT.lhs**2, STATEMENT.rhs):
        assert closed_form.prediction(replace(STATEMENT, lhs=lhs)).obstacle
