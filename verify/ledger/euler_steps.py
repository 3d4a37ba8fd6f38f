"""Gradient descent as a discretisation of gradient flow: with N steps of the length T/N it is off by O(1/N)."""

import sympy as sp

from derivations import euler_steps
from derivations.expressions import Iterate
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Scaling
from verify.experiment import Experiment
from verify.experiments.discretisation import LOGISTIC_LOSS, SQUARE_LOSS, STEPS, euler_gap, slow_gap
from verify.statement import Direction, Identity, Inequality, Rate
from verify.verdict import Verdict

N = sp.Symbol(STEPS, integer=True, positive=True)
lam, T = sp.symbols("lambda T", positive=True)
w, u = sp.symbols("w u", real=True)
h = sp.Symbol("h", integer=True)

_POSITIVE = sp.Interval.open(0, sp.oo)
_STEPS = Iterate(w - T / N * lam * w, w, h, u, N)
_BOUND = (lam * T) ** 2 * sp.Abs(u) / (2 * N)
_POINTS: tuple[Point, ...] = tuple(
    {lam: sp.Rational(curvature), T: sp.Rational(time), N: steps, u: sp.Rational(start)}
    for curvature, time, steps, start in (
        ("1", "1", 4, "1"),
        ("2", "3", 10, "-1"),
        ("1/3", "5", 2, "7"),
        ("1", "1", 50, "1"),
        ("1", "2", 1, "3"),
        ("5", "2/7", 9, "1/2"),
    )
)


def _off(time: sp.Expr) -> sp.Expr:
    """How far the last step is from the flow at a time."""
    return sp.Abs(_STEPS - u * sp.exp(-lam * time))


_ON_A_PARABOLA = Form(
    role=Role.TESTED,
    remark="With its constant, where both are known in closed form: $N$ steps of the length $T\\/N$ from $u$ on the "
    "loss $lambda\\/2 thin w^2$.",
    statement=Inequality(
        lhs=_off(T),
        rhs=_BOUND,
        domain=(
            (lam, _POSITIVE),
            (T, _POSITIVE),
            (u, sp.S.Reals),
            (N, sp.S.Naturals),
            (2 * N - lam * T, sp.Interval(0, sp.oo)),
        ),
    ),
    routes=(Certificate(name="the steps themselves", points=_POINTS),),
    mutants=(
        Mutant(
            name="of second order",
            why_false="At $lambda = T = u = 1$ descent is off by about $1\\/(2 e N)$, which is above $1\\/(2 N^2)$ "
            "from $N = 3$ on.",
            change={"rhs": _BOUND / N},
        ),
        Mutant(
            name="time counted in steps",
            why_false="After $N$ steps of the length $T\\/N$ the time is $T$: time is rescaled by the step.",
            change={"lhs": _off(N)},
        ),
        Mutant(
            name="half the time",
            why_false="That is the flow on $lambda\\/4 thin w^2$.",
            change={"lhs": _off(T / 2)},
        ),
    ),
)


eta = sp.Symbol("eta", positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
j = sp.Symbol("j", integer=True)

_OFF = sp.exp(-eta * lam) - 1 + eta * lam


def _after(steps: sp.Expr) -> sp.Expr:
    return Iterate(w - eta * lam * w, w, h, u, steps)


def _taken_back(error: sp.Expr, time: sp.Expr = eta) -> sp.Expr:
    """Where k steps lead and what each is off by, both followed back along the flow; a step lasts the time given."""
    errors = sp.Sum(sp.exp((j + 1) * time * lam) * _after(j), (j, 0, k - 1))
    return sp.exp(k * time * lam) * _after(k) + error * errors


_STEPWISE: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), lam: sp.Rational(curvature), u: sp.Rational(start), k: steps}
    for step, curvature, start, steps in (("1/2", "1", "3", 2), ("1/10", "3", "-1", 4), ("3", "1/2", "1", 3))
)

_ERRORS_OF_STEPS = Form(
    role=Role.TESTED,
    remark="Where the distance comes from, on $lambda\\/2 thin w^2$: where $k$ steps of the length $eta$ lead, and "
    "what each of them is off by, followed back along the flow, make up the start. One step is off by $e^(-eta "
    "lambda) - 1 + eta lambda <= (eta lambda)^2\\/2$ times where it starts.",
    statement=Identity(
        lhs=u,
        rhs=_taken_back(_OFF),
        domain=((eta, _POSITIVE), (lam, _POSITIVE), (u, sp.S.Reals), (k, sp.S.Naturals0)),
    ),
    routes=(
        Derivation(name="induction over the steps", derive=euler_steps.by_steps, spots=_STEPWISE),
        Certificate(name="the steps themselves", points=_STEPWISE),
    ),
    mutants=(
        Mutant(
            name="steps that are off by half their square",
            why_false="That is the first term of $e^(-eta lambda) - 1 + eta lambda$ alone.",
            change={"rhs": _taken_back((eta * lam) ** 2 / 2)},
        ),
        Mutant(
            name="exact steps",
            why_false="Descent leads to $(1 - eta lambda)^k u$, the flow to $e^(-k eta lambda) u$.",
            change={"rhs": _taken_back(sp.S.Zero)},
        ),
        Mutant(
            name="time counted in steps",
            why_false="$k$ steps of the length $eta$ last the time $k eta$.",
            change={"rhs": _taken_back(_OFF, sp.S.One)},
        ),
    ),
)


