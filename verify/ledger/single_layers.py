"""The first layer and the last: the kernel of one layer with biases, and the factor that belongs to the read-out."""

import sympy as sp

from derivations import depth, sum_identities
from derivations.activations import sigma
from derivations.expressions import Iterate
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

i, j, ell, p, q = sp.symbols("i j ell p q", integer=True)
h, k = sp.symbols("h k", integer=True)
z = sp.Symbol("z", real=True)
x, y = (sp.IndexedBase(name, real=True) for name in ("x", notation("y_input", typst="x'", latex="x'", text="x′")))
NAT, REALS = sp.S.Naturals, sp.S.Reals

# One layer with biases, in the parametrisation of the paper the slides cite.

n0, N = sp.symbols("n_0 N", integer=True, positive=True)
beta = sp.Symbol("beta", nonnegative=True)
W, b = sp.IndexedBase("W", real=True), sp.IndexedBase("b", real=True)
f = sp.Function("f", real=True)
Sigma_1 = sp.Symbol("Sigma_1", real=True)


def _one_layer(output: sp.Expr) -> sp.Expr:
    return sp.Sum(W[ell, output] * x[ell], (ell, 1, n0)) / sp.sqrt(n0) + beta * b[output]


_ONE_LAYER_NTK = sp.Sum(
    sp.Derivative(f(i, x), W[p, q]) * sp.Derivative(f(j, y), W[p, q]), (p, 1, n0), (q, 1, N)
) + sp.Sum(sp.Derivative(f(i, x), b[q]) * sp.Derivative(f(j, y), b[q]), (q, 1, N))
_COVARIANCE = sp.Sum(x[p] * y[p], (p, 1, n0)) / n0 + beta**2
_FIRST_DOMAIN = (
    (n0, NAT),
    (N, NAT),
    (beta, sp.Interval(0, sp.oo)),
    (i, sp.Range(1, N + 1)),
    (j, sp.Range(1, N + 1)),
    (x[ell], REALS),
    (y[ell], REALS),
    (W[p, q], REALS),
    (b[q], REALS),
)


def _layer(
    weights: list[list[str]], inputs: tuple[list[str], list[str]], factor: str, outputs: tuple[int, int]
) -> Point:
    return {
        n0: len(weights),
        N: len(weights[0]),
        W: entries(weights),
        b: family(*range(1, len(weights[0]) + 1)),
        x: family(*inputs[0]),
        y: family(*inputs[1]),
        beta: sp.Rational(factor),
        i: outputs[0],
        j: outputs[1],
    }


_FIRST: tuple[Point, ...] = (
    _layer([["1", "2"], ["-1", "1/2"], ["0", "3"]], (["1", "2", "-1"], ["1/2", "1", "1"]), "1/2", (2, 2)),
    _layer([["1", "2"], ["-1", "1/2"]], (["1", "2"], ["1/2", "1"]), "1", (1, 2)),
    _layer([["1"]], (["3"], ["-1/3"]), "0", (1, 1)),
)

