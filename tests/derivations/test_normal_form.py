"""The normal form vanishes on identities, and on nothing else."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.normal_form import normal_form

x, y, rho = sp.symbols("x y rho", real=True)
s, t = sp.symbols("s t", positive=True)
L = sp.Symbol("L", integer=True, nonnegative=True)
TINY = sp.Rational(1, 10**30)

IDENTITIES = {
    "a common denominator": 1 / (x - 1) - 1 / (x + 1) - 2 / (x**2 - 1),
    "a root of a product with positive factors": sp.sqrt(s**2 * t**2 - s**2 * t**2 * rho**2)
    - s * t * sp.sqrt(1 - rho**2),
    "a root in a denominator": 1 / sp.sqrt(1 - rho**2) - sp.sqrt(1 - rho**2) / (1 - rho**2),
    "a root of a quotient": sp.sqrt((1 + x**2) / (s + t)) ** 2 - (1 + x**2) / (s + t),
    "nested roots": sp.sqrt(1 + sp.sqrt(1 + x**2)) ** 2 - 1 - sp.sqrt(1 + x**2),
    "roots of different orders": (1 + x**2) ** sp.Rational(3, 2) - (1 + x**2) * sp.sqrt(1 + x**2),
    "roots of integers": sp.sqrt(6) - sp.sqrt(2) * sp.sqrt(3),
    "roots of π": 1 / sp.sqrt(2 * sp.pi) - sp.sqrt(2) / (2 * sp.sqrt(sp.pi)),
    "cubic roots": sp.cbrt(x**2 + 1) ** 3 - x**2 - 1,
    "the imaginary unit": (1 + sp.I) ** 2 - 2 * sp.I,
    "Pythagoras": sp.sin(x) ** 4 - (1 - sp.cos(x) ** 2) ** 2,
    "multiple angles": sp.cos(3 * x) - 4 * sp.cos(x) ** 3 + 3 * sp.cos(x),
    "sums of angles": sp.sin(x + y) - sp.sin(x) * sp.cos(y) - sp.cos(x) * sp.sin(y),
    "tangents": sp.tan(x) * sp.cos(x) - sp.sin(x),
    "hyperbolic functions": sp.cosh(x) ** 2 - sp.sinh(x) ** 2 - 1,
    "exponentials of sums": sp.exp(x + y) - sp.exp(x) * sp.exp(y),
    "fractional exponents": sp.exp(x / 2) ** 2 * sp.exp(x / 3) ** 3 - sp.exp(2 * x),
    "symbolic powers": x ** (L + 1) - x * x**L,
    "powers of powers of two": 4**L - 2 ** (2 * L),
    "arc functions of opposite arguments": sp.acos(-rho) + sp.acos(rho) - sp.pi,
    "arc sine and arc cosine": sp.asin(rho) + sp.acos(rho) - sp.pi / 2,
    "arguments that are equal": sp.erf(x / sp.sqrt(2)) - sp.erf(sp.sqrt(2) * x / 2),
    "absolute values": sp.Abs(x) ** 2 - x**2,
    "derivatives": sp.Derivative(sp.sin(x) ** 2, x) - 2 * sp.sin(x) * sp.cos(x),
}

OPEN = {
    "a root without its sign": sp.sqrt(x**2) - x,
    "an opposite root": sp.sqrt(1 - rho**2) + sp.sqrt(1 - rho**2),
    "an angle out of range": sp.acos(sp.cos(x)) - x,
    "a derivative under the integral sign": sp.Derivative(sp.Integral(sp.exp(x * y), (y, 0, 1)), x)
    - sp.Integral(y * sp.exp(x * y), (y, 0, 1)),
    "a piecewise function": sp.Piecewise((x, x > 0), (0, True)) - x,
    "an angle far too large to expand": sp.sin(10**30 * x) - sp.sin(x),
    "an exponent far too large to expand": sp.exp(10**30 * x) - sp.exp(x),
    "a division by zero": x / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1),
    "infinity": sp.oo - x,
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_an_identity_reduces_to_zero(name: str) -> None:
    assert normal_form(IDENTITIES[name]) is sp.S.Zero


@pytest.mark.parametrize("name", IDENTITIES)
def test_an_identity_off_by_1e_30_does_not(name: str) -> None:
    assert normal_form(IDENTITIES[name] + TINY) is not sp.S.Zero
    assert normal_form(IDENTITIES[name] + TINY * sp.acos(rho) * sp.exp(y)) is not sp.S.Zero


@pytest.mark.parametrize("name", OPEN)
def test_what_is_no_algebraic_identity_stays_open(name: str) -> None:
    assert normal_form(OPEN[name]) is not sp.S.Zero


def test_a_float_counts_with_all_its_binary_digits() -> None:
    assert normal_form(sp.Float("0.5") * sp.exp(x) - sp.exp(x) / 2) == 0
    assert normal_form(sp.sin(sp.Float("0.1") * x) - sp.sin(x / 10)) != 0


def test_relations_given_as_vanishing_expressions_are_used() -> None:
    assert normal_form(x**3 - 8, modulo=[x - 2]) == 0
    assert normal_form(sp.exp(x) * y - 1, modulo=[y - sp.exp(-x)]) == 0
    assert normal_form(x**3 - 9, modulo=[x - 2]) == -1


def test_the_normal_form_does_not_depend_on_earlier_reductions() -> None:
    e = sp.sqrt(1 - rho**2) / (sp.exp(x) - sp.acos(rho)) - sp.sin(y) / (sp.acos(rho) - sp.exp(x))
    first = str(normal_form(e))
    for n in range(200):
        normal_form(sp.exp(x * n) + sp.sqrt(y**2 + n))
    assert str(normal_form(e)) == first


_atoms = st.sampled_from([x, y, sp.sin(x), sp.cos(x), sp.exp(x), sp.sqrt(1 + y**2), sp.acos(rho), sp.pi, sp.Integer(2)])
_expressions = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        inner.map(lambda e: e**2),
        inner.map(lambda e: 1 / (1 + e**2)),
    ),
    max_leaves=4,
)


@settings(max_examples=30, deadline=None)
@given(_expressions, _expressions)
def test_the_binomial_formula_holds_for_all_expressions_and_fails_for_all_by_a_term(a: sp.Expr, b: sp.Expr) -> None:
    difference = (a + b) ** 2 - sp.expand(a**2) - 2 * a * b - sp.expand(b**2)
    assert normal_form(difference) is sp.S.Zero
    assert normal_form(difference + TINY) == TINY
