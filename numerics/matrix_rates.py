"""Derivatives of matrix expressions in a scalar symbol, enclosed by the rules of differentiation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from flint import fmpq

from numerics.matrices import Grid, constant, exponential, fold, inverse, plus, scaled, sizes, times, transposed

if TYPE_CHECKING:
    from numerics.evaluator import Evaluator


def rate(expr: sp.MatrixExpr, time: sp.Symbol, evaluate: Evaluator) -> Grid:
    """The derivative of a matrix expression in `time`; matrix symbols are constant.

    A node differentiates itself by a method `rate_in(evaluate, time)`. Raises TypeError where no rule applies.
    """
    if time not in expr.free_symbols:
        rows, columns = sizes(expr, evaluate)
        return constant(rows, columns, lambda *_: 0)
    match expr:
        case sp.MatAdd():
            return fold(plus, (rate(term, time, evaluate) for term in expr.args))
        case sp.MatMul():
            return _of_product(expr, time, evaluate)
        case sp.Transpose():
            return transposed(rate(expr.arg, time, evaluate))
        case sp.Inverse():
            inverted = inverse(evaluate.matrix(expr.arg))
            return scaled(fmpq(-1), times(times(inverted, rate(expr.arg, time, evaluate)), inverted))
    if hasattr(expr, "rate_in"):
        return expr.rate_in(evaluate, time)
    raise TypeError(f"no derivative in {time} is known for {expr} ({type(expr).__name__})")


def _of_product(expr: sp.MatMul, time: sp.Symbol, evaluate: Evaluator) -> Grid:
    coefficient, factors = expr.as_coeff_matrices()
    values = [evaluate.matrix(factor) for factor in factors]
    total = scaled(evaluate.value(sp.diff(coefficient, time)), fold(times, values))
    for place, factor in enumerate(factors):
        if time in factor.free_symbols:
            varied = [*values[:place], rate(factor, time, evaluate), *values[place + 1 :]]
            total = plus(total, scaled(evaluate.value(coefficient), fold(times, varied)))
    return total


def of_exponential(at: Grid, slope: Grid) -> Grid:
    """The derivative of e^A along A′: the upper right block of exp([[A, A′], [0, A]])."""
    n = len(at)
    upper = tuple((*row, *change) for row, change in zip(at, slope, strict=True))
    lower = tuple((*(fmpq(0),) * n, *row) for row in at)
    return tuple(row[n:] for row in exponential((*upper, *lower))[:n])
