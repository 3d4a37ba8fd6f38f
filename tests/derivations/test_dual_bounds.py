"""Bounds on kernels of infinite width by parts with a sign."""

import sympy as sp

from derivations.dual_bounds import by_dual_parts
from derivations.expressions import Expect, normal_cdf, step
from derivations.sum_bounds import Part
from verify.statement import Inequality

u, v, rho = sp.symbols("u v rho", real=True)
ENTRY = rho * Expect(step(u) * step(v), (u, v), [[1, rho], [rho, 1]])
OPEN = ((rho, sp.Interval.open(0, 1)), (sp.acos(rho), sp.Interval(0, sp.pi)))
PART = Part("Angles are not negative.", rho * sp.acos(rho) / (2 * sp.pi), given=(rho, sp.acos(rho)))


def test_the_entry_is_at_most_half_the_inner_product():
    chain = by_dual_parts(PART)(Inequality(lhs=ENTRY, rhs=rho / 2, domain=OPEN))
    assert all(step.closed for step in chain.steps)


def test_parts_that_are_not_the_gap_leave_the_bound_open():
    chain = by_dual_parts(PART)(Inequality(lhs=ENTRY, rhs=rho / 3, domain=OPEN))
    assert [step.id for step in chain.steps if not step.closed] == ["bound"]


def test_a_part_whose_sign_the_domain_does_not_give_is_an_obstacle():
    chain = by_dual_parts(PART)(Inequality(lhs=ENTRY, rhs=rho / 2, domain=((rho, sp.Interval.open(-1, 1)),)))
    assert "the domain does not say that" in chain.obstacle


def test_degenerate_correlations_are_an_obstacle():
    domain = ((rho, sp.Interval(0, 1)), OPEN[1])
    assert "leave (-1, 1)" in by_dual_parts(PART)(Inequality(lhs=ENTRY, rhs=rho / 2, domain=domain)).obstacle


def test_an_expectation_without_a_formula_is_an_obstacle():
    other = Expect(normal_cdf(u) * normal_cdf(v), (u, v), [[1, rho], [rho, 1]])
    assert "no formula" in by_dual_parts(PART)(Inequality(lhs=other, rhs=rho / 2, domain=OPEN)).obstacle
