"""The feature matrix of kernel regression, what is made of it, and small examples of it with exact entries."""

from collections.abc import Sequence

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrices import by_algebra
from derivations.matrix_expressions import norm, rank
from verify.claim import Certificate, Derivation, Point

N, D = sp.symbols("N D", integer=True, positive=True)
Phi = sp.MatrixSymbol("Phi", N, D)
"""The features of the N examples, one row for each."""
K = sp.MatrixSymbol("K", N, N)
phi = sp.MatrixSymbol("phi", D, 1)
"""The features of a test point x, and k = k(x) its kernel row."""
k = sp.MatrixSymbol("k", 1, N)
w, w0, v, w_hat = (sp.MatrixSymbol(name, D, 1) for name in ("w", "w_0", "v", "w_hat"))
y, f0 = sp.MatrixSymbol("y", N, 1), sp.MatrixSymbol("f_0", N, 1)
f0_x = sp.MatrixSymbol("f_x", 1, 1)
lam = sp.Symbol("lambda", positive=True)

GRAM = (K, Phi * Phi.T)
ROW = (k, phi.T * Phi.T)
AT_START = ((f0, Phi * w0), (f0_x, phi.T * w0))
"""The predictions of the model at the examples and at x before training."""
PROJECTION = Phi.T * K.I * Phi
"""The orthogonal projection onto the span of the features of the examples, if K is invertible."""
SETTING = (
    "$Phi in bb(R)^(N times D)$ has the rows $phi(bold(x)_i)$; $K = Phi Phi^top$; at a test point $bold(x)$: $phi = "
    "phi(bold(x))$, $k = phi^top Phi^top$, $f_x = f_0(bold(x))$."
)
INDEPENDENT = "The features of the examples are linearly independent, so $K$ is invertible."

SIZES = ((N, sp.S.Naturals), (D, sp.S.Naturals))
FULL_RANK = (rank(Phi), sp.FiniteSet(N))
POSITIVE = (lam, sp.Interval.open(0, sp.oo))


def real(*symbols: sp.MatrixSymbol) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    """That these matrices are real ones, of any entries."""
    return tuple((symbol, MatrixSet(*symbol.shape, sp.S.Reals)) for symbol in symbols)


def squared(column: sp.MatrixExpr) -> sp.Expr:
    """‖column‖²."""
    return norm(column) ** 2


def column(*values: object) -> sp.Matrix:
    """A column of exact numbers."""
    return sp.Matrix([sp.Rational(value) for value in values])


def rows(*values: Sequence[object]) -> sp.Matrix:
    """A matrix of exact numbers, row by row."""
    return sp.Matrix([[sp.Rational(entry) for entry in row] for row in values])


def example(features: sp.Matrix) -> Point:
    """A feature matrix, with columns of fixed numbers for everything else."""
    examples, size = features.shape
    return {
        N: examples,
        D: size,
        Phi: features,
        phi: column(*(sp.Rational((-1) ** n * (n + 2), 3) for n in range(size))),
        w: column(*(n + 1 for n in range(size))),
        w0: column(*(sp.Rational(3 - 2 * n, n + 2) for n in range(size))),
        v: column(*(sp.Rational(n**2 + 1, 2) for n in range(size))),
        y: column(*(sp.Rational((-1) ** n * (2 * n + 5), 2) for n in range(examples))),
        f0: column(*(sp.Rational(1, n + 2) for n in range(examples))),
        f0_x: column("1/7"),
        lam: sp.Rational(2, 3),
    }


TALL = example(rows(["1", "2"], ["0", "-1"], ["3", "1"]))
"""More examples than features: K is singular."""
WIDE = example(rows(["1", "2", "0"], ["0", "1", "-1"]))
ONE = example(rows(["1/2", "-2"]))
SQUARE = example(rows(["1", "3"], ["-1", "2"]))
WIDER = example(rows(["1", "0", "2", "1"], ["-1", "1", "0", "3"]))
INVERTIBLE: tuple[Point, ...] = (WIDE, ONE, WIDER, SQUARE)
ANY: tuple[Point, ...] = (WIDE, TALL, ONE, SQUARE)


def by_matrices(*points: Point) -> tuple[Derivation, Certificate]:
    """The routes of an identity that the algebra of matrices proves: for all sizes, and at the points."""
    return (
        Derivation(name="the algebra of matrices", derive=by_algebra(), spots=points),
        Certificate(name="exact arithmetic at small matrices", points=points),
    )
