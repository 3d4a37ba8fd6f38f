"""Losses of one example as functions of the outputs: the square, logistic, softmax and hinge losses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.dense.namespace import Array, Namespace, host

Of = Callable[[Array, Array, Namespace], Array]
"""Maps outputs (…, n, o), targets that broadcast to them, and the namespace."""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss ℓ(f, y) of one example; what is trained is the sum Σ_i ℓ(f(x_i), y_i), with no factor 1/n."""

    name: str
    value: Of
    """ℓ at every example, (…, n)."""
    gradient: Of
    """∂ℓ/∂f, (…, n, o); a subgradient where there is none."""
    fault: Callable[[np.ndarray], str]
    """What is wrong with targets (…, n, o); empty if nothing is."""
    smooth: bool = True
    """Whether the gradient is continuous in f."""

    def check(self, targets: Array) -> None:
        """Raise ValueError where the targets are not what the loss is defined for."""
        found = host(targets)
        if not np.all(np.isfinite(found)):
            raise ValueError(f"the targets of the {self.name} loss are finite numbers")
        if fault := self.fault(found):
            raise ValueError(f"the {self.name} loss needs {fault}")


def _square(outputs: Array, targets: Array, xp: Namespace) -> Array:
    return xp.sum((outputs - targets) ** 2, axis=-1) / 2


def _residual(outputs: Array, targets: Array, _: Namespace) -> Array:
    return outputs - targets


def _signs(targets: np.ndarray) -> str:
    if targets.shape[-1] != 1:
        return f"one output, not {targets.shape[-1]}"
    return "" if np.all(np.abs(targets) == 1) else "targets that are 1 or -1"


def _logistic(outputs: Array, targets: Array, xp: Namespace) -> Array:
    margin = (targets * outputs)[..., 0]
    return xp.log1p(xp.exp(-xp.abs(margin))) + xp.where(margin < 0, -margin, xp.zeros_like(margin))


def _logistic_gradient(outputs: Array, targets: Array, xp: Namespace) -> Array:
    # 1/(1 + e^m) = (1 - tanh(m/2))/2 does not overflow
    return -targets * (1 - xp.tanh(targets * outputs / 2)) / 2


def _distributions(targets: np.ndarray) -> str:
    if targets.shape[-1] < 2:
        return "two outputs or more"
    whole = np.all(targets >= 0) and np.allclose(np.sum(targets, axis=-1), 1, rtol=0, atol=1e-12)
    return "" if whole else "targets that are probabilities with sum 1"


def _log_sum_exp(outputs: Array, xp: Namespace) -> Array:
    top = xp.max(outputs, axis=-1, keepdims=True)
    return top + xp.log(xp.sum(xp.exp(outputs - top), axis=-1, keepdims=True))


def _cross_entropy(outputs: Array, targets: Array, xp: Namespace) -> Array:
    return xp.sum(targets * (_log_sum_exp(outputs, xp) - outputs), axis=-1)


def _probability_gap(outputs: Array, targets: Array, xp: Namespace) -> Array:
    return xp.exp(outputs - _log_sum_exp(outputs, xp)) - targets


def _hinge(outputs: Array, targets: Array, xp: Namespace) -> Array:
    lack = (1 - targets * outputs)[..., 0]
    return xp.where(lack > 0, lack, xp.zeros_like(lack))


def _hinge_subgradient(outputs: Array, targets: Array, xp: Namespace) -> Array:
    lack = 1 - targets * outputs
    return xp.where(lack > 0, -targets + xp.zeros_like(lack), xp.zeros_like(lack))


SQUARE = Loss(name="square", value=_square, gradient=_residual, fault=lambda _: "")
"""½‖f - y‖²."""

LOGISTIC = Loss(name="logistic", value=_logistic, gradient=_logistic_gradient, fault=_signs)
"""log(1 + e^(-yf)) with one output and y = ±1."""

SOFTMAX = Loss(name="softmax", value=_cross_entropy, gradient=_probability_gap, fault=_distributions)
"""-Σ_a y_a log p_a with p = softmax(f) and Σ_a y_a = 1; the gradient is p - y."""

HINGE = Loss(name="hinge", value=_hinge, gradient=_hinge_subgradient, fault=_signs, smooth=False)
"""max(0, 1 - yf) with one output and y = ±1; the subgradient is -y where yf < 1 and 0 elsewhere, at yf = 1 too."""

LOSSES: dict[str, Loss] = {loss.name: loss for loss in (SQUARE, LOGISTIC, SOFTMAX, HINGE)}
"""By name."""
