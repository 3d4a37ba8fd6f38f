"""The linear model of Lecture 12: affine in the weights, with transformed labels and a least-squares objective."""

import sympy as sp

from derivations.expressions import relu
from verify.claim import Claim, Document, Form, Mutant, Point, Role, Source
from verify.ledger._lecture_network import (
    AFFINE,
    CONVENTION,
    LABEL,
    NETWORK,
    NETWORK_POINTS,
    SETTING,
    SETUP,
    START,
    W0,
    WEIGHTS,
    D,
    Delta,
    V,
    W,
    a,
    d,
    ell,
    f,
    f0,
    g,
    i,
    j,
    k,
    m,
    n,
    p,
    phi,
    q,
    r,
    routes,
    s,
    x,
    y,
    yprime,
)
from verify.ledger._points import entries, family
from verify.statement import Identity
from verify.verdict import Verdict

# The affine model.

_MIX = tuple({**point, s: sp.Rational(at)} for point, at in zip(NETWORK_POINTS, ("1/3", "-2", "1/2"), strict=True))


def _mixed(of: sp.Function, moved: sp.Expr) -> sp.Expr:
    """(1 - s) of(W) + s of(V) - moved."""
    return (1 - s) * of(i, W) + s * of(i, V) - moved


_BETWEEN = sp.Sum(
    sp.Derivative(f(i, W0), W0[j, k]) * ((1 - s) * W[j, k] + s * V[j, k] - W0[j, k]), (j, 1, m), (k, 1, d)
)
_F_BETWEEN = sp.Sum(
    a[r] * relu(sp.Sum(((1 - s) * W[r, ell] + s * V[r, ell]) * x[i, ell], (ell, 1, d))), (r, 1, m)
) / sp.sqrt(m)

