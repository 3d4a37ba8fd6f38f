"""Kernels of networks whose weights are not normal."""

import math

import numpy as np
import pytest

from numerics.dense.weight_laws import ntk_by_law
from numerics.streams import Parameters


@pytest.mark.parametrize("law", ["rademacher", "uniform", "student"])
def test_one_hidden_layer_has_the_mean_of_normal_weights_if_its_first_layer_has(law: str) -> None:
    parameters: Parameters = {"L": 1, "rho": 0.6, "m": 8, "draws": 20_000, "law": law, "first": "normal"}
    kernels = ntk_by_law(parameters, np.random.default_rng(1))["ntk"]
    exact = (0.8 + 2 * 0.6 * (math.pi - math.acos(0.6))) / math.pi
    assert abs(kernels.mean() - exact) < 5 * kernels.std() / math.sqrt(20_000)


def test_signs_in_the_first_layer_make_a_lattice_with_another_mean() -> None:
    parameters: Parameters = {"L": 1, "rho": 0.6, "m": 8, "draws": 20_000, "law": "rademacher", "first": "rademacher"}
    kernels = ntk_by_law(parameters, np.random.default_rng(2))["ntk"]
    assert np.allclose(kernels * 2, np.round(kernels * 2), atol=1e-12)
    assert abs(kernels.mean() - 1) < 5 * math.sqrt(3 / 8 / 20_000)
