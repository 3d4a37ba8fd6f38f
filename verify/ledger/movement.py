"""How far the weights move in training: each neuron less and less, all of them together a constant distance."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiments.training import MOVEMENT, max_movement, total_movement
from verify.statement import Direction, Ordering, Rate, Trend
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)

SETTING = (
    "Two-layer network with $sigma = Phi$ (the normal distribution function), both layers trained by gradient flow on "
    "$1/2 sum_i (y_i - hat(f)(bold(x)_i))^2$ up to the time $T = 60$, when the residual is about $10^(-3)$; "
    '$hat(f) = f - f_"init"$.',
    "$a_r in {plus.minus 1}$ and $bold(w)_r tilde cal(N)(0, I)$ independent at initialisation; $n = 4$ unit inputs "
    "with pairwise inner products $1\\/5$. $theta_r = (bold(w)_r, a_r)$ are the parameters of neuron $r$, and $theta$ "
    "those of all neurons.",
)
MARGIN = (
    "The margin of $1/4$ is half the distance between the exponents that theory offers. At these widths a neuron's "
    "exponent is nearer to $-0.43$: the largest of $m$ movements grows with $m$ before it is divided by $sqrt(m)$."
)
ROUTES = (Measurement(name="trained networks of growing width", experiment=MOVEMENT),)
_PILOT = (
    "independent pilot of 60 to 200 networks a width: the standard deviation of the logarithm is at most 0.113; the "
    "local exponents are -0.39 to -0.46 for a neuron and 0.00 to 0.05 for all"
)
_each = Scaling(exponent=-0.43, shape="log-normal", log_sd=0.13, drift=0.06, source=_PILOT)
_all = Scaling(exponent=0.02, shape="log-normal", log_sd=0.13, drift=0.05, source=_PILOT)

_each_neuron = Form(
    role=Role.TESTED,
    remark="Each neuron moves by $O(m^(-1/2))$.",
    statement=Rate(
        quantity=max_movement,
        exponent=sp.Rational(-1, 2),
        direction=Direction.AT_MOST,
        margin=sp.Rational(1, 4),
        along=m,
    ),
    routes=ROUTES,
    design=_each,
    mutants=(
        Mutant(
            name="each neuron moves by O(1/m)",
            why_false="then all of them together would move by $O(m^(-1\\/2))$ and could not fit the labels.",
            change={"exponent": sp.S.NegativeOne},
        ),
        Mutant(
            name="all weights together move by O(m^(-1/2))",
            why_false="the total movement tends to the positive norm of the minimum-norm solution.",
            change={"quantity": total_movement},
            design=_all,
        ),
    ),
)

BE_CLAIM_WEIGHTS_CLOSE = Claim(
    id="be-claim-weights-close",
    title="Training does not go very far in weight space",
    source=Source(
        document=Document.BE,
        where="section 2, outline of the argument",
        printed='an infinite number of "features," but that is not an obstacle since the actual (delta-) weights being '
        "applied to them are also infinitesimal. […] we spend most of our time showing that we don't go very far in "
        "the weight space during gradient descent",
    ),
    hypotheses=SETTING,
    forms=(
        _each_neuron,
        Form(
            role=Role.TESTED,
            remark="All weights together move by $O(1)$.",
            statement=Rate(
                quantity=total_movement,
                exponent=sp.S.Zero,
                direction=Direction.AT_MOST,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=ROUTES,
            design=_all,
            mutants=(
                Mutant(
                    name="the total movement tends to zero like m^(-1/2)",
                    why_false="fitting the labels takes a movement of at least the norm of the minimum-norm solution.",
                    change={"exponent": sp.Rational(-1, 2)},
                ),
                Mutant(
                    name="bounded even after multiplication with √m",
                    why_false="the total movement itself does not shrink.",
                    change={"quantity": sp.sqrt(m) * total_movement},
                    design=Scaling(exponent=0.52, shape="log-normal", log_sd=0.13, drift=0.05, source=_PILOT),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note='"Infinitesimal" is true of each weight and false of the whole vector: see the mutants. ' + MARGIN,
)

IM_CLAIM_SMALL_CHANGES = Claim(
    id="im-claim-small-changes",
    title="As the width increases, training changes the parameters less and less",
    source=Source(
        document=Document.IM,
        where="section 1",
        printed="as width increases, training causes increasingly smaller changes to the parameters which leads to the "
        "idea of a limiting behavior as the width goes to infinity",
    ),
    hypotheses=SETTING,
    forms=(
        Form(
            role=Role.TESTED,
            remark="Read for each neuron: the largest movement of a neuron is smaller at every larger width.",
            statement=Ordering(quantity=max_movement, trend=Trend.DECREASING, along=m),
            routes=ROUTES,
            design=_each,
            mutants=(
                Mutant(
                    name="increasingly larger changes",
                    why_false="the largest movement of a neuron shrinks like $m^(-1\\/2)$.",
                    change={"trend": Trend.INCREASING},
                ),
                Mutant(
                    name="smaller even after multiplication with m",
                    why_false="$m$ times the largest movement grows like $sqrt(m)$.",
                    change={"quantity": m * max_movement},
                    design=Scaling(exponent=0.57, shape="log-normal", log_sd=0.13, drift=0.06, source=_PILOT),
                ),
            ),
        ),
        _each_neuron,
    ),
    expected=Verdict.SUPPORTED,
    note="True of every single parameter, and of the change relative to the initial weights; false of the change of "
    "all "
    "parameters together, whose norm tends to a positive constant. " + MARGIN,
)

CLAIMS = (BE_CLAIM_WEIGHTS_CLOSE, IM_CLAIM_SMALL_CHANGES)
