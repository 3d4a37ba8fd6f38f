"""The mean of the empirical NTK of a network with one hidden layer, from its gradient.

The network has m hidden neurons, n_0 inputs, a factor β on the biases, and all parameters independent N(0, 1):

    f(x) = (1/√m) Σ_k a_k σ(z_k(x)) + β b_0,    z_k(x) = (1/√n_0) Σ_l w_kl x_l + β b_k.

The mean of ⟨∇f(x), ∇f(x')⟩ over the parameters does not depend on m, so it is the limit for m → ∞ too. Without the
factors 1/√m and 1/√n_0 it is a constant times m, but for the bias b_0.
"""

from dataclasses import dataclass

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import by_lemma, consequence, finite_sums
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect
from derivations.normal_form import normal_form

X, Y = sp.symbols("X Y", positive=True)
rho = sp.Symbol("rho", real=True)
beta = sp.Symbol("beta", nonnegative=True)
COVARIANCE = sp.ImmutableMatrix([[X**2 + beta**2, X * Y * rho + beta**2], [X * Y * rho + beta**2, Y**2 + beta**2]])
"""The covariance of (z_k(x), z_k(x')), for ‖x‖²/n_0 = X², ‖x'‖²/n_0 = Y² and x·x'/n_0 = XYρ.

Without the factor 1/√n_0 it is that for ‖x‖ = X, ‖x'‖ = Y and x·x' = XYρ.
"""

m, _n = sp.symbols("m n_0", integer=True, positive=True)
_k, _l = sp.symbols("k l", integer=True)
_w, _a, _b, _x, _y = (sp.IndexedBase(name, real=True) for name in ("w", "a", "b", "x", "x_prime"))
_b_0, _alpha = sp.symbols("b_0 a", real=True)
_RANGES = {_k: (sp.S.One, m), _l: (sp.S.One, _n)}
_E, _Z, _Z_PRIME = sp.Function("E"), sp.Function("z"), sp.Function("z_prime")
"""E is the mean over all parameters; z(k) and z'(k) are the preactivations z_k(x) and z_k(x')."""
_SQUARE = Expect(_alpha**2, (_alpha,), [[1]])


@dataclass(frozen=True)
class _Factors:
    """What the sums over the inputs and over the neurons are multiplied by."""

    inner: sp.Expr
    outer: sp.Expr

    @property
    def covariance(self) -> sp.Expr:
        """The covariance of z_k(x) and z_k(x') less β²."""
        return self.inner**2 * sp.Sum(_x[_l] * _y[_l], (_l, 1, _n))

    def preactivation(self, x: sp.IndexedBase) -> sp.Expr:
        """z_k(x)."""
        return self.inner * sp.Sum(_w[_k, _l] * x[_l], (_l, 1, _n)) + beta * _b[_k]


def derive(statement: Equation) -> Chain:
    """Derive an identity whose left side is the mean kernel, for whatever activation the statement is about.

    The gradient is taken for any number of neurons and inputs; the mean that follows from it is compared with the
    left side of the statement, its definitions put in, and then the two sides with each other.
    """
    return _derive(statement, _Factors(1 / sp.sqrt(_n), 1 / sp.sqrt(m)))


def derive_unscaled(statement: Equation) -> Chain:
    """Derive an identity whose left side is the mean kernel of the network without the factors 1/√m and 1/√n_0."""
    return _derive(statement, _Factors(sp.S.One, sp.S.One))


def _derive(statement: Equation, factors: _Factors) -> Chain:
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs = statement.expand(statement.lhs)
    activation = _Activation.read(lhs, factors)
    if activation is None:
        return Chain(steps=(), obstacle="the left side is not about E[σ(u)σ(v)] and E[σ'(u)σ'(v)] over the first layer")
    steps, values = _on_line(_SQUARE + lhs + statement.expand(statement.rhs))
    defined = consequence(
        "definition",
        "The left side of the statement is the mean of the inner product, the four contributions together.",
        statement.lhs,
        activation.mean(),
        values,
        definitions=statement.where,
    )
    text = "With all definitions put in, the two sides agree."
    final = consequence("statement", text, statement.lhs, statement.rhs, values, definitions=statement.where)
    return Chain(steps=(*activation.gradient(), *activation.products(), *activation.means(), *steps, defined, final))


