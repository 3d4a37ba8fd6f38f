"""The linearised two-layer network: its form for the ReLU, its distance from the network, the norm of its start."""

from collections.abc import Sequence

import sympy as sp

from derivations import linearisation, norms
from derivations.activations import sigma, sigma_prime_prime
from derivations.expressions import normal_cdf, relu
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import (
    ENTRIES,
    SIZES,
    W0,
    W,
    a,
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
    x,
    z,
)
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

p = sp.Symbol("p", integer=True)
beta = sp.Symbol("beta", positive=True)
b = sp.IndexedBase("b", real=True)
theta = sp.Function("theta", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
_ON_A_KINK = point(
    [["1", "-2"], ["4/5", "-3/5"], ["-1/3", "5/7"]], [["2", "1"], ["-1", "3"], ["1/2", "0"]], ["3/5", "4/5"]
)
"""The pre-activation of the second neuron is exactly 0 at the start."""
_ONE_NEURON = point([["1/4", "2", "-1"]], [["-3", "1", "2"]], ["1", "1/2", "1/3"])
_HOMOGENEOUS_POINTS: tuple[Point, ...] = (
    {**_ON_A_KINK, a: family("1", "-1", "1"), b: family("2", "1/3", "-1")},
    {**_ONE_NEURON, a: family("-1"), b: family("1/2")},
    {
        **point([["-5", "1"], ["7", "2"]], [["0", "0"], ["1", "1"]], ["2", "-3"]),
        a: family("3/2", "-2"),
        b: family("0", "1"),
    },
)
_AFFINE = f(x, W0) + paired(W[j, k] - W0[j, k])
_LINEAR = paired(W[j, k])


def _paired_readout(direction: sp.Expr) -> sp.Expr:
    """⟨∇_a f, direction⟩."""
    return sp.Sum(sp.Derivative(f(x, W0), a[j]) * direction, (j, 1, m))


DS_FLIN_HOMOG = Claim(
    id="ds-flin-homog",
    title="The linearised ReLU network is linear in its first-layer weights, with no constant term",
    source=Source(
        document=Document.DS,
        where="slides after 'How good is the approximation?'",
        printed="$f_(W_0)(x; W) = chevron.l nabla f(x; W_0), W chevron.r$",
    ),
    hypotheses=(
        "$f(bold(x); bold(w)) = 1/sqrt(m) sum_(j=1)^m a_j sigma(bold(w)_j dot bold(x))$ with $sigma$ the ReLU and "
        "$sigma'(0) = 1$.",
        "The first layer alone is trained; the gradient is with respect to its weights.",
        '$f^"lin" (bold(x); W) = f(bold(x); W_0) + chevron.l nabla f(bold(x); W_0), W - W_0 chevron.r$.',
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=_AFFINE,
                rhs=_LINEAR,
                where=((f(x, W0), network(W0, relu)),),
                domain=(*SIZES, (x[ell], sp.S.Reals), (a[i], sp.S.Reals), *ENTRIES),
            ),
            routes=(
                Derivation(
                    name="the gradient and homogeneity", derive=linearisation.homogeneous, spots=_HOMOGENEOUS_POINTS[:2]
                ),
                Certificate(name="balls on small networks", points=_HOMOGENEOUS_POINTS),
            ),
            mutants=(
                Mutant(
                    name="with the read-out trained as well",
                    why_false="With both layers the network is homogeneous of degree 2: $chevron.l nabla f, theta "
                    "chevron.r = 2 f$, and the two sides differ by $f(x; theta_0)$.",
                    change={
                        "lhs": _AFFINE + _paired_readout(b[j] - a[j]),
                        "rhs": _LINEAR + _paired_readout(b[j]),
                        "domain": (
                            *SIZES,
                            (x[ell], sp.S.Reals),
                            (a[i], sp.S.Reals),
                            (b[j], sp.S.Reals),
                            *ENTRIES,
                        ),
                    },
                ),
                Mutant(
                    name="for the sigmoid Φ in place of the ReLU",
                    why_false="$Phi(z) != z phi(z)$: at $z = 0$ the one is $1\\/2$, the other 0.",
                    change={"where": ((f(x, W0), network(W0, normal_cdf)),)},
                ),
                Mutant(
                    name="with the movement in place of the weights",
                    why_false="It leaves out $f(x; W_0)$.",
                    change={"rhs": paired(W[j, k] - W0[j, k])},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note='On this slide $f_(W_0)$ stands for $f^"lin"$. For a ReLU network with $L$ trained layers Euler\'s identity '
    "gives $chevron.l nabla f, theta chevron.r = L f$, so the formula is one for a single trained layer.",
)

_DISTANCE = sp.Sum((W[j, k] - W0[j, k]) ** 2, (j, 1, m), (k, 1, d))
_UNIT_BALL = (sp.Sum(x[ell] ** 2, (ell, 1, d)), sp.Interval(0, 1))
_SMOOTH = (
    *SIZES,
    (beta, POSITIVE),
    (z, sp.S.Reals),
    (sigma_prime_prime(z), sp.Interval(-beta, beta)),
    (a[i], sp.Interval(-1, 1)),
    (x[ell], sp.S.Reals),
    _UNIT_BALL,
    *ENTRIES,
)


def _smooth(point: Point, activation: sp.Expr, bound: str, *readout: str) -> Point:
    return {**point, sigma: sp.Lambda(z, activation), beta: sp.Rational(bound), a: family(*readout)}


def _along(step: str, inputs: Sequence[str]) -> Point:
    """Two neurons that both move along the input, by the step and by half of it."""
    start = [["1", "-2"], ["-1/3", "5/7"]]
    moves = [sp.Rational(step), sp.Rational(step) / 2]
    end = [
        [sp.Rational(w) + move * sp.Rational(entry) for w, entry in zip(row, inputs, strict=True)]
        for row, move in zip(start, moves, strict=True)
    ]
    return point(start, end, inputs)


_PARABOLA = beta * z**2 / 2
_SHARP = _smooth(_along("3", ["3/5", "4/5"]), _PARABOLA, "2", "1", "1")
_SHARP_FAR = _smooth(_along("-50", ["3/5", "4/5"]), _PARABOLA, "1/3", "1", "1")
_LONG_INPUT = _smooth(_along("1", ["6/5", "8/5"]), _PARABOLA, "1", "1", "1")
"""An input of norm 2: outside the domain of the claim; of use only where a mutant enlarges it."""
_SEARCH: tuple[Point, ...] = (
    _SHARP,
    _SHARP_FAR,
    _LONG_INPUT,
    *(
        _smooth(weights, activation, bound, *readout)
        for activation, bound in ((sp.tanh(z), "77/100"), (sp.sin(z), "1"), (normal_cdf(z), "1/4"))
        for weights, readout in (
            (_ON_A_KINK, ("1", "-1", "1")),
            (_along("1/10", ["3/5", "4/5"]), ("1", "1")),
            (_along("-2", ["3/5", "-4/5"]), ("1", "-1")),
            (_along("20", ["0", "1/2"]), ("1/2", "1")),
            (point([["2/3"]], [["1/3"]], ["1"]), ("-1",)),
        )
    ),
)

DS_LIN_BOUND = Claim(
    id="ds-lin-bound",
    title="A wide two-layer network stays close to its linearisation",
    source=Source(
        document=Document.DS,
        where="'Linearization quality' and the slides before it",
        printed="For a two-layer net with $beta$-smooth hidden activations, second-layer weights $<= 1\\/sqrt(m)$ "
        "with linear "
        'activation, then for any $norm(bold(x)) <= 1$, $|f(x; bold(w)) - f^"lin" (x; bold(w))| <= '
        "beta/(2 sqrt(m)) norm(bold(w) - bold(w)_0)^2$. This holds for any $bold(w)$ and $bold(w)_0$",
    ),
    hypotheses=(
        "$f(bold(x); bold(w)) = 1/sqrt(m) sum_(j=1)^m a_j sigma(bold(w)_j dot bold(x))$, $|a_j| <= 1$, "
        "$norm(bold(x)) <= 1$; the first layer alone is trained.",
        "$sigma$ is $beta$-smooth: it has a continuous second derivative with $|sigma''(z)| <= beta$ for all $z$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Inequality(
                lhs=sp.Abs(f(x, W) - f(x, W0) - paired(W[j, k] - W0[j, k])),
                rhs=beta / (2 * sp.sqrt(m)) * _DISTANCE,
                where=((f(x, W0), network(W0, sigma)), (f(x, W), network(W, sigma))),
                domain=_SMOOTH,
            ),
            routes=(
                Derivation(
                    name="Taylor's remainder neuron by neuron",
                    derive=linearisation.quadratic_bound,
                    spots=(*_SEARCH[:3], *_SEARCH[3:6]),
                ),
                Certificate(name="search over small networks", points=_SEARCH),
            ),
            mutants=(
                Mutant(
                    name="half the constant",
                    why_false="For $sigma(z) = beta z^2\\/2$, $a_j = 1$, $norm(x) = 1$ and $w_j - w_(0,j)$ along $x$ "
                    "the bound is attained.",
                    change={"rhs": beta / (4 * sp.sqrt(m)) * _DISTANCE},
                ),
                Mutant(
                    name="1/m in place of 1/√m",
                    why_false="The same parabola attains the bound with $1\\/sqrt(m)$ at every width.",
                    change={"rhs": beta / (2 * m) * _DISTANCE},
                ),
                Mutant(
                    name="the norm in place of its square",
                    why_false="The same parabola at a distance greater than 1.",
                    change={"rhs": beta / (2 * sp.sqrt(m)) * sp.sqrt(_DISTANCE)},
                ),
                Mutant(
                    name="for inputs of norm up to 2",
                    why_false="The remainder of the parabola is quadratic in the input: at $norm(x) = 2$ it is 4 "
                    "times the bound.",
                    change={
                        "domain": tuple(
                            (key, sp.Interval(0, 4)) if key == _UNIT_BALL[0] else (key, values)
                            for key, values in _SMOOTH
                        )
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The constant is the best possible: $sigma(z) = beta z^2\\/2$ attains it. For $sigma = tanh$, "
    "$beta = 4\\/(3 sqrt(3)) < 0.77$.",
)

_PLACE = sp.floor((p - 1) / m)
_STRETCHED = ((theta(p), W[p - m * _PLACE, 1 + _PLACE]),)
_EUCLIDEAN = sp.sqrt(sp.Sum(theta(p) ** 2, (p, 1, m * d)))
_SQUARES = sp.Sum(W[j, k] ** 2, (j, 1, m), (k, 1, d))
_ANY_MATRIX = (*SIZES, (W[j, k], sp.S.Reals))
_MATRICES: tuple[Point, ...] = tuple(
    {m: len(rows), d: len(rows[0]), W: entries(rows)}
    for rows in (
        [["2"]],
        [["1", "2", "-3"], ["1/2", "5", "7"]],
        [["1"], ["-1/3"], ["0"], ["4"]],
        [["3", "-1/7", "2", "1/9", "-8"]],
        [["0", "0"], ["0", "1/100"]],
    )
)
_NORM_ROUTES = (
    Derivation(name="reindexing", derive=norms.stretched, spots=_MATRICES[:3]),
    Certificate(name="balls on small matrices", points=_MATRICES),
)

L12_NORM = Claim(
    id="l12-mis-12.19",
    title="The norm of the initial weights is the Frobenius norm of the weight matrix",
    source=Source(
        document=Document.L12,
        where="(12.19)",
        printed="$norm(theta^0)_2 = norm(W^0)_F^2$",
    ),
    hypotheses=(
        '$theta = op("vec")(W) in bb(R)^(d m)$ is the vectorised version of the weights $W in bb(R)^(m times d)$.',
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the square of the Frobenius norm.",
            statement=Identity(lhs=_EUCLIDEAN, rhs=_SQUARES, where=_STRETCHED, domain=_ANY_MATRIX),
            routes=_NORM_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="Without the square.",
            statement=Identity(lhs=_EUCLIDEAN, rhs=sp.sqrt(_SQUARES), where=_STRETCHED, domain=_ANY_MATRIX),
            routes=_NORM_ROUTES,
            mutants=(
                Mutant(
                    name="the root mean square over the inputs",
                    why_false="$norm(W)_F\\/sqrt(d)$ is less than $norm(W)_F$ if $d > 1$ and $W != 0$.",
                    change={"rhs": sp.sqrt(_SQUARES / d)},
                ),
                Mutant(
                    name="the sum of the absolute values",
                    why_false="It is greater than the Euclidean norm if two entries are not zero.",
                    change={"rhs": sp.Sum(sp.Abs(W[j, k]), (j, 1, m), (k, 1, d))},
                ),
                Mutant(
                    name="the first column alone",
                    why_false="It leaves out the other columns, if there are any that are not zero.",
                    change={"rhs": sp.sqrt(sp.Sum(W[j, 1] ** 2, (j, 1, m)))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="(12.20), $norm(theta^0)_2 asymp sqrt(d m)$, agrees with the corrected form and contradicts the printed "
    "one, whose right side is about $d m$.",
)

CLAIMS = (DS_FLIN_HOMOG, DS_LIN_BOUND, L12_NORM)
