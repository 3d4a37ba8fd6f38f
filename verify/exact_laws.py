"""Exact probabilities for probability bounds whose deviation has a known law: the evidence of `ExactLaw` routes."""

from collections.abc import Iterator
from itertools import product

import flint
import sympy as sp

from numerics import exact_law
from verify.decide.evaluate import constant
from verify.enclosure import as_ball
from verify.evidence import LawEvidence, LawPoint
from verify.statement import ProbabilityBound

DIGITS = 20
"""Decimal digits kept of a probability; its radius is recorded with it."""

LONGEST_WALK = 5000
"""How many widths are computed one by one before Chernoff's bound must have taken over."""


def relu_ntk_diagonal(statement: ProbabilityBound) -> LawEvidence:
    """Enclose P(|Θ̂ - Θ| > bound) with one hidden ReLU layer at x = x', ‖x‖ = 1, at every width from `width` on.

    At each parameter point of the domain the widths are taken one by one, by the exact law, until Chernoff's bound,
    which decreases in the width, is below the level and settles all larger ones. A point at which the level is
    exceeded ends the walk: it refutes. Raises ValueError if the statement's domain or deviation is not that law's.
    """
    points = [point for parameters in _grid(statement) for point in _widths(statement, parameters)]
    return LawEvidence(
        points=tuple(points), coverage="every width from the one demanded on, at each ε and δ of the grid"
    )


def _grid(statement: ProbabilityBound) -> Iterator[dict[str, sp.Expr]]:
    names = [str(symbol) for symbol, _ in statement.domain]
    for values in product(*(tuple(values) for _, values in statement.domain)):
        parameters = dict(zip(names, values, strict=True))
        if parameters.get("L") != 1 or parameters.get("rho") != 1:
            raise ValueError("the exact law is known for L = 1 and rho = 1 only")
        yield parameters


def _widths(statement: ProbabilityBound, parameters: dict[str, sp.Expr]) -> Iterator[LawPoint]:
    tolerance = constant(statement.expand(statement.bound), parameters) + _offset(statement, parameters)
    level = constant(statement.expand(statement.level), parameters)
    first = constant(statement.expand(statement.width), parameters).unique_fmpz()
    if first is None:
        raise ValueError(f"the width {statement.width} is not an integer at {parameters}")
    labels = {name: str(value) for name, value in parameters.items()}
    for m in range(int(first), int(first) + LONGEST_WALK):
        beyond = exact_law.chernoff_bound(m, tolerance)
        if beyond <= level:
            yield LawPoint(
                parameters={**labels, "m": f"{m} and larger"}, probability=as_ball(flint.arb(0).union(beyond), DIGITS)
            )
            return
        probability = exact_law.failure_probability(m, tolerance)
        yield LawPoint(parameters={**labels, "m": m}, probability=as_ball(probability, DIGITS))
        if probability > level:
            return
    raise ArithmeticError(
        f"at {labels} Chernoff's bound is still above the level {LONGEST_WALK} widths beyond {first}: "
        "larger widths are not settled"
    )


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
