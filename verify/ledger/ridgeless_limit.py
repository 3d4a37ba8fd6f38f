"""Kernel regression as the limit of gradient descent and of vanishing ridges; a ridge that stays is another one."""

import sympy as sp

from derivations.matrix_expressions import PseudoInverse, rank
from derivations.pseudo_inverse import with_formula
from derivations.resolvents import by_pseudo_resolvent, by_resolvent
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    AT_START,
    FULL_RANK,
    GRAM,
    INVERTIBLE,
    POSITIVE,
    ROW,
    SETTING,
    SIZES,
    D,
    K,
    N,
    Phi,
    by_matrices,
    column,
    f0,
    f0_x,
    k,
    lam,
    phi,
    real,
    rows,
    w,
    w0,
    w_hat,
    y,
)
from verify.ledger._points import family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

M = sp.Symbol("r", integer=True, positive=True)
B, C = sp.MatrixSymbol("B", N, M), sp.MatrixSymbol("C", D, M)
eta, mu = sp.symbols("eta mu", positive=True)
q = sp.Symbol("q", nonnegative=True)
ell = sp.Symbol("ell", integer=True)
g, a, b = sp.IndexedBase("g", nonnegative=True), sp.IndexedBase("a", real=True), sp.IndexedBase("b", real=True)
STEP = (eta, sp.Interval.open(0, sp.oo))

# Any rank: Φ = BCᵀ with r independent columns in B and in C, so Φ⁺ = C(CᵀC)⁻¹(BᵀB)⁻¹Bᵀ.

FACTORED = (Phi, B * C.T)
PSEUDO = C * (C.T * C).I * (B.T * B).I * B.T
ANY_RANK = (
    *SIZES,
    (M, sp.S.Naturals),
    *real(B, C),
    (rank(B), sp.FiniteSet(M)),
    (rank(C), sp.FiniteSet(M)),
)
_RESOLVENT = (Phi * Phi.T + N * lam * sp.Identity(N)).I
_RESIDUAL = y - Phi * w0
_NEAREST = w0 + PseudoInverse(Phi) * _RESIDUAL
_AFTER = w - eta / N * Phi.T * (Phi * w - y)


def _of_rank(left: sp.Matrix, right: sp.Matrix) -> Point:
    examples, size, features = left.rows, left.cols, right.rows
    return {
        N: examples,
        D: features,
        M: size,
        B: left,
        C: right,
        y: column(*(sp.Rational((-1) ** n * (2 * n + 5), 2) for n in range(examples))),
        w0: column(*(sp.Rational(3 - 2 * n, n + 2) for n in range(features))),
        w: column(*(n + 1 for n in range(features))),
        lam: sp.Rational(2, 3),
        eta: sp.Rational(1, 5),
    }


_RANKS: tuple[Point, ...] = (
    _of_rank(rows(["1"], ["2"]), rows(["1"], ["0"], ["-1"])),
    _of_rank(rows(["1", "0"], ["1", "1"], ["0", "2"]), rows(["1", "1"], ["-1", "2"])),
    _of_rank(rows(["1", "0"], ["0", "1"]), rows(["1", "0"], ["2", "1"], ["0", "-1"])),
)
"""Rank 1 of 2; more examples than features; and an invertible K."""
_BY_RANK = (
    Derivation(name="the equations of Penrose", derive=with_formula(PSEUDO), spots=_RANKS),
    Certificate(name="exact pseudoinverses", points=_RANKS),
)
_BY_PSEUDO_RESOLVENT = (
    Derivation(
        name="the equations of Penrose, and a resolvent",
        derive=by_pseudo_resolvent(Phi, PSEUDO, N * lam),
        spots=_RANKS,
    ),
    Certificate(name="exact pseudoinverses", points=_RANKS),
)
_BY_RESOLVENT = (
    Derivation(name="the resolvent's equation", derive=by_resolvent(Phi * Phi.T, N * lam), spots=INVERTIBLE),
    Certificate(name="exact arithmetic at small matrices", points=INVERTIBLE),
)

# In an orthonormal basis of the range of Φ: eigenvalues μ + g_ℓ of K, coordinates b_ℓ.

