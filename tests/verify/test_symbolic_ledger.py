"""The claims about finite networks, ReLU identities and gradient flow: every route and mutant decides as it should."""

import pytest

from verify import decide, plan, tasks
from verify.claim import Claim, Measurement
from verify.decide.levels import ALPHA
from verify.ledger import closed_form, gradient_flow, linearisation, relu_identities, weight_speed
from verify.statement import Statement
from verify.verdict import Verdict, of_routes

CLAIMS = [
    claim
    for module in (relu_identities, linearisation, gradient_flow, closed_form, weight_speed)
    for claim in module.CLAIMS
]


def verdict_of(claim: Claim, number: int, route: str, mutant: str | None, statement: Statement) -> Verdict:
    evidence = tasks.compute(tasks.StatementTask(claim.id, number, route, mutant), tasks.Ledger(CLAIMS))
    return decide.decide(statement, evidence, alpha=ALPHA).verdict


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_forms_get_the_verdict_of_their_role_and_mutants_are_refuted(claim: Claim) -> None:
    for number, form in enumerate(claim.forms):
        found: list[Verdict] = []
        for route, mutant in plan.puts(form):
            if isinstance(route, Measurement):
                continue
            statement = mutant.of(form.statement) if mutant else form.statement
            verdict = verdict_of(claim, number, route.name, mutant.name if mutant else None, statement)
            if mutant is None:
                found.append(verdict)
            else:
                assert verdict is Verdict.REFUTED, f"{mutant.name} ({route.name})"
        if found and form.role.value != "corrected":
            assert of_routes(found) is claim.expected, form.remark
        elif found:
            assert of_routes(found).upheld, form.remark
