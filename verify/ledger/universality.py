"""What the infinite kernel depends on: not on the law of the weights beyond its variance, but for the first layer."""

import sympy as sp

from derivations.expressions import Expect, Iterate, relu, step
from derivations.kernels import relu_kernel, relu_nngp, relu_ntk
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred
from verify.experiments.initialisation import ntk
from verify.experiments.wide_networks import WEIGHT_LAWS
from verify.ledger.initialisation import L, Theta, m, ntk_recursion, rho
from verify.quantities import notation
from verify.statement import Limit
from verify.verdict import Verdict

r, u, v = sp.symbols("r u v", real=True)
h = sp.Symbol("h", integer=True, nonnegative=True)
law = sp.Symbol(notation("law", typst='"law of the weights"', latex=r"\text{law of the weights}", text="law"))
first = sp.Symbol(
    notation("first", typst='"law of the first layer"', latex=r"\text{law of the first layer}", text="first law")
)
SIGNS = sp.Symbol(notation("rademacher", typst='"signs"', latex=r"\text{signs}", text="signs"))
UNIFORM = sp.Symbol(notation("uniform", typst='"uniform"', latex=r"\text{uniform}", text="uniform"))
NORMAL = sp.Symbol(notation("normal", typst='"normal"', latex=r"\text{normal}", text="normal"))

_ROUTES = (Measurement(name="random networks with other weights", experiment=WEIGHT_LAWS),)
_ONE = sp.S.One
_STEPS = Iterate(2 * Expect(step(u) * step(v), (u, v), [[1, r], [r, 1]]), r, h, rho, L)
_UNIT = (_ONE, _ONE, rho)

# Weights ±1 in the first layer too, inputs (1, 0) and (ρ, √(1-ρ²)): four equally likely rows of weights.

_ROWS = [(one, other) for one in (1, -1) for other in (1, -1)]
_PAIRS = [(sp.Integer(one), one * rho + other * sp.sqrt(1 - rho**2)) for one, other in _ROWS]
_BY_SIGNS = 2 * sum(relu(p) * relu(q) for p, q in _PAIRS) / 4 + rho * 2 * sum(step(p) * step(q) for p, q in _PAIRS) / 4

IM_CLAIM_NTK_DEPENDS = Claim(
    id="im-claim-ntk-depends",
    title="The NTK depends on the depth, the nonlinearity and the variance of the weights alone",
    source=Source(
        document=Document.IM,
        where="section 1",
        printed="Some of the nice properties of the NTK are that it only depends on the depth, the nonlinearity, and "
        "initialization variance of the neural network",
    ),
    hypotheses=(
        "For a given architecture (fully connected), parametrisation and inputs, and without biases. The report does "
        "not state the law of the weights; the paper it reviews takes $cal(N)(0, 1)$.",
        "ReLU, $c_sigma = 2$, hidden widths $m$; inputs $x = (1, 0)$, $x' = (rho, sqrt(1 - rho^2))$, $rho = 3\\/5$. "
        "The first layer's weights are normal; all others, the read-out's too, are independent signs or uniform, of "
        "mean 0 and variance 1, with fourth moments 1 and $9\\/5$ in place of 3. Two hidden layers, so that a "
        "matrix with this law stands between two layers.",
        "Last form: signs in the first layer too, one hidden layer.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Weights of other laws and the same variance: the same kernel.",
            statement=Limit(
                quantity=ntk,
                value=Theta,
                tolerance=sp.Rational(1, 5),
                along=m,
                where=ntk_recursion,
                domain=((law, sp.FiniteSet(SIGNS, UNIFORM)), (first, sp.FiniteSet(NORMAL)), (L, sp.FiniteSet(2))),
            ),
            routes=_ROUTES,
            design=Centred(
                centre=relu_ntk(L, rho), scale=4.7, bias=-4.0, source="independent pilot of 1000 draws a width"
            ),
            mutants=(
                Mutant(
                    name="in proportion to the fourth moment",
                    why_false="The backward signal is a sum over a layer, in which squares of weights are averaged; "
                    "the fourth moment of signs is a third of that of normal weights.",
                    change={
                        "value": relu_nngp(L, rho) + (Theta - relu_nngp(L, rho)) / 3,
                        "domain": ((law, sp.FiniteSet(SIGNS)), (first, sp.FiniteSet(NORMAL)), (L, sp.FiniteSet(2))),
                    },
                ),
                Mutant(
                    name="whatever the variance",
                    why_false="With weights of half the variance the kernel is a quarter of this one.",
                    change={"value": relu_kernel(L, _UNIT, _ONE)},
                ),
                Mutant(
                    name="whatever the depth",
                    why_false="With one hidden layer the kernel is $1.10$, with two $1.54$.",
                    change={"value": relu_ntk(L - 1, rho)},
                ),
                Mutant(
                    name="whatever the nonlinearity",
                    why_false="For the step function, whose derivative is zero, the kernel is the covariance alone, "
                    "$0.75$.",
                    change={"value": _STEPS},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The hypothesis on the first layer is needed: with signs there too the kernel is another, 1 in "
            "place of $1.10$. A preactivation of the first layer is a sum over the coordinates of the input, whose "
            "number does not grow.",
            statement=Limit(
                quantity=ntk,
                value=_BY_SIGNS,
                tolerance=sp.Rational(1, 25),
                along=m,
                domain=((law, sp.FiniteSet(SIGNS)), (first, sp.FiniteSet(SIGNS)), (L, sp.FiniteSet(1))),
            ),
            routes=_ROUTES,
            design=Centred(
                centre=sp.S.One,
                scale=1.8,
                source="four times a mean of Bernoulli variables with p = 1/4: the standard deviation is √3",
            ),
            mutants=(
                Mutant(
                    name="the kernel of normal weights",
                    why_false="$Theta^((1)) = 1.10$.",
                    change={"value": relu_ntk(L, rho)},
                ),
                Mutant(
                    name="the read-out's part alone",
                    why_false="The first layer is trained too: it adds $3\\/10$.",
                    change={"value": 2 * sum(relu(p) * relu(q) for p, q in _PAIRS) / 4},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="'Only' needs the architecture, the parametrisation and the biases to be given. Of the weights' law the limit "
    "sees the variance alone in every layer but the first; there it sees the whole law, unless the input has many "
    "coordinates of comparable size. Signs and uniform weights approach the limit with another bias. The tolerance "
    "of $1\\/5$ is less than half of the distance to the nearest mutant.",
)

CLAIMS = (IM_CLAIM_NTK_DEPENDS,)
