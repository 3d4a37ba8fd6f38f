"""How small a step gradient descent on a kernel regression needs: below 2N/σ², where the slides have 2/σ²."""

import sympy as sp

from derivations import sum_identities
from derivations.matrices import by_algebra
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import INVERTIBLE, SETTING, SIZES, TALL, D, N, Phi, real, w, y
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

i, j, ell, p = sp.symbols("i j ell p", integer=True)
eta, mu, s = sp.symbols("eta mu s", positive=True)
r, lam, q, c = (sp.IndexedBase(name, real=True) for name in ("r", "lambda", "q", "c"))
K = sp.Function("K", real=True)
r_new = sp.Function("r_new", real=True)
w_new = sp.MatrixSymbol("w_new", D, 1)

POSITIVE = sp.Interval.open(0, sp.oo)
_RATE = 1 - eta * mu / N * (2 - eta * s / N)
"""What every step multiplies the loss by, at most: less than 1 for 0 < η < 2N/s."""
_FACTOR = 1 - eta * lam[ell] / N
_LOSS = sp.Sum(c[ell] ** 2, (ell, 1, N))
_NEXT = sp.Sum((_FACTOR * c[ell]) ** 2, (ell, 1, N))

_MODES = (
    (N, sp.S.Naturals),
    (eta, POSITIVE),
    (mu, POSITIVE),
    (s, POSITIVE),
    (lam[ell], sp.Interval(mu, s)),
    (c[ell], sp.S.Reals),
)
_PRINTED = (eta * s, sp.Interval.open(0, 2))
_SHARP = (eta * s / N, sp.Interval.open(0, 2))


def _modes(spectrum: tuple[str, ...], step: str, residual: tuple[str, ...]) -> Point:
    levels = [sp.Rational(value) for value in spectrum]
    return {
        N: len(levels),
        eta: sp.Rational(step),
        mu: min(levels),
        s: max(levels),
        lam: family(*levels),
        c: family(*residual),
    }


_SMALL: tuple[Point, ...] = (
    _modes(("1/2", "3"), "1/2", ("1", "-2")),
    _modes(("1/2", "3"), "1/2", ("1", "0")),
    _modes(("1", "2", "5"), "1/3", ("0", "0", "1")),
    _modes(("2",), "9/10", ("3",)),
    _modes(("1/100", "1", "1", "4"), "49/100", ("1", "1", "-1", "1/2")),
)
"""Steps below 2/s."""
_MIDDLE: tuple[Point, ...] = (
    _modes(("1/2", "3"), "13/10", ("1", "-2")),
    _modes(("1", "2", "5"), "119/100", ("0", "1", "1")),
    _modes(("1", "2", "5"), "1", ("1", "0", "0")),
)
"""Steps between 2/s and 2N/s."""
_LARGE: tuple[Point, ...] = (
    _modes(("1/2", "3"), "2", ("0", "1")),
    _modes(("1", "2", "5"), "3/2", ("0", "0", "1")),
)
"""Steps above 2N/s, with a residual along the top eigenvector."""
_ALL = (*_SMALL, *_MIDDLE, *_LARGE)

_ABOVE = lam[ell] - mu
_BELOW = s - lam[ell]
_CURVED = Part(
    "$lambda_ell$ lies between $mu$ and $s$.",
    sp.Sum((eta / N) ** 2 * c[ell] ** 2 * _ABOVE * _BELOW, (ell, 1, N)),
    given=(_ABOVE, _BELOW),
)
_FLAT = Part("$lambda_ell <= s$.", sp.Sum((eta / N) ** 2 * c[ell] ** 2 * mu * _BELOW, (ell, 1, N)), given=(_BELOW,))
_STEP_PRINTED = 2 - eta * s
_STEP_SHARP = 2 - eta * s / N


def _first_part(room: sp.Expr, text: str) -> Part:
    return Part(text, sp.Sum(eta / N * c[ell] ** 2 * _ABOVE * room, (ell, 1, N)), given=(_ABOVE, room))


_MORE_ROOM = Part(
    "There are one or more examples.",
    sp.Sum(eta / N * c[ell] ** 2 * _ABOVE * eta * s * (N - 1) / N, (ell, 1, N)),
    given=(_ABOVE,),
)


def _contraction(name: str, *parts: Part) -> tuple[Derivation, Certificate]:
    return (
        Derivation(name=name, derive=by_parts(*parts), spots=_ALL),
        Certificate(name="balls at small spectra", points=_ALL),
    )


