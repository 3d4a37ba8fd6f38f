"""The weights of Lecture 12's network at the start: the norm of a neuron, of the largest neuron, and of all of them."""

import sympy as sp

from derivations.expected_sums import by_expectations
from derivations.expressions import Expect
from verify.claim import (
    Certificate,
    Claim,
    Derivation,
    Document,
    ExactLaw,
    Form,
    Measurement,
    Mutant,
    Point,
    Role,
    Source,
)
from verify.decide.design import FailureProbability
from verify.experiments.first_layer import largest_neuron, neuron_norm
from verify.experiments.two_layer import MINIMUM_NORM, initial_norm
from verify.first_layer_laws import neuron, weights
from verify.statement import Identity, ProbabilityBound
from verify.verdict import Verdict

m, d = sp.symbols("m d", integer=True, positive=True)
j, k = sp.symbols("j k", integer=True)
w = sp.Symbol("w", real=True)
epsilon, delta = sp.symbols("epsilon delta", positive=True)

_START = "$W in bb(R)^(m times d)$ has the rows $w_i^top$ and independent entries $W_(i j) tilde cal(N)(0, 1)$."
_SQUARE = Expect(w**2, (w,), [[1]])
_SIZES = ((m, sp.S.Naturals), (d, sp.S.Naturals))
_POINTS: tuple[Point, ...] = tuple({m: width, d: inputs} for width, inputs in ((3, 2), (1, 4), (5, 5)))


def _mean_square(name: str, total: sp.Sum, value: sp.Expr, mutants: tuple[Mutant, ...]) -> Form:
    """A sum of E[w²] over entries, each from its definition."""
    return Form(
        role=Role.TESTED,
        remark=f"In the mean square, ${name}$: every entry counts $bb(E)[w^2]$.",
        statement=Identity(lhs=total, rhs=value, domain=_SIZES),
        routes=(
            Derivation(name="the second moment, summed", derive=by_expectations, spots=_POINTS[:2]),
            Certificate(name="quadrature and summation", points=_POINTS),
        ),
        mutants=mutants,
    )


def _grid(*values: str) -> sp.FiniteSet:
    return sp.FiniteSet(*map(sp.Rational, values))


# One neuron, and all of them.

_ROOT = sp.sqrt(d)
_ONE_BOUND = _ROOT + sp.sqrt(2 * sp.log(1 / delta))
_ALL_BOUND = _ROOT + sp.sqrt(2 * sp.log(m / delta))
_NEURONS = ((d, sp.FiniteSet(1, 8, 100)), (delta, _grid("1/20", "1/5")))
_BY_LAW = (ExactLaw(name="exact law", law=neuron),)

