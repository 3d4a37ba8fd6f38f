"""Steps to E[f(u)g(v)] for functions that differentiate into exponentials of quadratics: a ladder of derivatives.

The density p obeys ∂_c p = ∂_u ∂_v p, so by parts ∂_c E[f(u)g(v)] = E[f'(u)g'(v)] for every pair of functions; jumps
of f and g at zero add point masses. Each rung is integrated from c = 0, where u and v are independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from derivations.chain import Step
from derivations.check import Meaning, by_lemma, cases, consequence, definite_integral, derivative, identity, instance
from derivations.densities import plane_density
from derivations.duals.closed import covariance
from derivations.duals.gaussian_integrals import in_plane, u, v, z
from derivations.duals.half_lines import mean
from derivations.duals.moments import a, b, c
from derivations.duals.terms import Term, jump, write, x
from derivations.duals.terms import derivative as slope_of
from derivations.expressions import Expect, step

p, f, g = (sp.Function(name, real=True) for name in "pfg")
gamma = sp.Symbol("gamma", real=True)
_q = sp.Symbol("q", positive=True)
_INSIDE = {c: sp.sqrt(a) * sp.sqrt(b) * (_q - 1) / (_q + 1)}
"""c runs over (-√(ab), √(ab)) as q runs over the positive numbers."""
_DENSITY: Meaning = {p: sp.Lambda((u, v, c), plane_density(u, v, (a, b, c)))}
Rung = tuple[tuple[Term, ...], tuple[Term, ...]]


def price() -> tuple[Step, ...]:
    """Price's identity for the density, and what it becomes by parts."""
    d, d_v = p(u, v, c), sp.Derivative(p(u, v, c), v)
    d_uv = sp.Derivative(p(u, v, c), u, v)
    F, G = f(u), g(v)
    parts = sp.Derivative(F * G * d_v, u) - sp.Derivative(F.diff(u) * G * d, v) + F.diff(u) * G.diff(v) * d
    return (
        identity("density", "The density of $(u, v)$.", d, plane_density(u, v, (a, b, c)), meaning=_DENSITY),
        derivative("price", "Price's identity.", d, c, d_uv, meaning=_DENSITY),
        identity("parts", "By parts in $u$, then in $v$, for any functions $f$ and $g$.", F * G * d_uv, parts),
    )


def climb(label: str, first: Sequence[Term], second: Sequence[Term]) -> tuple[Step, ...]:
    """The steps to E[f(u)g(v)] = closed form; the last says so, that of the first derivatives is `label-1`.

    The gates of f and g must come without exponentials.
    """
    rungs: list[Rung] = [(tuple(first), tuple(second))]
    while all(rungs[-1]) and any(term.gated for side in rungs[-1] for term in side):
        rungs.append((slope_of(rungs[-1][0]), slope_of(rungs[-1][1])))
    steps = list(in_plane(f"{label}-{len(rungs) - 1}", *rungs[-1])) if all(rungs[-1]) else []
    means: dict[tuple[Term, ...], Step] = {}
    for k in reversed(range(len(rungs) - 1)):
        for side in dict.fromkeys((*rungs[k], *_met(rungs, k))):
            if side not in means:
                steps += mean(f"{label}-{k}-mean-{len(means) + 1}", side)
                means[side] = steps[-1]
        over = next((found for found in steps if found.id == f"{label}-{k + 1}"), None)
        steps += _rung(f"{label}-{k}", rungs[k], rungs[k + 1], means, over)
    return tuple(steps)


def pair(sides: Rung, covariance_: sp.Expr = c) -> Expect:
    """E[f(u)g(v)] of variances a, b and the given covariance."""
    one, other = sides
    return Expect(write(one).subs(x, u) * write(other).subs(x, v), (u, v), [[a, covariance_], [covariance_, b]])


def _met(rungs: Sequence[Rung], k: int) -> list[tuple[Term, ...]]:
    """The derivatives whose means a jump of the other function calls for."""
    (one, other), (one_slope, other_slope) = rungs[k], rungs[k + 1]
    return [side for side, jumps in ((other_slope, jump(one)), (one_slope, jump(other))) if jumps != 0 and side]


