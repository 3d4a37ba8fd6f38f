"""The expansion of a two-layer network in its weights: an equation only up to a remainder, which has a bound."""

from collections.abc import Sequence

import sympy as sp

from derivations import both_layers, linearisation, switches
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.expressions import normal_cdf, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import (
    ENTRIES,
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
from verify.ledger._points import family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

beta, S, size = sp.symbols("beta S A", positive=True)
a0 = sp.IndexedBase("a_0", real=True)

_POSITIVE = sp.Interval.open(0, sp.oo)
_UNIT_BALL = (sp.Sum(x[ell] ** 2, (ell, 1, d)), sp.Interval(0, 1))
_CURVED = ((beta, _POSITIVE), (z, sp.S.Reals), (sigma_prime_prime(z), sp.Interval(-beta, beta)))
_INPUTS = ((x[ell], sp.S.Reals), _UNIT_BALL)
_MOVED = sp.Sum((W[j, k] - W0[j, k]) ** 2, (j, 1, m), (k, 1, d))
_PARABOLA = beta * z**2 / 2

# Both layers trained.

_AT_START = (f(x, a0, W0), network(W0, sigma).xreplace({a: a0}))
_AT_END = (f(x, a, W), network(W, sigma))
_WEIGHTS_MOVE = sp.Sum(sp.Derivative(f(x, a0, W0), W0[j, k]) * (W[j, k] - W0[j, k]), (j, 1, m), (k, 1, d))
_FIRST_ORDER = sp.Sum(sp.Derivative(f(x, a0, W0), a0[j]) * (a[j] - a0[j]), (j, 1, m)) + _WEIGHTS_MOVE
_READOUT_MOVED = sp.Sum((a[j] - a0[j]) ** 2, (j, 1, m))
_BOTH = (
    *SIZES,
    *_CURVED,
    (S, _POSITIVE),
    (sigma_prime(z), sp.Interval(-S, S)),
    (size, _POSITIVE),
    (a0[i], sp.Interval(-size, size)),
    (a[i], sp.S.Reals),
    *_INPUTS,
    *ENTRIES,
)


def _trained(
    weights: Point, readout: Sequence[object], end: Sequence[object], formula: sp.Expr, bounds: Sequence[object]
) -> Point:
    """A network with σ = `formula` before and after training; the bounds are those of σ'', σ' and the read-out."""
    named = dict(zip((beta, S, size), map(sp.Rational, bounds), strict=True))
    return {**weights, a0: family(*readout), a: family(*end), **named, **activation(formula)}


_TWO = point([["1", "-2"], ["-1/3", "5/7"]], [["3/2", "-1"], ["0", "1"]], ["3/5", "4/5"])
_THREE = point([["1", "0"], ["1/2", "-1"], ["2", "1"]], [["2", "1"], ["1/2", "0"], ["0", "1"]], ["1/2", "-1/2"])
_ONE = point([["1/3"]], [["4/3"]], ["1"])
_LINEAR = _trained(_ONE, ["0"], ["1"], z, ["1/1000", "1", "1/1000"])
"""A linear activation, both layers moving by 1: the bound is nearly attained."""
_READOUT = _trained(point([["1"]], [["1"]], ["1"]), ["0"], ["1/10"], sp.tanh(z), ["77/100", "1", "1"])
"""The read-out alone moves."""
_NETWORKS: tuple[Point, ...] = (
    _LINEAR,
    _READOUT,
    _trained(_TWO, ["1", "-1"], ["3/2", "0"], sp.tanh(z), ["77/100", "1", "1"]),
    _trained(_THREE, ["1/2", "-2", "1"], ["1", "-1", "0"], normal_cdf(z), ["1/4", "2/5", "2"]),
    _trained(_ONE, ["1"], ["-1"], sp.sin(z), ["1", "1", "1"]),
)


def _bound(slope: sp.Expr = S, readout: sp.Expr = size) -> sp.Expr:
    """((Aβ + S)/2 ‖W - W_0‖² + S/2 ‖a - a_0‖²)/√m."""
    return ((readout * beta + slope) / 2 * _MOVED + slope / 2 * _READOUT_MOVED) / sp.sqrt(m)


_GAP = sp.Abs(f(x, a, W) - f(x, a0, W0) - _FIRST_ORDER)

KW_TAYLOR = Claim(
    id="kw-taylor",
    title="The network is its expansion of first order but for a remainder, quadratic in the movement",
    source=Source(
        document=Document.KW,
        where="slide 'The NTK is constant during training', first line of the second display",
        printed="With Taylor expansion, we have $cal(F)_theta (t) = cal(F)_theta (0) + nabla_theta cal(F)_theta (0) "
        "[theta(t) - theta(0)]$",
    ),
    hypotheses=(
        "$cal(F)$ is a network with one hidden layer of $m$ neurons and no biases, $f(bold(x); bold(a), W) = 1/sqrt(m) "
        "sum_j a_j sigma(bold(w)_j dot bold(x))$, in the parametrisation in which it has a limit of infinite width; "
        "$theta(0) = (bold(a)_0, W_0)$ and $theta(t) = (bold(a), W)$ are any weights.",
        "For the corrected form: $|sigma'| <= S$, $|sigma''| <= beta$, $|a_(0, j)| <= A$, $norm(bold(x)) <= 1$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, an equation at finite width.",
            statement=Identity(
                lhs=f(x, a, W), rhs=f(x, a0, W0) + _FIRST_ORDER, where=(_AT_START, _AT_END), domain=_BOTH
            ),
            routes=(Certificate(name="balls at small networks", points=_NETWORKS),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With a bound on the remainder.",
            statement=Inequality(lhs=_GAP, rhs=_bound(), where=(_AT_START, _AT_END), domain=_BOTH),
            routes=(
                Derivation(name="Taylor's formula neuron by neuron", derive=both_layers.bound, spots=_NETWORKS[:3]),
                Certificate(name="search over small networks", points=_NETWORKS),
            ),
            mutants=(
                Mutant(
                    name="half the slope",
                    why_false="With $sigma(z) = z$ and both layers moving by the same, it is $b h$ of $(b^2 + "
                    "h^2)\\/2$.",
                    change={"rhs": _bound(slope=S / 2)},
                ),
                Mutant(
                    name="without the part of the read-out",
                    why_false="In the same case half of the bound is lost.",
                    change={"rhs": (size * beta + S) / 2 * _MOVED / sp.sqrt(m)},
                ),
                Mutant(
                    name="the read-out held fixed in the first order",
                    why_false="Its movement changes the output to first order where $sigma(z_(0, j)) != 0$.",
                    change={"lhs": sp.Abs(f(x, a, W) - f(x, a0, W0) - _WEIGHTS_MOVE)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="With all movement together bounded, as in training, the remainder is $O(m^(-1\\/2))$: the equation holds in "
    "the limit of infinite width, under the assumptions that keep the movement bounded. It is exact at finite width "
    "for a model that is affine in its parameters, and for no other.",
)

# The first layer trained alone, as in Lecture 12.

_SMOOTH = (*SIZES, *_CURVED, (a[i], sp.Interval(-1, 1)), *_INPUTS, *ENTRIES)
_BETWEEN = (((f(x, W0)), network(W0, sigma)), (f(x, W), network(W, sigma)))
_REMAINDER = sp.Abs(f(x, W) - f(x, W0) - paired(W[j, k] - W0[j, k]))


def _smooth(weights: Point, formula: sp.Expr, bound: str, *readout: str) -> Point:
    return {**weights, **activation(formula), beta: sp.Rational(bound), a: family(*readout)}


_FAR = point([["0", "0"]], [["12/5", "16/5"]], ["3/5", "4/5"])
_NEAR = point([["1", "-1"]], [["503/500", "-124/125"]], ["3/5", "4/5"])
"""A movement by 4, and by 1/100, along the input."""
_SMALL: tuple[Point, ...] = (
    _smooth(_FAR, _PARABOLA, "2", "1"),
    _smooth(_NEAR, _PARABOLA, "2", "1"),
    _smooth(_TWO, sp.tanh(z), "77/100", "1", "-1"),
    _smooth(_THREE, normal_cdf(z), "1/4", "1", "-1", "1/2"),
    _smooth(_ONE, sp.sin(z), "1", "-1"),
)
_QUADRATIC = beta / (2 * sp.sqrt(m)) * _MOVED

_RELU = ((f(x, W0), network(W0, relu)), (f(x, W), network(W, relu)))
_ANY_RELU = (*SIZES, (a[i], sp.S.Reals), (x[ell], sp.S.Reals), *ENTRIES)
_Z, _Z0 = preactivation(W, i), preactivation(W0, i)
_SWITCHED = sp.Sum(a[i] * _Z * (step(_Z) - step(_Z0)), (i, 1, m)) / sp.sqrt(m)
_KEPT = point([["1", "0"], ["-1", "1/2"]], [["2", "1"], ["-3", "1"]], ["1", "1/3"])
_CROSSED = point([["1", "0"], ["-1", "1/2"]], [["-2", "1"], ["3", "1"]], ["1", "1/3"])
_RELUS: tuple[Point, ...] = (
    {**_CROSSED, a: family("1", "-1")},
    {**_KEPT, a: family("1", "1/2")},
    {**_THREE, a: family("1", "-1", "2")},
)

L12_DEF_TAYLOR = Claim(
    id="l12-def-taylor",
    title="The network is an affine function of its weights, up to terms of higher order",
    source=Source(
        document=Document.L12,
        where="(12.1) and (12.5)",
        printed="$f_theta (x) = f_(theta^0)(x) + chevron.l nabla_theta f_(theta^0)(x), theta - theta^0 chevron.r + "
        '"higher order terms"$; $g_theta (x) = f_(theta^0)(x) + chevron.l nabla_theta f_(theta^0), theta - theta^0 '
        "chevron.r$",
    ),
    hypotheses=(
        "$f_theta (x) = 1/sqrt(m) sum_i a_i sigma(bold(w)_i dot bold(x))$, (12.2); $theta$ is the first layer $W$, "
        "the read-out is fixed. In (12.5) $nabla_theta f_(theta^0)$ is read as $nabla_theta f_(theta^0)(x)$.",
        "'Higher order terms' is read as a remainder that is quadratic in $norm(theta - theta^0)$, with an explicit "
        "constant: for $|sigma''| <= beta$, $|a_i| <= 1$ and $norm(bold(x)) <= 1$.",
        "The lecture's $sigma$ is the ReLU, which is not differentiable at 0; there $sigma'(0) = 1$. "
        "Then $g_theta$ is $f_theta$ unless a pre-activation changes its sign.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="For a smooth activation.",
            statement=Inequality(lhs=_REMAINDER, rhs=_QUADRATIC, where=_BETWEEN, domain=_SMOOTH),
            routes=(
                Derivation(
                    name="Taylor's formula neuron by neuron", derive=linearisation.quadratic_bound, spots=_SMALL[:4]
                ),
                Certificate(name="search over small networks", points=_SMALL),
            ),
            mutants=(
                Mutant(
                    name="of third order",
                    why_false="For a parabola and a movement by $1\\/100$ along the input the bound is attained.",
                    change={"rhs": _QUADRATIC * sp.sqrt(_MOVED)},
                ),
                Mutant(
                    name="of first order",
                    why_false="For a parabola the remainder grows with the square of the movement, here by 4.",
                    change={"rhs": beta / (2 * sp.sqrt(m)) * sp.sqrt(_MOVED)},
                ),
                Mutant(
                    name="without the affine part",
                    why_false="The output changes to first order.",
                    change={"lhs": sp.Abs(f(x, W) - f(x, W0))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="For the ReLU: the remainder comes from the neurons whose pre-activation changes its sign, and "
            "from no others; $bb(1)[z >= 0] = sigma'(z)$.",
            statement=Identity(
                lhs=f(x, W) - f(x, W0) - paired(W[j, k] - W0[j, k]), rhs=_SWITCHED, where=_RELU, domain=_ANY_RELU
            ),
            routes=(
                Derivation(name="the ReLU as a switch", derive=switches.by_switches, spots=_RELUS[:2]),
                Certificate(name="balls at small networks", points=_RELUS),
            ),
            mutants=(
                Mutant(
                    name="no remainder",
                    why_false="In two of these networks pre-activations change their sign.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="the switches at the end alone",
                    why_false="A neuron that was on and stays on has no remainder.",
                    change={"rhs": sp.Sum(a[i] * _Z * step(_Z), (i, 1, m)) / sp.sqrt(m)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="(12.5) leaves out the argument $x$ of the gradient, a slip of notation. For the ReLU the remainder of a "
    "neuron that switches is at most $|a_i| |(bold(w)_i - bold(w)^0_i) dot bold(x)| \\/ sqrt(m)$, of first order: "
    "'higher order' holds for small enough movements at weights with no pre-activation at 0, not uniformly.",
)

CLAIMS = (KW_TAYLOR, L12_DEF_TAYLOR)
