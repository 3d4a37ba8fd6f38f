"""The largest learning rate at which gradient descent on a kernel model converges, by the convention of the loss."""

import sympy as sp

from derivations import gradient_descent
from derivations.expressions import Iterate
from derivations.matrices import by_algebra
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import INVERTIBLE, SIZES, TALL, N, Phi, real, w, y
from verify.ledger._points import family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

ell, h = sp.symbols("ell h", integer=True)
eta, s, lam = sp.symbols("eta s lambda", positive=True)
c, u = sp.symbols("c u", real=True)
t = sp.Symbol("t", integer=True, nonnegative=True)
mode, b = sp.IndexedBase("lambda", real=True), sp.IndexedBase("b", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
STEP = (eta, POSITIVE)
_STEPS: tuple[Point, ...] = tuple({**point, eta: sp.Rational(1, 4)} for point in (*INVERTIBLE[:3], TALL))
_OVER = (ell, 1, N)
_MODES = (
    (N, sp.S.Naturals),
    STEP,
    (s, POSITIVE),
    (mode[ell], sp.Interval(0, s)),
    (b[ell], sp.S.Reals),
)
_TOP = (STEP, (s, POSITIVE))


def _path(speed: int) -> Iterate:
    """The component along an eigenvector of the eigenvalue λ after t steps; `speed` is 2 for the loss without 1/2."""
    return Iterate(c - speed * eta * lam * c, c, h, u, t)


_PATHS: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), lam: sp.Rational(level), u: sp.Rational(start), t: steps}
    for step, level, start, steps in (
        ("1/3", "1", "3", 5),
        ("9/10", "1", "1/7", 4),
        ("3/2", "1", "-2", 3),
        ("1/10", "30", "1", 3),
    )
)


def _modes(spectrum: tuple[str, ...], step: str, values: tuple[str, ...]) -> Point:
    levels = [sp.Rational(value) for value in spectrum]
    return {
        N: len(levels),
        eta: sp.Rational(step),
        s: max(levels),
        mode: family(*levels),
        b: family(*values),
    }


_SPECTRA: tuple[Point, ...] = (
    _modes(("1/2", "3"), "8/25", ("1", "-2")),
    _modes(("1", "2", "5"), "1/10", ("1", "1", "1")),
    _modes(("2",), "49/100", ("3",)),
    _modes(("0", "1/100", "4"), "6/25", ("1", "1", "-1")),
)
"""Steps below 1/s."""
_UP_TO_TWICE = (
    *_SPECTRA,
    _modes(("1/2", "3"), "13/20", ("0", "1")),
    _modes(("1", "2", "5"), "39/100", ("1", "0", "1")),
)
"""And steps between 1/s and 2/s."""
_LOSS = sp.Sum(b[ell] ** 2, _OVER)


def _next(speed: int) -> sp.Expr:
    return sp.Sum(((1 - speed * eta * mode[ell]) * b[ell]) ** 2, _OVER)


def _bound(speed: int) -> sp.Expr:
    """What a step leaves of the loss, at most."""
    room = 2 - speed * eta * s
    return sp.Sum((1 - speed * eta * mode[ell] * room) * b[ell] ** 2, _OVER)


def _below(speed: int) -> tuple[sp.Basic, sp.Set]:
    return eta * s, sp.Interval.open(0, sp.Rational(2, speed))


def _falls(speed: int, points: tuple[Point, ...]) -> tuple[Derivation, Certificate]:
    part = Part(
        "No eigenvalue is larger than $s$, and none is negative.",
        sp.Sum(speed**2 * eta**2 * mode[ell] * (s - mode[ell]) * b[ell] ** 2, _OVER),
        given=(mode[ell], s - mode[ell]),
    )
    return (
        Derivation(name="eigenvalue by eigenvalue", derive=by_parts(part), spots=points),
        Certificate(name="balls at small spectra", points=points),
    )


_BEYOND: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), s: sp.Rational(level)}
    for step, level in (("1", "1"), ("1/2", "3"), ("2", "1"), ("9", "1/2"))
)


def _grows(speed: int, points: tuple[Point, ...]) -> tuple[Derivation, Certificate]:
    room = eta * s - sp.Rational(2, speed)
    part = Part("The step is not shorter than that.", speed**2 * eta * s * room, given=(room,))
    return (
        Derivation(name="the sign of the difference", derive=by_parts(part), spots=points),
        Certificate(name="balls at a few steps", points=points),
    )


def _from(product: object) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return (*_TOP, (eta * s, sp.Interval(product, sp.oo)))


