"""The replay of a proof file: every step in order, then whether the steps reach the statement."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from derivations.replay import calculus, ends, equations, inequalities, matrices
from derivations.replay.context import Accepted, Conditions, Context, abbreviations, define, put_in
from derivations.replay.decode import File, Step, read
from derivations.replay.errors import RejectedError
from derivations.replay.founded import founded
from derivations.replay.integral_lemmas import common_meaning
from derivations.replay.lemmas import LEMMAS, by_lemma, is_granted

Rule = Callable[[Step, Context], Conditions]
_RULES: dict[str, tuple[frozenset[str], Rule]] = {
    "identity": (frozenset({"identity"}), equations.identity),
    "consequence": (frozenset({"identity"}), equations.consequence),
    "instance": (frozenset({"identity", "sign"}), equations.instance),
    "cases": (frozenset({"cases"}), equations.cases),
    "exhausted": (frozenset({"cases"}), equations.exhausted),
    "over_orthant": (frozenset({"cases"}), equations.over_orthant),
    "finite_sums": (frozenset({"identity", "derivative"}), equations.finite_sums),
    "peeled": (frozenset({"identity"}), equations.peeled),
    "by_lemma": (frozenset({"lemma"}), by_lemma),
    "induction_first": (frozenset({"induction"}), equations.induction_first),
    "induction_next": (frozenset({"induction"}), equations.induction_next),
    "induction": (frozenset({"induction"}), equations.induction),
    "derivative": (frozenset({"derivative"}), calculus.derivative),
    "definite_integral": (frozenset({"integral"}), calculus.definite_integral),
    "integrands": (frozenset({"identity"}), calculus.integrands),
    "limit": (frozenset({"limit"}), calculus.limit),
    "unique_solution": (frozenset({"lemma"}), calculus.unique_solution),
    "heat_equation": (frozenset({"lemma"}), calculus.heat_equation),
    "matrix_identity": (frozenset({"identity"}), matrices.matrix_identity),
    "matrix_derivative": (frozenset({"derivative"}), matrices.matrix_derivative),
    "nonnegative": (frozenset({"sign"}), inequalities.nonnegative),
    "inequality": (frozenset({"sign"}), inequalities.inequality),
    "nonnegative_integral": (frozenset({"sign"}), inequalities.nonnegative_integral),
    "monotone": (frozenset({"sign"}), inequalities.monotone),
    "square_root": (frozenset({"sign"}), inequalities.square_root),
    "absolute_value": (frozenset({"sign"}), inequalities.absolute_value),
    "floor_value": (frozenset({"identity"}), inequalities.floor_value),
}
"""The checks by name, with the rules a step may call itself by."""
_NEEDS_LEMMA = {
    "by_lemma": LEMMAS,
    "unique_solution": {"uniqueness of linear flows"},
    "heat_equation": {"heat equation"},
    "nonnegative_integral": {"monotonicity of the integral"},
    "monotone": {"monotonicity"},
    "square_root": {"monotonicity of the square root"},
}


@dataclass(frozen=True)
class Failure:
    """Where a replay stopped: the step, empty for the end, both its sides, the reason, and what was left over."""

    step: str
    lhs: str
    rhs: str
    reason: str
    residual: str


@dataclass(frozen=True)
class Replay:
    """What a replay found."""

    proves: dict[str, str]
    steps: int
    lemmas: tuple[str, ...]
    granted: tuple[str, ...]
    """The steps whose conclusions were taken as they stand, on the strength of a lemma."""
    seconds: float
    failure: Failure | None = field(default=None)

    @property
    def accepted(self) -> bool:
        """Whether every step holds and the steps reach the statement."""
        return self.failure is None


def replay(text: str) -> Replay:
    """Replay the text of a proof file. Raises MalformedError if it is none."""
    clock = time.perf_counter()
    file = read(text)
    context = Context(file.statement, abbreviations(file))
    failure = _failure(file, context)
    used = tuple(dict.fromkeys(step.lemma for step in file.steps if step.lemma))
    granted = tuple(step.id for step in file.steps if is_granted(step, context))
    return Replay(file.proves, len(file.steps), used, granted, time.perf_counter() - clock, failure)


def _failure(file: File, context: Context) -> Failure | None:
    step = None
    try:
        for step in file.steps:
            context.accepted[step.id] = _accept(step, context)
        step = None
        founded(file.statement)
        ends.reached(context)
    except RejectedError as error:
        shown, left = step or file.statement, error.residual
        return Failure(
            step.id if step else "", str(shown.lhs), str(shown.rhs), error.reason, "" if left is None else str(left)
        )
    return None


def _accept(step: Step, context: Context) -> Accepted:
    if step.id in context.accepted:
        raise RejectedError("another step has this id")
    if step.check not in _RULES:
        raise RejectedError(f"there is no check called {step.check!r}")
    rules, rule = _RULES[step.check]
    if step.rule not in rules:
        raise RejectedError(f"a step checked as {step.check!r} is no {step.rule!r}")
    if step.lemma is not None and step.lemma not in LEMMAS:
        raise RejectedError(f"no lemma is called {step.lemma!r}")
    if step.check in _NEEDS_LEMMA and step.lemma not in _NEEDS_LEMMA[step.check]:
        raise RejectedError(f"a step checked as {step.check!r} rests on another lemma than {step.lemma!r}")
    if step.rule == "sign" and step.rhs != 0:
        raise RejectedError("an inequality says that its left side is nonnegative, its right side being 0")
    own = context.own_definitions(step)
    context.used(step)
    try:
        conditions = rule(step, context)
    except RejectedError:
        raise
    except Exception as error:
        raise RejectedError(f"it cannot be checked: {type(error).__name__}: {error}") from error
    own_meaning = step.data.get("meaning", {})
    meaning = {**context.abbreviations, **own_meaning}
    lhs, rhs = (define(put_in(side, own), meaning) for side in (step.lhs, step.rhs))
    kept = common_meaning(step, context) if step.check == "by_lemma" else own_meaning
    return Accepted(step, lhs, rhs, conditions, kept, bool(step.data.get("almost_everywhere", False)))