def _on_networks(remark: str, experiment: Experiment, design: Scaling, slow: Scaling) -> Form:
    """The rate on trained networks, with the mutants it shares."""
    return Form(
        role=Role.TESTED,
        remark=remark,
        statement=Rate(
            quantity=euler_gap,
            exponent=sp.S.NegativeOne,
            direction=Direction.AT_MOST,
            margin=sp.Rational(1, 4),
            along=N,
        ),
        routes=(Measurement(name="networks trained by steps and by the flow", experiment=experiment),),
        design=design,
        mutants=(
            Mutant(
                name="of second order",
                why_false="Euler's method is of first order: a step is off by half its square times the acceleration.",
                change={"exponent": sp.Integer(-2)},
            ),
            Mutant(
                name="half the time",
                why_false="A step of the length $eta$ is worth the time $eta$: descent does not tend to the flow at "
                "half of it.",
                change={"quantity": slow_gap},
                design=slow,
            ),
        ),
    )


_MARGIN = (
    "Networks: $N = 8, ..., 512$ steps of the length $eta = T\\/N$, compared at $t = T\\/8, 2 T\\/8, ..., T$ on the "
    "training inputs, $n = 4$ unit vectors with inner products $1\\/5$ and the labels $(1, -1, 1, -1)$. The flow is "
    "integrated with an estimated error, which is inside the comparison. Orders of methods are whole numbers, and a "
    "margin of $1\\/4$ leaves room for none between."
)

KW_GRADIENT_FLOW = Claim(
    id="kw-id-gradflow",
    title="Gradient descent with infinitesimal steps is gradient flow",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent-Parameter Space'",
        printed="If we let the gradient descent update the parameters with infinitisimal step size, then the gradient "
        "descent can be approximated as a derivative on the time dimension $t$: $(dif theta)/(dif t) = -nabla_theta "
        "cal(L)(theta) = -1/n sum_(i=1)^n nabla_theta cal(F)(bold(x)_i) nabla_(cal(F)) ell(cal(F), y_i)$",
    ),
    hypotheses=(
        "Gradient descent is $theta_(k+1) = theta_k - eta nabla_theta cal(L)(theta_k)$, and $k$ steps last the time "
        "$k eta$. 'Approximated' is put to the test as: up to a fixed time $T$ the distance to the flow is $O(eta)$.",
        _MARGIN,
        "The networks have two hidden layers of 64 tanh neurons and one output, less its value at the start; NTK "
        "parametrisation, weights $cal(N)(0, 1)$, all trained. $ell$ is the logistic loss and $T = 16$.",
    ),
    forms=(
        _ERRORS_OF_STEPS,
        _ON_A_PARABOLA,
        _on_networks(
            "On networks with two hidden layers under the logistic loss, whose mean $cal(L)$ is.",
            LOGISTIC_LOSS,
            Scaling(
                exponent=-1.02,
                shape="log-normal",
                log_sd=0.36,
                drift=0.04,
                source="independent pilot of 600 networks: 0.32, and local exponents from -1.017 to -0.995",
            ),
            Scaling(exponent=-0.01, shape="log-normal", log_sd=0.2, drift=0.02, source="the same pilot"),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

BE_EULER = Claim(
    id="be-claim-gd-euler",
    title="Gradient flow is gradient descent with infinitesimal steps and time rescaled",
    source=Source(
        document=Document.BE,
        where="section 2, after the differential equations of the weights",
        printed="You can think of this process as of your usual gradient descent with infinitesimally small step size "
        "and a rescaling of time.",
    ),
    hypotheses=(
        "$k$ steps of the length $eta$ last the time $k eta$. 'Infinitesimally small' is put to the test as: up to a "
        "fixed time $T$ the distance of descent to the flow is $O(eta)$.",
        _MARGIN,
        "The networks are those of the discussion, with $m = 64$, $sigma = Phi$ and $a_r, bold(w)_r$ normal; "
        "$hat(f) = f - "
        'f_"init"$ is trained under $1\\/2 sum_i (hat(f)(x_i) - y_i)^2$, both layers, and $T = 8$.',
    ),
    forms=(
        _ERRORS_OF_STEPS,
        _ON_A_PARABOLA,
        _on_networks(
            "On two-layer networks under the square loss.",
            SQUARE_LOSS,
            Scaling(
                exponent=-1.02,
                shape="log-normal",
                log_sd=0.25,
                drift=0.04,
                source="independent pilot of 1000 networks: 0.19, and local exponents from -1.048 to -0.995",
            ),
            Scaling(exponent=-0.02, shape="log-normal", log_sd=0.05, drift=0.02, source="the same pilot"),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

CLAIMS = (KW_GRADIENT_FLOW, BE_EULER)
