"""Steps around the inverse of the kernel's largest eigenvalue: where the loss begins to rise, and where it ends."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import FailureProbability
from verify.experiments.large_steps import LONG_STEPS, largest_rise, remaining_loss
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

c = sp.Symbol("c", positive=True)

_ROUTES = (Measurement(name="wide networks trained by long steps", experiment=LONG_STEPS),)
_LEVEL = sp.Rational(1, 5)
_WIDTH = sp.Integer(512)
_SMALL = sp.Rational(1, 1000)

_NONE = "independent pilot of 6000 networks of width 512 at each step"
_RARE = FailureProbability(
    at_most=0.0065,
    source=f"{_NONE}: at most 7 failed, so a probability above 0.0065 is excluded but for a chance of 1e-9",
)
_USUAL = "the same pilot: all but at most 4 in 100 fail"


def _steps(*factors: str) -> tuple[tuple[sp.Symbol, sp.Set], ...]:
    return ((c, sp.FiniteSet(*map(sp.Rational, factors))),)


def _often(factor: float) -> FailureProbability:
    return FailureProbability(at_least=0.9, at=(("c", factor),), source=_USUAL)


_BELOW, _ABOVE = _steps("1/2", "4/5"), _steps("5/4", "3/2")

IM_LARGEST_STEP_OF_NETWORKS = Claim(
    id="im-claim-maxlr-nets",
    title="The largest learning rate of wide networks: the inverse of the largest eigenvalue of their kernel",
    source=Source(
        document=Document.IM,
        where="section 3, last paragraph",
        printed="The eigendecomposition of the kernels also provides a way of finding the maximum learning rate needed "
        "to converge which is simply the inverse of the largest eigenvalue and this was found to be accurate for real "
        "datasets as well.",
    ),
    hypotheses=(
        "Gradient descent with a fixed step $eta = c\\/lambda_max$ on $cal(L) = sum_i (f(x_i) - y_i)^2$. With this "
        "loss, which has no factor $1\\/2$, descent on the kernel model converges if and only if $eta < "
        "1\\/lambda_max$; with $1\\/2$ it is $eta < 2\\/lambda_max$, so that the inverse is right for this "
        "convention only.",
        "$lambda_max$ is the largest eigenvalue of the limiting NTK on the training inputs, $n = 4$ unit vectors with "
        "inner products $1\\/5$ and the labels $(1, -1, 1, -1)$. ReLU networks with one hidden layer of at least 512 "
        "neurons, NTK parametrisation with $c_sigma = 2$, both layers trained, no output subtracted.",
        "'Converge' is read in two ways. In the end: the loss falls below a thousandth of what it was. At once: every "
        "step lowers the loss. Where a statement holds with high probability, it is put to the test at $4\\/5$.",
        "'Accurate for real datasets' is out of reach here, as the suite comes with no data; what is tested is what "
        "the sentence says of any data.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="In the end: with a step above the inverse the loss does not become small. This reading is false.",
            statement=ProbabilityBound(
                deviation=-remaining_loss, bound=-_SMALL, level=_LEVEL, width=_WIDTH, domain=_ABOVE
            ),
            routes=_ROUTES,
            design=FailureProbability(at_least=0.9, source=f"{_NONE}: all converge"),
        ),
        Form(
            role=Role.CORRECTED,
            remark="At once: with a step below the inverse no step raises the loss.",
            statement=ProbabilityBound(
                deviation=largest_rise, bound=sp.S.Zero, level=_LEVEL, width=_WIDTH, domain=_BELOW
            ),
            routes=_ROUTES,
            design=_RARE,
            mutants=(
                Mutant(
                    name="up to five quarters of the inverse",
                    why_false="Along the top eigenvector every step multiplies the residual by $1 - 2 c = -3\\/2$.",
                    change={"domain": _steps("4/5", "5/4")},
                    design=_often(1.25),
                ),
                Mutant(
                    name="up to twice the inverse",
                    why_false="Twice the inverse is the threshold of the loss with the factor $1\\/2$.",
                    change={"domain": _steps("1/2", "4/5", "3/2")},
                    design=_often(1.5),
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="At once: with a step above the inverse some step raises the loss.",
            statement=ProbabilityBound(
                deviation=-largest_rise, bound=sp.S.Zero, level=_LEVEL, width=_WIDTH, domain=_ABOVE
            ),
            routes=_ROUTES,
            design=_RARE,
            mutants=(
                Mutant(
                    name="from half the inverse on",
                    why_false="At $c = 1\\/2$ one step of the linearised model takes all of the residual along the top "
                    "eigenvector away.",
                    change={"domain": _steps("1/2", "5/4", "3/2")},
                    design=_often(0.5),
                ),
                Mutant(
                    name="from four fifths of the inverse on",
                    why_false="Every part of the residual shrinks, that along the top eigenvector by $3\\/5$.",
                    change={"domain": _steps("4/5", "5/4", "3/2")},
                    design=_often(0.8),
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="In the end: with such a step the loss becomes small all the same.",
            statement=ProbabilityBound(
                deviation=remaining_loss, bound=_SMALL, level=_LEVEL, width=_WIDTH, domain=_ABOVE
            ),
            routes=_ROUTES,
            design=_RARE,
            mutants=(
                Mutant(
                    name="with any step",
                    why_false="With six times the inverse the first steps throw most neurons into the region where the "
                    "ReLU is zero on all inputs, from which none returns.",
                    change={"domain": _steps("5/4", "3/2", "6")},
                    design=_often(6.0),
                ),
                Mutant(
                    name="without a rise on the way",
                    why_false="The loss grows at first, until the kernel has become small enough for the step.",
                    change={"deviation": largest_rise, "bound": sp.S.Zero},
                    design=FailureProbability(at_least=0.9, source=_USUAL),
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The inverse tells, for wide networks as for the kernel model, with which steps the loss falls all the time. "
    "It is not the largest step to converge in the end: above it the loss grows along the top eigenvector, up to "
    "hundreds of times what it was, until the weights have moved so far that $lambda_max$ of the network's own "
    "kernel has fallen below the inverse of the step; then descent converges (Lewkowycz et al., 'the catapult'). "
    "The wider the network, the longer that takes: in the limit of infinite width, after any fixed number of steps, "
    "the kernel is still what it was, and the sentence is that of the kernel model.",
)

CLAIMS = (IM_LARGEST_STEP_OF_NETWORKS,)
