"""The reproducing kernel Hilbert space of a feature map: its inner product, and its norm as a norm of weights."""

import sympy as sp

from derivations.matrix_expressions import number
from verify.claim import Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    FULL_RANK,
    GRAM,
    INDEPENDENT,
    INVERTIBLE,
    PROJECTION,
    SIZES,
    K,
    N,
    Phi,
    by_matrices,
    column,
    real,
    squared,
    v,
    w,
)
from verify.statement import Identity
from verify.verdict import Verdict

c, f = sp.MatrixSymbol("c", N, 1), sp.MatrixSymbol("f", N, 1)

_SPACE = (
    "On $N$ inputs: a function $f = chevron.l phi(dot), bold(w) chevron.r$ is the column $Phi bold(w)$ of its values, "
    "where $Phi$ has the rows $phi(bold(x)_i)$; $K = Phi Phi^top$."
)
_NORM = (
    "$norm(f)_cal(H)^2 = f^top K^(-1) f$: of this inner product the claim ds-rkhs shows that it reproduces, and there "
    "is only one that does."
)
_DOMAIN = (*SIZES, FULL_RANK)
_VALUES = (f, Phi * w)
_LENGTH = number(f.T * K.I * f)


def _with_coefficients(point: Point) -> Point:
    return {**point, c: column(*(sp.Rational(2 * n + 1, 3) for n in range(point[N])))}


_POINTS = tuple(map(_with_coefficients, INVERTIBLE[:3]))
_KERNELS = Phi * Phi.T * c
"""The values of Σ_i c_i k(·, x_i)."""
_SHORTEST = Phi.T * K.I * f

DS_RKHS = Claim(
    id="ds-rkhs",
    title="The functions of a kernel model are a Hilbert space in which the kernel reproduces",
    source=Source(
        document=Document.DS,
        where="'Kernel methods'",
        printed="The space of functions $f(bold(x); bold(w)) = chevron.l phi(bold(x)), bold(w) chevron.r$ for all "
        "possible $bold(w)$ is known as a reproducing kernel Hilbert space (RKHS)",
    ),
    hypotheses=(
        _SPACE,
        INDEPENDENT + " Otherwise the pseudo-inverse takes the place of $K^(-1)$.",
        "The inner product of $f$ and $g$ is $f^top K^(-1) g$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The inner product with $sum_i c_i k(dot, bold(x)_i)$ is $sum_i c_i f(bold(x)_i)$: the kernel "
            "reproduces.",
            statement=Identity(
                lhs=number(f.T * K.I * _KERNELS),
                rhs=number(c.T * f),
                where=(_VALUES, GRAM),
                domain=(*_DOMAIN, *real(Phi, w, c)),
            ),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="with the Euclidean inner product of the values",
                    why_false="$f^top K c != f^top c$.",
                    change={"lhs": number(f.T * _KERNELS)},
                ),
                Mutant(
                    name="with the kernel in place of its inverse",
                    why_false="It is the inverse that undoes $K$.",
                    change={"lhs": number(f.T * K * _KERNELS)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It belongs to the norm $min{norm(bold(w)) : f = chevron.l phi(dot), bold(w) chevron.r}$: for any "
            "weights of $f$ the rest is a square, which vanishes for $bold(w) = Phi^top K^(-1) f$.",
            statement=Identity(
                lhs=squared(w) - _LENGTH,
                rhs=squared(w - _SHORTEST),
                where=(_VALUES, GRAM),
                domain=(*_DOMAIN, *real(Phi, w)),
            ),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="the norm of the values in place of that of the function",
                    why_false="$norm(Phi bold(w)) != norm(f)_cal(H)$.",
                    change={"lhs": squared(w) - squared(f)},
                ),
                Mutant(
                    name="equal for all weights",
                    why_false="If there are more features than inputs, $f$ has weights of any greater norm.",
                    change={"rhs": sp.S.Zero},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Different weights may give the same function, so $norm(bold(w))$ is no norm of functions: its minimum is. A "
    "finite number of inputs is where the space can be written out; a kernel's space on all inputs restricts to it.",
)

DS_RKHS_NORM = Claim(
    id="ds-rkhs-norm",
    title="The norm of a function in the RKHS is that of its weights",
    source=Source(
        document=Document.DS,
        where="'Kernel ridge regression'",
        printed="RKHS norm for $f(x) = chevron.l bold(w), phi(x) chevron.r$ is $norm(f)_cal(H) = norm(bold(w))$",
    ),
    hypotheses=(_SPACE, INDEPENDENT, _NORM),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, for all weights; both sides squared.",
            statement=Identity(lhs=_LENGTH, rhs=squared(w), where=(_VALUES, GRAM), domain=(*_DOMAIN, *real(Phi, w))),
            routes=by_matrices(*_POINTS),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The norm of the projection of the weights onto the span of the features.",
            statement=Identity(
                lhs=_LENGTH, rhs=squared(PROJECTION * w), where=(_VALUES, GRAM), domain=(*_DOMAIN, *real(Phi, w))
            ),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="the part orthogonal to the features",
                    why_false="This part does not contribute to $f$.",
                    change={"rhs": squared(w - PROJECTION * w)},
                ),
                Mutant(
                    name="the norm of the values",
                    why_false="$norm(Phi bold(w))^2 = f^top f$, without $K^(-1)$.",
                    change={"rhs": squared(Phi * w)},
                ),
                Mutant(
                    name="of the weights moved within the span",
                    why_false="It doubles the weights that count.",
                    change={"rhs": squared(2 * PROJECTION * w)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="So the printed equation holds for weights in the span of the features, $bold(w) = Phi^top c$.",
            statement=Identity(
                lhs=_LENGTH,
                rhs=squared(w),
                where=((w, Phi.T * c), (f, Phi * Phi.T * c), GRAM),
                domain=(*_DOMAIN, *real(Phi, c)),
            ),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="with another component of the weights",
                    why_false="It adds to $norm(bold(w))$, not to $f$.",
                    change={
                        "where": ((w, Phi.T * c + v - PROJECTION * v), (f, Phi * Phi.T * c), GRAM),
                        "domain": (*_DOMAIN, *real(Phi, c, v)),
                    },
                ),
                Mutant(
                    name="the norm of the coefficients",
                    why_false="$norm(bold(w))^2 = c^top K c$.",
                    change={"rhs": squared(c)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="In the slide's use, the minimum of $J$, the two agree: the minimising $bold(w) - bold(w)_0$ lies in the "
    "span. As a definition of $norm(f)_cal(H)$ it needs the minimum over the weights of $f$.",
)

CLAIMS = (DS_RKHS, DS_RKHS_NORM)
