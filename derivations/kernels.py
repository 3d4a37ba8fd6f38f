"""The infinite-width kernels of deep ReLU networks, written from their definitions as recursions in depth.

`relu_*`, normalisation of the 2021 report: g^(h) = √(c_σ/d_h) σ(f^(h)) with c_σ = 2, no biases, unit inputs at
correlation ρ, so that every diagonal Σ^(h)(x, x) is 1 and Λ^(h) = [[1, Σ^(h-1)], [Σ^(h-1), 1]].
`jacot_*`, normalisation of the paper by Jacot, Gabriel and Hongler: weights divided by √fan-in, biases multiplied by β,
no c_σ, layers counted from 1; the ReLU, or the activation given.
The rest takes Σ^(0) as given and the factor c as a parameter, so that both normalisations are cases of it.
"""

from collections.abc import Callable
from typing import TypeAlias

import sympy as sp

from derivations.expressions import Expect, Iterate, relu, step

_u, _v = sp.symbols("u v", real=True)
_Sigma, _Theta, _Variance = sp.symbols("Sigma Theta q", real=True)
_h, _j, _k, _l = sp.symbols("h j k l", integer=True, nonnegative=True)

Activation: TypeAlias = Callable[[sp.Expr], sp.Expr]
"""A function of one variable, as an expression that can be differentiated."""

Start: TypeAlias = tuple[sp.Expr, sp.Expr, sp.Expr]
"""Σ^(0) at (x, x), (x', x') and (x, x')."""


def _pair(correlation: sp.Expr) -> list[list[sp.Expr]]:
    return [[sp.S.One, correlation], [correlation, sp.S.One]]


def relu_nngp(depth: sp.Expr, rho: sp.Expr) -> Iterate:
    """Σ^(depth)(x, x'): Σ^(0) = ρ, Σ^(h) = 2 E[σ(u)σ(v)] over N(0, Λ^(h)).

    >>> from numerics.balls import enclose
    >>> enclose(relu_nngp(sp.Integer(3), sp.Integer(1)), {})
    1.00000000000000
    """
    update = 2 * Expect(relu(_u) * relu(_v), (_u, _v), _pair(_Sigma))
    return Iterate(update, _Sigma, _h, rho, depth)


def relu_nngp_derivative(depth: sp.Expr, rho: sp.Expr) -> sp.Expr:
    """Σ̇^(depth)(x, x') = 2 E[σ'(u)σ'(v)] over N(0, Λ^(depth)), for depth >= 1."""
    return 2 * Expect(step(_u) * step(_v), (_u, _v), _pair(relu_nngp(depth - 1, rho)))


def relu_ntk(depth: sp.Expr, rho: sp.Expr) -> Iterate:
    """Θ^(depth)(x, x'): Θ^(0) = ρ, Θ^(k) = Θ^(k-1) Σ̇^(k) + Σ^(k)."""
    update = _Theta * relu_nngp_derivative(_k, rho) + relu_nngp(_k, rho)
    return Iterate(update, _Theta, _k, rho, depth)


def jacot_variance(layer: sp.Expr, beta: sp.Expr, sigma: Activation = relu) -> Iterate:
    """Σ^(layer)(x, x) in Jacot's normalisation at ‖x‖² = n_0: Σ^(1) = 1 + β², Σ^(l+1) = E[σ(u)²] + β².

    >>> from numerics.balls import enclose
    >>> enclose(jacot_variance(sp.Integer(2), sp.Rational(1, 2)), {})
    0.875000000000000
    """
    update = Expect(sigma(_u) ** 2, (_u,), [[_Variance]]) + beta**2
    return Iterate(update, _Variance, _l, 1 + beta**2, layer - 1)


def _jacot_pair(layer: sp.Expr, covariance: sp.Expr, beta: sp.Expr, sigma: Activation) -> list[list[sp.Expr]]:
    variance = jacot_variance(layer, beta, sigma)
    return [[variance, covariance], [covariance, variance]]


