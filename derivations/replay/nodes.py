"""The nodes of NTK theory as the replay knows them: names, what they bind, their derivatives, their definitions."""

from __future__ import annotations

from typing import Any

import sympy as sp


class relu(sp.Function):  # noqa: N801 - functions, named as such
    """max(z, 0)."""

    is_extended_nonnegative = True

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        return z if z.is_nonnegative else sp.S.Zero if z.is_nonpositive else None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return step(self.args[0])


class step(sp.Function):  # noqa: N801
    """1 where z >= 0, else 0."""

    is_nonnegative = True

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        return sp.S.One if z.is_nonnegative else sp.S.Zero if z.is_negative else None


class normal_cdf(sp.Function):  # noqa: N801
    """(1 + erf(z/√2))/2."""

    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return normal_pdf(self.args[0])

    @property
    def formula(self) -> sp.Expr:
        return (1 + sp.erf(self.args[0] / sp.sqrt(2))) / 2


class normal_pdf(sp.Function):  # noqa: N801
    """exp(-z²/2)/√(2π)."""

    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return -self.args[0] * self

    @property
    def formula(self) -> sp.Expr:
        return sp.exp(-(self.args[0] ** 2) / 2) / sp.sqrt(2 * sp.pi)


def _arbitrary(name: str, *slopes: str | None, real: str = "is_extended_real") -> type[sp.Function]:
    """A function of which nothing is known but its partial derivatives: their names, None where there is none."""

    def fdiff(self: sp.Function, argindex: int = 1) -> sp.Expr:
        slope = slopes[argindex - 1] if argindex <= len(slopes) else None
        if slope is None:
            raise sp.core.function.ArgumentIndexError(self, argindex)
        return ARBITRARY[slope](*self.args)

    return type(name, (sp.Function,), {"fdiff": fdiff, "nargs": len(slopes), real: True})


ARBITRARY: dict[str, type[sp.Function]] = {
    name: _arbitrary(name, *slopes, real="is_real" if name.startswith("sigma") else "is_extended_real")
    for name, slopes in {
        "sigma": ("sigma_prime",),
        "sigma_prime": ("sigma_prime_prime",),
        "sigma_prime_prime": (None,),
        "prediction": (None, None, "prediction_slope"),
        "prediction_slope": (None, None, None),
        "label_loss": ("label_loss_slope", None),
        "label_loss_slope": (None, None),
        "output": (None, "output_slope"),
        "output_slope": (None, None),
    }.items()
}
"""Activations, models and losses of which a statement knows nothing but that they are differentiable."""


class _Binder(sp.Expr):
    """A real number in which symbols are bound."""

    is_commutative = True
    is_extended_real = True

    @property
    def bound(self) -> tuple[sp.Symbol, ...]:
        raise NotImplementedError

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return list(self.bound)

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        if old in self.bound:
            return self.func(*(a if place in self.inside else a._subs(old, new) for place, a in enumerate(self.args)))
        taken = new.free_symbols & set(self.bound)
        return (
            self.renamed({name: sp.Dummy(name.name, **name.assumptions0) for name in taken})._subs(old, new)
            if taken
            else None
        )

    def renamed(self, names: dict[sp.Symbol, sp.Symbol]) -> Any:
        """The same with other names for what is bound."""
        return self.func(*(arg.xreplace(names) if place in self.inside else arg for place, arg in enumerate(self.args)))

    inside: tuple[int, ...] = ()
    """The arguments in which the symbols are bound."""


class Expect(_Binder):
    """E[integrand] over centred Gaussian variables: integrand, variables, covariance."""

    inside = (0, 1)

    def __new__(cls, integrand: Any, variables: Any, covariance: Any) -> Expect:
        if not isinstance(variables, sp.Tuple) or covariance.shape != (len(variables),) * 2:
            raise ValueError("the covariance does not fit the variables")
        return sp.Expr.__new__(cls, integrand, variables, covariance)

    bound = property(lambda self: tuple(self.args[1]))

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return (self.args[0].free_symbols - set(self.bound)) | self.args[2].free_symbols


