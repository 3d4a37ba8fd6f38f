"""Every activation of the gallery has a dual with a complete proof, and the formula agrees with the definition."""

import pytest
import sympy as sp
from flint import arb

from derivations.check import LEMMAS
from derivations.duals import Dual, dual, x
from derivations.duals.gallery import GALLERY
from derivations.duals.moments import a, b, c
from derivations.expressions import Expect, normal_cdf, relu, step
from derivations.normal_form import normal_form
from numerics.balls import enclose

NAMES = [name for name, _ in GALLERY]
NESTED = {"Morlet wavelet", "ReLU and sine", "ReLU and cosine", "Snake", "sine and cosine"}
"""Certified from the definition by a quadrature in a quadrature, which takes minutes near |ρ| = 1."""
POINTS = (
    {a: 1, b: 1, c: sp.Rational(1, 2)},
    {a: 2, b: sp.Rational(1, 3), c: sp.Rational(-4, 5)},
    {a: sp.Rational(3, 2), b: sp.Rational(2, 3), c: sp.Rational(999, 1000)},
)
_DUALS: dict[str, Dual] = {}


def found(name: str) -> Dual:
    if name not in _DUALS:
        _DUALS[name] = dual(dict(GALLERY)[name])
    return _DUALS[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_chain_reaches_both_statements(name: str) -> None:
    d = found(name)
    assert d.chain.reaches, [(s.id, s.residual) for s in d.chain.steps if not s.closed]
    by_name = {s.id: s for s in d.chain.steps}
    assert (by_name["statement"].lhs, by_name["statement"].rhs) == d.statement
    if d.derivative_statement is not None:
        assert (by_name["derivative-statement"].lhs, by_name["derivative-statement"].rhs) == d.derivative_statement


@pytest.mark.parametrize("name", NAMES)
def test_every_step_rests_on_earlier_ones_and_on_lemmas_of_the_trust_base(name: str) -> None:
    seen: set[str] = set()
    for step_ in found(name).chain.steps:
        assert step_.id not in seen
        assert set(step_.uses) <= seen, (step_.id, step_.uses)
        assert step_.lemma is None or step_.lemma in LEMMAS
        seen.add(step_.id)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NESTED])
def test_the_formulas_agree_with_the_definitions(name: str) -> None:
    d = found(name)
    for point in POINTS:
        for statement in (d.statement, d.derivative_statement):
            if statement is None:
                continue
            by_definition, by_formula = (enclose(side, point, digits=30) for side in statement)
            assert by_definition.rad() <= 1e-25
            assert by_definition.overlaps(by_formula)
            off = enclose(statement.rhs * (1 + sp.Rational(1, 10**30)), point, digits=60)
            sharp = enclose(statement.lhs, point, digits=40)
            assert statement.rhs == 0 or not sharp.overlaps(off)


@pytest.mark.parametrize("name", NAMES)
def test_the_diagonal_and_the_normalisation(name: str) -> None:
    d = found(name)
    z = sp.Symbol("z", real=True)
    variance = sp.Rational(4, 3)
    by_definition = enclose(Expect(d.activation.subs(x, z) ** 2, (z,), [[variance]]), {}, digits=30)
    assert by_definition.rad() <= 1e-25
    assert by_definition.overlaps(enclose(d.diagonal(variance), {}, digits=30))
    assert enclose(d.normalisation * d.at(sp.S.One), {}, digits=30).overlaps(arb(1))


@pytest.mark.parametrize("name", NAMES)
def test_the_series_is_the_taylor_series_of_the_formula(name: str) -> None:
    d, rho = found(name), sp.Symbol("rho", real=True)
    slope = d.at(rho)
    for k, coefficient in enumerate(d.series(3)):
        taylor = slope.subs(rho, 0) / sp.factorial(k)
        assert enclose(coefficient - taylor, {}, digits=30).contains(0)
        slope = sp.diff(slope, rho)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "identity"])
def test_fixed_points_are_fixed(name: str) -> None:
    d, rho = found(name), sp.Symbol("rho", real=True)
    f = d.normalisation * d.at(rho)
    points = d.fixed_points
    assert points[-1].rho == 1
    for point in points:
        assert enclose(f, {rho: point.enclosure}).overlaps(point.enclosure)
        assert point.enclosure.rad() <= 1e-29
        expected = {"attracting": abs(point.slope) < 1, "repelling": abs(point.slope) > 1}
        assert expected.get(point.kind, point.slope.contains(1))


def test_the_arc_cosine_kernels() -> None:
    angle = sp.asin(c / (sp.sqrt(a) * sp.sqrt(b)))
    known = (sp.sqrt(a * b - c**2) + c * angle) / (2 * sp.pi) + c / 4
    assert normal_form(found("ReLU").formula - known) == 0
    assert found("ReLU").derivative == step(x)
    assert found("ReLU").derivative_dual == found("step").formula


def test_gelu() -> None:
    W = sp.sqrt((1 + a) * (1 + b) - c**2)
    known = (
        c / 4
        + c / (2 * sp.pi) * sp.asin(c / sp.sqrt((1 + a) * (1 + b)))
        + (a * b + c**2 * (1 - a * b) / ((1 + a) * (1 + b))) / (2 * sp.pi * W)
    )
    d = dual(x * normal_cdf(x))
    for point in POINTS:
        assert enclose(d.formula - known, point, digits=60).contains(0)
    assert d.family == "ladder + piecewise polynomial"
    assert d.derivative == normal_cdf(x) + sp.sqrt(2) * x * sp.exp(-(x**2) / 2) / (2 * sp.sqrt(sp.pi))


def test_relu_and_sine_meet_in_an_elementary_term() -> None:
    cross = dual(relu(x) + sp.sin(x)).formula - dual(relu(x)).formula - dual(sp.sin(x)).formula
    assert sp.expand(cross - c / 2 * (sp.exp(-a / 2) + sp.exp(-b / 2))) == 0
