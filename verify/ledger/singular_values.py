"""Singular values: the Frobenius norm between their extremes and as their sum of squares, and the pseudoinverse."""

from collections.abc import Sequence
from functools import partial

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import sum_bounds
from derivations.matrices import by_algebra
from derivations.matrix_expressions import (
    PseudoInverse,
    SingularValue,
    norm,
    operator_norm,
    rank,
    smallest_singular_value,
)
from derivations.pseudo_inverse import by_penrose
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, D, n = sp.symbols("N D n", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
low, high = sp.symbols("sigma_min sigma_max", positive=True)
values = sp.IndexedBase("sigma", positive=True)
Phi = sp.MatrixSymbol("Phi", N, D)
U, S = sp.MatrixSymbol("U", N, N), sp.MatrixSymbol("S", N, N)
V = sp.MatrixSymbol("V", D, N)

POSITIVE = sp.Interval.open(0, sp.oo)


def _matrix(rows: Sequence[Sequence[object]]) -> sp.Matrix:
    return sp.Matrix([[sp.Rational(value) for value in row] for row in rows])


_MATRICES: tuple[Point, ...] = tuple(
    {N: len(rows), D: len(rows[0]), Phi: _matrix(rows)}
    for rows in (
        [["1", "2", "0"], ["0", "1", "1"]],
        [["1", "-1", "1", "1/2"], ["2", "0", "1/3", "1"], ["0", "1", "-1", "5"]],
        [["3", "4"]],
        [["1", "1", "0"], ["0", "0", "7"]],
    )
)
_WIDE = ((N, sp.S.Naturals), (D, sp.S.Naturals), (D - N, sp.Interval(0, sp.oo)), (Phi, MatrixSet(N, D, sp.S.Reals)))

# The mean lies between the extremes.

_MEAN = sp.sqrt(sp.Sum(values[i] ** 2, (i, 1, n)) / n)
_BETWEEN = (
    (n, sp.S.Naturals),
    (low, POSITIVE),
    (high, POSITIVE),
    (values[i], POSITIVE),
    (values[i] - low, sp.Interval(0, sp.oo)),
    (high - values[i], sp.Interval(0, sp.oo)),
)
_LISTS: tuple[Point, ...] = tuple(
    {n: len(found), values: family(*found), low: sp.Rational(smallest), high: sp.Rational(largest)}
    for found, smallest, largest in (
        (["3", "2", "2"], "2", "3"),
        (["5", "5"], "5", "5"),
        (["9", "1/2", "1", "1/2"], "1/2", "9"),
        (["1/3"], "1/3", "1/3"),
    )
)


def _extreme(name: str, sides: tuple[sp.Expr, sp.Expr], gap: sp.Expr, given: sp.Expr, more: Mutant) -> Form:
    lhs, rhs = sides
    return Form(
        role=Role.PRINTED,
        remark=f"${name}$ and the root mean square of the singular values.",
        statement=Inequality(lhs=lhs, rhs=rhs, domain=_BETWEEN),
        routes=(
            Derivation(
                name="term by term",
                derive=sum_bounds.by_parts(
                    Part("No singular value is beyond the extremes.", gap, given=(given,)), squared=True
                ),
                spots=_LISTS[:3],
            ),
            Certificate(name="balls at lists of numbers", points=_LISTS),
        ),
        mutants=(
            Mutant(
                name="the other way round",
                why_false="In the first list not all singular values are equal.",
                change={"lhs": rhs, "rhs": lhs},
            ),
            Mutant(name="half the right side", why_false="In the second list all are equal.", change={"rhs": rhs / 2}),
            more,
        ),
    )


_FROBENIUS = norm(Phi) / sp.sqrt(N)
L12_WELLCOND_EXACT = Claim(
    id="l12-lem-wellcond-exact",
    title="The Frobenius norm over the root of n lies between the smallest and the largest singular value",
    source=Source(
        document=Document.L12,
        where="Lemma 12.1, the half that holds for every matrix",
        printed="$sigma_min (phi) approx 1/sqrt(n) norm(phi)_F$ and $sigma_max (phi) approx 1/sqrt(n) norm(phi)_F$",
    ),
    hypotheses=(
        "$phi$ is any matrix with $n$ rows and at least as many columns; its $n$ singular values are $sigma_1, dots, "
        "sigma_n$. In the forms about lists they are positive.",
    ),
    forms=(
        _extreme(
            "sigma_min",
            (low, _MEAN),
            sp.Sum((values[i] - low) * (values[i] + low), (i, 1, n)) / n,
            values[i] - low,
            Mutant(
                name="$n$ times the smallest",
                why_false="In the second list the two are equal, and twice as much is more than the mean.",
                change={"lhs": n * low},
            ),
        ),
        Form(
            role=Role.PRINTED,
            restates=True,
            remark="For particular matrices.",
            statement=Inequality(lhs=smallest_singular_value(Phi), rhs=_FROBENIUS, domain=_WIDE),
            routes=(Certificate(name="enclosed singular values", points=_MATRICES),),
            mutants=(
                Mutant(
                    name="the largest singular value",
                    why_false="The first matrix has different singular values.",
                    change={"lhs": operator_norm(Phi)},
                ),
                Mutant(
                    name="half the right side",
                    why_false="The third matrix has one singular value.",
                    change={"rhs": _FROBENIUS / 2},
                ),
            ),
        ),
        _extreme(
            "sigma_max",
            (_MEAN, high),
            sp.Sum((high - values[i]) * (high + values[i]), (i, 1, n)) / n,
            high - values[i],
            Mutant(
                name="without the root of $n$",
                why_false="In the second list the two are equal, and the root of the sum of their squares is more.",
                change={"lhs": sp.sqrt(n) * _MEAN},
            ),
        ),
        Form(
            role=Role.PRINTED,
            restates=True,
            remark="For particular matrices.",
            statement=Inequality(lhs=_FROBENIUS, rhs=operator_norm(Phi), domain=_WIDE),
            routes=(Certificate(name="enclosed singular values", points=_MATRICES),),
            mutants=(
                Mutant(
                    name="the smallest singular value",
                    why_false="The first matrix has different singular values.",
                    change={"rhs": smallest_singular_value(Phi)},
                ),
                Mutant(
                    name="without the root of n",
                    why_false="The first matrix has two singular values that are not zero.",
                    change={"lhs": norm(Phi)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="That the two are within constants of each other is the content of Lemma 12.1, and not implied.",
)

# The singular value decomposition.

_I = sp.Identity(N)
_ZERO = sp.FiniteSet(sp.ZeroMatrix(N, N))
_DECOMPOSED = (
    (N, sp.S.Naturals),
    (D, sp.S.Naturals),
    (U, MatrixSet(N, N, sp.S.Reals)),
    (S, MatrixSet(N, N, sp.S.Reals)),
    (V, MatrixSet(D, N, sp.S.Reals)),
    (U.T * U - _I, _ZERO),
    (U * U.T - _I, _ZERO),
    (V.T * V - _I, _ZERO),
)
_ORTHOGONAL = ((U.T * U, _I), (U * U.T, _I), (V.T * V, _I))
_DECOMPOSITIONS: tuple[Point, ...] = (
    {
        N: 2,
        D: 3,
        U: _matrix([["3/5", "-4/5"], ["4/5", "3/5"]]),
        S: _matrix([["2", "0"], ["0", "1/3"]]),
        V: _matrix([["2/3", "1/3"], ["1/3", "2/3"], ["2/3", "-2/3"]]),
    },
    {
        N: 2,
        D: 2,
        U: _matrix([["0", "1"], ["1", "0"]]),
        S: _matrix([["5", "0"], ["0", "3"]]),
        V: _matrix([["3/5", "4/5"], ["-4/5", "3/5"]]),
    },
)
_SVD = '$phi = U S V^top$ with $U$ orthogonal, $V^top V = I$ and $S = op("diag")(sigma_1, dots, sigma_n)$.'
_SQUARES = sp.Sum(SingularValue(Phi, i) ** 2, (i, 1, N))

L12_REM_12_2_F = Claim(
    id="l12-rem-12.2-F",
    title="The squared Frobenius norm is the sum of the squared singular values, of which there are at most n",
    source=Source(
        document=Document.L12,
        where="Remark 12.2",
        printed="Since $phi in bb(R)^(n times d m)$, $phi$ has at most $n$ singular values $sigma_1 >= dots >= "
        "sigma_n >= 0$. Since $norm(phi)_F = sqrt(sigma_1^2 + dots + sigma_n^2)$, […]",
    ),
    hypotheses=(_SVD, "$N = n$ and $D = d m >= n$."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark='The squares, by the singular value decomposition: $op("tr") S S^top = sum_i sigma_i^2$.',
            statement=Identity(lhs=norm(U * S * V.T) ** 2, rhs=sp.Trace(S * S.T), domain=_DECOMPOSED),
            routes=(
                Derivation(name="algebra of matrices", derive=by_algebra(given=_ORTHOGONAL), spots=_DECOMPOSITIONS),
                Certificate(name="exact matrices", points=_DECOMPOSITIONS),
            ),
            mutants=(
                Mutant(
                    name="the sum of the singular values",
                    why_false="They are neither 0 nor 1.",
                    change={"rhs": sp.Trace(S)},
                ),
                Mutant(
                    name="the mean of their squares",
                    why_false="There are two.",
                    change={"rhs": sp.Trace(S * S.T) / N},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            restates=True,
            remark="As printed, for particular matrices.",
            statement=Identity(lhs=norm(Phi), rhs=sp.sqrt(_SQUARES), domain=_WIDE),
            routes=(Certificate(name="enclosed singular values", points=_MATRICES),),
            mutants=(
                Mutant(
                    name="the sum of the singular values",
                    why_false="The first matrix has two that are not zero.",
                    change={"rhs": sp.Sum(SingularValue(Phi, i), (i, 1, N))},
                ),
                Mutant(
                    name="the largest singular value",
                    why_false="The first matrix has two that are not zero.",
                    change={"rhs": operator_norm(Phi)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

L12_PINV_SV = Claim(
    id="l12-id-pinv-sv",
    title="The singular values of the pseudoinverse are the inverses of those of the matrix",
    source=Source(
        document=Document.L12,
        where="proof of Lemma 12.3, last sentence",
        printed="if a matrix $A$ has singular values $sigma_1, dots, sigma_n$, $A^dagger$ has singular values "
        "$1\\/sigma_1, dots, 1\\/sigma_n$.",
    ),
    hypotheses=(
        "No $sigma_i$ is 0: as printed $1\\/sigma_i$ is not defined otherwise.",
        _SVD.replace("phi", "A"),
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The pseudoinverse has the decomposition $V S^(-1) U^top$.",
            statement=Identity(
                lhs=PseudoInverse(U * S * V.T),
                rhs=V * S.I * U.T,
                domain=(*_DECOMPOSED, (sp.Determinant(S), POSITIVE)),
            ),
            routes=(
                Derivation(
                    name="the equations of Penrose",
                    derive=partial(by_penrose, given=_ORTHOGONAL),
                    spots=_DECOMPOSITIONS,
                ),
                Certificate(name="exact pseudoinverses", points=_DECOMPOSITIONS),
            ),
            mutants=(
                Mutant(
                    name="without the inverse",
                    why_false="The singular values are not 1.",
                    change={"rhs": V * S * U.T},
                ),
                Mutant(
                    name="with $U$ in place of its transpose",
                    why_false="The first $U$ is not symmetric.",
                    change={"rhs": V * S.I * U},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            restates=True,
            remark="As printed, in decreasing order, for particular matrices.",
            statement=Identity(
                lhs=SingularValue(PseudoInverse(Phi), i),
                rhs=1 / SingularValue(Phi, N + 1 - i),
                domain=((i, sp.Range(1, N + 1)), *_WIDE, (rank(Phi), sp.FiniteSet(N))),
            ),
            routes=(
                Certificate(
                    name="enclosed singular values",
                    points=tuple({**point, i: place} for point, place in zip(_MATRICES, (1, 3, 1, 2), strict=True)),
                ),
            ),
            mutants=(
                Mutant(
                    name="not inverted",
                    why_false="They are not 1.",
                    change={"rhs": SingularValue(Phi, N + 1 - i)},
                ),
                Mutant(
                    name="in the order of those of the matrix",
                    why_false="The largest of the one belongs to the smallest of the other.",
                    change={"rhs": 1 / SingularValue(Phi, i)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="For a matrix with zero singular values the pseudoinverse has the inverses of the others, and zeros: the "
    "sentence is about full rank, which is where Lemma 12.3 uses it.",
)

CLAIMS = (L12_WELLCOND_EXACT, L12_REM_12_2_F, L12_PINV_SV)
