"""The trapezoid rule for functions that are analytic in a strip: right to the last digit, never sure without cause."""

from fractions import Fraction

import flint
import mpmath
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath.calculus.quadrature import GaussLegendre

from derivations.expressions import Expect, relu, step
from numerics import trapezoid
from numerics.balls import enclose, is_within
from numerics.evaluator import Evaluator
from numerics.gaussian import Factor, by_nested_quadrature, by_quadrature
from numerics.strip import strips

u, v, z, rho = sp.symbols("u v z rho", real=True)
TANH = {"1/2": "0.18632441320344808610678288997240866246", "9/10": "0.34920335058192518927174195407556318263"}
"""E[tanh(u)tanh(v)] by Gauss-Legendre rules in mpmath, 45 digits, 14 panels of 48 nodes on [-14, 14] each way."""
SIGMOID = 1 / (1 + sp.exp(-z))
ANALYTIC = {
    "tanh": sp.tanh(z),
    "sigmoid": SIGMOID,
    "softplus": sp.log(1 + sp.exp(z)),
    "SiLU": z * SIGMOID,
    "mish": z * sp.tanh(sp.log(1 + sp.exp(z))),
    "log cosh": sp.log(sp.cosh(z)),
    "arctan": sp.atan(z),
    "Lorentz": 1 / (1 + z**2),
    "root": sp.sqrt(1 + z**2),
}


def pair(f: sp.Expr, g: sp.Expr, correlation: fmpq, digits: int = 20):
    with flint.ctx.workdps(digits):
        first, second = Factor(f.subs(z, u), u, fmpq(1)), Factor(g.subs(z, v), v, fmpq(1))
        return trapezoid.pair(first, second, correlation, 1 - correlation * correlation, Evaluator({}))


def dual(f: sp.Expr, correlation: sp.Expr, digits: int = 20) -> arb:
    covariance = [[1, correlation], [correlation, 1]]
    return enclose(Expect(f.subs(z, u) * f.subs(z, v), (u, v), covariance), {}, digits=digits)


@pytest.mark.parametrize("correlation", TANH)
def test_tanh_has_the_digits_of_another_rule_in_another_library(correlation):
    ball = pair(sp.tanh(z), sp.tanh(z), fmpq(*map(int, correlation.split("/"))), digits=38)
    with flint.ctx.workdps(60):
        assert ball.rad() < arb("1e-35")
        assert abs(ball - arb(TANH[correlation])) < arb("3e-38") + ball.rad()


def test_the_other_rule_gives_these_digits():
    with mpmath.workdps(25):
        nodes = GaussLegendre(mpmath.mp).calc_nodes(4, mpmath.mp.prec)
        line = [
            (t, weight / 2 * mpmath.npdf(t))
            for panel in range(-10, 10)
            for t, weight in ((panel + (1 + node) / 2, w) for node, w in nodes)
        ]
        half, rest = mpmath.mpf(1) / 2, mpmath.sqrt(mpmath.mpf(3)) / 2
        total = 2 * sum(
            w * mpmath.tanh(s) * mpmath.fsum(q * mpmath.tanh(half * s + rest * t) for t, q in line)
            for s, w in line
            if s > 0
        )
        assert abs(total - mpmath.mpf(TANH["1/2"])) < mpmath.mpf("1e-20")


@pytest.mark.parametrize("error", ["1e-25", "-1e-25", "1e-33"])
def test_a_value_that_is_off_by_little_is_refuted(error):
    ball = pair(sp.tanh(z), sp.tanh(z), fmpq(1, 2), digits=38)
    with flint.ctx.workdps(60):
        assert not ball.overlaps(arb(TANH["1/2"]) + arb(error))


