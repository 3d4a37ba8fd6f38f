"""How an expression is arranged before it is printed: what binds how tightly, and in which order it is read."""

from enum import IntEnum

import sympy as sp

OPEN = ("Sum", "Product", "Integral", "Limit", "Derivative", "Piecewise", "FlowIntegral", "TimeDerivative")
"""Constructs that reach as far to the right as the reader lets them: nothing may follow them without brackets."""


class Level(IntEnum):
    """How tightly a printed expression holds together, loosest first."""

    RELATION = 0
    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


LEVELS = {
    "Add": Level.SUM,
    "MatAdd": Level.SUM,
    "Mul": Level.PRODUCT,
    "MatMul": Level.PRODUCT,
    "HadamardProduct": Level.SUM,
    "KroneckerProduct": Level.SUM,
    "Mod": Level.PRODUCT,
    **dict.fromkeys(OPEN, Level.PRODUCT),
    **dict.fromkeys(("Pow", "exp", "MatPow", "MatrixExp", "PseudoInverse"), Level.POWER),
    **dict.fromkeys(("Transpose", "Inverse", "factorial", "factorial2"), Level.POWER),
    **dict.fromkeys(("Relational", "BooleanFunction", "Contains", "Set"), Level.RELATION),
}
"""The classes whose print does not hold as tightly as an atom."""


def is_long_power_of_ten(expr: sp.Basic) -> bool:
    """Whether a number is printed as a power of ten, because nobody counts its zeros.

    >>> is_long_power_of_ten(sp.Integer(10) ** 8), is_long_power_of_ten(sp.Integer(10) ** 6)
    (True, False)
    """
    return expr.is_Integer is True and abs(expr.p) >= 10**8 and str(abs(expr.p)).strip("0") == "1"


def is_open(expr: sp.Basic) -> bool:
    """Whether the print of `expr` ends in a construct that would swallow what follows it."""
    parts = expr.args if expr.is_Mul else (expr,)
    return any(type(part).__name__ in OPEN for part in parts)


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
    """Undo the normal form of square roots: √2/2 is 1/√2, √2·√x is √(2x), and √x/√m is √(x/m) for positive m.

    >>> x, m = sp.Symbol("x"), sp.Symbol("m", positive=True)
    >>> simplest_roots([sp.sqrt(2), x], [sp.Integer(4), sp.sqrt(sp.pi)])
    ([x], [2, sqrt(2*pi)])
    >>> simplest_roots([sp.sqrt(x)], [sp.sqrt(m)])
    ([sqrt(x/m)], [])
    """
    return _joined_root(*_merged_roots(over, under))


def _merged_roots(over: list[sp.Basic], under: list[sp.Basic]) -> tuple[list[sp.Basic], list[sp.Basic]]:
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


def _joined_root(over: list[sp.Basic], under: list[sp.Basic]) -> tuple[list[sp.Basic], list[sp.Basic]]:
    high, low = ([f for f in factors if f.is_Pow and f.exp == sp.S.Half] for factors in (over, under))
    if len(high) != 1 or len(low) != 1 or not low[0].base.is_positive:
        return over, under
    joined = sp.Pow(sp.Mul(*sp.Mul.make_args(high[0].base), 1 / low[0].base, evaluate=False), sp.S.Half, evaluate=False)
    return [joined if f is high[0] else f for f in over], [f for f in under if f is not low[0]]


def _root_of_integer(expr: sp.Basic) -> bool:
    return bool(expr.is_Pow and expr.exp == sp.S.Half and expr.base.is_Integer and expr.base.is_positive)


def _merge_root(factors: list[sp.Basic], rational: sp.Pow) -> list[sp.Basic]:
    other = next((f for f in factors if f.is_Pow and f.exp == sp.S.Half and f is not rational), None)
    if other is None:
        return factors
    inside = sp.Mul(rational.base, *sp.Mul.make_args(other.base), evaluate=False)
    merged = sp.Pow(inside, sp.S.Half, evaluate=False)
    return [merged if f is other else f for f in factors if f is not rational]
