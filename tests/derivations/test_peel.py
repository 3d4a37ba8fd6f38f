"""A last term is split off where there is one for certain, and nowhere else."""

import sympy as sp

from derivations.expressions import Iterate
from derivations.peel import peel
from derivations.regularity import first_irregular

n = sp.Symbol("n", integer=True, nonnegative=True)
h, k = sp.symbols("h k", integer=True)
T = sp.Symbol("T")
f, g = sp.IndexedBase("f"), sp.IndexedBase("g")


def test_the_last_term_of_a_sum_and_the_last_factor_of_a_product() -> None:
    assert peel(sp.Sum(f[h], (h, 1, n + 1))) == f[n + 1] + sp.Sum(f[h], (h, 1, n))
    assert peel(sp.Product(f[h], (h, 0, n))) == f[n] * sp.Product(f[h], (h, 0, n - 1))


def test_a_sum_that_may_be_empty_is_left_alone() -> None:
    for lower in (1, 2, n + 2):
        assert peel(sp.Sum(f[h], (h, lower, n))) == sp.Sum(f[h], (h, lower, n))


def test_an_empty_sum_and_an_empty_product() -> None:
    assert peel(sp.Sum(f[h], (h, n + 1, n))) == 0
    assert peel(sp.Product(f[h], (h, 1, 0))) == 1


def test_an_inverted_range_is_not_taken_for_an_empty_one() -> None:
    inverted = sp.Product(f[h], (h, n + 2, n))
    assert peel(inverted) == inverted


def test_inside_a_sum_the_range_of_its_variable_counts() -> None:
    total = sp.Sum(f[h] * sp.Product(g[k], (k, h, n + 1)), (h, 1, n + 1))
    factor_split_off = g[n + 1] * sp.Sum(f[h] * sp.Product(g[k], (k, h, n)), (h, 1, n))
    assert peel(total) == factor_split_off + f[n + 1] * g[n + 1]
    starting_later = sp.Sum(f[h] * sp.Product(g[k], (k, h + 1, n)), (h, 1, n))
    assert peel(starting_later) == starting_later


def test_only_the_kinds_asked_for() -> None:
    total = sp.Sum(f[h] * sp.Product(g[k], (k, h, n + 1)), (h, 1, n + 1))
    assert peel(total, kinds=(sp.Product,)) == sp.Sum(g[n + 1] * f[h] * sp.Product(g[k], (k, h, n)), (h, 1, n + 1))


def test_the_last_update_of_a_recursion() -> None:
    def recursion(count: sp.Expr) -> Iterate:
        return Iterate(T * f[k] + k, T, k, g[0], count)

    assert peel(recursion(n + 1)) == recursion(n) * f[n + 1] + n + 1
    assert peel(recursion(sp.S.Zero)) == g[0]
    assert peel(recursion(n)) == recursion(n)


def test_smoothness_is_looked_for_between_the_ends_only() -> None:
    x = sp.Symbol("x", real=True)
    zero, one = sp.S.Zero, sp.S.One
    assert first_irregular([1 / x, sp.log(x)], (x, zero, one)) == 0
    assert first_irregular([sp.acos(x)], (x, -one, one)) == 0
    assert first_irregular([sp.acos(x)], (x, -one, sp.Integer(2))) == 1 - x**2
    assert first_irregular([sp.sqrt(x)], (x, -one, zero)) == x
    assert first_irregular([1 / (1 + x**2)], (x, -sp.oo, sp.oo)) == 0
    assert first_irregular([sp.floor(x)], (x, zero, one)) == sp.floor(x)
