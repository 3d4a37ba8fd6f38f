"""The limits that the ledger states for convolutions and recurrence are those computed in numerics."""

import math

import numpy as np
import pytest

from numerics.angles import Correlation
from numerics.data import span
from numerics.dense.convolution import Convolutional
from numerics.dense.convolution import infinite_kernel as convolutional_kernel
from numerics.dense.recurrent import Recurrent
from numerics.dense.recurrent import infinite_kernel as recurrent_kernel
from numerics.dense.shared_weights import IMAGES, convolutional_ntk, recurrent_ntk
from numerics.dual_arrays import relu_duals
from verify.decide.evaluate import number
from verify.ledger.architectures import DS_INIT_GENERAL
from verify.statement import Limit


def duals(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """E[σ(u)σ(v)] and E[σ'(u)σ'(v)] of the ReLU."""
    norms = np.sqrt(np.asarray(a) * b)
    slope, value, _ = relu_duals(Correlation.of(np.clip(c / norms, -1, 1)))
    return norms * value / 2, slope / 2


def stated(opening: str, **parameters: float) -> float:
    """The value of the limit whose remark begins so."""
    (form,) = (form for form in DS_INIT_GENERAL.forms if form.remark.startswith(opening))
    assert isinstance(form.statement, Limit)
    return number(form.statement.expand(form.statement.value), parameters)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_full_filter_on_a_circle_averages_the_kernel_over_shifts(depth: int) -> None:
    network = Convolutional(image=(3,), filter=(3,), channels=(1, *[1] * depth))
    found = convolutional_kernel(network, IMAGES[..., None], duals)[0, 1]
    assert stated("Convolutional", L=depth) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize(
    ("opening", "lengths"), [("Recurrent, sequences of one", (3, 3)), ("Recurrent, sequences of d", (3, 2))]
)
def test_recurrent_networks_gather_the_kernels_of_aligned_times(opening: str, lengths: tuple[int, int]) -> None:
    sequences = [
        np.array([1.0, *[math.sqrt(0.5)] * (length - 1)])[:, None] * direction
        for length, direction in zip(lengths, span(0.5), strict=True)
    ]
    found = recurrent_kernel(Recurrent(inputs=2, width=1), sequences, duals)[0, 1]
    assert stated(opening, T=lengths[0], S=lengths[1], rho=0.5) == pytest.approx(found, rel=1e-12)


def test_measurements_have_one_kernel_for_each_draw() -> None:
    rng = np.random.default_rng(1)
    assert convolutional_ntk({"L": 2, "m": 4, "draws": 5}, rng)["ntk"].shape == (5,)
    assert recurrent_ntk({"T": 3, "S": 2, "rho": 0.5, "m": 4, "draws": 5}, rng)["ntk"].shape == (5,)
