"""Bounds and equalities of finite sums: what the parts have to add up to, and what they may take as given."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import sum_bounds
from derivations.sum_bounds import Part
from verify.claim import Derivation
from verify.ledger import (
    affine_model,
    least_squares,
    network_definition,
    network_features,
    nondegenerate_kernel,
    path_norm,
    singular_value_spread,
    singular_values,
    strong_convexity,
    two_layer_flow,
    two_layer_gradients,
    two_layer_kernels,
    vector_norms,
)
from verify.ledger.singular_value_spread import L12_REM_12_2, c, high, low, values
from verify.ledger.strong_convexity import L12_GEOMETRIC
from verify.ledger.vector_norms import BE_B_N_VS_SQRTN, L12_12_12
from verify.statement import Identity, Inequality

FILES = (
    affine_model,
    least_squares,
    network_definition,
    network_features,
    nondegenerate_kernel,
    path_norm,
    singular_value_spread,
    singular_values,
    strong_convexity,
    two_layer_flow,
    two_layer_gradients,
    two_layer_kernels,
    vector_norms,
)
DERIVED = [
    (claim.id, form, route)
    for file in FILES
    for claim in file.CLAIMS
    for form in claim.forms
    for route in form.routes
    if isinstance(route, Derivation) and (form.mutants or not claim.erratum)
]
TINY = sp.Rational(1, 10**30)
n, q = sp.symbols("n q", integer=True, positive=True)
i, k, ell = sp.symbols("i k ell", integer=True)
more = sp.Symbol("more", integer=True, nonnegative=True)
x = sp.IndexedBase("x", real=True)
REAL = (x[i], sp.S.Reals)
NATURAL = (n, sp.S.Naturals)


@pytest.mark.parametrize(("name", "form", "route"), DERIVED, ids=lambda part: part if isinstance(part, str) else "")
def test_every_form_is_reached_and_no_mutant_of_it(name, form, route) -> None:
    assert route.derive(form.statement).reaches, name
    for mutant in form.mutants:
        assert not route.derive(mutant.of(form.statement)).reaches, mutant.name


@pytest.mark.parametrize("claim", [BE_B_N_VS_SQRTN, L12_REM_12_2, L12_GEOMETRIC], ids=lambda claim: claim.id)
def test_a_bound_smaller_by_a_hair_is_not_reached(claim) -> None:
    for form in claim.forms:
        for route in form.routes:
            if isinstance(route, Derivation):
                tighter = replace(form.statement, rhs=form.statement.rhs * (1 - TINY))
                assert not route.derive(tighter).reaches


@pytest.mark.parametrize(("hypothesis", "needed"), [(values[i] - low, True), (high - values[i], False)])
def test_what_parts_take_as_given_has_to_be_in_the_domain(hypothesis, needed) -> None:
    form = L12_REM_12_2.forms[1]
    domain = tuple(pair for pair in form.statement.domain if pair[0] != hypothesis)
    assert len(domain) < len(form.statement.domain)
    assert form.routes[0].derive(replace(form.statement, domain=domain)).reaches is not needed


def test_the_sign_of_the_right_side_needs_its_hypothesis() -> None:
    form = L12_REM_12_2.forms[1]
    wider = tuple((key, sp.Interval.open(0, sp.oo) if key == c else found) for key, found in form.statement.domain)
    chain = form.routes[0].derive(replace(form.statement, domain=wider))
    assert "1 - c**2" in chain.obstacle


def test_a_right_side_whose_square_alone_is_large_enough_is_not_reached() -> None:
    form = BE_B_N_VS_SQRTN.forms[1]
    chain = form.routes[0].derive(replace(form.statement, rhs=-form.statement.rhs))
    assert [step.id for step in chain.steps if not step.closed] == ["right-side", "bound"]


def test_integers_run_from_where_the_domain_lets_them_start() -> None:
    part = Part("", (n - 2) * sp.Sum(x[i] ** 2, (i, 1, n)), running=((n, 2 + more),))
    total = sp.Sum(x[i] ** 2, (i, 1, n))
    derive = sum_bounds.by_parts(part)
    for start, reached in ((2, True), (1, False)):
        domain = ((n, sp.Range(start, sp.oo)), REAL)
        assert derive(Inequality(lhs=2 * total, rhs=n * total, domain=domain)).reaches is reached


def test_roots_with_equal_squares_have_to_have_signs() -> None:
    root = sp.sqrt(sp.Sum(x[i] ** 2, (i, 1, n)))
    assert sum_bounds.by_equal_squares(Identity(lhs=root, rhs=root, domain=(NATURAL, REAL))).reaches
    assert not sum_bounds.by_equal_squares(Identity(lhs=root, rhs=-root, domain=(NATURAL, REAL))).reaches


def test_the_printed_quotient_of_norms_has_another_square() -> None:
    chain = sum_bounds.by_equal_squares(L12_12_12.forms[1].statement)
    assert {step.id for step in chain.steps if not step.closed} >= {"squares-up", "squares-down"}


def test_an_orthogonal_matrix_is_read_off_the_domain() -> None:
    Q = sp.IndexedBase("Q", real=True)
    gram = sp.Sum(Q[i, k] * Q[i, ell], (i, 1, n))
    for size, found in (
        (sp.FiniteSet(sp.KroneckerDelta(k, ell)), True),
        (sp.FiniteSet(0), False),
        (sp.FiniteSet(2 * sp.KroneckerDelta(k, ell)), False),
    ):
        matrix = sum_bounds.orthogonal(Identity(lhs=q, rhs=q, domain=((gram, size),)))
        assert (matrix is not None) is found
    assert matrix is None
