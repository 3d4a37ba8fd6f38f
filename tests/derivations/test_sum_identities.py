"""Identities by the rules of finite sums hold for every number of terms, and the chain rule for an arbitrary loss."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import sum_identities
from derivations.losses import given_loss, label_loss, label_loss_slope
from numerics.balls import enclose
from verify.claim import Form
from verify.ledger.other_losses import DS_OTHER_LOSS
from verify.ledger.softmax import DS_PROP1_A, K, i, q, z
from verify.statement import Identity


def identity(form: Form) -> Identity:
    assert isinstance(form.statement, Identity)
    return form.statement


TINY = sp.Rational(1, 10**30)
JACOBIAN = identity(DS_PROP1_A.forms[0])
PRINTED, CORRECTED = map(identity, DS_OTHER_LOSS.forms)
u, y = sp.symbols("u y", real=True)


def test_the_jacobian_of_the_softmax_takes_one_step() -> None:
    chain = sum_identities.by_rules(JACOBIAN)
    assert chain.reaches
    assert len(chain.steps) == 1


@pytest.mark.parametrize("rhs", [(1 + TINY) * JACOBIAN.rhs, JACOBIAN.rhs + TINY, -JACOBIAN.rhs], ids=["·", "+", "-"])
def test_what_the_jacobian_is_not(rhs: sp.Expr) -> None:
    assert not sum_identities.by_rules(replace(JACOBIAN, rhs=rhs)).reaches


def test_an_index_needs_its_range() -> None:
    total = Identity(lhs=sp.Sum(q(i, z), (i, 1, K)), rhs=sp.S.One, where=JACOBIAN.where, domain=JACOBIAN.domain)
    assert sum_identities.by_rules(total).reaches
    assert sum_identities.by_rules(replace(total, domain=JACOBIAN.domain[:1])).obstacle


def test_the_loss_is_differentiated_where_the_linearised_network_is() -> None:
    assert sum_identities.by_rules(CORRECTED).reaches
    assert not sum_identities.by_rules(PRINTED).reaches


def test_the_slope_of_a_loss_comes_with_the_loss() -> None:
    point = {**given_loss(u, y, sp.exp(-u * y)), u: 2, y: -1}
    assert enclose(sp.Derivative(label_loss(u, y), u) - label_loss_slope(u, y), point).contains(0)
    assert enclose(label_loss_slope(u, y) - sp.exp(2), point).contains(0)


def test_nothing_is_known_of_second_derivatives() -> None:
    with pytest.raises(sp.core.function.ArgumentIndexError):
        label_loss_slope(u, y).fdiff(1)
    with pytest.raises(sp.core.function.ArgumentIndexError):
        label_loss(u, y).fdiff(2)
