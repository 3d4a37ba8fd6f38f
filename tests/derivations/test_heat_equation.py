"""Smoothing by the heat equation: what closes, what stays open, and what the replay says of it."""

import pytest
import sympy as sp

from derivations import proof
from derivations.chain import Chain
from derivations.check import heat_equation
from derivations.expressions import Expect
from derivations.replay.check import replay
from verify.statement import Identity

mu, z = sp.symbols("mu z", real=True)
v = sp.Symbol("v", positive=True)
DOMAIN = ((mu, sp.S.Reals), (v, sp.Interval.open(0, sp.oo)))
TRUE = [
    ((mu + z) ** 2, mu**2 + v),
    (sp.exp(mu + z), sp.exp(mu + v / 2)),
    (sp.sin(mu + z), sp.exp(-v / 2) * sp.sin(mu)),
    (sp.erf(mu + z), sp.erf(mu / sp.sqrt(1 + 2 * v))),
]


def step(integrand, formula):
    return heat_equation("smooth", "Smoothed.", Expect(integrand, (z,), [[v]]), formula, mu, v)


@pytest.mark.parametrize(("integrand", "formula"), TRUE)
def test_a_smoothed_function_solves_the_heat_equation_from_itself(integrand, formula) -> None:
    assert step(integrand, formula).closed


@pytest.mark.parametrize(("integrand", "formula"), TRUE)
@pytest.mark.parametrize(
    "wrong", [lambda f: f * (1 + sp.Rational(1, 10**30)), lambda f: f + v, lambda f: f.subs(v, 2 * v)]
)
def test_anything_else_stays_open(integrand, formula, wrong) -> None:
    assert not step(integrand, wrong(formula)).closed


@pytest.mark.parametrize(("integrand", "formula"), TRUE[:3])
def test_it_replays(integrand, formula) -> None:
    whole = step(integrand, formula)
    statement = Identity(lhs=whole.lhs, rhs=formula, domain=DOMAIN)
    names = {"claim": "heat", "form": "printed", "route": "derivation"}
    assert (
        replay(proof.write(proof.Proof.of(statement, Chain(steps=(whole,)), kind="identity", **names))).failure is None
    )
