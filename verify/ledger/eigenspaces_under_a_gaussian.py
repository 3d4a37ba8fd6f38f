"""The theorem on dimensions of eigenspaces under the standard Gaussian, where the norm of the inputs varies."""

import sympy as sp

from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Form, Mutant, Point, Role
from verify.ledger._eigenspaces import (
    DEEP_RELU,
    ERF,
    NETWORKS,
    RELU,
    Network,
    d,
    described,
    furthest,
    grid,
    k,
    over,
    sizes,
    to_leading_order,
)
from verify.ledger.eigenspace_dimensions import FROM_ZERO, SOURCE
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

_BIASED: tuple[Network, ...] = (RELU, ERF)
_HOMOGENEOUS: tuple[Network, ...] = (*DEEP_RELU, NETWORKS[4])
_DIMENSIONS, _PLACES = (128, 192, 256), (0, 1, 2)
_LARGE, _FIRST = (64, 128, 256, 512), (0, 1, 2, 3, 4)
_ROUTES, _DOMAIN = grid(_DIMENSIONS, _PLACES), over(_DIMENSIONS, _PLACES)
_HARMONICS = sp.binomial(d + k - 1, k) - sp.Piecewise((sp.binomial(d + k - 3, k - 2), k >= 2), (0, True))


def _printed(name: str, network: Network) -> Form:
    found, where = sizes("gaussian", (network,))
    return Form(
        role=Role.PRINTED,
        remark=f"{name} with biases.",
        statement=Inequality(
            lhs=furthest(to_leading_order(found, k)), rhs=sp.Rational(1, 2), where=where, domain=_DOMAIN
        ),
        routes=_ROUTES,
    )


def _corrected(name: str, network: Network) -> Form:
    (found,), where = sizes("gaussian", (network,))
    without = sizes("gaussian", (NETWORKS[4],))[1]
    return Form(
        role=Role.CORRECTED,
        remark=f"{name} with biases: the three largest eigenvalues have the dimensions 1, $d$ and 1.",
        statement=Identity(lhs=found, rhs=d ** (k * (2 - k)), where=where, domain=_DOMAIN),
        routes=_ROUTES,
        mutants=(
            Mutant(
                name="the dimensions on the sphere",
                why_false="The third largest eigenvalue belongs to a function of the norm alone.",
                change={"rhs": _HARMONICS},
            ),
            Mutant(
                name="both radial eigenvalues first",
                why_false="The second is smaller than that of the linear functions.",
                change={"rhs": d ** sp.binomial(k, 2)},
            ),
            Mutant(
                name="without biases",
                why_false="The kernel of ReLUs then has one radial eigenvalue only.",
                change={"where": without},
            ),
        ),
    )


def _without_biases() -> Form:
    found, where = sizes("gaussian", _HOMOGENEOUS)
    domain, routes = over(_LARGE, _FIRST), grid(_LARGE, _FIRST)
    return Form(
        role=Role.CORRECTED,
        remark="ReLUs without biases, two hidden layers or more: as printed, with a rate.",
        statement=Inequality(lhs=furthest(to_leading_order(found, k)), rhs=k * (k - 1) / d, where=where, domain=domain),
        routes=routes,
        mutants=(
            Mutant(
                name="one place further down",
                why_false="The second largest eigenvalue has $d$ dimensions, not 1.",
                change={"lhs": furthest(to_leading_order(tuple(size.subs(k, k + 1) for size in found), k))},
            ),
            Mutant(
                name="at a faster rate",
                why_false="The dimension is about $(1 + k(k - 1)\\/(2 d)) d^k\\/k!$.",
                change={"rhs": k * (k - 1) / (4 * d)},
            ),
        ),
    )


# σ(z) = z², one hidden layer, all variances 1: K = (1 + u)(1 + u') + 2(1 + ⟨x, y⟩/d)² + 1 with u = ‖x‖²/d. In the
# radial functions 1 and √(d/2) (u - 1) it is a matrix of two rows; ⟨x, y⟩²/d² is uu'/d on radial functions.
_n = sp.Symbol("n", integer=True, nonnegative=True)
_t, _q = sp.symbols("tau Delta", real=True)
_VARIANCE = 2 / d
_TRACE = 7 + 2 * _VARIANCE + _VARIANCE**2
_DETERMINANT = (7 + _VARIANCE) * (_VARIANCE + _VARIANCE**2) - _VARIANCE * (2 + _VARIANCE) ** 2
_MATRIX = ((_t, _TRACE), (_q, _DETERMINANT))
_ALL: tuple[Point, ...] = tuple({d: n} for n in (4, 5, 8, 16, 64, 1000, 10**6))


