"""Gradient descent on the parameters: the loss, and its gradient for any model and any loss."""

import sympy as sp

from derivations import sum_identities
from derivations.losses import given_loss, label_loss, label_loss_slope
from derivations.predictors import prediction, prediction_slope, predictor
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

n = sp.Symbol("n", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
N = sp.Symbol(notation("N_L", typst="N_L", latex="N_L", text="N_L"), integer=True, positive=True)
w, u, t = sp.symbols("w u t", real=True)
y, a = sp.IndexedBase("y", real=True), sp.IndexedBase("a", real=True)
Loss = sp.Function(notation("Loss", typst="cal(L)", latex=r"\mathcal{L}", text="ℒ"), real=True)

_NAT = sp.S.Naturals
_EXACT = "by the rules of finite sums"

# The loss: a linear model with one parameter has a minimiser that can be written down.

_MEAN_LOSS = sp.Sum((a[i] * w - y[i]) ** 2 / 2, (i, 1, n)) / n
_MINIMISER = sp.Sum(a[i] * y[i], (i, 1, n)) / sp.Sum(a[i] ** 2, (i, 1, n))
_SLOPE = sp.Sum(a[i] * (a[i] * w - y[i]), (i, 1, n)) / n
_ONE_PARAMETER = ((n, _NAT), (w, sp.S.Reals), (a[i], sp.S.Reals), (y[i], sp.S.Reals))
_LINES: tuple[Point, ...] = tuple(
    {n: len(inputs), w: sp.Rational(at), a: family(*inputs), y: family(*targets)}
    for at, inputs, targets in (
        ("1/2", ("1", "-2", "3"), ("0", "1", "1/3")),
        ("-3", ("2", "1/5"), ("1", "-1")),
        ("7/3", ("1", "1", "1", "4"), ("5", "2", "0", "-1")),
    )
)
_LOSS_ROUTES = (
    Derivation(name=_EXACT, derive=sum_identities.by_rules, spots=_LINES),
    Certificate(name="small data sets", points=_LINES),
)

KW_LOSS = Claim(
    id="kw-def-loss",
    title="The loss that gradient descent differentiates is a mean, not an arg min",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent: Parameter Space', first display",
        printed='$cal(L)(theta) = op("argmin")_theta 1/n sum_(i=1)^n ell(cal(F)(bold(x)_i), y_i)$; '
        "the gradient of the loss is $nabla_theta cal(L)(theta) = 1/n sum_(i=1)^n nabla_theta cal(F)(bold(x)_i) "
        "nabla_cal(F) ell(cal(F), y_i)$",
    ),
    hypotheses=(
        "One parameter $theta = w$ and one output, $cal(F)(bold(x)_i) = a_i w$, with the squared loss "
        "$ell(cal(F), y) = (cal(F) - y)^2\\/2$. A definition that fails here fails.",
        "The arg min of $1/n sum_i ell(a_i w, y_i)$ is the parameter $sum_i a_i y_i \\/ sum_i a_i^2$, whatever $w$ is.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="With the printed definition: the gradient as printed in the next display.",
            statement=Identity(
                lhs=sp.Derivative(Loss(w), w), rhs=_SLOPE, where=((Loss(w), _MINIMISER),), domain=_ONE_PARAMETER
            ),
            routes=_LOSS_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="Without the arg min.",
            statement=Identity(
                lhs=sp.Derivative(Loss(w), w), rhs=_SLOPE, where=((Loss(w), _MEAN_LOSS),), domain=_ONE_PARAMETER
            ),
            routes=_LOSS_ROUTES,
            mutants=(
                Mutant(
                    name="the sum in place of the mean",
                    why_false="Its gradient is $n$ times as large, and not zero here.",
                    change={"where": ((Loss(w), n * _MEAN_LOSS),)},
                ),
                Mutant(
                    name="the smallest loss in place of the loss",
                    why_false="The smallest value, like the place where it is taken, does not depend on $w$.",
                    change={"where": ((Loss(w), _MEAN_LOSS.subs(w, _MINIMISER)),)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="An arg min is a parameter and does not depend on $theta$: its gradient would be zero. The arg min belongs "
    'to the aim, $theta^* in op("argmin") cal(L)$.',
)

# The gradient, for any model and any loss, coordinate by coordinate.

_PREDICTION = prediction(i, k, w)
_ANY_LOSS = sp.Sum(label_loss(_PREDICTION, y[i, k]), (i, 1, n), (k, 1, N)) / n
_GRADIENT = sp.Sum(prediction_slope(i, k, w) * label_loss_slope(_PREDICTION, y[i, k]), (i, 1, n), (k, 1, N)) / n
_SQUARED = given_loss(u, t, (u - t) ** 2 / 2)
_TRAININGS: tuple[Point, ...] = tuple(
    {n: examples, N: outputs, w: sp.Rational(at), y: entries(targets), **predictor((i, k, w), model), **losses}
    for examples, outputs, at, targets, model, losses in (
        (2, 3, "1/2", [["1", "0", "-1"], ["1/3", "2", "5"]], sp.tanh(i * w) * k + w**2, _SQUARED),
        (3, 1, "-2", [["1"], ["2"], ["-1/2"]], (i - 2) * w**3 + k, given_loss(u, t, u**4 * t - u)),
        (2, 2, "3/4", [["0", "1"], ["1", "0"]], sp.exp(w * (i - k)) / 3, given_loss(u, t, sp.log(1 + sp.exp(-u * t)))),
        (1, 2, "0", [["1/7", "-3"]], sp.sin(w) + i * k * w, given_loss(u, t, sp.sqrt(1 + (u - t) ** 2))),
    )
)

KW_GRADIENT = Claim(
    id="kw-id-param-grad",
    title="The gradient of the loss by the chain rule",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent: Parameter Space', second display",
        printed="$nabla_theta cal(L)(theta) = 1/n sum_(i=1)^n nabla_theta cal(F)(bold(x)_i) nabla_cal(F) "
        "ell(cal(F), y_i)$",
    ),
    hypotheses=(
        "$cal(L) = 1/n sum_i ell(cal(F)(bold(x)_i), y_i)$, without the arg min (kw-def-loss).",
        "$w$ is any one of the parameters, so that the identity is one for each of the $P$ rows of "
        "$nabla_theta cal(F) in bb(R)^(P times N_L)$; $cal(F)$ is any differentiable model with $N_L$ outputs.",
        "The per-sample loss is the sum over the outputs of any differentiable loss of one of them.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=sp.Derivative(_ANY_LOSS, w),
                rhs=_GRADIENT,
                domain=((n, _NAT), (N, _NAT), (w, sp.S.Reals), (y[i, k], sp.S.Reals)),
            ),
            routes=(
                Derivation(name="chain rule", derive=sum_identities.by_rules, spots=_TRAININGS[:3]),
                Certificate(name="given models and losses", points=_TRAININGS),
            ),
            mutants=(
                Mutant(
                    name="without 1/n",
                    why_false="The loss is a mean over the examples, and its gradient is not zero here.",
                    change={"rhs": n * _GRADIENT},
                ),
                Mutant(
                    name="the slope of every output with the loss of every other",
                    why_false="The loss of output $k$ depends on output $k$ alone.",
                    change={
                        "rhs": sp.Sum(
                            prediction_slope(i, j, w) * label_loss_slope(_PREDICTION, y[i, k]),
                            (i, 1, n),
                            (j, 1, N),
                            (k, 1, N),
                        )
                        / n
                    },
                ),
                Mutant(
                    name="the loss in place of its gradient",
                    why_false="The chain rule has the derivative of the outer function.",
                    change={
                        "rhs": sp.Sum(
                            prediction_slope(i, k, w) * label_loss(_PREDICTION, y[i, k]), (i, 1, n), (k, 1, N)
                        )
                        / n
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (KW_LOSS, KW_GRADIENT)
