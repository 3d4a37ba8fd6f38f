"""The infinite-width kernels of deep ReLU networks, written from their definitions as recursions in depth.

Normalisation of the 2021 report: g^(h) = √(c_σ/d_h) σ(f^(h)) with c_σ = 2, no biases, unit inputs at correlation ρ,
so that every diagonal Σ^(h)(x, x) is 1 and Λ^(h) = [[1, Σ^(h-1)], [Σ^(h-1), 1]].
"""

import sympy as sp

from derivations.expressions import Expect, Iterate, relu, step

_u, _v = sp.symbols("u v", real=True)
_Sigma, _Theta = sp.symbols("Sigma Theta", real=True)
_h, _k = sp.symbols("h k", integer=True, nonnegative=True)


def _pair(correlation: sp.Expr) -> list[list[sp.Expr]]:
    return [[sp.S.One, correlation], [correlation, sp.S.One]]


def relu_nngp(depth: sp.Expr, rho: sp.Expr) -> Iterate:
    """Σ^(depth)(x, x'): Σ^(0) = ρ, Σ^(h) = 2 E[σ(u)σ(v)] over N(0, Λ^(h)).

    >>> relu_nngp(sp.Integer(0), sp.Rational(1, 2)).unfold()
    1/2
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
