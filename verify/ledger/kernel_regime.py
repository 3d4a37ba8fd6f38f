"""Gradient descent with the kernel of the start in place of its own: what the difference adds up to."""

import sympy as sp

from derivations import kernel_regime
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.ledger._regime_step import ANY_INPUT, SETTING
from verify.statement import Inequality
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
ell = sp.Symbol("ell", integer=True)
eta = sp.Symbol("eta", positive=True)
_POSITIVE, _REAL = sp.Interval.open(0, sp.oo), sp.S.Reals
t = sp.Symbol("t", integer=True, nonnegative=True)
h = sp.Symbol("h", integer=True, positive=True)
lam = sp.IndexedBase("lambda", nonnegative=True)
c, b = (sp.IndexedBase(name, real=True) for name in "cb")
E, B = (sp.IndexedBase(name, nonnegative=True) for name in "EB")

_RATE = eta / N


def _length(entry: sp.Expr) -> sp.Expr:
    return sp.sqrt(sp.Sum(entry**2, (ell, 1, N)))


_NEXT = _length((1 - _RATE * lam[ell]) * c[ell] - _RATE * b[ell])
_COUNT = (N, sp.S.Naturals)
_STABLE = (
    _COUNT,
    (eta, _POSITIVE),
    (lam[ell], sp.Interval(0, sp.oo)),
    (_RATE * lam[ell], sp.Interval(0, 2)),
    (c[ell], _REAL),
    (b[ell], _REAL),
)


def _errors(step: str, spectrum: list[str], error: list[str], kick: list[str]) -> Point:
    return {N: len(spectrum), eta: sp.Rational(step), lam: family(*spectrum), c: family(*error), b: family(*kick)}


_KICKS: tuple[Point, ...] = (
    _errors("1", ["0", "0"], ["3", "4"], ["-3", "-4"]),
    _errors("1", ["1", "3"], ["1", "-2"], ["1", "1/2"]),
    _errors("3", ["2", "1/2", "0"], ["0", "0", "0"], ["1", "-1", "2"]),
    _errors("2", ["4", "1/10"], ["1", "0"], ["4", "0"]),
    _errors("6", ["3", "1"], ["1", "0"], ["0", "0"]),
)
"""In the first the two lengths add up; the step of the last is too long, outside the domain."""

_SUM = _RATE * sp.Sum(B[h], (h, 1, t))
_BOUNDED = (
    _COUNT,
    (eta, _POSITIVE),
    (t, sp.S.Naturals0),
    (h, sp.S.Naturals),
    (B[h], sp.Interval(0, sp.oo)),
    (E[h], sp.Interval(0, sp.oo)),
    (E[h - 1] + _RATE * B[h] - E[h], sp.Interval(0, sp.oo)),
)


def _sequence(step: str, distances: list[str], kicks: list[str]) -> Point:
    """The distances E_0, …, E_t, and what the steps add, B_1, …, B_t."""
    told = {place: sp.Rational(value) for place, value in enumerate(distances)}
    return {N: 2, eta: sp.Rational(step), t: len(kicks), E: told, B: family(*kicks)}


_RUNS: tuple[Point, ...] = (
    _sequence("1", ["0", "1", "4", "9"], ["2", "6", "10"]),
    _sequence("1/2", ["0", "1/3", "1/2", "1/4", "1"], ["2", "1", "0", "4"]),
    _sequence("2", ["0", "3", "6"], ["3", "3"]),
    _sequence("1", ["0", "1"], ["1"]),
)

