"""Values of slot expressions at a parameter point: as numbers, on columns of draws, or as balls along a path.

Parameters and columns are matched to symbols by name, whatever the symbols' assumptions. A parameter stands for the
exact rational its double is. What does not involve a column is enclosed once, by `numerics.balls`; only the rest is
computed for every draw.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from typing import Any, TypeAlias

import flint
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from numerics.balls import enclose

Value: TypeAlias = float | int | str | sp.Expr
Floats = NDArray[np.float64]
BallFunction = Callable[[Mapping[str, Any]], Any]

_DIGITS = 30
_NOT_FINITE = (sp.nan, sp.zoo, sp.oo, -sp.oo)
_BITS = 128
"""Working precision along paths: products and sums of doubles stay exact, so that sides may touch."""


def exact(value: float | int | sp.Expr) -> sp.Expr:
    """Return the number as an exact expression.

    >>> exact(0.5), exact(3), exact(sp.Rational(1, 3))
    (1/2, 3, 1/3)
    """
    return value if isinstance(value, sp.Expr) else sp.Rational(value)


def names(expr: sp.Basic) -> set[str]:
    """Return the names of the free symbols."""
    return {str(symbol) for symbol in expr.free_symbols}


def constant(expr: sp.Expr, parameters: Mapping[str, Value]) -> Any:
    """Return a ball that holds the value of an expression without columns at a parameter point."""
    return _enclosed(_at(expr, parameters, ()))


def number(expr: sp.Expr, parameters: Mapping[str, Value]) -> float:
    """Return the value of an expression without columns at a parameter point, rounded to a double."""
    return float(constant(expr, parameters).mid())


def on_columns(expr: sp.Expr, parameters: Mapping[str, Value], columns: Mapping[str, Floats]) -> Floats:
    """Return the value for every draw: an array as long as the columns.

    Raises ValueError when a symbol names neither a parameter nor a column, or a value is not finite.
    """
    skeleton, constants = _skeleton(_at(expr, parameters, columns), frozenset(columns))
    used = sorted(names(skeleton) & set(columns))
    arguments = (*used, *constants)
    values = [*(columns[name] for name in used), *(float(ball.mid()) for ball in constants.values())]
    shape = np.broadcast_shapes(*(column.shape for column in columns.values()))
    try:
        with np.errstate(all="ignore"):
            result = np.broadcast_to(np.asarray(_vectorised(skeleton, arguments)(*values), dtype=float), shape)
    except (NameError, TypeError) as error:
        raise ValueError(f"cannot compute {expr} on columns: {error}") from error
    if not np.isfinite(result).all():
        raise ValueError(f"{expr} is not a finite number for draw {int(np.isfinite(result).argmin()) + 1}")
    return result


def on_balls(
    expr: sp.Expr, parameters: Mapping[str, Value], columns: Mapping[str, Floats], errors: Mapping[str, Floats]
) -> list[Any]:
    """Return balls that hold the value at every entry, given bounds on the absolute errors of the columns' entries."""
    skeleton, constants = _skeleton(_at(expr, parameters, columns), frozenset(columns))
    used = sorted(names(skeleton) & set(columns))
    if missing := [name for name in used if name not in errors]:
        raise ValueError(f"no bound on the error of the column {missing[0]!r}")
    function = _ball_function(skeleton)
    length = np.broadcast_shapes(*(column.shape for column in columns.values()))[0]
    balls = {name: [flint.arb(*pair) for pair in zip(columns[name], errors[name], strict=True)] for name in used}
    with flint.ctx.workprec(_BITS):
        return [function({**constants, **{name: balls[name][row] for name in used}}) for row in range(length)]


def on_ranges(
    expr: sp.Expr, parameters: Mapping[str, Value], columns: Mapping[str, Floats], errors: Mapping[str, Floats]
) -> tuple[Floats, Floats]:
    """Return a lower and an upper bound of the value for every draw, given bounds on the errors of some columns.

    The two are one array where no error enters, and infinite where the errors leave the value open.
    """
    if not names(expr) & set(errors):
        values = on_columns(expr, parameters, columns)
        return values, values
    exactly = {name: np.zeros_like(column) for name, column in columns.items()}
    balls = on_balls(expr, parameters, columns, {**exactly, **errors})
    ends = [(float(ball.lower()), float(ball.upper())) if ball.is_finite() else (-np.inf, np.inf) for ball in balls]
    low, high = np.array(ends).T
    return np.nextafter(low, -np.inf), np.nextafter(high, np.inf)


