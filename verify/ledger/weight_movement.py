"""How far the weights of the linearised network move: the formula, and a bound by the smallest singular value."""

import sympy as sp

from derivations.kernel_flow import by_inverse
from derivations.matrix_expressions import FlowIntegral, MatrixExp, norm, smallest_singular_value
from derivations.spectral_bounds import Decayed, by_decay
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import FULL_RANK, GRAM, INDEPENDENT, SIZES, SQUARE, K, N, Phi, f0, real, w0, y
from verify.ledger._points import family
from verify.ledger.kernel_flow import CLOCK, FLOW, INVERTED, TIME, WEIGHTS, I, eta, t, timed, w_t
from verify.ledger.spectral_decay import FEATURES, MATRICES, OVER, POSITIVE, RESIDUALS, b, ell, length
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

largest = sp.Symbol("g_bar", positive=True)
g = sp.IndexedBase("g", positive=True)

_SQUARE_PHI, _SQUARE_W0, _SQUARE_W = (
    sp.MatrixSymbol("Phi", N, N),
    sp.MatrixSymbol("w_0", N, 1),
    sp.MatrixSymbol("w_t", N, 1),
)


def _moved(features: sp.MatrixExpr) -> sp.Expr:
    """‖-Φ K⁻¹ (I - e^(-ηtK/N)) (f_0 - y)‖, for the features as printed or transposed."""
    return norm(-features * K.I * (I - MatrixExp(-TIME * K)) * (f0 - y))


_SQUARES = tuple({**point, _SQUARE_PHI: point[Phi], _SQUARE_W0: point[w0]} for point in timed((SQUARE,) * 4)[:2])

