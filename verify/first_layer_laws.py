"""Exact probabilities about the first layer of a two-layer ReLU network at its start, for `ExactLaw` routes.

Every law reads the event off the statement's slots, deviation > bound, for the quantity it knows the law of, and walks
the widths from the one demanded on, until a bound that holds at all larger widths is below the level.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import flint
import sympy as sp
from flint import arb

from numerics import first_layer_laws as laws
from verify.decide.evaluate import constant
from verify.decide.exact_law import LARGER
from verify.enclosure import as_ball
from verify.events import WIDTH, Ends, Event, Parameters
from verify.evidence import LawEvidence, LawPoint
from verify.experiments.first_layer import (
    entries_norm,
    feature_norm,
    initial_output,
    largest_neuron,
    largest_singular,
    neuron_norm,
    smallest_singular,
)
from verify.experiments.two_layer import initial_norm
from verify.statement import Need, ProbabilityBound

DIGITS = 20
"""Decimal digits kept of a probability; its radius is recorded with it."""

BITS = 256
"""The working precision."""

LONGEST_WALK = 300
"""How many widths are computed one by one before a bound for all larger ones must have taken over."""

Exact = Callable[[int], arb]
"""The probability at a width, enclosed."""
Beyond = Callable[[int], arb | None]
"""A bound on the probability at a width and at all larger ones, or None where none is known."""
Law = Callable[[Parameters], tuple[Exact, Beyond]]


def _evidence(statement: ProbabilityBound, law: Law, why: str) -> LawEvidence:
    if statement.need is not Need.SUFFICIENT:
        raise ValueError("widths are walked upwards: the statement must say that a width is sufficient")
    names = [str(symbol) for symbol, _ in statement.domain]
    points: list[LawPoint] = []
    with flint.ctx.workprec(BITS):
        for values in product(*(tuple(values) for _, values in statement.domain)):
            parameters = dict(zip(names, values, strict=True))
            points += _walk(statement, parameters, *law(parameters))
    coverage = f"every width from the one demanded on, at each point of the grid, as {why}"
    return LawEvidence(points=tuple(points), coverage=coverage)


def _walk(statement: ProbabilityBound, parameters: Parameters, exact: Exact, beyond: Beyond) -> Iterator[LawPoint]:
    """The widths one by one, to the first at which the level is exceeded or all larger widths are settled.

    A walk that comes to neither leaves the larger widths open, and the decision rule says so.
    """
    level = constant(statement.expand(statement.level), parameters)
    first = constant(statement.expand(statement.width), parameters).unique_fmpz()
    if first is None:
        raise ValueError(f"the width {statement.width} is not an integer at {parameters}")
    labels = {name: str(value) for name, value in parameters.items()}
    for m in range(int(first), int(first) + LONGEST_WALK):
        settled = beyond(m)
        if settled is not None and settled <= level:
            enclosed = as_ball(arb(0).union(settled), DIGITS)
            yield LawPoint(parameters={**labels, "m": f"{m}{LARGER}"}, probability=enclosed)
            return
        probability = exact(m)
        yield LawPoint(parameters={**labels, "m": m}, probability=as_ball(probability, DIGITS))
        if probability > level:
            return


def active_neurons(statement: ProbabilityBound) -> LawEvidence:
    """‖a ⊙ σ'(Wx)‖² = N ~ Bin(m, ½), for x != 0."""

    def law(parameters: Parameters) -> tuple[Exact, Beyond]:
        event = Event.read(statement, parameters, entries_norm)
        shares = event.ends(WIDTH)
        return (
            lambda m: laws.coins_outside(m, *event.at(m)),
            lambda m: None if shares is None else laws.coins_chernoff(m, *shares),
        )

    return _evidence(statement, law, "the number of active neurons is binomial")


def features(statement: ProbabilityBound) -> LawEvidence:
    """‖φ‖_F² = m⁻¹ Σ_i N_i for n unit inputs, whatever they are: the largest probability over all such inputs.

    It is enclosed from below by that of n equal inputs, for which ‖φ‖_F²/n = N_1/m, and from above by Chernoff's bound.
    """

    def law(parameters: Parameters) -> tuple[Exact, Beyond]:
        event, examples = Event.read(statement, parameters, feature_norm), parameters["n"]
        shares = event.ends(examples)

        def beyond(m: int) -> arb | None:
            return None if shares is None else laws.coins_chernoff(m, *shares)

        def exact(m: int) -> arb:
            equal = laws.coins_outside(m, *event.at(m, examples / sp.Integer(m)))
            above = beyond(m)
            return equal.union(arb(1) if above is None else above)

        return exact, beyond

    return _evidence(statement, law, "equal inputs bound it from below and Chernoff's bound from above for all inputs")


