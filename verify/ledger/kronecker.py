"""The infinite kernel of a network with several outputs: a Kronecker product, because of the last layer."""

import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations import sum_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import by_matrices, column, real, rows
from verify.ledger._points import entries
from verify.statement import Identity
from verify.verdict import Verdict

N, O, D, m = sp.symbols("N O D m", integer=True, positive=True)  # noqa: E741 - the document's name of the outputs

K, k_row = sp.MatrixSymbol("K", N, N), sp.MatrixSymbol("k", 1, N)
Theta, theta = sp.MatrixSymbol("Theta", N * O, N * O), sp.MatrixSymbol("theta", O, N * O)
Y, Z, e = sp.MatrixSymbol("Y", N * O, 1), sp.MatrixSymbol("Z", N, 1), sp.MatrixSymbol("e", O, 1)
_EYE = sp.Identity(O)
_OF_ALL, _ROW_OF_ALL = ((Theta, KroneckerProduct(K, _EYE)),), (theta, KroneckerProduct(k_row, _EYE))
_LABELS = (Y, KroneckerProduct(Z, e))
_INVERTIBLE = ((N, sp.S.Naturals), (O, sp.S.Naturals), (sp.Determinant(K), sp.Interval.open(0, sp.oo)))


def _blocks(kernel: sp.Matrix, outputs: int, place: int) -> Point:
    examples = kernel.shape[0]
    return {
        N: examples,
        O: outputs,
        K: kernel,
        k_row: sp.Matrix([[sp.Rational((-1) ** n * (n + 1), 2) for n in range(examples)]]),
        e: column(*(int(n == place) for n in range(outputs))),
        Z: column(*(n * n - 3 for n in range(examples))),
    }


_KERNELS: tuple[Point, ...] = (
    _blocks(rows(["2", "1"], ["1", "3"]), 2, 0),
    _blocks(rows(["4", "1", "0"], ["1", "2", "1/2"], ["0", "1/2", "1"]), 2, 1),
    _blocks(rows(["1", "0"], ["0", "5"]), 3, 2),
)

i, j, r, s = sp.symbols("i j r s", integer=True)
h, g, kappa = (sp.IndexedBase(name, real=True) for name in ("h", "g", "kappa"))
E = sp.Function("E", real=True)
_PARTS = (
    (m, sp.S.Naturals),
    (O, sp.S.Naturals),
    (i, sp.Range(1, O + 1)),
    (j, sp.Range(1, O + 1)),
    (h[r], sp.S.Reals),
    (g[r], sp.S.Reals),
    (kappa[r, s], sp.S.Reals),
)
_MOMENT = (E(i, r, j, s), sp.KroneckerDelta(i, j) * sp.KroneckerDelta(r, s))
_HIDDEN = sp.Sum(E(i, r, j, s) * kappa[r, s], (r, 1, m), (s, 1, m)) / m
_LAST = sp.Sum(sp.KroneckerDelta(i, j) * h[r] * g[r], (r, 1, m)) / m
_ONE_OUTPUT = sp.Sum(kappa[r, r] + h[r] * g[r], (r, 1, m)) / m


def _neurons(outputs: int, place: tuple[int, int], width: int) -> Point:
    return {
        m: width,
        O: outputs,
        i: place[0],
        j: place[1],
        h: {n: sp.Rational(n, 2) for n in range(1, width + 1)},
        g: {n: sp.Rational(3 - n) for n in range(1, width + 1)},
        kappa: entries([[sp.Rational(a + 2 * b, 3) for b in range(width)] for a in range(1, width + 1)]),
    }


_NETWORKS: tuple[Point, ...] = (
    _neurons(2, (1, 2), 3),
    _neurons(2, (2, 2), 3),
    _neurons(3, (3, 1), 2),
    _neurons(1, (1, 1), 4),
)