L12_CLAIM_AFFINE = Claim(
    id="l12-claim-affine",
    title="The linearised network is affine in the weights",
    source=Source(
        document=Document.L12,
        where="after (12.1)",
        printed="Ignoring the higher order terms, we can think of $f_theta$ as an affine transformation of $theta$, "
        "thus allowing us to treat this as a linear model.",
    ),
    hypotheses=(
        SETUP,
        "$g_theta (x) = f_(theta^0) (x) + chevron.l nabla f_(theta^0) (x), theta - theta^0 chevron.r$; $g(i, W)$ "
        "stands for $g_theta (x^((i)))$.",
        "$W$ and $V$ are any weights, and $s$ any number: affine maps keep affine combinations.",
        CONVENTION,
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=f(i, W0) + _BETWEEN,
                rhs=(1 - s) * g(i, W) + s * g(i, V),
                where=(AFFINE, NETWORK),
                domain=(*SETTING, START, WEIGHTS, (V[j, k], sp.S.Reals), (s, sp.S.Reals)),
            ),
            routes=routes("linearity of sums", _MIX),
            mutants=(
                Mutant(
                    name="the network itself",
                    why_false="The ReLU bends between the two weights.",
                    change={"lhs": _F_BETWEEN, "rhs": (1 - s) * f(i, W) + s * f(i, V)},
                ),
                Mutant(
                    name="weights that do not sum to 1",
                    why_false="The slope does not vanish along $V$.",
                    change={"rhs": (1 - s) * g(i, W) + 2 * s * g(i, V)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

# The transformed labels, and the objective.

_MOVE = sp.Sum(sp.Derivative(f(i, W0), W0[j, k]) * (W[j, k] - W0[j, k]), (j, 1, m), (k, 1, d))

L12_DEF_RESIDUAL = Claim(
    id="l12-def-residual",
    title="Fitting the affine model to the labels is fitting the linear one to the transformed labels",
    source=Source(
        document=Document.L12,
        where="(12.3)",
        printed="$arrow(y)' = mat(y^((1)) - f_(theta^0) (x^((1))); dots.v; y^((n)) - f_(theta^0) (x^((n))))$ be the "
        "transformed labels where we subsume the affine term in the label, allowing us to treat this as a purely "
        "linear model without loss of generality",
    ),
    hypotheses=(SETUP, "$g$ is the affine model of (12.5), $y'(i)$ the transformed label.", CONVENTION),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The residuals of both models agree.",
            statement=Identity(
                lhs=y[i] - g(i, W),
                rhs=yprime(i) - _MOVE,
                where=(AFFINE, LABEL, NETWORK),
                domain=(*SETTING, START, WEIGHTS, (y[i], sp.S.Reals)),
            ),
            routes=routes("the affine term cancels"),
            mutants=(
                Mutant(
                    name="with the initial output added",
                    why_false="It does not vanish here.",
                    change={"where": (AFFINE, (LABEL[0], y[i] + f(i, W0)), NETWORK)},
                ),
                Mutant(
                    name="with the labels as they are",
                    why_false="The initial output does not vanish here.",
                    change={"where": (AFFINE, (LABEL[0], y[i]), NETWORK)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_FIT = sp.Sum((y[i] - f0[i] - sp.Sum(phi[i, p] * Delta[p], (p, 1, D))) ** 2, (i, 1, n))
_OBJECTIVE = sp.Sum((yprime(i) - sp.Sum(phi[i, p] * Delta[p], (p, 1, D))) ** 2, (i, 1, n))
_EXPANDED = (
    sp.Sum(yprime(i) ** 2, (i, 1, n))
    - 2 * sp.Sum(yprime(i) * phi[i, p] * Delta[p], (i, 1, n), (p, 1, D))
    + sp.Sum(Delta[p] * Delta[q] * phi[i, p] * phi[i, q], (i, 1, n), (p, 1, D), (q, 1, D))
)
_FEATURES: tuple[Point, ...] = tuple(
    {n: len(rows), D: len(rows[0]), phi: entries(rows), y: family(*labels), f0: family(*start), Delta: family(*move)}
    for rows, labels, start, move in (
        ([["1", "2", "0"], ["-1", "1/2", "1"]], ["1", "-1"], ["1/2", "1"], ["1", "-1", "1/3"]),
        ([["2", "1/3"], ["1", "0"], ["0", "1"]], ["1", "1/2", "0"], ["-1", "2", "1"], ["1/2", "3"]),
        ([["-1"]], ["2"], ["1/3"], ["5"]),
    )
)
_PLAIN_LABEL = (yprime(i), y[i] - f0[i])

L12_OBJECTIVE = Claim(
    id="l12-id-objective",
    title="The objective of the linearised problem is a linear least-squares objective",
    source=Source(
        document=Document.L12,
        where="(12.6)-(12.8)",
        printed="$sum_(i=1)^n (y^((i)) - f_(theta^0) (x^((i))) - chevron.l nabla_theta f_(theta^0) (x^((i))), theta - "
        "theta^0 chevron.r)^2 = sum_(i=1)^n (y^((i)) - f_(theta^0) (x^((i))) - Delta theta^top phi^((i)))^2 = "
        "norm(arrow(y)' - phi Delta theta)_2^2$",
    ),
    hypotheses=(
        "$phi^((i)) = nabla_theta f_(theta^0) (x^((i))) in bb(R)^D$, $D = d m$, are the rows of $phi$; $f_(0, i)$ "
        "stands for $f_(theta^0) (x^((i)))$, $Delta_p$ for the entries of $Delta theta = theta - theta^0$.",
    ),
    forms=(
        *(
            Form(
                role=Role.PRINTED,
                remark=remark,
                statement=Identity(
                    lhs=_FIT,
                    rhs=rhs,
                    where=(_PLAIN_LABEL,),
                    domain=(
                        (n, sp.S.Naturals),
                        (D, sp.S.Naturals),
                        (y[i], sp.S.Reals),
                        (f0[i], sp.S.Reals),
                        (phi[i, p], sp.S.Reals),
                        (Delta[p], sp.S.Reals),
                    ),
                ),
                routes=routes("linearity of sums", _FEATURES),
                mutants=(
                    Mutant(
                        name="with the sign of the features changed",
                        why_false="The mixed term does not vanish here.",
                        change={"lhs": _FIT.subs(Delta[p], -Delta[p]).xreplace({Delta[p]: -Delta[p]})},
                    ),
                    Mutant(
                        name="with the labels as they are",
                        why_false="The initial outputs do not vanish.",
                        change={"where": ((yprime(i), y[i]),)},
                    ),
                ),
            )
            for remark, rhs in (
                ("The squared norm, row by row.", _OBJECTIVE),
                ("Multiplied out: a quadratic function of $Delta theta$.", _EXPANDED),
            )
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (L12_CLAIM_AFFINE, L12_DEF_RESIDUAL, L12_OBJECTIVE)
