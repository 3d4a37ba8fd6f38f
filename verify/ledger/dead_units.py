"""Minima of the loss that are not global: two-layer ReLU networks none of whose units is ever on."""

import sympy as sp

from derivations import sum_identities
from derivations.expressions import normal_cdf, relu
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, m, d = sp.symbols("N m d", integer=True, positive=True)
i, j, ell, r = sp.symbols("i j ell r", integer=True)
b = sp.Symbol("b", real=True)
c = sp.Symbol("c", positive=True)
a, y = sp.IndexedBase("a", real=True), sp.IndexedBase("y", real=True)
_REAL, _NAT, _POSITIVE = sp.S.Reals, sp.S.Naturals, sp.Interval.open(0, sp.oo)
v = sp.IndexedBase("v", positive=True)
u, h = sp.IndexedBase("x", positive=True), sp.IndexedBase("h", positive=True)
F, F_1 = (sp.Function(name, real=True) for name in ("F", "F_1"))
WEIGHT = sp.Function("W", real=True)


def _output(activation: type[sp.Function] = relu) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    summand = a[r] * activation(sp.Sum(WEIGHT(r, ell) * u[i, ell], (ell, 1, d)))
    return ((F(i), sp.Sum(summand, (r, 1, m)) / sp.sqrt(m)),)


_DEAD = ((WEIGHT(r, ell), -v[r, ell]),)
_LABELS = sp.Sum(y[i] ** 2, (i, 1, N))
_DEAD_LOSS = sp.Sum((F(i) - y[i]) ** 2, (i, 1, N)) / (2 * N)
_PROJECTED, _SQUARED = sp.Sum(y[j] * h[j], (j, 1, N)), sp.Sum(h[j] ** 2, (j, 1, N))
_REVIVED = (F_1(i), b * h[i])
_GAINED = b * (2 * _PROJECTED - b * _SQUARED) / (2 * N)
_REVIVED_LOSS = sp.Sum((F_1(i) - y[i]) ** 2, (i, 1, N)) / (2 * N)
_ROOM = y[i] - c * h[i]
_BELOW = (
    (N, _NAT),
    (c, _POSITIVE),
    (h[i], _POSITIVE),
    (y[i], _REAL),
    (_ROOM, sp.Interval(0, sp.oo)),
)
_ORTHANT = (
    (N, _NAT),
    (m, _NAT),
    (d, _NAT),
    (a[r], _REAL),
    (v[r, ell], _POSITIVE),
    (u[i, ell], _POSITIVE),
    (y[i], _REAL),
)


def _data(inputs: list[list[str]], labels: list[str], readout: list[str], weights: list[list[str]]) -> Point:
    return {
        N: len(labels),
        m: len(readout),
        d: len(inputs[0]),
        a: family(*readout),
        v: entries(weights),
        u: entries(inputs),
        y: family(*labels),
        b: sp.Rational(1, 3),
        h: family(
            *(sum(sp.Rational(w) * sp.Rational(e) for w, e in zip(weights[0], row, strict=True)) for row in inputs)
        ),
    }


_DATA: tuple[Point, ...] = (
    _data([["1"], ["2"]], ["1", "2"], ["1"], [["1/10"]]),
    _data([["1", "1/2"], ["2", "1"], ["1/3", "3"]], ["1", "-1", "2"], ["1", "-1"], [["1", "2"], ["1/2", "1"]]),
    _data([["1/5", "1", "2"]], ["-3"], ["2", "0", "1"], [["1", "1", "1"], ["2", "1", "1/7"], ["3", "1", "2"]]),
)

_BELOW_LABELS: tuple[Point, ...] = (
    {N: 2, c: sp.S.One, h: family("1", "2"), y: family("1", "2")},
    {N: 3, c: sp.Rational(1, 2), h: family("1", "1/3", "2"), y: family("1", "2", "3")},
)
"""In the first the network fits the labels."""

