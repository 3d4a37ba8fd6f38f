"""The recursion of the theorem slide, an erratum: the kernel of one layer less stands on its right-hand side."""

import sympy as sp

from derivations import mean_ntk
from derivations.expressions import Expect, relu, step
from derivations.kernels import jacot_nngp, jacot_nngp_derivative, jacot_ntk
from derivations.mean_ntk import X, Y, beta, rho
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Centred
from verify.experiments.initialisation import JACOT_NTK, ntk
from verify.statement import Identity, Limit
from verify.verdict import Verdict

u, v, a = sp.symbols("u v a", real=True)
L, m = sp.symbols("L m", integer=True, positive=True)

Theta_1, Theta_2, Sigma_1, Sigma_2, Sigma_dot_2 = sp.symbols("Theta_1 Theta_2 Sigma_1 Sigma_2 Sigma_dot_2", real=True)
V, V_prime = sp.symbols("V V_prime", positive=True)


def _over_first_layer(f: type[sp.Function]) -> Expect:
    """E[f(u) f(v)], where u and v are the preactivations of a hidden neuron at the two inputs."""
    return Expect(f(u) * f(v), (u, v), [[V, Sigma_1], [Sigma_1, V_prime]])


# What the read-out weights, all parameters before them, and the last bias contribute to the inner product.
_MEAN = _over_first_layer(relu) + Expect(a**2, (a,), [[1]]) * Sigma_1 * _over_first_layer(step) + beta**2
_ONE_HIDDEN_LAYER = (
    (Theta_2, _MEAN),
    (Theta_1, Sigma_1),
    (Sigma_2, _over_first_layer(relu) + beta**2),
    (Sigma_dot_2, _over_first_layer(step)),
    (Sigma_1, X * Y * rho + beta**2),
    (V, X**2 + beta**2),
    (V_prime, Y**2 + beta**2),
)
_POSITIVE = sp.Interval.open(0, sp.oo)
_INPUTS = ((X, _POSITIVE), (Y, _POSITIVE), (rho, sp.Interval(-1, 1)), (beta, sp.Interval(0, sp.oo)))


def _inputs(*rows: tuple[int | str, ...]) -> tuple[Point, ...]:
    return tuple(dict(zip((X, Y, rho, beta), map(sp.Rational, row), strict=True)) for row in rows)


_ROUTES = (
    Derivation(
        name="gradient of the network", derive=mean_ntk.derive, spots=_inputs((1, 1, "3/10", 0), (1, 2, "-1/2", "1/2"))
    ),
    Certificate(
        name="quadrature of the definitions",
        points=_inputs(
            (1, 1, "3/10", 0), (1, 2, "-1/2", "1/2"), (3, "1/4", "999/1000", "1/10"), (1, 1, -1, 1), (2, "1/2", 1, 0)
        ),
    ),
)

_theta, _theta_below, _sigma, _sigma_dot = sp.symbols("Theta__L Theta__L-1 Sigma__L Sigma_dot__L", real=True)
_DEEPER = (
    (_theta_below, jacot_ntk(L - 1, rho, beta)),
    (_sigma, jacot_nngp(L, rho, beta)),
    (_sigma_dot, jacot_nngp_derivative(L, rho, beta)),
)
_DEEPER_NTK = jacot_ntk(L, rho, beta)
_WIDE = (Measurement(name="random networks of growing width", experiment=JACOT_NTK),)


def _vanishes(residual: sp.Expr) -> Limit:
    """The residual of a recursion, with the empirical NTK for the limiting one, tends to zero; two and three layers."""
    return Limit(
        quantity=residual,
        value=sp.S.Zero,
        tolerance=(L - 1) / sp.Integer(8),
        along=m,
        where=_DEEPER,
        domain=((L, sp.FiniteSet(2, 3)),),
    )


def _design(centre: sp.Expr) -> Centred:
    return Centred(
        centre=centre, scale=4.2, bias=4.0, source="independent pilot of 2000 draws: 2.8 at L = 2, 4.0 at L = 3"
    )


_PRINTED_RESIDUAL = ntk - (ntk * _sigma_dot + _sigma)
_PRINTED_LIMIT = _DEEPER_NTK - (_DEEPER_NTK * jacot_nngp_derivative(L, rho, beta) + jacot_nngp(L, rho, beta))
_CORRECTED_RESIDUAL = ntk - (_theta_below * _sigma_dot + _sigma)

