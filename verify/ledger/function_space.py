"""Training in function space on the square loss: the solution of the flow, and how far it moves in a given time."""

import sympy as sp

from derivations import integrated_flow
from derivations.flows import LinearFlow
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity
from verify.verdict import Verdict

n, P = sp.symbols("n P", integer=True, positive=True)
i, j, k, ell, p, q, r = sp.symbols("i j k ell p q r", integer=True)
t, alpha = sp.Symbol("t", nonnegative=True), sp.Symbol("alpha", positive=True)
s = sp.Symbol("s", real=True)
y, f0, phi, Q, theta_0, theta_star = (
    sp.IndexedBase(name, real=True) for name in ("y", "f_0", "phi", "q", "theta_0", "theta_star")
)
lam = sp.IndexedBase("lambda", nonnegative=True)
K, F, D, I_ = (sp.Function(name, real=True) for name in ("K", "F", "D", "I"))
theta, T_ = sp.Function("theta", real=True), sp.Function("T", real=True)

_NAT, _TIMES, _POSITIVE = sp.S.Naturals, sp.Interval(0, sp.oo), sp.Interval.open(0, sp.oo)

# The solution.

_KERNEL = (K(i, k), sp.Sum(lam[ell] * Q[i, ell] * Q[k, ell], (ell, 1, n)))
_RESIDUAL = LinearFlow(i, alpha * K(j, k), (j, k, s), f0[j] - y[j], n, t)
_PREDICTION = (F(i, t), y[i] + _RESIDUAL)
_EIGENBASIS = (
    (lam[ell], _TIMES),
    (Q[i, ell], sp.S.Reals),
    (sp.Sum(Q[i, ell] * Q[i, p], (i, 1, n)), sp.FiniteSet(sp.KroneckerDelta(ell, p))),
)
_FLOW = ((n, _NAT), (t, _TIMES), (alpha, _POSITIVE), (y[i], sp.S.Reals), (f0[i], sp.S.Reals))


def _solution(of_eigenvalue: sp.Expr) -> sp.Expr:
    """The vector y + g(K) (F(0) - y), for the function g of K with this value at the eigenvalue λ_ℓ."""
    start = sp.Sum(Q[j, ell] * (f0[j] - y[j]), (j, 1, n))
    return y[i] + sp.Sum(of_eigenvalue * Q[i, ell] * start, (ell, 1, n))


def _spectral(rotation: list[list[str]], spectrum: tuple[str, ...], time: str, rate: str, at: int) -> Point:
    size = len(spectrum)
    return {
        n: size,
        t: sp.Rational(time),
        alpha: sp.Rational(rate),
        i: at,
        y: family(*(sp.Rational((-1) ** c * (c + 2), 2) for c in range(size))),
        f0: family(*(sp.Rational(1, c + 2) for c in range(size))),
        lam: family(*spectrum),
        Q: entries(rotation),
    }


_SPACE = [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]]
_SOLUTIONS: tuple[Point, ...] = (
    _spectral([["3/5", "4/5"], ["-4/5", "3/5"]], ("1/2", "3"), "3/2", "1/3", 1),
    _spectral(_SPACE, ("1", "2", "5"), "4", "1/2", 3),
    _spectral(_SPACE, ("0", "1/10", "7"), "2", "1", 2),
    _spectral([["1"]], ("4",), "10", "1/5", 1),
)