DS_BAD_MINIMA = Claim(
    id="ds-bad-minima",
    title="Bad local minima exist: with all units dead the loss is constant, and not the smallest",
    source=Source(
        document=Document.DS,
        where="'Does training neural nets work?'",
        printed="Bad local minima do exist (Ding, Li, Sun: Sub-Optimal Local Minima Exist for Neural Networks with "
        "Almost All Non-Linear Activations)",
    ),
    hypotheses=(
        "$F(i) = 1/sqrt(m) sum_r a_r max(0, bold(w)_r dot bold(x)_i)$, inputs with positive entries, the square loss "
        "$L_S = 1/(2 N) sum_i (F(i) - y_i)^2$; any width, any number of inputs and examples, any labels.",
        "The weights $W_(r ell) = -v_(r ell) < 0$, with any read-out, are an open set: each of its points has a "
        "neighbourhood of weights inside it.",
        "$F_1 (i) = b h_i$ is the network in which neuron 1 has positive weights in place of its negative ones, $h_i > "
        "0$ its output, and the read-out $b sqrt(m)$, any number, and all others stay dead. The loss can be "
        "made less in this way unless $sum_i y_i h_i = 0$: the minimum is bad for almost all labels, not for all.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="On this open set the loss is constant: all its points are local minima.",
            statement=Identity(lhs=_DEAD_LOSS, rhs=_LABELS / (2 * N), where=(*_output(), *_DEAD), domain=_ORTHANT),
            routes=(
                Derivation(name="no unit is on", derive=sum_identities.by_rules, spots=_DATA[:2]),
                Certificate(name="exact arithmetic at small networks", points=_DATA),
            ),
            mutants=(
                Mutant(
                    name="the loss is zero there",
                    why_false="The labels are not all zero.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="with positive weights",
                    why_false="Then all units are on, and the loss depends on the weights.",
                    change={"where": (*_output(), (_DEAD[0][0], v[r, ell]))},
                ),
                Mutant(
                    name="with a sigmoid in place of the ReLU",
                    why_false="A sigmoid is never off: the loss depends on the weights.",
                    change={"where": (*_output(normal_cdf), *_DEAD)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is not the smallest: with neuron 1 on and a small read-out of the sign of $sum_i y_i h_i$ it is "
            "less.",
            statement=Identity(
                lhs=_LABELS / (2 * N) - _REVIVED_LOSS,
                rhs=_GAINED,
                where=(_REVIVED,),
                domain=((N, _NAT), (b, _REAL), (h[i], _POSITIVE), (y[i], _REAL)),
            ),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_DATA[:2]),
                Certificate(name="exact arithmetic at small networks", points=_DATA),
            ),
            mutants=(
                Mutant(
                    name="no less",
                    why_false="The labels are not orthogonal to the output of the neuron.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="without the square of the output",
                    why_false="It grows with the read-out only until $b = sum_i y_i h_i \\/ sum_i h_i^2$.",
                    change={"rhs": b * _PROJECTED / N},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="In particular, where all labels are positive and $b = c > 0$ is so small that $c h_i <= y_i$ for "
            "all $i$, it is less by at least $c^2\\/(2 N) sum_i h_i^2 > 0$.",
            statement=Inequality(
                lhs=_REVIVED_LOSS,
                rhs=_LABELS / (2 * N) - c**2 * _SQUARED / (2 * N),
                where=((F_1(i), c * h[i]),),
                domain=_BELOW,
            ),
            routes=(
                Derivation(
                    name="label by label",
                    derive=by_parts(
                        Part("No label is exceeded.", sp.Sum(c * h[i] * _ROOM, (i, 1, N)) / N, given=(_ROOM,))
                    ),
                    spots=_BELOW_LABELS,
                ),
                Certificate(name="exact arithmetic at small networks", points=_BELOW_LABELS),
            ),
            mutants=(
                Mutant(
                    name="twice as much",
                    why_false="Where the network fits the labels, $c h_i = y_i$, it is $1\\/(2 N) sum_i y_i^2$.",
                    change={"rhs": _LABELS / (2 * N) - c**2 * _SQUARED / N},
                ),
                Mutant(
                    name="without the square of the output",
                    why_false="In the same case the loss would be negative.",
                    change={"rhs": _LABELS / (2 * N) - c * _PROJECTED / N},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="These minima are not strict; gradient descent that enters the set stays where it is. They are minima of "
    "ReLU networks at any width. The theorem of Ding, Li and Sun is about almost all smooth activations: no minimum "
    "of theirs is constructed here.",
)

CLAIMS = (DS_BAD_MINIMA,)
