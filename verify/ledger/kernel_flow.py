"""Gradient flow of the linearised network: its equation, its solution for any kernel, kernel regression."""

import sympy as sp

from derivations.kernel_flow import by_inverse
from derivations.matrices import by_algebra
from derivations.matrix_expressions import FlowIntegral, MatrixExp, PseudoInverse, TimeDerivative
from derivations.matrix_flows import by_differentiation
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    ANY,
    AT_START,
    FULL_RANK,
    GRAM,
    INDEPENDENT,
    INVERTIBLE,
    ROW,
    SETTING,
    SIZES,
    D,
    K,
    N,
    Phi,
    f0,
    f0_x,
    k,
    phi,
    real,
    rows,
    w0,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

t = sp.Symbol("t", nonnegative=True)
eta = sp.Symbol("eta", positive=True)
w_t, f_t = sp.MatrixSymbol("w_t", D, 1), sp.MatrixSymbol("f_t", N, 1)
K0 = sp.MatrixSymbol("K_0", N, N)
I = sp.Identity(N)  # noqa: E741 - as it is printed

TIME = eta * t / N
FLOW = (w_t, w0 + Phi.T * FlowIntegral(K, TIME) * (y - f0))
_PREDICTED = (f_t, f0 + Phi * (w_t - w0))
_LINEARISED = (_PREDICTED, FLOW, ROW, GRAM)
_AT_POINT = f0_x + phi.T * (w_t - w0)
CLOCK = ((t, sp.Interval(0, sp.oo)), (eta, sp.Interval.open(0, sp.oo)))
_NETWORK = (*SIZES, *CLOCK, *real(Phi, phi, y, f0, f0_x, w0))
_REGULAR = (*_NETWORK, FULL_RANK)
WEIGHTS = (
    "$bold(w)_t = bold(w)_0 + Phi^top integral_0^(eta t\\/N) e^(-tau K) dif tau thin (bold(y) - bold(f)_0)$ are the "
    "weights of the linearised network on its gradient flow: see ds-ode."
)


