"""Kernels of infinite width by quadrature, and the columns of a trajectory."""

import numpy as np
import pytest

from numerics.data import sphere
from numerics.training.limits import kernel, limiting_kernels, regression
from numerics.training.trajectory import alignment, stacked, supremum

DATA = sphere()
GRAM = DATA.inputs @ DATA.inputs.T


def test_erf_and_the_normal_distribution_function_have_closed_forms():
    slopes = {"erf": 4 / np.pi / np.sqrt(9 - 4 * GRAM**2), "Phi": 1 / (2 * np.pi * np.sqrt(4 - GRAM**2))}
    values = {"erf": 2 / np.pi * np.arcsin(2 * GRAM / 3), "Phi": 0.25 + np.arcsin(GRAM / 2) / (2 * np.pi)}
    for activation, slope in slopes.items():
        found = kernel(activation, DATA.inputs, DATA.inputs, trained=False)
        assert found == pytest.approx(GRAM * slope, abs=1e-13)
        both = kernel(activation, DATA.inputs, DATA.inputs, trained=True)
        assert both - found == pytest.approx(values[activation], abs=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_other_activations_agree_with_the_trapezoidal_rule(activation):
    """On a grid of step 1/16 over [-9, 9]², whose error for functions analytic in a strip is below 1e-12."""
    rho, step = 0.37, 1 / 16
    z = np.arange(-9, 9 + step / 2, step)
    density = np.exp(-(z**2) / 2) * step / np.sqrt(2 * np.pi)
    value = {"tanh": np.tanh, "softplus": lambda x: np.logaddexp(0, x)}[activation]
    v = rho * z[:, None] + np.sqrt(1 - rho**2) * z
    expected = (density * value(z)) @ value(v) @ density
    pair = np.array([[1.0, 0.0], [rho, np.sqrt(1 - rho**2)]])
    found = kernel(activation, pair, pair, trained=True) - kernel(activation, pair, pair, trained=False)
    assert found[0, 1] == pytest.approx(expected, abs=1e-10)


def test_regression_interpolates_the_labels():
    inner, tests = limiting_kernels("tanh", 20, 10, False)
    assert inner == pytest.approx(inner.T, abs=0)
    assert np.linalg.eigvalsh(inner)[0] > 0
    assert regression("tanh", 20, 10, False) == pytest.approx(tests @ np.linalg.inv(inner) @ DATA.labels)


def test_the_first_points_of_the_sphere_are_the_same_whatever_their_number():
    few = sphere(6, 10)
    assert np.array_equal(few.inputs, DATA.inputs[:6])
    assert np.array_equal(few.labels, DATA.labels[:6])
    assert np.linalg.norm(np.vstack([DATA.inputs, DATA.test_inputs]), axis=1) == pytest.approx(np.ones(23))
    assert set(DATA.labels) == {-1.0, 1.0}


def test_a_supremum_allows_for_errors_and_for_what_is_between_the_times():
    times = np.linspace(0, 1, 9)
    values = 1 - (times - 0.3) ** 2
    found, error = supremum(times, values, np.full(9, 0.01))
    assert found == values.max()
    assert 1 - found + 0.01 <= error <= 0.01 + 3 * (1 - found)


def test_a_supremum_at_the_end_has_the_error_of_the_end():
    found, error = supremum(np.arange(4.0), np.arange(4.0), np.array([0, 0.1, 0.2, 0.3]))
    assert (found, error) == (3.0, pytest.approx(0.3))


def test_alignment_is_one_for_the_kernel_of_the_labels():
    y = DATA.labels
    assert alignment(np.outer(y, y), y) == pytest.approx(1)


def test_draws_are_stacked():
    columns, errors = stacked([({"a": 1.0}, {"a": 0.1}), ({"a": 2.0}, {"a": 0.2})])
    assert columns["a"].tolist() == [1, 2]
    assert errors["a"].tolist() == [0.1, 0.2]
