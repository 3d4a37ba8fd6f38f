"""Bounds of dual functions at complex correlations: above the closed forms, and refused where nothing converges."""

import flint
import pytest
import sympy as sp
from flint import acb, arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import Expect, normal_cdf, relu, step
from numerics.balls import Evaluator
from numerics.continuation import Angle, by_density, by_entire_functions, by_polar_coordinates
from numerics.elementary import Holomorphic, NotAnalytic
from numerics.entire import entire_growth
from numerics.gaussian import Factor
from numerics.smoothing import OutsideClass

u, v, z, rho = sp.symbols("u v z rho", real=True)
theta = Angle("theta", real=True)
KINKED = {
    "step": (step(z), lambda t: (acb.pi() - t) / (2 * acb.pi())),
    "relu": (relu(z), lambda t: (t.sin() + t.cos() * (acb.pi() - t)) / (2 * acb.pi())),
    "|·|": (sp.Abs(z), lambda t: 2 / acb.pi() * (t.sin() + t.cos() * (acb.pi() / 2 - t))),
    "leaky": (
        relu(z) - relu(-z) / 2,
        lambda t: ((t.sin() + t.cos() * (acb.pi() - t)) * fmpq(5, 4) - (t.sin() - t.cos() * t)) / (2 * acb.pi()),
    ),
}
ENTIRE = {
    "erf": (sp.erf(z), lambda r: 2 / acb.pi() * (2 * r / 3).asin()),
    "bell": (sp.exp(-(z**2)), lambda r: 1 / (9 - 4 * r * r).sqrt()),
    "Φ": (normal_cdf(z).rewrite(sp.erf), lambda r: acb(1) / 4 + (r / 2).asin() / (2 * acb.pi())),
    "GELU": (
        (z * normal_cdf(z)).rewrite(sp.erf),
        lambda r: r / 4 + r * (r / 2).asin() / (2 * acb.pi()) + 1 / (2 * acb.pi() * (4 - r * r).sqrt()),
    ),
    "cos": (sp.cos(z), lambda r: r.cosh() / acb(1).exp()),
    "cubic": (z**3 - z, lambda r: 6 * r**3 + 4 * r),
}
reals = st.fractions(max_denominator=100)


def pair(f: sp.Expr) -> tuple[Factor, Factor]:
    return Factor(f, z, fmpq(1)), Factor(f, z, fmpq(1))


def exact(*parts) -> acb:
    return acb(*(arb(fmpq(part.numerator, part.denominator)) for part in parts))


# --- each formula bounds the closed form, continued ------------------------------------------------------------------


@pytest.mark.parametrize("name", KINKED)
@given(st.fractions(-1, 4, max_denominator=50), st.fractions(-3, 3, max_denominator=50))
@settings(deadline=None, max_examples=40)
def test_in_the_angle_the_polar_formula_bounds_the_closed_form_beyond_the_ends_too(name, x, y):
    f, closed = KINKED[name]
    assert abs(closed(exact(x, y))).lower() <= by_polar_coordinates(*pair(f), exact(x, y), Evaluator({}))


@pytest.mark.parametrize("name", KINKED)
@given(st.fractions("-99/100", "99/100", max_denominator=100), st.fractions(-3, 3, max_denominator=50))
@settings(deadline=None, max_examples=40)
def test_in_the_strip_the_density_bounds_the_closed_form(name, x, y):
    f, closed = KINKED[name]
    assert abs(closed(exact(x, y).acos())) <= by_density(*pair(f), exact(x, y), Evaluator({}))


@pytest.mark.parametrize("name", ENTIRE)
@given(st.fractions("-99/100", "99/100", max_denominator=100), st.fractions(-1, 1, max_denominator=50))
@settings(deadline=None, max_examples=40)
def test_for_entire_functions_both_formulas_bound_the_closed_form_in_the_strip(name, x, y):
    f, closed = ENTIRE[name]
    assert abs(closed(exact(x, y))) <= by_density(*pair(f), exact(x, y), Evaluator({}))
    bound = by_entire_functions(*pair(f), exact(x, y), Evaluator({}))
    assert not bound.is_finite() or abs(closed(exact(x, y))) <= bound


@pytest.mark.parametrize(
    ("name", "end"), [("erf", "3/2"), ("bell", "3/2"), ("Φ", 2), ("GELU", 2), ("cos", 9), ("cubic", 9)]
)
def test_for_entire_functions_the_bound_reaches_as_far_as_the_closed_form_does(name, end):
    f, closed = ENTIRE[name]
    for share in (fmpq(1), fmpq(9, 10), fmpq(99, 100)):
        for sign in (1, -1):
            at = acb(sign * share * (fmpq(3, 2) if end == "3/2" else fmpq(end))) if share != 1 else acb(sign)
            bound = by_entire_functions(*pair(f), at, Evaluator({}))
            assert bound.is_finite()
            assert abs(closed(at)) <= bound


