"""The chain from the definition of a dual activation, and of that of the derivative, to their closed forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import by_lemma, cases, consequence, instance
from derivations.duals.closed import covariance
from derivations.duals.gaussian_integrals import in_plane, plane_square, u, v
from derivations.duals.ladder import climb, pair, price
from derivations.duals.moments import Weight, a, b, c, tilted
from derivations.duals.terms import Term, derivative, jump, write, x
from derivations.expressions import Expect, normal_cdf, normal_pdf

Part = tuple[sp.Expr, tuple[Term, ...]]
"""The coefficient α of an exponential exp(αx²), and what it multiplies."""

_q = sp.Symbol("q", positive=True)


def definition(f: sp.Expr) -> Expect:
    """E[f(u)f(v)], (u, v) ~ N(0, [[a, c], [c, b]])."""
    return Expect(f.subs(x, u) * f.subs(x, v), (u, v), [[a, c], [c, b]])


def prove(activation: sp.Expr, slope: sp.Expr | None, terms: Sequence[Term]) -> Chain:
    """The chain to the dual of `activation`, which has these `terms`, and to that of its derivative unless it is None.

    It holds for a, b > 0 and c² < ab as far as the exponentials are integrable. The steps "statement" and
    "derivative-statement" say what is proved.
    """
    steps = [*price(), *_dual("dual", terms)]
    steps += _stated("", activation, terms, _named(steps, "dual-0"))
    if slope is not None and jump(terms) == 0:
        slopes = derivative(terms)
        if not any(found.id == "dual-1" for found in steps):
            steps += _dual("slope", slopes)
        of = _named(steps, "slope-0" if any(found.id == "slope-0" for found in steps) else "dual-1")
        steps += _stated("derivative-", slope, slopes, of)
    return Chain(steps=tuple(steps))


def _named(steps: Sequence[Step], label: str) -> Step:
    return next(found for found in steps if found.id == label)


def _dual(label: str, terms: Sequence[Term]) -> tuple[Step, ...]:
    """The steps to E[f(u)f(v)]; the last of them is `label-0`."""
    squares = sorted({term.square for term in terms if term.gated and term.square != 0}, key=sp.default_sort_key)
    if not terms:
        return in_plane(f"{label}-0", (), ())
    if not squares:
        return climb(label, terms, terms)
    rest = tuple(term for term in terms if not (term.gated and term.square != 0))
    parts = [(sp.S.Zero, rest)] if rest else []
    for square in squares:
        gated = tuple(replace(t, square=sp.S.Zero) for t in terms if t.gated and t.square == square)
        parts.append((square, gated))
    steps: list[Step] = []
    found: list[Step] = []
    for i, first in enumerate(parts):
        for j, second in enumerate(parts):
            steps += _tilted(f"{label}-part-{i + 1}-{j + 1}", first, second)
            found.append(steps[-1])
    node, value = pair((tuple(terms), tuple(terms))), covariance(terms, terms)
    split = by_lemma(
        f"{label}-split",
        "The parts one by one.",
        node,
        sp.Add(*(part.lhs for part in found)),
        "linearity of the integral",
    )
    return (*steps, split, consequence(f"{label}-0", "Together.", node, value, (split, *found)))


def _tilted(label: str, first: Part, second: Part) -> list[Step]:
    """E[exp(αu²)f(u) exp(α'v²)g(v)] as a multiple of E[f(u)g(v)] for another covariance.

    Along the way c is √(ab)(q - 1)/(q + 1) with q > 0, so that what stands under a root is visibly positive.
    """
    (alpha, f), (beta, g) = first, second
    steps = list(climb(label, f, g))
    general = _named(steps, f"{label}-0")
    if alpha == beta == 0:
        return steps
    inside = {c: sp.sqrt(a) * sp.sqrt(b) * (_q - 1) / (_q + 1)}
    law = tilted(Weight(alpha), Weight(beta))
    mass, *entries = (sp.factor(part.subs(inside)) for part in (law.mass**2, law.first, law.second, law.mixed))
    at = dict(zip((a, b, c), entries, strict=True))
    square = plane_square(f"{label}-square", alpha, beta)
    other = Expect(general.lhs.integrand, (u, v), [[at[a], at[c]], [at[c], at[b]]])
    weighted = pair((_times_bell(f, alpha), _times_bell(g, beta)))
    node = Expect(weighted.integrand, (u, v), [[a, inside[c]], [inside[c], b]])
    moved = by_lemma(
        f"{label}-tilted",
        "The density times the exponentials is a multiple of another centred density.",
        node,
        sp.sqrt(mass) * other,
        "linearity of the integral",
        uses=(square.id,),
    )
    value = general.rhs.subs(at, simultaneous=True)
    text = "The formula just found, for this covariance."
    there = instance(f"{label}-there", text, other, value, general, at)
    closed = covariance(_times_bell(f, alpha), _times_bell(g, beta))
    inner = consequence(f"{label}-inside", "Together.", node, closed.subs(inside), (moved, there))
    text = "Every covariance strictly between the ends is of this form."
    back = {_q: (sp.sqrt(a) * sp.sqrt(b) + c) / (sp.sqrt(a) * sp.sqrt(b) - c)}
    value_ = instance(f"{label}-value", text, weighted, closed, inner, back, running=inside)
    return [*steps, square, moved, there, inner, value_]


def _times_bell(terms: Sequence[Term], square: sp.Expr) -> tuple[Term, ...]:
    return tuple(replace(term, square=term.square + square) for term in terms)


def _stated(label: str, f: sp.Expr, terms: Sequence[Term], dual: Step) -> list[Step]:
    """The statement about f as it is written, from that about its terms."""
    node, written = definition(f), write(terms)
    steps: list[Step] = []
    if f != written:
        plain = f.rewrite(sp.erf)
        if plain != f:
            text = "By the error function."
            laws = [
                by_lemma(f"{label}by-erf-{number}", text, g, g.rewrite(sp.erf), "normal distribution function")
                for number, g in enumerate(sorted(f.atoms(normal_cdf, normal_pdf), key=sp.default_sort_key), 1)
            ]
            steps += [*laws, consequence(f"{label}error-function", text, f, plain, laws)]
        product, canonical = (g.subs(x, u) * g.subs(x, v) for g in (plain, written))
        text = "The activation, on either side of zero."
        steps.append(cases(f"{label}activation", text, product, canonical, (u, v), almost_everywhere=True))
        text = "The expectations agree."
        uses = [found.id for found in steps]
        steps.append(by_lemma(f"{label}expectation", text, node, dual.lhs, "null set", uses=uses))
    text = "The dual in closed form."
    return [*steps, consequence(f"{label}statement", text, node, dual.rhs, (*steps[-1:], dual))]
