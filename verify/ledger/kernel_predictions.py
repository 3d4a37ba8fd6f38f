"""What kernel regression predicts: at the examples their labels, at a point a combination of the kernel row."""

import sympy as sp

from derivations.matrix_expressions import PseudoInverse
from verify.claim import Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    AT_START,
    FULL_RANK,
    GRAM,
    INDEPENDENT,
    INVERTIBLE,
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
    phi,
    real,
    rows,
    w0,
    w_hat,
    y,
)
from verify.statement import Identity
from verify.verdict import Verdict

K0 = sp.MatrixSymbol("K_0", N, N)

_NEAREST = Phi.T * K.I * y + (sp.Identity(D) - PROJECTION) * w0
_REGULAR = (*SIZES, FULL_RANK)


def _kernel(entries: sp.Matrix) -> Point:
    size = entries.shape[0]
    return {
        N: size,
        K0: entries,
        y: column(*range(1, size + 1)),
        f0: column(*(sp.Rational(1, n + 2) for n in range(size))),
    }


_SINGULAR = _kernel(rows(["1", "1"], ["1", "1"]))
"""Two equal inputs, with different labels: outside the domain, of use where a mutant enlarges it."""
_RESIDUAL = y - f0

DS_RECAP_TRAIN = Claim(
    id="ds-recap-train",
    title="Trained to the end, the linearised network fits the labels",
    source=Source(
        document=Document.DS,
        where="'Recap of overall theory'",
        printed="predictions on training set: $bold(K)_0 bold(K)_0^(-1) (bold(y) - bold(f)_0) + bold(f)_0 = bold(y) - "
        "bold(f)_0 + bold(f)_0 = bold(y)$",
    ),
    hypotheses=("$bold(K)_0$ is invertible: 'full-rank (usual case)' on the slide 'Linearized solution'.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=sp.MatAdd(sp.MatMul(K0, sp.Inverse(K0), _RESIDUAL), f0),
                rhs=y,
                domain=(*SIZES[:1], *real(K0, y, f0), (sp.Determinant(K0), sp.Interval.open(0, sp.oo))),
            ),
            routes=by_matrices(
                _kernel(rows(["2", "1"], ["1", "3"])),
                _kernel(rows(["1", "0", "1/2"], ["0", "1", "0"], ["1/2", "0", "4"])),
                _SINGULAR,
            ),
            mutants=(
                Mutant(
                    name="without the predictions at the start",
                    why_false="It gives $bold(y) - bold(f)_0$.",
                    change={"lhs": sp.MatMul(K0, sp.Inverse(K0), _RESIDUAL)},
                ),
                Mutant(
                    name="with the kernel in place of its inverse",
                    why_false="$bold(K)_0^2 != bold(I)$.",
                    change={"lhs": sp.MatAdd(sp.MatMul(K0, K0, _RESIDUAL), f0)},
                ),
                Mutant(
                    name="with the pseudo-inverse, for a singular kernel",
                    why_false="Two equal inputs with different labels cannot both be fitted.",
                    change={
                        "lhs": sp.MatAdd(sp.MatMul(K0, PseudoInverse(K0), _RESIDUAL), f0),
                        "domain": (*SIZES[:1], *real(K0, y, f0)),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_PREDICTED = phi.T * w_hat
_OF_RESIDUALS = k * K.I * (y - f0) + f0_x
_FITTED = (w_hat, w0 + Phi.T * K.I * (y - f0))
_MODEL = (*_REGULAR, *real(Phi, phi, y, w0))

DS_KR_PRED = Claim(
    id="ds-kr-pred",
    title="Its predictions are those of the linearised network trained to the end",
    source=Source(
        document=Document.DS,
        where="'Kernel regression'",
        printed="Predictions are $chevron.l phi(bold(x)), hat(bold(w)) chevron.r = bold(k)(bold(x)) bold(K)^(-1) "
        "bold(y) + f_0(bold(x)) - bold(k)(bold(x)) bold(K)^(-1) bold(f)_0$, i.e. exactly $hat(f)(bold(x)) = "
        "bold(k)(bold(x)) bold(K)^(-1) (bold(y) - bold(f)_0) + f_0(bold(x))$ from before",
    ),
    hypotheses=(
        SETTING,
        INDEPENDENT,
        "In the printed form the model is linear, $f_0(bold(x)) = chevron.l phi(bold(x)), bold(w)_0 chevron.r$; in the "
        "other it is a linearised network, whose $f_0$ may be any function.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=_PREDICTED,
                rhs=k * K.I * y + f0_x - k * K.I * f0,
                where=((w_hat, _NEAREST), *AT_START, ROW, GRAM),
                domain=_MODEL,
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="the predictions at the start added twice",
                    why_false="The sign of the last term is that of a correction.",
                    change={"rhs": k * K.I * y + f0_x + k * K.I * f0},
                ),
                Mutant(
                    name="without the start",
                    why_false="That is the solution for $bold(w)_0 = 0$.",
                    change={"rhs": k * K.I * y},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The formula from before: the same with the residuals at the start.",
            statement=Identity(
                lhs=_PREDICTED, rhs=_OF_RESIDUALS, where=((w_hat, _NEAREST), *AT_START, ROW, GRAM), domain=_MODEL
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="without the prediction at the start",
                    why_false="$f_0(bold(x))$ is left out.",
                    change={"rhs": k * K.I * (y - f0)},
                ),
                Mutant(
                    name="with the kernel in place of its inverse",
                    why_false="$K != K^(-1)$.",
                    change={"rhs": k * K * (y - f0) + f0_x},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark='For a linearised network, $f^"lin"(bold(x); bold(w)) = f_0(bold(x)) + chevron.l phi(bold(x)), '
            "bold(w) "
            "- bold(w)_0 chevron.r$, with its own nearest solution.",
            statement=Identity(
                lhs=f0_x + phi.T * (w_hat - w0),
                rhs=_OF_RESIDUALS,
                where=(_FITTED, ROW, GRAM),
                domain=(*_MODEL, *real(f0, f0_x)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="with the weights of the linear model",
                    why_false="A network is not $chevron.l phi, bold(w) chevron.r$: with all layers of $L$ trained, a "
                    "ReLU network is $L$ times smaller.",
                    change={"where": ((w_hat, _NEAREST), ROW, GRAM)},
                ),
                Mutant(
                    name="fitting the labels in place of the residuals",
                    why_false="$f_0(bold(x))$ would be added to a fit of the labels.",
                    change={"where": ((w_hat, w0 + Phi.T * K.I * y), ROW, GRAM)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The slide crosses out a factor of the last term in handwriting; the printed formula is right.",
)

_SQUARE_PHI, _SQUARE_FEATURES = sp.MatrixSymbol("Phi", N, N), sp.MatrixSymbol("phi", N, 1)
_INNER = sp.Transpose(sp.MatMul(Phi, phi))
"""The inner products ⟨φ(x_i), φ(x)⟩ as a row."""

DS_KR_HANDNOTES = Claim(
    id="ds-kr-handnotes",
    title="The kernel row is the features of the point times the transposed feature matrix",
    source=Source(
        document=Document.DS,
        where="'Kernel regression', notes by hand",
        printed='"$n times D$: $Phi = vec(phi(x_1), dots.v, phi(x_n))$, $K = Phi Phi^top$"; "$phi(x)^top Phi = '
        'vec(phi(x)^top phi(x_1), dots.v, phi(x)^top phi(x_n)) = bold(k)(bold(x))$"',
    ),
    hypotheses=(
        "$bold(k)(bold(x))$ is the row $(Phi phi)^top$ with the entries $phi(bold(x)_i)^top phi(bold(x))$; $phi = "
        "phi(bold(x))$ is a column.",
        "The printed form is stated for $D = N$, where the product as printed has a meaning.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, without the transpose, for as many features as examples.",
            statement=Identity(
                lhs=_SQUARE_FEATURES.T * _SQUARE_PHI,
                rhs=sp.Transpose(sp.MatMul(_SQUARE_PHI, _SQUARE_FEATURES)),
                domain=(SIZES[0], *real(_SQUARE_PHI, _SQUARE_FEATURES)),
            ),
            routes=by_matrices(
                *(
                    {N: 2, _SQUARE_PHI: matrix, _SQUARE_FEATURES: column("1", "-1/2")}
                    for matrix in (rows(["1", "3"], ["-1", "2"]), rows(["0", "1"], ["2", "2"]))
                )
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With the transpose, for any number of features.",
            statement=Identity(lhs=phi.T * Phi.T, rhs=_INNER, domain=(*SIZES, *real(Phi, phi))),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="the mean over the examples",
                    why_false="It is smaller by the factor $N$ where there are several.",
                    change={"rhs": _INNER / N},
                ),
                Mutant(
                    name="the kernel of the point with itself",
                    why_false="The entries are about the examples.",
                    change={"rhs": phi.T * phi * sp.OneMatrix(1, N)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="A note by hand, perhaps misread: only the transpose is missing. The note beside it, 'NTK: $phi(x) = nabla_w "
    "ell(x; w) |_(w_t)$', should have $f$, not a loss, and $w_0$.",
)

CLAIMS = (DS_RECAP_TRAIN, DS_KR_PRED, DS_KR_HANDNOTES)
