"""The data sets have the inner products and eigenvalues they say."""

import numpy as np
import pytest

from numerics.data import corners, plane, span
from numerics.kernel_matrices import relu_ntk


@pytest.mark.parametrize("rho", [-1.0, -0.3, 0.0, 0.5, 1 - 1e-12, 1.0])
def test_the_span_of_two_unit_vectors(rho):
    gram = span(rho) @ span(rho).T
    assert gram == pytest.approx(np.array([[1, rho], [rho, 1]]), abs=1e-15)


def test_no_two_unit_vectors_have_an_inner_product_above_one():
    with pytest.raises(ValueError, match="inner product"):
        span(1.01)


def test_the_corners_are_distinct_unit_vectors_and_the_smallest_eigenvalue_is_as_said():
    data, tests = corners()
    everything = np.vstack([data.inputs, tests])
    assert len(np.unique(everything, axis=0)) == 16
    assert np.linalg.norm(everything, axis=1) == pytest.approx(1)
    assert np.linalg.eigvalsh(relu_ntk(data.inputs, depth=1))[0] == pytest.approx(0.397, abs=1e-3)


def test_the_plane_has_the_inner_products_it_says():
    data, test = plane()
    assert data.inputs @ data.inputs.T == pytest.approx(np.array([[1, -0.6], [-0.6, 1]]))
    assert data.inputs @ test == pytest.approx([0.6, 0.28])
