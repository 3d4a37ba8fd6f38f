"""Networks with several outputs: the shapes of their kernels, and the closed form of the linearised network."""

import sympy as sp

from derivations.matrix_expressions import MatrixExp, TimeDerivative, rank
from derivations.matrix_flows import by_differentiation
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import by_matrices, column, real, rows
from verify.statement import Identity
from verify.verdict import Verdict

N, O, D, m = sp.symbols("N O D m", integer=True, positive=True)  # noqa: E741 - the document's name of the outputs
t = sp.Symbol("t", nonnegative=True)
eta = sp.Symbol("eta", positive=True)
Phi = sp.MatrixSymbol("Phi", N * O, D)
K0, k0 = sp.MatrixSymbol("K_0", N * O, N * O), sp.MatrixSymbol("k_0", O, N * O)
phi, phi1, phi2 = (sp.MatrixSymbol(name, O, D) for name in ("phi", "phi_1", "phi_2"))
y, f0, f_t = (sp.MatrixSymbol(name, N * O, 1) for name in ("y", "f_0", "f_t"))
f_x = sp.MatrixSymbol("f_x", O, 1)

_SIZES = ((N, sp.S.Naturals), (O, sp.S.Naturals), (D, sp.S.Naturals))
_REGULAR = (*_SIZES, (rank(Phi), sp.FiniteSet(N * O)))
_GRAM, _ROWS = (K0, Phi * Phi.T), (k0, phi * Phi.T)
_SETTING = (
    "$Phi in bb(R)^(N O times D)$ stacks the gradients $phi(bold(x)_i) in bb(R)^(O times D)$ of the outputs at the "
    "examples; $bold(K)_0 = Phi Phi^top$ is invertible; $bold(k)_0(bold(x)) = phi(bold(x)) Phi^top$."
)


def _point(examples: int, outputs: int, stacked: sp.Matrix, at_test: sp.Matrix) -> Point:
    total = examples * outputs
    return {
        N: examples,
        O: outputs,
        D: stacked.shape[1],
        Phi: stacked,
        phi: at_test,
        phi1: at_test,
        phi2: stacked[:outputs, :],
        y: column(*(sp.Rational((-1) ** n * (n + 2), 2) for n in range(total))),
        f0: column(*(sp.Rational(1, n + 2) for n in range(total))),
        f_x: column(*(sp.Rational(n + 1, 5) for n in range(outputs))),
        t: sp.Rational(3, 2),
        eta: sp.Rational(1, 3),
    }


_POINTS: tuple[Point, ...] = (
    _point(1, 2, rows(["1", "0", "1"], ["0", "2", "-1"]), rows(["1", "1", "0"], ["0", "1", "3"])),
    _point(
        2,
        2,
        rows(["1", "0", "0", "1"], ["0", "1", "0", "1"], ["0", "0", "1", "-1"], ["1", "0", "0", "0"]),
        rows(["1", "2", "0", "0"], ["0", "1", "1", "1/2"]),
    ),
    _point(2, 1, rows(["1", "2"], ["0", "1"]), rows(["3", "-1"])),
)
_ROWS_OF_ALL = sp.Trace(Phi.T * K0.I * Phi)

