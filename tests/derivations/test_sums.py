"""The normal form of finite sums keeps every value, and makes one expression of all that the rules make equal."""

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derivations import check
from derivations.sums import Orthogonal, flatten, multiple_of, readable
from numerics.balls import Evaluator

a, b, q = (sp.IndexedBase(name, real=True) for name in "abq")
i, j, k, p = sp.symbols("i j k p", integer=True)
n, m = sp.symbols("n m", integer=True, positive=True)
x = sp.Symbol("x", real=True)
TINY = sp.Rational(1, 10**30)

POINT = {
    n: 3,
    m: 2,
    x: Fraction(2, 3),
    a: {1: 1, 2: -2, 3: Fraction(1, 3)},
    b: {(r, c): Fraction(r + 1, c) for r in (1, 2, 3) for c in (1, 2, 3)},
}


def over(summand: sp.Expr, *limits: tuple[sp.Symbol, object]) -> sp.Expr:
    return sp.Sum(summand, *((index, 1, size) for index, size in limits))


SUMMANDS = st.sampled_from(
    [
        over(a[i], (i, n)),
        over(a[i] * b[i, j], (i, n), (j, m)),
        over(a[j] * over(b[j, i] * a[i], (i, n)) ** 2, (j, n)),
        over(x, (i, m)),
        over(sp.KroneckerDelta(i, j) * a[i] * b[j, j], (i, n), (j, n)),
        over(sp.Abs(over(b[i, j] * x, (j, n))), (i, n)),
        over((a[i] - 1) / (x + 1), (i, n)),
        x**2 - 1,
        sp.Integer(3),
    ]
)
EXPRESSIONS = st.recursive(
    SUMMANDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, st.fractions(max_denominator=7)).map(lambda pair: sp.Rational(pair[1]) * pair[0]),
    ),
    max_leaves=3,
)


def has_a_normal_form(expr: sp.Expr) -> bool:
    """Whether its products stay under few enough summation signs; the normal form refuses the others."""
    try:
        flatten(expr)
    except ValueError as error:
        assert "beyond the normal form" in str(error)
        return False
    return True


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
@given(EXPRESSIONS.filter(has_a_normal_form))
def test_it_keeps_every_value(expr: sp.Expr) -> None:
    assert Evaluator(POINT).value(flatten(expr)) == Evaluator(POINT).value(expr)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
@given(EXPRESSIONS.filter(has_a_normal_form))
def test_an_expression_minus_itself_vanishes_whatever_its_indices_are_called(expr: sp.Expr) -> None:
    assert flatten(expr - expr.xreplace({i: p, j: i})) == 0


def test_the_square_of_a_sum_is_a_double_sum() -> None:
    assert flatten(over(a[i], (i, n)) ** 2 - over(a[i] * a[j], (j, n), (i, n))) == 0
    assert flatten(over(a[i], (i, n)) ** 2 - over(a[i] ** 2, (i, n))) != 0


def test_lagranges_identity_for_every_number_of_terms() -> None:
    c = sp.IndexedBase("c")
    gap = over(a[i] ** 2, (i, n)) * over(c[i] ** 2, (i, n)) - over(a[i] * c[i], (i, n)) ** 2
    squares = over((a[i] * c[j] - a[j] * c[i]) ** 2, (i, n), (j, n)) / 2
    assert flatten(gap - squares) == 0
    assert flatten(gap - squares * (1 + TINY)) != 0


def test_a_delta_is_used_up_only_within_its_range() -> None:
    picked = over(sp.KroneckerDelta(i, p) * a[i], (i, n))
    assert flatten(picked, {p: (sp.S.One, n)}) == a[p]
    assert flatten(picked, {p: (sp.S.One, m)}) != a[p]
    assert flatten(picked) != a[p]


def test_derivatives_of_sums_pick_one_term() -> None:
    total = over(a[i] ** 3, (i, n))
    assert flatten(sp.Derivative(total, a[p]) - 3 * a[p] ** 2, {p: (sp.S.One, n)}) == 0


def test_a_derivative_by_an_index_of_the_sums_own_name_is_not_confused() -> None:
    total = over(a[i] * b[i, i], (i, n))
    assert flatten(sp.Derivative(total, a[i]) - b[i, i], {i: (sp.S.One, n)}) == 0


def test_orthogonal_matrices_contract() -> None:
    orthogonal = Orthogonal(q, n)
    columns = over(q[i, j] * q[i, k], (i, n))
    assert flatten(columns - sp.KroneckerDelta(j, k), orthogonal=orthogonal) == 0
    assert flatten(over(columns * a[k], (k, n)) - a[j], {j: (sp.S.One, n)}, orthogonal) == 0
    assert flatten(columns - sp.KroneckerDelta(j, k)) != 0
    mixed = over(q[i, j] * q[k, i], (i, n))
    assert flatten(mixed - sp.KroneckerDelta(j, k), orthogonal=orthogonal) != 0


def test_too_many_indices_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond the normal form"):
        flatten(over(a[i], (i, n)) ** 7)


def test_the_factor_of_a_sum() -> None:
    total = over(a[i] ** 2, (i, n))
    assert multiple_of(-2 * x * over(a[k] ** 2, (k, n)), total) == -2 * x
    assert multiple_of(sp.sqrt(total), total) == 0


def test_the_roots_of_a_sum_multiply_to_the_sum_under_another() -> None:
    root = sp.sqrt(over(b[i, j] ** 2, (j, n)))
    assert flatten(over((root - a[i]) ** 2, (i, n))) == flatten(
        over(b[i, j] ** 2, (j, n), (i, n)) + over(a[i] ** 2 - 2 * a[i] * root, (i, n))
    )


def test_canonical_indices_can_be_given_readable_names() -> None:
    assert str(readable(flatten(over(a[i], (i, n))), ("l",))) == "Sum(a[l], (l, 1, n))"


def test_steps_about_sums_close_exactly_when_true() -> None:
    lhs, rhs = over(a[i] + x, (i, n)), over(a[j], (j, n)) + n * x
    assert check.finite_sums("s", "", lhs, rhs).closed
    assert check.finite_sums("s", "", lhs, rhs * (1 + TINY)).residual != 0
    assert not check.finite_sums("s", "", over(a[i], (i, n)) ** 7, sp.S.Zero).closed


def test_a_sign_follows_from_the_parts_given() -> None:
    c = sp.Symbol("c", real=True)
    assert check.nonnegative("s", "", (1 - c) * over(a[i] ** 2, (i, n)), given=(1 - c,)).closed
    assert not check.nonnegative("s", "", (1 - c) * over(a[i] ** 2, (i, n))).closed
    assert not check.nonnegative("s", "", (1 - c) * over(a[i], (i, n)), given=(1 - c,)).closed


def test_a_sign_may_be_seen_in_parameters_that_run_over_the_whole_range() -> None:
    running = {n: 1 + sp.Dummy(integer=True, nonnegative=True)}
    assert check.nonnegative("s", "", n**2 - n, running=running).closed
    assert not check.nonnegative("s", "", n**2 - n - TINY, running=running).closed
