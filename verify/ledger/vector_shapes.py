"""The shapes of the vectors of the NTK regime: rows and columns."""

import sympy as sp

from derivations.matrices import by_algebra
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import SIZES, N, column, k, real, rows, y
from verify.statement import Identity
from verify.verdict import Verdict

f_t = sp.MatrixSymbol("f_t", N, 1)

_SHAPES: tuple[Point, ...] = tuple(
    {N: len(row), k: rows(row), f_t: column(*after), y: column(*labels)}
    for row, after, labels in (
        (["1", "-2"], ["1/2", "3"], ["1", "0"]),
        (["2", "1/3", "1"], ["0", "1", "-1"], ["1", "1", "5"]),
        (["4"], ["1"], ["-1"]),
    )
)

DS_SHAPE_VECTORS = Claim(
    id="ds-shape-vectors",
    title="The predictions and the labels are columns",
    source=Source(
        document=Document.DS,
        where="'NTK regime', last slide",
        printed="Let $bold(k)_0(bold(x)) = mat(k_0(bold(x), bold(x)_1), dots, k_0(bold(x), bold(x)_N)) in bb(R)^(1 "
        "times N)$, $bold(f)_t = mat(f(bold(x)_1; bold(w)_t), dots, f(bold(x)_N; bold(w)_t)) in bb(R)^N$, $bold(y) = "
        "mat(y_1, dots, y_N) in bb(R)^N$: $f(bold(x); bold(w)_(t+1)) - f(bold(x); bold(w)_t) approx -eta/N "
        "bold(k)_0(bold(x)) (bold(f)_t - bold(y))$",
    ),
    hypotheses=(
        "A product of matrices takes as many columns on the left as rows on the right.",
        "$bold(k)_0(bold(x))$ has $N$ columns; $bold(f)_t$ and $bold(y)$ are written as rows, like "
        "$bold(k)_0(bold(x))$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the number of columns of $bold(k)_0(bold(x))$ is that of the rows of a row.",
            statement=Identity(lhs=N, rhs=sp.S.One, domain=SIZES[:1]),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_SHAPES),
                Certificate(name="exact arithmetic", points=_SHAPES),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With columns: the product is the sum of $k_0(bold(x), bold(x)_i) (f(bold(x)_i; bold(w)_t) - "
            "y_i)$ over the examples, the trace of the product in the other order.",
            statement=Identity(lhs=k * (f_t - y), rhs=sp.Trace((f_t - y) * k), domain=(SIZES[0], *real(k, f_t, y))),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_SHAPES),
                Certificate(name="exact arithmetic", points=_SHAPES),
            ),
            mutants=(
                Mutant(
                    name="the sum over all pairs",
                    why_false="Each kernel value belongs to one example.",
                    change={"rhs": k * sp.OneMatrix(N, N) * (f_t - y)},
                ),
                Mutant(
                    name="the mean over the examples",
                    why_false="The factor $1\\/N$ stands outside.",
                    change={"rhs": sp.Trace((f_t - y) * k) / N},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Notation only: $bb(R)^N$ is a space of columns, and the brackets list the entries.",
)

CLAIMS = (DS_SHAPE_VECTORS,)