_TOO_FAR = Mutant(
    name="for steps up to 10N/s",
    why_false="Beyond $2 N \\/ s$ a residual along the top eigenvector grows.",
    change={"domain": (*_MODES, (eta * s / N, sp.Interval.open(0, 10)))},
)
_FASTER = Mutant(
    name="at twice the rate",
    why_false="Along the eigenvector of the smallest eigenvalue the factor is $(1 - eta mu \\/ N)^2$.",
    change={"rhs": (1 - 2 * eta * mu / N * (2 - eta * s / N)) * _LOSS},
)
_MIXED = Mutant(
    name="with the largest eigenvalue as the rate",
    why_false="The slowest mode is that of the smallest eigenvalue.",
    change={"rhs": (1 - eta * s / N * (2 - eta * s / N)) * _LOSS},
)

_ROTATION = [["3/5", "4/5"], ["-4/5", "3/5"]]
_SPACE = [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]]


def _rotated(rotation: list[list[str]], spectrum: tuple[str, ...], residual: tuple[str, ...], step: str) -> Point:
    return {
        N: len(spectrum),
        eta: sp.Rational(step),
        q: entries(rotation),
        lam: family(*spectrum),
        r: family(*residual),
    }


_KERNELS: tuple[Point, ...] = (
    _rotated(_ROTATION, ("1/2", "3"), ("1", "-2"), "1/3"),
    _rotated(_SPACE, ("1", "2", "5"), ("1", "0", "3"), "1/2"),
    _rotated([["1"]], ("4",), ("-1",), "1/8"),
)
_SPECTRAL = (
    (K(i, j), sp.Sum(lam[ell] * q[i, ell] * q[j, ell], (ell, 1, N))),
    (r_new(i), r[i] - eta / N * sp.Sum(K(i, j) * r[j], (j, 1, N))),
)
_ORTHOGONAL = (
    (N, sp.S.Naturals),
    (eta, POSITIVE),
    (lam[ell], sp.S.Reals),
    (r[i], sp.S.Reals),
    (q[i, ell], sp.S.Reals),
    (sp.Sum(q[i, ell] * q[i, p], (i, 1, N)), sp.FiniteSet(sp.KroneckerDelta(ell, p))),
)
_IN_MODES = sp.Sum((_FACTOR * sp.Sum(q[i, ell] * r[i], (i, 1, N))) ** 2, (ell, 1, N))
_STEPS: tuple[Point, ...] = tuple({**point, eta: sp.Rational(1, 4)} for point in (*INVERTIBLE[:3], TALL))

