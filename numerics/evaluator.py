"""The evaluator: an expression's value at a point, with scopes for bound variables and nothing computed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, fmpq

from numerics import elementary as el
from numerics.elementary import Holomorphic, Value
from numerics.matrices import Grid, grid, shape, sizes
from numerics.rules import rule


class Evaluator:
    """Encloses expressions at one point and the working precision in force (`flint.ctx`).

    Call it on an expression for an `arb` (or a `Holomorphic`, where a symbol is bound to one). `value` returns
    exact rationals unrounded, `integer` insists on an integer, and `bind` makes an evaluator in which more symbols
    have values, for bound variables. A symbol is looked up as an object in the innermost scope that has it, then
    by its name among the symbols of the point: two symbols of one name may differ in their assumptions.
    """

    def __init__(self, point: Mapping[Any, Any], parent: Evaluator | None = None) -> None:
        self._parent = parent
        self._root: Evaluator = self if parent is None else parent._root
        self._values: dict[sp.Basic, Value] = {}
        self._families: dict[sp.Basic, dict[tuple[int, ...], Value]] = {}
        self._matrices: dict[sp.Basic, Grid] = {}
        self._found: dict[sp.Basic, Value] = {}
        self._memo: dict[Any, Value] = {} if parent is None else parent._memo
        for key, value in point.items():
            if isinstance(key, sp.IndexedBase):
                self._families[key] = {_indices(i): number(entry) for i, entry in value.items()}
            elif isinstance(key, sp.Symbol):
                self._values[key] = number(value)
            elif isinstance(key, sp.MatrixSymbol):
                self._matrices[key] = tuple(tuple(number(entry) for entry in row) for row in value.tolist())
            else:
                raise TypeError(f"a point gives values to symbols, indexed families and matrices, not to {key!r}")

    @property
    def is_exact(self) -> bool:
        """Whether every value of the point is an exact rational."""
        root = self._root
        families = (entry for family in root._families.values() for entry in family.values())
        entries = (entry for matrix in root._matrices.values() for row in matrix for entry in row)
        own = [*root._values.values(), *families, *entries]
        return all(isinstance(value, fmpq) for value in own)

    def bind(self, values: Mapping[sp.Symbol, Any]) -> Evaluator:
        """Return an evaluator in which these symbols have these values, whatever they were before."""
        return Evaluator(values, self)

    def __call__(self, expr: sp.Expr) -> Value:
        """Enclose an expression in a ball."""
        value = self.value(expr)
        return arb(value) if isinstance(value, fmpq) else value

    def value(self, expr: sp.Expr) -> Value:
        """Enclose an expression, as an exact rational (`fmpq`) where it is known to be one."""
        found = self._found.get(expr)
        if found is None:
            if self._parent is not None and _free_symbols(expr).isdisjoint(self._values):
                found = self._parent.value(expr)
            else:
                found = rule(expr)(self, expr)
            self._found[expr] = found
        return found

    def matrix(self, expr: sp.MatrixExpr) -> Grid:
        """Enclose a matrix expression, entry by entry, as exact rationals where they are known to be."""
        found = self._found.get(expr)
        if found is None:
            found = self._found[expr] = grid(expr, self)
        return found

    def given(self, symbol: sp.MatrixSymbol) -> Grid:
        """Return the matrix a symbol stands for; LookupError if it has none, ValueError if its shape is another."""
        found: Grid | None = _namesake(symbol, self._root._matrices)
        if found is None:
            raise LookupError(f"the matrix {symbol} has no value at this point")
        if shape(found) != sizes(symbol, self):
            raise ValueError(f"the matrix {symbol} has shape {shape(found)} at this point, not {sizes(symbol, self)}")
        return found

    def integer(self, expr: sp.Expr) -> sp.Integer:
        """Return the integer an expression is; ValueError where it is not one, or not known to be one."""
        value = self.value(expr)
        if isinstance(value, arb):
            value = el.exact(value)
        if isinstance(value, fmpq) and value.q == 1:
            return sp.Integer(int(value.p))
        raise ValueError(f"{expr} must be an integer, and it is {value}")

    def exact(self, expr: sp.Expr) -> sp.Rational | None:
        """Return the rational to which SymPy reduces an expression at the exact values, without effort, if it does."""
        values = {symbol: self._lookup(symbol) for symbol in _free_symbols(expr) if isinstance(symbol, sp.Symbol)}
        reduced = expr.xreplace({s: sp.Rational(int(v.p), int(v.q)) for s, v in values.items() if isinstance(v, fmpq)})
        return reduced if reduced.is_Rational else None

    def once(self, key: tuple[Any, ...], inputs: Sequence[Value], compute: Callable[[], Value]) -> Value:
        """Return the value that `compute` makes of the inputs, computed once for the same key and the same inputs.

        For values that cost much, such as an expectation that a recursion meets again and again.
        """
        full = (*key, *map(_bits, inputs))
        if full not in self._memo:
            self._memo[full] = compute()
        return self._memo[full]

    def symbol(self, symbol: sp.Symbol) -> Value:
        """Return the value of a symbol; LookupError if it has none."""
        value = self._lookup(symbol)
        if value is None:
            raise LookupError(f"the symbol {symbol} has no value at this point")
        return value

    def entry(self, base: sp.IndexedBase, indices: Sequence[sp.Expr]) -> Value:
        """Return an entry of an indexed family; LookupError if it has no value."""
        place = tuple(int(self.integer(index)) for index in indices)
        family = _namesake(base, self._root._families)
        if family is None or place not in family:
            raise LookupError(f"{base}[{', '.join(map(str, place))}] has no value at this point")
        return family[place]

    def _lookup(self, symbol: sp.Symbol) -> Value | None:
        scope: Evaluator | None = self
        while scope is not None:
            if symbol in scope._values:
                return scope._values[symbol]
            scope = scope._parent
        return _namesake(symbol, self._root._values)


def number(value: Any) -> Value:
    """Return a number as an exact rational, or as the ball it is."""
    if isinstance(value, (fmpq, arb, Holomorphic)):
        return value
    if isinstance(value, (int, Fraction, sp.Rational)):
        return fmpq(int(value.numerator), int(value.denominator))
    raise TypeError(f"{value!r} is neither an exact rational number nor a ball")


def _indices(index: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in (index if isinstance(index, (tuple, sp.Tuple)) else (index,)))


def _namesake(key: sp.Basic, table: Mapping[Any, Any]) -> Any:
    """The entry of the key itself, else of the only key with its name; None if there is none."""
    if key in table:
        return table[key]
    same = [entry for other, entry in table.items() if str(other) == str(key)]
    if len(same) > 1:
        raise LookupError(f"the point has several values under the name {key}")
    return same[0] if same else None


def _bits(value: Value) -> Any:
    """A key that is equal for identical numbers only."""
    if isinstance(value, arb) and value.is_finite():
        return tuple(part for end in (value.mid(), value.rad()) for part in map(int, end.man_exp()))
    return value if isinstance(value, fmpq) else object()


@lru_cache(maxsize=1 << 14)
def _free_symbols(expr: sp.Expr) -> frozenset[sp.Basic]:
    """The free symbols, those in the indices of what a derivative is taken by among them: SymPy leaves them out."""
    by = (variable for slope in expr.atoms(sp.Derivative) for variable in slope.variables)
    return frozenset(expr.free_symbols).union(*(variable.free_symbols for variable in by))
