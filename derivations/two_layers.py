"""Two-layer networks as a statement defines them, for any numbers of neurons and inputs, and their gradient.

A network is read off its definition f(x, W) = c Σ_j b_j S(z_j), z_j = Σ_k W_jk x_k. That its gradient is what the chain
rule says is checked against SymPy's derivative of the double sum.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from derivations import check
from derivations.chain import Step

z = sp.Symbol("z", real=True)
"""The pre-activation, where an activation is treated as a function of it."""


class NotTwoLayers(ValueError):
    """A definition is not that of a two-layer network."""


@dataclass(frozen=True)
class TwoLayers:
    """f = `scale` · Σ_`neuron` `readout` · `activation`(z), z = Σ_`entry` W[`neuron`, `entry`] · x[`entry`]."""

    scale: sp.Expr
    readout: sp.Expr
    activation: sp.Expr
    """An expression in `z`."""
    weights: sp.IndexedBase
    inner: sp.Sum
    neuron: tuple[sp.Symbol, sp.Expr, sp.Expr]

    @classmethod
    def read(cls, meaning: sp.Expr, weights: sp.IndexedBase) -> "TwoLayers":
        """Read the parts of a network off its defining expression. Raises NotTwoLayers where it is something else."""
        scale, rest = meaning.as_independent(sp.Sum, as_Add=False)
        if not (isinstance(rest, sp.Sum) and len(rest.limits) == 1):
            raise NotTwoLayers(f"{meaning} is not a multiple of one sum over the neurons")
        inner = [s for s in rest.function.atoms(sp.Sum) if s.has(weights)]
        if len(inner) != 1 or len(inner[0].limits) != 1:
            raise NotTwoLayers(f"{rest.function} has no single pre-activation in {weights}")
        summand = rest.function.xreplace({inner[0]: z})
        if summand.has(weights):
            raise NotTwoLayers(f"{rest.function} depends on {weights} other than through its pre-activation")
        readout, activation = summand.as_independent(z, as_Add=False)
        return cls(scale, readout, activation, weights, inner[0], rest.limits[0])

    def preactivation(self, j: sp.Expr) -> sp.Expr:
        """z_j."""
        return self.inner.subs(self.neuron[0], j)

    def slope(self) -> sp.Expr:
        """S'(z)."""
        return sp.diff(self.activation, z)

    def gradient(self, j: sp.Symbol, k: sp.Symbol) -> sp.Expr:
        """∂f/∂W_jk as the chain rule has it: scale · readout_j · S'(z_j) · x_k."""
        ((entry, _, _),) = self.inner.limits
        inputs = self.inner.function.subs({self.neuron[0]: j, entry: k}, simultaneous=True) / self.weights[j, k]
        slope = self.slope().subs(z, self.preactivation(j))
        return self.scale * self.readout.subs(self.neuron[0], j) * slope * inputs

    def over_neurons(self, summand: Callable[[sp.Symbol], sp.Expr]) -> sp.Expr:
        """scale · Σ_j readout_j · summand(j)."""
        j, low, high = self.neuron
        return self.scale * sp.Sum(self.readout * summand(j), (j, low, high))

    def gradient_step(self, network: sp.Expr) -> Step:
        """The gradient of `network` entry by entry, checked for every number of neurons and inputs."""
        j, k = sp.symbols("j k", integer=True)
        return check.finite_sums(
            "gradient",
            "The derivative with respect to one weight: of the sums over the neurons and the inputs one term is left.",
            sp.Derivative(network, self.weights[j, k], evaluate=False),
            self.gradient(j, k),
            ranges={j: self.neuron[1:], k: tuple(self.inner.limits[0][1:])},
        )