DS_VEC_SHAPES = Claim(
    id="ds-vec-shapes",
    title="The shape of the kernel between a point and the examples, for several outputs",
    source=Source(
        document=Document.DS,
        where="'Vector outputs'",
        printed="Usually write $bold(K)_0 in bb(R)^(N O times N O)$, $bold(k)_0(bold(x)) in bb(R)^(1 times N O)$, "
        "$bold(y) "
        'in bb(R)^(N O)$. Then $f^"lin" (bold(x); bold(w)_t) = […] in bb(R)^O$',
    ),
    hypotheses=(
        _SETTING,
        "The kernels $bold(k)_0(bold(x)_i)$ of the $N$ examples, of $r$ rows each, stacked are $bold(K)_0$: so $N r$ "
        "is the number of rows of $bold(K)_0$, which is the trace of $bold(K)_0^(-1) bold(K)_0$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, with one row for a point.",
            statement=Identity(lhs=N, rhs=_ROWS_OF_ALL, where=(_GRAM,), domain=(*_REGULAR, *real(Phi))),
            routes=by_matrices(*_POINTS),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With $O$ rows: $bold(k)_0(bold(x)) in bb(R)^(O times N O)$.",
            statement=Identity(lhs=N * O, rhs=_ROWS_OF_ALL, where=(_GRAM,), domain=(*_REGULAR, *real(Phi))),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="as many rows as parameters",
                    why_false="The kernel is a product over the parameters.",
                    change={"lhs": D},
                ),
                Mutant(
                    name="as many rows as blocks",
                    why_false="There are $N^2$ blocks of $O times O$.",
                    change={"lhs": N**2},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="With one output, $O = 1$, the printed shape is right.",
)

_DECAY = MatrixExp(-eta * t / N * K0)


def _closed_form(row: sp.MatrixExpr, start: sp.MatrixExpr, decay: sp.MatrixExpr = _DECAY) -> sp.MatrixExpr:
    """f_0(x) + k_0(x) K_0⁻¹ (I - e^(-ηtK_0/N)) (y - f_0)."""
    return sp.MatAdd(start, sp.MatMul(row, sp.Inverse(K0), sp.Identity(N * O) - decay, y - f0))


_AT_EXAMPLES = (f_t, _closed_form(K0, f0))
_FLOW = (
    *_REGULAR,
    (t, sp.Interval(0, sp.oo)),
    (eta, sp.Interval.open(0, sp.oo)),
    *real(Phi, phi, y, f0, f_x),
)
_SLOPE = -eta / N * k0 * (f_t - y)
_AT_ONCE = MatrixExp(-eta * t / N * sp.Identity(N * O))
_BLOCK = phi1 * phi2.T

DS_VEC_FORMULA = Claim(
    id="ds-vec-formula",
    title="The closed form of the linearised network with several outputs",
    source=Source(
        document=Document.DS,
        where="'Vector outputs'",
        printed="$phi_bold(w)(bold(x)) = nabla_bold(w) f(bold(x); bold(w)) |_bold(w) in bb(R)^(O times D)$, "
        "$k_bold(w)(bold(x)_1, bold(x)_2) = phi_bold(w)(bold(x)_1) phi_bold(w)(bold(x)_2)^top in bb(R)^(O times O)$ "
        "[…] "
        'Then $f^"lin" (bold(x); bold(w)_t) = bold(k)_0(bold(x)) bold(K)_0^(-1) (bold(I) - e^(-(eta t)/N bold(K)_0)) '
        "(bold(y) - bold(f)_0) + f_0(bold(x)) in bb(R)^O$",
    ),
    hypotheses=(
        _SETTING,
        "$bold(k)_0(bold(x))$ has $O$ rows (the claim ds-vec-shapes). $f_x = f_0(bold(x))$; $f_t$ are the predictions "
        "at the examples by the same formula, $bold(k)_0(bold(x))$ running over the rows of $bold(K)_0$.",
        '$f^"lin"$ is the solution of $dif/(dif t) f^"lin" = -eta/N bold(k)_0(bold(x)) (f_t - bold(y))$ from '
        "$f_0(bold(x))$; the loss is $1/(2 N) sum_i norm(f(bold(x)_i) - bold(y)_i)^2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The formula satisfies the differential equation of gradient flow.",
            statement=Identity(
                lhs=TimeDerivative(_closed_form(k0, f_x), t),
                rhs=_SLOPE,
                where=(_AT_EXAMPLES, _ROWS, _GRAM),
                domain=_FLOW,
            ),
            routes=(
                Derivation(name="substitution", derive=by_differentiation, spots=_POINTS),
                Certificate(name="balls at small matrices", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="without N in the exponent",
                    why_false="It would be $N$ times as fast; false if $N > 1$.",
                    change={"lhs": TimeDerivative(_closed_form(k0, f_x, MatrixExp(-eta * t * K0)), t)},
                ),
                Mutant(
                    name="NO in place of N",
                    why_false="The loss is a mean over the examples, not over their outputs.",
                    change={"lhs": TimeDerivative(_closed_form(k0, f_x, MatrixExp(-eta * t / (N * O) * K0)), t)},
                ),
                Mutant(
                    name="all modes at one rate",
                    why_false="Each eigenvector of $bold(K)_0$ decays at the rate of its own eigenvalue.",
                    change={"lhs": TimeDerivative(_closed_form(k0, f_x, _AT_ONCE), t)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="It starts from $f_0(bold(x))$.",
            statement=Identity(
                lhs=_closed_form(k0, f_x).subs(t, 0),
                rhs=f_x,
                where=(_ROWS, _GRAM),
                domain=tuple(pair for pair in _FLOW if pair[0] not in (t, eta)),
            ),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="with a plus sign before the exponential",
                    why_false="At $t = 0$ it gives twice the limit of $t -> infinity$.",
                    change={"lhs": _closed_form(k0, f_x, -_DECAY).subs(t, 0)},
                ),
                Mutant(
                    name="without f_0(x)",
                    why_false="At $t = 0$ it gives 0.",
                    change={"lhs": _closed_form(k0, f_x).subs(t, 0) - f_x},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="A block of the kernel is transposed when its arguments change places.",
            statement=Identity(lhs=sp.Transpose(_BLOCK), rhs=phi2 * phi1.T, domain=(*_SIZES[1:], *real(phi1, phi2))),
            routes=by_matrices(*_POINTS),
            mutants=(
                Mutant(
                    name="every block is symmetric",
                    why_false="Different outputs at different points have different gradients.",
                    change={"rhs": _BLOCK},
                ),
                Mutant(
                    name="with the opposite sign",
                    why_false="It is no antisymmetric form: with one output it is a number that does not vanish.",
                    change={"rhs": -phi2 * phi1.T},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_VEC_SHAPES, DS_VEC_FORMULA)
