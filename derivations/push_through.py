"""Identities between the two forms of a resolvent: (AᵀA + cI)⁻¹Aᵀ = Aᵀ(AAᵀ + cI)⁻¹, for matrices of any size."""

from collections.abc import Callable

import sympy as sp

from derivations.chain import Chain
from derivations.domain import Equation
from derivations.matrices import matrix_identity, unfounded


def by_push_through(matrix: sp.MatrixExpr, level: sp.Expr) -> Callable[[Equation], Chain]:
    """A deriver of matrix identities in which (AᵀA + cI)⁻¹ meets (AAᵀ + cI)⁻¹, with A = `matrix` and c = `level`."""
    rows, columns = matrix.shape
    inner = matrix.T * matrix + level * sp.Identity(columns)
    outer = matrix * matrix.T + level * sp.Identity(rows)

    def derive(statement: Equation) -> Chain:
        obstacle = unfounded(statement, invertible=(inner, outer))
        pushed = matrix_identity(
            "push-through",
            "Multiplied with the matrices that are inverted, which are positive definite, both sides are the same.",
            matrix.T * outer.I,
            inner.I * matrix.T,
            left=inner,
            right=outer,
        )
        whole = matrix_identity(
            "algebra",
            "Both sides multiplied out, with this used from left to right.",
            statement.lhs,
            statement.rhs,
            of=(pushed,),
            definitions=statement.where,
        )
        return Chain(steps=(pushed, whole), obstacle=obstacle)

    return derive
