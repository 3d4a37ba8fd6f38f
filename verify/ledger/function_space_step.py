"""One step of gradient descent in function space: the kernel times the residuals, up to second order in the step."""

import sympy as sp

from derivations import linearisation, sum_identities
from derivations.activations import sigma, sigma_prime, sigma_prime_prime
from derivations.expressions import normal_cdf
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._first_layer import SIZES, activation, d, ell, j, k, m, point, z
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
i, r = sp.symbols("i r", integer=True)
eta, beta = sp.symbols("eta beta", positive=True)
a, W, G, x, y = (sp.IndexedBase(name, real=True) for name in ("a", "W", "G", "x", "y"))
f, f_1, L, kernel = (sp.Function(name, real=True) for name in ("f", "f_1", "L", "k"))

_POSITIVE, _REAL = sp.Interval.open(0, sp.oo), sp.S.Reals

# One step: the change of first order, for any example 0.


def _network(weights: sp.Expr, entry: sp.Expr) -> sp.Expr:
    """m^(-1/2) Σ_r a_r σ(w_r·x), for these entries of w_r and x."""
    return sp.Sum(a[r] * sigma(sp.Sum(weights * entry, (ell, 1, d))), (r, 1, m)) / sp.sqrt(m)


_MODEL = (f(i, W), _network(W[r, ell], x[i, ell]))
_LOSS = (L(W), sp.Sum((f(i, W) - y[i]) ** 2, (i, 1, N)) / (2 * N))
_KERNEL = (
    kernel(i),
    sp.Sum(sp.Derivative(f(0, W), W[j, k]) * sp.Derivative(f(i, W), W[j, k]), (j, 1, m), (k, 1, d)),
)
_FIRST_ORDER = sp.Sum(sp.Derivative(f(0, W), W[j, k]) * (-eta * sp.Derivative(L(W), W[j, k])), (j, 1, m), (k, 1, d))
_UPDATE = -eta / N * sp.Sum(kernel(i) * (f(i, W) - y[i]), (i, 1, N))
_STEPS = (
    (N, sp.S.Naturals),
    *SIZES,
    (eta, _POSITIVE),
    (a[r], _REAL),
    (W[j, k], _REAL),
    (x[i, k], _REAL),
    (y[i], _REAL),
)


def _step(
    formula: sp.Expr, readout: list[str], rows: list[list[str]], inputs: list[list[str]], labels: list[str]
) -> Point:
    """A network with σ(z) = `formula`; the first input is the test point x, with the number 0."""
    return {
        N: len(labels),
        m: len(rows),
        d: len(rows[0]),
        eta: sp.Rational(1, 3),
        a: family(*readout),
        W: entries(rows),
        x: {(row - 1, column): value for (row, column), value in entries(inputs).items()},
        y: family(*labels),
        sigma: sp.Lambda(z, formula),
        sigma_prime: sp.Lambda(z, formula.diff(z)),
    }


_MODELS: tuple[Point, ...] = (
    _step(sp.tanh(z), ["1", "-1"], [["1", "-2"], ["1/2", "1"]], [["1", "1"], ["1", "0"], ["-1", "2"]], ["1", "-1"]),
    _step(z**2 - z, ["2"], [["1/3", "-1"]], [["1/2", "1"], ["2", "1"], ["-1", "1/5"], ["0", "1"]], ["0", "1", "3"]),
    _step(normal_cdf(z), ["1", "1", "-1"], [["1"], ["-1"], ["2"]], [["1"], ["1/2"], ["-2"]], ["1", "2"]),
)

# The error: any direction G, and the step -ηG.

_SETTING = (
    "$f(bold(x); bold(w)) = 1/sqrt(m) sum_r a_r sigma(bold(w)_r dot bold(x))$; the first layer alone is trained, by "
    "full-batch gradient descent on $L_S = 1/(2 N) sum_i (f(bold(x)_i; bold(w)) - y_i)^2$."
)
_POINT = sp.IndexedBase("x", real=True)
_BEFORE = (f(_POINT, W), _network(W[r, ell], _POINT[ell]))
_AFTER = (f_1(_POINT, W, eta, G), _network(W[r, ell] - eta * G[r, ell], _POINT[ell]))
_SLOPE = -eta * sp.Sum(sp.Derivative(f(_POINT, W), W[j, k]) * G[j, k], (j, 1, m), (k, 1, d))
_SQUARED_GRADIENT = sp.Sum(G[j, k] ** 2, (j, 1, m), (k, 1, d))
_ERROR = sp.Abs(f_1(_POINT, W, eta, G) - f(_POINT, W) - _SLOPE)
_QUADRATIC = beta * eta**2 / (2 * sp.sqrt(m)) * _SQUARED_GRADIENT
_SMOOTH = (
    *SIZES,
    (eta, _POSITIVE),
    (beta, _POSITIVE),
    (z, _REAL),
    (sigma_prime_prime(z), sp.Interval(-beta, beta)),
    (a[r], sp.Interval(-1, 1)),
    (_POINT[ell], _REAL),
    (sp.Sum(_POINT[ell] ** 2, (ell, 1, d)), sp.Interval(0, 1)),
    (W[j, k], _REAL),
    (G[j, k], _REAL),
)


