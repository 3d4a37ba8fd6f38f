"""SymPy nodes for the eigenspaces of the kernels of wide networks: how large they are, and the top of every degree."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp
from flint import fmpq
from sympy.core.symbol import Str

from derivations.kernel_spectra import kernel_at
from numerics.balls import Evaluator
from numerics.spectra.duals import DUALS
from numerics.spectra.eigenspaces import Inputs, dimension, lead, leading
from numerics.spectra.kernels import Kernel, Kind

_SHOWN = {"relu": "ReLU", "erf": "erf"}
_IN_TYPST = ("L", "sigma_w^2", "sigma_b^2", "d")
_IN_LATEX = ("L", r"\sigma_w^2", r"\sigma_b^2", "d")
_IN_TEXT = ("L", "σ_w²", "σ_b²", "d")


class _OfKernel(sp.Expr):
    """A number that belongs to the eigenvalues of a kernel under a law of the inputs, at one place or degree."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, *args: Any) -> _OfKernel:
        """Raises ValueError for a law of the inputs, an activation or a kind of kernel that is not known here."""
        inputs, activation, kind, *numbers = args
        names = Inputs(str(inputs)), str(activation), Kind(str(kind))
        if names[1] not in DUALS:
            raise ValueError(f"no dual of {names[1]!r} here; there are {', '.join(DUALS)}")
        depth, weights, biases, d, k = (sp.sympify(value, strict=True) for value in numbers)
        return sp.Expr.__new__(cls, *(Str(str(name)) for name in names), depth, weights, biases, d, k)

    inputs = property(lambda self: Inputs(str(self.args[0])))
    activation = property(lambda self: str(self.args[1]))
    kind = property(lambda self: Kind(str(self.args[2])))
    settings = property(lambda self: self.args[3:6])
    dimension = property(lambda self: self.args[6])
    place = property(lambda self: self.args[7])

    _letters: ClassVar[tuple[str, str, str]]
    """What it is called in Typst, LaTeX and plain text."""

    def _typst(self, printer: Any) -> str:
        names = f'"{self.inputs}", "{_SHOWN[self.activation]} {self.kind.upper()}"'
        return f"{self._letters[0]}_({printer.inline(self.place)}) ({names}, {self._numbers(printer, _IN_TYPST)})"

    def _latex(self, printer: Any, **_: Any) -> str:
        names = rf"\text{{{self.inputs}}}, \text{{{_SHOWN[self.activation]} {self.kind.upper()}}}"
        place, numbers = printer.inline(self.place), self._numbers(printer, _IN_LATEX)
        return rf"{self._letters[1]}_{{{place}}}\left({names}, {numbers}\right)"

    def _text(self, printer: Any) -> str:
        names = f"{self.inputs}, {_SHOWN[self.activation]} {self.kind.upper()}"
        place = printer.inline(self.place)
        place = place if place.isalnum() else f"({place})"
        return f"{self._letters[2]}_{place}({names}, {self._numbers(printer, _IN_TEXT)})"

    def _numbers(self, printer: Any, names: tuple[str, str, str, str]) -> str:
        """The depth, the variances and the dimension of the inputs, by their names."""
        shown = [printer.inline(value) for value in (*self.settings, self.dimension)]
        return ", ".join(
            value if value == name else f"{name} = {value}" for name, value in zip(names, shown, strict=True)
        )

    def _read(self, evaluate: Evaluator) -> tuple[Kernel, int, int]:
        """The kernel, the dimension of the inputs and the place."""
        d, place = (int(evaluate.integer(number)) for number in (self.dimension, self.place))
        kernel = kernel_at(evaluate, self.activation, self.kind, self.settings)
        return kernel, d, place


class EigenspaceDimension(_OfKernel):
    """`EigenspaceDimension("cube", "relu", "ntk", L, w, b, d, n)`: the dimension of the eigenspace of an eigenvalue.

    It is the distinct eigenvalue at place n, counted from 0 for the largest. L hidden layers, weight variance w, bias
    variance b, inputs in R^d: see `numerics.spectra.eigenspaces`.

    >>> from numerics.balls import enclose
    >>> enclose(EigenspaceDimension("cube", "relu", "ck", 1, 2, 1, 8, 2), {})
    28.0000000000000
    """

    is_integer = True
    is_positive = True
    _letters = ('op("dim") E', r"\dim E", "dim E")

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """The exact number."""
        kernel, d, place = self._read(evaluate)
        return fmpq(dimension(kernel, self.inputs, d, place))


class LeadingEigenvalue(_OfKernel):
    """`LeadingEigenvalue("sphere", "relu", "ntk", L, w, b, d, k)`: the largest eigenvalue of degree k.

    The same arguments as those of `EigenspaceDimension`. On the cube and the sphere a degree has one eigenvalue.

    >>> from numerics.balls import enclose
    >>> enclose(LeadingEigenvalue("cube", "erf", "ck", 1, 1, 0, 1, 1), {}, digits=9)
    [0.464559054397540 +/- 2.16e-17]
    """

    is_extended_nonnegative = True
    _letters = ("lambda", r"\lambda", "λ")

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose to about ten digits, under the Gaussian to a relative width of the order 1/d."""
        kernel, d, degree = self._read(evaluate)
        return leading(kernel, self.inputs, d, degree)


class GuaranteedLead(_OfKernel):
    """`GuaranteedLead("cube", "relu", "ntk", L, w, b, d, k)`: a_k M_kk N_{k+1}/Φ(1), a lower bound of μ_k/μ_{k+1}.

    The same arguments; a_k is the Taylor coefficient of the kernel Φ, N the multiplicity, M_kk the coefficient that a_k
    has in μ_k: see `numerics.spectra.eigenspaces.lead`.

    >>> from numerics.balls import enclose
    >>> enclose(GuaranteedLead("cube", "relu", "ck", 1, 2, 1, 8, 0), {}, digits=9) > 5
    True
    """

    is_extended_nonnegative = True
    _letters = ("R", "R", "R")

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose at the working precision."""
        kernel, d, degree = self._read(evaluate)
        return lead(kernel, self.inputs, d, degree)
