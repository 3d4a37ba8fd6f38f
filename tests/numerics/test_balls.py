"""Enclosures of expressions: they contain the true value, are as narrow as asked, and fail loudly or widely."""

from fractions import Fraction

import flint
import mpmath
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import Iterate, relu, step
from numerics.balls import Evaluator, enclose, is_within

x, y = sp.symbols("x y", real=True)
i, j, k, n = sp.symbols("i j k n", integer=True)
X = sp.IndexedBase("X")
ONE_BY_ROUNDING = sp.sin(x) ** 2 + sp.cos(x) ** 2
"""Equal to 1, which no ball can tell."""
HALF = sp.Rational(1, 2)


def width(ball: arb) -> float:
    return float(ball.rad())


def is_exactly(ball: arb, value: object) -> bool:
    return bool(ball.is_exact() and ball == arb(fmpq(Fraction(value).numerator, Fraction(value).denominator)))


# --- the value is inside -------------------------------------------------------------------------------------------

UNARY = [
    (sp.sin, mpmath.sin),
    (sp.cos, mpmath.cos),
    (sp.atan, mpmath.atan),
    (sp.tanh, mpmath.tanh),
    (sp.erf, mpmath.erf),
    (sp.Abs, abs),
    (lambda e: sp.exp(-(e**2)), lambda t: mpmath.exp(-(t**2))),
    (lambda e: sp.sqrt(1 + e**2), lambda t: mpmath.sqrt(1 + t**2)),
    (lambda e: sp.log(2 + sp.sin(e)), lambda t: mpmath.log(2 + mpmath.sin(t))),
    (lambda e: sp.acos(e / (1 + sp.Abs(e))), lambda t: mpmath.acos(t / (1 + abs(t)))),
    (lambda e: sp.asin(sp.tanh(e)), lambda t: mpmath.asin(mpmath.tanh(t))),
    (lambda e: (1 + sp.Abs(e)) ** sp.Rational(-5, 3), lambda t: (1 + abs(t)) ** (-mpmath.mpf(5) / 3)),
    (lambda e: relu(e - 1) + relu(1 - e), lambda t: abs(t - 1)),
]
BINARY = [
    (sp.Add, lambda s, t: s + t),
    (lambda a, b: a - b, lambda s, t: s - t),
    (sp.Mul, lambda s, t: s * t),
    (lambda a, b: a / (1 + b**2), lambda s, t: s / (1 + t**2)),
    (sp.Max, max),
    (sp.Min, min),
]


def expressions() -> st.SearchStrategy:
    """Pairs: an expression in x, and how mpmath computes it, which shares no code with ours."""
    constants = st.fractions(-3, 3, max_denominator=20).map(
        lambda q: (sp.Rational(q.numerator, q.denominator), lambda _: mpmath.mpf(q.numerator) / q.denominator)
    )
    leaves = st.just((x, lambda t: t)) | constants

    def grow(inner: st.SearchStrategy) -> st.SearchStrategy:
        unary = st.tuples(st.sampled_from(UNARY), inner).map(
            lambda p: (p[0][0](p[1][0]), lambda t: p[0][1](p[1][1](t)))
        )
        binary = st.tuples(st.sampled_from(BINARY), inner, inner).map(
            lambda p: (p[0][0](p[1][0], p[2][0]), lambda t: p[0][1](p[1][1](t), p[2][1](t)))
        )
        return unary | binary

    return st.recursive(leaves, grow, max_leaves=8)


@given(expressions(), st.fractions(-2, 2, max_denominator=100))
@settings(deadline=None)
def test_an_enclosure_contains_the_value_and_is_as_narrow_as_asked(pair, at):
    expr, function = pair
    ball = enclose(expr, {x: at}, digits=30)
    with mpmath.workdps(80), flint.ctx.workdps(100):
        value = function(mpmath.mpf(at.numerator) / at.denominator)
        assert arb(value, 1e-60 * (1 + abs(float(value)))).overlaps(ball)
    assert is_within(ball, 30)


def test_precision_rises_until_the_radius_is_small():
    ball = enclose(sp.sin(x), {x: 10**100}, digits=30)  # forty digits of 10^100 say nothing about its sine
    with mpmath.workdps(200):
        assert abs(mpmath.mpf(ball.mid().str(60, radius=False)) - mpmath.sin(mpmath.mpf(10) ** 100)) < 1e-30


def test_the_best_ball_is_returned_when_the_precision_runs_out():
    ball = enclose(sp.sin(x), {x: 10**100}, digits=30, max_digits=50)
    assert ball.contains(0)
    assert not is_within(ball, 30)


