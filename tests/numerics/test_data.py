"""Two inputs with a prescribed inner product."""

import numpy as np
import pytest

from numerics.data import span


@pytest.mark.parametrize("rho", [-1.0, -0.3, 0.0, 0.5, 1 - 1e-12, 1.0])
def test_the_span_of_two_unit_vectors(rho):
    gram = span(rho) @ span(rho).T
    assert gram == pytest.approx(np.array([[1, rho], [rho, 1]]), abs=1e-15)


def test_no_two_unit_vectors_have_an_inner_product_above_one():
    with pytest.raises(ValueError, match="inner product"):
        span(1.01)
