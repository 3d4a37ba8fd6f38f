"""The plain-text dialect: one line of Unicode for terminals, test logs and screen readers."""

import re

import sympy as sp

from verify.quantities import Notation
from verify.typeset.names import text_sub, text_sup
from verify.typeset.sets import MathPrinter

_BIG = {"sum": "∑", "product": "∏", "integral": "∫", "lim": "lim"}
_ROOTS = {"": "√", "3": "∛", "4": "∜"}
_FENCES = {"Abs": ("|", "|"), "floor": ("⌊", "⌋"), "ceiling": ("⌈", "⌉"), "Expect": ("[", "]")}


class TextPrinter(MathPrinter):
    """Prints one line of Unicode.

    >>> x, n = sp.symbols("x n")
    >>> TextPrinter().doprint((1 - x) ** 2 / (2 * sp.sqrt(n)))
    '(1 − x)²/(2 √n)'
    """

    printmethod = "_text"
    minus = "−"
    dot = "·"
    stacked = False
    constants = {  # noqa: RUF012 - typed by the base class
        "Pi": "π",
        "Exp1": "e",
        "EulerGamma": "γ",
        "ImaginaryUnit": "i",
        "Infinity": "∞",
        "NegativeInfinity": "−∞",
        "BooleanTrue": "true",
        "BooleanFalse": "false",
        "times": "×",
        "slash": "/",
        "d": "d",
        "partial": "∂",
        "to": "→",
        "distributed": "~",
        "normal": "N",
        "E": "E",
        "prime": "′",
        "in": "∈",
        "such": "|",
        "dots": "…",
        "Reals": "ℝ",
        "Naturals": "ℕ",
        "Naturals0": "ℕ₀",
        "Integers": "ℤ",
        "Rationals": "ℚ",
        "Complexes": "ℂ",
        "EmptySet": "∅",
        "Identity": "I",
        "transpose": "⊤",
        "trace": "tr",
        "det": "det",
        "rank": "rank",
        "ones": "𝟏",
        "kronecker": "⊗",
        "hadamard": "⊙",
        "max": "max",
        "min": "min",
        "delta": "δ",
        "besselj": "J",
        "besseli": "I",
        "legendre": "P",
        "hermite": "H",
        "chebyshevt": "T",
    }
    relations = {  # noqa: RUF012
        "Equality": "=",
        "Unequality": "≠",
        "LessThan": "≤",
        "StrictLessThan": "<",
        "GreaterThan": "≥",
        "StrictGreaterThan": ">",
        "Union": "∪",
        "Intersection": "∩",
        "Complement": "∖",
        "ProductSet": "×",
    }

    def _pick(self, notation: Notation) -> str:
        return notation.text

    def _fraction(self, over: str, under: str) -> str:
        raise NotImplementedError("plain text has no stacked fractions")

    def _root(self, inner: str, degree: str) -> str:
        if degree not in _ROOTS:
            return f"({inner})^(1/{degree})"
        return _ROOTS[degree] + (inner if re.fullmatch(r"[0-9]+|[^\W\d_]", inner) else f"({inner})")

    def _power(self, base: str, exponent: str) -> str:
        return base + text_sup(exponent)

    def _sub(self, base: str, index: str) -> str:
        if re.search(r"[₀-₎ₐ-ₜᵢ-ᵪⱼ]$|_\w+$|\]$", base):
            return f"{base}[{index}]"
        return base + text_sub(index)

    def _exponential(self, expr: sp.Expr) -> str:
        return self._apply("exp", expr.args)

    def _big(self, operator: str, lower: str, upper: str) -> str:
        return _BIG[operator] + (text_sub(lower) if lower else "") + (text_sup(upper) if upper else "")

    def _cases(self, rows: list[tuple[str, str]]) -> str:
        lines = (f"{value} if {condition}" if condition else f"{value} otherwise" for value, condition in rows)
        return f"{{{'; '.join(lines)}}}"

    def _matrix(self, rows: list[list[str]]) -> str:
        return "[" + ", ".join(f"[{', '.join(row)}]" for row in rows) + "]"

    def _length(self, inner: str) -> str:
        return f"‖{inner}‖"

    def _words(self, text: str) -> str:
        return f" {text} "

    def _fenced(self, kind: str, inner: str) -> str:
        left, right = _FENCES[kind]
        return f"abs({inner})" if kind == "Abs" and left in inner else f"{left}{inner}{right}"

    def _binomial(self, n: str, k: str) -> str:
        return f"C({n}, {k})"
