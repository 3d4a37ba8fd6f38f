"""SymPy nodes for fractional variances on the Boolean cube and for the depths at which they are largest."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy.core.symbol import Str

from derivations.kernel_spectra import kernel_at
from numerics.balls import Evaluator
from numerics.elementary import Value
from numerics.spectra.depths import fractional_variances
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kind

_DIGITS = 40
_DEPTHS = (2, 8, 32, 128)
"""A pass through the layers serves all depths up to one of these."""
_SHOWN = {"relu": "ReLU"}


class FractionalVariance(sp.Expr):
    """ν_k = C(d, k) μ_k / Σ_i C(d, i) μ_i on {±1}^d: `FractionalVariance("relu", "ntk", L, w, b, d, k)`.

    L hidden layers, weight variance w, bias variance b; the kernel is that of `numerics.spectra.kernels`.

    >>> from numerics.balls import enclose
    >>> round(float(enclose(FractionalVariance("relu", "ck", 1, 2, 0, 7, 1), {})), 9)
    0.5
    """

    def __new__(cls, *args: Any) -> FractionalVariance:
        """Raises ValueError for an activation without a dual here, and for a kind of kernel there is not."""
        activation, kind, *numbers = args
        if str(activation) not in DUALS:
            raise ValueError(f"no dual of {str(activation)!r} here; there are {', '.join(DUALS)}")
        depth, weights, biases, d, k = (sp.sympify(value, strict=True) for value in numbers)
        return sp.Expr.__new__(cls, Str(str(activation)), Str(str(Kind(str(kind)))), depth, weights, biases, d, k)

    activation = property(lambda self: str(self.args[0]))
    kind = property(lambda self: Kind(str(self.args[1])))
    degree = property(lambda self: self.args[6])

    is_commutative = True
    is_extended_real = True
    is_extended_nonnegative = True

    def enclose_in(self, evaluate: Evaluator) -> arb:
        """Enclose to 40 digits of its own, together with the degrees and depths that are likely to be asked for too."""
        depth, d, k = (int(evaluate.integer(self.args[place])) for place in (2, 5, 6))
        if depth < 0 or not 0 <= k <= d:
            raise ValueError(f"{self} needs a depth of 0 or more and a degree from 0 to d, not {depth} and {k}")
        deepest = sp.Integer(next((many for many in _DEPTHS if depth <= many), depth))
        kernel = kernel_at(evaluate, self.activation, self.kind, (deepest, *self.args[3:5]))
        return fractional_variances(kernel, d, d if d <= 32 else min(d, max(_power_above(k), 8)), digits=_DIGITS)[
            depth
        ][k]

    def _typst(self, printer: Any) -> str:
        *settings, k = map(printer.inline, self.args[2:])
        return f'nu_({k})^("{self._kind()}") ("{self._name()}", {", ".join(settings)})'

    def _text(self, printer: Any) -> str:
        *settings, k = map(printer.inline, self.args[2:])
        return f"ν_({k})^{self._kind()}({self._name()}, {', '.join(settings)})"

    def _latex(self, printer: Any) -> str:
        *settings, k = map(printer.inline, self.args[2:])
        return rf"\nu_{{{k}}}^{{\mathrm{{{self._kind()}}}}}(\mathrm{{{self._name()}}}, {', '.join(settings)})"

    def _name(self) -> str:
        return _SHOWN.get(self.activation, self.activation)

    def _kind(self) -> str:
        return str(self.kind).upper()


class _OverRange(sp.Expr):
    """An expression in an index that runs through the integers from one to another: `(expr, (index, first, last))`."""

    _marks: tuple[str, str, str]

    def __new__(cls, expr: sp.Expr, limits: tuple[sp.Symbol, Any, Any]) -> _OverRange:
        return sp.Expr.__new__(cls, expr, sp.Tuple(*limits))

    is_commutative = True
    is_extended_real = True

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """Without the index."""
        expr, (index, *ends) = self.args
        return (expr.free_symbols - {index}).union(*(end.free_symbols for end in ends))

    def _values(self, evaluate: Evaluator) -> dict[int, Value]:
        expr, (index, first, last) = self.args
        places = range(int(evaluate.integer(first)), int(evaluate.integer(last)) + 1)
        if not places:
            raise ValueError(f"{self} is over no integer at all")
        return {place: evaluate.bind({index: place}).value(expr) for place in places}

    def _typst(self, printer: Any) -> str:
        return self._shown(printer, self._marks[0], "<=")

    def _text(self, printer: Any) -> str:
        return self._shown(printer, self._marks[1], "≤")

    def _latex(self, printer: Any) -> str:
        expr, (index, first, last) = self.args
        show = printer.doprint
        return rf"{self._marks[2]}_{{{show(first)} \le {show(index)} \le {show(last)}}} {show(expr)}"

    def _shown(self, printer: Any, mark: str, at_most: str) -> str:
        expr, (index, first, last) = self.args
        show = printer.inline
        return f"{mark}_({show(first)} {at_most} {show(index)} {at_most} {show(last)}) {printer.doprint(expr)}"


class Largest(_OverRange):
    """The largest value of an expression over a range of an index: `Largest(expr, (index, first, last))`.

    >>> from numerics.balls import enclose
    >>> n = sp.Symbol("n")
    >>> enclose(Largest(6 * n - n**2, (n, 0, 9)), {})
    9.00000000000000
    """

    _marks = ("max", "max", r"\max")

    def enclose_in(self, evaluate: Evaluator) -> arb:
        """Enclose by the largest of the enclosures."""
        first, *rest = map(arb, self._values(evaluate).values())
        for value in rest:
            first = first.max(value)
        return first


class PlaceOfLargest(_OverRange):
    """The integer at which an expression is largest: `PlaceOfLargest(expr, (index, first, last))`.

    >>> from numerics.balls import enclose
    >>> n = sp.Symbol("n")
    >>> enclose(PlaceOfLargest(6 * n - n**2, (n, 0, 9)), {})
    3.00000000000000
    """

    _marks = ('limits(op("arg max"))', "argmax", r"\operatorname*{arg\,max}")
    is_integer = True

    def enclose_in(self, evaluate: Evaluator) -> Value:
        """The integer, exactly; the hull of all that are not told from it, where there are such."""
        values = {place: arb(value) for place, value in self._values(evaluate).items()}
        best = max(values.values(), key=lambda value: value.lower())
        places = [place for place, value in values.items() if not value < best]
        return fmpq(places[0]) if len(places) == 1 else arb(places[0]).union(arb(places[-1]))


def _power_above(number: int) -> int:
    """The least power of two that is not below a number."""
    return 1 << max(number - 1, 0).bit_length()
