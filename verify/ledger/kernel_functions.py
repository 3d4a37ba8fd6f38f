"""Ridge regression in the space of functions, and the representer theorem: kernel functions at the examples suffice."""

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.matrix_expressions import number
from verify.claim import Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    ANY,
    AT_START,
    FULL_RANK,
    GRAM,
    INDEPENDENT,
    INVERTIBLE,
    POSITIVE,
    PROJECTION,
    ROW,
    SETTING,
    SIZES,
    D,
    K,
    N,
    Phi,
    by_matrices,
    column,
    f0,
    f0_x,
    k,
    lam,
    phi,
    real,
    squared,
    w0,
    w_hat,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

u = sp.MatrixSymbol("u", D, 1)
alpha, alpha_hat = sp.MatrixSymbol("alpha", N, 1), sp.MatrixSymbol("alpha_hat", N, 1)

_RESOLVENT = (K + N * lam * sp.Identity(N)).I
_MINIMUM = (w_hat, w0 + Phi.T * _RESOLVENT * (y - Phi * w0))


def _in_functions(coefficients: MatrixExpr, values: MatrixExpr, penalty: sp.Expr) -> sp.Expr:
    """1/N Σ (f(x_i) - y_i)² + λ · penalty for f = f_0 + Σ_i α_i k(·, x_i)."""
    return squared(f0 + K * coefficients - values) / N + lam * penalty


def _energy(coefficients: MatrixExpr) -> sp.Expr:
    """αᵀKα, the squared norm of Σ_i α_i k(·, x_i) in the RKHS."""
    return number(coefficients.T * K * coefficients)


_FUNCTION_GAP = _in_functions(alpha, y, _energy(alpha)) - _in_functions(alpha_hat, y, _energy(alpha_hat))
_PLAIN_GAP = _in_functions(alpha, y, squared(alpha)) - _in_functions(alpha_hat, y, squared(alpha_hat))
_COEFFICIENTS = (alpha_hat, _RESOLVENT * (y - f0))
_FUNCTIONS = (*SIZES, POSITIVE, *real(Phi, y, f0))


def _with_coefficients(point: Point) -> Point:
    return {**point, alpha: column(*(sp.Rational(n + 1, 3) for n in range(point[N])))}


_COEFFICIENT_POINTS = tuple(map(_with_coefficients, ANY))

