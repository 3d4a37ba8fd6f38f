"""Comparing both sides of a statement at a point: what is claimed, what is left open, and what covers a domain."""

from decimal import Decimal
from fractions import Fraction

import flint
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import Expect, relu
from verify.enclosure import as_ball, at, compare, covers
from verify.statement import Direction, Identity, Inequality, Rate

x, y, rho = sp.symbols("x y rho", real=True)
m, n = sp.symbols("m n", integer=True, positive=True)
u, v = sp.symbols("u v", real=True)
X = sp.IndexedBase("X")
ARC_COSINE = (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)
KERNEL = Expect(relu(u) * relu(v), (u, v), [[1, rho], [rho, 1]])
HALF = {rho: sp.Rational(1, 2)}


def relation(lhs: object, rhs: object, point: dict, **options: int) -> str:
    return compare(Identity(lhs=sp.sympify(lhs), rhs=sp.sympify(rhs)), point, **options).relation


# --- what the enclosures allow --------------------------------------------------------------------------------------


def test_two_ways_to_the_same_number_are_equal():
    assert relation(KERNEL, ARC_COSINE, HALF) == "equal"


def test_the_side_that_is_smaller_is_named():
    assert relation(sp.sqrt(2), sp.Rational(141421, 100000), {}) == "greater"
    assert relation(sp.Rational(141421, 100000), sp.sqrt(2), {}) == "less"


@pytest.mark.parametrize("wrong", [ARC_COSINE * 2, ARC_COSINE.subs(rho, -rho), ARC_COSINE - sp.Rational(1, 10**25)])
def test_a_wrong_closed_form_is_told_apart(wrong):
    assert relation(KERNEL, wrong, HALF) in ("less", "greater")


@pytest.mark.parametrize("power", [28, 30, 38])
def test_a_coefficient_wrong_in_a_late_digit_is_told_apart_when_the_digits_are_raised(power):
    wrong = ARC_COSINE * (1 + sp.Rational(1, 10**power))
    assert relation(KERNEL, wrong, HALF, digits=power + 2) == "less"
    assert relation(KERNEL, wrong, HALF, digits=power - 15) == "equal"


def test_equal_is_said_only_as_far_as_the_digits_go():
    almost = compare(Identity(lhs=x, rhs=x * (1 + sp.Rational(1, 10**50))), {x: arb(1, 1e-45)}, digits=30)
    assert almost.relation == "equal"


def test_wide_balls_that_overlap_decide_nothing():
    assert relation(x, 1, {x: arb(1, 1e-6)}) == "undecided"
    assert relation(x, 2, {x: arb(1, 1e-6)}) == "less"


def test_values_without_a_meaning_decide_nothing():
    comparison = compare(Identity(lhs=sp.log(x), rhs=x), {x: -1})
    assert comparison.relation == "undecided"
    assert comparison.lhs.rad == comparison.difference.rad == "inf"


def test_an_inequality_that_holds_with_equality_is_equal():
    cauchy = Inequality(lhs=(x + y) ** 2, rhs=2 * (x**2 + y**2))
    assert compare(cauchy, {x: sp.Rational(1, 3), y: sp.Rational(1, 3)}).relation == "equal"
    assert compare(cauchy, {x: 1, y: 2}).relation == "less"


def test_definitions_are_put_in():
    square = Identity(lhs=y, rhs=x**2, where=((y, x * x),))
    assert compare(square, {x: 3}).relation == "equal"


def test_the_difference_is_as_sharp_as_the_sides():
    comparison = compare(Identity(lhs=sp.pi + sp.Rational(1, 10**30), rhs=sp.pi), {})
    assert comparison.relation == "greater"
    assert Decimal("0.99e-30") < Decimal(comparison.difference.mid) < Decimal("1.01e-30")


def test_other_kinds_of_statement_have_no_two_sides():
    rate = Rate(quantity=x, exponent=sp.S.One, direction=Direction.EXACTLY, margin=sp.S.One, along=m)
    with pytest.raises(TypeError, match="a rate has no two sides"):
        compare(rate, {})


# --- what is printed ------------------------------------------------------------------------------------------------


