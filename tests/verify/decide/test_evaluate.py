"""Slot expressions take their values by name, and say what they miss."""

import math
import warnings

import flint
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammainc

from derivations.expressions import Expect, relu
from verify.decide.evaluate import constant, number, on_balls, on_columns

x, y, u = sp.symbols("x y u", real=True)
m = sp.Symbol("m", integer=True, positive=True)
rho = sp.Symbol("rho", positive=True)
DRAWS = {"x": np.array([0.5, -2.0, 3.0]), "y": np.array([1.0, 2.0, 4.0])}
EXACT = {name: np.zeros(3) for name in DRAWS}


def test_parameters_and_columns_are_matched_by_name_whatever_the_assumptions():
    value = on_columns(m * sp.Abs(sp.Symbol("x", positive=True) - rho) + sp.Symbol("x"), {"m": 4, "rho": 0.5}, DRAWS)
    assert value.tolist() == [4 * abs(v - 0.5) + v for v in DRAWS["x"]]


def test_a_parameter_stands_for_the_exact_rational_its_double_is():
    assert constant(rho, {"rho": 0.1}) == flint.arb(flint.fmpq(3602879701896397, 36028797018963968))


def test_a_parameter_may_be_an_exact_number():
    assert constant(rho, {"rho": sp.Rational(1, 3)}).overlaps(flint.arb(1) / 3)


def test_parts_without_columns_are_enclosed_together_so_that_nothing_cancels():
    near = sp.Rational(10) ** 20
    value = on_columns(sp.Add(near * sp.sqrt(2), -near * sp.sqrt(2) + 1, x, evaluate=False), {}, DRAWS)
    assert value.tolist() == [1.5, -1.0, 4.0]


def test_gaussian_expectations_are_enclosed_from_their_definition():
    second_moment = Expect(relu(u) ** 2, (u,), [[rho]])
    assert on_columns(x - second_moment, {"rho": 0.5}, DRAWS) == pytest.approx(DRAWS["x"] - 0.25, abs=1e-15)


def test_a_measured_argument_inside_a_sum_over_a_parameter():
    N = sp.Symbol("N", integer=True, positive=True)
    law = sp.Sum(sp.binomial(m, N) / 2**m * sp.lowergamma(N, y) / sp.gamma(N), (N, 1, m))
    expected = [sum(math.comb(5, k) / 32 * gammainc(k, v) for k in range(1, 6)) for v in DRAWS["y"]]
    assert on_columns(law, {"m": 5}, DRAWS) == pytest.approx(expected, rel=1e-14)


def test_an_expression_without_columns_is_the_same_for_every_draw():
    assert on_columns(2 / sp.sqrt(m), {"m": 16}, DRAWS).tolist() == [0.5, 0.5, 0.5]


def test_texts_among_the_parameters_are_no_numbers_but_do_no_harm():
    assert number(m + 1, {"m": 2, "activation": "relu"}) == 3
    with pytest.raises(ValueError, match="'activation' in activation is neither a parameter \\(m\\)"):
        number(sp.Symbol("activation"), {"m": 2, "activation": "relu"})


def test_a_missing_column_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"'z' in .* is neither a parameter \(m\) nor a column \(x, y\)"):
        on_columns(x + sp.Symbol("z"), {"m": 2}, DRAWS)


def test_a_value_that_is_no_number_names_the_draw_and_warns_of_nothing_else():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="is not a finite number for draw 2"):
            on_columns(sp.sqrt(x), {}, DRAWS)


def test_a_function_numpy_does_not_know_is_an_error():
    with pytest.raises(ValueError, match="cannot compute"):
        on_columns(sp.Function("sigma")(x), {}, DRAWS)


@pytest.mark.parametrize("expr", [1 / (m - 1), 1 / (sp.sin(m) ** 2 + sp.cos(m) ** 2 - 1), sp.log(m - 1)])
def test_a_constant_without_a_finite_value_is_an_error(expr):
    with pytest.raises(ValueError, match="has no finite value"):
        constant(expr, {"m": 1})


columns = st.lists(st.floats(0.1, 10), min_size=3, max_size=3).map(np.array)


@settings(deadline=None)
@given(columns, columns, columns.map(lambda c: c / 1000))
def test_balls_hold_every_value_that_the_errors_allow(a, b, error):
    """Every function that balls know, between extremes of the recorded errors."""
    expr = (
        (sp.exp(-rho * x / 7) * sp.sqrt(y) + sp.Max(x, y, 2) ** 2 / y - sp.Min(x, rho) * sp.log(x) + sp.Abs(x - y))
        ** sp.Rational(1, 3)
        + sp.tanh(x) * sp.erf(y)
        - sp.sin(x)
        + sp.cos(y) * sp.sinh(x / 9) * sp.cosh(y / 9)
    )
    parameters = {"rho": 0.3}
    balls = on_balls(expr, parameters, {"x": a, "y": b}, {"x": error, "y": error * 0})
    for sign in (-1, 0, 1):
        values = on_columns(expr, parameters, {"x": a + sign * error, "y": b})
        for value, ball in zip(values.tolist(), balls, strict=True):
            assert ball.lower() - 1e-12 <= value <= ball.upper() + 1e-12


def test_exact_columns_give_exact_balls_where_the_arithmetic_is_exact():
    balls = on_balls(x * y * sp.exp(m - 1), {"m": 1}, DRAWS, EXACT)
    assert all(ball.is_exact() for ball in balls)
    assert balls == [flint.arb(value) for value in DRAWS["x"] * DRAWS["y"]]


def test_a_column_without_error_bounds_is_an_error():
    with pytest.raises(ValueError, match="no bound on the error of the column 'y'"):
        on_balls(x + y, {}, DRAWS, {"x": np.zeros(3)})


def test_a_function_balls_do_not_know_is_an_error():
    with pytest.raises(ValueError, match="cannot compute zeta of a measured quantity in ball arithmetic"):
        on_balls(sp.zeta(x), {}, DRAWS, EXACT)
