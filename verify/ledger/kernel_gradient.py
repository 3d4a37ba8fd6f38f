"""The kernel gradient of the cost: the outputs move along it, and the cost falls by its squared norm."""

import sympy as sp

from derivations.activations import sigma
from derivations.losses import label_loss, label_loss_slope
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.ledger.functional_gradient import (
    AT_REST,
    DATA,
    SETTING,
    SIZES,
    SLOPE,
    TRAINED,
    WEIGHTS,
    A,
    C,
    F,
    K,
    W,
    d,
    driven,
    ell,
    i,
    j,
    k,
    m,
    n,
    o,
    p,
    paired,
    preactivation,
    r,
    routes,
    s,
    y,
)
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

P = sp.Symbol("P", integer=True, positive=True)
phi, g = sp.IndexedBase("phi", real=True), sp.IndexedBase("g", real=True)

_SQUARED_NORM = sp.Sum(
    label_loss_slope(F(j, 1, A, W), y[j, 1]) * K(j, 1, i, 1) * label_loss_slope(F(i, 1, A, W), y[i, 1]),
    (j, 1, n),
    (i, 1, n),
)
_SINGLE = (
    (F(i, o, A, W), sp.Sum(A[1, r] * sigma(preactivation(W[r, ell])), (r, 1, m))),
    (C(A, W), sp.Sum(label_loss(F(i, 1, A, W), y[i, 1]), (i, 1, n)) / n),
)


def _one_paired(one: sp.Expr, other: sp.Expr) -> sp.Expr:
    """⟨∇one, ∇other⟩ for a network with one output."""
    readout = sp.Derivative(one, A[1, s]) * sp.Derivative(other, A[1, s])
    first = sp.Derivative(one, W[s, k]) * sp.Derivative(other, W[s, k])
    return sp.Sum(readout, (s, 1, m)) + sp.Sum(first, (s, 1, m), (k, 1, d))


_ONE_KERNEL = (K(j, o, i, p), _one_paired(F(j, o, A, W), F(i, p, A, W)))
_ONE_DOMAIN = (*SIZES[:3], *WEIGHTS, *DATA)
_GRAM = sp.Sum(g[i] * sp.Sum(phi[i, p] * phi[j, p], (p, 1, P)) * g[j], (i, 1, n), (j, 1, n))
_FALL = -_GRAM / n**2
_FEATURES: tuple[Point, ...] = tuple(
    {n: len(slopes), P: len(rows[0]), g: family(*slopes), phi: entries(rows)}
    for slopes, rows in (
        (("1", "-2"), [["1", "0", "2"], ["1/2", "-1", "1"]]),
        (("1/3", "1", "-1"), [["1"], ["2"], ["-1/2"]]),
        (("2", "1"), [["1", "1"], ["-2", "-2"]]),
    )
)
"""In the last the slopes are in the null space of the kernel: the cost stands still."""

KW_CLAIM_GOOD = Claim(
    id="kw-claim-good",
    title="The output evolves along the negative kernel gradient, and the cost never increases",
    source=Source(
        document=Document.KW,
        where="slide 'The good and the bad', The Good",
        printed="For the MLP trained by gradient descent, the network output slowly evolves along the (negative) "
        "kernel gradient with respect to the neural tangent kernel (NTK) during training.",
    ),
    hypotheses=(
        *SETTING,
        "The kernel gradient of the cost is the function $(nabla_K C)_o (bold(x)) = 1/n sum_i sum_p K_(o p) (bold(x), "
        "bold(x)_i) partial_1 ell(F(i, p), y_(i p))$; its squared norm, in the forms with one output, is $norm(nabla C)"
        "_K^2 = 1/n^2 sum_(i, j) partial_1 ell_j K(bold(x)_j, bold(x)_i) partial_1 ell_i$. Gradient descent is read "
        "as gradient flow, as on the slides before; 'slowly' is not put to the test.",
        "In the last form $phi_(i p)$ is the derivative of the output at example $i$ by parameter $p$, any numbers, "
        "and $g_i$ the slope of the loss there.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="At the training example $j$: $dif cal(F)(bold(x)_j) \\/ dif t = -(nabla_K C)(bold(x)_j)$.",
            statement=Identity(
                lhs=-paired(F(j, o, A, W), C(A, W)),
                rhs=driven(SLOPE, j),
                where=TRAINED,
                domain=((j, sp.Range(1, n + 1)), *AT_REST),
            ),
            routes=routes(),
            mutants=(
                Mutant(
                    name="along the ordinary functional gradient",
                    why_false="That has the slope of the loss at $bold(x)_j$ alone, as for $K = I$.",
                    change={"rhs": -label_loss_slope(F(j, o, A, W), y[j, o]) / n},
                ),
                Mutant(
                    name="along the kernel gradient",
                    why_false="Gradient flow goes down.",
                    change={"rhs": -driven(SLOPE, j)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="So the cost falls at the rate of the squared norm of the kernel gradient (one output).",
            statement=Identity(
                lhs=-_one_paired(C(A, W), C(A, W)),
                rhs=-_SQUARED_NORM / n**2,
                where=(_ONE_KERNEL, *_SINGLE[::-1]),
                domain=_ONE_DOMAIN,
            ),
            routes=routes(),
            mutants=(
                Mutant(
                    name="with 1/n",
                    why_false="Both slopes come with a factor $1\\/n$.",
                    change={"rhs": -_SQUARED_NORM / n},
                ),
                Mutant(
                    name="the squared norm of the ordinary gradient",
                    why_false="The kernel is not the identity.",
                    change={"rhs": -sp.Sum(label_loss_slope(F(i, 1, A, W), y[i, 1]) ** 2, (i, 1, n)) / n**2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Which is never negative: the cost does not increase.",
            statement=Inequality(
                lhs=_FALL,
                rhs=sp.S.Zero,
                domain=((n, sp.S.Naturals), (P, sp.S.Naturals), (phi[i, p], sp.S.Reals), (g[i], sp.S.Reals)),
            ),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=by_parts(
                        Part(
                            "The squared norm of the gradient in the parameters.",
                            sp.Sum(sp.Sum(phi[i, p] * g[i], (i, 1, n)) ** 2, (p, 1, P)) / n**2,
                        )
                    ),
                    spots=_FEATURES,
                ),
                Certificate(name="exact arithmetic at small kernels", points=_FEATURES),
            ),
            mutants=(
                Mutant(
                    name="the cost does not fall",
                    why_false="It stands still only where the gradient vanishes.",
                    change={"lhs": -_FALL},
                ),
                Mutant(
                    name="it falls wherever the slopes are not zero",
                    why_false="It stands still where they are in the null space of the kernel.",
                    change={"rhs": -sp.Sum(g[i] ** 2, (i, 1, n)) / 10**6},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (KW_CLAIM_GOOD,)
