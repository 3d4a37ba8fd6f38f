"""Everything the suite finds out about an activation that a user has written down: see `study`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import sympy as sp
from flint import arb

from derivations import proof
from derivations.activations import sigma, sigma_prime
from derivations.correlation_maps import CorrelationMap
from derivations.duals import Dual, NoClosedForm, dual
from derivations.duals.moments import a, b, c
from derivations.language import parse, x
from derivations.numerical_duals import NumericalDual
from derivations.replay.check import replay
from derivations.terms import TermError
from numerics.balls import enclose
from numerics.kinks import branches
from verify.curves import curves
from verify.dual_result import DualResult, FixedPoint, Phase, Row, SeriesTerm
from verify.enclosure import as_ball
from verify.errors import InputError
from verify.evidence import Formula
from verify.statement import Identity
from verify.typeset import formula

CORRELATIONS = tuple(sp.Rational(text) for text in ("-1", "-1/2", "0", "1/2", "9/10", "1"))
_POWERS = 6
"""The highest power of ρ in the series."""
_rho, _Sigma, _z = sp.symbols("rho Sigma z", real=True)
_h = sp.Symbol("h", integer=True, nonnegative=True)
_kappa, _kappa_dot = sp.Function("kappa"), sp.Function("kappa_dot")

Say = Callable[[str], None]


def study(text: str, *, depth: int = 3, digits: int = 20, say: Say = lambda _: None) -> tuple[DualResult, str]:
    """Derive what follows from an activation written in the language of `derivations.language`.

    Returns the result, and the text of a proof file or "". `say` is told what is being done. Raises ExpressionError
    for a text that is no activation, InputError for one without a dual.
    """
    start = time.monotonic()
    activation = parse(text)
    say("looking for a closed form")
    found, reason = best_dual(activation)
    _refuse_without_variance(found)
    duals = CorrelationMap(found, digits)
    symbolic = found if isinstance(found, Dual) else None
    say("enclosing the duals")
    rows = tuple(_row(duals, rho, depth, say) for rho in CORRELATIONS)
    say("series and fixed points")
    series, rest = _series(duals)
    written, no_file = _proof(symbolic) if symbolic else ("", "there is no closed form to prove")
    say("drawing")
    lines = curves(duals, depth)
    return DualResult(
        expression=text,
        canonical=str(activation),
        activation=_equation(sigma(x), found.activation),
        derivative=_equation(sigma_prime(x), found.derivative),
        closed_form=symbolic is not None,
        family=symbolic.family if symbolic else _method(activation),
        reason=reason,
        jump=_jump(found),
        covariance=_equation(_kappa(_rho), symbolic.at(_rho)) if symbolic else None,
        derivative_covariance=_equation(_kappa_dot(_rho), symbolic.derivative_at(_rho))
        if symbolic and duals.smooth
        else None,
        general=_general(symbolic) if symbolic else (),
        conditions=tuple(formula(sp.Gt(need, 0, evaluate=False)) for need in symbolic.conditions) if symbolic else (),
        normalisation=_equation(sp.Symbol("c_sigma"), symbolic.normalisation) if symbolic else None,
        normalisation_value=as_ball(duals.normalisation, digits),
        series=series,
        series_rest=as_ball(rest, 5),
        slope=as_ball(duals.slope_at_one, digits) if duals.smooth else None,
        phase=phase(duals),
        fixed_points=_fixed_points(duals),
        recursion=_recursion(symbolic, smooth=duals.smooth),
        depth=depth,
        digits=digits,
        rows=rows,
        curves=lines,
        proof_steps=len(symbolic.chain.steps) if symbolic else 0,
        proved=bool(written),
        lemmas=tuple(sorted({step.lemma for step in symbolic.chain.steps if step.lemma})) if symbolic else (),
        proof_file=no_file,
        seconds=round(time.monotonic() - start, 2),
    ), written


def best_dual(activation: sp.Expr) -> tuple[Dual | NumericalDual, str]:
    """The dual in closed form, or else by numbers, and why. Raises InputError where there is none."""
    try:
        return dual(activation), ""
    except NoClosedForm as why:
        return NumericalDual(activation), str(why)
    except ValueError as error:
        raise InputError(f"This activation has no dual: {error}.") from None


def _refuse_without_variance(found: Dual | NumericalDual) -> None:
    """Raise InputError, saying why, unless E[σ(z)²] is finite and positive and the definition can be enclosed."""
    if isinstance(found, Dual):
        return
    try:
        size = found.at(sp.S.One, digits=10)
        if not found.jumps:
            found.derivative_at(sp.S.One, digits=10)
    except (TypeError, ValueError) as error:
        why = re.sub(r"\bu\b", "x", str(error))
        raise InputError(
            f"This activation has no dual that could be enclosed: {why}. Its square must have a finite mean under "
            "the normal law (exp(0.2*x^2) has one, exp(0.3*x^2) has not), and its kinks must lie where an expression "
            "a*x + b is zero."
        ) from None
    if not size > 0:
        raise InputError("This activation vanishes, and so does its dual.")


def _method(activation: sp.Expr) -> str:
    if branches(activation, x) is None:
        return "analytic around the real line: trapezoid rule with a rigorous bound"
    return "piecewise analytic: quadrature split at the kinks, in ball arithmetic"


def _jump(found: Dual | NumericalDual) -> str:
    if isinstance(found, Dual):
        return found.jump.replace("sigma", "σ")
    if not found.jumps:
        return ""
    place = found.jumps[0].place
    return f"σ jumps at {place}, so its derivative has a point mass there and no covariance"


def _equation(lhs: sp.Expr, rhs: sp.Expr) -> Formula:
    return formula(sp.Eq(lhs, rhs, evaluate=False))


def _general(found: Dual) -> tuple[Formula, ...]:
    equations = [_equation(_kappa(a, b, c), found.formula)]
    if found.derivative_dual is not None:
        equations.append(_equation(_kappa_dot(a, b, c), found.derivative_dual))
    return (*equations, _equation(_kappa(a, a, a), found.diagonal(a)))


def _recursion(found: Dual | None, *, smooth: bool) -> tuple[Formula, ...]:
    nngp, slope, ntk = (sp.IndexedBase(name) for name in ("Sigma", "Sigma_dot", "Theta"))
    before, scale = nngp[_h - 1], sp.Symbol("c_sigma")
    step = found.recursion.covariance_step.subs(_Sigma, before) if found else scale * _kappa(before)
    equations = [_equation(nngp[0], _rho), _equation(nngp[_h], step)]
    if smooth:
        derivative = found.recursion.derivative_step if found else None
        slopes = scale * _kappa_dot(before) if derivative is None else derivative.subs(_Sigma, before)
        equations.append(_equation(slope[_h], slopes))
        equations.append(_equation(ntk[0], _rho))
        equations.append(_equation(ntk[_h], ntk[_h - 1] * slope[_h] + nngp[_h]))
    return tuple(equations)


def _row(duals: CorrelationMap, rho: sp.Rational, depth: int, say: Say) -> Row:
    say(f"enclosing the duals at ρ = {rho}")
    last = duals.layers(rho, depth)[-1]
    value, slope = duals.value(rho), duals.derivative(rho) if duals.smooth else None
    agrees = None
    if isinstance(duals.dual, Dual):
        definition = NumericalDual(duals.dual.activation)
        pairs = [(value, definition.at(rho, digits=duals.digits))]
        if slope is not None:
            pairs.append((slope, NumericalDual(duals.dual.derivative).at(rho, digits=duals.digits)))
        agrees = all(closed.overlaps(defined) for closed, defined in pairs)
    return Row(
        rho=str(rho),
        covariance=as_ball(value, duals.digits),
        derivative=None if slope is None else as_ball(slope, duals.digits),
        deep_covariance=as_ball(last.covariance, duals.digits),
        deep_ntk=None if last.ntk is None else as_ball(last.ntk, duals.digits),
        agrees=agrees,
    )


def _series(duals: CorrelationMap) -> tuple[tuple[SeriesTerm, ...], arb]:
    """The coefficients up to ρ^6, and what they leave of the value at 1."""
    if isinstance(duals.dual, Dual):
        formulas = duals.dual.series(_POWERS)
        values = [enclose(w, {}, digits=duals.digits) for w in formulas]
        rest = (duals.value(sp.S.One) - sum(values, arb(0))).upper().max(arb(0))
        terms = zip(formulas, values, strict=True)
        return tuple(SeriesTerm(formula=formula(w), value=as_ball(v, duals.digits)) for w, v in terms), rest
    partial = duals.dual.series(_POWERS, digits=duals.digits)
    found = (SeriesTerm(formula=None, value=as_ball(v, duals.digits)) for v in partial.coefficients)
    return tuple(found), partial.rest


def phase(duals: CorrelationMap) -> Phase:
    """Whether a layer brings two inputs that are almost the same closer (order), or drives them apart (chaos)."""
    slope = duals.slope_at_one
    if slope < 1 or slope > 1:
        return "order" if slope < 1 else "chaos"
    marginal = (
        isinstance(duals.dual, Dual)
        and sp.simplify(duals.dual.normalisation * duals.dual.derivative_at(sp.S.One) - 1) == 0
    )
    return "edge of chaos" if marginal else "undecided"


def _fixed_points(duals: CorrelationMap) -> tuple[FixedPoint, ...]:
    if not isinstance(duals.dual, Dual):
        return _certified_fixed_points(duals)
    try:
        points = duals.dual.fixed_points
    except (ValueError, ArithmeticError):  # every correlation is one; or none could be told from 1
        return ()
    return tuple(
        FixedPoint(
            rho=as_ball(point.enclosure, duals.digits),
            slope=as_ball(point.slope, duals.digits) if point.slope.is_finite() else None,
            kind=point.kind,
        )
        for point in points
    )


def _certified_fixed_points(duals: CorrelationMap) -> tuple[FixedPoint, ...]:
    """The ends, 0 for an odd function, else the one between 0 and 1 where there is one and it was found."""
    kinds = {"order": "attracting", "chaos": "repelling"}
    slope = as_ball(duals.slope_at_one, duals.digits) if duals.smooth else None
    kind = kinds.get(phase(duals), "undecided")
    found = [FixedPoint(rho=as_ball(arb(1)), slope=slope, kind=kind)]
    if duals.parity == -1:
        inner = as_ball(duals.normalisation * duals.derivative(sp.S.Zero), duals.digits) if duals.smooth else None
        found.insert(0, FixedPoint(rho=as_ball(arb(0)), slope=inner, kind="attracting"))
        found.insert(0, FixedPoint(rho=as_ball(arb(-1)), slope=slope, kind=kind))
    elif (inside := duals.inner_fixed_point()) is not None:
        place, tangent = (as_ball(ball, duals.digits) for ball in inside)
        found.insert(0, FixedPoint(rho=place, slope=tangent, kind="attracting"))
    return tuple(found)


def _proof(found: Dual) -> tuple[str, str]:
    """The text of a proof file of the closed form that replays, or why there is none."""
    if not found.chain.reaches:
        return "", found.chain.obstacle or "a step of the derivation is open"
    positive, reach = sp.Interval.open(0, sp.oo), sp.sqrt(a) * sp.sqrt(b)
    needs = tuple((need, positive) for need in found.conditions if need not in (a, b, a * b - c**2))
    domain = ((a, positive), (b, positive), (c, sp.Interval.open(-reach, reach)), *needs)
    statement = Identity(lhs=found.statement.lhs, rhs=found.statement.rhs, domain=domain)
    names = {"claim": "activation", "form": "dual", "route": "closed form"}
    try:
        text = proof.write(proof.Proof.of(statement, found.chain, kind="identity", **names))
    except TermError as error:
        return "", str(error)
    failure = replay(text).failure
    return ("", f"its replay stops: {failure.reason}") if failure else (text, "")
