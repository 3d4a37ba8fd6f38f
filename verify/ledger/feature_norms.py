"""The size of the features of Lecture 12's network: how many neurons are active, and the Frobenius norm."""

import sympy as sp

from derivations import relu_identities
from derivations.expected_sums import by_expectations
from derivations.expressions import Expect, relu, step
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
from verify.experiments.first_layer import CORRELATED_FEATURES, ORTHONORMAL_FEATURES, entries_norm, feature_norm
from verify.first_layer_laws import active_neurons, features
from verify.ledger._points import entries
from verify.statement import Identity, ProbabilityBound
from verify.verdict import Verdict

m, d, n = sp.symbols("m d n", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
a, s = sp.symbols("a s", integer=True)
z = sp.Symbol("z", real=True)
x = sp.IndexedBase("x", real=True)
epsilon, delta = sp.symbols("epsilon delta", positive=True)

_SETUP = (
    "Two-layer ReLU network with $a_i in {plus.minus 1}$ fixed and $W_(i j) tilde cal(N)(0, 1)$ independent; no input "
    "is zero."
)
_COINS = (
    "Each $w_i^top x$ has either sign with probability $1\\/2$, so the number of active neurons is binomial: "
    '$norm(a dot.o sigma\'(W x))_2^2 tilde "Bin"(m, 1\\/2)$.'
)
_ACTIVE = Expect(step(z) ** 2, (z,), [[1]])
"""E[σ'(w·x)²], the sign of w·x being that of a standard normal variable."""
_WIDTH = sp.ceiling(sp.log(2 / delta) / (2 * epsilon**2))


def _grid(*values: str) -> sp.FiniteSet:
    return sp.FiniteSet(*map(sp.Rational, values))


_TOLERANCES = ((epsilon, _grid("1/10", "1/4", "2/5")), (delta, _grid("1/100", "1/20")))
_SAMPLED = ((epsilon, _grid("1/4")), (delta, _grid("1/10")))
_QUARTER = (
    "At that width $2 m epsilon^2$ is $log(2\\/delta)$ but for rounding, so a quarter of $epsilon$ is at most $0.83$ "
    "standard deviations $1\\/(2 sqrt(m))$."
)

# Entries.

_VALUES: tuple[Point, ...] = tuple({a: sign, s: slope} for sign in (-1, 1) for slope in (0, 1))
_SIZES = ((m, sp.S.Naturals),)
_WIDTHS: tuple[Point, ...] = tuple({m: width} for width in (1, 4, 7))
_SHARE = sp.Abs(entries_norm**2 / m - sp.S.Half)
_ORDER = ProbabilityBound(deviation=_SHARE, bound=epsilon, level=delta, width=_WIDTH, domain=_TOLERANCES)

L12_CLAIM_ENTRIES_O1 = Claim(
    id="l12-claim-entries-O1",
    title="The entries of a ⊙ σ'(Wx) are 0 or ±1, and about half of them are not 0",
    source=Source(
        document=Document.L12,
        where="proof of Lemma 12.3, after (12.14)",
        printed="$a dot.o sigma'(w x^((i)))$ is a vector of length $m$ with each entry being on the order of 1 (each "
        "$a_i$ is either $1$ or $-1$, and $sigma'$ is either 0 or 1)",
    ),
    hypotheses=(
        _SETUP,
        _COINS,
        "'On the order of 1' bounds an entry from above: by the words in brackets it may be 0. What (12.13) concludes, "
        "a norm of the order $sqrt(m)$, is tested as what it says of all entries together.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="One entry, $a_j$ times the slope $s = sigma'(w_j^top x)$: of size 0 or 1, as the slope is.",
            statement=Identity(lhs=sp.Abs(a * s), rhs=s, domain=((a, sp.FiniteSet(-1, 1)), (s, sp.FiniteSet(0, 1)))),
            routes=(
                Derivation(name="all four cases", derive=relu_identities.exhaustive, spots=_VALUES[:2]),
                Certificate(name="exact values", points=_VALUES, covers_domain=True),
            ),
            mutants=(
                Mutant(
                    name="every entry of size 1",
                    why_false="A neuron that is not active contributes 0.",
                    change={"rhs": sp.S.One},
                ),
                Mutant(name="with its sign", why_false="$a = -1$, $s = 1$.", change={"lhs": a * s}),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="$bb(E) norm(a dot.o sigma'(W x))_2^2$, with $a_j^2 = 1$: half of the entries count.",
            statement=Identity(lhs=sp.Sum(_ACTIVE, (j, 1, m)), rhs=m / 2, domain=_SIZES),
            routes=(
                Derivation(name="the second moment, summed", derive=by_expectations, spots=_WIDTHS[:2]),
                Certificate(name="quadrature and summation", points=_WIDTHS),
            ),
            mutants=(
                Mutant(name="all entries count", why_false="Half of them are 0 in the mean.", change={"rhs": m}),
                Mutant(
                    name="with $sigma$ in place of $sigma'$, at $d = 1$ and $x = 2$",
                    why_false="Then it is $m norm(x)^2\\/2 = 2 m$.",
                    change={"lhs": sp.Sum(Expect(relu(z) ** 2, (z,), [[4]]), (j, 1, m))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With high probability the norm is of the order $sqrt(m)$, between $sqrt((1\\/2 - epsilon) m)$ and "
            "$sqrt((1\\/2 + epsilon) m)$.",
            statement=_ORDER,
            routes=(ExactLaw(name="exact law", law=active_neurons),),
            mutants=(
                Mutant(
                    name="no entry is 0",
                    why_false="Then the squared norm would be $m$.",
                    change={"deviation": sp.Abs(entries_norm**2 / m - 1)},
                ),
                Mutant(
                    name="the norm of the order $m$",
                    why_false="It is the square that is.",
                    change={"deviation": sp.Abs(entries_norm / m - sp.S.Half)},
                ),
                Mutant(
                    name="a quarter of the tolerance at the same width",
                    why_false=_QUARTER,
                    change={"bound": epsilon / 4},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="Networks drawn weight by weight.",
            statement=ProbabilityBound(deviation=_SHARE, bound=epsilon, level=delta, width=_WIDTH, domain=_SAMPLED),
            routes=(Measurement(name="networks drawn weight by weight", experiment=ORTHONORMAL_FEATURES),),
            design=FailureProbability(at_most=1e-4, source="the exact law at m = 64, the smallest width sampled"),
            mutants=(
                Mutant(
                    name="no entry is 0",
                    why_false="Then the squared norm would be $m$.",
                    change={"deviation": sp.Abs(entries_norm**2 / m - 1)},
                    design=FailureProbability(at_least=0.99, source="the exact law"),
                ),
                Mutant(
                    name="a quarter of the tolerance at the same width",
                    why_false="At $m = 64$ that tolerance is one standard deviation.",
                    change={"bound": epsilon / 4},
                    design=FailureProbability(at_least=0.25, at=(("m", 64),), source="the exact law: 0.2604"),
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="Half of the entries are exactly 0, so 'on the order of 1' holds for each from above only; in aggregate it "
    "holds from below as well, which is what (12.13) uses.",
)

# The Frobenius norm.

_INPUT_SQUARES = sp.Sum(x[i, k] ** 2, (i, 1, n), (k, 1, d))
_MEAN = sp.Sum(sp.Sum(x[i, k] ** 2, (k, 1, d)) * sp.Sum(_ACTIVE, (j, 1, m)), (i, 1, n)) / m
_DATA: tuple[Point, ...] = tuple(
    {m: width, d: len(rows[0]), n: len(rows), x: entries(rows)}
    for width, rows in ((3, [["3/5", "4/5"], ["-1", "1/2"]]), (1, [["2"]]), (2, [["1", "0", "1"], ["0", "0", "1"]]))
)
_NORM = sp.Abs(feature_norm**2 / n - sp.S.Half)
_ANY_INPUTS = ProbabilityBound(
    deviation=_NORM,
    bound=epsilon,
    level=delta,
    width=_WIDTH,
    domain=((n, sp.FiniteSet(1, 8, 1000)), *_TOLERANCES),
)
_ALL = Mutant(
    name="as if all neurons were active",
    why_false="Half of them are, in the mean.",
    change={"deviation": sp.Abs(feature_norm**2 / n - 1)},
)
_NOT_SUMMED = Mutant(
    name="without the number of examples",
    why_false="The squared norm is a sum over the examples, and there are more than one.",
    change={"deviation": sp.Abs(feature_norm**2 - sp.S.Half)},
)

L12_LEM_12_3_F = Claim(
    id="l12-lem-12.3-F",
    title="Lemma 12.3: the Frobenius norm of the features does not depend on the width",
    source=Source(document=Document.L12, where="Lemma 12.3, first half", printed="$norm(phi)_F asymp Theta_(d,n)(1)$"),
    hypotheses=(
        _SETUP,
        "By (12.12) $norm(phi^((i)))_2^2 = norm(x^((i)))_2^2 N_i\\/m$, where $N_i$ is the number of neurons that are "
        "active at $x^((i))$. " + _COINS,
        "The forms with a probability: unit inputs, any number of them in any position; $asymp$ with the constants "
        "$sqrt(n(1\\/2 plus.minus epsilon))$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="In the mean square: $bb(E) norm(phi)_F^2 = 1/2 sum_i norm(x^((i)))_2^2$, at every width.",
            statement=Identity(
                lhs=_MEAN,
                rhs=_INPUT_SQUARES / 2,
                domain=((m, sp.S.Naturals), (d, sp.S.Naturals), (n, sp.S.Naturals), (x[i, k], sp.S.Reals)),
            ),
            routes=(
                Derivation(name="the second moment, summed", derive=by_expectations, spots=_DATA[:2]),
                Certificate(name="quadrature and summation", points=_DATA),
            ),
            mutants=(
                Mutant(
                    name="without the half", why_false="Half of the neurons are active.", change={"rhs": _INPUT_SQUARES}
                ),
                Mutant(
                    name="without the scaling of the network",
                    why_false="Two factors $1\\/sqrt(m)$ cancel the sum over $m$ neurons; without them it remains.",
                    change={"lhs": m * _MEAN},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With high probability, for all unit inputs.",
            statement=_ANY_INPUTS,
            routes=(ExactLaw(name="exact law", law=features),),
            mutants=(
                _ALL,
                _NOT_SUMMED,
                Mutant(
                    name="a quarter of the tolerance at the same width",
                    why_false="For equal inputs the norm is that of one. " + _QUARTER,
                    change={"bound": epsilon / 4},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="Networks drawn weight by weight, at 8 correlated inputs.",
            statement=ProbabilityBound(
                deviation=_NORM,
                bound=epsilon,
                level=delta,
                width=_WIDTH,
                domain=((n, sp.FiniteSet(8)), *_SAMPLED),
            ),
            routes=(Measurement(name="networks drawn weight by weight", experiment=CORRELATED_FEATURES),),
            design=FailureProbability(at_most=1e-4, source="Chernoff's bound at m = 512"),
            mutants=tuple(
                Mutant(
                    name=one.name,
                    why_false=one.why_false,
                    change=one.change,
                    design=FailureProbability(at_least=0.99, source="Chernoff's bound at m = 512"),
                )
                for one in (_ALL, _NOT_SUMMED)
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="The width demanded does not depend on $n$, $d$ or the inputs: $norm(phi)_F^2\\/n$ is an average of shares of "
    "active neurons, and Chernoff's bound holds for averages of dependent ones. Equal inputs are the worst case.",
)

CLAIMS = (L12_CLAIM_ENTRIES_O1, L12_LEM_12_3_F)
