"""The derivative of an activation away from its kinks, and the jumps it makes there."""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

from derivations.expressions import step
from numerics.kinks import branches


class _Flat(sp.Function):
    """A function without a slope, in place of one with jumps while SymPy differentiates."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:  # noqa: ARG002 - SymPy's signature
        """Zero."""
        return sp.S.Zero


class _Step(_Flat):
    pass


class _Sign(_Flat):
    pass


class Jump(NamedTuple):
    """f jumps by `height` at `place`."""

    place: sp.Expr
    height: sp.Expr


def slope(f: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The derivative of f in x wherever it has one; `jumps` tells where it is more than that.

    >>> x = sp.Symbol("x", real=True)
    >>> slope(step(x) + abs(x), x), slope(x**2 * step(x), x)
    (sign(x), 2*x*step(x))
    """
    flat = f.replace(step, _Step).replace(sp.sign, _Sign)
    return sp.diff(flat, x).replace(_Step, step).replace(_Sign, sp.sign)


def jumps(f: sp.Expr, x: sp.Symbol) -> tuple[Jump, ...]:
    """Where f is not continuous, in increasing order of place, which must be exact.

    Raises ValueError for a kink that is not at an affine function of x.

    >>> x = sp.Symbol("x", real=True)
    >>> jumps(step(2 * x - 1) + abs(x), x)
    (Jump(place=1/2, height=1),)
    """
    found = []
    for place in sorted(_places(f, x)):
        height = sp.simplify(_beside(f, x, place, 1) - _beside(f, x, place, -1))
        if height != 0:
            found.append(Jump(place, height))
    return tuple(found)


def _places(f: sp.Expr, x: sp.Symbol) -> set[sp.Expr]:
    """The roots of the arguments of all kinks."""
    found: set[sp.Expr] = set()
    for term in sp.Add.make_args(f):
        halves = branches(term, x)
        if halves is None:
            continue
        argument = sp.expand(halves.argument)
        if not (argument.is_polynomial(x) and sp.degree(argument, x) <= 1):
            raise ValueError(f"a kink where {argument} is zero, which is not affine in {x}")
        if sp.degree(argument, x) == 1:
            found.add(-argument.coeff(x, 0) / argument.coeff(x, 1))
        found |= _places(halves.below, x) | _places(halves.above, x)
    return found


def _beside(f: sp.Expr, x: sp.Symbol, place: sp.Expr, direction: int) -> sp.Expr:
    """The limit of f from the right (direction 1) or the left (-1)."""
    halves = branches(f, x)
    while halves is not None:
        argument = sp.expand(halves.argument)
        side = argument.subs(x, place)
        if side == 0:
            side = direction * argument.coeff(x, 1)
        f = halves.below if side.is_negative else halves.above
        halves = branches(f, x)
    return f.subs(x, place)
