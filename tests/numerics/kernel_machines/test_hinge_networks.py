"""Networks trained on the hinge loss: their limiting kernels, their minimum, and the machines they approach."""

import numpy as np
import pytest
from scipy.special import erf

from numerics.kernel_machines import hinge_networks as networks
from numerics.kernel_machines import support_vectors


def test_the_kernels_are_those_of_wide_networks() -> None:
    readout, everywhere = networks._start(400_000, np.random.default_rng(1))
    of_readout, of_weights = networks._Network(readout, everywhere[:4]).parts()
    sigma, tangent_part = networks.kernels()
    assert of_readout == pytest.approx(sigma[:4], abs=5e-3)
    assert of_weights == pytest.approx(tangent_part[:4], abs=5e-3)


def test_the_machine_of_the_tangent_kernel_has_every_kind_of_example() -> None:
    sigma, rest = networks.kernels()
    found = support_vectors((sigma + rest)[:4], networks._LABELS, bound=networks.BOUND, mean=False)
    kinds = np.where(found.multipliers == 0, "none", np.where(found.multipliers == networks.BOUND, "held", "margin"))
    assert sorted(kinds) == ["held", "held", "margin", "none"]


def objective(readout: np.ndarray, weights: np.ndarray, start: tuple[np.ndarray, np.ndarray]) -> float:
    angles = networks._ANGLES
    inputs = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    outputs = (erf(inputs @ weights) @ readout - erf(inputs @ start[1]) @ start[0]) / np.sqrt(len(readout))
    moved = np.sum((readout - start[0]) ** 2) + np.sum((weights - start[1]) ** 2)
    return float(moved / 2 + networks.BOUND * np.maximum(0, 1 - networks._LABELS * outputs).sum())


def test_subgradient_descent_ends_where_the_gauss_newton_steps_do() -> None:
    # The weights themselves, from their pre-activations at two inputs that span the plane.
    readout, everywhere = networks._start(512, np.random.default_rng(3))
    angles = networks._ANGLES
    inputs = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    weights = np.linalg.solve(inputs[:2], everywhere[:2])
    start, least = (readout, weights), np.inf
    now = (readout.copy(), weights.copy())
    test = np.stack([np.cos(networks._TEST_ANGLES), np.sin(networks._TEST_ANGLES)], axis=1)
    before = erf(test @ weights) @ readout / np.sqrt(512)
    for step in range(1, 4001):
        z = inputs @ now[1]
        outputs = (erf(z) @ now[0] - erf(inputs @ start[1]) @ start[0]) / np.sqrt(512)
        by = networks._LABELS * (networks._LABELS * outputs < 1) * networks.BOUND / np.sqrt(512)
        slopes = by[:, None] * now[0] * (2 / np.sqrt(np.pi) * np.exp(-(z**2)))
        rate = 1 / (step + 5)
        now = (
            now[0] - rate * (now[0] - start[0] - by @ erf(z)),
            now[1] - rate * (now[1] - start[1] - inputs.T @ slopes),
        )
        least = min(least, objective(*now, start))
    found, distance = networks._minimum(readout, everywhere, 0.1)
    assert erf(test @ now[1]) @ now[0] / np.sqrt(512) - before == pytest.approx(found, abs=5e-3)
    assert distance < 1e-3


def test_columns_and_their_errors_have_one_entry_for_each_draw() -> None:
    columns, errors = networks.regularised({"m": 512, "draws": 3}, np.random.default_rng(2))
    assert set(columns) == set(errors)
    assert all(values.shape == errors[name].shape == (3,) for name, values in columns.items())
    assert max(errors["svm_gap"]) < 1e-3
    assert min(columns["svm_gap_readout"]) > 0.1


def test_where_the_objective_may_not_be_convex_nothing_is_measured() -> None:
    with pytest.raises(ValueError, match="need not be convex"):
        networks.regularised({"m": 64, "draws": 1}, np.random.default_rng(2))


def test_with_a_penalty_on_the_readout_alone_it_is_the_machine_of_the_readout() -> None:
    cell = {"m": 8192, "draws": 3, "step": 1.0, "steps": 12}
    columns = networks.penalised_readout(cell, np.random.default_rng(5))
    assert np.all(columns["readout_svm_gap"] < columns["readout_svm_gap_tangent"] / 4)
