"""The parameters as printed on the slides, an erratum: without a factor on the weights the kernel has no limit."""

import sympy as sp

from derivations import mean_ntk
from derivations.expressions import Expect, relu, step
from derivations.mean_ntk import X, Y, beta, m, rho
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Scaling
from verify.experiments.dense_networks import ACTIVATION_PAIRS, UNSCALED, ntk_copy
from verify.experiments.initialisation import ntk
from verify.ledger._dense_networks import MARGIN, RELU, activation
from verify.quantities import notation
from verify.statement import Direction, Identity, Rate
from verify.verdict import Verdict

u, v, a = sp.symbols("u v a", real=True)
V, V_prime = sp.symbols("V V_prime", positive=True)
Sigma_1, Sigma_2, Sigma_dot_2 = sp.symbols("Sigma_1 Sigma_2 Sigma_dot_2", real=True)
Mean = sp.Symbol(
    notation("mean_kernel", typst="bb(E) hat(Theta)_m", latex=r"\mathbb E\hat\Theta_m", text="E Θ̂_m"), real=True
)


def _over_first_layer(f: type[sp.Function]) -> Expect:
    return Expect(f(u) * f(v), (u, v), [[V, Sigma_1], [Sigma_1, V_prime]])


# What the read-out weights, the parameters of the hidden layer, and the last bias contribute to the inner product.
_MEAN = m * _over_first_layer(relu) + m * Expect(a**2, (a,), [[1]]) * Sigma_1 * _over_first_layer(step) + beta**2
_DEFINITIONS = (
    (Mean, _MEAN),
    (Sigma_2, _over_first_layer(relu) + beta**2),
    (Sigma_dot_2, _over_first_layer(step)),
    (Sigma_1, X * Y * rho + beta**2),
    (V, X**2 + beta**2),
    (V_prime, Y**2 + beta**2),
)
_POSITIVE = sp.Interval.open(0, sp.oo)
_DOMAIN = (
    (m, sp.S.Naturals),
    (X, _POSITIVE),
    (Y, _POSITIVE),
    (rho, sp.Interval(-1, 1)),
    (beta, sp.Interval(0, sp.oo)),
)


def _at(width: int, *numbers: object) -> Point:
    return {m: width, **dict(zip((X, Y, rho, beta), map(sp.Rational, numbers), strict=True))}


_POINTS = (_at(2, 1, 1, "1/2", 1), _at(5, 1, 2, "-1/2", "1/2"), _at(64, 1, 1, 1, 1), _at(1024, 3, "1/4", "9/10", 0))


def _mean_is(rhs: sp.Expr) -> Identity:
    return Identity(lhs=Mean, rhs=rhs, where=_DEFINITIONS, domain=_DOMAIN)


_EXACT = (
    Derivation(name="gradient of the network", derive=mean_ntk.derive_unscaled, spots=_POINTS[:2]),
    Certificate(name="quadrature of the definitions", points=_POINTS),
)
_SAMPLED = (Measurement(name="random networks without scaling", experiment=UNSCALED),)
_SCALED = (Measurement(name="pairs of random networks with scaling", experiment=ACTIVATION_PAIRS),)
_apart = sp.Abs(ntk - ntk_copy)
_HALF = sp.Rational(1, 2)


def _approach(domain: tuple[tuple[sp.Symbol, sp.Set], ...]) -> Rate:
    """The kernels of two independent networks approach each other at the rate of the central limit theorem."""
    return Rate(
        quantity=_apart,
        exponent=-_HALF,
        direction=Direction.AT_MOST,
        margin=sp.Rational(1, 4),
        along=m,
        domain=domain,
    )


