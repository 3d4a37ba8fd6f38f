"""What one step of gradient descent on one example does to the predicted probabilities at another."""

import sympy as sp

from derivations.slopes_given import by_slopes
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Scaling
from verify.experiments.softmax_step import (
    SHRUNK,
    STEPS,
    change,
    flipped,
    gradient_norm,
    step_remainder,
    unnormalised,
    without_jacobian,
)
from verify.ledger._points import entries, family
from verify.statement import Direction, Identity, Rate
from verify.verdict import Verdict

K, P = sp.symbols("K P", integer=True, positive=True)
h, i, j, k, ell, p, r = sp.symbols("h i j k ell p r", integer=True)
s = sp.Symbol("s", integer=True, positive=True)
eta = sp.Symbol("eta", positive=True)
z, u, phi, psi = (sp.IndexedBase(name, real=True) for name in ("z", "u", "phi", "psi"))
c = sp.IndexedBase("c", positive=True)
q_o, q_u, p_tar, kernel, loss = (sp.Function(name, real=True) for name in ("q_o", "q_u", "p_tar", "K", "L"))

_POSITIVE = sp.Interval.open(0, sp.oo)
_SOFTMAX = (
    (q_o(i, z), sp.exp(z[i]) / sp.Sum(sp.exp(z[k]), (k, 1, K))),
    (q_u(i, u), sp.exp(u[i]) / sp.Sum(sp.exp(u[k]), (k, 1, K))),
)
_TARGET = (p_tar(i), c[i] / sp.Sum(c[k], (k, 1, K)))
_MINUS_LOG = sp.log(sp.Sum(sp.exp(u[k]), (k, 1, K))) - u[ell]
"""-log q_ℓ."""
_LOSS = (loss(u), sp.Sum(p_tar(ell) * _MINUS_LOG, (ell, 1, K)))
_KERNEL = (kernel(i, j), sp.Sum(phi[i, r] * psi[j, r], (r, 1, P)))
_DEFINED = (_LOSS, _TARGET, *_SOFTMAX, _KERNEL)

_GRADIENT_OUT = sp.Sum(sp.Derivative(q_o(i, z), z[j]) * phi[j, p], (j, 1, K))
_GRADIENT_LOSS = sp.Sum(sp.Derivative(loss(u), u[h]) * psi[h, p], (h, 1, K))
_FIRST_ORDER = -eta * sp.Sum(_GRADIENT_OUT * _GRADIENT_LOSS, (p, 1, P))


def _pulled(row: sp.Expr) -> sp.Expr:
    """Σ_ℓ K_(row ℓ) (p_ℓ - q_ℓ(x_u))."""
    return sp.Sum(kernel(row, ell) * (p_tar(ell) - q_u(ell, u)), (ell, 1, K))


def _moved(jacobian: sp.Expr) -> sp.Expr:
    return eta * sp.Sum(jacobian * _pulled(j), (j, 1, K))


_JACOBIAN = sp.KroneckerDelta(i, j) * q_o(i, z) - q_o(i, z) * q_o(j, z)
_BY_CHAIN_RULE = by_slopes(
    (sp.Derivative(q_o(i, z), z[j]), _JACOBIAN),
    (sp.Derivative(loss(u), u[h]), q_u(h, u) - p_tar(h)),
)
_DOMAIN = (
    (K, sp.S.Naturals),
    (P, sp.S.Naturals),
    (i, sp.Range(1, K + 1)),
    (eta, _POSITIVE),
    (c[k], _POSITIVE),
    *((entry, sp.S.Reals) for entry in (z[k], u[k], phi[k, r], psi[k, r])),
)


def _model(target: list[str], at: list[list[str]], trained: list[list[str]], example: int) -> Point:
    classes = len(target)
    return {
        K: classes,
        P: len(at[0]),
        i: example,
        eta: sp.Rational(1, 3),
        c: family(*target),
        z: family(*(sp.Rational((-1) ** n, n + 2) for n in range(classes))),
        u: family(*(sp.Rational(n, 2) for n in range(classes))),
        phi: entries(at),
        psi: entries(trained),
    }


