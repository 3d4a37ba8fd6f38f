"""Recursions in depth are proved for every depth, and false ones are not."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.depth import derive_diagonal, derive_sum
from derivations.expressions import Expect, Iterate, relu
from verify.enclosure import compare
from verify.ledger.depth_recursion import IM_DIAGONAL, IM_SUM, L, Sigma, Sigma_dot, Theta, h, k, norm, u

SUM, DIAGONAL = IM_SUM.forms[0].statement, IM_DIAGONAL.forms[0].statement
TINY = sp.Rational(1, 10**30)


def _sum(
    term: sp.Expr, factors: tuple[sp.Expr, sp.Expr] = (h, L + 1), layers: tuple[sp.Expr, sp.Expr] = (1, L + 1)
) -> sp.Sum:
    return sp.Sum(term * sp.Product(Sigma_dot[k], (k, *factors)), (h, *layers))


def test_the_sum_of_products_obeys_the_recursion_for_every_depth() -> None:
    chain = derive_sum(SUM)
    assert chain.reaches, chain.obstacle
    assert [found.lemma for found in chain.steps] == [None] * len(chain.steps)


@pytest.mark.parametrize(
    "rhs",
    [
        _sum(Sigma[h - 1], factors=(h + 1, L + 1)),
        _sum(Sigma[h - 1], factors=(h - 1, L + 1)),
        _sum(Sigma[h - 1], factors=(h, L - 1)),
        _sum(Sigma[h - 1], factors=(h, L + 2)),
        _sum(Sigma[h - 1], layers=(1, L)),
        _sum(Sigma[h - 1], layers=(2, L + 1)),
        _sum(Sigma[h - 1], layers=(1, L + 2)),
        _sum(Sigma[h]),
        _sum(Sigma[h - 1] ** 2),
        _sum(Sigma[h - 1]) * (1 + TINY),
        _sum(Sigma[h - 1]) + TINY,
        _sum(Sigma[h - 1]) + TINY * L,
        sp.Sum(Sigma[h - 1], (h, 1, L + 1)),
        sp.nan,
    ],
)
def test_a_false_sum_is_not_reached(rhs: sp.Expr) -> None:
    assert not derive_sum(replace(SUM, rhs=rhs)).reaches


def test_the_convention_about_the_last_factor_is_needed() -> None:
    assert not derive_sum(replace(SUM, where=())).reaches
    for value in (sp.S.Zero, sp.Integer(2), 1 + TINY):
        statement = replace(SUM, where=((Sigma_dot[L + 1], value),))
        assert not derive_sum(statement).reaches
        for route in IM_SUM.forms[0].routes:
            for point in getattr(route, "points", ()) or getattr(route, "spots", ()):
                assert compare(statement, point, digits=40).relation in {"less", "greater"}
    assert derive_sum(replace(SUM, where=(), rhs=_sum(Sigma[h - 1], factors=(h, L)))).reaches


@pytest.mark.parametrize(
    ("update", "base"),
    [
        (Theta * Sigma_dot[k] + Sigma[k - 1], Sigma[0]),
        (Theta * Sigma_dot[k - 1] + Sigma[k], Sigma[0]),
        (Theta * Sigma_dot[k] + Sigma[k], Sigma[1]),
        (Theta * Sigma_dot[k] + Sigma[k], sp.S.Zero),
        (Theta * (Sigma_dot[k] + TINY) + Sigma[k], Sigma[0]),
    ],
)
def test_a_false_recursion_is_not_reached(update: sp.Expr, base: sp.Expr) -> None:
    assert not derive_sum(replace(SUM, lhs=Iterate(update, Theta, k, base, L))).reaches


def test_a_recursion_to_another_depth_is_an_obstacle() -> None:
    for count in (L + 1, sp.Integer(3), L**2):
        assert "not a recursion" in derive_sum(replace(SUM, lhs=Iterate(*SUM.lhs.args[:4], count))).obstacle


def test_the_diagonal_grows_linearly_for_every_depth() -> None:
    chain = derive_diagonal(DIAGONAL)
    assert chain.reaches, chain.obstacle
    assert {found.lemma for found in chain.steps} == {None, "null set"}


@pytest.mark.parametrize(
    "rhs",
    [
        L * norm**2,
        (L + 2) * norm**2,
        L + 1,
        (L + 1) * norm,
        2**L * norm**2,
        (L + 1) * norm**2 * (1 + TINY),
        (L + 1) * norm**2 + TINY * L,
        (L + 1) * norm**2 + TINY * L * (L - 1) * (L - 2),
    ],
)
def test_a_false_diagonal_is_not_reached(rhs: sp.Expr) -> None:
    assert not derive_diagonal(replace(DIAGONAL, rhs=rhs)).reaches


def test_the_diagonal_needs_the_normalisation() -> None:
    half, _ = DIAGONAL.where
    for value in (sp.S.One, sp.Integer(2) + TINY):
        chain = derive_diagonal(replace(DIAGONAL, where=(half, (DIAGONAL.where[1][0], value))))
        assert not chain.reaches
    assert derive_diagonal(replace(DIAGONAL, where=(half, (DIAGONAL.where[1][0], sp.Integer(2))))).reaches


def test_other_activations_are_an_obstacle() -> None:
    tanh = DIAGONAL.lhs.replace(relu, sp.tanh)
    assert "no formula for the expectation of tanh(u)**2" in derive_diagonal(replace(DIAGONAL, lhs=tanh)).obstacle


def test_an_expectation_over_two_variables_is_an_obstacle() -> None:
    pair = Expect(relu(u) * relu(Theta), (u, Theta), [[1, 0], [0, 1]])
    lhs = Iterate(Sigma[0] + pair, Sigma[0].base.label, k, norm**2, L)
    assert not derive_diagonal(replace(DIAGONAL, lhs=lhs)).reaches
