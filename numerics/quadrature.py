"""Rigorous quadrature: the one place that integrates in ball arithmetic.

Arb's adaptive Gauss-Legendre rule bounds its error by the size of the integrand on complex ellipses around the
segment, which is a bound only where the integrand is analytic. A kink or a branch cut that an ellipse crosses
unnoticed gives a ball that misses the true value. Here an integrand cannot cross one unnoticed: off the real line
its argument is an `elementary.Holomorphic`, whose functions refuse where they are not analytic, and which has no
order, so that a Python `if` on it raises.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from flint import acb, arb

from numerics.elementary import NAN, Holomorphic, NotAnalytic, Value, real

Integrand = Callable[[Value], Value]
"""A function of a real ball (`arb`) or of a `Holomorphic`, written with operators and `elementary`'s functions."""


@dataclass
class Tally:
    """How many integrals were computed in this process."""

    integrals: int = 0


TALLY = Tally()


def integrate(
    f: Integrand,
    a: Value,
    b: Value,
    *,
    breakpoints: Iterable[Value] = (),
    branches: Sequence[Integrand] | None = None,
) -> arb:
    """Enclose ∫_a^b f(x) dx for real a <= b, to about the working precision.

    An integrand that is holomorphic around [a, b] needs no more. A kink, jump or cut inside the interval is still
    enclosed, slowly, by bisecting towards it; to be fast, declare it: `breakpoints` are the points of [a, b], in
    increasing order, between which f is piecewise holomorphic, and `branches[i]` is a function that agrees with f
    between breakpoints i and i+1 (a and b are the outermost) and is holomorphic around that whole piece.
    On real balls f itself must enclose all its values, jumps included.

    f must be real on the real line. Raises ValueError for breakpoints out of order, TypeError for an integrand that
    branches on its argument, and whatever else the integrand raises.
    """
    nodes = [real(node) for node in (a, *breakpoints, b)]
    pieces = [f] * (len(nodes) - 1) if branches is None else list(branches)
    if len(pieces) != len(nodes) - 1:
        raise ValueError(f"{len(nodes) - 2} breakpoints make {len(nodes) - 1} pieces, and {len(pieces)} were given")
    if any(not left.upper() <= right.lower() for left, right in pairwise(nodes)):
        raise ValueError(f"breakpoints out of order: {', '.join(str(node) for node in nodes)}")
    total = arb(0)
    for piece, (left, right) in zip(pieces, pairwise(nodes), strict=True):
        total = total + _holomorphic(piece, left.upper(), right.lower())
    for i, node in enumerate(nodes):
        if not node.is_exact():  # The gap that the pieces left around it; of an outermost one, an unknown part.
            gap = node.lower().union(node.upper())
            width = gap.upper() - gap.lower()
            total = total + f(gap) * (width if 0 < i < len(nodes) - 1 else arb(0).union(width))
    return total


def _holomorphic(f: Integrand, a: arb, b: arb) -> arb:
    """∫_a^b f for exact a <= b and f holomorphic near [a, b]; slow, or not-a-number, where it is not."""
    if not a < b:
        return arb(0)
    with suppress(NotAnalytic):  # A branch on the argument raises TypeError here, before any value is believed.
        f(Holomorphic(acb(a.union(b))))
    failures: list[Exception] = []

    def integrand(x: acb, analytic: bool) -> acb:
        if failures:
            return acb(0)
        try:
            value = f(x.real if x.imag.is_zero() and not analytic else Holomorphic(x))
        except NotAnalytic:
            return acb(NAN)
        except Exception as failure:  # flint cannot carry an exception through: it is raised below
            failures.append(failure)
            return acb(0)
        return value.ball if isinstance(value, Holomorphic) else acb(value)

    TALLY.integrals += 1
    result = acb.integral(integrand, a, b).real
    if failures:
        raise failures[0]
    return result
