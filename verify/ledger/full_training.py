"""Networks and their linearisation, trained by the same steps: they stay together as the width grows."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiments.discretisation import LINEARISED, MINI_BATCH, other_batches_gap
from verify.experiments.trained_columns import test_gap
from verify.statement import Direction, Rate
from verify.verdict import Verdict

m, L = sp.symbols("m L", integer=True, positive=True)
_batch = sp.Symbol(MINI_BATCH, integer=True, positive=True)

_PILOTED = "independent pilot of 400 to 600 networks at each point: at most 0.67, local exponents from -0.99 to -0.87"

_PILOT = Scaling(exponent=-0.93, shape="log-normal", log_sd=0.7, drift=0.07, source=_PILOTED)

DS_FULL_TRAINING = Claim(
    id="ds-full-training",
    title="Training a wide network is training its linearisation",
    source=Source(
        document=Document.DS,
        where="slide 'Full training with any architecture'",
        printed="It's generally true (with a much more complicated proof) that for essentially any neural network "
        "architecture (CNNs, RNNs, GNNs, ...) in the limit as the network becomes wider, for appropriate "
        "Gaussian-distributed $bold(w)$, for small SGD step sizes $eta$, then for any $bold(x)$ and $t$, it holds that "
        '$f_t (bold(x))$ converges almost surely to $f_t^"lin" (bold(x))$',
    ),
    hypotheses=(
        "Spot checks: fully connected tanh networks with $L = 1, 2$ hidden layers of width $m$ and one output, NTK "
        "parametrisation, weights $cal(N)(0, 1)$, all trained, under the square loss on $n = 4$ unit vectors with "
        "inner products $1\\/5$ and the labels $(1, -1, 1, -1)$. Other architectures are not tested.",
        '$f^"lin"$ is the network linearised at its start. Both are trained by 16 steps of the length $1\\/4$, below '
        "$1\\/lambda_max$, on all inputs or on mini-batches of two, with the gradient of a batch doubled; the batches "
        "are the same for both, shuffled once and for all. The distance is the largest at three test points and over "
        "all steps.",
        'The text at hand has stray exponents, $f_t (bold(x))^(j w_t)$ and $f_t^"lin" (bold(x))^(j w_t)$, that mean '
        "nothing here and are left out.",
        "A limit says nothing of any width. What is tested is that the distance decays at least like $m^(-1\\/2)$, as "
        'the bounds on $f - f^"lin"$ do; orders are multiples of $1\\/2$, and the margin of $1\\/8$ leaves room for '
        "none between. Networks of different widths are independent here, so this is convergence in probability.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="By gradient descent and by mini-batches.",
            statement=Rate(
                quantity=test_gap,
                exponent=sp.Rational(-1, 2),
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 8),
                along=m,
                domain=((L, sp.FiniteSet(1, 2)), (_batch, sp.FiniteSet(2, 4))),
            ),
            routes=(Measurement(name="networks and their linearisation", experiment=LINEARISED),),
            design=_PILOT,
            mutants=(
                Mutant(
                    name="different batches",
                    why_false="Two runs of SGD that see the inputs in different orders differ at any width.",
                    change={"quantity": other_batches_gap, "domain": ((L, sp.FiniteSet(1)), (_batch, sp.FiniteSet(2)))},
                    design=Scaling(
                        exponent=-0.01,
                        shape="log-normal",
                        log_sd=0.45,
                        drift=0.05,
                        source="the same pilot: at most 0.43, from -0.01 to 0.01",
                    ),
                ),
                Mutant(
                    name="at least like $m^(-2)$",
                    why_false="The second derivatives of $f$ by the weights are of order $m^(-1\\/2)$, with signs that "
                    "cancel at best to $1\\/m$.",
                    change={"exponent": sp.Integer(-2)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The distance is found to decay nearly like $1\\/m$: the read-out has random signs, which cancel the first "
    "order of the kernel's drift. For activations with kinks they do not, and $m^(-1\\/2)$ is sharp.",
)

CLAIMS = (DS_FULL_TRAINING,)
