import pytest
import sympy as sp
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.matrix_expressions import (
    Eigenvalue,
    FlowIntegral,
    MatrixExp,
    PseudoInverse,
    TimeDerivative,
    largest_eigenvalue,
    norm,
    number,
    operator_norm,
    rank,
    smallest_eigenvalue,
    smallest_singular_value,
)
from numerics.balls import enclose

n, d = sp.symbols("n d", integer=True, positive=True)
t = sp.Symbol("t", real=True)
Phi, y, K = sp.MatrixSymbol("Phi", n, d), sp.MatrixSymbol("y", n, 1), sp.MatrixSymbol("K", n, n)
POINT = {n: 2, d: 3, Phi: sp.Matrix([[1, 2, 0], [0, 1, 1]]), y: sp.Matrix([1, -2]), t: sp.Rational(1, 2)}
GRAM = Phi * Phi.T


def at(expr):
    return enclose(expr, POINT)


class TestExactly:
    def test_products_and_inverses_of_rationals_stay_exact(self):
        assert at(number(y.T * sp.Inverse(GRAM) * y)) == 5
        assert at(number(y.T * sp.Inverse(GRAM) * y)).is_exact()

    def test_a_norm_is_the_root_of_the_sum_of_squares(self):
        assert at(norm(Phi) ** 2).overlaps(arb(7))
        assert at(norm(y) ** 2).overlaps(arb(5))

    def test_the_rank_is_exact(self):
        assert at(rank(Phi)) == 2
        assert enclose(rank(K), {n: 3, K: sp.Matrix([[1, 2, 3], [2, 4, 6], [1, 0, 1]])}) == 2

    def test_a_pseudo_inverse_meets_penrose(self):
        for matrix in (sp.Matrix([[1, 2], [2, 4]]), sp.Matrix([[0, 0], [0, 3]]), sp.zeros(2)):
            point = {n: 2, K: matrix}
            pseudo = PseudoInverse(K)
            for left, right in ((K * pseudo * K, K), (pseudo * K * pseudo, pseudo), ((K * pseudo).T, K * pseudo)):
                assert enclose(norm(left - right), point) == 0

    def test_a_kronecker_product_multiplies_traces(self):
        assert at(sp.Trace(KroneckerProduct(GRAM, GRAM))) == 49

    def test_an_inverse_of_a_singular_matrix_is_not_a_number(self):
        assert not enclose(sp.Trace(sp.Inverse(K)), {n: 2, K: sp.Matrix([[1, 2], [2, 4]])}).is_finite()


class TestSpectra:
    def test_eigenvalues_of_a_known_matrix(self):
        assert at(largest_eigenvalue(GRAM)) == 6
        assert at(smallest_eigenvalue(GRAM)) == 1
        assert at(smallest_eigenvalue(Phi.T * Phi)) == 0
        assert at(smallest_singular_value(Phi)) == 1
        assert at(operator_norm(Phi)).overlaps(arb(6).sqrt())

    def test_multiple_eigenvalues_count_with_multiplicity(self):
        point = {n: 3, K: sp.diag(2, 2, 5)}
        assert [enclose(Eigenvalue(K, k), point) for k in (1, 2, 3)] == [5, 2, 2]

    def test_of_balls_they_are_enclosed(self):
        decayed = at(largest_eigenvalue(MatrixExp(-t * GRAM)))
        assert decayed.overlaps(arb("-0.5").exp())
        assert decayed.rad() < 1e-20

    def test_of_a_matrix_that_is_not_symmetric_they_have_no_order(self):
        with pytest.raises(ValueError, match="symmetric"):
            enclose(largest_eigenvalue(K), {n: 2, K: sp.Matrix([[0, 1], [0, 0]])})

    @given(st.lists(st.integers(-9, 9), min_size=6, max_size=6))
    def test_the_spectrum_has_the_trace_and_the_determinant(self, entries):
        a, b, c, e, f, g = entries
        point = {n: 3, K: sp.Matrix([[a, b, c], [b, e, f], [c, f, g]])}
        values = [enclose(Eigenvalue(K, k), point) for k in (1, 2, 3)]
        assert sum(values, arb(0)).overlaps(enclose(sp.Trace(K), point))
        assert (values[0] * values[1] * values[2]).overlaps(enclose(sp.Determinant(K), point))


class TestFlows:
    def test_the_flow_integral_is_what_the_exponential_leaves(self):
        left = at(norm(GRAM * FlowIntegral(GRAM, t) + MatrixExp(-t * GRAM) - sp.Identity(n)))
        assert left.overlaps(arb(0))
        assert left.rad() < 1e-20

    def test_the_flow_integral_of_a_singular_matrix_exists(self):
        point = {n: 2, K: sp.zeros(2), t: 3}
        assert enclose(sp.Trace(FlowIntegral(K, t)), point).overlaps(arb(6))

    @pytest.mark.parametrize(
        ("expr", "slope"),
        [
            (MatrixExp(-t * GRAM) * y, -GRAM * MatrixExp(-t * GRAM) * y),
            (FlowIntegral(GRAM, t**2) * y, 2 * t * MatrixExp(-(t**2) * GRAM) * y),
            (sp.Inverse(GRAM + t * sp.Identity(n)), -((GRAM + t * sp.Identity(n)) ** -2)),
            (t**2 * Phi.T, 2 * t * Phi.T),
        ],
    )
    def test_derivatives(self, expr, slope):
        gap = at(norm(TimeDerivative(expr, t) - slope))
        assert gap.overlaps(arb(0))
        assert gap.rad() < 1e-20

    def test_an_exponential_that_does_not_commute_with_its_rate_is_differentiated_all_the_same(self):
        A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
        point = {A: sp.Matrix([[0, 1], [0, 0]]), B: sp.Matrix([[0, 0], [1, 0]]), t: 0}
        slope = enclose(sp.Trace(B * TimeDerivative(MatrixExp(B + t * A), t)), point)
        assert slope.overlaps(arb(1))  # ∂_t tr(B e^(B + tA)) at 0, by the series of e^B


class TestRefusals:
    def test_a_matrix_of_another_shape_than_its_symbol(self):
        with pytest.raises(ValueError, match="has shape"):
            enclose(norm(y), {n: 2, y: sp.Matrix([1, 2, 3])})

    def test_a_matrix_without_a_value(self):
        with pytest.raises(LookupError, match="K"):
            enclose(norm(K), {n: 2})

    def test_a_matrix_where_a_number_is_needed(self):
        with pytest.raises(TypeError, match="not a number"):
            enclose(K, {n: 2, K: sp.eye(2)})
