"""Kernels at initialisation: the empirical kernel of a random network tends to its infinite-width limit."""

import sympy as sp

from derivations.expressions import Expect, relu, step
from derivations.kernels import relu_nngp, relu_nngp_derivative, relu_ntk
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.initialisation import RELU_NTK, ntk
from verify.experiments.two_layer import FIRST_LAYER_KERNEL, kernel
from verify.quantities import notation
from verify.statement import Direction, Limit, Rate
from verify.verdict import Verdict

m, L = sp.symbols("m L", integer=True, positive=True)
rho, delta = sp.symbols("rho delta", positive=True)
u, v = sp.symbols("u v", real=True)

HALF_INTEGER_MARGIN = (
    "Theory offers only exponents that are multiples of $1/2$; the margin of $1/4$ is half their distance."
)

Theta = sp.Symbol(
    notation("ntk_of_depth", typst="Theta^((L))(x, x')", latex=r"\Theta^{(L)}(x, x')", text="Θ^(L)(x, x')"),
    real=True,
)
ntk_recursion = ((Theta, relu_ntk(L, rho)),)
_ROUTES = (Measurement(name="random networks of growing width", experiment=RELU_NTK),)
_error = sp.Abs(ntk - Theta)
_normal_error = Scaling(
    exponent=-0.5,
    shape="half-normal",
    drift=0.04,
    source="central limit theorem; independent pilot: the logarithm of the error has the half-normal's spread, 1.1",
)

IM_LIM_NTK_INIT = Claim(
    id="im-lim-ntk-init",
    title="The empirical NTK tends to the NTK as the width grows",
    source=Source(
        document=Document.IM,
        where="section 2, before Theorem 1",
        printed="For finite width networks, the function $lr(chevron.l (partial f(theta, x))/(partial theta), "
        "(partial f(theta, x'))/(partial theta) chevron.r)$ serves as an approximation to $Theta^((L))(x, x')$. We "
        "would expect and know that this approximation tends to the NTK when the width goes to infinity.",
    ),
    hypotheses=(
        "ReLU, $c_sigma = 2$, no biases, all weights independent $cal(N)(0, 1)$ (not stated in the report).",
        "All hidden widths equal to $m$; unit inputs with $x^top x' = rho$; tested at $rho = 1/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit, for up to three hidden layers.",
            statement=Limit(
                quantity=ntk,
                value=Theta,
                tolerance=sp.Rational(1, 40),
                along=m,
                where=ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=_ROUTES,
            design=Centred(
                centre=relu_ntk(L, rho), scale=6.8, bias=-7.0, source="exact variance at L = 1; pilot at L = 3"
            ),
            mutants=(
                Mutant(
                    name="the kernel of one layer less",
                    why_false="$Theta^((L-1))$ differs from $Theta^((L))$ by $0.44$, $0.41$ and $0.39$ at $L = 1, 2, "
                    "3$.",
                    change={"value": relu_ntk(L - 1, rho)},
                ),
                Mutant(
                    name="the NNGP kernel",
                    why_false="$Sigma^((L))$ lacks the terms of all weights before the read-out.",
                    change={"value": relu_nngp(L, rho)},
                ),
                Mutant(
                    name="without the read-out's own term",
                    why_false="$Theta^((L-1)) dot(Sigma)^((L))$ is short of $Theta^((L))$ by $Sigma^((L)) > 0.6$.",
                    change={"value": relu_ntk(L - 1, rho) * relu_nngp_derivative(L, rho)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The rate, over 16 octaves of width: the error is of the order the central limit theorem gives.",
            statement=Rate(
                quantity=_error,
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 6),
                along=m,
                where=ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=_ROUTES,
            design=Scaling(
                exponent=-0.5,
                shape="half-normal",
                drift=0.01,
                source="central limit theorem; independent pilot: local exponents of the median from -0.506 to -0.497, "
                "and the logarithm of the error has the half-normal's spread",
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="the variance of the empirical NTK is of order $1/m$, not $1/m^2$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="no convergence",
                    why_false="the error does shrink.",
                    change={"exponent": sp.S.Zero},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="Theory offers only exponents that are multiples of $1\\/2$; the margin of $1\\/6$ is a third of their "
    "distance. The tolerance of $1\\/40$ is a thirteenth of the distance to the nearest other kernel tested, the NNGP "
    "kernel at one hidden layer. What is measured here is the fluctuation, of order $m^(-1\\/2)$; it hides the bias "
    "of the mean, of order $1\\/m$, which ds-init-mean-subtle takes apart from it. Over 40 octaves the rate is in "
    "ds-init-slow.",
)

_first_layer_limit = rho * Expect(step(u) * step(v), (u, v), [[1, rho], [rho, 1]])
k_limit = sp.Symbol(notation("kernel_limit", typst="k_oo", latex=r"k_\infty", text="k_∞"), real=True)

DS_LIM_SHALLOW_KERNEL = Claim(
    id="ds-lim-shallow-kernel",
    title="The kernel of a wide shallow network tends to an expectation",
    source=Source(
        document=Document.DS,
        where="slides 'A wide, shallow network'",
        printed="$k_bold(w)(bold(x)_1, bold(x)_2) = bold(x)_1^top bold(x)_2 [1/m sum_(j=1)^m a_j^2 "
        "sigma'(bold(w)_j dot bold(x)_1) sigma'(bold(w)_j dot bold(x)_2)] arrow.r^(m -> oo) bold(x)_1^top bold(x)_2 "
        "bb(E)_bold(w) [sigma'(bold(w)^top bold(x)_1) sigma'(bold(w)^top bold(x)_2)]$ if the $bold(w)_j$ are i.i.d. "
        "random",
    ),
    hypotheses=(
        "ReLU, $a_j in {-1, 1}$ fixed, $bold(w)_j$ independent $cal(N)(0, I)$.",
        "Unit inputs with $bold(x)_1^top bold(x)_2 = rho$; tested at $rho = 1/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit.",
            statement=Limit(quantity=kernel, value=_first_layer_limit, tolerance=sp.Rational(1, 200), along=m),
            routes=(Measurement(name="random networks of growing width", experiment=FIRST_LAYER_KERNEL),),
            design=Centred(
                centre=_first_layer_limit, scale=0.24, source="a mean of m Bernoulli variables with p = 1/3, times 1/2"
            ),
            mutants=(
                Mutant(
                    name="σ in place of σ'",
                    why_false="at $rho = 1/2$ the expectation of $sigma sigma$ is $0.304$, that of $sigma' sigma'$ "
                    "is $1/3$.",
                    change={"value": rho * Expect(relu(u) * relu(v), (u, v), [[1, rho], [rho, 1]])},
                ),
                Mutant(
                    name="the factor x₁·x₂ missing",
                    why_false="$rho != 1$.",
                    change={"value": Expect(step(u) * step(v), (u, v), [[1, rho], [rho, 1]])},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The rate.",
            statement=Rate(
                quantity=sp.Abs(kernel - k_limit),
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
                where=((k_limit, _first_layer_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=FIRST_LAYER_KERNEL),),
            design=_normal_error,
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="the variance is $p(1-p) rho^2 \\/ m$ with $p = 1/3$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="no convergence",
                    why_false="the error does shrink.",
                    change={"exponent": sp.S.Zero},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=HALF_INTEGER_MARGIN + " The tolerance of $1/200$ is a third of the distance to the nearest mutant.",
)

CLAIMS = (IM_LIM_NTK_INIT, DS_LIM_SHALLOW_KERNEL)
