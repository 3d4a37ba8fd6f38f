"""An arbitrary differentiable loss ℓ(ŷ, y) of a prediction and a label; a point of a statement says which it is."""

from __future__ import annotations

from typing import Any

import sympy as sp


class _Loss(sp.Function):
    """A function of a prediction and a label."""

    nargs = 2
    is_extended_real = True
    names = ("", "", "")
    """What it is called in Typst, in text and in LaTeX."""

    def _arguments(self, printer: Any) -> str:
        return ", ".join(str(printer.doprint(argument)) for argument in self.args)

    def _typst(self, printer: Any) -> str:
        return f"{self.names[0]}({self._arguments(printer)})"

    def _text(self, printer: Any) -> str:
        return f"{self.names[1]}({self._arguments(printer)})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        shown = rf"{self.names[2]}\left({self._arguments(printer)}\right)"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown


class label_loss(_Loss):  # noqa: N801 - a function, named as one
    """The loss ℓ(ŷ, y).

    >>> u, y = sp.symbols("u y")
    >>> label_loss(2 * u, y).diff(u)
    2*label_loss_slope(2*u, y)
    """

    names = ("ell", "ℓ", r"\ell")

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative in the prediction."""
        if argindex != 1:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return label_loss_slope(*self.args)


class label_loss_slope(_Loss):  # noqa: N801
    """Its derivative in the prediction; nothing is known of a second."""

    names = ("partial_1 ell", "∂₁ℓ", r"\partial_1 \ell")

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """There is none."""
        raise sp.core.function.ArgumentIndexError(self, argindex)


def given_loss(prediction: sp.Symbol, label: sp.Symbol, value: sp.Expr) -> dict[type[sp.Function], sp.Lambda]:
    """The part of a point that says ℓ(prediction, label) = value; the derivative comes with it."""
    arguments = (prediction, label)
    return {label_loss: sp.Lambda(arguments, value), label_loss_slope: sp.Lambda(arguments, value.diff(prediction))}