@given(
    st.fractions(max_denominator=10**6),
    st.integers(-400, 400),
    st.integers(-400, 400),
    st.integers(5, 60),
    st.booleans(),
)
@settings(deadline=None)
def test_the_printed_ball_contains_the_ball(value, scale, radius, digits, exact):
    with flint.ctx.workprec(200):
        ball = arb(fmpq(value.numerator, value.denominator)) * arb(2) ** scale
        ball = ball.mid() if exact else arb(ball, arb(2) ** radius)
    printed = as_ball(ball, digits)
    middle, size = Fraction(printed.mid), Fraction(printed.rad)
    ends = [Fraction(int(q.p), int(q.q)) for q in (ball.mid().fmpq(), ball.rad().fmpq())]
    assert abs(middle - ends[0]) + ends[1] <= size


@pytest.mark.parametrize(
    ("value", "mid", "rad"),
    [
        (arb(0), "0", "0"),
        (arb(100), "100", "0"),
        (-arb(1) / 8, "-0.125", "0"),
        (arb(flint.fmpz(10) ** 50), "1e+50", "0"),
    ],
)
def test_exact_numbers_are_printed_without_radius(value, mid, rad):
    assert (as_ball(value).mid, as_ball(value).rad) == (mid, rad)


def test_radii_are_short_and_rounded_up():
    with flint.ctx.workdps(40):
        printed = as_ball(arb.pi())
    assert printed.mid.startswith("3.14159265358979323846264338327950288")
    assert len(Decimal(printed.rad).as_tuple().digits) <= 3
    assert Decimal(printed.rad) < Decimal("1e-34")


def test_the_point_is_printed_for_the_reader():
    assert at({rho: sp.Rational(1, 2), sp.Symbol("lambda_0"): 3}) == {"ρ": "1/2", "λ₀": "3"}
    assert at({X: {1: sp.Rational(-2, 3), 2: 5}}) == {"X₁": "-2/3", "X₂": "5"}


def test_a_comparison_carries_its_point():
    assert compare(Identity(lhs=rho, rhs=rho), HALF).at == {"ρ": "1/2"}


# --- what covers a domain -------------------------------------------------------------------------------------------

SIGNS = sp.FiniteSet(-1, 1)
CUBE = Identity(lhs=(sp.Abs(x + y) - sp.Abs(x - y)) / 2, rhs=x * y, domain=((x, SIGNS), (y, SIGNS)))
CORNERS = tuple({x: a, y: b} for a in (-1, 1) for b in (-1, 1))


def test_all_corners_cover_the_cube():
    assert covers(CUBE, CORNERS)
    assert covers(CUBE, (*CORNERS, {x: 0, y: 0}))


def test_a_corner_left_out_is_noticed():
    assert not covers(CUBE, CORNERS[1:])
    assert not covers(CUBE, (*CORNERS[1:], CORNERS[1]))


def test_points_match_by_name_and_value():
    assert covers(
        CUBE, tuple({sp.Symbol("x"): Fraction(a), sp.Symbol("y"): sp.Integer(b)} for a in (-1, 1) for b in (-1, 1))
    )


def test_infinite_sets_are_never_covered():
    for values in (sp.Interval(-1, 1), sp.S.Naturals, sp.S.Reals):
        assert not covers(Identity(lhs=x, rhs=x, domain=((x, values),)), ({x: 0}, {x: 1}))


def test_a_range_may_depend_on_an_earlier_symbol():
    statement = Inequality(lhs=m, rhs=n, domain=((n, sp.Range(1, 4)), (m, sp.Range(1, n + 1))))
    pairs = [{n: a, m: b} for a in range(1, 4) for b in range(1, a + 1)]
    assert covers(statement, pairs)
    assert not covers(statement, pairs[:-1])


def test_a_symbol_without_a_domain_leaves_the_statement_open():
    assert not covers(Identity(lhs=x * y, rhs=y * x, domain=((x, SIGNS),)), CORNERS)


def test_an_entry_of_a_family_may_have_a_domain():
    statement = Identity(lhs=X[1] ** 2, rhs=sp.S.One, domain=((X[1], SIGNS),))
    assert covers(statement, ({X: {1: 1}}, {X: {1: -1}}))
    assert not covers(statement, ({X: {1: 1}},))


def test_no_points_cover_nothing():
    assert not covers(Identity(lhs=sp.S.One, rhs=sp.S.One), ())
    assert covers(Identity(lhs=sp.S.One, rhs=sp.S.One), ({},))


def test_an_empty_domain_holds_nothing_to_test():
    assert not covers(Identity(lhs=x, rhs=x, domain=((x, sp.S.EmptySet),)), ({x: 1},))


def test_measured_values_cover_nothing():
    assert not covers(Identity(lhs=x, rhs=x, domain=((x, SIGNS),)), ({x: arb(1, 0.1)}, {x: arb(-1, 0.1)}))
