"""Wide networks fit any labels: (stochastic) gradient descent takes the training error to zero."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import FailureProbability
from verify.experiments.discretisation import MINI_BATCH
from verify.experiments.interpolating import RANDOM_LABELS, mistakes, training_loss
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

_batch = sp.Symbol(MINI_BATCH, integer=True, positive=True)

_ROUTES = (Measurement(name="networks trained on random labels", experiment=RANDOM_LABELS),)
_LEVEL, _SMALL = sp.Rational(1, 5), sp.Rational(1, 100)
_WIDE = sp.Integer(64)
_GRADIENT_DESCENT = ((_batch, sp.FiniteSet(20)),)
_BOTH = ((_batch, sp.FiniteSet(5, 20)),)

_RARE = FailureProbability(
    at_most=0.0046,
    source="independent pilot of 6000 networks at width 64 and 5000 at width 256, with each size of batches: at most 2 "
    "failed, so a probability above 0.0046 is excluded but for a chance of 1e-9",
)


def _narrow(width: int) -> FailureProbability:
    return FailureProbability(
        at_least=0.9, at=(("m", width),), source=f"independent pilot of 2000 networks at width {width}: over 98 % fail"
    )


def _mutants(loss: bool) -> tuple[Mutant, ...]:
    """Both are about widths below those claimed."""
    one = "does not even get the signs right" if not loss else "is at least 1 where the neuron's sign is wrong"
    return (
        Mutant(
            name="one neuron",
            why_false=f"The output of one ReLU has one sign on all inputs, and the labels have not: it {one}.",
            change={"width": sp.S.One},
            design=_narrow(1),
        ),
        Mutant(
            name="two neurons",
            why_false="They would have to be active on the inputs of one label each.",
            change={"width": sp.Integer(2)},
            design=_narrow(2),
        ),
    )


_SETTING = (
    "ReLU networks with one hidden layer of $m$ neurons and one output, NTK parametrisation with $c_sigma = 2$, "
    "weights $cal(N)(0, 1)$, both layers trained under $1\\/2 sum_i (f(x_i) - y_i)^2$ by 160 steps.",
    "The training data are $N = 20$ points drawn once from the unit sphere of $bb(R)^10$, with labels $plus.minus "
    "1$ that are drawn anew for every network by the toss of a coin. So there is nothing to learn: fitting them "
    "takes capacity.",
    "'Over-parameterised' is put to the test as $m >= 64$, that is 704 parameters and more for 20 labels. The document "
    "gives no probability; $4\\/5$ is tested.",
)

IM_ZERO_ERROR = Claim(
    id="im-claim-zero-error",
    title="Over-parameterised networks reach zero training error",
    source=Source(
        document=Document.IM,
        where="section 1",
        printed="one surprising result is that having overparameterized models can reach zero error and still "
        "generalize well",
    ),
    hypotheses=(
        *_SETTING,
        "Gradient descent with the step $0.15$, which is below $2\\/lambda_max$. 'Zero error': every sign is right, "
        "and the mean squared error, which no finite number of steps takes to zero, is below $1\\/100$; at the "
        "start it is near 2. That such models 'still generalize well' is not part of this claim.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="No input is misclassified.",
            statement=ProbabilityBound(
                deviation=mistakes, bound=sp.S.Zero, level=_LEVEL, width=_WIDE, domain=_GRADIENT_DESCENT
            ),
            routes=_ROUTES,
            design=_RARE,
            mutants=_mutants(loss=False),
        ),
        Form(
            role=Role.TESTED,
            remark="The loss is small.",
            statement=ProbabilityBound(
                deviation=training_loss, bound=_SMALL, level=_LEVEL, width=_WIDE, domain=_GRADIENT_DESCENT
            ),
            routes=_ROUTES,
            design=_RARE,
            mutants=_mutants(loss=True),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

DS_GLOBAL_MINIMUM = Claim(
    id="ds-overparam-global",
    title="Very over-parameterised networks under the square loss: (S)GD finds a global minimum",
    source=Source(
        document=Document.DS,
        where="slide 'Does training neural nets work?'",
        printed="Several papers around 2018-19 showed: If the network is very overparameterized (width $>> N$, "
        "possibly $-> infinity$) and we use an appropriate random initialization with square loss then (S)GD finds "
        "a global minimum",
    ),
    hypotheses=(
        *_SETTING,
        "Gradient descent with the step $0.15$ and mini-batches of 5 inputs, epoch by epoch, with the step $0.1$ "
        "and the gradient of a batch times $4$. Global minima have the loss 0, as there are more parameters than "
        "labels.",
        "'Finds': the mean squared error after 160 steps is below $1\\/100$; at the start it is near 2.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="By gradient descent and by mini-batches of 5.",
            statement=ProbabilityBound(deviation=training_loss, bound=_SMALL, level=_LEVEL, width=_WIDE, domain=_BOTH),
            routes=_ROUTES,
            design=_RARE,
            mutants=_mutants(loss=True),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The papers ask for widths that grow like powers of $N$; here three neurons for every label are enough. "
    "With a constant step SGD too takes the loss to zero: where all labels are fitted the gradients of all batches "
    "vanish.",
)

CLAIMS = (IM_ZERO_ERROR, DS_GLOBAL_MINIMUM)