def test_a_measured_value_keeps_its_radius():
    ball = enclose(2 * x, {x: arb(1, 1e-6)}, digits=30)
    assert 1.9e-6 < width(ball) < 2.1e-6


# --- values of symbols ----------------------------------------------------------------------------------------------


def test_a_symbol_is_found_by_name_when_its_assumptions_differ():
    assert is_exactly(enclose(x + 1, {sp.Symbol("x"): Fraction(1, 2)}), Fraction(3, 2))


def test_the_symbol_itself_goes_before_its_namesake():
    assert is_exactly(enclose(x, {sp.Symbol("x"): 1, x: 2}), 2)


def test_two_namesakes_are_ambiguous():
    with pytest.raises(LookupError, match="several values under the name x"):
        enclose(sp.Symbol("x", positive=True), {sp.Symbol("x"): 1, x: 2})


def test_a_symbol_without_value_is_named():
    with pytest.raises(LookupError, match="the symbol y has no value"):
        enclose(x + y, {x: 1})


def test_an_entry_without_value_is_named():
    with pytest.raises(LookupError, match=r"X\[2\] has no value"):
        enclose(X[1] + X[2], {X: {1: 1}})


def test_a_floating_point_number_in_an_expression_is_the_binary_fraction_it_is():
    assert is_exactly(enclose(sp.Float(0.1) * 4, {}), Fraction(0.1) * 4)


def test_a_float_is_no_exact_value():
    with pytest.raises(TypeError, match="neither an exact rational number nor a ball"):
        enclose(x, {x: 0.1})


@pytest.mark.parametrize("unknown", [sp.Function("f")(x), sp.Derivative(sp.Function("g")(x), x), sp.besselj(0, x)])
def test_an_unknown_construct_is_named(unknown):
    with pytest.raises(TypeError, match=f"no enclosure is known for .*{type(unknown).__name__}"):
        enclose(1 + unknown, {x: 1})


# --- sums, products, families ---------------------------------------------------------------------------------------


def test_sums_unfold_at_the_value_of_their_bounds():
    assert is_exactly(enclose(sp.Sum(k**2, (k, 1, n)), {n: 10}), 385)


def test_inner_bounds_may_depend_on_outer_indices():
    triangle = sp.Sum(X[i, j], (i, 1, j), (j, 1, n))  # the last limit is the outermost
    entries = {(a, b): Fraction(a, b) for a in range(1, 4) for b in range(1, 4)}
    assert is_exactly(enclose(triangle, {X: entries, n: 3}), 1 + Fraction(3, 2) + 2)


def test_an_empty_product_is_one_and_an_empty_sum_zero():
    assert is_exactly(enclose(sp.Product(X[k], (k, n + 1, n)), {X: {}, n: 3}), 1)
    assert is_exactly(enclose(sp.Sum(X[k], (k, n + 1, n)), {X: {}, n: 3}), 0)


def test_a_sum_of_products_with_bounds_that_depend_on_the_index():
    nested = sp.Sum(X[i] * sp.Product(X[j], (j, i + 1, n)), (i, 1, n))
    assert is_exactly(enclose(nested, {X: {1: 2, 2: 3, 3: 5}, n: 3}), 2 * 3 * 5 + 3 * 5 + 5)


def test_a_bound_variable_hides_a_symbol_of_the_point():
    assert is_exactly(enclose(k * sp.Sum(k, (k, 1, 3)), {k: 10}), 60)


def test_a_bound_that_is_no_integer_is_refused():
    with pytest.raises(ValueError, match="must be an integer"):
        enclose(sp.Sum(k, (k, 1, n)), {n: HALF})


def test_long_sums_of_fractions_become_balls_before_they_become_slow():
    ball = enclose(sp.Sum(1 / k, (k, 1, n)), {n: 20_000})
    with mpmath.workdps(40):
        assert abs(mpmath.mpf(ball.mid().str(40, radius=False)) - mpmath.harmonic(20_000)) < 1e-35


def test_integers_are_recognised_and_others_refused():
    evaluate = Evaluator({n: 7})
    assert evaluate.integer(sp.binomial(n, 2) + sp.factorial(3) + sp.floor(n / 2)) == 21 + 6 + 3
    with pytest.raises(ValueError, match="must be an integer"):
        evaluate.integer(sp.sqrt(n))


# --- edges of domains -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "at", "value"),
    [(sp.sqrt(1 - x**2), 1, 0), (sp.acos(x), 1, 0), (sp.sqrt(x), Fraction(9, 4), Fraction(3, 2)), (x**0, 0, 1)],
)
def test_values_at_the_edge_are_exact(expr, at, value):
    assert is_exactly(enclose(expr, {x: at}), value)


