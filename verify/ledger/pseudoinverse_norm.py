"""What the Frobenius norm of a matrix says of its operator norm and of that of its pseudoinverse."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import sum_bounds
from derivations.matrix_expressions import PseudoInverse, norm, operator_norm, rank
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Inequality
from verify.verdict import Verdict

N, D, n = sp.symbols("N D n", integer=True, positive=True)
others = sp.Symbol("q", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
low, high, c, C = sp.symbols("sigma_min sigma_max c C", positive=True)
F = sp.Symbol("F", positive=True)
values = sp.IndexedBase("sigma", positive=True)
Phi = sp.MatrixSymbol("Phi", N, D)
POSITIVE = sp.Interval.open(0, sp.oo)


def _features(*tangents: str) -> sp.Matrix:
    """The features of unit inputs of the plane where one neuron is active at all of them: the inputs themselves."""
    at = [sp.Rational(tangent) for tangent in tangents]
    return sp.Matrix([[(1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)] for t in at])


_CLOSE: tuple[Point, ...] = tuple(
    {N: 2, D: 2, Phi: _features("0", tangent), C: sp.Integer(constant)}
    for tangent, constant in (("1/100", 10), ("1/1000", 100), ("1/100000", 1000))
)
_ANY: tuple[Point, ...] = (
    {N: 2, D: 2, Phi: _features("0", "1/2")},
    {N: 2, D: 2, Phi: _features("0", "1")},
    {N: 2, D: 3, Phi: sp.Matrix([[1, 2, 0], [0, 1, 1]])},
)
_MATRICES = (
    (N, sp.S.Naturals),
    (D, sp.S.Naturals),
    (Phi, MatrixSet(N, D, sp.S.Reals)),
    (rank(Phi), sp.FiniteSet(N)),
)

_SQUARES = sp.Sum(values[i] ** 2, (i, 1, others))
_TOTAL = high**2 + _SQUARES
_LISTS: tuple[Point, ...] = tuple(
    {others: len(rest), high: sp.Rational(first), values: family(*rest)}
    for first, rest in (("3", ["1", "1/100"]), ("2", ["2"]), ("5", ["1/1000"]))
)
_LEMMA: tuple[Point, ...] = tuple(
    {n: size, low: sp.Rational(smallest), F: sp.Rational(total), c: sp.Rational(factor)}
    for size, smallest, total, factor in ((4, "1", "4", "1/2"), (9, "1", "3", "1"), (2, "1/3", "1/2", "1/2"))
)
"""In the first two the hypothesis holds with equality."""

L12_LEM_12_3_IMPLIES = Claim(
    id="l12-lem-12.3-implies",
    title="The Frobenius norm bounds the operator norm from both sides, and that of the pseudoinverse from below only",
    source=Source(
        document=Document.L12,
        where="Lemma 12.3, (12.10)",
        printed='$norm(phi)_F asymp Theta_(d,n)(1)$, which implies that $norm(phi)_"op", norm(phi^dagger)_"op" asymp '
        "Theta_(d,n)(1)$.",
    ),
    hypotheses=(
        '$phi in bb(R)^(N times D)$ has rank $N$; printed form: $norm(phi^dagger)_"op" <= C\\/norm(phi)_F$ for some '
        "$C$ that depends on $N$ and $D$ alone, whatever it is.",
        "The printed form is put to matrices that are features: where one neuron is active at all inputs, its features "
        "are the inputs. The two inputs here are unit vectors of the plane at a small angle.",
        "Second form: $sigma_max$ is the largest singular value, $sigma_1, dots, sigma_q$ the others, $norm(phi)_F^2 = "
        'sigma_max^2 + sum_i sigma_i^2$. Last form: $F = norm(phi)_F$, and $norm(phi^dagger)_"op" = 1\\/sigma_min$.',
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Refuted at three $C$, at one and the same size $2 times 2$ and Frobenius norm $sqrt(2)$: at the "
            "angle $eta$ the left side is $1\\/(sqrt(2) sin(eta\\/2))$, so a small enough one refutes any $C$.",
            statement=Inequality(
                lhs=operator_norm(PseudoInverse(Phi)),
                rhs=C / norm(Phi),
                domain=(*_MATRICES, (C, POSITIVE)),
            ),
            routes=(Certificate(name="enclosed singular values", points=_CLOSE),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="What does follow: the operator norm is at most the Frobenius norm (and at least that over the root "
            "of $n$, see l12-lem-wellcond-exact).",
            statement=Inequality(
                lhs=high,
                rhs=sp.sqrt(_TOTAL),
                domain=((others, sp.S.Naturals), (high, POSITIVE), (values[i], POSITIVE)),
            ),
            routes=(
                Derivation(
                    name="the other squares",
                    derive=sum_bounds.by_parts(Part("Squares are not negative.", _SQUARES), squared=True),
                    spots=_LISTS[:2],
                ),
                Certificate(name="balls at lists of numbers", points=_LISTS),
            ),
            mutants=(
                Mutant(
                    name="half the Frobenius norm",
                    why_false="In the third list the first singular value is nearly all of it.",
                    change={"rhs": sp.sqrt(_TOTAL) / 2},
                ),
                Mutant(
                    name="the others alone",
                    why_false="In the first list they are small.",
                    change={"rhs": sp.sqrt(_SQUARES)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="And the norm of the pseudoinverse is at least $sqrt(n)\\/norm(phi)_F$.",
            statement=Inequality(lhs=sp.sqrt(N) / norm(Phi), rhs=operator_norm(PseudoInverse(Phi)), domain=_MATRICES),
            routes=(Certificate(name="enclosed singular values", points=_ANY),),
            mutants=(
                Mutant(
                    name="with $n$ in place of its root",
                    why_false="The second matrix is orthogonal: both sides are 1, and the root is what makes them so.",
                    change={"lhs": N / norm(Phi)},
                ),
                Mutant(
                    name="the other way round",
                    why_false="The first matrix has two different singular values.",
                    change={"lhs": operator_norm(PseudoInverse(Phi)), "rhs": sp.sqrt(N) / norm(Phi)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With Lemma 12.1, $sigma_min >= c norm(phi)_F\\/sqrt(n)$, the bound that is needed: $1\\/sigma_min "
            "<= sqrt(n)\\/(c norm(phi)_F)$.",
            statement=Inequality(
                lhs=1 / low,
                rhs=sp.sqrt(n) / (c * F),
                domain=(
                    (n, sp.S.Naturals),
                    (low, POSITIVE),
                    (F, POSITIVE),
                    (c, sp.Interval.Lopen(0, 1)),
                    (sp.sqrt(n) * low - c * F, sp.Interval(0, sp.oo)),
                ),
            ),
            routes=(
                Derivation(
                    name="divided by positive numbers",
                    derive=sum_bounds.by_parts(
                        Part(
                            "By the lemma's lower half.",
                            (sp.sqrt(n) * low - c * F) / (c * F * low),
                            given=(sp.sqrt(n) * low - c * F,),
                        )
                    ),
                    spots=_LEMMA[:2],
                ),
                Certificate(name="balls at lists of numbers", points=_LEMMA),
            ),
            mutants=(
                Mutant(
                    name="without the constant of the lemma",
                    why_false="In the first list $c = 1\\/2$, and the hypothesis holds with equality.",
                    change={"rhs": sp.sqrt(n) / F},
                ),
                Mutant(
                    name="without the root of $n$",
                    why_false="In the first list $n = 4$.",
                    change={"rhs": 1 / (c * F)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note='Half of (12.10), the one about $norm(phi)_"op"$, does follow from the Frobenius norm; the half about '
    '$norm(phi^dagger)_"op"$ does not, and the proof in the notes uses Lemma 12.1 for it. With that lemma it inherits '
    'its missing hypothesis: inputs at a small angle make $norm(phi^dagger)_"op"$ as large as one likes. (For equal '
    "inputs $phi phi^top$ is singular, and the printed formula for $phi^dagger$ is not defined.)",
)

CLAIMS = (L12_LEM_12_3_IMPLIES,)
