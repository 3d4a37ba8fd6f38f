"""The linearised problem of Lecture 12: how far the minimum-norm solution lies from the initial weights."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiments.two_layer import MINIMUM_NORM, initial_norm, solution_norm
from verify.statement import Direction, Rate
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)

HYPOTHESES = (
    "Two-layer ReLU network $f_theta (x) = 1/sqrt(m) sum_i a_i sigma(w_i^top x)$, $a_i in {plus.minus 1}$ fixed, "
    "$W_(i j)$ independent $cal(N)(0, 1)$.",
    "$n = 8$ fixed points of the unit sphere in $d = 8$ dimensions, no two parallel; labels of order 1.",
)
ROUTES = (Measurement(name="linearised networks of growing width", experiment=MINIMUM_NORM),)
_PILOT = "independent pilot of 2000 draws a width: log-sd 0.14 at every width, local exponents within 0.012"
_size = Scaling(exponent=0.0, shape="log-normal", log_sd=0.2, drift=0.03, source=_PILOT)
_ratio = Scaling(exponent=-0.5, shape="log-normal", log_sd=0.2, drift=0.03, source=_PILOT)

L12_BOUND_12_18 = Claim(
    id="l12-bound-12.18",
    title="The minimum-norm solution stays bounded as the width grows",
    source=Source(
        document=Document.L12,
        where="(12.16)-(12.18)",
        printed='$norm(hat(theta))_2 <= norm(phi^dagger)_"op" dot norm(arrow(y)\')_2 <= O_(d,n)(1) dot '
        "norm(arrow(y)')_2 <= O_(d,n)(1)$",
    ),
    hypotheses=HYPOTHESES,
    forms=(
        Form(
            role=Role.TESTED,
            remark="The hidden constant makes the bound unfalsifiable at one width; that its growth exponent is at "
            "most zero is not.",
            statement=Rate(
                quantity=solution_norm,
                exponent=sp.S.Zero,
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=ROUTES,
            design=_size,
            mutants=(
                Mutant(
                    name="the solution shrinks like m^(-1/2)",
                    why_false="its norm tends to a positive random variable; only the ratio to $norm(theta^0)$ "
                    "shrinks.",
                    change={"exponent": sp.Rational(-1, 2)},
                ),
                Mutant(
                    name="bounded even after multiplication with √m",
                    why_false="the norm itself does not shrink.",
                    change={"quantity": sp.sqrt(m) * solution_norm},
                    design=Scaling(exponent=0.5, shape="log-normal", log_sd=0.2, drift=0.03, source=_PILOT),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="Only the dependence on $m$ is tested, at one pair $(n, d)$; $O_(d,n)(1)$ hides any polynomial of $n$ and "
    "$d$. The margin of $1/4$ separates the claimed exponent from the nearest alternatives of theory, $plus.minus "
    "1/2$.",
)

L12_RATIO = Claim(
    id="l12-ratio",
    title="Relative to the initialisation the neighbourhood shrinks",
    source=Source(
        document=Document.L12,
        where="after (12.21)",
        printed="Thus, the neighborhood size is much smaller than the norm of the initialization in terms of $m$. "
        "[…] Relative to the norm of the initialization, the neighborhood size is shrinking.",
    ),
    hypotheses=HYPOTHESES,
    forms=(
        Form(
            role=Role.TESTED,
            remark="With (12.18) and (12.21) the ratio is of order $m^(-1/2)$.",
            statement=Rate(
                quantity=solution_norm / initial_norm,
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=ROUTES,
            design=_ratio,
            mutants=(
                Mutant(
                    name="the ratio stays constant",
                    why_false="$norm(theta^0)_2$ grows like $sqrt(d m)$ while $norm(hat(theta))_2$ stays bounded.",
                    change={"exponent": sp.S.Zero},
                ),
                Mutant(
                    name="the ratio shrinks like 1/m",
                    why_false="$norm(theta^0)_2$ grows like $sqrt(d m)$, not like $d m$ as (12.19) would have it.",
                    change={"exponent": sp.S.NegativeOne},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The margin of $1/4$ is half the distance between the exponents that theory offers.",
)

CLAIMS = (L12_BOUND_12_18, L12_RATIO)
