"""A point is outside a domain only where a value certainly is; functions and derivatives have values at points."""

import sympy as sp

from numerics import balls
from verify.domain import inside
from verify.enclosure import at
from verify.statement import Statement

x, y = sp.symbols("x y", real=True)
i, j = sp.symbols("i j", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
a, b = sp.IndexedBase("a"), sp.IndexedBase("b")
F = sp.Function("F")


def over(*domain: tuple[sp.Basic, sp.Set]) -> Statement:
    return Statement(domain=domain)


def test_a_symbol_lies_in_its_set_or_not() -> None:
    cube = over((x, sp.FiniteSet(-1, 1)))
    assert inside(cube, {x: 1})
    assert not inside(cube, {x: 2})
    assert not inside(over((n, sp.S.Naturals)), {n: 0})
    assert not inside(over((x, sp.Interval.open(0, 1))), {x: 1})
    assert inside(over((x, sp.Interval(0, 1))), {x: 1})


def test_the_ends_of_a_set_may_be_other_symbols() -> None:
    below = over((y, sp.S.Reals), (x, sp.Interval(-y, y)))
    assert inside(below, {x: -1, y: 1})
    assert not inside(below, {x: -2, y: 1})


def test_every_entry_of_a_family_counts() -> None:
    unit = over((a[i], sp.Interval(-1, 1)))
    assert inside(unit, {a: {1: 1, 2: -1}})
    assert not inside(unit, {a: {1: 1, 2: -2}})


def test_an_expression_counts_for_every_value_of_its_free_index() -> None:
    rows = over((sp.Sum(b[i, j] ** 2, (j, 1, n)), sp.Interval(0, 1)))
    assert inside(rows, {n: 2, b: {(1, 1): 1, (1, 2): 0, (2, 1): 0, (2, 2): -1}})
    assert not inside(rows, {n: 2, b: {(1, 1): 1, (1, 2): 0, (2, 1): 1, (2, 2): 1}})


def test_a_set_may_hold_an_expression() -> None:
    gram = over((sp.Sum(b[i, j] * b[i, 1], (i, 1, n)), sp.FiniteSet(sp.KroneckerDelta(j, 1))))
    assert inside(gram, {n: 2, b: {(1, 1): 0, (2, 1): 1, (1, 2): 1, (2, 2): 0}})
    assert not inside(gram, {n: 2, b: {(1, 1): 1, (2, 1): 1, (1, 2): 1, (2, 2): 0}})


def test_what_has_no_value_does_not_exclude_a_point() -> None:
    assert inside(over((x, sp.FiniteSet(1)), (F(y), sp.Interval(0, 1))), {})
    assert inside(over(), {x: 5})


def test_a_function_takes_its_formula_from_the_point() -> None:
    assert balls.enclose(F(x) + F(2), {F: sp.Lambda(y, y**2), x: 3}) == 13
    assert at({F: sp.Lambda(y, y**2)}) == {"F(y)": "y²"}


def test_a_derivative_by_an_entry_of_a_family_has_a_value() -> None:
    slope = sp.Derivative(sp.Sum(a[i] ** 2, (i, 1, 3)), a[j])
    assert balls.enclose(sp.Sum(slope * j, (j, 1, 3)), {a: {1: 1, 2: 2, 3: 3}}) == 28


def test_a_derivative_of_a_function_is_that_of_its_formula() -> None:
    assert balls.enclose(sp.Derivative(F(x), x), {F: sp.Lambda(y, y**3), x: 2}) == 12
