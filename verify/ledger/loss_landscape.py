"""The loss of a two-layer network as a function of its weights: it is not convex."""

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma
from derivations.expressions import normal_cdf, relu
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, m, d, N = sp.symbols("n m d N", integer=True, positive=True)
i, j, k, ell, r = sp.symbols("i j k ell r", integer=True)
z, A, w, alpha, omega, x1, y1, b = sp.symbols("z a w alpha omega x_1 y_1 b", real=True)
a, W, V, x, y = (sp.IndexedBase(name, real=True) for name in ("a", "W", "V", "x", "y"))
f, f_1, f_2, f_mid = (sp.Function(name, real=True) for name in ("f", "f_1", "f_2", "f_mid"))
L = sp.Function("L", real=True)

_REAL, _NAT, _POSITIVE = sp.S.Reals, sp.S.Naturals, sp.Interval.open(0, sp.oo)

# Convexity along the segment between two networks that differ in the order of their neurons alone.


def _neurons(readout: sp.Expr, one: sp.Expr, other: sp.Expr) -> sp.Expr:
    """(2m)^(-1/2) Σ_r readout_r (σ(one_r·x_i) - σ(other_r·x_i))."""
    first, second = (sp.Sum(row * x[i, ell], (ell, 1, d)) for row in (one, other))
    return sp.Sum(readout * sigma(first) - readout * sigma(second), (r, 1, m)) / sp.sqrt(2 * m)


def _loss(outputs: sp.Function) -> sp.Expr:
    return sp.Sum((y[i] - outputs(i)) ** 2, (i, 1, n)) / (2 * n)


_MIDDLE = (W[r, ell] + V[r, ell]) / 2
_SEGMENT = (
    (f_1(i), _neurons(a[r], W[r, ell], V[r, ell])),
    (f_2(i), _neurons(-a[r], V[r, ell], W[r, ell])),
    (f_mid(i), _neurons((a[r] - a[r]), _MIDDLE, _MIDDLE)),
)
_ENDS = (_loss(f_1) + _loss(f_2)) / 2
_GAIN = sp.Sum(y[i] ** 2, (i, 1, n)) / (2 * n) - _loss(f_1)
_NETWORKS = (
    (n, _NAT),
    (m, _NAT),
    (d, _NAT),
    (a[r], _REAL),
    (W[r, k], _REAL),
    (V[r, k], _REAL),
    (x[i, k], _REAL),
    (y[i], _REAL),
)


def _pair(  # noqa: PLR0917 - the parts of one network and its data
    formula: sp.Expr,
    readout: list[str],
    one: list[list[str]],
    other: list[list[str]],
    inputs: list[list[str]],
    labels: list[str],
) -> Point:
    return {
        n: len(labels),
        m: len(readout),
        d: len(inputs[0]),
        a: family(*readout),
        W: entries(one),
        V: entries(other),
        x: entries(inputs),
        y: family(*labels),
        sigma: sp.Lambda(z, formula),
    }


_PAIRS: tuple[Point, ...] = (
    _pair(sp.tanh(z), ["1"], [["1"]], [["-1"]], [["1"], ["-1"]], ["1", "-1"]),
    _pair(
        relu(z),
        ["1", "1/2"],
        [["1", "0"], ["0", "1"]],
        [["-1", "0"], ["0", "-1"]],
        [["1", "2"], ["2", "-1"]],
        ["1", "2"],
    ),
    _pair(normal_cdf(z), ["2"], [["3"]], [["-2"]], [["1"], ["2"], ["1/2"]], ["1", "1", "2"]),
)
"""Networks that do better on their data than the output 0."""

# The curvature at one network.

_ONE = (A * sp.tanh(w * x1) - y1) ** 2 / 2
_FORM = (
    alpha**2 * sp.Derivative(_ONE, (A, 2))
    + 2 * alpha * omega * sp.Derivative(_ONE, A, w)
    + omega**2 * sp.Derivative(_ONE, (w, 2))
)
_HERE: Point = {A: 0, w: 0, x1: 1, y1: 1, alpha: 1, omega: 1}
_OPPOSITE = _ONE.subs({A: -A, w: -w}, simultaneous=True)
_AT_END: Point = {A: 1, w: 1, x1: 1, y1: 1}
_SEGMENT_ONLY = tuple((name, sp.FiniteSet(value)) for name, value in _AT_END.items())
_ONLY = tuple((name, sp.FiniteSet(value)) for name, value in _HERE.items())

