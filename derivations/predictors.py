"""An arbitrary model with several outputs, F_k(x_i; w), differentiable in w; a point of a statement says which it is.

The parameter w stands for any one coordinate of the vector of parameters, the others being held fixed: an identity for
it is one for every coordinate of the gradient.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


class _Prediction(sp.Function):
    """A function of the numbers of an example and of an output, and of the parameter."""

    nargs = 3
    is_extended_real = True
    names = ("", "", "")
    """What it is called in Typst, in text and in LaTeX."""

    def _typst(self, printer: Any) -> str:
        example, place, parameter = map(printer.doprint, self.args)
        return f"{self.names[0]}_({place})(x_({example}), {parameter})"

    def _text(self, printer: Any) -> str:
        example, place, parameter = map(printer.doprint, self.args)
        return f"{self.names[1]}_{place}(x_{example}, {parameter})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        example, place, parameter = map(printer.doprint, self.args)
        shown = rf"{self.names[2]}_{{{place}}}\left(x_{{{example}}}, {parameter}\right)"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown


class prediction(_Prediction):  # noqa: N801 - a function, named as one
    """F_k(x_i; w), as `prediction(i, k, w)`.

    >>> i, k, w = sp.symbols("i k w")
    >>> (prediction(i, k, w) ** 2).diff(w)
    2*prediction(i, k, w)*prediction_slope(i, k, w)
    """

    names = ("cal(F)", "F", r"\mathcal{F}")

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative."""
        if argindex != 3:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return prediction_slope(*self.args)


class prediction_slope(_Prediction):  # noqa: N801
    """Its derivative ∂F_k(x_i; w)/∂w; nothing is known of a second."""

    names = ("partial_w cal(F)", "∂_w F", r"\partial_w \mathcal{F}")

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative."""
        raise sp.core.function.ArgumentIndexError(self, argindex)


def predictor(
    arguments: tuple[sp.Symbol, sp.Symbol, sp.Symbol], outputs: sp.Expr
) -> dict[type[sp.Function], sp.Lambda]:
    """The part of a point that says F_k(x_i; w) = `outputs`, an expression in i, k, w; its derivative comes with it."""
    return {
        prediction: sp.Lambda(arguments, outputs),
        prediction_slope: sp.Lambda(arguments, outputs.diff(arguments[2])),
    }
