"""One step of a softmax network: its first order, and what is left."""

import numpy as np
import pytest

from numerics.softmax_step import remainders

FINE = remainders({"draws": 50, "s": 10**4}, np.random.default_rng(1))
FINER = remainders({"draws": 50, "s": 2 * 10**4}, np.random.default_rng(1))


def test_half_the_step_leaves_a_quarter_of_the_remainder():
    assert FINE["step_remainder"] / FINER["step_remainder"] == pytest.approx(np.full(50, 4.0), rel=0.02)


@pytest.mark.parametrize("column", ["change", "flipped", "without_jacobian", "unnormalised"])
def test_half_the_step_leaves_half_of_what_is_of_first_order(column):
    assert FINE[column] / FINER[column] == pytest.approx(np.full(50, 2.0), rel=0.02)


def test_the_remainder_is_the_smallest_of_the_columns():
    assert (FINE["step_remainder"] < 0.01 * FINE["change"]).all()


def test_a_short_input_has_a_gradient_in_proportion_to_its_length():
    one, half = (
        remainders({"draws": 20, "s": s, "step": 16}, np.random.default_rng(2))["gradient_norm"] for s in (100, 200)
    )
    assert one / half == pytest.approx(np.full(20, 2.0), rel=1e-3)
