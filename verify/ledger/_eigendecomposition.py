"""The setting of the claims about eigenfunctions: a kernel on N equally likely inputs, by its eigendecomposition."""

import sympy as sp

from derivations.sum_identities import by_rules
from verify.claim import Certificate, Derivation, Point
from verify.ledger._points import entries, family

N = sp.Symbol("N", integer=True, positive=True)
x, y, z, i, j, ell, a, b = sp.symbols("x y z i j ell a b", integer=True)
q = sp.IndexedBase("q", real=True)
lam = sp.IndexedBase("lambda", nonnegative=True)
K, u = sp.Function("K", real=True), sp.Function("u", real=True)
_NONNEGATIVE = sp.Interval(0, sp.oo)


def over(body: sp.Expr, *indices: sp.Symbol, start: int = 1) -> sp.Sum:
    """The sum over all these indices, up to N."""
    return sp.Sum(body, *((index, start, N) for index in indices))


EIGENFUNCTIONS = (u(x, i), sp.sqrt(N) * q[x, i])
KERNEL = (K(x, y), over(lam[ell] * u(x, ell) * u(y, ell), ell))
WHERE = (KERNEL, EIGENFUNCTIONS)
DOMAIN = (
    (N, sp.S.Naturals),
    (lam[ell], _NONNEGATIVE),
    (q[i, ell], sp.S.Reals),
    (sp.Sum(q[i, ell] * q[i, b], (i, 1, N)), sp.FiniteSet(sp.KroneckerDelta(ell, b))),
)
AT_X, AT_Y, ONE = ((index, sp.Range(1, N + 1)) for index in (x, y, a))

_SPACE = [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]]


def _point(rotation: list[list[str]], spectrum: tuple[str, ...], one: int, other: int, which: int) -> Point:
    return {N: len(spectrum), x: one, y: other, a: which, lam: family(*spectrum), q: entries(rotation)}


POINTS: tuple[Point, ...] = (
    _point([["3/5", "4/5"], ["-4/5", "3/5"]], ("3", "1/2"), 1, 2, 1),
    _point(_SPACE, ("5", "2", "1/100"), 3, 1, 2),
    _point(_SPACE, ("4", "4", "1"), 2, 2, 3),
)
ROUTES = (
    Derivation(name="by the rules of finite sums", derive=by_rules, spots=POINTS[:2]),
    Certificate(name="small spectra, exactly", points=POINTS),
)
FINITE = (
    "The distribution of the inputs is uniform on $N$ points $x$, as on the cube, and $u_i (x) = sqrt(N) q_(x i)$ "
    "with an orthogonal matrix $q$: so the mean of $u_i u_j$ over the points is $delta_(i j)$, and any $N$ functions "
    "with this property are of this form."
)
