"""Recursions of ReLU kernels are multiples of each other, for every depth; wrong multiples are not reached."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations.expressions import Expect, relu, step
from derivations.kernels import relu_covariance, relu_kernel, relu_ntk, relu_variance
from derivations.scaled_recursions import by_induction, multiple, on_diagonal
from numerics.balls import enclose
from verify.ledger.kernel_scaling import IM_HOMOGENEOUS, KW_JACOT_ARORA
from verify.ledger.layer_normalisation import IM_DIAGONAL
from verify.statement import Identity

HOMOGENEOUS, BRIDGE, COVARIANCES = (
    IM_HOMOGENEOUS.forms[0].statement,
    KW_JACOT_ARORA.forms[0].statement,
    KW_JACOT_ARORA.forms[1].statement,
)
TINY = sp.Rational(1, 10**30)


@pytest.mark.parametrize("statement", [HOMOGENEOUS, BRIDGE, COVARIANCES])
def test_the_scale_is_a_factor_for_every_depth(statement: Identity) -> None:
    chain = multiple(statement)
    assert chain.reaches, chain.obstacle
    assert {step_.lemma for step_ in chain.steps} <= {
        None,
        "linear image of a Gaussian",
        "linearity of the integral",
        "null set",
    }


@pytest.mark.parametrize("statement", [HOMOGENEOUS, BRIDGE, COVARIANCES])
@pytest.mark.parametrize("factor", [1 + TINY, sp.Integer(2), sp.S.NegativeOne])
def test_a_wrong_factor_is_not_reached(statement: Identity, factor: sp.Expr) -> None:
    assert not multiple(replace(statement, rhs=factor * statement.rhs)).reaches


def test_a_factor_that_is_right_at_one_depth_alone_is_not_reached() -> None:
    depth = BRIDGE.lhs.count
    assert not multiple(replace(BRIDGE, rhs=BRIDGE.rhs * 2 ** (depth - 1))).reaches


def test_an_update_without_a_scale_is_an_obstacle() -> None:
    bent = BRIDGE.lhs.replace(lambda e: isinstance(e, Expect), lambda e: e.func(e.integrand + 1, *e.args[1:]))
    assert not multiple(replace(BRIDGE, lhs=bent)).reaches


def test_kernels_of_any_start_are_those_of_unit_inputs_there() -> None:
    rho, depth = sp.Rational(3, 10), sp.Integer(3)
    unit = (sp.S.One, sp.S.One, rho)
    both = enclose(relu_kernel(depth, unit, sp.Integer(2)) - relu_ntk(depth, rho), {})
    assert both.contains(0)
    assert both.rad() < 1e-30
    assert enclose(relu_variance(depth, sp.Integer(8), sp.S.One), {}) == 1
    assert enclose(relu_covariance(sp.S.Zero, unit, sp.S.One) - rho, {}).contains(0)


def test_the_diagonal_is_kept_by_the_constant_and_by_nothing_else() -> None:
    generic, of_relu, slopes = (form.statement for form in IM_DIAGONAL.forms)
    assert by_induction(generic).reaches
    assert not by_induction(replace(generic, rhs=1 + TINY)).reaches
    for statement in (of_relu, slopes):
        assert on_diagonal(statement).reaches
        assert not on_diagonal(replace(statement, rhs=statement.rhs + TINY)).reaches
        assert not on_diagonal(statement.__class__(lhs=statement.lhs, rhs=statement.rhs, where=statement.where)).reaches


def test_a_value_without_a_recursion_is_an_obstacle() -> None:
    u = sp.Symbol("u", real=True)
    statement = Identity(lhs=Expect(relu(u) * step(u), (u,), [[1]]), rhs=sp.S.Half)
    assert "no recursion" in on_diagonal(statement).obstacle
