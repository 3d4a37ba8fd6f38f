"""Two-layer networks as a statement defines them, for any numbers of neurons and inputs, and their gradient.

A network is read off its definition f(x, W) = c Σ_j b_j S(z_j), z_j = Σ_k W_jk x_k. That its gradient is what the chain
rule says is checked against SymPy's derivative of the double sum.
"""

from dataclasses import dataclass
from typing import Self

import sympy as sp

from derivations import check
from derivations.chain import Step

z = sp.Symbol("z", real=True)
"""The pre-activation, where an activation is treated as a function of it."""


class NotTwoLayersError(ValueError):
    """A statement is not about a two-layer network, or leaves out what a derivation needs to know of it."""


@dataclass(frozen=True)
class TwoLayers:
    """f = scale · Σ_j readout_j · activation(z_j), z_j = Σ_k weights[j, k] · input_k, j running over `neurons`."""

    scale: sp.Expr
    readout: sp.Expr
    activation: sp.Expr
    """An expression in `z`."""
    weights: sp.IndexedBase
    inner: sp.Sum
    """z_j."""
    neurons: tuple[sp.Symbol, sp.Expr, sp.Expr]

    @classmethod
    def read(cls, name: sp.Expr, meaning: sp.Expr) -> Self:
        """Read a network off its definition `name = meaning`; the last argument of the name are the weights.

        Raises NotTwoLayersError where the definition is something else.
        """
        weights = name.args[-1] if name.args else None
        scale, rest = meaning.as_independent(sp.Sum, as_Add=False)
        if not (isinstance(rest, sp.Sum) and len(rest.limits) == 1 and isinstance(weights, sp.IndexedBase)):
            raise NotTwoLayersError(f"{meaning} is not a multiple of one sum over neurons with the weights {weights}")
        sums = [inner for inner in rest.function.atoms(sp.Sum) if inner.has(weights)]
        inner = [one for one in sums if not any(one is not other and other.has(one) for other in sums)]
        if len(inner) != 1 or len(inner[0].limits) != 1:
            raise NotTwoLayersError(f"{rest.function} has no single pre-activation in {weights}")
        summand = rest.function.xreplace({inner[0]: z})
        if summand.has(weights):
            raise NotTwoLayersError(f"{rest.function} depends on {weights} other than through its pre-activation")
        readout, activation = summand.as_independent(z, as_Add=False)
        return cls(scale, readout, activation, weights, inner[0], tuple(rest.limits[0]))

    @property
    def input(self) -> sp.Expr:
        """The input, in the index of the pre-activation's sum."""
        ((entry, _, _),) = self.inner.limits
        return self.inner.function / self.weights[self.neurons[0], entry]

    @property
    def slope(self) -> sp.Expr:
        """The derivative of the activation, in `z`."""
        return sp.diff(self.activation, z)

    def gradient(self, j: sp.Symbol, k: sp.Symbol) -> sp.Expr:
        """∂f/∂W_jk by the chain rule: scale · readout_j · slope(z_j) · input_k."""
        ((entry, _, _),) = self.inner.limits
        outer = self.scale * self.readout * self.slope.subs(z, self.inner)
        return outer.subs(self.neurons[0], j) * self.input.subs(entry, k)

    def over_neurons(self, summand: sp.Expr) -> sp.Expr:
        """The network scale · Σ_j readout_j · summand, the summand being in the index of the neurons."""
        return self.scale * sp.Sum(self.readout * summand, self.neurons)

    def gradient_step(self, network: sp.Expr) -> Step:
        """The gradient of `network`, the defining expression, weight by weight."""
        j, k = sp.symbols("j k", integer=True)
        ((_, *inputs),) = self.inner.limits
        return check.finite_sums(
            "gradient",
            "The derivative with respect to one weight: of the sum over the neurons one term is left.",
            sp.Derivative(network, self.weights[j, k], evaluate=False),
            self.gradient(j, k),
            ranges={j: self.neurons[1:], k: tuple(inputs)},
        )