def _squares(remark: str, sides: tuple[sp.Expr, sp.Expr], mutants: tuple[Mutant, ...]) -> Form:
    lhs, rhs = sides
    gap = sp.factor((rhs - lhs).subs(dict(_MATRIX)))
    part = Part("Written out in $d - 4$, no term is negative.", gap, running=((d, 4 + _n),))
    return Form(
        role=Role.CORRECTED,
        remark=remark,
        statement=Inequality(lhs=lhs, rhs=rhs, where=_MATRIX, domain=((d, sp.Range(4, sp.oo)),)),
        routes=(
            Derivation(name="polynomials in the dimension", derive=by_parts(part), spots=_ALL),
            Certificate(name="exact arithmetic", points=_ALL),
        ),
        mutants=mutants,
    )


def _above(value: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """That the characteristic polynomial λ² - τλ + Δ is not negative at a value."""
    return _t * value, value**2 + _q


_FOR_ALL = (
    _squares(
        "For every $d >= 4$, squares as activation: $lambda^2 - tau lambda + Delta >= 0$ at $lambda = 5\\/d^2 < "
        "tau\\/2$, so that both radial eigenvalues are larger than $4\\/d^2$, that of degree 2.",
        _above(5 / d**2),
        (
            Mutant(
                name="larger than one over d",
                why_false="It is about $6\\/(7 d)$.",
                change=dict(zip(("lhs", "rhs"), _above(1 / d), strict=True)),
            ),
            Mutant(
                name="inputs of one norm",
                why_false="Then the radial functions are the constants, and the second eigenvalue is zero.",
                change={"where": ((_t, sp.Integer(7)), (_q, sp.S.Zero))},
            ),
        ),
    ),
    _squares(
        "And it is at most 0 at $3\\/d$, so that one of them is smaller than $4\\/d$, that of the linear functions: it "
        "is the third largest, of dimension 1.",
        (_above(3 / d)[1], _above(3 / d)[0]),
        (
            Mutant(
                name="of the order of degree 2",
                why_false="$4\\/d^2$ is smaller than both radial eigenvalues.",
                change=dict(zip(("rhs", "lhs"), _above(4 / d**2), strict=True)),
            ),
            Mutant(
                name="at most half of one over d",
                why_false="It is about $6\\/(7 d)$.",
                change=dict(zip(("rhs", "lhs"), _above(1 / (2 * d)), strict=True)),
            ),
        ),
    ),
)

IM_GAUSS = Claim(
    id="im-thm-eigdim-gauss",
    title="Under a Gaussian the k-th largest eigenvalue has about $d^k\\/k!$ dimensions",
    source=SOURCE,
    hypotheses=(
        "Inputs $x$ are standard Gaussian in $RR^d$: their norm varies. " + FROM_ZERO,
        "With biases: $D_1$ is that of the " + described((RELU,)).removeprefix("(1) ") + "; or of the "
        f"{described((ERF,)).removeprefix('(1) ')}. Without: {described(_HOMOGENEOUS)}.",
        "As printed the dimension differs from $d^k\\/k!$ by less than any part of it once $d$ is large: here, by no "
        "more than half of it for $d >= 128$.",
        "The two radial eigenvalues are enclosed between those of a two by two matrix (Rayleigh and Ritz, with the "
        "functions $1$ and $norm(x)^2 - d$) and the trace over radial functions, the linear one between a Rayleigh "
        "quotient and a trace; all others are below a bound by traces.",
        "For every dimension: one hidden layer, $sigma(z) = z^2$, all variances 1. The CK is $(1 + u)(1 + u') + 2 (1 + "
        "chevron.l x, y chevron.r\\/d)^2 + 1$ with $u = norm(x)^2\\/d$. Its eigenvalues other than zero are two radial "
        "ones, those of a matrix of the trace $tau$ and the determinant $Delta$ in the functions $1$ and $sqrt(d\\/2) "
        "(u - 1)$; $4\\/d$ for the linear functions; and $4\\/d^2$ for those of degree 2.",
    ),
    forms=(
        _printed("ReLU", RELU),
        _printed("Erf", ERF),
        _corrected("ReLU", RELU),
        _corrected("Erf", ERF),
        *_FOR_ALL,
        _without_biases(),
    ),
    expected=Verdict.REFUTED,
    note="$norm(x)^2\\/d$ has the variance $2\\/d$, and a kernel that depends on the norm in more than one way has a "
    "second radial eigenvalue of the order $1\\/d$, as that of the linear functions is; those of degree 2 are of the "
    "order $1\\/d^2$. Its eigenspace has one dimension, so that the third largest eigenvalue does not have about "
    "$d^2\\/2$, however large $d$ is: certified here for ReLUs and erf up to $d = 256$, proved for squares. Without "
    "biases the kernel of ReLUs is $norm(x) norm(y)$ times a function of the angle: each degree has one eigenvalue "
    "other than zero, that on the sphere, and the theorem holds. With biases it holds for the largest eigenvalue of "
    "each degree.",
)

CLAIMS = (IM_GAUSS,)
