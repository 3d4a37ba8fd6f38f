"""One step of a smooth network at any input, told by the kernel of the start."""

import sympy as sp

from derivations import kernel_regime
from derivations.activations import sigma, sigma_prime_prime
from derivations.expressions import normal_cdf
from verify.claim import Certificate, Derivation, Form, Mutant, Point, Role
from verify.ledger._first_layer import SIZES, a, activation, d, ell, f, j, k, m, z
from verify.ledger._points import entries, family
from verify.statement import Inequality

N = sp.Symbol("N", integer=True, positive=True)
i, r = sp.symbols("i r", integer=True)
eta, beta = sp.symbols("eta beta", positive=True)
x, W, g, h, rho = (sp.IndexedBase(name, real=True) for name in ("x", "W", "g", "h", "rho"))
f_1, kernel = (sp.Function(name, real=True) for name in ("f_1", "k"))

_REAL = sp.S.Reals
_MOVED = W[r, ell] - eta / N * sp.Sum(rho[i] * g[i, r, ell], (i, 1, N))


def _network(weights: sp.Expr) -> sp.Expr:
    return sp.Sum(a[r] * sigma(sp.Sum(weights * x[ell], (ell, 1, d))), (r, 1, m)) / sp.sqrt(m)


_BEFORE = (f(x, W), _network(W[r, ell]))
_AFTER = (f_1(x, W, eta, rho, g), _network(_MOVED))
_KERNEL = (kernel(i), sp.Sum(sp.Derivative(f(x, W), W[j, k]) * g[i, j, k], (j, 1, m), (k, 1, d)))
_CHANGE = f_1(x, W, eta, rho, g) - f(x, W)
_TOLD = eta / N * sp.Sum(h[i] * rho[i], (i, 1, N))
_SQUARED_GRADIENT = sp.Sum(sp.Sum(rho[i] * g[i, r, ell], (i, 1, N)) ** 2, (ell, 1, d), (r, 1, m)) / N**2
_CURVED = beta * eta**2 / (2 * sp.sqrt(m)) * _SQUARED_GRADIENT
_KERNELS = eta / N * sp.sqrt(sp.Sum((kernel(i) - h[i]) ** 2, (i, 1, N))) * sp.sqrt(sp.Sum(rho[i] ** 2, (i, 1, N)))
_DOMAIN = (
    (N, sp.S.Naturals),
    *SIZES,
    (eta, sp.Interval.open(0, sp.oo)),
    (beta, sp.Interval.open(0, sp.oo)),
    (z, _REAL),
    (sigma_prime_prime(z), sp.Interval(-beta, beta)),
    (a[r], sp.Interval(-1, 1)),
    (x[ell], _REAL),
    (sp.Sum(x[ell] ** 2, (ell, 1, d)), sp.Interval(0, 1)),
    *((entry, _REAL) for entry in (W[j, k], g[i, j, k], h[i], rho[i])),
)


def _step(  # noqa: PLR0917 - the parts of one network and its step
    step: str,
    weights: list[list[str]],
    gradients: list[list[list[str]]],
    residuals: list[str],
    start: list[str],
    inputs: list[str],
    formula: sp.Expr,
    bound: str,
) -> Point:
    """`gradients` are those at the examples, `start` the kernel k_0 of the input and each example."""
    return {
        N: len(residuals),
        m: len(weights),
        d: len(inputs),
        eta: sp.Rational(step),
        beta: sp.Rational(bound),
        a: family(*(1, -1, 1)[: len(weights)]),
        W: entries(weights),
        x: family(*inputs),
        g: {(n, *at): value for n, rows in enumerate(gradients, start=1) for at, value in entries(rows).items()},
        rho: family(*residuals),
        h: family(*start),
        **activation(formula),
    }


_PARABOLA = beta * z**2 / 2
_STEPS: tuple[Point, ...] = (
    _step("1/10", [["1", "0"]], [[["3", "4"]]], ["1"], ["10"], ["3/5", "4/5"], _PARABOLA, "2"),
    _step(
        "1/2",
        [["1", "-2"], ["1/3", "1"]],
        [[["1", "1"], ["-2", "1/2"]], [["0", "1"], ["1", "1"]]],
        ["1", "-1/2"],
        ["1/3", "1"],
        ["1/2", "1/2"],
        sp.tanh(z),
        "77/100",
    ),
    _step("2", [["1"], ["-1"]], [[["1"], ["1/2"]]], ["-2"], ["0"], ["1"], normal_cdf(z), "1/4"),
    _step("1/10", [["1/3"]], [[["1"]], [["-1"]]], ["1", "1"], ["1", "-1"], ["1"], sp.sin(z), "1"),
)
"""The bound is attained at the first."""

SETTING = (
    "At any input: $f(bold(x); bold(w)) = 1\\/sqrt(m) sum_r a_r sigma(bold(w)_r dot bold(x))$ with $|a_r| <= 1$, "
    "$|sigma''| <= beta$, $norm(bold(x)) <= 1$, the first layer trained by the step $-eta\\/N sum_i rho_i g_i$. For "
    "gradient descent on $1\\/(2 N) sum_i (f(bold(x)_i) - y_i)^2$ $rho_i = f(bold(x)_i; bold(w)_t) - y_i$ and $g_i = "
    "nabla_bold(w) f(bold(x)_i; bold(w)_t)$, so $k(i) = k_(bold(w)_t) (bold(x), bold(x)_i)$; $h_i = k_0 (bold(x), "
    "bold(x)_i)$, and $f_1$ is the prediction after the step. The form holds for any numbers $rho_i$, $g_i$ and $h_i$."
)

ANY_INPUT = Form(
    role=Role.TESTED,
    remark="What is printed, at any input: the error of one step is of second order in $eta$, but for what the kernel "
    "has moved since the start.",
    statement=Inequality(
        lhs=sp.Abs(_CHANGE + _TOLD),
        rhs=_CURVED + _KERNELS,
        where=(_BEFORE, _AFTER, _KERNEL),
        domain=_DOMAIN,
    ),
    routes=(
        Derivation(
            name="Taylor's formula and the Cauchy-Schwarz inequality",
            derive=kernel_regime.at_any_input,
            spots=_STEPS[:3],
        ),
        Certificate(name="balls at small networks", points=_STEPS),
    ),
    mutants=(
        Mutant(
            name="of second order alone",
            why_false="The kernel of the start is not that of the step.",
            change={"rhs": _CURVED},
        ),
        Mutant(
            name="half of what the kernels differ by",
            why_false="With one example all of it is added.",
            change={"rhs": _CURVED + _KERNELS / 2},
        ),
        Mutant(
            name="of third order but for the kernels",
            why_false="For a parabola and a step along the input the bound is attained, at any $eta < 1$.",
            change={"rhs": eta * _CURVED + _KERNELS},
        ),
        Mutant(
            name="up the gradient",
            why_false="Then the error is of first order even with the right kernel.",
            change={"lhs": sp.Abs(_CHANGE - _TOLD)},
        ),
    ),
)
