"""What gradient flow has learned by a time, eigenvector by eigenvector: small eigenvalues come last."""

import sympy as sp

from derivations import integrated_flow
from derivations.flows import LinearFlow
from derivations.tangents import by_tangent
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
i, j, k, ell, a, b = sp.symbols("i j k ell a b", integer=True)
t, eta = sp.Symbol("t", nonnegative=True), sp.Symbol("eta", positive=True)
s = sp.Symbol("s", real=True)
y, f0, q = (sp.IndexedBase(name, real=True) for name in ("y", "f_0", "q"))
lam = sp.IndexedBase("lambda", nonnegative=True)
level = sp.Symbol("lambda", nonnegative=True)
K, F = sp.Function("K", real=True), sp.Function("f", real=True)

_TIMES, _POSITIVE = sp.Interval(0, sp.oo), sp.Interval.open(0, sp.oo)
_KERNEL = (K(i, k), sp.Sum(lam[ell] * q[i, ell] * q[k, ell], (ell, 1, N)))
_FLOW = (F(i, t), y[i] + LinearFlow(i, eta / N * K(j, k), (j, k, s), f0[j] - y[j], N, t))
_DOMAIN = (
    (N, sp.S.Naturals),
    (t, _TIMES),
    (eta, _POSITIVE),
    (y[i], sp.S.Reals),
    (f0[i], sp.S.Reals),
    (a, sp.Range(1, N + 1)),
    (lam[ell], _TIMES),
    (q[i, ell], sp.S.Reals),
    (sp.Sum(q[i, ell] * q[i, b], (i, 1, N)), sp.FiniteSet(sp.KroneckerDelta(ell, b))),
)
_TO_LEARN = sp.Sum(q[i, a] * (y[i] - f0[i]), (i, 1, N))
_DECAY = sp.exp(-eta * lam[a] * t / N)


def _point(rotation: list[list[str]], spectrum: tuple[str, ...], time: str, rate: str, component: int) -> Point:
    size = len(spectrum)
    return {
        N: size,
        t: sp.Rational(time),
        eta: sp.Rational(rate),
        a: component,
        y: family(*(sp.Rational((-1) ** c * (c + 2), 2) for c in range(size))),
        f0: family(*(sp.Rational(1, c + 2) for c in range(size))),
        lam: family(*spectrum),
        q: entries(rotation),
    }


_SPACE = [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]]
_POINTS: tuple[Point, ...] = (
    _point([["3/5", "4/5"], ["-4/5", "3/5"]], ("1/2", "3"), "3/2", "1/3", 1),
    _point(_SPACE, ("1/100", "2", "5"), "4", "1/2", 3),
    _point(_SPACE, ("1/100", "2", "5"), "4", "1/2", 1),
    _point([["1"]], ("4",), "1/2", "1/5", 1),
)
"""At the second and third, one flow: its largest eigenvalue is learned, its smallest is not."""
_EARLY: tuple[Point, ...] = tuple(
    {N: size, t: sp.Rational(time), eta: sp.Rational(rate), level: sp.Rational(value)}
    for size, time, rate, value in (
        (2, "3/2", "1/3", "1/2"),
        (3, "4", "1/2", "1/100"),
        (1, "1", "1", "3"),
        (5, "0", "1", "2"),
    )
)
_SHARE = 1 - sp.exp(-eta * level * t / N)
_LINE = eta * level * t / N

IM_SMALL_EIGS = Claim(
    id="im-claim-small-eigs",
    title="Components along small eigenvalues are learned last, and are hard to detect in what has been learned",
    source=Source(
        document=Document.IM,
        where="section 5, last paragraph",
        printed="[2] finds that the large eigenvalues are important to analyzing the type of function a neural network "
        "learns, and that small eigenvalues are hard to even detect in the functions learned.",
    ),
    hypotheses=(
        "$f(i, t)$ are the outputs on $N$ examples in the kernel regime: gradient flow at the rate $eta$ on "
        "$1/(2 N) sum_i (f_i - y_i)^2$ from $f_0$.",
        "$K_(i k) = sum_ell lambda_ell q_(i ell) q_(k ell)$, $lambda_ell >= 0$, with an orthogonal matrix $q$ of "
        "eigenvectors. 'In the functions learned' is read as: in $f(t) - f_0$, at a given time.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="Of the component along the eigenvector $a$ the share $1 - e^(-eta lambda_a t\\/N)$ has been "
            "learned.",
            statement=Identity(
                lhs=sp.Sum(q[i, a] * (F(i, t) - f0[i]), (i, 1, N)),
                rhs=(1 - _DECAY) * _TO_LEARN,
                where=(_FLOW, _KERNEL),
                domain=_DOMAIN,
            ),
            routes=(
                Derivation(name="coordinate by coordinate", derive=integrated_flow.in_eigenbasis, spots=_POINTS[:3]),
                Certificate(name="power series of the flow", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="all components at one rate",
                    why_false="Each has the rate of its own eigenvalue.",
                    change={"rhs": (1 - sp.exp(-eta * lam[1] * t / N)) * _TO_LEARN},
                ),
                Mutant(
                    name="without N in the exponent",
                    why_false="The loss is a mean.",
                    change={"rhs": (1 - sp.exp(-eta * lam[a] * t)) * _TO_LEARN},
                ),
                Mutant(
                    name="all of it",
                    why_false="That takes infinite time.",
                    change={"rhs": _TO_LEARN},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="That share is at most $eta lambda t\\/N$: of an eigenvalue far below $N\\/(eta t)$ next to nothing "
            "is seen.",
            statement=Inequality(
                lhs=_SHARE,
                rhs=_LINE,
                domain=((N, sp.S.Naturals), (t, _TIMES), (eta, _POSITIVE), (level, _TIMES)),
            ),
            routes=(
                Derivation(name="the tangent of the exponential", derive=by_tangent(t), spots=_EARLY[:3]),
                Certificate(name="balls at a few times", points=_EARLY),
            ),
            mutants=(
                Mutant(
                    name="half of it",
                    why_false="For a small eigenvalue the bound is nearly attained.",
                    change={"rhs": _LINE / 2},
                ),
                Mutant(
                    name="of second order",
                    why_false="The share is of first order in the eigenvalue.",
                    change={"rhs": _LINE**2},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Nor does the report contradict itself: $lambda_0$ enters the width that a theorem needs since the theorem "
    "waits until the last component is learned.",
)

CLAIMS = (IM_SMALL_EIGS,)
