"""How the kernels of deep ReLU networks scale: with their inputs, and from one normalisation to the other."""

import sympy as sp

from derivations import scaled_recursions, sum_identities
from derivations.kernels import relu_covariance, relu_kernel
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity
from verify.verdict import Verdict

L = sp.Symbol("L", integer=True, nonnegative=True)
n0, d = sp.symbols("n_0 d", integer=True, positive=True)
X, Y, a, b = sp.symbols("X Y a b", positive=True)
rho = sp.Symbol("rho", real=True)
i, p, q = sp.symbols("i p q", integer=True)
x, y, Q = (sp.IndexedBase(name, real=True) for name in ("x", "x_prime", "q"))
_POSITIVE, _REALS = sp.Interval.open(0, sp.oo), sp.S.Reals
_TWO, _ONE = sp.Integer(2), sp.S.One

_INPUTS = (X**2, Y**2, X * Y * rho)
_SCALED = (a**2 * X**2, b**2 * Y**2, a * b * X * Y * rho)
_DOMAIN = ((L, sp.S.Naturals0), (X, _POSITIVE), (Y, _POSITIVE), (rho, sp.Interval(-1, 1)))
_SCALES = (*_DOMAIN, (a, _POSITIVE), (b, _POSITIVE))
_ANY_SIGN = (*_DOMAIN, (a, _REALS), (b, _REALS))
_KERNEL = (
    "$Theta^((L)) (x, x') = sum_(h=1)^(L+1) (Sigma^((h-1)) (x, x') product_(h'=h)^(L+1) dot(Sigma)^((h')) (x, x'))$, "
    "$Sigma^((0)) (x, x') = x^top x'$"
)
_NORMS = "$X = norm(x)$ and $Y = norm(x')$ are positive, and $rho$ is the cosine between $x$ and $x'$."


def _scaled(deep: int, *numbers: object) -> Point:
    return {L: deep, **dict(zip((X, Y, rho, a, b), map(sp.Rational, numbers), strict=True))}


_SCALINGS: tuple[Point, ...] = (
    _scaled(1, 1, 2, "3/10", "1/2", 3),
    _scaled(3, "1/3", 1, "-4/5", 2, "1/5"),
    _scaled(0, 1, 1, "1/2", 3, "1/3"),
    _scaled(2, 2, 1, 1, 1, "1/2"),
    _scaled(2, 1, 1, -1, 5, 2),
)
_NEGATIVE: Point = _scaled(2, 1, 1, "1/2", -1, 1)
"""Outside the domain of the claim; of use only where a mutant enlarges it."""
_ROTATED = sp.Sum(sp.Sum(Q[i, p] * x[p], (p, 1, d)) * sp.Sum(Q[i, p] * y[p], (p, 1, d)), (i, 1, d))
_ROTATIONS: tuple[Point, ...] = tuple(
    {d: len(rows), Q: entries(rows), x: family(*one), y: family(*other)}
    for rows, one, other in (
        ([["3/5", "4/5"], ["-4/5", "3/5"]], ("1", "2"), ("-1/2", "3")),
        ([["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"], ["2/3", "-2/3", "1/3"]], ("1", "0", "-1"), ("2", "1", "1/3")),
    )
)
_ROTATION_DOMAIN = (
    (d, sp.S.Naturals),
    (x[p], _REALS),
    (y[p], _REALS),
    (Q[i, p], _REALS),
    (sp.Sum(Q[i, p] * Q[i, q], (i, 1, d)), sp.FiniteSet(sp.KroneckerDelta(p, q))),
)

