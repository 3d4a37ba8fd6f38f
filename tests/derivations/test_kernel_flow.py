"""Gradient flow of the linearised network: by the inverse of the kernel, by its eigenvalues; what neither reaches."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.kernel_flow import by_inverse
from derivations.spectral_bounds import Decayed, by_decay
from derivations.sum_bounds import Part
from verify.ledger._features import FULL_RANK
from verify.ledger.spectral_decay import DS_LIMIT, N, b, ell, eta, t
from verify.ledger.weight_movement import DS_MOVE_BOUND, DS_MOVE_FORMULA, g, largest
from verify.statement import Inequality

FORMULA = DS_MOVE_FORMULA.forms[1]
LIMIT, MOVE = DS_LIMIT.forms[0], DS_MOVE_BOUND.forms[0]


def test_the_movement_is_reached_with_the_transpose_and_not_as_printed():
    assert by_inverse(FORMULA.statement).reaches
    assert not by_inverse(DS_MOVE_FORMULA.forms[0].statement).reaches
    assert not any(by_inverse(mutant.of(FORMULA.statement)).reaches for mutant in FORMULA.mutants)


def test_a_kernel_that_may_be_singular_is_an_obstacle():
    domain = tuple(pair for pair in FORMULA.statement.domain if pair != FULL_RANK)
    assert "invertible" in by_inverse(replace(FORMULA.statement, domain=domain)).obstacle


@pytest.mark.parametrize("form", [LIMIT, MOVE], ids=("limit", "movement"))
def test_spectral_bounds_are_reached_and_their_mutants_are_not(form):
    derive = form.routes[0].derive
    assert derive(form.statement).reaches
    assert not any(derive(mutant.of(form.statement)).reaches for mutant in form.mutants)


@pytest.mark.parametrize("form", [LIMIT, MOVE], ids=("limit", "movement"))
def test_a_constant_that_is_too_small_by_a_hair_is_not_reached(form):
    statement = form.statement
    small = replace(statement, rhs=statement.rhs * (1 - sp.Rational(1, 10**30)))
    assert not form.routes[0].derive(small).reaches


def test_a_hypothesis_that_the_domain_does_not_state_is_an_obstacle():
    kept = tuple(pair for pair in MOVE.statement.domain if pair[0] != largest - g[ell])
    assert "does not say" in MOVE.routes[0].derive(replace(MOVE.statement, domain=kept)).obstacle


def test_an_exponential_may_only_decay():
    statement = Inequality(
        lhs=sp.sqrt(sp.Sum(sp.exp(eta * t) * b[ell] ** 2, (ell, 1, N))),
        rhs=sp.sqrt(sp.Sum(b[ell] ** 2, (ell, 1, N))),
        domain=MOVE.statement.domain,
    )
    growing = by_decay(t, Decayed("It grows.", b[ell] ** 2, -eta, (ell, 1, N)))(statement)
    assert not growing.reaches
    assert "part-1-sign" in [step.id for step in growing.steps if not step.closed]


def test_parts_that_do_not_sum_to_the_gap_prove_nothing():
    derive = by_decay(t, Part("A square.", sp.Sum(b[ell] ** 2, (ell, 1, N))))
    assert [step.id for step in derive(MOVE.statement).steps if not step.closed] == ["squares", "bound"]
