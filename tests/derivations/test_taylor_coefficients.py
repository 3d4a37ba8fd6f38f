"""Taylor coefficients as SymPy nodes: they enclose what the series are known to have."""

import math

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations.taylor_coefficients import TaylorCoefficient
from numerics.balls import enclose

u, v = sp.symbols("u v", real=True)
j = sp.Symbol("j", integer=True, nonnegative=True)
ORDERS = st.integers(0, 30)


def coefficient(function: sp.Expr, centre: object, order: int) -> float:
    return float(enclose(TaylorCoefficient(function, u, sp.Rational(centre), j), {j: order}).mid())


@given(ORDERS)
def test_those_of_the_exponential_are_the_inverse_factorials(order: int) -> None:
    assert coefficient(sp.exp(u), 0, order) == pytest.approx(1 / math.factorial(order))


@given(ORDERS, st.fractions(-1, 1, max_denominator=7))
def test_those_of_a_geometric_series_are_the_powers_of_the_distance_to_its_pole(order: int, centre: object) -> None:
    assert coefficient(1 / (2 - u), centre, order) == pytest.approx(1 / float(2 - sp.Rational(centre)) ** (order + 1))


@pytest.mark.parametrize("function", [sp.asin(u), u * sp.acos(u), sp.log(2 + u), sp.sqrt(1 - u**2), (1 - u**2) ** -1.5])
def test_the_first_ones_are_those_of_sympy(function: sp.Expr) -> None:
    function = sp.nsimplify(function)
    for order in range(5):
        expected = sp.diff(function, u, order).subs(u, sp.Rational(1, 3)) / sp.factorial(order)
        assert coefficient(function, "1/3", order) == pytest.approx(float(expected), abs=1e-14)


def test_a_constant_has_one() -> None:
    assert [coefficient(sp.pi + 0 * u, 0, order) for order in (0, 1)] == [pytest.approx(math.pi), 0]


def test_other_symbols_are_free_and_the_variable_is_not() -> None:
    node = TaylorCoefficient(sp.sqrt(1 + v * u), u, 0, j)
    assert node.free_symbols == {v, j}
    assert node.subs(u, 2) == node
    assert enclose(node, {v: 2, j: 1}).overlaps(1)


def test_a_function_without_a_series_here_is_refused() -> None:
    with pytest.raises(TypeError, match="no Taylor series is known for gamma"):
        enclose(TaylorCoefficient(sp.gamma(u), u, 1, 2), {})


def test_the_variable_is_a_symbol() -> None:
    with pytest.raises(ValueError, match="a Taylor series is one in a symbol"):
        TaylorCoefficient(u, u + 1, 0, 1)