L12_CLAIM_WI_O1 = Claim(
    id="l12-claim-wi-O1",
    title="The weights of a neuron are of order 1 in the width, not those of all neurons at once",
    source=Source(
        document=Document.L12,
        where="section 12.2.1, after (12.2)",
        printed="$w_i^top approx O_(d,n)(1)$ and $x approx O_(d,n)(1)$",
    ),
    hypotheses=(
        _START,
        "$approx O_(d,n)(1)$ is read for one neuron $i$: with probability $1 - delta$ its norm is below a bound "
        "that does not depend on $m$. The sum over neurons that the sentence is about needs no more.",
    ),
    forms=(
        _mean_square(
            "bb(E) norm(w_i)_2^2 = d",
            sp.Sum(_SQUARE, (k, 1, d)),
            d,
            (
                Mutant(name="1, not $d$", why_false="There are several inputs.", change={"rhs": sp.S.One}),
                Mutant(
                    name="the largest possible, $d m$", why_false="There are several neurons.", change={"rhs": d * m}
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="One neuron, at every width.",
            statement=ProbabilityBound(
                deviation=neuron_norm, bound=_ONE_BOUND, level=delta, width=sp.S.One, domain=_NEURONS
            ),
            routes=_BY_LAW,
            mutants=(
                Mutant(
                    name="uniformly in $i$",
                    why_false="$max_i norm(w_i)$ grows without bound, like $sqrt(2 log m)$: at $d = 8$, $delta = "
                    "1\\/20$ and $m = 102$ it exceeds this bound with a probability above $delta$.",
                    change={"deviation": largest_neuron},
                ),
                Mutant(
                    name="below $sqrt(d)$",
                    why_false="About half of all neurons are longer.",
                    change={"bound": _ROOT},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="All neurons at once, at every width: the price is a logarithm of $m$.",
            statement=ProbabilityBound(
                deviation=largest_neuron, bound=_ALL_BOUND, level=delta, width=sp.S.One, domain=_NEURONS
            ),
            routes=_BY_LAW,
            mutants=(
                Mutant(
                    name="without the logarithm of $m$",
                    why_false="The largest of $m$ independent norms exceeds any fixed bound once $m$ is large.",
                    change={"bound": _ONE_BOUND},
                ),
                Mutant(
                    name="without $sqrt(d)$",
                    why_false="At $d = 100$ all norms are near 10, and $sqrt(2 log(m\\/delta))$ is 2 to 4 here.",
                    change={"bound": _ALL_BOUND - _ROOT},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="$norm(w_i)^2$ is chi-squared with $d$ degrees of freedom, and $P(max_i norm(w_i) <= t) = P(norm(w_1) <= "
    "t)^m$. $O_(d,n)(1)$ hides powers of $d$ and $n$, but not $log m$: uniformly in $i$ the statement is false, by "
    "that factor only.",
)

# All weights together.

_WIDTH = sp.ceiling(2 * sp.log(2 / delta) / (d * epsilon**2))
_RELATIVE = sp.Abs(initial_norm / sp.sqrt(d * m) - 1)
_CLOSE = ProbabilityBound(
    deviation=_RELATIVE,
    bound=epsilon,
    level=delta,
    width=_WIDTH,
    domain=(
        (d, sp.FiniteSet(1, 8, 100)),
        (epsilon, _grid("1/10", "1/4", "2/5")),
        (delta, _grid("1/100", "1/20")),
    ),
)

L12_LIM_12_20 = Claim(
    id="l12-lim-12.20",
    title="The norm of all weights is √(dm), up to a relative error that vanishes",
    source=Source(
        document=Document.L12,
        where="(12.20)-(12.21)",
        printed="$asymp sqrt(d m)$ (because $W^0$ has $d m$ entries of order 1) $= Theta_(d,n)(sqrt(m))$",
    ),
    hypotheses=(
        _START,
        "The left side is $norm(theta^0)_2 = norm(W^0)_F$; the square in (12.19) is a slip (see l12-mis-12.19).",
        "$asymp$ is tested with the constants $1 plus.minus epsilon$, for every $epsilon > 0$ of a grid.",
    ),
    forms=(
        _mean_square(
            "bb(E) norm(W^0)_F^2 = d m",
            sp.Sum(_SQUARE, (j, 1, m), (k, 1, d)),
            d * m,
            (
                Mutant(name="one entry a neuron", why_false="There are several inputs.", change={"rhs": m}),
                Mutant(
                    name="twice as much, as for complex entries",
                    why_false="$bb(E)[w^2] = 1$.",
                    change={"rhs": 2 * d * m},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With high probability, at every width from $2 log(2\\/delta)\\/(d epsilon^2)$ on.",
            statement=_CLOSE,
            routes=(ExactLaw(name="exact law", law=weights),),
            mutants=(
                Mutant(
                    name="the square of the norm, as printed in (12.19)",
                    why_false="$norm(W^0)_F^2$ is near $d m$.",
                    change={"deviation": sp.Abs(initial_norm**2 / sp.sqrt(d * m) - 1)},
                ),
                Mutant(
                    name="$d m$ in place of $sqrt(d m)$",
                    why_false="The norm is near $sqrt(d m)$.",
                    change={"deviation": sp.Abs(initial_norm / (d * m) - 1)},
                ),
                Mutant(
                    name="a quarter of the tolerance at the same width",
                    why_false="The standard deviation of the norm is about $1\\/sqrt(2)$, that tolerance "
                    "$sqrt(2 log(2\\/delta))\\/4 < 0.82$ where the width is not rounded up by much.",
                    change={"bound": epsilon / 4},
                ),
                Mutant(
                    name="at a width smaller by a factor of $d$",
                    why_false="At $d = 100$, $epsilon = 1\\/10$ one neuron would do, but the norm of one is not within "
                    "a tenth of 10 with that probability.",
                    change={"width": sp.ceiling(2 * sp.log(2 / delta) / (d * epsilon) ** 2)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="Networks drawn weight by weight, $d = 8$.",
            statement=ProbabilityBound(
                deviation=sp.Abs(initial_norm / sp.sqrt(8 * m) - 1),
                bound=epsilon,
                level=delta,
                width=sp.ceiling(2 * sp.log(2 / delta) / (8 * epsilon**2)),
                domain=((epsilon, _grid("1/4")), (delta, _grid("1/5"))),
            ),
            routes=(Measurement(name="networks drawn weight by weight", experiment=MINIMUM_NORM),),
            design=FailureProbability(at_most=1e-6, source="the exact law at m = 64, the smallest width sampled"),
            mutants=(
                Mutant(
                    name="the square of the norm",
                    why_false="It is near $8 m$.",
                    change={"deviation": sp.Abs(initial_norm**2 / sp.sqrt(8 * m) - 1)},
                    design=FailureProbability(at_least=0.999, source="the exact law"),
                ),
                Mutant(
                    name="$8 m$ in place of its root",
                    why_false="The norm is near $sqrt(8 m)$.",
                    change={"deviation": sp.Abs(initial_norm / (8 * m) - 1)},
                    design=FailureProbability(at_least=0.999, source="the exact law"),
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="$norm(W^0)_F^2$ is chi-squared with $d m$ degrees of freedom, and the width follows from Chernoff's bound: "
    "$P(|norm(W^0)_F - sqrt(d m)| > t) <= e^(-t^2\\/2) + e^(-t^2)$.",
)

CLAIMS = (L12_CLAIM_WI_O1, L12_LIM_12_20)
