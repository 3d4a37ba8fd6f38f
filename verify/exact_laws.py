"""Exact probabilities for probability bounds whose deviation has a known law: the evidence of `ExactLaw` routes."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import flint
import sympy as sp

from numerics import exact_law
from verify.decide.evaluate import constant
from verify.decide.exact_law import LARGER, SMALLER
from verify.decide.wording import plain
from verify.enclosure import as_ball
from verify.evidence import LawEvidence, LawPoint
from verify.statement import Need, ProbabilityBound

DIGITS = 20
"""Decimal digits kept of a probability; its radius is recorded with it."""

LONGEST_WALK = 5000
"""How many widths are computed one by one before Chernoff's bound must have taken over."""

_NARROW, _STRIDE = 64, 16
"""Smaller widths are computed one by one up to the first; above, m to m + m/16 at a time are bounded together."""


def relu_ntk_diagonal(statement: ProbabilityBound) -> LawEvidence:
    """Enclose P(|Θ̂ - Θ| > bound) with one hidden ReLU layer at x = x', ‖x‖ = 1, at every width the statement is about.

    At each parameter point of the domain, for a width that is sufficient: widths are taken one by one from it on, by
    the exact law, until Chernoff's bound, which decreases in the width, is below the level and settles all larger ones.
    For a width that is necessary: the largest one below it, and then all smaller ones, by a bound that holds for many
    at once. A width that contradicts the statement ends the walk: it refutes. Raises ValueError if the statement's
    domain or deviation is not that law's.
    """
    walk, towards = (_upward, "from") if statement.need is Need.SUFFICIENT else (_downward, "below")
    points = [point for parameters in _grid(statement) for point in walk(*_claimed(statement, parameters))]
    names = ", ".join(plain(symbol) for symbol, _ in statement.domain)
    return LawEvidence(
        points=tuple(points), coverage=f"every width {towards} the one claimed, at each point of the grid of {names}"
    )


def _grid(statement: ProbabilityBound) -> Iterator[dict[str, sp.Expr]]:
    names = [str(symbol) for symbol, _ in statement.domain]
    for values in product(*(tuple(values) for _, values in statement.domain)):
        parameters = dict(zip(names, values, strict=True))
        if parameters.get("L") != 1 or parameters.get("rho") != 1:
            raise ValueError("the exact law is known for L = 1 and rho = 1 only")
        yield parameters


def _claimed(statement: ProbabilityBound, parameters: dict[str, sp.Expr]) -> tuple[dict[str, str], Any, Any, int]:
    """The parameters as texts, the tolerance, the level and the width at a point of the grid."""
    tolerance = constant(statement.expand(statement.bound), parameters) + _offset(statement, parameters)
    level = constant(statement.expand(statement.level), parameters)
    width = constant(statement.expand(statement.width), parameters).unique_fmpz()
    if width is None:
        raise ValueError(f"the width {statement.width} is not an integer at {parameters}")
    return {name: str(value) for name, value in parameters.items()}, tolerance, level, int(width)


def _upward(labels: Mapping[str, str], tolerance: Any, level: Any, first: int) -> Iterator[LawPoint]:
    """Every width from the first on."""
    for m in range(first, first + LONGEST_WALK):
        beyond = exact_law.chernoff_bound(m, tolerance)
        if beyond <= level:
            yield _point(labels, f"{m}{LARGER}", flint.arb(0).union(beyond))
            return
        probability = exact_law.failure_probability(m, tolerance)
        yield _point(labels, m, probability)
        if probability > level:
            return
    raise ArithmeticError(
        f"at {labels} Chernoff's bound is still above the level {LONGEST_WALK} widths beyond {first}: "
        "larger widths are not settled"
    )


def _downward(labels: Mapping[str, str], tolerance: Any, level: Any, width: int) -> Iterator[LawPoint]:
    """Every width below the one given."""
    last = width - 1
    if last < 1:
        raise ValueError(f"at {labels} there is no width below {width}")
    beyond = exact_law.chernoff_bound(last, tolerance)
    if beyond <= level:
        yield _point(labels, last, flint.arb(0).union(beyond))
        return
    yield _point(labels, last, exact_law.failure_probability(last, tolerance))
    least = flint.arb(1)
    for m in range(1, min(last, _NARROW)):
        least = least.min(exact_law.failure_probability(m, tolerance))
    m = _NARROW
    while m < last:
        reached = min(m + m // _STRIDE, last - 1)
        least = least.min(exact_law.least_failure_probability(m, reached, tolerance))
        m = reached + 1
    if last > 1:
        yield _point(labels, f"{last - 1}{SMALLER}", least.union(flint.arb(1)))


def _point(labels: Mapping[str, str], m: int | str, probability: Any) -> LawPoint:
    return LawPoint(parameters={**labels, "m": m}, probability=as_ball(probability, DIGITS))


def _offset(statement: ProbabilityBound, parameters: dict[str, sp.Expr]) -> flint.arb:
    """A ball around zero that holds the distance of the centre in |ntk - centre| from 2, the mean of the law."""
    deviation = statement.expand(statement.deviation)
    column = next((symbol for symbol in deviation.free_symbols if str(symbol) == "ntk"), sp.nan)
    inside = deviation.args[0] if isinstance(deviation, sp.Abs) else sp.nan
    sign = sp.diff(inside, column) if inside.has(column) else sp.nan
    if sign not in (1, -1):
        raise ValueError(f"the law is that of |ntk - a constant|, not of {deviation}")
    centre = column - sign * inside
    distance = abs(constant(centre, parameters) - 2)
    if not distance < flint.arb("1e-20"):
        raise ValueError(f"the law is centred at 2, the deviation at {centre}")
    return flint.arb(0, distance.upper())