DS_MOVE_FORMULA = Claim(
    id="ds-move-formula",
    title="How far the weights of the linearised network have moved",
    source=Source(
        document=Document.DS,
        where="'Linearization quality', last bullet",
        printed="$norm(bold(w)_t - bold(w)_0) = norm(-Phi (Phi Phi^top)^(-1) (bold(I) - e^(-(eta t)/N bold(K)_0)) "
        "(bold(f)_0 - bold(y)))$ where $Phi$ stacks $phi(bold(x)_i)$",
    ),
    hypotheses=(
        "$Phi in bb(R)^(N times D)$ has the rows $phi(bold(x)_i)$, as $K = Phi Phi^top in bb(R)^(N times N)$ says.",
        INDEPENDENT + " " + WEIGHTS,
        "As printed the product is one of an $N times D$ matrix with an $N times N$ matrix: it is put to the test for "
        "$D = N$, where it can be formed.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, with $Phi$, for as many features as examples.",
            statement=Identity(
                lhs=norm(_SQUARE_W - _SQUARE_W0),
                rhs=_moved(_SQUARE_PHI),
                where=(
                    (_SQUARE_W, _SQUARE_W0 + _SQUARE_PHI.T * FlowIntegral(K, TIME) * (y - f0)),
                    (K, _SQUARE_PHI * _SQUARE_PHI.T),
                ),
                domain=(
                    SIZES[0],
                    *CLOCK,
                    *real(_SQUARE_PHI, y, f0, _SQUARE_W0),
                    (sp.Determinant(K), sp.Interval.open(0, sp.oo)),
                ),
            ),
            routes=(
                Derivation(name="the inverse of the kernel", derive=by_inverse, spots=_SQUARES),
                Certificate(name="balls at small matrices", points=_SQUARES),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With $Phi^top$, for any number of features.",
            statement=Identity(
                lhs=norm(w_t - w0),
                rhs=_moved(Phi.T),
                where=(FLOW, GRAM),
                domain=(*SIZES, *CLOCK, FULL_RANK, *real(Phi, y, f0, w0)),
            ),
            routes=INVERTED,
            mutants=(
                Mutant(
                    name="the distance to the limit",
                    why_false="The part of the residual that is left is $e^(-eta t K\\/N)$, not $I$ less it.",
                    change={"rhs": norm(Phi.T * K.I * MatrixExp(-TIME * K) * (f0 - y))},
                ),
                Mutant(
                    name="without the inverse",
                    why_false="$K != I$.",
                    change={"rhs": norm(Phi.T * (I - MatrixExp(-TIME * K)) * (f0 - y))},
                ),
                Mutant(
                    name="without N in the exponent",
                    why_false="The flow runs at the rate $eta\\/N$; at $N = 1$ the two agree.",
                    change={"rhs": norm(Phi.T * K.I * (I - MatrixExp(-eta * t * K)) * (f0 - y))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Only the transpose is missing; the sign is right.",
)

_LEFT = sp.exp(-eta * t / (N * g[ell]))


def _distance(learned: sp.Expr) -> sp.Expr:
    """‖w_t - w_0‖, for this part of the residual learned along the eigenvector ℓ."""
    return sp.sqrt(sp.Sum(g[ell] * learned**2 * b[ell] ** 2, OVER))


def _inverses(time: str, step: str, most: str, inverse: tuple[str, ...], *start: str) -> Point:
    return {
        N: len(start),
        t: sp.Rational(time),
        eta: sp.Rational(step),
        largest: sp.Rational(most),
        g: family(*inverse),
        b: family(*start),
    }


_INVERSES: tuple[Point, ...] = (
    _inverses("2000", "1", "2", ("2", "1/3"), "3", "0"),
    _inverses("3/2", "1/3", "1", ("1/2", "1", "1/7"), "1", "-2", "1/2"),
    _inverses("0", "1", "1/4", ("1/4", "1/9"), "1", "1"),
    _inverses("1000", "1/2", "1/9", ("1/9", "1/16"), "1/2", "1/1000"),
)
"""In the first and the last the bound is nearly attained: residuals along the smallest singular value, a long time."""
_MOVE = Phi.T * FlowIntegral(K, eta * t / N) * (y - f0)
_START = norm(f0 - y)

DS_MOVE_BOUND = Claim(
    id="ds-move-bound",
    title="The weights of the linearised network move by no more than the residual over the smallest singular value",
    source=Source(
        document=Document.DS,
        where="'Linearization quality', last bullet",
        printed='$norm(bold(w)_t - bold(w)_0) = […] <= norm(Phi (Phi Phi^top)^(-1))_"op" norm((bold(I) - e^(-(eta '
        "t)/N "
        'bold(K)_0)))_"op" norm(bold(f)_0 - bold(y)) <= 1/(sigma_"min" (Phi)) dot 1 dot norm(bold(f)_0 - bold(y))$ for '
        "large $t$",
    ),
    hypotheses=(
        INDEPENDENT,
        "$g_ell = 1\\/lambda_ell$ are the inverse eigenvalues of $bold(K)_0 = Phi Phi^top$, the inverse squares of the "
        'singular values of $Phi$, and $macron(g) = 1\\/sigma_"min" (Phi)^2$ is the largest of them. '
        + RESIDUALS
        + ".",
        "By the claim ds-move-formula $norm(bold(w)_t - bold(w)_0)^2 = (bold(y) - bold(f)_0)^top (bold(I) - e^(-(eta "
        "t)/N bold(K)_0))^2 bold(K)_0^(-1) (bold(y) - bold(f)_0)$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="At all times $t >= 0$.",
            statement=Inequality(
                lhs=_distance(1 - _LEFT),
                rhs=sp.sqrt(largest) * length(b[ell]),
                domain=(
                    (N, sp.S.Naturals),
                    *CLOCK,
                    (largest, POSITIVE),
                    (g[ell], POSITIVE),
                    (largest - g[ell], sp.Interval(0, sp.oo)),
                    (b[ell], sp.S.Reals),
                ),
            ),
            routes=(
                Derivation(
                    name="eigenvalue by eigenvalue",
                    derive=by_decay(
                        t,
                        Part(
                            "No inverse eigenvalue is greater.",
                            sp.Sum((largest - g[ell]) * b[ell] ** 2, OVER),
                            given=(largest - g[ell],),
                        ),
                        Part("What is left of a residual is positive.", sp.Sum(g[ell] * _LEFT * b[ell] ** 2, OVER)),
                        Decayed(
                            "And no greater than the residual at the start.",
                            g[ell] * _LEFT * b[ell] ** 2,
                            eta / (N * g[ell]),
                            OVER,
                        ),
                    ),
                    spots=_INVERSES,
                ),
                Certificate(name="search over spectra", points=_INVERSES),
            ),
            mutants=(
                Mutant(
                    name="the mean of the inverse eigenvalues in place of the largest",
                    why_false="Along the smallest singular value the weights move farther than that in the long run.",
                    change={"rhs": sp.sqrt(sp.Sum(g[ell], OVER) / N) * length(b[ell])},
                ),
                Mutant(
                    name="the squared singular value",
                    why_false='Where $sigma_"min" > 1$ the bound would be smaller, and it is nearly attained there.',
                    change={"rhs": largest * length(b[ell])},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="The same for small feature matrices, the singular value computed.",
            statement=Inequality(
                lhs=norm(_MOVE), rhs=_START / smallest_singular_value(Phi), where=(GRAM,), domain=FEATURES
            ),
            routes=(Certificate(name="balls at small matrices", points=MATRICES),),
            mutants=(
                Mutant(
                    name="the squared singular value",
                    why_false="It is greater than 1 for one of these matrices, which nearly attains the bound.",
                    change={"rhs": _START / smallest_singular_value(Phi) ** 2},
                ),
                Mutant(
                    name="half the bound",
                    why_false="With one example and a long time the bound is nearly attained.",
                    change={"rhs": _START / (2 * smallest_singular_value(Phi))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The words 'for large $t$' are not needed: the bound holds at all times.",
)

CLAIMS = (DS_MOVE_FORMULA, DS_MOVE_BOUND)
