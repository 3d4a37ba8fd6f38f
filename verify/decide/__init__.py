"""Decision rules: a statement and evidence in, a verdict out. Rules know their error rates, and nothing about NTKs."""

from collections.abc import Mapping

from verify.decide import (
    derivation,
    enclosures,
    equality_in_law,
    exact_law,
    limit,
    ordering,
    paths,
    probability,
    rate,
    uniform,
)
from verify.decide.decision import Decision, Wanted
from verify.decide.design import Design
from verify.decide.levels import ALPHA, BETA
from verify.decide.samples import Point
from verify.evidence import (
    DerivationEvidence,
    EnclosureEvidence,
    Evidence,
    LawEvidence,
    PathEvidence,
    SampleEvidence,
    UniformEvidence,
)
from verify.statement import (
    EqualityInLaw,
    Identity,
    Inequality,
    Limit,
    Need,
    Ordering,
    ProbabilityBound,
    Rate,
    Statement,
)

__all__ = ["ALPHA", "BETA", "Decision", "Wanted", "batches", "beta", "decide", "undecided"]


def decide(
    statement: Statement,
    evidence: Evidence,
    *,
    alpha: float = ALPHA,
    beside: Mapping[str, Inequality] | None = None,
) -> Decision:
    """Decide a statement on evidence: the rule is chosen by the kinds of both.

    Other bounds of the same left side may stand `beside` an inequality along paths, by name: they are drawn on its
    figure, and no verdict depends on them. `alpha` bounds the probability that chance makes a stochastic rule refute a
    true statement; the other rules ignore it. Raises TypeError where no rule decides that kind of statement on that
    kind of evidence, and ValueError where the evidence does not fit the statement: a column or parameter missing,
    values that are not numbers.
    """
    match statement, evidence:
        case Statement(), DerivationEvidence():
            decision = derivation.decide(statement, evidence)
        case Identity() | Inequality(), EnclosureEvidence():
            decision = enclosures.decide(statement, evidence)
        case Identity(), UniformEvidence():
            decision = uniform.decide(statement, evidence)
        case ProbabilityBound(), LawEvidence():
            decision = exact_law.decide(statement, evidence)
        case Inequality(), PathEvidence():
            decision = paths.decide(statement, evidence, beside)
        case ProbabilityBound(need=Need.SUFFICIENT), SampleEvidence():
            decision = probability.decide(statement, evidence, alpha)
        case EqualityInLaw(), SampleEvidence():
            decision = equality_in_law.decide(statement, evidence, alpha)
        case Rate(), SampleEvidence():
            decision = rate.RULE.decide(statement, evidence, alpha)
        case Limit(), SampleEvidence():
            decision = limit.RULE.decide(statement, evidence, alpha)
        case Ordering(), SampleEvidence():
            decision = ordering.RULE.decide(statement, evidence, alpha)
        case _:
            raise _undecidable(statement, evidence)
    return decision


def beta(
    statement: Statement,
    evidence: Evidence,
    design: Design | None,
    wanted: Wanted,
    *,
    alpha: float = ALPHA,
    budget: float = BETA,
) -> float:
    """Bound the probability, under the design, that `decide` does not give the wanted verdict.

    Only the evidence's shape counts, its parameter points and numbers of draws, never its values. Where drawing may
    stop early, or as a pilot plans, it is the shape at the budget (1 at a look that the pilot does not plan). 0 where
    chance plays no part; 1 where the design promises no power at this shape. Rules on quantiles spend `budget`, or are
    underpowered; the other rules return the bound itself. That chance refutes a true statement is counted in alpha.
    """
    match statement, evidence:
        case Statement(), DerivationEvidence() | EnclosureEvidence() | UniformEvidence() | LawEvidence():
            bound = 0.0
        case Inequality(), PathEvidence():
            bound = paths.beta(statement, evidence, design, wanted)
        case ProbabilityBound(need=Need.SUFFICIENT), SampleEvidence():
            bound = probability.beta(statement, evidence, design, wanted, alpha=alpha)
        case EqualityInLaw(), SampleEvidence():
            bound = equality_in_law.beta(statement, evidence, design, wanted, alpha=alpha)
        case Rate(), SampleEvidence():
            bound = rate.RULE.beta(statement, evidence, design, wanted, alpha=alpha, budget=budget)
        case Limit(), SampleEvidence():
            bound = limit.RULE.beta(statement, evidence, design, wanted, alpha=alpha, budget=budget)
        case Ordering(), SampleEvidence():
            bound = ordering.RULE.beta(statement, evidence, design, wanted, alpha=alpha, budget=budget)
        case _:
            raise _undecidable(statement, evidence)
    return bound


def undecided(statement: ProbabilityBound, evidence: SampleEvidence, *, alpha: float = ALPHA) -> frozenset[Point]:
    """Return the parameter points at which drawing goes on after a look; none, once the statement is decided."""
    return probability.undecided(statement, evidence, alpha)


def batches(
    statement: Rate | Limit | Ordering,
    evidence: SampleEvidence,
    sizes: Mapping[Point, int],
    wanted: Wanted,
    *,
    alpha: float = ALPHA,
    budget: float = BETA,
) -> int | None:
    """Return how many batches, with `sizes` draws each, the evidence's pilot plans for the wanted verdict.

    The smallest of its looks at which `beta` is within the budget; None if none is.
    """
    match statement:
        case Rate():
            return rate.RULE.batches(statement, evidence, sizes, wanted, alpha=alpha, budget=budget)
        case Limit():
            return limit.RULE.batches(statement, evidence, sizes, wanted, alpha=alpha, budget=budget)
        case Ordering():
            return ordering.RULE.batches(statement, evidence, sizes, wanted, alpha=alpha, budget=budget)


def _undecidable(statement: Statement, evidence: Evidence) -> TypeError:
    return TypeError(f"no rule decides a statement of kind {statement.kind!r} on evidence of kind {evidence.kind!r}")
