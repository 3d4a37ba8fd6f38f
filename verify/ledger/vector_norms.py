"""Norms of vectors, and of matrices by their rows and as a column times a row: Cauchy-Schwarz and Frobenius."""

import sympy as sp

from derivations import sum_bounds
from derivations.expressions import step
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Route, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

m, d, n, D = sp.symbols("m d n D", integer=True, positive=True)
i, j, k, p, ell = sp.symbols("i j k p ell", integer=True)
more = sp.Symbol("more", integer=True, nonnegative=True)
a, b, r, x, W, phi = (sp.IndexedBase(name, real=True) for name in ("a", "b", "r", "x", "W", "phi"))
N = sp.Function("N", real=True)
POSITIVE = sp.Interval.open(0, sp.oo)


def _length(entry: sp.Expr, index: sp.Symbol, size: sp.Expr) -> sp.Expr:
    return sp.sqrt(sp.Sum(entry**2, (index, 1, size)))


# Sums of absolute values.

_SUM, _NORM = sp.Sum(sp.Abs(r[i]), (i, 1, n)), _length(r[i], i, n)
_PAIRS = sp.Sum((sp.Abs(r[i]) - sp.Abs(r[j])) ** 2, (i, 1, n), (j, 1, n)) / 2
_RESIDUALS: tuple[Point, ...] = tuple(
    {n: len(values), r: family(*values)}
    for values in (["1", "-1", "1"], ["1", "1", "1", "1"], ["2", "-1/3"], ["-5"], ["0", "1/2", "7", "-1"])
)


def _sum_form(role: Role, remark: str, factor: sp.Expr, parts: tuple[Part, ...], mutants: tuple[Mutant, ...]) -> Form:
    return Form(
        role=role,
        remark=remark,
        statement=Inequality(lhs=_SUM, rhs=factor * _NORM, domain=((n, sp.S.Naturals), (r[i], sp.S.Reals))),
        routes=(
            Derivation(
                name="Lagrange's identity",
                derive=sum_bounds.by_parts(*parts, squared=True),
                spots=_RESIDUALS[:3],
            ),
            Certificate(name="balls at short vectors", points=_RESIDUALS),
        ),
        mutants=mutants,
    )


