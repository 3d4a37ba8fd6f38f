"""Activations of networks, each with the derivative that its backward pass uses."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from numerics.dense.namespace import Array, Namespace, erf

Function = Callable[[Array, Namespace], Array]
"""Maps an array of a namespace, and the namespace, to an array of the same shape, entry by entry."""


@dataclass(frozen=True)
class Activation:
    """An activation σ and its derivative σ'; where there is none, as for the ReLU at 0, σ' is 0."""

    name: str
    value: Function
    slope: Function


def _ones(z: Array, xp: Namespace) -> Array:
    return xp.ones_like(z)


def _zeros(z: Array, xp: Namespace) -> Array:
    return xp.zeros_like(z)


def _step(z: Array, xp: Namespace) -> Array:
    return xp.where(z > 0, xp.ones_like(z), xp.zeros_like(z))


def _relu(z: Array, xp: Namespace) -> Array:
    return xp.where(z > 0, z, xp.zeros_like(z))


def _normal_density(z: Array, xp: Namespace) -> Array:
    return xp.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _exp(z: Array, xp: Namespace) -> Array:
    return xp.exp(z)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("identity", lambda z, _: z, _ones),
        Activation("relu", _relu, _step),
        Activation("heaviside", _step, _zeros),
        Activation("erf", erf, lambda z, xp: 2 / math.sqrt(math.pi) * xp.exp(-z * z)),
        Activation("tanh", lambda z, xp: xp.tanh(z), lambda z, xp: 1 - xp.tanh(z) ** 2),
        Activation("normal_cdf", lambda z, xp: (1 + erf(z / math.sqrt(2), xp)) / 2, _normal_density),
        Activation("sine", lambda z, xp: xp.sin(z), lambda z, xp: xp.cos(z)),
        Activation("square", lambda z, _: z * z, lambda z, _: 2 * z),
        Activation("cube", lambda z, _: z * z * z, lambda z, _: 3 * z * z),
        Activation("exp", _exp, _exp),
        Activation("exp_half_square", lambda z, xp: xp.exp(z * z / 2), lambda z, xp: z * xp.exp(z * z / 2)),
    )
}
"""By name. `normal_cdf` is the sigmoid Φ, `exp_half_square` the function exp(z²/2)."""
