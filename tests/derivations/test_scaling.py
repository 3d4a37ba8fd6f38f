"""Standard deviations taken out of expectations: only where the integrand is homogeneous on either side of zero."""

from fractions import Fraction

import pytest
import sympy as sp

from derivations.expressions import Expect, normal_pdf, relu, step
from derivations.scaling import common_factor, unit_variances
from numerics.balls import enclose

s, t = sp.symbols("s t", positive=True)
rho, u, v, z = sp.symbols("rho u v z", real=True)
PAIR = [[s**2, s * t * rho], [s * t * rho, t**2]]
UNIT = [[1, rho], [rho, 1]]
POINT = {s: Fraction(3, 2), t: Fraction(1, 5), rho: Fraction(-2, 3)}


@pytest.mark.parametrize(
    ("integrand", "factor"),
    [
        (relu(u) * relu(v), s * t),
        (step(u) * step(v), 1),
        (relu(u) * step(-v), s),
        (sp.Abs(u) * relu(v) ** 2, s * t**2),
        ((relu(u) - relu(-u) / 10) * v**3, s * t**3),
    ],
)
def test_homogeneous_integrands_scale(integrand, factor):
    node = Expect(integrand, (u, v), PAIR)
    assert unit_variances(node) == factor * Expect(integrand, (u, v), UNIT)
    assert enclose(node, POINT).overlaps(enclose(unit_variances(node), POINT))


@pytest.mark.parametrize(
    "integrand", [sp.erf(u) * v, normal_pdf(u) * normal_pdf(v), relu(u - 1) * v, relu(u) + relu(u) ** 2, step(u) + v]
)
def test_others_do_not(integrand):
    node = Expect(integrand, (u, v), PAIR)
    assert unit_variances(node) == node


def test_different_degrees_on_the_two_sides_do_not_scale():
    node = Expect((relu(u) + step(-u)) * v, (u, v), PAIR)
    assert unit_variances(node) == node


def test_a_variance_not_known_to_be_positive_stays():
    nu = sp.Symbol("nu", real=True)
    node = Expect(relu(z) ** 2, (z,), [[nu]])
    assert unit_variances(node) == node


def test_two_sides_with_one_factor():
    lhs = 3 * Expect(relu(u) * relu(v), (u, v), PAIR)
    assert common_factor((lhs, s * t * sp.acos(rho)), {s: sp.S.One, t: sp.S.One}) == s * t
    assert common_factor((lhs, s * t * sp.acos(rho)), {s: sp.Integer(2), t: sp.S.One}) == s * t / 2
    assert common_factor((lhs, sp.S.Zero), {s: sp.S.One, t: sp.S.One}) == s * t
    assert common_factor((sp.acos(rho), rho), {}) == 1


@pytest.mark.parametrize("rhs", [s * sp.acos(rho), s * t + 1, s * t * (1 + s * rho), sp.S.One])
def test_two_sides_without_one(rhs):
    lhs = Expect(relu(u) * relu(v), (u, v), PAIR)
    assert common_factor((lhs, rhs), {s: sp.S.One, t: sp.S.One}) is None


def test_a_side_that_only_happens_to_vanish_at_the_values_has_none():
    assert common_factor((s - 1, sp.S.Zero), {s: sp.S.One}) is None