@pytest.mark.parametrize("name", ANALYTIC)
@pytest.mark.parametrize("correlation", [Fraction(-1, 2), Fraction(9, 10), 1 - Fraction(1, 10**9)])
def test_the_rule_agrees_with_integrals_known_otherwise(name, correlation):
    """κ' = E[f'(u)f'(v)] is at most its value at 1, and |κ(ρ)| < κ(1): one- and two-dimensional sums fit together."""
    f = ANALYTIC[name]
    value, top = dual(f, sp.Rational(correlation)), dual(f, sp.S.One)
    slope = dual(f.diff(z), sp.S.One)
    assert is_within(value, 18)
    with flint.ctx.workdps(40):
        distance = 1 - arb(fmpq(correlation.numerator, correlation.denominator))
        assert abs(value) < top
        assert 0 < top - value < slope * distance


def test_the_rule_agrees_with_a_quadrature_within_a_quadrature():
    with flint.ctx.workdps(12):
        f, g = Factor(sp.tanh(u), u, fmpq(1)), Factor(sp.atan(v), v, fmpq(2))
        determinant = 2 - fmpq(1, 4)
        summed = trapezoid.pair(f, g, fmpq(1, 2), determinant, Evaluator({}))
        nested = by_nested_quadrature(f, g, fmpq(1, 2), determinant, Evaluator({}))
        assert summed.overlaps(nested)
        assert summed.rad() < 1e-10
        assert nested.rad() < 1e-8


@given(st.sampled_from(sorted(ANALYTIC)), st.fractions(Fraction(1, 10), 4, max_denominator=20), st.integers(0, 3))
@settings(deadline=None, max_examples=25)
def test_in_one_variable_the_rule_agrees_with_gauss_legendre_in_balls(name, variance, power):
    with flint.ctx.workdps(18):
        size = fmpq(variance.numerator, variance.denominator)
        summed = trapezoid.single(Factor(ANALYTIC[name], z, size), Evaluator({}), power=power)
        integrated = by_quadrature(Factor(ANALYTIC[name] * z**power, z, size), Evaluator({}))
        assert summed.overlaps(integrated)
        assert summed.rad() < 1e-12


@given(st.fractions(Fraction(-99, 100), Fraction(99, 100), max_denominator=200))
@example(Fraction(0))
@settings(deadline=None, max_examples=25)
def test_functions_with_closed_forms_are_met(correlation):
    """E[sin(u)sin(v)] = exp(-1)sinh(ρ) and E[exp(-u²)exp(-v²)] = 1/√(9 - 4ρ²), neither through the closed forms."""
    c = fmpq(correlation.numerator, correlation.denominator)
    sines, bells = pair(sp.sin(z), sp.sin(z), c), pair(sp.exp(-(z**2)), sp.exp(-(z**2)), c)
    with flint.ctx.workdps(30):
        assert sines.overlaps((-arb(1)).exp() * arb(c).sinh())
        assert bells.overlaps(1 / (9 - 4 * arb(c) ** 2).sqrt())
        assert sines.rad() < 1e-16
        assert bells.rad() < 1e-16


def test_different_functions_and_variances():
    """E[tanh(u)v] = Cov(u, v)·E[tanh'(u)], by Stein's lemma."""
    with flint.ctx.workdps(25):
        f, g = Factor(sp.tanh(u), u, fmpq(3, 2)), Factor(sp.atan(v) + v, v, fmpq(1, 3))
        plain = Factor(sp.atan(v), v, fmpq(1, 3))
        difference = trapezoid.pair(f, g, fmpq(1, 4), fmpq(7, 16), Evaluator({})) - trapezoid.pair(
            f, plain, fmpq(1, 4), fmpq(7, 16), Evaluator({})
        )
        stein = trapezoid.single(Factor(1 - sp.tanh(z) ** 2, z, fmpq(3, 2)), Evaluator({})) / 4
        assert difference.overlaps(stein)
        assert difference.rad() < 1e-20


