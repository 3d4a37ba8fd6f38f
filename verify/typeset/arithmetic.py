"""The printer's core: names, numbers, sums, products, quotients, powers and functions, bracketed only where needed.

Two dialects share it, Typst and plain text; a dialect supplies the marks (`fraction`, `power`, `sub`, …).
Whatever has no method here is an error that names it: nothing is ever dropped or guessed.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.printer import Printer

from verify.quantities import Notation
from verify.typeset.arrangement import LEVELS, Level, is_long_power_of_ten, is_open, ordered_terms, simplest_roots
from verify.typeset.names import bound_tightly, named, named_function


class UnprintableError(TypeError):
    """A slot holds something that has no notation."""


class ArithmeticPrinter(Printer):
    """Prints an expression in the notation of mathematics; subclasses choose the marks."""

    minus: str
    dot: str
    constants: dict[str, str]
    stacked: bool
    """Whether fractions outside sub- and superscripts have a horizontal bar."""

    def __init__(self) -> None:
        super().__init__()
        self._script = 0
        self._bound: dict[sp.Symbol, str] = {}
        self._printed: dict[str, object] = {}
        self.recursions: dict[tuple[sp.Basic, ...], tuple[str, tuple[str, str]]] = {}
        """Definitions of the recursions met: key to (name, (start, step))."""

    def doprint(self, expr: sp.Basic) -> str:
        """Print `expr`, without the definitions of recursions in it (see `recursions`)."""
        return str(self._print(expr))

    @abstractmethod
    def _pick(self, notation: Notation) -> str:
        """The print of a notation in this dialect."""

    @abstractmethod
    def _fraction(self, over: str, under: str) -> str:
        """A fraction with a bar; only called where `stacked`."""

    @abstractmethod
    def _root(self, inner: str, degree: str) -> str:
        """The root of the given degree ("" for a square root)."""

    @abstractmethod
    def _power(self, base: str, exponent: str) -> str:
        """A superscript."""

    @abstractmethod
    def _sub(self, base: str, index: str) -> str:
        """A subscript."""

    @abstractmethod
    def _exponential(self, expr: sp.Expr) -> str:
        """The exponential function of the argument of `expr`."""

    def emptyPrinter(self, expr: Any) -> str:
        """Refuse what has no notation."""
        raise UnprintableError(f"no notation for {type(expr).__name__}: {expr!r}")

    _print_Basic = _print_Atom = emptyPrinter

    # names and numbers

    def name(self, name: str, key: object = None) -> str:
        """Print a name, and refuse two different names that look alike."""
        return self._once(self._pick(named(name)), key or name)

    def _once(self, shown: str, key: object) -> str:
        if self._printed.setdefault(shown, key) != key:
            raise UnprintableError(
                f"{self._printed[shown]} and {key} are both printed {shown!r}; register another notation"
            )
        return shown

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return self._bound.get(expr) or self.name(expr.name)

    def _print_Dummy(self, expr: sp.Dummy) -> str:
        return self._bound.get(expr) or self.name(expr.name, expr)

    def _print_IndexedBase(self, expr: sp.IndexedBase) -> str:
        return self.name(str(expr.label))

    def _print_Indexed(self, expr: sp.Indexed) -> str:
        return self._sub(self._print(expr.base), ", ".join(self.inline(i) for i in expr.indices))

    def _print_NumberSymbol(self, expr: sp.Basic) -> str:
        if type(expr).__name__ not in self.constants:
            return self.emptyPrinter(expr)
        shown = self.constants[type(expr).__name__]
        return self._once(shown, expr)

    _print_Infinity = _print_NegativeInfinity = _print_ImaginaryUnit = _print_NumberSymbol
    _print_BooleanTrue = _print_BooleanFalse = _print_NumberSymbol

    def _print_Integer(self, expr: sp.Integer) -> str:
        digits = str(abs(expr.p))
        shown = self._power("10", str(len(digits) - 1)) if is_long_power_of_ten(expr) else digits
        return f"{self.minus if expr.p < 0 else ''}{shown}"

    def _print_Rational(self, expr: sp.Rational) -> str:
        value = self.quotient([sp.Integer(abs(expr.p))], [sp.Integer(expr.q)])
        return (self.minus if expr.p < 0 else "") + value

    def _print_Float(self, expr: sp.Float) -> str:
        digits, _, exponent = sp.sstr(expr, full_prec=False).replace("-", self.minus).partition("e")
        if not exponent:
            return digits
        return f"{digits} {self.constants['times']} {self._power('10', exponent.removeprefix('+'))}"

    # brackets

    def inline(self, expr: sp.Basic) -> str:
        """Print with slashes for fractions, as in a sub- or superscript."""
        self._script += 1
        try:
            return str(self._print(expr))
        finally:
            self._script -= 1

    def level(self, expr: sp.Basic) -> Level:
        """How tightly the print of `expr` holds together."""
        if expr.is_Number:
            loose = expr.is_negative or (expr.is_Float and self.constants["times"] in self._print_Float(expr))
            whole = Level.POWER if is_long_power_of_ten(expr) else Level.ATOM
            return Level.SUM if loose else Level.PRODUCT if expr.is_Rational and not expr.is_Integer else whole
        if expr.is_Pow and expr.exp.is_Rational and expr.exp.is_negative and expr.is_commutative:
            return Level.PRODUCT
        if type(expr).__name__ == "OnlyEntry":  # a 1×1 matrix, printed as it stands
            return self.level(expr.args[0])
        if isinstance(expr, sp.Symbol | sp.IndexedBase | sp.MatrixSymbol):
            typst = named(str(expr)).typst
            scripted = Level.ATOM if bound_tightly(typst) else Level.POWER
            return scripted if bound_tightly(typst, " +-=/") else Level.SUM
        if " " in getattr(named_function(type(expr).__name__), "typst", ""):
            return Level.SUM
        names = [cls.__name__ for cls in type(expr).__mro__]
        return next((LEVELS[name] for name in names if name in LEVELS), Level.ATOM)

    def bracketed(self, expr: sp.Basic, least: Level) -> str:
        """Print `expr`, in brackets if it holds less tightly than `least`."""
        shown = str(self._print(expr))
        return f"({shown})" if self.level(expr) < least or shown.startswith(self.minus) else shown

    # sums, products, powers

    def _print_Add(self, expr: sp.Add) -> str:
        shown = ""
        terms = ordered_terms(expr)
        for position, term in enumerate(terms):
            part = str(self._print(term))
            sign = part.startswith(self.minus)
            part = part.removeprefix(self.minus)
            loose = term.is_Add or self.level(term) < Level.SUM or (term.is_Symbol and self.level(term) < Level.PRODUCT)
            if loose or (is_open(term) and position < len(terms) - 1):
                part, sign = f"({self._print(term)})", False
            if position:
                shown += f" {self.minus if sign else '+'} {part}"
            else:
                shown = (self.minus if sign else "") + part
        return shown

    def _print_Mul(self, expr: sp.Mul) -> str:
        negative = False
        over: list[sp.Basic] = []
        under: list[sp.Basic] = []
        for factor in expr.as_ordered_factors():
            if factor.is_Number and factor.is_negative:
                negative, factor = not negative, -factor  # noqa: PLW2901 - its sign is printed apart
            if factor.is_Rational:
                over += [sp.Integer(factor.p)] * (factor.p != 1)
                under += [sp.Integer(factor.q)] * (factor.q != 1)
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative and factor.is_commutative:
                under.append(sp.Pow(factor.base, -factor.exp, evaluate=False) if factor.exp != -1 else factor.base)
            else:
                over.append(factor)
        over, under = simplest_roots(over, under)
        alone = len(over) == 1 and not under
        shown = self.bracketed(over[0], Level.PRODUCT) if alone else self.quotient(over, under)
        return (self.minus if negative else "") + shown

    def quotient(self, over: list[sp.Basic], under: list[sp.Basic]) -> str:
        """The product of `over` divided by that of `under`, long factors set beside the fraction, not on it."""
        if not under:
            return self.product(over)
        stack = self.stacked and not self._script
        beside = [f for f in over if is_open(f) or (stack and type(f).__name__ == "Expect")]
        over = [f for f in over if f not in beside]
        if stack:
            shown = self._fraction(self.product(over), self.product(under))
        else:
            high = self.bracketed(over[0], Level.PRODUCT) if len(over) == 1 else self.product(over)
            low = self.bracketed(under[0], Level.POWER) if len(under) == 1 else f"({self.product(under)})"
            shown = f"{high}{self.constants['slash']}{low}"
            shown = f"({shown})" if beside else shown
        return f"{shown} {self.product(beside)}" if beside else shown

    def product(self, factors: list[sp.Basic]) -> str:
        """Factors side by side, with a dot before a digit; sums and the like in brackets if they are not alone."""
        if len(factors) < 2:
            return str(self._print(factors[0])) if factors else "1"
        shown = ""
        if all(f.is_commutative for f in factors):
            factors = sorted(factors, key=lambda f: (is_open(f), type(f).__name__ == "Expect"))
        for position, factor in enumerate(factors):
            part = self.bracketed(factor, Level.PRODUCT)
            nested = factor.is_Mul or (is_open(factor) and position < len(factors) - 1)
            part = f"({part})" if nested and not part.startswith("(") else part
            shown += (f" {self.dot} " if part[0].isdigit() else " ") * (position > 0) + part
        return shown

    def _print_Pow(self, expr: sp.Pow) -> str:
        base, exponent = expr.base, expr.exp
        if exponent.is_Rational and expr.is_commutative:
            if exponent.is_negative:
                return self.quotient([], [sp.Pow(base, -exponent, evaluate=False) if exponent != -1 else base])
            if exponent.p == 1 and exponent.q > 1:
                return self._root(str(self._print(base)), str(exponent.q) if exponent.q > 2 else "")
        notation = named_function(type(base).__name__)
        if exponent.is_Integer and notation and bound_tightly(notation.typst):
            return self._apply(self._power(self._pick(notation), str(exponent)), base.args)
        shown = self.bracketed(base, Level.ATOM)
        return self._power(f"({shown})" if type(base).__name__ == "Expect" else shown, self.inline(exponent))

    # functions

    def _apply(self, name: str, arguments: Iterable[sp.Basic]) -> str:
        """A function applied to its arguments."""
        return f"{name}({', '.join(str(self._print(a)) for a in arguments)})"

    def _print_Function(self, expr: sp.Function) -> str:
        name = type(expr).__name__
        if isinstance(expr, AppliedUndef):
            return self._apply(self.name(name), expr.args)
        notation = named_function(name)
        return self._apply(self._pick(notation), expr.args) if notation else self.emptyPrinter(expr)

    _print_Application = _print_Function

    def _print_exp(self, expr: sp.Expr) -> str:
        return self._exponential(expr)
