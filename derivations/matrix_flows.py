"""Differential equations of matrices of any size: a formula is put in, and both sides agree."""

from derivations.chain import Chain
from derivations.domain import Equation
from derivations.matrices import matrix_derivative, unfounded
from derivations.matrix_expressions import TimeDerivative


def by_differentiation(statement: Equation) -> Chain:
    """Derive d/dt expr = rhs, where the left side is a `TimeDerivative`; the matrix symbols are constant."""
    if not isinstance(statement.lhs, TimeDerivative):
        return Chain(steps=(), obstacle="the left side is not the derivative of a matrix")
    step = matrix_derivative(
        "derivative",
        "The derivative carried out, and both sides multiplied out.",
        statement.lhs.argument,
        statement.lhs.time,
        statement.rhs,
        definitions=statement.where,
    )
    return Chain(steps=(step,), obstacle=unfounded(statement))
