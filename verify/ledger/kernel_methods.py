"""Kernel methods: kernels are positive semidefinite, models linear in the features, and a norm for their functions."""

import sympy as sp

from derivations import sum_identities
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N, D = sp.symbols("N D", integer=True, positive=True)
i, j, p = sp.symbols("i j p", integer=True)
alpha, beta = sp.symbols("alpha beta", real=True)
phi, c, w, v = (sp.IndexedBase(name, real=True) for name in ("phi", "c", "w", "v"))
k, f = sp.Function("k", real=True), sp.Function("f", real=True)

_SIZES = ((N, sp.S.Naturals), (D, sp.S.Naturals), (phi[i, p], sp.S.Reals))
_KERNEL = (k(i, j), sp.Sum(phi[i, p] * phi[j, p], (p, 1, D)))
_MODEL = (f(i, w), sp.Sum(phi[i, p] * w[p], (p, 1, D)))
_FORM = sp.Sum(c[i] * c[j] * k(i, j), (i, 1, N), (j, 1, N))


def _features(rows: list[list[object]]) -> Point:
    return {N: len(rows), D: len(rows[0]), phi: entries(rows)}


_POLYNOMIALS = _features([[1, x, sp.Rational(x) ** 2] for x in ("0", "1/2", "-1", "3")])
"""The features (1, x, x²) of the slide."""
_FEW = _features([["1", "-2"], ["1/3", "4"], ["-2", "0"]])
_ONE = _features([["2"]])
_WEIGHTED: tuple[Point, ...] = (
    {**_POLYNOMIALS, c: family("1", "-2", "1", "1/5")},
    {**_FEW, c: family("1", "-1", "0")},
    {**_FEW, c: family("12", "6", "7")},
    {**_ONE, c: family("-3")},
)
_LINEAR: tuple[Point, ...] = (
    {**_POLYNOMIALS, i: 3, w: family("1", "0", "2"), v: family("-1", "1", "1/2"), alpha: 2, beta: -3},
    {**_FEW, i: 1, w: family("1", "1"), v: family("0", "-2"), alpha: sp.Rational(1, 2), beta: 1},
)

DS_KERNEL_DEF = Claim(
    id="ds-kernel-def",
    title="A kernel is positive semidefinite, and a kernel model linear in the feature space",
    source=Source(
        document=Document.DS,
        where="'Kernel methods'",
        printed="Kernel models are linear models in feature space […] $f(bold(x); bold(w)) = chevron.l phi(bold(x)), "
        "bold(w) chevron.r$ for some fixed feature map $phi(bold(x))$ […] The kernel function is $k(bold(x), "
        "bold(x)') = chevron.l phi(bold(x)), phi(bold(x)') chevron.r$",
    ),
    hypotheses=(
        "$phi_(i p)$ is the feature $p$ of the input $bold(x)_i$, $D$ features and $N$ inputs in all; any real "
        "numbers.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What makes $k$ a kernel: $sum_(i j) c_i c_j k(bold(x)_i, bold(x)_j) >= 0$ for any inputs and "
            "coefficients.",
            statement=Inequality(lhs=sp.S.Zero, rhs=_FORM, where=(_KERNEL,), domain=(*_SIZES, (c[i], sp.S.Reals))),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=by_parts(
                        Part(
                            "It is the squared norm of $sum_i c_i phi(bold(x)_i)$.",
                            sp.Sum(sp.Sum(c[i] * phi[i, p], (i, 1, N)) ** 2, (p, 1, D)),
                        )
                    ),
                    spots=_WEIGHTED,
                ),
                Certificate(name="balls at a few inputs", points=_WEIGHTED),
            ),
            mutants=(
                Mutant(
                    name="the squared distance of the features",
                    why_false="It is symmetric, but for $c = (1, -1)$ the form is minus twice a squared distance.",
                    change={"where": ((k(i, j), sp.Sum((phi[i, p] - phi[j, p]) ** 2, (p, 1, D))),)},
                ),
                Mutant(
                    name="a kernel less a constant",
                    why_false="For $D = 1$, one input and $phi = 2$ the form is $(4 - 5) c^2$.",
                    change={"where": ((k(i, j), _KERNEL[1] - 5),)},
                ),
                Mutant(
                    name="positive definite whatever the features",
                    why_false="With more inputs than features some combination of the features vanishes.",
                    change={"lhs": sp.Sum(c[i] ** 2, (i, 1, N)) / 10**6},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The model is linear in its weights.",
            statement=Identity(
                lhs=sp.Sum(phi[i, p] * (alpha * w[p] + beta * v[p]), (p, 1, D)),
                rhs=alpha * f(i, w) + beta * f(i, v),
                where=(_MODEL,),
                domain=(
                    *_SIZES,
                    (i, sp.Range(1, N + 1)),
                    *((name, sp.S.Reals) for name in (alpha, beta, w[p], v[p])),
                ),
            ),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_LINEAR),
                Certificate(name="balls at two models", points=_LINEAR),
            ),
            mutants=(
                Mutant(
                    name="with a constant term",
                    why_false="$f = 1 + chevron.l phi, bold(w) chevron.r$ is affine, and "
                    "$alpha + beta != 1$ in the first case.",
                    change={
                        "lhs": 1 + sp.Sum(phi[i, p] * (alpha * w[p] + beta * v[p]), (p, 1, D)),
                        "where": ((_MODEL[0], 1 + _MODEL[1]),),
                    },
                ),
                Mutant(
                    name="quadratic in the weights",
                    why_false="The products of $bold(w)$ and $bold(v)$ are left out.",
                    change={
                        "lhs": sp.Sum(phi[i, p] * (alpha * w[p] + beta * v[p]) ** 2, (p, 1, D)),
                        "where": ((_MODEL[0], sp.Sum(phi[i, p] * w[p] ** 2, (p, 1, D))),),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The slide gives definitions; proved is what they are used for.",
)

CLAIMS = (DS_KERNEL_DEF,)
