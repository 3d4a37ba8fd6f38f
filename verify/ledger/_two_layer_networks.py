"""What the claims about two-layer networks with both layers trained share: definitions, domains, points, routes."""

from collections.abc import Mapping, Sequence

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma, sigma_prime
from verify.claim import Certificate, Derivation, Point, Route
from verify.ledger._points import entries, family

m, d, n = sp.symbols("m d n", integer=True, positive=True)
i, j, k, ell, p, q, r, s = sp.symbols("i j k ell p q r s", integer=True)
z = sp.Symbol("z", real=True)
a, W, a0, W0, x, y = (sp.IndexedBase(name, real=True) for name in ("a", "W", "a_0", "W_0", "x", "y"))
f, f_hat, L = (sp.Function(name, real=True) for name in ("f", "f_hat", "L"))


def preactivation(neuron: sp.Expr, example: sp.Expr) -> sp.Sum:
    """w_r·x_i."""
    return sp.Sum(W[neuron, ell] * x[example, ell], (ell, 1, d))


NETWORK = (f(i, a, W), sp.Sum(a[r] * sigma(preactivation(r, i)), (r, 1, m)) / sp.sqrt(m))
CENTRED = (f_hat(i, a, W), f(i, a, W) - f(i, a0, W0))
LOSS = (L(a, W), sp.Sum((y[i] - f_hat(i, a, W)) ** 2, (i, 1, n)) / 2)
TRAINED = (LOSS, CENTRED, NETWORK)

SIZES = ((m, sp.S.Naturals), (d, sp.S.Naturals), (n, sp.S.Naturals))
WEIGHTS = ((a[r], sp.S.Reals), (W[r, k], sp.S.Reals))
START = ((a0[r], sp.S.Reals), (W0[r, k], sp.S.Reals))
DATA = ((x[i, k], sp.S.Reals), (y[i], sp.S.Reals))
NEURON, ENTRY, EXAMPLE = ((index, sp.Range(1, size + 1)) for index, size in zip((j, k, i), (m, d, n), strict=True))
EVERYWHERE = (EXAMPLE, NEURON, *SIZES, *WEIGHTS, *DATA[:1])

NETWORKS = (
    "$f(bold(x) | bold(a), bold(W)) = 1/sqrt(m) sum_(r=1)^m a_r sigma(bold(w)_r^top bold(x))$; $f(i, bold(a), "
    "bold(W))$ stands for $f(bold(x)_i | bold(a), bold(W))$, and $W_(r, k)$ for the entry $k$ of $bold(w)_r$.",
    "$sigma$ is differentiable, any numbers of neurons, inputs and examples.",
)
FROM_START = (
    "$hat(f)(bold(x) | bold(a), bold(W)) = f(bold(x) | bold(a), bold(W)) - f(bold(x) | bold(a)_0, bold(W)_0)$ with the "
    "initial weights $bold(a)_0$ and $bold(W)_0$."
)


def activation(formula: sp.Expr) -> Mapping[type[sp.Function], sp.Lambda]:
    """The part of a point that says which function σ is, its derivative with it."""
    return {sigma: sp.Lambda(z, formula), sigma_prime: sp.Lambda(z, sp.diff(formula, z))}


_Weights = tuple[Sequence[object], Sequence[Sequence[object]]]
"""Those of the read-out, and those of the first layer, one row for each neuron."""


def _network(formula: sp.Expr, weights: _Weights, initial: _Weights, data: _Weights) -> Point:
    """A network with σ(z) = `formula`; the data are the labels, and the inputs row by row."""
    targets, inputs = data
    return {
        m: len(weights[0]),
        d: len(inputs[0]),
        n: len(inputs),
        a: family(*weights[0]),
        W: entries(weights[1]),
        a0: family(*initial[0]),
        W0: entries(initial[1]),
        x: entries(inputs),
        y: family(*targets),
        **activation(formula),
    }


_TWO = _network(
    sp.tanh(z),
    (["1", "-2"], [["1/2", "-1"], ["3/4", "1/3"]]),
    (["1/2", "1"], [["1", "0"], ["-1/3", "2"]]),
    (["1", "-1/2", "3"], [["1", "2"], ["-1/2", "1"], ["2/3", "-1"]]),
)
_THREE = _network(
    sp.sin(z) + z**2,
    (["-1/3", "2", "1"], [["1", "1/2", "-1"], ["0", "-2/3", "1"], ["1/5", "1", "1"]]),
    (["1", "-1", "1/2"], [["0", "1", "1"], ["1/2", "1", "-1"], ["1", "1", "0"]]),
    (["-1", "2"], [["1/2", "-1", "1"], ["2", "1/3", "0"]]),
)
_ONE = _network(z**3 - z, (["2"], [["3/2"]]), (["1"], [["-1"]]), (["-1"], [["2"]]))
NETWORK_POINTS: tuple[Point, ...] = (_TWO, _THREE, _ONE)


def at(*places: tuple[int, int, int]) -> tuple[Point, ...]:
    """The three networks at an example, a neuron and an entry of its weights each."""
    return tuple(
        {**point, i: example, j: neuron, k: entry}
        for point, (example, neuron, entry) in zip(NETWORK_POINTS, places, strict=True)
    )


PLACES = at((2, 2, 1), (1, 3, 3), (1, 1, 1))


def routes(points: tuple[Point, ...]) -> tuple[Route, ...]:
    """Calculation by the rules of finite sums, and balls at small networks."""
    return (
        Derivation(name="derivatives of finite sums", derive=sum_identities.by_rules, spots=points[:2]),
        Certificate(name="balls at small networks", points=points),
    )


def over_readout(of: sp.Expr, neuron: sp.Expr = j) -> sp.Expr:
    """∂(of)/∂a_j."""
    return sp.Derivative(of, a[neuron])


def over_weight(of: sp.Expr, neuron: sp.Expr = j, entry: sp.Expr = k) -> sp.Expr:
    """∂(of)/∂W_jk."""
    return sp.Derivative(of, W[neuron, entry])


OUT, HAT = f(i, a, W), f_hat(i, a, W)
SLOPE_A = sigma(preactivation(j, i)) / sp.sqrt(m)
SLOPE_W = a[j] * sigma_prime(preactivation(j, i)) * x[i, k] / sp.sqrt(m)
