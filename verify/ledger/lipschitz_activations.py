"""What the hypothesis of a Lipschitz activation is for: what it suffices for, and what happens without it."""

import sympy as sp

from derivations.expressions import step
from derivations.kernels import jacot_nngp, jacot_ntk
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.dense_networks import ACTIVATION_PAIRS, ntk_copy
from verify.experiments.initialisation import ntk
from verify.ledger._dense_networks import (
    ERF,
    INPUTS,
    MARGIN,
    PARAMETRISATION,
    RELU,
    Definitions,
    L,
    Sigma,
    Theta,
    activation,
    beta,
    m,
    nngp_limit,
    ntk_limit,
    rho,
)
from verify.quantities import notation
from verify.statement import Direction, Limit, Ordering, Rate, Trend
from verify.verdict import Verdict

STEP = sp.Symbol(notation("heaviside", typst='op("ReLU")\'', latex=r"\operatorname{ReLU}'", text="ReLU′"))
CUBE = sp.Symbol(notation("cube", typst="z^3", latex="z^3", text="z³"))
EXP = sp.Symbol(notation("exp_half_square", typst="e^(z^2\\/2)", latex="e^{z^2/2}", text="exp(z²/2)"))

_ROUTES = (Measurement(name="pairs of random networks of growing width", experiment=ACTIVATION_PAIRS),)
_apart = sp.Abs(ntk - ntk_copy)
_EXPLODES = Scaling(
    exponent=1.0,
    shape="log-normal",
    log_sd=2.5,
    drift=0.1,
    source="independent pilot of 3000 pairs a width: local exponents from 0.94 to 1.05, and between its 40 and 60 "
    "percent quantiles the logarithm is spread as a normal variable with standard deviation 2.2 to 2.5",
)


def _cube(z: sp.Expr) -> sp.Expr:
    return z**3


def _limit(name: sp.Symbol, value: sp.Expr, tolerance: sp.Expr, where: Definitions) -> Limit:
    """The kernel of a network with the activation tends to the value."""
    return Limit(
        quantity=ntk,
        value=value,
        tolerance=tolerance,
        along=m,
        where=where,
        domain=((activation, sp.FiniteSet(name)), (L, sp.FiniteSet(2))),
    )


# Price's theorem would make ∂Σ/∂c of E[σ'(u)σ'(v)]: for the step function ∂/∂c of (1/4 + arcsin(c/a)/2π).
_variance, _covariance = 1 + beta**2, rho + beta**2
_PRICE = _covariance / (2 * sp.pi * sp.sqrt(_variance**2 - _covariance**2))

KW_HYP_LIPSCHITZ = Claim(
    id="kw-hyp-lipschitz",
    title="The hypothesis that the activation is Lipschitz",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem, hypotheses",
        printed="For a network of depth $L$ at initialization, with a Lipschitz nonlinearity $sigma$, …, the NTK "
        "$Theta^((L))$ converges in probability to a deterministic limiting kernel",
    ),
    hypotheses=(
        "That $sigma$ is Lipschitz is claimed to suffice, not to be necessary. $sigma'$ is the derivative almost "
        "everywhere, which is bounded; so $bb(E)[sigma(u)^2]$ and $bb(E)[sigma'(u)^2]$ are finite, and a law of large "
        "numbers holds over the neurons.",
        "A kernel converges in probability to a constant if and only if the kernels of two independent networks "
        "approach each other.",
        PARAMETRISATION + " One hidden layer, $L = 2$; $sigma$ in each form as said.",
        INPUTS + " A preactivation has the variance $5\\/4$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Lipschitz activations, with a kink and without: the kernels of two networks approach each other.",
            statement=Rate(
                quantity=_apart,
                exponent=sp.Rational(-1, 2),
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 4),
                along=m,
                domain=((activation, sp.FiniteSet(RELU, ERF)),),
            ),
            routes=_ROUTES,
            design=Scaling(
                exponent=-0.48,
                shape="half-normal",
                drift=0.03,
                source="central limit theorem; independent pilot of 20000 pairs a width: -0.46 and -0.50",
            ),
            mutants=(
                Mutant(
                    name="the hypothesis dropped",
                    why_false="$e^(z^2\\/2)$ is not Lipschitz: $sigma(u) sigma(v) >= e^(s^2\\/2)$ with $s = (u + v)\\/"
                    "sqrt(2)$ of variance 2, and from the variance 1 on $bb(E)[e^(s^2\\/2)]$ is infinite.",
                    change={"domain": ((activation, sp.FiniteSet(RELU, ERF, EXP)),)},
                    design=_EXPLODES,
                ),
                Mutant(
                    name="rate 1/m",
                    why_false="The variance of the kernel is of order $1\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Without it there may be no limit: for $sigma = e^(z^2\\/2)$ the kernels move apart.",
            statement=Ordering(
                quantity=_apart,
                trend=Trend.INCREASING,
                along=m,
                domain=((activation, sp.FiniteSet(EXP)),),
            ),
            routes=_ROUTES,
            design=_EXPLODES,
            mutants=(
                Mutant(
                    name="they approach each other",
                    why_false="The moments of the terms are infinite.",
                    change={"trend": Trend.DECREASING},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is not necessary: $z^3$ is not Lipschitz, and the kernel tends to that of the recursion.",
            statement=_limit(CUBE, Theta, sp.Integer(6), ntk_limit(_cube)),
            routes=_ROUTES,
            design=Centred(
                centre=jacot_ntk(L, rho, beta, _cube),
                scale=300.0,
                bias=-400.0,
                source="independent pilot of 3000 pairs: 10 and 90 percent quantiles as for 145 to 180, median "
                "330/m to 550/m below",
            ),
            mutants=(
                Mutant(
                    name="the last layer alone",
                    why_false="The first layer's part is $3\\/4 dot 9 bb(E)[u^2 v^2] > 18$.",
                    change={"value": jacot_nngp(L, rho, beta, _cube)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="A trap: the step function is not Lipschitz, its derivative is zero almost everywhere, and the "
            "kernel tends to the last layer's part alone.",
            statement=_limit(STEP, Sigma, sp.Rational(1, 20), nngp_limit(step)),
            routes=_ROUTES,
            design=Centred(
                centre=jacot_nngp(L, rho, beta, step),
                scale=0.5,
                bias=0.0,
                source="a mean of Bernoulli variables with p = 0.35, plus $beta^2$",
            ),
            mutants=(
                Mutant(
                    name="with the derivative that Price's theorem gives",
                    why_false="$bb(E)[delta(u) delta(v)] = 0.16$ is what $sigma$ has in the sense of distributions, "
                    "and no gradient of a network has it.",
                    change={"value": jacot_nngp(L, rho, beta, step) + _PRICE},
                ),
                Mutant(
                    name="with the derivative of the ReLU",
                    why_false="$Sigma^((1)) bb(E)[bb(1)_(u > 0) bb(1)_(v > 0)] = 0.26$ belongs to another activation.",
                    change={
                        "value": jacot_nngp(L, rho, beta, step)
                        + _covariance * (jacot_nngp(L, rho, beta, step) - beta**2)
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="What is used at initialisation is that $bb(E)[sigma(u)^2]$ and $bb(E)[sigma'(u)^2]$ are finite and depend "
    "continuously on the variances; for a fixed kernel in training more is needed, a second derivative. In the "
    "sense of distributions the recursion has a finite $dot(Sigma)$ for the step function too, and with it the theorem "
    "is false. " + MARGIN,
)

CLAIMS = (KW_HYP_LIPSCHITZ,)
