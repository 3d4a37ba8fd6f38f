"""How the scale of the output at the start, and the learning rate, decide whether the kernel stays."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.experiments.trained_columns import kernel_drift, movement
from verify.experiments.trained_networks import LEARNING_RATES, SCALES
from verify.ledger._regimes import FLOW, HALF, always, found, never, seldom
from verify.statement import Direction, Rate
from verify.verdict import Verdict

alpha, c = sp.symbols("alpha c", positive=True)

_ROUTES = (Measurement(name="ReLU networks with scaled output", experiment=SCALES),)
_RATES = (Measurement(name="tanh networks, by gradient descent", experiment=LEARNING_RATES),)
_SCALED = (
    "ReLU networks of width 128 with the output $alpha (f - f_0)$: scaled by $alpha$ and unbiased, as the start is "
    "subtracted. Time runs $alpha^2$ times as fast, so that all are trained equally far."
)
_AT_SMALL = ((alpha, sp.FiniteSet(sp.Rational(1, 8))),)
_AT_LARGE = ((alpha, sp.FiniteSet(16)),)
_LONG, _SHORT = ((c, sp.FiniteSet(3)),), ((c, sp.FiniteSet(sp.Rational(1, 2))),)

L12_CLAIM_LARGE_INIT = Claim(
    id="l12-claim-large-init",
    title="At a large enough initialisation too, a global minimiser is near the start",
    source=Source(
        document=Document.L12,
        where="section 12.1",
        printed="The answer to both questions is 'yes' under sufficient overparameterization or large enough "
        "initialization.",
    ),
    hypotheses=(
        "Large is meant of the output at the start, with the labels fixed. For it to help, the start must be unbiased: "
        "else the residual grows with $alpha$, and the movement stays as it is.",
        FLOW,
        _SCALED,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The movement until the labels are fitted goes like $1\\/alpha$.",
            statement=Rate(
                quantity=movement,
                exponent=sp.S.NegativeOne,
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=alpha,
            ),
            routes=_ROUTES,
            design=found(-1.03, 0.03, 0.05),
            mutants=(
                Mutant(
                    name="the same at every scale",
                    why_false="A large output needs small changes of the weights.",
                    change={"exponent": sp.S.Zero},
                ),
                Mutant(
                    name="like 1/α²",
                    why_false="The nearest solution of $alpha phi Delta theta = y$ is at a distance of order "
                    "$1\\/alpha$.",
                    change={"exponent": sp.Integer(-2)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="And at $alpha = 16$ the kernel moves by less than a tenth in most networks.",
            statement=seldom(kernel_drift, sp.Rational(1, 10), width=1, domain=_AT_LARGE),
            routes=_ROUTES,
            design=never("0.011, log-sd 0.39"),
            mutants=(
                Mutant(
                    name="at α = 1/8",
                    why_false="There each neuron has to move far.",
                    change={"domain": _AT_SMALL},
                    design=always("0.39, log-sd 0.06"),
                ),
                Mutant(
                    name="not at all",
                    why_false="At any finite scale it moves.",
                    change={"bound": sp.S.Zero},
                    design=always("0.011, where the errors are below 1e-10"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The margin of $1\\/4$ is half the distance to $1\\/sqrt(alpha)$, the nearest exponent that dimensions could "
    f"offer. {HALF}",
)

L12_CLAIM_INIT_LR = Claim(
    id="l12-claim-init-lr",
    title="The NTK approach needs a specific initialisation and learning rate",
    source=Source(
        document=Document.L12,
        where="section 12.3, second bullet",
        printed="The NTK approach requires a specific initialization scheme and learning rate which may not coincide "
        "with what is commonly used in practice.",
    ),
    hypotheses=(
        "Qualitative; what can be measured is that with another scale of the start, or a larger learning rate, the "
        "kernel does move. What is common in practice is not tested.",
        FLOW,
        _SCALED,
        "For the learning rate: tanh networks of width 256, all parameters $cal(N)(0, 1)$, both layers trained by 400 "
        "steps of gradient descent at the rate $c\\/lambda_max (bold(K)(0))$; the kernel is looked at after every ten.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="At the scale $alpha = 1\\/8$ the kernel of most networks moves by more than a quarter.",
            statement=seldom(sp.Rational(1, 4), kernel_drift, width=1, domain=_AT_SMALL),
            routes=_ROUTES,
            design=never("0.39, log-sd 0.06"),
            mutants=(
                Mutant(
                    name="at α = 16",
                    why_false="A large output is fitted with small changes of the weights.",
                    change={"domain": _AT_LARGE},
                    design=always("0.011, log-sd 0.39"),
                ),
                Mutant(
                    name="by more than its own size",
                    why_false="It moves by $0.4$ of its norm.",
                    change={"deviation": sp.S.One},
                    design=always("0.39, log-sd 0.06"),
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="At the learning rate $3\\/lambda_max$ too: above $2\\/lambda_max$ the loss grows at first, until "
            "the kernel has become smaller.",
            statement=seldom(sp.Rational(1, 4), kernel_drift, width=1, domain=_LONG),
            routes=_RATES,
            design=never("0.51, log-sd 0.04"),
            mutants=(
                Mutant(
                    name="at the learning rate 1/(2 λ_max)",
                    why_false="Short steps follow the flow, on which the kernel stays.",
                    change={"domain": _SHORT},
                    design=always("0.06, log-sd 0.3", 1e-5),
                ),
                Mutant(
                    name="by more than its own size",
                    why_false="It moves by half of its norm.",
                    change={"deviation": sp.S.One},
                    design=always("0.51, log-sd 0.04"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=HALF,
)

CLAIMS = (L12_CLAIM_LARGE_INIT, L12_CLAIM_INIT_LR)
