"""A point is inside or outside a domain only where that is certain; functions and derivatives have values at points."""

import pytest
import sympy as sp
from flint import arb

from derivations.activations import sigma, sigma_prime_prime
from derivations.chain import Chain
from derivations.expressions import normal_cdf
from numerics import balls
from verify import decide, tasks
from verify.claim import Certificate, Derivation
from verify.decide.levels import ALPHA
from verify.domain import completed, inside
from verify.enclosure import at
from verify.statement import Identity, Inequality, Statement
from verify.verdict import Verdict

x, y = sp.symbols("x y", real=True)
i, j = sp.symbols("i j", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
a, b = sp.IndexedBase("a"), sp.IndexedBase("b")
F = sp.Function("F")


def over(*domain: tuple[sp.Basic, sp.Set]) -> Statement:
    return Statement(domain=domain)


def test_a_symbol_lies_in_its_set_or_not() -> None:
    cube = over((x, sp.FiniteSet(-1, 1)))
    assert inside(cube, {x: 1})
    assert not inside(cube, {x: 2})
    assert not inside(over((n, sp.S.Naturals)), {n: 0})
    assert not inside(over((x, sp.Interval.open(0, 1))), {x: 1})
    assert inside(over((x, sp.Interval(0, 1))), {x: 1})


def test_the_ends_of_a_set_may_be_other_symbols() -> None:
    below = over((y, sp.S.Reals), (x, sp.Interval(-y, y)))
    assert inside(below, {x: -1, y: 1})
    assert not inside(below, {x: -2, y: 1})


def test_every_entry_of_a_family_counts() -> None:
    unit = over((a[i], sp.Interval(-1, 1)))
    assert inside(unit, {a: {1: 1, 2: -1}})
    assert not inside(unit, {a: {1: 1, 2: -2}})


def test_an_expression_counts_for_every_value_of_its_free_index() -> None:
    rows = over((sp.Sum(b[i, j] ** 2, (j, 1, n)), sp.Interval(0, 1)))
    assert inside(rows, {n: 2, b: {(1, 1): 1, (1, 2): 0, (2, 1): 0, (2, 2): -1}})
    assert not inside(rows, {n: 2, b: {(1, 1): 1, (1, 2): 0, (2, 1): 1, (2, 2): 1}})


def test_a_set_may_hold_an_expression() -> None:
    gram = over((sp.Sum(b[i, j] * b[i, 1], (i, 1, n)), sp.FiniteSet(sp.KroneckerDelta(j, 1))))
    assert inside(gram, {n: 2, b: {(1, 1): 0, (2, 1): 1, (1, 2): 1, (2, 2): 0}})
    assert inside(gram, {n: 2, b: {(1, 1): 1, (2, 1): 1, (1, 2): 1, (2, 2): 0}}) is False


def test_an_expression_counts_for_every_pair_of_its_free_indices() -> None:
    k = sp.Symbol("k", integer=True)
    orthogonal = over((sp.Sum(b[i, j] * b[i, k], (i, 1, n)), sp.FiniteSet(sp.KroneckerDelta(j, k))))
    assert inside(orthogonal, {n: 2, b: {(1, 1): 0, (2, 1): 1, (1, 2): 1, (2, 2): 0}})
    assert inside(orthogonal, {n: 2, b: {(1, 1): 0, (2, 1): 1, (1, 2): 0, (2, 2): 1}}) is False


def test_what_has_no_value_does_not_exclude_a_point() -> None:
    assert inside(over((x, sp.FiniteSet(1)), (F(y), sp.Interval(0, 1))), {})
    assert inside(over(), {x: 5})


def test_a_function_takes_its_formula_from_the_point() -> None:
    assert balls.enclose(F(x) + F(2), {F: sp.Lambda(y, y**2), x: 3}) == 13
    assert at({F: sp.Lambda(y, y**2)}) == {"F(y)": "y²"}


def test_a_derivative_by_an_entry_of_a_family_has_a_value() -> None:
    slope = sp.Derivative(sp.Sum(a[i] ** 2, (i, 1, 3)), a[j])
    assert balls.enclose(sp.Sum(slope * j, (j, 1, 3)), {a: {1: 1, 2: 2, 3: 3}}) == 28


def test_a_derivative_of_a_function_is_that_of_its_formula() -> None:
    assert balls.enclose(sp.Derivative(F(x), x), {F: sp.Lambda(y, y**3), x: 2}) == 12


# --- what is not known ----------------------------------------------------------------------------------------------


def test_balls_decide_where_they_are_apart() -> None:
    assert inside(over((x, sp.Interval(0, sp.pi))), {x: 3})
    assert inside(over((x, sp.Interval(0, sp.pi))), {x: 4}) is False
    assert inside(over((x, sp.Interval(0, 1))), {x: arb(1, 1e-9)}) is None
    assert inside(over((x, sp.S.Naturals)), {x: arb(1, 1e-9)}) is None
    assert inside(over((x, sp.FiniteSet(1, 2))), {x: arb(1, 1e-9)}) is None


def test_a_value_that_is_missing_in_part_leaves_membership_open() -> None:
    total = over((a[1] + a[2], sp.Interval(0, 1)))
    assert inside(total, {a: {1: 0}}) is None
    assert inside(over((x, sp.Interval(0, y))), {x: 0}) is None


def test_what_is_outside_one_set_for_certain_is_outside() -> None:
    assert inside(over((x, sp.Interval(0, y)), (n, sp.S.Naturals)), {x: 0, n: 0}) is False


@pytest.mark.parametrize(
    ("activation", "bound"), [(sp.sin(x), 1), (sp.tanh(x), "77/100"), (normal_cdf(x), "1/4"), (x**2, 2)]
)
def test_the_range_of_a_derivative_counts_over_the_whole_line(activation: sp.Expr, bound: object) -> None:
    smooth = over((x, sp.S.Reals), (y, sp.S.Reals), (sigma_prime_prime(x), sp.Interval(-y, y)))
    assert inside(smooth, {sigma: sp.Lambda(x, activation), y: sp.Rational(bound)}) is True
    assert inside(smooth, {sigma: sp.Lambda(x, activation), y: sp.Rational(bound) * sp.Rational(9, 10)}) is False


FALSE_AT_ONE = Inequality(lhs=x, rhs=sp.Rational(1, 2), domain=((x, sp.Interval(0, y)),))


@pytest.mark.parametrize("statement", [FALSE_AT_ONE, Inequality(lhs=x, rhs=sp.S(2), domain=FALSE_AT_ONE.domain)])
def test_a_point_that_may_lie_outside_refutes_nothing_and_supports_nothing(statement: Statement) -> None:
    certificate = Certificate(name="c", points=({x: 1},))
    derivation = Derivation(name="d", derive=lambda _: Chain(steps=(), obstacle="none"), spots=({x: 1},))
    for evidence in (
        tasks.enclose(certificate, statement, mutated=False),
        tasks.derive(derivation, statement),
    ):
        assert decide.decide(statement, evidence, alpha=ALPHA).verdict is Verdict.INCONCLUSIVE


# --- what the statement defines -------------------------------------------------------------------------------------


def test_a_defined_entry_counts_and_not_the_value_of_the_point() -> None:
    total = sp.Sum(a[i], (i, 1, n + 1))
    for last, relation in ((3, "equal"), (4, "greater")):
        statement = Identity(lhs=total, rhs=sp.S(5), where=((a[n + 1], sp.S(last)),), domain=((a[i], sp.S.Reals),))
        for entries in ({1: 2}, {1: 2, 2: 3}, {1: 2, 2: 100}):
            (comparison,) = tasks.enclose(
                Certificate(name="c", points=({n: 1, a: entries},)), statement, mutated=False
            ).comparisons
            assert comparison.relation == relation


def test_a_definition_for_every_index_counts_for_every_entry_of_the_point() -> None:
    squares = Statement(where=((a[i], i**2),))
    assert completed(squares, {a: {1: 5, 3: 7}}) == {a: {1: 1, 3: 9}}
    assert completed(squares, {x: 1}) == {x: 1}
