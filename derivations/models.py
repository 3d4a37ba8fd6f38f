"""An arbitrary model f(x_i; w), differentiable in the parameter w; a point of a statement says which function it is.

The parameter stands for any one coordinate of a vector of parameters, the others being held fixed: an identity for it
is one for every coordinate of the gradient.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


class _OfExample(sp.Function):
    """A function of the number of an example and of the parameter."""

    nargs = 2
    is_extended_real = True
    typst_mark = text_mark = latex_mark = ""

    def _typst(self, printer: Any) -> str:
        example, parameter = map(printer.doprint, self.args)
        return f"{self.typst_mark}f(x_({example}); {parameter})".replace("; ", "\\; ")

    def _text(self, printer: Any) -> str:
        example, parameter = map(printer.doprint, self.args)
        return f"{self.text_mark}f(x_{example}; {parameter})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        example, parameter = map(printer.doprint, self.args)
        shown = rf"{self.latex_mark}f\left(x_{{{example}}}; {parameter}\right)"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown


class output(_OfExample):  # noqa: N801 - a function, named as one
    """f(x_i; w), as `output(i, w)`.

    >>> i, w = sp.symbols("i w")
    >>> (output(i, w) ** 2).diff(w)
    2*output(i, w)*output_slope(i, w)
    """

    def fdiff(self, argindex: int = 1) -> sp.Expr:  # noqa: D102 - SymPy's hook
        if argindex != 2:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return output_slope(*self.args)


class output_slope(_OfExample):  # noqa: N801
    """Its derivative ∂f(x_i; w)/∂w; nothing is known of a second."""

    typst_mark, text_mark, latex_mark = "partial_w ", "∂_w ", r"\partial_w "

    def fdiff(self, argindex: int = 1) -> sp.Expr:  # noqa: D102
        raise sp.core.function.ArgumentIndexError(self, argindex)


def model(example: sp.Symbol, parameter: sp.Symbol, formula: sp.Expr) -> dict[type[sp.Function], sp.Lambda]:
    """The part of a point that says f(x_i; w) = `formula`, an expression in i and w; its derivative comes with it."""
    arguments = (example, parameter)
    return {output: sp.Lambda(arguments, formula), output_slope: sp.Lambda(arguments, formula.diff(parameter))}