def timed(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The examples at several times."""
    clocks = (("3/2", "1/3"), ("1/2", "2"), ("4", "1/10"), ("1", "1/2"))
    return tuple(
        {**point, t: sp.Rational(time), eta: sp.Rational(step)}
        for point, (time, step) in zip(points, clocks, strict=True)
    )


_ANY, _INVERTIBLE = timed(ANY), timed(INVERTIBLE)
_DIFFERENTIATED = (
    Derivation(name="the derivative of the integral", derive=by_differentiation, spots=_ANY),
    Certificate(name="balls at small matrices", points=_ANY),
)
INVERTED = (
    Derivation(name="the inverse of the kernel", derive=by_inverse, spots=_INVERTIBLE),
    Certificate(name="balls at small matrices", points=_INVERTIBLE),
)

DS_ODE = Claim(
    id="ds-ode",
    title="Along gradient flow the prediction at a point changes with the kernel row and the residuals",
    source=Source(
        document=Document.DS,
        where="'Linearized solution'",
        printed="If $k_(bold(w)_t) approx k_0$ throughout training, and we take a continuous limit instead of discrete "
        "steps (gradient flow), $dif/(dif t) f(bold(x); bold(w)_t) approx -eta/N bold(k)_0(bold(x)) (bold(f)_t - "
        "bold(y))$",
    ),
    hypotheses=(
        SETTING,
        'For the linearised network $f^"lin" (bold(x); bold(w)) = f_x + phi^top (bold(w) - bold(w)_0)$, for which the '
        "approximations are equations. Its predictions at the examples are $bold(f)_t = bold(f)_0 + Phi (bold(w)_t - "
        "bold(w)_0)$.",
        "$bold(w)_t$ is the gradient flow $bold(w)' = -eta nabla L_S$ of $L_S = 1/(2 N) norm(bold(f)_t - bold(y))^2$: "
        "that the formula given for it is, says the second form. $K$ need not be invertible.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=TimeDerivative(_AT_POINT, t), rhs=-eta / N * k * (f_t - y), where=_LINEARISED, domain=_NETWORK
            ),
            routes=_DIFFERENTIATED,
            mutants=(
                Mutant(
                    name="without 1/N",
                    why_false="The loss is a mean: without $1\\/N$ the flow would be $N$ times as fast.",
                    change={"rhs": -eta * k * (f_t - y)},
                ),
                Mutant(
                    name="away from the labels",
                    why_false="Gradient flow goes down the gradient.",
                    change={"rhs": eta / N * k * (f_t - y)},
                ),
                Mutant(
                    name="with the residuals at the start",
                    why_false="They are those of $t = 0$ only.",
                    change={"rhs": -eta / N * k * (f0 - y)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The gradient flow behind it: $bold(w)' = -eta nabla L_S (bold(w)_t)$.",
            statement=Identity(
                lhs=TimeDerivative(w_t, t), rhs=-eta / N * Phi.T * (f_t - y), where=_LINEARISED, domain=_NETWORK
            ),
            routes=_DIFFERENTIATED,
            mutants=(
                Mutant(
                    name="without 1/N",
                    why_false="That is the flow of the sum of the losses.",
                    change={"rhs": -eta * Phi.T * (f_t - y)},
                ),
                Mutant(
                    name="the weights after a flow of the time t",
                    why_false="The flow runs at the rate $eta\\/N$.",
                    change={
                        "where": (_PREDICTED, (w_t, w0 + Phi.T * FlowIntegral(K, t) * (y - f0)), ROW, GRAM),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)


def _kernel(entries: sp.Matrix, time: str) -> Point:
    return {N: entries.shape[0], K0: entries, t: sp.Rational(time)}


_KERNELS: tuple[Point, ...] = (
    _kernel(rows(["2", "1"], ["1", "3"]), "1/2"),
    _kernel(rows(["1", "0", "1/2"], ["0", "1", "0"], ["1/2", "0", "4"]), "2"),
    _kernel(rows(["1/5"]), "3"),
    _kernel(rows(["1", "1"], ["1", "1"]), "1"),
)
"""The last, two equal inputs, is singular: outside the domain, of use where a mutant enlarges it."""
_DECAYED = I - MatrixExp(-t * K0)

DS_CLOSED_FORM_SINGULAR = Claim(
    id="ds-closed-form-singular",
    title="For a singular kernel an integral takes the place of the inverse in the closed form",
    source=Source(
        document=Document.DS,
        where="'Linearized solution', the words 'if $bold(K)_0$ is full-rank (usual case)'",
        printed='$f^"lin" (bold(x); bold(w)_t) = bold(k)_0(bold(x)) bold(K)_0^(-1) (bold(I) - e^(-(eta t)/N '
        "bold(K)_0)) "
        "(bold(y) - bold(f)_0) + f_0(bold(x))$; if $bold(K)_0$ is full-rank (usual case)",
    ),
    hypotheses=(
        "In the first form $t$ is the time $eta t\\/N$ of the slide, and $bold(K)_0$ is any "
        "matrix with a positive determinant, as a positive definite one has.",
        "In the second $K = Phi Phi^top$ is any kernel, singular or not, as it is with two equal inputs. " + SETTING,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="For an invertible kernel the two are the same.",
            statement=Identity(
                lhs=K0.I * _DECAYED,
                rhs=FlowIntegral(K0, t),
                domain=(SIZES[0], *real(K0), CLOCK[0], (sp.Determinant(K0), sp.Interval.open(0, sp.oo))),
            ),
            routes=(
                Derivation(name="multiplication by the kernel", derive=by_algebra(left=K0), spots=_KERNELS),
                Certificate(name="balls at small matrices", points=_KERNELS),
            ),
            mutants=(
                Mutant(
                    name="with the pseudo-inverse, for a singular kernel",
                    why_false="On the kernel's null space the integral is $t$, and the pseudo-inverse 0.",
                    change={"lhs": PseudoInverse(K0) * _DECAYED, "domain": (SIZES[0], *real(K0), CLOCK[0])},
                ),
                Mutant(
                    name="without the inverse",
                    why_false="That is $bold(K)_0$ times the integral.",
                    change={"lhs": _DECAYED},
                ),
                Mutant(
                    name="with a growing exponential",
                    why_false="That is the integral of $e^(tau bold(K)_0)$, but for its sign.",
                    change={"lhs": K0.I * (MatrixExp(t * K0) - I)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="For any kernel the form with the integral solves the differential equation of the predictions.",
            statement=Identity(
                lhs=TimeDerivative(f0_x + k * FlowIntegral(K, TIME) * (y - f0), t),
                rhs=-eta / N * k * (f_t - y),
                where=((f_t, f0 + K * FlowIntegral(K, TIME) * (y - f0)), ROW, GRAM),
                domain=_NETWORK,
            ),
            routes=_DIFFERENTIATED,
            mutants=(
                Mutant(
                    name="the integral to the time t",
                    why_false="The flow runs at the rate $eta\\/N$.",
                    change={"lhs": TimeDerivative(f0_x + k * FlowIntegral(K, t) * (y - f0), t)},
                ),
                Mutant(
                    name="the residuals added",
                    why_false="They are subtracted.",
                    change={"rhs": eta / N * k * (f_t - y)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="With a singular kernel and contradictory labels the predictions at the examples do not tend to the labels.",
)

_SAME = (FLOW, *AT_START, ROW, GRAM)
_MODEL = (*SIZES, *CLOCK, FULL_RANK, *real(Phi, phi, y, w0))
_CLOSED = k * K.I * (I - MatrixExp(-TIME * K)) * (y - f0) + f0_x

DS_SAME_AS_KR = Claim(
    id="ds-same-as-kr",
    title="The linearised network follows the formula of gradient flow for kernel regression",
    source=Source(
        document=Document.DS,
        where="'Linearized solution', last bullet",
        printed='$f^"lin" (bold(x); bold(w)_t) -> bold(k)_0(bold(x)) bold(K)_0^(-1) (bold(y) - bold(f)_0) + '
        "f_0(bold(x))$. This is the same formula as gradient flow for kernel regression",
    ),
    hypotheses=(
        SETTING,
        INDEPENDENT,
        "Kernel regression: the model is $chevron.l phi(bold(x)), bold(w) chevron.r$, so $bold(f)_0 = Phi bold(w)_0$ "
        "and "
        "$f_x = phi^top bold(w)_0$. " + WEIGHTS,
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The prediction of kernel regression at every time is that of the linearised network.",
            statement=Identity(lhs=phi.T * w_t, rhs=_CLOSED, where=_SAME, domain=_MODEL),
            routes=INVERTED,
            mutants=(
                Mutant(
                    name="without the prediction at the start",
                    why_false="Kernel regression starts from $bold(w)_0$ too.",
                    change={"rhs": k * K.I * (I - MatrixExp(-TIME * K)) * (y - f0)},
                ),
                Mutant(
                    name="fitting the labels in place of the residuals",
                    why_false="$f_x$ would be added to a fit of the labels.",
                    change={"rhs": k * K.I * (I - MatrixExp(-TIME * K)) * y + f0_x},
                ),
                Mutant(
                    name="the limit at every time",
                    why_false="Training takes time.",
                    change={"rhs": k * K.I * (y - f0) + f0_x},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="And these weights are on the gradient flow of kernel regression.",
            statement=Identity(
                lhs=TimeDerivative(w_t, t),
                rhs=-eta / N * Phi.T * (Phi * w_t - y),
                where=_SAME,
                domain=(*SIZES, *CLOCK, *real(Phi, y, w0)),
            ),
            routes=_DIFFERENTIATED,
            mutants=(
                Mutant(
                    name="with weight decay",
                    why_false="That is kernel ridge regression.",
                    change={"rhs": -eta / N * Phi.T * (Phi * w_t - y) - eta * w_t},
                ),
                Mutant(
                    name="up the gradient",
                    why_false="Gradient flow goes down.",
                    change={"rhs": eta / N * Phi.T * (Phi * w_t - y)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The limit of large times is the claim ds-limit, its weights those of ds-kr-minnorm.",
)

CLAIMS = (DS_ODE, DS_CLOSED_FORM_SINGULAR, DS_SAME_AS_KR)
