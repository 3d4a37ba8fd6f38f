"""Which bounds are drawn on one figure: the printed one and the corrected one, along the same paths."""

import pytest

from verify.judge import beside
from verify.ledger.integrated_movement import BE_INTEGRATED
from verify.ledger.weight_speed import BE_B_A_BOUND, BE_B_W_BOUND


@pytest.mark.parametrize("claim", [BE_B_A_BOUND, BE_B_W_BOUND], ids=lambda claim: claim.id)
def test_the_printed_and_the_corrected_bound_of_part_b_share_a_figure(claim):
    printed, corrected = claim.forms[1], claim.forms[4]
    assert beside(claim, 1, printed.routes[0]) == {"corrected": corrected.statement}
    assert beside(claim, 4, corrected.routes[0]) == {"printed": printed.statement}


def test_other_routes_and_other_left_sides_have_nothing_beside_them():
    assert not beside(BE_B_A_BOUND, 0, BE_B_A_BOUND.forms[0].routes[0])
    assert not beside(BE_INTEGRATED, 2, BE_INTEGRATED.forms[2].routes[0])
