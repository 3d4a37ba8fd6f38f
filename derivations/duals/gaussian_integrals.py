"""Steps for expectations of exponentials of quadratics times powers, by completing the square.

The expectation of exp(αu² + su + α'v² + tv) is exp(K₁₁s²/2 + K₁₂st + K₂₂t²/2)/√D for complex s and t, with K and D of
`moments.tilted`; powers of u and v come from derivatives in s and t, for any K; then s and t take the values that the
terms have.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sympy as sp

from derivations.chain import Step
from derivations.check import by_lemma, consequence, derivative, identity
from derivations.duals.closed import covariance, expectation
from derivations.duals.moments import Weight, a, b, c, line, tilted
from derivations.duals.terms import Term, write, x
from derivations.duals.tidy import tidy
from derivations.expressions import Expect

u, v, z = sp.symbols("u v z", real=True)
s, t = sp.symbols("s t")
K11, K12, K22 = sp.symbols("K11 K12 K22", real=True)
_MEANS = (K11 * s + K12 * t, K12 * s + K22 * t)


def in_plane(label: str, f: Sequence[Term], g: Sequence[Term]) -> tuple[Step, ...]:
    """The steps to E[f(u)g(v)] = closed form for terms without gates, the last of them saying so."""
    node = Expect(write(f).subs(x, u) * write(g).subs(x, v), (u, v), [[a, c], [c, b]])
    steps = [*_waves(f"{label}-first", f), *(_waves(f"{label}-second", g) if tuple(g) != tuple(f) else ())]
    pairs = [(one, other) for one in f for other in g]
    for number, squares in enumerate(dict.fromkeys((one.square, other.square) for one, other in pairs), 1):
        steps.append(plane_square(f"{label}-square-{number}", *squares))
    for j, k in dict.fromkeys((one.power, other.power) for one, other in pairs if one.power + other.power):
        steps.append(_moment(f"{label}-moment-{j}-{k}", j, k))
    total = sum((tidy(_plane_value(one, other), c) for one, other in pairs), sp.S.Zero)
    return (*steps, *_closing(label, node, total, covariance(f, g), steps))


def on_line(label: str, f: Sequence[Term]) -> tuple[Step, ...]:
    """The steps to E[f(z)] = closed form, z ~ N(0, a), for terms without gates."""
    node = Expect(write(f).subs(x, z), (z,), [[a]])
    steps = list(_waves(f"{label}-waves", f))
    for number, square in enumerate(dict.fromkeys(term.square for term in f), 1):
        steps.append(_line_square(f"{label}-square-{number}", square))
    steps += [_moment(f"{label}-moment-{j}", j, 0) for j in dict.fromkeys(term.power for term in f if term.power)]
    total = sum((tidy(_line_value(term), a) for term in f), sp.S.Zero)
    return (*steps, *_closing(label, node, total, expectation(f), steps))


def _closing(label: str, node: Expect, total: sp.Expr, value: sp.Expr, steps: Sequence[Step]) -> tuple[Step, ...]:
    waves = euler(f"{label}-sum", total, value)
    collected = consequence(f"{label}-sum", "The terms together, each at its own exponents.", total, value, waves)
    text = "A Gaussian density integrates to one, about a complex centre too; powers come from the derivatives."
    uses = [*(step.id for step in steps), collected.id]
    return (*waves, collected, by_lemma(label, text, node, value, "Gaussian integral", uses=uses))


def _waves(label: str, f: Sequence[Term]) -> tuple[Step, ...]:
    """The function as a sum of exponentials, if it holds sines or cosines."""
    written = write(f)
    if not written.has(sp.sin, sp.cos):
        return ()
    terms = (t.coefficient * x**t.power * sp.exp(t.square * x**2 + t.linear * x) for t in f)
    waves = euler(label, written)
    return (*waves, consequence(label, "By exponentials.", written, sp.Add(*terms), waves))


def euler(label: str, *exprs: sp.Expr) -> tuple[Step, ...]:
    """Each sine and cosine in the expressions by exponentials."""
    found = set().union(*(expr.atoms(sp.sin, sp.cos) for expr in exprs))
    return tuple(
        by_lemma(f"{label}-euler-{number}", "A wave by exponentials.", f, f.rewrite(sp.exp), "Euler's formula")
        for number, f in enumerate(sorted(found, key=sp.default_sort_key), 1)
    )


def plane_square(label: str, alpha: sp.Expr, beta: sp.Expr) -> Step:
    """The exponents of the density and the weight, and of M times the density with mean K(s, t) and covariance K."""
    law = tilted(Weight(alpha), Weight(beta))
    K = sp.Matrix([[law.first, law.mixed], [law.mixed, law.second]])
    place, exponents = sp.Matrix([u, v]), sp.Matrix([s, t])
    moved = place - K * exponents
    of_density = -(b * u**2 - 2 * c * u * v + a * v**2) / (2 * (a * b - c**2))
    before = of_density + alpha * u**2 + s * u + beta * v**2 + t * v
    after = (exponents.T * K * exponents - moved.T * K.inv() * moved)[0] / 2
    text = "The square completed: the density times the exponentials is a multiple of another density."
    return identity(label, text, before, after)


def _line_square(label: str, alpha: sp.Expr) -> Step:
    variance = a / (1 - 2 * alpha * a)
    before = -(z**2) / (2 * a) + alpha * z**2 + s * z
    after = s**2 * variance / 2 - (z - variance * s) ** 2 / (2 * variance)
    text = "The square completed: the density times the exponential is a multiple of another density."
    return identity(label, text, before, after)


def _moment(label: str, j: int, k: int) -> Step:
    """∂_s^j ∂_t^k exp(K₁₁s²/2 + K₁₂st + K₂₂t²/2), for any K."""
    mass = sp.exp(K11 * s**2 / 2 + K12 * s * t + K22 * t**2 / 2)
    text = "Powers, by derivatives in the exponents, with the covariance of the density left open."
    return derivative(label, text, mass, (s,) * j + (t,) * k, sp.expand(_power_mean(j, k)) * mass)


@cache
def _power_mean(j: int, k: int) -> sp.Expr:
    """E[u^j v^k] for means K(s, t) and covariance K."""
    if j < 0 or k < 0 or (j, k) == (0, 0):
        return sp.Integer((j, k) == (0, 0))
    if j == 0:
        return _MEANS[1] * _power_mean(0, k - 1) + (k - 1) * K22 * _power_mean(0, k - 2)
    lower = (j - 1) * K11 * _power_mean(j - 2, k) + k * K12 * _power_mean(j - 1, k - 1)
    return _MEANS[0] * _power_mean(j - 1, k) + lower


def _plane_value(one: Term, other: Term) -> sp.Expr:
    law = tilted(Weight(one.square, one.linear), Weight(other.square, other.linear))
    at = {K11: law.first, K12: law.mixed, K22: law.second, s: one.linear, t: other.linear}
    mean = sp.expand(_power_mean(one.power, other.power)).subs(at, simultaneous=True)
    return one.coefficient * other.coefficient * mean * law.mass


def _line_value(term: Term) -> sp.Expr:
    variance = a / (1 - 2 * term.square * a)
    at = {K11: variance, s: term.linear, t: sp.S.Zero}
    mean = sp.expand(_power_mean(term.power, 0)).subs(at, simultaneous=True)
    return term.coefficient * mean * line(Term(sp.S.One, 0, term.square, term.linear))
