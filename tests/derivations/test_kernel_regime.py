"""One step told by the kernel of the start, at any input."""

from dataclasses import replace

import sympy as sp

from derivations.kernel_regime import at_any_input
from verify.ledger._regime_step import ANY_INPUT

STATEMENT = ANY_INPUT.statement


def test_the_error_of_a_step_is_bounded_at_any_input() -> None:
    assert at_any_input(STATEMENT).reaches


def test_the_bounds_come_from_the_domain() -> None:
    bounds = [quantity for quantity, values in STATEMENT.domain if isinstance(values, sp.Interval) and values.is_closed]
    for bounded in (quantity for quantity in bounds if not quantity.is_Symbol and not isinstance(quantity, sp.Indexed)):
        without = tuple(pair for pair in STATEMENT.domain if pair[0] != bounded)
        assert "does not bound" in at_any_input(replace(STATEMENT, domain=without)).obstacle


def test_a_right_side_without_the_kernels_is_an_obstacle() -> None:
    assert "two lengths" in at_any_input(ANY_INPUT.mutants[0].of(STATEMENT)).obstacle


def test_a_smaller_constant_leaves_a_step_open() -> None:
    assert not at_any_input(ANY_INPUT.mutants[1].of(STATEMENT)).reaches