KW_MIS_NO_SCALING = Claim(
    id="kw-mis-no-scaling",
    title="Parameters without a factor on the weights",
    source=Source(
        document=Document.KW,
        where="slide 5, 'Notations: Parameters Space', with slide 6",
        printed="The parameters between each layer are denoted as $W^((l)) in bb(R)^(N^((l-1)) times N^((l)))$ and "
        "$b^((l)) in bb(R)^(N^((l)))$, which are initialized as i.i.d. $N(0,1)$. $tilde(f)_theta^((l)) (bold(x)) = "
        "W^((l) top) f_theta^((l-1)) (bold(x)) + b^((l))$",
    ),
    hypotheses=(
        "The parametrisation is used as meant if the theorem of slide 10 holds in it: the kernel tends to "
        "$Theta_infinity$ in probability, and its mean, with one hidden layer, is $Theta_infinity = Sigma_1 "
        "dot(Sigma)_2 + Sigma_2$. Then the kernels of two independent networks approach each other.",
        "Printed: no factor on $W^((l))$. Corrected: the factor $1\\/sqrt(N^((l-1)))$, for which the theorem holds.",
        "The mean is that over the parameters, with one hidden layer of $m$ ReLUs, biases multiplied by $beta$ "
        "(printed is $beta = 1$), $X = norm(x)$, $Y = norm(x')$ and $rho$ the cosine between them.",
        "In experiments: ReLU, $rho = 1\\/2$; printed with $norm(x) = norm(x') = 1$ and $beta = 1$, corrected with "
        "$norm(x)^2 = norm(x')^2 = n_0$ and $beta = 1\\/2$. One hidden layer of width $m$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the mean of the kernel is the limiting kernel.",
            statement=_mean_is(Sigma_1 * Sigma_dot_2 + Sigma_2),
            routes=_EXACT,
        ),
        Form(
            role=Role.CORRECTED,
            remark="The mean of the kernel as printed grows with the width.",
            statement=_mean_is(m * (Sigma_1 * Sigma_dot_2 + Sigma_2 - beta**2) + beta**2),
            routes=_EXACT,
            mutants=(
                Mutant(
                    name="the last bias at every neuron",
                    why_false="There is one last bias, not one a neuron; $beta != 0$ in three points.",
                    change={"rhs": m * (Sigma_1 * Sigma_dot_2 + Sigma_2)},
                ),
                Mutant(
                    name="growth like √m",
                    why_false="The variances are sums over $m$ neurons.",
                    change={"rhs": sp.sqrt(m) * (Sigma_1 * Sigma_dot_2 + Sigma_2 - beta**2) + beta**2},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="As printed: the kernels of two networks approach each other.",
            statement=_approach(()),
            routes=_SAMPLED,
            design=Scaling(
                exponent=0.5,
                shape="half-normal",
                drift=0.08,
                source="a sum of m independent terms; independent pilot of 4000 pairs a width: local exponents from "
                "0.49 to 0.54",
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With the factor they do.",
            statement=_approach(((activation, sp.FiniteSet(RELU)),)),
            routes=_SCALED,
            design=Scaling(
                exponent=-0.48,
                shape="half-normal",
                drift=0.03,
                source="central limit theorem; independent pilot of 20000 pairs a width: -0.46 and -0.50",
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="The variance of the kernel is of order $1\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Without it every kernel grows, not the mean alone.",
            statement=Rate(
                quantity=ntk, exponent=sp.S.One, direction=Direction.EXACTLY, margin=sp.Rational(1, 4), along=m
            ),
            routes=_SAMPLED,
            design=Scaling(
                exponent=1.0,
                shape="log-normal",
                log_sd=0.6,
                drift=0.04,
                source="a sum of m independent terms; independent pilot of 4000 draws a width: local exponents from "
                "0.99 to 1.01, standard deviation of the logarithm 0.53 at the smallest width and less at the others",
            ),
            mutants=(
                Mutant(
                    name="it converges",
                    why_false="The mean is proportional to $m$, but for the last bias.",
                    change={"exponent": sp.S.Zero},
                ),
                Mutant(
                    name="growth like √m",
                    why_false="The kernel is a sum over $m$ neurons, not over its root.",
                    change={"exponent": sp.Rational(1, 2)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="With $beta = 1$ and $x = x'$ of norm 1 the mean is $2 m + 1$: 129, 513, 2049, 8193 at $m$ = 64, 256, 1024, "
    "4096. With two hidden layers the kernel is of order $m^2$. " + MARGIN,
)

CLAIMS = (KW_MIS_NO_SCALING,)
