"""Spectra for every depth at once: the same numbers as one depth at a time."""

from dataclasses import replace
from math import comb

import flint
import pytest
from flint import arb, fmpq

from numerics.spectra import cube, depths
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind

BIASES = [fmpq(0), fmpq(1, 10)]


def kernel(activation="relu", depth=5, weights=2, biases=BIASES[1], kind="ntk"):
    return Kernel(
        dual=DUALS[activation], depth=depth, weight_variance=fmpq(weights), bias_variance=biases, kind=Kind(kind)
    )


@pytest.mark.parametrize("activation", ["relu", "erf"])
@pytest.mark.parametrize("kind", ["ck", "ntk"])
@pytest.mark.parametrize("biases", BIASES)
@pytest.mark.parametrize("d", [1, 2, 9, 16])
def test_each_depth_has_the_eigenvalues_it_has_alone(activation, kind, biases, d):
    whole = kernel(activation, biases=biases, kind=kind)
    rows = depths.eigenvalues(whole, d, d)
    assert len(rows) == 6
    for depth, row in enumerate(rows):
        alone = cube.eigenvalues(replace(whole, depth=depth), d)
        assert all(mu.overlaps(other) and cube.is_tight(mu, 30) for mu, other in zip(row, alone, strict=True))
        assert [mu == 0 for mu in row] == [mu == 0 for mu in alone]


@pytest.mark.parametrize("biases", BIASES)
@pytest.mark.parametrize("kind", ["ck", "ntk"])
def test_fractional_variances_sum_to_one_at_every_depth(biases, kind):
    with flint.ctx.workdps(60):
        for row in depths.fractional_variances(kernel(biases=biases, kind=kind), 12, 12):
            total = sum(row, start=arb(0))
            assert total.overlaps(arb(1))
            assert total.rad() < 1e-28


def test_fewer_degrees_are_the_first_of_all():
    few, all_ = (depths.eigenvalues(kernel("erf"), 20, degree) for degree in (3, 20))
    assert all(a.overlaps(b) for row, other in zip(few, all_, strict=True) for a, b in zip(row, other[:4], strict=True))


def test_the_fractional_variance_counts_each_eigenvalue_with_its_multiplicity():
    mu = depths.eigenvalues(kernel(), 7, 7)[5]
    shares = depths.fractional_variances(kernel(), 7, 7)[5]
    trace = sum((comb(7, i) * value for i, value in enumerate(mu)), start=arb(0))
    assert all(
        share.overlaps(comb(7, i) * value / trace) for i, (share, value) in enumerate(zip(shares, mu, strict=True))
    )


@pytest.mark.parametrize(("activation", "biases"), [("relu", fmpq(0)), ("erf", fmpq(1, 10))])
def test_digits_are_there_at_128_layers_in_dimension_128(activation, biases):
    rows = depths.eigenvalues(kernel(activation, 128, biases=biases), 128, 8, digits=40)
    assert len(rows) == 129
    assert all(cube.is_tight(mu, 40) for row in rows for mu in row)


@pytest.mark.parametrize(("d", "degree"), [(0, 0), (3, 4), (3, -1)])
def test_degrees_that_the_cube_does_not_have_are_refused(d, degree):
    with pytest.raises(ValueError, match=f"dimension {d} has the degrees 0 to {d}, not {degree}"):
        depths.eigenvalues(kernel(), d, degree)
