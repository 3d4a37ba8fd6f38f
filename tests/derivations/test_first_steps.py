"""Derivations about single steps and short movements: what they reach, and what they do not."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import both_layers, kernel_regime, linearisation, switches
from derivations.slopes_given import by_slopes
from verify.ledger.function_space_step import DS_ID_FSTEP
from verify.ledger.kernel_regime import DS_DEF_REGIME
from verify.ledger.softmax_step import DS_PROP1, h, loss, p_tar, q_u, u
from verify.ledger.taylor_expansion import KW_TAYLOR, L12_DEF_TAYLOR

TINY = sp.Rational(1, 10**30)
CASES = {
    "both layers": (both_layers.bound, KW_TAYLOR.forms[1]),
    "one step": (linearisation.quadratic_bound, DS_ID_FSTEP.forms[1]),
    "the kernel of the start, one step": (kernel_regime.one_step, DS_DEF_REGIME.forms[1]),
    "the kernel of the start, all steps": (kernel_regime.added_up, DS_DEF_REGIME.forms[2]),
    "switches": (switches.by_switches, L12_DEF_TAYLOR.forms[1]),
    "softmax": (DS_PROP1.forms[0].routes[0].derive, DS_PROP1.forms[0]),
}
INEQUALITIES = [name for name in CASES if name not in {"switches", "softmax"}]


@pytest.mark.parametrize("name", CASES)
def test_the_statement_is_reached(name: str) -> None:
    derive, form = CASES[name]
    assert derive(form.statement).reaches


@pytest.mark.parametrize("name", CASES)
def test_no_mutant_is_reached(name: str) -> None:
    derive, form = CASES[name]
    for mutant in form.mutants:
        assert not derive(mutant.of(form.statement)).reaches, mutant.name


@pytest.mark.parametrize("name", [name for name in CASES if name != "the kernel of the start, all steps"])
def test_a_constant_that_is_too_small_by_a_hair_is_not_reached(name: str) -> None:
    derive, form = CASES[name]
    smaller = replace(form.statement, rhs=(1 - TINY) * form.statement.rhs)
    assert not derive(smaller).reaches


@pytest.mark.parametrize("name", INEQUALITIES)
def test_a_hypothesis_that_is_dropped_is_missed(name: str) -> None:
    derive, form = CASES[name]
    conditions = [pair for pair in form.statement.domain if not isinstance(pair[0], sp.Symbol | sp.Indexed)]
    assert conditions
    for dropped in conditions:
        kept = tuple(pair for pair in form.statement.domain if pair != dropped)
        assert not derive(replace(form.statement, domain=kept)).reaches


def test_a_wrong_slope_is_an_open_step() -> None:
    """The values given to the deriver are a way, not a premise."""
    wrong = by_slopes((sp.Derivative(loss(u), u[h]), q_u(h, u) + p_tar(h)))
    assert not wrong(DS_PROP1.forms[0].statement).reaches