def _rung(label: str, now: Rung, above: Rung, means: dict[tuple[Term, ...], Step], over: Step | None) -> list[Step]:
    sides = ((now[0], above[0], "first"), (now[1], above[1], "second"))[: 1 if now[0] == now[1] else 2]
    slopes = [step_ for side, slope, name in sides for step_ in _slope(f"{label}-{name}", side, slope)]
    node, value = pair(now), covariance(*now)
    under = by_lemma(
        f"{label}-under",
        "The derivative in $c$, taken under the integral, by Price's identity.",
        sp.Derivative(node, c),
        sp.Integral(node.integrand * sp.Derivative(p(u, v, c), u, v), (u, -sp.oo, sp.oo), (v, -sp.oo, sp.oo)),
        "differentiation under the integral",
        uses=("density", "price"),
    )
    masses, lines = _masses(label, now, above, means)
    by_parts = by_lemma(
        f"{label}-price",
        "By parts in $u$ and in $v$; a jump at zero leaves the density there.",
        sp.Derivative(node, c),
        sum(masses, over.lhs if over else sp.S.Zero),
        "integration by parts",
        uses=(under.id, "parts", *(step_.id for step_ in slopes)),
    )
    above_value = over.rhs if over else sp.S.Zero
    slope_value = sum((mass.xreplace({li.lhs: li.rhs for li in lines}) for mass in masses), above_value)
    known = (by_parts, *([over] if over else []), *lines)
    slope = consequence(f"{label}-slope", "The slope in closed form.", sp.Derivative(node, c), slope_value, known)
    start_value = means[now[0]].rhs * means[now[1]].rhs.subs(a, b)
    start = by_lemma(
        f"{label}-start",
        "At $c = 0$ the variables are independent: the product of the two means.",
        pair(now, sp.S.Zero),
        start_value,
        "independence",
        uses=tuple(dict.fromkeys(means[side].id for side in now)),
    )
    path = sp.Integral(slope_value.subs(c, gamma), (gamma, 0, c))
    along = by_lemma(
        f"{label}-along",
        "From $0$ to $c$.",
        node,
        start.lhs + path,
        "fundamental theorem of calculus",
        uses=(slope.id,),
    )
    integral = definite_integral(
        f"{label}-path",
        "The integral of the slope.",
        path,
        value.subs(c, gamma),
        value - value.subs(c, 0),
        running=_INSIDE,
    )
    whole = consequence(label, "Together.", node, value, (along, start, integral))
    return [*slopes, under, *lines, by_parts, slope, start, along, integral, whole]


def _slope(label: str, side: tuple[Term, ...], slope: tuple[Term, ...]) -> list[Step]:
    """The derivative on either side of zero, and the jump there."""
    J, whole = jump(side), write(side)
    smooth = sp.expand(whole - J * step(x))
    found = [derivative(f"{label}-derivative", "The derivative, away from zero.", smooth, x, sp.diff(smooth, x))]
    if sp.diff(smooth, x) != write(slope):
        text = "In other words."
        found.append(cases(f"{label}-written", text, sp.diff(smooth, x), write(slope), x, almost_everywhere=True))
    if J != 0:
        text = "The function is a continuous one and its jump at zero."
        found.append(identity(f"{label}-jump", text, whole, smooth + J * step(x)))
    return found


def _masses(
    label: str, now: Rung, above: Rung, means: dict[tuple[Term, ...], Step]
) -> tuple[list[sp.Expr], list[Step]]:
    """What the jumps add to the slope: means of the other derivative given that one variable is zero."""
    masses: list[sp.Expr] = []
    lines: list[Step] = []
    jumps = jump(now[0]), jump(now[1])
    for J, slope, (own, other), name in (
        (jumps[0], above[1], (a, b), "u"),
        (jumps[1], above[0], (b, a), "v"),
    ):
        if J == 0 or not slope:
            continue
        variance = other - c**2 / own
        node = Expect(write(slope).subs(x, z), (z,), [[variance]])
        text = f"Given ${name} = 0$ the other variable has this variance."
        value = means[slope].rhs.subs(a, variance)
        known = next((line for line in lines if line.lhs == node), None)
        if known is None:
            lines.append(
                instance(f"{label}-given-{name}", text, node, value, means[slope], {a: variance}, running=_INSIDE)
            )
        masses.append(J / sp.sqrt(2 * sp.pi * own) * node)
    if jumps[0] != 0 and jumps[1] != 0:
        masses.append(jumps[0] * jumps[1] / (2 * sp.pi * sp.sqrt(a * b - c**2)))
    return masses, lines