KW_SOLUTION = Claim(
    id="kw-sol-functionspace",
    title="On the square loss the outputs approach the labels exponentially",
    source=Source(
        document=Document.KW,
        where="slide 'The NTK is constant during training', last display; its solution on the square loss is implied",
        printed="$(dif cal(F)_theta (t))/(dif t) = -alpha K_infinity nabla_f cal(L)$",
    ),
    hypotheses=(
        "$cal(L) = 1/2 sum_i (cal(F)_i - y_i)^2$ on the training set; $F(i, t)$ is the solution of the printed "
        "equation from $cal(F)(0) = f_0$, and the right side is $y + e^(-alpha bold(K) t) (cal(F)(0) - y)$.",
        "$bold(K)$ is symmetric and positive semi-definite, $K_(i k) = sum_ell lambda_ell q_(i ell) q_(k ell)$ with an "
        "orthogonal matrix $q$; a function of $bold(K)$ is that function of its eigenvalues.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=F(i, t),
                rhs=_solution(sp.exp(-alpha * lam[ell] * t)),
                where=(_PREDICTION, _KERNEL),
                domain=(*_FLOW, (i, sp.Range(1, n + 1)), *_EIGENBASIS),
            ),
            routes=(
                Derivation(name="coordinate by coordinate", derive=integrated_flow.in_eigenbasis, spots=_SOLUTIONS[:2]),
                Certificate(name="power series of the flow", points=_SOLUTIONS),
            ),
            mutants=(
                Mutant(
                    name="twice as fast",
                    why_false="The gradient of $1/2 (cal(F) - y)^2$ is $cal(F) - y$; the square loss, not the "
                    "residual, "
                    "decays at twice the rate.",
                    change={"rhs": _solution(sp.exp(-2 * alpha * lam[ell] * t))},
                ),
                Mutant(
                    name="from the labels to the start",
                    why_false="At $t = 0$ it is $2 y - cal(F)(0)$.",
                    change={"rhs": 2 * y[i] - _solution(sp.exp(-alpha * lam[ell] * t))},
                ),
                Mutant(
                    name="the first order in t",
                    why_false="It agrees to first order in $t$ only.",
                    change={"rhs": _solution(1 - alpha * lam[ell] * t)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

# The displacement, for a linear model F_i = Σ_p φ_ip θ_p whose labels are attained at θ*.

_GRAM = sp.Sum(phi[i, p] * phi[i, q], (i, 1, n))
_PARAMETERS = (
    theta(p, t),
    theta_star[p] + LinearFlow(p, alpha * _GRAM, (p, q, s), theta_0[p] - theta_star[p], P, t),
)
_INTEGRAL = (T_(p, t), LinearFlow(p, alpha * _GRAM, (p, q, s), theta_0[p] - theta_star[p], P, t, -1))
_LINEAR = (
    (n, _NAT),
    (P, _NAT),
    (t, _TIMES),
    (alpha, _POSITIVE),
    (phi[i, p], sp.S.Reals),
    (theta_0[p], sp.S.Reals),
    (theta_star[p], sp.S.Reals),
)
_ONE_PARAMETER = (*_LINEAR, (r, sp.Range(1, P + 1)))
_ONE_OUTPUT = (*_LINEAR, (k, sp.Range(1, n + 1)))


def _moved(of_residual: sp.Expr, features: sp.Expr = phi[i, r]) -> sp.Expr:
    """-α Σ_i ∂_r F_i (…)_i, for what stands in place of the residual of example i."""
    return -alpha * sp.Sum(features * of_residual, (i, 1, n))


_GRADIENT_NOW = sp.Sum(phi[i, j] * (theta(j, t) - theta_star[j]), (j, 1, P))
_GRADIENT_START = sp.Sum(phi[i, j] * (theta_0[j] - theta_star[j]), (j, 1, P))
_GRADIENT_INTEGRAL = sp.Sum(phi[i, j] * T_(j, t), (j, 1, P))
_TANGENT = sp.Sum(phi[k, r] * phi[i, r], (r, 1, P))
_DISPLACEMENT = theta(r, t) - theta(r, 0)
_CHANGE = sp.Sum(phi[k, r] * (theta(r, t) - theta(r, 0)), (r, 1, P))


def _linear_model(
    features: list[list[object]], start: list[object], target: list[object], time: str, rate: str
) -> Point:
    return {
        n: len(features),
        P: len(start),
        phi: entries(features),
        theta_0: family(*start),
        theta_star: family(*target),
        t: sp.Rational(time),
        alpha: sp.Rational(rate),
        r: 1,
        k: len(features),
    }


_MODELS: tuple[Point, ...] = (
    _linear_model([["1", "2"], ["-1", "1/2"]], ["1", "-1"], ["0", "1/3"], "3/2", "1/2"),
    _linear_model([["1", "1/2", "-1"]], ["2", "0", "1"], ["1", "1", "-1"], "2", "1/4"),
    _linear_model([["1"]], ["1"], ["0"], "1", "1"),
    _linear_model([["1", "0"], ["1", "1"], ["0", "2"]], ["0", "0"], ["1", "-2"], "1/3", "1"),
)


def _routes(points: tuple[Point, ...] = _MODELS) -> tuple[Derivation, Certificate]:
    return (
        Derivation(name="equal slopes and equal starts", derive=integrated_flow.integrated, spots=points[:2]),
        Certificate(name="power series of the flow", points=points),
    )


_FORMULAS = (_PARAMETERS, _INTEGRAL)

KW_DISPLACEMENT = Claim(
    id="kw-displacement",
    title="How far the parameters and the outputs move in a given time",
    source=Source(
        document=Document.KW,
        where="slide 'The NTK is constant during training', second and third line of the second display",
        printed="$theta(t) - theta(0) = -alpha nabla_theta cal(F)_theta^top nabla_f cal(L)$, $cal(F)_theta (t) - "
        "cal(F)_theta (0) = -alpha nabla_theta cal(F)_theta (0)^top nabla_theta cal(F)(bold(X); theta(0)) nabla_f "
        "cal(L)$",
    ),
    hypotheses=(
        "The linearised model of the first line: $cal(F)_i = sum_p phi_(i p) theta_p$, so that $phi_(i p)$ is the "
        "derivative of the output at example $i$ by parameter $p$ at all times. What fails here fails.",
        "$cal(L) = 1/2 sum_i (cal(F)_i - y_i)^2$ with labels $y_i = sum_p phi_(i p) theta^*_p$; $theta$ follows the "
        "gradient flow $dif theta \\/ dif t = -alpha nabla_theta cal(L)$ from $theta_0$.",
        "$T(p, t) = integral_0^t (theta_p (tau) - theta^*_p) dif tau$, so that $integral_0^t (nabla_f cal(L))_i dif "
        "tau "
        "= sum_p phi_(i p) T(p, t)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The parameters as printed, with the gradient at time $t$.",
            statement=Identity(lhs=_DISPLACEMENT, rhs=_moved(_GRADIENT_NOW), where=_FORMULAS, domain=_ONE_PARAMETER),
            routes=_routes(),
        ),
        Form(
            role=Role.PRINTED,
            remark="The outputs as printed, with the gradient at time 0, as for $nabla_theta cal(F)$ there.",
            statement=Identity(lhs=_CHANGE, rhs=_moved(_GRADIENT_START, _TANGENT), where=_FORMULAS, domain=_ONE_OUTPUT),
            routes=_routes(),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The parameters, with the gradient integrated over time.",
            statement=Identity(
                lhs=_DISPLACEMENT, rhs=_moved(_GRADIENT_INTEGRAL), where=_FORMULAS, domain=_ONE_PARAMETER
            ),
            routes=_routes(),
            mutants=(
                Mutant(
                    name="the gradient at time t, times t",
                    why_false="The gradient shrinks while the parameters move.",
                    change={"rhs": t * _moved(_GRADIENT_NOW)},
                ),
                Mutant(
                    name="without the learning rate",
                    why_false="The flow is $alpha$ times as fast, and $alpha != 1$ in two of these models.",
                    change={"rhs": _moved(_GRADIENT_INTEGRAL) / alpha},
                ),
                Mutant(
                    name="with the transpose of the gradient",
                    why_false="With $nabla_theta cal(F) in bb(R)^(P times N_L)$, as three slides before, "
                    "$nabla_theta cal(F)^top nabla_f cal(L)$ can be written only if there are as many parameters as "
                    "outputs, and is something else then.",
                    change={
                        "rhs": _moved(_GRADIENT_INTEGRAL, phi[r, i]),
                        "domain": tuple(
                            (key, sp.FiniteSet(n)) if key is P else (key, values) for key, values in _ONE_PARAMETER
                        ),
                    },
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The outputs, likewise.",
            statement=Identity(
                lhs=_CHANGE, rhs=_moved(_GRADIENT_INTEGRAL, _TANGENT), where=_FORMULAS, domain=_ONE_OUTPUT
            ),
            routes=_routes(),
            mutants=(
                Mutant(
                    name="the gradient at time 0, times t",
                    why_false="That is the first order in $t$.",
                    change={"rhs": t * _moved(_GRADIENT_START, _TANGENT)},
                ),
                Mutant(
                    name="with the opposite sign",
                    why_false="The loss would grow.",
                    change={"rhs": -_moved(_GRADIENT_INTEGRAL, _TANGENT)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Both lines integrate a differential equation without the integral: they hold for one step of gradient "
    "descent with learning rate $alpha$, not for a flow, whose displacement is $-alpha integral_0^t nabla_theta "
    "cal(F) nabla_f cal(L) dif tau$. One parameter, $phi = 1$, $theta_0 = 1$, $theta^* = 0$, $alpha = t = 1$: the "
    "displacement is $e^(-1) - 1 = -0.63$, the first line gives $-e^(-1) = -0.37$, the second $-1$. The transpose in "
    "the first line does not fit the shapes of the earlier slides either. The derivative of the second line, the "
    "slide's conclusion, is right with the integral, and zero without it.",
)

CLAIMS = (KW_SOLUTION, KW_DISPLACEMENT)
