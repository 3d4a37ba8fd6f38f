"""The linearised network: in what it is linear, and its form for two layers."""

import sympy as sp

from derivations import relu_identities, sum_identities
from derivations.activations import sigma, sigma_prime
from derivations.expressions import normal_cdf, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import (
    ENTRIES,
    NETWORK,
    SIZES,
    W0,
    W,
    a,
    activation,
    d,
    ell,
    f,
    i,
    j,
    k,
    m,
    network,
    paired,
    point,
    preactivation,
    x,
    z,
)
from verify.ledger._points import entries, family
from verify.statement import Identity
from verify.verdict import Verdict

w, w0, t = sp.symbols("w w_0 t", real=True)
alpha = sp.Symbol("alpha", real=True)
V = sp.IndexedBase("V", real=True)

_DOMAIN = (*SIZES, (x[ell], sp.S.Reals), (a[i], sp.S.Reals), *ENTRIES)
_NETWORK = ((f(x, W0), network(W0, sigma)),)
_WEIGHTS: tuple[Point, ...] = (
    {
        **point([["1", "-2"], ["4/5", "-3/5"], ["-1/3", "5/7"]], [["2", "1"], ["-1", "3"], ["1/2", "0"]], ["2", "1/3"]),
        a: family("1", "-1", "1/2"),
        V: entries([["0", "1"], ["1/3", "1"], ["-1", "1"]]),
        **activation(sp.tanh(z)),
    },
    {
        **point([["1/4", "2", "-1"]], [["-3", "1", "2"]], ["1", "1/2", "1/3"]),
        a: family("-1"),
        V: entries([["1", "1", "1"]]),
        **activation(z**3 + 1),
    },
    {
        **point([["-5", "1"], ["1", "2"]], [["0", "0"], ["1", "1"]], ["2/3", "1"]),
        a: family("3/2", "-2"),
        V: entries([["1/2", "-1"], ["4", "0"]]),
        **activation(normal_cdf(z)),
    },
)
_MIXED: tuple[Point, ...] = tuple(
    {**weights, alpha: sp.Rational(share)} for weights, share in zip(_WEIGHTS, ("1/3", "-2", "5"), strict=True)
)


def _of(weights: sp.Expr) -> sp.Expr:
    """f^lin(x; weights)."""
    return f(x, W0) + paired(weights - W0[j, k])


_MIXTURE = alpha * W[j, k] + (1 - alpha) * V[j, k]
_LINE = (w0, w, t)
_NEURONS: tuple[Point, ...] = tuple(
    {w0: sp.Rational(start), w: sp.Rational(end), t: sp.Rational(at)}
    for start, end, at in (
        ("1", "2", "3"),
        ("-1/2", "1/3", "2"),
        ("0", "1", "-1"),
        ("2", "-1", "-1/5"),
        ("1", "1", "0"),
    )
)


def _neuron(at: sp.Expr) -> sp.Expr:
    """f^lin for one ReLU neuron with one input."""
    return relu(w0 * at) + step(w0 * at) * at * (w - w0)


