"""What is kept of one computation for the next: only what depends on nothing but an exact point."""

import sympy as sp
from flint import arb

from numerics import memory
from numerics.balls import enclose

x, t = sp.symbols("x t")


def _counted(expr, point, name):
    """How often an enclosure is computed when it is asked for twice."""
    calls = []

    def compute():
        calls.append(1)
        return enclose(expr, point)

    assert str(memory.once((name, expr), point, compute)) == str(memory.once((name, expr), point, compute))
    return len(calls)


def test_an_enclosure_at_an_exact_point_is_computed_once():
    assert _counted(sp.exp(x), {x: sp.Rational(1, 3)}, "exact") == 1


def test_a_point_with_a_ball_is_equal_to_no_other():
    assert memory.exact_key({x: arb(1) / 3}) is None
    assert _counted(sp.exp(x), {x: arb(1) / 3}, "ball") == 2


def test_what_took_a_quadrature_is_computed_again():
    assert _counted(sp.Integral(sp.exp(-(t**2)), (t, 0, x)), {x: 1}, "quadrature") == 2


def test_points_differ_where_a_number_a_family_or_a_matrix_does():
    a, A = sp.IndexedBase("a"), sp.MatrixSymbol("A", 1, 2)
    points = [
        {x: 1},
        {x: 2},
        {t: 1},
        {a: {1: 1}},
        {a: {2: 1}},
        {a: {1: 2}},
        {A: sp.Matrix([[1, 2]])},
        {A: sp.Matrix([[2, 1]])},
    ]
    assert len({memory.exact_key(point) for point in points}) == len(points)


def test_the_same_point_of_another_question_is_another():
    assert memory.once("one", {x: 1}, lambda: 1) == 1
    assert memory.once("other", {x: 1}, lambda: 2) == 2
