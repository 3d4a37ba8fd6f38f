"""The class of activations with closed-form duals: sums of c·x^k·exp(αx² + βx)·gate(x), and how one is read off.

A gate is 1, the sign of x, or erf(γx). With coefficients c, α and β that may be complex, the class holds what is
polynomial on either side of zero (step, ReLU, |x|, leaky ReLU), sines, cosines, exponentials and Gaussians, and erf,
Φ and GELU. It is closed under differentiation, but for a jump at zero, and under products with at most one erf.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sympy as sp

from derivations.expressions import normal_cdf, normal_pdf, relu, step

x = sp.Symbol("x", real=True)
"""The variable in which activations are written."""

SIGN = sp.oo
"""The slope of the gate sign(x), the limit of erf(γx)."""
_HIGHEST_POWER = 64


class NoClosedForm(Exception):  # noqa: N818 - not an error: there are numbers, if no formula
    """No closed form of the dual is known here; the text says why."""


@dataclass(frozen=True)
class Term:
    """coefficient · x^power · exp(square·x² + linear·x) · gate, the gate 1 (slope 0), erf(slope·x) or sign(x)."""

    coefficient: sp.Expr
    power: int = 0
    square: sp.Expr = sp.S.Zero
    linear: sp.Expr = sp.S.Zero
    slope: sp.Expr = sp.S.Zero

    @property
    def key(self) -> tuple[int, sp.Expr, sp.Expr, sp.Expr]:
        """What two terms must share to be added by their coefficients."""
        return self.power, self.square, self.linear, self.slope

    @property
    def gated(self) -> bool:
        """Whether the gate is not 1."""
        return self.slope != 0


def read(f: sp.Expr) -> tuple[Term, ...]:
    """Write a function of `x` as a sum of terms.

    Raises NoClosedForm, naming the part, where f is not in the class.
    """
    return _collected(_read(sp.sympify(f, strict=True)))


def derivative(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms of the derivative away from zero; see `jump` for what happens there."""
    found: list[Term] = []
    for term in terms:
        c, k = term.coefficient, term.power
        if k:
            found.append(replace(term, coefficient=k * c, power=k - 1))
        if term.square != 0:
            found.append(replace(term, coefficient=2 * term.square * c, power=k + 1))
        if term.linear != 0:
            found.append(replace(term, coefficient=term.linear * c))
        if term.gated and term.slope is not SIGN:
            found.append(_bell(term))
    return _collected(found)


def jump(terms: Iterable[Term]) -> sp.Expr:
    """The jump f(0+) - f(0-)."""
    return sp.expand(sum((2 * t.coefficient for t in terms if t.slope is SIGN and t.power == 0), sp.S.Zero))


def write(terms: Iterable[Term]) -> sp.Expr:
    """The function of `x` that the terms add up to, in real form, by step, ReLU, erf, sin, cos and exp."""
    terms = tuple(terms)
    plain = [replace(t, coefficient=-t.coefficient, slope=sp.S.Zero) for t in terms if t.slope is SIGN]
    halves = _collected([*plain, *(replace(t, coefficient=2 * t.coefficient) if t.slope is SIGN else t for t in terms)])
    return sp.expand(sum((_written(term) for term in halves), sp.S.Zero))


def _written(term: Term) -> sp.Expr:
    """The function of one term, in which step(x) stands for its sign."""
    growth, wave = term.linear.as_real_imag()
    value = term.coefficient * x**term.power * sp.exp(sp.expand(term.square * x**2 + growth * x))
    if wave != 0:
        value *= sp.cos(wave * x) + sp.I * sp.sin(wave * x)
    if not term.gated:
        return value
    if term.slope is SIGN:
        return value * step(x) if term.power == 0 else value / x * relu(x)
    return value * sp.erf(term.slope * x)


def _bell(term: Term) -> Term:
    """The part of the derivative in which erf(γx) is differentiated."""
    height = 2 * term.slope / sp.sqrt(sp.pi) * term.coefficient
    return replace(term, coefficient=height, square=term.square - term.slope**2, slope=sp.S.Zero)