DS_RIDGE_RKHS = Claim(
    id="ds-ridge-rkhs",
    title="Ridge regression in the space of functions is ridge regression in the weights",
    source=Source(
        document=Document.DS,
        where="'Kernel ridge regression'",
        printed="An equivalent view, kernel ridge regression: the RKHS $cal(H)$ is a Hilbert space, and so has a norm "
        '$norm(f)_cal(H)$; $hat(f)_lambda = op("argmin")_(f in cal(H)) 1/N sum_(i=1)^N (f(bold(x)_i) - y_i)^2 + lambda '
        "norm(f - f_0)_cal(H)^2$",
    ),
    hypotheses=(
        SETTING,
        "$f = f_0 + sum_i alpha_i k(dot, bold(x)_i)$, with $norm(f - f_0)_cal(H)^2 = alpha^top K alpha$: by the "
        "representer theorem (the claim ds-representer) the minimum is among these.",
        "$f_0$ need not be in $cal(H)$: what is penalised is $f - f_0$, which has to be.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The minimum over $alpha$, by the squares that are left: $hat(alpha) = (K + N lambda I)^(-1) "
            "(bold(y) - bold(f)_0)$.",
            statement=Identity(
                lhs=_FUNCTION_GAP,
                rhs=squared(K * (alpha - alpha_hat)) / N + lam * _energy(alpha - alpha_hat),
                where=(_COEFFICIENTS, GRAM),
                domain=(*_FUNCTIONS, *real(alpha)),
            ),
            routes=by_matrices(*_COEFFICIENT_POINTS),
            mutants=(
                Mutant(
                    name="the norm of the coefficients as penalty",
                    why_false="$norm(alpha)^2 != alpha^top K alpha$.",
                    change={
                        "lhs": _PLAIN_GAP,
                        "rhs": squared(K * (alpha - alpha_hat)) / N + lam * squared(alpha - alpha_hat),
                    },
                ),
                Mutant(
                    name="λ in place of Nλ",
                    why_false="It regularises less than the minimum does.",
                    change={"where": ((alpha_hat, (K + lam * sp.Identity(N)).I * (y - f0)), GRAM)},
                ),
                Mutant(
                    name="the penalty on f in place of f - f_0",
                    why_false="With $f_0$ in the fit alone the labels, not the residuals, would be fitted.",
                    change={"where": ((alpha_hat, _RESOLVENT * y), GRAM)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Its predictions are those of the weights $hat(bold(w))_lambda$.",
            statement=Identity(
                lhs=f0_x + k * alpha_hat,
                rhs=phi.T * w_hat,
                where=(_COEFFICIENTS, _MINIMUM, *AT_START, ROW, GRAM),
                domain=(*SIZES, POSITIVE, *real(Phi, phi, y, w0)),
            ),
            routes=by_matrices(*ANY),
            mutants=(
                Mutant(
                    name="with twice the penalty",
                    why_false="It is nearer to $f_0$.",
                    change={
                        "where": (
                            (alpha_hat, (K + 2 * N * lam * sp.Identity(N)).I * (y - f0)),
                            _MINIMUM,
                            *AT_START,
                            ROW,
                            GRAM,
                        )
                    },
                ),
                Mutant(
                    name="without f_0",
                    why_false="The function starts from $f_0$.",
                    change={"lhs": k * alpha_hat},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)


def _with_move(point: Point) -> Point:
    return {**point, u: column(*(sp.Rational(2 * n - 1, 2) for n in range(point[D])))}


_IN_SPAN = (alpha, K.I * Phi * u)
_SPAN_POINTS = tuple(map(_with_move, INVERTIBLE))

DS_REPRESENTER = Claim(
    id="ds-representer",
    title="The solution is a combination of the kernel functions at the examples",
    source=Source(
        document=Document.DS,
        where="'Infinite NTKs are infinite-dimensional'",
        printed="Representer theorem implies that $hat(f)(bold(x)) - f_0(bold(x)) = sum_(i=1)^N alpha_i k(bold(x), "
        "bold(x)_i) = bold(k)(bold(x)) dot alpha$ for some $alpha in bb(R)^N$",
    ),
    hypotheses=(
        SETTING,
        INDEPENDENT,
        "$D$ is any number of features; the second and the third form are the theorem's argument for any loss.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The solution nearest to the start, with $alpha = K^(-1) (bold(y) - bold(f)_0)$.",
            statement=Identity(
                lhs=phi.T * (w_hat - w0),
                rhs=k * alpha,
                where=(
                    (w_hat, Phi.T * K.I * y + (sp.Identity(D) - PROJECTION) * w0),
                    (alpha, K.I * (y - f0)),
                    *AT_START[:1],
                    ROW,
                    GRAM,
                ),
                domain=(*SIZES, FULL_RANK, *real(Phi, phi, y, w0)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="the residuals themselves as coefficients",
                    why_false="They still have to be multiplied with $K^(-1)$.",
                    change={
                        "where": (
                            (w_hat, Phi.T * K.I * y + (sp.Identity(D) - PROJECTION) * w0),
                            (alpha, y - f0),
                            *AT_START[:1],
                            ROW,
                            GRAM,
                        )
                    },
                ),
                Mutant(
                    name="of f̂ itself",
                    why_false="$f_0(bold(x)) = chevron.l phi(bold(x)), bold(w)_0 chevron.r$ is not in the span.",
                    change={"lhs": phi.T * w_hat},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Every move $u$ of the weights can be replaced by $Phi^top alpha$ without changing a prediction at "
            "the examples […]",
            statement=Identity(
                lhs=Phi * Phi.T * alpha,
                rhs=Phi * u,
                where=(_IN_SPAN, GRAM),
                domain=(*SIZES, FULL_RANK, *real(Phi, u)),
            ),
            routes=by_matrices(*_SPAN_POINTS),
            mutants=(
                Mutant(
                    name="without the inverse of the kernel",
                    why_false="$K Phi u != Phi u$.",
                    change={"where": ((alpha, Phi * u), GRAM)},
                ),
                Mutant(
                    name="with half of the coefficients",
                    why_false="It halves the predictions.",
                    change={"where": ((alpha, K.I * Phi * u / 2), GRAM)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="[…] and its norm is no greater: $norm(u)^2 - norm(Phi^top alpha)^2$ is a square.",
            statement=Identity(
                lhs=squared(u) - squared(Phi.T * alpha),
                rhs=squared(u - Phi.T * alpha),
                where=(_IN_SPAN, GRAM),
                domain=(*SIZES, FULL_RANK, *real(Phi, u)),
            ),
            routes=by_matrices(*_SPAN_POINTS),
            mutants=(
                Mutant(
                    name="for twice the coefficients",
                    why_false="Twice the projection is not orthogonal to what is left.",
                    change={"where": ((alpha, 2 * K.I * Phi * u), GRAM)},
                ),
                Mutant(
                    name="with the roots in place of the squares",
                    why_false="Norms of orthogonal parts do not add up.",
                    change={
                        "lhs": sp.sqrt(squared(u)) - sp.sqrt(squared(Phi.T * alpha)),
                        "rhs": sp.sqrt(squared(u - Phi.T * alpha)),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="So a loss that depends on the predictions at the examples, plus a penalty that grows with the norm, is "
    "least in the span. If the features of the examples are dependent, the same holds with the pseudo-inverse of $K$.",
)

CLAIMS = (DS_RIDGE_RKHS, DS_REPRESENTER)
