"""The kernels of the two-layer network: how they drive the predictions, and that they are positive semidefinite."""

import sympy as sp

from derivations import sum_bounds
from derivations.activations import sigma, sigma_prime
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.ledger._two_layer_networks import (
    CENTRED,
    DATA,
    EXAMPLE,
    FROM_START,
    HAT,
    LOSS,
    NETWORK,
    NETWORK_POINTS,
    NETWORKS,
    OUT,
    PLACES,
    SIZES,
    START,
    TRAINED,
    WEIGHTS,
    L,
    W,
    a,
    d,
    ell,
    f,
    f_hat,
    i,
    j,
    k,
    m,
    n,
    over_readout,
    over_weight,
    preactivation,
    q,
    r,
    routes,
    s,
    x,
    y,
)
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

v = sp.IndexedBase("v", real=True)
G, H = (sp.Function(name, real=True) for name in "GH")
_LOSS = L(a, W)
_ALL = (EXAMPLE, *SIZES, *WEIGHTS, *START, *DATA)


def _inner(first: sp.Expr, second: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """⟨∇_a first, ∇_a second⟩ and Σ_j ⟨∇_(w_j) first, ∇_(w_j) second⟩."""
    return (
        sp.Sum(over_readout(first) * over_readout(second), (j, 1, m)),
        sp.Sum(over_weight(first) * over_weight(second), (j, 1, m), (k, 1, d)),
    )


_DRIFT = -sum(_inner(HAT, _LOSS))
"""du_i/dt: the gradient of the prediction times the velocity of the weights, minus the gradient of the loss."""
_A, _W = _inner(OUT, f(s, a, W))
_RESIDUAL = y[s] - f_hat(s, a, W)


def _over_examples(summand: sp.Expr) -> sp.Expr:
    return sp.Sum(_RESIDUAL * summand, (s, 1, n))


def _gram(slopes: sp.Expr, scale: sp.Expr = 1 / m) -> sp.Expr:
    return sp.Sum(slopes, (r, 1, m)) * scale


_SIGMAS = sigma(preactivation(r, i)) * sigma(preactivation(r, q))
_SLOPES = sigma_prime(preactivation(r, i)) * sigma_prime(preactivation(r, q))
_INPUTS = sp.Sum(x[i, ell] * x[q, ell], (ell, 1, d))
KERNEL_G = (G(i, q), _gram(_SIGMAS))
KERNEL_H = (H(i, q), _INPUTS * _gram(a[r] ** 2 * _SLOPES))
_FLOW = (
    "The weights follow the gradient flow $dot(bold(a)) = -nabla_bold(a) L$, $dot(bold(w))_j = -nabla_(bold(w)_j) L$ "
    "on $L = 1/2 sum_i (y_i - hat(f)(bold(x)_i))^2$, so that $dif u_i\\/dif t = -chevron.l nabla hat(f)(bold(x)_i), "
    "nabla L chevron.r$."
)

BE_ID_DUDT = Claim(
    id="be-id-dudt",
    title="How the predictions move: every residual acts through the inner product of two gradients",
    source=Source(
        document=Document.BE,
        where="section 2, display of $dif u_i\\/dif t$, second expression",
        printed="$(dif u_i (t))/(dif t) = sum_(j=1)^n (y_j - u_j (t)) chevron.l nabla_bold(a) f(bold(x)_i | bold(a), "
        "bold(W)), nabla_bold(a) f(bold(x)_j | bold(a), bold(W)) chevron.r + sum_(j=1)^n sum_(r=1)^m (y_j - u_j (t)) "
        "chevron.l nabla_(bold(w)_r) f(bold(x)_i | bold(a), bold(W)), nabla_(bold(w)_r) f(bold(x)_j | bold(a), "
        "bold(W)) chevron.r$",
    ),
    hypotheses=(*NETWORKS, FROM_START, _FLOW),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=_DRIFT, rhs=_over_examples(_A) + _over_examples(_W), where=TRAINED, domain=_ALL),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="for the first neuron alone",
                    why_false="The other neurons contribute too.",
                    change={
                        "rhs": _over_examples(_A)
                        + _over_examples(
                            sp.Sum(over_weight(OUT, sp.S.One) * over_weight(f(s, a, W), sp.S.One), (k, 1, d))
                        )
                    },
                ),
                Mutant(
                    name="for the read-out alone",
                    why_false="The first layer is trained too.",
                    change={"rhs": _over_examples(_A)},
                ),
                Mutant(
                    name="with the residual of the output",
                    why_false="The loss is one of $hat(f)$, and the initial outputs are not zero.",
                    change={"rhs": sp.Sum((y[s] - f(s, a, W)) * (_A + _W), (s, 1, n))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The expression printed between the two, with $nabla_(bold(w)_i)$, has a slip of its index: see be-flow-w.",
)

BE_ODE_RESIDUAL = Claim(
    id="be-ode-residual",
    title="The residual solves a linear differential equation with the kernel matrix $bold(G) + bold(H)$",
    source=Source(
        document=Document.BE,
        where="section 2, 'looking at the differential equation satisfied by the residuals'",
        printed="$dif/(dif t) (bold(y) - bold(u)(t)) = -(bold(G)(t) + bold(H)(t)) (bold(y) - bold(u)(t))$",
    ),
    hypotheses=(*NETWORKS, FROM_START, _FLOW),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=-_DRIFT,
                rhs=-_over_examples(G(i, s) + H(i, s)),
                where=(*TRAINED, KERNEL_G, KERNEL_H),
                domain=_ALL,
            ),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="with a plus sign",
                    why_false="The residual does not grow: the right side does not vanish here.",
                    change={"rhs": _over_examples(G(i, s) + H(i, s))},
                ),
                Mutant(
                    name="with $bold(G)$ alone",
                    why_false="The first layer is trained too.",
                    change={"rhs": -_over_examples(G(i, s))},
                ),
                Mutant(
                    name="with the mean loss",
                    why_false="It divides the rate by $n$.",
                    change={"where": ((_LOSS, LOSS[1] / n), CENTRED, NETWORK, KERNEL_G, KERNEL_H)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_VECTORS: tuple[Point, ...] = tuple(
    {**point, v: family(*values)}
    for point, values in zip(NETWORK_POINTS, (["1", "-1/2", "2"], ["1", "-3"], ["1/2"]), strict=True)
)
_SPREAD = tuple({**point, q: other} for point, other in zip(PLACES, (3, 2, 1), strict=True))
_KERNEL_DOMAIN = (*SIZES, *WEIGHTS, DATA[0])
_VECTOR_DOMAIN = (*_KERNEL_DOMAIN, (v[i], sp.S.Reals))
_SHIFTED = tuple(
    {**point, v: family(*values)}
    for point, values in zip(NETWORK_POINTS[:2], (["1", "1", "0"], ["1", "1"]), strict=True)
)


def _quadratic(kernel: sp.Function) -> sp.Expr:
    """vᵀ K v."""
    return sp.Sum(v[i] * kernel(i, q) * v[q], (i, 1, n), (q, 1, n))


def _semidefinite(
    kernel: sp.Function, definition: tuple[sp.Expr, sp.Expr], squares: sp.Expr, mutants: tuple[Mutant, ...]
) -> Form:
    text = "A sum of squares."
    return Form(
        role=Role.TESTED,
        remark=f"$bold({kernel.name})$ is positive semidefinite, for any number of examples.",
        statement=Inequality(lhs=sp.S.Zero, rhs=_quadratic(kernel), where=(definition,), domain=_VECTOR_DOMAIN),
        routes=(
            Derivation(name="a sum of squares", derive=sum_bounds.by_parts(Part(text, squares)), spots=_VECTORS[:2]),
            Certificate(name="balls at small networks", points=_VECTORS),
        ),
        mutants=mutants,
    )


_NOT_ZERO = "The quadratic form with $bold({})$ is positive here."
BE_DEF_GH = Claim(
    id="be-def-GH",
    title="The two kernels sum to the inner product of gradients, and each is positive semidefinite",
    source=Source(
        document=Document.BE,
        where="section 2, displays of $bold(G)_(i,j)$ and $bold(H)_(i,j)$",
        printed="$bold(G)_(i,j)(t) := 1/m sum_(r=1)^m sigma(bold(w)_r (t)^top bold(x)_i) sigma(bold(w)_r (t)^top "
        "bold(x)_j)$, $bold(H)_(i,j)(t) := bold(x)_i^top bold(x)_j 1/m sum_(r=1)^m a_r (t)^2 sigma'(bold(w)_r (t)^top "
        "bold(x)_i) sigma'(bold(w)_r (t)^top bold(x)_j)$",
    ),
    hypotheses=NETWORKS,
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$bold(K) = bold(G) + bold(H)$ is the kernel matrix of section 2, the inner products of gradients.",
            statement=Identity(
                lhs=sum(_inner(OUT, f(q, a, W))),
                rhs=G(i, q) + H(i, q),
                where=(NETWORK, KERNEL_G, KERNEL_H),
                domain=((q, sp.Range(1, n + 1)), EXAMPLE, *_KERNEL_DOMAIN),
            ),
            routes=routes(_SPREAD),
            mutants=(
                Mutant(
                    name="$bold(H)$ without the squared read-out weights",
                    why_false="They are not 1.",
                    change={"where": (NETWORK, KERNEL_G, (KERNEL_H[0], _INPUTS * _gram(_SLOPES)))},
                ),
                Mutant(
                    name="$bold(G)$ divided by $sqrt(m)$",
                    why_false="Two factors $1\\/sqrt(m)$ make $1\\/m$.",
                    change={"where": (NETWORK, (KERNEL_G[0], _gram(_SIGMAS, 1 / sp.sqrt(m))), KERNEL_H)},
                ),
                Mutant(
                    name="$bold(H)$ without the inputs",
                    why_false="Their inner product is not 1.",
                    change={"where": (NETWORK, KERNEL_G, (KERNEL_H[0], _gram(a[r] ** 2 * _SLOPES)))},
                ),
            ),
        ),
        _semidefinite(
            G,
            KERNEL_G,
            sp.Sum(sp.Sum(v[i] * sigma(preactivation(r, i)), (i, 1, n)) ** 2, (r, 1, m)) / m,
            (
                Mutant(
                    name="with the opposite sign",
                    why_false=_NOT_ZERO.format("G"),
                    change={"where": ((KERNEL_G[0], -KERNEL_G[1]),)},
                ),
                Mutant(
                    name="without its diagonal",
                    why_false="A symmetric matrix that is not zero and has no diagonal has a negative eigenvalue.",
                    change={"rhs": -sp.Sum(v[i] ** 2 * G(i, i), (i, 1, n))},
                ),
            ),
        ),
        _semidefinite(
            H,
            KERNEL_H,
            sp.Sum(
                (a[r] * sp.Sum(v[i] * sigma_prime(preactivation(r, i)) * x[i, ell], (i, 1, n))) ** 2,
                (r, 1, m),
                (ell, 1, d),
            )
            / m,
            (
                Mutant(
                    name="with the opposite sign",
                    why_false=_NOT_ZERO.format("H"),
                    change={"where": ((KERNEL_H[0], -KERNEL_H[1]),)},
                ),
                Mutant(
                    name="with the read-out weights in place of their squares",
                    why_false="They have either sign.",
                    change={"where": ((KERNEL_H[0], _INPUTS * _gram(a[r] * _SLOPES)),)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (BE_ID_DUDT, BE_ODE_RESIDUAL, BE_DEF_GH)
