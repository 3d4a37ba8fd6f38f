"""Resolvents, tangents, powers and convex descent: what the claims about training rest on, and what they refuse."""

from dataclasses import replace

import sympy as sp

from derivations import convex_descent
from derivations.bernoulli import bernoulli
from derivations.deep_relu import deep_relu_ntk
from derivations.kernels import relu_ntk
from derivations.matrices import by_algebra
from derivations.resolvents import by_pseudo_resolvent, by_resolvent
from derivations.tangents import by_tangent
from numerics.balls import enclose
from verify.ledger.convex_descent import KW_CONVEX, beta, eta
from verify.ledger.learned_components import IM_SMALL_EIGS, t
from verify.ledger.ridgeless_limit import DS_RIDGELESS, PSEUDO, N, Phi, lam
from verify.ledger.trainability import DS_TRAINABILITY, remaining

RESOLVENT, PSEUDO_RESOLVENT = DS_RIDGELESS.forms[:2]
TANGENT, BERNOULLI, CONVEX = IM_SMALL_EIGS.forms[1], DS_TRAINABILITY.forms[-1], KW_CONVEX.forms[2]


def test_a_ridge_takes_away_what_its_resolvent_says():
    derive = by_resolvent(Phi * Phi.T, N * lam)
    assert derive(RESOLVENT.statement).reaches
    assert not by_algebra()(RESOLVENT.statement).reaches
    assert not any(derive(mutant.of(RESOLVENT.statement)).reaches for mutant in RESOLVENT.mutants)


def test_so_it_does_for_a_singular_kernel_with_the_pseudoinverse():
    derive = by_pseudo_resolvent(Phi, PSEUDO, N * lam)
    assert derive(PSEUDO_RESOLVENT.statement).reaches
    assert not any(derive(mutant.of(PSEUDO_RESOLVENT.statement)).reaches for mutant in PSEUDO_RESOLVENT.mutants)
    assert not by_pseudo_resolvent(Phi, 2 * PSEUDO, N * lam)(PSEUDO_RESOLVENT.statement).reaches


def test_a_ridge_that_may_vanish_leaves_nothing_to_invert():
    for form, derive in (
        (RESOLVENT, by_resolvent(Phi * Phi.T, N * lam)),
        (PSEUDO_RESOLVENT, by_pseudo_resolvent(Phi, PSEUDO, N * lam)),
    ):
        domain = tuple((q, sp.S.Reals if q == lam else values) for q, values in form.statement.domain)
        assert not derive(replace(form.statement, domain=domain)).reaches


def test_an_exponential_lies_above_its_tangent():
    derive = by_tangent(t)
    assert derive(TANGENT.statement).reaches
    assert derive(replace(TANGENT.statement, rhs=2 * TANGENT.statement.rhs - TANGENT.statement.lhs)).reaches
    assert not any(derive(mutant.of(TANGENT.statement)).reaches for mutant in TANGENT.mutants)
    assert derive(replace(TANGENT.statement, lhs=sp.S.Zero)).obstacle


def test_powers_lie_above_a_line():
    assert bernoulli(BERNOULLI.statement).reaches
    assert not any(bernoulli(mutant.of(BERNOULLI.statement)).reaches for mutant in BERNOULLI.mutants)
    wider = tuple((q, sp.Interval(0, 2) if q == remaining else v) for q, v in BERNOULLI.statement.domain)
    assert "does not say" in bernoulli(replace(BERNOULLI.statement, domain=wider)).obstacle
    assert bernoulli(replace(BERNOULLI.statement, rhs=remaining)).obstacle


def test_descent_on_convex_losses_needs_convexity_and_short_steps():
    assert convex_descent.averaged(CONVEX.statement).reaches
    assert not any(convex_descent.averaged(mutant.of(CONVEX.statement)).reaches for mutant in CONVEX.mutants)
    longer = tuple((q, sp.Interval.Lopen(0, 2) if q == eta * beta else v) for q, v in CONVEX.statement.domain)
    assert "does not say" in convex_descent.averaged(replace(CONVEX.statement, domain=longer)).obstacle
    curved = tuple(
        (q, sp.Interval(-beta, beta) if v == sp.Interval(0, beta) else v) for q, v in CONVEX.statement.domain
    )
    assert "0 <= σ'' <= β" in convex_descent.averaged(replace(CONVEX.statement, domain=curved)).obstacle


def test_a_kernel_layer_by_layer_is_the_kernel_by_its_definition():
    half = sp.Rational(1, 2)
    assert abs(enclose(deep_relu_ntk(sp.Integer(2), half) - relu_ntk(sp.Integer(2), half), {}, digits=20)) < 1e-15


def test_a_thousand_layers_lose_no_digits():
    assert enclose(deep_relu_ntk(sp.Integer(1000), sp.Rational(1, 2)), {}, digits=40).rad() < 1e-30
