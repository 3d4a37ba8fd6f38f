"""The evidence of `UniformCertificate` routes: a statement's difference, bounded on intervals of one variable."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq

from derivations.expressions import Expect
from derivations.scaling import common_factor
from numerics import elementary as el
from numerics import uniform
from numerics.balls import Evaluator, number
from numerics.continuation import Angle
from numerics.elementary import Holomorphic, Value
from numerics.quadrature import Integrand
from verify import domain, enclosure
from verify.claim import UniformCertificate
from verify.evidence import Comparison, UniformEvidence, UniformPiece
from verify.statement import Identity, Statement
from verify.typeset.text import TextPrinter

_GUARD = 15
"""Decimal digits of working precision beyond those of the tolerance."""

_ANGLE = Angle("theta", real=True)


def certify(route: UniformCertificate, statement: Statement) -> UniformEvidence:
    """Bound |lhs - rhs| of an identity on intervals of the route's variable, ends included.

    Raises TypeError for a statement that is no identity or a construct that has no enclosure, ValueError for an
    interval outside the variable's domain or, in the chart of angles, outside [-1, 1], and LookupError for another
    symbol without a value.
    """
    if not isinstance(statement, Identity):
        raise TypeError(f"a statement of kind {statement.kind!r} has no difference to be bounded")
    sides = statement.expand(statement.lhs), statement.expand(statement.rhs)
    values = {symbol: sp.sympify(value) for symbol, value in route.at.items()}
    others = {symbol for side in sides for symbol in side.free_symbols} - {route.variable}
    if missing := sorted(map(str, others - set(values))):
        raise LookupError(f"the symbol {missing[0]} has no value")
    factor = common_factor(sides, {symbol: values[symbol] for symbol in others})
    difference = (sides[0] - sides[1]).subs(values)
    pieces: list[UniformPiece] = []
    with flint.ctx.workdps(route.digits + _GUARD):
        for low, high in _intervals(route, statement):
            for piece in _pieces(route, difference, low, high):
                if piece.witness:
                    at = _variable(route, low, high)(piece.witness.point)
                    found = _witness(route, statement, at)
                    return _evidence(route, factor, pieces, found)
                pieces.append(_recorded(route, piece, low, high))
    return _evidence(route, factor, pieces, None)


def _evidence(
    route: UniformCertificate, factor: sp.Expr | None, pieces: list[UniformPiece], witness: Comparison | None
) -> UniformEvidence:
    return UniformEvidence(
        variable=route.variable.name,
        at=enclosure.at(route.at),
        factor=None if factor is None else TextPrinter().doprint(factor),
        tolerance=f"1e-{route.digits}",
        pieces=tuple(pieces),
        witness=witness,
    )


def _intervals(route: UniformCertificate, statement: Statement) -> Iterator[tuple[sp.Rational, sp.Rational]]:
    """The intervals to cover: those of the route, as far as the variable may run there."""
    allowed = dict(statement.domain)[route.variable]
    for low, high in route.intervals or ((allowed.inf, allowed.sup),):
        part = sp.Intersection(sp.Interval(low, high), allowed)
        if part is sp.S.EmptySet:
            continue
        if not (isinstance(part, sp.Interval) and part.inf.is_Rational and part.sup.is_Rational):
            raise ValueError(f"{route.variable} does not run over an interval with rational ends: {part}")
        if route.chart == "angle" and not part.is_subset(sp.Interval(-1, 1)):
            raise ValueError(f"{route.variable} is no cosine on the whole of {part}")
        yield part.inf, part.sup


def _pieces(
    route: UniformCertificate, difference: sp.Expr, low: sp.Rational, high: sp.Rational
) -> tuple[uniform.Piece, ...]:
    tolerance = fmpq(1, 10**route.digits)
    variable = _variable(route, low, high)

    def on_line(x: Value) -> Value:
        return Evaluator({route.variable: x}).value(difference)

    if route.chart == "line":
        return uniform.bound(on_line, number(low), number(high), tolerance)
    pulled_back, angle = pull_back(difference, route.variable, _ANGLE), _angle(low, high)

    def in_angle(x: Value) -> Value:
        if isinstance(x, Holomorphic):
            return Evaluator({_ANGLE: angle(x)}).value(pulled_back)
        return on_line(variable(x))

    # In one piece: its ends are then those of the interval, which are rational.
    return uniform.bound(in_angle, fmpq(0), fmpq(1), tolerance, halvings=0)


def _angle(low: sp.Rational, high: sp.Rational) -> Integrand:
    """The affine map from [0, 1] onto the angles of [low, high], which it runs through from high to low."""

    def angle(x: Value) -> Value:
        first, last = (arb(el.acos(number(end))) for end in (high, low))
        return first + (last - first) * x

    return angle


def _variable(route: UniformCertificate, low: sp.Rational, high: sp.Rational) -> Integrand:
    """The variable at a value of the parameter."""
    if route.chart == "line":
        return lambda x: x
    angle = _angle(low, high)
    return lambda x: el.apply("cos", angle(x))


def pull_back(expr: sp.Expr, rho: sp.Symbol, theta: sp.Symbol) -> sp.Expr:  # noqa: PLR0911 - one for each kind of node
    """Write a function of ρ as one of θ, ρ = cos θ with 0 <= θ <= π.

    Principal branches are resolved where the real interval says how: arccos(±ρ), arcsin ρ, and odd powers of the roots
    of 1 - ρ² = sin²θ, 1 - ρ = 2 sin²(θ/2) and 1 + ρ = 2 cos²(θ/2), whose bases are not negative.

    >>> rho, theta = sp.symbols("rho theta", real=True)
    >>> pull_back(sp.sqrt(4 - 4 * rho**2) + rho * sp.acos(rho), rho, theta)
    theta*cos(theta) + 2*sin(theta)
    """
    if rho not in expr.free_symbols:
        return expr
    if expr == rho:
        return sp.cos(theta)
    if isinstance(expr, Expect):
        if rho in expr.integrand.free_symbols:
            raise TypeError(f"{expr} is not continued in {rho}, which is in its integrand")
        covariance = [[pull_back(entry, rho, theta) for entry in row] for row in expr.covariance.tolist()]
        return Expect(expr.integrand, expr.variables, covariance)
    if isinstance(expr, sp.acos) and expr.args[0] in (rho, -rho):
        return theta if expr.args[0] == rho else sp.pi - theta
    if isinstance(expr, sp.asin) and expr.args[0] in (rho, -rho):
        return (sp.pi / 2 - theta) * (1 if expr.args[0] == rho else -1)
    if isinstance(expr, sp.Pow) and (2 * expr.exp).is_odd:
        for base, root in (
            (1 - rho**2, sp.sin(theta)),
            (1 - rho, sp.sqrt(2) * sp.sin(theta / 2)),
            (1 + rho, sp.sqrt(2) * sp.cos(theta / 2)),
        ):
            multiple = sp.cancel(expr.base / base)
            if multiple.is_positive and rho not in multiple.free_symbols:
                return multiple**expr.exp * root ** (2 * expr.exp)
    return expr.func(*(pull_back(arg, rho, theta) for arg in expr.args))


def _recorded(route: UniformCertificate, piece: uniform.Piece, low: sp.Rational, high: sp.Rational) -> UniformPiece:
    ends = (piece.low, piece.high) if route.chart == "line" else (low, high)
    variable = _variable(route, low, high)
    return UniformPiece(
        low=str(ends[0]),
        high=str(ends[1]),
        points=tuple(float(el.real(variable(value.point))) for value in piece.values),
        sizes=tuple(_rounded_up(abs(value.value)) for value in piece.values),
        ellipse=str(piece.radius or ""),
        magnitude=_decimal(piece.magnitude),
        truncation=_decimal(piece.truncation),
        bound=_decimal(piece.bound),
    )


def _rounded_up(value: arb) -> float:
    return math.nextafter(float(value.upper()), math.inf)


def _decimal(value: arb | None) -> str:
    """A few digits of a nonnegative number, rounded up; "inf" for none."""
    if value is None or not value.is_finite():
        return "inf"
    return f"{_rounded_up(value) * (1 + 1e-5):.6g}"


def _witness(route: UniformCertificate, statement: Identity, at: arb) -> Comparison:
    """Both sides compared next to the point at which they differ, at a short rational if they differ there too."""
    short = Fraction(float(at)).limit_denominator(1000)
    compared = [
        enclosure.compare(statement, _point(route, value), digits=route.digits + _GUARD)
        for value in (sp.Rational(short.numerator, short.denominator), at)
        if domain.inside(statement, _point(route, value))
    ]
    return next((found for found in compared if found.relation in ("less", "greater")), compared[-1])


def _point(route: UniformCertificate, value: Any) -> Mapping[Any, Any]:
    return {**route.at, route.variable: value}
