"""Chebyshev points: the constants in the bound of the error of interpolation, against interpolation itself."""

import math

import flint
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from numerics.chebyshev import Box, Ellipse, lebesgue_constant, points, points_needed, truncation_error


def interpolate(f, low: float, high: float, count: int, x: float) -> float:
    """The polynomial through f at the Chebyshev points, by Lagrange's formula."""
    nodes = [float(place) for place in points(fmpq(low), fmpq(high), count)]
    return sum(
        f(a) * math.prod((x - b) / (a - b) for b in nodes if b is not a)  # no two nodes are equal
        for a in nodes
    )


def test_the_points_are_the_zeros_of_the_chebyshev_polynomial():
    for x in points(fmpq(-1), fmpq(1), 7):
        assert (7 * x.acos()).cos().contains(0)


def test_the_points_stay_clear_of_the_ends():
    found = list(points(fmpq(-1), fmpq(1), 200))
    assert all(-1 < x < 1 for x in found)


@pytest.mark.parametrize("count", [1, 2, 5, 20, 60])
def test_the_lebesgue_constant_bounds_the_sum_of_the_lagrange_polynomials(count):
    nodes = [math.cos((2 * j + 1) * math.pi / (2 * count)) for j in range(count)]
    weights = [(-1) ** j * math.sin((2 * j + 1) * math.pi / (2 * count)) for j in range(count)]
    largest = 1.0
    for i in range(2001):
        x = -1 + i / 1000
        terms = [w / (x - a) for w, a in zip(weights, nodes, strict=True) if x != a]
        if len(terms) == count:
            largest = max(largest, sum(map(abs, terms)) / abs(sum(terms)))
    assert largest <= lebesgue_constant(count)
    assert lebesgue_constant(count) <= largest + 0.05 + (count > 1) * 0.05, "the bound is nearly attained at the ends"


@pytest.mark.parametrize("radius", [fmpq(3, 2), fmpq(2), fmpq(3)])
@pytest.mark.parametrize("count", [3, 8, 15])
def test_the_truncation_error_bounds_the_error_of_interpolation(radius, count):
    """1/(a - x) on [-1, 1] is at most 1/(a - A) in an ellipse whose real semi-axis A is below a."""
    a = float(Ellipse(fmpq(-1), fmpq(1), radius).axes[0]) + 0.1
    allowed = truncation_error(arb(10), radius, count)
    for i in range(101):
        x = -1 + i / 50
        assert abs(1 / (a - x) - interpolate(lambda y: 1 / (a - y), -1, 1, count, x)) <= allowed


@given(st.floats(1e-3, 1e6), st.integers(21, 200), st.integers(4, 35))
def test_as_many_points_as_are_needed_and_not_many_more(magnitude, twentieths, digits):
    radius, error = fmpq(twentieths, 20), arb(10) ** -digits
    count = points_needed(arb(magnitude), radius, error)
    assert truncation_error(arb(magnitude), radius, count) <= error
    assert count == 2 or truncation_error(arb(magnitude), radius, count - 1) >= error * fmpq(99, 100)


def test_the_ellipse_has_its_foci_at_the_ends_of_the_interval():
    across, up = Ellipse(fmpq(1), fmpq(5), fmpq(3)).axes
    assert across**2 - up**2 == 4
    assert across + up == 6


@given(st.floats(0, math.pi), st.floats(0, 1), st.integers(1, 6), st.integers(1, 6))
def test_boxes_that_are_left_out_hold_no_point_of_the_ellipse(angle, scale, columns, rows):
    ellipse = Ellipse(fmpq(-1), fmpq(3), fmpq(2))
    (across, up) = (float(axis) for axis in ellipse.axes)
    x, y = 1 + scale * across * math.cos(angle), scale * up * math.sin(angle) * (1 - 1e-12)
    kept = [box for box in ellipse.box.split(columns, rows) if not ellipse.misses(box)]
    assert any(
        float(box.left) - 1e-9 <= x <= float(box.right) + 1e-9 and float(box.bottom) <= y <= float(box.top) + 1e-9
        for box in kept
    )


def test_a_box_is_cut_across_its_longer_side():
    wide, tall = Box(fmpq(0), fmpq(4), fmpq(0), fmpq(1)), Box(fmpq(0), fmpq(1), fmpq(0), fmpq(4))
    assert [half.right for half in wide.halves()] == [2, 4]
    assert [half.top for half in tall.halves()] == [2, 4]


def test_points_are_as_sharp_as_the_working_precision():
    with flint.ctx.workdps(60):
        assert all(x.rad() < arb(10) ** -55 for x in points(fmpq(0), fmpq(1), 9))
