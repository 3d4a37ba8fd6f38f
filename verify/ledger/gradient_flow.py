"""Gradient flow on the square loss: the residual decays at the rate of the smallest eigenvalue of the kernel."""

import sympy as sp

from derivations import gradient_flow
from derivations.flows import LinearFlow
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._trained_networks import DECAY, SETTING
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, q = sp.symbols("n q", integer=True, positive=True)
i, j, k, ell = sp.symbols("i j k ell", integer=True)
s = sp.Symbol("s", real=True)
t = sp.Symbol("t", nonnegative=True)
lambda_bar = sp.Symbol("lambda_bar", positive=True)
y = sp.IndexedBase("y", real=True)
r, F, K = (sp.Function(name, real=True) for name in "rFK")

POSITIVE, NONNEGATIVE = sp.Interval.open(0, sp.oo), sp.Interval(0, sp.oo)

RESIDUAL = (r(i, t), LinearFlow(i, K(j, k, s), (j, k, s), y[j], n, t))
"""r(t) = y - u(t): the solution of r' = -K(t) r, r(0) = y."""
KERNEL = (K(j, k, s), lambda_bar * sp.KroneckerDelta(j, k) + sp.Sum(F(j, ell, s) * F(k, ell, s), (ell, 1, q)))
"""A path of matrices whose eigenvalues are at least λ̄."""
NORM = sp.Sum(r(i, t) ** 2, (i, 1, n))
LABELS = sp.Sum(y[i] ** 2, (i, 1, n))
_SPEED = sp.Derivative(NORM / 2, t)

FLOW = (
    "$bold(r)(t) = bold(y) - bold(u)(t)$ solves $bold(r)' = -bold(K)(t) bold(r)$, $bold(r)(0) = bold(y)$, as "
    "$bold(u)(0) = 0$; $bold(K)$ is continuous."
)
SPECTRUM = (
    "$lambda_min (bold(K)(t)) >= macron(lambda) > 0$ for all $t in [0, T]$, on which the flow up to $T$ depends alone; "
    "that is, $bold(K)(t) = macron(lambda) I + F(t) F(t)^top$ with a real matrix $F(t)$."
)
_ANY_FLOW = ((n, sp.S.Naturals), (t, NONNEGATIVE), (y[i], sp.S.Reals))
DECAYING_FLOW = (*_ANY_FLOW, (q, sp.S.Naturals), (lambda_bar, POSITIVE))


def labels(*values: object) -> dict[int, sp.Rational]:
    """A family of exact numbers, from the index 1 on."""
    return {index: sp.Rational(value) for index, value in enumerate(values, start=1)}


def flow(time: str, level: str, features: sp.Expr, size: int, *initial: object) -> Point:
    """A flow with K(s) = level · I + F(s) F(s)ᵀ, F(s) with `size` columns."""
    return {
        n: len(initial),
        t: sp.Rational(time),
        lambda_bar: sp.Rational(level),
        q: size,
        F: sp.Lambda((i, ell, s), features),
        y: labels(*initial),
    }


_SHARP = flow("4", "1/2", 2 * (i - 1), 1, "3", "0")
"""Constant K = diag(1/2, 9/2), and y along the eigenvector of the smallest eigenvalue."""
_FLOWS: tuple[Point, ...] = (
    _SHARP,
    flow("3/2", "1/3", (i - ell) / 2 + s * i * ell / 5, 2, "1", "-2"),
    flow("1", "2", (i - 2) * (1 + s) / 3, 1, "1", "1/2", "-1"),
    flow("0", "1/10", i + ell * s, 2, "2", "5"),
    flow("2", "1", i - s**2 / 2, 1, "-7/3"),
)
_ANY_KERNELS: tuple[Point, ...] = tuple(
    {n: len(initial), t: sp.Rational(time), K: sp.Lambda((j, k, s), kernel), y: labels(*initial)}
    for time, kernel, initial in (
        ("1", j * k + s * (j - k), ("1", "-2")),
        ("1/2", sp.Integer(3), ("1", "1/3", "-1")),
        ("0", j + 2 * k - s, ("2", "5")),
        ("3/2", s**2 - k, ("-7/3",)),
    )
)

