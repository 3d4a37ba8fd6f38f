"""What the pseudo-NTK saves: entries, gradients and operations, counted."""

import sympy as sp

from derivations import sum_identities
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, O, D, n = sp.symbols("N O D n", integer=True, positive=True)  # noqa: E741 - the document's name of the outputs
a, b, i, k, w = sp.symbols("a b i k w", integer=True)
q, t = sp.symbols("q t", integer=True, nonnegative=True)
c = sp.Function("c", real=True)
_SIZES = ((N, sp.S.Naturals), (O, sp.S.Naturals))
_POINTS = tuple({N: x, O: y} for x, y in ((3, 2), (2, 3), (4, 5), (1, 4)))
_WITH_PARAMETERS = tuple({**point, D: 3} for point in _POINTS)

_INPUT_PAIRS, _OUTPUT_PAIRS = ((i, 1, N), (k, 1, N)), ((a, 1, O), (b, 1, O))
_ALL, _PSEUDO = sp.Sum(1, *_INPUT_PAIRS, *_OUTPUT_PAIRS), sp.Sum(1, *_INPUT_PAIRS)
_UPPER_ALL, _UPPER_PSEUDO = N * O * (N * O + 1) / 2, N * (N + 1) / 2
"""The entries on and above the diagonal."""
_CHOLESKY = (c(n), n * (n - 1) * (n + 4) / 6)

DS_PNTK_COST = Claim(
    id="ds-pntk-cost",
    title="The pseudo-NTK takes 1/O² of the memory and of the inner products, and 1/O² or less to factor",
    source=Source(
        document=Document.DS,
        where="'Computing empirical NTKs' and 'Pseudo-NTK'",
        printed="If we have $O$ outputs, $bold(K)$ is $N O times N O$ […] For empirical NTK, we can get rid of the $O$ "
        "too! […] pNTK is much faster than eNTK without losing performance.",
    ),
    hypotheses=(
        "$N$ inputs, $O$ outputs, $D$ parameters. The kernels are matrices of inner products of gradients, of all "
        "outputs or of their sum, and are stored in full.",
        "$c(n) = sum_(k = 0)^(n - 1) (k + k(k+1)\\/2)$ is the number of divisions and multiplications of the Cholesky "
        "factorisation of an $n times n$ matrix.",
        "Counted, not timed. That nothing is lost in performance is not what is tested here (see the rates).",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Entries: $O^2$ times as many.",
            statement=Identity(lhs=_ALL, rhs=O**2 * _PSEUDO, domain=_SIZES),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_POINTS),
                Certificate(name="counting", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="a factor of O",
                    why_false="The outputs count twice, for rows and for columns.",
                    change={"rhs": O * _PSEUDO},
                ),
                Mutant(
                    name="one triangle of each matrix",
                    why_false="$N O (N O + 1) \\/ 2$ is less than $O^2$ times $N(N + 1)\\/2$ for $O > 1$.",
                    change={"lhs": _UPPER_ALL, "rhs": O**2 * _UPPER_PSEUDO},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Multiplications to fill the matrix from the gradients: $O^2$ times as many.",
            statement=Identity(
                lhs=sp.Sum(1, *_INPUT_PAIRS, *_OUTPUT_PAIRS, (w, 1, D)),
                rhs=O**2 * sp.Sum(1, *_INPUT_PAIRS, (w, 1, D)),
                domain=(*_SIZES, (D, sp.S.Naturals)),
            ),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_WITH_PARAMETERS),
                Certificate(name="counting", points=_WITH_PARAMETERS),
            ),
            mutants=(
                Mutant(
                    name="of the gradients themselves",
                    why_false="There are $N O$ gradients for $N$: a factor of $O$ only.",
                    change={"lhs": sp.Sum(1, (i, 1, N), (a, 1, O), (w, 1, D)), "rhs": O**2 * N * D},
                ),
                Mutant(
                    name="a factor of O³",
                    why_false="That is what the leading term of the factorisation saves.",
                    change={"rhs": O**3 * sp.Sum(1, *_INPUT_PAIRS, (w, 1, D))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Operations to factor it: $O^2$ times as many at least.",
            statement=Inequality(lhs=O**2 * c(N), rhs=c(N * O), where=(_CHOLESKY,), domain=_SIZES),
            routes=(
                Derivation(
                    name="the gap is not negative",
                    derive=by_parts(
                        Part(
                            "A product of factors that are not negative.",
                            N * O * (O - 1) * (O * N**2 + 4) / 6,
                            running=((O, 1 + q), (N, 1 + t)),
                        )
                    ),
                    spots=_POINTS,
                ),
                Certificate(name="counting", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="O³ times as many at least",
                    why_false="$N = 3$, $O = 2$: 50 operations against 7.",
                    change={"lhs": O**3 * c(N)},
                ),
                Mutant(
                    name="O² times as many at most",
                    why_false="The leading terms differ by the factor $O^3$.",
                    change={"lhs": c(N * O), "rhs": O**2 * c(N)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The slides print no exponent; $O^2$ follows from the sizes on the slide before (ds-mem-cifar, ds-mem-inf). "
    "Gradients are saved by the factor $O$, entries and inner products by $O^2$, the factorisation by a factor that "
    "tends to $O^3$ as $N$ grows.",
)

CLAIMS = (DS_PNTK_COST,)
