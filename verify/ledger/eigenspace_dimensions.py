"""The theorem on the dimensions of eigenspaces on the cube and the sphere, with an explicit rate."""

import sympy as sp

from derivations.eigenspaces import GuaranteedLead
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._eigenspaces import (
    NETWORKS,
    ODD,
    SHALLOW_RELU,
    d,
    described,
    furthest,
    grid,
    k,
    over,
    sizes,
    to_leading_order,
)
from verify.statement import Inequality
from verify.verdict import Verdict

PRINTED = (
    "The first theorem of the paper states that for both the CK and NTK with the data distribution being uniform over "
    "the d-dimensional boolean cube, uniform over the sphere $sqrt(d) S^(d-1)$, or the standard Gaussian, for any "
    "$d, k > 0$, let $kappa_(d, k)$ be the kth largest unique eigenvalue of $K$, $K$ being the NTK or CK, over the "
    "data distribution. Then, for any $k > 0$, for sufficiently large $d$ which depends on $k$, $kappa_(d, k)$ "
    "corresponds to an eigenspace of dimension $d^k\\/k! + o(d^k)$."
)
WHERE = "section 3, the first theorem"
FROM_ZERO = "Eigenvalues are counted from zero: the largest is the one at $k = 0$ (see im-thm-eigdim-index)."
POSITIVE = (
    "All Taylor coefficients of the kernel at $c = chevron.l x, y chevron.r\\/d = 0$ are positive, as they are with "
    "biases, or for ReLUs in two hidden layers or more (see im-thm-eigdim-activation)."
)
_WHY = (
    "The order in general: $mu_k >= a_k M_(k k)$, where $a_k$ is the Taylor coefficient and $M_(k k)$ is "
    "$k!\\/d^k$ to leading order, and $mu_j <= Phi(1)\\/N_j$ by the trace, $N_j$ the dimension of degree $j$: so the "
    "degrees $k + 1$ and $k + 2$ come after $k$ once $d$ is large, and with them all others, as $mu_(j+2) <= mu_j$."
)
_SCOPE = "Certified for these five networks and $k <= 5$; why it holds for every such kernel and $k$ is in the note."
_DIMENSIONS, _PLACES = (32, 64, 128, 256, 512), (1, 2, 3, 4, 5)
_ROUTES = grid(_DIMENSIONS, _PLACES)
_DOMAIN = over(_DIMENSIONS, _PLACES)


SOURCE = Source(document=Document.IM, where=WHERE, printed=PRINTED)


def _form(inputs: str, rate: sp.Expr, tighter: sp.Expr, other: str) -> Form:
    found, where = sizes(inputs, NETWORKS)
    odd = sizes(inputs, (*ODD, *SHALLOW_RELU))
    return Form(
        role=Role.TESTED,
        remark="With an explicit rate in place of $o(d^k)$, for five networks; the largest difference among them.",
        statement=Inequality(lhs=furthest(to_leading_order(found, k)), rhs=rate, where=where, domain=_DOMAIN),
        routes=_ROUTES,
        mutants=(
            Mutant(
                name="the first eigenvalue at k = 1",
                why_false="The largest eigenvalue has one dimension, not $d$.",
                change={"lhs": furthest(to_leading_order(tuple(size.subs(k, k - 1) for size in found), k))},
            ),
            Mutant(
                name="without k!",
                why_false="For $k = 2$ the dimension is about half of $d^2$.",
                change={"lhs": furthest(tuple(size / d**k for size in found))},
            ),
            Mutant(name="at a faster rate", why_false=other, change={"rhs": tighter}),
            Mutant(
                name="for networks without some degrees",
                why_false="An erf network without biases has no even degrees, one layer of ReLUs no odd ones above 1.",
                change={"lhs": furthest(to_leading_order(odd[0], k)), "where": odd[1]},
            ),
        ),
    )


_n = sp.Symbol("n", integer=True, nonnegative=True)
_N = sp.Symbol("N", real=True)
_FROM = 5
_EVERY: tuple[Point, ...] = tuple({d: size} for size in (5, 6, 16, 100, 10**4))


def _polynomial(size: sp.Expr) -> sp.Expr:
    """A binomial coefficient, or a difference of two, with a number below, as a polynomial in d."""
    return sp.factor(sp.expand_func(size))


def _in_every_dimension(degree: int, size: sp.Expr, gap: sp.Expr, rate: sp.Expr, mutants: tuple[Mutant, ...]) -> Form:
    """The multiplicity of a degree in all dimensions: the `gap` of N k!/d^k from 1 is at most the rate."""
    where = ((_N, _polynomial(size)),)
    short = sp.factor((rate - gap).subs(dict(where)))
    part = Part(f"Written out in $d - {_FROM}$, no term is negative.", short, running=((d, _FROM + _n),))
    return Form(
        role=Role.TESTED,
        remark=f"The dimension $N$ of degree {degree}, written out as a polynomial, for every $d >= {_FROM}$.",
        statement=Inequality(lhs=gap, rhs=rate, where=where, domain=((d, sp.Range(_FROM, sp.oo)),)),
        routes=(
            Derivation(name="polynomials in the dimension", derive=by_parts(part), spots=_EVERY),
            Certificate(name="exact arithmetic", points=_EVERY),
        ),
        mutants=mutants,
    )