def _on_line(expr: sp.Expr) -> tuple[list[Step], list[Step]]:
    """The steps that compute the expectations over one variable in an expression, and those that state the values."""
    steps, values = [], []
    nodes = sorted((node for node in expr.atoms(Expect) if len(node.variables) == 1), key=sp.default_sort_key)
    for number, node in enumerate(nodes, 1):
        found = expectation_on_line(f"line-{number}", node)
        if found is not None:
            computed, value = found
            values.append(consequence(f"line-{number}", "The two together.", node, value, computed))
            steps += [*computed, values[-1]]
    return steps, values


@dataclass(frozen=True)
class _Activation:
    """An activation and its derivative, as functions of a number, with their expectations in the statement."""

    sigma: sp.Lambda
    slope: sp.Lambda
    values: Expect
    """E[σ(u)σ(v)]."""
    slopes: Expect
    """E[σ'(u)σ'(v)]."""
    factors: _Factors

    @classmethod
    def read(cls, expr: sp.Expr, of: _Factors) -> "_Activation | None":
        """Find the two expectations over (z_k(x), z_k(x')) in an expression."""
        pairs = [node for node in sorted(expr.atoms(Expect), key=sp.default_sort_key) if _is_over_first_layer(node)]
        factors = [(factor, node) for node in pairs if (factor := _factor(node)) is not None]
        for sigma, values in factors:
            for slope, slopes in factors:
                (u,) = sigma.variables
                if values != slopes and normal_form(sp.diff(sigma(u), u) - slope(u)) == 0:
                    return cls(sigma, slope, values, slopes, of)
        return None

    def output(self) -> sp.Expr:
        """f(x)."""
        neurons = sp.Sum(_a[_k] * self.sigma(self.factors.preactivation(_x)), (_k, 1, m))
        return self.factors.outer * neurons + beta * _b_0

    def partials(self, z: sp.Expr, x: sp.IndexedBase) -> dict[str, tuple[sp.Expr, sp.Expr]]:
        """Every kind of parameter with the partial derivative of f(x) by it, z being z_k(x)."""
        outer = self.factors.outer * _a[_k] * self.slope(z)
        return {
            "read-out-weight": (_a[_k], self.factors.outer * self.sigma(z)),
            "weight": (_w[_k, _l], self.factors.inner * outer * x[_l]),
            "bias": (_b[_k], outer * beta),
            "read-out-bias": (_b_0, beta),
        }

    def gradient(self) -> tuple[Step, ...]:
        """The partial derivatives of the network, for any m and n_0."""
        text = "The derivative of the network by a parameter of this kind."
        return tuple(
            finite_sums(
                f"by-{name}",
                text,
                sp.Derivative(self.output(), variable),
                partial,
                ranges=_RANGES,
                definitions=((_Z(_k), self.factors.preactivation(_x)),),
            )
            for name, (variable, partial) in self.partials(_Z(_k), _x).items()
        )

    def products(self) -> tuple[Step, ...]:
        """The inner product of the gradients at x and x', one kind of parameter after the other."""
        pairs, slopes = (self.factors.outer**2 * sp.Sum(f, (_k, 1, m)) for f in (self.pair(), self.slope_pair()))
        here, there = (self.partials(z(_k), x).values() for z, x in ((_Z, _x), (_Z_PRIME, _y)))
        kinds = {
            "read-out weights": (((_k, 1, m),), pairs),
            "weights": (((_l, 1, _n), (_k, 1, m)), self.factors.covariance * slopes),
            "biases": (((_k, 1, m),), beta**2 * slopes),
            "read-out bias": ((), beta**2),
        }
        return tuple(
            finite_sums(
                f"product-{name.replace(' ', '-')}",
                f"The contribution of the {name} to the inner product; $z'(k)$ is $z(k)$ at $x'$.",
                sp.Sum(one * other, *limits) if limits else one * other,
                total,
            )
            for (name, (limits, total)), (_, one), (_, other) in zip(kinds.items(), here, there, strict=True)
        )

    def pair(self) -> sp.Expr:
        """σ(z_k) σ(z'_k)."""
        return self.sigma(_Z(_k)) * self.sigma(_Z_PRIME(_k))

    def slope_pair(self) -> sp.Expr:
        """a_k² σ'(z_k) σ'(z'_k)."""
        return _a[_k] ** 2 * self.slope(_Z(_k)) * self.slope(_Z_PRIME(_k))

    def means(self) -> tuple[Step, ...]:
        """The law of what the inner product is made of, and the means of the sums in it."""
        law = (
            by_lemma(
                "values",
                f"So $z(k)$ and $z'(k)$ are a Gaussian pair with these covariances, where {self._inputs()}.",
                _E(self.pair()),
                self.values,
                "linear image of a Gaussian",
                uses=("covariance",),
            ),
            by_lemma(
                "slopes",
                "The read-out weight $a_k$ is independent of that pair.",
                _E(self.slope_pair()),
                _SQUARE * self.slopes,
                "independence",
                uses=("covariance",),
            ),
        )
        square = self.factors.outer**2
        text = "The mean is the same for every neuron, so that " + (
            "it does not depend on $m$." if square == 1 / m else "the sum is proportional to $m$."
        )
        means = [
            finite_sums(
                f"mean-{step.id}", text, square * sp.Sum(step.lhs, (_k, 1, m)), m * square * step.rhs, of=(step,)
            )
            for step in law
        ]
        return (*_covariance(self.factors), *law, *means)

    def _inputs(self) -> str:
        """The norms of the inputs and their inner product."""
        number = "" if self.factors.inner == 1 else "n_0 "
        return f"$norm(x)^2 = {number}X^2$, $norm(x')^2 = {number}Y^2$ and $x dot.op x' = {number}X Y rho$"

    def mean(self) -> sp.Expr:
        """E[σ(u)σ(v)] + E[a²] E[σ'(u)σ'(v)] (XYρ + β²) + β²; without the factors m times that, but for the last β²."""
        of_a_neuron = self.values + _SQUARE * self.slopes * (X * Y * rho + beta**2)
        return m * self.factors.outer**2 * of_a_neuron + beta**2


