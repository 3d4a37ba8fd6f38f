"""How fast the linearised network is trained: by the eigenvalues of the kernel."""

import sympy as sp

from derivations.matrix_expressions import FlowIntegral, norm, smallest_eigenvalue
from derivations.spectral_bounds import Decayed, by_decay
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import (
    FULL_RANK,
    GRAM,
    INVERTIBLE,
    ROW,
    SIZES,
    K,
    N,
    Phi,
    f0,
    k,
    phi,
    real,
    y,
)
from verify.ledger._points import family
from verify.statement import Inequality
from verify.verdict import Verdict

ell, p = sp.symbols("ell p", integer=True)
t = sp.Symbol("t", nonnegative=True)
eta, lowest, largest = (sp.Symbol(name, positive=True) for name in ("eta", "lambda_bar", "g_bar"))
f_x = sp.Symbol("f_x", real=True)
kappa, b = (sp.IndexedBase(name, real=True) for name in ("kappa", "b"))
mu, g = sp.IndexedBase("mu", nonnegative=True), sp.IndexedBase("g", positive=True)

POSITIVE = sp.Interval.open(0, sp.oo)
CLOCK = ((N, sp.S.Naturals), (t, sp.Interval(0, sp.oo)), (eta, POSITIVE))
OVER, _BOTH = (ell, 1, N), ((ell, 1, N), (p, 1, N))
RESIDUALS = (
    "$b_ell = bold(q)_ell^top (bold(y) - bold(f)_0)$ are the coordinates of the residuals at the start in an "
    "orthonormal basis of eigenvectors $bold(q)_ell$ of $bold(K)_0$, in which $norm(bold(y) - bold(f)_0)^2 = sum_ell "
    "b_ell^2$"
)


def length(entry: sp.Expr) -> sp.Expr:
    """√Σ_ℓ entry², for an entry in the index ℓ."""
    return sp.sqrt(sp.Sum(entry**2, OVER))


def at_times(*clocks: tuple[str, str]) -> tuple[Point, ...]:
    """Small feature matrices at several times."""
    return tuple(
        {**point, t: sp.Rational(time), eta: sp.Rational(step)}
        for point, (time, step) in zip(INVERTIBLE, clocks, strict=False)
    )


MATRICES = at_times(("3/2", "1/3"), ("1/2", "2"), ("4", "1/10"), ("20", "1/2"))
FEATURES = (*SIZES, *CLOCK[1:], FULL_RANK, *real(Phi, y, f0))

_EIGENVALUE = lowest + mu[ell]
_SLOWEST, _FASTER = sp.exp(-eta * t * lowest / N), sp.exp(-eta * t * mu[ell] / N)
_DECAY = _SLOWEST * _FASTER
"""exp(-ηtλ_ℓ/N)."""


def _prediction(of_eigenvalue: sp.Expr) -> sp.Expr:
    """f_0(x) + k_0(x) g(K_0) (y - f_0), for the function g of K_0 with this value at the eigenvalue λ_ℓ."""
    return f_x + sp.Sum(kappa[ell] * of_eigenvalue * b[ell], OVER)


def _rest(constant: sp.Expr) -> sp.Expr:
    """The bound on what is left of training, with this factor that depends on time."""
    return constant * length(kappa[ell] / _EIGENVALUE) * length(b[ell])


_ROW_ENTRY = kappa[ell] / _EIGENVALUE
_KEPT = b[ell] * _FASTER
_LAGRANGE = (_ROW_ENTRY * _KEPT.subs(ell, p) - _ROW_ENTRY.subs(ell, p) * _KEPT) ** 2


def _spectrum(time: str, step: str, low: str, above: tuple[str, ...], row: tuple[str, ...], *start: str) -> Point:
    return {
        N: len(start),
        t: sp.Rational(time),
        eta: sp.Rational(step),
        lowest: sp.Rational(low),
        mu: family(*above),
        kappa: family(*row),
        b: family(*start),
        f_x: sp.Integer(-3),
    }


_SPECTRA: tuple[Point, ...] = (
    _spectrum("2", "1", "1/2", ("0", "3"), ("1", "0"), "2", "0"),
    _spectrum("3/2", "1/3", "2", ("0", "1/2", "7"), ("1", "-2", "1/2"), "1", "1/3", "-1"),
    _spectrum("5", "1/2", "1/10", ("1", "0"), ("-1", "3"), "1", "4"),
    _spectrum("0", "1", "1", ("0", "2"), ("1", "2"), "1", "2"),
)
"""The bound is attained at the first: row and residuals along the eigenvector of the smallest eigenvalue."""

