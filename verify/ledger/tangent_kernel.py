"""The NTK as the inner product of gradients of a model with several outputs, and the kernel gradient taken with it."""

import sympy as sp

from derivations import sum_bounds, sum_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.quantities import notation
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, P = sp.symbols("n P", integer=True, positive=True)
i, j, k, ell, p, q = sp.symbols("i j k ell p q", integer=True)
N = sp.Symbol(notation("N_L", typst="N_L", latex="N_L", text="N_L"), integer=True, positive=True)
v, c, H = (sp.IndexedBase(name, real=True) for name in ("v", "c", "H"))
J, J_star = sp.IndexedBase("J", real=True), sp.IndexedBase("J_star", real=True)
K, K_star = sp.Function("K", real=True), sp.Function("K_star", real=True)

_NAT = sp.S.Naturals
_EXACT = "by the rules of finite sums"

# The kernel: J[i, p, k] is the derivative of output k at example i by parameter p.

_KERNEL = (K(i, j, k, ell), sp.Sum(J[i, p, k] * J[j, p, ell], (p, 1, P)))
_SIZES = ((n, _NAT), (P, _NAT), (N, _NAT), (J[i, p, k], sp.S.Reals))
_JACOBIAN = "$J_(i p k)$ is the derivative of the $k$-th output at $bold(x)_i$ by the $p$-th parameter."


def _jacobian(*examples: list[list[object]]) -> Point:
    """One matrix for each example, with a row for each parameter and a column for each output."""
    return {
        n: len(examples),
        P: len(examples[0]),
        N: len(examples[0][0]),
        J: {(at, *place): value for at, rows in enumerate(examples, 1) for place, value in entries(rows).items()},
    }


_TWO = _jacobian([["1", "2"], ["0", "-1"], ["1/2", "3"]], [["-2", "1"], ["1", "1"], ["0", "1/3"]])
_THREE = _jacobian([["1"], ["2"]], [["-1"], ["1/2"]], [["3"], ["0"]])
_SMALL = _jacobian([["1/10", "1/5", "0"]], [["1/10", "0", "-1/5"]])
_PLACES: tuple[Point, ...] = (
    {**_TWO, i: 1, j: 2, k: 1, ell: 2},
    {**_TWO, i: 2, j: 1, k: 2, ell: 1},
    {**_SMALL, i: 1, j: 2, k: 2, ell: 1},
)
_VECTORS: tuple[Point, ...] = (
    {**_TWO, v: entries([["1", "-1"], ["2", "1/3"]]), H: family("1", "-5", "2")},
    {**_THREE, v: entries([["1"], ["-1"], ["-2/3"]]), H: family("1", "-3")},
    {**_SMALL, v: entries([["1", "2", "-1"], ["0", "1", "1"]]), H: family("-1")},
)
_FORM = sp.Sum(v[i, k] * K(i, j, k, ell) * v[j, ell], (i, 1, n), (j, 1, n), (k, 1, N), (ell, 1, N))
_SQUARES = sp.Sum(sp.Sum(v[i, k] * J[i, p, k], (i, 1, n), (k, 1, N)) ** 2, (p, 1, P))
_FORM_DOMAIN = (*_SIZES, (v[i, k], sp.S.Reals))
_IN_RANGE = (
    (i, sp.Range(1, n + 1)),
    (j, sp.Range(1, n + 1)),
    (k, sp.Range(1, N + 1)),
    (ell, sp.Range(1, N + 1)),
)

