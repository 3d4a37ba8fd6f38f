"""The linearised two-layer network: when it is homogeneous in the weights, and how far it is from the network."""

from dataclasses import dataclass

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.expressions import relu, step
from derivations.two_layers import NotTwoLayers, TwoLayers, z


def homogeneous(statement: Equation) -> Chain:
    """Derive f^lin(x; W) = ⟨∇f(x; W_0), W⟩ for a network whose activation satisfies σ(z) = z σ'(z).

    The first definition of the statement is that of f(x, W_0).
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        name, meaning = statement.where[0]
        network = TwoLayers.read(meaning, name.args[-1])
    except NotTwoLayers as error:
        return Chain(steps=(), obstacle=str(error))

    def bracket(j: sp.Symbol) -> sp.Expr:
        z = network.preactivation(j)
        return network.activation.subs(z, z) - z * network.slope().subs(z, z)

    return Chain(
        steps=(
            check.cases(
                "activation",
                "The activation is its argument times its derivative.",
                network.activation,
                z * network.slope(),
                z,
            ),
            network.gradient_step(meaning),
            check.finite_sums(
                "difference",
                "With this gradient the two sides differ by a sum over the neurons.",
                statement.lhs - statement.rhs,
                network.over_neurons(bracket),
                uses=("gradient",),
                expand=statement.expand,
            ),
            check.finite_sums(
                "brackets",
                "Every bracket vanishes.",
                network.over_neurons(bracket),
                sp.S.Zero,
                uses=("activation",),
                rewrite=lambda e: e.replace(relu, lambda z: z * step(z)),
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
        return _quadratic_bound(statement)
    except NotTwoLayers as error:
        return Chain(steps=(), obstacle=str(error))


@dataclass(frozen=True)
class _Bounds:
    """What the domain of a statement declares: |readout| <= `readout`, ‖x‖² <= `inputs`, |σ''| <= `curvature`."""

    readout: sp.Expr
    inputs: sp.Expr
    curvature: sp.Expr

    @classmethod
    def read(cls, statement: Equation, network: TwoLayers) -> "_Bounds":
        """Read the bounds off the domain. Raises NotTwoLayers when one is missing."""
        sets = dict(statement.domain)

        def bound(quantity: sp.Expr, low: int) -> sp.Expr:
            values = sets.get(quantity)
            if not isinstance(values, sp.Interval) or values.inf != low * values.sup:
                raise NotTwoLayers(f"the domain does not bound {quantity}")
            return values.sup

        return cls(
            bound(network.readout, -1),
            bound(sp.Sum(network.input**2, *network.inner.limits), 0),
            bound(sp.diff(network.activation, z, 2), -1),
        )


def _quadratic_bound(statement: Equation) -> Chain:
    (first, meaning), (second, other) = statement.where[:2]
    start, end = TwoLayers.read(meaning, first.args[-1]), TwoLayers.read(other, second.args[-1])
    if replace(end, weights=start.weights, inner=end.inner.xreplace({end.weights: start.weights})) != start:
        raise NotTwoLayers(f"{first} and {second} are not the same network at two weights")
    if not isinstance(statement.lhs, sp.Abs):
        raise NotTwoLayers(f"{statement.lhs} is not an absolute value")
    bounds = _Bounds.read(statement, start)
    j, low, high = start.neuron
    ((k, *_),) = start.inner.limits
    h = end.preactivation(j) - start.preactivation(j)
    move = end.weights[j, k] - start.weights[j, k]
    squared = sp.Sum(move**2, *start.inner.limits)
    remainder = _remainder(start.activation, start.preactivation(j), h)
    return Chain(
        steps=(
            start.gradient_step(meaning),
            check.finite_sums(
                "difference",
                "With this gradient $f - f^\"lin\"$ is a sum over the neurons of remainders of first order.",
                statement.lhs.args[0],
                start.over_neurons(lambda _: remainder),
                uses=("gradient",),
                expand=statement.expand,
            ),
            *_taylor(start.activation, bounds.curvature),
            *_cauchy_schwarz(start, h, move),
            *_assembled(statement, start, bounds, squared),
        )
    )
