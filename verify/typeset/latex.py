"""The LaTeX dialect, for notebooks and papers: SymPy's own printer, taught our names and our nodes."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from verify.typeset.arithmetic import Unprintable, is_open, named_function, ordered_terms
from verify.typeset.names import named


class TheoryLatexPrinter(LatexPrinter):  # type: ignore[misc]
    r"""Prints LaTeX.

    >>> x, n = sp.symbols("x n")
    >>> TheoryLatexPrinter().doprint((1 - x) ** 2 / (2 * sp.sqrt(n)))
    '\\frac{\\left(1 - x\\right)^{2}}{2 \\sqrt{n}}'
    """

    def __init__(self) -> None:
        super().__init__()
        self._bound: dict[sp.Symbol, str] = {}
        self.recursions: dict[tuple[sp.Basic, ...], tuple[str, tuple[str, str]]] = {}

    def emptyPrinter(self, expr: Any) -> str:
        raise Unprintable(f"no notation for {type(expr).__name__}: {expr!r}")

    _print_Basic = emptyPrinter

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list[sp.Basic]:
        return ordered_terms(expr)

    def _needs_add_brackets(self, expr: sp.Basic) -> bool:
        return expr.is_Piecewise or super()._needs_add_brackets(expr)

    def _needs_mul_brackets(self, expr: sp.Basic, first: bool = False, last: bool = False) -> bool:
        return (is_open(expr) and not last) or super()._needs_mul_brackets(expr, first=first, last=last)

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        return self._bound.get(expr) or named(expr.name).latex

    _print_Dummy = _print_Symbol

    def _print_MatrixSymbol(self, expr: sp.MatrixSymbol, style: str = "plain") -> str:
        return named(expr.name).latex

    def _hprint_Function(self, func: str) -> str:
        notation = named_function(func)
        return (notation or named(func)).latex

    def _print_Function(self, expr: sp.Function, exp: str | None = None) -> str:
        name = type(expr).__name__
        if not isinstance(expr, AppliedUndef) and not named_function(name) and not hasattr(self, f"_print_{name}"):
            return self.emptyPrinter(expr)
        return str(super()._print_Function(expr, exp=exp))

    def _print_acos(self, expr: sp.Expr, exp: str | None = None) -> str:
        return str(super()._print_Function(expr, exp=exp))

    def _print_Sum(self, expr: sp.Sum) -> str:
        return self._sized(r"\sum", expr)

    def _print_Product(self, expr: sp.Product) -> str:
        return self._sized(r"\prod", expr)

    def _sized(self, operator: str, expr: Any) -> str:
        inner = self._print(expr.function)
        shown = rf"\left({inner}\right)" if expr.function.is_Add else inner
        for variable, lower, upper in expr.limits:
            ends = f"_{{{self._print(variable)}={self._print(lower)}}}^{{{self._print(upper)}}}"
            shown = f"{operator}{ends} {shown}"
        return str(shown)

    def _print_Expect(self, expr: Any, exp: str | None = None) -> str:
        variables = ", ".join(self._print(v) for v in expr.variables)
        if len(expr.variables) > 1:
            variables, law = f"({variables})", self._print(expr.covariance)
        else:
            law = self._print(expr.covariance[0, 0])
        shown = rf"\mathbb{{E}}_{{{variables} \sim \mathcal{{N}}\left(0, {law}\right)}}"
        shown += rf"\left[{self._print(expr.integrand)}\right]"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown

    def _print_Iterate(self, expr: Any) -> str:
        key = (expr.update, expr.previous, expr.index, expr.base)
        if key not in self.recursions:
            name = named(expr.previous.name).latex
            while name in {taken for taken, _ in self.recursions.values()}:
                name += "'"
            self.recursions[key] = (name, ("", ""))
            outer = self._bound.get(expr.previous)
            self._bound[expr.previous] = f"{name}_{{{self._print(expr.index - 1)}}}"
            step = f"{name}_{{{self._print(expr.index)}}} = {self._print(expr.update)}"
            self._bound[expr.previous] = outer or named(expr.previous.name).latex
            self.recursions[key] = (name, (f"{name}_{{0}} = {self._print(expr.base)}", step))
        return f"{self.recursions[key][0]}_{{{self._print(expr.count)}}}"
