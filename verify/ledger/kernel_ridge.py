"""Kernel ridge regression: in weights, in functions, on residuals; and the representer theorem."""

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.push_through import by_push_through
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    ANY,
    AT_START,
    GRAM,
    POSITIVE,
    ROW,
    SETTING,
    SIZES,
    SQUARE,
    D,
    K,
    N,
    Phi,
    by_matrices,
    column,
    example,
    f0,
    f0_x,
    k,
    lam,
    phi,
    real,
    rows,
    squared,
    w,
    w0,
    w_hat,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

u = sp.MatrixSymbol("u", D, 1)
alpha, alpha_hat = sp.MatrixSymbol("alpha", N, 1), sp.MatrixSymbol("alpha_hat", N, 1)

_WEIGHT_LOSS = "$J(bold(w)) = 1/N norm(Phi bold(w) - bold(y))^2 + lambda norm(bold(w) - bold(w)_0)^2$."
_CONVEX = (
    "For every $bold(w)$, $J(bold(w)) - J(hat(bold(w))) = 1/N norm(Phi (bold(w) - hat(bold(w))))^2 + lambda "
    "norm(bold(w) - hat(bold(w)))^2$: then $hat(bold(w))$ is the only minimum. If it is one, this equation holds, as "
    "the gradient of the quadratic $J$ vanishes there."
)


def _ridge(features: MatrixExpr, values: MatrixExpr, level: sp.Expr = N * lam) -> MatrixExpr:
    """Φᵀ (ΦΦᵀ + level · I)⁻¹ values."""
    return features.T * (features * features.T + level * sp.Identity(N)).I * values


def _loss(features: MatrixExpr, weights: MatrixExpr, start: MatrixExpr, values: MatrixExpr) -> sp.Expr:
    """1/N ‖Φw - y‖² + λ ‖w - w_0‖²."""
    return squared(features * weights - values) / N + lam * squared(weights - start)


def _is_minimum(
    features: MatrixExpr,
    minimum: MatrixExpr,
    weights: MatrixExpr,
    start: MatrixExpr,
    domain: tuple[tuple[sp.Basic, sp.Set], ...],
) -> Identity:
    """That `minimum` is where the loss is least: what the loss has more at any other weights is a sum of squares."""
    hat = sp.MatrixSymbol("w_hat", *weights.shape)
    return Identity(
        lhs=_loss(features, weights, start, y) - _loss(features, hat, start, y),
        rhs=squared(features * (weights - hat)) / N + lam * squared(weights - hat),
        where=((hat, minimum),),
        domain=domain,
    )


_S, _v, _v0 = sp.MatrixSymbol("Phi", N, N), sp.MatrixSymbol("w", N, 1), sp.MatrixSymbol("w_0", N, 1)
_SQUARE: tuple[Point, ...] = (SQUARE, example(rows(["0", "1"], ["2", "2"])))
"""As many features as examples."""
_WHOLE = (*SIZES, POSITIVE, *real(Phi, y, w, w0))

