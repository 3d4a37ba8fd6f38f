"""The Typst dialect: what the reports are set from."""

import re
from collections.abc import Iterable

import sympy as sp

from verify.quantities import Notation
from verify.typeset.names import typst_group
from verify.typeset.sets import MathPrinter

_FENCES = {"Abs": "abs({})", "floor": "floor({})", "ceiling": "ceil({})", "Expect": " [{}]"}


class TypstPrinter(MathPrinter):
    """Prints Typst mathematics.

    >>> x, n = sp.symbols("x n")
    >>> TypstPrinter().doprint((1 - x) ** 2 / (2 * sp.sqrt(n)))
    'frac((1 - x)^2, 2 sqrt(n))'
    """

    printmethod = "_typst"
    minus = "-"
    dot = "dot.op"
    stacked = True
    constants = {  # noqa: RUF012 - typed by the base class
        "Pi": "pi",
        "Exp1": "upright(e)",
        "EulerGamma": "gamma",
        "ImaginaryUnit": "upright(i)",
        "Infinity": "infinity",
        "NegativeInfinity": "-infinity",
        "BooleanTrue": '"true"',
        "BooleanFalse": '"false"',
        "times": "times",
        "slash": "\\/",
        "d": "dif ",
        "partial": "partial ",
        "to": "->",
        "distributed": "tilde.op",
        "normal": "cal(N)",
        "E": "bb(E)",
        "prime": "'",
        "in": "in",
        "such": "divides",
        "dots": "dots",
        "Reals": "bb(R)",
        "Naturals": "bb(N)",
        "Naturals0": "bb(N)_0",
        "Integers": "bb(Z)",
        "Rationals": "bb(Q)",
        "Complexes": "bb(C)",
        "EmptySet": "emptyset",
        "Identity": "I",
        "transpose": "top",
        "trace": 'op("tr")',
        "det": "det",
        "rank": 'op("rank")',
        "ones": "bold(1)",
        "kronecker": "times.o",
        "hadamard": "dot.o",
        "max": "max",
        "min": "min",
        "delta": "delta",
        "besselj": "J",
        "besseli": "I",
        "legendre": "P",
        "hermite": "H",
        "chebyshevt": "T",
    }
    relations = {  # noqa: RUF012
        "Equality": "=",
        "Unequality": "!=",
        "LessThan": "<=",
        "StrictLessThan": "<",
        "GreaterThan": ">=",
        "StrictGreaterThan": ">",
        "Union": "union",
        "Intersection": "inter",
        "Complement": "without",
        "ProductSet": "times",
    }

    def _pick(self, notation: Notation) -> str:
        return notation.typst

    def _fraction(self, over: str, under: str) -> str:
        return f"frac({over}, {under})"

    def _root(self, inner: str, degree: str) -> str:
        return f"root({degree}, {inner})" if degree else f"sqrt({inner})"

    def _power(self, base: str, exponent: str) -> str:
        return f"{base}^{typst_group(exponent)}"

    def _sub(self, base: str, index: str) -> str:
        if subscript := re.search(r"_(\w+|\([^()]*\)|\"[^\"]*\")$", base):
            first = subscript[1].removeprefix("(").removesuffix(")")
            return f"{base[: subscript.start()]}_({first}, {index})"
        return f"{base}_{typst_group(index)}"

    def _apply(self, name: str, arguments: Iterable[sp.Basic]) -> str:
        # A space keeps Typst from reading `_L(x)` as a script that holds a call.
        space = " " if re.search(r"[_^]\w+$", name) else ""
        return f"{name}{space}({', '.join(str(self._print(a)) for a in arguments)})"

    def _exponential(self, expr: sp.Expr) -> str:
        argument = expr.args[0]
        if argument.has(sp.Sum, sp.Product, sp.Integral, sp.Piecewise) or argument.count_ops() > 12:
            return f"exp({self._print(argument)})"
        return self._power("upright(e)", self.inline(argument))

    def _big(self, operator: str, lower: str, upper: str) -> str:
        shown = operator + (f"_({lower})" if lower else "")
        return shown + (f"^{typst_group(upper)}" if upper else "")

    def _cases(self, rows: list[tuple[str, str]]) -> str:
        lines = (f'{value} & "if" {condition}' if condition else f'{value} & "otherwise"' for value, condition in rows)
        return f"cases({', '.join(lines)})"

    def _matrix(self, rows: list[list[str]]) -> str:
        return f"mat({'; '.join(', '.join(row) for row in rows)})"

    def _small_matrix(self, rows: list[list[str]]) -> str:
        return f"inline({self._matrix(rows)})"

    def _length(self, inner: str) -> str:
        return f"norm({inner})"

    def _words(self, text: str) -> str:
        return f' "{text}" '

    def _fenced(self, kind: str, inner: str) -> str:
        return _FENCES[kind].format(inner)

    def _binomial(self, n: str, k: str) -> str:
        return f"binom({n}, {k})"
