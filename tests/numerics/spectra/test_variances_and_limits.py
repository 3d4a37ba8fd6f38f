"""Fractional variances, the order of eigenvalues, and what both tend to in depth."""

from math import comb

import numpy as np
import pytest
from flint import arb, fmpq

from numerics.spectra import limits
from numerics.spectra.duals import DUALS
from numerics.spectra.ends import Ends
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution
from numerics.spectra.variances import Spectrum, ordered


def spectrum(
    activation="relu", depth=3, *, variances=(2, 0), kind="ck", on=Distribution.CUBE, d=12, degree=12, digits=12
):
    found = Kernel(
        dual=DUALS[activation],
        depth=depth,
        weight_variance=fmpq(variances[0]),
        bias_variance=fmpq(variances[1]),
        kind=Kind(kind),
    )
    return Spectrum.of(found, on, d, degree, digits=digits)


@pytest.mark.parametrize("kind", ["ck", "ntk"])
def test_fractions_on_the_cube_sum_to_one(kind):
    found = spectrum(kind=kind)
    assert sum(found.fractions, start=arb(0)).overlaps(arb(1))
    assert found.missing.contains(0)
    assert found.missing.rad() < 1e-12
    assert found.multiplicities == tuple(comb(12, k) for k in range(13))


def test_on_the_sphere_a_part_is_missing_and_it_shrinks_with_the_degree():
    few, many = (spectrum(on=Distribution.SPHERE, d=24, degree=degree, digits=8).missing for degree in (2, 6))
    assert few > many
    assert many > 0


def test_degrees_are_ordered_by_their_eigenvalues_and_zeros_share_a_place():
    found = spectrum("erf", depth=2, d=6, degree=6)
    assert found.order == ((1,), (3,), (5,), (0, 2, 4, 6))
    assert ordered([arb(1, 0.5), arb(0), arb("1.4", 0.1), arb(5)]) == ((3,), (0, 2), (1,))


DEEP = [
    ("relu", 2, "0", 4000, 0.005),
    ("relu", 2, "5", 8000, 0.03),
    ("relu", 2, "0.1", 8000, 0.02),
    ("relu", 3, "0.5", 1000, 0.02),
    ("relu", 1, "0.1", 400, 1e-9),
    ("erf", 1, "0", 400, 1e-9),
    ("erf", 4, "0", 100, 1e-9),
]


@pytest.mark.parametrize(("activation", "weights", "biases", "depth", "near"), DEEP)
def test_deep_kernels_are_near_their_limits(activation, weights, biases, depth, near):
    """The ReLU's rest falls like log L/L, or like a power, as that of erf: `near` is several times that."""
    ends = Ends.first(float(weights), float(biases))
    for _ in range(depth):
        ends = ends.next(float(weights), float(biases), ends.duals(activation))
    exact = fmpq(round(10 * float(biases)), 10)
    for kind, top, gaps in ((Kind.CK, ends.q, ends.gaps), (Kind.NTK, ends.tangent, ends.tangent_gaps)):
        p = limits.plateau(activation, kind, fmpq(weights), exact)
        expected = [0.0, -1.0] if p is None else [float(p)] * 2
        assert 1 - gaps / top == pytest.approx(expected, abs=near)


def test_fractions_of_deep_kernels_are_near_their_limits():
    for activation, kind, weights, depth, near in (
        ("relu", "ntk", 2, 128, 0.02),
        ("relu", "ck", 2, 128, 0.005),
        ("erf", "ck", 4, 48, 0.001),
    ):
        found = [
            float(part)
            for part in spectrum(activation, depth, variances=(weights, 0), kind=kind, d=8, degree=8).fractions
        ]
        expected = limits.fractional_variances(activation, Kind(kind), fmpq(weights), fmpq(0), 8)
        np.testing.assert_allclose(found, [float(part) for part in expected], atol=near)
        assert sum(expected) == 1


@pytest.mark.parametrize(
    ("activation", "weights", "biases"),
    [("erf", fmpq(1, 2), fmpq(0)), ("erf", fmpq(2), fmpq(1)), ("sin", fmpq(2), fmpq(0))],
)
def test_where_no_limit_is_known_it_says_so(activation, weights, biases):
    with pytest.raises(ValueError, match="no exact limit"):
        limits.plateau(activation, Kind.CK, weights, biases)