def _collected(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Terms that differ in their coefficient only, added up; those that vanish, left out."""
    by_key: dict[tuple[int, sp.Expr, sp.Expr, sp.Expr], sp.Expr] = {}
    for term in terms:
        by_key[term.key] = by_key.get(term.key, sp.S.Zero) + term.coefficient
    found = [Term(sp.expand(coefficient), *key) for key, coefficient in by_key.items()]
    return tuple(sorted((t for t in found if t.coefficient != 0), key=lambda t: sp.default_sort_key(sp.Tuple(*t.key))))


def _read(f: sp.Expr) -> tuple[Term, ...]:  # noqa: PLR0911 - one for each kind of node
    if x not in f.free_symbols:
        return (Term(f),)
    if f == x:
        return (Term(sp.S.One, 1),)
    if isinstance(f, sp.Add):
        return tuple(term for argument in f.args for term in _read(argument))
    if isinstance(f, sp.Mul):
        return _product([_read(argument) for argument in f.args])
    if isinstance(f, sp.Pow) and f.exp.is_Integer and 1 < f.exp <= _HIGHEST_POWER:
        return _product([_read(f.base)] * int(f.exp))
    if isinstance(f, (sp.exp, sp.Pow)) and x not in f.base.free_symbols:
        return (_exponential(f.exp * sp.log(f.base)),)
    rewritten = _rewritten(f)
    if rewritten is not None:
        return _read(rewritten)
    if isinstance(f, step):
        return _step(f.args[0])
    if isinstance(f, sp.erf):
        return _erf(f.args[0])
    raise NoClosedForm(f"{f} is neither polynomial on either side of zero, nor an exponential of a quadratic, nor erf")


def _rewritten(f: sp.Expr) -> sp.Expr | None:
    """The function by simpler ones, the value at a jump disregarded; None of those that are simple, or unknown."""
    z = f.args[0] if f.args else f
    by_type = {
        relu: lambda: z * step(z),
        sp.Abs: lambda: 2 * z * step(z) - z,
        sp.sign: lambda: 2 * step(z) - 1,
        sp.Heaviside: lambda: step(z),
        sp.erfc: lambda: 1 - sp.erf(z),
    }
    if type(f) in by_type:
        return by_type[type(f)]()
    if isinstance(f, (normal_cdf, normal_pdf)):
        return f.rewrite(sp.erf)
    if isinstance(f, (sp.sin, sp.cos, sp.sinh, sp.cosh)):
        return f.rewrite(sp.exp)
    if isinstance(f, (sp.Max, sp.Min)):
        other = f.func(*f.args[1:])
        more = (z - other) * step(z - other)
        return other + more if isinstance(f, sp.Max) else z - more
    if isinstance(f, sp.Piecewise):
        return _unfolded(f)
    return None


def _unfolded(f: sp.Piecewise) -> sp.Expr:
    (first, condition), *rest = f.args
    if condition == sp.true:
        return first
    if not isinstance(condition, (sp.Lt, sp.Le, sp.Gt, sp.Ge)) or not rest:
        raise NoClosedForm(f"the condition {condition} is no inequality, or nothing is said of where it fails")
    other = sp.Piecewise(*rest)
    return other + (first - other) * step(condition.gts - condition.lts)


def _exponential(exponent: sp.Expr) -> Term:
    if not exponent.is_polynomial(x) or sp.degree(exponent, x) > 2:
        raise NoClosedForm(f"the exponent {exponent} is no quadratic polynomial")
    constant, linear, square = (sp.expand(exponent).coeff(x, k) for k in range(3))
    if square.is_extended_real is False:
        raise NoClosedForm(f"the wave exp({exponent}) is of a quadratic")
    return Term(sp.exp(constant), square=square, linear=linear)


def _step(z: sp.Expr) -> tuple[Term, ...]:
    """step(z) = (1 + sign(z))/2 where z is a multiple of an odd power of x."""
    coefficient, power = _monomial(z)
    direction = sp.sign(coefficient)
    if power % 2 == 0:
        raise NoClosedForm(f"the sign of {z} does not change at zero")
    if not direction.is_Integer:
        raise NoClosedForm(f"the sign of {coefficient} is not known")
    return Term(sp.S.Half), Term(direction / 2, slope=SIGN)


def _monomial(z: sp.Expr) -> tuple[sp.Expr, int]:
    """The coefficient and the power of c·x^k."""
    if not z.is_polynomial(x):
        raise NoClosedForm(f"a kink where {z} vanishes")
    polynomial = sp.Poly(z, x)
    if len(polynomial.terms()) != 1:
        raise NoClosedForm(
            f"the kink where {z} = 0 is not at zero alone: two kinks at a distance from zero lead to the bivariate "
            "normal distribution function, which is not elementary"
        )
    (((power,), coefficient),) = polynomial.terms()
    return coefficient, power


def _erf(z: sp.Expr) -> tuple[Term, ...]:
    if not z.is_polynomial(x) or sp.degree(z, x) != 1:
        raise NoClosedForm(f"the argument {z} of an error function is not linear")
    offset, slope = sp.expand(z).coeff(x, 0), sp.expand(z).coeff(x, 1)
    if offset != 0:
        raise NoClosedForm(
            f"the error function of {z} is not centred at zero: two of them lead to the bivariate normal "
            "distribution function, which is not elementary"
        )
    if not (slope.is_positive or slope.is_negative):
        raise NoClosedForm(f"the sign of {slope} is not known")
    positive = slope if slope.is_positive else -slope
    return (Term(sp.S.One if slope.is_positive else sp.S.NegativeOne, slope=positive),)


def _product(factors: list[tuple[Term, ...]]) -> tuple[Term, ...]:
    result: tuple[Term, ...] = (Term(sp.S.One),)
    for factor in factors:
        result = _collected(_times(a, b) for a in result for b in factor)
    return result


def _times(a: Term, b: Term) -> Term:
    if a.gated and b.gated and not a.slope is b.slope is SIGN:
        raise NoClosedForm("a product of two error functions, or of one with a sign, has no known dual")
    slope = sp.S.Zero if a.gated and b.gated else a.slope + b.slope
    coefficient = sp.expand(a.coefficient * b.coefficient)
    return Term(coefficient, a.power + b.power, a.square + b.square, a.linear + b.linear, slope)


def times(f: Iterable[Term], g: Iterable[Term]) -> tuple[Term, ...]:
    """The terms of the product of two functions."""
    return _product([tuple(f), tuple(g)])


def is_odd(terms: Iterable[Term]) -> bool:
    """Whether f(-x) = -f(x), but for a null set."""
    terms = tuple(terms)
    flipped = [
        replace(t, coefficient=(-1) ** (t.power + int(t.gated)) * t.coefficient, linear=-t.linear) for t in terms
    ]
    return not _collected([*terms, *flipped])
