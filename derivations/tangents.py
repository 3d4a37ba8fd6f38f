"""Bounds by the tangent of a decaying exponential at 0: exp(-rt) >= 1 - rt at times t >= 0, for a rate r >= 0."""

from collections.abc import Callable

import sympy as sp

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded


def by_tangent(time: sp.Symbol) -> Callable[[Equation], Chain]:
    """A deriver of lhs <= rhs where rhs - lhs is a multiple, not negative, of exp(-rt) - 1 + rt, t = `time`."""

    def derive(statement: Equation) -> Chain:
        if obstacle := unfounded(statement):
            return Chain(steps=(), obstacle=obstacle)
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        found = [e for e in (rhs - lhs).atoms(sp.exp) if e.has(time)]
        if len(found) != 1:
            return Chain(steps=(), obstacle="the sides do not differ by one exponential in time")
        (decaying,) = found
        rate = sp.cancel(-decaying.args[0] / time)
        if rate.has(time):
            return Chain(steps=(), obstacle="the exponential has no constant rate")
        falls = check.derivative("slope", "An exponential decays.", decaying, time, -rate * decaying)
        sign = check.nonnegative("rate", "Its rate is not negative.", rate * decaying)
        left = check.monotone("decay", "So it is at most 1.", decaying, time, sp.S.Zero, slope=falls, sign=sign)
        gap = 1 - rate * time - decaying
        text = "What it has above its tangent has this slope, up to the sign,"
        slope = check.derivative("gap-slope", text, gap, time, -rate * (1 - decaying))
        grows = check.nonnegative(
            "gap-rate", "which is not negative.", rate * (1 - decaying), given=(1 - decaying,), uses=(left.id,)
        )
        above = check.monotone(
            "tangent", "So it lies above its tangent at 0.", gap, time, sp.S.Zero, slope=slope, sign=grows
        )
        factor = sp.cancel((rhs - lhs) / above.lhs)
        text = "The sides differ by a multiple of that."
        return Chain(
            steps=(
                falls,
                sign,
                left,
                slope,
                grows,
                above,
                check.inequality("bound", text, lhs, rhs, ((factor, above),)),
            )
        )

    return derive
