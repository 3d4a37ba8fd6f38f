"""Bounds on whole intervals: true, sharp where the function vanishes, and absent where nothing can be said."""

from itertools import pairwise

import flint
import pytest
import sympy as sp
from flint import acb, arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import elementary as el
from numerics.balls import Evaluator
from numerics.chebyshev import Ellipse
from numerics.uniform import MOST_POINTS, bound, supremum

x = sp.Symbol("x", real=True)
TOLERANCE = fmpq(1, 10**20)


@pytest.fixture(autouse=True)
def thirty_five_digits():
    with flint.ctx.workdps(35):
        yield


def function(expr: sp.Expr):
    return lambda at: Evaluator({x: at}).value(expr)


VANISHING = [
    sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
    sp.acos(x / 2) + sp.asin(x / 2) - sp.pi / 2,
    sp.cosh(x) ** 2 - sp.sinh(x) ** 2 - 1,
    sp.erf(x) + sp.erfc(x) - 1,
    sp.S.Zero,
    sp.sqrt(x + 3) * sp.sqrt(3 - x) - sp.sqrt(9 - x**2),
]


@pytest.mark.parametrize("expr", VANISHING, ids=str)
def test_a_function_that_vanishes_is_bounded_by_far_less_than_the_tolerance(expr):
    (piece,) = bound(function(expr), fmpq(-1), fmpq(1), TOLERANCE)
    assert piece.witness is None
    assert piece.bound <= TOLERANCE / 500
    assert all(value.value.contains(0) for value in piece.values)


@pytest.mark.parametrize("expr", VANISHING, ids=str)
@pytest.mark.parametrize("digits", [6, 20, 30])
def test_a_function_that_does_not_is_caught_at_one_of_the_first_points(expr, digits):
    (piece,) = bound(function(expr + sp.Rational(1, 10**digits)), fmpq(-1), fmpq(1), TOLERANCE)
    assert len(piece.values) == 5
    assert abs(piece.witness.value - arb(10) ** -digits) < arb(10) ** (-digits - 1)


def test_a_difference_that_the_first_points_do_not_see_is_found_at_the_others():
    scouts = [sp.cos((2 * j + 1) * sp.pi / 10) for j in range(5)]
    (piece,) = bound(function(sp.prod(x - place for place in scouts)), fmpq(-1), fmpq(1), TOLERANCE)
    assert len(piece.values) > 5
    assert piece.witness


@given(st.fractions(-1, 1, max_denominator=10**6))
@settings(deadline=None, max_examples=50)
def test_the_bound_holds_between_the_points(place):
    """A tiny bump, wide balls at the points: nothing is certainly nonzero, and the bound still holds everywhere."""
    with flint.ctx.workdps(35):
        size = arb(fmpq(1, 10**12))
        wide = arb(0, fmpq(2, 10**12))

        def bump(at):
            value = size / (1 + 4 * (at * at))
            return value + wide if isinstance(at, arb) else value

        (piece,) = bound(bump, fmpq(-1), fmpq(1), TOLERANCE)
        assert piece.witness is None
        assert piece.bound > TOLERANCE
        assert abs(size / (1 + 4 * arb(fmpq(place.numerator, place.denominator)) ** 2)) <= piece.bound


def test_towards_a_singular_end_the_pieces_halve_until_it_is_given_up():
    zero = 2 * el.log(arb(3)) - el.log(arb(9))
    pieces = bound(lambda at: el.log(at) * 0 + zero, fmpq(0), fmpq(1), TOLERANCE, halvings=6)
    assert [piece.high for piece in pieces] == [fmpq(1, 64), *(fmpq(1, 2**k) for k in range(5, -1, -1))]
    assert pieces[0].bound is None
    assert all(piece.bound <= TOLERANCE for piece in pieces[1:])
    assert all(len(piece.values) <= MOST_POINTS for piece in pieces)


def test_the_pieces_meet_and_cover_the_interval():
    pieces = bound(lambda at: el.sqrt(at) * 0, fmpq(0), fmpq(3), TOLERANCE, halvings=4)
    assert pieces[0].low == 0
    assert pieces[-1].high == 3
    assert all(one.high == other.low for one, other in pairwise(pieces))


@pytest.mark.parametrize("expr", [sp.Abs(x) + sp.Min(x, -x), sp.Max(x, 0) - (x + sp.Abs(x)) / 2])
def test_across_a_kink_nothing_is_bounded(expr):
    pieces = bound(function(expr), fmpq(-1), fmpq(1), TOLERANCE, halvings=3)
    assert [(piece.low, piece.high) for piece in pieces if piece.bound is None] == [(fmpq(-1, 4), 0), (0, fmpq(1, 4))]


def test_a_function_far_too_wild_for_the_points_allowed_is_cut_up():
    pieces = bound(function(sp.sin(400 * x) ** 2 + sp.cos(400 * x) ** 2 - 1), fmpq(-1), fmpq(1), TOLERANCE)
    assert len(pieces) > 1
    assert all(piece.bound <= TOLERANCE for piece in pieces)


@pytest.mark.parametrize("expr", [1 / (x - 2), sp.log(3 - x), sp.exp(x), sp.erf(x), sp.sqrt(4 + x)])
def test_the_supremum_is_one(expr):
    ellipse = Ellipse(fmpq(-1), fmpq(1), fmpq(5, 2))
    found = supremum(function(expr), ellipse)
    (across, up) = ellipse.axes
    for k in range(50):
        angle = arb(k) / 8
        at = acb(angle.cos() * across, angle.sin() * up)
        assert abs(Evaluator({x: el.Holomorphic(at)}).value(expr).ball) <= found


@pytest.mark.parametrize(
    "expr", [1 / (x - sp.Rational(6, 5)), sp.log(sp.Rational(6, 5) - x), 1 / (1 + x**2), sp.Abs(x)]
)
def test_there_is_none_where_the_ellipse_holds_a_singularity(expr):
    assert supremum(function(expr), Ellipse(fmpq(-1), fmpq(1), fmpq(4))) is None


def test_what_the_function_raises_passes_through():
    with pytest.raises(LookupError, match="the symbol x has no value"):
        bound(lambda _: Evaluator({}).value(x), fmpq(-1), fmpq(1), TOLERANCE)
    with pytest.raises(TypeError, match="must not branch on its complex argument"):
        bound(lambda at: at - at if at > 0 else 0 * at, fmpq(-1), fmpq(1), TOLERANCE)
