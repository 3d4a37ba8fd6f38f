"""Wide networks at initialisation are Gaussian processes: the covariance given the hidden layers, and the kurtosis."""

import sympy as sp

from derivations import neuron_sums
from derivations.expressions import Expect, relu
from derivations.kernels import jacot_nngp, jacot_variance
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.dense_networks import TWO_OUTPUTS, output_covariance, output_variance
from verify.ledger._dense_networks import (
    ERF,
    INPUTS,
    MARGIN,
    PARAMETRISATION,
    RELU,
    Function,
    L,
    Sigma,
    Sigma_same,
    activation,
    beta,
    nngp_limit,
    rho,
    variance_limit,
)
from verify.quantities import notation
from verify.statement import Direction, Identity, Limit, Rate
from verify.verdict import Verdict

m, u = neuron_sums.m, neuron_sums.u
kappa = sp.Symbol(notation("excess_kurtosis", typst="kappa_m", latex=r"\kappa_m", text="κ_m"), real=True)
f_2 = sp.Symbol(notation("second_moment_f", typst="bb(E)[f^2]", latex=r"\mathbb E[f^2]", text="E[f²]"), positive=True)
f_4 = sp.Symbol(notation("fourth_moment_f", typst="bb(E)[f^4]", latex=r"\mathbb E[f^4]", text="E[f⁴]"), positive=True)

_ROUTES = (Measurement(name="random networks of growing width", experiment=TWO_OUTPUTS),)
_PILOT = "independent pilot of 2000 draws a width, the larger of two and three layers, rounded up"


def _relu_moment(power: int) -> Expect:
    return Expect(relu(u) ** power, (u,), [[1]])


_OF_THE_OUTPUT = (
    (kappa, f_4 / f_2**2 - 3),
    (f_2, 2 * _relu_moment(2)),
    (f_4, 3 * (2 / m) ** 2 * (m * _relu_moment(4) + m * (m - 1) * _relu_moment(2) ** 2)),
)


def _covariance(remark: str, name: sp.Symbol, sigma: Function, scale: float, bias: float) -> Form:
    """The conditional covariance of an output at x and x' for one activation."""
    limit = jacot_nngp(L, rho, beta, sigma)
    source = Centred(centre=limit, scale=scale, bias=bias, source=_PILOT)
    return Form(
        role=Role.TESTED,
        remark=remark,
        statement=Limit(
            quantity=output_covariance,
            value=Sigma,
            tolerance=sp.Rational(1, 15),
            along=m,
            where=nngp_limit(sigma),
            domain=((activation, sp.FiniteSet(name)), (L, sp.FiniteSet(2, 3))),
        ),
        routes=_ROUTES,
        design=source,
        mutants=(
            Mutant(
                name="no factor 1/√m",
                why_false="Without it the variance is a sum over $m$ neurons that no factor makes a mean.",
                change={"quantity": m * (output_covariance - beta**2) + beta**2},
                design=Centred(
                    centre=m * (limit - beta**2) + beta**2,
                    scale=16384 * scale,
                    bias=0.0,
                    source=f"{_PILOT}, times m, which is at most 16384",
                ),
            ),
            Mutant(
                name="no biases in the last layer",
                why_false="The last bias contributes $beta^2 = 1\\/4$.",
                change={"value": limit - beta**2},
            ),
        ),
    )


KW_EQ_NNGP = Claim(
    id="kw-eq-nngp",
    title="At initialisation a wide network is a Gaussian process",
    source=Source(
        document=Document.KW,
        where="slide 2, 'On the equivalence', first item",
        printed="On the equivalence at initialization: Infinity width Multi-Layer Perceptron (MLP) initialize with "
        "Gaussian weights and biases is equivalent to a Gaussian Process.",
    ),
    hypotheses=(
        PARAMETRISATION,
        INPUTS,
        "Given the hidden layers, every output is a centred Gaussian process with the covariance $hat(Sigma)_m$, and "
        "the outputs are independent. So the outputs tend in law to independent Gaussian processes of covariance "
        "$Sigma_infinity^((L))$ if $hat(Sigma)_m$ tends to it in probability at each pair of inputs: their "
        "characteristic function $bb(E) exp(-1\\/2 t^top hat(Sigma)_m t)$ is the mean of a bounded continuous function "
        "of it.",
        "In the form with $kappa_m$: one hidden layer of ReLUs, no biases, $norm(x) = 1$, first layer without a "
        "factor, read-out with $sqrt(2\\/m)$; $kappa_m$ is the excess kurtosis of the output.",
    ),
    forms=(
        _covariance("The covariance of an output at two inputs, for the ReLU.", RELU, relu, 1.2, -0.9),
        _covariance("The same, for the error function.", ERF, sp.erf, 0.5, 0.1),
        Form(
            role=Role.TESTED,
            remark="The variance of an output at one input, for the ReLU.",
            statement=Limit(
                quantity=output_variance,
                value=Sigma_same,
                tolerance=sp.Rational(1, 12),
                along=m,
                where=variance_limit(),
                domain=((activation, sp.FiniteSet(RELU)), (L, sp.FiniteSet(2, 3))),
            ),
            routes=_ROUTES,
            design=Centred(centre=jacot_variance(L, beta), scale=1.5, bias=-1.1, source=_PILOT),
            mutants=(
                Mutant(
                    name="the variance of one layer less",
                    why_false="It is $5\\/4$ at one layer and $7\\/8$ at two, $11\\/16$ at three.",
                    change={"value": jacot_variance(L - 1, beta)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How fast, with one hidden layer.",
            statement=Rate(
                quantity=sp.Abs(output_covariance - Sigma),
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
                where=nngp_limit(),
                domain=((activation, sp.FiniteSet(RELU)), (L, sp.FiniteSet(2))),
            ),
            routes=_ROUTES,
            design=Scaling(
                exponent=-0.5,
                shape="half-normal",
                drift=0.04,
                source="central limit theorem; independent pilot of 20000 draws a width: local exponents of -0.50",
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="The variance of $hat(Sigma)_m$ is of order $1\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="no convergence",
                    why_false="The variance of $hat(Sigma)_m$ tends to zero.",
                    change={"exponent": sp.S.Zero},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How far a network of finite width is from a Gaussian: it is not one at any width, and its excess "
            "kurtosis vanishes like $1\\/m$.",
            statement=Identity(lhs=kappa, rhs=15 / m, where=_OF_THE_OUTPUT, domain=((m, sp.S.Naturals),)),
            routes=(
                Derivation(
                    name="sums over the neurons",
                    derive=neuron_sums.derive_output_kurtosis,
                    spots=({m: 1}, {m: 7}, {m: 1000}),
                ),
                Certificate(name="quadrature of the moments", points=({m: 1}, {m: 2}, {m: 16}, {m: 4096})),
            ),
            mutants=(
                Mutant(
                    name="Gaussian at every width",
                    why_false="The variance given the hidden layer is random, so the output is a mixture of Gaussians.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="12/m, the variance of the kernel",
                    why_false='$3 op("Var")(2 sigma(u)^2) = 3 dot 5$.',
                    change={"rhs": 12 / m},
                ),
                Mutant(
                    name="of order 1/m²",
                    why_false="The variance of a mean of $m$ independent terms is of order $1\\/m$.",
                    change={"rhs": 15 / m**2},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The tolerance of $1\\/15$ is less than a third of $beta^2$, that of $1\\/12$ less than half of $3\\/16$. "
    + MARGIN,
)

CLAIMS = (KW_EQ_NNGP,)
