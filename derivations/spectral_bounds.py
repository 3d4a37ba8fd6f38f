"""Bounds on sums over the eigenvalues of a kernel, where exponentials of them decay in time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.sum_bounds import Part, unfounded_parts

Deriver: TypeAlias = Callable[[Equation], Chain]


@dataclass(frozen=True)
class Decayed:
    """The part Σ factor · (1 - exp(-rate · time)) over an index, for a rate and a factor that are not negative."""

    text: str
    factor: sp.Expr
    rate: sp.Expr
    limits: tuple[sp.Symbol, sp.Expr, sp.Expr]


def by_decay(time: sp.Symbol, *parts: Part | Decayed) -> Deriver:
    """A deriver of lhs <= rhs for two sides whose squares differ by the sum of the parts, none of which is negative.

    What is left of 1 by an exponential is not negative at times after 0, where it vanishes, as it grows. What a plain
    part takes as given follows from an interval in the domain.
    """
    plain = tuple(part for part in parts if isinstance(part, Part))

    def derive(statement: Equation) -> Chain:
        if obstacle := unfounded(statement) or unfounded_parts(statement, plain):
            return Chain(steps=(), obstacle=obstacle)
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        steps: list[Step] = []
        weighted: list[tuple[object, ...]] = []
        for number, part in enumerate(parts, start=1):
            if isinstance(part, Part):
                steps.append(check.nonnegative(f"part-{number}", part.text, part.expr, given=part.given))
                weighted.append((sp.S.One, steps[-1]))
            else:
                steps += _growing(f"part-{number}", part, time)
                weighted.append((part.factor, steps[-1], part.limits))
        text = "The squares of both sides differ by the sum of these parts."
        squares = check.inequality("squares", text, lhs**2, rhs**2, weighted)
        sign = check.nonnegative("right-side", "The right side is not negative.", rhs)
        text = "So the sides are in the same order as their squares."
        root = check.square_root("bound", text, lhs, rhs, squares=squares, sign=sign)
        return Chain(steps=(*steps, squares, sign, root))

    return derive


def _growing(label: str, part: Decayed, time: sp.Symbol) -> tuple[Step, ...]:
    """1 - exp(-rate · time) >= 0, the last step."""
    decaying = sp.exp(-part.rate * time)
    slope = check.derivative(f"{label}-slope", "An exponential decays.", decaying, time, -part.rate * decaying)
    sign = check.nonnegative(f"{label}-sign", "Its rate is not negative.", part.rate * decaying)
    return (
        slope,
        sign,
        check.monotone(label, part.text, decaying, time, sp.S.Zero, slope=slope, sign=sign),
    )
