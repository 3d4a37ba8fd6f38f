"""Steps for expectations on the line of what follows one formula on either side of zero, erf included.

The line is folded at zero, where gates become 1 or erf; the half-line integrals have elementary antiderivatives.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from derivations.chain import Step
from derivations.check import by_lemma, consequence, definite_integral
from derivations.densities import line_density, over_orthant
from derivations.duals.closed import expectation
from derivations.duals.gaussian_integrals import on_line
from derivations.duals.moments import a
from derivations.duals.terms import SIGN, Term, write, x
from derivations.expressions import Expect

z = sp.Symbol("z", real=True)


def mean(label: str, f: Sequence[Term]) -> tuple[Step, ...]:
    """The steps to E[f(z)] = closed form, z ~ N(0, a), the last of them saying so."""
    if not any(term.gated for term in f):
        return on_line(label, f)
    folded = [term for term in f if term.linear == 0]
    waves = [term for term in f if term.linear != 0]
    if not waves:
        return _folded(label, f)
    parts = [_folded(f"{label}-folded", folded), on_line(f"{label}-rest", waves)]
    node = Expect(write(f).subs(x, z), (z,), [[a]])
    split = by_lemma(
        f"{label}-split",
        "The parts one by one.",
        node,
        sp.Add(*(part[-1].lhs for part in parts)),
        "linearity of the integral",
    )
    whole = consequence(label, "Together.", node, expectation(f), (split, *(part[-1] for part in parts)))
    return (*parts[0], *parts[1], split, whole)


def _folded(label: str, f: Sequence[Term]) -> tuple[Step, ...]:
    """What is even counts twice, what is odd not at all."""
    even = [term for term in f if (term.power % 2 == 1) == term.gated]
    node = Expect(write(f).subs(x, z), (z,), [[a]])
    density = line_density(z, sp.sqrt(a))
    integrand, antiderivative = sp.S.Zero, sp.S.Zero
    for term in even:
        gate = sp.S.One if not term.gated or term.slope is SIGN else sp.erf(term.slope * z)
        integrand += 2 * term.coefficient * z**term.power * sp.exp(term.square * z**2) * gate
        slope = sp.S.Zero if term.slope is SIGN else term.slope
        rate = sp.together(1 / (2 * a) - term.square)
        antiderivative += 2 * term.coefficient * _antiderivative(term.power, rate, slope) / sp.sqrt(2 * sp.pi * a)
    integral, value = sp.Integral(integrand * density, (z, 0, sp.oo)), expectation(f)
    fold = over_orthant(f"{label}-fold", "The two half-lines, folded at zero.", node, integral)
    half = definite_integral(f"{label}-half", "By an elementary antiderivative.", integral, antiderivative, value)
    return fold, half, consequence(label, "Together.", node, value, (fold, half))


def _antiderivative(power: int, rate: sp.Expr, slope: sp.Expr) -> sp.Expr:
    """∫ z^power exp(-rate z²) dz, times erf(slope z) for odd powers if the slope is not 0; by parts."""
    bell = sp.exp(-rate * z**2) * (sp.erf(slope * z) if slope != 0 else 1)
    if power == 0:
        return sp.sqrt(sp.pi) * sp.erf(sp.sqrt(rate) * z) / (2 * sp.sqrt(rate))
    total = -(z ** (power - 1)) * bell / (2 * rate)
    if power > 1:
        total += (power - 1) / (2 * rate) * _antiderivative(power - 2, rate, slope)
    if slope != 0:
        total += slope / (sp.sqrt(sp.pi) * rate) * _antiderivative(power - 1, rate + slope**2, sp.S.Zero)
    return total