def _on_cube(degree: int) -> Form:
    share = _N * sp.factorial(degree) / d**degree
    rate = sp.Integer(degree * (degree - 1)) / (2 * d)
    mutants = (
        Mutant(name="at half of the rate", why_false="The rate is exact to first order.", change={"rhs": rate / 2}),
        Mutant(
            name="without k!",
            why_false="Subsets are not ordered.",
            change={"lhs": 1 - _N / d**degree},
        ),
    )
    return _in_every_dimension(degree, sp.binomial(d, degree), 1 - share, rate, mutants)


def _on_sphere(degree: int) -> Form:
    share = _N * sp.factorial(degree) / d**degree
    rate = sp.Integer(degree * (degree - 1)) / d
    mutants = (
        Mutant(
            name="at a quarter of the rate",
            why_false="To first order the rate is half of the one claimed.",
            change={"rhs": rate / 4},
        ),
        Mutant(
            name="of ordered products",
            why_false="Monomials are not ordered.",
            change={"lhs": sp.factorial(degree) * share - 1},
        ),
    )
    size = sp.binomial(d + degree - 1, degree) - sp.binomial(d + degree - 3, degree - 2)
    return _in_every_dimension(degree, size, share - 1, rate, mutants)


_HIGH, _ALL_PLACES = (5000, 50000), (0, *_PLACES)


def _order(inputs: str, grows: str) -> Form:
    """That the degrees up to 5 come first and in their order, by a criterion that large dimensions meet."""
    names = [sp.Function(f"R_{i}")(d, k) for i in range(1, len(NETWORKS) + 1)]
    where = tuple((name, GuaranteedLead(inputs, *network, d, k)) for name, network in zip(names, NETWORKS, strict=True))
    points: tuple[Point, ...] = tuple({d: n, k: degree} for n in (32, *_HIGH) for degree in _ALL_PLACES)
    return Form(
        role=Role.TESTED,
        remark="The order in high dimension: $R = a_k M_(k k) N_(k+1)\\/Phi(1) <= mu_k\\/mu_(k+1)$ is at least 1 for "
        f"$d >= 5000$, where it grows with $d$: {grows}",
        statement=Inequality(lhs=sp.S.One, rhs=sp.Min(*names), where=where, domain=over(_HIGH, _ALL_PLACES)),
        routes=(Certificate(name="power series of the kernels", points=points, covers_domain=True, digits=10),),
        mutants=(
            Mutant(
                name="in 32 dimensions",
                why_false="The trace bounds the next degree too generously there, though the order is the same.",
                change={"domain": over((32,), _ALL_PLACES)},
            ),
            Mutant(
                name="d times over",
                why_false="The lead is of the order $d$, with a factor below 1.",
                change={"lhs": d},
            ),
        ),
    )


IM_CUBE = Claim(
    id="im-thm-eigdim-cube",
    title="On the cube the k-th largest eigenvalue has about $d^k\\/k!$ dimensions",
    source=SOURCE,
    hypotheses=(
        "Uniform inputs on $\\{plus.minus 1\\}^d$; " + described(NETWORKS) + ".",
        FROM_ZERO,
        POSITIVE,
        _SCOPE,
        "$d >= 32$ is large enough for $k <= 5$. Eigenvalues are enclosed, all $d + 1$ degrees sorted by disjoint "
        "enclosures, and the dimension of what stands at place $k$ counted.",
    ),
    forms=(
        _form(
            "cube",
            k * (k - 1) / (2 * d),
            k * (k - 1) / (4 * d),
            "The dimension is $binom(d, k)$, and $binom(d, k) k!\\/d^k = 1 - k(k - 1)\\/(2 d) + O(1\\/d^2)$.",
        ),
        _order(
            "cube",
            "$M_(k k) N_(k+1) = k! binom(d, k + 1)\\/d^k$. As $mu_(j+2) <= mu_j$, all higher degrees follow.",
        ),
        *map(_on_cube, _PLACES[1:]),
    ),
    expected=Verdict.CERTIFIED,
    note=_WHY
    + " As $binom(d, k) k!\\/d^k = product_(i < k) (1 - i\\/d)$, the rate is $k(k - 1)\\/(2 d)$ for every $d$.",
)

IM_SPHERE = Claim(
    id="im-thm-eigdim-sphere",
    title="On the sphere the k-th largest eigenvalue has about $d^k\\/k!$ dimensions",
    source=SOURCE,
    hypotheses=(
        "Uniform inputs on the sphere of radius $sqrt(d)$ in $RR^d$; " + described(NETWORKS) + ".",
        FROM_ZERO,
        POSITIVE,
        _SCOPE,
        "$d >= 32$ is large enough for $k <= 5$. Eigenvalues are enclosed, by series without subtraction; as $mu_(k+2) "
        "<= mu_k$, the degrees left out come after those sorted.",
    ),
    forms=(
        _form(
            "sphere",
            k * (k - 1) / d,
            k * (k - 1) / (4 * d),
            "The dimension is $binom(d + k - 1, k) - binom(d + k - 3, k - 2)$, about "
            "$(1 + k(k - 1)\\/(2 d)) d^k\\/k!$.",
        ),
        _order(
            "sphere",
            "$M_(k k) = k!\\/(d(d + 2) dots (d + 2 k - 2))$. Higher degrees have more dimensions still.",
        ),
        *map(_on_sphere, _PLACES[1:]),
    ),
    expected=Verdict.CERTIFIED,
    note=_WHY,
)

CLAIMS = (IM_CUBE, IM_SPHERE)
