"""The network of Lecture 12 and its features, the gradients at the initial weights."""

import sympy as sp

from derivations import homogeneity
from derivations.expressions import normal_cdf, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Role, Source
from verify.ledger._lecture_network import (
    CONVENTION,
    NETWORK,
    NETWORK_POINTS,
    SETTING,
    SETUP,
    START,
    W0,
    WEIGHTS,
    W,
    a,
    c,
    d,
    ell,
    f,
    i,
    j,
    k,
    m,
    n,
    network,
    preactivation,
    q,
    r,
    routes,
    x,
)
from verify.statement import Identity
from verify.verdict import Verdict

# The network.

_SCALED = sp.Sum(a[r] * relu(sp.Sum(c * W[r, ell] * x[i, ell], (ell, 1, d))), (r, 1, m)) / sp.sqrt(m)
_SCALES = tuple(
    {**point, c: sp.Rational(factor)} for point, factor in zip(NETWORK_POINTS, ("3", "1/2", "2"), strict=True)
)

L12_DEF_NETWORK = Claim(
    id="l12-def-network",
    title="The two-layer ReLU network with a fixed read-out is positively homogeneous in its weights",
    source=Source(
        document=Document.L12,
        where="(12.2)",
        printed="$hat(y) = f_theta (x) = 1/sqrt(m) sum_(i=1)^m a_i sigma(w_i^top x)$ with $sigma(t) = max{t, 0}$ […] "
        "We initialize $a_i in {plus.minus 1}$ and assume that the $a_i$'s are fixed after initialization",
    ),
    hypotheses=(SETUP, "$c > 0$."),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What the definition gives with $a$ fixed: degree one, $f_(c theta) = c f_theta$.",
            statement=Identity(
                lhs=_SCALED,
                rhs=c * f(i, W),
                where=(NETWORK,),
                domain=(*SETTING, WEIGHTS, (c, sp.Interval.open(0, sp.oo))),
            ),
            routes=(
                Derivation(name="positive homogeneity", derive=homogeneity.positively_homogeneous, spots=_SCALES[:2]),
                Certificate(name="balls at small networks", points=_SCALES),
            ),
            mutants=(
                Mutant(
                    name="degree two",
                    why_false="That is the degree with both layers trained.",
                    change={"rhs": c**2 * f(i, W)},
                ),
                Mutant(
                    name="for the sigmoid Φ",
                    why_false="It is not homogeneous.",
                    change={
                        "where": (network(normal_cdf),),
                        "lhs": _SCALED.replace(relu, normal_cdf),
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

# The features.

_GRADIENT = a[j] * step(preactivation(W0, j)) * x[i, k] / sp.sqrt(m)
_KERNEL = sp.Sum(sp.Derivative(f(i, W0), W0[j, k]) * sp.Derivative(f(q, W0), W0[j, k]), (j, 1, m), (k, 1, d))
_GRAM = (
    sp.Sum(x[i, k] * x[q, k], (k, 1, d))
    * sp.Sum(a[j] ** 2 * step(preactivation(W0, j)) * step(preactivation(W0, j, q)), (j, 1, m))
    / m
)
_PLACES = tuple(
    {**point, q: second, j: neuron, k: entry}
    for point, second, neuron, entry in zip(NETWORK_POINTS, (2, 1, 1), (2, 2, 1), (1, 1, 1), strict=True)
)

L12_DEF_FEATURES = Claim(
    id="l12-def-features",
    title="The features are the gradients, and their inner products the kernel",
    source=Source(
        document=Document.L12,
        where="(12.4)",
        printed="Let $phi^((i)) = nabla_theta f_(theta^0) (x^((i))) in bb(R)^(d m)$ be the feature associated with the "
        "$i$th example, and let $phi$ denote the collection of the features across the examples: $phi = "
        "mat(phi^((1) top); dots.v; phi^((n) top)) in bb(R)^(n times d m)$.",
    ),
    hypotheses=(SETUP, "$i$ and $q$ are two examples.", CONVENTION),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The entries of $phi phi^top$, an $n times n$ matrix: sums over all $d m$ weights.",
            statement=Identity(
                lhs=_KERNEL, rhs=_GRAM, where=(NETWORK,), domain=((q, sp.Range(1, n + 1)), *SETTING, START)
            ),
            routes=routes("derivatives of finite sums", _PLACES),
            mutants=(
                Mutant(
                    name="without $1\\/m$",
                    why_false="There are several neurons, some of them on at both examples.",
                    change={"rhs": m * _GRAM},
                ),
                Mutant(
                    name="without the inner product of the inputs",
                    why_false="It is not 1 here.",
                    change={
                        "rhs": sp.Sum(a[j] ** 2 * step(preactivation(W0, j)) * step(preactivation(W0, j, q)), (j, 1, m))
                        / m
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

L12_12_11 = Claim(
    id="l12-id-12.11",
    title="The features of an example are a column times a row",
    source=Source(
        document=Document.L12,
        where="(12.11)",
        printed='$phi^((i)) = op("vec")((partial f_theta (x^((i))))/(partial W)) = 1/sqrt(m) (a dot.o sigma\'(w '
        "x^((i)))) dot (x^((i)))^top$",
    ),
    hypotheses=(
        SETUP,
        'The printed $w$ is $W$; the last expression is the matrix of derivatives, whose entries $op("vec")$ stacks.',
        CONVENTION,
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Entry by entry.",
            statement=Identity(
                lhs=sp.Derivative(f(i, W0), W0[j, k]),
                rhs=_GRADIENT,
                where=(NETWORK,),
                domain=((j, sp.Range(1, m + 1)), (k, sp.Range(1, d + 1)), *SETTING, START),
            ),
            routes=routes("derivatives of finite sums", _PLACES),
            mutants=(
                Mutant(
                    name="with $sigma$ in place of $sigma'$",
                    why_false="The pre-activation is not 1 here.",
                    change={"rhs": a[j] * relu(preactivation(W0, j)) * x[i, k] / sp.sqrt(m)},
                ),
                Mutant(
                    name="without $1\\/sqrt(m)$",
                    why_false="There are several neurons, and this one is on.",
                    change={"rhs": sp.sqrt(m) * _GRADIENT},
                ),
                Mutant(
                    name="without the read-out",
                    why_false="Its sign is lost.",
                    change={"rhs": step(preactivation(W0, j)) * x[i, k] / sp.sqrt(m)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (L12_DEF_NETWORK, L12_DEF_FEATURES, L12_12_11)
