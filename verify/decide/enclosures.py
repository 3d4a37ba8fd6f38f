"""The rule for enclosures: both sides of an identity or inequality in ball arithmetic, at points or over a cover."""

from verify.decide.comparisons import contradicting, figure, sides, table, undecided
from verify.decide.decision import Decision, nothing_to_test
from verify.evidence import EnclosureEvidence
from verify.statement import Identity, Inequality
from verify.verdict import Verdict


def decide(statement: Identity | Inequality, evidence: EnclosureEvidence) -> Decision:
    """REFUTED at a point that contradicts the statement for certain, INCONCLUSIVE if one is undecided.

    All agree: CERTIFIED if they cover the quantified domain, SUPPORTED if they are points of it.
    """
    if not evidence.comparisons:
        nothing = nothing_to_test("no point was enclosed")
        return Decision(verdict=nothing.verdict, reason=nothing.reason)
    against = contradicting(statement, evidence.comparisons)
    wide = undecided(evidence.comparisons)
    count = len(evidence.comparisons)
    if against:
        verdict, reason = Verdict.REFUTED, f"Refuted at {len(against)} of {count} points: {sides(against[0])}."
    elif wide:
        verdict = Verdict.INCONCLUSIVE
        reason = f"Undecided at {len(wide)} of {count} points: {sides(wide[0])}; narrower enclosures would decide it."
    else:
        verdict = Verdict.CERTIFIED if evidence.covers_domain else Verdict.SUPPORTED
        whole = "the whole domain" if evidence.covers_domain else "a search, not the whole domain"
        reason = f"Holds in ball arithmetic on {evidence.coverage} ({whole})."
    return Decision(
        verdict=verdict,
        reason=reason,
        table=table(evidence.comparisons),
        figures=figure(evidence.comparisons) if count > 1 else (),
    )