def _at(expr: sp.Expr, parameters: Mapping[str, Value], columns: Iterable[str]) -> sp.Expr:
    """Put the parameters in; raise ValueError for a symbol that names neither a parameter nor a column."""
    known = {name: value for name, value in parameters.items() if not isinstance(value, str)}
    if missing := names(expr) - set(known) - set(columns):
        raise ValueError(
            f"{sorted(missing)[0]!r} in {expr} is neither a parameter ({', '.join(sorted(known)) or 'there are none'}) "
            f"nor a column ({', '.join(sorted(columns)) or 'there are none'})"
        )
    of_columns = set(columns)
    point = {s: _column(str(s)) if str(s) in of_columns else exact(known[str(s)]) for s in expr.free_symbols}
    return expr.subs(point)


def _column(name: str) -> sp.Symbol:
    """The one symbol that stands for a column or a constant, whatever assumptions a statement makes about it."""
    return sp.Symbol(name, real=True)


@cache
def _enclosed(expr: sp.Expr) -> Any:
    ball = None if expr in _NOT_FINITE else enclose(expr, {}, digits=_DIGITS)
    if ball is None or not ball.is_finite():
        raise ValueError(f"{expr} has no finite value")
    return ball


def _skeleton(expr: sp.Expr, columns: frozenset[str]) -> tuple[sp.Expr, dict[str, Any]]:
    """Replace the largest parts without columns by symbols `_0`, `_1`, …; return the result and their balls."""
    constants: dict[str, Any] = {}

    def settle(part: sp.Expr) -> sp.Expr:
        if part.is_Rational:
            return part
        name = f"_{len(constants)}"
        constants[name] = _enclosed(part)
        return _column(name)

    def walk(part: sp.Basic) -> sp.Basic:
        if not names(part) & columns:
            return settle(part) if isinstance(part, sp.Expr) else part
        if part.is_Symbol or getattr(part, "bound_symbols", None):
            return part
        if isinstance(part, sp.Add | sp.Mul):
            moving = [arg for arg in part.args if names(arg) & columns]
            fixed = [arg for arg in part.args if not names(arg) & columns]
            return part.func(*([settle(part.func(*fixed))] if fixed else []), *map(walk, moving))
        return part.func(*map(walk, part.args))

    return walk(expr), constants


@cache
def _vectorised(skeleton: sp.Expr, arguments: tuple[str, ...]) -> Callable[..., Any]:
    return sp.lambdify([_column(name) for name in arguments], skeleton, ["scipy", "numpy"])


_BALL_FUNCTIONS: dict[type, Callable[..., Any]] = {
    sp.Add: lambda *args: sum(args[1:], args[0]),
    sp.Mul: lambda *args: reduce(lambda a, b: a * b, args),
    sp.Max: lambda *args: reduce(lambda a, b: a.max(b), args),
    sp.Min: lambda *args: reduce(lambda a, b: a.min(b), args),
    sp.Abs: abs,
    sp.exp: lambda a: a.exp(),
    sp.log: lambda a: a.log(),
    sp.sin: lambda a: a.sin(),
    sp.cos: lambda a: a.cos(),
    sp.cosh: lambda a: a.cosh(),
    sp.sinh: lambda a: a.sinh(),
    sp.tanh: lambda a: a.tanh(),
    sp.erf: lambda a: a.erf(),
}


@cache
def _ball_function(part: sp.Expr) -> BallFunction:
    """Compile an expression in columns and enclosed constants to a function of balls."""
    if part.is_Symbol:
        name = str(part)
        return lambda point: point[name]
    if part.is_Rational:
        value = flint.arb(flint.fmpq(int(part.p), int(part.q)))
        return lambda _: value
    if part.is_Pow:
        return _ball_power(part)
    if type(part) not in _BALL_FUNCTIONS:
        raise ValueError(f"cannot compute {type(part).__name__} of a measured quantity in ball arithmetic")
    function, inner = _BALL_FUNCTIONS[type(part)], [_ball_function(arg) for arg in part.args]
    return lambda point: function(*(argument(point) for argument in inner))


def _ball_power(part: sp.Expr) -> BallFunction:
    base, exponent = _ball_function(part.base), part.exp
    if exponent.is_Integer:
        power = int(exponent)
        return lambda point: base(point) ** power
    if exponent == sp.Rational(1, 2):
        return lambda point: base(point).sqrt()
    general = _ball_function(exponent)
    return lambda point: base(point) ** general(point)
