"""The linearised two-layer network: when it is homogeneous in the weights, and how far it is from the network."""

from dataclasses import dataclass, replace
from typing import Self

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.expressions import relu, step
from derivations.sums import multiple_of
from derivations.two_layers import NotTwoLayersError, TwoLayers, z


def homogeneous(statement: Equation) -> Chain:
    """Derive f^lin(x; W) = ⟨∇f(x; W_0), W⟩ for a network whose activation satisfies σ(z) = z σ'(z).

    The first definition of the statement is that of f(x, W_0).
    """
    if obstacle := unfounded(statement) or ("" if statement.where else "the statement defines no network"):
        return Chain(steps=(), obstacle=obstacle)
    try:
        network = TwoLayers.read(*statement.where[0])
    except NotTwoLayersError as error:
        return Chain(steps=(), obstacle=str(error))
    activation, slope = network.activation.subs(z, network.inner), network.slope.subs(z, network.inner)
    brackets = network.over_neurons(activation - network.inner * slope)
    return Chain(
        steps=(
            check.cases(
                "activation",
                "The activation is its argument times its derivative.",
                network.activation,
                z * network.slope,
                z,
            ),
            network.gradient_step(statement.where[0][1]),
            check.finite_sums(
                "difference",
                "With this gradient the two sides differ by a sum over the neurons.",
                statement.lhs - statement.rhs,
                brackets,
                uses=("gradient",),
                expand=statement.expand,
            ),
            check.finite_sums(
                "brackets",
                "Every term of it vanishes.",
                brackets,
                sp.S.Zero,
                uses=("activation",),
                rewrite=lambda e: e.replace(relu, lambda argument: argument * step(argument)),
            ),
        )
    )


def quadratic_bound(statement: Equation) -> Chain:
    """Derive |f(x; W) - f^lin(x; W)| <= β/(2√m) ‖W - W_0‖² for an activation with |σ''| <= β.

    The first definition of the statement is that of f(x, W_0), the second that of f(x, W). The bounds on the read-out,
    the inputs and σ'' are those its domain declares.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        setting = _Setting.read(statement)
    except NotTwoLayersError as error:
        return Chain(steps=(), obstacle=str(error))
    network = setting.start
    return Chain(
        steps=(
            network.gradient_step(statement.where[0][1]),
            _difference(statement, setting),
            *_taylor(network.activation, setting.curvature),
            *_cauchy_schwarz(setting),
            *_assembled(statement, setting),
        )
    )


@dataclass(frozen=True)
class _Setting:
    """The network at both weights, and the bounds |readout| <= `readout`, ‖x‖² <= `inputs`, |σ''| <= `curvature`."""

    start: TwoLayers
    end: TwoLayers
    readout: sp.Expr
    inputs: sp.Expr
    curvature: sp.Expr

    @classmethod
    def read(cls, statement: Equation) -> Self:
        """Read everything off a statement. Raises NotTwoLayersError where something is missing."""
        if len(statement.where) < 2 or not isinstance(statement.lhs, sp.Abs):
            raise NotTwoLayersError("the statement does not bound the distance of two networks that it defines")
        start, end = (TwoLayers.read(*definition) for definition in statement.where[:2])
        if replace(end, weights=start.weights, inner=end.inner.xreplace({end.weights: start.weights})) != start:
            raise NotTwoLayersError("the two networks differ by more than their weights")
        sets = dict(statement.domain)

        def bound(quantity: sp.Expr, low: int) -> sp.Expr:
            values = sets.get(quantity)
            if not isinstance(values, sp.Interval) or values.inf != low * values.sup:
                raise NotTwoLayersError(f"the domain does not bound {quantity}")
            return values.sup

        return cls(
            start,
            end,
            bound(start.readout, -1),
            bound(sp.Sum(start.input**2, *start.inner.limits), 0),
            bound(sp.diff(start.activation, z, 2), -1),
        )

    @property
    def move(self) -> sp.Expr:
        """W_jk - W_0,jk."""
        ((k, _, _),) = self.start.inner.limits
        return self.end.weights[self.start.neurons[0], k] - self.start.weights[self.start.neurons[0], k]

    @property
    def change(self) -> sp.Expr:
        """The change of the pre-activation j."""
        return self.end.inner - self.start.inner

    @property
    def remainder(self) -> sp.Expr:
        """σ(z_j) - σ(z_0,j) - σ'(z_0,j)(z_j - z_0,j)."""
        return _remainder(self.start.activation, self.start.inner, self.change)


def _difference(statement: Equation, setting: _Setting) -> Step:
    """±(f - f^lin), the sign being the one that SymPy gave the argument of the absolute value."""
    expected = setting.start.over_neurons(setting.remainder)
    text = (
        "With this gradient the difference is, but for its sign, a sum over the neurons of remainders of first order."
    )
    inside = statement.lhs.args[0]
    steps = [
        check.finite_sums("difference", text, inside, side, uses=("gradient",), expand=statement.expand)
        for side in (expected, -expected)
    ]
    return next((step for step in steps if step.closed), steps[0])


def _remainder(activation: sp.Expr, start: sp.Expr, change: sp.Expr) -> sp.Expr:
    slope = sp.diff(activation, z).subs(z, start)
    return activation.subs(z, start + change) - activation.subs(z, start) - slope * change


