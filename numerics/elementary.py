"""Elementary functions on exact rationals, real balls and complex balls that must stay analytic.

Three kinds of number meet in an enclosure: `flint.fmpq`, exact; `flint.arb`, a real ball; and `Holomorphic`, a
complex ball inside a rigorous quadrature. Every function here returns an enclosure of the image: exact where the
value is a rational that can be recognised, and not-a-number where nothing can be said.

Conventions on real balls: the quantity enclosed is real, so an argument of sqrt, acos or asin whose ball reaches
over the edge of the domain is cut back to the domain; a ball wholly outside gives not-a-number.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from flint import acb, arb, fmpq, fmpz

_EXACT_BITS = 4096
"""Rationals grow no larger than this: beyond it they are rounded to balls."""


class NotAnalytic(ArithmeticError):  # noqa: N818 - no error to a quadrature, which then looks closer
    """On this complex ball the function is not analytic, or not known to be."""


class Holomorphic:
    """A complex ball on which every function must be analytic: else it gives not-a-number, or raises `NotAnalytic`.

    It has no order and no parts, so an integrand cannot branch on it by accident: `if x > 0` raises TypeError.
    """

    __slots__ = ("ball",)

    def __init__(self, ball: acb) -> None:
        self.ball = ball

    def __add__(self, other: Value) -> Holomorphic:
        return Holomorphic(self.ball + _plain(other))

    __radd__ = __add__

    def __sub__(self, other: Value) -> Holomorphic:
        return Holomorphic(self.ball - _plain(other))

    def __rsub__(self, other: Value) -> Holomorphic:
        return Holomorphic(_plain(other) - self.ball)

    def __mul__(self, other: Value) -> Holomorphic:
        return Holomorphic(self.ball * _plain(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Value) -> Holomorphic:
        return Holomorphic(self.ball / _plain(other))

    def __rtruediv__(self, other: Value) -> Holomorphic:
        return Holomorphic(_plain(other) / self.ball)

    def __neg__(self) -> Holomorphic:
        return Holomorphic(-self.ball)

    def __pow__(self, exponent: Value) -> Value:
        return power(self, fmpq(exponent) if isinstance(exponent, int) else exponent)

    def _refuse(self, *_: object) -> bool:
        raise TypeError("an integrand must not branch on its complex argument: give the quadrature breakpoints instead")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __bool__ = _refuse
    __hash__ = None  # type: ignore[assignment]


Value: TypeAlias = Any
"""An exact rational (`fmpq`), a real ball (`arb`) or a `Holomorphic`; python-flint mixes the first two freely."""

NAN = arb("nan")


def _plain(x: Value) -> Any:
    return x.ball if isinstance(x, Holomorphic) else x


def real(x: Value) -> arb:
    """The real number x as a ball: exact rationals are rounded to the working precision, balls pass through."""
    if isinstance(x, Holomorphic):
        raise TypeError("a complex ball where a real one is needed")
    return x if isinstance(x, arb) else arb(x)


def exact(x: arb) -> Value:
    """The rational a ball without radius stands for, or the ball itself."""
    return x.fmpq() if x.is_exact() and x.is_finite() and abs(x.mid().man_exp()[1]) < _EXACT_BITS else x


def trim(x: Value) -> Value:
    """Round a rational that has grown beyond use to a ball."""
    if isinstance(x, fmpq) and x.height_bits() > _EXACT_BITS:
        return arb(x)
    return x


def is_zero(x: Value) -> bool:
    """Whether x is the exact number zero."""
    return isinstance(x, fmpq) and x == 0


def sign(x: Value) -> int | None:
    """The sign of a real number, or of the real part of a complex one.

    1, -1, or 0 for an exact zero; None where the ball leaves it open. A complex ball that leaves it open raises
    `NotAnalytic`: what depends on the sign has a kink or a jump in it.
    """
    if isinstance(x, fmpq):
        return (x > 0) - (x < 0)
    value = x.ball.real if isinstance(x, Holomorphic) else x
    if value > 0:
        return 1
    if value < 0:
        return -1
    if isinstance(x, Holomorphic):
        raise NotAnalytic
    return 0 if value.is_zero() else None


def hull(x: Value, y: Value) -> Value:
    """A ball that contains both numbers, which must be real."""
    if isinstance(x, Holomorphic) or isinstance(y, Holomorphic):
        raise NotAnalytic
    if isinstance(x, fmpq) and isinstance(y, fmpq) and x == y:
        return x
    return real(x).union(real(y))


def times(x: Value, y: Value) -> Value:
    """x·y, with an exact zero times anything finite an exact zero."""
    if (is_zero(x) and is_finite(y)) or (is_zero(y) and is_finite(x)):
        return fmpq(0)
    return x * y


def divide(x: Value, y: Value) -> Value:
    """x/y; not-a-number where y may be zero."""
    if is_zero(y):
        return NAN
    return fmpq(0) if is_zero(x) and sign(y) is not None else x / y


def is_finite(x: Value) -> bool:
    """Whether anything is known about x."""
    return isinstance(x, fmpq) or bool(_plain(x).is_finite())


def power(x: Value, y: Value) -> Value:
    """Return x to the power y, for a nonnegative x or an integer y; 0^0 = 1."""
    if isinstance(y, fmpq) and y.q <= 2:
        return _integer_power(x if y.q == 1 else sqrt(x), int(y.p))
    if isinstance(x, Holomorphic) or isinstance(y, Holomorphic):
        return exp(times(y, log(x)))
    base, exponent = real(x), real(y)
    if base > 0:
        return (exponent * base.log()).exp()
    if base < 0 or not exponent > 0:
        return NAN
    # The ball reaches zero; the power grows with the base, from 0 to its value at the upper end.
    return arb(0).union((exponent * base.upper().log()).exp()) if base.upper() > 0 else fmpq(0)


def _integer_power(x: Value, n: int) -> Value:
    if n < 0:
        return divide(fmpq(1), _integer_power(x, -n))
    if isinstance(x, fmpq):
        if x.height_bits() * n <= _EXACT_BITS:
            return x**n
        x = arb(x)
    result: Value = fmpq(1)
    square = x  # Products, not flint's power: that gives not-a-number on a ball centred at zero.
    while n:
        if n & 1:
            result = square * result
        n >>= 1
        if n:
            square = square * square
    return result


def sqrt(x: Value) -> Value:
    """√x: exact on the square of a rational."""
    if isinstance(x, Holomorphic):
        return Holomorphic(x.ball.sqrt(analytic=True))
    if isinstance(x, fmpq):
        if x < 0:
            return NAN
        (p, p_rest), (q, q_rest) = fmpz(x.p).sqrtrem(), fmpz(x.q).sqrtrem()
        return fmpq(p, q) if p_rest == 0 and q_rest == 0 else arb(x).sqrt()
    if x >= 0 or x.upper() < 0 or not x.is_finite():
        return x.sqrt()
    return arb(0).union(x.upper().sqrt())


def exp(x: Value) -> Value:
    """eˣ."""
    return apply("exp", x)


def log(x: Value) -> Value:
    """The natural logarithm."""
    return Holomorphic(x.ball.log(analytic=True)) if isinstance(x, Holomorphic) else apply("log", x)


def acos(x: Value) -> Value:
    """The angle in [0, π] whose cosine is x."""
    if isinstance(x, Holomorphic):
        return _off_the_cut(x, "acos")
    ball = real(x)
    if -1 < ball < 1 or ball > 1 or ball < -1 or not ball.is_finite():
        return exact(ball.acos())
    return exact(ball.upper().min(arb(1)).acos().union(ball.lower().max(arb(-1)).acos()))


def asin(x: Value) -> Value:
    """The angle in [-π/2, π/2] whose sine is x."""
    if isinstance(x, Holomorphic):
        return _off_the_cut(x, "asin")
    ball = real(x)
    if -1 < ball < 1 or ball > 1 or ball < -1 or not ball.is_finite():
        return exact(ball.asin())
    return exact(ball.upper().min(arb(1)).asin().union(ball.lower().max(arb(-1)).asin()))


def _off_the_cut(x: Holomorphic, name: str) -> Holomorphic:
    """Acos or asin of a complex ball away from the cuts (-∞, -1] and [1, ∞)."""
    if not -1 < x.ball.real < 1 and x.ball.imag.contains(0):
        raise NotAnalytic
    return Holomorphic(getattr(x.ball, name)())


def atan(x: Value) -> Value:
    """The angle in (-π/2, π/2) whose tangent is x."""
    if isinstance(x, Holomorphic):
        if not -1 < x.ball.imag < 1 and x.ball.real.contains(0):
            raise NotAnalytic
        return Holomorphic(x.ball.atan())
    return apply("atan", x)


def floor(x: Value) -> Value:
    """The greatest integer that is not above x."""
    if isinstance(x, Holomorphic):
        raise NotAnalytic
    return apply("floor", x)


def apply(name: str, x: Value) -> Value:
    """The flint method `name` of x, for functions without branch cuts (or for real x)."""
    if isinstance(x, Holomorphic):
        return Holomorphic(getattr(x.ball, name)())
    return exact(getattr(real(x), name)()) if isinstance(x, fmpq) else getattr(x, name)()
