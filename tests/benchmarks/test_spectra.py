"""The benchmark of spectra: the baselines compute the same eigenvalues where they can, and digits are counted right."""

import numpy as np
import pytest
from flint import fmpq

from benchmarks.race import OURS
from benchmarks.spectra import BRUTE, DIFFERENCES, FAST, brute_force, differences, digits, rows, values
from numerics.spectra import cube
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind


@pytest.mark.parametrize("activation", ["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
def test_baselines_agree_in_low_dimension(activation, kind):
    kernel = Kernel(
        dual=DUALS[activation], depth=2, weight_variance=fmpq(2), bias_variance=fmpq(1, 10), kind=Kind(kind)
    )
    exact = [float(mu) for mu in cube.eigenvalues(kernel, 6)]
    phi = values(kernel, 6)
    np.testing.assert_allclose(differences(phi), exact, rtol=1e-9)
    np.testing.assert_allclose(brute_force(phi), exact, rtol=1e-8)


def test_differences_have_no_digit_left_in_the_middle_of_a_large_cube():
    found = {row.contender: row for row in rows([("relu", "ck", 64, 2)], lambda _: None, rounds=1)}
    assert set(found) == {OURS, FAST, DIFFERENCES}
    assert found[DIFFERENCES].remark.endswith("fewest 0")
    assert int(found[FAST].remark.split()[-1]) >= 10
    assert all(row.seconds for row in found.values())


def test_brute_force_runs_where_the_matrix_fits():
    found = {row.contender for row in rows([("erf", "ntk", 4, 1)], lambda _: None, rounds=1)}
    assert BRUTE in found


def test_digits_are_counted():
    found = digits([1.001, 0.0, 2.0, 7.0], [1.0, 0.0, 2.0, 1.0])
    assert found == pytest.approx({0: 3.0, 2: 15.95, 3: 0.0}, abs=1e-3)
