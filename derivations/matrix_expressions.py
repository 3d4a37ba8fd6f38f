"""SymPy nodes for the matrices of NTK theory: matrix functions, norms, eigenvalues, ranks, rates of change.

Matrices are SymPy matrix expressions of symbolic size, such as `MatrixSymbol("Phi", N, D)`, their inverses,
transposes, traces and Kronecker products. The nodes here add what SymPy has no name for. Each encloses itself from
its definition at a point that gives every matrix symbol explicit entries (`numerics.matrices`).
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from numerics import matrices, matrix_rates
from numerics.balls import Evaluator
from numerics.matrices import Grid


def _square(argument: sp.MatrixExpr, what: str) -> None:
    rows, columns = argument.shape
    if rows != columns:
        raise sp.ShapeError(f"{what} needs a square matrix, not one of shape {argument.shape}")


class _Node(sp.MatrixExpr):
    """A matrix of its own kind, square unless it says otherwise."""

    shape = property(lambda self: self.args[0].shape)

    def _entry(self, i: Any, j: Any, **_: Any) -> sp.Expr:
        return MatrixElement(self, i, j)


class MatrixExp(_Node):
    """The matrix exponential e^A of a square matrix."""

    def __new__(cls, argument: sp.MatrixExpr) -> MatrixExp:
        _square(argument, "an exponential")
        return sp.Basic.__new__(cls, argument)

    argument = property(lambda self: self.args[0])

    def enclose_matrix_in(self, evaluate: Evaluator) -> Grid:
        """Enclose by Arb's matrix exponential."""
        return matrices.exponential(evaluate.matrix(self.argument))

    def rate_in(self, evaluate: Evaluator, time: sp.Symbol) -> Grid:
        """Enclose the derivative, a block of the exponential of [[A, A′], [0, A]]."""
        at, slope = evaluate.matrix(self.argument), matrix_rates.rate(self.argument, time, evaluate)
        return matrix_rates.of_exponential(at, slope)


class FlowIntegral(_Node):
    """The integral ∫_0^s e^(-τK) dτ of a square matrix K: K⁻¹(I - e^(-sK)) if K is invertible, and defined if not."""

    def __new__(cls, generator: sp.MatrixExpr, time: Any) -> FlowIntegral:
        _square(generator, "a flow")
        return sp.Basic.__new__(cls, generator, sp.sympify(time, strict=True))

    generator = property(lambda self: self.args[0])
    time = property(lambda self: self.args[1])

    def enclose_matrix_in(self, evaluate: Evaluator) -> Grid:
        """Enclose as a block of the exponential of [[-sK, sI], [0, 0]]."""
        return matrices.flow_integral(evaluate.matrix(self.generator), evaluate.value(self.time))

    def rate_in(self, evaluate: Evaluator, time: sp.Symbol) -> Grid:
        """Enclose the derivative s′e^(-sK). Raises TypeError if K depends on time."""
        if time in self.generator.free_symbols:
            raise TypeError(f"no derivative in {time} is known for {self}, whose generator depends on it")
        decayed = matrices.exponential(matrices.scaled(-evaluate.value(self.time), evaluate.matrix(self.generator)))
        return matrices.scaled(evaluate.value(sp.diff(self.time, time)), decayed)


class PseudoInverse(_Node):
    """The Moore–Penrose inverse A⁺ of any matrix."""

    def __new__(cls, argument: sp.MatrixExpr) -> PseudoInverse:
        return sp.Basic.__new__(cls, argument)

    argument = property(lambda self: self.args[0])
    shape = property(lambda self: (self.args[0].shape[1], self.args[0].shape[0]))

    def enclose_matrix_in(self, evaluate: Evaluator) -> Grid:
        """Compute it exactly from a rank factorisation; TypeError unless the entries are rational."""
        return matrices.pseudo_inverse(evaluate.matrix(self.argument))


