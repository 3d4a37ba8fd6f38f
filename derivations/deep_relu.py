"""The tangent kernel of very deep ReLU networks, by one pass through the layers in ball arithmetic."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb

from numerics.balls import Evaluator


class deep_relu_ntk(sp.Function):  # noqa: N801 - a function, named as one
    """Θ^(L) at two unit inputs of correlation ρ, as `deep_relu_ntk(L, rho)`, for c_σ = 2 and no biases.

    Θ^(0) = ρ_0 = ρ, Θ^(h) = Θ^(h-1) κ₀(ρ_(h-1)) + ρ_h, ρ_h = κ₁(ρ_(h-1)), with the arc-cosine kernels κ₀(ρ) =
    (π - arccos ρ)/π and κ₁(ρ) = (√(1 - ρ²) + ρ (π - arccos ρ))/π. `derivations.kernels.relu_ntk` writes the same kernel
    from its definition; that takes a quadrature for every two layers, this one arc cosine for each.

    >>> from numerics.balls import enclose
    >>> enclose(deep_relu_ntk(sp.Integer(7), sp.Integer(1)), {}).contains(8)
    True
    """

    nargs = 2
    is_extended_real = True

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose the recursion by layers: κ₁ at the centre of the ball, whose radius does not grow, as κ₁' = κ₀ <= 1.

        The formula for κ₁ at a ball would: its two terms have steep derivatives near 1, which cancel.
        """
        depth = int(evaluate.integer(self.args[0]))
        correlation = arb(evaluate.value(self.args[1]))
        kernel, pi = correlation, arb.pi()
        for _ in range(depth):
            low, high = (_clipped(end).acos() for end in (correlation.lower(), correlation.upper()))
            centre = _clipped(correlation.mid())
            value = (((1 - centre) * (1 + centre)).sqrt() + centre * (pi - centre.acos())) / pi
            correlation = value + arb(0, correlation.rad())
            kernel = kernel * (1 - low.union(high) / pi) + correlation
        return kernel

    def _typst(self, printer: Any) -> str:
        depth, correlation = map(printer.doprint, self.args)
        return f"Theta^(({depth}))({correlation})"

    def _text(self, printer: Any) -> str:
        depth, correlation = map(printer.doprint, self.args)
        return f"Θ^({depth})({correlation})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        depth, correlation = map(printer.doprint, self.args)
        shown = rf"\Theta^{{({depth})}}\left({correlation}\right)"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown


def _clipped(end: arb) -> arb:
    """An exact number, or ±1 where it is beyond: correlations are not."""
    return arb(1) if end > 1 else arb(-1) if end < -1 else end
