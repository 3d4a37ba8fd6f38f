"""Price's theorem: every step closes, and the dual formulas are those of the literature."""

from itertools import chain

import sympy as sp

from derivations import price
from derivations.check import LEMMAS
from derivations.densities import expectation_on_line, half_moment, over_orthant, plane_density
from derivations.expressions import Expect, relu, step
from derivations.normal_form import normal_form

u, v, z = sp.symbols("u v z", real=True)
s, t = sp.symbols("s t", positive=True)
rho = sp.Symbol("rho", real=True)


def test_every_step_closes() -> None:
    for found in chain(price.slopes(), price.between(), price.end(1), price.end(-1)):
        assert found.closed, (found.id, found.residual)


def test_every_step_rests_on_earlier_ones_and_on_lemmas_of_the_trust_base() -> None:
    seen: set[str] = set()
    for found in chain(price.slopes(), price.between(), price.end(1), price.end(-1)):
        assert found.id not in seen
        assert set(found.uses) <= seen
        assert found.lemma is None or found.lemma in LEMMAS
        seen.add(found.id)


def test_the_trust_base_of_the_arc_cosine_kernels_is_short() -> None:
    steps = chain(price.slopes(), price.between(), price.end(1), price.end(-1))
    assert {found.lemma for found in steps if found.lemma} == {
        "differentiation under the integral",
        "Fubini",
        "fundamental theorem of calculus",
        "linear image of a Gaussian",
        "null set",
    }


def test_known_values_of_the_duals() -> None:
    half = sp.Rational(1, 2)
    assert price.step_dual(sp.S.Zero) == sp.Rational(1, 4)
    assert price.step_dual(half) == sp.Rational(1, 3)
    assert price.relu_dual(sp.S.One, sp.S.One, sp.S.One) == half
    assert price.relu_dual(s, t, sp.S.Zero) == s * t / (2 * sp.pi)
    assert price.relu_dual(s, t, sp.S.NegativeOne) == 0


def test_the_slope_of_the_relu_dual_is_the_step_dual() -> None:
    assert normal_form(sp.diff(price.relu_dual(s, t, rho), rho) - s * t * price.step_dual(rho)) == 0


def test_half_moments() -> None:
    moments = [half_moment(n, s) for n in range(6)]
    x = sp.sqrt(2 / sp.pi)
    assert moments == [sp.S.Half, s * x / 2, s**2 / 2, s**3 * x, 3 * s**4 / 2, 4 * s**5 * x]


def test_expectations_of_piecewise_polynomials_on_the_line() -> None:
    for f, value in (
        (relu(z) ** 2, s**2 / 2),
        (step(z) ** 2, sp.S.Half),
        (relu(z) * relu(-z), sp.S.Zero),
        (z**2, s**2),
        (sp.Abs(z), s * sp.sqrt(2 / sp.pi)),
        ((z - 2) ** 2 * step(-z), (s**2 + 4) / 2 + 2 * s * sp.sqrt(2 / sp.pi)),
    ):
        steps, found = expectation_on_line("e", Expect(f, (z,), [[s**2]])) or ((), None)
        assert all(step_.closed for step_ in steps)
        assert sp.expand(found - value) == 0


def test_no_formula_is_invented_for_other_integrands_or_degenerate_variances() -> None:
    assert expectation_on_line("e", Expect(sp.tanh(z), (z,), [[1]])) is None
    assert expectation_on_line("e", Expect(relu(z - 1), (z,), [[1]])) is None
    assert expectation_on_line("e", Expect(relu(z), (z,), [[rho]])) is None
    assert expectation_on_line("e", Expect(relu(z), (z,), [[0]])) is None


def test_an_expectation_over_the_quadrant_collects_all_sign_combinations() -> None:
    covariance = [[s**2, 0], [0, t**2]]
    density = plane_density(u, v, (s**2, t**2, sp.S.Zero))
    quadrant = ((u, 0, sp.oo), (v, 0, sp.oo))

    def closed(f: sp.Expr, integrand: sp.Expr) -> bool:
        return over_orthant("q", "", Expect(f, (u, v), covariance), sp.Integral(integrand, *quadrant)).closed

    assert closed(relu(u) * relu(v), u * v * density)
    assert closed(sp.Abs(u) * v**2, 4 * u * v**2 * density)
    assert not closed(relu(u) * relu(v), u * v * density * (1 + sp.Rational(1, 10**30)))
    assert not closed(sp.Abs(u) * relu(v), u * v * density)
