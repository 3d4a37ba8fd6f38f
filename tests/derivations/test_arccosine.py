"""The closed forms of the arc-cosine kernels are derived from the statement that is handed in, and only true ones."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.arccosine import derive, derive_scaling
from derivations.expressions import Expect, normal_pdf, relu, step
from verify.ledger.arccosine import (
    DS_ARCCOS,
    DS_ARCCOS_NU,
    IM_SIGMA,
    IM_SIGMA_DOT,
    PAIR,
    c_sigma,
    nu,
    rho,
    s,
    t,
    u,
    v,
    z,
)
from verify.statement import Identity

SIGMA, SIGMA_DOT, ARCCOS, SCALING = (
    claim.forms[0].statement for claim in (IM_SIGMA, IM_SIGMA_DOT, DS_ARCCOS, DS_ARCCOS_NU)
)
TINY = sp.Rational(1, 10**30)
ROOT, ANGLE = sp.sqrt(1 - rho**2), sp.acos(rho)


@pytest.mark.parametrize("statement", [SIGMA, SIGMA_DOT, ARCCOS])
def test_the_ledger_statements_are_reached(statement: Identity) -> None:
    chain = derive(statement)
    assert chain.reaches, chain.obstacle


def test_the_degenerate_correlations_are_covered() -> None:
    assert {"rho-at-one", "rho-at-minus-one"} <= {found.id for found in derive(SIGMA).steps}
    inner = replace(SIGMA, domain=(*SIGMA.domain[:2], (rho, sp.Interval.open(-1, 1))))
    chain = derive(inner)
    assert chain.reaches
    assert not {"rho-at-one", "relu-dual-one"} & {found.id for found in chain.steps}


@pytest.mark.parametrize(
    "rhs",
    [
        s * t * (ROOT + rho * ANGLE) / sp.pi,
        s * t * (ROOT + rho * (sp.pi - ANGLE)),
        s * t * (ROOT + rho * (sp.pi - ANGLE)) / (2 * sp.pi),
        s * t * (ROOT + rho * (sp.pi - sp.asin(rho))) / sp.pi,
        s * t * (ROOT - rho * (sp.pi - ANGLE)) / sp.pi,
        s * t * (1 - rho**2 + rho * (sp.pi - ANGLE)) / sp.pi,
        s**2 * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi,
        s**2 * t**2 * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi,
        (ROOT + rho * (sp.pi - ANGLE)) / sp.pi,
        s * t * (ROOT + rho * (sp.pi - sp.acos(-rho))) / sp.pi,
        s * t * (1 + TINY) * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi,
        s * t * (ROOT + rho * (sp.pi - (1 + TINY) * ANGLE)) / sp.pi,
        s * t * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi + TINY,
        s * t * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi + TINY * (1 - rho**2) * rho,
        s * t * rho,
        s * t * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi * sp.Heaviside(rho + 2),
        1.0000001 * s * t * (ROOT + rho * (sp.pi - ANGLE)) / sp.pi,
        sp.zoo,
        sp.nan,
    ],
)
def test_a_false_right_side_is_not_reached(rhs: sp.Expr) -> None:
    assert not derive(replace(SIGMA, rhs=rhs)).reaches


@pytest.mark.parametrize(
    "rhs",
    [
        ANGLE / sp.pi,
        (sp.pi - ANGLE) / (2 * sp.pi),
        (sp.pi - sp.asin(rho)) / sp.pi,
        (sp.pi - ANGLE) / sp.pi * (1 + TINY),
        (sp.pi - ANGLE) / sp.Rational(31415926535, 10**10),
        (sp.pi - ANGLE) * s / (sp.pi * t),
    ],
)
def test_a_false_derivative_covariance_is_not_reached(rhs: sp.Expr) -> None:
    assert not derive(replace(SIGMA_DOT, rhs=rhs)).reaches


@pytest.mark.parametrize(
    "lhs",
    [
        Expect(relu(u) * relu(v), (u, v), PAIR),
        c_sigma**2 * Expect(relu(u) * relu(v), (u, v), PAIR),
        c_sigma * Expect(step(u) * step(v), (u, v), PAIR),
        c_sigma * Expect(relu(u) * relu(v), (u, v), [[s**2, s * t * rho], [s * t * rho, s**2]]),
        c_sigma * Expect(relu(u) * relu(v), (u, v), [[s, s * t * rho], [s * t * rho, t]]),
    ],
)
def test_a_false_left_side_is_not_reached(lhs: sp.Expr) -> None:
    assert not derive(replace(SIGMA, lhs=lhs)).reaches


def test_equivalent_closed_forms_are_reached() -> None:
    assert derive(replace(SIGMA_DOT, rhs=sp.Rational(1, 2) + sp.asin(rho) / sp.pi)).reaches
    assert derive(replace(SIGMA_DOT, rhs=sp.acos(-rho) / sp.pi)).reaches
    assert derive(replace(SIGMA, lhs=SIGMA.rhs, rhs=SIGMA.lhs)).reaches


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"domain": (*SIGMA.domain[:2], (rho, sp.Interval(-2, 1)))}, "the domain lets rho leave [-1, 1]"),
        ({"domain": SIGMA.domain[:2]}, "the domain says nothing about rho"),
        ({"domain": ((s, sp.S.Reals), *SIGMA.domain[1:])}, "s is taken to be positive, which its domain does not say"),
        ({"lhs": Expect(sp.tanh(u) * sp.tanh(v), (u, v), PAIR)}, "no formula for tanh(u)*tanh(v) with this covariance"),
        ({"lhs": Expect(relu(z - 1), (z,), [[1]])}, "no formula for relu(z - 1) with this covariance"),
        ({"rhs": 0.5 * rho}, "the statement holds a floating-point number"),
    ],
)
def test_where_there_is_no_derivation_the_chain_says_why(change: dict[str, object], obstacle: str) -> None:
    chain = derive(replace(SIGMA, **change))
    assert (chain.reaches, chain.obstacle) == (False, obstacle)


def test_the_step_dual_does_not_depend_on_the_scale() -> None:
    assert derive_scaling(SCALING).reaches
    elsewhere = replace(SCALING, lhs=Expect(step(u) * step(v), (u, v), nu**2 * PAIR), rhs=SCALING.lhs)
    assert not derive_scaling(elsewhere).reaches


@pytest.mark.parametrize("f", [relu, sp.tanh, normal_pdf, sp.erf, lambda x: step(x) * (1 + TINY * x**2)])
def test_other_functions_do(f: object) -> None:
    def side(covariance: sp.Matrix) -> Expect:
        return Expect(f(u) * f(v), (u, v), covariance)  # type: ignore[operator]

    changed = replace(SCALING, lhs=side(SCALING.lhs.covariance), rhs=side(SCALING.rhs.covariance))
    assert not derive_scaling(changed).reaches


def test_scaling_says_when_it_does_not_apply() -> None:
    assert derive_scaling(replace(SCALING, rhs=rho)).obstacle.startswith("the two sides are not expectations")
    opposite = replace(SCALING, lhs=Expect(step(u) * step(v), (u, v), -nu * SCALING.rhs.covariance))
    assert "not known to be positive" in derive_scaling(opposite).obstacle