def orthonormal_features(statement: ProbabilityBound) -> LawEvidence:
    """The squared singular values of φ for n orthonormal inputs are N_i/m, with independent N_i ~ Bin(m, ½).

    The deviation is the larger of one expression at the smallest and at the largest singular value.
    """
    q = sp.Symbol("q", positive=True)
    parts = statement.deviation.args if isinstance(statement.deviation, sp.Max) else ()
    each = {part.xreplace({smallest_singular: q, largest_singular: q}) for part in parts}
    if len(each) != 1 or {s for part in parts for s in part.free_symbols} != {smallest_singular, largest_singular}:
        raise ValueError(f"the law is that of both extreme singular values alike, not of {statement.deviation}")
    one = replace(statement, deviation=each.pop())

    def law(parameters: Parameters) -> tuple[Exact, Beyond]:
        event, examples = Event.read(one, parameters, q), int(parameters["n"])
        shares = event.ends(sp.S.One)

        def exact(m: int) -> arb:
            return laws.one_of(examples, laws.coins_outside(m, *event.at(m, 1 / sp.Integer(m))))

        return exact, lambda m: None if shares is None else examples * laws.coins_chernoff(m, *shares)

    return _evidence(statement, law, "the squared singular values are independent binomials over m")


def weights(statement: ProbabilityBound) -> LawEvidence:
    """‖W‖_F² is chi-squared with dm degrees of freedom."""

    def law(parameters: Parameters) -> tuple[Exact, Beyond]:
        event, inputs = Event.read(statement, parameters, initial_norm), parameters["d"]
        shares = event.ends(inputs * WIDTH)
        return (
            lambda m: laws.chi_squared_outside(int(inputs) * m, *event.at(m)),
            lambda m: None if shares is None else laws.chi_squared_chernoff(int(inputs) * m, *shares),
        )

    return _evidence(statement, law, "the squared norm is chi-squared")


def neuron(statement: ProbabilityBound) -> LawEvidence:
    """‖w_i‖² of one neuron is chi-squared with d degrees of freedom; max_i ‖w_i‖² is the largest of m such."""
    if not statement.deviation.has(largest_neuron):
        return _evidence(statement, lambda parameters: _one_neuron(statement, parameters), "its square is chi-squared")
    return _evidence(
        statement,
        lambda parameters: _all_neurons(statement, parameters),
        "the squares are independent and chi-squared, and the union bound holds",
    )


def _one_neuron(statement: ProbabilityBound, parameters: Parameters) -> tuple[Exact, Beyond]:
    event, inputs = Event.read(statement, parameters, neuron_norm), int(parameters["d"])
    every = event.ends(sp.S.One)

    def exact(m: int) -> arb:
        return laws.chi_squared_outside(inputs, *event.at(m))

    return exact, lambda _: None if every is None else laws.chi_squared_outside(inputs, *every)


def _all_neurons(statement: ProbabilityBound, parameters: Parameters) -> tuple[Exact, Beyond]:
    """For a bound √d (1 + u(m)): it fails with probability at most m e^(-du²/2) e^(-d(u - log(1 + u))).

    This is Chernoff's bound (s e^(1-s))^(d/2) of one neuron at s = (1 + u)², m times. Where m e^(-du²/2) does not
    depend on the width, u grows with it, and the second factor settles all larger widths: u - log(1 + u) grows.
    """
    event, inputs = Event.read(statement, parameters, largest_neuron), int(parameters["d"])
    excess = sp.nan if event.high is None else event.high - sp.sqrt(inputs)
    union = sp.simplify(WIDTH * sp.exp(-sp.expand_log(sp.expand(excess**2) / 2, force=True)))

    def exact(m: int) -> arb:
        return laws.one_of(m, laws.chi_squared_outside(inputs, *event.at(m)))

    def beyond(m: int) -> arb | None:
        if event.power != 1 or event.low is not None or union.has(WIDTH) or not excess.subs(WIDTH, 1).is_positive:
            return None
        u = constant(excess.subs(WIDTH, m) / sp.sqrt(inputs), {})
        return constant(union, {}) * (-inputs * (u - u.log1p())).exp()

    return exact, beyond


def output(statement: ProbabilityBound) -> LawEvidence:
    """The output at a unit input, with independent fair signs, has the law of √(N/m) z, N ~ Bin(m, ½), z ~ N(0, 1)."""

    def law(parameters: Parameters) -> tuple[Exact, Beyond]:
        event = Event.read(statement, parameters, initial_output)
        every = event.ends(sp.S.One)

        def exact(m: int) -> arb:
            return laws.output_beyond(m, _tolerance(event.at(m)))

        return exact, lambda _: None if every is None else laws.output_bound(_tolerance(every))

    if not statement.deviation.has(sp.Abs):
        raise ValueError(f"the law is that of an absolute value, not of {statement.deviation}")
    return _evidence(statement, law, "the output is a mixture of normal variables")


def _tolerance(ends: Ends) -> arb:
    low, high = ends
    if low is not None or high is None:
        raise ValueError("the law is symmetric about 0, and so is the event")
    return arb(high).sqrt()