KW_FIRST = Claim(
    id="kw-rec-theta1",
    title="The NTK of one layer is the covariance of its outputs",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem, first line of the recursion",
        printed="$Theta_infinity^((1)) (bold(x)^*, bold(x)_i) = Sigma_infinity^((1)) (bold(x)^*, bold(x)_i)$, the "
        "limiting kernel being $Theta_infinity^((L)) times.o I_(N_L)$",
    ),
    hypotheses=(
        "$Sigma^((1))$ is not defined on the slides; supplied from the paper they cite: $Sigma^((1)) (x, x') = "
        "x^top x' \\/ n_0 + beta^2$.",
        "One layer in its parametrisation: $f_k = 1/sqrt(n_0) sum_ell W_(ell k) x_ell + beta b_k$, $k = 1, ..., N$. "
        "The "
        "left side is the inner product of the gradients of $f_i (x)$ and $f_j (x')$, for any weights and $N$ outputs: "
        "no limit is taken.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=_ONE_LAYER_NTK,
                rhs=Sigma_1 * sp.KroneckerDelta(i, j),
                where=((f(i, x), _one_layer(i)), (Sigma_1, _COVARIANCE)),
                domain=_FIRST_DOMAIN,
            ),
            routes=(
                Derivation(name="the derivatives of one layer", derive=sum_identities.by_rules, spots=_FIRST),
                Certificate(name="given layers", points=_FIRST),
            ),
            mutants=(
                Mutant(
                    name="without the biases",
                    why_false="They contribute $beta^2$.",
                    change={"where": ((f(i, x), _one_layer(i)), (Sigma_1, _COVARIANCE - beta**2))},
                ),
                Mutant(
                    name="without the division by the number of inputs",
                    why_false="The slides leave it out in the network; with the layer divided by $sqrt(n_0)$ the "
                    "kernel is divided by $n_0$.",
                    change={"where": ((f(i, x), _one_layer(i)), (Sigma_1, (_COVARIANCE - beta**2) * n0 + beta**2))},
                ),
                Mutant(
                    name="all pairs of outputs alike",
                    why_false="Two different outputs share no parameter.",
                    change={"rhs": Sigma_1},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="One layer has a deterministic kernel at every width.",
)

# The last factor of the report's formula.

L = sp.Symbol("L", integer=True, nonnegative=True)
Theta = sp.Symbol("Theta", real=True)
Sigma, Sigma_dot = sp.IndexedBase("Sigma", real=True), sp.IndexedBase("Sigma_dot", real=True)
width = sp.Symbol("d_L", integer=True, positive=True)
w, g, g_prime = (sp.IndexedBase(name, real=True) for name in ("w", "g", "g_prime"))
_READ_OUT, _READ_OUT_PRIME = (sp.Sum(w[i] * values[i], (i, 1, width)) for values in (g, g_prime))


def _last_term(activation: sp.Expr) -> sp.Expr:
    """Σ_j ∂f(x)/∂w_j ∂f(x')/∂w_j for a read-out followed by a function of z."""
    here, there = (activation.subs(z, value) for value in (_READ_OUT, _READ_OUT_PRIME))
    return sp.Sum(sp.Derivative(here, w[j]) * sp.Derivative(there, w[j]), (j, 1, width))


def _read_out(*rows: list[str], deep: int) -> Point:
    weights, here, there = (family(*row) for row in rows)
    return {width: len(rows[0]), w: weights, g: here, g_prime: there, L: deep, sigma: sp.Lambda(z, sp.tanh(z))}


_READ_OUTS: tuple[Point, ...] = (
    _read_out(["1", "-1/2"], ["1", "2"], ["1/3", "1"], deep=1),
    _read_out(["2", "1/5", "-1"], ["0", "1", "1"], ["1", "-1", "1/2"], deep=3),
)


def _sum_of_products(first: sp.Expr, last: sp.Expr) -> sp.Expr:
    """Σ_h Σ^(h-1) Π_(k=first)^last Σ̇^(k), over h = 1, …, L + 1."""
    return sp.Sum(Sigma[h - 1] * sp.Product(Sigma_dot[k], (k, first, last)), (h, 1, L + 1))


def _kernels(deep: int) -> Point:
    """Unrelated rationals for the layers; one more, not 1, for the factor that the convention makes 1."""
    return {
        L: deep,
        Sigma: {at: sp.Rational(7 * at + 2, 5 * at + 3) for at in range(deep + 2)},
        Sigma_dot: {at: sp.Rational(3 * at + 1, 4 * at + 3) for at in range(1, deep + 2)},
    }


IM_LAST_FACTOR = Claim(
    id="im-def-sigmadot-last",
    title="The last derivative covariance is 1, as nothing follows the read-out",
    source=Source(
        document=Document.IM,
        where="section 2, definition of the NTK",
        printed="$dot(Sigma)^((L+1)) (x, x') = 1$",
    ),
    hypotheses=(
        "$g$ and $g'$ are the activations of the last hidden layer at $x$ and $x'$, any numbers; $f = sum_i w_i g_i$.",
        "In the second form $Sigma_h$ and $dot(Sigma)_h$ are any numbers; the recursion is that of "
        "im-id-ntk-sum-recursion.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The term of the read-out weights: the covariance of the last hidden layer times "
            "$dot(Sigma)_(L+1) = 1$.",
            statement=Identity(
                lhs=_last_term(z),
                rhs=Sigma_dot[L + 1] * sp.Sum(g[j] * g_prime[j], (j, 1, width)),
                where=((Sigma_dot[L + 1], sp.S.One),),
                domain=((width, NAT), (L, sp.S.Naturals0), (w[i], REALS), (g[i], REALS), (g_prime[i], REALS)),
            ),
            routes=(
                Derivation(name="the derivative of the read-out", derive=sum_identities.by_rules, spots=_READ_OUTS),
                Certificate(name="given layers", points=_READ_OUTS),
            ),
            mutants=(
                Mutant(
                    name="an activation after the read-out",
                    why_false="Each derivative has the factor $sigma'(f)$ then, which is less than 1 for "
                    "$sigma = tanh$ here.",
                    change={"lhs": _last_term(sigma(z))},
                ),
                Mutant(
                    name="the last factor 0",
                    why_false="The read-out weights do contribute.",
                    change={"where": ((Sigma_dot[L + 1], sp.S.Zero),)},
                ),
                Mutant(
                    name="the last factor 1/2, as for a ReLU at orthogonal inputs",
                    why_false="No activation is differentiated after the last hidden layer.",
                    change={"where": ((Sigma_dot[L + 1], sp.S.Half),)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="So the factor may be left out of all products, which then end at $L$.",
            statement=Identity(
                lhs=Iterate(Theta * Sigma_dot[k] + Sigma[k], Theta, k, Sigma[0], L),
                rhs=_sum_of_products(h, L),
                domain=((L, sp.S.Naturals0), (Sigma[h], REALS), (Sigma_dot[h], REALS)),
            ),
            routes=(
                Derivation(
                    name="induction over the depth", derive=depth.derive_sum, spots=tuple(map(_kernels, (0, 3)))
                ),
                Certificate(name="exact evaluation", points=tuple(map(_kernels, range(7)))),
            ),
            mutants=(
                Mutant(
                    name="one more factor",
                    why_false="It is not 1 here.",
                    change={"rhs": _sum_of_products(h, L + 1)},
                ),
                Mutant(
                    name="products from the next layer on",
                    why_false="At $L = 1$ it is $Sigma_0 + Sigma_1$ in place of $Sigma_0 dot(Sigma)_1 + Sigma_1$.",
                    change={"rhs": _sum_of_products(h + 1, L)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="A convention, and no misprint: it stands for a linear read-out.",
)

CLAIMS = (IM_LAST_FACTOR, KW_FIRST)
