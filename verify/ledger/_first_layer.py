"""The two-layer network of the talk, its first layer alone trained: its vocabulary, and points of its domain."""

from collections.abc import Callable, Sequence

import sympy as sp

from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from verify.claim import Point
from verify.ledger._points import entries, family

m, d = sp.symbols("m d", integer=True, positive=True)
i, j, k, ell = sp.symbols("i j k ell", integer=True)
z = sp.Symbol("z", real=True)
x, a, W, W0 = (sp.IndexedBase(name, real=True) for name in ("x", "a", "W", "W_0"))
f = sp.Function("f", real=True)

SIZES = ((m, sp.S.Naturals), (d, sp.S.Naturals))
ENTRIES = ((W[j, k], sp.S.Reals), (W0[j, k], sp.S.Reals))
NETWORK = (
    "$f(bold(x); bold(w)) = 1/sqrt(m) sum_(j=1)^m a_j sigma(bold(w)_j dot bold(x))$; the first layer alone is trained."
)


def preactivation(weights: sp.IndexedBase, neuron: sp.Expr, inputs: sp.IndexedBase = x) -> sp.Sum:
    """w_neuron·x."""
    return sp.Sum(weights[neuron, ell] * inputs[ell], (ell, 1, d))


def network(weights: sp.IndexedBase, activation: Callable[[sp.Expr], sp.Expr], inputs: sp.IndexedBase = x) -> sp.Expr:
    """m^(-1/2) Σ_i a_i σ(w_i·x)."""
    return sp.Sum(a[i] * activation(preactivation(weights, i, inputs)), (i, 1, m)) / sp.sqrt(m)


def paired(direction: sp.Expr, inputs: sp.IndexedBase = x) -> sp.Expr:
    """⟨∇_W f(x; W_0), direction⟩."""
    return sp.Sum(sp.Derivative(f(inputs, W0), W0[j, k]) * direction, (j, 1, m), (k, 1, d))


def point(start: Sequence[Sequence[object]], end: Sequence[Sequence[object]], inputs: Sequence[object]) -> Point:
    """Weights before and after, one row for each neuron, and an input."""
    return {m: len(start), d: len(inputs), W0: entries(start), W: entries(end), x: family(*inputs)}


def activation(formula: sp.Expr) -> dict[type[sp.Function], sp.Lambda]:
    """The part of a point that says σ(z) = `formula`; its derivatives come with it."""
    return {
        name: sp.Lambda(z, formula.diff(z, order)) for order, name in enumerate((sigma, sigma_prime, sigma_prime_prime))
    }
