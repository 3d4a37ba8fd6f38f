"""What gradient descent finds: not always a stationary point, unless its steps are short enough."""

import sympy as sp

from derivations import gradient_descent
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.expressions import Iterate
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import activation, z
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

w, u = sp.symbols("w u", real=True)
eta, lam, beta = sp.symbols("eta lambda beta", positive=True)
t = sp.Symbol("t", integer=True, nonnegative=True)
h, k = sp.symbols("h k", integer=True)

POSITIVE = sp.Interval.open(0, sp.oo)

_PATH = Iterate(w - eta * lam * w, w, h, u, t)
_GRADIENT, _FIRST = sp.Abs(lam * _PATH), sp.Abs(lam * u)
_QUADRATICS = ((eta, POSITIVE), (lam, POSITIVE), (u, sp.S.Reals), (t, sp.S.Naturals0))
_PATHS: tuple[Point, ...] = tuple(
    {eta: sp.Rational(step), lam: sp.Rational(curvature), u: sp.Rational(start), t: steps}
    for step, curvature, start, steps in (
        ("1/2", "1", "3", 5),
        ("3", "1", "1/7", 4),
        ("2", "1", "-2", 3),
        ("1/10", "15", "1", 7),
        ("1/3", "9", "1/2", 1),
        ("1", "1", "5", 2),
    )
)


def _along(factor: sp.Expr) -> sp.Expr:
    return sp.Abs(factor) ** t * _FIRST


_DESCENT = (
    (eta, POSITIVE),
    (beta, POSITIVE),
    (z, sp.S.Reals),
    (sigma_prime_prime(z), sp.Interval(-beta, beta)),
)
_LOW = sp.Symbol("c", real=True)
_STEPS = Iterate(w - eta * sigma_prime(w), w, h, u, k)
_BOUNDED = (*_DESCENT, (u, sp.S.Reals), (t, sp.S.Naturals0), (_LOW, sp.S.Reals), (sigma(z), sp.Interval(_LOW, sp.oo)))
_SQUARED_SLOPES = sp.Sum(sigma_prime(_STEPS) ** 2, (k, 0, t - 1))
_LOSSES: tuple[Point, ...] = tuple(
    {
        u: sp.Rational(at),
        eta: sp.Rational(step),
        t: steps,
        beta: sp.Rational(bound),
        _LOW: sp.Rational(low),
        **activation(formula),
    }
    for formula, bound, low, at, step, steps in (
        (beta * z**2 / 2, "2", "0", "3", "1/2", 3),
        (beta * z**2 / 2, "1/3", "-1/5", "-2", "5", 4),
        (sp.sin(z), "1", "-1", "1/2", "1", 2),
        (sp.tanh(z), "77/100", "-1", "-1", "2", 3),
        (sp.cos(z), "1", "-2", "1", "1/2", 0),
    )
)
"""On the first, a parabola, the bound is attained: its lowest point is reached in one step."""


def _lowered(by: sp.Expr) -> sp.Expr:
    return by * _SQUARED_SLOPES


DS_GD_STATIONARY = Claim(
    id="ds-gd-stationary",
    title="Gradient descent finds a stationary point if its steps are short enough",
    source=Source(
        document=Document.DS,
        where="'Does training neural nets work?'",
        printed='Gradient descent will find a stationary point: one where $"gradient" = 0$. Could be a global '
        "minimum, a "
        "local minimum, or a saddle point",
    ),
    hypotheses=(
        "Gradient descent is $w_(t+1) = w_t - eta L'(w_t)$ with a fixed step $eta > 0$; the slide asks nothing of "
        "$eta$ or of the loss.",
        "Put to the test on the simplest loss, $L(w) = lambda\\/2 w^2$, whose gradient is $L'(w) = lambda w$. On it "
        "every step multiplies the gradient by the same factor, so that the gradient tends to zero only if it never "
        "exceeds the gradient at the start.",
        "For the last form: $sigma$ is any loss with a continuous second derivative, $|sigma''(z)| <= beta$, that is "
        "bounded below, $sigma(z) >= c$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="For any step.",
            statement=Inequality(lhs=_GRADIENT, rhs=_FIRST, domain=_QUADRATICS),
            routes=(Certificate(name="the steps themselves", points=_PATHS),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The gradient after $t$ steps on the quadratic: it tends to zero if and only if $eta < 2\\/lambda$.",
            statement=Identity(lhs=_GRADIENT, rhs=_along(1 - eta * lam), domain=_QUADRATICS),
            routes=(
                Derivation(name="induction over the steps", derive=gradient_descent.geometric, spots=_PATHS[:4]),
                Certificate(name="the steps themselves", points=_PATHS),
            ),
            mutants=(
                Mutant(
                    name="with half the step",
                    why_false="$|1 - eta lambda\\/2| != |1 - eta lambda|$ unless $eta lambda = 4\\/3$.",
                    change={"rhs": _along(1 - eta * lam / 2)},
                ),
                Mutant(
                    name="up the gradient",
                    why_false="$1 + eta lambda > |1 - eta lambda|$.",
                    change={"rhs": _along(1 + eta * lam)},
                ),
                Mutant(
                    name="as flow in place of steps",
                    why_false="Gradient flow decays with $exp(-eta lambda t)$ and never diverges.",
                    change={"rhs": sp.exp(-eta * lam * t) * _FIRST},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="For any loss $sigma$ with $|sigma''| <= beta$ and $sigma >= c$: while $eta < 2\\/beta$ the "
            "factor on the left is positive, so the sum of all squared slopes is finite, and the slope tends to zero.",
            statement=Inequality(lhs=_lowered(eta * (1 - eta * beta / 2)), rhs=sigma(u) - _LOW, domain=_BOUNDED),
            routes=(
                Derivation(name="Taylor's formula, summed", derive=gradient_descent.summed, spots=_LOSSES[:4]),
                Certificate(name="search over smooth losses", points=_LOSSES),
            ),
            mutants=(
                Mutant(
                    name="with β/4 in place of β/2",
                    why_false="On a parabola with the curvature $beta$ the bound is attained.",
                    change={"lhs": _lowered(eta * (1 - eta * beta / 4))},
                ),
                Mutant(
                    name="as flow in place of steps",
                    why_false="On the same parabola a step lowers the loss by less than $eta sigma'(w)^2$.",
                    change={"lhs": _lowered(eta)},
                ),
                Mutant(
                    name="half the loss at the start",
                    why_false="On the same parabola all of it is lost in one step.",
                    change={"rhs": sigma(u) / 2 - _LOW},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The slide puts no condition on the step: what is refuted is the statement for every step. "
    "With $eta = 3\\/lambda$ every step doubles the gradient; with $eta = 2\\/lambda$ gradient descent goes to "
    "and fro between $u$ and $-u$. Short steps are not enough either: the logistic loss $log(1 + e^(-w))$ has no "
    "stationary point, and gradient descent on it goes to infinity while the slope tends to zero.",
)

CLAIMS = (DS_GD_STATIONARY,)
