"""The claims of the slides on the way to the linearised solution: each gets its verdict, each mutant is refuted."""

import pytest

from verify.claim import Claim
from verify.ledger import (
    arccosine_hypotheses,
    empirical_kernel,
    gradient_descent,
    kernel_flow,
    linearisation_definition,
    linearisation_scope,
    linearised_network,
    spectral_decay,
    square_loss,
    taylor_remainder,
    vector_shapes,
    weight_movement,
)
from verify.run import check

CLAIMS = [
    claim
    for module in (
        square_loss,
        empirical_kernel,
        linearised_network,
        taylor_remainder,
        linearisation_scope,
        arccosine_hypotheses,
        gradient_descent,
        kernel_flow,
        linearisation_definition,
        spectral_decay,
        vector_shapes,
        weight_movement,
    )
    for claim in module.CLAIMS
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_gets_its_verdict_and_its_mutants_are_refuted(claim: Claim) -> None:
    result = check(claim)
    assert result.verdict is claim.expected
    assert [(mutant.name, mutant.route) for mutant in result.mutants if not mutant.refuted] == []
    assert result.ok
