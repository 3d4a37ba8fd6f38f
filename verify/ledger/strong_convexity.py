"""Whether the linearised problem of Lecture 12 is strongly convex, and why gradient descent converges geometrically."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import sum_bounds
from derivations.matrices import by_algebra
from derivations.matrix_expressions import norm, smallest_eigenvalue
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.ledger.least_squares import (
    EIGENVECTORS,
    ROTATION,
    SIZES,
    TRIAD,
    D,
    N,
    Phi,
    columns,
    component,
    ell,
    i,
    j,
    n,
    q,
    theta,
    y,
)
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

B = sp.MatrixSymbol("B", N, N)
eta_ = sp.MatrixSymbol("eta", D, 1)
s, tau = sp.symbols("s tau", real=True)
mu = sp.Symbol("mu", positive=True)
c = sp.Symbol("c", nonnegative=True)
step = sp.Symbol("tau", real=True)
r, spectrum = sp.IndexedBase("r", real=True), sp.IndexedBase("lambda", real=True)
K = sp.Function("K", real=True)

UNIT, POSITIVE = sp.Interval(0, 1), sp.Interval.open(0, sp.oo)


def _loss(weights: sp.MatrixExpr) -> sp.Expr:
    """‖y - φθ‖²."""
    return norm(y - Phi * weights) ** 2


_RESIDUAL = y - Phi * theta
_GRADIENT = -2 * Phi.T * _RESIDUAL
_REALS = (*SIZES, (Phi, MatrixSet(N, D, sp.S.Reals)), (y, MatrixSet(N, 1, sp.S.Reals)), *columns(theta))
_MODULUS = (mu, sp.Interval.Lopen(0, smallest_eigenvalue(Phi * Phi.T)))
_SPLIT = (Phi * Phi.T - mu * sp.Identity(N) - B * B.T, sp.FiniteSet(sp.ZeroMatrix(N, N)))
_BETWEEN = (1 - s) * _loss(theta) + s * _loss(eta_)
_MIXED = _loss((1 - s) * theta + s * eta_)


def _column(*values: object) -> sp.Matrix:
    return sp.Matrix([sp.Rational(value) for value in values])


def _matrix(rows: list[list[object]]) -> sp.Matrix:
    return sp.Matrix([[sp.Rational(value) for value in row] for row in rows])


_WIDE: Point = {
    N: 2,
    D: 3,
    Phi: _matrix([["1", "2", "0"], ["0", "1", "1"]]),
    y: _column("1", "-2"),
    theta: _column("1", "0", "1/2"),
    eta_: _column("3", "-1", "3/2"),
    s: sp.Rational(1, 2),
    mu: sp.Rational(1, 2),
    step: sp.Rational(1, 3),
}
"""θ - η = -(2, -1, 1) is in the null space of φ."""
_SQUARE: Point = {
    N: 2,
    D: 2,
    Phi: _matrix([["2", "0"], ["1", "1"]]),
    y: _column("1/2", "1"),
    theta: _column("1", "-1"),
    eta_: _column("0", "2"),
    s: sp.Rational(1, 4),
    mu: sp.Rational(1, 10),
    step: sp.Rational(1, 5),
}
_ROW: Point = {
    N: 1,
    D: 2,
    Phi: _matrix([["3", "4"]]),
    y: _column("-1"),
    theta: _column("1", "1"),
    eta_: _column("2", "-1/2"),
    s: sp.Rational(1, 3),
    mu: sp.Integer(25),
    step: sp.Rational(-1),
}
_CONVEX: tuple[Point, ...] = (_SQUARE, _ROW, _WIDE)
_DOMINATED: tuple[Point, ...] = (
    {
        **_WIDE,
        mu: sp.Integer(1),
        Phi: _matrix([["1", "1", "0"], ["0", "0", "1"]]),
        B: _matrix([["1", "0"], ["0", "0"]]),
    },
    {**_ROW, mu: sp.Integer(9), B: _matrix([["4"]])},
    {**_SQUARE, mu: sp.Rational(1), Phi: _matrix([["1", "0"], ["1", "1"]]), B: _matrix([["0", "0"], ["1", "0"]])},
)
_DOMINATED = _DOMINATED[:2]


def _algebra(points: tuple[Point, ...], **given: object) -> tuple[Derivation | Certificate, ...]:
    return (
        Derivation(name="algebra of matrices", derive=by_algebra(**given), spots=points),  # type: ignore[arg-type]
        Certificate(name="exact matrices", points=points),
    )


L12_REM_12_4 = Claim(
    id="l12-rem-12.4",
    title="The linearised problem is convex, not strongly convex; gradient descent converges geometrically all the "
    "same",
    source=Source(
        document=Document.L12,
        where="Remark 12.4",
        printed="the main takeaway on the optimization front is that the problem of fitting $g_theta (x)$ is a "
        "standard strongly convex optimization problem, which enjoys the geometric rate of convergence.",
    ),
    hypotheses=(
        "The objective is $F(theta) = norm(y - phi theta)^2$, with $theta$ for $Delta theta$ and $y$ for $arrow(y)'$, "
        "$phi in bb(R)^(N times D)$, $N = n$, $D = d m$; $theta$, $eta$ are any two moves.",
        "Strongly convex: the printed form with some $mu > 0$. It is stated for every $mu$ up to "
        "$lambda_min (phi phi^top)$; where it fails it fails for every $mu > 0$.",
        "In the second corrected form $lambda_min (phi phi^top) >= mu$, that is, $phi phi^top = mu I + B B^top$ with a "
        "real matrix $B$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Strong convexity.",
            statement=Inequality(
                lhs=_MIXED,
                rhs=_BETWEEN - mu * s * (1 - s) * norm(theta - eta_) ** 2,
                domain=(*_REALS, *columns(eta_), (s, UNIT), _MODULUS),
            ),
            routes=(Certificate(name="exact matrices", points=_CONVEX),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Convexity, with what it gains over a chord: nothing along the null space of $phi$.",
            statement=Identity(
                lhs=_BETWEEN - _MIXED,
                rhs=s * (1 - s) * norm(Phi * (theta - eta_)) ** 2,
                domain=(*_REALS, *columns(eta_), (s, UNIT)),
            ),
            routes=_algebra(_CONVEX),
            mutants=(
                Mutant(
                    name="with the norm of the move itself",
                    why_false="In the third point the move changes no prediction.",
                    change={"rhs": s * (1 - s) * norm(theta - eta_) ** 2},
                ),
                Mutant(
                    name="twice the gain",
                    why_false="In the first point the move changes predictions.",
                    change={"rhs": 2 * s * (1 - s) * norm(Phi * (theta - eta_)) ** 2},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The gradient dominates the objective all the same: $norm(nabla F)^2 >= 4 mu F$.",
            statement=Identity(
                lhs=norm(_GRADIENT) ** 2,
                rhs=4 * mu * _loss(theta) + 4 * norm(B.T * _RESIDUAL) ** 2,
                domain=(*_REALS, (mu, POSITIVE), (B, MatrixSet(N, N, sp.S.Reals)), _SPLIT),
            ),
            routes=_algebra(_DOMINATED, given=((Phi * Phi.T, mu * sp.Identity(N) + B * B.T),)),
            mutants=(
                Mutant(
                    name="with $2 mu$",
                    why_false="The residual is not zero.",
                    change={"rhs": 2 * mu * _loss(theta) + 4 * norm(B.T * _RESIDUAL) ** 2},
                ),
                Mutant(
                    name="with the gradient of half the objective",
                    why_false="It is half as long, and not zero.",
                    change={"lhs": norm(_GRADIENT) ** 2 / 4},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="A step of gradient descent multiplies the residual by $I - 2 tau phi phi^top$, which contracts: "
            "see l12-claim-geometric.",
            statement=Identity(
                lhs=y - Phi * (theta - step * _GRADIENT),
                rhs=(sp.Identity(N) - 2 * step * Phi * Phi.T) * _RESIDUAL,
                domain=(*_REALS, (step, sp.S.Reals)),
            ),
            routes=_algebra(_CONVEX),
            mutants=(
                Mutant(
                    name="uphill",
                    why_false="The sign of the step is the other one.",
                    change={"rhs": (sp.Identity(N) + 2 * step * Phi * Phi.T) * _RESIDUAL},
                ),
                Mutant(
                    name="half the step",
                    why_false="The gradient of the square has a factor 2.",
                    change={"rhs": (sp.Identity(N) - step * Phi * Phi.T) * _RESIDUAL},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="With $d m > n$ the Hessian $2 phi^top phi$ is singular: along its null space $F$ is constant, and $F$ is "
    "strongly convex for no $mu > 0$. What gives the geometric rate is $lambda_min (phi phi^top) > 0$, by which the "
    "gradient dominates $F$ (Polyak's and Łojasiewicz's inequality); $F$ is strongly convex on the row space of "
    "$phi$, which gradient descent from $Delta theta = 0$ does not leave.",
)

# The contraction of a step, in orthonormal eigenvectors of K = φφᵀ.

_KERNEL = (K(i, j), sp.Sum(spectrum[ell] * q[i, ell] * q[j, ell], (ell, 1, n)))
_AFTER = sp.Sum((r[i] - step * sp.Sum(K(i, j) * r[j], (j, 1, n))) ** 2, (i, 1, n))
_BEFORE = sp.Sum(r[i] ** 2, (i, 1, n))
_FACTOR = 1 - step * spectrum[ell]
_SPECTRAL: tuple[Point, ...] = tuple(
    {
        n: len(values),
        q: entries(vectors),
        spectrum: family(*eigenvalues),
        r: family(*values),
        step: sp.Rational(size),
        c: sp.Rational(bound),
    }
    for vectors, eigenvalues, values, size, bound in (
        (ROTATION, ["1", "3"], ["3", "4"], "1/4", "3/4"),
        (TRIAD, ["1/2", "2", "4"], ["1", "-1", "2"], "1/3", "5/6"),
        ([["1"]], ["2"], ["-3"], "1/2", "0"),
        (ROTATION, ["1", "2"], ["-4", "3"], "2", "3"),
    )
)

L12_GEOMETRIC = Claim(
    id="l12-claim-geometric",
    title="Every step of gradient descent multiplies the residual's norm by at most $max_ell |1 - tau lambda_ell|$",
    source=Source(
        document=Document.L12,
        where="Remark 12.4",
        printed="the problem of fitting $g_theta (x)$ […] enjoys the geometric rate of convergence.",
    ),
    hypotheses=(
        "$r = arrow(y)' - phi Delta theta$ is the residual before a step, $r - tau K r$ after it, $K = phi phi^top$ "
        "with orthonormal eigenvectors $q_(dot, ell)$ and eigenvalues $lambda_ell$; $tau$ is the step on the objective "
        "$1/2 norm(r)^2$, twice that on $norm(r)^2$.",
        "$c >= |1 - tau lambda_ell|$ for all $ell$. It is less than 1 where $lambda_ell > 0$ and "
        "$tau < 2\\/lambda_max$; after $t$ steps the norm is at most $c^t$ times what it was.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The squares of both norms.",
            statement=Inequality(
                lhs=_AFTER,
                rhs=c**2 * _BEFORE,
                where=(_KERNEL,),
                domain=(
                    *EIGENVECTORS,
                    (spectrum[ell], sp.S.Reals),
                    (r[i], sp.S.Reals),
                    (step, sp.S.Reals),
                    (c, sp.Interval(0, sp.oo)),
                    (_FACTOR, sp.Interval(-c, c)),
                ),
            ),
            routes=(
                Derivation(
                    name="eigenvector by eigenvector",
                    derive=sum_bounds.by_parts(
                        Part(
                            "Every factor is between $-c$ and $c$.",
                            sp.Sum((c - _FACTOR) * (c + _FACTOR) * component(r) ** 2, (ell, 1, n)),
                            given=(c - _FACTOR, c + _FACTOR),
                        )
                    ),
                    spots=_SPECTRAL[:2],
                ),
                Certificate(name="balls at exact eigenvectors", points=_SPECTRAL),
            ),
            mutants=(
                Mutant(
                    name="at the rate of the largest eigenvalue",
                    why_false="Along the other eigenvectors the residual shrinks more slowly.",
                    change={"rhs": (1 - step * spectrum[n]) ** 2 * _BEFORE},
                ),
                Mutant(
                    name="at twice the rate",
                    why_false="In the first point the residual is along the eigenvector of the largest factor: the "
                    "claim holds with equality.",
                    change={"rhs": c**4 * _BEFORE},
                ),
                Mutant(
                    name="with twice the step",
                    why_false="In the last point the residual grows faster.",
                    change={"lhs": _AFTER.subs(step, 2 * step)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (L12_REM_12_4, L12_GEOMETRIC)
