"""An arbitrary activation σ with two continuous derivatives; a point of a statement says which function it is there."""

from __future__ import annotations

from typing import Any

import sympy as sp


class _Activation(sp.Function):
    """A derivative of σ; `marks` are its primes."""

    nargs = 1
    is_real = True
    marks = ""

    def _typst(self, printer: Any) -> str:
        return f"sigma{self.marks}({printer.doprint(self.args[0])})"

    def _text(self, printer: Any) -> str:
        return f"σ{'′' * len(self.marks)}({printer.doprint(self.args[0])})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        shown = rf"\sigma{self.marks}\left({printer.doprint(self.args[0])}\right)"
        return rf"\left({shown}\right)^{{{exp}}}" if exp else shown


class sigma(_Activation):  # noqa: N801 - a function, named as one
    """The activation σ.

    >>> z = sp.Symbol("z", real=True)
    >>> sigma(2 * z).diff(z)
    2*sigma_prime(2*z)
    """

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sigma_prime(self.args[0])


class sigma_prime(_Activation):  # noqa: N801
    """Its derivative σ'."""

    marks = "'"

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sigma_prime_prime(self.args[0])


class sigma_prime_prime(_Activation):  # noqa: N801
    """Its second derivative σ''; nothing is known of a third."""

    marks = "''"

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        raise sp.core.function.ArgumentIndexError(self, argindex)
