"""Feature learning: absent while the kernel stays, present outside the kernel regime."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import alignment_change, kernel_drift
from verify.ledger._regimes import (
    BOTH,
    FLOW,
    HALF,
    KERNEL_SCALING,
    MEAN_FIELD,
    ON_BOTH,
    ON_RELU,
    RELU,
    always,
    m,
    never,
    seldom,
)
from verify.ledger.kernel_drift import SCALED, SMOOTH
from verify.verdict import Verdict

DS_NO_FEATURE = Claim(
    id="ds-no-feature",
    title="The NTK regime allows no feature learning: the kernel does not change",
    source=Source(
        document=Document.DS,
        where="'So, is deep learning just kernels?'",
        printed="NTK regime doesn't allow for feature learning - the kernel doesn't change...",
    ),
    hypotheses=(
        "The regime is that of infinite width. Features that are learned would show in the kernel: in its change, and "
        "in its alignment with the labels, $A = bold(y)^top bold(K) bold(y)\\/(norm(bold(K)) norm(bold(y))^2)$.",
        FLOW,
        BOTH,
        RELU,
    ),
    forms=(
        SMOOTH,
        SCALED,
        Form(
            role=Role.TESTED,
            remark="The alignment of most tanh networks of at least 4096 neurons changes by less than a hundredth.",
            statement=seldom(sp.Abs(alignment_change), sp.Rational(1, 100), width=4096),
            routes=ON_BOTH,
            design=never("1.2e-4 at the width 8192, log-sd 0.8"),
            mutants=(
                Mutant(
                    name="m times the change of the kernel",
                    why_false="The kernel itself changes by a multiple of $1\\/m$ of its norm, no less.",
                    change={"deviation": m * kernel_drift},
                    design=always("16 at the width 8192, log-sd 0.27"),
                ),
                Mutant(
                    name="the kernel does not change at all",
                    why_false="At a finite width it does, by $0.2$ percent at 8192 neurons.",
                    change={"deviation": kernel_drift, "bound": sp.S.Zero},
                    design=always("0.002 at the width 8192, where the errors are below 0.02 of it"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"In the mean-field scaling the kernel does change: see the mutant. {HALF}",
)

DS_NO_REGIME = Claim(
    id="ds-no-regime",
    title="Real neural network optimisation is not in the NTK regime",
    source=Source(
        document=Document.DS,
        where="'So, is deep learning just kernels?'",
        printed='Real neural net optimization isn\'t in the "NTK regime" - Best NTK models get ~70% accuracy on '
        "CIFAR-10, compared to 99+%",
    ),
    hypotheses=(
        "What real optimisation is cannot be tested here, nor are the accuracies, which are reports on CIFAR-10. "
        "Tested is that the regime is left where its conditions fail: in another scaling of the output, and at a "
        "modest width.",
        FLOW,
        RELU,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="In the mean-field scaling the kernel of most networks moves by more than a quarter of its norm.",
            statement=seldom(sp.Rational(1, 4), kernel_drift, width=1, domain=MEAN_FIELD),
            routes=ON_RELU,
            design=never("0.43 at the width 64, log-sd 0.09"),
            mutants=(
                Mutant(
                    name="in the NTK scaling",
                    why_false="There it moves by less, and less and less as the width grows.",
                    change={"domain": KERNEL_SCALING},
                    design=always("0.04 at the width 512, log-sd 0.14", m=512),
                ),
                Mutant(
                    name="by more than its own norm",
                    why_false="It moves by $0.4$ of its norm.",
                    change={"deviation": sp.S.One},
                    design=always("0.43 at the width 64, log-sd 0.09"),
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="In the NTK scaling, at the width 32, by more than a twentieth.",
            statement=seldom(
                sp.Rational(1, 20), kernel_drift, width=1, domain=((m, sp.FiniteSet(32)), *KERNEL_SCALING)
            ),
            routes=ON_RELU,
            design=never("0.20, log-sd 0.22"),
            mutants=(
                Mutant(
                    name="by more than its own norm",
                    why_false="It moves by a fifth of its norm.",
                    change={"deviation": sp.S.One},
                    design=always("0.20, log-sd 0.22"),
                ),
                Mutant(
                    name="at the width 512, by more than a tenth",
                    why_false="There it moves by $0.04$.",
                    change={
                        "deviation": sp.Rational(1, 10),
                        "domain": ((m, sp.FiniteSet(512)), *KERNEL_SCALING),
                    },
                    design=always("0.04, log-sd 0.14"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"A statement about practice, of which only the mechanism is tested here. {HALF}",
)

CLAIMS = (DS_NO_FEATURE, DS_NO_REGIME)
