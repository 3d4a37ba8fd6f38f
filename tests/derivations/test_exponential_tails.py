"""A multiple of a thinner exponential tail lies below a thicker one, where it does."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.exponential_tails import dominates
from verify.ledger.demanded_width import IM_LARGE_EPSILON, C, epsilon, t
from verify.statement import Inequality

FORM = IM_LARGE_EPSILON.forms[1]
STATEMENT = FORM.statement


def tail(q):
    return 1 - sp.Integral(sp.exp(-t), (t, 0, q))


def test_one_neuron_is_off_more_often_than_any_constant_allows():
    chain = dominates(STATEMENT)
    assert chain.reaches
    assert {step.lemma for step in chain.steps if step.lemma} == {"monotonicity"}


@pytest.mark.parametrize("mutant", FORM.mutants, ids=lambda mutant: mutant.name)
def test_no_mutant_is_reached(mutant):
    assert not dominates(mutant.of(STATEMENT)).reaches


@pytest.mark.parametrize(
    "change",
    [
        {"lhs": 20 * STATEMENT.lhs},
        {"lhs": sp.exp(-epsilon / C)},
        {"rhs": -STATEMENT.rhs},
        {"rhs": STATEMENT.rhs - sp.Rational(1, 10**9)},
        {"rhs": sp.Integral(sp.exp(-t), (t, 0, epsilon))},
        {"rhs": 1 - sp.Integral(sp.exp(-2 * t), (t, 0, epsilon))},
        {"where": ((epsilon, 1 + C / 2),), "lhs": 4 * STATEMENT.lhs},
        {"domain": ()},
    ],
    ids=["factor", "exponent", "sign", "offset", "complement", "rate", "closer", "domain"],
)
def test_other_sides_are_not_reached(change):
    assert not dominates(replace(STATEMENT, **change)).reaches


@pytest.mark.parametrize(("a", "reached"), [(4, True), (sp.Rational(41, 10), False)])
def test_the_tangent_gives_up_a_factor_of_one_plus_the_gap(a, reached):
    p = sp.Symbol("p", positive=True)
    statement = Inequality(lhs=a * sp.exp(-p - 3), rhs=tail(p), domain=((p, sp.Interval.open(0, sp.oo)),))
    assert dominates(statement).reaches is reached
