"""Operators: sums, products, integrals, derivatives, limits, cases, Gaussian expectations and recursions in depth."""

from abc import abstractmethod
from typing import Any

import sympy as sp

from verify.typeset.arithmetic import ArithmeticPrinter, UnprintableError
from verify.typeset.arrangement import Level
from verify.typeset.names import ACTIVATIONS, named


class CalculusPrinter(ArithmeticPrinter):
    """Prints operators that bind variables."""

    @abstractmethod
    def _big(self, operator: str, lower: str, upper: str) -> str:
        """A large operator with its limits; `upper` may be empty."""

    @abstractmethod
    def _cases(self, rows: list[tuple[str, str]]) -> str:
        """Cases: (value, condition) pairs; an empty condition means "otherwise"."""

    @abstractmethod
    def _matrix(self, rows: list[list[str]]) -> str:
        """A matrix in round brackets."""

    def _small_matrix(self, rows: list[list[str]]) -> str:
        """A matrix in a subscript, not so small that it cannot be read."""
        return self._matrix(rows)

    @abstractmethod
    def _words(self, text: str) -> str:
        """Words in upright type, with the space around them that they need."""

    @abstractmethod
    def _fenced(self, kind: str, inner: str) -> str:
        """An absolute value ("Abs"), "floor", "ceiling", or the square brackets of an "Expect"."""

    @abstractmethod
    def _binomial(self, n: str, k: str) -> str:
        """A binomial coefficient."""

    def _operand(self, expr: sp.Basic) -> str:
        return self.bracketed(expr, Level.PRODUCT)

    def _sized(self, operator: str, expr: Any) -> str:
        shown = self._operand(expr.function)
        for variable, *ends in expr.limits:  # the innermost comes first
            lower, upper = (self.inline(end) for end in ends)
            shown = f"{self._big(operator, f'{self.inline(variable)} = {lower}', upper)} {shown}"
        return shown

    def _print_Sum(self, expr: sp.Sum) -> str:
        return self._sized("sum", expr)

    def _print_Product(self, expr: sp.Product) -> str:
        return self._sized("product", expr)

    def _print_Integral(self, expr: sp.Integral) -> str:
        shown = self._operand(expr.function)
        for variable, *ends in expr.limits:
            if len(ends) not in (0, 2):
                raise UnprintableError(f"no notation for an integral with one limit: {expr!r}")
            lower, upper = (self.inline(end) for end in ends) if ends else ("", "")
            shown = f"{self._big('integral', lower, upper)} {shown} {self.constants['d']}{self.inline(variable)}"
        return shown

    def _print_Derivative(self, expr: sp.Derivative) -> str:
        mark = self.constants["partial" if len(expr.expr.free_symbols) > 1 else "d"]
        times = sum(count for _, count in expr.variable_count)
        over = self._power(mark, str(times)) if times > 1 else mark
        under = " ".join(
            f"{mark}{self._power(self.inline(v), self.inline(n)) if n != 1 else self.inline(v)}"
            for v, n in expr.variable_count
        )
        bar = self.stacked and not self._script
        operator = self._fraction(over, under) if bar else f"({over}{self.constants['slash']}{under})"
        return f"{operator} {self.bracketed(expr.expr, Level.POWER)}"

    def _print_Limit(self, expr: sp.Limit) -> str:
        function, variable, point, direction = expr.args
        side = {"+": "+", "-": self.minus, "+-": ""}[str(direction)] if point.is_finite else ""
        target = self._power(self.inline(point), side) if side else self.inline(point)
        under = f"{self.inline(variable)} {self.constants['to']} {target}"
        return f"{self._big('lim', under, '')} {self._operand(function)}"

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        rows = []
        for value, condition in expr.args:
            rows.append((self.inline(value), "" if condition == sp.true else self.inline(condition)))
        return self._cases(rows)

    def _print_Expect(self, expr: Any) -> str:
        variables = ", ".join(self.inline(v) for v in expr.variables)
        if len(expr.variables) > 1:
            law = self._small_matrix([[self.inline(entry) for entry in row] for row in expr.covariance.tolist()])
            variables = f"({variables})"
        else:
            law = self.inline(expr.covariance[0, 0])
        under = f"{variables} {self.constants['distributed']} {self.constants['normal']}(0, {law})"
        return f"{self._sub(self.constants['E'], under)}{self._fenced('Expect', str(self._print(expr.integrand)))}"

    def _print_KernelEigenvalue(self, expr: Any) -> str:
        """The eigenvalue, and in brackets the kernel with its depth and variances, the distribution and dimension."""
        name = self._sub(self.name("mu"), self.inline(expr.degree))
        network = self._words(f"{ACTIVATIONS.get(expr.activation, expr.activation)} {expr.kind.upper()}").strip()
        settings = ", ".join(self.inline(setting) for setting in expr.settings)
        return (
            f"{name} ({network}, {settings}; {self._words(expr.distribution).strip()}, {self.inline(expr.dimension)})"
        )

    def _print_TaylorCoefficient(self, expr: Any) -> str:
        shift = self._power(self.bracketed(expr.variable - expr.centre, Level.ATOM), self.inline(expr.order))
        return f"{self._fenced('Expect', shift)} {self._operand(expr.function)}"

    def _print_Iterate(self, expr: Any) -> str:
        """The name of the recursion with its count as subscript; its definition is kept in `recursions`."""
        key = (expr.update, expr.previous, expr.index, expr.base)
        if key not in self.recursions:
            taken = {name for name, _ in self.recursions.values()}
            name = self._pick(named(expr.previous.name))
            while name in taken:
                name += self.constants["prime"]
            self._once(name, key)
            self.recursions[key] = (name, ("", ""))
            outer = self._bound.get(expr.previous)
            self._bound[expr.previous] = self._sub(name, self.inline(expr.index - 1))
            step = f"{self._sub(name, self.inline(expr.index))} = {self._print(expr.update)}"
            if outer is None:
                del self._bound[expr.previous]
            else:
                self._bound[expr.previous] = outer
            start = f"{self._sub(name, '0')} = {self._print(expr.base)}"
            self.recursions[key] = (name, (start, step))
        return self._sub(self.recursions[key][0], self.inline(expr.count))
