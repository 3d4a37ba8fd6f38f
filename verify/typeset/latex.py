"""The LaTeX dialect, for notebooks and papers: SymPy's own printer, taught our names and our nodes."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from verify.typeset.arithmetic import UnprintableError
from verify.typeset.arrangement import is_open, ordered_terms
from verify.typeset.names import ACTIVATIONS, named, named_function


class TheoryLatexPrinter(LatexPrinter):
    r"""Prints LaTeX.

    >>> x, n = sp.symbols("x n")
    >>> TheoryLatexPrinter().doprint((1 - x) ** 2 / (2 * sp.sqrt(n)))
    '\\frac{\\left(1 - x\\right)^{2}}{2 \\sqrt{n}}'
    """

    def __init__(self) -> None:
        super().__init__()
        self._bound: dict[sp.Symbol, str] = {}
        self.recursions: dict[tuple[sp.Basic, ...], tuple[str, tuple[str, str]]] = {}

    def inline(self, expr: sp.Basic) -> str:
        """The same as `doprint`: LaTeX sets fractions small by itself."""
        return str(self.doprint(expr))

    def emptyPrinter(self, expr: Any) -> str:
        """Refuse what has no notation."""
        raise UnprintableError(f"no notation for {type(expr).__name__}: {expr!r}")

    _print_Basic = emptyPrinter

    def _print_Add(self, expr: sp.Add, order: str | None = None) -> str:  # noqa: ARG002 - SymPy's signature
        shown = ""
        terms = ordered_terms(expr)
        for position, term in enumerate(terms):
            part = self._print(term)
            unclear = part.startswith("- -") or (is_open(term) and position < len(terms) - 1)
            if unclear or self._needs_add_brackets(term):
                part = rf"\left({part}\right)"
            if position:
                shown += f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}"
            else:
                shown = part
        return shown

    def parenthesize(self, item: sp.Basic, level: int, is_neg: bool = False, strict: bool = False) -> str:
        """Bracket as SymPy does, and an expectation under a power."""
        shown = str(super().parenthesize(item, level, is_neg=is_neg, strict=strict))
        return rf"\left({shown}\right)" if type(item).__name__ == "Expect" and level >= PRECEDENCE["Pow"] else shown

    def _needs_mul_brackets(self, expr: sp.Basic, first: bool = False, last: bool = False) -> bool:
        return (is_open(expr) and not last) or super()._needs_mul_brackets(expr, first=first, last=last)

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:  # noqa: ARG002
        return self._bound.get(expr) or named(expr.name).latex

    _print_Dummy = _print_Symbol

    def _print_MatrixSymbol(self, expr: sp.MatrixSymbol, style: str = "plain") -> str:  # noqa: ARG002
        return named(expr.name).latex

    def _print_MatrixElement(self, expr: sp.Basic) -> str:
        base = self.parenthesize(expr.args[0], PRECEDENCE["Atom"], strict=True)
        return rf"{base}_{{{', '.join(self._print(i + 1) for i in expr.args[1:])}}}"

    def _print_MatrixSet(self, expr: Any) -> str:
        rows, columns, entries = expr.args
        size = self._print(rows) if columns == 1 else rf"{self._print(rows)} \times {self._print(columns)}"
        return rf"{self._print(entries)}^{{{size}}}"

    def _print_Identity(self, expr: sp.Identity) -> str:
        return rf"I_{{{self._print(expr.args[0])}}}"

    def _print_ZeroMatrix(self, expr: sp.ZeroMatrix) -> str:  # noqa: ARG002 - its size follows from its place
        return "0"

    def _print_OneMatrix(self, expr: sp.OneMatrix) -> str:
        rows, columns = (self._print(size) for size in expr.args)
        size = rows if columns == "1" else rf"{rows} \times {columns}"
        return rf"\mathbf{{1}}_{{{size}}}"

    def _raised(self, expr: sp.Basic, mark: str) -> str:
        shown = self._print(expr)
        shown = shown if isinstance(expr, sp.MatrixSymbol) else rf"\left({shown}\right)"
        return rf"{shown}^{{{mark}}}"

    def _print_PseudoInverse(self, expr: Any) -> str:
        return self._raised(expr.argument, "+")

    def _print_MatrixExp(self, expr: Any) -> str:
        return rf"e^{{{self._print(expr.argument)}}}"

    def _print_FlowIntegral(self, expr: Any) -> str:
        generator = self._print(sp.MatMul(-sp.Symbol("tau"), expr.generator))
        return rf"\int_{{0}}^{{{self._print(expr.time)}}} e^{{{generator}}} \, d\tau"

    def _print_TimeDerivative(self, expr: Any) -> str:
        time = self._print(expr.time)
        return rf"\frac{{d}}{{d{time}}} \left({self._print(expr.argument)}\right)"

    def _print_OnlyEntry(self, expr: Any) -> str:
        return str(self._print(expr.argument))

    def _print_Range(self, expr: sp.Range) -> str:
        if expr.size.is_Integer or not expr.stop.is_finite or expr.step != 1:
            return str(super()._print_Range(expr))
        return rf"\left\{{{self._print(expr.start)}, \ldots, {self._print(expr.stop - 1)}\right\}}"

    def _print_Rank(self, expr: Any) -> str:
        return rf"\operatorname{{rank}}\left({self._print(expr.argument)}\right)"

    def _print_Norm(self, expr: Any) -> str:
        sub = "" if 1 in expr.argument.shape else "_F"
        return rf"\left\lVert {self._print(expr.argument)} \right\rVert{sub}"

    def _print_Eigenvalue(self, expr: Any) -> str:
        return self._placed(r"\lambda", expr, 1, expr.argument.shape[0])

    def _print_SingularValue(self, expr: Any) -> str:
        return self._placed(r"\sigma", expr, 1, -1)

    def _placed(self, name: str, expr: Any, first: Any, last: Any) -> str:
        place = r"\max" if expr.place == first else r"\min" if expr.place == last else self._print(expr.place)
        return rf"{name}_{{{place}}}\left({self._print(expr.argument)}\right)"

    def _print_Indexed(self, expr: sp.Indexed) -> str:
        base = self._print(expr.base)
        base = rf"\left({base}\right)" if "_" in base else base
        return rf"{base}_{{{','.join(self._print(i) for i in expr.indices)}}}"

    def _print_Function(self, expr: sp.Function, exp: str | None = None) -> str:
        name = type(expr).__name__
        notation = named(name) if isinstance(expr, AppliedUndef) else named_function(name)
        if notation is None:
            special = getattr(self, f"_print_{name}", None)
            return str(special(expr, exp=exp)) if special else self.emptyPrinter(expr)
        power = f"^{{{exp}}}" if exp else ""
        return rf"{notation.latex}{power}\left({', '.join(self._print(a) for a in expr.args)}\right)"

    _print_gamma = _print_beta = _print_zeta = _print_Max = _print_Min = _print_log = _print_Function
    _print_Heaviside = _print_DiracDelta = _print_Function

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

    def _print_Expect(self, expr: Any) -> str:
        variables = ", ".join(self._print(v) for v in expr.variables)
        if len(expr.variables) > 1:
            variables, law = f"({variables})", self._print(expr.covariance)
        else:
            law = self._print(expr.covariance[0, 0])
        under = rf"{variables} \sim \mathcal{{N}}\left(0, {law}\right)"
        return rf"\mathbb{{E}}_{{{under}}}\left[{self._print(expr.integrand)}\right]"

    def _print_KernelEigenvalue(self, expr: Any) -> str:
        network = rf"\text{{{ACTIVATIONS.get(expr.activation, expr.activation)} {expr.kind.upper()}}}"
        settings = ", ".join(map(self._print, expr.settings))
        where = rf"\text{{{expr.distribution}}}, {self._print(expr.dimension)}"
        return rf"\mu_{{{self._print(expr.degree)}}}\left({network}, {settings}; {where}\right)"

    def _print_TaylorCoefficient(self, expr: Any) -> str:
        shift = self._print((expr.variable - expr.centre) ** expr.order)
        return rf"\left[{shift}\right] {self._print(expr.function)}"

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
