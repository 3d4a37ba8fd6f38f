"""Bernoulli's inequality: c^t >= 1 - t(1 - c) for 0 <= c < 1 and every number t of steps."""

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded


def bernoulli(statement: Equation) -> Chain:
    """Derive 1 - t(1 - c) <= c^t, where the right side is a power with a symbol for 0, 1, 2, … as its exponent.

    c^t - 1 + t(1 - c) = (1 - c) Σ_(j<t) (1 - c^j), and 1 - c^j = (1 - c) Σ_(i<j) c^i, both by induction. The domain has
    to say that 0 <= c < 1.
    """
    power = statement.rhs
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    if not (isinstance(power, sp.Pow) and power.exp.is_Symbol and power.exp.is_integer and power.exp.is_nonnegative):
        return Chain(steps=(), obstacle="the right side is no power with a number of steps as its exponent")
    c, t = power.args
    sets = dict(statement.domain)
    if c not in sets or not sets[c].is_subset(sp.Interval.Ropen(0, 1)):
        return Chain(steps=(), obstacle=f"the domain does not say that {c} lies in [0, 1)")
    i, j = sp.Symbol("i", integer=True, nonnegative=True), sp.Symbol("j", integer=True, nonnegative=True)
    text = "What a power is short of 1 is $1 - c$ times a geometric sum."
    one, _, left = _geometric("geometric", text, c, i, j)
    term = check.nonnegative("term", "None of its terms is negative, as $c <= 1$.", (1 - c) * c**i, given=(1 - c,))
    parts = ((sp.S.One, term, (i, 0, j - 1)),)
    below = check.inequality("below", "So powers are at most 1.", c**j, sp.S.One, parts, of=(left,))
    two, closed_two, _ = _geometric("powers", text, c, j, t)
    text = "What the power has above the line is a sum of such gaps."
    gaps = (1 - c) * t - (1 - c) * closed_two.lhs
    above = check.consequence("above", text, power - 1 + t * (1 - c), gaps, (closed_two,))
    given = (1 - c, 1 - c**j)
    text = "Products of what is not negative."
    gap = check.nonnegative("gap", text, (1 - c) * (1 - c**j), given=given, uses=(below.id,))
    parts = ((sp.S.One, gap, (j, 0, t - 1)),)
    final = check.inequality("bound", "So the gap is not negative.", statement.lhs, power, parts, of=(above,))
    return Chain(steps=(*one, left, term, below, *two, above, gap, final))


def _geometric(label: str, text: str, c: sp.Expr, i: sp.Symbol, j: sp.Symbol) -> tuple[tuple[Step, ...], Step, Step]:
    """Σ_(i<j) c^i = (1 - c^j)/(1 - c) by induction, its last step once more, and 1 - c^j = (1 - c) Σ_(i<j) c^i."""
    total = sp.Sum(c**i, (i, 0, j - 1))
    steps = check.induction(label, text, total, (1 - c**j) / (1 - c), j)
    left = check.consequence(f"{label}-short", "Read from right to left.", 1 - c**j, (1 - c) * total, (steps[-1],))
    return steps, steps[-1], left
