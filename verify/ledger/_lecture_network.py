"""What the claims of Lecture 12 about its network and the linear model share: definitions, domains, points, routes."""

import sympy as sp

from derivations import sum_identities
from derivations.expressions import relu
from verify.claim import Certificate, Derivation, Point, Route
from verify.ledger._points import entries, family

m, d, n, D = sp.symbols("m d n D", integer=True, positive=True)
i, j, k, ell, p, q, r = sp.symbols("i j k ell p q r", integer=True)
s = sp.Symbol("s", real=True)
c = sp.Symbol("c", positive=True)
a, W, V, W0, x, y, phi, Delta, f0 = (
    sp.IndexedBase(name, real=True) for name in ("a", "W", "V", "W_0", "x", "y", "phi", "Delta", "f_0")
)
f, g, gamma, yprime, K = (sp.Function(name, real=True) for name in ("f", "g", "gamma", "y_prime", "K"))


def preactivation(weights: sp.IndexedBase, neuron: sp.Expr, example: sp.Expr = i) -> sp.Sum:
    """w_r·x_i."""
    return sp.Sum(weights[neuron, ell] * x[example, ell], (ell, 1, d))


def network(activation: type[sp.Function]) -> tuple[sp.Expr, sp.Expr]:
    """The definition f(i, W) = m^(-1/2) Σ_r a_r σ(w_r·x_i)."""
    return f(i, W), sp.Sum(a[r] * activation(preactivation(W, r)), (r, 1, m)) / sp.sqrt(m)


NETWORK = network(relu)
AFFINE = (
    g(i, W),
    f(i, W0) + sp.Sum(sp.Derivative(f(i, W0), W0[j, k]) * (W[j, k] - W0[j, k]), (j, 1, m), (k, 1, d)),
)
LABEL = (yprime(i), y[i] - f(i, W0))
SIGNS = (a[j], sp.FiniteSet(-1, 1))
EXAMPLE = (i, sp.Range(1, n + 1))
SIZES = ((m, sp.S.Naturals), (d, sp.S.Naturals), (n, sp.S.Naturals))
SETTING = (EXAMPLE, *SIZES, SIGNS, (x[i, k], sp.S.Reals))
START = (W0[j, k], sp.S.Reals)
WEIGHTS = (W[j, k], sp.S.Reals)

SETUP = (
    "Two-layer ReLU network $f_theta (x) = 1/sqrt(m) sum_(i=1)^m a_i sigma(w_i^top x)$, $a_i in {plus.minus 1}$ fixed, "
    "$theta = W$; $f(i, W)$ stands for $f_theta (x^((i)))$."
)
CONVENTION = "At a kink $sigma'(0) = 1$."

NETWORK_POINTS: tuple[Point, ...] = tuple(
    {
        m: len(signs),
        d: len(inputs[0]),
        n: len(inputs),
        a: family(*signs),
        W0: entries(start),
        W: entries(end),
        V: entries(other),
        x: entries(inputs),
        y: family(*labels),
        i: example,
    }
    for signs, start, end, other, inputs, labels, example in (
        (
            [1, -1],
            [["1", "-2"], ["1/3", "1"]],
            [["2", "1"], ["-1", "1/2"]],
            [["0", "1"], ["3", "-1"]],
            [["3/5", "4/5"], ["-1", "1/2"]],
            ["1", "-1/2"],
            2,
        ),
        (
            [1, 1, -1],
            [["1", "0", "1"], ["-1", "2", "1/2"], ["1/4", "1", "-1"]],
            [["1/2", "1", "1"], ["1", "-2", "0"], ["2", "1/3", "1"]],
            [["-1", "1", "2"], ["0", "1", "1/3"], ["1", "1", "1"]],
            [["1/2", "1", "-1"], ["2", "1", "1/3"], ["-1", "-1", "1"]],
            ["2", "1/3", "-1"],
            2,
        ),
        ([-1], [["-2"]], [["-1"]], [["1/2"]], [["-3/2"]], ["1"], 1),
    )
)


def routes(name: str, points: tuple[Point, ...] = NETWORK_POINTS) -> tuple[Route, ...]:
    """The rules of finite sums, and balls at small networks."""
    return (
        Derivation(name=name, derive=sum_identities.by_rules, spots=points[:2]),
        Certificate(name="balls at small networks", points=points),
    )
