"""The linearised two-layer network: when it is homogeneous in the weights, and how far it is from the network."""

from dataclasses import dataclass, replace
from typing import Self

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
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
    text = "The activation is its argument times its derivative."
    pieces = check.cases("activation", text, network.activation, z * network.slope, z)
    difference = check.finite_sums(
        "difference",
        "With this gradient the two sides differ by a sum over the neurons.",
        statement.lhs - statement.rhs,
        brackets,
        uses=("gradient",),
        definitions=statement.where,
    )
    vanishing = check.finite_sums(
        "brackets", "Every term of it vanishes.", brackets, sp.S.Zero, of=(pieces,), every=(z,)
    )
    text = "So the two sides agree."
    equal = check.consequence("statement", text, statement.lhs, statement.rhs, (difference, vanishing))
    return Chain(steps=(pieces, network.gradient_step(statement.where[0][1]), difference, vanishing, equal))


def quadratic_bound(statement: Equation) -> Chain:
    """Derive |f(x; W) - f^lin(x; W)| <= β/(2√m) ‖W - W_0‖² for an activation with |σ''| <= β.

    The first definition of the statement is that of f(x, W_0), the second that of f(x, W), where W may stand as W_0 and
    what it changes by. The bounds on the read-out, the inputs and σ'' are those its domain declares.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        setting = Setting.read(statement)
    except NotTwoLayersError as error:
        return Chain(steps=(), obstacle=str(error))
    difference = _difference(statement, setting)
    turned = 1 if difference.rhs == setting.start.over_neurons(setting.remainder) else -1
    return Chain(
        steps=(
            setting.start.gradient_step(statement.where[0][1]),
            difference,
            *_assembled(statement, setting, turned),
        )
    )


@dataclass(frozen=True)
class Setting:
    """The network at both weights, and the bounds |readout| <= `readout`, ‖x‖² <= `inputs`, |σ''| <= `curvature`."""

    start: TwoLayers
    end: TwoLayers
    move: sp.Expr
    """What the weights change by, W_jk - W_0,jk, in the indices of the neuron and of the pre-activation's sum."""
    readout: sp.Expr
    inputs: sp.Expr
    curvature: sp.Expr

    @classmethod
    def read(cls, statement: Equation, *, both_layers: bool = False) -> Self:
        """Read everything off a statement, whose networks may differ in the read-out too if `both_layers`.

        Raises NotTwoLayersError where something is missing.
        """
        if len(statement.where) < 2 or not isinstance(statement.lhs, sp.Abs):
            raise NotTwoLayersError("the statement does not bound the distance of two networks that it defines")
        start, end = (TwoLayers.read(*definition) for definition in statement.where[:2])
        readout = start.readout if both_layers else end.readout
        alike = replace(end, weights=start.weights, inner=start.inner, readout=readout)
        if alike != start or end.inner.limits != start.inner.limits:
            raise NotTwoLayersError("the two networks differ by more than their weights")
        move = sp.cancel((end.inner.function - start.inner.function) / start.input)
        if move.has(*start.input.atoms(sp.IndexedBase)):
            raise NotTwoLayersError("the two pre-activations differ by more than the weights")
        sets = dict(statement.domain)

        def bound(quantity: sp.Expr, low: int) -> sp.Expr:
            values = sets.get(quantity)
            if not isinstance(values, sp.Interval) or values.inf != low * values.sup:
                raise NotTwoLayersError(f"the domain does not bound {quantity}")
            return values.sup

        return cls(
            start,
            end,
            sp.expand(move),
            bound(start.readout, -1),
            bound(sp.Sum(start.input**2, *start.inner.limits), 0),
            bound(sp.diff(start.activation, z, 2), -1),
        )

    @property
    def change(self) -> sp.Expr:
        """The change of the pre-activation j."""
        return self.end.inner - self.start.inner

    def weight_of(self, sign: int) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """The weight c = ±a_j/A and the nonnegative A(1 - c), A(1 + c)."""
        readout = sign * self.start.readout
        return readout / self.readout, self.readout - readout, self.readout + readout

    @property
    def remainder(self) -> sp.Expr:
        """σ(z_j) - σ(z_0,j) - σ'(z_0,j)(z_j - z_0,j)."""
        return _remainder(self.start.activation, self.start.inner, self.change)


def _difference(statement: Equation, setting: Setting) -> Step:
    """±(f - f^lin), the sign being the one that SymPy gave the argument of the absolute value."""
    expected = setting.start.over_neurons(setting.remainder)
    text = (
        "With this gradient the difference is, but for its sign, a sum over the neurons of remainders of first order."
    )
    inside = statement.lhs.args[0]
    steps = [
        check.finite_sums("difference", text, inside, side, uses=("gradient",), definitions=statement.where)
        for side in (expected, -expected)
    ]
    return next((step for step in steps if step.closed), steps[0])


def _remainder(activation: sp.Expr, start: sp.Expr, change: sp.Expr) -> sp.Expr:
    slope = sp.diff(activation, z).subs(z, start)
    return activation.subs(z, start + change) - activation.subs(z, start) - slope * change