DS_DEF_REGIME = Claim(
    id="ds-def-regime",
    title="With a kernel that hardly moves, the updates with the kernel of the start add up to hardly another result",
    source=Source(
        document=Document.DS,
        where="'NTK regime'",
        printed='"NTK regime" is when $k_(bold(w)_t) approx k_0$ throughout training. If so, we have $f(bold(x); '
        "bold(w)_(t+1)) - f(bold(x); bold(w)_t) approx -eta/N sum_(i=1)^N k_0 (bold(x), bold(x)_i) (f(bold(x)_i, "
        "bold(w)_t) - y_i)$",
    ),
    hypotheses=(
        "In the forms on $c$, $b$ and $E$, predictions at the examples, to first order in each step: $bold(f)_(t+1) = "
        "bold(f)_t - eta/N bold(K)_t (bold(f)_t - bold(y))$ with the kernel of step $t$, $bold(g)_(t+1) = bold(g)_t - "
        "eta/N bold(K)_0 (bold(g)_t - bold(y))$ with that of the start, $bold(g)_0 = bold(f)_0$. Their difference "
        "obeys $bold(e)_(t+1) = (I - eta/N bold(K)_0) bold(e)_t - eta/N (bold(K)_t - bold(K)_0) (bold(f)_t - "
        "bold(y))$.",
        "$bold(K)_0$ is symmetric with the eigenvalues $lambda_ell$, and the step is short enough: $eta lambda_ell \\/ "
        "N <= 2$. $c_ell$ and $b_ell$ are the components of $bold(e)_t$ and of $(bold(K)_t - bold(K)_0)(bold(f)_t - "
        "bold(y))$ along its eigenvectors.",
        "$E_h = norm(bold(e)_h)$, $E_0 = 0$, and $B_h = norm((bold(K)_(h-1) - bold(K)_0) (bold(f)_(h-1) - bold(y))) <= "
        "norm(bold(K)_(h-1) - bold(K)_0) norm(bold(f)_(h-1) - bold(y))$.",
        SETTING,
    ),
    forms=(
        ANY_INPUT,
        Form(
            role=Role.TESTED,
            remark="A step adds no more than what the two kernels differ by on the residual: $norm(bold(e)_(t+1)) <= "
            "norm(bold(e)_t) + eta/N norm((bold(K)_t - bold(K)_0) (bold(f)_t - bold(y)))$.",
            statement=Inequality(lhs=_NEXT, rhs=_length(c[ell]) + _RATE * _length(b[ell]), domain=_STABLE),
            routes=(
                Derivation(name="the Cauchy-Schwarz inequality", derive=kernel_regime.one_step, spots=_KICKS),
                Certificate(name="balls at small spectra", points=_KICKS),
            ),
            mutants=(
                Mutant(
                    name="for steps of any length",
                    why_false="Beyond $2 N \\/ lambda$ the component along that eigenvector grows by itself.",
                    change={"domain": tuple(pair for pair in _STABLE if pair[0] != _RATE * lam[ell])},
                ),
                Mutant(
                    name="half of what the kernels differ by",
                    why_false="Where the difference is along the error and $bold(K)_0$ vanishes there, all of it is "
                    "added.",
                    change={"rhs": _length(c[ell]) + _RATE * _length(b[ell]) / 2},
                ),
                Mutant(
                    name="as for orthogonal vectors",
                    why_false="In the same case the lengths add up, not their squares.",
                    change={"rhs": sp.sqrt(_length(c[ell]) ** 2 + _RATE**2 * _length(b[ell]) ** 2)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="So the difference after $t$ steps is no more than $eta/N sum_(h < t) norm((bold(K)_h - bold(K)_0) "
            "(bold(f)_h - bold(y)))$.",
            statement=Inequality(lhs=E[t] - E[0], rhs=_SUM, domain=_BOUNDED),
            routes=(
                Derivation(name="the steps added up", derive=kernel_regime.added_up, spots=_RUNS),
                Certificate(name="given sequences", points=_RUNS),
            ),
            mutants=(
                Mutant(
                    name="the mean over the steps",
                    why_false="Errors add up: where every step adds the same, $t$ of them add $t$ times as much.",
                    change={"rhs": _SUM / sp.Max(1, t)},
                ),
                Mutant(
                    name="the last step alone",
                    why_false="In the same case.",
                    change={"rhs": _RATE * B[t]},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="'Throughout training' matters: what counts is the sum over all steps of the distance of the kernels times "
    "the residual. Since the residual decays geometrically the sum stays bounded by a multiple of $sup_t norm(bold(K)"
    "_t - bold(K)_0)$. The two recursions leave out the errors of second order of the steps themselves, which come on "
    "top: the first form has them, for one step.",
)

CLAIMS = (DS_DEF_REGIME,)