def test_rationals_are_not_rounded_before_the_end():
    assert Evaluator({x: Fraction(4, 9)}).value(1 / sp.sqrt(x) - x) == fmpq(3, 2) - fmpq(4, 9)


def test_arcs_at_the_edge_are_multiples_of_pi():
    assert enclose(sp.acos(x) - sp.pi, {x: -1}).contains(0)
    assert enclose(sp.asin(x) - sp.pi / 2, {x: 1}).contains(0)


@pytest.mark.parametrize(
    "zero", [sp.sqrt(1 - ONE_BY_ROUNDING), sp.acos(ONE_BY_ROUNDING), sp.asin(ONE_BY_ROUNDING) - sp.pi / 2]
)
def test_an_argument_that_rounding_puts_across_the_edge_is_cut_back(zero):
    ball = enclose(zero, {x: 1}, digits=30)
    assert ball.contains(0)
    assert is_within(ball, 30)


@pytest.mark.parametrize("undefined", [sp.sqrt(x), sp.log(x), sp.acos(x - 1), 1 / (x + 1), (x + 1) ** -HALF])
def test_outside_the_domain_nothing_is_known(undefined):
    assert not enclose(undefined, {x: -1}).is_finite()


# --- kinks and branches ---------------------------------------------------------------------------------------------


def test_the_relu_and_its_derivative_take_their_sides():
    assert is_exactly(enclose(relu(x) + 10 * step(x), {x: -3}), 0)
    assert is_exactly(enclose(relu(x) + 10 * step(x), {x: 3}), 13)
    assert is_exactly(enclose(relu(x) + 10 * step(x), {x: 0}), 10)


def test_a_jump_inside_the_ball_gives_the_hull_of_both_sides():
    ball = enclose(step(ONE_BY_ROUNDING - 1), {x: 1})
    assert ball.contains(0)
    assert ball.contains(1)


def test_a_kink_inside_the_ball_costs_nothing():
    assert is_within(enclose(relu(ONE_BY_ROUNDING - 1) + sp.Abs(1 - ONE_BY_ROUNDING), {x: 1}), 30)


def test_a_piecewise_takes_the_branch_that_holds():
    expr = sp.Piecewise((1, x < 0), (2, sp.And(x >= 0, x < 1)), (3, True))
    assert [float(enclose(expr, {x: at})) for at in (-1, 0, HALF, 1)] == [1, 2, 2, 3]


def test_an_undecided_piecewise_is_the_hull_of_its_possible_branches():
    ball = enclose(sp.Piecewise((1, ONE_BY_ROUNDING < 1), (2, x > 0), (7, True)), {x: 1})
    assert ball.contains(1)
    assert ball.contains(2)
    assert not ball.contains(7)


def test_a_piecewise_without_a_branch_that_holds_is_unknown():
    assert not enclose(sp.Piecewise((1, x < 0)), {x: 1}).is_finite()


# --- recursions -----------------------------------------------------------------------------------------------------


def test_a_recursion_is_enclosed_step_by_step():
    square = Iterate(x**2 + k, x, k, y, n)
    assert is_exactly(enclose(square, {y: HALF, n: 2}), (Fraction(1, 4) + 1) ** 2 + 2)


def test_a_recursion_stays_exact_as_long_as_its_values_are_rational():
    arc_cosine = (sp.sqrt(1 - x**2) + x * (sp.pi - sp.acos(x))) / sp.pi
    assert is_exactly(enclose(Iterate(arc_cosine, x, k, y, n), {y: 1, n: 50}), 1)


@pytest.mark.parametrize("ends", [(0, 1), (1, 0), (sp.Rational(1, 3), -2), (2, 2)])
def test_a_definite_integral_is_that_of_its_antiderivative_in_either_direction(ends):
    x, c = sp.symbols("x c", real=True)
    integral = sp.Integral(c * sp.exp(x) + x**2, (x, *ends))
    exact = enclose(integral.doit(), {c: 3})
    assert enclose(integral, {c: 3}).overlaps(exact)


def test_an_indefinite_or_improper_integral_has_no_enclosure():
    x = sp.Symbol("x", real=True)
    with pytest.raises(TypeError):
        enclose(sp.Integral(x, x), {x: 1})
    with pytest.raises((TypeError, LookupError)):
        enclose(sp.Integral(sp.exp(-x), (x, 0, sp.oo)), {})
