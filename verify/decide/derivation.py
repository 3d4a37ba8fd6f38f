"""The rule for derivations: a chain that reaches the statement, and certified spot checks of both its ends."""

from verify.decide.comparisons import contradicting, figure, sides, table, undecided
from verify.decide.decision import Decision
from verify.evidence import DerivationEvidence
from verify.statement import Statement
from verify.verdict import Verdict


def decide(statement: Statement, evidence: DerivationEvidence) -> Decision:
    """PROVED if the chain reaches the statement, the replay of its file accepts it, and every spot agrees.

    A spot that contradicts it: REFUTED where the chain does not reach, ERROR where it does, for then one of the two is
    wrong. Without a spot, or with one too wide to agree, nothing is PROVED: computer algebra has bugs.
    """
    verdict, reason = _verdict(statement, evidence)
    shown = evidence.spots
    return Decision(
        verdict=verdict,
        reason=reason,
        table=table(shown) if shown else None,
        figures=figure(shown) if len(shown) > 1 else (),
    )


def _verdict(statement: Statement, evidence: DerivationEvidence) -> tuple[Verdict, str]:
    against = contradicting(statement, evidence.spots)
    steps = f"{len(evidence.steps)} step{'s' if len(evidence.steps) != 1 else ''}"
    wide = undecided(evidence.spots)
    if not evidence.reaches:
        if against:
            return Verdict.REFUTED, f"The chain does not reach the statement, and {sides(against[0])}."
        return Verdict.INCONCLUSIVE, f"The chain does not reach the statement: {_obstacle(evidence)}."
    if against:
        return Verdict.ERROR, f"The chain of {steps} closes, but a certified spot contradicts it: {sides(against[0])}."
    if wide or not evidence.spots:
        lack = f"a spot check is too wide: {sides(wide[0])}" if wide else "neither end was checked on the spot"
        return Verdict.INCONCLUSIVE, f"The chain of {steps} closes, but {lack}."
    if not evidence.replayed:
        reason = evidence.replay_reason.rstrip(".") or "no file of it was written"
        return Verdict.INCONCLUSIVE, f"The chain of {steps} closes, but its replay does not accept it: {reason}."
    points = f"{len(evidence.spots)} certified point{'s' if len(evidence.spots) != 1 else ''}"
    return (
        Verdict.PROVED,
        f"A chain of {steps} closes and replays, and both its ends agree at {points}{_lemmas(evidence)}.",
    )


def _obstacle(evidence: DerivationEvidence) -> str:
    if evidence.obstacle:
        return evidence.obstacle.rstrip(".")
    for step in evidence.steps:
        if not step.closed:
            return f"step {step.id} leaves the residual {step.residual}"
    return "it has no steps" if not evidence.steps else "its end is not the statement"


def _lemmas(evidence: DerivationEvidence) -> str:
    names = list(dict.fromkeys(step.lemma for step in evidence.steps if step.lemma))
    granted = f" (granted as they stand: {', '.join(evidence.granted)})" if evidence.granted else ""
    return f"; it rests on {', '.join(names)}{granted}" if names else ""
