"""How fast an entire function of a Gaussian variable can grow off the real axis."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import arb

from numerics import elementary as el
from numerics.evaluator import Evaluator
from numerics.growth import Growth
from numerics.kinks import polynomial
from numerics.smoothing import OutsideClass


@dataclass(frozen=True)
class EntireGrowth:
    """|f(sw)| <= size · exp(imaginary·(Im w)² + linear·|w|) for all complex w, s the scale."""

    size: arb
    imaginary: arb
    linear: arb

    def __mul__(self, other: EntireGrowth) -> EntireGrowth:
        return EntireGrowth(self.size * other.size, self.imaginary + other.imaginary, self.linear + other.linear)

    def __add__(self, other: EntireGrowth) -> EntireGrowth:
        larger = self.imaginary.max(other.imaginary), self.linear.max(other.linear)
        return EntireGrowth(self.size + other.size, *larger)

    def mean_with(self, other: EntireGrowth, squares: tuple[arb, arb], lengths: tuple[arb, arb]) -> arb:
        """Bound E|f(αp + βq) g(αp - βq)| for independent standard normals p and q and complex α and β.

        `squares` are (Im α)² and (Im β)², `lengths` are |α| and |β|. With κ and λ the rates in (Im w)²,
        κ(Im αp + Im βq)² + λ(Im αp - Im βq)² <= 2 max(κ, λ)((Im α)²p² + (Im β)²q²), as |2xy| <= x² + y²; the moduli
        are at most |α||p| + |β||q|. So the mean is at most a product of one over p and one over q. Not-a-number where
        one of these is infinite.
        """
        rate, linear = 2 * self.imaginary.max(other.imaginary), self.linear + other.linear
        bound = self.size * other.size
        for square, length in zip(squares, lengths, strict=True):
            bound = bound * Growth(arb(1), rate * square, linear * length).mean()
        return arb(bound.upper())


def entire_growth(f: sp.Expr, x: sp.Symbol, scale: arb, evaluate: Evaluator) -> EntireGrowth:  # noqa: PLR0911 - one for each kind of node
    """Return a growth of f in w = x/scale; raise `OutsideClass` for a function not known to be entire.

    Known are sums, products and powers of x, erf, sin and cos of affine functions, and exp of quadratic functions that
    do not grow like x². On erf: |erf(x + iy)| <= 1 + 2/√π ∫_0^|y| exp(t²) dt <= 1 + exp(y²), along x, then up, and
    Dawson's integral exp(-y²)∫_0^y exp(t²) dt is below √π/2.
    """
    if x not in f.free_symbols:
        return EntireGrowth(abs(el.real(evaluate.value(f))), arb(0), arb(0))
    if f == x:
        return EntireGrowth(scale, arb(0), arb(1))
    if isinstance(f, (sp.Add, sp.Mul)):
        first, *rest = (entire_growth(arg, x, scale, evaluate) for arg in f.args)
        for other in rest:
            first = first + other if isinstance(f, sp.Add) else first * other
        return first
    if isinstance(f, sp.Pow) and f.exp.is_Integer and f.exp > 0:
        if f.base == x:  # |w|^n <= n! e^|w|
            return EntireGrowth(scale ** int(f.exp) * arb.fac_ui(int(f.exp)), arb(0), arb(1))
        result = base = entire_growth(f.base, x, scale, evaluate)
        for _ in range(int(f.exp) - 1):
            result = result * base
        return result
    if isinstance(f, (sp.erf, sp.sin, sp.cos)):
        slope = _coefficients(f.args[0], x, 1, evaluate)[1] * scale
        bell = isinstance(f, sp.erf)
        return EntireGrowth(arb(2), slope * slope, arb(0)) if bell else EntireGrowth(arb(1), arb(0), abs(slope))
    if isinstance(f, sp.exp):
        constant, linear, square = _coefficients(f.args[0], x, 2, evaluate)
        if not square <= 0:
            raise OutsideClass(str(f))
        return EntireGrowth(constant.exp(), -square * scale * scale, abs(linear) * scale)
    raise OutsideClass(str(f))


def _coefficients(p: sp.Expr, x: sp.Symbol, degree: int, evaluate: Evaluator) -> list[arb]:
    """The real coefficients of a polynomial of at most that degree, constant first."""
    coefficients = polynomial(p, x, degree, evaluate)
    if coefficients is None:
        raise OutsideClass(str(p))
    return [el.real(coefficient) for coefficient in coefficients]
