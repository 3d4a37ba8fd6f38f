"""The algebra of matrices of any size: what it closes, what it leaves open, and what it may not build on."""

import pytest
import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrices import by_algebra, matrix_derivative, matrix_identity
from derivations.matrix_algebra import Algebra
from derivations.matrix_expressions import FlowIntegral, MatrixExp, PseudoInverse, norm, number, rank
from verify.statement import Identity

n, d, o = sp.symbols("n d o", integer=True, positive=True)
t = sp.Symbol("t", real=True)
lam = sp.Symbol("lambda", positive=True)
Phi, y, w = sp.MatrixSymbol("Phi", n, d), sp.MatrixSymbol("y", n, 1), sp.MatrixSymbol("w", d, 1)
K, M = sp.MatrixSymbol("K", n, n), sp.MatrixSymbol("M", n, n)
GRAM, ONE = Phi * Phi.T, sp.Identity(n)
POSITIVE = sp.Interval.open(0, sp.oo)
SETS = (
    *((size, sp.S.Naturals) for size in (n, d)),
    (Phi, MatrixSet(n, d, sp.S.Reals)),
    (y, MatrixSet(n, 1, sp.S.Reals)),
    (w, MatrixSet(d, 1, sp.S.Reals)),
    (K, MatrixSet(n, n, sp.S.Reals)),
    (lam, POSITIVE),
)
SYMMETRIC = ((K - K.T, sp.FiniteSet(sp.ZeroMatrix(n, n))),)


@pytest.mark.parametrize(
    "vanishing",
    [
        sp.MatMul(GRAM, sp.Inverse(GRAM), y) - y,
        sp.MatMul(GRAM + lam * ONE, sp.Inverse(GRAM + lam * ONE)) - ONE,
        sp.Inverse(2 * K) - sp.Inverse(K) / 2,
        sp.MatMul(K, M).T - M.T * K.T,
        GRAM * MatrixExp(-t * GRAM) - MatrixExp(-t * GRAM) * GRAM,
        MatrixExp(-t * K) * MatrixExp(t * K) - ONE,
        MatrixExp(t * (K + lam * ONE)) - sp.exp(lam * t) * MatrixExp(t * K),
        K * FlowIntegral(K, t) - ONE + MatrixExp(-t * K),
        Phi * PseudoInverse(Phi) * Phi - Phi,
        GRAM * PseudoInverse(GRAM) * Phi - Phi,
        KroneckerProduct(K, sp.Identity(o)).I - KroneckerProduct(K.I, sp.Identity(o)),
        KroneckerProduct(K, Phi) * KroneckerProduct(M, Phi.T) - KroneckerProduct(K * M, GRAM),
        sp.OneMatrix(1, n) * sp.OneMatrix(n, 1) * (y.T * y) - n * (y.T * y),
        sp.Trace(sp.MatMul(sp.Inverse(K), M, K)) - sp.Trace(M),
        norm(Phi.T * y) ** 2 - number(y.T * GRAM * y),
    ],
)
def test_what_vanishes_for_every_size_reduces_to_zero(vanishing):
    assert Algebra().zero(vanishing) == 0


@pytest.mark.parametrize(
    "standing",
    [
        K * M - M * K,
        K * K.T - K.T * K,
        K * PseudoInverse(K) - PseudoInverse(K) * K,
        MatrixExp(K + M) - MatrixExp(K) * MatrixExp(M),
        sp.Trace(K * M * K.T * M) - sp.Trace(K * K.T * M * M),
        (1 + sp.Rational(1, 10**30)) * GRAM - GRAM,
        norm(K + M) ** 2 - norm(K) ** 2 - norm(M) ** 2,
        KroneckerProduct(K, M) - KroneckerProduct(M, K),
    ],
)
def test_what_does_not_vanish_leaves_a_residual(standing):
    assert Algebra().zero(standing) != 0


def test_an_equation_given_is_used_for_the_transposes_too():
    algebra = Algebra([(K.T, K), (Phi * w, y)])
    assert algebra.zero((w.T * Phi.T - y.T) * K * y) == 0
    assert algebra.zero((K * M).T - M.T * K) == 0


