"""The mean of the empirical NTK of a network with one hidden layer, from its gradient.

The network has m hidden neurons, n_0 inputs, a factor β on the biases, and all parameters independent N(0, 1):

    f(x) = (1/√m) Σ_k a_k σ(z_k(x)) + β b_0,    z_k(x) = (1/√n_0) Σ_l w_kl x_l + β b_k.

The mean of ⟨∇f(x), ∇f(x')⟩ over the parameters does not depend on m, so it is the limit for m → ∞ too.
"""

from dataclasses import dataclass

import sympy as sp

from derivations.chain import Chain, Rule, Step
from derivations.check import by_lemma, consequence, finite_sums
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.normal_form import normal_form

X, Y = sp.symbols("X Y", positive=True)
rho = sp.Symbol("rho", real=True)
beta = sp.Symbol("beta", nonnegative=True)
COVARIANCE = sp.ImmutableMatrix([[X**2 + beta**2, X * Y * rho + beta**2], [X * Y * rho + beta**2, Y**2 + beta**2]])
"""The covariance of (z_k(x), z_k(x')), for ‖x‖²/n_0 = X², ‖x'‖²/n_0 = Y² and x·x'/n_0 = XYρ."""

_m, _n = sp.symbols("m n_0", integer=True, positive=True)
_k, _l = sp.symbols("k l", integer=True)
_w, _a, _b, _x, _y = (sp.IndexedBase(name, real=True) for name in ("w", "a", "b", "x", "x_prime"))
_b_0, _alpha = sp.symbols("b_0 a", real=True)
_RANGES = {_k: (sp.S.One, _m), _l: (sp.S.One, _n)}
_E = sp.Function("E")
_inner = sp.Sum(_x[_l] * _y[_l], (_l, 1, _n)) / _n
_SQUARE = Expect(_alpha**2, (_alpha,), [[1]])