_OVER = (ell, 1, M)
_s = mu + g[ell]
_MODES = ((M, sp.S.Naturals), (g[ell], sp.Interval(0, sp.oo)), (mu, sp.Interval.open(0, sp.oo)))
_SIZE = sp.Sum(b[ell] ** 2, _OVER)
_LEVEL = N * lam
_GAP = _LEVEL**2 * sp.Sum(_s * a[ell] ** 2, _OVER)
_c = sp.Function("c", real=True)
_LEFT = (_c(ell), _s * (_s + _LEVEL) * a[ell])
_RESIDUALS = sp.Sum(_c(ell) ** 2, _OVER)
_FACTOR = 1 - eta * _s / N
_CONTRACTS = (_FACTOR, sp.Interval(-q, q))


def _modes(spectrum: tuple[str, ...], values: tuple[str, ...], step: str, factor: str, ridge: str) -> Point:
    levels = [sp.Rational(value) for value in spectrum]
    return {
        M: len(levels),
        N: len(levels) + 1,
        g: family(*(level - min(levels) for level in levels)),
        b: family(*values),
        mu: min(levels),
        a: family(*values),
        lam: sp.Rational(ridge),
        eta: sp.Rational(step),
        q: sp.Rational(factor),
    }


_SPECTRA: tuple[Point, ...] = (
    _modes(("1/2", "3"), ("1", "0"), "1", "5/6", "1/20"),
    _modes(("1", "2", "5"), ("1", "-2", "1/2"), "1/2", "7/8", "1/100"),
    _modes(("4",), ("3",), "1/4", "1/2", "10"),
    _modes(("1/100", "4"), ("1", "1/10"), "1", "299/300", "1/3"),
)
_ROOM = (_FACTOR + q, q - _FACTOR)

