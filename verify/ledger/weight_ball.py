"""The ball around the start in which the lecture's networks are trained, and that it holds a global minimum."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import final_residual, movement, start_residual
from verify.experiments.trained_networks import least_norm
from verify.ledger._regimes import (
    BOTH,
    FLOW,
    HALF,
    KERNEL_SCALING,
    MARGIN,
    ON_BOTH,
    ON_RELU,
    RELU,
    always,
    found,
    m,
    never,
    rate,
    seldom,
)
from verify.ledger.bounded_movement import BOUNDED, MOVED, MOVED_BOTH
from verify.ledger.kernel_drift import SMOOTH
from verify.verdict import Verdict

_LECTURE = (
    "The lecture's network, ReLU, the read-out fixed. Its start is subtracted: $y'$ of (12.3) are the labels then."
)
L12_CLAIM_EXIST_MIN = Claim(
    id="l12-claim-exist-min",
    title="There is a global minimiser in a small neighbourhood of the start",
    source=Source(
        document=Document.L12,
        where="section 12.1, question 1",
        printed="Does there exist a small neighborhood around $theta^0$, denoted $B(theta^0)$, such that there is a "
        "global minimizer in $B(theta^0)$? […] The answer to both questions is 'yes' under sufficient "
        "overparameterization or large enough initialization.",
    ),
    hypotheses=(
        "Small is meant relative to $norm(theta^0)_2 approx sqrt(d m)$; $bold(K)^infinity$ is positive definite. For "
        "the linearised loss the nearest global minimiser is at the distance $norm(hat(theta))$, for the loss itself "
        "gradient flow finds one.",
        _LECTURE,
        FLOW,
        RELU,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Relative to $norm(theta^0)_2$ the ball in which training finds the minimum shrinks at least like "
            "$m^(-1\\/2)$.",
            statement=rate(movement / sp.sqrt(10 * m), "-1/2", domain=KERNEL_SCALING),
            routes=ON_RELU,
            design=found(-0.515, 0.06, 0.03),
            mutants=(
                Mutant(
                    name="the radius itself shrinks",
                    why_false="It tends to the positive norm of the nearest solution of the limit.",
                    change={"quantity": movement},
                    design=MOVED,
                ),
                Mutant(
                    name="relative to it like 1/m",
                    why_false="$norm(theta^0)_2$ grows like $sqrt(m)$ and the radius is constant.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="In the ball of radius $2 norm(hat(theta))$, $theta(T)$ has a residual of less than a hundredth of "
            "that at the start.",
            statement=seldom(
                sp.Max(movement / (2 * least_norm), 100 * final_residual / start_residual),
                sp.S.One,
                width=128,
                domain=KERNEL_SCALING,
            ),
            routes=ON_RELU,
            design=never("1.03 in place of 2 and residuals below 1/4000, log-sd 0.6"),
            mutants=(
                Mutant(
                    name="in a ball of half the radius of the nearest solution",
                    why_false="There the linearised network cannot fit, nor does a network near it.",
                    change={"bound": sp.Rational(1, 4)},
                    design=always("1.03 against 1/2, log-sd 0.02"),
                ),
                Mutant(
                    name="relative to the width",
                    why_false="The radius does not shrink.",
                    change={"bound": 1 / sp.sqrt(m)},
                    design=always("1.03 against 0.18, log-sd 0.02"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} {HALF} In absolute terms the ball does not shrink: see the mutants.",
)

L12_CLAIM_GD_STAYS = Claim(
    id="l12-claim-gd-stays",
    title="Gradient descent stays in the neighbourhood and converges to the global minimiser",
    source=Source(
        document=Document.L12,
        where="section 12.1, question 2",
        printed="Does gradient descent on the loss with respect to $f_theta (x)$ stay in the neighborhood $B(theta^0)$ "
        "and thus converge to the global minimizer? The answer to both questions is 'yes' under sufficient "
        "overparameterization or large enough initialization.",
    ),
    hypotheses=(
        "Gradient flow stands for gradient descent at small steps; $norm(hat(theta))$ is the distance of the nearest "
        "solution of the linearised problem.",
        _LECTURE,
        FLOW,
        RELU,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="At no time does $theta$ leave the ball of radius $2 norm(hat(theta))$.",
            statement=seldom(movement, 2 * least_norm, width=128, domain=KERNEL_SCALING),
            routes=ON_RELU,
            design=never("1.03 in place of 2, log-sd 0.02"),
            mutants=(
                Mutant(
                    name="of half the radius of the nearest solution",
                    why_false="The end is about as far away as the nearest solution.",
                    change={"bound": least_norm / 2},
                    design=always("1.03 against 1/2, log-sd 0.02"),
                ),
                Mutant(
                    name="of a radius that shrinks",
                    why_false="The radius is constant in $m$.",
                    change={"bound": 2 * least_norm / sp.sqrt(m)},
                    design=always("1.03 against 0.18, log-sd 0.02"),
                ),
            ),
        ),
        BOUNDED,
        Form(
            role=Role.TESTED,
            remark="And the residual at the end is below a hundredth of that at the start.",
            statement=seldom(final_residual, start_residual / 100, width=128, domain=KERNEL_SCALING),
            routes=ON_RELU,
            design=never("below 1/4000, log-sd 0.6"),
            mutants=(
                Mutant(
                    name="it grows",
                    why_false="It never does along the flow.",
                    change={"deviation": start_residual, "bound": final_residual},
                    design=always("it never grows along the flow"),
                ),
                Mutant(
                    name="the end is the exact minimum",
                    why_false="At a finite time something is left of every residual.",
                    change={"bound": sp.S.Zero},
                    design=always("2e-5 and more, where the errors of integration are below 1e-8"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} {HALF}",
)

_RELATIVE = movement / sp.sqrt(10 * m)
L12_CLAIM_A_TRAINABLE = Claim(
    id="l12-claim-a-trainable",
    title="The results still hold when the read-out is trained as well",
    source=Source(
        document=Document.L12,
        where="section 12.2.1, in brackets",
        printed="We fix $a_i$ for simplicity: the results still hold when we are allowed to optimize $a_i$ in "
        "training.",
    ),
    hypotheses=(
        "The results: the movement relative to $norm(theta^0)_2 approx sqrt(d m)$ tends to zero, and so does the "
        "movement of the kernel.",
        FLOW,
        BOTH,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The movement of all parameters relative to the norm of $W$ at the start.",
            statement=rate(_RELATIVE, "-1/2"),
            routes=ON_BOTH,
            design=found(-0.49, 0.06, 0.03),
            mutants=(
                Mutant(
                    name="the movement itself",
                    why_false="It tends to the norm of the nearest solution of the limit.",
                    change={"quantity": movement},
                    design=MOVED_BOTH,
                ),
                Mutant(
                    name="like 1/m",
                    why_false="The norm at the start grows like $sqrt(m)$ and the movement is constant.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
        SMOOTH,
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} With tanh in place of the lecture's ReLU.",
)

CLAIMS = (L12_CLAIM_EXIST_MIN, L12_CLAIM_GD_STAYS, L12_CLAIM_A_TRAINABLE)
