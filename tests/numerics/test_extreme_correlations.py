"""Dual functions next to the ends, where the density degenerates: enclosed as sharply as anywhere else."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb

from derivations.expressions import Expect, normal_cdf, relu, step
from numerics import quadrature
from numerics.balls import enclose

u, v, z, rho = sp.symbols("u v z rho", real=True)
DUALS = {
    "relu": (relu(z), (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)),
    "step": (step(z), (sp.pi - sp.acos(rho)) / (2 * sp.pi)),
    "erf": (sp.erf(z), 2 / sp.pi * sp.asin(2 * rho / 3)),
    "erf'": (2 / sp.sqrt(sp.pi) * sp.exp(-(z**2)), 4 / sp.pi / sp.sqrt(9 - 4 * rho**2)),
    "GELU": (
        z * normal_cdf(z),
        rho / 4 + rho * sp.asin(rho / 2) / (2 * sp.pi) + 1 / (2 * sp.pi * sp.sqrt(4 - rho**2)),
    ),
}


def kernel(name: str) -> Expect:
    f, _ = DUALS[name]
    return Expect(f.subs(z, u) * f.subs(z, v), (u, v), [[1, rho], [rho, 1]])


@pytest.mark.parametrize("name", DUALS)
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("k", [1, 4, 8, 12, 16])
def test_the_enclosure_is_sharp_and_holds_the_closed_form(name, sign, k):
    at = {rho: sign * (1 - Fraction(1, 10**k))}
    ball = enclose(kernel(name), at)
    assert ball.overlaps(enclose(DUALS[name][1], at, digits=60))
    assert ball.rad() < arb("2e-39")


@pytest.mark.parametrize("name", DUALS)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_nearer_the_end_the_more_work_but_not_much_more(name, sign, monkeypatch):
    """The integrand has a layer of width 10^(-k/2) at the kink, which bisection reaches in a number of steps like k."""
    calls: list[object] = []
    rule = quadrature._holomorphic

    def counted(f, a, b):
        return rule(lambda x: calls.append(x) or f(x), a, b)

    monkeypatch.setattr(quadrature, "_holomorphic", counted)
    enclose(kernel(name), {rho: sign * (1 - Fraction(1, 10**16))})
    assert 0 < len(calls) < 5000
