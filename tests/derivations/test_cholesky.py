"""The Cholesky route to the arc-cosine kernels: complete, and closed to false statements."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import cholesky_duals, price
from derivations.check import LEMMAS
from derivations.cholesky import derive
from derivations.expressions import Expect
from derivations.normal_form import normal_form
from verify.claim import Claim
from verify.ledger.arccosine import DS_ARCCOS, IM_SIGMA, IM_SIGMA_DOT, PAIR, rho, s, t, u, v

CLAIMS = (IM_SIGMA, IM_SIGMA_DOT, DS_ARCCOS)


def test_every_step_closes_and_rests_on_earlier_ones() -> None:
    seen: set[str] = set()
    for found in (*cholesky_duals.integrals(), *cholesky_duals.duals()):
        assert found.closed, (found.id, found.residual)
        assert found.id not in seen
        assert set(found.uses) <= seen, found.id
        assert found.lemma is None or found.lemma in LEMMAS
        seen.add(found.id)


def test_the_two_routes_find_the_same_formulas() -> None:
    by_name = {found.id: found for found in cholesky_duals.duals()}
    at = {cholesky_duals.s: price.s, cholesky_duals.t: price.t, cholesky_duals.rho: price.rho}
    relu_dual, step_dual = (by_name[f"{name}-dual"].rhs.subs(at) for name in ("relu", "step"))
    assert normal_form(relu_dual - price.relu_dual(price.s, price.t, price.rho)) == 0
    assert normal_form(step_dual - price.step_dual(price.rho)) == 0


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_ledger_statements_are_reached_and_their_mutants_are_not(claim: Claim) -> None:
    (form,) = claim.forms
    chain = derive(form.statement)
    assert chain.reaches, chain.obstacle
    for mutant in form.mutants:
        assert not derive(replace(form.statement, **mutant.change)).reaches, mutant.name


def test_a_coefficient_off_by_1e_30_is_not_reached() -> None:
    statement = IM_SIGMA.forms[0].statement
    assert not derive(replace(statement, rhs=statement.rhs * (1 + sp.Rational(1, 10**30)))).reaches


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"lhs": Expect(sp.tanh(u) * sp.tanh(v), (u, v), PAIR)}, "no formula for tanh"),
        ({"domain": ((s, sp.Interval.open(0, sp.oo)), (t, sp.Interval.open(0, sp.oo)), (rho, sp.S.Reals))}, "leave"),
        ({"domain": ()}, "the domain says nothing"),
    ],
)
def test_where_there_is_no_derivation_the_chain_says_why(change: dict[str, object], obstacle: str) -> None:
    chain = derive(replace(IM_SIGMA.forms[0].statement, **change))
    assert obstacle in chain.obstacle
    assert not chain.reaches