def _moved(  # noqa: PLR0917 - the parts of one network and its step
    step: str, weights: list[list[str]], gradient: list[list[str]], inputs: list[str], formula: sp.Expr, bound: str
) -> Point:
    signs = (1, -1, 1)
    return {
        **{name: value for name, value in point(weights, gradient, inputs).items() if name in {m, d}},
        W: entries(weights),
        G: entries(gradient),
        _POINT: family(*inputs),
        a: family(*signs[: len(weights)]),
        eta: sp.Rational(step),
        beta: sp.Rational(bound),
        **activation(formula),
    }


_PARABOLA = beta * z**2 / 2
_MOVES: tuple[Point, ...] = (
    _moved("1/10", [["1", "0"]], [["3", "4"]], ["3/5", "4/5"], _PARABOLA, "2"),
    _moved("1/1000", [["1", "-1"]], [["-3/5", "-4/5"]], ["3/5", "4/5"], _PARABOLA, "1"),
    _moved("1/2", [["1", "-2"], ["1/3", "1"]], [["1", "1"], ["-2", "1/2"]], ["1/2", "1/2"], sp.tanh(z), "77/100"),
    _moved("2", [["1"], ["-1"], ["0"]], [["1"], ["1/2"], ["-1"]], ["1"], normal_cdf(z), "1/4"),
    _moved("1/10", [["1/3"]], [["1"]], ["1"], sp.sin(z), "1"),
)

DS_ID_FSTEP = Claim(
    id="ds-id-fstep",
    title="A step of gradient descent moves the predictions by the kernel, up to second order in the step",
    source=Source(
        document=Document.DS,
        where="'One step of gradient descent in function space'",
        printed="$f(bold(x); bold(w)_(t+1)) = f(bold(x); bold(w)_t) + [nabla_bold(w) f(bold(x); bold(w))|_(bold(w)_t)] "
        "(bold(w)_(t+1) - bold(w)_t) + cal(O)(norm(bold(w)_(t+1) - bold(w)_t)^2)$; $f(bold(x); bold(w)_(t+1)) - "
        "f(bold(x); bold(w)_t) approx -eta/N sum_(i=1)^N chevron.l nabla_bold(w) f(bold(x); bold(w))|_(bold(w)_t), "
        "nabla_bold(w) f(bold(x)_i; bold(w))|_(bold(w)_t) chevron.r (f(bold(x)_i, bold(w)_t) - y_i)$",
    ),
    hypotheses=(
        _SETTING,
        "First form: $f(i, W) = f(bold(x)_i; bold(w)_t)$, $bold(x)_0 = bold(x)$ is any input, $k(i) = k_(bold(w)_t) "
        "(bold(x), bold(x)_i)$; any widths, any differentiable $sigma$.",
        "Second form: $G$ is any direction, $nabla_bold(w) L_S$ in particular; $f_1$ is the prediction after the "
        "step $-eta G$. $|sigma''| <= beta$, $|a_r| <= 1$, $norm(bold(x)) <= 1$. For an activation with a "
        "kink the error may be of first order.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The change of first order, $chevron.l nabla f, bold(w)_(t+1) - bold(w)_t chevron.r$.",
            statement=Identity(lhs=_FIRST_ORDER, rhs=_UPDATE, where=(_KERNEL, _LOSS, _MODEL), domain=_STEPS),
            routes=(
                Derivation(name="the chain rule", derive=sum_identities.by_rules, spots=_MODELS[:2]),
                Certificate(name="balls at small networks", points=_MODELS),
            ),
            mutants=(
                Mutant(
                    name="up the gradient",
                    why_false="The step goes down.",
                    change={"rhs": -_UPDATE},
                ),
                Mutant(
                    name="without 1/N",
                    why_false="The loss is a mean over $N >= 2$ examples.",
                    change={"rhs": N * _UPDATE},
                ),
                Mutant(
                    name="the labels in place of the residuals",
                    why_false="The predictions are not zero.",
                    change={"rhs": eta / N * sp.Sum(kernel(i) * y[i], (i, 1, N))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The error, with the constant for an activation with a bounded second derivative.",
            statement=Inequality(lhs=_ERROR, rhs=_QUADRATIC, where=(_BEFORE, _AFTER), domain=_SMOOTH),
            routes=(
                Derivation(
                    name="Taylor's formula neuron by neuron", derive=linearisation.quadratic_bound, spots=_MOVES[:4]
                ),
                Certificate(name="search over small networks", points=_MOVES),
            ),
            mutants=(
                Mutant(
                    name="of third order",
                    why_false="For a parabola and a step along the input the bound is attained, at any $eta < 1$.",
                    change={"rhs": eta * _QUADRATIC},
                ),
                Mutant(
                    name="half the constant",
                    why_false="In the same case.",
                    change={"rhs": _QUADRATIC / 2},
                ),
                Mutant(
                    name="with the sign of the kernel term reversed",
                    why_false="Then the error is twice the change, of first order in $eta$.",
                    change={"lhs": sp.Abs(f_1(_POINT, W, eta, G) - f(_POINT, W) + _SLOPE)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="With the kernel at $bold(w)_(t+1)$ in place of $bold(w)_t$ the error is of second order too: to that order "
    "the two kernels cannot be told apart in one step.",
)

CLAIMS = (DS_ID_FSTEP,)
