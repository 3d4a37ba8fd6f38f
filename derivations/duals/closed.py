"""Closed forms of E[f(z)] and E[f(u)g(v)] for sums of terms, in their variances and covariance a, b, c."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derivations.duals.moments import a, c, line, plane
from derivations.duals.terms import Term
from derivations.duals.tidy import tidy


def expectation(f: Iterable[Term], variance: sp.Expr = a) -> sp.Expr:
    """E[f(z)] for z ~ N(0, variance)."""
    return tidy(sum((line(term) for term in f), sp.S.Zero), a).subs(a, variance)


def covariance(f: Iterable[Term], g: Iterable[Term]) -> sp.Expr:
    """E[f(u)g(v)] for (u, v) ~ N(0, [[a, c], [c, b]]). Raises NoClosedForm where it is not known."""
    g = tuple(g)
    return tidy(sum((plane(one, other) for one in f for other in g), sp.S.Zero), c)
