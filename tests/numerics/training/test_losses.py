"""Losses: their gradients, their kinks, and what targets they are defined for."""

import numpy as np
import pytest

from numerics.training.losses import HINGE, LOGISTIC, LOSSES, SOFTMAX, SQUARE

RNG = np.random.default_rng(0)
OUTPUTS = RNG.standard_normal((5, 7, 1))
SIGNS = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0])[:, None]
SCORES, SHARES = RNG.standard_normal((5, 7, 3)), RNG.dirichlet(np.ones(3), 7)

EXAMPLES = {
    "square": (SCORES, SHARES),
    "logistic": (OUTPUTS, SIGNS),
    "softmax": (SCORES, SHARES),
    "hinge": (OUTPUTS, SIGNS),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_the_derivative(name):
    loss, (outputs, targets), step = LOSSES[name], EXAMPLES[name], 1e-6
    gradient = loss.gradient(outputs, targets, np)
    for a in range(outputs.shape[-1]):
        shift = step * (np.arange(outputs.shape[-1]) == a)
        above, below = (loss.value(outputs + s * shift, targets, np) for s in (1, -1))
        assert gradient[..., a] == pytest.approx((above - below) / (2 * step), abs=1e-8)


def test_values_written_out():
    assert SQUARE.value(np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]]), np) == pytest.approx([2.0])
    assert LOGISTIC.value(np.array([[2.0]]), np.array([[-1.0]]), np) == pytest.approx([np.log(1 + np.exp(2))])
    assert SOFTMAX.value(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]), np) == pytest.approx([np.log(2)])
    assert HINGE.value(np.array([[-2.0]]), np.array([[1.0]]), np) == pytest.approx([3.0])


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_no_loss_overflows_far_out(size):
    assert LOGISTIC.value(np.array([[size]]), np.array([[1.0]]), np) == pytest.approx([max(-size, 0.0)])
    assert np.isfinite(LOGISTIC.gradient(np.array([[size]]), np.array([[1.0]]), np)).all()
    scores = np.array([[size, 0.0]])
    assert SOFTMAX.value(scores, np.array([[1.0, 0.0]]), np) == pytest.approx([max(-size, 0.0)])
    assert SOFTMAX.gradient(scores, np.array([[1.0, 0.0]]), np) == pytest.approx(
        np.array([[0.0, 0.0]]) if size > 0 else np.array([[-1.0, 1.0]])
    )


def test_the_subgradient_of_the_hinge_is_zero_from_the_margin_on():
    outputs, one = np.array([[0.5], [1.0], [1.5]]), np.array([[1.0]])
    assert HINGE.gradient(outputs, one, np).ravel().tolist() == [-1, 0, 0]
    assert HINGE.gradient(-outputs, -one, np).ravel().tolist() == [1, 0, 0]
    assert not HINGE.smooth


@pytest.mark.parametrize(
    ("name", "targets", "reason"),
    [
        ("logistic", [[0.5]], "1 or -1"),
        ("hinge", [[1.0, -1.0]], "one output"),
        ("softmax", [[0.5, 0.6]], "sum 1"),
        ("softmax", [[1.0]], "two outputs"),
        ("square", [[np.nan]], "finite"),
    ],
)
def test_targets_that_a_loss_is_not_defined_for(name, targets, reason):
    with pytest.raises(ValueError, match=reason):
        LOSSES[name].check(np.array(targets))
