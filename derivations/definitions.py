"""Definitions put in, and equations used to replace: for whatever arguments a function of symbols is used with."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef

Definitions: TypeAlias = Sequence[tuple[sp.Expr, sp.Expr]]
"""Pairs `(name, meaning)`. A name is a symbol, another expression, or a function of symbols, defined everywhere."""
Meaning: TypeAlias = Mapping[type[sp.Function], sp.Lambda]
"""What the function names in a step stand for: put in before anything is reduced, so that a step stays readable."""


def put_in(expr: sp.Expr, definitions: Definitions) -> sp.Expr:
    """Return `expr` with the names defined replaced by their meanings, first to last, until none is left.

    A function of symbols, `r(i, t)`, is defined for whatever arguments it is used with; among them may be families of
    numbers, `f(i, W)`. Raises ValueError where an argument holds a symbol that its meaning uses as an index.

    >>> r, i, n = sp.Function("r"), sp.Symbol("i"), sp.Symbol("n")
    >>> put_in(r(3) + sp.Sum(r(n), (n, 1, 2)), [(r(i), i**2)])
    Sum(n**2, (n, 1, 2)) + 9
    """
    return _put_in(expr, tuple(definitions)) if definitions else expr


@lru_cache(maxsize=8192, typed=True)
def _put_in(expr: sp.Expr, definitions: tuple[tuple[sp.Expr, sp.Expr], ...]) -> sp.Expr:
    functions = [(name, meaning) for name, meaning in definitions if _is_function_of_symbols(name)]
    matrices = {name: meaning for name, meaning in definitions if isinstance(name, sp.MatrixExpr)}
    names = {n: m for n, m in definitions if (n, m) not in functions and n not in matrices}
    for _ in definitions:
        before = expr
        for name, meaning in functions:
            expr = expr.replace(name.func, partial(_applied, name, meaning))
        expr = expr.xreplace(matrices).subs(names, simultaneous=True)
        if expr == before:
            break
    return expr


def replace_every(expr: sp.Expr, lhs: sp.Expr, rhs: sp.Expr, every: Sequence[sp.Symbol] = ()) -> sp.Expr:
    """Return `expr` with `lhs` replaced by `rhs`, for all values of the symbols `every` that are arguments of `lhs`.

    >>> f, x, y = sp.Function("f"), sp.Symbol("x", real=True), sp.Symbol("y", real=True)
    >>> replace_every(f(y) + f(2), f(x), x**2, [x])
    y**2 + 4
    """
    at = [position for position, argument in enumerate(lhs.args) if argument in every]
    if not at:
        return expr.xreplace({lhs: rhs})

    def matches(e: sp.Basic) -> bool:
        return e.func == lhs.func and all(
            position in at or argument == e.args[position] for position, argument in enumerate(lhs.args)
        )

    return expr.replace(
        matches, lambda e: rhs.subs({lhs.args[position]: e.args[position] for position in at}, simultaneous=True)
    )


def define(expr: sp.Expr, meaning: Meaning | None) -> sp.Expr:
    """Put in what the function names stand for, and carry out the derivatives of what came in."""
    for name, formula in (meaning or {}).items():
        expr = expr.replace(name, formula)
    return expr.replace(sp.Derivative, lambda *args: sp.Derivative(*args).doit(deep=False)) if meaning else expr


def _is_function_of_symbols(name: sp.Expr) -> bool:
    """Whether a name is a function of symbols, families of numbers among its other arguments: f(i, a, W)."""
    arguments = name.args if isinstance(name, AppliedUndef) else ()
    named = all(isinstance(argument, sp.Symbol | sp.IndexedBase) for argument in arguments)
    return named and any(isinstance(argument, sp.Symbol) for argument in arguments)


def _applied(name: sp.Expr, meaning: sp.Expr, *arguments: sp.Expr) -> sp.Expr:
    """The meaning of a function at other arguments."""
    given = {symbol: argument for symbol, argument in zip(name.args, arguments, strict=True) if symbol != argument}
    meaning = meaning.xreplace({base: given.pop(base) for base in list(given) if isinstance(base, sp.IndexedBase)})
    bound = {limit[0] for node in meaning.atoms(sp.Sum, sp.Product, sp.Integral) for limit in node.limits}
    if any(argument.free_symbols & bound for argument in given.values()):
        raise ValueError(f"{name.func(*arguments)} has an index of its meaning {meaning} among its arguments")
    return meaning.subs(given, simultaneous=True)
