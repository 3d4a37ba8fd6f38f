"""How far the matrix φφᵀ of Lecture 12 is from a multiple of the identity at infinite width."""

import sympy as sp

from derivations import arccosine
from derivations.dual_bounds import by_dual_parts
from derivations.expected_sums import by_expectations
from derivations.expressions import Expect, step
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

d = sp.Symbol("d", integer=True, positive=True)
k = sp.Symbol("k", integer=True)
u, v, rho = sp.symbols("u v rho", real=True)

_ENTRY = rho * Expect(step(u) * step(v), (u, v), [[1, rho], [rho, 1]])
_CLOSED = rho * (sp.pi - sp.acos(rho)) / (2 * sp.pi)
_ALL = ((rho, sp.Interval(-1, 1)),)
_ACUTE = ((rho, sp.Interval.open(0, 1)), (sp.acos(rho), sp.Interval(0, sp.pi / 2)))


def _correlations(*values: str) -> tuple[Point, ...]:
    return tuple({rho: sp.Rational(value)} for value in values)


_LINE = _correlations("1/2", "-1/2", "1", "-1", "0", "9/10")
_POSITIVE = _correlations("1/2", "1/100", "99/100", "4/5")
_DIMENSIONS: tuple[Point, ...] = tuple({d: size} for size in (1, 3, 10))
_SECOND = Expect(u**2, (u,), [[1 / sp.sqrt(d) ** 2]])
_QUADRATURE = "quadrature of the definition"


def _bound(remark: str, sides: tuple[sp.Expr, sp.Expr], part: Part, mutants: tuple[Mutant, ...]) -> Form:
    lhs, rhs = sides
    return Form(
        role=Role.CORRECTED,
        remark=remark,
        statement=Inequality(lhs=lhs, rhs=rhs, domain=_ACUTE),
        routes=(
            Derivation(
                name="Price's theorem, and the range of angles", derive=by_dual_parts(part), spots=_POSITIVE[:3]
            ),
            Certificate(name=_QUADRATURE, points=_POSITIVE),
        ),
        mutants=mutants,
    )


L12_CLAIM_CI = Claim(
    id="l12-claim-cI",
    title="φφᵀ is near a multiple of the identity exactly where the inputs make it so",
    source=Source(
        document=Document.L12,
        where="after Lemma 12.1, in brackets",
        printed="The high-level idea is to show that $phi phi^top approx c dot I$ for some constant scalar $c$.",
    ),
    hypotheses=(
        "Infinite width: by the law of large numbers $phi phi^top$ tends to its mean, whose entry at two unit inputs "
        "with the inner product $rho$ is $rho bb(E)[sigma'(u) sigma'(v)]$ for normal $u, v$ of variance 1 and "
        "covariance $rho$.",
        "Printed form: for all inputs the entries off the diagonal vanish.",
        "Last form: coordinates independent with law $cal(N)(0, 1\\/d)$, two independent inputs; the term of two "
        "different coordinates has mean 0.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Off the diagonal, for all inputs: refuted at the angle $pi\\/3$, where the entry is $1\\/6$ and "
            "the diagonal $1\\/2$.",
            statement=Identity(lhs=_ENTRY, rhs=sp.S.Zero, domain=((rho, sp.Interval.open(-1, 1)),)),
            routes=(Certificate(name=_QUADRATURE, points=_LINE[:2]),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The entry: $1\\/2$ on the diagonal, $rho = 1$; zero for orthogonal inputs, $rho = 0$, and for "
            "opposite ones, $rho = -1$.",
            statement=Identity(lhs=_ENTRY, rhs=_CLOSED, domain=_ALL),
            routes=(
                Derivation(name="Price's theorem", derive=arccosine.derive, spots=_LINE),
                Certificate(name=_QUADRATURE, points=_LINE),
            ),
            mutants=(
                Mutant(
                    name="a quarter of $rho$, as for independent slopes",
                    why_false="The slopes are not independent but for $rho = 0$.",
                    change={"rhs": rho / 4},
                ),
                Mutant(
                    name="zero but on the diagonal",
                    why_false="At $rho = 1\\/2$ the entry is $1\\/6$.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="odd in $rho$",
                    why_false="At $rho = -1$ no neuron is active at both inputs.",
                    change={"rhs": sp.sign(rho) * _CLOSED.subs(rho, sp.Abs(rho))},
                ),
            ),
        ),
        _bound(
            "At an acute angle it is between a quarter and half of $rho$: off the diagonal $phi phi^top$ is as small "
            "as the inner products, and no smaller.",
            (rho / 4, _ENTRY),
            Part(
                "Angles with a positive cosine are at most $pi\\/2$.",
                rho * (sp.pi / 2 - sp.acos(rho)) / (2 * sp.pi),
                given=(rho, sp.pi / 2 - sp.acos(rho)),
            ),
            (
                Mutant(
                    name="half of it",
                    why_false="It is below that for every $rho < 1$.",
                    change={"lhs": rho / 2},
                ),
                Mutant(
                    name="the other way round",
                    why_false="It is above a quarter.",
                    change={"lhs": _ENTRY, "rhs": rho / 4},
                ),
            ),
        ),
        _bound(
            "The upper half.",
            (_ENTRY, rho / 2),
            Part("Angles are not negative.", rho * sp.acos(rho) / (2 * sp.pi), given=(rho, sp.acos(rho))),
            (
                Mutant(
                    name="a quarter",
                    why_false="It is above that for every $rho > 0$.",
                    change={"rhs": rho / 4},
                ),
                Mutant(
                    name="of second order",
                    why_false="At $rho = 1\\/100$ it is near $rho\\/4$.",
                    change={"rhs": rho**2 / 2},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Random inputs in $d$ dimensions: the inner product of two has the mean square $1\\/d$.",
            statement=Identity(lhs=sp.Sum(_SECOND**2, (k, 1, d)), rhs=1 / d, domain=((d, sp.S.Naturals),)),
            routes=(
                Derivation(name="the second moment, summed", derive=by_expectations, spots=_DIMENSIONS[:2]),
                Certificate(name="quadrature and summation", points=_DIMENSIONS),
            ),
            mutants=(
                Mutant(name="$1\\/d^2$", why_false="There are $d$ terms of that size.", change={"rhs": 1 / d**2}),
                Mutant(name="1", why_false="Random directions are nearly orthogonal.", change={"rhs": sp.S.One}),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="For $n$ random inputs the entries off the diagonal are of the order $1\\/(4 sqrt(d))$, so $phi phi^top$ is "
    "near $1/2 I$ in operator norm when $d$ is much larger than $n$. That is sufficient, not necessary: the $2 d$ "
    "inputs $plus.minus e_k$ have $bold(K)^infinity = 1/2 I$ exactly, as opposite inputs share no active neuron.",
)

CLAIMS = (L12_CLAIM_CI,)
