"""Closed-form Gaussian means E[h(X)], X ~ N(μ, s²), of the functions that NTK theory is built from.

The class: sums of c·x^j·exp(Ax² + Bx)·gate(x), where the gate is 1, a step 1[αx + β >= 0], or erf(αx + β). It holds
polynomials, ReLU, its derivative, |x|, Gaussian bells, Φ and products such as xΦ(x) (the GELU); it is closed under
multiplication, except of erf with another gate. As a function of μ each mean is entire, so it may stand inside a
quadrature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import arb, fmpq

from numerics import elementary as el
from numerics.elementary import Value
from numerics.evaluator import Evaluator
from numerics.kinks import branches, polynomial

_ZERO = fmpq(0)


@dataclass(frozen=True)
class Gate:
    """1[slope·x + offset >= 0] (step, with slope 1 or -1) or erf(slope·x + offset)."""

    kind: str
    slope: Value
    offset: Value

    @property
    def root(self) -> Value:
        """Where a step happens."""
        return -el.times(self.slope, self.offset)


@dataclass(frozen=True)
class Term:
    """coefficient · x^power · exp(square·x² + linear·x) · gate(x)."""

    coefficient: Value
    power: int = 0
    square: Value = _ZERO
    linear: Value = _ZERO
    gate: Gate | None = None


class OutsideClass(Exception):  # noqa: N818 - not an error: there is another way
    """The function has no closed-form mean here."""


def mean(h: sp.Expr, x: sp.Symbol, variance: Value, evaluate: Evaluator) -> Callable[[Value], Value]:
    """The function μ ↦ E[h(X)], X ~ N(μ, variance); what does not depend on μ is computed once.

    Exact in rationals where μ = 0 and the value is rational. Raises `OutsideClass` if h is not in the class,
    ValueError if the mean is infinite or not known to be finite.
    """
    means = [_mean(term, variance) for term in terms(h, x, evaluate) if not el.is_zero(term.coefficient)]

    def at(mu: Value) -> Value:
        total: Value = fmpq(0)
        for term in means:
            total = total + term(mu)
        return total

    return at


def terms(h: sp.Expr, x: sp.Symbol, evaluate: Evaluator) -> tuple[Term, ...]:  # noqa: PLR0911 - one for each kind of node
    """Write h, a function of x, as a sum of terms; raise `OutsideClass` if it is not one."""
    if x not in h.free_symbols:
        return (Term(evaluate.value(h)),)
    if h == x:
        return (Term(fmpq(1), 1),)
    if isinstance(h, sp.Add):
        return tuple(term for arg in h.args for term in terms(arg, x, evaluate))
    if isinstance(h, sp.Mul):
        return _product([terms(arg, x, evaluate) for arg in h.args])
    if isinstance(h, sp.Pow) and h.exp.is_Integer and 1 < h.exp <= 16:
        return _product([terms(h.base, x, evaluate)] * int(h.exp))
    if isinstance(h, sp.erf):
        return (Term(fmpq(1), gate=_gate("erf", h.args[0], x, evaluate)),)
    if isinstance(h, sp.exp):
        coefficients = polynomial(h.args[0], x, 2, evaluate)
        if coefficients is None:
            raise OutsideClass(str(h))
        constant, linear, square = coefficients
        return (Term(el.exp(constant), square=square, linear=linear),)
    split = branches(h, x)
    if split is not None:
        gate = (Term(fmpq(1), gate=_gate("step", split.argument, x, evaluate)),)
        return terms(split.below, x, evaluate) + _product([terms(split.above - split.below, x, evaluate), gate])
    raise OutsideClass(str(h))


def _gate(kind: str, argument: sp.Expr, x: sp.Symbol, evaluate: Evaluator) -> Gate:
    coefficients = polynomial(argument, x, 1, evaluate)
    if coefficients is None:
        raise OutsideClass(str(argument))
    offset, slope = coefficients
    if kind == "erf":
        return Gate(kind, slope, offset)
    direction = el.sign(slope)
    if not direction:
        raise OutsideClass(f"a step in {argument}, which may not depend on {x}")
    return Gate(kind, fmpq(direction), el.divide(offset, direction * slope))


def _product(factors: list[tuple[Term, ...]]) -> tuple[Term, ...]:
    result: tuple[Term, ...] = (Term(fmpq(1)),)
    for factor in factors:
        result = tuple(term for a in result for b in factor for term in _times(a, b))
    return result


def _times(a: Term, b: Term) -> list[Term]:
    coefficient = el.times(a.coefficient, b.coefficient)
    if el.is_zero(coefficient):
        return []
    product = Term(coefficient, a.power + b.power, a.square + b.square, a.linear + b.linear, a.gate or b.gate)
    if not (a.gate and b.gate):
        return [product]
    return [replace(product, coefficient=sign * coefficient, gate=gate) for sign, gate in _both(a.gate, b.gate)]


def _both(a: Gate, b: Gate) -> list[tuple[int, Gate]]:
    """The product of two steps as a sum of steps, up to a null set."""
    if a.kind != "step" or b.kind != "step":
        raise OutsideClass("a product of gates")
    order = el.sign(a.root - b.root)
    if order is None:
        raise OutsideClass("a product of steps whose order is open")
    if a.slope == b.slope:
        return [(1, a if (order > 0) == (a.slope > 0) else b)]
    up, down = (a, b) if a.slope > 0 else (b, a)
    return [(1, up), (-1, Gate("step", fmpq(1), -down.root))] if order * int(a.slope.p) < 0 else []


def _mean(term: Term, variance: Value) -> Callable[[Value], Value]:
    """The function μ ↦ E[term(X)], X ~ N(μ, variance).

    The factor exp(Ax² + Bx) tilts N(μ, s²) to N((μ + s²B)/D, s²/D) with D = 1 - 2As², and has mean
    exp((Aμ² + Bμ + B²s²/2)/D)/√D. Raises ValueError unless D > 0: the mean is infinite, or not known to be finite.
    """
    if not el.is_zero(term.square) or not el.is_zero(term.linear):
        return _tilted(term, variance)
    moments = _MOMENTS[term.gate.kind if term.gate else ""](term.gate, variance, term.power)
    return lambda mu: el.times(term.coefficient, moments(mu))


def _tilted(term: Term, variance: Value) -> Callable[[Value], Value]:
    A, B = term.square, term.linear
    D = 1 - 2 * el.times(A, variance)
    if el.sign(D) != 1:
        raise ValueError("the expectation diverges, or is not known to converge")
    inner = _mean(replace(term, square=_ZERO, linear=_ZERO), variance / D)
    shift = el.times(variance, B) / D
    quadratic, linear, factor = A / D, B / D, el.exp(el.times(el.times(B, B), variance) / (2 * D)) / el.sqrt(D)

    def at(mu: Value) -> Value:
        weight = el.exp(el.times(el.times(quadratic, mu) + linear, mu))
        return el.times(weight * factor, inner(mu / D + shift))

    return at


def _stein(mu: Value, variance: Value, power: int, start: Value, slopes: Callable[[int], Value]) -> Value:
    """M_power of M_i = E[x^i g(x)], from M_0 = start and slopes(i) = E[x^i g'(x)].

    By Stein's lemma M_(i+1) = μ M_i + s² (i M_(i-1) + E[x^i g'(x)]).
    """
    before, now = fmpq(0), start
    for i in range(power):
        before, now = now, el.times(mu, now) + el.times(variance, el.times(fmpq(i), before) + slopes(i))
    return now


def _plain_moments(_: Gate | None, variance: Value, power: int) -> Callable[[Value], Value]:
    return lambda mu: _stein(mu, variance, power, fmpq(1), lambda _: fmpq(0))


def _step_moments(gate: Gate, variance: Value, power: int) -> Callable[[Value], Value]:
    """M_0 = Φ((αμ + β)/s), α = ±1; the derivative of the gate is a point mass α at -αβ."""
    root = gate.root
    scale = el.divide(gate.slope, el.sqrt(2 * variance))
    density = scale / arb.pi().sqrt()

    def at(mu: Value) -> Value:
        z = el.times(mu - root, scale)
        start = (1 + el.apply("erf", z)) / 2
        mass = density * el.exp(-el.times(z, z)) if power else fmpq(0)
        return _stein(mu, variance, power, start, lambda i: el.times(el.power(root, fmpq(i)), mass))

    return at


def _erf_moments(gate: Gate, variance: Value, power: int) -> Callable[[Value], Value]:
    """M_0 = erf((αμ + β)/√(1 + 2α²s²)); the derivative of the gate is 2α/√π · exp(-(αx + β)²)."""
    alpha, beta = gate.slope, gate.offset
    spread = el.sqrt(1 + 2 * el.times(alpha, alpha) * variance)
    height = 2 * alpha / arb.pi().sqrt() * el.exp(-beta * beta)
    bell = [_mean(Term(height, i, -alpha * alpha, -2 * alpha * beta), variance) for i in range(power)]

    def at(mu: Value) -> Value:
        start = el.apply("erf", (el.times(alpha, mu) + beta) / spread)
        return _stein(mu, variance, power, start, lambda i: bell[i](mu))

    return at


_MOMENTS: dict[str, Callable[[Any, Value, int], Callable[[Value], Value]]] = {
    "": _plain_moments,
    "step": _step_moments,
    "erf": _erf_moments,
}
