"""ReLU networks and their linearisation in training: near each other, with no bound for smooth activations at hand."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import kernel_drift, linear_gap
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
    m,
    never,
    seldom,
)
from verify.ledger.kernel_drift import DRIFT, KINKED
from verify.statement import Direction, Rate
from verify.verdict import Verdict

DS_LIN_RELU = Claim(
    id="ds-lin-relu",
    title="ReLU networks stay near their linearisation too, which the bound for smooth activations does not say",
    source=Source(
        document=Document.DS,
        where="'Linearization quality'",
        printed='For a two-layer net with $beta$-smooth hidden activations […] $|f(x; bold(w)) - f^"lin" (x; bold(w))| '
        "<= beta/(2 sqrt(m)) norm(bold(w) - bold(w)_0)^2$",
    ),
    hypotheses=(
        "The slides before it are about the ReLU, which is not $beta$-smooth for any $beta$: the bound does not apply. "
        "What can be asked is whether the distance still shrinks like $m^(-1\\/2)$ in training.",
        FLOW,
        RELU,
        "And for comparison: " + BOTH,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="In most networks the distance on the training points, at all times, is at most $2\\/sqrt(m)$.",
            statement=seldom(linear_gap, 2 / sp.sqrt(m), width=32, domain=KERNEL_SCALING),
            routes=ON_RELU,
            design=never("√m times it is 0.65 at the width 32, log-sd 0.34, and less at larger ones", 1e-3),
            mutants=(
                Mutant(
                    name="2/m, as for smooth activations",
                    why_false="A share of the neurons of order $m^(-1\\/2)$ changes sign at an input; $m$ times the "
                    "distance is 12 at the width 512.",
                    change={"bound": 2 / m},
                    design=always("0.023 at the width 512, log-sd 0.2", m=512),
                ),
                Mutant(
                    name="an eighth of 1/√m",
                    why_false="$sqrt(m)$ times the distance is $0.5$ at the width 512.",
                    change={"bound": 1 / (8 * sp.sqrt(m))},
                    design=always("√m times it is 0.52 at the width 512, log-sd 0.2", m=512),
                ),
            ),
        ),
        KINKED,
        Form(
            role=Role.TESTED,
            remark="The kernel of tanh networks moves less, so the upper bound holds there too.",
            statement=Rate(
                quantity=kernel_drift,
                exponent=sp.Rational(-1, 2),
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=ON_BOTH,
            design=DRIFT,
            mutants=(
                Mutant(
                    name="exactly like m^(-1/2) for tanh, to within 1/8",
                    why_false="For smooth activations random signs cancel the first order, and $1\\/m$ is left.",
                    change={"direction": Direction.EXACTLY, "margin": sp.Rational(1, 8)},
                ),
                Mutant(
                    name="like 1/m² for tanh",
                    why_false="It goes like $1\\/m$.",
                    change={"exponent": sp.Integer(-2)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} {HALF} From the width 32 to 512 the median distance of ReLU networks goes like $m^(-0.58)$; for "
    "tanh, with random signs, it goes like $m^(-0.95)$.",
)

CLAIMS = (DS_LIN_RELU,)