def _taylor(activation: sp.Expr, curvature: sp.Expr) -> tuple[Step, ...]:
    """β h²/2 - c (σ(s + h) - σ(s) - σ'(s) h) >= 0 for |c| <= 1 and |σ''| <= β, by the remainder as an integral."""
    s, h, c = sp.symbols("s h c", real=True)
    theta = sp.Symbol("theta", nonnegative=True)
    slope, second = (sp.diff(activation, z, n).subs(z, s + theta * h) for n in (1, 2))
    along = (1 - theta) * h**2
    antiderivative = curvature * h**2 * (theta - theta**2 / 2) - c * (
        activation.subs(z, s + theta * h) + (1 - theta) * h * slope
    )
    gap = curvature * h**2 / 2 - c * _remainder(activation, s, h)
    split = ((1 - c) * (curvature + second) + (1 + c) * (curvature - second)) / 2
    return (
        check.derivative(
            "taylor-slope",
            "An antiderivative for the remainder of first order as an integral along $s + theta h$.",
            antiderivative,
            theta,
            along * (curvature - c * second),
        ),
        check.identity(
            "taylor-ends",
            "Its values at $theta = 1$ and $theta = 0$.",
            antiderivative.subs(theta, 1) - antiderivative.subs(theta, 0),
            gap,
        ),
        check.by_lemma(
            "taylor",
            "Hence the remainder $sigma(s + h) - sigma(s) - sigma'(s) h$ as an integral.",
            gap,
            sp.Integral(along * (curvature - c * second), (theta, 0, 1)),
            "fundamental theorem of calculus",
            uses=("taylor-slope", "taylor-ends"),
        ),
        check.identity("curvature", "The last factor in parts that are not negative.", curvature - c * second, split),
        check.nonnegative(
            "taylor-sign",
            "The integrand is not negative where $|c| <= 1$, $0 <= theta <= 1$ and $|sigma''| <= beta$; so neither "
            "is the integral.",
            along * split,
            uses=("taylor", "curvature"),
            given=(1 - theta, 1 - c, 1 + c, curvature + second, curvature - second),
            lemma="monotonicity of the integral",
        ),
    )


def _cauchy_schwarz(setting: _Setting) -> tuple[Step, ...]:
    """(z_j - z_0,j)² <= ‖x‖² ‖w_j - w_0,j‖², by Lagrange's identity."""
    network = setting.start
    ((k, low, high),) = network.inner.limits
    other = sp.Symbol("l" if k.name != "l" else "k", integer=True)
    x, v = network.input, setting.move
    gram = sp.Sum((x * v.subs(k, other) - x.subs(k, other) * v) ** 2, (k, low, high), (other, low, high)) / 2
    ranges = {network.neurons[0]: network.neurons[1:]}
    return (
        check.finite_sums(
            "cauchy-schwarz",
            "Lagrange's identity for the input and the change of one neuron's weights.",
            _squared(setting, x) * _squared(setting, v) - setting.change**2,
            gram,
            ranges=ranges,
        ),
        check.nonnegative("cauchy-schwarz-sign", "A sum of squares.", gram, uses=("cauchy-schwarz",)),
    )


def _squared(setting: _Setting, entry: sp.Expr) -> sp.Expr:
    return sp.Sum(entry**2, *setting.start.inner.limits)


def _assembled(statement: Equation, setting: _Setting) -> tuple[Step, ...]:
    """The right side - s (f - f^lin) as a sum of parts that are not negative, for s = 1 and s = -1."""
    network, half = setting.start, setting.curvature / 2
    weight, x2 = network.scale * setting.readout, _squared(setting, network.input)
    s, B, D, X = sp.symbols("s B D X", real=True)
    V, h, R = (sp.Function(name, real=True) for name in ("V", "h", "R"))
    j = network.neurons[0]
    total = sp.Sum(_squared(setting, setting.move), network.neurons)
    bound = statement.expand(statement.rhs)
    factor, slack = multiple_of(bound, total), weight * half * setting.inputs
    meaning = {V: _squared(setting, setting.move), h: setting.change, R: setting.remainder}

    def expand(expr: sp.Expr) -> sp.Expr:
        for name, formula in meaning.items():
            expr = expr.replace(name, sp.Lambda(j, formula))
        return expr.subs({B: bound, D: network.over_neurons(setting.remainder), X: x2})

    parts = (
        half * (setting.inputs - X) * V(j)
        + half * (X * V(j) - h(j) ** 2)
        + (half * h(j) ** 2 - s * network.readout / setting.readout * R(j))
    )
    return (
        check.finite_sums(
            "parts",
            'With $B$ for the right side of the statement, $D = f - f^"lin"$, $X = norm(x)^2$, $V = norm(w_i - '
            "w_(0,i))^2$, "
            "$h$ for the change of the pre-activation of neuron $i$ and $R$ for its remainder. For $s = plus.minus "
            "1$ each part is not negative: by $X <= 1$, by the Cauchy-Schwarz inequality, and by Taylor's formula "
            "with $c = s a_i$.",
            B - s * D,
            (factor - slack) * sp.Sum(V(j), network.neurons) + weight * sp.Sum(parts, network.neurons),
            uses=("difference", "taylor-sign", "cauchy-schwarz-sign"),
            expand=expand,
        ),
        check.nonnegative("weight-sign", "The parts are added with a weight that is not negative.", weight),
        check.nonnegative(
            "inputs-sign",
            "The hypothesis on the input.",
            half * (setting.inputs - x2) * V(j),
            given=(setting.inputs - x2, V(j)),
        ),
        check.nonnegative(
            "constant",
            "The constant of the bound is no less than what is needed.",
            sp.Add(factor, -slack, evaluate=False),
            uses=("parts",),
        ),
    )
