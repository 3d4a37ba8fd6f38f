"""SymPy nodes for the eigenvalues of the kernels of wide networks under a distribution of the inputs."""

from __future__ import annotations

from typing import Any

import flint
import sympy as sp
from flint import fmpq
from sympy.core.symbol import Str

from numerics.balls import Evaluator
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind
from numerics.spectra.spectrum import Distribution, eigenvalues


class KernelEigenvalue(sp.Expr):
    """μ_k: `KernelEigenvalue("cube", "relu", "ntk", L, w, b, d, k)`, the eigenvalue at degree k in dimension d.

    L hidden layers, weight variance w, bias variance b; the kernel of `numerics.spectra.kernels`, on inputs of norm √d.

    >>> from numerics.balls import enclose
    >>> enclose(KernelEigenvalue("cube", "erf", "ck", 1, 1, 0, 1, 1), {}).str(12, radius=False)
    '0.464559054398'
    """

    def __new__(cls, *args: Any) -> KernelEigenvalue:
        """Raises ValueError for a distribution, an activation or a kind of kernel that has no eigenvalues here."""
        distribution, activation, kind, *numbers = args
        names = Distribution(str(distribution)), str(activation), Kind(str(kind))
        if names[1] not in DUALS:
            raise ValueError(f"no dual of {names[1]!r} here; there are {', '.join(DUALS)}")
        depth, weights, biases, d, k = (sp.sympify(value, strict=True) for value in numbers)
        return sp.Expr.__new__(cls, *(Str(str(name)) for name in names), depth, weights, biases, d, k)

    distribution = property(lambda self: Distribution(str(self.args[0])))
    activation = property(lambda self: str(self.args[1]))
    kind = property(lambda self: Kind(str(self.args[2])))
    settings = property(lambda self: self.args[3:6])
    dimension = property(lambda self: self.args[6])
    degree = property(lambda self: self.args[7])

    is_commutative = True
    is_extended_real = True
    is_extended_nonnegative = True

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose from the definition, to as many digits of its own as the working precision has."""
        d, k = (int(evaluate.integer(number)) for number in (self.dimension, self.degree))
        kernel = kernel_at(evaluate, self.activation, self.kind, self.settings)
        top = d if self.distribution is Distribution.CUBE else k
        return eigenvalues(kernel, self.distribution, d, top, digits=min(flint.ctx.dps, 60))[k]


def kernel_at(evaluate: Evaluator, activation: str, kind: Kind, settings: tuple[sp.Expr, ...]) -> Kernel:
    """The kernel with these settings (depth, weight variance, bias variance) at a point.

    Raises ValueError unless the variances are exact rational numbers.
    """
    depth = int(evaluate.integer(settings[0]))
    variances = [evaluate.value(variance) for variance in settings[1:]]
    if not all(isinstance(variance, fmpq) for variance in variances):
        raise ValueError(f"the variances {settings[1]} and {settings[2]} must be exact rational numbers")
    weights, biases = variances
    return Kernel(dual=DUALS[activation], depth=depth, weight_variance=weights, bias_variance=biases, kind=kind)
