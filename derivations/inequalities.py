"""Builders of steps that establish a sign: `lhs >= 0`, from assumptions, hypotheses and signs established before."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.chain import Rule, Step, record
from derivations.definitions import Definitions, put_in
from derivations.flows import unfolded
from derivations.normal_form import normal_form
from derivations.sums import flatten


def nonnegative(
    label: str,
    text: str,
    expr: sp.Expr,
    *,
    uses: Sequence[str] = (),
    given: Iterable[sp.Expr] = (),
    running: Mapping[sp.Expr, sp.Expr] | None = None,
    lemma: str | None = None,
) -> Step:
    """`expr >= 0` on the strength of the assumptions its symbols carry; parts that occur in `given` count as >= 0.

    The parts given are hypotheses of the statement or established by the steps in `uses`; say in `text` which, a
    replay looks them up there. `running` writes parts by nonnegative parameters that run over their whole range,
    n = 1 + q for an integer n >= 1.
    """
    given = tuple(given)
    residual = sp.S.Zero if is_nonnegative(expr, given, running) else expr
    data: dict[str, Any] = {"given": given, "running": dict(running or {})}
    return record("nonnegative", label, Rule.SIGN, text, (expr, sp.S.Zero), residual, uses=uses, lemma=lemma, **data)


def is_nonnegative(
    expr: sp.Expr, given: Iterable[sp.Expr] = (), running: Mapping[sp.Expr, sp.Expr] | None = None
) -> bool:
    """Whether the assumptions show that `expr` is nonnegative, with the parts `given` counted so."""
    return _is_nonnegative(expr, tuple(given), tuple((running or {}).items()))


@lru_cache(maxsize=4096)
def _is_nonnegative(expr: sp.Expr, given: tuple[sp.Expr, ...], running: tuple[tuple[sp.Expr, sp.Expr], ...]) -> bool:
    known = expr.xreplace({part: sp.Dummy(nonnegative=True) for part in given}).subs(dict(running))
    known = known.xreplace({e: sp.Dummy(positive=True) for e in known.atoms(sp.exp) if e.is_positive})
    return bool(known.is_nonnegative or sp.expand(known).is_nonnegative or sp.factor(sp.together(known)).is_nonnegative)


def inequality(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    parts: Sequence[tuple[Any, ...]],
    *,
    of: Sequence[Step] = (),
    definitions: Definitions = (),
) -> Step:
    """`lhs <= rhs`, recorded as `rhs - lhs >= 0`, as the gap is a sum of parts that are not negative.

    A part is (factor, step) or (factor, step, limits): factor · s, or Σ factor · s over the limits of an index, where
    the closed step says s >= 0 and the assumptions show factor >= 0. The gap is compared with the sum of the parts by
    the rules of finite sums, once `definitions` are put in and the closed equations `of` are used in the gap.
    """
    signs = tuple(step for _, step, *_ in parts)
    factors = tuple(sp.sympify(factor) for factor, *_ in parts)
    limits = tuple(tuple(rest[0]) if rest else () for _, _, *rest in parts)
    total = sp.Add(*(_part(f, step.lhs, limit) for f, step, limit in zip(factors, signs, limits, strict=True)))
    try:
        known = {step.lhs: step.rhs for step in of if step.closed}
        residual = flatten(put_in((rhs - lhs).xreplace(known), definitions)).xreplace(known)
        residual = normal_form(flatten(unfolded(residual - put_in(total, definitions))))
    except ValueError:
        residual = rhs - lhs
    unfounded = [step.residual for step in (*of, *signs) if not step.closed]
    unfounded += [factor for factor in factors if not is_nonnegative(factor)]
    residual = next(iter(unfounded), residual)
    used = tuple(step.id for step in of)
    data: dict[str, Any] = {
        "of": used,
        "signs": tuple(step.id for step in signs),
        "factors": factors,
        "limits": limits,
        "definitions": tuple(definitions),
    }
    uses = tuple(dict.fromkeys((*used, *data["signs"])))
    return record("inequality", label, Rule.SIGN, text, (rhs - lhs, sp.S.Zero), residual, uses=uses, **data)


def nonnegative_integral(
    label: str, text: str, integral: sp.Integral, *, given: Iterable[sp.Expr] = (), uses: Sequence[str] = ()
) -> Step:
    """`integral >= 0` as its integrand is nowhere negative between the ends; parts `given` as in `nonnegative`.

    Between the ends a and b of one variable θ the parts θ - a and b - θ count as given too.
    """
    given = tuple(given)
    ((variable, low, high),) = integral.limits
    between = (variable - low, high - variable)
    residual = sp.S.Zero if is_nonnegative(integral.function, (*given, *between)) else integral
    return record(
        "nonnegative_integral",
        label,
        Rule.SIGN,
        text,
        (integral, sp.S.Zero),
        residual,
        uses=uses,
        lemma="monotonicity of the integral",
        given=given,
    )


def monotone(
    label: str, text: str, function: sp.Expr, variable: sp.Symbol, start: sp.Expr, *, slope: Step, sign: Step
) -> Step:
    """`function` at `start` no less than `function` at `variable` >= `start`: its slope is never positive.

    The step `slope` says that the derivative is -loss, the step `sign` that loss >= 0.
    """
    expr = function.subs(variable, start) - function
    residual = next((step.residual for step in (slope, sign) if not step.closed), sp.S.Zero)
    if residual == 0 and slope.lhs != sp.Derivative(function, variable, evaluate=False):
        residual = expr
    if residual == 0:
        residual = normal_form(slope.rhs + sign.lhs)
    if residual == 0 and not is_nonnegative(variable - start):
        residual = variable - start
    return record(
        "monotone",
        label,
        Rule.SIGN,
        text,
        (expr, sp.S.Zero),
        residual,
        uses=(slope.id, sign.id),
        lemma="monotonicity",
        of=(slope.id,),
        signs=(sign.id,),
        variables=(variable,),
        start=start,
        function=function,
    )


def square_root(label: str, text: str, lhs: sp.Expr, rhs: sp.Expr, *, squares: Step, sign: Step) -> Step:
    """`lhs <= rhs`, recorded as `rhs - lhs >= 0`, from the steps rhs² - lhs² >= 0 and rhs >= 0."""
    steps = (squares, sign)
    differences = (squares.lhs - (rhs**2 - lhs**2), sign.lhs - rhs)
    return _from_signs("square_root", label, text, rhs - lhs, steps, differences, "monotonicity of the square root")


def absolute_value(label: str, text: str, lhs: sp.Abs, rhs: sp.Expr, *, above: Step, below: Step) -> Step:
    """`|x| <= rhs`, recorded as `rhs - |x| >= 0`, from the steps rhs - x >= 0 and rhs + x >= 0."""
    (x,) = lhs.args
    differences = (above.lhs - (rhs - x), below.lhs - (rhs + x))
    return _from_signs("absolute_value", label, text, rhs - lhs, (above, below), differences, None)


def floor_value(label: str, text: str, node: sp.floor, value: sp.Expr, *, low: Step, high: Step) -> Step:
    """`⌊x⌋ = value` for an integer value, from the steps x - value >= 0 and value + 1 - x - margin >= 0, margin > 0."""
    (x,) = node.args
    residual = next((step.residual for step in (low, high) if not step.closed), normal_form(low.lhs - (x - value)))
    margin = sp.factor(value + 1 - x - high.lhs)
    if residual == 0 and not (margin.is_positive and value.is_integer):
        residual = margin
    used = (low.id, high.id)
    return record(
        "floor_value", label, Rule.IDENTITY, text, (node, value), residual, uses=used, signs=used, margin=margin
    )


def _from_signs(  # noqa: PLR0917 - the parts of one step
    check: str,
    label: str,
    text: str,
    expr: sp.Expr,
    steps: Sequence[Step],
    differences: Sequence[sp.Expr],
    lemma: str | None,
) -> Step:
    residual = next((step.residual for step in steps if not step.closed), sp.S.Zero)
    if residual == 0:
        residual = next((left for d in differences if (left := normal_form(d)) != 0), sp.S.Zero)
    signs = tuple(step.id for step in steps)
    return record(check, label, Rule.SIGN, text, (expr, sp.S.Zero), residual, uses=signs, lemma=lemma, signs=signs)


def _part(factor: sp.Expr, signed: sp.Expr, limits: tuple[Any, ...]) -> sp.Expr:
    return sp.Sum(factor * signed, limits) if limits else factor * signed