DS_KRON = Claim(
    id="ds-kron",
    title="The infinite kernel of several outputs is K ⊗ I: as many independent regressions",
    source=Source(
        document=Document.DS,
        where="'Computing empirical NTKs'",
        printed="For the infinite NTK, we can actually ignore the $O$ part. Has form $bold(K) times.o bold(I)$ "
        "because of the last layer – corresponds to doing an independent kernel regression for each component",
    ),
    hypotheses=(
        "First form: $f_j = 1/sqrt(m) sum_r v_(j r) h_r$ with $v_(j r)$ independent, of mean 0 and variance 1, and "
        "independent of the other layers; $E(i, r, j, s)$ stands for $bb(E)[v_(i r) v_(j s)]$. $h$ and $g$ are the "
        "features of the last layer at two inputs, $kappa_(r s)$ the kernel of the features $h_r$, $g_s$ in the "
        "weights below. The law of large numbers turns the mean into the limit of infinite width.",
        "Other forms: $bold(K)$ is any invertible $N times N$ matrix, $k = bold(k)(bold(x))$ its row at a test point, "
        "$theta = k times.o bold(I)$ the rows of all outputs. Predictions are linear in the labels, so the labels of "
        "one output tell all; $e$ may be any vector of $bb(R)^O$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The mean over the last layer is a kernel of one output times $delta_(i j)$.",
            statement=Identity(
                lhs=_HIDDEN + _LAST,
                rhs=sp.KroneckerDelta(i, j) * _ONE_OUTPUT,
                where=(_MOMENT,),
                domain=_PARTS,
            ),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_NETWORKS),
                Certificate(name="balls at small networks", points=_NETWORKS),
            ),
            mutants=(
                Mutant(
                    name="all outputs share one read-out",
                    why_false="Then $bb(E)[v_r v_s] = delta_(r s)$ for all pairs of outputs, and blocks off the "
                    "diagonal do not vanish.",
                    change={"where": ((_MOMENT[0], sp.KroneckerDelta(r, s)),)},
                ),
                Mutant(
                    name="the last layer alone",
                    why_false="The weights below are trained too.",
                    change={"rhs": sp.KroneckerDelta(i, j) * sp.Sum(h[r] * g[r], (r, 1, m)) / m},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The inverse of $Theta = bold(K) times.o bold(I)$ is $bold(K)^(-1) times.o bold(I)$ […]",
            statement=Identity(
                lhs=Theta.I,
                rhs=KroneckerProduct(K.I, _EYE),
                where=_OF_ALL,
                domain=(*_INVERTIBLE, *real(K)),
            ),
            routes=by_matrices(*_KERNELS),
            mutants=(
                Mutant(
                    name="one for all pairs of outputs",
                    why_false="$bold(K)^(-1) times.o bold(1) bold(1)^top$ is not even invertible if $O > 1$.",
                    change={"rhs": KroneckerProduct(K.I, sp.OneMatrix(O, O))},
                ),
                Mutant(
                    name="the inverse scaled by the number of outputs",
                    why_false="It would be the inverse of $bold(K) times.o bold(I) \\/ O$.",
                    change={"rhs": O * KroneckerProduct(K.I, _EYE)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="[…] and labels $Y$ of one output, $e$ its unit vector, give the predictions of the regression with "
            "$bold(K)$ for this output, and 0 for the others.",
            statement=Identity(
                lhs=theta * Theta.I * Y,
                rhs=KroneckerProduct(k_row * K.I * Z, e),
                where=(*_OF_ALL, _ROW_OF_ALL, _LABELS),
                domain=(*_INVERTIBLE, *real(K, k_row, Z, e)),
            ),
            routes=by_matrices(*_KERNELS),
            mutants=(
                Mutant(
                    name="the same predictions for all outputs",
                    why_false="The other outputs are predicted to be 0.",
                    change={"rhs": KroneckerProduct(k_row * K.I * Z, sp.OneMatrix(O, 1))},
                ),
                Mutant(
                    name="with the kernel in place of its inverse",
                    why_false="$bold(K) != bold(K)^(-1)$.",
                    change={"rhs": KroneckerProduct(k_row * K * Z, e)},
                ),
                Mutant(
                    name="with outputs that are coupled",
                    why_false="For $bold(K) times.o (bold(I) + bold(1) bold(1)^top)$ one output predicts the others.",
                    change={
                        "where": ((Theta, KroneckerProduct(K, _EYE + sp.OneMatrix(O, O))), _ROW_OF_ALL, _LABELS),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="At finite width blocks off the diagonal are random of order $m^(-1\\/2)$, of mean 0.",
)

CLAIMS = (DS_KRON,)
