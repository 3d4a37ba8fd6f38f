"""What few samples can teach: eigenspaces of far more dimensions than there are samples cannot be learned."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrices import by_algebra
from derivations.matrix_expressions import norm
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, D = sp.symbols("n D", integer=True, positive=True)
d, k = sp.symbols("d k", integer=True, positive=True)
F = sp.MatrixSymbol("F", n, D)
Q, P = sp.MatrixSymbol("Q", D, D), sp.MatrixSymbol("P", D, D)
_I = sp.Identity(D)
_PROJECTOR = (P, F.T * (F * F.T).I * F)


def _zero(matrix: sp.MatrixExpr) -> tuple[sp.Basic, sp.Set]:
    return matrix, sp.FiniteSet(sp.ZeroMatrix(*matrix.shape))


_DOMAIN = (
    (n, sp.S.Naturals),
    (D, sp.S.Naturals),
    (F, MatrixSet(n, D, sp.S.Reals)),
    (Q, MatrixSet(D, D, sp.S.Reals)),
    (sp.Determinant(F * F.T), sp.Interval.open(0, sp.oo)),
    _zero(Q - Q.T),
    _zero(Q * Q - Q),
)


def _cube(dimension: int, degree: int, *rows: tuple[object, ...]) -> Point:
    """The projector onto the parity functions of one degree, and functions in its rows."""
    inputs = range(2**dimension)
    sets = [subset for subset in inputs if subset.bit_count() == degree]
    chi = sp.Matrix([[(-1) ** (subset & point).bit_count() for point in inputs] for subset in sets])
    values = sp.Matrix([[sp.Rational(entry) for entry in row] for row in rows])
    return {n: len(rows), D: 2**dimension, Q: chi.T * chi / 2**dimension, F: values}


_FAR, _NEAR, _SIDE = (1, "1/2", "1/5", 0), ("1/2", 1, 0, "1/5"), (0, 1, -1, 0)
"""Rows of kernels on the square, and a function of degree 1 on it."""
_POINTS: tuple[Point, ...] = (
    _cube(2, 1, _FAR),
    _cube(2, 1, _SIDE, _FAR),
    _cube(2, 2, _FAR, _NEAR),
    _cube(3, 1, ("1", "1/2", "1/2", "1/5", "1/2", "1/5", "1/5", "0")),
)
_DIMENSION = sp.Trace(Q)
_UNLEARNED = sp.Trace(Q * (_I - P))
_REST = norm(P - Q * P) ** 2

_SAMPLES = 60000
_MNIST: tuple[Point, ...] = tuple({d: 576, k: degree} for degree in range(3, 574))


def _degrees(first: int) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return (d, sp.FiniteSet(576)), (k, sp.FiniteSet(*range(first, 574)))


IM_FEW_EIGENVALUES = Claim(
    id="im-claim-few-evals",
    title="Only the first few eigenvalues matter: the other eigenspaces have more dimensions than there are samples",
    source=Source(
        document=Document.IM,
        where="section 3, after the first theorem",
        printed="Since the dimension of the subspace spanned by the top k unique eigenvalues grows so quickly, it is "
        "only necessary to look at the first few $kappa_(d, k)$ as the number of samples in most problems is usually "
        "much smaller than the dimension of the subspace spanned by the first few unique eigenvalues.",
    ),
    hypotheses=(
        "Functions on $D$ equally likely inputs, as on the cube with $D = 2^d$. Whatever a kernel method learns from "
        "$n$ samples $x_i$ is a sum of multiples of the $n$ functions $K(x_i, dot)$, the rows of $F$, for any labels "
        "and any ridge; $F F^top$ is invertible. $P = F^top (F F^top)^(-1) F$ projects onto these sums.",
        "$Q$ projects onto one eigenspace, of dimension $tr(Q)$: $binom(d, k)$ for the degree $k$ on the cube. The "
        "targets are an orthonormal basis of it. The best approximation of a target $f$ errs by $norm((I - P) f)^2$, "
        "and these add up to $tr(Q (I - P))$.",
        "'Only necessary to look at the first few' is read as: the components of the other degrees cannot be learned, "
        "on average over the eigenspace, by any kernel.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The errors add up to no less than the dimension of the eigenspace less the number of samples: the "
            "mean error of the best approximation is at least $1 - n\\/binom(d, k)$, that of 0 being 1.",
            statement=Identity(lhs=_UNLEARNED, rhs=_DIMENSION - n + _REST, where=(_PROJECTOR,), domain=_DOMAIN),
            routes=(
                Derivation(
                    name="the algebra of matrices",
                    derive=by_algebra(
                        given=((Q.T, Q), (Q * Q, Q)),
                        text="The trace of a projector is the number of its dimensions; what is added is a square.",
                    ),
                    spots=_POINTS[:3],
                ),
                Certificate(name="small cubes, exactly", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="as much as is in the dimension",
                    why_false="If the functions learned from lie in the eigenspace, each sample lowers the error by 1.",
                    change={"rhs": _DIMENSION + _REST},
                ),
                Mutant(
                    name="nothing is lost outside",
                    why_false="What the functions have outside the eigenspace does not help: the bound is attained "
                    "only if they have nothing there.",
                    change={"rhs": _DIMENSION - n},
                ),
                Mutant(
                    name="the part in the eigenspace",
                    why_false="It is the part outside that is added.",
                    change={"rhs": _DIMENSION - n + norm(Q * P) ** 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="So the mean error is at least $1 - n\\/tr(Q)$.",
            statement=Inequality(
                lhs=1 - n / _DIMENSION, rhs=_UNLEARNED / _DIMENSION, where=(_PROJECTOR,), domain=_DOMAIN
            ),
            routes=(Certificate(name="small cubes, exactly", points=_POINTS),),
            mutants=(
                Mutant(
                    name="half as many samples would do",
                    why_false="One function in the eigenspace lowers the error by 1.",
                    change={"lhs": 1 - n / (2 * _DIMENSION)},
                ),
                Mutant(
                    name="no sample helps",
                    why_false="One function in the eigenspace is learned.",
                    change={"lhs": sp.S.One},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="In the report's example, $d = 576$, with all 60,000 images of MNIST: at the degrees from 3 to 573 "
            "the share that can be learned is at most $1\\/500$. What is left are the degrees 0, 1 and 2 (and the last "
            "three).",
            statement=Inequality(lhs=_SAMPLES / sp.binomial(d, k), rhs=sp.Rational(1, 500), domain=_degrees(3)),
            routes=(Certificate(name="every degree, exactly", points=_MNIST, covers_domain=True),),
            mutants=(
                Mutant(
                    name="from degree 2 on",
                    why_false="$binom(576, 2)$ is 165,600: a third could be learned.",
                    change={"lhs": _SAMPLES / sp.binomial(d, k - 1)},
                ),
                Mutant(
                    name="less than 1/1000",
                    why_false="At degree 3 it is $1\\/528$.",
                    change={"rhs": sp.Rational(1, 1000)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="How many are few depends on the number of samples: the degrees with $binom(d, k)$ below it or near it.",
)

CLAIMS = (IM_FEW_EIGENVALUES,)