def jacot_nngp(layer: sp.Expr, rho: sp.Expr, beta: sp.Expr, sigma: Activation = relu) -> Iterate:
    """Σ^(layer)(x, x') at ‖x‖² = ‖x'‖² = n_0: Σ^(1) = ρ + β², Σ^(l+1) = E[σ(u)σ(v)] + β² over N(0, Λ^(l))."""
    update = Expect(sigma(_u) * sigma(_v), (_u, _v), _jacot_pair(_h, _Sigma, beta, sigma)) + beta**2
    return Iterate(update, _Sigma, _h, rho + beta**2, layer - 1)


def jacot_nngp_derivative(layer: sp.Expr, rho: sp.Expr, beta: sp.Expr, sigma: Activation = relu) -> Expect:
    """Σ̇^(layer)(x, x') = E[σ'(u)σ'(v)] over N(0, Λ^(layer-1)), for layer >= 2."""
    below = jacot_nngp(layer - 1, rho, beta, sigma)
    slopes = sigma(_u).diff(_u) * sigma(_v).diff(_v)
    return Expect(slopes, (_u, _v), _jacot_pair(layer - 1, below, beta, sigma))


def jacot_ntk(layer: sp.Expr, rho: sp.Expr, beta: sp.Expr, sigma: Activation = relu) -> Iterate:
    """Θ^(layer)(x, x'): Θ^(1) = Σ^(1), Θ^(l+1) = Θ^(l) Σ̇^(l+1) + Σ^(l+1)."""
    update = _Theta * jacot_nngp_derivative(_k + 1, rho, beta, sigma) + jacot_nngp(_k + 1, rho, beta, sigma)
    return Iterate(update, _Theta, _k, rho + beta**2, layer - 1)


def relu_variance(depth: sp.Expr, start: sp.Expr, factor: sp.Expr) -> Iterate:
    """Σ^(depth)(x, x) for any start Σ^(0)(x, x) and any factor c in Σ^(h) = c E[σ(u)²]: 2 in the report, 1 in Jacot's.

    >>> from numerics.balls import enclose
    >>> enclose(relu_variance(sp.Integer(3), sp.Integer(5), sp.Integer(2)), {})
    5.00000000000000
    """
    return Iterate(factor * Expect(relu(_u) ** 2, (_u,), [[_Variance]]), _Variance, _j, start, depth)


def _layer(depth: sp.Expr, below: sp.Expr, start: Start, factor: sp.Expr) -> list[list[sp.Expr]]:
    first, second = (relu_variance(depth, start[at], factor) for at in (0, 1))
    return [[first, below], [below, second]]


def relu_covariance(depth: sp.Expr, start: Start, factor: sp.Expr) -> Iterate:
    """Σ^(depth)(x, x') from Σ^(0) at (x, x), (x', x') and (x, x'): Σ^(h) = c E[σ(u)σ(v)] over N(0, Λ^(h))."""
    update = factor * Expect(relu(_u) * relu(_v), (_u, _v), _layer(_h - 1, _Sigma, start, factor))
    return Iterate(update, _Sigma, _h, start[2], depth)


def relu_derivative_covariance(depth: sp.Expr, start: Start, factor: sp.Expr) -> sp.Expr:
    """Σ̇^(depth)(x, x') = c E[σ'(u)σ'(v)] over N(0, Λ^(depth)), for depth >= 1."""
    below = relu_covariance(depth - 1, start, factor)
    return factor * Expect(step(_u) * step(_v), (_u, _v), _layer(depth - 1, below, start, factor))


def relu_kernel(depth: sp.Expr, start: Start, factor: sp.Expr) -> Iterate:
    """Θ^(depth)(x, x') for inputs of any norms, without biases: Θ^(0) = Σ^(0), Θ^(k) = Θ^(k-1) Σ̇^(k) + Σ^(k).

    >>> from numerics.balls import enclose
    >>> enclose(relu_kernel(sp.Integer(2), (sp.Integer(1), sp.Integer(4), sp.Integer(2)), sp.Integer(2)), {})
    6.00000000000000
    """
    slope, value = (of(_k, start, factor) for of in (relu_derivative_covariance, relu_covariance))
    return Iterate(_Theta * slope + value, _Theta, _k, start[2], depth)
