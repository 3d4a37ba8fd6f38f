"""Relations, logic, sets and tuples: the top of the printer that both dialects extend."""

from collections.abc import Sequence
from itertools import pairwise

import sympy as sp

from verify.typeset.arithmetic import UnprintableError
from verify.typeset.arrangement import Level
from verify.typeset.matrices import MatrixPrinter


class MathPrinter(MatrixPrinter):
    """Prints everything a statement may hold."""

    relations: dict[str, str]
    """SymPy's class name of a relation or a set operation to its sign."""
    braces: tuple[str, str] = ("{", "}")

    # relations and logic

    def _print_Relational(self, expr: sp.Rel) -> str:
        sign = self.relations[type(expr).__name__]
        sides = (f"({self._print(s)})" if self.level(s) < Level.SUM else str(self._print(s)) for s in expr.args)
        return f" {sign} ".join(sides)

    def _print_Contains(self, expr: sp.Contains) -> str:
        return f"{self._print(expr.args[0])} {self.constants['in']} {self._print(expr.args[1])}"

    def _connected(self, expr: sp.Basic, word: str) -> str:
        parts = sorted(expr.args, key=sp.default_sort_key)
        return self._words(word).join(
            f"({self._print(p)})" if p.args and p.is_Boolean and not p.is_Relational else str(self._print(p))
            for p in parts
        )

    def _print_And(self, expr: sp.And) -> str:
        return self._connected(expr, "and")

    def _print_Or(self, expr: sp.Or) -> str:
        return self._connected(expr, "or")

    def _print_Not(self, expr: sp.Not) -> str:
        return f"{self._words('not')}({self._print(expr.args[0])})"

    # sets

    def _braced(self, inner: str) -> str:
        return f"{self.braces[0]}{inner}{self.braces[1]}"

    def _print_Interval(self, expr: sp.Interval) -> str:
        if expr == sp.Interval(-sp.oo, sp.oo):
            return self.constants["Reals"]
        left, right = "(" if expr.left_open else "[", ")" if expr.right_open else "]"
        return f"{left}{self.inline(expr.start)}, {self.inline(expr.end)}{right}"

    def _print_FiniteSet(self, expr: sp.FiniteSet) -> str:
        numeric = all(e.is_number and e.is_extended_real for e in expr.args)
        members = sorted(expr.args, key=None if numeric else sp.default_sort_key)
        return self._braced(self._members(members))

    def _members(self, members: Sequence[sp.Basic]) -> str:
        run = len(members) > 4 and all(e.is_Integer for e in members) and all(b - a == 1 for a, b in pairwise(members))
        if run:
            return f"{members[0]}, {members[1]}, {self.constants['dots']}, {members[-1]}"
        return ", ".join(self.inline(e) for e in members)

    def _print_Range(self, expr: sp.Range) -> str:
        start, stop, step = expr.args
        if step == 1 and start.is_finite and stop.is_finite and not expr.size.is_Integer:
            return self._braced(", ".join([self.inline(start), self.constants["dots"], self.inline(stop - 1)]))
        ends = [start, start + step] if start.is_finite else []
        if not ends or (stop.is_finite and not expr.size.is_Integer):
            raise UnprintableError(f"no notation for the range {expr!r}")
        if stop.is_finite and expr.size <= 4:
            return self._braced(", ".join(self.inline(e) for e in expr))
        tail = [self.constants["dots"]] + ([self.inline(expr[-1])] if stop.is_finite else [])
        return self._braced(", ".join([*(self.inline(e) for e in ends), *tail]))

    def _print_named_set(self, expr: sp.Set) -> str:
        return self.constants[type(expr).__name__]

    _print_Naturals = _print_Naturals0 = _print_Integers = _print_Rationals = _print_Reals = _print_named_set
    _print_Complexes = _print_EmptySet = _print_named_set

    def _joined(self, expr: sp.Set) -> str:
        sign = self.relations[type(expr).__name__]
        compound = (sp.Union, sp.Intersection, sp.Complement, sp.ProductSet)
        parts = (
            sorted(expr.args, key=sp.default_sort_key) if isinstance(expr, sp.Union | sp.Intersection) else expr.args
        )
        return f" {sign} ".join(
            f"({self._print(p)})" if isinstance(p, compound) else str(self._print(p)) for p in parts
        )

    _print_Union = _print_Intersection = _print_Complement = _joined

    def _print_ProductSet(self, expr: sp.ProductSet) -> str:
        if len(expr.args) > 1 and len(set(expr.args)) == 1:
            return self._power(str(self._print(expr.args[0])), str(len(expr.args)))
        return self._joined(expr)

    def _print_ConditionSet(self, expr: sp.ConditionSet) -> str:
        inside = f"{self._print(expr.sym)} {self.constants['in']} {self._print(expr.base_set)}"
        return self._braced(f"{inside} {self.constants['such']} {self.inline(expr.condition)}")

    def _print_ImageSet(self, expr: sp.ImageSet) -> str:
        if len(expr.base_sets) != 1 or len(expr.lamda.variables) != 1:
            raise UnprintableError(f"no notation for an image of several sets: {expr!r}")
        inside = f"{self._print(expr.lamda.variables[0])} {self.constants['in']} {self._print(expr.base_set)}"
        return self._braced(f"{self.inline(expr.lamda.expr)} {self.constants['such']} {inside}")

    # tuples

    def _print_Tuple(self, expr: sp.Tuple) -> str:
        return f"({', '.join(str(self._print(e)) for e in expr)})"

    # functions with a notation of their own

    def _print_factorial(self, expr: sp.Expr) -> str:
        return f"{self.bracketed(expr.args[0], Level.ATOM)}!"

    def _print_factorial2(self, expr: sp.Expr) -> str:
        return f"{self.bracketed(expr.args[0], Level.ATOM)}!!"

    def _print_KroneckerDelta(self, expr: sp.Expr) -> str:
        return self._sub(self.constants["delta"], ", ".join(self.inline(a) for a in expr.args))

    def _print_fenced(self, expr: sp.Expr) -> str:
        return self._fenced(type(expr).__name__, str(self._print(expr.args[0])))

    _print_Abs = _print_floor = _print_ceiling = _print_fenced

    def _print_binomial(self, expr: sp.Expr) -> str:
        return self._binomial(*(self.inline(a) for a in expr.args))

    def _print_gegenbauer(self, expr: sp.Expr) -> str:
        degree, order, argument = expr.args
        return self._apply(self._power(self._sub("C", self.inline(degree)), f"({self.inline(order)})"), [argument])

    def _family(self, expr: sp.Expr) -> str:
        index, *arguments = expr.args
        return self._apply(self._sub(self.constants[type(expr).__name__], self.inline(index)), arguments)

    _print_besselj = _print_besseli = _print_legendre = _print_hermite = _print_chebyshevt = _family

    def _print_Mod(self, expr: sp.Mod) -> str:
        a, b = (self.bracketed(x, Level.POWER) for x in expr.args)
        return f"{a}{self._words('mod')}{b}"
