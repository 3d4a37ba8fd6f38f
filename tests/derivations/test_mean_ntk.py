"""The mean of the two-layer NTK is found from the gradient, for any width, and settles which recursion is right."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.expressions import normal_cdf, normal_pdf, relu, step
from derivations.mean_ntk import beta, derive, derive_unscaled, m
from verify.claim import Role
from verify.ledger.jacot_recursion import KW_RECURSION, Sigma_1, Sigma_2, Sigma_dot_2, Theta_1, Theta_2
from verify.ledger.unscaled_network import KW_MIS_NO_SCALING
from verify.statement import Identity

PRINTED, CORRECTED = (
    next(form.statement for form in KW_RECURSION.forms if form.role is role) for role in (Role.PRINTED, Role.CORRECTED)
)
TINY = sp.Rational(1, 10**30)


def test_the_corrected_recursion_is_reached() -> None:
    chain = derive(CORRECTED)
    assert chain.reaches, chain.obstacle
    assert {found.lemma for found in chain.steps} == {None, "null set", "linear image of a Gaussian", "independence"}


def test_the_printed_recursion_is_not() -> None:
    chain = derive(PRINTED)
    assert [found.id for found in chain.steps if not found.closed] == ["statement"]


def test_the_two_differ_in_one_slot() -> None:
    assert replace(PRINTED, rhs=CORRECTED.rhs) == CORRECTED


@pytest.mark.parametrize(
    "rhs",
    [
        Theta_1 * Sigma_dot_2,
        Sigma_2,
        Theta_1 * Sigma_dot_2 + Sigma_1,
        (Theta_1 - beta**2) * Sigma_dot_2 + Sigma_2,
        Theta_1 * Sigma_dot_2**2 + Sigma_2,
        2 * Theta_1 * Sigma_dot_2 + Sigma_2,
        Theta_1 * Sigma_dot_2 - Sigma_2,
        Theta_1 * Sigma_dot_2 + Sigma_2 - beta**2,
        (1 + TINY) * Theta_1 * Sigma_dot_2 + Sigma_2,
        Theta_1 * Sigma_dot_2 + Sigma_2 + TINY * beta,
    ],
)
def test_a_false_recursion_is_not_reached(rhs: sp.Expr) -> None:
    assert not derive(replace(CORRECTED, rhs=rhs)).reaches


def _with_kernel(kernel: sp.Expr) -> Identity:
    return replace(CORRECTED, where=((Theta_2, kernel), *CORRECTED.where[1:]))


def test_a_left_side_that_is_not_the_mean_of_the_kernel_is_not_reached() -> None:
    _, mean = CORRECTED.where[0]
    for wrong in (mean + TINY, mean - beta**2, 2 * mean, mean + Sigma_1):
        chain = derive(_with_kernel(wrong))
        assert "definition" in [found.id for found in chain.steps if not found.closed]


def _for_activation(sigma: type[sp.Function], slope: type[sp.Function]) -> Identity:
    where = tuple((name, meaning.replace(relu, sigma).replace(step, slope)) for name, meaning in CORRECTED.where)
    return replace(CORRECTED, where=where)


def test_the_derivation_holds_for_a_smooth_activation_too() -> None:
    assert derive(_for_activation(normal_cdf, normal_pdf)).reaches


def test_without_the_activation_and_its_derivative_the_chain_says_so() -> None:
    for statement in (_for_activation(relu, sp.tanh), _with_kernel(beta)):
        assert "the left side is not about" in derive(statement).obstacle


def test_another_covariance_of_the_first_layer_is_an_obstacle() -> None:
    where = [(name, meaning + TINY if name == Sigma_1 else meaning) for name, meaning in CORRECTED.where]
    assert "the left side is not about" in derive(replace(CORRECTED, where=tuple(where))).obstacle


UNSCALED = next(form.statement for form in KW_MIS_NO_SCALING.forms if form.role is Role.CORRECTED)


def test_without_factors_the_mean_is_proportional_to_the_width_but_for_the_last_bias() -> None:
    assert derive_unscaled(UNSCALED).reaches
    assert not derive(UNSCALED).reaches
    assert not derive_unscaled(CORRECTED).reaches


@pytest.mark.parametrize("factor", [1, 1 + TINY, m])
def test_another_growth_is_not_reached(factor: sp.Expr) -> None:
    growing, last = UNSCALED.rhs - beta**2, beta**2
    assert derive_unscaled(replace(UNSCALED, rhs=factor * growing + last)).reaches is (factor == 1)
