"""The linearised two-layer network: its homogeneity and its distance from the network, and what is false of them."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import linearisation
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.two_layers import NotTwoLayersError, TwoLayers
from verify.ledger.linearisation import DS_FLIN_HOMOG, DS_LIN_BOUND, W0, beta, f, m, x, z

TINY = sp.Rational(1, 10**30)
HOMOGENEOUS, BOUND = DS_FLIN_HOMOG.forms[0], DS_LIN_BOUND.forms[0]


def test_the_relu_network_is_linear_in_its_weights() -> None:
    assert linearisation.homogeneous(HOMOGENEOUS.statement).reaches


def test_the_bound_is_reached_with_its_constant_and_with_a_larger_one() -> None:
    statement = BOUND.statement
    assert linearisation.quadratic_bound(statement).reaches
    assert linearisation.quadratic_bound(replace(statement, rhs=statement.rhs * (1 + TINY))).reaches


@pytest.mark.parametrize("mutant", HOMOGENEOUS.mutants, ids=lambda mutant: mutant.name)
def test_no_false_variant_of_homogeneity_is_reached(mutant) -> None:
    assert not linearisation.homogeneous(mutant.of(HOMOGENEOUS.statement)).reaches


@pytest.mark.parametrize("mutant", BOUND.mutants, ids=lambda mutant: mutant.name)
def test_no_false_variant_of_the_bound_is_reached(mutant) -> None:
    assert not linearisation.quadratic_bound(mutant.of(BOUND.statement)).reaches


def test_constants_off_by_a_hair_are_not_reached() -> None:
    homogeneous, bound = HOMOGENEOUS.statement, BOUND.statement
    assert not linearisation.homogeneous(replace(homogeneous, rhs=homogeneous.rhs * (1 + TINY))).reaches
    assert not linearisation.quadratic_bound(replace(bound, rhs=bound.rhs * (1 - TINY))).reaches


@pytest.mark.parametrize("dropped", [0, 1, 2, 3])
def test_a_hypothesis_that_is_dropped_is_missed(dropped: int) -> None:
    statement = BOUND.statement
    bounded = [pair for pair in statement.domain if isinstance(pair[1], sp.Interval) and pair[1].inf.is_finite]
    kept = tuple(pair for pair in statement.domain if pair != bounded[dropped])
    chain = linearisation.quadratic_bound(replace(statement, domain=kept))
    assert chain.obstacle


def test_a_weaker_hypothesis_is_not_enough() -> None:
    statement = BOUND.statement
    wider = tuple(
        (key, sp.Interval(-2 * beta, 2 * beta) if key == sigma_prime_prime(z) else values)
        for key, values in statement.domain
    )
    assert not linearisation.quadratic_bound(replace(statement, domain=wider)).reaches


def test_parts_with_a_negative_weight_prove_nothing() -> None:
    statement = DS_LIN_BOUND.forms[0].statement
    negated = tuple((name, -meaning) for name, meaning in statement.where)
    chain = linearisation.quadratic_bound(replace(statement, where=negated, rhs=sp.S.Zero))
    assert [step.id for step in chain.steps if not step.closed] == ["side-above", "side-below", "bound"]


def test_two_different_networks_are_an_obstacle() -> None:
    statement = BOUND.statement
    (first, meaning), (second, other) = statement.where
    changed = replace(statement, where=((first, meaning), (second, 2 * other)))
    assert "differ by more than their weights" in linearisation.quadratic_bound(changed).obstacle


def test_a_statement_without_a_network_is_an_obstacle() -> None:
    assert linearisation.homogeneous(replace(HOMOGENEOUS.statement, where=(), lhs=z, domain=())).obstacle
    assert linearisation.quadratic_bound(replace(BOUND.statement, where=())).obstacle


def test_a_network_is_read_off_its_definition() -> None:
    name, meaning = HOMOGENEOUS.statement.where[0]
    network = TwoLayers.read(name, meaning)
    assert network.scale == 1 / sp.sqrt(m)
    assert network.gradient_step(meaning).closed
    with pytest.raises(NotTwoLayersError):
        TwoLayers.read(f(x, W0), sp.sqrt(m))
    with pytest.raises(NotTwoLayersError):
        TwoLayers.read(name, meaning.replace(sp.Sum, lambda inner, *limits: sp.Sum(inner**2 + W0[1, 1], *limits)))


def test_an_arbitrary_activation_has_two_derivatives() -> None:
    assert sigma(2 * z).diff(z, 2) == 4 * sigma_prime_prime(2 * z)
    assert sigma_prime(z).diff(z) == sigma_prime_prime(z)
    assert isinstance(sigma(z).diff(z, 3), sp.Derivative | sp.Subs)


def test_the_curvature_of_tanh_is_bounded_as_the_note_says() -> None:
    u = sp.Symbol("u", nonnegative=True)  # tanh² <= 1
    second = sp.tanh(z).diff(z, 2).subs(sp.tanh(z), sp.sqrt(u))
    gap = sp.factor(sp.Rational(16, 27) - sp.expand(second**2))
    assert sp.expand(gap - sp.Rational(4, 27) * (1 - 3 * u) ** 2 * (4 - 3 * u)) == 0
    assert sp.Rational(77, 100) ** 2 > sp.Rational(16, 27)
