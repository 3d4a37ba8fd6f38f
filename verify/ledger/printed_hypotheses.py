"""Misprints in hypotheses and titles: a number set equal to a list of numbers, a theorem under another's name."""

import sympy as sp

from derivations import sum_bounds, sum_identities
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n = sp.Symbol("n", integer=True, positive=True)
epsilon, delta = sp.symbols("epsilon delta", positive=True)
_FIRST, _SECOND = 1 / epsilon, sp.log(n / delta)
_POSITIVE = sp.Interval.open(0, sp.oo)
_DOMAIN = ((n, sp.S.Naturals), (epsilon, _POSITIVE), (delta, sp.Interval.open(0, 1)), (_SECOND, sp.Interval(0, sp.oo)))
_POINTS: tuple[Point, ...] = tuple(
    {n: examples, epsilon: sp.Rational(error), delta: sp.Rational(failure)}
    for examples, error, failure in ((100, "1/10", "1/100"), (1, 2, "99/100"), (50000, "1/1000", "1/2"), (3, 10, "1/3"))
)
_ONE_POLYNOMIAL = (1 + _FIRST) * (1 + _SECOND)

IM_POLYNOMIALS = Claim(
    id="im-mis-poly",
    title="The scale of the output is a polynomial of the accuracy, not a pair of numbers",
    source=Source(
        document=Document.IM,
        where="section 2, second theorem",
        printed="$1\\/kappa = (1\\/epsilon, log(n\\/delta))$ and $d_1 = d_2 = dots.c = d_L = m$ with $m >= "
        "(1\\/kappa, L, "
        "1\\/lambda_0, n, log(1\\/delta))$",
    ),
    hypotheses=(
        "A number equals a pair only if it equals both its entries: then these are equal, for all $epsilon$, $n$ and "
        "$delta$.",
        'Second form: in the theorem the report quotes, $1\\/kappa = "poly"(1\\/epsilon, log(n\\/delta))$ is one '
        "number, "
        "which grows at most like a polynomial of both and may be as large as either.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: both entries are $1\\/kappa$.",
            statement=Identity(lhs=_FIRST, rhs=_SECOND, domain=_DOMAIN),
            routes=(
                Derivation(name="reduction to the normal form", derive=sum_identities.by_rules, spots=_POINTS[:2]),
                Certificate(name="ball arithmetic", points=_POINTS),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="One polynomial of the two is at least their sum.",
            statement=Inequality(lhs=_FIRST + _SECOND, rhs=_ONE_POLYNOMIAL, domain=_DOMAIN),
            routes=(
                Derivation(
                    name="the product multiplied out",
                    derive=sum_bounds.by_parts(
                        Part("$n\\/delta > 1$, so that its logarithm is positive.", 1 + _FIRST * _SECOND, (_SECOND,))
                    ),
                    spots=_POINTS[:2],
                ),
                Certificate(name="ball arithmetic", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="the product of the two",
                    why_false="For $epsilon > 1$ it is less than the logarithm.",
                    change={"rhs": _FIRST * _SECOND},
                ),
                Mutant(
                    name="the accuracy alone",
                    why_false="The logarithm is positive.",
                    change={"rhs": _FIRST},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note='The word "poly" is missing before both brackets. What the theorem says is not decided here: its polynomials '
    "are not named in the report.",
)

KW_TITLE = Claim(
    id="kw-mis-title",
    title="The title of the theorem on the limiting NTK",
    source=Source(
        document=Document.KW,
        where="slide 10, title of the theorem and footnote 6",
        printed="Theorem: Neural Network as Gaussian Process; footnote: Lee et al., Deep Neural Networks as Gaussian "
        "Processes",
    ),
    hypotheses=(),
    forms=(),
    expected=Verdict.UNTESTABLE,
    note="A title and a reference state nothing that could be false of a network. The theorem under them is the one on "
    "the NTK at initialization of the paper by Jacot, Gabriel and Hongler, the subject of the slides; the paper in the "
    "footnote is about the covariance $Sigma^((L))$ of the outputs, another kernel than $Theta^((L))$. The theorem "
    "itself is put to the test under kw-rec-theta1, kw-rec-theta, kw-rec-sigmadot and kw-mis-nL.",
)

CLAIMS = (IM_POLYNOMIALS, KW_TITLE)
