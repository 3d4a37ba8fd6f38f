"""Steps about matrices of any size: identities and derivatives, and what they may build on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.replay.context import Conditions, Context, Definitions, put_in
from derivations.replay.decode import Step
from derivations.replay.errors import RejectedError
from derivations.replay.nodes import FlowIntegral, MatrixExp, Norm, OnlyEntry, Rank, TimeDerivative
from derivations.replay.words import Matrices


def matrix_identity(step: Step, context: Context) -> Conditions:
    """`lhs = rhs` by the algebra of matrices, with equations that hold and inverses that exist on the domain."""
    where = context.definitions(step)
    sides = [put_in(side, where) for side in (step.lhs, step.rhs)]
    algebra = _algebra(step, context, where, sides)
    for name in ("left", "right"):
        if (factor := step.data.get(name)) is not None:
            matrix = put_in(factor, where)
            _Facts(context).invertible(matrix)
            sides = [matrix * side if name == "left" else side * matrix for side in sides]
    _vanishes(algebra, *sides)
    return context.inherited(step)


def matrix_derivative(step: Step, context: Context) -> Conditions:
    """The derivative of a matrix or number in time, the symbols constant but for those with a rate."""
    where = context.definitions(step)
    if isinstance(step.lhs, TimeDerivative):
        inner, time = step.lhs.args
    elif isinstance(step.lhs, sp.Derivative) and len(step.lhs.args) == 2 and step.lhs.args[1][1] == 1:
        inner, time = step.lhs.expr, step.lhs.args[1][0]
    else:
        raise RejectedError("the left side is no first derivative")
    rates = step.data.get("rates", {})
    if rates:
        _known_rates(rates, time, step, context)
    sides = [put_in(side, where) for side in (inner, step.rhs)]
    algebra = _algebra(step, context, where, sides)
    _vanishes(algebra, _Slope(time, rates, algebra)(sides[0]), sides[1])
    return context.inherited(step)


def _known_rates(rates: Mapping[Any, Any], time: sp.Symbol, step: Step, context: Context) -> None:
    said = [(q, next(iter(v))) for q, v in context.statement.domain if isinstance(v, sp.FiniteSet) and len(v) == 1]
    said += [(used.lhs, used.rhs) for used in context.used(step) if not used.is_sign]
    for symbol, rate in rates.items():
        if not any(q == TimeDerivative(symbol, time) and value == rate for q, value in said):
            raise RejectedError(f"neither the domain nor a step that is used says that the rate of {symbol} is {rate}")


def _algebra(step: Step, context: Context, where: Definitions, sides: list[sp.Expr]) -> Matrices:
    """The algebra with the equations of a step, once they and all inverses are founded."""
    facts = _Facts(context)
    given = [(put_in(a, where), put_in(b, where)) for a, b in step.data.get("given", ())]
    for lhs, rhs in given:
        facts.holds(lhs, rhs)
    for side in (*sides, *(side for pair in given for side in pair)):
        for power in side.atoms(sp.Inverse, sp.MatPow):
            if isinstance(power, sp.Inverse) or power.exp.is_nonnegative is not True:
                facts.invertible(power.args[0])
    used = [(found.lhs, found.rhs) for found in context.equations(step)]
    return Matrices([*given, *((put_in(a, where), put_in(b, where)) for a, b in used)])


def _vanishes(algebra: Matrices, lhs: sp.Expr, rhs: sp.Expr) -> None:
    matrices = [isinstance(side, sp.MatrixExpr) for side in (lhs, rhs)]
    if all(matrices) and lhs.shape == rhs.shape:
        left = algebra.vanishes(lhs - rhs)
    elif any(matrices) and 0 in (lhs, rhs):
        left = algebra.vanishes(next(side for side, is_matrix in zip((lhs, rhs), matrices, strict=True) if is_matrix))
    elif all(tuple(side.shape) == (1, 1) for side, is_matrix in zip((lhs, rhs), matrices, strict=True) if is_matrix):
        one, other = (OnlyEntry(s) if is_matrix else s for s, is_matrix in zip((lhs, rhs), matrices, strict=True))
        left = algebra.vanishes(one - other)
    else:
        raise RejectedError("the sides have different shapes")
    if left != 0:
        raise RejectedError("the difference of the two sides does not vanish", left)


class _Facts:
    """What the domain says of matrices."""

    def __init__(self, context: Context) -> None:
        where = context.statement.where
        said = [(put_in(q, where), values) for q, values in context.statement.domain]
        zero = [q for q, v in said if isinstance(q, sp.MatrixExpr) and v == sp.FiniteSet(sp.ZeroMatrix(*q.shape))]
        symmetric = [s for q in zero for s in q.atoms(sp.MatrixSymbol) if s.is_square and q in (s - s.T, s.T - s)]
        self._zero, self._algebra = zero, Matrices([(s.T, s) for s in symmetric])
        self._regular: list[sp.MatrixExpr] = []
        for quantity, values in said:
            if isinstance(quantity, sp.Determinant) and values.contains(sp.S.Zero) == sp.false:
                self._regular.append(quantity.args[0])
            elif isinstance(quantity, Rank):
                matrix = quantity.args[0]
                rows, columns = matrix.shape
                self._regular += [matrix * matrix.T] * (values == sp.FiniteSet(rows))
                self._regular += [matrix.T * matrix] * (values == sp.FiniteSet(columns))
                self._regular += [matrix] * (rows == columns and values == sp.FiniteSet(rows))

    def holds(self, lhs: sp.MatrixExpr, rhs: sp.MatrixExpr) -> None:
        """Raise RejectedError unless the domain says that two matrices are equal."""
        difference = lhs - rhs
        known = [q for q in self._zero if q.shape == difference.shape]
        both = (difference, -difference)
        if self._algebra.vanishes(difference) != 0 and not any(
            self._algebra.vanishes(q - d) == 0 for q in known for d in both
        ):
            raise RejectedError(f"the domain does not say that {lhs} = {rhs}")

    def invertible(self, matrix: sp.MatrixExpr) -> None:
        """Raise RejectedError unless a matrix is invertible on the domain."""
        if not self._is_invertible(matrix):
            raise RejectedError(f"the domain does not say that {matrix} is invertible")

    def _is_invertible(self, matrix: sp.MatrixExpr) -> bool:
        if isinstance(matrix, sp.Identity | MatrixExp):
            return True
        if isinstance(matrix, sp.Transpose | sp.Inverse):
            return self._is_invertible(matrix.args[0])
        if isinstance(matrix, KroneckerProduct):
            return all(a.is_square and self._is_invertible(a) for a in matrix.args)
        known = [regular for regular in self._regular if regular.shape == matrix.shape]
        if any(self._algebra.vanishes(matrix - regular) == 0 for regular in known):
            return True
        if isinstance(matrix, sp.MatMul):
            number, factors = matrix.as_coeff_matrices()
            if number.is_zero is False and all(f.is_square and self._is_invertible(f) for f in factors):
                return True
        return self._is_positive_definite(matrix)

    def _is_positive_definite(self, matrix: sp.MatrixExpr) -> bool:
        """Whether it is a positive multiple of the identity plus nonnegative multiples of Gram matrices."""
        words = self._algebra.sum(matrix)
        for word, number in words.items():
            half, other = word[: len(word) // 2], word[len(word) // 2 :]
            if word and not (number.is_nonnegative and len(word) % 2 == 0):
                return False
            if word and self._algebra.sum(sp.Transpose(sp.MatMul(*half))) != {other: 1}:
                return False
        return bool(words.get((), sp.S.Zero).is_positive)


class _Slope:
    """Derivatives in time, by the rules of differentiation."""

    def __init__(self, time: sp.Symbol, rates: Mapping[Any, Any], algebra: Matrices) -> None:
        self._time, self._rates, self._algebra = time, rates, algebra

    def __call__(self, e: sp.Expr) -> sp.Expr:  # noqa: PLR0911 - one rule a case
        if not isinstance(e, sp.MatrixExpr):
            return self._of_number(e)
        if not self._moves(e):
            return sp.ZeroMatrix(*e.shape)
        match e:
            case sp.MatrixSymbol():
                return self._rates[e]
            case sp.MatAdd():
                return sp.MatAdd(*map(self, e.args))
            case sp.MatMul():
                number, factors = e.as_coeff_matrices()
                varied = (sp.MatMul(number, *self._with_slope(factors, k)) for k in range(len(factors)))
                return sp.MatAdd(sp.MatMul(self(number), *factors), *varied)
            case KroneckerProduct():
                return sp.MatAdd(*(KroneckerProduct(*self._with_slope(e.args, k)) for k in range(len(e.args))))
            case sp.Transpose():
                return sp.Transpose(self(e.arg))
            case sp.Inverse():
                return -e * self(e.arg) * e
            case MatrixExp():
                growth = self(e.args[0])
                if self._algebra.vanishes(growth * e.args[0] - e.args[0] * growth) == 0:
                    return growth * e
            case FlowIntegral() if not self._moves(e.args[0]):
                return sp.diff(e.args[1], self._time) * MatrixExp(-e.args[1] * e.args[0])
        raise RejectedError(f"no derivative is known for {e}")

    def _moves(self, e: sp.MatrixExpr) -> bool:
        return bool(e.free_symbols & {self._time, *self._rates})

    def _with_slope(self, factors: Any, place: int) -> list[sp.MatrixExpr]:
        return [self(factor) if k == place else factor for k, factor in enumerate(factors)]

    def _of_number(self, e: sp.Expr) -> sp.Expr:
        e = e.replace(lambda n: isinstance(n, Norm), lambda n: sp.sqrt(sp.Trace(n.args[0].T * n.args[0])))
        names = {read: sp.Dummy() for read in e.atoms(sp.Trace, OnlyEntry)}
        inner = e.xreplace(names)
        parts = (sp.diff(inner, name) * read.func(self(read.args[0])) for read, name in names.items())
        total = sp.diff(inner, self._time) + sp.Add(*parts)
        return total.xreplace({name: read for read, name in names.items()})
