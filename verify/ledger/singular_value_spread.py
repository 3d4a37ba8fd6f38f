"""How far singular values can be from each other if the smallest is within a constant factor of their mean."""

import sympy as sp

from derivations import sum_bounds
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Inequality
from verify.verdict import Verdict

n, others = sp.symbols("n q", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
low, high, c, F = sp.symbols("sigma_min sigma_max c F", positive=True)
values = sp.IndexedBase("sigma", positive=True)
POSITIVE = sp.Interval.open(0, sp.oo)

_TOTAL = high**2 + sp.Sum(values[i] ** 2, (i, 1, others))
_NAMES = ((F, sp.sqrt(_TOTAL)), (n, others + 1))
_CLOSE_TO_MEAN = low**2 - c**2 * _TOTAL / (others + 1)
_CLOSE = (
    (others, sp.S.Naturals),
    (c, sp.Interval.Lopen(0, 1)),
    (high, POSITIVE),
    (low, POSITIVE),
    (values[i], POSITIVE),
    (values[i] - low, sp.Interval(0, sp.oo)),
    (high - values[i], sp.Interval(0, sp.oo)),
    (_CLOSE_TO_MEAN, sp.Interval(0, sp.oo)),
)
_SPREAD: tuple[Point, ...] = tuple(
    {others: len(rest), c: sp.Rational(factor), high: sp.Rational(first), values: family(*rest), low: sp.Integer(1)}
    for first, rest, factor in (
        ("5", ["1"] * 7, "1/2"),
        ("3", ["2", "1", "1"], "1/2"),
        ("1", ["1", "1"], "1"),
        ("7", ["1"] * 15, "1/2"),
    )
)
"""The first and last are extreme: Σ σ_i² = 32 = 4·8, and 64 = 4·16."""
_SHARPNESS = sp.sqrt(1 + n * (1 - c**2) / c**2) * low
_GAP = (
    Part(
        "The smallest is within the factor $c$ of the root mean square.",
        (others + 1) / c**2 * _CLOSE_TO_MEAN,
        given=(_CLOSE_TO_MEAN,),
    ),
    Part(
        "No other is smaller.",
        sp.Sum((values[i] - low) * (values[i] + low), (i, 1, others)),
        given=(values[i] - low,),
    ),
)

L12_REM_12_2 = Claim(
    id="l12-rem-12.2",
    title="A smallest singular value within a constant of the mean leaves room for a largest far above it",
    source=Source(
        document=Document.L12,
        where="Remark 12.2",
        printed="Since $norm(phi)_F = sqrt(sigma_1^2 + dots + sigma_n^2)$, the fact that $sigma_n approx 1/sqrt(n) "
        "norm(phi)_F$ means that all the singular values are not very different from each other.",
    ),
    hypotheses=(
        "$approx$ is up to a constant, as Lemma 12.1 says: $sigma_n >= c norm(phi)_F\\/sqrt(n)$ for a $c$ in $(0, 1]$.",
        "$sigma_max$ is the largest and $sigma_min = sigma_n > 0$ the smallest; $sigma_1, dots, sigma_q$ here are "
        "all but the largest, and $F = norm(phi)_F$.",
        "Printed form: not very different means up to the same constant, $sigma_max <= norm(phi)_F\\/(c sqrt(n))$, "
        "which is Lemma 12.1's second half.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Inequality(lhs=high, rhs=F / (c * sp.sqrt(n)), where=_NAMES, domain=_CLOSE),
            routes=(Certificate(name="balls at lists of numbers", points=_SPREAD),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="What follows: the ratio of the largest to the smallest is at most $sqrt(1 + n (1 - c^2)\\/c^2)$.",
            statement=Inequality(lhs=high, rhs=_SHARPNESS, where=_NAMES[1:], domain=_CLOSE),
            routes=(
                Derivation(
                    name="what is left of the sum of squares",
                    derive=sum_bounds.by_parts(*_GAP, squared=True, right=(1 - c**2,)),
                    spots=_SPREAD[:3],
                ),
                Certificate(name="balls at lists of numbers", points=_SPREAD),
            ),
            mutants=(
                Mutant(
                    name="a ratio that depends on $c$ alone",
                    why_false="In the last list the ratio is 7, and $c = 1\\/2$.",
                    change={"rhs": low / c**2},
                ),
                Mutant(
                    name="a slightly smaller ratio",
                    why_false="The first list attains the bound: $25 = 8 dot 4 - 7$.",
                    change={"rhs": sp.sqrt(n / c**2 - n) * low},
                ),
                Mutant(
                    name="without the hypothesis on the smallest",
                    why_false="With $c = 1$ for all lists the bound says that all singular values are equal.",
                    change={"rhs": low},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The bound is attained by $sigma_2 = dots = sigma_n = 1$ and $sigma_1^2 = n\\/c^2 - (n - 1)$: for any $c < "
    "1$ the ratio grows like $sqrt(n)$. The remark is right for $c = 1$, where all are equal, and for a fixed number "
    "$n$ of examples, where $sqrt(n)\\/c$ is a constant; for the conclusion with a constant that does not depend on "
    "$n$ both halves of Lemma 12.1 are needed.",
)

CLAIMS = (L12_REM_12_2,)
