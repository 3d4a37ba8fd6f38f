"""The linear least-squares problem of Lecture 12: its many minimisers, the shortest of them, and its norm."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import sum_bounds
from derivations.matrices import by_algebra
from derivations.matrix_expressions import PseudoInverse, norm, number, operator_norm
from derivations.pseudo_inverse import by_penrose, with_formula
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, D, n = sp.symbols("N D n", integer=True, positive=True)
i, j, k, ell, p = sp.symbols("i j k ell p", integer=True)
sigma = sp.Symbol("sigma", positive=True)
Phi = sp.MatrixSymbol("Phi", N, D)
y = sp.MatrixSymbol("y", N, 1)
theta, Delta, z = (sp.MatrixSymbol(name, D, 1) for name in ("theta", "Delta", "z"))
labels, q, eigenvalues = (
    sp.IndexedBase("y", real=True),
    sp.IndexedBase("q", real=True),
    sp.IndexedBase("lambda", positive=True),
)

KERNEL = Phi * Phi.T
FORMULA = Phi.T * KERNEL.I
SOLUTION = PseudoInverse(Phi) * y
"""θ̂."""
PROJECTION = sp.Identity(D) - FORMULA * Phi
"""I - φ†φ, the projection onto the moves that change no prediction."""

SIZES = ((N, sp.S.Naturals), (D, sp.S.Naturals))
FULL_RANK = (sp.Determinant(KERNEL), sp.Interval.open(0, sp.oo))
FEATURES = (*SIZES, (Phi, MatrixSet(N, D, sp.S.Reals)), FULL_RANK)
LABELLED = (*FEATURES, (y, MatrixSet(N, 1, sp.S.Reals)))


def columns(*symbols: sp.MatrixSymbol) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    """The sets of columns with D entries."""
    return tuple((symbol, MatrixSet(D, 1, sp.S.Reals)) for symbol in symbols)


RANK = "$phi in bb(R)^(N times D)$ has full row rank $N = n$, $D = d m$; $phi^dagger = phi^top (phi phi^top)^(-1)$."


def _point(rows: list[list[object]], *values: list[object]) -> Point:
    """A feature matrix with labels and columns θ, Δ and z."""
    named = dict(
        zip((y, theta, Delta, z), (sp.Matrix([sp.Rational(v) for v in column]) for column in values), strict=False)
    )
    return {N: len(rows), D: len(rows[0]), Phi: sp.Matrix([[sp.Rational(v) for v in row] for row in rows]), **named}


_WIDE = _point([["1", "2", "0"], ["0", "1", "1"]], ["1", "-2"], ["5", "-2", "0"], ["1", "1", "-1"], ["1", "-1", "2"])
"""Two examples, three features; θ interpolates: 5 - 4 = 1 and -2 + 0 = -2."""
_WIDER = _point(
    [["1", "-1", "1", "1/2"], ["2", "0", "1/3", "1"]],
    ["1/2", "1"],
    ["1/2", "0", "0", "0"],
    ["0", "1", "-1", "2"],
    ["1", "1/3", "0", "-1"],
)
_ROW = _point([["3", "4"]], ["-1"], ["1", "-1"], ["1/2", "2"], ["1", "1"])
POINTS: tuple[Point, ...] = (_WIDE, _WIDER, _ROW)

_BY_FORMULA, _BY_ALGEBRA = (
    (
        Derivation(name="algebra of matrices", derive=derive, spots=POINTS[:2]),
        Certificate(name="exact matrices", points=POINTS),
    )
    for derive in (with_formula(FORMULA), by_algebra())
)

_INTERPOLATES = (Phi * theta - y, sp.FiniteSet(sp.ZeroMatrix(N, 1)))

L12_PINV = Claim(
    id="l12-id-pinv",
    title="The minimum-norm solution by the pseudoinverse",
    source=Source(
        document=Document.L12,
        where="after (12.8)",
        printed="we should choose the minimum norm solution which can be found directly by the pseudoinverse: "
        "$hat(theta) = phi^dagger arrow(y)'$, where $phi^dagger$ is the pseudoinverse of $phi$ given by $phi^dagger = "
        "phi^top (phi phi^top)^(-1)$.",
    ),
    hypotheses=(
        "$phi in bb(R)^(N times D)$ has full row rank $N = n$: otherwise $phi phi^top$ has no inverse.",
        "$hat(theta)$ is a move $Delta theta$ from $theta^0$; $y$ stands for $arrow(y)'$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The formula is the pseudoinverse.",
            statement=Identity(lhs=PseudoInverse(Phi), rhs=FORMULA, domain=FEATURES),
            routes=(
                Derivation(name="the equations of Penrose", derive=by_penrose, spots=POINTS[:2]),
                Certificate(name="exact pseudoinverses", points=POINTS),
            ),
            mutants=(
                Mutant(
                    name="without the inverse",
                    why_false="The rows are not orthonormal.",
                    change={"rhs": Phi.T},
                ),
                Mutant(
                    name="with a ridge of 1",
                    why_false="It shrinks the solution.",
                    change={"rhs": Phi.T * (KERNEL + sp.Identity(N)).I},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="It solves the system.",
            statement=Identity(lhs=Phi * SOLUTION, rhs=y, domain=LABELLED),
            routes=_BY_FORMULA,
            mutants=(
                Mutant(
                    name="without the inverse",
                    why_false="The rows are not orthonormal.",
                    change={"lhs": Phi * Phi.T * y},
                ),
                Mutant(
                    name="with a ridge of 1",
                    why_false="It shrinks the solution.",
                    change={
                        "lhs": KERNEL
                        * (KERNEL + sp.Identity(N)).I
                        * PseudoInverse(Phi).T
                        * PseudoInverse(Phi)
                        * KERNEL
                        * y
                    },
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Every other solution is longer: the move from $hat(theta)$ to it is orthogonal to $hat(theta)$.",
            statement=Identity(
                lhs=norm(theta) ** 2,
                rhs=norm(SOLUTION) ** 2 + norm(theta - SOLUTION) ** 2,
                domain=(*LABELLED, *columns(theta), _INTERPOLATES),
            ),
            routes=(
                Derivation(
                    name="algebra of matrices",
                    derive=with_formula(FORMULA, given=((Phi * theta, y),)),
                    spots=POINTS[:2],
                ),
                Certificate(name="exact matrices", points=POINTS),
            ),
            mutants=(
                Mutant(
                    name="for any $theta$",
                    why_false="A move that changes predictions need not be orthogonal to $hat(theta)$.",
                    change={
                        "lhs": norm(theta + z) ** 2,
                        "rhs": norm(SOLUTION) ** 2 + norm(theta + z - SOLUTION) ** 2,
                        "domain": (*LABELLED, *columns(theta, z), _INTERPOLATES),
                    },
                ),
                Mutant(
                    name="with equal norms",
                    why_false="The solution $theta$ is another one.",
                    change={"rhs": norm(SOLUTION) ** 2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Needs full row rank, which the document does not say here. Without it the pseudoinverse exists, and "
    "$phi^dagger y$ is the shortest minimiser, but the formula printed does not: $phi phi^top$ is singular.",
)


def _fit(move: sp.MatrixExpr) -> sp.Expr:
    return norm(y - Phi * move) ** 2


L12_UNDER = Claim(
    id="l12-claim-under",
    title="With fewer examples than weights the minimisers fill an affine space of dimension $d m - n$",
    source=Source(
        document=Document.L12,
        where="after (12.8)",
        printed="Since $n << d m$, so we have an undetermined linear system.",
    ),
    hypotheses=(RANK, "Underdetermined is meant: more unknowns than equations.", "$y$ stands for $arrow(y)'$."),
    forms=(
        Form(
            role=Role.TESTED,
            remark="A move in the range of the projection $I - phi^dagger phi$ leaves the objective as it is.",
            statement=Identity(
                lhs=_fit(Delta + PROJECTION * z), rhs=_fit(Delta), domain=(*LABELLED, *columns(Delta, z))
            ),
            routes=_BY_ALGEBRA,
            mutants=(
                Mutant(
                    name="any move",
                    why_false="Moves along the rows of $phi$ change the predictions.",
                    change={"lhs": _fit(Delta + z)},
                ),
                Mutant(
                    name="moves along the rows",
                    why_false="They change the predictions.",
                    change={"lhs": _fit(Delta + FORMULA * Phi * z)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The projection has rank $D - N$, its trace: none of the minimisers is the only one if $N < D$.",
            statement=Identity(lhs=sp.Trace(PROJECTION), rhs=D - N, domain=FEATURES),
            routes=_BY_ALGEBRA,
            mutants=(
                Mutant(
                    name="a single minimiser",
                    why_false="Here $N < D$.",
                    change={"rhs": sp.S.Zero},
                ),
                Mutant(
                    name="every move",
                    why_false="The rows of $phi$ span $N$ dimensions.",
                    change={"rhs": D},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

# The norm of the solution. Orthonormal eigenvectors q_1, q_2, … of K = φφᵀ.

EIGENVECTORS = (
    (n, sp.S.Naturals),
    (q[i, k], sp.S.Reals),
    (sp.Sum(q[i, k] * q[i, ell], (i, 1, n)), sp.FiniteSet(sp.KroneckerDelta(k, ell))),
)
ROTATION = [["3/5", "-4/5"], ["4/5", "3/5"]]
TRIAD = [["2/3", "-1/3", "2/3"], ["2/3", "2/3", "-1/3"], ["-1/3", "2/3", "2/3"]]


def component(of: sp.IndexedBase) -> sp.Expr:
    """⟨q_l, v⟩."""
    return sp.Sum(q[i, ell] * of[i], (i, 1, n))


_ENERGY = sp.Sum(component(labels) ** 2 / eigenvalues[ell], (ell, 1, n))
_SQUARED = sp.Sum(labels[i] ** 2, (i, 1, n))
_SPECTRAL: tuple[Point, ...] = tuple(
    {
        n: len(values),
        q: entries(vectors),
        eigenvalues: family(*spectrum),
        labels: family(*values),
        sigma: sp.Rational(level),
    }
    for vectors, spectrum, values, level in (
        (ROTATION, ["1/4", "9"], ["3", "4"], "1/2"),
        (TRIAD, ["4", "9", "16"], ["1", "-1", "2"], "2"),
        ([["1"]], ["1/9"], ["-3"], "1/3"),
    )
)

L12_BOUND_12_16 = Claim(
    id="l12-bound-12.16",
    title="The norm of the solution is at most the operator norm of the pseudoinverse times that of the labels",
    source=Source(
        document=Document.L12,
        where="(12.16)",
        printed='$norm(hat(theta))_2 <= norm(phi^dagger)_"op" dot norm(arrow(y)\')_2$',
    ),
    hypotheses=(
        RANK,
        "$y$ stands for $arrow(y)'$. In the second form $q_(dot, ell)$ are orthonormal eigenvectors of $phi phi^top$ "
        "and $lambda_ell >= sigma^2$ its eigenvalues, $sigma = sigma_min (phi)$, so that "
        '$norm(phi^dagger)_"op" = 1\\/sigma$.',
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The norm exactly: $norm(hat(theta))^2 = y^top (phi phi^top)^(-1) y$.",
            statement=Identity(lhs=norm(SOLUTION) ** 2, rhs=number(y.T * KERNEL.I * y), domain=LABELLED),
            routes=_BY_FORMULA,
            mutants=(
                Mutant(
                    name="without the inverse",
                    why_false="$phi phi^top$ is not the identity.",
                    change={"rhs": number(y.T * KERNEL * y)},
                ),
                Mutant(
                    name="with the inverse squared",
                    why_false="That is the norm of the coefficients $(phi phi^top)^(-1) y$.",
                    change={"rhs": number(y.T * KERNEL.I * KERNEL.I * y)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The square of the bound, in the eigenvectors of $phi phi^top$.",
            statement=Inequality(
                lhs=_ENERGY,
                rhs=_SQUARED / sigma**2,
                domain=(
                    *EIGENVECTORS,
                    (sigma, sp.Interval.open(0, sp.oo)),
                    (eigenvalues[ell], sp.Interval.open(0, sp.oo)),
                    (eigenvalues[ell] - sigma**2, sp.Interval(0, sp.oo)),
                    (labels[i], sp.S.Reals),
                ),
            ),
            routes=(
                Derivation(
                    name="eigenvector by eigenvector",
                    derive=sum_bounds.by_parts(
                        Part(
                            "No eigenvalue is less than $sigma^2$.",
                            sp.Sum(
                                (eigenvalues[ell] - sigma**2) * component(labels) ** 2 / (sigma**2 * eigenvalues[ell]),
                                (ell, 1, n),
                            ),
                            given=(eigenvalues[ell] - sigma**2,),
                        )
                    ),
                    spots=_SPECTRAL[:2],
                ),
                Certificate(name="balls at exact eigenvectors", points=_SPECTRAL),
            ),
            mutants=(
                Mutant(
                    name="with the smallest eigenvalue in place of its root",
                    why_false="For labels along the bottom eigenvector the claim holds with equality.",
                    change={"rhs": _SQUARED / sigma},
                ),
                Mutant(
                    name="half the bound",
                    why_false="For labels along the bottom eigenvector the claim holds with equality.",
                    change={"rhs": _SQUARED / (2 * sigma**2)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            restates=True,
            remark="As printed, for particular matrices.",
            statement=Inequality(lhs=norm(SOLUTION), rhs=operator_norm(PseudoInverse(Phi)) * norm(y), domain=LABELLED),
            routes=(Certificate(name="enclosed singular values", points=POINTS[:2]),),
            mutants=(
                Mutant(
                    name='with $norm(phi)_"op"$ in place of $norm(phi^dagger)_"op"$, inverted',
                    why_false="The largest singular value of $phi$ is not the smallest.",
                    change={"rhs": norm(y) / operator_norm(Phi)},
                ),
                Mutant(
                    name="a quarter of the bound",
                    why_false="The labels are not so far from the bottom eigenvector.",
                    change={"rhs": operator_norm(PseudoInverse(Phi)) * norm(y) / 4},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Equality holds for labels along the bottom eigenvector of $phi phi^top$.",
)

CLAIMS = (L12_PINV, L12_UNDER, L12_BOUND_12_16)