class TimeDerivative(_Node):
    """The derivative of a matrix expression in a scalar symbol, entry by entry; matrix symbols are constant."""

    def __new__(cls, argument: sp.MatrixExpr, time: sp.Symbol) -> TimeDerivative:
        return sp.Basic.__new__(cls, argument, time)

    argument = property(lambda self: self.args[0])
    time = property(lambda self: self.args[1])

    def enclose_matrix_in(self, evaluate: Evaluator) -> Grid:
        """Enclose by the rules of differentiation."""
        return matrix_rates.rate(self.argument, self.time, evaluate)


class _Measure(sp.Expr):
    """A number read off a matrix."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, argument: sp.MatrixExpr, *place: Any) -> Any:
        return sp.Expr.__new__(cls, argument, *(sp.sympify(p, strict=True) for p in place))

    argument = property(lambda self: self.args[0])


class Norm(_Measure):
    """The Frobenius norm √tr(AᵀA) of a matrix, which is the Euclidean norm of a column."""

    is_extended_nonnegative = True

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose as the root of the sum of squares."""
        return matrices.frobenius(evaluate.matrix(self.argument))


class Eigenvalue(_Measure):
    """The `place`-th largest eigenvalue of a symmetric matrix, counted from 1 with multiplicity."""

    place = property(lambda self: self.args[1])

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose as a root of the characteristic polynomial; ValueError if the matrix is not symmetric."""
        return matrices.eigenvalue(evaluate.matrix(self.argument), int(evaluate.integer(self.place)))


class SingularValue(_Measure):
    """The `place`-th largest singular value of a matrix, counted from 1 to the smaller of its sizes."""

    is_extended_nonnegative = True
    place = property(lambda self: self.args[1])

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose as the root of an eigenvalue of AAᵀ or AᵀA, whichever is smaller."""
        grid = evaluate.matrix(self.argument)
        last = self.place is sp.S.NegativeOne
        return matrices.singular_value(grid, None if last else int(evaluate.integer(self.place)))


class Rank(_Measure):
    """The rank of a matrix."""

    is_integer = True
    is_extended_nonnegative = True

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Compute it exactly; of balls only full rank can be known."""
        return matrices.rank(evaluate.matrix(self.argument))


class OnlyEntry(_Measure):
    """The only entry of a matrix of one row and one column, such as yᵀKy, as a scalar."""

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose the entry."""
        return evaluate.value(self.argument)


def number(matrix: sp.MatrixExpr) -> OnlyEntry:
    """A 1×1 matrix as a scalar. Raises `ShapeError` for another shape."""
    if tuple(matrix.shape) != (1, 1):
        raise sp.ShapeError(f"a matrix of shape {matrix.shape} is no number")
    return OnlyEntry(matrix)


def norm(matrix: sp.MatrixExpr) -> Norm:
    """The Frobenius (for a column, Euclidean) norm √tr(AᵀA)."""
    return Norm(matrix)


def largest_eigenvalue(matrix: sp.MatrixExpr) -> Eigenvalue:
    """λ_max of a symmetric matrix."""
    _square(matrix, "an eigenvalue")
    return Eigenvalue(matrix, 1)


def smallest_eigenvalue(matrix: sp.MatrixExpr) -> Eigenvalue:
    """λ_min of a symmetric matrix."""
    _square(matrix, "an eigenvalue")
    return Eigenvalue(matrix, matrix.shape[0])


def operator_norm(matrix: sp.MatrixExpr) -> SingularValue:
    """The operator norm σ_max of a matrix."""
    return SingularValue(matrix, 1)


def smallest_singular_value(matrix: sp.MatrixExpr) -> SingularValue:
    """σ_min: the last of the min(rows, columns) singular values."""
    return SingularValue(matrix, -1)


def rank(matrix: sp.MatrixExpr) -> Rank:
    """The rank of a matrix."""
    return Rank(matrix)
