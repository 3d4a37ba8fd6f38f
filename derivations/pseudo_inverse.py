"""Formulas for the pseudoinverse of a matrix of any size, by the four equations of Penrose that single it out."""

from collections.abc import Callable

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.definitions import put_in
from derivations.domain import Equation
from derivations.matrices import Given, matrix_identity, unfounded
from derivations.matrix_expressions import PseudoInverse

UNIQUENESS = "uniqueness of the pseudoinverse"


def by_penrose(statement: Equation, *, given: Given = ()) -> Chain:
    """Derive A⁺ = X from AXA = A, XAX = X, (AX)ᵀ = AX and (XA)ᵀ = XA; the left side is the pseudoinverse A⁺."""
    lhs, rhs = put_in(statement.lhs, statement.where), put_in(statement.rhs, statement.where)
    if not isinstance(lhs, PseudoInverse):
        return Chain(steps=(), obstacle="the left side is no pseudoinverse")
    if tuple(rhs.shape) != tuple(lhs.shape):
        return Chain(steps=(), obstacle="the right side has another shape than the pseudoinverse")
    return Chain(steps=_penrose(lhs, rhs, given), obstacle=unfounded(statement, given=given))


def with_formula(formula: sp.MatrixExpr, *, given: Given = ()) -> Callable[[Equation], Chain]:
    """A deriver of matrix identities in which the pseudoinverse of one matrix occurs, which this formula is."""

    def derive(statement: Equation) -> Chain:
        sides = [put_in(side, statement.where) for side in (statement.lhs, statement.rhs)]
        inverses = set().union(*(side.atoms(PseudoInverse) for side in sides))
        if len(inverses) != 1:
            return Chain(steps=(), obstacle="there is not one pseudoinverse in the statement")
        (inverse,) = inverses
        steps = _penrose(inverse, formula, ())
        text = "Both sides multiplied out, with this formula."
        whole = matrix_identity(
            "algebra", text, statement.lhs, statement.rhs, given=given, of=(steps[-1],), definitions=statement.where
        )
        inverted = [node.args[0] for node in formula.atoms(sp.Inverse)]
        return Chain(steps=(*steps, whole), obstacle=unfounded(statement, given=given, invertible=inverted))

    return derive


def _penrose(inverse: PseudoInverse, x: sp.MatrixExpr, given: Given) -> tuple[Step, ...]:
    """The four equations, and A⁺ = X from them."""
    a = inverse.argument
    equations = (
        ("inner", "The formula inverts the matrix on its range.", a * x * a, a),
        ("outer", "The matrix inverts the formula on its range.", x * a * x, x),
        ("left", "Both products are symmetric: the matrix times the formula,", (a * x).T, a * x),
        ("right", "and the formula times the matrix.", (x * a).T, x * a),
    )
    steps = [matrix_identity(label, text, one, two, given=given) for label, text, one, two in equations]
    text = "Only the pseudoinverse satisfies these four equations."
    whole = check.by_lemma("pseudoinverse", text, inverse, x, UNIQUENESS, uses=[step.id for step in steps])
    return (*steps, whole)
