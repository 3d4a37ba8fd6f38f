"""The support vector machine without an intercept: its conditions, and the same problem put to other solvers."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from numerics.kernel_machines import support_vectors


def problem(examples: int, features: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    phi = rng.standard_normal((examples, features))
    return phi, np.where(rng.standard_normal(examples) + phi[:, 0] > 0, 1.0, -1.0)


def primal(phi: np.ndarray, labels: np.ndarray, bound: float) -> np.ndarray:
    """The weights that minimise ½‖w‖² + C Σ_i s_i with s_i >= 1 - y_i ⟨w, φ_i⟩, s_i >= 0: SciPy's trust region."""
    examples, features = phi.shape
    conditions = np.hstack([phi * labels[:, None], np.eye(examples)])
    hessian = np.diag(np.r_[np.ones(features), np.zeros(examples)])
    found = minimize(
        lambda z: 0.5 * z[:features] @ z[:features] + bound * z[features:].sum(),
        np.r_[np.zeros(features), np.full(examples, 2.0)],
        jac=lambda z: np.r_[z[:features], np.full(examples, bound)],
        hess=lambda _: hessian,
        method="trust-constr",
        constraints=LinearConstraint(conditions, 1.0, np.inf),
        bounds=[(None, None)] * features + [(0, None)] * examples,
        options={"gtol": 1e-10, "xtol": 1e-13, "maxiter": 3000},
    )
    return np.asarray(found.x[:features])


@given(st.integers(2, 9), st.integers(1, 12), st.sampled_from([0.05, 0.5, 5.0]), st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_the_conditions_hold(examples: int, features: int, bound: float, seed: int) -> None:
    phi, y = problem(examples, features, seed)
    found = support_vectors(phi @ phi.T, y, bound=bound, mean=False)
    margin = 1 - y * found.fit.at_examples
    assert np.all((found.multipliers >= 0) & (found.multipliers <= bound))
    assert np.all(np.abs(margin[(found.multipliers > 1e-9) & (found.multipliers < bound - 1e-9)]) < 1e-7)
    assert np.all(margin[found.multipliers < bound - 1e-9] < 1e-7)
    assert np.all(margin[found.multipliers > 1e-9] > -1e-7)
    assert found.gap < 1e-7


@pytest.mark.parametrize(("examples", "features", "bound"), [(8, 3, 0.3), (6, 10, 0.2), (7, 2, 4.0)])
def test_the_primal_problem_has_the_same_solution(examples: int, features: int, bound: float) -> None:
    phi, y = problem(examples, features, 7)
    found = support_vectors(phi @ phi.T, y, bound=bound, mean=False)
    weights = primal(phi, y, bound)
    assert found.fit.at_examples == pytest.approx(phi @ weights, abs=2e-4)
    loss = 0.5 * found.fit.norm**2 + bound * np.maximum(0, 1 - y * found.fit.at_examples).sum()
    assert loss <= 0.5 * weights @ weights + bound * np.maximum(0, 1 - y * (phi @ weights)).sum() + 1e-9


def test_a_subgradient_flow_comes_to_rest_at_it() -> None:
    phi, y = problem(6, 4, 3)
    kernel, f = phi @ phi.T, np.zeros(6)
    for step in range(1, 60001):
        f += (0.4 * kernel @ (y * (y * f < 1)) - f) / (step + 10)
    found = support_vectors(kernel, y, bound=0.4, mean=False)
    assert f == pytest.approx(found.fit.at_examples, abs=1e-3)


def test_one_example_has_the_multiplier_one_over_its_kernel_or_the_bound() -> None:
    assert support_vectors(np.array([[4.0]]), np.array([-1.0]), bound=1.0, mean=False).multipliers[0] == 0.25
    assert support_vectors(np.array([[4.0]]), np.array([1.0]), bound=0.1, mean=False).multipliers[0] == 0.1


def test_the_mean_divides_the_bound() -> None:
    phi, y = problem(5, 6, 2)
    one = support_vectors(phi @ phi.T, y, bound=2.0, mean=True)
    other = support_vectors(phi @ phi.T, y, bound=0.4, mean=False)
    assert one.multipliers == pytest.approx(other.multipliers)


def test_there_is_no_intercept() -> None:
    # With one every function could be shifted at no cost, and labels that are all 1 would need no multiplier.
    found = support_vectors(np.eye(3), np.ones(3), bound=0.5, mean=False)
    assert list(found.multipliers) == [0.5, 0.5, 0.5]


def test_a_start_is_where_the_penalty_is_centred() -> None:
    found = support_vectors(np.eye(2), np.array([1.0, -1.0]), bound=10.0, mean=False, start=np.array([3.0, -0.25]))
    assert found.multipliers == pytest.approx(np.array([0.0, 0.75]))
    assert found.fit.at_examples == pytest.approx(np.array([3.0, -1.0]))


def test_the_same_example_twice_is_one_with_the_multipliers_together() -> None:
    twice = support_vectors(np.ones((2, 2)), np.ones(2), bound=10.0, mean=False)
    assert twice.multipliers.sum() == pytest.approx(1.0)
    assert twice.fit.at_examples == pytest.approx(np.ones(2))


@pytest.mark.parametrize(
    ("kernel", "labels", "bound", "message"),
    [
        (np.eye(2), np.array([1.0, 0.5]), 1.0, "are 1 and -1"),
        (np.eye(2), np.ones(3), 1.0, "labels has the shape"),
        (np.eye(2), np.ones(2), 0.0, "no example counts"),
        (np.eye(2), np.ones(2), -1.0, "bound is a number that is not negative"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2), 1.0, "not positive semidefinite"),
        (np.array([[1.0, 2.0], [0.0, 1.0]]), np.ones(2), 1.0, "not symmetric"),
    ],
)
def test_what_does_not_fit_is_refused(kernel: np.ndarray, labels: np.ndarray, bound: float, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        support_vectors(kernel, labels, bound=bound, mean=False)