BE_A_STEP = Claim(
    id="be-a-step",
    title="Along gradient flow the squared residual falls at the rate of the kernel's quadratic form",
    source=Source(
        document=Document.BE,
        where="section 2, part (a), solution, second display",
        printed="$dif/(dif t) 1/2 norm(bold(y) - bold(u)(t))^2 = -(bold(y) - bold(u)(t))^top bold(K)(t) "
        "(bold(y) - bold(u)(t)) <= -macron(lambda) norm(bold(y) - bold(u)(t))^2$",
    ),
    hypotheses=(FLOW, "For the inequality: " + SPECTRUM),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The equation, for any path $bold(K)(t)$.",
            statement=Identity(
                lhs=_SPEED,
                rhs=-sp.Sum(r(i, t) * K(i, j, t) * r(j, t), (i, 1, n), (j, 1, n)),
                where=(RESIDUAL,),
                domain=_ANY_FLOW,
            ),
            routes=(
                Derivation(
                    name="the differential equation of the residual", derive=gradient_flow.speed, spots=_ANY_KERNELS[:2]
                ),
                Certificate(name="power series of the flow", points=_ANY_KERNELS),
            ),
            mutants=(
                Mutant(
                    name="without the factor 1/2",
                    why_false="The derivative of a square is twice the product.",
                    change={"lhs": sp.Derivative(NORM, t)},
                ),
                Mutant(
                    name="with the opposite sign",
                    why_false="The quadratic form does not vanish at these residuals.",
                    change={"rhs": sp.Sum(r(i, t) * K(i, j, t) * r(j, t), (i, 1, n), (j, 1, n))},
                ),
                Mutant(
                    name="with the diagonal of the kernel alone",
                    why_false="The products $r_i K_(i j) r_j$ with $i != j$ do not cancel.",
                    change={"rhs": -sp.Sum(r(i, t) ** 2 * K(i, i, t), (i, 1, n))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The inequality.",
            statement=Inequality(lhs=_SPEED, rhs=-lambda_bar * NORM, where=(RESIDUAL, KERNEL), domain=DECAYING_FLOW),
            routes=(
                Derivation(name="a sum of squares", derive=gradient_flow.speed_bound, spots=_FLOWS[:3]),
                Certificate(name="power series of the flow", points=_FLOWS),
            ),
            mutants=(
                Mutant(
                    name="twice the smallest eigenvalue",
                    why_false="For $bold(r)$ along the eigenvector of $macron(lambda)$ both sides of the claim are "
                    "equal and not zero.",
                    change={"rhs": -2 * lambda_bar * NORM},
                ),
                Mutant(
                    name="the norm in place of its square",
                    why_false="For $bold(r)$ along that eigenvector and $norm(bold(r)) < 1$, the norm is the larger.",
                    change={"rhs": -lambda_bar * sp.sqrt(NORM)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_MEAN_EIGENVALUE = sp.Sum(K(i, i, 0), (i, 1, n)) / n
_DECAY_ROUTES = (
    Derivation(name="Grönwall's argument", derive=gradient_flow.decay, spots=_FLOWS[:3]),
    Certificate(name="power series of the flow", points=_FLOWS),
)

BE_A_DECAY = Claim(
    id="be-a-decay",
    title="The squared residual decays at twice the smallest eigenvalue of the kernel",
    source=Source(
        document=Document.BE,
        where="section 2, part (a)",
        printed="Suppose that for some $T > 0$ for any $t in [0, T]$ the lowest eigenvalue $lambda_min (bold(K))$ of "
        "$bold(K)(t)$ is at least $macron(lambda) > 0$. Show that for any $t in [0, T]$ "
        "$norm(bold(y) - bold(u)(t))^2 <= norm(bold(y))^2 exp(-2 t macron(lambda))$",
    ),
    hypotheses=(FLOW, SPECTRUM, SETTING),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Inequality(
                lhs=NORM, rhs=LABELS * sp.exp(-2 * lambda_bar * t), where=(RESIDUAL, KERNEL), domain=DECAYING_FLOW
            ),
            routes=_DECAY_ROUTES,
            mutants=(
                Mutant(
                    name="at four times the smallest eigenvalue",
                    why_false="With $bold(K)$ constant and $bold(y)$ along the eigenvector of its smallest "
                    "eigenvalue the claim holds with equality.",
                    change={"rhs": LABELS * sp.exp(-4 * lambda_bar * t)},
                ),
                Mutant(
                    name="at twice the mean eigenvalue",
                    why_false="In the case of equality the mean eigenvalue is greater than the smallest.",
                    change={"rhs": LABELS * sp.exp(-2 * t * _MEAN_EIGENVALUE)},
                ),
                Mutant(
                    name="for the norm in place of its square",
                    why_false="In the case of equality the norm decays with $exp(-t macron(lambda))$.",
                    change={"lhs": sp.sqrt(NORM), "rhs": sp.sqrt(LABELS) * sp.exp(-2 * lambda_bar * t)},
                ),
                Mutant(
                    name="without a bound on the eigenvalues",
                    why_false="In the case of equality $bold(K)$ less $macron(lambda) I$ leaves the residual as it is.",
                    change={"where": (RESIDUAL, (KERNEL[0], KERNEL[1] - lambda_bar * sp.KroneckerDelta(j, k)))},
                ),
            ),
        ),
        DECAY,
    ),
    expected=Verdict.PROVED,
    note="It holds with equality for constant $bold(K)$ and $bold(y)$ along the eigenvector of its smallest "
    "eigenvalue.",
)

CLAIMS = (BE_A_STEP, BE_A_DECAY)