KW_CLAIM_BAD_NONCONVEX = Claim(
    id="kw-claim-bad-nonconvex",
    title="The loss of a network is not a convex function of its weights",
    source=Source(
        document=Document.KW,
        where="slide 'The good and the bad', The Bad",
        printed="The MLP (not to mention other NN architectures) is usually non-convex and the linear parametrization "
        "does not exist.",
    ),
    hypotheses=(
        "What is not convex is the loss as a function of the weights, here the square loss $1/(2 n) sum_i (y_i - "
        "f(bold(x)_i))^2$.",
        "First form: $f_1$ is a network of $2 m$ neurons, with the weights $bold(w)_r$ and $bold(v)_r$ and the "
        "read-outs $a_r$ and $-a_r$; any widths, any $sigma$. $f_2$ is the same network with its neurons in another "
        'order, and $f_"mid"$ the one whose weights are half-way between: its read-outs vanish.',
        "'Usually': the right side of the first form is positive, and the loss not convex, wherever such a network "
        "does better on the data than the output 0.",
        "Last two forms: one neuron, $sigma = tanh$, one example, $L(a, w) = 1\\/2 (a tanh(w x_1) - y_1)^2$ with $x_1 "
        "= y_1 = 1$; on the segment from $(1, 1)$ to $(-1, -1)$, and at $a = w = 0$ in the direction $(alpha, omega) = "
        "(1, 1)$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Half-way between the two the loss is that of the output 0; at both ends it is that of $f_1$.",
            statement=Identity(lhs=_loss(f_mid) - _ENDS, rhs=_GAIN, where=_SEGMENT, domain=_NETWORKS),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_PAIRS),
                Certificate(name="balls at small networks", points=_PAIRS),
            ),
            mutants=(
                Mutant(
                    name="the loss is affine on the segment",
                    why_false="The networks at the ends are the same function, and not 0.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="half of what is gained",
                    why_false="It is not zero for these networks.",
                    change={"rhs": _GAIN / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="At one network, which is odd, the loss half-way to the opposite weights exceeds that at both ends "
            "by more than $2\\/5$.",
            statement=Inequality(
                lhs=(_ONE + _OPPOSITE) / 2 + sp.Rational(2, 5),
                rhs=_ONE.subs({A: 0, w: 0}),
                domain=_SEGMENT_ONLY,
            ),
            routes=(Certificate(name="both ends and the middle", points=(_AT_END,), covers_domain=True),),
            mutants=(
                Mutant(
                    name="convex",
                    why_false="At the ends the loss is $0.028$, half-way $1\\/2$.",
                    change={"lhs": _ONE.subs({A: 0, w: 0}), "rhs": (_ONE + _OPPOSITE) / 2},
                ),
                Mutant(
                    name="greater by 1/2",
                    why_false="The loss at the ends is not zero.",
                    change={"lhs": (_ONE + _OPPOSITE) / 2 + sp.Rational(1, 2)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The second derivative of the loss is negative in a direction: $bold(v)^top nabla^2 L bold(v) <= "
            "-1$.",
            statement=Inequality(lhs=_FORM, rhs=-sp.S.One, domain=_ONLY),
            routes=(Certificate(name="the Hessian at the network", points=(_HERE,), covers_domain=True),),
            mutants=(
                Mutant(
                    name="convex",
                    why_false="There $bold(v)^top nabla^2 L bold(v) = -2$.",
                    change={"lhs": sp.S.Zero, "rhs": _FORM},
                ),
                Mutant(
                    name="without the mixed derivative",
                    why_false="It is the mixed derivative, $-y_1 sigma'(w x_1) x_1$, that makes the form negative.",
                    change={"lhs": _FORM - 2 * alpha * omega * sp.Derivative(_ONE, A, w)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="Any network with a symmetry of its neurons and a non-trivial fit is a case. That no linear parametrisation "
    "exists is not put to the test here; see kw-taylor for the remainder of the linear one.",
)

CLAIMS = (KW_CLAIM_BAD_NONCONVEX,)
