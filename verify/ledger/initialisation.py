"""Kernels at initialisation: the empirical kernel of a random network tends to its infinite-width limit."""

import sympy as sp

from derivations.expressions import Expect, normal_cdf, normal_pdf, relu, step
from derivations.kernels import relu_nngp, relu_nngp_derivative, relu_ntk
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, FailureProbability, Scaling
from verify.experiments import FIRST_LAYER_KERNEL, GRAM_ENTRIES, RELU_NTK, gram_g, gram_h, kernel, ntk
from verify.quantities import notation
from verify.statement import Direction, Limit, ProbabilityBound, Rate
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
_ntk_recursion = ((Theta, relu_ntk(L, rho)),)
_error = sp.Abs(ntk - Theta)
_normal_error = Scaling(
    exponent=-0.5, shape="half-normal", drift=0.04, source="central limit theorem; pilot with other seeds"
)

IM_LIM_NTK_INIT = Claim(
    id="im-lim-ntk-init",
    title="The empirical NTK tends to the NTK as the width grows",
    source=Source(
        document=Document.IM,
        where="section 2, before Theorem 1",
        printed="For finite width networks, the function $lr(chevron.l (partial f(theta, x))/(partial theta), "
        "(partial f(theta, x'))/(partial theta) chevron.r)$ serves as an approximation to $Theta^((L))(x, x')$. We would "
        "expect and know that this approximation tends to the NTK when the width goes to infinity.",
    ),
    hypotheses=(
        "ReLU, $c_sigma = 2$, no biases, all weights independent $cal(N)(0, 1)$ (not stated in the report).",
        "All hidden widths equal to $m$; unit inputs with $x^top x' = rho$; tested at $rho = 1/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit, for one and two hidden layers.",
            statement=Limit(
                quantity=ntk,
                value=Theta,
                tolerance=sp.Rational(1, 5),
                along=m,
                where=_ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2)),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=RELU_NTK),),
            design=Centred(
                centre=relu_ntk(L, rho), scale=4.4, bias=0.5, source="exact variance at L = 1; pilot at L = 2"
            ),
            mutants=(
                Mutant(
                    name="the kernel of one layer less",
                    why_false="$Theta^((L-1))$ differs from $Theta^((L))$ by $0.44$ ($L=1$) and $0.41$ ($L=2$).",
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
            remark="The rate: the error is of the order the central limit theorem gives.",
            statement=Rate(
                quantity=_error,
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
                where=_ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=RELU_NTK),),
            design=_normal_error,
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
    note=HALF_INTEGER_MARGIN,
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
    note=HALF_INTEGER_MARGIN,
)

_g_limit = Expect(normal_cdf(u) * normal_cdf(v), (u, v), [[1, rho], [rho, 1]])
_h_limit = rho / 3 * Expect(normal_pdf(u) * normal_pdf(v), (u, v), [[1, rho], [rho, 1]])
G_limit = sp.Symbol(
    notation("gram_g_limit", typst="upright(G)_(i j)^oo", latex=r"\mathbf G_{ij}^\infty", text="G_ij^∞"), real=True
)
H_limit = sp.Symbol(
    notation("gram_h_limit", typst="upright(H)_(i j)^oo", latex=r"\mathbf H_{ij}^\infty", text="H_ij^∞"), real=True
)
_LIMITS = {G_limit: _g_limit, H_limit: _h_limit}
_hoeffding = sp.sqrt(2 * sp.log(2 / delta) / m)


def _hoeffding_form(entry: sp.Symbol, limit: sp.Symbol, sup: sp.Expr, wrong: Mutant, remark: str) -> Form:
    """P(|entry - limit| > sup·√(2 log(2/δ)/m)) <= δ at every width, for terms bounded by `sup` in absolute value."""
    return Form(
        role=Role.TESTED,
        remark=remark,
        statement=ProbabilityBound(
            deviation=sp.Abs(entry - limit),
            bound=sup * _hoeffding,
            level=delta,
            width=sp.S.One,
            where=((limit, _LIMITS[limit]),),
            domain=((delta, sp.FiniteSet(sp.Rational(1, 20), sp.Rational(1, 5))),),
        ),
        routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
        design=FailureProbability(at_most=0.001, source="independent pilot; the terms vary far less than their bound"),
        mutants=(
            Mutant(
                name="the bound at rate 1/m",
                why_false="the fluctuation is of order $m^(-1\\/2)$ and exceeds a bound of order $1\\/m$ at large $m$.",
                change={"bound": sup * _hoeffding / sp.sqrt(m)},
                design=FailureProbability(at_least=0.4, source="independent pilot at m = 4096"),
            ),
            wrong,
        ),
    )