class Iterate(_Binder):
    """T_count for T_0 = base, T_k = update(T_(k-1), k): update, T, k, base, count."""

    inside = (0, 1, 2)
    is_finite = True
    bound = property(lambda self: (self.args[1], self.args[2]))

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return (self.args[0].free_symbols - set(self.bound)) | self.args[3].free_symbols | self.args[4].free_symbols


class LinearFlow(_Binder):
    """r_i(time), r' = -A r, r(0) = start: i, A_jk(s), (j, k, s), start_j, size, time, order (1: r', -1: integral)."""

    inside = (1, 2, 3)
    is_finite = True
    bound = property(lambda self: tuple(self.args[2]))

    def __new__(cls, *args: Any) -> LinearFlow:
        if len(args) != 7 or len(args[2]) != 3 or args[6] not in (-1, 0, 1):
            raise ValueError("a flow has seven parts, three bound symbols, and an order of -1, 0 or 1")
        return sp.Expr.__new__(cls, *args)

    @property
    def free_symbols(self) -> set[sp.Basic]:
        inner = (self.args[1].free_symbols | self.args[3].free_symbols) - set(self.bound)
        return inner | self.args[0].free_symbols | self.args[4].free_symbols | self.args[5].free_symbols

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        if symbol in (self.args[1].free_symbols | self.args[3].free_symbols) - set(self.bound):
            raise NotImplementedError("how a flow depends on its equation is not known")
        if self.args[5].diff(symbol) == 0:
            return sp.S.Zero
        return self.args[5].diff(symbol) * self.func(*self.args[:6], self.args[6] + 1)

    @property
    def unfolded(self) -> sp.Expr:
        """What the differential equation says of the derivative, and the start of the flow at time 0."""
        i, entry, (j, k, s), start, size, time, order = self.args
        if order == 1:
            flow = self.func(k, *self.args[1:6], sp.S.Zero)
            taken = flow.free_symbols & {k} if i.has(k) or time.has(k) else set()
            if taken:
                raise ValueError("the index of the sum is taken")
            return -sp.Sum(entry.subs({j: i, s: time}, simultaneous=True) * flow, (k, 1, size))
        if time == 0:
            return start.subs(j, i) if order == 0 else sp.S.Zero
        return self


class _Matrix(sp.MatrixExpr):
    """A matrix-valued function of a matrix."""

    def __new__(cls, argument: sp.MatrixExpr, *rest: Any) -> Any:
        if not isinstance(argument, sp.MatrixExpr):
            raise TypeError("not a matrix")
        return sp.Basic.__new__(cls, argument, *rest)

    shape = property(lambda self: self.args[0].shape)

    def _entry(self, i: Any, j: Any, **_: Any) -> sp.Expr:
        return sp.matrices.expressions.matexpr.MatrixElement(self, i, j)


class MatrixExp(_Matrix):
    """e^A."""


class FlowIntegral(_Matrix):
    """∫_0^s e^(-τK) dτ: K, s."""


class TimeDerivative(_Matrix):
    """dA/dt: A, t."""


class PseudoInverse(_Matrix):
    """A⁺."""

    shape = property(lambda self: tuple(reversed(self.args[0].shape)))


class _Measure(sp.Expr):
    """A real number read off a matrix."""

    is_commutative = True
    is_extended_real = True


class OnlyEntry(_Measure):
    """The entry of a 1×1 matrix."""


class Norm(_Measure):
    """√tr(AᵀA)."""

    is_extended_nonnegative = True


class Eigenvalue(_Measure):
    """An eigenvalue: the matrix, its place from the largest on."""


class SingularValue(_Measure):
    """A singular value: the matrix, its place from the largest on, -1 for the last."""

    is_extended_nonnegative = True


class Rank(_Measure):
    """The rank."""

    is_integer = True
    is_extended_nonnegative = True
