"""Whether gradient descent on a convex loss reaches its global minimum: for short steps, and if there is a minimum."""

import sympy as sp

from derivations import convex_descent, gradient_descent
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.expressions import Iterate
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import activation, z
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

w, u, v = sp.symbols("w u v", real=True)
eta, lam, beta = sp.symbols("eta lambda beta", positive=True)
t = sp.Symbol("t", integer=True, nonnegative=True)
h = sp.Symbol("h", integer=True)

POSITIVE = sp.Interval.open(0, sp.oo)

_QUADRATIC = Iterate(w - eta * lam * w, w, h, u, t)
_QUADRATICS = ((eta, POSITIVE), (lam, POSITIVE), (u, sp.S.Reals), (t, sp.S.Naturals0))
_PATHS: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), lam: sp.Rational(curvature), u: sp.Rational(start), t: steps}
    for step, curvature, start, steps in (
        ("3", "1", "1/7", 4),
        ("1/2", "1", "3", 5),
        ("5/2", "1", "-2", 10),
        ("1/10", "21", "1", 7),
        ("1/3", "5", "1/2", 2),
    )
)

_k = sp.Symbol("k", integer=True)
_STEPS = Iterate(w - eta * sigma_prime(w), w, h, u, _k)
_NEXT = _STEPS - eta * sigma_prime(_STEPS)
_EXCESS = sp.Sum(sigma(_NEXT) - sigma(v), (_k, 0, t - 1))
_CONVEX = (
    (eta, POSITIVE),
    (beta, POSITIVE),
    (eta * beta, sp.Interval.Lopen(0, 1)),
    (z, sp.S.Reals),
    (sigma_prime_prime(z), sp.Interval(0, beta)),
    (u, sp.S.Reals),
    (v, sp.S.Reals),
    (t, sp.S.Naturals),
)
_LOSSES: tuple[Point, ...] = tuple(
    {
        u: sp.Rational(start),
        v: sp.Rational(other),
        eta: sp.Rational(step),
        t: steps,
        beta: sp.Rational(bound),
        **activation(formula),
    }
    for formula, bound, start, other, step, steps in (
        (beta * z**2 / 2, "2", "3", "0", "1/2", 3),
        (beta * z**2 / 2, "1/3", "-2", "1", "1", 2),
        (sp.log(1 + sp.exp(-z)), "1/4", "0", "3", "4", 3),
        (z / 2, "1", "1", "-3", "1", 6),
        (sp.sqrt(1 + z**2), "1", "2", "0", "1/2", 3),
    )
)
"""Parabolas, the logistic loss, a line without a minimum, and a smooth absolute value."""
_start = (u - v) ** 2 / (2 * eta)

_LOGISTIC = Iterate(w + eta / (1 + sp.exp(w)), w, h, sp.S.Zero, t)
_STEADY: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), t: steps} for step, steps in (("1", 1), ("2", 5), ("1/3", 40), ("8", 12), ("4", 100))
)

KW_CONVEX = Claim(
    id="kw-claim-convex-gd",
    title="Gradient descent reaches the global minimum of a convex loss if its steps are short and there is a minimum",
    source=Source(
        document=Document.KW,
        where="slide 'The good and the bad'",
        printed="Recall the knowledge of Convex Optimization, the gradient descent converges to the global minimum of "
        "the convex loss function.",
    ),
    hypotheses=(
        "Gradient descent is $w_(h+1) = w_h - eta L'(w_h)$ from $w_0 = u$ with a fixed step $eta > 0$; the slide asks "
        "nothing of $eta$, nor that the loss has a minimum.",
        "Put to the test on $L(w) = lambda\\/2 w^2$, with the minimum 0: if gradient descent converges to it from "
        "every start, its distance does not grow, as every step multiplies it by the same factor.",
        "In the second corrected form $sigma$ is any convex loss of one variable, $0 <= sigma'' <= beta$, and $v$ any "
        "point: a minimum, if there is one. A loss of many variables is one of one variable along every line.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="For any step.",
            statement=Inequality(lhs=sp.Abs(_QUADRATIC), rhs=sp.Abs(u), domain=_QUADRATICS),
            routes=(Certificate(name="the steps themselves", points=_PATHS),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="On the quadratic the distance is multiplied by $abs(1 - eta lambda)$: it tends to 0 if and only if "
            "$eta < 2\\/lambda$, and grows without bound if $eta > 2\\/lambda$.",
            statement=Identity(lhs=sp.Abs(_QUADRATIC), rhs=sp.Abs(1 - eta * lam) ** t * sp.Abs(u), domain=_QUADRATICS),
            routes=(
                Derivation(name="induction over the steps", derive=gradient_descent.geometric, spots=_PATHS[:3]),
                Certificate(name="the steps themselves", points=_PATHS),
            ),
            mutants=(
                Mutant(
                    name="with half the step",
                    why_false="$abs(1 - eta lambda\\/2) != abs(1 - eta lambda)$ unless $eta lambda = 4\\/3$.",
                    change={"rhs": sp.Abs(1 - eta * lam / 2) ** t * sp.Abs(u)},
                ),
                Mutant(
                    name="as gradient flow",
                    why_false="The flow converges at any rate.",
                    change={"rhs": sp.exp(-eta * lam * t) * sp.Abs(u)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="On any convex loss, with steps up to $1\\/beta$: the losses after $t$ steps exceed that at $v$ by "
            "$(u - v)^2\\/(2 eta)$ in all, so the mean of them, and the last, which is the least, by that over $t$.",
            statement=Inequality(lhs=_EXCESS, rhs=_start, domain=_CONVEX),
            routes=(
                Derivation(
                    name="Taylor's formula and convexity, summed", derive=convex_descent.averaged, spots=_LOSSES[:4]
                ),
                Certificate(name="search over convex losses", points=_LOSSES),
            ),
            mutants=(
                Mutant(
                    name="a quarter of the bound",
                    why_false="On the line, $sigma = z\\/2$, the sum of $t = 6$ steps is more than that.",
                    change={"rhs": _start / 4},
                ),
                Mutant(
                    name="the distance in place of its square",
                    why_false="For a start far off, on the line, the sum grows like its square.",
                    change={"rhs": sp.Abs(u - v) / (2 * eta)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The logistic loss $log(1 + e^(-w))$, of one example or of separable ones, is convex and has no "
            "minimum: gradient descent from 0 goes to infinity, $e^(w_t) >= 1 + eta t\\/2$, however short its steps.",
            statement=Inequality(
                lhs=1 + eta * t / 2, rhs=sp.exp(_LOGISTIC), domain=((eta, POSITIVE), (t, sp.S.Naturals0))
            ),
            routes=(Certificate(name="the steps themselves", points=_STEADY),),
            mutants=(
                Mutant(
                    name="exponentially fast",
                    why_false="The gradient vanishes on the way: $w_t$ grows like $log t$.",
                    change={"lhs": sp.exp(eta * t / 8)},
                ),
                Mutant(
                    name="four times as fast",
                    why_false="Each step adds about $eta$ to $e^w$.",
                    change={"lhs": 1 + 4 * eta * t},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Two hypotheses are missing. Steps have to be shorter than $2\\/beta$; and the minimum has to be attained: "
    "else the losses still tend to their infimum, by the second corrected form, but the weights to no limit.",
)

CLAIMS = (KW_CONVEX,)
