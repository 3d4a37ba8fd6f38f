"""Identities between an inverse, or a pseudoinverse, and a resolvent: A⁺(AAᵀ + cI)⁻¹ = (A⁺ - Aᵀ(AAᵀ + cI)⁻¹)/c."""

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from derivations.chain import Chain, Step
from derivations.definitions import put_in
from derivations.domain import Equation
from derivations.matrices import matrix_identity, unfounded
from derivations.matrix_expressions import PseudoInverse
from derivations.pseudo_inverse import by_penrose

_TEXT = "Multiplied with the matrices that are inverted, both sides are the same."


@dataclass(frozen=True)
class _Formula:
    """The equation that a pseudoinverse has a formula, on the domain of a statement."""

    lhs: sp.Expr
    rhs: sp.Expr
    where: tuple[tuple[sp.Expr, sp.Expr], ...]
    domain: tuple[tuple[sp.Basic, sp.Set], ...]

    def expand(self, expr: sp.Expr) -> sp.Expr:
        return put_in(expr, self.where)


def by_resolvent(matrix: sp.MatrixExpr, level: sp.Expr) -> Callable[[Equation], Chain]:
    """A deriver of matrix identities in which K⁻¹ meets (K + cI)⁻¹, with K = `matrix` and c = `level` > 0."""

    def derive(statement: Equation) -> Chain:
        kernel = put_in(matrix, statement.where)
        shifted = kernel + level * sp.Identity(kernel.shape[0])
        obstacle = unfounded(statement, invertible=(kernel, shifted))
        split = matrix_identity(
            "resolvent",
            _TEXT,
            sp.MatMul(kernel.I, shifted.I),
            (kernel.I - shifted.I) / level,
            left=kernel,
            right=shifted,
        )
        return Chain(steps=(split, _whole(statement, split)), obstacle=obstacle)

    return derive


def by_pseudo_resolvent(matrix: sp.MatrixExpr, formula: sp.MatrixExpr, level: sp.Expr) -> Callable[[Equation], Chain]:
    """A deriver of matrix identities in which A⁺ meets (AAᵀ + cI)⁻¹, A = `matrix` of any rank, A⁺ = `formula`."""

    def derive(statement: Equation) -> Chain:
        factored = put_in(matrix, statement.where)
        inverse = PseudoInverse(factored)
        known = by_penrose(_Formula(inverse, formula, statement.where, statement.domain))
        shifted = factored * factored.T + level * sp.Identity(factored.shape[0])
        split = matrix_identity(
            "resolvent",
            _TEXT,
            sp.MatMul(inverse, shifted.I),
            (inverse - factored.T * shifted.I) / level,
            of=known.steps[-1:],
            right=shifted,
        )
        inverted = [node.args[0] for node in formula.atoms(sp.Inverse)]
        obstacle = known.obstacle or unfounded(statement, invertible=[*inverted, shifted])
        return Chain(steps=(*known.steps, split, _whole(statement, split)), obstacle=obstacle)

    return derive


def _whole(statement: Equation, split: Step) -> Step:
    return matrix_identity(
        "algebra",
        "Both sides multiplied out, with this used from left to right.",
        statement.lhs,
        statement.rhs,
        of=(split,),
        definitions=statement.where,
    )
