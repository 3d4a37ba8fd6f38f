"""A wide network trained to the end is a Gaussian process: which one, and that it is no Bayesian posterior."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Distance, Scaling
from verify.experiments.ensembles import (
    TRAINED_ENSEMBLE,
    TRAINED_OUTPUTS,
    first_start,
    output_start,
    output_trained,
    second_start,
)
from verify.ledger._linearised_ensemble import GAUSSIAN, ONE_EXAMPLE, L, affine, covariance, variance_is
from verify.ledger._trained_ensembles import (
    GAINS,
    NNGP_GAINS,
    PLANE,
    PRIOR,
    RESOLUTION,
    g_1,
    g_2,
    in_law,
    not_in_law,
    z,
)
from verify.statement import Direction, EqualityInLaw, Rate
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
_AFFINE = output_start + g_1 * (2 - first_start) + g_2 * (2 - second_start)
_NORMAL = "the limit is a normal law; local exponents of the same pilot: -0.04 to 0.02"


def _paired(role: Role) -> Form:
    """A trained network is the affine map of its own outputs at the start, up to O(m^(-1/2))."""
    return Form(
        role=role,
        remark="Network by network: trained, it is the linearised one's affine map of its own outputs at the start, "
        "with a gap that vanishes like $m^(-1\\/2)$ or faster.",
        statement=Rate(
            quantity=sp.Abs(output_trained - _AFFINE),
            exponent=sp.Rational(-1, 2),
            direction=Direction.AT_MOST,
            margin=sp.Rational(1, 4),
            along=m,
            where=GAINS,
        ),
        routes=(Measurement(name="trained networks of growing width", experiment=TRAINED_OUTPUTS),),
        design=Scaling(
            exponent=-0.5,
            shape="half-normal",
            drift=0.02,
            source="independent pilot of 500 to 4000 networks a width: local exponents of the median -0.504 and "
            "-0.495, standard deviation of the log 1.1 to 1.2 (half-normal: 1.11)",
        ),
        mutants=(
            Mutant(
                name="fitting the labels in place of the residuals",
                why_false="What $f_0$ is off at the examples is corrected too.",
                change={"quantity": sp.Abs(output_trained - output_start - 2 * g_1 - 2 * g_2)},
                design=Scaling(
                    exponent=0.0,
                    shape="half-normal",
                    drift=0.04,
                    source=_NORMAL,
                ),
            ),
            Mutant(
                name="without the start",
                why_false="The mean of the ensemble is not a network of it.",
                change={"quantity": sp.Abs(output_trained - 2 * g_1 - 2 * g_2)},
                design=Scaling(
                    exponent=0.0,
                    shape="half-normal",
                    drift=0.04,
                    source=_NORMAL,
                ),
            ),
            Mutant(
                name="regression with the covariance at the start",
                why_false="The weights of the examples are those of the tangent kernel.",
                change={"where": NNGP_GAINS},
                design=Scaling(
                    exponent=0.04,
                    shape="half-normal",
                    drift=0.03,
                    source="the same pilot: local exponents 0.025 and 0.055, laws no wider than half-normal",
                ),
            ),
        ),
    )


KW_EQ_TRAIN_GP = Claim(
    id="kw-eq-train-gp",
    title="Trained by gradient descent, a wide ReLU network is a Gaussian process",
    source=Source(
        document=Document.KW,
        where="slide 2, 'On the equivalence', second item",
        printed="On the equivalence at training: Infinity width MLP with ReLU activation under squared loss trained by "
        "gradient descent is equivalent to a Gaussian Process.",
    ),
    hypotheses=(
        *GAUSSIAN,
        *PLANE,
        "'Equivalent' is read as: the law of the trained network over its random start tends to that of a Gaussian "
        "process. The slide does not say which; the exact forms do.",
    ),
    forms=(
        affine(Role.TESTED),
        covariance(Role.TESTED),
        _paired(Role.TESTED),
        in_law(Role.TESTED, "The law of the trained output at the test input."),
    ),
    expected=Verdict.SUPPORTED,
    note="True of the law over random starts. It is no posterior: with the covariance $Theta$ the posterior has the "
    "same mean and $1.155$ in place of the variance $0.377$ (a factor of $3.1$); with the covariance $Sigma$ of $f_0$ "
    "another mean, and the variance $0.365$, which is the least that a linear predictor can have (kw-claim-bayes).",
)

IM_CLAIM_POSTTRAINING_SAMPLE = Claim(
    id="im-claim-posttraining-sample",
    title="The network at the start is a sample from the process of the CK; trained, it is none from that of the NTK",
    source=Source(
        document=Document.IM,
        where="section 3, after the eigendecomposition",
        printed="each sample from the Gaussian process from the kernel can be written as $sum_(i >= 1) "
        "sqrt(lambda_i) omega_i u_i$ where $omega_i tilde cal(N)(0, 1)$, and in the case of the CK or NTK, the neural "
        "network (at initialization or after training respectively) is a sample from this Gaussian process in the "
        "infinite width limit.",
    ),
    hypotheses=(
        *GAUSSIAN,
        *PLANE,
        ONE_EXAMPLE,
        "Printed: $sum_i sqrt(lambda_i) omega_i u_i$ has mean zero and the covariance $K$, so the two halves say that "
        "$f_0$ has the covariance $Sigma$, the CK, and the trained network the covariance $Theta$, the NTK.",
    ),
    forms=(
        variance_is(
            Role.PRINTED, "The second half: after training, with the NTK. The variance would be $Theta(x, x)$.", L + 1
        ),
        not_in_law(Role.PRINTED, "The same on trained networks: mean 0 and variance 2.", PRIOR, 0.67),
        Form(
            role=Role.CORRECTED,
            remark="What stands of it, the first half: at initialisation, with the CK.",
            statement=EqualityInLaw(
                quantity=output_start,
                law=(1 + sp.erf(z / sp.sqrt(2))) / 2,
                argument=z,
                tolerance=RESOLUTION,
            ),
            routes=(Measurement(name="thousands of networks at the start", experiment=TRAINED_ENSEMBLE),),
            design=Distance(source="excess kurtosis 15/m, so a distance of about 0.002 at m = 512"),
            mutants=(
                Mutant(
                    name="with the NTK",
                    why_false="$Theta(x, x) = 2$ in place of $Sigma(x, x) = 1$.",
                    change={"quantity": output_start / sp.sqrt(2)},
                    design=Distance(at_least=0.083, source="two centred normal laws, variances 1 and 2"),
                ),
                Mutant(
                    name="after training",
                    why_false="Then the mean is $1.83$.",
                    change={"quantity": output_trained},
                    design=Distance(at_least=0.7, source="computed from the two distribution functions"),
                ),
            ),
        ),
        affine(Role.CORRECTED),
        covariance(Role.CORRECTED),
        in_law(Role.CORRECTED, "The law of trained networks at the test input."),
    ),
    expected=Verdict.REFUTED,
    note="The trained network is a Gaussian process, but a different one: it has the mean $k Theta^(-1) y$, no "
    "variance at the examples, and elsewhere the covariance of the corrected form, in both kernels. What the "
    "NTK alone determines is the mean.",
)

CLAIMS = (KW_EQ_TRAIN_GP, IM_CLAIM_POSTTRAINING_SAMPLE)
