"""What trained networks predict: at large width kernel regression, less at the start what they said at random."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import own_regression_gap, raw_regression_gap, regression_gap
from verify.ledger._regimes import BOTH, FIRST, FLOW, HALF, ON_BOTH, ON_FIRST, always, m, never, seldom
from verify.ledger.kernel_drift import PREDICTIONS
from verify.verdict import Verdict

BE_CLAIM_KERNEL_REGRESSION = Claim(
    id="be-claim-kernel-regression",
    title="At infinite width training a network is no different from kernel regression",
    source=Source(
        document=Document.BE,
        where="section 2, before the outline of the argument",
        printed="in this regime training a neural net is no different from just doing a kernel regression with kernel "
        "$K(bold(x)_i, bold(x)_j) = chevron.l nabla_(bold(a), bold(W)) f(bold(x)_i|bold(a), bold(W)), nabla_(bold(a), "
        "bold(W)) f(bold(x)_j|bold(a), bold(W)) chevron.r$, which in turn itself converges to a fixed kernel in the "
        "infinite-width limit",
    ),
    hypotheses=(
        "Of $hat(f)$, in which the start is subtracted, at the end of training: $lim_(m -> infinity) lim_(t -> "
        "infinity) hat(f)(bold(x)) = bold(k)^infinity (bold(x))^top (bold(K)^infinity)^(-1) bold(y)$.",
        FLOW,
        BOTH,
    ),
    forms=(
        PREDICTIONS,
        Form(
            role=Role.TESTED,
            remark="With the kernel of the network itself at the start the distance is smaller.",
            statement=seldom(own_regression_gap, sp.Rational(1, 50), width=4096),
            routes=ON_BOTH,
            design=never("0.0015 at the width 8192, log-sd 0.35, and errors of at most 0.3 of it"),
            mutants=(
                Mutant(
                    name="with the limiting kernel as well, and nothing subtracted",
                    why_false="The function at the start is of order 1.",
                    change={"deviation": raw_regression_gap},
                    design=always("1.2, log-sd 0.28"),
                ),
                Mutant(
                    name="even m times the distance",
                    why_false="It is of order $1\\/m$, and $m$ times it of order 10.",
                    change={"deviation": m * own_regression_gap},
                    design=always("12 at the width 8192, log-sd 0.35"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{HALF} The distance to regression with the limiting kernel is of order $m^(-1\\/2)$, that of the kernel at "
    "the start to its limit; the distance to regression with the kernel at the start, for smooth activations, of order "
    "$1\\/m$.",
)

DS_RECAP_KR = Claim(
    id="ds-recap-kr",
    title="Trained to the end, a wide network predicts as kernel regression on the residuals does",
    source=Source(
        document=Document.DS,
        where="'Recap of overall theory'",
        printed="and so as $t -> infinity$, (S)GD on the network converges to kernel regression $hat(f)(bold(x)) = "
        "bold(k)_0 (bold(x)) bold(K)_0^(-1) (bold(y) - bold(f)_0) + f_0 (bold(x))$",
    ),
    hypotheses=(
        "In the limit of infinite width. Gradient flow stands for (S)GD at small steps.",
        FLOW,
        FIRST + " Nothing is subtracted: $bold(f)_0$ is what the network predicts at the start, of order 1.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="At the width 4096 most networks are within a twentieth of it, at all test points.",
            statement=seldom(own_regression_gap, sp.Rational(1, 20), width=4096),
            routes=ON_FIRST,
            design=never("0.0025, log-sd 0.58"),
            mutants=(
                Mutant(
                    name="without the predictions at the start",
                    why_false="$f_0 (bold(x)) - bold(k)_0 bold(K)_0^(-1) bold(f)_0$ is of order 1 at every width.",
                    change={"deviation": raw_regression_gap},
                    design=always("0.8, log-sd 0.34"),
                ),
                Mutant(
                    name="exactly so at finite width",
                    why_false="The kernel moves in training, and at 4096 neurons that is seen.",
                    change={"bound": sp.Rational(1, 50000)},
                    design=always("0.0025, log-sd 0.58", m=4096),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{HALF} Spot check for two layers, of what the slide says for essentially any architecture.",
)

KW_CLAIM_STRONG = Claim(
    id="kw-claim-strong",
    title="The condition of the equivalence is too strong in practice",
    source=Source(
        document=Document.KW,
        where="slide 13, 'The Undiscovered Area'",
        printed="The condition of the equivalence of NTK and Gaussian Process is too strong, which might not be "
        "practical.",
    ),
    hypotheses=(
        "The condition is infinite width. An opinion, of which this can be measured: how far from their limit trained "
        "networks are at a modest width. Labels are $plus.minus 1$.",
        FLOW,
        BOTH,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Of networks of 64 neurons most are farther than $1\\/10$ from the prediction of infinite width, "
            "somewhere among 20 test points.",
            statement=seldom(sp.Rational(1, 10), regression_gap, width=64, domain=((m, sp.FiniteSet(64)),)),
            routes=ON_BOTH,
            design=never("0.31, log-sd 0.25", 1e-4),
            mutants=(
                Mutant(
                    name="of 8192 neurons",
                    why_false="The distance is of order $m^(-1\\/2)$.",
                    change={"domain": ((m, sp.FiniteSet(8192)),)},
                    design=always("0.03, log-sd 0.33", 1e-3),
                ),
                Mutant(
                    name="farther than 2",
                    why_false="They are not that bad: that would be the wrong label.",
                    change={"deviation": sp.Integer(2)},
                    design=always("0.31, log-sd 0.25"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{HALF} Whether a width is practical is not for us to say: on 8 points 8192 neurons are enough for three "
    "percent.",
)

CLAIMS = (BE_CLAIM_KERNEL_REGRESSION, DS_RECAP_KR, KW_CLAIM_STRONG)