KW_RECURSION = Claim(
    id="kw-rec-theta",
    title="The recursion of the limiting NTK in depth",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem, second display",
        printed="$Theta_infinity^((L+1)) (bold(x)^*, bold(x)_i) = Theta_infinity^((L+1)) (bold(x)^*, bold(x)_i) "
        "dot(Sigma)_infinity^((L+1)) (bold(x)^*, bold(x)_i) + Sigma_infinity^((L+1)) (bold(x)^*, bold(x)_i)$",
    ),
    hypotheses=(
        "In the forms with $Theta_2$: one hidden layer, $L = 1$; a recursion in depth that fails there is false. In "
        "the forms with $hat(Theta)_m$: $L$ counts layers of weights, $X = Y = 1$, $rho = 1\\/2$, $beta = 1$, hidden "
        "width $m$.",
        "The parametrisation of the paper the slide cites: all parameters $cal(N)(0, 1)$, each layer's weights divided "
        "by the root of its number of inputs, its biases multiplied by $beta$; ReLU; no activation at the output.",
        "$X = norm(bold(x)^*) \\/ sqrt(n_0)$, $Y = norm(bold(x)_i) \\/ sqrt(n_0)$, and $rho$ is the cosine between the "
        "inputs.",
        "$Theta_2$ is the mean over the parameters of the inner product of the gradients. It is the same at every "
        "width, and by the law of large numbers over the neurons it is the limit.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, with the same kernel on both sides.",
            statement=Identity(
                lhs=Theta_2, rhs=Theta_2 * Sigma_dot_2 + Sigma_2, where=_ONE_HIDDEN_LAYER, domain=_INPUTS
            ),
            routes=_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="The kernel of one layer less stands on the right.",
            statement=Identity(
                lhs=Theta_2, rhs=Theta_1 * Sigma_dot_2 + Sigma_2, where=_ONE_HIDDEN_LAYER, domain=_INPUTS
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="without the read-out's own term",
                    why_false="The gradient by the read-out weights and bias contributes $Sigma_2$, which is positive "
                    "unless $rho = -1$ and $beta = 0$.",
                    change={"rhs": Theta_1 * Sigma_dot_2},
                ),
                Mutant(
                    name="without the biases of the first layer",
                    why_false="They contribute $beta^2 dot(Sigma)_2$, which is positive for $beta > 0$.",
                    change={"rhs": (Theta_1 - beta**2) * Sigma_dot_2 + Sigma_2},
                ),
                Mutant(
                    name="the derivative covariance squared",
                    why_false="$dot(Sigma)_2 <= 1\\/2$ is not zero unless the preactivations are opposite, nor is "
                    "$Theta_1$ unless they are independent.",
                    change={"rhs": Theta_1 * Sigma_dot_2**2 + Sigma_2},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="As printed, at two and three layers of weights, on wide networks.",
            statement=_vanishes(_PRINTED_RESIDUAL),
            routes=_WIDE,
            design=_design(_PRINTED_LIMIT),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The corrected recursion, at two and three layers of weights, on wide networks.",
            statement=_vanishes(_CORRECTED_RESIDUAL),
            routes=_WIDE,
            design=_design(sp.S.Zero),
            mutants=(
                Mutant(
                    name="without the read-out's own term",
                    why_false="$Sigma^L$ is greater than 1 at $rho = 1\\/2$, $beta = 1$.",
                    change={"quantity": ntk - _theta_below * _sigma_dot},
                    design=_design(jacot_nngp(L, rho, beta)),
                ),
                Mutant(
                    name="without the derivative covariance",
                    why_false="$dot(Sigma)^L <= 1\\/2$, so that the right-hand side is too large by at least half of "
                    "$Theta^(L-1) >= 3\\/2$.",
                    change={"quantity": ntk - (_theta_below + _sigma)},
                    design=_design(_DEEPER_NTK - jacot_ntk(L - 1, rho, beta) - jacot_nngp(L, rho, beta)),
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Solved for $Theta_2$, the printed equation gives $Sigma_2 \\/ (1 - dot(Sigma)_2)$: $0.3441$ in place of "
    "$0.3309$ at $X = Y = 1$, $rho = 3\\/10$, $beta = 0$. The tolerance of the forms on wide networks, $1\\/8$ for "
    "each layer beyond the first, is less than the residual $-0.33$ that the printed equation leaves at two layers.",
)

CLAIMS = (KW_RECURSION,)
