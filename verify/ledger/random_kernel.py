"""At finite width the kernel is random at initialisation, and it moves in training."""

import sympy as sp

from derivations import neuron_sums
from derivations.expressions import Expect, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiments.dense_networks import ACTIVATION_PAIRS, DRIFT, drift, ntk_copy
from verify.experiments.initialisation import ntk
from verify.ledger._dense_networks import ERF, INPUTS, MARGIN, PARAMETRISATION, RELU, activation
from verify.quantities import notation
from verify.statement import Direction, Identity, Rate
from verify.verdict import Verdict

m, u = neuron_sums.m, neuron_sums.u
Variance = sp.Symbol(
    notation(
        "variance_of_kernel",
        typst='"Var" hat(Theta)_m (x, x)',
        latex=r"\operatorname{Var}\hat\Theta_m(x,x)",
        text="Var Θ̂_m(x, x)",
    ),
    real=True,
)
first = sp.Symbol(notation("mean_of_term", typst="bb(E)[X]", latex=r"\mathbb E[X]", text="E[X]"), real=True)
second = sp.Symbol(notation("square_of_term", typst="bb(E)[X^2]", latex=r"\mathbb E[X^2]", text="E[X²]"), real=True)


def _mean(f: sp.Expr) -> Expect:
    return Expect(f, (u,), [[1]])


_slope = step(u) ** 2
_SUM_OVER_NEURONS = (
    (Variance, (2 / m) ** 2 * (m * second + m * (m - 1) * first**2) - (2 * first) ** 2),
    (first, _mean(relu(u) ** 2) + _mean(u**2) * _mean(_slope)),
    (
        second,
        _mean(relu(u) ** 4) + 2 * _mean(u**2) * _mean(relu(u) ** 2 * _slope) + _mean(u**4) * _mean(_slope**2),
    ),
)

KW_CLAIM_UNSTABLE = Claim(
    id="kw-claim-unstable",
    title="The kernel of a finite network is random, and moves in training",
    source=Source(
        document=Document.KW,
        where="slide 9, 'The good and the bad', The Bad",
        printed="The MLP (not to mention other NN architectures) is usually non-convex and the linear parametrization "
        "does not exist. Which leads to unstable NTK at initialization and during training.",
    ),
    hypotheses=(
        "Unstable at initialisation: the kernel $hat(Theta)_m$ varies from network to network, at every width. During "
        "training: it is not what it was at the start.",
        "In the form with the variance: one hidden layer of ReLUs, no biases, $norm(x) = 1$, first layer without a "
        "factor, read-out with $sqrt(2\\/m)$. Then $hat(Theta)_m (x, x) = 2\\/m sum_k X_k$ with $X_k = "
        "sigma(z_k)^2 + a_k^2 sigma'(z_k)^2$ for independent standard normal $z_k$ and $a_k$.",
        PARAMETRISATION + " One hidden layer, $L = 2$.",
        INPUTS,
        "Training: erf, three steps of gradient descent at the rate $1\\/2$ on half the sum of the squared errors at "
        "$x$ and $x'$, with the labels 1 and $-1$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="At initialisation, at every width.",
            statement=Identity(lhs=Variance, rhs=12 / m, where=_SUM_OVER_NEURONS, domain=((m, sp.S.Naturals),)),
            routes=(
                Derivation(
                    name="sums over the neurons",
                    derive=neuron_sums.derive_kernel_variance,
                    spots=({m: 1}, {m: 7}, {m: 1000}),
                ),
                Certificate(name="quadrature of the moments", points=({m: 1}, {m: 2}, {m: 16}, {m: 4096})),
            ),
            mutants=(
                Mutant(
                    name="deterministic at finite width",
                    why_false="The terms $X_k$ are random, with variance 3.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="of order 1/m²",
                    why_false="The variance of a mean of $m$ independent terms is of order $1\\/m$.",
                    change={"rhs": 12 / m**2},
                ),
                Mutant(
                    name="without the gradient by the first layer",
                    why_false="The read-out's part alone has the variance $5\\/m$.",
                    change={"rhs": 5 / m},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How far apart the kernels of two networks are.",
            statement=Rate(
                quantity=sp.Abs(ntk - ntk_copy),
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
                domain=((activation, sp.FiniteSet(RELU, ERF)),),
            ),
            routes=(Measurement(name="pairs of random networks of growing width", experiment=ACTIVATION_PAIRS),),
            design=Scaling(
                exponent=-0.48,
                shape="half-normal",
                drift=0.03,
                source="central limit theorem; independent pilot of 20000 pairs a width: -0.46 and -0.50",
            ),
            mutants=(
                Mutant(
                    name="unstable at every width alike",
                    why_false="The variance falls like $1\\/m$.",
                    change={"exponent": sp.S.Zero},
                ),
                Mutant(
                    name="rate 1/m",
                    why_false="The variance falls no faster than $1\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How far training moves the kernel.",
            statement=Rate(
                quantity=drift,
                exponent=sp.S.NegativeOne,
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=(Measurement(name="networks trained by gradient descent", experiment=DRIFT),),
            design=Scaling(
                exponent=-0.93,
                shape="half-normal",
                drift=0.035,
                source="independent pilot of 4000 networks or more a width: local exponents from -0.90 to -0.96, and "
                "the logarithm has the half-normal's spread, 1.1 to 1.2",
            ),
            mutants=(
                Mutant(
                    name="as far at any width",
                    why_false="Every parameter moves by $O(1\\/sqrt(m))$, and the kernel is a mean over $m$ neurons.",
                    change={"exponent": sp.S.Zero},
                ),
                Mutant(
                    name="rate 1/√m",
                    why_false="To first order the movement is a sum of $m$ independent terms of mean zero and size "
                    "$m^(-3\\/2)$, and so it is to second order but for the mean.",
                    change={"exponent": sp.Rational(-1, 2)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="That it is the missing convexity, or a missing linear parametrisation, that makes the kernel vary is not "
    "tested: a cause has no executable form. The law of $hat(Theta)_m (x, x)$ itself is that of $4\\/m$ times a Gamma "
    "variable of rate 1 whose shape is binomial: the number of active neurons. " + MARGIN,
)

CLAIMS = (KW_CLAIM_UNSTABLE,)
