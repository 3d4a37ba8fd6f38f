"""Duals at every variance, for the spectra of `numerics.spectra`, of activations with a dual in closed form.

A formula in a, b, c of `derivations.duals` is evaluated in balls at a = b = q, c = s, and on power series in s.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb

from derivations import duals
from derivations.duals.moments import a, b, c
from derivations.duals.terms import x
from derivations.expressions import normal_cdf, relu, step
from numerics.balls import Evaluator
from numerics.elementary import NAN, Value
from numerics.spectra.duals import ERF, RELU, Dual

_SERIES: dict[Any, Callable[[Any], Any]] = {
    sp.exp: lambda s: s.exp(),
    sp.asin: lambda s: s.asin(),
    sp.acos: lambda s: s.acos(),
    sp.atan: lambda s: s.atan(),
    sp.sin: lambda s: s.sin(),
    sp.cos: lambda s: s.cos(),
    sp.erf: lambda s: s.erf(),
    sp.sinh: lambda s: (s.exp() - (-s).exp()) / 2,
    sp.cosh: lambda s: (s.exp() + (-s).exp()) / 2,
}

_OWN = {relu(x): RELU, sp.erf(x): ERF}


@lru_cache(maxsize=64)
def kernel_dual(activation: sp.Expr) -> Dual:
    """The dual of an activation, an expression in the variable of `derivations.duals`.

    The ReLU and erf have formulas of their own, which also serve inputs of different norms. Raises NoClosedForm and
    ValueError as `derivations.duals.dual` does. Where E σ(u)² is infinite, or not known to be finite, the diagonal is
    not-a-number.

    >>> found = kernel_dual(x**2)
    >>> found.pair(arb(1), arb(1) / 2)[0], found.even, found.degree
    (1.50000000000000, True, 2)
    """
    found = duals.dual(activation)
    if found.activation in _OWN:
        return _OWN[found.activation]
    value, slope = (None if f is None else f.subs(b, a) for f in (found.formula, found.derivative_dual))
    tops = found.diagonal(a), None if slope is None else slope.subs(c, a)
    needs = tuple(need.subs({b: a, c: a}) for need in found.conditions[3:])
    plain = _by_parts(found.activation)
    mirrored = plain.subs(x, -x)
    odd_part = sp.expand(sp.simplify(plain - mirrored))
    polynomial = activation.is_polynomial(x)
    return Dual(
        name=str(activation),
        pair=lambda q, s: (_enclosed(value, q, s), _enclosed(slope, q, s)),
        series=lambda q, s: (_on_series(value, q, s), NAN if slope is None else _on_series(slope, q, s)),
        diagonal=lambda q: (
            (_enclosed(tops[0], q, q), _enclosed(tops[1], q, q))
            if all(_enclosed(need, q, q) > 0 for need in needs)
            else (NAN, NAN)
        ),
        mean=_one_norm,
        odd=sp.simplify(plain + mirrored) == 0,
        even_and_linear=sp.diff(odd_part, x).is_constant(x),
        even=odd_part == 0,
        degree=int(sp.degree(activation, x)) if polynomial else None,
        smooth=slope is not None,
    )


def _by_parts(f: sp.Expr) -> sp.Expr:
    """The same by functions that are even or odd."""
    for function, parts in (
        (relu, lambda z: (z + sp.Abs(z)) / 2),
        (step, lambda z: (1 + sp.sign(z)) / 2),
        (normal_cdf, lambda z: (1 + sp.erf(z / sp.sqrt(2))) / 2),
    ):
        f = f.replace(function, parts)
    return f


def _enclosed(formula: sp.Expr | None, q: Value, s: Value) -> Value:
    if formula is None:
        return NAN
    return Evaluator({}).bind({a: q, c: s})(formula)


def _one_norm(p: arb, other: arb) -> arb:
    if p is not other and not (p - other).contains(0):
        raise ValueError("this dual is for inputs of one norm")
    return p


def _on_series(f: sp.Expr, q: arb, s: Any) -> Any:
    """The formula at a = q and c = s, a power series. Raises ValueError for a function that is not known on series."""
    if f == c:
        return s
    if not f.has(c):
        return arb(Evaluator({}).bind({a: q})(f))
    if isinstance(f, sp.Add | sp.Mul):
        terms = [_on_series(part, q, s) for part in f.args]
        total = terms[0]
        for term in terms[1:]:
            total = total + term if isinstance(f, sp.Add) else total * term
        return total
    if isinstance(f, sp.Pow) and (2 * f.exp).is_Integer:
        base = _on_series(f.base, q, s)
        whole, half = divmod(int(2 * f.exp), 2)
        power = base ** abs(whole)
        power = 1 / power if whole < 0 else power
        return power * base.sqrt() if half else power
    if f.func in _SERIES:
        return _SERIES[f.func](_on_series(f.args[0], q, s))
    raise ValueError(f"{f.func} is not known on power series")
