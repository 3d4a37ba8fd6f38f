"""Statements about matrices of symbolic size: compared entry by entry, their domains looked at, and printed."""

import pytest
import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrix_expressions import (
    FlowIntegral,
    MatrixExp,
    PseudoInverse,
    norm,
    number,
    operator_norm,
    rank,
    smallest_eigenvalue,
)
from verify import domain, enclosure, typeset
from verify.statement import Identity, Inequality

n, d = sp.symbols("n d", integer=True, positive=True)
t = sp.Symbol("t", real=True)
Phi, y, K = sp.MatrixSymbol("Phi", n, d), sp.MatrixSymbol("y", n, 1), sp.MatrixSymbol("K", n, n)
SETS = ((n, sp.S.Naturals), (d, sp.S.Naturals), (Phi, MatrixSet(n, d, sp.S.Reals)), (y, MatrixSet(n, 1, sp.S.Reals)))
POINT = {n: 2, d: 3, Phi: sp.Matrix([[1, 2, 0], [0, 1, 1]]), y: sp.Matrix([1, -2])}


class TestComparison:
    def test_equal_matrices_are_equal_in_every_entry(self):
        found = enclosure.compare(Identity(lhs=(Phi * Phi.T).T, rhs=K, where=((K, Phi * Phi.T),)), POINT)
        assert found.relation == "equal"

    def test_the_entry_that_differs_is_shown(self):
        found = enclosure.compare(Identity(lhs=Phi * Phi.T + K, rhs=Phi * Phi.T), POINT | {K: sp.diag(0, 1)})
        assert (found.relation, found.at["entry"]) == ("greater", "2, 2")

    def test_matrices_of_different_sizes_differ(self):
        found = enclosure.compare(Identity(lhs=Phi, rhs=Phi.T), POINT)
        assert (found.relation, found.at["compared"]) == ("less", "numbers of rows")

    def test_a_matrix_of_one_entry_is_a_number(self):
        assert enclosure.compare(Identity(lhs=y.T * y, rhs=sp.Integer(5)), POINT).relation == "equal"
        assert enclosure.compare(Inequality(lhs=y.T * y, rhs=norm(y)), POINT).relation == "greater"

    def test_larger_matrices_have_no_order(self):
        with pytest.raises(TypeError, match="not ordered"):
            enclosure.compare(Inequality(lhs=K, rhs=2 * K), {n: 2, K: sp.eye(2)})

    def test_a_definition_names_a_matrix(self):
        statement = Identity(lhs=norm(K) ** 2, rhs=sp.Trace(K * K), where=((K, Phi * Phi.T),))
        assert enclosure.compare(statement, POINT).relation == "equal"


class TestDomain:
    def test_a_matrix_has_the_shape_of_its_set(self):
        statement = Identity(lhs=Phi, rhs=Phi, domain=SETS)
        assert domain.inside(statement, POINT) is True
        assert domain.inside(statement, POINT | {Phi: sp.eye(2)}) is False

    @pytest.mark.parametrize(("matrix", "inside"), [(sp.eye(2), True), (sp.ones(2), False)])
    def test_conditions_on_a_determinant_or_a_rank(self, matrix, inside):
        for condition in ((sp.Determinant(K), sp.Interval.open(0, sp.oo)), (rank(K), sp.FiniteSet(n))):
            statement = Identity(lhs=K, rhs=K, domain=(*SETS[:1], (K, MatrixSet(n, n, sp.S.Reals)), condition))
            assert domain.inside(statement, {n: 2, K: matrix}) is inside

    @pytest.mark.parametrize(("matrix", "inside"), [(sp.ones(2), True), (sp.Matrix([[0, 1], [2, 0]]), False)])
    def test_symmetry(self, matrix, inside):
        symmetric = (K - K.T, sp.FiniteSet(sp.ZeroMatrix(n, n)))
        statement = Identity(lhs=K, rhs=K, domain=(*SETS[:1], (K, MatrixSet(n, n, sp.S.Reals)), symmetric))
        assert domain.inside(statement, {n: 2, K: matrix}) is inside


@pytest.mark.parametrize(
    ("expr", "typst", "text"),
    [
        (Phi.T * sp.Inverse(Phi * Phi.T) * y, "Phi^top (Phi Phi^top)^(-1) y", "Φᵀ (Φ Φᵀ)⁻¹ y"),
        (sp.Identity(n) - MatrixExp(-t * K), "I_n - upright(e)^(-t K)", "Iₙ − e^(−t K)"),
        (K + t * sp.Identity(n), "K + t I_n", "K + t Iₙ"),
        (-t * K, "-t K", "−t K"),
        (3 * Phi.T * y / 4, "frac(3, 4) Phi^top y", "(3/4) Φᵀ y"),
        (norm(y) ** 2, "norm(y)^2", "‖y‖²"),
        (norm(K), "norm(K)_F", "‖K‖_F"),
        (2 * number(y.T * y), "2 y^top y", "2 yᵀ y"),
        (PseudoInverse(K), "K^+", "K⁺"),
        (FlowIntegral(K, t), "integral_(0)^t upright(e)^(-tau K) dif tau", "∫₀^t e^(−τ K) dτ"),
        (operator_norm(Phi), "sigma_max (Phi)", "σₘₐₓ(Φ)"),
        (smallest_eigenvalue(K), "lambda_min (K)", "λₘᵢₙ(K)"),
        (KroneckerProduct(K, sp.Identity(d)), "K times.o I_d", "K ⊗ I_d"),
        (sp.OneMatrix(n, 1), "bold(1)_n", "𝟏ₙ"),
        (K[0, 1], "K_(1, 2)", "K_(1, 2)"),
    ],
)
def test_print(expr, typst, text):
    found = typeset.formula(expr)
    assert (found.typst, found.text) == (typst, text)
    assert found.latex


def test_the_set_of_matrices_prints_with_its_size():
    shown = typeset.domain_formula(Identity(lhs=Phi, rhs=Phi, domain=SETS))
    assert shown is not None
    assert shown.text == "∀ n, d ∈ ℕ, Φ ∈ ℝ^(n × d), y ∈ ℝⁿ"
