"""The identities of the ReLU follow from the cases of signs, and false ones do not."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import relu_identities
from derivations.expressions import relu, step
from verify.ledger.relu_identities import CUBE, PLANE, t, x1, x2, z
from verify.statement import Identity

TINY = sp.Rational(1, 10**30)
RELU = Identity(lhs=relu(z), rhs=z * step(z), domain=((z, sp.S.Reals),))
ABSOLUTE = Identity(lhs=relu(t) + relu(-t), rhs=sp.Abs(t), domain=((t, sp.S.Reals),))
PRODUCT = Identity(lhs=(sp.Abs(x1 + x2) - sp.Abs(x1 - x2)) / 2, rhs=x1 * x2, domain=CUBE)


def test_the_relu_is_homogeneous() -> None:
    chain = relu_identities.homogeneous(RELU)
    assert chain.reaches
    assert [s.id for s in chain.steps] == ["slope-right", "slope-left", "zero", "cases"]


def test_a_leaky_relu_is_homogeneous_too() -> None:
    leaky, slope = relu(z) - relu(-z) / 10, step(z) + step(-z) / 10
    assert relu_identities.by_sign(replace(RELU, lhs=leaky, rhs=z * slope)).reaches


@pytest.mark.parametrize(
    "rhs",
    [step(z), z * step(z) * (1 + TINY), z * step(-z), z, z * step(z) + TINY],
    ids=["slope", "tiny", "-", "z", "+"],
)
def test_what_the_relu_is_not(rhs: sp.Expr) -> None:
    assert not relu_identities.homogeneous(replace(RELU, rhs=rhs)).reaches


def test_smooth_activations_are_not_homogeneous() -> None:
    for activation in (sp.tanh(z), sp.log(1 + sp.exp(z)), z * sp.erf(z)):
        assert not relu_identities.homogeneous(replace(RELU, lhs=activation, rhs=z * activation.diff(z))).reaches


def test_two_relus_make_the_absolute_value() -> None:
    assert relu_identities.by_sign(ABSOLUTE).reaches
    assert not relu_identities.by_sign(replace(ABSOLUTE, lhs=relu(t) - relu(-t))).reaches
    assert not relu_identities.by_sign(replace(ABSOLUTE, rhs=(1 + TINY) * sp.Abs(t))).reaches


def test_the_product_takes_one_step_for_each_point_of_the_cube() -> None:
    chain = relu_identities.exhaustive(PRODUCT)
    assert chain.reaches
    assert [step.id for step in chain.steps] == [*(f"point-{n}" for n in range(1, 5)), "statement"]


def test_the_product_does_not_extend_to_the_plane() -> None:
    assert not relu_identities.exhaustive(replace(PRODUCT, domain=PLANE)).reaches


def test_cases_are_not_claimed_to_cover_what_they_do_not() -> None:
    half = replace(ABSOLUTE, domain=((t, sp.Interval(0, 1)),))
    assert "all real values" in relu_identities.by_sign(half).obstacle
    assert relu_identities.by_sign(replace(ABSOLUTE, domain=())).obstacle