DS_RIDGE_W = Claim(
    id="ds-ridge-w",
    title="The weights of ridge regression around the start",
    source=Source(
        document=Document.DS,
        where="'Kernel ridge regression'",
        printed='for $lambda > 0$, $hat(bold(w))_lambda = op("argmin")_bold(w) 1/N sum_(i=1)^N (chevron.l bold(w), '
        "phi(bold(x)_i) chevron.r - y_i)^2 + lambda norm(bold(w) - bold(w)_0)^2 = bold(w)_0 + Phi^top (bold(K) + N "
        "lambda bold(I))^(-1) (bold(y) - Phi^top bold(w)_0)$",
    ),
    hypotheses=(
        SETTING,
        _WEIGHT_LOSS + " " + _CONVEX,
        "The printed form is stated for $D = N$, where $Phi^top bold(w)_0$ has the shape of $bold(y)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, for as many features as examples.",
            statement=_is_minimum(
                _S, _v0 + _ridge(_S, y - _S.T * _v0), _v, _v0, (SIZES[0], POSITIVE, *real(_S, y, _v, _v0))
            ),
            routes=by_matrices(*_SQUARE),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With $Phi bold(w)_0$ in place of $Phi^top bold(w)_0$, for any number of features.",
            statement=_is_minimum(Phi, w0 + _ridge(Phi, y - Phi * w0), w, w0, _WHOLE),
            routes=by_matrices(*ANY),
            mutants=(
                Mutant(
                    name="λ in place of Nλ",
                    why_false="The loss has the factor $1\\/N$, so the penalty counts $N$ times.",
                    change={"where": ((w_hat, w0 + _ridge(Phi, y - Phi * w0, lam)),)},
                ),
                Mutant(
                    name="Nλ/2 in place of Nλ",
                    why_false="There is no factor $1\\/2$ in this loss.",
                    change={"where": ((w_hat, w0 + _ridge(Phi, y - Phi * w0, N * lam / 2)),)},
                ),
                Mutant(
                    name="fitting the labels in place of the residuals",
                    why_false="The start already predicts $Phi bold(w)_0$.",
                    change={"where": ((w_hat, w0 + _ridge(Phi, y)),)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Only the transpose is wrong; $N lambda$ is right for this loss, which has no factor $1\\/2$.",
)

_RESOLVENT = (K + N * lam * sp.Identity(N)).I
_MINIMUM = (w_hat, w0 + Phi.T * _RESOLVENT * (y - Phi * w0))

DS_RIDGE_PRED = Claim(
    id="ds-ridge-pred",
    title="The predictions of kernel ridge regression",
    source=Source(
        document=Document.DS,
        where="'Kernel ridge regression'",
        printed="$chevron.l hat(bold(w))_lambda, phi(x) chevron.r = f_0(x) + bold(k)(x) (bold(K) + N lambda "
        "bold(I))^(-1) (bold(y) - bold(f)_0)$",
    ),
    hypotheses=(
        SETTING,
        "$hat(bold(w))_lambda$ is the minimum of the claim ds-ridge-w, in the corrected form; $f_0(bold(x)) = "
        "chevron.l phi(bold(x)), bold(w)_0 chevron.r$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=phi.T * w_hat,
                rhs=f0_x + k * _RESOLVENT * (y - f0),
                where=(_MINIMUM, *AT_START, ROW, GRAM),
                domain=(*SIZES, POSITIVE, *real(Phi, phi, y, w0)),
            ),
            routes=by_matrices(*ANY),
            mutants=(
                Mutant(
                    name="λ in place of Nλ",
                    why_false="It regularises less.",
                    change={"rhs": f0_x + k * (K + lam * sp.Identity(N)).I * (y - f0)},
                ),
                Mutant(
                    name="without the prediction at the start",
                    why_false="$f_0(bold(x))$ is left out.",
                    change={"rhs": k * _RESOLVENT * (y - f0)},
                ),
                Mutant(
                    name="the opposite residuals",
                    why_false="It moves away from the labels.",
                    change={"rhs": f0_x + k * _RESOLVENT * (f0 - y)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The same minimum by the matrix of the features, of $D$ rows: the normal equations.",
            statement=Identity(
                lhs=phi.T * (Phi.T * Phi + N * lam * sp.Identity(D)).I * (Phi.T * y + N * lam * w0),
                rhs=f0_x + k * _RESOLVENT * (y - f0),
                where=(*AT_START, ROW, GRAM),
                domain=(*SIZES, POSITIVE, *real(Phi, phi, y, w0)),
            ),
            routes=(
                Derivation(name="push-through", derive=by_push_through(Phi, N * lam), spots=ANY),
                Certificate(name="exact arithmetic at small matrices", points=ANY),
            ),
            mutants=(
                Mutant(
                    name="shrinking to the origin",
                    why_false="The penalty is centred at $bold(w)_0$.",
                    change={"lhs": phi.T * (Phi.T * Phi + N * lam * sp.Identity(D)).I * (Phi.T * y)},
                ),
                Mutant(
                    name="the centre weighted by λ",
                    why_false="It has the weight of the penalty, $N lambda$.",
                    change={"lhs": phi.T * (Phi.T * Phi + N * lam * sp.Identity(D)).I * (Phi.T * y + lam * w0)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_SHIFTED = _loss(Phi, w0 + u, w0, y)


def _with_move(point: Point) -> Point:
    return {**point, u: column(*(sp.Rational(2 * n - 1, 2) for n in range(point[D])))}


_MOVES = tuple(map(_with_move, ANY))

DS_RIDGE_RESIDUAL = Claim(
    id="ds-ridge-residual",
    title="One may start from zero and fit the residuals",
    source=Source(
        document=Document.DS,
        where="'Kernel ridge regression'",
        printed="Note: equivalent to use $bold(w)_0 = bold(0)$ / $f_0(bold(x)) = 0$ but fit residuals $y_i - "
        "f_0(bold(x)_i)$",
    ),
    hypotheses=(SETTING, _WEIGHT_LOSS, "$f_0(bold(x)) = chevron.l phi(bold(x)), bold(w)_0 chevron.r$."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The two losses agree for every move $u$ of the weights.",
            statement=Identity(
                lhs=_SHIFTED,
                rhs=_loss(Phi, u, sp.ZeroMatrix(D, 1), y - f0),
                where=AT_START[:1],
                domain=(*SIZES, POSITIVE, *real(Phi, y, w0, u)),
            ),
            routes=by_matrices(*_MOVES),
            mutants=(
                Mutant(
                    name="residuals, and the penalty still at the start",
                    why_false="Then the start counts twice.",
                    change={"rhs": _loss(Phi, u, w0, y - f0)},
                ),
                Mutant(
                    name="the labels from zero",
                    why_false="Without the residuals it is another problem.",
                    change={"rhs": _loss(Phi, u, sp.ZeroMatrix(D, 1), y)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="So do their minima: $bold(w)_0$ plus the minimum of the one is the minimum of the other.",
            statement=Identity(
                lhs=w0 + (Phi.T * Phi + N * lam * sp.Identity(D)).I * Phi.T * (y - f0),
                rhs=(Phi.T * Phi + N * lam * sp.Identity(D)).I * (Phi.T * y + N * lam * w0),
                where=AT_START[:1],
                domain=(*SIZES, POSITIVE, *real(Phi, y, w0)),
            ),
            routes=by_matrices(*ANY),
            mutants=(
                Mutant(
                    name="without adding the start again",
                    why_false="The minimum for the residuals is a move from $bold(w)_0$.",
                    change={"lhs": (Phi.T * Phi + N * lam * sp.Identity(D)).I * Phi.T * (y - f0)},
                ),
                Mutant(
                    name="the sum of labels and predictions",
                    why_false="The residual is their difference.",
                    change={"lhs": w0 + (Phi.T * Phi + N * lam * sp.Identity(D)).I * Phi.T * (y + f0)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_RIDGE_W, DS_RIDGE_PRED, DS_RIDGE_RESIDUAL)
