"""The closed form of gradient flow for the linearised network, at a test point and at the examples."""

import sympy as sp

from derivations import closed_form
from derivations.flows import LinearFlow
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger.gradient_flow import labels
from verify.statement import Identity
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
i, j, k, ell, p = sp.symbols("i j k ell p", integer=True)
s = sp.Symbol("s", real=True)
t = sp.Symbol("t", nonnegative=True)
eta = sp.Symbol("eta", positive=True)
f_x = sp.Symbol("f_x", real=True)
y, f0, k0, q = (sp.IndexedBase(name, real=True) for name in ("y", "f_0", "k_0", "q"))
lam = sp.IndexedBase("lambda", positive=True)
R, K0 = sp.Function("R", real=True), sp.Function("K_0", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
_FLOW = LinearFlow(j, eta / N * K0(i, k), (i, k, s), f0[i] - y[i], N, t, -1)
_WHERE = (
    (R(j, t), _FLOW),
    (K0(i, k), sp.Sum(lam[ell] * q[i, ell] * q[k, ell], (ell, 1, N))),
)
_DOMAIN = (
    (N, sp.S.Naturals),
    (t, sp.Interval(0, sp.oo)),
    (eta, POSITIVE),
    (f_x, sp.S.Reals),
    (y[i], sp.S.Reals),
    (f0[i], sp.S.Reals),
    (k0[i], sp.S.Reals),
    (lam[ell], POSITIVE),
    (q[i, ell], sp.S.Reals),
    (sp.Sum(q[i, ell] * q[i, p], (i, 1, N)), sp.FiniteSet(sp.KroneckerDelta(ell, p))),
)


def _formula(of_eigenvalue: sp.Expr) -> sp.Expr:
    """f_0(x) + k_0(x) g(K_0) (y - f_0), for the function g of K_0 with this value at the eigenvalue λ_ℓ."""
    row = sp.Sum(k0[i] * q[i, ell], (i, 1, N))
    labels_ = sp.Sum(q[j, ell] * (y[j] - f0[j]), (j, 1, N))
    return f_x + sp.Sum(row * of_eigenvalue * labels_, (ell, 1, N))


def _point(rotation: list[list[str]], spectrum: tuple[str, ...], row: tuple[str, ...], time: str, step: str) -> Point:
    size = len(spectrum)
    return {
        N: size,
        t: sp.Rational(time),
        eta: sp.Rational(step),
        f_x: sp.Rational(1, 5),
        y: labels(*(sp.Rational((-1) ** c * (c + 2), 2) for c in range(size))),
        f0: labels(*(sp.Rational(1, c + 2) for c in range(size))),
        k0: labels(*row),
        lam: labels(*spectrum),
        q: {(r, c): sp.Rational(e) for r, line in enumerate(rotation, 1) for c, e in enumerate(line, 1)},
    }


_PLANE = [["3/5", "4/5"], ["-4/5", "3/5"]]
_SPACE = [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]]
_POINTS: tuple[Point, ...] = (
    _point(_PLANE, ("1/2", "3"), ("2", "-1/3"), "3/2", "1/3"),
    _point(_SPACE, ("1", "2", "5"), ("1", "0", "-2"), "4", "1/2"),
    _point(_SPACE, ("1/10", "1/10", "7"), ("19/6", "-46/15", "23/15"), "2", "1"),
    _point([["1"]], ("4",), ("4",), "10", "1/5"),
    _point(_PLANE, ("1/2", "3"), ("2", "-1/3"), "0", "1/3"),
)
_DECAYED = sp.exp(-eta * t * lam[ell] / N)

DS_CLOSED_FORM = Claim(
    id="ds-closed-form",
    title="Gradient flow of the linearised network has a closed form",
    source=Source(
        document=Document.DS,
        where="'Linearized solution'",
        printed='The differential equation $dif/(dif t) f^"lin" (bold(x); bold(w)_t) = -eta/N bold(k)_0(bold(x)) '
        '(bold(f)_t^"lin" - bold(y))$ has a closed-form solution: letting $(bold(K)_0)_(i j) = k_0(bold(x)_i, '
        'bold(x)_j)$, $f^"lin" (bold(x); bold(w)_t) = bold(k)_0(bold(x)) bold(K)_0^(-1) (bold(I) - e^(-(eta t)/N '
        "bold(K)_0)) (bold(y) - bold(f)_0) + f_0(bold(x))$",
    ),
    hypotheses=(
        "$bold(K)_0$ is symmetric and positive definite: $(K_0)_(i k) = sum_ell lambda_ell q_(i ell) q_(k ell)$ with "
        "eigenvalues $lambda_ell > 0$ and an orthogonal matrix $q$; a function of $bold(K)_0$ is $g(bold(K)_0)_(i j) = "
        "sum_ell g(lambda_ell) q_(i ell) q_(j ell)$.",
        "On the left the solution of the differential equation: $f_x - eta/N sum_j k_(0,j) R(j, t)$, $f_x = "
        "f_0(bold(x))$, "
        'where $R(j, t) = integral_0^t ((f_tau^"lin")_j - y_j) dif tau$ is the integrated residual of the flow of the '
        "examples.",
        "$k_0$ is any row: that of a test point, or, for the examples themselves, a row of $bold(K)_0$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=f_x - eta / N * sp.Sum(k0[j] * R(j, t), (j, 1, N)),
                rhs=_formula((1 - _DECAYED) / lam[ell]),
                where=_WHERE,
                domain=_DOMAIN,
            ),
            routes=(
                Derivation(
                    name="substitution into the differential equation",
                    derive=closed_form.prediction,
                    spots=_POINTS[:2],
                ),
                Certificate(name="power series of the flow", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="without N in the exponent",
                    why_false="The flow is that of the mean loss; without $N$ it would be $N$ times as fast.",
                    change={"rhs": _formula((1 - sp.exp(-eta * t * lam[ell])) / lam[ell])},
                ),
                Mutant(
                    name="without the inverse of the kernel",
                    why_false="For $k_0$ a row of $bold(K)_0$ and large $t$ it gives $bold(K)_0 (bold(y) - "
                    "bold(f)_0)$ in place of $bold(y) - bold(f)_0$.",
                    change={"rhs": _formula(1 - _DECAYED)},
                ),
                Mutant(
                    name="with the opposite sign",
                    why_false="It moves away from the labels.",
                    change={"rhs": _formula(-(1 - _DECAYED) / lam[ell])},
                ),
                Mutant(
                    name="without the prediction at the start",
                    why_false="At $t = 0$ it gives 0 in place of $f_0(bold(x))$.",
                    change={"rhs": _formula((1 - _DECAYED) / lam[ell]) - f_x},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_CLOSED_FORM,)
