"""The infinite kernel computed: layer by layer from its closed forms, and as the Gram matrix of the discussion."""

import sympy as sp

from derivations import arccosine, mean_ntk
from derivations.expressions import Expect, Iterate, normal_cdf, normal_pdf, relu, step
from derivations.kernels import relu_nngp, relu_nngp_derivative, relu_ntk
from derivations.mean_ntk import X, Y, beta
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Centred, Piloted
from verify.experiments.initialisation import RELU_NTK, ntk
from verify.experiments.two_layer import GRAM_ENTRIES, gram_g, gram_h
from verify.ledger.initialisation import L, Theta, m, ntk_recursion, rho
from verify.quantities import notation
from verify.statement import Identity, Limit
from verify.verdict import Verdict

r, T = sp.symbols("r T", real=True)
u, v, a = sp.symbols("u v a", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)


def _pair(f: sp.Expr, correlation: sp.Expr) -> Expect:
    return Expect(f, (u, v), [[1, correlation], [correlation, 1]])


_ARC = sp.pi - sp.acos(r)
_STEP = 2 * _pair(step(u) * step(v), r) * T + 2 * _pair(relu(u) * relu(v), r)
_CLOSED = (_ARC * T + sp.sqrt(1 - r**2) + r * _ARC) / sp.pi
_LAYERS: tuple[Point, ...] = tuple(
    {r: sp.Rational(at), T: sp.Rational(below)}
    for at, below in (("1/2", "1/2"), ("-3/4", "-1/5"), ("1", "3"), ("-1", "1"), ("0", "2"))
)
_INPUT_ONLY = Iterate(T * relu_nngp_derivative(sp.S.One, rho) + relu_nngp(sp.S.One, rho), T, k, rho, L)

