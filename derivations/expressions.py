"""SymPy nodes for the objects NTK theory is written in: activations, Gaussian expectations, recursions in depth.

Each node prints as mathematics, is differentiated or unfolded by the derivations, and knows how to enclose itself
in ball arithmetic from its definition (`enclose_in`), so that a closed form derived from it can be checked
against it by code that shares nothing with the derivation.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from numerics import gaussian
from numerics.balls import Evaluator


class relu(sp.Function):  # noqa: N801 - a function, named as one
    """The ReLU, max(z, 0).

    >>> relu(sp.Rational(-3, 2)), relu(2)
    (0, 2)
    """

    is_extended_nonnegative = True

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        if z.is_nonnegative:
            return z
        if z.is_nonpositive:
            return sp.S.Zero
        return None

    @property
    def sides(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """The argument z, and what the function is where z < 0 and where z >= 0 (see `numerics.kinks`)."""
        return self.args[0], sp.S.Zero, self.args[0]

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative, with its value 1 at zero."""
        return step(self.args[0])


class step(sp.Function):  # noqa: N801
    """The derivative of the ReLU with the convention 1 at zero: 1 if z >= 0, else 0.

    >>> step(-1), step(0), step(3)
    (0, 1, 1)
    """

    is_nonnegative = True

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        if z.is_nonnegative:
            return sp.S.One
        if z.is_negative:
            return sp.S.Zero
        return None

    @property
    def sides(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """The argument z, and what the function is where z < 0 and where z >= 0 (see `numerics.kinks`)."""
        return self.args[0], sp.S.Zero, sp.S.One


class normal_cdf(sp.Function):  # noqa: N801
    """The sigmoid Φ(z) = (1 + erf(z/√2))/2: bounded with all its derivatives, and with closed-form duals.

    >>> normal_cdf(sp.Symbol("z", real=True)).rewrite(sp.erf)
    erf(sqrt(2)*z/2)/2 + 1/2
    """

    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative."""
        return normal_pdf(self.args[0])

    def _eval_rewrite_as_erf(self, z: sp.Expr, **_: Any) -> sp.Expr:
        return (1 + sp.erf(z / sp.sqrt(2))) / 2

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose by the error function."""
        return evaluate.value(self.rewrite(sp.erf))


class normal_pdf(sp.Function):  # noqa: N801
    """The derivative φ(z) = exp(-z²/2)/√(2π) of the sigmoid Φ."""

    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative."""
        return -self.args[0] * self

    def _eval_rewrite_as_erf(self, z: sp.Expr, **_: Any) -> sp.Expr:
        return sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose by the exponential function."""
        return evaluate.value(self.rewrite(sp.erf))


class Expect(sp.Expr):
    """E[integrand] over a centred Gaussian: `Expect(f(u, v), (u, v), [[a, c], [c, b]])`, or one variable `(z,)`.

    The variables are bound: they are not free symbols of the node.
    """

    def __new__(cls, integrand: Any, variables: Any, covariance: Any) -> Expect:
        bound = sp.Tuple(*variables)
        cov = sp.ImmutableMatrix(covariance)
        if cov.shape != (len(bound), len(bound)) or len(bound) not in (1, 2):
            raise ValueError(f"a covariance of shape {cov.shape} does not fit the variables {bound}")
        return sp.Expr.__new__(cls, sp.sympify(integrand, strict=True), bound, cov)

    @property
    def integrand(self) -> sp.Expr:
        return self.args[0]

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        return tuple(self.args[1])

    @property
    def covariance(self) -> sp.ImmutableMatrix:
        return self.args[2]

    is_commutative = True
    is_extended_real = True

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return list(self.variables)

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return (self.integrand.free_symbols - set(self.variables)) | self.covariance.free_symbols

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        return self if old in self.variables else None

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose from the definition, by rigorous quadrature: see `numerics.gaussian.expectation`."""
        return gaussian.expectation(self.integrand, self.variables, self.covariance.tolist(), evaluate)


class Iterate(sp.Expr):
    """The value at `count` of T_0 = base, T_k = update(T_(k-1), k): `Iterate(update, T, k, base, count)`.

    >>> from numerics.balls import enclose
    >>> T, k = sp.symbols("T k")
    >>> enclose(Iterate(T + k, T, k, 0, 4), {})
    10.0000000000000
    """

    def __new__(cls, update: Any, previous: Any, index: Any, base: Any, count: Any) -> Iterate:
        return sp.Expr.__new__(cls, *(sp.sympify(a, strict=True) for a in (update, previous, index, base, count)))

    update = property(lambda self: self.args[0])
    previous = property(lambda self: self.args[1])
    index = property(lambda self: self.args[2])
    base = property(lambda self: self.args[3])
    count = property(lambda self: self.args[4])

    is_commutative = True
    is_extended_real = True

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return [self.previous, self.index]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        inner = self.update.free_symbols - {self.previous, self.index}
        return inner | self.base.free_symbols | self.count.free_symbols

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        return self if old in (self.previous, self.index) else None

    def enclose_in(self, evaluate: Evaluator) -> Any:
        """Enclose the recursion step by step in ball arithmetic, exactly as long as the values are rational."""
        value = evaluate.value(self.base)
        for k in range(1, int(evaluate.integer(self.count)) + 1):
            inner = evaluate.bind({self.previous: value, self.index: k})
            exact = inner.exact(self.update)
            value = inner.value(self.update if exact is None else exact)
        return value
