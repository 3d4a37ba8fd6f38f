"""Builders of steps of the calculus: derivatives, integrals with their antiderivatives, limits, unique solutions."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp

from derivations.chain import Rule, Step, record
from derivations.definitions import Meaning, define
from derivations.expressions import Expect
from derivations.normal_form import normal_form
from derivations.regularity import first_irregular

Variables: TypeAlias = sp.Symbol | Sequence[sp.Symbol]


def derivative(
    label: str,
    text: str,
    expr: sp.Expr,
    variables: Variables,
    rhs: sp.Expr,
    *,
    uses: Sequence[str] = (),
    meaning: Meaning | None = None,
) -> Step:
    """`∂expr = rhs`, differentiated once in each of `variables`."""
    names = tuple(variables) if isinstance(variables, Sequence) else (variables,)
    lhs = sp.Derivative(expr, *names, evaluate=False)
    residual = normal_form(define(sp.Derivative(expr, *names) - rhs, meaning))
    data: dict[str, Any] = {"meaning": dict(meaning or {})}
    return record("derivative", label, Rule.DERIVATIVE, text, (lhs, rhs), residual, uses=uses, **data)


def definite_integral(
    label: str,
    text: str,
    integral: sp.Integral,
    antiderivative: sp.Expr,
    value: sp.Expr,
    *,
    uses: Sequence[str] = (),
    running: Mapping[sp.Symbol, sp.Expr] | None = None,
    meaning: Meaning | None = None,
) -> Step:
    """`integral = value` by the fundamental theorem of calculus, with the antiderivative supplied.

    Checked in this order, the first failure being the residual: the antiderivative has the integrand as its
    derivative; both are smooth strictly between the ends (every denominator, root, logarithm and arc function is
    looked at, other functions than the elementary ones are refused); the values, or limits, at the ends differ by
    `value`. `running` writes symbols of a bounded range by positive parameters, ρ = (q - 1)/(q + 1) for -1 < ρ < 1.
    """
    ((variable, lower, upper),) = integral.limits
    integrand, primitive = define(integral.function, meaning), define(antiderivative, meaning)
    residual = normal_form(sp.diff(primitive, variable) - integrand)
    if residual == 0:
        residual = first_irregular((integrand, primitive), (variable, lower, upper), running)
    if residual == 0:
        ends = _at_end(primitive, variable, upper, "-") - _at_end(primitive, variable, lower, "+")
        residual = normal_form(ends - define(value, meaning))
    data: dict[str, Any] = {
        "antiderivative": antiderivative,
        "running": dict(running or {}),
        "meaning": dict(meaning or {}),
    }
    return record("definite_integral", label, Rule.INTEGRAL, text, (integral, value), residual, uses=uses, **data)


def integrands(
    label: str,
    text: str,
    lhs: sp.Integral,
    rhs: sp.Integral,
    *,
    uses: Sequence[str] = (),
    meaning: Meaning | None = None,
) -> Step:
    """`lhs = rhs` for two integrals over the same region, since their integrands agree; otherwise it is not closed."""
    difference = define(lhs.function - rhs.function, meaning)
    residual = normal_form(difference) if lhs.limits == rhs.limits else lhs - rhs
    data: dict[str, Any] = {"meaning": dict(meaning or {})}
    return record("integrands", label, Rule.IDENTITY, text, (lhs, rhs), residual, uses=uses, **data)


def limit(label: str, text: str, expr: sp.Limit, value: sp.Expr, *, uses: Sequence[str] = ()) -> Step:
    """`expr = value` for an unevaluated limit, which SymPy's `limit` evaluates."""
    return record("limit", label, Rule.LIMIT, text, (expr, value), normal_form(_evaluate(expr) - value), uses=uses)


def unique_solution(  # noqa: PLR0917 - as the other builders, with the variable and its start
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    variable: sp.Symbol,
    start: sp.Expr,
    *,
    slopes: Step,
    starts: Step,
    coefficient: sp.Expr = sp.S.Zero,
) -> Step:
    """`lhs = rhs` as both solve one linear differential equation in `variable` and agree at `start`.

    The step `slopes` says d(lhs - rhs)/dvariable = coefficient · (lhs - rhs), the step `starts` that lhs = rhs at
    `start`; the solution is unique on the interval around `start` on which all is continuous.
    """
    gap = lhs - rhs
    differences = (
        slopes.lhs - sp.Derivative(gap, variable, evaluate=False),
        slopes.rhs - coefficient * gap,
        starts.lhs - lhs.subs(variable, start),
        starts.rhs - rhs.subs(variable, start),
    )
    residual = next((step.residual for step in (slopes, starts) if not step.closed), sp.S.Zero)
    if residual == 0:
        residual = next((left for d in differences if (left := normal_form(d)) != 0), sp.S.Zero)
    return record(
        "unique_solution",
        label,
        Rule.LEMMA,
        text,
        (lhs, rhs),
        residual,
        uses=(slopes.id, starts.id),
        lemma="uniqueness of linear flows",
        of=(slopes.id, starts.id),
        variables=(variable,),
        start=start,
        coefficient=coefficient,
    )


def heat_equation(  # noqa: PLR0917 - as the other builders, with the two symbols of the equation
    label: str,
    text: str,
    node: Expect,
    formula: sp.Expr,
    mean: sp.Symbol,
    variance: sp.Symbol,
    *,
    uses: Sequence[str] = (),
) -> Step:
    """`E[h(mean + z)] = formula`, z of variance `variance` > 0: the formula smooths h, H_v = ½ H_μμ and H(μ, 0) = h(μ).

    `node` is the expectation of h(mean + z) over the one variable z. The derivatives are compared in the normal form;
    so is the limit of the formula for variance 0 with h, for a positive, a negative and a vanishing mean. That
    the formula grows no faster than the lemma "heat equation" allows is not looked at.
    """
    h = node.integrand.subs(node.variables[0], 0)
    plain = formula.rewrite(sp.erf)
    residual = normal_form(sp.diff(plain, variance) - sp.diff(plain, mean, 2) / 2)
    if residual == 0:
        residual = normal_form(h.subs(mean, mean + node.variables[0]) - node.integrand)
    if residual == 0:
        residual = normal_form(node.covariance[0, 0] - variance)
    for sign in (1, -1, 0) if residual == 0 else ():
        p = sign * sp.Symbol(mean.name, positive=True)
        towards = _evaluate(sp.Limit(plain.subs(mean, p), variance, 0, "+"))
        residual = residual or normal_form(towards - h.subs(mean, p).rewrite(sp.erf))
    sides, lemma = (node, formula), "heat equation"
    data: dict[str, Any] = {"variables": (mean, variance)}
    return record("heat_equation", label, Rule.LEMMA, text, sides, residual, uses=uses, lemma=lemma, **data)


@lru_cache(maxsize=1024)
def _evaluate(expr: sp.Limit) -> sp.Expr:
    try:
        return expr.doit()
    except (NotImplementedError, ValueError):
        return expr


def _at_end(expr: sp.Expr, variable: sp.Symbol, end: sp.Expr, direction: str) -> sp.Expr:
    if end.is_finite:
        value = expr.subs(variable, end)
        if not value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            return value
    return _evaluate(sp.Limit(expr, variable, end, direction))
