"""What a derivation assumes of symbols, families and functions has to follow from the domain of the statement."""

import pytest
import sympy as sp

from derivations.domain import unfounded
from verify.statement import Identity

i, j = sp.symbols("i j", integer=True)
x = sp.Symbol("x", real=True)
p = sp.Symbol("p", positive=True)
a, b = sp.IndexedBase("a", positive=True), sp.IndexedBase("b", real=True)
F, G = sp.Function("F", real=True), sp.Function("G", positive=True)
POSITIVE, NONNEGATIVE = sp.Interval.open(0, sp.oo), sp.Interval(0, sp.oo)


def obstacle(side: sp.Expr, *domain: tuple[sp.Basic, sp.Set]) -> str:
    return unfounded(Identity(lhs=side, rhs=sp.S.One, domain=domain))


@pytest.mark.parametrize(("quantity", "key"), [(p, p), (a[1], a[i]), (sp.Sum(a[j], (j, 1, 3)), a[i]), (G(2), G(x))])
def test_a_domain_wider_than_the_assumption_is_an_obstacle(quantity: sp.Expr, key: sp.Expr) -> None:
    others = ((x, sp.S.Reals),)
    assert not obstacle(quantity, (key, POSITIVE), *others)
    for wider in (NONNEGATIVE, sp.S.Reals, sp.Interval(-1, sp.oo), sp.S.Complexes):
        assert "taken to be positive" in obstacle(quantity, (key, wider), *others)


def test_what_has_no_set_is_an_obstacle_but_for_a_real_function() -> None:
    assert "nothing about p" in obstacle(p)
    assert "nothing about a[1]" in obstacle(a[1])
    assert "nothing about a[1]" in obstacle(a[1], (a[2], POSITIVE))
    assert not obstacle(a[1], (a[1], POSITIVE))
    assert not obstacle(F(1))
    assert "taken to be positive" in obstacle(G(1))


@pytest.mark.parametrize(("quantity", "key"), [(x, x), (b[1], b[i]), (F(1), F(1))])
def test_what_may_vanish_is_not_divided_by(quantity: sp.Expr, key: sp.Expr) -> None:
    assert "divides by it" in obstacle(1 / quantity, (key, sp.S.Reals))
    assert not obstacle(quantity**2, (key, sp.S.Reals))


def test_what_is_defined_counts_even_where_the_sides_cancel_it() -> None:
    q = sp.Symbol("q", positive=True)
    both = {"lhs": q / p - q / p + x, "rhs": x, "where": ((q, p**2),)}
    assert "nothing about p" in unfounded(Identity(**both, domain=((x, sp.S.Reals),)))
    assert not unfounded(Identity(**both, domain=((x, sp.S.Reals), (p, POSITIVE))))


def test_a_sign_that_is_used_in_putting_a_definition_in_has_to_be_declared() -> None:
    """max(-a_1, 0) is 0 as soon as a_1 is put in, and a is seen no more."""
    value = sp.Function("V", real=True)
    cut = {"lhs": F(1), "rhs": sp.S.Zero, "where": ((F(i), sp.Max(value(i), 0)), (value(i), -a[i]))}
    assert "nothing about a[i]" in unfounded(Identity(**cut, domain=()))
    assert "taken to be positive" in unfounded(Identity(**cut, domain=((a[j], sp.S.Reals),)))
    assert not unfounded(Identity(**cut, domain=((a[j], POSITIVE),)))