DS_KR_LR = Claim(
    id="ds-kr-lr",
    title="Gradient descent converges for steps below 2/σ²",
    source=Source(
        document=Document.DS,
        where="'Kernel regression'",
        printed="minimize $L_S (bold(w)) = 1/(2 N) sum_(i=1)^N (chevron.l phi(bold(x)_i), bold(w) chevron.r - "
        "bold(y)_i)^2$ […] start at some $bold(w)_0$ and do gradient descent until you hit one. If $eta < "
        "2/(sigma_max (X)^2)$, gradient descent converges to (proof via SVD) $hat(bold(w)) = […]$",
    ),
    hypotheses=(
        SETTING + " $X$ on the slide is $Phi$.",
        "$K$ is invertible, with eigenvalues $lambda_ell in [mu, s]$, $mu > 0$; $s = sigma_max (Phi)^2$ is the "
        "largest.",
        "A step of gradient descent is $bold(w) - eta nabla L_S (bold(w)) = bold(w) - eta/N Phi^top (Phi bold(w) - "
        "bold(y))$. The residual $Phi bold(w) - bold(y)$ has the components $c_ell$ in the basis of eigenvectors of "
        "$K$; $sum_ell c_ell^2 = 2 N L_S$.",
        "Where the limit lies is the claim ds-kr-minnorm.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="A step multiplies the residual with $I - eta/N K$ […]",
            statement=Identity(
                lhs=Phi * w_new - y,
                rhs=(sp.Identity(N) - eta / N * Phi * Phi.T) * (Phi * w - y),
                where=((w_new, w - eta / N * Phi.T * (Phi * w - y)),),
                domain=(*SIZES, (eta, POSITIVE), *real(Phi, w, y)),
            ),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_STEPS),
                Certificate(name="exact arithmetic at small matrices", points=_STEPS),
            ),
            mutants=(
                Mutant(
                    name="as for the loss without 1/N",
                    why_false="The loss is a mean.",
                    change={"rhs": (sp.Identity(N) - eta * Phi * Phi.T) * (Phi * w - y)},
                ),
                Mutant(
                    name="as for the loss without 1/2",
                    why_false="The derivative of $1\\/2 z^2$ is $z$.",
                    change={"rhs": (sp.Identity(N) - 2 * eta / N * Phi * Phi.T) * (Phi * w - y)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="[…] that is, its component along the eigenvector $ell$ with $1 - eta lambda_ell \\/ N$.",
            statement=Identity(
                lhs=sp.Sum(r_new(i) ** 2, (i, 1, N)), rhs=_IN_MODES, where=_SPECTRAL, domain=_ORTHOGONAL
            ),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_KERNELS),
                Certificate(name="balls at small spectra", points=_KERNELS),
            ),
            mutants=(
                Mutant(
                    name="with 1 + ηλ/N",
                    why_false="A step against the gradient shrinks the residual.",
                    change={"rhs": _IN_MODES.xreplace({_FACTOR: 1 + eta * lam[ell] / N})},
                ),
                Mutant(
                    name="with 1 - ηλ",
                    why_false="It leaves out that the loss is a mean; false if $N > 1$.",
                    change={"rhs": _IN_MODES.xreplace({_FACTOR: 1 - eta * lam[ell]})},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="For $eta < 2 \\/ s$, as printed, every step shrinks the loss by a factor less than 1: gradient "
            "descent converges.",
            statement=Inequality(lhs=_NEXT, rhs=_RATE * _LOSS, domain=(*_MODES, _PRINTED)),
            routes=_contraction(
                "mode by mode, for the printed step",
                _first_part(_STEP_PRINTED, "The step is less than $2 \\/ s$, and $lambda_ell >= mu$."),
                _MORE_ROOM,
                _CURVED,
                _FLAT,
            ),
            mutants=(_TOO_FAR, _FASTER, _MIXED),
        ),
        Form(
            role=Role.TESTED,
            remark="So it does for $eta < 2 N \\/ s$.",
            statement=Inequality(lhs=_NEXT, rhs=_RATE * _LOSS, domain=(*_MODES, _SHARP)),
            routes=_contraction(
                "mode by mode",
                _first_part(_STEP_SHARP, "The step is less than $2 N \\/ s$, and $lambda_ell >= mu$."),
                _CURVED,
                _FLAT,
            ),
            mutants=(_TOO_FAR, _FASTER),
        ),
        Form(
            role=Role.TESTED,
            remark="From $eta = 2 N \\/ s$ on it does not: along the top eigenvector the residual does not shrink.",
            statement=Inequality(
                lhs=sp.S.One,
                rhs=(1 - eta * s / N) ** 2,
                domain=((N, sp.S.Naturals), (eta, POSITIVE), (s, POSITIVE), (eta * s / N, sp.Interval(2, sp.oo))),
            ),
            routes=(
                Derivation(
                    name="the sign of the difference",
                    derive=by_parts(
                        Part(
                            "The step is $2 N \\/ s$ or more.",
                            eta * s / N * (eta * s / N - 2),
                            given=(eta * s / N - 2,),
                        )
                    ),
                    spots=({N: 3, eta: 2, s: 3}, {N: 2, eta: 2, s: 3}, {N: 3, eta: 1, s: 3}),
                ),
                Certificate(
                    name="balls at a few steps",
                    points=({N: 3, eta: 2, s: 3}, {N: 2, eta: 2, s: 3}, {N: 3, eta: 1, s: 3}, {N: 1, eta: 20, s: 1}),
                ),
            ),
            mutants=(
                Mutant(
                    name="from the printed step on",
                    why_false="For $N = 3$ and $eta = 3 \\/ s$ the factor is 0.",
                    change={
                        "domain": (
                            (N, sp.S.Naturals),
                            (eta, POSITIVE),
                            (s, POSITIVE),
                            (eta * s, sp.Interval(2, sp.oo)),
                        )
                    },
                ),
                Mutant(
                    name="it doubles",
                    why_false="At $eta = 2 N \\/ s$ it keeps its size.",
                    change={"lhs": sp.Integer(2)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="As printed, with 'if', the condition is right, since $N >= 1$; it is not the least strict one. For this "
    "loss, a mean, the threshold is $2 N \\/ sigma_max (Phi)^2$; $2 \\/ sigma_max (Phi)^2$ is that of $1\\/2 norm(Phi "
    "bold(w) - bold(y))^2$.",
)

CLAIMS = (DS_KR_LR,)
