"""The printer's core: names, numbers, sums, products, quotients, powers and functions, bracketed only where needed.

Two dialects share it, Typst and plain text; a dialect supplies the marks (`fraction`, `power`, `sub`, …).
Whatever has no method here is an error that names it: nothing is ever dropped or guessed.
"""

from abc import abstractmethod
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.printer import Printer

from verify.quantities import NOTATION, Notation
from verify.typeset.names import FUNCTIONS, bound_tightly, named


class Unprintable(TypeError):
    """A slot holds something that has no notation."""


class Level(IntEnum):
    """How tightly a printed expression holds together, loosest first."""

    RELATION = 0
    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


OPEN = ("Sum", "Product", "Integral", "Limit", "Derivative", "Piecewise")
"""Constructs that reach as far to the right as the reader lets them: nothing may follow them without brackets."""
_LEVELS = {
    "Add": Level.SUM,
    "MatAdd": Level.SUM,
    "Mul": Level.PRODUCT,
    "MatMul": Level.PRODUCT,
    "HadamardProduct": Level.PRODUCT,
    "Mod": Level.PRODUCT,
    **dict.fromkeys(OPEN, Level.PRODUCT),
    **dict.fromkeys(("Pow", "exp", "MatPow", "Transpose", "Inverse", "factorial", "factorial2"), Level.POWER),
    **dict.fromkeys(("Relational", "BooleanFunction", "Contains", "Set"), Level.RELATION),
}


def named_function(name: str) -> Notation | None:
    """The notation of SymPy's (or our own) function class called `name`, if it has one."""
    return NOTATION.get(name) or FUNCTIONS.get(name)


def ordered_terms(expr: sp.Add) -> list[sp.Basic]:
    """The terms of a sum in the order they are read: a positive one first, sums and other open constructs last.

    >>> x = sp.Symbol("x")
    >>> ordered_terms(x**2 - 1), ordered_terms(1 - x**2)
    ([x**2, -1], [1, -x**2])
    """
    terms = expr.as_ordered_terms() if expr.is_Add else list(expr.args)
    terms = sorted(terms, key=is_open)
    first = next((t for t in terms if not t.could_extract_minus_sign()), None)
    if first is not None and not is_open(first):
        terms.remove(first)
        terms.insert(0, first)
    return terms


def simplest_roots(over: list[sp.Basic], under: list[sp.Basic]) -> tuple[list[sp.Basic], list[sp.Basic]]:
    """Undo the normal form of square roots of integers: √2/2 is 1/√2, and √2·√x is √(2x).

    >>> x = sp.Symbol("x")
    >>> simplest_roots([sp.sqrt(2), x], [sp.Integer(4), sp.sqrt(sp.pi)])
    ([x], [2, sqrt(2*pi)])
    """
    rational = next((f for f in over if _root_of_integer(f)), None)
    if rational is None:
        return over, under
    divisor = next((f for f in under if f.is_Integer and f % rational.base == 0), None)
    if divisor is None:
        return _merge_root(over, rational), under
    rest = [f for f in over if f is not rational]
    quotient = divisor / rational.base
    low = [quotient if f is divisor else f for f in under if f is not divisor or quotient != 1]
    return rest, _merge_root([*low, rational], rational)


def _root_of_integer(expr: sp.Basic) -> bool:
    return bool(expr.is_Pow and expr.exp == sp.S.Half and expr.base.is_Integer and expr.base.is_positive)


def _merge_root(factors: list[sp.Basic], rational: sp.Pow) -> list[sp.Basic]:
    other = next((f for f in factors if f.is_Pow and f.exp == sp.S.Half and f is not rational), None)
    if other is None:
        return factors
    inside = sp.Mul(rational.base, *sp.Mul.make_args(other.base), evaluate=False)
    merged = sp.Pow(inside, sp.S.Half, evaluate=False)
    return [merged if f is other else f for f in factors if f is not rational]


def is_open(expr: sp.Basic) -> bool:
    """Whether the print of `expr` ends in a construct that would swallow what follows it."""
    parts = expr.args if expr.is_Mul else (expr,)
    return any(type(part).__name__ in OPEN for part in parts)


