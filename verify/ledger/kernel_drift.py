"""The tangent kernel in training: it moves less and less as the width grows, if nothing but the width does."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import kernel_drift, neuron_movement, raw_regression_gap, regression_gap
from verify.ledger._regimes import (
    BOTH,
    FLOW,
    HALF,
    KERNEL_SCALING,
    MARGIN,
    MEAN_FIELD,
    ON_BOTH,
    ON_RELU,
    RELU,
    WIDE_DATA,
    always,
    found,
    never,
    rate,
    seldom,
)
from verify.statement import Direction
from verify.verdict import Verdict

DRIFT = found(-0.97, 0.28)
RELU_DRIFT = found(-0.57, 0.22)

SMOOTH = Form(
    role=Role.TESTED,
    remark="Tanh networks, both layers trained. The exponent is nearer to $-1$.",
    statement=rate(kernel_drift, "-1/2"),
    routes=ON_BOTH,
    design=DRIFT,
    mutants=(
        Mutant(
            name="exactly like m^(-1/2), to within 1/8",
            why_false="$m^(-1\\/2)$ is the worst case: for smooth activations what moves the kernel at first order has "
            "a random sign for each neuron, and the mean over them is of order $1\\/m$.",
            change={"direction": Direction.EXACTLY, "margin": sp.Rational(1, 8)},
        ),
        Mutant(
            name="of the same order at every width",
            why_false="It tends to zero.",
            change={"exponent": sp.S.Zero, "direction": Direction.EXACTLY},
        ),
        Mutant(
            name="like 1/m²",
            why_false="The weights of a neuron move by $m^(-1\\/2)$, and the kernel, at second order, by $1\\/m$.",
            change={"exponent": sp.Integer(-2)},
        ),
    ),
)
KINKED = Form(
    role=Role.TESTED,
    remark="ReLU networks, the first layer trained.",
    statement=rate(kernel_drift, "-1/2", domain=KERNEL_SCALING),
    routes=ON_RELU,
    design=RELU_DRIFT,
    mutants=(
        Mutant(
            name="like 1/m, as for smooth activations",
            why_false="Where a pre-activation changes sign $sigma'$ changes by 1, whatever the sign of $a_r$, and that "
            "happens to a share of the neurons of order $m^(-1\\/2)$.",
            change={"exponent": sp.S.NegativeOne, "margin": sp.Rational(1, 8)},
        ),
        Mutant(
            name="like 1/m²",
            why_false="It goes like $m^(-1\\/2)$.",
            change={"exponent": sp.Integer(-2)},
        ),
    ),
)
SCALED = Form(
    role=Role.TESTED,
    remark="ReLU networks of at least 64 neurons: most of their kernels move by less than a quarter.",
    statement=seldom(kernel_drift, sp.Rational(1, 4), width=64, domain=KERNEL_SCALING),
    routes=ON_RELU,
    design=never("0.09 at the width 128, log-sd 0.17"),
    mutants=(
        Mutant(
            name="in the mean-field scaling",
            why_false="With $1\\/m$ for $m^(-1\\/2)$ each neuron has to move by $O(1)$, and the kernel moves too, "
            "whatever the width.",
            change={"domain": MEAN_FIELD},
            design=always("0.43 at the width 64, log-sd 0.09"),
        ),
        Mutant(
            name="by less than a fiftieth",
            why_false="It moves by $0.04$ at the width 512.",
            change={"bound": sp.Rational(1, 50)},
            design=always("0.09 at the width 128, log-sd 0.17", m=128),
        ),
    ),
)

IM_CLAIM_FIXED_KERNEL = Claim(
    id="im-claim-fixed-kernel",
    title="In the limit of infinite width the kernel is the same at any point of training",
    source=Source(
        document=Document.IM,
        where="section 1",
        printed="this kernel is fixed in the infinite width limit so the same kernel will describe a neural network at "
        "any point of training",
    ),
    hypotheses=(FLOW, BOTH, RELU),
    forms=(SMOOTH, KINKED, SCALED),
    expected=Verdict.SUPPORTED,
    note=f"Tested as an upper bound on the relative change of the kernel, over the whole of training. {MARGIN} {HALF} "
    "The scaling $1/sqrt(m)$ matters: see the mutant in the mean-field scaling.",
)

PREDICTIONS = Form(
    role=Role.TESTED,
    remark="What $bold(K)^infinity$, constant, leads to is what wide networks predict at the end of training.",
    statement=seldom(regression_gap, sp.Rational(1, 4), width=4096),
    routes=ON_BOTH,
    design=never("0.04 at the width 4096, log-sd 0.33"),
    mutants=(
        Mutant(
            name="exactly so at finite width",
            why_false="The kernel of a network of 8192 neurons is at a distance of order $m^(-1\\/2)$ from its limit.",
            change={"bound": sp.Rational(1, 400)},
            design=always("0.03 at the width 8192, log-sd 0.33", m=8192),
        ),
        Mutant(
            name="with the start not subtracted",
            why_false="The network at the start is a random function of order 1, whatever the width, and what it "
            "predicts at a test point stays in the prediction.",
            change={"deviation": raw_regression_gap},
            design=always("1.2, log-sd 0.28"),
        ),
    ),
)

KW_EQ_TRAIN_CONST = Claim(
    id="kw-eq-train-const",
    title="The NTK is constant during training",
    source=Source(
        document=Document.KW,
        where="slide 11, 'The NTK is constant during training'",
        printed="Previously, we have shown that (omit the inputs for simplicity) $(dif cal(F)_theta)/(dif t) = -alpha "
        "bold(K)_infinity nabla_f cal(L)$. […] $(dif cal(F)_theta (t))/(dif t) = -alpha K(theta(0)) nabla_f cal(L) = "
        "-alpha K_infinity nabla_f cal(L)$",
    ),
    hypotheses=(
        "In the limit of infinite width, which the slide does not repeat; at finite width neither equation is exact.",
        FLOW,
        BOTH,
        RELU,
    ),
    forms=(SMOOTH, KINKED, PREDICTIONS),
    expected=Verdict.SUPPORTED,
    note="What was shown before on the slides has $K$ at the time $t$ in it, not $K_infinity$ and no factor $alpha$. "
    f"{MARGIN} {HALF}",
)

BE_CLAIM_CONSTANT_REGIME = Claim(
    id="be-claim-constant-regime",
    title="The parameters, the number of data points and the data stay constant, and only the width grows",
    source=Source(
        document=Document.BE,
        where="section 2, before the outline of the argument",
        printed='this problem studies training of such a neural net with gradient descent in the "infinite width" '
        "regime, which means that we will set parameters of $sigma$, distributions of $a_r$ and $bold(w)_r$, the "
        "number of data points $n$ and the data $X$ itself to be constant, and will only have $m$ going to infinity",
    ),
    hypotheses=(
        FLOW,
        BOTH,
        RELU + " The discussion excludes ReLUs by its hypotheses; here they are the control, as their flow can be "
        "followed on many examples.",
    ),
    forms=(
        SMOOTH,
        Form(
            role=Role.TESTED,
            remark="ReLU networks of at least 64 neurons, constant $n$: in most no neuron moves by more than 1.",
            statement=seldom(neuron_movement, sp.S.One, width=64, domain=KERNEL_SCALING),
            routes=ON_RELU,
            design=never("0.57 at the width 128, log-sd 0.05"),
            mutants=(
                Mutant(
                    name="with the number of data points a quarter of the width",
                    why_false="Fitting $n$ labels takes a movement of order $sqrt(n)$ of all neurons together, so that "
                    "each moves by $O(1)$, at the width 64 by $1.6$.",
                    change={"domain": WIDE_DATA},
                    design=always("1.65 at the width 64, log-sd 0.08"),
                ),
                Mutant(
                    name="by no more than a tenth",
                    why_false="At the width 512 it is $0.3$.",
                    change={"bound": sp.Rational(1, 10)},
                    design=always("0.57 at the width 128, log-sd 0.05", m=128),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="A definition of the regime. That $n$ is constant is needed: with $n$ proportional to $m$ the weights do not "
    "stay near their start.",
)

CLAIMS = (IM_CLAIM_FIXED_KERNEL, KW_EQ_TRAIN_CONST, BE_CLAIM_CONSTANT_REGIME)
