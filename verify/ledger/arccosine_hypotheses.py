"""What the arccos kernel's hypotheses are for: the norms of the inputs matter, the derivative at zero does not."""

import sympy as sp

from derivations import arccosine, null_sets
from derivations.expressions import Expect, step
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger.arccosine import PAIR, UNIT, nu, rho, s, t, u, v
from verify.statement import Identity
from verify.verdict import Verdict

c = sp.Symbol("c", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
CORRELATIONS = sp.Interval(-1, 1)
HALF = sp.Rational(1, 2)


def _slope(z: sp.Expr, at_zero: sp.Expr) -> sp.Expr:
    """The derivative of the ReLU with the value `at_zero` at zero: 1 for z > 0, 0 for z < 0."""
    return at_zero * step(z) + (1 - at_zero) * (1 - step(-z))


def _kernel(one: sp.Expr, other: sp.Expr) -> sp.Expr:
    return rho * Expect(one * other, (u, v), nu * UNIT)


_DOMAIN = ((nu, POSITIVE), (rho, CORRELATIONS), (c, sp.S.Reals))
_POINTS: tuple[Point, ...] = tuple(
    {nu: sp.Rational(variance), rho: sp.Rational(correlation), c: sp.Rational(value)}
    for variance, correlation, value in (
        ("1", "1/2", "0"),
        ("2", "-7/10", "1/2"),
        ("1/5", "4/5", "-3"),
        ("1", "1", "1/2"),
        ("0", "1/3", "0"),
    )
)
"""The last has variance 0: outside the domain of the claim, of use only where a mutant enlarges it."""

DS_SIGMA0 = Claim(
    id="ds-sigma0",
    title="The value given to the ReLU's derivative at zero does not matter",
    source=Source(
        document=Document.DS,
        where="slide 'arccos kernel'",
        printed='$sigma\'(z) = cases(1 & "if" z >= 0, 0 & "if" z < 0)$',
    ),
    hypotheses=(
        "The derivative of the ReLU is 1 for $z > 0$, 0 for $z < 0$, and any number $c$ at $z = 0$; on the left it is "
        "written $c sigma'(z) + (1 - c) (1 - sigma'(-z))$ with the derivative $sigma'$ of the slide.",
        "$bold(w) tilde.op cal(N)(bold(0), nu bold(I))$, $nu > 0$, and $norm(bold(x)_1) = norm(bold(x)_2) = 1$, so "
        "that $u = bold(w) dot bold(x)_1$ and $v = bold(w) dot bold(x)_2$ are almost surely not zero.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The kernel at initialization is the same for every convention.",
            statement=Identity(lhs=_kernel(_slope(u, c), _slope(v, c)), rhs=_kernel(step(u), step(v)), domain=_DOMAIN),
            routes=(
                Derivation(name="a null set", derive=null_sets.almost_everywhere, spots=_POINTS),
                Certificate(name="quadrature of the definition", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="for weights that may be zero",
                    why_false="At $bold(w) = bold(0)$ every pre-activation is zero, and the kernel is $c^2$ in place "
                    "of 1.",
                    change={"domain": (*_DOMAIN[1:], (nu, sp.Interval(0, sp.oo)))},
                ),
                Mutant(
                    name="the value for all negative z",
                    why_false="That is another activation, the leaky ReLU with the slope $c$.",
                    change={"lhs": _kernel(step(u) + c * step(-u), step(v) + c * step(-v))},
                ),
                Mutant(
                    name="the value for all positive z",
                    why_false="The kernel would be $c^2$ times as large.",
                    change={"lhs": _kernel(c * step(u), c * step(v))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The same holds almost surely for the empirical kernel of any width, as no pre-activation is zero; not for "
    "inputs $bold(x) = bold(0)$, which the hypothesis excludes.",
)

_NORMS: tuple[Point, ...] = tuple(
    {s: sp.Rational(one), t: sp.Rational(other), rho: sp.Rational(correlation)}
    for one, other, correlation in (
        ("2", "2", "1/8"),
        ("1/2", "1/3", "-9/10"),
        ("3", "1/7", "1"),
        ("1", "1/2", "-1"),
        ("1", "1", "3/10"),
    )
)
_INNER = s * t * rho

DS_NORM_NEEDED = Claim(
    id="ds-norm-needed",
    title="For inputs of any norm the angle takes the place of the inner product",
    source=Source(
        document=Document.DS,
        where="slide 'arccos kernel', the words 'for $norm(bold(x)_1) = 1 = norm(bold(x)_2)$'",
        printed="For $norm(bold(x)_1) = 1 = norm(bold(x)_2)$, […] $(bold(x)_1 dot bold(x)_2) EE_bold(w) "
        "[sigma'(bold(w) dot bold(x)_1) sigma'(bold(w) dot bold(x)_2)] = (bold(x)_1 dot bold(x)_2) (1/2 - 1/(2 pi) "
        "arccos(bold(x)_1 dot bold(x)_2))$",
    ),
    hypotheses=(
        "$s = norm(bold(x)_1) > 0$, $t = norm(bold(x)_2) > 0$ and $rho$ the cosine of the angle between them: "
        "$bold(x)_1 dot bold(x)_2 = s t rho$. $bold(w) tilde.op cal(N)(bold(0), bold(I))$, so that $s^2$, $t^2$ and "
        "$s t rho$ are the variances and the covariance of $bold(w) dot bold(x)_1$ and $bold(w) dot bold(x)_2$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The kernel for any norms; with $s = t = 1$ it is the one printed.",
            statement=Identity(
                lhs=_INNER * Expect(step(u) * step(v), (u, v), PAIR),
                rhs=_INNER * (HALF - sp.acos(rho) / (2 * sp.pi)),
                domain=((s, POSITIVE), (t, POSITIVE), (rho, CORRELATIONS)),
            ),
            routes=(
                Derivation(name="Price's theorem", derive=arccosine.derive, spots=_NORMS),
                Certificate(name="quadrature of the definition", points=_NORMS),
            ),
            mutants=(
                Mutant(
                    name="the formula printed, without its hypothesis",
                    why_false="At $norm(bold(x)_1) = norm(bold(x)_2) = 2$ and $rho = 1\\/8$ the inner product is "
                    "$1\\/2$, and its arc cosine is not the angle.",
                    change={"rhs": _INNER * (HALF - sp.acos(_INNER) / (2 * sp.pi))},
                ),
                Mutant(
                    name="without the norms in the factor",
                    why_false="$s t != 1$ at these points.",
                    change={"rhs": rho * (HALF - sp.acos(rho) / (2 * sp.pi))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The formula printed is not even defined where $|bold(x)_1 dot bold(x)_2| > 1$.",
)

CLAIMS = (DS_SIGMA0, DS_NORM_NEEDED)
