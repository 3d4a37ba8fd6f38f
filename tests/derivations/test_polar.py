"""The arc-cosine kernels of every degree, by the polar route, agree with those by the ladder of derivatives."""

import pytest
import sympy as sp

from derivations import polar
from derivations.check import LEMMAS
from derivations.duals import dual, x
from derivations.expressions import relu, step
from derivations.normal_form import normal_form
from derivations.polar import arc_cosine, moment, n, prove, rho, s, t
from numerics.balls import enclose

POINT = {s: sp.Rational(3, 2), t: sp.Rational(2, 3), rho: sp.Rational(-7, 10)}


def test_the_formula_is_proved_for_every_degree_at_once() -> None:
    chain = prove()
    assert chain.reaches, [(found.id, found.residual) for found in chain.steps if not found.closed]
    assert chain.steps[-1].lhs == moment(n)
    assert normal_form(chain.steps[-1].rhs - (s * t) ** n * arc_cosine(n, rho) / (2 * sp.pi)) == 0


@pytest.mark.parametrize("degree", [0, n])
def test_every_step_rests_on_earlier_ones_and_on_lemmas_of_the_trust_base(degree: sp.Expr) -> None:
    seen: set[str] = set()
    for found in prove(sp.sympify(degree)).steps:
        assert found.id not in seen
        assert set(found.uses) <= seen, (found.id, found.uses)
        assert found.lemma is None or found.lemma in LEMMAS
        seen.add(found.id)


@pytest.mark.parametrize("degree", range(7))
def test_the_two_routes_agree_on_the_general_covariance(degree: int) -> None:
    chain = prove(sp.Integer(degree))
    assert chain.reaches
    by_ladder = dual(relu(x) ** degree if degree else step(x)).covariance(s**2, t**2, s * t * rho)
    assert normal_form(chain.steps[-1].rhs.doit() - by_ladder) == 0


@pytest.mark.parametrize("degree", range(7))
def test_the_kernels_agree_with_the_definition(degree: int) -> None:
    node, value = moment(sp.Integer(degree)), prove(sp.Integer(degree)).steps[-1].rhs
    by_definition, by_formula = enclose(node, POINT, digits=30), enclose(value.doit(), POINT, digits=60)
    assert by_definition.rad() <= 1e-25
    assert by_definition.overlaps(by_formula)
    off = enclose(value.doit() * (1 + sp.Rational(1, 10**30)), POINT, digits=60)
    assert not enclose(node, POINT, digits=45).overlaps(off)


def test_the_kernels_of_the_literature() -> None:
    angle, root = sp.pi - sp.acos(rho), sp.sqrt(1 - rho**2)
    for degree, known in enumerate((angle, root + rho * angle, 3 * root * rho + (1 + 2 * rho**2) * angle)):
        assert normal_form(arc_cosine(sp.Integer(degree), rho) - known) == 0


def test_a_wrong_coefficient_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    right = polar._derived_form
    monkeypatch.setattr(polar, "_derived_form", lambda degree: right(degree) * (1 + sp.Rational(1, 10**30)))
    polar._general.cache_clear()
    assert not prove().reaches
    polar._general.cache_clear()