def _covariance(factors: _Factors) -> tuple[Step, ...]:
    """The covariance of z_k(x) and z_k(x'), from the coefficients of the parameters in them."""
    by_weight, by_bias = factors.inner * _x[_l], beta
    linear = [
        finite_sums(
            f"coefficient-{number}",
            f"The coefficient of {name} in $z(k)$, which is linear in the parameters.",
            sp.Derivative(factors.preactivation(_x), parameter),
            coefficient,
            ranges=_RANGES,
        )
        for number, (name, parameter, coefficient) in enumerate(
            (("a weight", _w[_k, _l], by_weight), ("the bias", _b[_k], by_bias)), 1
        )
    ]
    total = finite_sums(
        "covariance",
        "The covariance of $z(k)$ and $z'(k)$, as the parameters are independent with variance 1; the variances are "
        "the cases $x' = x$.",
        sp.Sum(by_weight * by_weight.subs(_x, _y), (_l, 1, _n)) + by_bias**2,
        factors.covariance + beta**2,
        uses=[step.id for step in linear],
    )
    return (*linear, total)


def _is_over_first_layer(node: Expect) -> bool:
    return node.covariance.shape == (2, 2) and all(normal_form(d) == 0 for d in node.covariance - COVARIANCE)


def _factor(node: Expect) -> sp.Lambda | None:
    """The function f for which the integrand is f(u)f(v)."""
    u, v = node.variables
    constant, of_both = node.integrand.as_independent(u, v, as_Add=False)
    of_u = of_both.as_independent(v, as_Add=False)[0]
    factor = sp.Lambda(u, sp.sqrt(constant) * of_u)
    return factor if constant.is_positive and normal_form(factor(u) * factor(v) - node.integrand) == 0 else None
