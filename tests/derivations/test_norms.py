"""A matrix and its vectorisation have one norm, for every shape."""

from dataclasses import replace

import sympy as sp

from derivations import norms
from verify.ledger.linearisation import L12_NORM, W, d, j, k, m, p, theta

STATEMENT = L12_NORM.forms[1].statement
FROBENIUS = STATEMENT.rhs


def test_the_vectorisation_has_the_frobenius_norm() -> None:
    chain = norms.stretched(STATEMENT)
    assert chain.reaches
    assert {s.lemma for s in chain.steps} == {None, "reindexing"}


def test_the_printed_square_is_not_reached() -> None:
    assert not norms.stretched(L12_NORM.forms[0].statement).reaches


def test_a_coefficient_that_is_almost_one_is_not_reached() -> None:
    assert not norms.stretched(replace(STATEMENT, rhs=FROBENIUS * (1 + sp.Rational(1, 10**30)))).reaches


def test_stacking_the_rows_in_the_formula_for_columns_is_not_reached() -> None:
    place = sp.floor((p - 1) / m)
    rows = ((theta(p), W[1 + place, p - m * place]),)
    assert not norms.stretched(replace(STATEMENT, where=rows)).reaches


def test_a_sum_that_leaves_out_places_is_an_obstacle() -> None:
    for low, high in ((2, m * d), (1, m * d - 1)):
        short = replace(STATEMENT, lhs=sp.sqrt(sp.Sum(theta(p) ** 2, (p, low, high))))
        assert norms.stretched(short).obstacle


def test_other_functions_of_the_entries_are_reached_too() -> None:
    absolute = replace(
        STATEMENT,
        lhs=sp.Sum(sp.Abs(theta(p)), (p, 1, m * d)),
        rhs=sp.Sum(sp.Abs(W[j, k]), (k, 1, d), (j, 1, m)),
    )
    assert norms.stretched(absolute).reaches
