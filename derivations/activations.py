"""An arbitrary activation with two continuous derivatives; points of a statement say which function it is there."""

import sympy as sp


class sigma(sp.Function):  # type: ignore[misc]  # noqa: N801 - a function, named as one
    """The activation σ.

    >>> z = sp.Symbol("z", real=True)
    >>> sigma(2 * z).diff(z)
    2*sigma_prime(2*z)
    """

    nargs = 1
    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sigma_prime(self.args[0])


class sigma_prime(sp.Function):  # type: ignore[misc]  # noqa: N801
    """Its derivative σ'."""

    nargs = 1
    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sigma_prime_prime(self.args[0])


class sigma_prime_prime(sp.Function):  # type: ignore[misc]  # noqa: N801
    """Its second derivative σ''; nothing is known of a third."""

    nargs = 1
    is_extended_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        raise sp.function.ArgumentIndexError(self, argindex)


def activation(function: sp.Lambda) -> dict[type[sp.Function], sp.Lambda]:
    """The part of a point that says σ is `function`, with the derivatives that SymPy finds.

    >>> z = sp.Symbol("z", real=True)
    >>> activation(sp.Lambda(z, z**3))[sigma_prime_prime]
    Lambda(z, 6*z)
    """
    (z,) = function.signature
    slope = function.expr.diff(z)
    return {
        sigma: function,
        sigma_prime: sp.Lambda(z, slope),
        sigma_prime_prime: sp.Lambda(z, slope.diff(z)),
    }