_MODELS: tuple[Point, ...] = (
    _model(["1", "3"], [["1", "-1"], ["1/2", "2"]], [["0", "1"], ["1", "-2"]], 2),
    _model(["1", "1/2", "2"], [["1"], ["-1"], ["2"]], [["1/2"], ["1"], ["-1"]], 1),
    _model(["5", "1"], [["1", "0", "1"], ["-1", "1", "2"]], [["2", "1", "0"], ["1", "1", "1"]], 1),
)

_SETTING = (
    'One step of gradient descent on the one example $x_u$ with the loss $bold(p)_"tar"^top bold(L)(bold(q)(x_u))$, '
    '$bold(L) = -log$ entry by entry, and $sum_k p_("tar", k) = 1$: the slide says neither, and both are needed.',
)
_RANDOM = (
    "Random networks: logits $z(x) = 1/sqrt(m) V tanh(U x)$ with $m = 64$ and 3 classes, all weights trained and "
    'standard normal at the step; $x_o$ and $x_u$ are unit vectors at an angle of 60°, $bold(p)_"tar"$ is the first '
    "class."
)
_PILOT = (
    "independent pilot of 4000 networks a step: the standard deviation of the logarithm is at most 0.88; the local "
    "exponents of the median are -1.98 to -2.02, and -0.98 to -1.04 where a part of first order is left"
)
_STEP_ROUTES = (Measurement(name="random networks, smaller and smaller steps", experiment=STEPS),)
_MARGIN = sp.S.Half


def _order(power: int) -> Scaling:
    return Scaling(exponent=-float(power), shape="log-normal", log_sd=0.95, drift=0.06, source=_PILOT)


