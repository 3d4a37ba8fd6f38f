"""How a ReLU neuron moves that is held on some of its points: projections, their kernel, and what an event holds."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.training.relu_forces import ACTIVE, INACTIVE, PINNED, add_kernel, held, lever, settle

STATUS = st.lists(st.sampled_from([INACTIVE, ACTIVE, PINNED]), min_size=5, max_size=5)
SEEDS = st.integers(0, 2**32 - 1)


def points(seed, count=5, dimension=5):
    return np.random.default_rng(seed).standard_normal((count, dimension))


def velocity(inputs, status, source):
    """Σ_A s_i x_i without its part in the span of the pinned points, by least squares."""
    status = np.array(status)
    free, pins = inputs[status == ACTIVE].T @ source[status == ACTIVE], inputs[status == PINNED].T
    return free - pins @ np.linalg.lstsq(pins, free, rcond=None)[0] if pins.size else free


@given(STATUS, SEEDS)
def test_a_held_neuron_moves_by_what_is_orthogonal_to_its_pins(status, seed):
    inputs, source = points(seed), np.random.default_rng(seed + 1).standard_normal(5)
    forces = held(np.array(status, dtype=np.int8), inputs @ inputs.T, source)
    assert inputs.T @ forces == pytest.approx(velocity(inputs, status, source), rel=1e-6, abs=1e-6)
    assert not np.any(forces[np.array(status) == INACTIVE])


@given(STATUS, SEEDS)
def test_the_kernel_of_a_neuron_is_the_gram_matrix_of_its_projected_inputs(status, seed):
    inputs, kernel = points(seed), np.zeros((5, 5))
    add_kernel(np.array(status, dtype=np.int8), inputs @ inputs.T, 2.0, kernel)
    projected = np.array([velocity(inputs, status, unit) for unit in np.eye(5)])
    assert kernel == pytest.approx(2 * projected @ projected.T, rel=1e-6, abs=1e-6)


@given(STATUS, SEEDS)
def test_the_lever_bounds_the_forces_on_pins(status, seed):
    inputs, source = points(seed), np.random.default_rng(seed + 1).standard_normal(5)
    state = np.array(status, dtype=np.int8)
    gram = inputs @ inputs.T
    on_pins = np.abs(held(state, gram, source))[state == PINNED]
    assert np.all(on_pins <= lever(state, gram) * np.linalg.norm(inputs, 2) * np.linalg.norm(source) * (1 + 1e-6))
    assert state.tolist() == status


def allowed(status, loose, gram, residual, sign):
    """Whether velocities and shares of the loose points are complementary."""
    force = held(status, gram, residual)
    speed, share = sign * gram @ force, -sign * force
    return all(
        {INACTIVE: speed[i] <= 0, ACTIVE: speed[i] >= 0, PINNED: 0 <= share[i] <= -sign * residual[i]}[int(status[i])]
        for i in loose
    )


@given(SEEDS, st.sampled_from([-1.0, 1.0]))
def test_of_all_ways_to_hold_three_points_exactly_one_is_allowed_and_found(seed, sign):
    rng = np.random.default_rng(seed)
    inputs, residual = points(seed), rng.standard_normal(5)
    loose = [0, 1, 2]
    residual[loose] = -sign * np.abs(residual[loose])
    status = np.array([PINNED, PINNED, ACTIVE, ACTIVE, rng.choice([INACTIVE, ACTIVE])], dtype=np.int8)
    gram = inputs @ inputs.T
    ways = []
    for way in itertools.product([INACTIVE, ACTIVE, PINNED], repeat=3):
        trial = np.array([*way, *status[3:]], dtype=np.int8)
        if allowed(trial, loose, gram, residual, sign):
            ways.append(trial.tolist())
    assert settle(status, gram, residual, sign, 2)
    assert ways == [status.tolist()]


@pytest.mark.parametrize(("before", "after"), [(INACTIVE, ACTIVE), (ACTIVE, INACTIVE)])
def test_a_point_that_pushes_its_own_pre_activation_up_is_crossed(before, after):
    status = np.array([before, ACTIVE], dtype=np.int8)
    assert settle(status, np.eye(2), np.array([1.0, 1.0]), 1.0, 0)
    assert status.tolist() == [after, ACTIVE]


def test_a_point_that_nothing_pushes_is_not_held():
    status = np.array([ACTIVE, ACTIVE], dtype=np.int8)
    assert settle(status, np.eye(2), np.array([-1.0, 1.0]), 1.0, 0)
    assert status.tolist() == [INACTIVE, ACTIVE]