class ArithmeticPrinter(Printer):  # type: ignore[misc]
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
    def pick(self, notation: Notation) -> str:
        """The print of a notation in this dialect."""

    @abstractmethod
    def fraction(self, over: str, under: str) -> str:
        """A fraction with a bar; only called where `stacked`."""

    @abstractmethod
    def root(self, inner: str, degree: str) -> str:
        """The root of the given degree ("" for a square root)."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """A superscript."""

    @abstractmethod
    def sub(self, base: str, index: str) -> str:
        """A subscript."""

    @abstractmethod
    def exponential(self, expr: sp.Expr) -> str:
        """The exponential function of the argument of `expr`."""

    def emptyPrinter(self, expr: Any) -> str:
        raise Unprintable(f"no notation for {type(expr).__name__}: {expr!r}")

    _print_Basic = _print_Atom = emptyPrinter

    # names and numbers

    def name(self, name: str, key: object = None) -> str:
        """Print a name, and refuse two different names that look alike."""
        shown = self.pick(named(name))
        if self._printed.setdefault(shown, key or name) != (key or name):
            raise Unprintable(f"two different symbols are both printed {shown!r}; register a notation for {name!r}")
        return shown

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return self._bound.get(expr) or self.name(expr.name)

    def _print_Dummy(self, expr: sp.Dummy) -> str:
        return self._bound.get(expr) or self.name(expr.name, expr)

    def _print_IndexedBase(self, expr: sp.IndexedBase) -> str:
        return self.name(str(expr.label))

    def _print_Indexed(self, expr: sp.Indexed) -> str:
        return self.sub(self._print(expr.base), ", ".join(self.inline(i) for i in expr.indices))

    def _print_NumberSymbol(self, expr: sp.Basic) -> str:
        name = type(expr).__name__
        return self.constants[name] if name in self.constants else self.emptyPrinter(expr)

    _print_Infinity = _print_NegativeInfinity = _print_ImaginaryUnit = _print_NumberSymbol
    _print_BooleanTrue = _print_BooleanFalse = _print_NumberSymbol

    def _print_Integer(self, expr: sp.Integer) -> str:
        return f"{self.minus if expr.p < 0 else ''}{abs(expr.p)}"

    def _print_Rational(self, expr: sp.Rational) -> str:
        value = self.quotient([sp.Integer(abs(expr.p))], [sp.Integer(expr.q)])
        return (self.minus if expr.p < 0 else "") + value

    def _print_Float(self, expr: sp.Float) -> str:
        digits, _, exponent = sp.sstr(expr, full_prec=False).replace("-", self.minus).partition("e")
        if not exponent:
            return digits
        return f"{digits} {self.constants['times']} {self.power('10', exponent.removeprefix('+'))}"

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
            return Level.SUM if loose else Level.PRODUCT if expr.is_Rational and not expr.is_Integer else Level.ATOM
        if expr.is_Pow and expr.exp.is_Rational and expr.exp.is_negative and expr.is_commutative:
            return Level.PRODUCT
        if isinstance(expr, sp.Symbol | sp.IndexedBase):
            return Level.ATOM if bound_tightly(named(str(expr)).typst) else Level.SUM
        if " " in getattr(named_function(type(expr).__name__), "typst", ""):
            return Level.SUM
        names = [cls.__name__ for cls in type(expr).__mro__]
        return next((_LEVELS[name] for name in names if name in _LEVELS), Level.ATOM)

    def bracketed(self, expr: sp.Basic, least: Level) -> str:
        """Print `expr`, in brackets if it holds less tightly than `least`."""
        shown = str(self._print(expr))
        return f"({shown})" if self.level(expr) < least or shown.startswith(self.minus) else shown

    # sums, products, powers

    def _print_Add(self, expr: sp.Add) -> str:
        shown = ""
        terms = self._as_ordered_terms(expr)
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

    _print_MatAdd = _print_Add

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list[sp.Basic]:
        return ordered_terms(expr)

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
        shown = self.quotient(*simplest_roots(over, under))
        if negative:
            return self.minus + (f"({shown})" if shown.startswith(self.minus) else shown)
        return shown

    _print_MatMul = _print_Mul

    def quotient(self, over: list[sp.Basic], under: list[sp.Basic]) -> str:
        """The product of `over` divided by that of `under`, long factors set beside the fraction, not on it."""
        if not under:
            return self.product(over)
        stack = self.stacked and not self._script
        beside = [f for f in over if is_open(f) or (stack and type(f).__name__ == "Expect")]
        over = [f for f in over if f not in beside]
        if stack:
            shown = self.fraction(self.product(over), self.product(under))
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
                return self.root(str(self._print(base)), str(exponent.q) if exponent.q > 2 else "")
        notation = named_function(type(base).__name__)
        if exponent.is_Integer and notation and bound_tightly(notation.typst):
            return self.apply(self.power(self.pick(notation), str(exponent)), base.args)
        shown = self.bracketed(base, Level.ATOM)
        return self.power(f"({shown})" if type(base).__name__ == "Expect" else shown, self.inline(exponent))

    # functions

    def apply(self, name: str, arguments: Iterable[sp.Basic]) -> str:
        """A function applied to its arguments."""
        return f"{name}({', '.join(str(self._print(a)) for a in arguments)})"

    def _print_Function(self, expr: sp.Function) -> str:
        name = type(expr).__name__
        if isinstance(expr, AppliedUndef):
            return self.apply(self.name(name), expr.args)
        notation = named_function(name)
        return self.apply(self.pick(notation), expr.args) if notation else self.emptyPrinter(expr)

    _print_Application = _print_Function

    def _print_exp(self, expr: sp.Expr) -> str:
        return self.exponential(expr)
