"""The eigendecomposition of a kernel under a distribution of the inputs."""

import sympy as sp

from derivations.kernel_spectra import KernelEigenvalue
from verify.claim import Certificate, Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger._cube import krawtchouk, relu_ck
from verify.ledger._eigendecomposition import AT_X, DOMAIN, FINITE, ONE, ROUTES, WHERE, K, N, a, ell, lam, over, u, x, z
from verify.statement import Identity
from verify.verdict import Verdict

d, r, k = sp.symbols("d r k", integer=True, nonnegative=True)

_DIM = 6
_CUBE: tuple[Point, ...] = tuple({d: _DIM, r: at} for at in range(_DIM + 1))
_VARIANCES = sp.Rational(2), sp.Rational(1, 2)


def _eigenvalue(degree: sp.Expr) -> KernelEigenvalue:
    return KernelEigenvalue("cube", "relu", "ck", 1, *_VARIANCES, d, degree)


IM_MERCER = Claim(
    id="im-id-mercer",
    title="A kernel is the sum of its eigenvalues times products of eigenfunctions",
    source=Source(
        document=Document.IM,
        where="section 3, display 1",
        printed="taking the eigendecomposition of a kernel $K = sum_(i >= 1) lambda_i u_i times.o u_i$ where "
        "$lambda_i$ are the eigenvalues in decreasing order and $u_i$ are the corresponding eigenfunctions.",
    ),
    hypotheses=(
        FINITE,
        "Eigenvalues and eigenfunctions belong to the operator $f |-> bb(E)_y K(x, y) f(y)$; for those of the matrix "
        "of the kernel, without the mean, all eigenvalues are $N$ times as large.",
        "That a symmetric kernel has such a decomposition, with orthonormal $u_i$, is the spectral theorem, which is "
        "not checked here: the first two forms show what the printed sum is made of, the last one that it is there for "
        "a network's kernel.",
        "Last form: the CK of a ReLU network with one hidden layer, $sigma_w^2 = 2$, $sigma_b^2 = 1\\/2$, on "
        "$\\{plus.minus 1\\}^d$; $r$ is the number of coordinates in which two inputs differ.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="What the printed sum is made of are the eigenvalues and eigenfunctions of the kernel.",
            statement=Identity(
                lhs=over(K(x, z) * u(z, a), z) / N,
                rhs=lam[a] * u(x, a),
                where=WHERE,
                domain=(*DOMAIN, AT_X, ONE),
            ),
            routes=ROUTES,
            mutants=(
                Mutant(
                    name="the eigenvalues of the matrix",
                    why_false="Without the mean over the inputs they are $N$ times as large.",
                    change={"lhs": over(K(x, z) * u(z, a), z)},
                ),
                Mutant(
                    name="the square roots of the eigenvalues",
                    why_false="They belong to the samples, not to the kernel.",
                    change={"rhs": sp.sqrt(lam[a]) * u(x, a)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="So the sum of all eigenvalues is the mean of $K(x, x)$.",
            statement=Identity(lhs=over(K(z, z), z) / N, rhs=over(lam[ell], ell), where=WHERE, domain=DOMAIN),
            routes=ROUTES,
            mutants=(
                Mutant(
                    name="the trace of the matrix",
                    why_false="It is $N$ times the mean.",
                    change={"lhs": over(K(z, z), z)},
                ),
                Mutant(
                    name="the sum of the squares",
                    why_false="That is the mean of $K(x, y)^2$ over pairs of inputs.",
                    change={"rhs": over(lam[ell] ** 2, ell)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="On the cube the printed sum gives the kernel back: the products of the parity functions of $k$ "
            "coordinates add up to an integer that depends on $r$ alone.",
            statement=Identity(
                lhs=relu_ck(1 - 2 * r / d, *_VARIANCES),
                rhs=sp.Sum(krawtchouk(k, r, d) * _eigenvalue(k), (k, 0, d)),
                domain=((d, sp.FiniteSet(_DIM)), (r, sp.FiniteSet(*range(_DIM + 1)))),
            ),
            routes=(Certificate(name="all distances in dimension 6", points=_CUBE, covers_domain=True),),
            mutants=(
                Mutant(
                    name="each degree once",
                    why_false="At $r = 0$ the eigenvalue of degree $k$ counts $binom(d, k)$ times.",
                    change={"rhs": sp.Sum((1 - 2 * r / d) ** k * _eigenvalue(k), (k, 0, d))},
                ),
                Mutant(
                    name="without the first eigenvalue",
                    why_false="It is the mean of the kernel.",
                    change={"rhs": sp.Sum(krawtchouk(k, r, d) * _eigenvalue(k), (k, 1, d))},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
)

CLAIMS = (IM_MERCER,)
