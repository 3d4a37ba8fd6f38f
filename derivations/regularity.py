"""Regularity on an interval: what the fundamental theorem of calculus asks of an integrand and an antiderivative."""

from collections.abc import Mapping, Sequence

import sympy as sp

_SMOOTH = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.erf, sp.erfi, sp.sin, sp.cos, sp.atan, sp.sinh, sp.cosh, sp.tanh)


def first_irregular(
    exprs: Sequence[sp.Expr],
    between: tuple[sp.Symbol, sp.Expr, sp.Expr],
    running: Mapping[sp.Symbol, sp.Expr] | None = None,
) -> sp.Expr:
    """Return the first expression whose sign the smoothness of `exprs` depends on and could not be established.

    `between` is (variable, one end, other end), the open interval between the ends; 0 means that `exprs` are smooth
    there. `running` maps further symbols to expressions in positive parameters that run over their whole range.

    >>> x = sp.Symbol("x", real=True)
    >>> first_irregular([1 / x], (x, sp.S.Zero, sp.oo)), first_irregular([1 / x], (x, -sp.S.One, sp.S.One))
    (0, x)
    """
    variable, one, other = between
    inside = _inside(one, other)
    for need, must_be_positive in _needs(exprs, variable):
        at = sp.factor(sp.together(need.subs(variable, inside).subs(running or {})))
        if not (at.is_positive or (at.is_negative and not must_be_positive)):
            return need
    return sp.S.Zero


def _inside(one: sp.Expr, other: sp.Expr) -> sp.Expr:
    """A point of the open interval, which runs over all of it as its parameter does."""
    q = sp.Dummy("q", positive=True)
    if other is sp.S.Infinity:
        return sp.Dummy("q", real=True) if one is sp.S.NegativeInfinity else one + q
    if one is sp.S.NegativeInfinity:
        return other - q
    return (one + other * q) / (1 + q)


def _needs(exprs: Sequence[sp.Expr], variable: sp.Symbol) -> list[tuple[sp.Expr, bool]]:
    """What must not vanish (False) or must be positive (True) for the expressions to be smooth in the variable."""
    found: list[tuple[sp.Expr, bool]] = []
    for node in (node for expr in exprs for node in sp.preorder_traversal(expr)):
        if not node.has(variable) or node == variable:
            continue
        if isinstance(node, sp.Pow) and node.base.has(variable) and not (node.exp.is_Integer and node.exp > 0):
            found.append((node.base, not node.exp.is_Integer))
        elif isinstance(node, sp.log):
            found.append((node.args[0], True))
        elif isinstance(node, sp.acos | sp.asin):
            found.append((1 - node.args[0] ** 2, True))
        elif isinstance(node, sp.Abs | sp.sign):
            found.append((node.args[0], False))
        elif isinstance(node, sp.tan | sp.sec):
            found.append((sp.cos(node.args[0]), False))
        elif isinstance(node, sp.cot | sp.csc):
            found.append((sp.sin(node.args[0]), False))
        elif not isinstance(node, _SMOOTH):
            return [(node, True)]
    return list(dict.fromkeys(found))
