"""Derivatives of matrix expressions in a scalar, by the rules of differentiation."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.matrix_algebra import Algebra
from derivations.matrix_expressions import FlowIntegral, MatrixExp, Norm, OnlyEntry

Rates: TypeAlias = Mapping[sp.MatrixSymbol, sp.MatrixExpr]
"""Matrix symbols that depend on time, to their derivatives; all others are constant."""
_Slope: TypeAlias = Callable[[sp.Expr], sp.Expr]


def differentiated(expr: sp.Expr, time: sp.Symbol, rates: Rates, algebra: Algebra) -> sp.Expr:
    """The derivative in `time`. Raises TypeError where no rule applies."""

    def slope(e: sp.Expr) -> sp.Expr:
        return differentiated(e, time, rates, algebra)

    if not isinstance(expr, sp.MatrixExpr):
        return _scalar(expr, time, slope)
    if not _moves(expr, time, rates):
        return sp.ZeroMatrix(*expr.shape)
    for kind, rule in _RULES.items():
        if isinstance(expr, kind):
            return rule(expr, slope)
    if isinstance(expr, sp.MatrixSymbol):
        return rates[expr]
    if isinstance(expr, MatrixExp):
        growth = slope(expr.argument)
        if algebra.zero(growth * expr.argument - expr.argument * growth) == 0:
            return growth * expr
    if isinstance(expr, FlowIntegral) and not _moves(expr.generator, time, rates):
        return sp.diff(expr.time, time) * MatrixExp(-expr.time * expr.generator)
    raise TypeError(f"no derivative in {time} is known for {expr}")


def _moves(expr: sp.MatrixExpr, time: sp.Symbol, rates: Rates) -> bool:
    return bool(expr.free_symbols & {time, *rates})


def _product(expr: sp.MatMul, slope: _Slope) -> sp.MatrixExpr:
    coefficient, factors = expr.as_coeff_matrices()
    varied = (
        sp.MatMul(coefficient, *factors[:place], slope(factor), *factors[place + 1 :])
        for place, factor in enumerate(factors)
    )
    return sp.MatAdd(sp.MatMul(slope(coefficient), *factors), *varied)


def _kronecker(expr: KroneckerProduct, slope: _Slope) -> sp.MatrixExpr:
    parts = expr.args
    return sp.MatAdd(*(KroneckerProduct(*parts[:k], slope(a), *parts[k + 1 :]) for k, a in enumerate(parts)))


def _scalar(expr: sp.Expr, time: sp.Symbol, slope: _Slope) -> sp.Expr:
    """The chain rule through the traces and norms in a scalar."""
    expr = expr.replace(lambda e: isinstance(e, Norm), lambda e: sp.sqrt(sp.Trace(e.argument.T * e.argument)))
    readings = sorted(expr.atoms(sp.Trace, OnlyEntry), key=sp.default_sort_key)
    names = {reading: sp.Dummy() for reading in readings}
    inner = expr.xreplace(names)
    total = sp.diff(inner, time)
    for reading, name in names.items():
        total += sp.diff(inner, name) * reading.func(slope(reading.args[0]))
    return total.xreplace({name: reading for reading, name in names.items()})


_RULES: dict[type, Callable[[sp.MatrixExpr, _Slope], sp.MatrixExpr]] = {
    sp.MatAdd: lambda expr, slope: sp.MatAdd(*map(slope, expr.args)),
    sp.MatMul: _product,
    sp.Transpose: lambda expr, slope: sp.Transpose(slope(expr.arg)),
    sp.Inverse: lambda expr, slope: -expr * slope(expr.arg) * expr,
    KroneckerProduct: _kronecker,
}
