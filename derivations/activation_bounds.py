"""Bounds of an activation and of its derivatives, for activations that are rational in exp(z)."""

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.sums import flatten


def bounded(statement: Equation) -> Chain:
    """Derive |g(z)| <= c for an activation or a derivative of it: c² - g(z)² has factors that are not negative.

    They are found by factoring over the rationals, with exp(z) > 0 as the variable.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, bound = statement.expand(statement.lhs), statement.expand(statement.rhs)
    inside = lhs.args[0] if isinstance(lhs, sp.Abs) else lhs
    steps: list[Step] = []
    if isinstance(inside, sp.Derivative):
        formula = flatten(inside)
        steps = [check.derivative("derivative", "The derivative.", inside.expr, inside.variables, formula)]
    else:
        formula = inside
    squares = check.nonnegative(
        "squares",
        "The square of the bound minus that of the function, by factoring with $exp(z) > 0$ as the variable.",
        bound**2 - formula**2,
        uses=[step.id for step in steps],
        running={sp.exp(z): sp.Dummy("q", positive=True) for z in formula.free_symbols},
    )
    sign = check.nonnegative("right-side", "The bound is not negative.", bound)
    text = "So the sides are in the same order as their squares."
    root = check.square_root(
        "root", text, lhs if inside is formula else sp.Abs(formula), bound, squares=squares, sign=sign
    )
    steps += [squares, sign, root]
    if isinstance(inside, sp.Derivative):
        told = "With the derivative found, this is the statement."
        steps.append(check.inequality("bound", told, lhs, bound, [(sp.S.One, root)]))
    return Chain(steps=tuple(steps))
