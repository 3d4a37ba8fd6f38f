"""Enclosures of SymPy expressions in ball arithmetic, at a point where every symbol has a value.

    enclose(sp.sqrt(2) * x, {x: sp.Rational(1, 2)}, digits=30)    # [0.707106781186547524400844362105 ± 1e-40]

What the evaluator knows: numbers, sums and products (`Sum`, `Product` with integer bounds), powers, the elementary
functions, erf and gamma, `Max`, `Min`, `Abs`, `Piecewise`, indexed families, and two kinds of foreign node:

- a node with a method `enclose_in(evaluate)` encloses itself, given the `Evaluator`;
- a node with a property `sides`, `(argument, below, above)`, equals `below` where the argument is negative, else
  `above`. It encloses as the hull of both where a ball leaves the sign of the argument open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq

from numerics import elementary as el
from numerics.elementary import Holomorphic, Value
from numerics.kinks import sides


def enclose(expr: sp.Expr, point: Mapping[Any, Any], *, digits: int = 30, max_digits: int = 240) -> arb:
    """Enclose a real expression at a point, to a radius of at most 10^-digits · max(1, |value|).

    `point` maps symbols to exact numbers (int, Fraction, SymPy rationals) or balls (`arb`), and an `IndexedBase` to
    a mapping from its index, or tuple of indices, to such numbers. A symbol that is not a key of the point itself
    takes the value of the key with the same name.

    The working precision starts at digits + 10 and doubles until the radius is small enough. At `max_digits`, or when
    balls in the point keep the radius from shrinking, the best ball found is returned: check its radius.
    Raises TypeError for a construct that has no enclosure and LookupError for a symbol without a value.
    """
    working = min(digits + 10, max_digits)
    best: arb | None = None
    while True:
        with flint.ctx.workdps(working):
            evaluate = Evaluator(point)
            ball = evaluate(sp.sympify(expr, strict=True))
            if isinstance(ball, Holomorphic):
                raise TypeError(f"{expr} is not real")
            radius = ball.rad()
            stuck = best is not None and not evaluate.is_exact and not 2 * radius < best.rad()
        if best is None or not best.is_finite() or radius < best.rad():
            best = ball
        if is_within(ball, digits) or stuck or working >= max_digits:
            return best
        working = min(2 * working, max_digits)


def is_within(ball: arb, digits: int) -> bool:
    """Whether a ball is finite and its radius at most 10^-digits · max(1, |value|)."""
    return bool(ball.is_finite() and ball.rad() <= arb(10) ** -digits * arb(1).max(abs(ball).upper()))


class Evaluator:
    """Encloses expressions at one point and the working precision in force (`flint.ctx`).

    Call it on an expression for an `arb` (or a `Holomorphic`, where a symbol is bound to one). `value` returns
    exact rationals unrounded, `integer` insists on an integer, and `bind` makes an evaluator in which more symbols
    have values, for bound variables.
    """

    def __init__(self, point: Mapping[Any, Any], parent: Evaluator | None = None) -> None:
        self._parent = parent
        self._values: dict[sp.Basic, Value] = {}
        self._families: dict[sp.Basic, dict[tuple[int, ...], Value]] = {}
        self._found: dict[sp.Basic, Value] = {}
        self._memo: dict[Any, Value] = {} if parent is None else parent._memo
        for key, value in point.items():
            if isinstance(key, sp.IndexedBase):
                self._families[key] = {_indices(i): number(entry) for i, entry in value.items()}
            elif isinstance(key, sp.Symbol):
                self._values[key] = number(value)
            else:
                raise TypeError(f"a point gives values to symbols and indexed families, not to {key!r}")

    @property
    def is_exact(self) -> bool:
        """Whether every value of the point is an exact rational."""
        own = [*self._values.values(), *(entry for family in self._families.values() for entry in family.values())]
        return all(isinstance(value, fmpq) for value in own) and (self._parent is None or self._parent.is_exact)

    def bind(self, values: Mapping[sp.Symbol, Any]) -> Evaluator:
        """An evaluator in which these symbols have these values, whatever they were before."""
        return Evaluator(values, self)

    def __call__(self, expr: sp.Expr) -> Value:
        """Enclose an expression."""
        value = self.value(expr)
        return arb(value) if isinstance(value, fmpq) else value

    def value(self, expr: sp.Expr) -> Value:
        """Enclose an expression, as an exact rational (`fmpq`) where it is known to be one."""
        found = self._found.get(expr)
        if found is None:
            if self._parent is not None and _free_symbols(expr).isdisjoint(self._values):
                found = self._parent.value(expr)
            else:
                found = self._rule(expr)(self, expr)
            self._found[expr] = found
        return found

    def integer(self, expr: sp.Expr) -> sp.Integer:
        """The integer an expression is; ValueError where it is not one, or not known to be one."""
        value = self.value(expr)
        if isinstance(value, arb):
            value = el.exact(value)
        if isinstance(value, fmpq) and value.q == 1:
            return sp.Integer(int(value.p))
        raise ValueError(f"{expr} must be an integer, and it is {value}")

    def exact(self, expr: sp.Expr) -> sp.Rational | None:
        """The rational to which SymPy's own evaluation reduces an expression at the exact values, if it does."""
        values = {symbol: self._lookup(symbol) for symbol in _free_symbols(expr) if isinstance(symbol, sp.Symbol)}
        reduced = expr.xreplace({s: sp.Rational(int(v.p), int(v.q)) for s, v in values.items() if isinstance(v, fmpq)})
        return reduced if reduced.is_Rational else None

    def once(self, key: tuple[Any, ...], inputs: Sequence[Value], compute: Callable[[], Value]) -> Value:
        """The value that `compute` makes of the inputs, computed once for the same key and the same inputs."""
        full = (*key, *map(_bits, inputs))
        if full not in self._memo:
            self._memo[full] = compute()
        return self._memo[full]

    def truth(self, condition: sp.Basic) -> bool | None:
        """Whether a relation, or a combination of relations, holds; None where the balls leave it open."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.Not):
            inner = self.truth(condition.args[0])
            return None if inner is None else not inner
        if isinstance(condition, (sp.And, sp.Or)):
            stops = isinstance(condition, sp.Or)
            parts = [self.truth(part) for part in condition.args]
            if stops in parts:
                return stops
            return None if None in parts else not stops
        if isinstance(condition, sp.core.relational.Relational):
            return _holds(type(condition), el.sign(self.value(condition.lhs) - self.value(condition.rhs)))
        raise TypeError(f"no enclosure is known for the condition {condition} ({type(condition).__name__})")

    def _lookup(self, symbol: sp.Symbol) -> Value | None:
        scope: Evaluator | None = self
        while scope is not None:
            if symbol in scope._values:
                return scope._values[symbol]
            root, scope = scope, scope._parent
        return _namesake(symbol, root._values)

    def _rule(self, expr: sp.Expr) -> Callable[[Evaluator, Any], Value]:
        for cls in type(expr).__mro__:
            if cls in _RULES:
                return _RULES[cls]
        if hasattr(expr, "enclose_in"):
            return _own_enclosure
        if sides(expr) is not None:
            return _two_sided
        kind = "function" if isinstance(expr, sp.core.function.AppliedUndef) else type(expr).__name__
        raise TypeError(f"no enclosure is known for {expr} ({kind})")

    def _symbol(self, expr: sp.Symbol) -> Value:
        value = self._lookup(expr)
        if value is None:
            raise LookupError(f"the symbol {expr} has no value at this point")
        return value

    def _indexed(self, expr: sp.Indexed) -> Value:
        indices = tuple(int(self.integer(index)) for index in expr.indices)
        root = self
        while root._parent is not None:
            root = root._parent
        family = _namesake(expr.base, root._families)
        if family is None or indices not in family:
            raise LookupError(f"{expr.base}[{', '.join(map(str, indices))}] has no value at this point")
        return family[indices]

    def _add(self, expr: sp.Add) -> Value:
        total: Value = fmpq(0)
        for arg in expr.args:
            total = total + self.value(arg)
        return el.trim(total)

    def _mul(self, expr: sp.Mul) -> Value:
        result: Value = fmpq(1)
        for arg in expr.args:
            result = el.times(result, self.value(arg))
        return el.trim(result)

    def _pow(self, expr: sp.Pow) -> Value:
        return el.power(self.value(expr.base), self.value(expr.exp))

    def _extremum(self, expr: sp.Expr) -> Value:
        """Max or Min, of two at a time."""
        largest = isinstance(expr, sp.Max)
        best, *rest = (self.value(arg) for arg in expr.args)
        for other in rest:
            above = el.sign(best - other)
            if above is not None:
                best = best if (above >= 0) == largest else other
            elif isinstance(best - other, Holomorphic):
                best = el.hull(best, other)
            else:
                best = el.real(best).max(el.real(other)) if largest else el.real(best).min(el.real(other))
        return best

    def _piecewise(self, expr: sp.Piecewise) -> Value:
        """The branch whose condition holds; the hull of the branches that may be it."""
        possible: Value | None = None
        for branch, condition in expr.args:
            holds = self.truth(condition)
            if holds is not False:
                value = self.value(branch)
                possible = value if possible is None else el.hull(possible, value)
            if holds:
                return possible
        return el.NAN

    def _sum(self, expr: sp.Sum) -> Value:
        return self._fold(expr.function, expr.limits, fmpq(0), lambda total, term: total + term)

    def _product(self, expr: sp.Product) -> Value:
        return self._fold(expr.function, expr.limits, fmpq(1), el.times)

    def _fold(
        self, body: sp.Expr, limits: tuple[Any, ...], start: Value, combine: Callable[[Value, Value], Value]
    ) -> Value:
        """Combine the body over its limits, the last of them outermost; an empty range leaves the start."""
        if not limits:
            return self.value(body)
        *inner, (index, low, high) = limits
        result = start
        for k in range(int(self.integer(low)), int(self.integer(high)) + 1):
            term = self.bind({index: k})._fold(body, tuple(inner), start, combine)
            result = el.trim(combine(result, term))
        return result


def number(value: Any) -> Value:
    """A value of a point as an exact rational, or as the ball it is."""
    if isinstance(value, (fmpq, arb, Holomorphic)):
        return value
    if isinstance(value, sp.Rational):
        return fmpq(int(value.p), int(value.q))
    if isinstance(value, (int, Fraction)):
        return fmpq(value.numerator, value.denominator)
    raise TypeError(f"{value!r} is neither an exact rational number nor a ball")


def _bits(value: Value) -> Any:
    """A key that is equal for identical numbers only."""
    return (value.mid().str(400, more=True), value.rad().str(30, more=True)) if isinstance(value, arb) else value


def _indices(index: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in (index if isinstance(index, (tuple, sp.Tuple)) else (index,)))


def _namesake(key: sp.Basic, table: Mapping[Any, Any]) -> Any:
    """The entry of the key itself, else of the only key with its name: assumptions may differ."""
    if key in table:
        return table[key]
    same = [entry for other, entry in table.items() if str(other) == str(key)]
    if len(same) > 1:
        raise LookupError(f"the point has several values under the name {key}")
    return same[0] if same else None


@lru_cache(maxsize=1 << 14)
def _free_symbols(expr: sp.Expr) -> frozenset[sp.Basic]:
    return frozenset(expr.free_symbols)


def _holds(relation: type[sp.Basic], sign: int | None) -> bool | None:
    """Whether a relation holds, from the sign of lhs - rhs."""
    if sign is None:
        return None
    true_for = {sp.Gt: (1,), sp.Ge: (0, 1), sp.Lt: (-1,), sp.Le: (-1, 0), sp.Eq: (0,), sp.Ne: (-1, 1)}
    return sign in true_for[relation]


def _own_enclosure(evaluate: Evaluator, expr: Any) -> Value:
    value = expr.enclose_in(evaluate)
    return value if isinstance(value, (arb, Holomorphic)) else number(value)


def _two_sided(evaluate: Evaluator, expr: sp.Expr) -> Value:
    split = sides(expr)
    assert split is not None
    sign = el.sign(evaluate.value(split.argument))
    if sign is None:
        return el.hull(evaluate.value(split.below), evaluate.value(split.above))
    return evaluate.value(split.below if sign < 0 else split.above)


def _constant(name: str) -> Callable[[Evaluator, Any], Value]:
    return lambda _, __: getattr(arb, name)()


def _function(f: Callable[[Value], Value]) -> Callable[[Evaluator, Any], Value]:
    return lambda evaluate, expr: f(evaluate.value(expr.args[0]))


def _method(name: str) -> Callable[[Evaluator, Any], Value]:
    return lambda evaluate, expr: el.apply(name, evaluate.value(expr.args[0]))


_RULES: dict[type, Callable[[Evaluator, Any], Value]] = {
    sp.Rational: lambda _, expr: number(expr),
    sp.Float: lambda _, expr: number(sp.Rational(expr)),  # the binary fraction that it is
    sp.Symbol: Evaluator._symbol,
    sp.Indexed: Evaluator._indexed,
    sp.Add: Evaluator._add,
    sp.Mul: Evaluator._mul,
    sp.Pow: Evaluator._pow,
    sp.Max: Evaluator._extremum,
    sp.Min: Evaluator._extremum,
    sp.Piecewise: Evaluator._piecewise,
    sp.Sum: Evaluator._sum,
    sp.Product: Evaluator._product,
    sp.core.numbers.Pi: _constant("pi"),
    sp.core.numbers.Exp1: _constant("const_e"),
    sp.core.numbers.EulerGamma: _constant("const_euler"),
    sp.acos: _function(el.acos),
    sp.asin: _function(el.asin),
    sp.atan: _function(el.atan),
    sp.log: _function(el.log),
    **{getattr(sp, name): _method(name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{getattr(sp, name): _method(name) for name in ("erf", "erfc", "gamma")},
    sp.factorial: lambda evaluate, expr: el.apply("gamma", evaluate.value(expr.args[0]) + 1),
}
