"""Derivations from the decay of the residual: the time to an accuracy, and how far a weight gets."""

from dataclasses import replace
from itertools import pairwise

import pytest
import sympy as sp
from flint import arb

from derivations import path_length, time_to_accuracy
from derivations.confined_flow import Quantity, SigmoidFlow, confine
from numerics.balls import enclose
from verify.ledger.integrated_movement import BE_INTEGRATED
from verify.ledger.rapid_convergence import BE_RAPID

TINY = sp.Rational(1, 10**30)
IN_TIME = next(form for form in BE_RAPID.forms if form.remark == "The time it takes.")
CASES = {
    "time to accuracy": (time_to_accuracy.reached, IN_TIME),
    "weights": (path_length.bound, BE_INTEGRATED.forms[0]),
    "read-out": (path_length.bound, BE_INTEGRATED.forms[3]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_statement_is_reached_and_no_mutant_of_it(name: str) -> None:
    derive, form = CASES[name]
    assert derive(form.statement).reaches
    assert not any(derive(mutant.of(form.statement)).reaches for mutant in form.mutants)


@pytest.mark.parametrize("name", CASES)
def test_a_larger_constant_will_do_and_a_smaller_one_will_not(name: str) -> None:
    derive, form = CASES[name]
    assert derive(replace(form.statement, rhs=(1 + TINY) * form.statement.rhs)).reaches
    assert not derive(replace(form.statement, rhs=(1 - TINY) * form.statement.rhs)).reaches


@pytest.mark.parametrize("name", CASES)
def test_without_its_condition_nothing_is_reached(name: str) -> None:
    derive, form = CASES[name]
    *rest, _ = form.statement.domain
    assert derive(replace(form.statement, domain=tuple(rest))).obstacle


def test_a_confined_weight_moves_as_the_integral_of_its_speed() -> None:
    """By the trapezoidal rule on the enclosed speeds, whose error is far below the tolerance."""
    w, a = sp.IndexedBase("w"), sp.IndexedBase("a")
    x, y, m, t = sp.symbols("x y m t")
    point = {m: 1, x: 1, y: sp.Rational(1, 1000), w: {1: 3}, a: {1: 1}}

    def at(quantity: Quantity, time: sp.Rational) -> arb:
        return enclose(SigmoidFlow(quantity, sp.S.One, (w, a), (x, y), m, t), {**point, t: time}, digits=5)

    times = [sp.Rational(step, 20) for step in range(41)]
    speeds = [at(Quantity.READOUT_SPEED, time) for time in times]
    integral = sum((one + other) / 2 for one, other in pairwise(speeds)) / 20
    assert abs(at(Quantity.READOUT_MOVEMENT, sp.Integer(2)) / integral - 1) < 0.005
    assert at(Quantity.WEIGHT_MOVEMENT, sp.S.Zero) == 0
    assert confine([arb(3)], [arb(1)], arb(1), arb("0.001")).kernel > 0