_SQUARES = Part("A sum of squares.", _PAIRS)
BE_B_N_VS_SQRTN = Claim(
    id="be-b-n-vs-sqrtn",
    title="The sum of the residuals' sizes is at most $sqrt(n)$ times the norm, and so at most $n$ times",
    source=Source(
        document=Document.BE,
        where="section 2, part (b), solution, first inequality",
        printed="$norm((dif bold(w)_r (t))/(dif t)) <= n/sqrt(m) norm(bold(y) - bold(u)(t)) dot max_r |a_r (t)| dot "
        "max_(r,i) |sigma'(bold(w)_r (t)^top bold(x)_i)| dot max_i norm(bold(x)_i)$",
    ),
    hypotheses=(
        "$r_i = y_i - u_i (t)$; the factors of the gradient are bounded by their maxima, which leaves "
        "$sum_i |r_i| <= n norm(bold(r))$.",
    ),
    forms=(
        _sum_form(
            Role.PRINTED,
            "With the factor printed.",
            n,
            (
                Part(
                    "There is at least one example.",
                    n * (n - 1) * sp.Sum(r[i] ** 2, (i, 1, n)),
                    running=((n, 1 + more),),
                ),
                _SQUARES,
            ),
            (
                Mutant(
                    name="without a factor",
                    why_false="For several residuals of one size the left side is $sqrt(n)$ times the norm.",
                    change={"rhs": _NORM},
                ),
                Mutant(
                    name="half the factor",
                    why_false="For one example both sides are equal.",
                    change={"rhs": n * _NORM / 2},
                ),
            ),
        ),
        _sum_form(
            Role.TESTED,
            "The best factor.",
            sp.sqrt(n),
            (_SQUARES,),
            (
                Mutant(
                    name="the fourth root of $n$",
                    why_false="For residuals of one size the factor $sqrt(n)$ is attained.",
                    change={"rhs": n ** sp.Rational(1, 4) * _NORM},
                ),
                Mutant(
                    name="one example fewer",
                    why_false="For residuals of one size the factor $sqrt(n)$ is attained.",
                    change={"rhs": sp.sqrt(n - 1) * _NORM},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The printed factor $n$ is right and loose: $sqrt(n)$ does, by the Cauchy-Schwarz inequality, and is attained "
    "by residuals of one size.",
)

# Rows times columns.

_MATRIX: tuple[Point, ...] = tuple(
    {m: len(rows), d: len(inputs), a: family(*rows), b: family(*inputs), x: family(*inputs), W: entries(weights)}
    for rows, inputs, weights in (
        (["1", "-2"], ["3", "1/2", "1"], [["1", "0", "-1"], ["2", "1", "1"]]),
        (["1", "-1", "1"], ["1", "2"], [["1", "1"], ["-1", "-2"], ["1/2", "3"]]),
        (["5"], ["-1/3"], [["-1"]]),
    )
)
_OUTER = sp.sqrt(sp.Sum((a[j] * b[k]) ** 2, (j, 1, m), (k, 1, d)))
_ROW, _COLUMN = _length(a[j], j, m), _length(b[k], k, d)
_PAIR_DOMAIN = ((m, sp.S.Naturals), (d, sp.S.Naturals), (a[j], sp.S.Reals), (b[k], sp.S.Reals))
_NOT_ZERO = ((sp.Sum(a[j] ** 2, (j, 1, m)), POSITIVE), (sp.Sum(b[k] ** 2, (k, 1, d)), POSITIVE))
_ACTIVE = a[j] * step(sp.Sum(W[j, ell] * x[ell], (ell, 1, d)))


def _equal_squares(points: tuple[Point, ...]) -> tuple[Route, ...]:
    return (
        Derivation(name="equal squares", derive=sum_bounds.by_equal_squares, spots=points[:2]),
        Certificate(name="balls at small matrices", points=points),
    )


L12_12_12 = Claim(
    id="l12-id-12.12",
    title="The norm of a column times a row is the product of their norms",
    source=Source(
        document=Document.L12,
        where="(12.12) and the reason given after (12.14)",
        printed="$norm(phi^((i)))_2 = 1/sqrt(m) norm(a dot.o sigma'(w x^((i))))_2 dot norm(x^((i)))_2$ […] The first "
        "equality is because $norm(a b^top)_2 = norm(a)_2 dot norm(b)_2 \\/ norm(a b^top)_F$ for any vectors $a$ and "
        "$b$",
    ),
    hypotheses=(
        '$phi^((i)) = op("vec")(m^(-1/2) (a dot.o sigma\'(W x^((i)))) x^((i) top))$ with the ReLU $sigma$; '
        "$norm(dot)_2$ of the matrix is that of the vector of its entries.",
        "As printed the reason divides by $norm(a b^top)_F$: it is read for $a, b != 0$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="(12.12).",
            statement=Identity(
                lhs=sp.sqrt(sp.Sum((_ACTIVE * x[k] / sp.sqrt(m)) ** 2, (j, 1, m), (k, 1, d))),
                rhs=_length(_ACTIVE, j, m) * _length(x[k], k, d) / sp.sqrt(m),
                domain=(
                    (m, sp.S.Naturals),
                    (d, sp.S.Naturals),
                    (a[j], sp.FiniteSet(-1, 1)),
                    (W[j, k], sp.S.Reals),
                    (x[k], sp.S.Reals),
                ),
            ),
            routes=_equal_squares(_MATRIX[1:2]),
            mutants=(
                Mutant(
                    name="without $1\\/sqrt(m)$",
                    why_false="There are three neurons, and not all of them are off.",
                    change={"rhs": _length(_ACTIVE, j, m) * _length(x[k], k, d)},
                ),
                Mutant(
                    name="with the squared norm of the input",
                    why_false="The input is longer than 1.",
                    change={"rhs": _length(_ACTIVE, j, m) * sp.Sum(x[k] ** 2, (k, 1, d)) / sp.sqrt(m)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The reason given: both sides of it differ unless the product of the norms is 1.",
            statement=Identity(lhs=_OUTER, rhs=_ROW * _COLUMN / _OUTER, domain=(*_PAIR_DOMAIN, *_NOT_ZERO)),
            routes=_equal_squares(_MATRIX),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With an equality sign in place of the stroke: $norm(a b^top)_2 = norm(a)_2 norm(b)_2 = "
            "norm(a b^top)_F$.",
            statement=Identity(lhs=_OUTER, rhs=_ROW * _COLUMN, domain=_PAIR_DOMAIN),
            routes=_equal_squares(_MATRIX),
            mutants=(
                Mutant(
                    name="the quotient as printed",
                    why_false="It is 1 whatever the vectors are.",
                    change={"rhs": _ROW * _COLUMN / _OUTER, "domain": (*_PAIR_DOMAIN, *_NOT_ZERO)},
                ),
                Mutant(
                    name="the sum of the norms",
                    why_false="It is no product: the norms are not 2 each.",
                    change={"rhs": _ROW + _COLUMN},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="(12.12) itself holds. Its reason has a stroke for an equality sign: as printed its right side is 1.",
)

_ROWS = (N(i), _length(phi[i, p], p, D))
_ENTRIES: tuple[Point, ...] = tuple(
    {n: len(rows), D: len(rows[0]), phi: entries(rows)}
    for rows in (
        [["1", "2", "-1"], ["1/2", "0", "3"]],
        [["1", "-1/3"], ["2", "5"], ["0", "1"]],
        [["-2"]],
    )
)
L12_12_15 = Claim(
    id="l12-id-12.15",
    title="The squared Frobenius norm of the features is the sum of their squared norms",
    source=Source(
        document=Document.L12, where="(12.15)", printed="$norm(phi)_F = sqrt(sum_(i=1)^n norm(phi^((i)))_2^2)$"
    ),
    hypotheses=("$phi^((i))$ is row $i$ of $phi$, with $D = d m$ entries, and $N(i) = norm(phi^((i)))_2$.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=sp.sqrt(sp.Sum(phi[i, p] ** 2, (i, 1, n), (p, 1, D))),
                rhs=sp.sqrt(sp.Sum(N(i) ** 2, (i, 1, n))),
                where=(_ROWS,),
                domain=((n, sp.S.Naturals), (D, sp.S.Naturals), (phi[i, p], sp.S.Reals)),
            ),
            routes=_equal_squares(_ENTRIES),
            mutants=(
                Mutant(
                    name="the sum of the norms",
                    why_false="It is greater where two rows are not zero.",
                    change={"rhs": sp.Sum(N(i), (i, 1, n))},
                ),
                Mutant(
                    name="the root of the sum of the norms",
                    why_false="The norms are not squared.",
                    change={"rhs": sp.sqrt(sp.Sum(N(i), (i, 1, n)))},
                ),
                Mutant(
                    name="the root mean square",
                    why_false="It is less where there are two rows.",
                    change={"rhs": sp.sqrt(sp.Sum(N(i) ** 2, (i, 1, n)) / n)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (BE_B_N_VS_SQRTN, L12_12_12, L12_12_15)
