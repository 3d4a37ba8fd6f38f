"""The pseudo-NTK in place of the kernel of all outputs: how far off the largest eigenvalue and predictions are."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiments.pseudo_ntk import prediction_error, sum_top_error, top_error, uncentred_error
from verify.ledger._pseudo_ntk import DEPTHS, INPUTS, NETWORK, NETWORKS, RATE_PRINTED, m
from verify.ledger.initialisation import HALF_INTEGER_MARGIN
from verify.statement import Direction, Rate
from verify.verdict import Verdict


def _rate(
    name: str, title: str, hypothesis: str, quantity: sp.Symbol, *, design: Scaling, other: Mutant, note: str
) -> Claim:
    """A claim that the median of a relative error is of order m^(-1/2) at most."""
    return Claim(
        id=f"ds-pntk-rate-{name}",
        title=title,
        source=Source(document=Document.DS, where="'Pseudo-NTK'", printed=RATE_PRINTED),
        hypotheses=(NETWORK, hypothesis, INPUTS),
        forms=(
            Form(
                role=Role.TESTED,
                remark="An upper bound of the rate, for one and two hidden layers.",
                statement=Rate(
                    quantity=quantity,
                    exponent=sp.Rational(-1, 2),
                    direction=Direction.AT_MOST,
                    margin=sp.Rational(1, 4),
                    along=m,
                    domain=DEPTHS,
                ),
                routes=(NETWORKS,),
                design=design,
                mutants=(
                    Mutant(
                        name="rate 1/m",
                        why_false="The difference of the kernels is of order $m^(-1\\/2)$ exactly, and of first order "
                        "here.",
                        change={"exponent": sp.S.NegativeOne},
                    ),
                    other,
                ),
            ),
        ),
        expected=Verdict.SUPPORTED,
        note=HALF_INTEGER_MARGIN + " " + note,
    )


DS_PNTK_RATE_LMAX = _rate(
    "lmax",
    "The largest eigenvalue of the pseudo-NTK approaches that of the empirical kernel like m^(-1/2)",
    "The error relative to $lambda_max (hat(Theta))$, on the four inputs.",
    top_error,
    design=Scaling(
        exponent=-0.5, shape="log-normal", log_sd=0.95, drift=0.03, source="pilot: 0.8 around the median, 1 in all"
    ),
    other=Mutant(
        name="the kernel of the sum, not divided by O",
        why_false="Its eigenvalues are $O$ times as large: the relative error tends to $O - 1$.",
        change={"quantity": sum_top_error},
        design=Scaling(exponent=0.0, shape="log-normal", log_sd=0.2, drift=0.05, source="pilot: 0.14 and less"),
    ),
    note="The pseudo-NTK is the empirical kernel on the sums of the outputs, so its largest eigenvalue is never above "
    "that of the kernel of all.",
)

DS_PNTK_RATE_PRED = _rate(
    "pred",
    "Kernel regression with the pseudo-NTK approaches that with the empirical kernel like m^(-1/2)",
    "The predictions $f_hat(Theta)$ are those of $bold(k)(x) bold(K)^(-1) (y - f_0) + f_0 (x)$ with the empirical "
    "kernel of all outputs, $f_tilde(k)$ those with $tilde(k)$ for every output, trained on the four inputs with "
    "labels 0 and 1 and predicting at the fifth; the distance relative to $norm(f_hat(Theta) (x))$.",
    prediction_error,
    design=Scaling(exponent=-0.5, shape="log-normal", log_sd=0.85, drift=0.03, source="pilot: 0.75"),
    other=Mutant(
        name="without the outputs at initialisation",
        why_false="$f_0$ is of order 1, and a regression that leaves it out tends to other predictions.",
        change={"quantity": uncentred_error},
        design=Scaling(exponent=0.0, shape="log-normal", log_sd=0.7, drift=0.03, source="pilot: 0.6"),
    ),
    note="The infinite kernel of the inputs is well conditioned here; with a small eigenvalue the constant grows.",
)

CLAIMS = (DS_PNTK_RATE_LMAX, DS_PNTK_RATE_PRED)
