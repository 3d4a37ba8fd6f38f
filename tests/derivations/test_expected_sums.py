"""Sums of expectations over independent neurons."""

import sympy as sp

from derivations.expected_sums import by_expectations
from derivations.expressions import Expect, normal_cdf, relu
from verify.statement import Identity

m = sp.Symbol("m", integer=True, positive=True)
j = sp.Symbol("j", integer=True)
u, v, z = sp.symbols("u v z", real=True)
a = sp.IndexedBase("a", real=True)
SIZES = ((m, sp.S.Naturals), (a[j], sp.S.Reals))
SQUARES = sp.Sum(a[j] ** 2, (j, 1, m))


def _derive(lhs: sp.Expr, rhs: sp.Expr):
    return by_expectations(Identity(lhs=lhs, rhs=rhs, domain=SIZES))


def test_the_value_of_an_expectation_is_summed():
    chain = _derive(sp.Sum(a[j] ** 2 * Expect(relu(z) ** 2, (z,), [[1]]), (j, 1, m)), SQUARES / 2)
    assert all(step.closed for step in chain.steps)


def test_a_wrong_value_leaves_the_last_step_open():
    chain = _derive(sp.Sum(a[j] ** 2 * Expect(relu(z) ** 2, (z,), [[1]]), (j, 1, m)), SQUARES)
    assert [step.id for step in chain.steps if not step.closed] == ["statement"]


def test_an_expectation_without_a_formula_is_an_obstacle():
    for node in (Expect(normal_cdf(z), (z,), [[1]]), Expect(u * v, (u, v), [[1, 0], [0, 1]])):
        assert "no formula" in _derive(SQUARES * node, SQUARES).obstacle


def test_the_domain_has_to_say_what_the_symbols_are():
    statement = Identity(lhs=sp.Sum(Expect(z**2, (z,), [[1]]), (j, 1, m)), rhs=m)
    assert "says nothing about m" in by_expectations(statement).obstacle
