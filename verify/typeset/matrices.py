"""Matrices: expressions of symbolic size, their norms, eigenvalues and functions."""

from abc import abstractmethod
from typing import Any

import sympy as sp

from verify.typeset.arrangement import Level, is_open
from verify.typeset.calculus import CalculusPrinter


class MatrixPrinter(CalculusPrinter):
    """Prints matrix expressions."""

    @abstractmethod
    def _length(self, inner: str) -> str:
        """A norm."""

    def _print_MatAdd(self, expr: sp.MatAdd) -> str:
        """The terms with a plus sign first, among them multiples of the identity last: K + λI, but I - K."""
        terms = [(self._split(term), term) for term in expr.args]
        terms.sort(key=lambda part: (part[0][0], part[0][1] != 1 and isinstance(part[1].args[-1], sp.Identity)))
        shown = ""
        for position, ((negative, _, _), term) in enumerate(terms):
            part = str(self._print(term)).removeprefix(self.minus if negative else "")
            part = f"({part})" if is_open(term) and position < len(terms) - 1 else part
            sign = self.minus if negative else "+"
            shown += f" {sign} {part}" if position else f"{self.minus * negative}{part}"
        return shown

    def _print_MatMul(self, expr: sp.MatMul) -> str:
        negative, coefficient, factors = self._split(expr)
        over, under = coefficient.as_numer_denom()
        front = self.quotient(*([f for f in sp.Mul.make_args(side) if f != 1] for side in (over, under)))
        bracketed = coefficient.is_Add or (under != 1 and (self._script or not self.stacked))
        front = f"({front})" if bracketed else front
        shown = self.product(factors)
        shown = shown if coefficient == 1 else f"{front} {shown}" if factors else front
        return f"{self.minus * negative}{shown}"

    @staticmethod
    def _split(expr: sp.MatrixExpr) -> tuple[bool, sp.Expr, list[sp.MatrixExpr]]:
        """Whether there is a minus sign in front, the scalar behind it, and the matrices multiplied."""
        if not isinstance(expr, sp.MatMul):
            return False, sp.S.One, [expr]
        coefficient, factors = expr.as_coeff_matrices()
        negative = not coefficient.is_Add and bool(coefficient.could_extract_minus_sign())
        flat = [g for f in factors for g in (f.args if isinstance(f, sp.MatMul) else (f,))]
        return negative, -coefficient if negative else coefficient, flat

    def _print_MatrixBase(self, expr: sp.MatrixBase) -> str:
        return self._matrix([[str(self._print(e)) for e in row] for row in expr.tolist()])

    _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_MatrixSymbol(self, expr: sp.MatrixSymbol) -> str:
        return self.name(expr.name)

    def _print_MatrixElement(self, expr: sp.Basic) -> str:
        places = (self.inline(i + 1) for i in expr.args[1:])  # SymPy counts from 0
        return self._sub(self.bracketed(expr.args[0], Level.ATOM), ", ".join(places))

    def _print_Identity(self, expr: sp.Identity) -> str:
        return self._sub(self.constants["Identity"], self.inline(expr.args[0]))

    def _print_ZeroMatrix(self, expr: sp.ZeroMatrix) -> str:  # noqa: ARG002 - its size follows from its place
        return "0"

    def _print_OneMatrix(self, expr: sp.OneMatrix) -> str:
        rows, columns = (self.inline(size) for size in expr.args)
        if rows == "1" != columns:
            return self._power(self._sub(self.constants["ones"], columns), self.constants["transpose"])
        size = rows if columns == "1" else f"{rows} {self.constants['times']} {columns}"
        return self._sub(self.constants["ones"], size)

    def _print_MatrixSet(self, expr: Any) -> str:
        rows, columns, entries = expr.args
        size = f"{self.inline(rows)} {self.constants['times']} {self.inline(columns)}"
        return self._power(str(self._print(entries)), self.inline(rows) if columns == 1 else size)

    def _raised(self, expr: sp.Basic, mark: str) -> str:
        return self._power(self.bracketed(expr, Level.ATOM), mark)

    def _print_Transpose(self, expr: sp.Transpose) -> str:
        return self._raised(expr.args[0], self.constants["transpose"])

    def _print_Inverse(self, expr: sp.Inverse) -> str:
        return self._raised(expr.args[0], f"{self.minus}1")

    def _print_PseudoInverse(self, expr: Any) -> str:
        return self._raised(expr.argument, "+")

    def _print_MatPow(self, expr: sp.Basic) -> str:
        return self._raised(expr.args[0], self.inline(expr.args[1]))

    def _print_MatrixExp(self, expr: Any) -> str:
        return self._power(self.constants["Exp1"], self.inline(expr.argument))

    def _print_FlowIntegral(self, expr: Any) -> str:
        tau = sp.Symbol("tau")
        inner = self._power(self.constants["Exp1"], self.inline(-tau * expr.generator))
        return f"{self._big('integral', '0', self.inline(expr.time))} {inner} {self.constants['d']}{self._print(tau)}"

    def _print_TimeDerivative(self, expr: Any) -> str:
        mark, time = self.constants["d"], self.inline(expr.time)
        bar = self.stacked and not self._script
        operator = self._fraction(mark, f"{mark}{time}") if bar else f"({mark}{self.constants['slash']}{mark}{time})"
        return f"{operator} {self.bracketed(expr.argument, Level.POWER)}"

    def _between(self, expr: Any, mark: str) -> str:
        return f" {self.constants[mark]} ".join(self.bracketed(part, Level.POWER) for part in expr.args)

    def _print_KroneckerProduct(self, expr: sp.Basic) -> str:
        return self._between(expr, "kronecker")

    def _print_HadamardProduct(self, expr: sp.Basic) -> str:
        return self._between(expr, "hadamard")

    # numbers read off a matrix

    def _print_Trace(self, expr: sp.Trace) -> str:
        return self._apply(self.constants["trace"], expr.args)

    def _print_Determinant(self, expr: sp.Determinant) -> str:
        return self._apply(self.constants["det"], expr.args)

    def _print_OnlyEntry(self, expr: Any) -> str:
        return str(self._print(expr.argument))

    def _print_Rank(self, expr: Any) -> str:
        return self._apply(self.constants["rank"], [expr.argument])

    def _print_Norm(self, expr: Any) -> str:
        shown = self._length(str(self._print(expr.argument)))
        return shown if 1 in expr.argument.shape else self._sub(shown, "F")

    def _print_Eigenvalue(self, expr: Any) -> str:
        return self._placed("lambda", expr, 1, expr.argument.shape[0])

    def _print_SingularValue(self, expr: Any) -> str:
        return self._placed("sigma", expr, 1, -1)

    def _placed(self, name: str, expr: Any, first: Any, last: Any) -> str:
        place = self.constants["max"] if expr.place == first else self.inline(expr.place)
        place = self.constants["min"] if expr.place == last else place
        return self._apply(self._sub(self.name(name), place), [expr.argument])
