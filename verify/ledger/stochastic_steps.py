"""Stochastic gradient descent on an interpolating linear model: exact limits of stability, no noise at the end."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrices import by_algebra
from derivations.matrix_expressions import norm, number
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, D = sp.symbols("n D", integer=True, positive=True)
i, d = sp.symbols("i d", integer=True)
eta, largest = sp.symbols("eta s", positive=True)
phi, e = sp.MatrixSymbol("phi", D, 1), sp.MatrixSymbol("e", D, 1)
theta, best = sp.MatrixSymbol("theta", D, 1), sp.MatrixSymbol("theta_hat", D, 1)
Phi, y = sp.MatrixSymbol("Phi", n, D), sp.MatrixSymbol("y", n, 1)
f, v = sp.IndexedBase("phi", real=True), sp.IndexedBase("v", real=True)

POSITIVE = sp.Interval.open(0, sp.oo)
STEP = (eta, POSITIVE)
SIZES = ((n, sp.S.Naturals), (D, sp.S.Naturals))


def _column(*values: object) -> sp.Matrix:
    return sp.Matrix([sp.Rational(value) for value in values])


def _real(*symbols: sp.MatrixSymbol) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return tuple((symbol, MatrixSet(*symbol.shape, sp.S.Reals)) for symbol in symbols)


_EXAMPLES: tuple[Point, ...] = tuple(
    {D: len(features), phi: _column(*features), e: _column(*error), eta: sp.Rational(step)}
    for features, error, step in (
        (("1", "2"), ("1", "0"), "1/3"),
        (("1", "-1", "1/2"), ("0", "1", "2"), "1"),
        (("3",), ("1",), "1/10"),
        (("1", "0"), ("2", "5"), "3"),
    )
)
_AFTER = e - eta * phi * (phi.T * e)
_BY_EXAMPLES = (
    Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_EXAMPLES),
    Certificate(name="exact arithmetic at single examples", points=_EXAMPLES),
)
_GAIN = eta * (2 - eta * norm(phi) ** 2) * number(phi.T * e) ** 2

_SOLVED = (Phi * best - y, sp.FiniteSet(sp.ZeroMatrix(n, 1)))
_MODELS: tuple[Point, ...] = tuple(
    {
        n: len(features),
        D: len(features[0]),
        Phi: sp.Matrix([[sp.Rational(entry) for entry in row] for row in features]),
        best: _column(*solution),
        theta: _column(*start),
        y: sp.Matrix([[sp.Rational(entry) for entry in row] for row in features]) * _column(*solution),
        eta: sp.Rational(step),
    }
    for features, solution, start, step in (
        ([["1", "2", "0"], ["0", "1", "1"]], ("1", "-1", "2"), ("0", "1", "1"), "1/4"),
        ([["2", "1"], ["1", "1"]], ("1/2", "3"), ("-1", "1"), "1/3"),
        ([["1", "1", "1"]], ("1", "0", "0"), ("2", "2", "2"), "1/2"),
    )
)

_ORTHOGONAL = (Phi * Phi.T - largest * sp.Identity(n), sp.FiniteSet(sp.ZeroMatrix(n, n)))
_FRAMES: tuple[Point, ...] = tuple(
    {
        n: len(features),
        D: len(features[0]),
        Phi: sp.Matrix([[sp.Rational(entry) for entry in row] for row in features]),
        largest: sp.Rational(square),
        theta: _column(*start),
        y: _column(*labels),
        eta: sp.Rational(step),
    }
    for features, square, start, labels, step in (
        ([["3", "4"], ["-4", "3"]], "25", ("1", "2"), ("1", "-1"), "1/10"),
        ([["1", "2", "2"], ["2", "1", "-2"], ["2", "-2", "1"]], "9", ("0", "1", "1"), ("1", "-1", "1/2"), "1/2"),
        ([["1", "1", "0"], ["1", "-1", "0"]], "2", ("1", "0", "5"), ("0", "2"), "3/2"),
    )
)


def _features(rows: list[list[str]], unit: tuple[str, ...]) -> Point:
    lengths = [sum(sp.Rational(x) ** 2 for x in row) for row in rows]
    return {
        n: len(rows),
        D: len(rows[0]),
        f: entries(rows),
        v: family(*unit),
        largest: max(lengths),
    }


_DIRECTIONS: tuple[Point, ...] = (
    _features([["1", "2", "0"], ["0", "1", "1"]], ("3/5", "4/5", "0")),
    _features([["3", "4"], ["3", "4"]], ("3/5", "4/5")),
    _features([["1", "0"], ["0", "1"], ["1", "1"]], ("1", "0")),
    _features([["2"]], ("1",)),
)
"""At the second the examples are the same, and along them: equality."""
_ENERGY = sp.Sum(sp.Sum(f[i, d] * v[d], (d, 1, D)) ** 2, (i, 1, n))
_LENGTHS = sp.Sum(sp.Sum(f[i, d] ** 2, (d, 1, D)), (i, 1, n))
_p = sp.Symbol("p", integer=True)
_CROSS = (f[i, d] * v[_p] - f[i, _p] * v[d]) ** 2
_SQUARE = sp.Sum(v[d] ** 2, (d, 1, D))

SGD = Claim(
    id="l12-claim-sgd-small-lr",
    title="Stochastic gradient descent needs smaller steps than gradient descent, though not because of noise",
    source=Source(
        document=Document.L12,
        where="section 12.3, third limitation",
        printed="stochastic gradient descent is used in practice, introducing noise in the procedure. This means that "
        "NTK with stochastic gradient descent requires a small learning rate to stay in the initialization "
        "neighborhood.",
    ),
    hypotheses=(
        "The linearised model $phi theta$, with a solution $hat(theta)$: $phi hat(theta) = y$ ($d m >= n$, full rank); "
        "$e = theta - hat(theta)$. Loss $1/(2 n) norm(phi theta - y)^2$.",
        "A step of stochastic gradient descent draws one example, with features $phi_i$, and follows the gradient of "
        "$1\\/2 (phi_i^top theta - y_i)^2$; gradient descent follows the mean of these.",
        "Stable: no step leads away from $hat(theta)$, so that $theta$ stays in a ball around it, and within "
        "$2 norm(theta^0 - hat(theta))$ of $theta^0$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="A step on one example changes the squared distance to $hat(theta)$ by exactly this: it is never "
            "farther, whichever examples are drawn, if $eta <= 2\\/max_i norm(phi_i)^2$; beyond $2\\/norm(phi_i)^2$ a "
            "step on the example $i$ leads away from every solution that it has not fitted.",
            statement=Identity(
                lhs=norm(_AFTER) ** 2, rhs=norm(e) ** 2 - _GAIN, domain=(SIZES[1], STEP, *_real(phi, e))
            ),
            routes=_BY_EXAMPLES,
            mutants=(
                Mutant(
                    name="without the term of second order",
                    why_false="That is gradient flow, which is stable at any rate.",
                    change={"rhs": norm(e) ** 2 - 2 * eta * number(phi.T * e) ** 2},
                ),
                Mutant(
                    name="with the limit of gradient descent on two examples",
                    why_false="The gradient of one example is not divided by their number.",
                    change={"rhs": norm(e) ** 2 - eta * (2 - eta * norm(phi) ** 2 / 2) * number(phi.T * e) ** 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="What it has fitted stays: the part of $e$ orthogonal to $phi_i$, all of it once $phi_i^top e = 0$. "
            "At a solution of all the equations there is no noise.",
            statement=Identity(
                lhs=_AFTER - e, rhs=-eta * number(phi.T * e) * phi, domain=(SIZES[1], STEP, *_real(phi, e))
            ),
            routes=_BY_EXAMPLES,
            mutants=(
                Mutant(
                    name="with a floor of noise",
                    why_false="The step vanishes with the residual $phi^top e$.",
                    change={"rhs": -eta * (number(phi.T * e) + 1) * phi},
                ),
                Mutant(
                    name="twice the step",
                    why_false="The loss of an example has the factor $1\\/2$.",
                    change={"rhs": -2 * eta * number(phi.T * e) * phi},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="Gradient descent: $e$ is multiplied with $I - eta/n phi^top phi$, so it is stable if and only if "
            "$eta <= 2 n \\/ sigma_max (phi)^2$.",
            statement=Identity(
                lhs=theta - eta / n * Phi.T * (Phi * theta - y) - best,
                rhs=(sp.Identity(D) - eta / n * Phi.T * Phi) * (theta - best),
                domain=(*SIZES, STEP, *_real(Phi, theta, best, y), _SOLVED),
            ),
            routes=(
                Derivation(name="the algebra of matrices", derive=by_algebra(given=((Phi * best, y),)), spots=_MODELS),
                Certificate(name="exact arithmetic at small models", points=_MODELS),
            ),
            mutants=(
                Mutant(
                    name="as for a sum",
                    why_false="The loss is a mean.",
                    change={"rhs": (sp.Identity(D) - eta * Phi.T * Phi) * (theta - best)},
                ),
                Mutant(
                    name="uphill",
                    why_false="A step follows the negative gradient.",
                    change={"rhs": (sp.Identity(D) + eta / n * Phi.T * Phi) * (theta - best)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The limit of gradient descent is no less than that of stochastic gradient descent: along any unit "
            "vector $v$, $norm(phi v)^2 <= n max_i norm(phi_i)^2$, so $2 n\\/sigma_max (phi)^2 >= 2\\/max_i "
            "norm(phi_i)^2$.",
            statement=Inequality(
                lhs=_ENERGY,
                rhs=n * largest * _SQUARE,
                domain=(
                    *SIZES,
                    (f[i, d], sp.S.Reals),
                    (v[d], sp.S.Reals),
                    (largest, POSITIVE),
                    (largest - sp.Sum(f[i, d] ** 2, (d, 1, D)), sp.Interval(0, sp.oo)),
                ),
            ),
            routes=(
                Derivation(
                    name="the Cauchy-Schwarz inequality",
                    derive=by_parts(
                        Part(
                            "Lagrange's identity, for every example.",
                            sp.Sum(_CROSS / 2, (d, 1, D), (_p, 1, D), (i, 1, n)),
                        ),
                        Part(
                            "No features are longer than the longest.",
                            sp.Sum((largest - sp.Sum(f[i, d] ** 2, (d, 1, D))) * _SQUARE, (i, 1, n)),
                            given=(largest - sp.Sum(f[i, d] ** 2, (d, 1, D)),),
                        ),
                    ),
                    spots=_DIRECTIONS,
                ),
                Certificate(name="balls at small models", points=_DIRECTIONS),
            ),
            mutants=(
                Mutant(
                    name="without the number of examples",
                    why_false="For two equal examples $norm(phi v)^2$ is twice as large.",
                    change={"rhs": largest * _SQUARE},
                ),
                Mutant(
                    name="half the bound",
                    why_false="Equal examples attain it.",
                    change={"rhs": n * largest * _SQUARE / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is $n$ times as large for orthogonal features of one length, $phi phi^top = s I$: gradient "
            "descent multiplies all residuals with $1 - eta s\\/n$, a step on one example its own with $1 - eta s$.",
            statement=Identity(
                lhs=Phi * (theta - eta / n * Phi.T * (Phi * theta - y)) - y,
                rhs=(1 - eta * largest / n) * (Phi * theta - y),
                domain=(*SIZES, STEP, (largest, POSITIVE), *_real(Phi, theta, y), _ORTHOGONAL),
            ),
            routes=(
                Derivation(
                    name="the algebra of matrices",
                    derive=by_algebra(given=((Phi * Phi.T, largest * sp.Identity(n)),)),
                    spots=_FRAMES,
                ),
                Certificate(name="exact arithmetic at orthogonal features", points=_FRAMES),
            ),
            mutants=(
                Mutant(
                    name="as on one example",
                    why_false="The gradient is a mean over $n > 1$ examples.",
                    change={"rhs": (1 - eta * largest) * (Phi * theta - y)},
                ),
                Mutant(
                    name="with the length in place of its square",
                    why_false="The kernel holds the squares; none of them is 1 here.",
                    change={"rhs": (1 - eta * sp.sqrt(largest) / n) * (Phi * theta - y)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="What needs the smaller step is that single gradients are not averaged: $2\\/max_i norm(phi_i)^2$ against $2 n"
    "\\/sigma_max (phi)^2$, a factor of up to $n$. Noise, the reason given, vanishes at a solution of all equations, "
    "which the over-parametrised model has: there stochastic gradient descent converges at a constant step.",
)

CLAIMS = (SGD,)
