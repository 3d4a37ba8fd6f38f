"""Kernel regression: the four ways to fit, their limits, leave-one-out and cross-validation against refits."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from numerics.kernel_machines import Fit, KernelRegression, minimum_norm_weights, ridge, ridge_weights

CONVENTIONS = [(mean, half) for mean in (True, False) for half in (True, False)]


def problem(examples: int, features: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, targets and a start; K = ΦΦᵀ is singular where there are fewer features than examples."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((examples, features)), rng.standard_normal(examples), rng.standard_normal(examples)


def weight(examples: int, mean: bool, half: bool) -> float:
    return (1 / examples if mean else 1) * (0.5 if half else 1)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize("features", [3, 9])
def test_a_ridge_minimises_its_loss(features: int, mean: bool, half: bool) -> None:
    phi, y, f0 = problem(6, features)
    kernel = phi @ phi.T
    fit = ridge(kernel, y, penalty=0.3, mean=mean, half=half, start=f0)

    def loss(coefficients: np.ndarray) -> float:
        f = f0 + kernel @ coefficients
        return float(weight(6, mean, half) * np.sum((f - y) ** 2) + 0.3 * coefficients @ kernel @ coefficients)

    least = loss(fit.coefficients)
    for direction in np.eye(6):
        for size in (1e-3, -1e-3):
            assert loss(fit.coefficients + size * direction) > least
    again = KernelRegression(kernel, y, start=f0).ridge(0.3, mean=mean, half=half)
    assert again.at_examples == pytest.approx(fit.at_examples, abs=1e-11)
    assert np.sqrt(fit.coefficients @ kernel @ fit.coefficients) == pytest.approx(fit.norm)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize(("examples", "features"), [(6, 3), (4, 9), (5, 5)])
def test_in_the_space_of_the_features_it_is_the_same(examples: int, features: int, mean: bool, half: bool) -> None:
    phi, y, _ = problem(examples, features)
    w0, points = np.linspace(-1, 1, features), np.random.default_rng(2).standard_normal((4, features))
    weights = ridge_weights(phi, y, penalty=0.2, mean=mean, half=half, start=w0)
    fit = ridge(phi @ phi.T, y, penalty=0.2, mean=mean, half=half, start=phi @ w0)
    assert fit.predict(points @ phi.T, points @ w0) == pytest.approx(points @ weights, rel=1e-10, abs=1e-11)
    nearest = minimum_norm_weights(phi, y, start=w0)
    end = KernelRegression(phi @ phi.T, y, start=phi @ w0).ridgeless()
    assert end.predict(points @ phi.T, points @ w0) == pytest.approx(points @ nearest, rel=1e-9, abs=1e-10)
    assert end.norm == pytest.approx(np.linalg.norm(nearest - w0))


@pytest.mark.parametrize("features", [3, 9])
def test_the_ridge_tends_to_the_ridgeless_fit_at_rate_one(features: int) -> None:
    phi, y, f0 = problem(6, features)
    machine = KernelRegression(phi @ phi.T, y, start=f0)
    assert machine.rank == min(6, features)
    end = machine.ridgeless().at_examples
    gaps = [np.abs(machine.ridge(p, mean=True, half=False).at_examples - end).max() for p in (1e-3, 1e-4, 1e-5)]
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.01)
    assert machine.ridge(0.0, mean=True, half=True).at_examples == pytest.approx(end)


def test_with_an_invertible_kernel_the_ridgeless_fit_interpolates_and_with_a_singular_one_it_projects() -> None:
    phi, y, f0 = problem(6, 9)
    assert KernelRegression(phi @ phi.T, y, start=f0).ridgeless().at_examples == pytest.approx(y)
    phi, y, f0 = problem(6, 2)
    fitted = KernelRegression(phi @ phi.T, y, start=f0).ridgeless().at_examples
    assert phi.T @ (fitted - y) == pytest.approx(np.zeros(2), abs=1e-12)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize("features", [3, 9])
def test_the_flow_is_that_of_the_loss(features: int, mean: bool, half: bool) -> None:
    phi, y, f0 = problem(5, features)
    kernel, speed = phi @ phi.T, 2 * weight(5, mean, half) * 0.7
    path = solve_ivp(lambda _, f: -speed * kernel @ (f - y), (0, 0.4), f0, rtol=1e-11, atol=1e-13, method="DOP853")
    machine = KernelRegression(kernel, y, start=f0)
    assert machine.flow(0.4, mean=mean, half=half, rate=0.7).at_examples == pytest.approx(path.y[:, -1], abs=1e-9)
    assert machine.flow(0.0, mean=mean, half=half).at_examples == pytest.approx(f0)
    late = machine.flow(1e6, mean=mean, half=half)
    assert late.at_examples == pytest.approx(machine.ridgeless().at_examples, abs=1e-9)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize("step", [0.02, 0.4])
def test_descent_is_the_iteration(step: float, mean: bool, half: bool) -> None:
    phi, y, f0 = problem(5, 3)
    kernel, f = phi @ phi.T, f0.copy()
    for _ in range(7):
        f -= step * 2 * weight(5, mean, half) * kernel @ (f - y)
    machine = KernelRegression(kernel, y, start=f0)
    assert machine.descent(7, step=step, mean=mean, half=half).at_examples == pytest.approx(f, rel=1e-9)


def test_descent_in_small_steps_is_the_flow() -> None:
    phi, y, f0 = problem(5, 8)
    machine = KernelRegression(phi @ phi.T, y, start=f0)
    flow = machine.flow(2.0, mean=True, half=True).at_examples
    gaps = [np.abs(machine.descent(k, step=2.0 / k, mean=True, half=True).at_examples - flow).max() for k in (400, 800)]
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.02)


def refit(kernel: np.ndarray, y: np.ndarray, f0: np.ndarray, out: int, level: float) -> float:
    kept = np.arange(len(y)) != out
    inner = kernel[np.ix_(kept, kept)] + level * np.eye(len(y) - 1)
    alpha = np.linalg.pinv(inner, rcond=1e-12, hermitian=True) @ (y - f0)[kept]
    return float(y[out] - f0[out] - kernel[out, kept] @ alpha)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize("features", [2, 3, 12])
@pytest.mark.parametrize("penalty", [0.0, 0.5])
def test_leaving_one_out_is_refitting(features: int, penalty: float, mean: bool, half: bool) -> None:
    phi, y, f0 = problem(7, features, seed=4)
    kernel = phi @ phi.T
    closed = KernelRegression(kernel, y, start=f0).leave_one_out(penalty, mean=mean, half=half)
    level = penalty / weight(6, mean, half)
    brute = [refit(kernel, y, f0, out, level) for out in range(7)]
    assert closed == pytest.approx(np.array(brute), rel=1e-8, abs=1e-10)


def test_an_example_that_alone_carries_a_direction_is_left_out_rightly() -> None:
    phi = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    y = np.array([1.0, -1.0, 2.0])
    closed = KernelRegression(phi @ phi.T, y).leave_one_out(mean=False, half=False)
    assert closed == pytest.approx(np.array([refit(phi @ phi.T, y, np.zeros(3), out, 0.0) for out in range(3)]))
    assert closed[2] == pytest.approx(2.0)


@pytest.mark.parametrize(("mean", "half"), CONVENTIONS)
@pytest.mark.parametrize("features", [3, 12])
def test_generalised_cross_validation_is_its_definition(features: int, mean: bool, half: bool) -> None:
    phi, y, f0 = problem(7, features)
    kernel, machine = phi @ phi.T, KernelRegression(phi @ phi.T, y, start=f0)
    hat = kernel @ np.linalg.inv(kernel + 0.5 / weight(7, mean, half) * np.eye(7))
    left = np.eye(7) - hat
    expected = np.mean((left @ (y - f0)) ** 2) / (np.trace(left) / 7) ** 2
    assert machine.generalised_cross_validation(0.5, mean=mean, half=half) == pytest.approx(expected)
    limit = machine.generalised_cross_validation(1e-7, mean=mean, half=half)
    assert machine.generalised_cross_validation(mean=mean, half=half) == pytest.approx(limit, rel=1e-4)


@given(rank=st.integers(1, 5), seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_without_a_penalty_the_residual_falls_along_the_flow(rank: int, seed: int) -> None:
    phi, y, f0 = problem(5, rank, seed)
    machine = KernelRegression(phi @ phi.T, y, start=f0)
    left = [np.linalg.norm(machine.flow(t, mean=True, half=True).at_examples - y) for t in (0, 0.1, 1, 10, 100)]
    assert all(later <= earlier * (1 + 1e-12) for earlier, later in pairwise(left))


def test_a_kernel_that_is_zero_learns_nothing() -> None:
    machine = KernelRegression(np.zeros((3, 3)), np.ones(3), start=2.0)
    assert machine.rank == 0
    assert list(machine.ridgeless().at_examples) == [2.0, 2.0, 2.0]
    assert list(machine.leave_one_out(mean=True, half=True)) == [-1.0, -1.0, -1.0]


def test_below_the_cutoff_eigenvalues_are_zero() -> None:
    machine = KernelRegression(np.diag([1.0, 1e-3]), np.array([1.0, 1.0]), cutoff=1e-2)
    assert machine.rank == 1
    assert machine.ridgeless().coefficients == pytest.approx(np.array([1.0, 0.0]))


@pytest.mark.parametrize(
    ("kernel", "targets", "message"),
    [
        (np.ones((2, 3)), np.ones(2), "square and not empty"),
        (np.array([[1.0, 0.5], [0.4, 1.0]]), np.ones(2), "not symmetric"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2), "not positive semidefinite"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), np.ones(2), "not finite"),
        (np.eye(2), np.ones(3), "targets has the shape (3,)"),
        (np.eye(2), np.array([1.0, np.inf]), "targets has entries that are not finite"),
    ],
)
def test_what_does_not_fit_is_refused(kernel: np.ndarray, targets: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        KernelRegression(kernel, targets)
    with pytest.raises(ValueError, match=re.escape(message)):
        ridge(kernel, targets, penalty=1.0, mean=True, half=False)


def test_numbers_out_of_range_are_refused() -> None:
    machine = KernelRegression(np.eye(2), np.ones(2))
    with pytest.raises(ValueError, match="penalty is a number that is not negative"):
        machine.ridge(-1.0, mean=True, half=True)
    with pytest.raises(ValueError, match="time is a number that is not negative"):
        machine.flow(-1.0, mean=True, half=True)
    with pytest.raises(ValueError, match="see KernelRegression"):
        ridge(np.eye(2), np.ones(2), penalty=0.0, mean=True, half=True)
    with pytest.raises(ValueError, match="nothing to fit"):
        KernelRegression(np.eye(1), np.ones(1)).leave_one_out(mean=True, half=True)
    with pytest.raises(ValueError, match="rows of length 3 do not fit 2 examples"):
        Fit(np.ones(2), np.eye(2), np.zeros(2)).predict(np.ones((4, 3)))
    with pytest.raises(ValueError, match="there are 3 features"):
        minimum_norm_weights(np.ones((2, 3)), np.ones(2), start=np.ones(2))
    with pytest.raises(ValueError, match="one row for each example"):
        ridge_weights(np.ones(3), np.ones(3), penalty=1.0, mean=True, half=True)
    with pytest.raises(ValueError, match="minimum_norm_weights"):
        ridge_weights(np.ones((2, 3)), np.ones(2), penalty=0.0, mean=True, half=True)
