"""Events of probability bounds in terms of one quantity: between which ends its square has to lie.

An exact law of a quantity reads them off a statement's slots, deviation > bound, and a mutant's differ.
"""

from dataclasses import dataclass

import sympy as sp
from flint import arb, fmpq

from verify.decide.evaluate import constant
from verify.statement import ProbabilityBound

Parameters = dict[str, sp.Expr]
End = arb | fmpq | None
Ends = tuple[End, End]
"""The first and the last value allowed; None excludes nothing."""

WIDTH = sp.Symbol("m", positive=True)
"""The width, where it has no value yet."""


@dataclass(frozen=True)
class Event:
    """deviation <= bound as low <= q^power <= high, for a quantity q >= 0; the ends may hold the width m."""

    power: int
    low: sp.Expr | None
    high: sp.Expr | None

    @classmethod
    def read(cls, statement: ProbabilityBound, parameters: Parameters, quantity: sp.Symbol) -> "Event":
        """Read it off a deviation γ|α q^p + β|, γ > 0, or α q^p + β, p = 1 or 2.

        Raises ValueError where the deviation is something else.
        """
        deviation, bound = (_at(statement.expand(slot), parameters) for slot in (statement.deviation, statement.bound))
        factor, absolute = deviation.as_independent(sp.Abs, as_Add=False)
        two_sided = isinstance(absolute, sp.Abs) and factor.is_positive
        inside, bound = (absolute.args[0], bound / factor) if two_sided else (deviation, bound)
        found = [_linear(inside, quantity, power) for power in (1, 2)]
        power, slope, offset = next((one for one in found if one is not None), (0, sp.nan, sp.nan))
        if not (slope.is_positive or slope.is_negative):
            raise ValueError(f"the law is that of {quantity}, not of {statement.deviation}")
        ends = [(bound - offset) / slope, (-bound - offset) / slope if two_sided else None]
        low, high = reversed(ends) if slope.is_positive else ends
        return cls(power, low, high)

    def at(self, m: int, unit: sp.Expr = sp.S.One) -> Ends:
        """The ends for q²/unit at a width."""
        ends = self.ends(unit, m)
        if ends is None:
            raise ValueError(f"the ends {self.low} and {self.high} are not known at a width")
        return ends

    def ends(self, unit: sp.Expr, m: int | None = None) -> Ends | None:
        """The ends for q²/unit at a width; without one at every width, or None if they depend on it."""
        low, high = (_scaled(end, self.power, unit, m) for end in (self.low, self.high))
        if (low is not None and low.has(WIDTH)) or (high is not None and high.has(WIDTH)):
            return None
        if high is not None and high.is_negative:
            return None, fmpq(-1)
        low = None if low is None or not low.is_positive else low
        return _squared(low, self.power), _squared(high, self.power)


def _linear(expr: sp.Expr, quantity: sp.Symbol, power: int) -> tuple[int, sp.Expr, sp.Expr] | None:
    """(power, α, β) for α q^power + β."""
    slope = sp.simplify(sp.diff(expr, quantity) / (power * quantity ** (power - 1)))
    return None if slope == 0 or slope.has(quantity) else (power, slope, expr.subs(quantity, 0))


def _scaled(end: sp.Expr | None, power: int, unit: sp.Expr, m: int | None) -> sp.Expr | None:
    if end is None:
        return None
    scaled = end / sp.sqrt(unit) ** power
    return sp.simplify(scaled) if m is None else scaled.subs(WIDTH, m)


def _squared(end: sp.Expr | None, power: int) -> End:
    """An end for q^power as one for q²: a rational number as it is, any other in a ball."""
    if end is None:
        return None
    square = end if power == 2 else sp.expand(end**2)
    return fmpq(int(square.p), int(square.q)) if square.is_Rational else constant(square, {})


def _at(expr: sp.Expr, parameters: Parameters) -> sp.Expr:
    """An expression with the values of the parameters, and the width as a symbol of its own."""
    values = {**parameters, "m": WIDTH}
    return expr.xreplace({symbol: values[str(symbol)] for symbol in expr.free_symbols if str(symbol) in values})
