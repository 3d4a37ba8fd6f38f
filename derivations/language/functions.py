"""The functions of the language: what each one is in SymPy, with how many arguments, and what it is in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from derivations.expressions import normal_cdf, normal_pdf, relu, step

x = sp.Symbol("x", real=True)
"""The variable."""

_HIGHEST_DEGREE = 16
_LEAK = sp.Rational(1, 100)
_SELU_SCALE = sp.Rational("1.0507009873554805")
_SELU_ALPHA = sp.Rational("1.6732632423543772")


class ArgumentError(ValueError):
    """An argument that a function does not take; the text says what it does take."""


@dataclass(frozen=True)
class Function:
    """A function of the language: its signature in words, how many arguments it takes, and what it makes of them."""

    signature: str
    meaning: str
    least: int
    most: int
    make: Callable[..., sp.Expr]
    kinks: bool = False
    """Whether it has a kink or a jump, as a function of its first argument."""


def _sign(z: sp.Expr) -> sp.Expr | None:
    """The sign of z by signs of affine functions, up to a null set; None where that is not needed, or not known.

    It is known for polynomials whose factors are of degree 1 and 2, and for a·exp(αx + β) + b.
    """
    if z.is_polynomial(x):
        return _sign_of_polynomial(z) if sp.degree(z, x) > 1 else None
    constant, rest = z.as_independent(x, as_Add=True)
    factor, wave = rest.as_independent(x, as_Add=False)
    if not isinstance(wave, sp.exp) or not wave.args[0].is_polynomial(x) or sp.degree(wave.args[0], x) != 1:
        return None
    ratio = -constant / factor
    if not ratio.is_positive:
        return sp.sign(factor)
    return sp.sign(factor) * sp.sign(wave.args[0] - sp.log(ratio))


def _sign_of_polynomial(z: sp.Expr) -> sp.Expr | None:
    leading, factors = sp.factor_list(z, x)
    result = sp.sign(leading)
    for factor, multiplicity in factors:
        if sp.degree(factor, x) > 2:
            return None
        a, b, c = (factor.coeff(x, k) for k in (2, 1, 0))
        if a == 0:
            sign = sp.sign(factor)
        elif (b**2 - 4 * a * c).is_positive:
            root = sp.sqrt(b**2 - 4 * a * c)
            sign = sp.sign(a) * sp.sign(x + (b + root) / (2 * a)) * sp.sign(x + (b - root) / (2 * a))
        else:
            sign = sp.sign(a)
        result *= sign if multiplicity % 2 else 1
    return result


def _relu(z: sp.Expr) -> sp.Expr:
    sign = _sign(z)
    return relu(z) if sign is None else z * (1 + sign) / 2


def _step(z: sp.Expr) -> sp.Expr:
    sign = _sign(z)
    return step(z) if sign is None else (1 + sign) / 2


def _abs(z: sp.Expr) -> sp.Expr:
    sign = _sign(z)
    return sp.Abs(z) if sign is None else z * sign


def _signum(z: sp.Expr) -> sp.Expr:
    sign = _sign(z)
    return sp.sign(z) if sign is None else sign


def _maximum(*terms: sp.Expr) -> sp.Expr:
    """The largest of terms: b + relu(a - b) of two, and relu(a) where b is zero."""
    best, *rest = sorted(terms, key=lambda term: term != 0)
    for term in rest:
        best = best + _relu(term - best)
    return best


def _minimum(*terms: sp.Expr) -> sp.Expr:
    return -_maximum(*(-term for term in terms))


def _number(value: sp.Expr, name: str) -> sp.Expr:
    if value.free_symbols:
        raise ArgumentError(f"{name} has to be a number")
    return value


def _leaky(z: sp.Expr, slope: sp.Expr = _LEAK) -> sp.Expr:
    return relu(z) - _number(slope, "the slope of leaky_relu") * relu(-z)


def _elu(z: sp.Expr, alpha: sp.Expr = sp.S.One) -> sp.Expr:
    return relu(z) + _number(alpha, "the second argument of elu") * (sp.exp(-relu(-z)) - 1)


def _clip(z: sp.Expr, low: sp.Expr = sp.S.NegativeOne, high: sp.Expr = sp.S.One) -> sp.Expr:
    low, high = _number(low, "a bound of clip"), _number(high, "a bound of clip")
    if not (high - low).is_positive:
        raise ArgumentError("clip(x, low, high) needs low < high")
    return low + relu(z - low) - relu(z - high)


def _hermite(n: sp.Expr, z: sp.Expr) -> sp.Expr:
    """He_n by He_(k+1)(z) = z He_k(z) - k He_(k-1)(z)."""
    if not (n.is_Integer and 0 <= n <= _HIGHEST_DEGREE):
        raise ArgumentError(f"the first argument of hermite is its degree, a whole number from 0 to {_HIGHEST_DEGREE}")
    before, now = sp.S.Zero, sp.S.One
    for k in range(int(n)):
        before, now = now, sp.expand(z * now - k * before)
    return now


def _one(make: Callable[[sp.Expr], sp.Expr], name: str, meaning: str, *, kinks: bool = False) -> Function:
    return Function(f"{name}(x)", meaning, 1, 1, make, kinks)


FUNCTIONS: dict[str, Function] = {
    "max": Function("max(a, b, …)", "the largest", 2, 8, _maximum, kinks=True),
    "min": Function("min(a, b, …)", "the smallest", 2, 8, _minimum, kinks=True),
    "abs": _one(_abs, "abs", "|x|", kinks=True),
    "sign": _one(_signum, "sign", "−1, 0 or 1", kinks=True),
    "step": _one(_step, "step", "1 where x ≥ 0, else 0", kinks=True),
    "heaviside": _one(_step, "heaviside", "the same as step", kinks=True),
    "relu": _one(_relu, "relu", "max(x, 0)", kinks=True),
    "leaky_relu": Function(
        "leaky_relu(x, s)", "x where x ≥ 0, else s·x; s is 0.01 if left out", 1, 2, _leaky, kinks=True
    ),
    "elu": Function("elu(x, a)", "x where x ≥ 0, else a·(exp(x) − 1); a is 1 if left out", 1, 2, _elu, kinks=True),
    "selu": _one(
        lambda z: _SELU_SCALE * _elu(z, _SELU_ALPHA),
        "selu",
        "1.0507…·elu(x, 1.6732…) with 17 digits of its constants",
        kinks=True,
    ),
    "clip": Function(
        "clip(x, low, high)", "x cut to [low, high], by default to [−1, 1] (hard tanh)", 1, 3, _clip, kinks=True
    ),
    "relu6": _one(lambda z: _clip(z, sp.S.Zero, sp.Integer(6)), "relu6", "clip(x, 0, 6)", kinks=True),
    "softsign": _one(lambda z: z / (1 + sp.Abs(z)), "softsign", "x/(1 + |x|)", kinks=True),
    "exp": _one(sp.exp, "exp", "eˣ"),
    "log": _one(sp.log, "log", "the natural logarithm"),
    "sqrt": _one(sp.sqrt, "sqrt", "the square root"),
    "erf": _one(sp.erf, "erf", "the error function"),
    "Phi": _one(normal_cdf, "Phi", "the normal distribution function (1 + erf(x/√2))/2"),
    "phi": _one(normal_pdf, "phi", "the normal density exp(−x²/2)/√(2π)"),
    "gelu": _one(lambda z: z * normal_cdf(z), "gelu", "x·Phi(x)"),
    "sin": _one(sp.sin, "sin", "sine"),
    "cos": _one(sp.cos, "cos", "cosine"),
    "tanh": _one(sp.tanh, "tanh", "hyperbolic tangent"),
    "sinh": _one(sp.sinh, "sinh", "hyperbolic sine"),
    "cosh": _one(sp.cosh, "cosh", "hyperbolic cosine"),
    "atan": _one(sp.atan, "atan", "the angle in (−π/2, π/2) whose tangent is x"),
    "sigmoid": _one(lambda z: 1 / (1 + sp.exp(-z)), "sigmoid", "1/(1 + exp(−x))"),
    "softplus": _one(lambda z: sp.log(1 + sp.exp(z)), "softplus", "log(1 + exp(x))"),
    "silu": _one(lambda z: z / (1 + sp.exp(-z)), "silu", "x·sigmoid(x)"),
    "swish": _one(lambda z: z / (1 + sp.exp(-z)), "swish", "the same as silu"),
    "mish": _one(lambda z: z * sp.tanh(sp.log(1 + sp.exp(z))), "mish", "x·tanh(softplus(x))"),
    "gaussian": _one(lambda z: sp.exp(-(z**2)), "gaussian", "exp(−x²)"),
    "hermite": Function("hermite(n, x)", "the probabilists' Hermite polynomial Heₙ: He₂ = x² − 1", 2, 2, _hermite),
}
"""By name. `Phi` and `phi` differ; otherwise capital letters do not matter."""

ALIASES = {"φ": "phi", "Φ": "Phi", "arctan": "atan", "ln": "log", "hardtanh": "clip", "hard_tanh": "clip"}
CONSTANTS = {"pi": sp.pi, "π": sp.pi, "e": sp.E}


def lookup(name: str) -> Function | None:
    """The function of a name, in whatever case it is written; None if there is none."""
    name = ALIASES.get(name, name)
    return FUNCTIONS.get(name) or FUNCTIONS.get(ALIASES.get(name.lower(), name.lower()))


def exact(text: str) -> sp.Rational:
    """The rational number a decimal stands for.

    >>> exact("0.1"), exact("2.5e-1")
    (1/10, 1/4)
    """
    value = Fraction(text)
    return sp.Rational(value.numerator, value.denominator)
