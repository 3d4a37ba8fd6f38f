"""What a statement's domain says of its matrices: a derivation by algebra may invert and replace nothing else."""

import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.definitions import put_in
from derivations.domain import Equation
from derivations.matrix_algebra import Algebra
from derivations.matrix_expressions import MatrixExp, Rank


class Facts:
    """What the domain of a statement says of its matrices: which are zero, symmetric, invertible."""

    def __init__(self, statement: Equation) -> None:
        said = [(put_in(quantity, statement.where), values) for quantity, values in statement.domain]
        self._zero = [q for q, v in said if isinstance(q, sp.MatrixExpr) and v == sp.FiniteSet(sp.ZeroMatrix(*q.shape))]
        self._algebra = Algebra([equation for q in self._zero if (equation := _symmetry(q)) is not None])
        self._regular = [
            self._normal(quantity.args[0])
            for quantity, values in said
            if isinstance(quantity, sp.Determinant) and values.contains(sp.S.Zero) == sp.false
        ]
        ranks = [(q.argument, v) for q, v in said if isinstance(q, Rank)]
        for matrix, values in ranks:
            rows, columns = matrix.shape
            self._regular += [self._normal(matrix * matrix.T)] * (values == sp.FiniteSet(rows))
            self._regular += [self._normal(matrix.T * matrix)] * (values == sp.FiniteSet(columns))
            self._regular += [self._normal(matrix)] * (rows == columns and values == sp.FiniteSet(rows))

    def _normal(self, matrix: sp.MatrixExpr) -> sp.MatrixExpr:
        return self._algebra.build(self._algebra.expand(matrix), matrix.shape)

    def holds(self, lhs: sp.MatrixExpr, rhs: sp.MatrixExpr) -> bool:
        """Whether the domain says that two matrices are equal, or the algebra does."""
        difference = lhs - rhs
        signs = (difference, -difference)
        known = [q for q in self._zero if q.shape == lhs.shape]
        return self._algebra.zero(difference) == 0 or any(self._algebra.zero(q - d) == 0 for q in known for d in signs)

    def invertible(self, matrix: sp.MatrixExpr) -> bool:
        """Whether a square matrix is invertible on the domain, or as a positive definite or composite one."""
        if isinstance(matrix, sp.Identity | MatrixExp):
            return True
        if isinstance(matrix, sp.Transpose | sp.Inverse):
            return self.invertible(matrix.args[0])
        if isinstance(matrix, KroneckerProduct):
            return all(a.is_square and self.invertible(a) for a in matrix.args)
        normal = self._normal(matrix)
        if any(self._algebra.zero(normal - known) == 0 for known in self._regular if known.shape == matrix.shape):
            return True
        if isinstance(matrix, sp.MatMul):
            coefficient, factors = matrix.as_coeff_matrices()
            if coefficient.is_zero is False and all(f.is_square and self.invertible(f) for f in factors):
                return True
        return self._is_positive(matrix)

    def _is_positive(self, matrix: sp.MatrixExpr) -> bool:
        """Whether a matrix is a sum of Gram matrices with coefficients >= 0 and a positive multiple of the identity."""
        words = self._algebra.expand(matrix)
        identity = words.pop((), sp.S.Zero)
        grams = all(
            coefficient.is_nonnegative
            and len(word) % 2 == 0
            and self._algebra.expand(sp.Transpose(sp.MatMul(*word[: len(word) // 2]))) == {word[len(word) // 2 :]: 1}
            for word, coefficient in words.items()
        )
        return bool(identity.is_positive and grams)


def _symmetry(quantity: sp.MatrixExpr) -> tuple[sp.MatrixExpr, sp.MatrixExpr] | None:
    """The equation Kᵀ = K, if the quantity is Kᵀ - K or K - Kᵀ for a symbol K."""
    symbols = quantity.atoms(sp.MatrixSymbol)
    if len(symbols) == 1:
        (symbol,) = symbols
        if quantity in (symbol - symbol.T, symbol.T - symbol):
            return symbol.T, symbol
    return None
