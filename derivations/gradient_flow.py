"""Gradient flow on the square loss: the residual decays, the weights move little, and linear flows have a closed form.

The residual r = y - u of gradient flow satisfies r' = -K(t) r, r(0) = y. A matrix K(t) whose eigenvalues are at least λ
is λ I + F(t) F(t)ᵀ, which is how a statement says that they are; the dimension and the path K(t) are arbitrary.
"""

from dataclasses import dataclass
from typing import Self

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.flows import LinearFlow


class NotAFlow(ValueError):
    """A statement is not about a flow of the form that a derivation knows."""


@dataclass(frozen=True)
class Residual:
    """The flow r' = -K(t) r that a statement is about, and what its matrix is made of."""

    flow: LinearFlow
    """One component, as it stands in the statement."""

    @classmethod
    def read(cls, expr: sp.Expr) -> Self:
        """Read the flow off an expression. Raises NotAFlow unless there is exactly one, up to its component."""
        flows = expr.atoms(LinearFlow)
        if len({flow.args[1:6] for flow in flows}) != 1:
            raise NotAFlow("the statement is not about one flow")
        return cls(min(flows, key=sp.default_sort_key).of_order(0))

    def __call__(self, component: sp.Expr) -> LinearFlow:
        """r_component(t)."""
        return self.flow.func(component, *self.flow.args[1:])

    @property
    def indices(self) -> tuple[sp.Symbol, sp.Symbol]:
        """Two summation indices."""
        return sp.Symbol("i", integer=True), sp.Symbol("j", integer=True)

    @property
    def squared(self) -> sp.Expr:
        """‖r‖²."""
        i, _ = self.indices
        return sp.Sum(self(i) ** 2, (i, 1, self.flow.size))

    def entry(self, i: sp.Expr, j: sp.Expr) -> sp.Expr:
        """K_ij(t)."""
        row, column, clock = self.flow.bound
        return self.flow.entry.subs({row: i, column: j, clock: self.flow.time}, simultaneous=True)

    @property
    def quadratic(self) -> sp.Expr:
        """rᵀ K(t) r."""
        i, j = self.indices
        return sp.Sum(self(i) * self.entry(i, j) * self(j), (i, 1, self.flow.size), (j, 1, self.flow.size))

    def split(self) -> tuple[sp.Expr, sp.Expr]:
        """λ and Σ_l (Σ_i F_il r_i)², where K_ij = λ δ_ij + Σ_l F_il F_jl. Raises NotAFlow where K has another form."""
        i, j = self.indices
        delta, rest = sp.KroneckerDelta(i, j), sp.S.Zero
        level = self.entry(i, j).coeff(delta)
        rest = sp.expand(self.entry(i, j) - level * delta)
        if not (isinstance(rest, sp.Sum) and len(rest.limits) == 1) or level.has(i, j):
            raise NotAFlow("the matrix of the flow is not a multiple of the identity plus a Gram matrix")
        factors = [f for f in sp.Mul.make_args(rest.function) if f.has(i)]
        features = sp.Mul(*factors)
        if features.has(j) or sp.expand(rest.function - features * features.subs(i, j)) != 0:
            raise NotAFlow("the matrix of the flow is not a multiple of the identity plus a Gram matrix")
        inner = sp.Sum(features * self(i), (i, 1, self.flow.size))
        return level, sp.Sum(inner**2, *rest.limits)


def _by_equation(expr: sp.Expr) -> sp.Expr:
    """Replace the derivatives of flows by what their differential equations say."""
    return expr.replace(lambda e: isinstance(e, LinearFlow) and e.order == 1, lambda e: e.equation())


def _steps_or_obstacle(statement: Equation, steps: object) -> Chain:
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        return Chain(steps=tuple(steps(statement)))  # type: ignore[operator]
    except NotAFlow as error:
        return Chain(steps=(), obstacle=str(error))