def derive(statement: Equation) -> Chain:
    """Derive an identity whose left side is the mean kernel, for whatever activation the statement is about.

    The gradient is taken for any number of neurons and inputs; the mean that follows from it is compared with the
    left side of the statement, its definitions put in, and then the two sides with each other.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    activation = _Activation.read(lhs)
    if activation is None:
        return Chain(steps=(), obstacle="the left side is not about E[σ(u)σ(v)] and E[σ'(u)σ'(v)] over the first layer")
    square, _ = expectation_on_line("square", _SQUARE) or ((), None)
    one = consequence("read-out", "The read-out weights have variance 1.", _SQUARE, sp.S.One, square)
    defined = Step(
        id="definition",
        rule=Rule.IDENTITY,
        text="The left side of the statement is this mean, with $norm(x)^2 = n_0 X^2$, $norm(x')^2 = n_0 Y^2$ and "
        "$x dot.op x' = n_0 X Y rho$.",
        lhs=statement.lhs,
        rhs=activation.mean(X * Y * rho),
        residual=normal_form(lhs - activation.mean(X * Y * rho)),
        uses=("mean",),
    )
    final = consequence("statement", "Put into the statement.", lhs, rhs, (one,))
    return Chain(steps=(*activation.gradient(), *activation.kernel(), *square, one, defined, final))


@dataclass(frozen=True)
class _Activation:
    """An activation and its derivative, as functions of a number, with their expectations in the statement."""

    sigma: sp.Lambda
    slope: sp.Lambda
    values: Expect
    """E[σ(u)σ(v)]."""
    slopes: Expect
    """E[σ'(u)σ'(v)]."""

    @classmethod
    def read(cls, expr: sp.Expr) -> "_Activation | None":
        """Find the two expectations over (z_k(x), z_k(x')) in an expression."""
        pairs = [node for node in sorted(expr.atoms(Expect), key=sp.default_sort_key) if _is_over_first_layer(node)]
        factors = [(factor, node) for node in pairs if (factor := _factor(node)) is not None]
        for sigma, values in factors:
            for slope, slopes in factors:
                (u,) = sigma.variables
                if values != slopes and normal_form(sp.diff(sigma(u), u) - slope(u)) == 0:
                    return cls(sigma, slope, values, slopes)
        return None

    def pre(self, x: sp.IndexedBase) -> sp.Expr:
        """z_k(x)."""
        return sp.Sum(_w[_k, _l] * x[_l], (_l, 1, _n)) / sp.sqrt(_n) + beta * _b[_k]

    def output(self, x: sp.IndexedBase) -> sp.Expr:
        """f(x)."""
        return sp.Sum(_a[_k] * self.sigma(self.pre(x)), (_k, 1, _m)) / sp.sqrt(_m) + beta * _b_0

    def partials(self, x: sp.IndexedBase) -> dict[str, tuple[sp.Expr, sp.Expr]]:
        """Every kind of parameter with the partial derivative of f(x) by it."""
        outer = _a[_k] * self.slope(self.pre(x)) / sp.sqrt(_m)
        return {
            "read-out-weight": (_a[_k], self.sigma(self.pre(x)) / sp.sqrt(_m)),
            "weight": (_w[_k, _l], outer * x[_l] / sp.sqrt(_n)),
            "bias": (_b[_k], outer * beta),
            "read-out-bias": (_b_0, beta),
        }

    def gradient(self) -> tuple[Step, ...]:
        """The partial derivatives of the network, for any m and n_0."""
        text = "The derivative of the network by a parameter of this kind."
        return tuple(
            finite_sums(f"by-{name}", text, sp.Derivative(self.output(_x), variable), partial, ranges=_RANGES)
            for name, (variable, partial) in self.partials(_x).items()
        )

    def kernel(self) -> tuple[Step, ...]:
        """The inner product of two gradients, the law of what it is made of, and its mean."""
        here, there = ([partial for _, partial in self.partials(x).values()] for x in (_x, _y))
        by_read_out, by_weight, by_bias, by_last = (one * other for one, other in zip(here, there, strict=True))
        neurons = sp.Sum(by_read_out, (_k, 1, _m)) + sp.Sum(by_bias, (_k, 1, _m))
        product = neurons + sp.Sum(by_weight, (_l, 1, _n), (_k, 1, _m)) + by_last
        values = self.sigma(self.pre(_x)) * self.sigma(self.pre(_y))
        slopes = self.slope(self.pre(_x)) * self.slope(self.pre(_y))
        neuron = values + _a[_k] ** 2 * slopes * (_inner + beta**2)
        mean = self.values + _SQUARE * self.slopes * (_inner + beta**2)
        by_weights, by_biases = (
            sp.Derivative(self.pre(_x), name) * sp.Derivative(self.pre(_y), name) for name in (_w[_k, _l], _b[_k])
        )
        return (
            finite_sums(
                "inner-product",
                "The inner product of the gradients at $x$ and $x'$, summed over all parameters.",
                product,
                sp.Sum(neuron, (_k, 1, _m)) / _m + beta**2,
            ),
            finite_sums(
                "covariance",
                "The covariance of $z_k (x)$ and $z_k (x')$, which are linear in independent standard normal "
                "parameters; the variances are the cases $x' = x$.",
                sp.Sum(by_weights, (_l, 1, _n)) + by_biases,
                _inner + beta**2,
                ranges=_RANGES,
            ),
            by_lemma(
                "values",
                "So $(z_k (x), z_k (x'))$ is a Gaussian pair.",
                _E(values),
                self.values,
                "linear image of a Gaussian",
                uses=("covariance",),
            ),
            by_lemma(
                "slopes",
                "The read-out weight $a_k$ is independent of that pair.",
                _E(_a[_k] ** 2 * slopes),
                _SQUARE * self.slopes,
                "independence",
                uses=("covariance",),
            ),
            finite_sums(
                "mean",
                "The mean is the same for every neuron, so that the mean of the inner product does not depend on $m$.",
                sp.Sum(mean, (_k, 1, _m)) / _m + beta**2,
                self.mean(_inner),
                uses=("inner-product", "values", "slopes"),
            ),
        )

    def mean(self, inner: sp.Expr) -> sp.Expr:
        """The mean kernel, for x·x'/n_0 = inner."""
        return self.values + _SQUARE * self.slopes * (inner + beta**2) + beta**2


def _is_over_first_layer(node: Expect) -> bool:
    return node.covariance.shape == (2, 2) and all(normal_form(d) == 0 for d in node.covariance - COVARIANCE)


def _factor(node: Expect) -> sp.Lambda | None:
    """The function f for which the integrand is f(u)f(v), with f(1) > 0."""
    u, v = node.variables
    at_one = sp.sqrt(node.integrand.subs({u: 1, v: 1}))
    if not at_one.is_positive:
        return None
    factor = sp.Lambda(u, node.integrand.subs(v, 1) / at_one)
    return factor if normal_form(factor(u) * factor(v) - node.integrand) == 0 else None
