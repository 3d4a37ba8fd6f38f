"""The residual of gradient flow and the speed of single weights: what is derived, and what is false and is not."""

from dataclasses import replace

import pytest
import sympy as sp

from derivations import gradient_flow, weight_speed
from derivations.chain import Rule
from derivations.gradient_flow import Residual
from verify.claim import Derivation
from verify.ledger.gradient_flow import BE_A_DECAY, BE_A_STEP, KERNEL, LABELS, NORM, F, i, j, k, lambda_bar, n, t, y
from verify.ledger.weight_speed import BE_B_A_BOUND, BE_B_CONSTANT, BE_B_W_BOUND

TINY = sp.Rational(1, 10**30)
SPEED, SPEED_BOUND = (form.statement for form in BE_A_STEP.forms[:2])
DECAY = BE_A_DECAY.forms[0].statement
DERIVED = [
    (claim.id, form, route)
    for claim in (BE_A_STEP, BE_A_DECAY, BE_B_W_BOUND, BE_B_A_BOUND, BE_B_CONSTANT)
    for form in claim.forms
    for route in form.routes
    if isinstance(route, Derivation)
]
W_BOUND, A_BOUND = (
    next(form.statement for form in claim.forms if any(isinstance(route, Derivation) for route in form.routes))
    for claim in (BE_B_W_BOUND, BE_B_A_BOUND)
)


@pytest.mark.parametrize(("name", "form", "route"), DERIVED, ids=lambda part: getattr(part, "name", ""))
def test_every_form_is_reached_and_no_mutant_of_it(name, form, route) -> None:
    assert route.derive(form.statement).reaches, name
    for mutant in form.mutants:
        assert not route.derive(mutant.of(form.statement)).reaches, mutant.name


def test_constants_off_by_a_hair_are_not_reached() -> None:
    assert not gradient_flow.speed(replace(SPEED, rhs=SPEED.rhs * (1 + TINY))).reaches
    assert not gradient_flow.speed_bound(replace(SPEED_BOUND, rhs=SPEED_BOUND.rhs * (1 + TINY))).reaches
    assert not gradient_flow.decay(replace(DECAY, rhs=DECAY.rhs * (1 - TINY))).reaches
    assert not weight_speed.speed_of_weight(replace(A_BOUND, rhs=A_BOUND.rhs * sp.exp(-TINY * t))).reaches


def test_an_exponent_off_by_a_hair_is_not_reached() -> None:
    faster = LABELS * sp.exp(-2 * lambda_bar * t * (1 + TINY))
    chain = gradient_flow.decay(replace(DECAY, rhs=faster))
    assert [step.id for step in chain.steps if not step.closed] == ["loss", "decay", "statement"]


def test_a_slower_decay_is_reached_too() -> None:
    assert gradient_flow.decay(replace(DECAY, rhs=LABELS * sp.exp(-lambda_bar * t))).reaches


def test_the_trust_base_is_the_spectral_theorem_monotonicity_and_the_existence_of_the_flow() -> None:
    lemmas = {step.lemma for step in gradient_flow.decay(DECAY).steps if step.lemma}
    assert lemmas == {"spectral theorem", "monotonicity", "existence of linear flows"}
    assert [step.lemma for step in gradient_flow.speed(SPEED).steps] == ["existence of linear flows"]
    of_weight = {step.lemma for step in weight_speed.speed_of_weight(W_BOUND).steps if step.lemma}
    assert of_weight == lemmas | {"monotonicity of the square root"}


def test_steps_call_the_flow_by_its_name() -> None:
    steps = {step.id: step for step in gradient_flow.decay(DECAY).steps}
    assert steps["rate"].lhs == sp.Derivative(NORM / 2, t)
    assert steps["decay"].rule is Rule.SIGN


def test_the_kernel_has_to_be_a_multiple_of_the_identity_plus_a_gram_matrix() -> None:
    name, meaning = KERNEL
    for other in (
        meaning + F(j, k, t),
        sp.KroneckerDelta(j, k) * lambda_bar,
        meaning.subs(F(k, sp.Symbol("ell"), t), 1),
    ):
        kernel = (name, other) if other != meaning else (name, meaning * 2 + y[1])
        chain = gradient_flow.decay(replace(DECAY, where=(DECAY.where[0], kernel)))
        assert "Gram matrix" in chain.obstacle


def test_a_statement_without_a_flow_is_an_obstacle() -> None:
    assert gradient_flow.decay(replace(DECAY, lhs=sp.Sum(y[i] ** 2, (i, 1, n)))).obstacle
    assert gradient_flow.decay(replace(DECAY, lhs=sp.sqrt(NORM))).obstacle
    assert gradient_flow.speed(replace(SPEED, where=())).obstacle


def test_a_bound_on_a_factor_that_the_domain_leaves_out_is_missed() -> None:
    for dropped in [pair for pair in W_BOUND.domain if isinstance(pair[1], sp.Interval) and pair[1].has(sp.Symbol)]:
        domain = tuple(pair for pair in W_BOUND.domain if pair != dropped)
        assert weight_speed.speed_of_weight(replace(W_BOUND, domain=domain)).obstacle


@pytest.mark.parametrize("statement", [W_BOUND, A_BOUND])
@pytest.mark.parametrize("factor", [-1, (-1) ** sp.floor(n / 3)])
def test_a_right_side_whose_square_alone_is_large_enough_is_not_reached(statement, factor) -> None:
    chain = weight_speed.speed_of_weight(replace(statement, rhs=factor * statement.rhs))
    assert [step.id for step in chain.steps if not step.closed] == ["right-side", "bound"]


def test_the_root_of_n_is_enough() -> None:
    for statement in (W_BOUND, A_BOUND):
        assert weight_speed.speed_of_weight(replace(statement, rhs=statement.rhs / sp.sqrt(n))).reaches
        assert not weight_speed.speed_of_weight(replace(statement, rhs=statement.rhs / n)).reaches


def test_the_residual_reads_its_matrix() -> None:
    residual = Residual.read(DECAY.expand(DECAY.lhs))
    level, _ = residual.split()
    assert level == lambda_bar
    assert residual.start == LABELS