DS_RIDGELESS = Claim(
    id="ds-ridgeless",
    title="Gradient descent in small steps predicts what ridge regression does for a vanishing ridge",
    source=Source(
        document=Document.DS,
        where="'Kernel \"ridgeless\" regression'",
        printed="Running small-LR gradient descent from $bold(w)_0$ gives same predictions as $lim_(lambda -> 0) "
        "hat(f)_lambda$: $hat(f)_lambda (x) = bold(k)(x) (bold(K) + N lambda bold(I))^(-1) (bold(y) - bold(f)_0) + "
        "f_0(x)$, $hat(f)(bold(x)) = bold(k)(bold(x)) bold(K)^(-1) (bold(y) - bold(f)_0) + f_0(bold(x))$",
    ),
    hypotheses=(
        SETTING,
        "$hat(bold(w))_lambda = bold(w)_0 + Phi^top (K + N lambda I)^(-1) (bold(y) - Phi bold(w)_0)$ (ds-ridge-w, "
        "corrected), $hat(bold(w)) = bold(w)_0 + Phi^+ (bold(y) - Phi bold(w)_0)$; both predict $chevron.l phi(bold(x))"
        ", dot chevron.r$. A step of gradient descent is $bold(w) - eta/N Phi^top (Phi bold(w) - bold(y))$.",
        "$Phi = B C^top$ of any rank $r >= 1$, $B$ and $C$ with $r$ independent columns: $K$ may be singular. In the "
        "inequalities $s_ell = mu + g_ell >= mu > 0$ are the $r$ eigenvalues of $K$ that are not zero, $b_ell$ "
        "coordinates along their eigenvectors.",
        "A small learning rate: $|1 - eta s_ell \\/ N| <= q$ with $q < 1$, which some $q$ satisfies if and only if "
        "$0 < eta < 2 N\\/s_ell$ for all $ell$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The printed predictions, for an invertible $K$: they differ by a multiple of $lambda$.",
            statement=Identity(
                lhs=f0_x + k * (K + N * lam * sp.Identity(N)).I * (y - f0),
                rhs=f0_x + k * K.I * (y - f0) - N * lam * k * K.I * (K + N * lam * sp.Identity(N)).I * (y - f0),
                where=(*AT_START, ROW, GRAM),
                domain=(*SIZES, POSITIVE, FULL_RANK, *real(Phi, phi, y, w0)),
            ),
            routes=_BY_RESOLVENT,
            mutants=(
                Mutant(
                    name="λ in place of Nλ",
                    why_false="The ridge is that of a mean.",
                    change={
                        "rhs": f0_x + k * K.I * (y - f0) - lam * k * K.I * (K + N * lam * sp.Identity(N)).I * (y - f0)
                    },
                ),
                Mutant(
                    name="no difference at all",
                    why_false="Only the limit is without a ridge.",
                    change={"rhs": f0_x + k * K.I * (y - f0)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="For any rank, in the weights, with the pseudoinverse.",
            statement=Identity(
                lhs=w_hat - Phi.T * _RESOLVENT * _RESIDUAL - w0,
                rhs=N * lam * PseudoInverse(Phi) * _RESOLVENT * _RESIDUAL,
                where=((w_hat, _NEAREST), FACTORED),
                domain=(*ANY_RANK, POSITIVE, *real(y, w0)),
            ),
            routes=_BY_PSEUDO_RESOLVENT,
            mutants=(
                Mutant(
                    name="λ in place of Nλ",
                    why_false="The ridge is that of a mean.",
                    change={"rhs": lam * PseudoInverse(Phi) * _RESOLVENT * _RESIDUAL},
                ),
                Mutant(
                    name="from the origin",
                    why_false="The ridge pulls to $bold(w)_0$.",
                    change={"lhs": w_hat - Phi.T * _RESOLVENT * y - w0},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="So the limit is $hat(f)$, and how fast: the square of $norm(hat(f)_lambda - hat(f))_cal(H) <= N "
            "lambda mu^(-3\\/2) norm(bold(y) - bold(f)_0)$, where $a_ell$ are the coordinates of $K^(-1) (K + N lambda "
            "I)^(-1) (bold(y) - bold(f)_0)$ and $c(ell)$ those of $bold(y) - bold(f)_0$.",
            statement=Inequality(
                lhs=_GAP,
                rhs=_LEVEL**2 / mu**3 * _RESIDUALS,
                where=(_LEFT,),
                domain=(*_MODES, (N, sp.S.Naturals), POSITIVE, (a[ell], sp.S.Reals)),
            ),
            routes=(
                Derivation(
                    name="eigenvalue by eigenvalue",
                    derive=by_parts(
                        Part(
                            "No eigenvalue is less than $mu$.",
                            sp.Sum(
                                (_LEVEL * a[ell]) ** 2 * _s * sp.expand(_s * (_s + _LEVEL) ** 2 - mu**3) / mu**3,
                                _OVER,
                            ),
                        )
                    ),
                    spots=_SPECTRA[:3],
                ),
                Certificate(name="balls at small spectra", points=_SPECTRA),
            ),
            mutants=(
                Mutant(
                    name="of second order in the ridge",
                    why_false="For small ridges the gap is of first order.",
                    change={"rhs": _LEVEL**4 / mu**3 * _RESIDUALS},
                ),
                Mutant(
                    name="a ridge that grows",
                    why_false="As $lambda -> infinity$ nothing is learned, and the gap does not tend to 0.",
                    change={"rhs": _RESIDUALS / _LEVEL**2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Gradient descent: a step multiplies the distance to $hat(bold(w))$ with a matrix that moves "
            "nothing outside the span of the features, where the distance is 0 at the start.",
            statement=Identity(
                lhs=_AFTER - w_hat,
                rhs=(sp.Identity(D) - eta / N * Phi.T * Phi) * (w - w_hat),
                where=((w_hat, _NEAREST), FACTORED),
                domain=(*ANY_RANK, STEP, *real(y, w0, w)),
            ),
            routes=_BY_RANK,
            mutants=(
                Mutant(
                    name="towards the shortest weights",
                    why_false="It ends nearest to its start, not to the origin.",
                    change={"where": ((w_hat, w0 + PseudoInverse(Phi) * y), FACTORED)},
                ),
                Mutant(
                    name="as for the loss without 1/N",
                    why_false="The loss is a mean.",
                    change={"rhs": (sp.Identity(D) - eta * Phi.T * Phi) * (w - w_hat)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="There every step shrinks it by $q$: gradient descent tends to $hat(bold(w))$, geometrically.",
            statement=Inequality(
                lhs=sp.Sum((_FACTOR * b[ell]) ** 2, _OVER),
                rhs=q**2 * _SIZE,
                domain=(
                    *_MODES,
                    (N, sp.S.Naturals),
                    STEP,
                    (b[ell], sp.S.Reals),
                    (q, sp.Interval(0, sp.oo)),
                    _CONTRACTS,
                ),
            ),
            routes=(
                Derivation(
                    name="factor by factor",
                    derive=by_parts(
                        Part(
                            "Every factor lies between $-q$ and $q$.",
                            sp.Sum(_ROOM[0] * _ROOM[1] * b[ell] ** 2, _OVER),
                            given=_ROOM,
                        )
                    ),
                    spots=_SPECTRA[:3],
                ),
                Certificate(name="balls at small spectra", points=_SPECTRA),
            ),
            mutants=(
                Mutant(
                    name="with a large learning rate",
                    why_false="With ten times the step the factor of a component exceeds $q$.",
                    change={"lhs": sp.Sum(((1 - 10 * eta * _s / N) * b[ell]) ** 2, _OVER)},
                ),
                Mutant(
                    name="at twice the rate",
                    why_false="Along the slowest component $q$ is attained.",
                    change={"rhs": q**4 * _SIZE},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="True for singular $K$ too, with $K^+$ in place of $K^(-1)$: the printed formula needs an invertible $K$. "
    "The limit of large ridges is $f_0$; a large learning rate, from $2 N\\/lambda_max$ on, diverges.",
)

_GRAM_RIDGE = (K + N * lam * sp.Identity(N)).I
_RIDGE, _LIMIT = f0_x + k * _GRAM_RIDGE * (y - f0), f0_x + k * K.I * (y - f0)
_WHOLE = (*SIZES, POSITIVE, FULL_RANK, *real(Phi, phi, y, w0))

DS_IMPLICIT_KRR = Claim(
    id="ds-implicit-krr",
    title="What gradient descent on a wide network tends to has no ridge",
    source=Source(
        document=Document.DS,
        where="'Does training neural nets work?'",
        printed="Implicit in these papers: Behaviour of deep nets converges to kernel ridge regression with the "
        "*neural tangent kernel*",
    ),
    hypotheses=(
        SETTING + " $K$ is invertible.",
        "Ridge regression as the slides define it later, 'for $lambda > 0$'; what gradient descent on the mean square "
        "loss tends to is $hat(f)(bold(x)) = f_x + k K^(-1) (bold(y) - bold(f)_0)$ (ds-kr-minnorm, ds-kr-lr, "
        "ds-ridgeless), here for the linear model; that wide networks follow it is the claim ds-recap-kr.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit is the prediction of ridge regression, for the ridge $lambda > 0$.",
            statement=Identity(lhs=_LIMIT, rhs=_RIDGE, where=(*AT_START, ROW, GRAM), domain=_WHOLE),
            routes=(Certificate(name="exact arithmetic at small matrices", points=INVERTIBLE),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="They differ by what a ridge leaves of the residuals $bold(y) - bold(f)_0$, regressed again.",
            statement=Identity(
                lhs=_LIMIT,
                rhs=_RIDGE + N * lam * k * K.I * _GRAM_RIDGE * (y - f0),
                where=(*AT_START, ROW, GRAM),
                domain=_WHOLE,
            ),
            routes=_BY_RESOLVENT,
            mutants=(
                Mutant(
                    name="with the opposite sign",
                    why_false="The ridge shrinks towards the start.",
                    change={"rhs": _RIDGE - N * lam * k * K.I * _GRAM_RIDGE * (y - f0)},
                ),
                Mutant(
                    name="λ in place of Nλ",
                    why_false="The loss is a mean.",
                    change={"rhs": _RIDGE + lam * k * K.I * _GRAM_RIDGE * (y - f0)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="On the examples themselves: gradient descent fits the labels, and a ridge never does.",
            statement=Identity(
                lhs=y - (f0 + K * _GRAM_RIDGE * (y - f0)),
                rhs=N * lam * _GRAM_RIDGE * (y - f0),
                where=(*AT_START[:1], GRAM),
                domain=(*SIZES, POSITIVE, *real(Phi, y, w0)),
            ),
            routes=by_matrices(*INVERTIBLE),
            mutants=(
                Mutant(
                    name="no residual",
                    why_false="That is the limit $lambda -> 0$.",
                    change={"rhs": sp.ZeroMatrix(N, 1)},
                ),
                Mutant(
                    name="the residual of the start",
                    why_false="That is the limit $lambda -> infinity$.",
                    change={"rhs": y - f0},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Kernel regression is meant, as the later slides say: 'ridgeless', $lambda -> 0$. Stopped early, gradient "
    "descent is like ridge regression with $N lambda$ about $N\\/(eta t)$, though not equal to it: along an eigenvalue "
    "$s$ the one has learned $1 - e^(-eta t s\\/N)$, the other $s\\/(s + N lambda)$.",
)

CLAIMS = (DS_RIDGELESS, DS_IMPLICIT_KRR)