IM_HOMOGENEOUS = Claim(
    id="im-id-ntk-homog",
    title="The ReLU NTK is homogeneous in each of its inputs, and invariant under rotations",
    source=Source(document=Document.IM, where="section 2, a consequence of the definition of the NTK", printed=_KERNEL),
    hypotheses=("$sigma$ is the ReLU, $c_sigma = 2$.", _NORMS, "The sum is written as its recursion in depth."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$Theta^((L)) (a x, b x') = a b Theta^((L)) (x, x')$ for $a, b > 0$.",
            statement=Identity(
                lhs=relu_kernel(L, _SCALED, _TWO), rhs=a * b * relu_kernel(L, _INPUTS, _TWO), domain=_SCALES
            ),
            routes=(
                Derivation(
                    name="induction over the depth",
                    derive=scaled_recursions.multiple,
                    spots=(*_SCALINGS[:2], _NEGATIVE),
                ),
                Certificate(name="the recursion in balls", points=(*_SCALINGS, _NEGATIVE)),
            ),
            mutants=(
                Mutant(
                    name="homogeneous of degree 2 in each",
                    why_false="$a b != 1$ in these points, and the kernel is not 0.",
                    change={"rhs": a**2 * b**2 * relu_kernel(L, _INPUTS, _TWO)},
                ),
                Mutant(
                    name="for negative factors too",
                    why_false="$Theta^((L)) (-x, x') + Theta^((L)) (x, x')$ is positive: the even part of the ReLU "
                    "does not change its sign.",
                    change={"domain": _ANY_SIGN},
                ),
                Mutant(
                    name="of degree 0, as the derivative covariance",
                    why_false="The covariance of every layer is of degree 1.",
                    change={"rhs": relu_kernel(L, _INPUTS, _TWO)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The inputs enter through $x^top x$, $x'^top x'$ and $x^top x'$ alone, which a rotation $q$ leaves "
            "as "
            "they are.",
            statement=Identity(lhs=_ROTATED, rhs=sp.Sum(x[p] * y[p], (p, 1, d)), domain=_ROTATION_DOMAIN),
            routes=(
                Derivation(name="by the rules of sums", derive=sum_identities.by_rules, spots=_ROTATIONS),
                Certificate(name="given rotations", points=_ROTATIONS),
            ),
            mutants=(
                Mutant(
                    name="one input rotated alone",
                    why_false="That changes the angle between them.",
                    change={"lhs": sp.Sum(sp.Sum(Q[i, p] * x[p], (p, 1, d)) * y[i], (i, 1, d))},
                ),
                Mutant(
                    name="the mean over the inputs",
                    why_false="It is $d$ times as small, and not 0 here.",
                    change={"rhs": sp.Sum(x[p] * y[p], (p, 1, d)) / d},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_JACOT = tuple(entry / n0 for entry in _INPUTS)
_BRIDGE = (*_DOMAIN, (n0, sp.S.Naturals))


def _bridge(deep: int, dimension: int, *numbers: object) -> Point:
    return {L: deep, n0: dimension, **dict(zip((X, Y, rho), map(sp.Rational, numbers), strict=True))}


_BRIDGES: tuple[Point, ...] = (
    _bridge(1, 3, 1, 1, "3/10"),
    _bridge(3, 2, 1, "1/2", "-3/4"),
    _bridge(0, 5, 2, 1, "1/2"),
    _bridge(2, 10, 3, 3, 1),
    _bridge(5, 1, 1, 1, "1/2"),
)
_BRIDGE_ROUTES = (
    Derivation(name="induction over the depth", derive=scaled_recursions.multiple, spots=_BRIDGES[:2]),
    Certificate(name="both recursions in balls", points=_BRIDGES),
)

KW_JACOT_ARORA = Claim(
    id="kw-id-jacot-arora",
    title="The kernels of the slides and of the report differ by a power of two and the number of inputs",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem, against section 2 of the report of 2021",
        printed="$Theta_infinity^((L+1)) (bold(x)^*, bold(x)_i) = … dot(Sigma)_infinity^((L+1)) (bold(x)^*, "
        "bold(x)_i) + "
        "Sigma_infinity^((L+1)) (bold(x)^*, bold(x)_i)$, $dot(Sigma)_infinity^((L+1)) (bold(x)^*, bold(x)_i) = "
        "EE_(f tilde.op cal(N)(0, Sigma^((L)))) [dot(sigma)(f(bold(x)^*)) dot(sigma)(f(bold(x)_i))]$; in the report: "
        + _KERNEL,
    ),
    hypotheses=(
        "$sigma$ is the ReLU; $beta = 0$. " + _NORMS,
        "The slides, after the paper they cite: $Sigma^((1)) = x^top x' \\/ n_0$, $Sigma^((h+1)) = E[sigma(u) "
        "sigma(v)]$ "
        "over $cal(N)(0, Lambda^((h)))$, without $c_sigma$; the report: $Sigma^((0)) = x^top x'$, $c_sigma = 2$. The "
        "kernel of the slides with index $L + 1$ belongs to $L$ hidden layers, as the kernel of the report with index "
        "$L$ does.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="$Theta^((L+1))$ of the slides is $2^(-L) Theta^((L)) \\/ n_0$ of the report.",
            statement=Identity(
                lhs=relu_kernel(L, _JACOT, _ONE), rhs=2 ** (-L) / n0 * relu_kernel(L, _INPUTS, _TWO), domain=_BRIDGE
            ),
            routes=_BRIDGE_ROUTES,
            mutants=(
                Mutant(
                    name="one more factor 1/2",
                    why_false="Without hidden layers, at $L = 0$, the kernels differ by $n_0$ alone.",
                    change={"rhs": 2 ** (-L - 1) / n0 * relu_kernel(L, _INPUTS, _TWO)},
                ),
                Mutant(
                    name="the index not shifted",
                    why_false="The report's kernel of $L + 1$ hidden layers is another one.",
                    change={"rhs": 2 ** (-L) / n0 * relu_kernel(L + 1, _INPUTS, _TWO)},
                ),
                Mutant(
                    name="c_σ inserted on the slides",
                    why_false="Then both recursions are the same, and the kernels differ by $n_0$ alone.",
                    change={"lhs": relu_kernel(L, _JACOT, _TWO)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="$Sigma^((L+1))$ of the slides is $2^(-L) Sigma^((L)) \\/ n_0$ of the report.",
            statement=Identity(
                lhs=relu_covariance(L, _JACOT, _ONE),
                rhs=2 ** (-L) / n0 * relu_covariance(L, _INPUTS, _TWO),
                domain=_BRIDGE,
            ),
            routes=_BRIDGE_ROUTES,
            mutants=(
                Mutant(
                    name="without the number of inputs",
                    why_false="$n_0 > 1$ in most of these points.",
                    change={"rhs": 2 ** (-L) * relu_covariance(L, _INPUTS, _TWO)},
                ),
                Mutant(
                    name="the index not shifted",
                    why_false="The report's covariance of the next layer is another one.",
                    change={"rhs": 2 ** (-L) / n0 * relu_covariance(L + 1, _INPUTS, _TWO)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="So neither document errs: with $c_sigma = 2$ the report keeps the norms of the layers, without it the slides "
    "halve their squares from layer to layer.",
)

CLAIMS = (IM_HOMOGENEOUS, KW_JACOT_ARORA)
