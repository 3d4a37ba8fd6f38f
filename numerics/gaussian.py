"""Expectations over centred Gaussians in one or two variables, enclosed from their definition.

One variable: in closed form for the class of `smoothing` (so that E[relu(z)²] of a rational variance is exact), else
by the trapezoid rule where the function is analytic in a strip around the line, else by quadrature against the
density, split at the kinks, with a bound on the tails.

Two variables, integrand Σ g(u)h(v): given u, v is N(cu/a, b - c²/a), so E[g(u)h(v)] = E[g(u)H(cu/a)] with H the
Gaussian mean of h as a function of its centre. H is entire, and in closed form if h (or, with the roles exchanged, g)
is in the class; one quadrature over u remains. Otherwise, if both are analytic in a strip around the line, by a double
sum (`trapezoid`). Otherwise H is a quadrature itself, and the whole takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import flint
import sympy as sp
from flint import acb, arb, fmpq

from numerics import elementary as el
from numerics import trapezoid
from numerics.continuation import continued
from numerics.elementary import Holomorphic, Value
from numerics.evaluator import Evaluator
from numerics.growth import Growth, growth
from numerics.kinks import split
from numerics.quadrature import Integrand, integrate
from numerics.smoothing import OutsideClass, mean


class Factor(NamedTuple):
    """A function of one centred Gaussian variable, and the variance of that variable."""

    function: sp.Expr
    variable: sp.Symbol
    variance: Value

    @property
    def deviation(self) -> arb:
        """The standard deviation."""
        return el.real(el.sqrt(self.variance))

    def growth(self, evaluate: Evaluator) -> Growth:
        """The growth of the function, on the scale of the standard deviation."""
        return growth(self.function, self.variable, self.deviation, evaluate)


def expectation(
    integrand: sp.Expr, variables: Sequence[sp.Symbol], covariance: Sequence[Sequence[Any]], evaluate: Evaluator
) -> Value:
    """Enclose E[integrand] for variables ~ N(0, covariance), to about the working precision.

    The entries of the covariance are expressions, or values already enclosed. A singular covariance is recognised
    where it is exactly singular (as an expression, or in rationals) and leaves one variable or none.
    Raises ValueError for a covariance that is not positive semi-definite or an expectation that diverges, TypeError
    for an integrand that is no sum of products g(u)h(v), or whose kinks are not at affine arguments.
    """
    integrand = integrand.rewrite(sp.erf)  # the class with closed-form means is written with erf
    singular = len(variables) == 2 and _singular(covariance)
    entries = [[evaluate.value(x) if isinstance(x, sp.Basic) else x for x in row] for row in covariance]
    if len(variables) == 2 and any(isinstance(x, Holomorphic) for row in entries for x in row):
        return _continued(integrand, variables, covariance, entries, evaluate)
    if not integrand.free_symbols <= set(variables):
        return _expectation(integrand, variables, entries, singular, evaluate)
    return evaluate.once(
        (integrand, *variables, singular),
        [x for row in entries for x in row],
        lambda: _expectation(integrand, variables, entries, singular, evaluate),
    )


def _continued(
    integrand: sp.Expr,
    variables: Sequence[sp.Symbol],
    covariance: Sequence[Sequence[Any]],
    entries: list[list[Value]],
    evaluate: Evaluator,
) -> Holomorphic:
    """Enclose the analytic continuation to a complex ball of covariances of u and v, their variances being real."""
    (a, c), (_, b) = entries
    if isinstance(a, Holomorphic) or isinstance(b, Holomorphic) or covariance[0][1] != covariance[1][0]:
        raise TypeError("an expectation is continued in the covariance of its two variables only")
    known = all(isinstance(x, sp.Basic) for row in covariance for x in row)
    correlation = covariance[0][1] / sp.sqrt(covariance[0][0] * covariance[1][1]) if known else None
    u, v = variables
    pairs = [(Factor(g, u, a), Factor(h, v, b)) for g, h in _products(integrand, u, v)]
    return continued(pairs, correlation, c / el.sqrt(a * b), evaluate)


def _singular(covariance: Sequence[Sequence[Any]]) -> bool:
    """Whether the determinant is zero as an expression."""
    (a, c), (_, b) = covariance
    return all(isinstance(entry, sp.Basic) for entry in (a, b, c)) and sp.expand(a * b - c**2) == 0


def _expectation(
    integrand: sp.Expr, variables: Sequence[sp.Symbol], entries: list[list[Value]], singular: bool, evaluate: Evaluator
) -> Value:
    if len(variables) == 1:
        return _single(Factor(integrand, variables[0], entries[0][0]), evaluate)
    u, v = variables
    (a, c), (other, b) = entries
    if el.sign(c - other):
        raise ValueError(f"a covariance [[{a}, {c}], [{other}, {b}]] is not symmetric")
    determinant = fmpq(0) if singular else a * b - el.times(c, c)
    if any(el.sign(minor) == -1 for minor in (a, b, determinant)):
        raise ValueError(f"a covariance [[{a}, {c}], [{c}, {b}]] is not positive semi-definite")
    if el.is_zero(a) or el.is_zero(b):
        gone, left, variance = (u, v, b) if el.is_zero(a) else (v, u, a)
        return _single(Factor(integrand.subs(gone, 0), left, variance), evaluate)
    if el.is_zero(determinant):
        ratio = sp.Dummy("kappa", real=True)
        return _single(Factor(integrand.subs(v, ratio * u), u, a), evaluate.bind({ratio: c / a}))
    total: Value = fmpq(0)
    for g, h in _products(integrand, u, v):
        total = total + _pair(Factor(g, u, a), Factor(h, v, b), c, determinant, evaluate)
    return total


def _products(integrand: sp.Expr, u: sp.Symbol, v: sp.Symbol) -> list[tuple[sp.Expr, sp.Expr]]:
    """Write the integrand as a sum of products g(u)h(v)."""
    of_u, of_v, both = sp.S.One, sp.S.One, []
    for factor in sp.Mul.make_args(integrand):
        if v not in factor.free_symbols:
            of_u *= factor
        elif u not in factor.free_symbols:
            of_v *= factor
        else:
            both.append(factor)
    if not both:
        return [(of_u, of_v)]
    expanded = integrand if integrand.is_Add else sp.expand(integrand)
    if not expanded.is_Add and expanded == integrand:
        raise TypeError(f"{integrand} is no sum of products of a function of {u} and a function of {v}")
    return [pair for term in sp.Add.make_args(expanded) for pair in _products(term, u, v)]


def _single(f: Factor, evaluate: Evaluator) -> Value:
    """E[f(x)]."""
    if el.sign(f.variance) == -1:
        raise ValueError(f"a variance {f.variance} is negative")
    if el.is_zero(f.variance):
        return evaluate.value(f.function.subs(f.variable, 0))
    try:
        return mean(f.function, f.variable, f.variance, evaluate)(fmpq(0))
    except OutsideClass:
        value = trapezoid.single(f, evaluate)
        return by_quadrature(f, evaluate) if value is None else value


def by_quadrature(
    f: Factor, evaluate: Evaluator, *, weight: Integrand | None = None, weight_growth: Growth | None = None
) -> Value:
    """E[f(x)·weight(x)] by quadrature over the line against the density, with a bound on the tails.

    `weight` is an entire function of x whose growth on the line, on the scale of x's deviation, is `weight_growth`.
    """
    size = f.growth(evaluate) if weight_growth is None else f.growth(evaluate) * weight_growth
    cut = size.cut()
    exponent = -1 / el.real(2 * f.variance)

    def density(x: Value) -> Value:
        value = el.exp(exponent * (x * x))
        return value if weight is None else value * weight(x)

    inside = _over_line(f, (cut * f.deviation).upper(), density, evaluate)
    return inside / (2 * arb.pi() * f.variance).sqrt() + arb(0, size.tail(cut))


def _over_line(f: Factor, end: arb, density: Integrand, evaluate: Evaluator) -> Value:
    """∫ f(x) density(x) dx over [-end, end] or somewhat more, for an entire density."""
    pieces = split(f.function, f.variable, end, evaluate)

    def weighted(formula: sp.Expr) -> Integrand:
        return lambda x: el.times(evaluate.bind({f.variable: x}).value(formula), density(x))

    return integrate(
        weighted(f.function),
        -pieces.end,
        pieces.end,
        breakpoints=pieces.breakpoints,
        branches=[weighted(formula) for formula in pieces.formulas],
    )


def _pair(first: Factor, second: Factor, c: Value, determinant: Value, evaluate: Evaluator) -> Value:
    """E[g(u)h(v)] for u, v of covariance c."""
    if el.is_zero(c):
        return el.times(_single(first, evaluate), _single(second, evaluate))
    for outer, inner in ((first, second), (second, first)):
        try:
            smoothed = mean(inner.function, inner.variable, determinant / outer.variance, evaluate)
        except OutsideClass:
            continue
        weight = partial(_scaled, smoothed, c / outer.variance)
        return by_quadrature(outer, evaluate, weight=weight, weight_growth=inner.growth(evaluate).smoothed())
    value = trapezoid.pair(first, second, c, determinant, evaluate)
    return by_nested_quadrature(first, second, c, determinant / first.variance, evaluate) if value is None else value


def _scaled(f: Integrand, slope: Value, x: Value) -> Value:
    return f(slope * x)


def by_nested_quadrature(outer: Factor, inner: Factor, c: Value, variance: Value, evaluate: Evaluator) -> Value:
    """E[g(u)h(v)] for u, v of covariance c, v of the given variance given u, by a quadrature inside a quadrature.

    At real u the mean H of h(v) given u is a quadrature. On the balls where the outer quadrature only wants a bound,
    |H(u)| <= E[|h(v)| given Re u] · exp((Im cu/a)²/2s²), s² the variance of v given u.
    """
    slope, scale = c / outer.variance, el.real(2 * variance)
    spread, size = inner.growth(evaluate).smoothed(), inner.growth(evaluate) * outer.growth(evaluate).smoothed()
    cut, deviation, height = size.cut(), outer.deviation, 1 / (arb.pi() * scale).sqrt()
    end, narrow = (cut * inner.deviation).upper(), arb(2) ** (-flint.ctx.prec // 2)

    def conditional(x: Value) -> Value:
        if isinstance(x, Holomorphic):
            bound = spread.at(x.ball.real / deviation) * (_square(x.ball.imag * slope) / scale).exp().upper()
            return Holomorphic(acb(arb(0, bound), arb(0, bound)))
        if not x.rad() < narrow:
            return arb(0, spread.at(x / deviation))
        return height * _over_line(inner, end, lambda y: el.exp(-_square(y - slope * x) / scale), evaluate)

    return by_quadrature(outer, evaluate, weight=conditional, weight_growth=spread) + arb(0, size.tail(cut))


def _square(x: Value) -> Value:
    return x * x