class TestSteps:
    def test_push_through(self):
        inner = Phi.T * Phi + lam * sp.Identity(d)
        lhs, rhs = Phi.T * sp.Inverse(GRAM + lam * ONE), sp.Inverse(inner) * Phi.T
        assert not matrix_identity("a", "", lhs, rhs).closed
        assert matrix_identity("a", "", lhs, rhs, left=inner).closed
        assert not matrix_identity("a", "", lhs, 2 * rhs, left=inner).closed

    def test_a_flow(self):
        path = Phi.T * sp.Inverse(GRAM) * (ONE - MatrixExp(-t * GRAM)) * y
        assert matrix_derivative("a", "", path, t, Phi.T * MatrixExp(-t * GRAM) * y).closed
        assert not matrix_derivative("a", "", path, t, Phi.T * MatrixExp(-2 * t * GRAM) * y).closed

    def test_a_path_given_by_its_rate(self):
        loss, slope = norm(Phi * w - y) ** 2, -4 * norm(Phi.T * (Phi * w - y)) ** 2
        rates = {w: -2 * Phi.T * (Phi * w - y)}
        assert matrix_derivative("a", "", loss, t, slope, rates=rates).closed
        assert not matrix_derivative("a", "", loss, t, slope / 2, rates=rates).closed

    def test_an_exponential_is_differentiated_only_where_it_commutes_with_its_rate(self):
        assert not matrix_derivative("a", "", MatrixExp(K + t * M), t, M * MatrixExp(K + t * M)).closed

    def test_sides_of_different_shapes_are_never_equal(self):
        assert not matrix_identity("a", "", Phi * w, w).closed


class TestFoundations:
    def test_an_inverse_needs_a_hypothesis(self):
        statement = Identity(lhs=sp.MatMul(K, sp.Inverse(K), y), rhs=y, domain=SETS)
        chain = by_algebra()(statement)
        assert not chain.reaches
        assert "invertible" in chain.obstacle

    @pytest.mark.parametrize(
        "hypothesis",
        [
            (sp.Determinant(GRAM), POSITIVE),
            (sp.Determinant(GRAM), sp.Union(sp.Interval.open(-sp.oo, 0), POSITIVE)),
            (rank(Phi), sp.FiniteSet(n)),
        ],
    )
    def test_a_determinant_or_a_rank_is_one(self, hypothesis):
        statement = Identity(lhs=sp.MatMul(GRAM, sp.Inverse(GRAM), y), rhs=y, domain=(*SETS, hypothesis))
        assert by_algebra()(statement).reaches

    @pytest.mark.parametrize(
        "hypothesis", [(sp.Determinant(GRAM), sp.S.Reals), (rank(Phi), sp.FiniteSet(d)), (sp.Determinant(K), POSITIVE)]
    )
    def test_other_hypotheses_are_not(self, hypothesis):
        statement = Identity(lhs=sp.MatMul(GRAM, sp.Inverse(GRAM), y), rhs=y, domain=(*SETS, hypothesis))
        assert not by_algebra()(statement).reaches

    def test_a_gram_matrix_plus_a_positive_multiple_of_the_identity_needs_none(self):
        regular = GRAM + lam * ONE
        assert by_algebra()(Identity(lhs=sp.MatMul(regular, sp.Inverse(regular), y), rhs=y, domain=SETS)).reaches
        shifted = GRAM - lam * ONE
        assert not by_algebra()(Identity(lhs=sp.MatMul(shifted, sp.Inverse(shifted), y), rhs=y, domain=SETS)).reaches

    def test_an_equation_given_has_to_be_in_the_domain(self):
        statement = Identity(lhs=(K * y).T, rhs=y.T * K, domain=SETS)
        assert "does not say" in by_algebra(given=[(K.T, K)])(statement).obstacle
        symmetric = Identity(lhs=(K * y).T, rhs=y.T * K, domain=(*SETS, *SYMMETRIC))
        assert by_algebra(given=[(K.T, K)])(symmetric).reaches

    def test_a_matrix_without_a_set_has_no_business_in_a_statement(self):
        statement = Identity(lhs=M + K, rhs=K + M, domain=SETS)
        assert "nothing about the matrix M" in by_algebra()(statement).obstacle
