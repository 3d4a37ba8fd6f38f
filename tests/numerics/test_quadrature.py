"""Rigorous quadrature: right through the one wrapper, also where Arb's own rule would be silently wrong."""

import re
from pathlib import Path

import flint
import pytest
import sympy as sp
from flint import acb, arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import normal_pdf, relu, step
from numerics import elementary as el
from numerics import quadrature
from numerics.balls import Evaluator
from numerics.quadrature import integrate

z = sp.Symbol("z", real=True)
KINK = sp.Rational(3, 10)


@pytest.fixture(autouse=True)
def thirty_digits():
    with flint.ctx.workdps(30):
        yield


def integrand(expr: sp.Expr):
    """The expression as a function of z."""
    return lambda at: Evaluator({z: at}).value(expr)


def shifted_relu_mean() -> arb:
    """E[relu(Z - c)] = φ(c) - c(1 - Φ(c)), c = 3/10."""
    c = arb(fmpq(3, 10))
    return (-c * c / 2).exp() / (2 * arb.pi()).sqrt() - c * (c / arb(2).sqrt()).erfc() / 2


def test_a_holomorphic_integrand():
    value = integrate(el.exp, fmpq(0), fmpq(1))
    assert value.contains(arb(1).exp() - 1)
    assert value.rad() < 1e-28


def test_arbs_own_rule_misses_the_value_across_a_kink_it_is_not_told_of():
    """The trap: |x| written as √(x²) is analytic on either side of the kink, and the rule sees no cut."""

    def trap(x: acb, _: bool) -> acb:
        y = x - acb(fmpq(3, 10))
        return ((y * y).sqrt() + y) / 2 * (-x * x / 2).exp() / (2 * arb.pi()).sqrt()

    ball = acb.integral(trap, -20, 20).real
    assert ball.rad() < 1e-20
    assert not ball.overlaps(shifted_relu_mean())


def test_arbs_own_rule_misses_the_value_of_a_root_whose_cut_it_is_not_told_of():
    """The trap: without `analytic=` the root is bounded on ellipses that cross its cut, where it is not analytic."""

    def half_circle(minded: bool) -> arb:
        return acb.integral(lambda x, analytic: (1 - x * x).sqrt(analytic=minded and analytic), -1, 1).real

    assert half_circle(minded=False).rad() < 1e-28
    assert not half_circle(minded=False).overlaps(arb.pi() / 2)
    assert half_circle(minded=True).overlaps(arb.pi() / 2)


def test_the_wrapper_minds_the_cut_of_a_root():
    value = integrate(lambda x: el.sqrt(1 - x * x), fmpq(-1), fmpq(1))
    assert value.overlaps(arb.pi() / 2)
    assert value.rad() < 1e-25


def test_nothing_else_calls_arbs_rule():
    root = Path(quadrature.__file__).parent.parent
    callers = [
        path.relative_to(root).as_posix()
        for package in ("numerics", "derivations", "verify", "reports")
        for path in sorted((root / package).rglob("*.py"))
        if re.search(r"\bacb\.integral\(", path.read_text(encoding="utf-8"))
    ]
    assert callers == ["numerics/quadrature.py"]


@pytest.mark.parametrize("kinked", [relu(z - KINK), (sp.Abs(z - KINK) + z - KINK) / 2, sp.Max(z, KINK) - KINK])
def test_a_kink_the_wrapper_is_not_told_of_is_found(kinked):
    value = integrate(integrand(kinked * normal_pdf(z)), fmpq(-20), fmpq(20))
    assert value.overlaps(shifted_relu_mean())
    assert value.rad() < 1e-25


def test_a_cut_the_wrapper_is_not_told_of_is_found():
    value = integrate(integrand((sp.sqrt((z - KINK) ** 2) + z - KINK) / 2 * normal_pdf(z)), fmpq(-20), fmpq(20))
    assert value.overlaps(shifted_relu_mean())


def test_a_kink_declared_as_a_breakpoint():
    pdf = integrand(normal_pdf(z))
    value = integrate(
        integrand(relu(z - KINK) * normal_pdf(z)),
        fmpq(-20),
        fmpq(20),
        breakpoints=[fmpq(3, 10)],
        branches=[lambda _: fmpq(0), lambda at: (at - fmpq(3, 10)) * pdf(at)],
    )
    assert value.overlaps(shifted_relu_mean())
    assert value.rad() < 1e-28


def test_a_jump_counts_on_its_own_side():
    value = integrate(integrand(step(z - KINK) * sp.exp(z)), fmpq(0), fmpq(1))
    assert value.overlaps(arb(1).exp() - arb(fmpq(3, 10)).exp())
    assert value.rad() < 1e-25


def test_arbs_own_rule_believes_a_python_branch():
    assert acb.integral(lambda x, _: x if x.real > 0 else acb(0), -1, 1) == 0  # the truth is 1/2


@pytest.mark.parametrize("branch", [lambda x: x if x > 0 else 0 * x, lambda x: max(x, 0 * x), lambda x: x or 1])
def test_a_python_branch_on_the_argument_raises(branch):
    with pytest.raises(TypeError, match="must not branch on its complex argument"):
        integrate(branch, fmpq(-1), fmpq(1))


def test_an_error_in_the_integrand_is_raised_as_it_is():
    def late(x):
        if isinstance(x, arb) and x.rad() < 1e-3:
            raise ZeroDivisionError("at a node")
        return el.exp(x)

    with pytest.raises(ZeroDivisionError, match="at a node"):
        integrate(late, fmpq(0), fmpq(1))


def test_branch_cuts_of_elementary_functions_are_minded():
    assert integrate(el.sqrt, fmpq(1), fmpq(4)).contains(fmpq(14, 3))
    assert integrate(el.log, fmpq(1), fmpq(4)).overlaps(4 * arb(4).log() - 3)
    assert integrate(el.asin, fmpq(0), fmpq(1)).overlaps(arb.pi() / 2 - 1)
    assert integrate(el.acos, fmpq(-1), fmpq(1)).overlaps(arb.pi())


@given(st.fractions(-2, 2, max_denominator=50), st.integers(10, 80))
@settings(deadline=None)
def test_breakpoints_and_ends_may_be_balls(kink, bits):
    """∫_{-3}^{3} |z - c| dz = 9 + c² with c, and the upper end, known to some bits only."""
    c = fmpq(kink.numerator, kink.denominator)
    fuzzy, end = arb(c, arb(2) ** -bits), arb(3, arb(2) ** -bits)
    with flint.ctx.workdps(30):
        value = integrate(
            lambda x: abs(x - fuzzy) if isinstance(x, arb) else x * 0,
            fmpq(-3),
            end,
            breakpoints=[fuzzy],
            branches=[lambda x: fuzzy - x, lambda x: x - fuzzy],
        )
        assert value.contains(9 + c * c)


def test_breakpoints_out_of_order_are_refused():
    with pytest.raises(ValueError, match="out of order"):
        integrate(el.exp, fmpq(0), fmpq(1), breakpoints=[fmpq(2)])


def test_every_piece_needs_its_branch():
    with pytest.raises(ValueError, match="1 breakpoints make 2 pieces, and 1 were given"):
        integrate(el.exp, fmpq(0), fmpq(1), breakpoints=[fmpq(1, 2)], branches=[el.exp])


def test_a_pole_on_the_line_gives_no_number():
    assert not integrate(lambda x: 1 / x, fmpq(-1), fmpq(1)).is_finite()
