"""Why the kernel of a wide network stays near its limit in training, and with it its smallest eigenvalue."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.experiments.trained_columns import lowest
from verify.experiments.trained_networks import limit_lowest
from verify.ledger._regimes import BOTH, FLOW, HALF, MARGIN, ON_BOTH, always, never, seldom
from verify.ledger._trained_kernel import ENTRY, HYPOTHESES, WIDE_ENOUGH
from verify.ledger.kernel_drift import SMOOTH
from verify.verdict import Verdict

BE_CLAIM_K_STAYS = Claim(
    id="be-claim-K-stays",
    title="The kernel stays near its start in training, and its smallest eigenvalue above half of the limiting one",
    source=Source(
        document=Document.BE,
        where="section 2, outline of the argument and before part (b)",
        printed="we spend most of our time showing that we don't go very far in the weight space during gradient "
        "descent, and then in the last part we show why it means that we are doing kernel regression. […] we will not "
        "get out of the local regime where the NTK is a good approximation",
    ),
    hypotheses=(
        "The last part of the argument is not printed. It needs $norm(bold(K)(t) - bold(K)(0)) = O(m^(-1\\/2))$, so "
        "that $lambda_min (bold(K)(t)) >= lambda_min (bold(K)^infinity)\\/2$ for large $m$: then the hypothesis of "
        "parts (a) and (b) never fails first, and they hold for all $t$.",
        *HYPOTHESES,
        "On trained networks: " + FLOW + " " + BOTH,
        "$limits(lambda)_macron$ is a lower bound of $lambda_min (bold(K)(t))$ over the whole path: the form upheld "
        "says more than is claimed, and its mutants are about the bound.",
    ),
    forms=(
        ENTRY,
        WIDE_ENOUGH,
        SMOOTH,
        Form(
            role=Role.TESTED,
            remark="Of networks of at least 4096 neurons most have $lambda_min (bold(K)(t)) >= lambda_min "
            "(bold(K)^infinity)\\/2$ at all times.",
            statement=seldom(limit_lowest / 2, lowest, width=4096),
            routes=ON_BOTH,
            design=never("the lower bound is 0.90 of the limit at the width 8192, log-sd 0.02"),
            mutants=(
                Mutant(
                    name="at least twice the limit",
                    why_false="It tends to the limit.",
                    change={"deviation": 2 * limit_lowest},
                    design=always("at most 1.0 of the limit, log-sd 0.02"),
                ),
                Mutant(
                    name="half as much again as the limit",
                    why_false="It tends to the limit.",
                    change={"deviation": sp.Rational(3, 2) * limit_lowest},
                    design=always("at most 1.0 of the limit, log-sd 0.02"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} {HALF} The explicit constants prove much and are far from sharp: with $n = 8$, tanh and the "
    "$C(sigma, X, n)$ of part (b), $c$ is some $3 dot 10^4$ and the width that is enough beyond $10^12$, while at 8192 "
    "neurons $bold(K)$ moves by less than one percent.",
)

CLAIMS = (BE_CLAIM_K_STAYS,)
