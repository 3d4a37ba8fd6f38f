"""The reductions of the replay: what vanishes is 0, and what is off by a hair is not."""

import pytest
import sympy as sp

from derivations.replay import nodes
from derivations.replay.context import Condition
from derivations.replay.errors import RejectedError
from derivations.replay.peel import peel
from derivations.replay.reduce import residual
from derivations.replay.sums import Setting, normal
from derivations.replay.words import Matrices

TINY = sp.Rational(1, 10**30)
x, y, rho = sp.symbols("x y rho", real=True)
a, b = (sp.IndexedBase(name, real=True) for name in "ab")
i, j = sp.symbols("i j", integer=True)
n, m, d = sp.symbols("n m d", integer=True, positive=True)
N = sp.IndexedBase("N", integer=True, positive=True)
VANISHING = [
    (x + 1) ** 2 - x**2 - 2 * x - 1,
    (1 - sp.sqrt(1 - rho**2)) * (1 + sp.sqrt(1 - rho**2)) - rho**2,
    sp.sin(2 * x) / sp.cos(x) - 2 * sp.sin(x),
    sp.sin(x) ** 4 - (1 - sp.cos(x) ** 2) ** 2,
    sp.asin(rho) + sp.acos(rho) - sp.pi / 2,
    sp.acos(rho) + sp.acos(-rho) - sp.pi,
    sp.exp(x / 2) ** 2 - sp.exp(x),
    sp.exp(x + y) - sp.exp(x) * sp.exp(y),
    sp.sqrt(6) - sp.sqrt(2) * sp.sqrt(3),
    1 / (1 + sp.sqrt(2)) - sp.sqrt(2) + 1,
    sp.Abs(x) ** 2 - x**2,
    sp.tanh(x) - 1 + 2 / (1 + sp.exp(2 * x)),
    sp.I**2 + 1,
    nodes.normal_pdf(x) - sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
    nodes.normal_cdf(x) + nodes.normal_cdf(-x) - 1,
]
SUMS = [
    sp.Sum(a[i], (i, 1, n)) ** 2 - sp.Sum(a[i] * a[j], (j, 1, n), (i, 1, n)),
    sp.Sum(a[i] * b[j], (i, 1, n), (j, 1, m)) - sp.Sum(b[i], (i, 1, m)) * sp.Sum(a[i], (i, 1, n)),
    sp.Sum(x, (i, 1, n)) - n * x,
    sp.Sum(sp.Sum(1, (j, 1, N[i])), (i, 1, n)) - sp.Sum(N[i], (i, 1, n)),
    sp.Sum(sp.Sum(a[i], (j, 1, N[i])), (i, 1, n)) - sp.Sum(N[j] * a[j], (j, 1, n)),
]
A, B = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", m, n)
S = sp.MatrixSymbol("S", n, n)
v = sp.MatrixSymbol("v", n, 1)
IDENTITIES = [
    (A * B).T - B.T * A.T,
    S.I * S - sp.Identity(n),
    (S * S).I - S.I * S.I,
    (S + 2 * sp.Identity(n)) * (S + 2 * sp.Identity(n)).I - sp.Identity(n),
    sp.Trace(A * B) - sp.Trace(B * A),
    nodes.MatrixExp(2 * S) - nodes.MatrixExp(S) * nodes.MatrixExp(S),
    nodes.MatrixExp(S + sp.Identity(n)) - sp.E * nodes.MatrixExp(S),
    S * nodes.FlowIntegral(S, x) - sp.Identity(n) + nodes.MatrixExp(-x * S),
    A * nodes.PseudoInverse(A) * A - A,
    nodes.Norm(v) ** 2 - nodes.OnlyEntry(v.T * v),
    nodes.OnlyEntry(v.T * S * v) - nodes.OnlyEntry(v.T * S.T * v),
]


@pytest.mark.parametrize("expr", VANISHING, ids=str)
def test_what_vanishes_is_zero_and_nothing_near_it(expr) -> None:
    assert residual(expr) == 0
    assert residual(expr + TINY) == TINY


def test_equations_given_are_used() -> None:
    assert residual(x**3 - 8, modulo=[x - 2]) == 0
    assert residual(x**3 - 9, modulo=[x - 2]) == -1


def test_a_denominator_that_vanishes_is_no_zero() -> None:
    assert residual(x / (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1)) is sp.nan


@pytest.mark.parametrize("expr", SUMS, ids=str)
def test_sums_are_compared_for_every_number_of_terms(expr) -> None:
    assert residual(normal(expr)) == 0
    assert residual(normal(expr + TINY * sp.Sum(a[i], (i, 1, n)))) != 0


def test_a_delta_is_used_up_within_its_range_only() -> None:
    total = sp.Sum(a[i] * sp.KroneckerDelta(i, j), (i, 1, n))
    assert normal(total, Setting({j: (sp.S.One, n)})) == a[j]
    assert normal(total, Setting({j: (sp.S.One, m)})) != a[j]


def test_sums_with_different_ranges_differ() -> None:
    assert normal(sp.Sum(a[i], (i, 1, n)) - sp.Sum(a[i], (i, 1, m))) != 0


def test_recursions_and_sums_lose_their_last_part() -> None:
    k = sp.Symbol("k", integer=True, nonnegative=True)
    assert peel(sp.Sum(i**2, (i, 1, k + 1))) == (k + 1) ** 2 + sp.Sum(i**2, (i, 1, k))
    assert peel(nodes.Iterate(x + i, x, i, sp.S.Zero, k + 1)) == nodes.Iterate(x + i, x, i, sp.S.Zero, k) + k + 1


@pytest.mark.parametrize("expr", IDENTITIES, ids=str)
def test_identities_of_matrices_hold_for_every_size(expr) -> None:
    assert Matrices().vanishes(expr) == 0


@pytest.mark.parametrize(
    "expr",
    [
        A * B - B.T * A.T,
        S * S.T - S.T * S,
        S.I - S,
        nodes.MatrixExp(A * B + S) - nodes.MatrixExp(A * B) * nodes.MatrixExp(S),
    ],
    ids=str,
)
def test_what_matrices_do_not_satisfy_is_left(expr) -> None:
    assert Matrices().vanishes(expr) != 0


def test_equations_between_matrices_are_used_with_their_transposes() -> None:
    symmetric = Matrices([(S.T, S)])
    assert symmetric.vanishes((A.T * S * A).T - A.T * S * A) == 0
    with pytest.raises(RejectedError, match="no single product"):
        Matrices([(S + A * B, S)])


def test_substitution_does_not_meet_what_is_bound() -> None:
    u = sp.Symbol("u", real=True)
    mean = nodes.Expect(nodes.relu(u) * y, sp.Tuple(u), sp.ImmutableDenseMatrix([[1]]))
    moved = mean.subs(y, u)
    assert moved.free_symbols == {u}
    assert mean.subs(u, 3) == mean


def test_a_condition_prints_as_an_inequality() -> None:
    assert str(Condition(x, sp.S.Zero, sp.S.One, open_high=True)) == "0 <= x < 1"