DS_INIT_DP = Claim(
    id="ds-init-dp",
    title="The infinite kernel is computed by dynamic programming",
    source=Source(
        document=Document.DS,
        where="slides 'NTK at initialization'",
        printed="Can compute $bb(E)_bold(w) k_bold(w)$ with dynamic programming: github.com/google/neural-tangents",
    ),
    hypotheses=(
        "Fully connected ReLU networks, $c_sigma = 2$, no biases, all weights independent $cal(N)(0, 1)$, unit inputs; "
        "$bb(E)_bold(w) k_bold(w)$ is its limit $Theta^((L))$ (ds-init-mean-subtle).",
        "Dynamic programming: the state after $h$ layers is the pair of numbers $r = Sigma^((h))$ and $T = "
        "Theta^((h))$, and the next follows from it alone, in closed form. So $L$ layers take $L$ steps.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="One step: from the expectations over a layer to a formula in $r$ and $T$.",
            statement=Identity(lhs=_STEP, rhs=_CLOSED, domain=((r, sp.Interval(-1, 1)), (T, sp.S.Reals))),
            routes=(
                Derivation(name="Price's theorem", derive=arccosine.derive, spots=_LAYERS),
                Certificate(name="quadrature of the definitions", points=_LAYERS),
            ),
            mutants=(
                Mutant(
                    name="without the angle",
                    why_false="Half of the neurons are active at each input, but not independently.",
                    change={"rhs": T / 2 + (sp.sqrt(1 - r**2) + r * _ARC) / sp.pi},
                ),
                Mutant(
                    name="without the state $T$",
                    why_false="The layers below are trained too.",
                    change={"rhs": (_ARC + sp.sqrt(1 - r**2) + r * _ARC) / sp.pi},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="All steps together give what the kernels of random networks tend to.",
            statement=Limit(
                quantity=ntk,
                value=Theta,
                tolerance=sp.Rational(1, 40),
                along=m,
                where=ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=RELU_NTK),),
            design=Centred(
                centre=relu_ntk(L, rho), scale=6.8, bias=-7.0, source="exact variance at L = 1; pilot at L = 3"
            ),
            mutants=(
                Mutant(
                    name="with the correlation of the inputs at every layer",
                    why_false="From the second layer on the correlation is another: the kernel would be less by "
                    "$0.11$ at $L = 2$.",
                    change={"value": _INPUT_ONLY},
                ),
                Mutant(
                    name="the state one step late",
                    why_false="It is that of a network with one layer less.",
                    change={"value": relu_ntk(L - 1, rho)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="That the recursion equals the sum over the layers, of exponentially many products if written out, is "
    "im-id-ntk-sum-recursion. At one hidden layer it gives the mean at every width; at more the mean at finite width "
    "is another.",
)

_rho = mean_ntk.rho
_FIRST = mean_ntk.COVARIANCE
Sigma_1 = sp.Symbol("Sigma_1", real=True)
G_entry, H_entry, K_entry = (
    sp.Symbol(
        notation(
            f"gram_{letter}_infinity",
            typst=f"upright({letter.upper()})_(i j)^oo",
            latex=rf"\mathbf {letter.upper()}_{{ij}}^\infty",
            text=f"{letter.upper()}_ij^∞",
        ),
        real=True,
    )
    for letter in "ghk"
)


def _over_first_layer(f: sp.Expr) -> Expect:
    return Expect(f, (u, v), _FIRST)


_VALUES = _over_first_layer(normal_cdf(u) * normal_cdf(v))
_SLOPES = _over_first_layer(normal_pdf(u) * normal_pdf(v))
_READ_OUT = Expect(a**2, (a,), [[1]])
_GRAM = (
    (K_entry, G_entry + H_entry),
    (G_entry, _VALUES + beta**2),
    (H_entry, (X * Y * _rho + beta**2) * _READ_OUT * _SLOPES),
)
_RECURSION = (Sigma_1 * _SLOPES + _VALUES + beta**2).subs(Sigma_1, X * Y * _rho + beta**2)
_DOMAIN = (
    (X, sp.Interval.open(0, sp.oo)),
    (Y, sp.Interval.open(0, sp.oo)),
    (_rho, sp.Interval(-1, 1)),
    (beta, sp.Interval(0, sp.oo)),
)
_INPUTS: tuple[Point, ...] = tuple(
    dict(zip((X, Y, _rho, beta), map(sp.Rational, row), strict=True))
    for row in ((1, 1, "1/2", 0), (1, 2, "-1/2", 0), ("1/2", 1, "9/10", 0), (1, 1, "1/5", "1/2"))
)

_g_limit = _pair(normal_cdf(u) * normal_cdf(v), rho)
_h_limit = rho / 3 * _pair(normal_pdf(u) * normal_pdf(v), rho)

BE_CLAIM_KINF_NTK = Claim(
    id="be-claim-Kinf-NTK",
    title="$bold(K)^oo$ is the kernel Gram matrix of the NTK",
    source=Source(
        document=Document.BE,
        where="section 2, after the definition of the kernels",
        printed="$bold(K)(t) := bold(G)(t) + bold(H)(t), quad bold(K)^oo := bold(G)^oo + bold(H)^oo$. Note that "
        "$bold(K)^oo$ is exactly the kernel Gram matrix that corresponds to NTK.",
    ),
    hypotheses=(
        "$sigma = Phi$, the normal distribution function: a sigmoid with $sigma, sigma', sigma''$ bounded.",
        "First form: $a_r$ and $bold(w)_r$ independent and standard normal; $X = norm(bold(x)_i)$, $Y = "
        "norm(bold(x)_j)$, $rho$ the cosine between them. Biases with the factor $beta$ in both layers are included; "
        "the network of the discussion has none, $beta = 0$. The NTK is that of Jacot's recursion, $Theta_2 = Sigma_1 "
        "dot(Sigma)_2 + Sigma_2$, which the derivation connects with the mean of the inner product of the gradients.",
        "Second form: the inner product of the gradients at the start is $bold(G)(0) + bold(H)(0)$ (be-def-GH), here "
        "for $a_r$ uniform on $[-1, 1]$, $bb(E)[a^2] = 1\\/3$, and unit inputs with $rho = 1\\/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="An entry of $bold(K)^oo$ is the NTK of the recursion.",
            statement=Identity(lhs=K_entry, rhs=_RECURSION, where=_GRAM, domain=_DOMAIN),
            routes=(
                Derivation(name="gradient of the network", derive=mean_ntk.derive, spots=_INPUTS[:2]),
                Certificate(name="quadrature of the definitions", points=_INPUTS),
            ),
            mutants=(
                Mutant(
                    name="$bold(G)^oo$ alone",
                    why_false="The first layer is trained too.",
                    change={"where": ((K_entry, G_entry), *_GRAM[1:])},
                ),
                Mutant(
                    name="$bold(H)^oo$ alone",
                    why_false="The read-out is trained too.",
                    change={"where": ((K_entry, H_entry), *_GRAM[1:])},
                ),
                Mutant(
                    name="$bold(H)^oo$ with $sigma$ in place of $sigma'$",
                    why_false="The derivative of the network by $bold(w)_r$ holds $sigma'$.",
                    change={"where": (*_GRAM[:2], (H_entry, (X * Y * _rho + beta**2) * _READ_OUT * _VALUES))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is the limit of the inner products of the gradients.",
            statement=Limit(
                quantity=gram_g + gram_h,
                value=K_entry,
                tolerance=sp.Rational(1, 100),
                along=m,
                where=((K_entry, _g_limit + _h_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
            design=Piloted(
                fallback=Centred(
                    centre=_g_limit + _h_limit,
                    scale=0.28,
                    source="independent pilot of 20,000 draws a width for each of the two: 0.262 and 0.0161",
                )
            ),
            mutants=(
                Mutant(
                    name="without the factor $bb(E)[a^2]$",
                    why_false="It is $1\\/3$; without it $bold(H)^oo$ would be larger by $0.05$.",
                    change={"value": _g_limit + 3 * _h_limit},
                ),
                Mutant(
                    name="$bold(G)^oo$ alone",
                    why_false="$bold(H)^oo$ is $0.023$.",
                    change={"value": _g_limit},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The factor $bb(E)[a^2]$ is part of the kernel: with the standard normal $a_r$ of the recursion it is 1, and "
    "for other laws the NTK is the one of the network with that law. So 'exactly' holds for the network at hand. The "
    "tolerance is less than half of the distance to the nearest mutant.",
)

CLAIMS = (DS_INIT_DP, BE_CLAIM_KINF_NTK)
