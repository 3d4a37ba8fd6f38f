"""Identities of the ReLU: homogeneity, the absolute value, the product of two signs as a network of four neurons."""

import sympy as sp

from derivations import relu_identities
from derivations.expressions import normal_cdf, normal_pdf, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity
from verify.verdict import Verdict

z, t = sp.symbols("z t", real=True)
x1, x2 = sp.symbols("x_1 x_2", real=True)

SIGNS = sp.FiniteSet(-1, 1)
CUBE = ((x1, SIGNS), (x2, SIGNS))
PLANE = ((x1, sp.S.Reals), (x2, sp.S.Reals))
_TINY = sp.Rational(1, 10**12)
LINE = (-1000, sp.Rational(-7, 3), -_TINY, 0, _TINY, sp.Rational(1, 2), 1, 1000)
"""Reals on both sides of the kink, next to it and on it."""


def _on_the_line(x: sp.Symbol) -> tuple[Point, ...]:
    return tuple({x: value} for value in LINE)


DS_RELU_ID = Claim(
    id="ds-relu-id",
    title="The ReLU is its argument times its derivative",
    source=Source(
        document=Document.DS,
        where="slides after 'How good is the approximation?', the bracket that vanishes",
        printed="$sigma(bold(w)_(0,j) dot bold(x)) - sigma'(bold(w)_(0,j) dot bold(x)) bold(w)_(0,j) dot bold(x) = 0$ "
        "for ReLU: $sigma(z) = z sigma'(z)$",
    ),
    hypotheses=(
        "$sigma(z) = max(z, 0)$.",
        "$sigma'(0) = 1$, as on the slide 'arccos kernel'; the identity holds for any value given to $sigma'(0)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=relu(z), rhs=z * step(z), domain=((z, sp.S.Reals),)),
            routes=(
                Derivation(
                    name="the sign of z", derive=relu_identities.homogeneous, spots=({z: 3}, {z: 0}, {z: -_TINY})
                ),
                Certificate(name="balls on the line", points=_on_the_line(z)),
            ),
            mutants=(
                Mutant(
                    name="the ReLU equals its derivative",
                    why_false="At $z = 3$ the one is 3, the other 1.",
                    change={"rhs": step(z)},
                ),
                Mutant(
                    name="the identity for the softplus",
                    why_false="$log(1 + e^z) > 0$ also at $z = 0$, where the right side vanishes.",
                    change={"lhs": sp.log(1 + sp.exp(z)), "rhs": z / (1 + sp.exp(-z))},
                ),
                Mutant(
                    name="the identity for the GELU",
                    why_false="With $sigma(z) = z Phi(z)$ the sides differ by $z^2 phi(z)$, which is not zero unless "
                    "$z = 0$.",
                    change={"lhs": z * normal_cdf(z), "rhs": z * (normal_cdf(z) + z * normal_pdf(z))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="At $z = 0$ both sides vanish whatever $sigma'(0)$ is: the convention $sigma'(0) = 1$ does not matter here.",
)

L12_ABSOLUTE_VALUE = Claim(
    id="l12-id-12.23",
    title="Two ReLUs make the absolute value",
    source=Source(
        document=Document.L12,
        where="Example 12.5, from (12.22) to (12.23)",
        printed='(12.23) follows from the fact that $phi_"relu"(t) + phi_"relu"(-t) = |t|$ for all $t$',
    ),
    hypotheses=('$phi_"relu"(t) = max{t, 0}$.',),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=relu(t) + relu(-t), rhs=sp.Abs(t), domain=((t, sp.S.Reals),)),
            routes=(
                Derivation(name="the sign of t", derive=relu_identities.by_sign, spots=({t: 3}, {t: 0}, {t: -_TINY})),
                Certificate(name="balls on the line", points=_on_the_line(t)),
            ),
            mutants=(
                Mutant(
                    name="the difference of the two",
                    why_false="$phi(t) - phi(-t) = t$, which is $-|t|$ for negative $t$.",
                    change={"lhs": relu(t) - relu(-t)},
                ),
                Mutant(
                    name="their mean",
                    why_false="At $t = 1$ it is $1\\/2$.",
                    change={"lhs": (relu(t) + relu(-t)) / 2},
                ),
                Mutant(
                    name="one of them alone",
                    why_false="$phi(t) = 0 < |t|$ for negative $t$.",
                    change={"lhs": relu(t)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_CORNERS: tuple[Point, ...] = tuple({x1: a, x2: b} for a in (-1, 1) for b in (-1, 1))
_OFF_THE_CUBE: Point = {x1: 2, x2: 3}
"""Outside the domain of the claim; of use only where a mutant enlarges it."""
_EXHAUSTIVE = (
    Derivation(name="the four points", derive=relu_identities.exhaustive, spots=(*_CORNERS, _OFF_THE_CUBE)),
    Certificate(name="balls on the whole domain", points=(*_CORNERS, _OFF_THE_CUBE), covers_domain=True),
)
_EVERYWHERE = Mutant(
    name="for all real inputs",
    why_false="At $(2, 3)$ the left side is 2, the right side 6.",
    change={"domain": PLANE},
)
_PRINTED = (
    '$hat(y) = 1\\/2 [phi_"relu"(x_1 + x_2) + phi_"relu"(-x_1 - x_2) - phi_"relu"(x_1 - x_2) '
    '- phi_"relu"(x_2 - x_1)] = 1\\/2 (|x_1 + x_2| - |x_1 - x_2|) = x_1 x_2$'
)

L12_PRODUCT = Claim(
    id="l12-id-12.24",
    title="On the cube, half a difference of absolute values is a product",
    source=Source(
        document=Document.L12,
        where="Example 12.5, from (12.23) to (12.24)",
        printed="$1\\/2 (|x_1 + x_2| - |x_1 - x_2|) = x_1 x_2$; (12.24) follows from evaluating the 4 possible "
        "values of $(x_1, x_2)$",
    ),
    hypotheses=("$x_1, x_2 in {-1, 1}$.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=(sp.Abs(x1 + x2) - sp.Abs(x1 - x2)) / 2, rhs=x1 * x2, domain=CUBE),
            routes=_EXHAUSTIVE,
            mutants=(
                _EVERYWHERE,
                Mutant(
                    name="without the factor 1/2",
                    why_false="At $(1, 1)$ the left side is 2.",
                    change={"lhs": sp.Abs(x1 + x2) - sp.Abs(x1 - x2)},
                ),
                Mutant(
                    name="the sum of the absolute values",
                    why_false="At $(1, -1)$ the left side is 1.",
                    change={"lhs": (sp.Abs(x1 + x2) + sp.Abs(x1 - x2)) / 2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note='For all real inputs the left side is $op("sgn")(x_1 x_2) min(|x_1|, |x_2|)$.',
)

L12_FOUR_NEURONS = Claim(
    id="l12-claim-4-neurons",
    title="Four neurons compute the product of two signs exactly",
    source=Source(
        document=Document.L12,
        where="Example 12.5, (12.22)-(12.24)",
        printed="This output function can be described exactly by a neural network consisting of a sparse "
        "combination of "
        "the features (4 neurons to be exact): " + _PRINTED,
    ),
    hypotheses=("$x_1, x_2 in {-1, 1}$.", '$phi_"relu"(t) = max{t, 0}$.'),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=(relu(x1 + x2) + relu(-x1 - x2) - relu(x1 - x2) - relu(x2 - x1)) / 2, rhs=x1 * x2, domain=CUBE
            ),
            routes=_EXHAUSTIVE,
            mutants=(
                _EVERYWHERE,
                Mutant(
                    name="without the last neuron",
                    why_false="At $(-1, 1)$ the output is 0.",
                    change={"lhs": (relu(x1 + x2) + relu(-x1 - x2) - relu(x1 - x2)) / 2},
                ),
                Mutant(
                    name="all four with the same sign",
                    why_false="At $(1, -1)$ the output is 1.",
                    change={"lhs": (relu(x1 + x2) + relu(-x1 - x2) + relu(x1 - x2) + relu(x2 - x1)) / 2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="That four suffice is proved; that fewer do not is not claimed here. It agrees with (12.2) at $m = 4$ and "
    "$a = (1, 1, -1, -1)$, since $1\\/sqrt(4) = 1\\/2$.",
)

CLAIMS = (DS_RELU_ID, L12_ABSOLUTE_VALUE, L12_PRODUCT, L12_FOUR_NEURONS)