def test_other_variances_scale_the_functions():
    f = Factor(relu(z), z, fmpq(4)), Factor(relu(z), z, fmpq(9))
    for way, at in ((by_polar_coordinates, acb(1, 1)), (by_density, acb(0, 1))):
        ratio = way(*f, at, Evaluator({})) / way(*pair(relu(z)), at, Evaluator({}))
        assert abs(ratio - 6) < 1e-9


# --- growth off the axis ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [sp.erf(2 * z - 1), z**3 * sp.erf(z), sp.exp(-3 * z**2 + z), (1 + sp.sin(3 * z)) ** 2, sp.cos(z - 1) * z],
    ids=str,
)
@given(st.floats(-4, 4), st.floats(-4, 4))
@settings(deadline=None, max_examples=40)
def test_an_entire_function_is_below_its_growth(f, x, y):
    at, scale = acb(x, y), arb(1.5)
    bound = entire_growth(f, z, scale, Evaluator({}))
    value = Evaluator({z: Holomorphic(at * scale)}).value(f).ball
    assert abs(value).lower() <= bound.size * (bound.imaginary * at.imag**2 + bound.linear * abs(at)).exp()


@pytest.mark.parametrize(
    "f", [relu(z), sp.Abs(z), sp.tanh(z), sp.exp(z**2 / 9), sp.erf(z**2), 1 / (1 + z**2), sp.sqrt(z)]
)
def test_functions_not_known_to_be_entire_are_refused(f):
    with pytest.raises(OutsideClass):
        entire_growth(f, z, arb(1), Evaluator({}))


# --- what an expectation is on a complex ball ------------------------------------------------------------------------


def kernel(f: sp.Expr, correlation: sp.Expr) -> Expect:
    return Expect(f.subs(z, u) * f.subs(z, v), (u, v), [[1, correlation], [correlation, 1]])


def test_on_a_complex_correlation_an_expectation_is_a_disc_that_holds_its_continuation():
    found = Evaluator({rho: Holomorphic(acb(arb("0.5"), arb("0.5")))}).value(kernel(relu(z), rho))
    assert found.ball.contains(KINKED["relu"][1](acb(arb("0.5"), arb("0.5")).acos()))


@pytest.mark.parametrize("f", [relu(z), step(z) * sp.erf(z), sp.tanh(z)], ids=str)
def test_no_ball_that_leaves_the_strip_is_believed_for_a_function_that_is_not_entire(f):
    with pytest.raises(NotAnalytic):
        Evaluator({rho: Holomorphic(acb(arb(1, 0.1), arb(0, 0.1)))}).value(kernel(f, rho))


def test_an_angle_may_cross_its_ends():
    ball = Holomorphic(acb(arb(0, 0.1), arb(0, 0.1)))
    for sign in (1, -1):
        assert Evaluator({theta: ball}).value(kernel(relu(z), sign * sp.cos(theta))).ball.is_finite()


def test_a_symbol_that_is_no_angle_may_not():
    """E at ρ = cos x is even in x, and not analytic at x = 0: only from within [0, π] does the angle continue it."""
    x = sp.Symbol("x", real=True)
    with pytest.raises(NotAnalytic):
        Evaluator({x: Holomorphic(acb(arb(0, 0.1), arb(0, 0.1)))}).value(kernel(relu(z), sp.cos(x)))


def test_in_the_angle_the_density_bounds_nothing():
    """Beyond the ends the strip's formula would bound E at the cosine, which is another function there."""
    with pytest.raises(NotAnalytic):
        Evaluator({theta: Holomorphic(acb(arb(1), arb(1)))}).value(kernel(sp.tanh(z), sp.cos(theta)))


def test_a_sum_of_products_is_bounded_term_by_term():
    node = Expect(relu(u) * v + sp.erf(u) * v, (u, v), [[1, rho], [rho, 1]])
    parts = [Expect(f * v, (u, v), [[1, rho], [rho, 1]]) for f in (relu(u), sp.erf(u))]
    at = {rho: Holomorphic(acb(arb("0.3"), arb("0.2")))}
    sizes = [abs(Evaluator(at).value(part).ball.real).upper() for part in (node, *parts)]
    assert abs(sizes[0] - sizes[1] - sizes[2]) < 1e-6  # a radius has thirty bits


def test_variances_are_not_continued():
    with pytest.raises(TypeError, match="in the covariance of its two variables only"):
        Evaluator({rho: Holomorphic(acb(1, 1))}).value(Expect(relu(u) * relu(v), (u, v), [[rho, 0], [0, 1]]))


def test_the_bound_on_the_real_axis_is_close_to_the_value():
    with flint.ctx.workprec(64):
        bound = by_polar_coordinates(*pair(step(z)), acb(1), Evaluator({}))
        assert abs(bound - (arb.pi() - 1) / (2 * arb.pi())) < 1e-9