# --- what the rule must not touch -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kinked", [relu(z), abs(z - 1), step(z), sp.exp(-abs(z)), sp.tanh(relu(z)), sp.sign(z) * z])
def test_a_kink_is_never_summed_over(kinked):
    assert pair(kinked, kinked, fmpq(1, 2)) is None
    with flint.ctx.workdps(20):
        assert trapezoid.single(Factor(kinked, z, fmpq(1)), Evaluator({})) is None
        assert list(strips(kinked, z, Evaluator({}), reach=arb(8), widest=1.0, highest=50.0)) == []


def test_a_kink_hidden_in_a_root_has_no_strip():
    """|z| as √(z²): analytic on either side, with a cut through the imaginary axis."""
    with flint.ctx.workdps(20):
        assert trapezoid.single(Factor(sp.sqrt(z**2, evaluate=False), z, fmpq(1)), Evaluator({})) is None
        hidden = sp.sqrt((z - sp.Rational(3, 10)) ** 2 + 0)
        assert list(strips(hidden, z, Evaluator({}), reach=arb(8), widest=1.0, highest=50.0)) == []


class branching(sp.Function):  # noqa: N801
    """Encloses itself by a Python branch, as nobody should."""

    def enclose_in(self, evaluate):
        value = evaluate.value(self.args[0])
        return value if value > 0 else 0 * value


def test_a_python_branch_in_the_function_raises():
    with flint.ctx.workdps(20), pytest.raises(TypeError, match="must not branch on its complex argument"):
        list(strips(branching(z), z, Evaluator({}), reach=arb(8), widest=1.0, highest=50.0))


def test_poles_bound_the_strip():
    with flint.ctx.workdps(20):
        widest = next(strips(sp.tanh(z), z, Evaluator({}), reach=arb(12), widest=8.0, highest=50.0))
        assert widest.half_width < arb.pi() / 2
        assert widest.half_width > 1
        assert widest.bound > 1
        near = next(strips(1 / (z**2 + sp.Rational(1, 100)), z, Evaluator({}), reach=arb(12), widest=8.0, highest=50.0))
        assert near.half_width < arb("0.1")


def test_a_pole_very_close_to_the_line_leaves_it_to_the_quadrature():
    f = 1 / (z**2 + sp.Rational(1, 10**6))
    with flint.ctx.workdps(20):
        assert trapezoid.single(Factor(f, z, fmpq(1)), Evaluator({})) is None


@pytest.mark.parametrize("points", [-9.7, -1.0, 0.0, 0.3, 8.0])
@pytest.mark.parametrize("name", ANALYTIC)
def test_the_bound_of_a_strip_holds(name, points):
    with flint.ctx.workdps(20):
        for strip in list(strips(ANALYTIC[name], z, Evaluator({}), reach=arb(12), widest=4.0, highest=50.0))[:2]:
            for fraction in (0, 0.5, 1):
                at = flint.acb(arb(points), strip.half_width * fraction)
                f = sp.lambdify(z, ANALYTIC[name], "mpmath")
                assert abs(f(mpmath.mpc(float(at.real), float(at.imag)))) <= float(strip.bound) * (1 + 1e-12)


def test_an_expectation_that_diverges_is_refused():
    with flint.ctx.workdps(20), pytest.raises(ValueError, match="diverges, or is not known to converge"):
        trapezoid.single(Factor(sp.tanh(z) * sp.exp(z**2 / 2), z, fmpq(1)), Evaluator({}))


def test_the_recursion_of_a_deep_tanh_network_is_fast_enough_to_enclose():
    product = Expect(sp.tanh(u) * sp.tanh(v), (u, v), [[1, rho], [rho, 1]])
    with flint.ctx.workdps(40):
        scale, covariance = 1 / dual(sp.tanh(z), sp.S.One, digits=30), arb(fmpq(1, 2))
        for _ in range(3):
            covariance = scale * enclose(product, {rho: covariance})
    assert covariance.rad() < 1e-25
    assert 0.4 < covariance < 0.45
