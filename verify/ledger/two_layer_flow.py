"""Gradient flow of the two-layer network on the square loss: the loss, and how the weights and predictions move."""

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.ledger._two_layer_networks import (
    CENTRED,
    DATA,
    ENTRY,
    EXAMPLE,
    FROM_START,
    HAT,
    LOSS,
    NETWORK,
    NETWORK_POINTS,
    NETWORKS,
    NEURON,
    OUT,
    PLACES,
    SIZES,
    START,
    TRAINED,
    W0,
    WEIGHTS,
    L,
    W,
    a,
    a0,
    d,
    ell,
    f,
    i,
    j,
    k,
    m,
    n,
    over_readout,
    over_weight,
    p,
    r,
    routes,
    x,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

t = sp.Symbol("t", real=True)
U, v, V = (sp.IndexedBase(name, real=True) for name in "uvV")
u = sp.Function("u", real=True)
_LOSS = L(a, W)
_ALL = (*SIZES, *WEIGHTS, *START, *DATA)


def _descent(slope: sp.Expr) -> sp.Expr:
    """Σ_i (y_i - f̂(x_i)) · slope_i."""
    return sp.Sum((y[i] - HAT) * slope, (i, 1, n))


# The loss.

_SQUARES = (L(U), sp.Sum((y[i] - U[i]) ** 2, (i, 1, n)) / 2)
_PREDICTIONS: tuple[Point, ...] = tuple(
    {n: len(labels), y: family(*labels), U: family(*outputs), j: at}
    for labels, outputs, at in (
        (["1", "-2", "1/3"], ["1/2", "1", "0"], 2),
        (["5", "-1"], ["1/7", "1"], 1),
        (["-3/2"], ["2/3"], 1),
    )
)

BE_DEF_LOSS = Claim(
    id="be-def-loss",
    title="The loss is half the sum of squares: minus its gradient in the predictions is the residual",
    source=Source(
        document=Document.BE,
        where="section 2, display 'consider the MSE loss'",
        printed="$L(bold(X), bold(W), bold(a)) = 1/2 sum_(i=1)^n (y_i - hat(f)(bold(x)_i | bold(a), bold(W)))^2$",
    ),
    hypotheses=("$u_i$ is the prediction for example $i$ and $y_i$ its label, $i = 1, dots, n$.",),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What the displays after it use: neither a factor 2 nor $1\\/n$ is left over.",
            statement=Identity(
                lhs=-sp.Derivative(L(U), U[j]),
                rhs=y[j] - U[j],
                where=(_SQUARES,),
                domain=((j, sp.Range(1, n + 1)), SIZES[2], (U[i], sp.S.Reals), DATA[1]),
            ),
            routes=(
                Derivation(name="derivative of a finite sum", derive=sum_identities.by_rules, spots=_PREDICTIONS[:2]),
                Certificate(name="balls at small data sets", points=_PREDICTIONS),
            ),
            mutants=(
                Mutant(
                    name="without the factor 1/2",
                    why_false="The derivative of a square is twice the product.",
                    change={"where": ((L(U), 2 * _SQUARES[1]),)},
                ),
                Mutant(
                    name="the mean over the examples",
                    why_false="It divides the gradient by $n$.",
                    change={"where": ((L(U), _SQUARES[1] / n),)},
                ),
                Mutant(
                    name="ascent in place of descent",
                    why_false="The sign is the other one.",
                    change={"lhs": sp.Derivative(L(U), U[j])},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="This loss is a sum and not a mean, and so fixes the scale of time: with $1\\/n$ the residual would decay at "
    "the rate $lambda\\/n$, without the factor $1\\/2$ at $2 lambda$.",
)

# The flow of the weights.

_FLOW_W = Identity(
    lhs=-over_weight(_LOSS), rhs=_descent(over_weight(OUT)), where=TRAINED, domain=(NEURON, ENTRY, *_ALL)
)
_NAMED_I = tuple({**point, p: 1} for point in PLACES[:2])
"""The gradient on the left is that of neuron $p = 1$, the one on the right that of neuron 2 or 3."""
_OUT_ALONG = u(i, a, W, t)
_ALONG = (
    _OUT_ALONG,
    sp.Sum((a[r] + t * v[r]) * sigma(sp.Sum((W[r, ell] + t * V[r, ell]) * x[i, ell], (ell, 1, d))), (r, 1, m))
    / sp.sqrt(m)
    - f(i, a0, W0),
)
"""The prediction at time t along a path with the velocities v_r and V_r."""
_ALONG_DOMAIN = (
    *SIZES,
    *WEIGHTS,
    *START,
    *DATA[:1],
    (v[r], sp.S.Reals),
    (V[r, k], sp.S.Reals),
    (t, sp.S.Reals),
)
_READOUT_MOVES = sp.Sum(sp.Derivative(_OUT_ALONG, a[j]) * v[j], (j, 1, m))


def _weights_move(neuron: sp.Symbol) -> sp.Expr:
    """Σ_j ⟨∇_w u_i, V_j⟩, the gradient being that of a neuron."""
    return sp.Sum(sp.Derivative(_OUT_ALONG, W[neuron, k]) * V[j, k], (j, 1, m), (k, 1, d))


_MOVES: tuple[Point, ...] = tuple(
    {**point, t: sp.Rational(time), v: family(*readout), V: entries(weights), i: at}
    for point, time, readout, weights, at in (
        (NETWORK_POINTS[0], "1/2", ["1", "-1"], [["1", "1/2"], ["-1", "2"]], 2),
        (NETWORK_POINTS[1], "-1", ["2", "0", "1/3"], [["1", "0", "1"], ["1/2", "1", "-1"], ["0", "2", "1"]], 1),
        (NETWORK_POINTS[2], "0", ["1"], [["2"]], 1),
    )
)
_CHAIN_RULE = Identity(
    lhs=sp.Derivative(_OUT_ALONG, t),
    rhs=_READOUT_MOVES + _weights_move(j),
    where=(_ALONG, NETWORK),
    domain=(EXAMPLE, *_ALONG_DOMAIN),
)

BE_FLOW_W = Claim(
    id="be-flow-w",
    title="The flow of the first-layer weights: the gradient is that of the neuron itself",
    source=Source(
        document=Document.BE,
        where="section 2, the system of differential equations, first line, and the first line of $dif u_i\\/dif t$",
        printed="$(dif bold(w)_r (t))/(dif t) = -nabla_(w_i) L(bold(X), bold(W)(t), bold(a)(t)) = sum_(i=1)^n (y_i - "
        "hat(f)(bold(x)_i | bold(a)(t), bold(W)(t))) nabla_(bold(w)_r) f(bold(x)_i | bold(a)(t), bold(W)(t))$ […] "
        "$(dif u_i (t))/(dif t) = chevron.l nabla_bold(a) f(bold(x)_i | bold(a), bold(W)), (dif bold(a)(t))/(dif t) "
        "chevron.r + sum_(r=1)^m chevron.l nabla_(bold(w)_i) f(bold(x)_i | bold(a), bold(W)), (dif bold(w)_r (t))/(dif "
        "t) chevron.r$",
    ),
    hypotheses=(
        *NETWORKS,
        FROM_START,
        "In the first equation as printed $i$ names no neuron of the left side: it is read as any neuron, here $p$. "
        "In the second it is the number of the example, read as that of a neuron too, so that $i <= m$.",
        "$u(i, bold(a), bold(W), t)$ is $hat(f)(bold(x)_i)$ at the weights $a_r + t v_r$ and $W_(r, k) + t V_(r, k)$: "
        "the derivative at a time depends on a path through its place and its velocity $(v, V)$ alone, so that "
        "straight paths are all that is needed.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The gradient of the loss, in the weights of neuron $p$.",
            statement=Identity(
                lhs=-over_weight(_LOSS, p),
                rhs=_FLOW_W.rhs,
                where=TRAINED,
                domain=((p, sp.Range(1, m + 1)), *_FLOW_W.domain),
            ),
            routes=routes(_NAMED_I),
        ),
        Form(
            role=Role.PRINTED,
            remark="The chain rule, with the gradient in the weights of neuron $i$.",
            statement=Identity(
                lhs=_CHAIN_RULE.lhs,
                rhs=_READOUT_MOVES + _weights_move(i),
                where=_CHAIN_RULE.where,
                domain=((i, sp.Range(1, sp.Min(m, n) + 1)), *_ALONG_DOMAIN),
            ),
            routes=routes(_MOVES[:2]),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The gradient of the loss, in the weights of the neuron $j$ that moves.",
            statement=_FLOW_W,
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="with the opposite sign",
                    why_false="The gradient does not vanish at these weights.",
                    change={"lhs": over_weight(_LOSS)},
                ),
                Mutant(
                    name="with the output in place of the prediction",
                    why_false="The loss is one of $hat(f)$, and the initial outputs are not zero.",
                    change={"rhs": sp.Sum((y[i] - OUT) * over_weight(OUT), (i, 1, n))},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The chain rule, with the gradients of the neurons that move.",
            statement=_CHAIN_RULE,
            routes=routes(_MOVES),
            mutants=(
                Mutant(
                    name="without the first layer",
                    why_false="Its weights move, and the output with them.",
                    change={"rhs": _READOUT_MOVES},
                ),
                Mutant(
                    name="without the read-out",
                    why_false="Its weights move, and the output with them.",
                    change={"rhs": _weights_move(j)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="A slip of the index in both displays, $nabla_(w_i)$ for $nabla_(bold(w)_r)$; the expressions on the right of "
    "them, and all that follows, have the right index. With one neuron the two readings agree.",
)

BE_FLOW_A = Claim(
    id="be-flow-a",
    title="The flow of the read-out weights",
    source=Source(
        document=Document.BE,
        where="section 2, the system of differential equations, second line",
        printed="$(dif bold(a)(t))/(dif t) = -nabla_bold(a) L(bold(X), bold(W)(t), bold(a)(t)) = sum_(i=1)^n (y_i - "
        "hat(f)(bold(x)_i | bold(a)(t), bold(W)(t))) nabla_bold(a) f(bold(x)_i | bold(a)(t), bold(W)(t))$",
    ),
    hypotheses=(*NETWORKS, FROM_START),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Entry by entry.",
            statement=Identity(
                lhs=-over_readout(_LOSS), rhs=_descent(over_readout(OUT)), where=TRAINED, domain=(NEURON, *_ALL)
            ),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="with the opposite sign",
                    why_false="The gradient does not vanish at these weights.",
                    change={"lhs": over_readout(_LOSS)},
                ),
                Mutant(
                    name="with the output in place of the prediction",
                    why_false="The loss is one of $hat(f)$, and the initial outputs are not zero.",
                    change={"rhs": sp.Sum((y[i] - OUT) * over_readout(OUT), (i, 1, n))},
                ),
                Mutant(
                    name="with the mean loss",
                    why_false="It divides the gradient by $n$.",
                    change={"where": ((_LOSS, LOSS[1] / n), CENTRED, NETWORK)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (BE_DEF_LOSS, BE_FLOW_W, BE_FLOW_A)