def _taylor(setting: Setting, sign: int) -> tuple[Step, ...]:
    """β h²/2 - c (σ(s + h) - σ(s) - σ'(s) h) >= 0 for c = ±a_j/A, |a_j| <= A and |σ''| <= β; last, at the neuron j.

    The remainder is written as an integral.
    """
    activation, curvature = setting.start.activation, setting.curvature
    name, (c, below, above) = _side("taylor", sign), setting.weight_of(sign)
    s, h = sp.symbols("s h", real=True)
    theta = sp.Symbol("theta", nonnegative=True)
    slope, second = (sp.diff(activation, z, n).subs(z, s + theta * h) for n in (1, 2))
    along = (1 - theta) * h**2
    antiderivative = curvature * h**2 * (theta - theta**2 / 2) - c * (
        activation.subs(z, s + theta * h) + (1 - theta) * h * slope
    )
    gap = curvature * h**2 / 2 - c * _remainder(activation, s, h)
    split = (below * (curvature + second) + above * (curvature - second)) / (2 * setting.readout)
    integral = sp.Integral(along * (curvature - c * second), (theta, 0, 1))
    remainder = check.by_lemma(
        name,
        "Hence the remainder $sigma(s + h) - sigma(s) - sigma'(s) h$ as an integral.",
        gap,
        integral,
        "fundamental theorem of calculus",
        uses=(f"{name}-slope", f"{name}-ends"),
    )
    factors = check.integrands(
        f"{name}-factors",
        "The integrand in parts that are not negative.",
        integral,
        sp.Integral(along * split, (theta, 0, 1)),
    )
    sign_of_integral = check.nonnegative_integral(
        f"{name}-integral",
        "The integrand is not negative where $|a_j| <= A$ and $|sigma''| <= beta$, which are hypotheses.",
        factors.rhs,
        given=(below, above, curvature + second, curvature - second),
    )
    text = "So the remainder is bounded on one side."
    bound = check.inequality(f"{name}-sign", text, -gap, 0, ((1, sign_of_integral),), of=(remainder, factors))
    at = {s: setting.start.inner, h: setting.change}
    return (
        check.derivative(
            f"{name}-slope",
            "An antiderivative for the remainder of first order as an integral along $s + theta h$.",
            antiderivative,
            theta,
            along * (curvature - c * second),
        ),
        check.identity(
            f"{name}-ends",
            "Its values at $theta = 1$ and $theta = 0$.",
            antiderivative.subs(theta, 1) - antiderivative.subs(theta, 0),
            gap,
        ),
        remainder,
        factors,
        sign_of_integral,
        bound,
        check.instance(f"{name}-neuron", "At one neuron.", gap.subs(at, simultaneous=True), sp.S.Zero, bound, at),
    )


def _side(name: str, sign: int) -> str:
    return f"{name}-{'above' if sign > 0 else 'below'}"


def cauchy_schwarz(setting: Setting) -> tuple[Step, ...]:
    """(z_j - z_0,j)² <= ‖x‖² ‖w_j - w_0,j‖², by Lagrange's identity."""
    network = setting.start
    ((k, low, high),) = network.inner.limits
    other = sp.Symbol("l" if k.name != "l" else "k", integer=True)
    x, v = network.input, setting.move
    gram = sp.Sum((x * v.subs(k, other) - x.subs(k, other) * v) ** 2, (k, low, high), (other, low, high)) / 2
    sign = check.nonnegative("cauchy-schwarz-sign", "A sum of squares.", gram)
    return (
        sign,
        check.inequality(
            "cauchy-schwarz",
            "Lagrange's identity for the input and the change of one neuron's weights.",
            setting.change**2,
            squared(setting, x) * squared(setting, v),
            ((1, sign),),
        ),
    )


def squared(setting: Setting, entry: sp.Expr) -> sp.Expr:
    """Σ_k entry_k², over the inputs of a neuron."""
    return sp.Sum(entry**2, *setting.start.inner.limits)


def _assembled(statement: Equation, setting: Setting, turned: int) -> tuple[Step, ...]:
    """The right side ∓ (f - f^lin) as sums of parts that are not negative, and with them the statement.

    What stands in the absolute value is `turned`, 1 or -1, times f - f^lin.
    """
    network, half = setting.start, setting.curvature / 2
    weight, lengths = network.scale * setting.readout, squared(setting, setting.move)
    scale, direction = setting.move.as_independent(sp.Indexed, as_Add=False)
    total = sp.Sum(squared(setting, direction), network.neurons)
    factor, slack = multiple_of(statement.expand(statement.rhs), total), weight * half * setting.inputs * scale**2
    gap = setting.inputs - squared(setting, network.input)
    text = "The constant of the bound is no less than what is needed."
    constant = check.nonnegative("constant", text, sp.Add(factor, -slack, evaluate=False))
    inputs = check.nonnegative("inputs-sign", "The hypothesis on the input.", gap, given=(gap,))
    schwarz = cauchy_schwarz(setting)
    found: list[Step] = [constant, inputs, *schwarz]
    sides: list[Step] = []
    for sign in (1, -1):
        taylor = _taylor(setting, sign * turned)
        found += taylor
        sides.append(
            check.inequality(
                _side("side", sign),
                'The right side minus, or plus, $f - f^"lin"$ is a sum of parts that are not negative: by the '
                "constant, by $norm(x) <= 1$, by the Cauchy-Schwarz inequality, and by Taylor's formula.",
                sign * statement.lhs.args[0],
                statement.rhs,
                (
                    (total, constant),
                    (weight * half * lengths, inputs, network.neurons),
                    (weight * half, schwarz[-1], network.neurons),
                    (weight, taylor[-1], network.neurons),
                ),
                definitions=statement.where,
            )
        )
    text = "So the absolute value is bounded."
    bound = check.absolute_value("bound", text, statement.lhs, statement.rhs, above=sides[0], below=sides[1])
    return (*found, *sides, bound)
