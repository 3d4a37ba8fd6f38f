"""How fast a function of a Gaussian variable can grow, and so how little its tails can matter.

A `Growth` (C, A, B) at scale s says |f(sz)| <= C·exp(Az² + B|z|) for all real z.
"""

from dataclasses import dataclass

import flint
import sympy as sp
from flint import arb

from numerics import elementary as el
from numerics.evaluator import Evaluator
from numerics.kinks import branches, polynomial

_BOUNDED = {sp.erf: 1, sp.tanh: 1, sp.sin: 1, sp.cos: 1, sp.atan: 2}


@dataclass(frozen=True)
class Growth:
    """|f(sz)| <= size · exp(square·z² + linear·|z|)."""

    size: arb
    square: arb
    linear: arb

    def __mul__(self, other: "Growth") -> "Growth":
        return Growth(self.size * other.size, self.square + other.square, self.linear + other.linear)

    def __add__(self, other: "Growth") -> "Growth":
        return Growth(self.size + other.size, self.square.max(other.square), self.linear.max(other.linear))

    def __pow__(self, exponent: arb) -> "Growth":
        size = arb(el.power(self.size, exponent))
        return Growth(size, self.square * exponent, self.linear * exponent)

    def at(self, z: arb) -> arb:
        """The bound at z, for |z| as large as the ball allows."""
        z = abs(z).upper()
        return (self.size * (self.square.max(arb(0)) * z * z + self.linear * z).exp()).upper()

    def tail(self, R: arb) -> arb:
        """Bound E[|f(sz)|; |z| > R] for a standard normal z.

        With γ = 1/2 - A: beyond R the exponent Bz - γz² falls at least at the rate 2γR - B, so the two tails hold
        at most 2C/√(2π) · exp(BR - γR²)/(2γR - B). Not-a-number where that rate is not positive.
        """
        gamma = arb(0.5) - self.square
        rate = 2 * gamma * R - self.linear
        if not (gamma > 0 and rate > 0):
            return el.NAN
        return (2 * self.size * (self.linear * R - gamma * R * R).exp() / ((2 * arb.pi()).sqrt() * rate)).upper()

    def smoothed(self) -> "Growth":
        """The growth in z of E[|f(sy)| given z] for any standard normals y and z that are jointly normal.

        y = rz + √(1-r²)w with w independent of z, so y² <= z² + w² and |y| <= |z| + |w|; and with γ = 1/2 - A,
        E[exp(Aw² + B|w|)] <= 2 exp(B²/4γ)/√(2γ).
        """
        square = self.square.max(arb(0))
        gamma = arb(0.5) - square
        if not gamma > 0:
            raise ValueError("the expectation diverges, or is not known to converge")
        spread = 2 * (self.linear * self.linear / (4 * gamma)).exp() / (2 * gamma).sqrt()
        return Growth(self.size * spread, square, self.linear)

    def mean(self) -> arb:
        """Bound E[|f(sz)|] for a standard normal z: C·2 exp(B²/4γ)/√(2γ); not-a-number where γ is not positive."""
        gamma = arb(0.5) - self.square
        if not gamma > 0:
            return el.NAN
        return (2 * self.size * (self.linear * self.linear / (4 * gamma)).exp() / (2 * gamma).sqrt()).upper()

    def cut(self) -> arb:
        """A radius beyond which the tails stay below the working precision.

        Raises ValueError where no such radius exists, or none is known to.
        """
        gamma, linear = float((arb(0.5) - self.square).lower()), float(self.linear.upper())
        if not gamma > 0:
            raise ValueError("the expectation diverges, or is not known to converge")
        needed = flint.ctx.prec * 0.6932 + max(0.0, float((1 + self.size).log().upper())) + 3
        return arb((linear + (linear * linear + 4 * gamma * needed) ** 0.5) / (2 * gamma))


def growth(f: sp.Expr, x: sp.Symbol, scale: arb, evaluate: Evaluator) -> Growth:  # noqa: C901, PLR0911 - one for each kind of node
    """Return a growth of f in z = x/scale; TypeError, naming the function, where none is known."""
    if x not in f.free_symbols:
        return Growth(abs(evaluate(f)), arb(0), arb(0))
    if f == x:
        return Growth(scale, arb(0), arb(1))
    if isinstance(f, (sp.Add, sp.Mul)):
        first, *rest = (growth(arg, x, scale, evaluate) for arg in f.args)
        for other in rest:
            first = first + other if isinstance(f, sp.Add) else first * other
        return first
    if isinstance(f, sp.Pow) and f.exp.is_positive:
        if f.base == x and f.exp.is_Integer:  # |z|^n <= n! e^|z|
            return Growth(scale ** int(f.exp) * arb.fac_ui(int(f.exp)), arb(0), arb(1))
        return growth(f.base, x, scale, evaluate) ** el.real(evaluate.value(f.exp))
    if isinstance(f, sp.Pow) and f.exp.is_negative:
        return Growth(_least(f.base, x, evaluate), arb(0), arb(0)) ** el.real(evaluate.value(f.exp))
    if type(f) in _BOUNDED:
        return Growth(arb(_BOUNDED[type(f)]), arb(0), arb(0))
    if isinstance(f, sp.exp) and (coefficients := polynomial(f.args[0], x, 2, evaluate)) is not None:
        constant, linear, square = map(el.real, coefficients)
        return Growth(constant.exp(), square * scale * scale, abs(linear) * scale)
    if isinstance(f, (sp.cosh, sp.sinh)):
        return growth(sp.exp(f.args[0]) + sp.exp(-f.args[0]), x, scale, evaluate)
    if isinstance(f, sp.log):
        return _logarithm(f, x, scale, evaluate)
    halves = branches(f, x)
    if halves is not None:
        return growth(halves.below, x, scale, evaluate) + growth(halves.above, x, scale, evaluate)
    raise TypeError(f"no bound is known for the growth of {f}")


def _logarithm(f: sp.log, x: sp.Symbol, scale: arb, evaluate: Evaluator) -> Growth:
    """From m <= g <= C·exp(Az² + B|z|): |log g| <= |log m| + |log C| + Az² + B|z|, and |z|, z²/2 <= exp|z|."""
    low, high = _least(f.args[0], x, evaluate), growth(f.args[0], x, scale, evaluate)
    size = abs(low.log()) + abs(high.size.log()) + 2 * high.square.max(arb(0)) + high.linear
    return Growth(size, arb(0), arb(1))


def _least(f: sp.Expr, x: sp.Symbol, evaluate: Evaluator) -> arb:
    """A positive lower bound of f, read off its form. Raises TypeError where there is none, or none is known."""
    low = _lowest(f, x, evaluate)
    if low is None or not low > 0:
        raise TypeError(f"no positive lower bound is known for {f}")
    return low


def _lowest(f: sp.Expr, x: sp.Symbol, evaluate: Evaluator) -> arb | None:
    """A lower bound of f; None where none is known."""
    if x not in f.free_symbols:
        return arb(evaluate(f))
    if isinstance(f, sp.cosh):
        return arb(1)
    if isinstance(f, (sp.Add, sp.Mul)):
        lows = [_lowest(part, x, evaluate) for part in f.args]
        known = [low for low in lows if low is not None and (f.is_Add or low >= 0)]
        if len(known) < len(lows):
            return None
        total = known[0]
        for low in known[1:]:
            total = total + low if f.is_Add else total * low
        return total
    even = isinstance(f, sp.Pow) and f.exp.is_even
    return arb(0) if even or isinstance(f, (sp.exp, sp.Abs)) or f.is_extended_nonnegative is True else None
