"""Slopes, jumps and the map of one layer: closed forms and certified numbers say the same."""

import pytest
import sympy as sp
from flint import arb

from derivations.correlation_maps import CorrelationMap
from derivations.duals import dual
from derivations.expressions import relu, step
from derivations.language import parse, x
from derivations.numerical_duals import NumericalDual
from derivations.slopes import Jump, jumps, slope
from numerics.balls import enclose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu(x)", step(x)),
        ("abs(x)", sp.sign(x)),
        ("x^2*step(x)", 2 * x * step(x)),
        ("elu(x)", step(x) + sp.exp(-relu(-x)) * step(-x)),
        ("tanh(x)", 1 - sp.tanh(x) ** 2),
    ],
)
def test_the_derivative_away_from_kinks(text, expected):
    assert slope(parse(text), x) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu(x)", ()),
        ("clip(x)", ()),
        ("elu(x)", ()),
        ("max(x, 0) + min(exp(x) - 1, 0)", ()),
        ("step(x)", (Jump(sp.S.Zero, sp.S.One),)),
        ("sign(2*x - 1)", (Jump(sp.S.Half, sp.Integer(2)),)),
        ("x*step(x - 1)", (Jump(sp.S.One, sp.S.One),)),
        ("relu(x)*step(-x)", ()),
    ],
)
def test_jumps_are_found_and_kinks_are_none(text, expected):
    assert jumps(parse(text), x) == expected


@pytest.mark.parametrize("text", ["max(x, 0) + 0.1*min(x, 0)", "sin(x)", "gelu(x)", "x^3 - 3*x", "step(x)"])
@pytest.mark.parametrize("rho", [sp.Integer(-1), sp.Rational(-1, 2), sp.Rational(2, 3), sp.S.One])
def test_numbers_and_closed_forms_carry_a_correlation_to_the_same_depth(text, rho):
    closed = CorrelationMap(dual(parse(text)), 15).layers(rho, 3)[-1]
    enclosed = CorrelationMap(NumericalDual(parse(text)), 15).layers(rho, 3)[-1]
    assert closed.covariance.overlaps(enclosed.covariance)
    assert (closed.ntk is None) == (enclosed.ntk is None)
    if closed.ntk is not None:
        assert closed.ntk.overlaps(enclosed.ntk)


def test_the_relu_has_its_known_kernels():
    layers = CorrelationMap(dual(relu(x)), 20).layers(sp.S.One, 4)
    assert [layer.ntk.unique_fmpz() for layer in layers] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("text", "parity"), [("tanh(x)", -1), ("abs(x)", 1), ("clip(x)", -1), ("gelu(x)", 0)])
def test_parity(text, parity):
    assert CorrelationMap(NumericalDual(parse(text))).parity == parity


def test_the_fixed_point_between_is_the_one_of_the_closed_form():
    known = dual(parse("gelu(x)")).fixed_points[0]
    found, tangent = CorrelationMap(NumericalDual(parse("gelu(x)")), 12).inner_fixed_point()
    assert found.overlaps(known.enclosure)
    assert tangent.overlaps(known.slope)
    assert found.rad() < 1e-10


def test_no_fixed_point_between_where_order_rules():
    assert CorrelationMap(NumericalDual(parse("sigmoid(x)")), 12).inner_fixed_point() is None


def test_the_series_bounds_its_own_remainder():
    """Of E[sin(u)sin(v)] = exp(-1)sinh(ρ)."""
    partial = NumericalDual(parse("sin(x)")).series(5, digits=20)
    known = [sp.exp(-1) / sp.factorial(n) if n % 2 else sp.S.Zero for n in range(6)]
    assert all(w.overlaps(enclose(k, {})) for w, k in zip(partial.coefficients, known, strict=True))
    left = enclose(sp.exp(-1) * (sp.sinh(1) - sp.Rational(1) - sp.Rational(1, 6) - sp.Rational(1, 120)), {})
    assert partial.rest >= left
    assert partial.rest - left < arb("1e-15")


def test_an_activation_that_jumps_has_no_slope():
    with pytest.raises(ValueError, match="jumps has no covariance"):
        CorrelationMap(NumericalDual(parse("step(x - 1)"))).derivative(sp.S.Zero)
