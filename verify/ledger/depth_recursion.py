"""Recursions in depth: the NTK as a sum over the layers, its diagonal, and the recursion of the theorem slide."""

import sympy as sp

from derivations import depth
from derivations.expressions import Expect, Iterate, relu, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

L = sp.Symbol("L", integer=True, nonnegative=True)
h, k, j = sp.symbols("h k j", integer=True)
Theta, Sigma_previous, u, v, z, a = sp.symbols("Theta Sigma u v z a", real=True)
Sigma, Sigma_dot = sp.IndexedBase("Sigma", real=True), sp.IndexedBase("Sigma_dot", real=True)
c_sigma = sp.Symbol("c_sigma", positive=True)
norm = sp.Symbol(notation("norm_x", typst="norm(x)", latex=r"\lVert x \rVert", text="‖x‖"), positive=True)

DEPTHS = range(11)


def _sum_of_products(term: sp.Expr, first: sp.Expr, last: sp.Expr) -> sp.Expr:
    """Σ_(h=1)^last term Π_(k=first)^(L+1) Σ̇^(k)."""
    return sp.Sum(term * sp.Product(Sigma_dot[k], (k, first, L + 1)), (h, 1, last))


def _layers(deep: int) -> Point:
    """A point of the domain: unrelated rationals for the layers of a network with that many hidden layers."""
    return {
        L: deep,
        Sigma: {n: sp.Rational(7 * n + 2, 5 * n + 3) for n in range(deep + 2)},
        Sigma_dot: {n: sp.Rational(3 * n + 1, 4 * n + 3) for n in range(1, deep + 1)},
    }


IM_SUM = Claim(
    id="im-id-ntk-sum-recursion",
    title="The NTK as a sum of products over the layers obeys the recursion in depth",
    source=Source(
        document=Document.IM,
        where="section 2, definition of the NTK",
        printed="$dot(Sigma)^((L+1))(x, x') = 1$, $Theta^((L))(x, x') = sum_(h=1)^(L+1) (Sigma^((h-1))(x, x') "
        "product_(h'=h)^(L+1) dot(Sigma)^((h'))(x, x'))$",
    ),
    hypotheses=(
        "$Sigma_h$ stands for $Sigma^((h))(x, x')$ and $dot(Sigma)_h$ for $dot(Sigma)^((h))(x, x')$; nothing else is "
        "asked of them.",
        "An empty product is $1$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=Iterate(Theta * Sigma_dot[k] + Sigma[k], Theta, k, Sigma[0], L),
                rhs=_sum_of_products(Sigma[h - 1], h, L + 1),
                where=((Sigma_dot[L + 1], sp.S.One),),
                domain=((L, sp.S.Naturals0), (Sigma[h], sp.S.Reals), (Sigma_dot[h], sp.S.Reals)),
            ),
            routes=(
                Derivation(
                    name="induction over the depth", derive=depth.derive_sum, spots=(_layers(0), _layers(1), _layers(4))
                ),
                Certificate(name="exact evaluation", points=tuple(map(_layers, DEPTHS))),
            ),
            mutants=(
                Mutant(
                    name="product from the next layer on",
                    why_false="The term of layer $h$ lacks the factor $dot(Sigma)_h$: at $L = 1$ it is "
                    "$Sigma_0 + Sigma_1$ in place of $Sigma_0 dot(Sigma)_1 + Sigma_1$.",
                    change={"rhs": _sum_of_products(Sigma[h - 1], h + 1, L + 1)},
                ),
                Mutant(
                    name="sum to L",
                    why_false="The last term, $Sigma_L$, is missing.",
                    change={"rhs": _sum_of_products(Sigma[h - 1], h, L)},
                ),
                Mutant(
                    name="the covariance of the same layer",
                    why_false="At $L = 0$ it is $Sigma_1$ in place of $Sigma_0$.",
                    change={"rhs": _sum_of_products(Sigma[h], h, L + 1)},
                ),
                Mutant(
                    name="the last factor 0",
                    why_false="The sum is 0 then, at $L = 0$ in place of $Sigma_0$.",
                    change={"where": ((Sigma_dot[L + 1], sp.S.Zero),)},
                ),
                Mutant(
                    name="the last factor 2",
                    why_false="The sum is twice as large: at $L = 0$ it is $2 Sigma_0$ in place of $Sigma_0$.",
                    change={"where": ((Sigma_dot[L + 1], sp.Integer(2)),)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)


def _variance(layer: sp.Expr) -> Iterate:
    """Σ^(layer)(x, x), where u and v are one and the same."""
    update = c_sigma * Expect(relu(u) ** 2, (u,), [[Sigma_previous]])
    return Iterate(update, Sigma_previous, j, norm**2, layer)


IM_DIAGONAL = Claim(
    id="im-id-ntk-diag",
    title="On the diagonal, the ReLU NTK grows linearly with the depth",
    source=Source(
        document=Document.IM,
        where="section 2, a consequence of the definition of the NTK",
        printed="$Theta^((L))(x, x') = sum_(h=1)^(L+1) (Sigma^((h-1))(x, x') product_(h'=h)^(L+1) "
        "dot(Sigma)^((h'))(x, x'))$, at $x' = x$",
    ),
    hypotheses=(
        "$sigma$ is the ReLU and $x != 0$.",
        "At $x' = x$ the pair $(u, v) tilde.op cal(N)(0, Lambda^((h)))$ has $v = u$; the sum is written as the "
        "recursion of im-id-ntk-sum-recursion.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=Iterate(Theta * Sigma_dot[k] + _variance(k), Theta, k, norm**2, L),
                rhs=(L + 1) * norm**2,
                where=(
                    (Sigma_dot[k], c_sigma * Expect(step(u) ** 2, (u,), [[_variance(k - 1)]])),
                    (c_sigma, 1 / Expect(relu(z) ** 2, (z,), [[1]])),
                ),
                domain=((L, sp.S.Naturals0), (norm, sp.Interval.open(0, sp.oo))),
            ),
            routes=(
                Derivation(
                    name="induction over the depth",
                    derive=depth.derive_diagonal,
                    spots=({L: 0, norm: sp.Rational(1, 2)}, {L: 3, norm: 2}),
                ),
                Certificate(
                    name="the recursion in balls",
                    points=tuple({L: deep, norm: sp.Rational(deep + 1, 3)} for deep in DEPTHS),
                ),
            ),
            mutants=(
                Mutant(
                    name="one layer less",
                    why_false="At $L = 0$ the NTK is $norm(x)^2$, not $0$.",
                    change={"rhs": L * norm**2},
                ),
                Mutant(
                    name="without the norm of the input",
                    why_false="The NTK is homogeneous of degree 2 in $x$; the two agree on the unit sphere only.",
                    change={"rhs": L + 1},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="So the error $(L+1) epsilon$ in the theorem on initialization is, at $norm(x) = 1$, the relative error "
    "$epsilon$.",
)

CLAIMS = (IM_SUM, IM_DIAGONAL)