DS_PROP1 = Claim(
    id="ds-prop1",
    title="How a step on one example changes the predictions at another, to first order in the step",
    source=Source(
        document=Document.DS,
        where="'Understanding learning dynamics', Proposition 1",
        printed="$bold(q)^(t+1)(bold(x)_o) - bold(q)^t (bold(x)_o) = eta cal(A)^t (bold(x)_o) cal(K)^t (bold(x)_o, "
        'bold(x)_u) (bold(p)_"tar" (bold(x)_u) - bold(q)^t (bold(x)_u)) + cal(O)(eta^2 norm(nabla_bold(w) '
        'bold(z)(bold(x)_u))_"op"^2)$',
    ),
    hypotheses=(
        *_SETTING,
        "First form: $z$ and $u$ are the logits at $x_o$ and $x_u$, $phi$ and $psi$ their gradients in the weights, "
        'any numbers: only these enter the first order. $p_"tar" = c \\/ sum c$ adds up to 1; $-log q_ell = log sum_k '
        "e^(u_k) - u_ell$. On the left $-eta sum_p "
        "partial_p q_o partial_p L$, by the chain rule: the derivative of $q_o$ along the step.",
        "The first form is proved for all $c_k > 0$; the second measures one target on the boundary of these, "
        '$bold(p)_"tar" = (1, 0, 0)$.',
        _RANDOM,
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The first order, exactly; $cal(K) = nabla z(x_o) nabla z(x_u)^top$.",
            statement=Identity(lhs=_FIRST_ORDER, rhs=_moved(_JACOBIAN), where=_DEFINED, domain=_DOMAIN),
            routes=(
                Derivation(name="the chain rule", derive=_BY_CHAIN_RULE, spots=_MODELS[:2]),
                Certificate(name="balls at small models", points=_MODELS),
            ),
            mutants=(
                Mutant(
                    name="with the opposite sign",
                    why_false="The loss falls: probabilities move towards the target.",
                    change={"rhs": -_moved(_JACOBIAN)},
                ),
                Mutant(
                    name="without the Jacobian of the softmax",
                    why_false="$eta cal(K) (bold(p) - bold(q))$ is the change of the logits.",
                    change={"rhs": eta * _pulled(i)},
                ),
                Mutant(
                    name="for a target that does not add up to 1",
                    why_false="The gradient of $-sum_l p_l log q_l$ in the logits is $bold(q) sum_l p_l - bold(p)$.",
                    change={"where": (_LOSS, (p_tar(i), c[i]), *_SOFTMAX, _KERNEL)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The remainder is of second order in the step $eta = 1\\/s$.",
            statement=Rate(
                quantity=step_remainder, exponent=sp.Integer(-2), direction=Direction.AT_MOST, margin=_MARGIN, along=s
            ),
            routes=_STEP_ROUTES,
            design=_order(2),
            mutants=(
                Mutant(
                    name="of third order",
                    why_false="The softmax and the network are curved.",
                    change={"exponent": sp.Integer(-3)},
                ),
                Mutant(
                    name="with the sign flipped",
                    why_false="Twice the first order is left.",
                    change={"quantity": flipped},
                    design=_order(1),
                ),
                Mutant(
                    name="without the Jacobian of the softmax",
                    why_false="A part of first order is left.",
                    change={"quantity": without_jacobian},
                    design=_order(1),
                ),
                Mutant(
                    name="for a target that adds up to 2",
                    why_false="A part of first order is left.",
                    change={"quantity": unnormalised},
                    design=_order(1),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The constant of the remainder depends on more than the slide shows: on the gradient and the curvature of the "
    "logits at $x_o$, and on the curvature of the softmax. The margin is half the distance between the exponents "
    "that theory offers.",
)

_SHORT = (Measurement(name="random networks, shorter and shorter inputs", experiment=SHRUNK),)
_SHORT_PILOT = (
    "independent pilot of 4000 networks a length: the standard deviation of the logarithm is at most 0.73; the local "
    "exponents of the median are within 0.05 of these from s = 8 on"
)


def _scaled(power: int) -> Scaling:
    return Scaling(exponent=float(power), shape="log-normal", log_sd=0.8, drift=0.06, source=_SHORT_PILOT)


DS_PROP1_QUADR = Claim(
    id="ds-prop1-quadr",
    title="The remainder is quadratic in the gradient at the example that is trained on",
    source=Source(
        document=Document.DS,
        where="'Understanding learning dynamics', Proposition 1, the remainder",
        printed='$cal(O)(eta^2 norm(nabla_bold(w) bold(z)(bold(x)_u))_"op"^2)$',
    ),
    hypotheses=(
        *_SETTING,
        _RANDOM + " $x_u$ is shrunk to the norm $1\\/s$, which makes $nabla z(x_u)$ shrink in proportion while all "
        "at $x_o$ stays as it is; $eta = 1\\/16$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The remainder over the squared norm of the gradient stays bounded as the gradient shrinks.",
            statement=Rate(
                quantity=step_remainder / gradient_norm**2,
                exponent=sp.S.Zero,
                direction=Direction.AT_MOST,
                margin=_MARGIN,
                along=s,
            ),
            routes=_SHORT,
            design=_scaled(0),
            mutants=(
                Mutant(
                    name="over its third power",
                    why_false="The part of the remainder that is quadratic in the step is quadratic in the gradient.",
                    change={"quantity": step_remainder / gradient_norm**3},
                    design=_scaled(1),
                ),
                Mutant(
                    name="the whole change over the square",
                    why_false="The first order is of first order in the gradient.",
                    change={"quantity": change / gradient_norm**2},
                    design=_scaled(1),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The step moves the weights by $eta nabla z(x_u)^top (bold(p) - bold(q))$, at most $sqrt(2) eta norm(nabla z("
    'x_u))_"op"$: any remainder of second order in the movement is of this form, with a constant that depends on '
    "$x_o$.",
)

CLAIMS = (DS_PROP1, DS_PROP1_QUADR)
