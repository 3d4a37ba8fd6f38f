"""Variance and kurtosis of sums over neurons are found for every width, and nothing else is."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.neuron_sums import derive_kernel_variance, derive_output_kurtosis, m
from verify.ledger.gaussian_outputs import KW_EQ_NNGP
from verify.ledger.random_kernel import KW_CLAIM_UNSTABLE
from verify.statement import Identity

VARIANCE = KW_CLAIM_UNSTABLE.forms[0].statement
KURTOSIS = KW_EQ_NNGP.forms[-1].statement
CASES = [(derive_kernel_variance, VARIANCE), (derive_output_kurtosis, KURTOSIS)]
TINY = sp.Rational(1, 10**30)


@pytest.mark.parametrize(("derive", "statement"), CASES)
def test_the_statement_is_reached_and_rests_on_the_law_of_the_parameters_alone(derive, statement: Identity) -> None:
    chain = derive(statement)
    assert chain.reaches, chain.obstacle
    lemmas = {found.lemma for found in chain.steps}
    assert lemmas <= {None, "null set", "independence", "linear image of a Gaussian"}


@pytest.mark.parametrize(("derive", "statement"), CASES)
@pytest.mark.parametrize("change", [lambda e: e + TINY, lambda e: e / m, lambda e: 0 * e, lambda e: -e])
def test_another_value_is_not_reached(derive, statement: Identity, change) -> None:
    chain = derive(replace(statement, rhs=change(statement.rhs)))
    assert [found.id for found in chain.steps if not found.closed] == ["statement"]


@pytest.mark.parametrize(("derive", "statement"), CASES)
def test_a_left_side_that_is_not_the_moment_is_not_reached(derive, statement: Identity) -> None:
    (name, meaning), *rest = statement.where
    chain = derive(replace(statement, where=((name, meaning + TINY), *rest), rhs=statement.rhs + TINY))
    assert "definition" in [found.id for found in chain.steps if not found.closed]


def test_the_moments_are_those_of_a_direct_sum() -> None:
    # Θ̂ = (4/m) Gamma(N), N ~ Bin(m, 1/2): Var = (16/m²)(E N + Var N).
    for width in (1, 2, 9):
        n = sp.Rational(width, 2)
        assert VARIANCE.rhs.subs(m, width) == sp.Rational(16, width**2) * (n + n / 2)


def test_a_domain_that_does_not_make_the_width_an_integer_is_an_obstacle() -> None:
    assert derive_kernel_variance(replace(VARIANCE, domain=((m, sp.S.Reals),))).obstacle
