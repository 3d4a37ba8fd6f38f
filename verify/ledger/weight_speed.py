"""How fast single weights move under gradient flow: part (b) of the discussion, its exponent and its constant."""

from collections.abc import Mapping

import sympy as sp

from derivations import weight_speed
from derivations.confined_flow import Quantity, SigmoidFlow
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger.gradient_flow import (
    DECAYING_FLOW,
    FLOW,
    KERNEL,
    LABELS,
    NONNEGATIVE,
    POSITIVE,
    RESIDUAL,
    SPECTRUM,
    flow,
    i,
    k,
    l,
    labels,
    lambda_bar,
    n,
    r,
    s,
    t,
)
from verify.statement import Inequality
from verify.verdict import Verdict

m, d = sp.symbols("m d", integer=True, positive=True)
j = sp.Symbol("j", integer=True)
gamma, C, S0, S1, X = sp.symbols("gamma C S_0 S_1 X", positive=True)
a, x1, y1 = sp.symbols("a x_1 y_1", real=True)
g, v, x, w, a0 = (sp.IndexedBase(name, real=True) for name in ("g", "v", "x", "w", "a_0"))

_TRAINING = (
    "$f(bold(x)) = 1/sqrt(m) sum_(r=1)^m a_r sigma(bold(w)_r^top bold(x))$, both layers trained by gradient flow on "
    "$1/2 sum_i (y_i - hat(f)(bold(x)_i))^2$, $hat(f) = f - f_\"initial\"$; $sigma$, $sigma'$ and $sigma''$ are bounded; "
    "$lambda_min (bold(K)(t)) >= macron(lambda) > 0$ and $|a_r (t)| < gamma$ for all $r$ and $t < T$."
)
_ONE_EXAMPLE = (
    "Forms about $w_j$ or $a_j$: $sigma = Phi$ (the normal distribution function, a sigmoid with "
    "$norm(Phi)_infinity = 1$ and $norm(Phi')_infinity = 1\\/sqrt(2 pi)$), one example $(x_1, y_1)$, and any $T$; $w_j$ and "
    "$a_(0,j)$ are the weights at time 0."
)
_GENERAL = (
    "Forms about $bold(r)$: " + FLOW + " " + SPECTRUM + " For one neuron at time $t$, $a = a_r (t)$, "
    "$g_i = sigma'(bold(w)_r^top bold(x)_i)$ and $v_i = sigma(bold(w)_r^top bold(x)_i)$; $S_0 = norm(sigma)_infinity$, "
    "$S_1 = norm(sigma')_infinity$, $X = max_i norm(bold(x)_i)$."
)
HYPOTHESES = (_TRAINING, _ONE_EXAMPLE, _GENERAL)

# Networks with one example: everything is computed from the weights at time 0.

_CONSTANT_PRINTED = (C, sp.Max(sp.Abs(x1), sp.Abs(x1) / sp.sqrt(2 * sp.pi)))
"""max{n ‖Φ‖ max_i ‖x_i‖, n ‖Φ'‖ max_i ‖x_i‖} with n = 1."""
_CONSTANT_NETWORK = (C, sp.Max(1, sp.Abs(x1) / sp.sqrt(2 * sp.pi)))
"""n max{‖Φ‖, ‖Φ'‖ max_i ‖x_i‖} with n = 1."""


def _of_network(quantity: Quantity) -> SigmoidFlow:
    return SigmoidFlow(quantity, j, (w, a0), (x1, y1), m, t)


W_NETWORK, A_NETWORK = _of_network(Quantity.WEIGHT_SPEED), _of_network(Quantity.READOUT_SPEED)
_NETWORKS = (
    (m, sp.S.Naturals),
    (j, sp.Range(1, m + 1)),
    (w[j], sp.S.Reals),
    (a0[j], sp.S.Reals),
    (x1, sp.S.Reals),
    (y1, sp.S.Reals),
    (t, NONNEGATIVE),
    (lambda_bar, sp.Interval.Lopen(0, _of_network(Quantity.SMALLEST_KERNEL))),
    (gamma, sp.Interval.open(_of_network(Quantity.LARGEST_READOUT), sp.oo)),
)


def _bound(rate: sp.Expr) -> sp.Expr:
    """‖y‖ C e^(-rate t)/√m for one example."""
    return sp.Abs(y1) * C * sp.exp(-rate * t) / sp.sqrt(m)


def _network(time: int, level: str, example: tuple[object, object], start: Mapping[str, str]) -> Point:
    """A network with one neuron for each pair w: a of `start`, trained on one example."""
    return {
        m: len(start),
        j: 1,
        w: labels(*start),
        a0: labels(*start.values()),
        x1: sp.Rational(example[0]),
        y1: sp.Rational(example[1]),
        t: time,
        lambda_bar: sp.Rational(level),
        gamma: sp.Rational("101/100"),
    }


_ONE_NEURON = {"0": "1"}
_FOUR_NEURONS = {"1/2": "1", "-1/3": "-1", "0": "1", "1": "-1"}
_LATE: tuple[Point, ...] = (
    _network(60, "2/5", (1, "1/1000"), _ONE_NEURON),
    _network(40, "3/4", (2, "-1/500"), _FOUR_NEURONS),
)
_EARLY: tuple[Point, ...] = (
    _network(0, "2/5", (1, "1/1000"), _ONE_NEURON),
    _network(1, "3/4", (2, "-1/500"), _FOUR_NEURONS),
)
_SMALL_INPUT: Point = _network(0, "1/5", ("1/10", "1/1000"), _ONE_NEURON)


def _confined(*points: Point) -> tuple[Certificate]:
    return (Certificate(name="networks whose weights are confined", points=points),)


_TOO_FAST = "Any network shows it late enough, as its residual decays no faster than $exp(-t lambda_max)$ and here "
_TOO_FAST += "$lambda_max < 2 macron(lambda)$."
_WITHOUT_WIDTH = Mutant(
    name="1/m in place of 1/√m",
    why_false="At time 0 the speed is the residual times a slope of order $1\\/sqrt(m)$.",
    change={},
)