DS_FLIN_CORRECT = Claim(
    id="ds-flin-correct",
    title="The linearised network is affine in the weights, and usually not linear in the input",
    source=Source(
        document=Document.DS,
        where="'How good is the approximation?'",
        printed='$f^"lin" (bold(x); bold(w)) = f(bold(x); bold(w)_0) + [nabla_bold(w) f(bold(x), bold(w))|_(bold(w)_0)]'
        "(bold(w) - bold(w)_0) approx f(bold(x); bold(w))$. Linear in $bold(w)$ but usually not linear in $bold(x)$!",
    ),
    hypotheses=(
        NETWORK,
        "$sigma$ is any differentiable function; $W$ and $V$ are any weights and $alpha$ is any real number.",
        "Linear in $bold(w)$ means affine: the constant term is $f(bold(x); bold(w)_0) - nabla f(bold(x); bold(w)_0) "
        "bold(w)_0$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Affine in the weights.",
            statement=Identity(
                lhs=_of(_MIXTURE),
                rhs=alpha * _of(W[j, k]) + (1 - alpha) * _of(V[j, k]),
                where=_NETWORK,
                domain=(*_DOMAIN, (V[j, k], sp.S.Reals), (alpha, sp.S.Reals)),
            ),
            routes=(
                Derivation(name="the sums over the weights", derive=sum_identities.by_rules, spots=_MIXED[:2]),
                Certificate(name="balls on small networks", points=_MIXED),
            ),
            mutants=(
                Mutant(
                    name="without a constant term",
                    why_false='$f^"lin" (alpha W) != alpha f^"lin" (W)$ unless the constant term vanishes, as it does '
                    "for the ReLU.",
                    change={"lhs": _of(alpha * W[j, k]), "rhs": alpha * _of(W[j, k])},
                ),
                Mutant(
                    name="additive in the weights",
                    why_false="On the right the constant term stands twice.",
                    change={"lhs": _of(W[j, k] + V[j, k]), "rhs": _of(W[j, k]) + _of(V[j, k])},
                ),
                Mutant(
                    name="the network itself",
                    why_false="$sigma$ is not affine at these points.",
                    change={
                        "lhs": network(W, sigma),
                        "rhs": alpha * network(W0, sigma) + (1 - alpha) * network(V, sigma),
                    },
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Not linear in the input: what one ReLU neuron gives at $t$ and at $-t$ does not cancel.",
            statement=Identity(
                lhs=_neuron(t) + _neuron(-t),
                rhs=w * sp.Abs(t) * (step(w0) - step(-w0)),
                domain=tuple((name, sp.S.Reals) for name in _LINE),
            ),
            routes=(
                Derivation(name="the signs of all three", derive=relu_identities.by_sign, spots=_NEURONS),
                Certificate(name="balls for one neuron", points=_NEURONS),
            ),
            mutants=(
                Mutant(
                    name="linear in the input",
                    why_false="A linear function has opposite values at $t$ and $-t$; at $w_0 = 1$, $w = 2$, $t = 3$ "
                    "the sum is 6.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="without the absolute value",
                    why_false="The left side is even in $t$.",
                    change={"rhs": w * t * (step(w0) - step(-w0))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_BEFORE, _AFTER = preactivation(W0, i), preactivation(W, i)
_BRACKET = sigma(_BEFORE) - sigma_prime(_BEFORE) * _BEFORE


def _over_neurons(summand: sp.Expr) -> sp.Expr:
    return sp.Sum(a[i] * summand, (i, 1, m)) / sp.sqrt(m)


_CHANGE = sp.Sum(x[ell] * (W[i, ell] - W0[i, ell]), (ell, 1, d))
_SHALLOW_ROUTES = (
    Derivation(name="the gradient neuron by neuron", derive=sum_identities.by_rules, spots=_WEIGHTS[:2]),
    Certificate(name="balls on small networks", points=_WEIGHTS),
)

DS_FLIN_SHALLOW = Claim(
    id="ds-flin-shallow",
    title="The linearised network of two layers, neuron by neuron",
    source=Source(
        document=Document.DS,
        where="slides after 'How good is the approximation?'",
        printed='$f^"lin" (bold(x); bold(w)) = f(bold(x); bold(w)_0) + chevron.l nabla f(bold(x); bold(w)_0), '
        "bold(w) - "
        "bold(w)_0 chevron.r = 1/sqrt(m) sum_(j=1)^m a_j [sigma(bold(w)_(0,j) dot bold(x)) + sigma'(bold(w)_(0,j) dot "
        "bold(x)) bold(x) dot (bold(w)_j - bold(w)_(0,j))] = 1/sqrt(m) sum_(j=1)^m a_j ([sigma(bold(w)_(0,j) dot "
        "bold(x)) - sigma'(bold(w)_(0,j) dot bold(x)) bold(w)_(0,j) dot bold(x)] + sigma'(bold(w)_(0,j) dot bold(x)) "
        "bold(w)_j dot bold(x))$",
    ),
    hypotheses=(NETWORK, "$sigma$ is any differentiable function."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The second line.",
            statement=Identity(
                lhs=_of(W[j, k]),
                rhs=_over_neurons(sigma(_BEFORE) + sigma_prime(_BEFORE) * _CHANGE),
                where=_NETWORK,
                domain=_DOMAIN,
            ),
            routes=_SHALLOW_ROUTES,
            mutants=(
                Mutant(
                    name="the derivative at the new weights",
                    why_false="$sigma'$ is not constant at these points.",
                    change={"rhs": _over_neurons(sigma(_BEFORE) + sigma_prime(_AFTER) * _CHANGE)},
                ),
                Mutant(
                    name="the value at the new weights",
                    why_false="$sigma$ is not constant at these points.",
                    change={"rhs": _over_neurons(sigma(_AFTER) + sigma_prime(_BEFORE) * _CHANGE)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The third line.",
            statement=Identity(
                lhs=_of(W[j, k]),
                rhs=_over_neurons(_BRACKET + sigma_prime(_BEFORE) * _AFTER),
                where=_NETWORK,
                domain=_DOMAIN,
            ),
            routes=_SHALLOW_ROUTES,
            mutants=(
                Mutant(
                    name="a plus sign in the bracket",
                    why_false="At $bold(w) = bold(w)_0$ it would not be $f(bold(x); bold(w)_0)$.",
                    change={
                        "rhs": _over_neurons(
                            sigma(_BEFORE) + sigma_prime(_BEFORE) * _BEFORE + sigma_prime(_BEFORE) * _AFTER
                        )
                    },
                ),
                Mutant(
                    name="without the bracket",
                    why_false="The bracket vanishes for the ReLU, not for the activations at these points.",
                    change={"rhs": _over_neurons(sigma_prime(_BEFORE) * _AFTER)},
                ),
                Mutant(
                    name="divided by m",
                    why_false="The two differ by the factor $sqrt(m)$.",
                    change={"rhs": _over_neurons(_BRACKET + sigma_prime(_BEFORE) * _AFTER) / sp.sqrt(m)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_FLIN_CORRECT, DS_FLIN_SHALLOW)