KW_NTK = Claim(
    id="kw-def-ntk",
    title="The NTK is a symmetric and positive semi-definite matrix-valued kernel",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent: Function Space', second display",
        printed="the inner product of the gradient defines the Neural Tangent Kernel (NTK): $K(bold(x)^*, x_i) = "
        "nabla_theta cal(F)(bold(x)^*)^top nabla_theta cal(F)(bold(x)_i)$",
    ),
    hypotheses=(
        _JACOBIAN + " $K_(k ell)(bold(x)_i, bold(x)_j)$ is written $K(i, j, k, ell)$.",
        "That it deserves the name of a kernel is what is tested: nothing else is said of it.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Symmetry: $K(bold(x)_i, bold(x)_j)^top = K(bold(x)_j, bold(x)_i)$.",
            statement=Identity(
                lhs=K(i, j, k, ell), rhs=K(j, i, ell, k), where=(_KERNEL,), domain=(*_SIZES, *_IN_RANGE)
            ),
            routes=(
                Derivation(name=_EXACT, derive=sum_identities.by_rules, spots=_PLACES),
                Certificate(name="given gradients", points=_PLACES),
            ),
            mutants=(
                Mutant(
                    name="every block symmetric",
                    why_false="$nabla cal(F)(bold(x)_i)^top nabla cal(F)(bold(x)_j)$ is a product of two different "
                    "matrices.",
                    change={"rhs": K(i, j, ell, k)},
                ),
                Mutant(
                    name="the inputs exchanged alone",
                    why_false="That transposes the block.",
                    change={"rhs": K(j, i, k, ell)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Positivity: for any inputs and any numbers $v_(i k)$.",
            statement=Inequality(lhs=sp.S.Zero, rhs=_FORM, where=(_KERNEL,), domain=_FORM_DOMAIN),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=sum_bounds.by_parts(sum_bounds.Part("A sum of squares.", _SQUARES)),
                    spots=_VECTORS,
                ),
                Certificate(name="given gradients", points=_VECTORS),
            ),
            mutants=(
                Mutant(
                    name="gradients weighed by a Hessian",
                    why_false="A Hessian, here the diagonal matrix $H$, may have negative eigenvalues.",
                    change={
                        "where": ((K(i, j, k, ell), sp.Sum(J[i, p, k] * H[p] * J[j, p, ell], (p, 1, P))),),
                        "domain": (*_FORM_DOMAIN, (H[p], sp.S.Reals)),
                    },
                ),
                Mutant(
                    name="eigenvalues of at least 1",
                    why_false="There are fewer parameters than outputs times examples, so that some $v$ is orthogonal "
                    "to all gradients, or nearly so.",
                    change={"lhs": sp.Sum(v[i, k] ** 2, (i, 1, n), (k, 1, N))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_AT_TEST_POINT = (K_star(j, k, ell), sp.Sum(J_star[p, k] * J[j, p, ell], (p, 1, P)))
_LOSS_GRADIENT = sp.Sum(J[j, p, ell] * c[j, ell], (j, 1, n), (ell, 1, N)) / n
_KERNEL_GRADIENT = sp.Sum(K_star(j, k, ell) * c[j, ell], (j, 1, n), (ell, 1, N)) / n
_OUTPUT_SPEED = sp.Sum(J_star[p, k] * _LOSS_GRADIENT, (p, 1, P))
_TEST_POINT = (*_SIZES, (J_star[p, k], sp.S.Reals), (c[j, ell], sp.S.Reals), (k, sp.Range(1, N + 1)))
_SCALAR = tuple((N, sp.FiniteSet(1)) if key is N else (key, values) for key, values in _TEST_POINT)
_SPEEDS: tuple[Point, ...] = (
    {**_THREE, J_star: entries([["1"], ["-2"]]), c: entries([["1"], ["1/2"], ["-1"]]), k: 1, i: 1, ell: 1},
    {**_THREE, J_star: entries([["2"], ["1/3"]]), c: entries([["0"], ["-3"], ["2"]]), k: 1, i: 3, ell: 1},
)
_MORE_OUTPUTS: Point = {
    **_TWO,
    J_star: entries([["1", "0"], ["2", "-1"], ["1/3", "1"]]),
    c: entries([["1", "-1"], ["1/2", "2"]]),
    k: 2,
}

KW_KERNEL_GRADIENT = Claim(
    id="kw-mis-kernel-gradient",
    title="The kernel gradient is a function, the NTK is the kernel it is taken with",
    source=Source(
        document=Document.KW,
        where="slide 'Gradient Descent: Function Space'",
        printed="the inner product of the gradient defines the Neural Tangent Kernel (NTK), which is also called "
        "kernel gradient",
    ),
    hypotheses=(
        _JACOBIAN + " $J^*_(p k)$ is the same at the test point $bold(x)^*$, $K^*(j, k, ell) = "
        "K_(k ell)(bold(x)^*, bold(x)_j)$.",
        "$c_(j ell)$ is the derivative of the loss of example $j$ by its $ell$-th output.",
        "The kernel gradient of the paper the slides cite: $nabla_K C|_f (bold(x)) = 1/n sum_j K(bold(x), bold(x)_j) "
        "partial_(f(bold(x)_j)) C$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, where it is not a mismatch of sizes: for one output, the NTK at $bold(x)^*$ and any "
            "example is the kernel gradient at $bold(x)^*$.",
            statement=Identity(
                lhs=K_star(i, k, ell),
                rhs=_KERNEL_GRADIENT.subs(ell, q),
                where=(_AT_TEST_POINT,),
                domain=(*_SCALAR, (i, sp.Range(1, n + 1)), (ell, sp.FiniteSet(1))),
            ),
            routes=(
                Derivation(name=_EXACT, derive=sum_identities.by_rules, spots=_SPEEDS),
                Certificate(name="given gradients", points=_SPEEDS),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Along gradient descent on the parameters the outputs at $bold(x)^*$ change at minus the kernel "
            "gradient: it is $sum_p partial_p cal(F)_k (bold(x)^*) partial_p cal(L)$.",
            statement=Identity(lhs=_OUTPUT_SPEED, rhs=_KERNEL_GRADIENT, where=(_AT_TEST_POINT,), domain=_TEST_POINT),
            routes=(
                Derivation(name=_EXACT, derive=sum_identities.by_rules, spots=(*_SPEEDS, _MORE_OUTPUTS)),
                Certificate(name="given gradients", points=(*_SPEEDS, _MORE_OUTPUTS)),
            ),
            mutants=(
                Mutant(
                    name="without 1/n",
                    why_false="The loss is a mean over the examples.",
                    change={"rhs": n * _KERNEL_GRADIENT},
                ),
                Mutant(
                    name="the kernel of the first example alone",
                    why_false="The other examples contribute.",
                    change={"rhs": sp.Sum(K_star(1, k, ell) * c[1, ell], (ell, 1, N)) / n},
                ),
                Mutant(
                    name="the outputs of every example weighed alike",
                    why_false="That is the kernel's mean over the examples, which does not know the loss.",
                    change={"rhs": sp.Sum(K_star(j, k, ell), (j, 1, n), (ell, 1, N)) / n},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="A mix-up of words: at one input the kernel gradient has $N_L$ components and depends on the loss, the NTK "
    "of two inputs has $N_L^2$ entries and does not.",
)

CLAIMS = (KW_NTK, KW_KERNEL_GRADIENT)