DS_LIMIT = Claim(
    id="ds-limit",
    title="The linearised network tends to kernel regression, at the rate of the smallest eigenvalue",
    source=Source(
        document=Document.DS,
        where="'Linearized solution'",
        printed="As $t -> oo$, if $bold(K)_0$ is full-rank (usual case), $e^(-(eta t)/N bold(K)_0) -> bold(0)$, "
        '$f^"lin" (bold(x); bold(w)_t) -> bold(k)_0(bold(x)) bold(K)_0^(-1) (bold(y) - bold(f)_0) + f_0(bold(x))$',
    ),
    hypotheses=(
        '$f^"lin" (bold(x); bold(w)_t)$ is the closed form of the slide (the claim ds-closed-form).',
        "$lambda_ell = macron(lambda) + mu_ell$, $mu_ell >= 0$, are the eigenvalues of $bold(K)_0$, $macron(lambda) "
        "> 0$: full rank. " + RESIDUALS + "; $kappa_ell = bold(k)_0(bold(x)) bold(q)_ell$ are those of the kernel "
        "row.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="A limit with its rate: what is left to learn at the time $t$ is at most $e^(-eta macron(lambda) "
            "t\\/N) norm(bold(k)_0(bold(x)) bold(K)_0^(-1)) norm(bold(y) - bold(f)_0)$, which tends to zero.",
            statement=Inequality(
                lhs=sp.Abs(_prediction((1 - _DECAY) / _EIGENVALUE) - _prediction(1 / _EIGENVALUE)),
                rhs=_rest(_SLOWEST),
                domain=(
                    *CLOCK,
                    (lowest, POSITIVE),
                    (mu[ell], sp.Interval(0, sp.oo)),
                    (kappa[ell], sp.S.Reals),
                    (b[ell], sp.S.Reals),
                    (f_x, sp.S.Reals),
                ),
            ),
            routes=(
                Derivation(
                    name="the Cauchy-Schwarz inequality in the eigenbasis",
                    derive=by_decay(
                        t,
                        Part(
                            "Lagrange's identity for the row and what is left of the residuals.",
                            _SLOWEST**2 * sp.Sum(_LAGRANGE, *_BOTH) / 2,
                        ),
                        Decayed(
                            "No other eigenvalue decays more slowly.",
                            _SLOWEST**2 * sp.Sum(_ROW_ENTRY.subs(ell, p) ** 2, (p, 1, N)) * b[ell] ** 2,
                            2 * eta * mu[ell] / N,
                            OVER,
                        ),
                    ),
                    spots=_SPECTRA[:3],
                ),
                Certificate(name="search over spectra", points=_SPECTRA),
            ),
            mutants=(
                Mutant(
                    name="at the rate of the mean eigenvalue",
                    why_false="Along the eigenvector of the smallest eigenvalue the bound is attained.",
                    change={"rhs": _rest(sp.exp(-eta * t * (lowest + sp.Sum(mu[ell], OVER) / N) / N))},
                ),
                Mutant(
                    name="without N in the exponent",
                    why_false="The flow is that of the mean loss; with $N$ examples it is $N$ times slower.",
                    change={"rhs": _rest(sp.exp(-eta * t * lowest))},
                ),
                Mutant(
                    name="to a limit without the prediction at the start",
                    why_false="The difference then tends to $f_0(bold(x))$.",
                    change={
                        "lhs": sp.Abs(_prediction((1 - _DECAY) / _EIGENVALUE) - _prediction(1 / _EIGENVALUE) + f_x)
                    },
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="The same for small feature matrices, the eigenvalue computed.",
            statement=Inequality(
                lhs=norm(k * FlowIntegral(K, eta * t / N) * (y - f0) - k * K.I * (y - f0)),
                rhs=sp.exp(-eta * t * smallest_eigenvalue(K) / N) * norm(k * K.I) * norm(y - f0),
                where=(ROW, GRAM),
                domain=(*FEATURES, *real(phi)),
            ),
            routes=(Certificate(name="balls at small matrices", points=MATRICES),),
            mutants=(
                Mutant(
                    name="at twice the rate",
                    why_false="With one example the bound is attained.",
                    change={"rhs": sp.exp(-2 * eta * t * smallest_eigenvalue(K) / N) * norm(k * K.I) * norm(y - f0)},
                ),
                Mutant(
                    name="to a limit of other labels",
                    why_false="The limit fits $bold(y)$, not $2 bold(y)$.",
                    change={"lhs": norm(k * FlowIntegral(K, eta * t / N) * (y - f0) - k * K.I * (2 * y - f0))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_LIMIT,)