BE_LIM_K0 = Claim(
    id="be-lim-K0",
    title="G(0) and H(0) tend to the kernel Gram matrices",
    source=Source(
        document=Document.BE,
        where="section 2, definition of the limits of G(0) and H(0)",
        printed="As $m$ goes to infinity, $upright(bold(G))(0)$ and $upright(bold(H))(0)$ converge to kernel Gram "
        "matrices with kernels $upright(bold(G))^oo$ and $upright(bold(H))^oo$ correspondingly: "
        "$upright(bold(G))^oo_(i,j) := bb(E)_bold(w)[sigma(bold(w)^top bold(x)_i) sigma(bold(w)^top bold(x)_j)]$, "
        "$upright(bold(H))^oo_(i,j) := bold(x)_i^top bold(x)_j bb(E)[a^2] bb(E)_bold(w)[sigma'(bold(w)^top bold(x)_i) "
        "sigma'(bold(w)^top bold(x)_j)]$",
    ),
    hypotheses=(
        "$sigma = Phi$, the normal distribution function: a sigmoid with $sigma$, $sigma'$, $sigma''$ bounded.",
        "$a_r$ independent and uniform on $[-1, 1]$, so $A = 1$ and $bb(E)[a^2] = 1\\/3$; "
        "$bold(w)_r$ independent $cal(N)(0, I)$.",
        "Unit inputs with $bold(x)_i^top bold(x)_j = rho$; tested at $rho = 1\\/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit of an entry of G(0).",
            statement=Limit(
                quantity=gram_g,
                value=G_limit,
                tolerance=sp.Rational(1, 50),
                along=m,
                where=((G_limit, _g_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
            design=Centred(centre=_g_limit, scale=0.25, source="independent pilot"),
            mutants=(
                Mutant(
                    name="as if the two neurons were independent",
                    why_false="$bb(E)[sigma] bb(E)[sigma] = 1\\/4$, the limit is $0.290$.",
                    change={"value": sp.Rational(1, 4)},
                ),
                Mutant(
                    name="the value on the diagonal",
                    why_false="$bb(E)[sigma^2] = 1\\/3$ is the limit for $bold(x)_i = bold(x)_j$.",
                    change={"value": sp.Rational(1, 3)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The limit of an entry of H(0).",
            statement=Limit(
                quantity=gram_h,
                value=H_limit,
                tolerance=sp.Rational(1, 500),
                along=m,
                where=((H_limit, _h_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
            design=Centred(centre=_h_limit, scale=0.016, source="independent pilot"),
            mutants=(
                Mutant(
                    name="E[a]² in place of E[a²]",
                    why_false="$a$ is centred, so this limit would be zero.",
                    change={"value": sp.S.Zero},
                ),
                Mutant(
                    name="without the factor x_i·x_j",
                    why_false="$rho != 1$.",
                    change={"value": H_limit / rho},
                ),
            ),
        ),
        _hoeffding_form(
            gram_g,
            G_limit,
            sp.S.One,
            Mutant(
                name="the limit on the diagonal",
                why_false="the entry tends to $0.290$, not $1\\/3$; the bound at $m = 4096$ is below the difference.",
                change={"deviation": sp.Abs(gram_g - sp.Rational(1, 3))},
                design=FailureProbability(at_least=0.9, source="law of large numbers; pilot at m = 4096"),
            ),
            "Hoeffding's inequality with its explicit constant, for G(0): the terms lie in $[-norm(sigma)_oo^2, "
            "norm(sigma)_oo^2]$.",
        ),
        _hoeffding_form(
            gram_h,
            H_limit,
            rho / (2 * sp.pi),
            Mutant(
                name="E[a]² in place of E[a²]",
                why_false="the entry tends to a positive number, not to zero; the bound at $m = 4096$ is below it.",
                change={"deviation": sp.Abs(gram_h)},
                design=FailureProbability(at_least=0.9, source="law of large numbers; pilot at m = 4096"),
            ),
            "The same for H(0), whose terms are bounded by $A^2 norm(sigma')_oo^2 abs(bold(x)_i^top bold(x)_j)$.",
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The document gives no rate; Hoeffding's inequality does, without a hidden constant, and is tested beside "
    "the limit.",
)

CLAIMS = (IM_LIM_NTK_INIT, DS_LIM_SHALLOW_KERNEL, BE_LIM_K0)
