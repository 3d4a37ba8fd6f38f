"""Bounds of the sigmoid and its derivatives: the best constants, and none that is smaller."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.activation_bounds import bounded
from derivations.expressions import relu
from verify.ledger.network_definition import BE_DEF_NET, sigma, z

BOUNDS = [form.statement for form in BE_DEF_NET.forms[1:]]
TINY = sp.Rational(1, 10**30)


@pytest.mark.parametrize("statement", BOUNDS, ids=["value", "first", "second"])
def test_the_best_constants_are_derived_and_no_smaller_ones(statement) -> None:
    assert bounded(statement).reaches
    assert not bounded(replace(statement, rhs=statement.rhs * (1 - TINY))).reaches
    assert not bounded(replace(statement, rhs=-statement.rhs)).reaches


def test_the_relu_is_not_bounded() -> None:
    assert not bounded(replace(BOUNDS[0], where=((sigma(z), relu(z)),))).reaches
