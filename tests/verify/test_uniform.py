"""Certificates for every value of a variable: what they cover, what they refute, what they leave open."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
import sympy as sp
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import Expect, relu, step
from numerics.balls import enclose
from verify import tasks
from verify.claim import UniformCertificate
from verify.decide import decide
from verify.ledger import arccosine
from verify.statement import Identity, Inequality
from verify.uniform import certify, pull_back
from verify.verdict import Verdict
from verify.wellformed import FaultError, check

s, t = sp.symbols("s t", positive=True)
rho, theta, u, v, z = sp.symbols("rho theta u v z", real=True)
ENDS = sp.Interval(-1, 1)
KAPPA_0 = (sp.pi - sp.acos(rho)) / (2 * sp.pi)
KAPPA_1 = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)
ANGLE = UniformCertificate(name="angle", variable=rho, chart="angle")
LINE = UniformCertificate(name="line", variable=rho)


def kernel(f: sp.Expr, domain: sp.Set = ENDS, **changes: sp.Expr) -> Identity:
    lhs = Expect(f.subs(z, u) * f.subs(z, v), (u, v), [[1, rho], [rho, 1]])
    return Identity(**{"lhs": lhs, "rhs": sp.S.Zero, "domain": ((rho, domain),), **changes})


def of(route: UniformCertificate, statement: Identity):
    evidence = certify(route, statement)
    return evidence, decide(statement, evidence)


# --- what is certified ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "statement"),
    [
        (ANGLE, kernel(step(z), rhs=KAPPA_0)),
        (ANGLE, kernel(relu(z), rhs=KAPPA_1)),
        (LINE, kernel(sp.erf(z), rhs=2 / sp.pi * sp.asin(2 * rho / 3))),
        (LINE, kernel(2 / sp.sqrt(sp.pi) * sp.exp(-(z**2)), rhs=4 / sp.pi / sp.sqrt(9 - 4 * rho**2))),
        (LINE, kernel(z**3 - z, rhs=6 * rho**3 + 4 * rho)),
    ],
    ids=["κ₀", "κ₁", "erf", "erf′", "cubic"],
)
def test_equal_for_every_correlation_both_ends_included(route, statement):
    evidence, decision = of(route, statement)
    assert decision.verdict is Verdict.CERTIFIED
    assert "within the tolerance 10⁻³⁰, for every ρ in [−1, 1]" in decision.reason
    assert max(Decimal(piece.bound) for piece in evidence.pieces) < Decimal("1e-32")


@pytest.mark.parametrize("digits", [3, 12, 30])
@pytest.mark.parametrize(("f", "rhs"), [(step(z), KAPPA_0), (relu(z), KAPPA_1)])
def test_a_coefficient_wrong_in_the_last_digit_of_the_tolerance_is_refuted(f, rhs, digits):
    evidence, decision = of(ANGLE, kernel(f, rhs=rhs * (1 + sp.Rational(1, 10**digits))))
    assert decision.verdict is Verdict.REFUTED
    assert evidence.witness.relation == "less"


def test_equality_has_a_limit_which_is_printed():
    """Wrong by 1e-45, and certified to within 1e-30: that is what the verdict says, and no more."""
    almost = kernel(step(z), rhs=KAPPA_0 + sp.Rational(1, 10**47))
    _, decision = of(UniformCertificate(name="", variable=rho, chart="angle", digits=20), almost)
    assert decision.verdict is Verdict.CERTIFIED
    assert "the tolerance 10⁻²⁰" in decision.reason
    _, finer = of(UniformCertificate(name="", variable=rho, chart="angle", digits=50), almost)
    assert finer.verdict is Verdict.REFUTED


@given(st.fractions(-1, 1, max_denominator=1000))
@settings(deadline=None, max_examples=20)
def test_the_bound_holds_at_points_in_between(place):
    evidence = _kappa_1()
    at = {rho: place}
    difference = enclose(kernel(relu(z)).lhs, at, digits=45) - enclose(KAPPA_1, at, digits=45)
    assert abs(difference).lower() <= arb(evidence.pieces[0].bound)


@cache
def _kappa_1():
    return certify(ANGLE, kernel(relu(z), rhs=KAPPA_1))


# --- the chart of angles ----------------------------------------------------------------------------------------------


@given(
    st.sampled_from(
        [
            KAPPA_1,
            sp.acos(-rho) + sp.asin(rho) - sp.asin(-rho),
            (1 - rho**2) ** sp.Rational(3, 2) + 1 / sp.sqrt(3 - 3 * rho**2),
            sp.sqrt(2 - 2 * rho) - 1 / sp.sqrt(1 + rho),
            sp.sqrt((1 - rho) / 2) * sp.sqrt(5 + rho) + sp.acos(rho / 2),
        ]
    ),
    st.fractions("-99/100", "99/100", max_denominator=100),
)
@settings(deadline=None)
def test_pulled_back_to_the_angle_an_expression_has_the_same_values(expr, place):
    angle = enclose(sp.acos(rho), {rho: place}, digits=40)
    pulled = pull_back(expr, rho, theta)
    assert rho not in pulled.free_symbols
    assert enclose(pulled, {theta: angle}).overlaps(enclose(expr, {rho: place}))


def test_in_the_angle_nothing_is_left_that_is_singular_at_the_ends():
    assert pull_back(KAPPA_1, rho, theta).atoms(sp.acos, sp.asin) == set()
    assert pull_back(sp.sqrt(1 - rho**2), rho, theta) == sp.sin(theta)


def test_on_the_line_a_kinked_function_is_not_covered_up_to_the_ends():
    part = UniformCertificate(name="", variable=rho, digits=8, intervals=((sp.Rational(-1, 2), sp.Rational(3, 4)),))
    evidence, decision = of(part, kernel(step(z), rhs=KAPPA_0))
    assert decision.verdict is Verdict.SUPPORTED
    assert "for every ρ in [−1/2, 3/4], from" in decision.reason
    assert "that is not the whole domain of ρ" in decision.reason
    assert {(piece.low, piece.high) for piece in evidence.pieces} == {("-1/2", "3/4")}


def test_two_intervals_that_meet_cover_the_domain():
    halves = UniformCertificate(
        name="", variable=rho, chart="angle", intervals=((-1, sp.Rational(1, 3)), (sp.Rational(1, 3), 1))
    )
    evidence, decision = of(halves, kernel(step(z), rhs=KAPPA_0))
    assert len(evidence.pieces) == 2
    assert decision.verdict is Verdict.CERTIFIED


# --- other symbols and other statements -------------------------------------------------------------------------------


def scaled(rhs: sp.Expr) -> Identity:
    lhs = Expect(relu(u) * relu(v), (u, v), [[s**2, s * t * rho], [s * t * rho, t**2]])
    positive = sp.Interval.open(0, sp.oo)
    return Identity(lhs=lhs, rhs=rhs, domain=((s, positive), (t, positive), (rho, ENDS)))


AT = UniformCertificate(name="", variable=rho, chart="angle", at={s: 1, t: 1})


def test_both_sides_being_multiples_of_one_factor_the_other_symbols_are_covered():
    evidence, decision = of(AT, scaled(s * t * KAPPA_1))
    assert evidence.factor == "s t"
    assert decision.verdict is Verdict.CERTIFIED
    assert "within the tolerance 10⁻³⁰ · s t, for every ρ" in decision.reason


def test_else_they_are_not():
    _, decision = of(AT, scaled(s**2 * t * KAPPA_1))
    assert decision.verdict is Verdict.SUPPORTED
    assert decision.reason.startswith("With s = 1, t = 1, ")


def test_every_other_symbol_needs_a_value():
    with pytest.raises(LookupError, match="the symbol t has no value"):
        certify(UniformCertificate(name="", variable=rho, chart="angle", at={s: 1}), scaled(s * t * KAPPA_1))


def test_only_identities_have_a_difference():
    with pytest.raises(TypeError, match="kind 'inequality' has no difference"):
        certify(LINE, Inequality(lhs=rho, rhs=rho, domain=((rho, ENDS),)))


def test_no_cosine_is_larger_than_one():
    with pytest.raises(ValueError, match="is no cosine on the whole of"):
        certify(ANGLE, kernel(step(z), sp.Interval(-1, 2), rhs=KAPPA_0))


def test_a_variable_without_bounds_is_not_covered():
    with pytest.raises(ValueError, match="does not run over an interval with rational ends"):
        certify(LINE, kernel(z, sp.S.Reals, rhs=rho))


def test_an_interval_outside_the_domain_leaves_nothing_to_test():
    outside = UniformCertificate(name="", variable=rho, intervals=((2, 3),))
    _, decision = of(outside, kernel(z, rhs=rho))
    assert decision.verdict is Verdict.INCONCLUSIVE


# --- in the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [arccosine.IM_SIGMA, arccosine.IM_SIGMA_DOT, arccosine.DS_ARCCOS], ids=lambda c: c.id)
def test_the_arc_cosine_kernels_are_certified_and_their_mutants_refuted(claim):
    (form,) = claim.forms
    (route,) = [route for route in form.routes if isinstance(route, UniformCertificate)]
    ledger = tasks.Ledger([claim])
    for mutant in (None, *form.mutants):
        evidence = tasks.compute(tasks.StatementTask(claim.id, 0, route.name, mutant and mutant.name), ledger)
        statement = mutant.of(form.statement) if mutant else form.statement
        assert type(evidence).model_validate_json(evidence.model_dump_json()) == evidence
        expected = Verdict.REFUTED if mutant else Verdict.CERTIFIED
        assert decide(statement, evidence).verdict is expected, mutant and mutant.name


def test_the_witness_is_short_enough_to_be_copied():
    evidence = certify(ANGLE, kernel(step(z), rhs=1 - KAPPA_0))
    assert Fraction(evidence.witness.at["ρ"]).denominator <= 1000


def test_a_route_covers_a_variable_of_the_domain():
    (form,) = arccosine.IM_SIGMA.forms
    stray = UniformCertificate(name="stray", variable=theta)
    claim = replace(arccosine.IM_SIGMA, forms=(replace(form, routes=(stray,)),))
    with pytest.raises(FaultError, match=r"field forms\[0\].routes: 'stray' covers theta, which is not in the domain"):
        check(claim)