IM_MAXLR = Claim(
    id="im-claim-maxlr",
    title="The maximum learning rate is the inverse of the largest eigenvalue, for the loss without the factor 1/2",
    source=Source(
        document=Document.IM,
        where="section 3, after the fractional variance",
        printed="The eigendecomposition of the kernels also provides a way of finding the maximum learning rate needed "
        "to converge which is simply the inverse of the largest eigenvalue",
    ),
    hypotheses=(
        "The kernel model $f = Phi bold(w)$; $K = 1/N Phi Phi^top$ is the kernel on $N$ examples drawn uniformly, as "
        "its eigenvalues over a data distribution are meant; $lambda_ell <= s$ its eigenvalues, $s$ the largest.",
        "The report states no loss. The mean square $bb(E) (f - y)^2 = 1/N norm(Phi bold(w) - bold(y))^2$, without a "
        "factor $1\\/2$, is the one for which the sentence is true; with the factor the maximum is twice as large, as "
        "the last form and the mutants say.",
        "$b_ell$ are the components of the residual $Phi bold(w) - bold(y)$ in the basis of eigenvectors.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="On the loss without $1\\/2$ a step of gradient descent multiplies the residual with $I - 2 eta K$.",
            statement=Identity(
                lhs=Phi * (w - 2 * eta / N * Phi.T * (Phi * w - y)) - y,
                rhs=(sp.Identity(N) - 2 * eta / N * Phi * Phi.T) * (Phi * w - y),
                domain=(*SIZES, STEP, *real(Phi, w, y)),
            ),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_STEPS),
                Certificate(name="exact arithmetic at small matrices", points=_STEPS),
            ),
            mutants=(
                Mutant(
                    name="as with the factor 1/2",
                    why_false="The derivative of $z^2$ is $2 z$.",
                    change={"rhs": (sp.Identity(N) - eta / N * Phi * Phi.T) * (Phi * w - y)},
                ),
                Mutant(
                    name="as for a sum",
                    why_false="The loss is a mean.",
                    change={"rhs": (sp.Identity(N) - 2 * eta * Phi * Phi.T) * (Phi * w - y)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="So along an eigenvector its component after $t$ steps is $(1 - 2 eta lambda)^t$ times that at the "
            "start: it tends to 0 if and only if $0 < eta < 1\\/lambda$.",
            statement=Identity(
                lhs=_path(2),
                rhs=(1 - 2 * eta * lam) ** t * u,
                domain=(STEP, (lam, POSITIVE), (u, sp.S.Reals), (t, sp.S.Naturals0)),
            ),
            routes=(
                Derivation(name="induction over the steps", derive=gradient_descent.geometric, spots=_PATHS),
                Certificate(name="the steps themselves", points=_PATHS),
            ),
            mutants=(
                Mutant(
                    name="as with the factor 1/2",
                    why_false="It moves half as far.",
                    change={"rhs": (1 - eta * lam) ** t * u},
                ),
                Mutant(
                    name="as gradient flow",
                    why_false="The flow converges at any rate.",
                    change={"rhs": sp.exp(-2 * eta * lam * t) * u},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Below the inverse of the largest eigenvalue every component with $lambda_ell > 0$ shrinks: by "
            "$1 - 4 eta lambda_ell (1 - eta s)$ or more in the square.",
            statement=Inequality(lhs=_next(2), rhs=_bound(2), domain=(*_MODES, _below(2))),
            routes=_falls(2, _SPECTRA),
            mutants=(
                Mutant(
                    name="at half the step's room",
                    why_false="Along the top eigenvector the bound is attained.",
                    change={"rhs": sp.Sum((1 - 4 * eta * mode[ell] * (2 - eta * s)) * b[ell] ** 2, _OVER)},
                ),
                Mutant(
                    name="uphill",
                    why_false="The residual grows with $1 + 2 eta lambda$.",
                    change={"lhs": sp.Sum(((1 + 2 * eta * mode[ell]) * b[ell]) ** 2, _OVER)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="From there on the component along the top eigenvector does not shrink.",
            statement=Inequality(lhs=sp.S.One, rhs=(1 - 2 * eta * s) ** 2, domain=_from(1)),
            routes=_grows(2, _BEYOND),
            mutants=(
                Mutant(
                    name="with a quarter of the step",
                    why_false="At $eta = 1\\/s$ a quarter of the step halves the component.",
                    change={"rhs": (1 - eta * s / 2) ** 2},
                ),
                Mutant(
                    name="with the factor 1/2 in the loss",
                    why_false="Then $eta = 1\\/s$ is the best step for this component, not the first that fails.",
                    change={"rhs": (1 - eta * s) ** 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With the factor $1\\/2$, $1/(2 N) norm(Phi bold(w) - bold(y))^2$, a step multiplies with $1 - eta "
            "lambda$, and the maximum is twice the inverse: below it every component shrinks.",
            statement=Inequality(lhs=_next(1), rhs=_bound(1), domain=(*_MODES, _below(1))),
            routes=_falls(1, _UP_TO_TWICE),
            mutants=(
                Mutant(
                    name="without the factor 1/2",
                    why_false="Between $1\\/s$ and $2\\/s$ that one diverges.",
                    change={"lhs": _next(2)},
                ),
                Mutant(
                    name="twice as fast",
                    why_false="Along the top eigenvector the bound is attained.",
                    change={"rhs": sp.Sum((1 - 2 * eta * mode[ell] * (2 - eta * s)) * b[ell] ** 2, _OVER)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With the factor $1\\/2$, from twice the inverse on, the top component does not shrink.",
            statement=Inequality(lhs=sp.S.One, rhs=(1 - eta * s) ** 2, domain=_from(2)),
            routes=_grows(1, tuple(point for point in _BEYOND if point[eta] * point[s] >= 2)),
            mutants=(
                Mutant(
                    name="more than doubled",
                    why_false="At $eta = 2\\/s$ it keeps its size.",
                    change={"lhs": sp.Integer(2)},
                ),
                Mutant(
                    name="with a quarter of the step",
                    why_false="At $eta = 2\\/s$ a quarter of the step halves it.",
                    change={"rhs": (1 - eta * s / 4) ** 2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The sentence fixes no convention: $1\\/lambda_max$ is right for $bb(E) (f - y)^2$, and half of the maximum "
    "for $1\\/2 bb(E) (f - y)^2$, where ds-kr-lr has $2\\/lambda_max$. That it was found accurate for real networks is "
    "the claim im-claim-maxlr-nets.",
)

CLAIMS = (IM_MAXLR,)
