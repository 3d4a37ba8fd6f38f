"""Positive homogeneity of ReLU networks: positive factors come out, others do not."""

from dataclasses import replace

import sympy as sp

from derivations.homogeneity import positively_homogeneous
from verify.ledger.network_features import L12_DEF_NETWORK, c

STATEMENT = L12_DEF_NETWORK.forms[0].statement


def test_a_positive_factor_of_the_weights_is_one_of_the_output() -> None:
    assert positively_homogeneous(STATEMENT).reaches


def test_a_factor_of_either_sign_is_not() -> None:
    real = sp.Symbol("c", real=True)
    sides = {"lhs": STATEMENT.lhs.xreplace({c: real}), "rhs": STATEMENT.rhs.xreplace({c: real})}
    domain = (*STATEMENT.domain, (real, sp.S.Reals))
    chain = positively_homogeneous(replace(STATEMENT, **sides, domain=domain))
    assert [step.id for step in chain.steps if not step.closed] == ["sums"]


def test_the_sign_of_a_factor_has_to_be_in_the_domain() -> None:
    domain = tuple((key, sp.S.Reals if key == c else values) for key, values in STATEMENT.domain)
    assert "positive" in positively_homogeneous(replace(STATEMENT, domain=domain)).obstacle
