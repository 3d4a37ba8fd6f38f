"""Builders of steps about matrices of any size, and a deriver of plain matrix identities.

Whether a step is closed is decided by `derivations.matrix_algebra`; whether the inverses in it exist, and the equations
it was given hold, is looked up in the domain of the statement (`unfounded`).
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations import domain
from derivations.chain import Chain, Rule, Step, record
from derivations.definitions import Definitions, put_in
from derivations.domain import Equation
from derivations.matrix_algebra import Algebra
from derivations.matrix_expressions import TimeDerivative
from derivations.matrix_facts import Facts
from derivations.matrix_rates import Rates, differentiated

Given: TypeAlias = Sequence[tuple[sp.MatrixExpr, sp.MatrixExpr]]
"""Equations `(product of letters, replacement)`."""


def matrix_identity(
    label: str,
    text: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    *,
    given: Given = (),
    of: Sequence[Step] = (),
    uses: Sequence[str] = (),
    left: sp.MatrixExpr | None = None,
    right: sp.MatrixExpr | None = None,
    definitions: Definitions = (),
    lemma: str | None = None,
) -> Step:
    """`lhs = rhs` by the algebra of matrices of any size; a 1×1 matrix counts as a number.

    `given` are equations that hold by hypothesis, `of` closed steps whose left sides are replaced by their right
    sides. `left` and `right` are invertible matrices by which the difference is multiplied first: say in `text` why
    they are. `definitions` are put in before anything else.
    """
    equations = [(put_in(a, definitions), put_in(b, definitions)) for a, b in given]
    equations += [(step.lhs, step.rhs) for step in of if step.closed]
    one, two = (_multiplied(put_in(side, definitions), left, right, definitions) for side in (lhs, rhs))
    used = tuple(step.id for step in of)
    return record(
        "matrix_identity",
        label,
        Rule.IDENTITY,
        text,
        (lhs, rhs),
        _residual(equations, one, two),
        uses=(*uses, *(name for name in used if name not in uses)),
        lemma=lemma,
        given=tuple(given),
        of=used,
        left=left,
        right=right,
        definitions=tuple(definitions),
    )


def matrix_derivative(
    label: str,
    text: str,
    expr: sp.Expr,
    time: sp.Symbol,
    rhs: sp.Expr,
    *,
    rates: Rates | None = None,
    given: Given = (),
    uses: Sequence[str] = (),
    definitions: Definitions = (),
) -> Step:
    """`d expr/d time = rhs`, the matrix symbols constant but for those whose derivatives are among `rates`."""
    equations = [(put_in(a, definitions), put_in(b, definitions)) for a, b in given]
    inner, outer = put_in(expr, definitions), put_in(rhs, definitions)
    lhs = TimeDerivative(expr, time) if isinstance(expr, sp.MatrixExpr) else sp.Derivative(expr, time, evaluate=False)
    try:
        residual = _residual(equations, differentiated(inner, time, rates or {}, Algebra(equations)), outer)
    except TypeError:
        residual = lhs
    return record(
        "matrix_derivative",
        label,
        Rule.DERIVATIVE,
        text,
        (lhs, rhs),
        residual,
        uses=uses,
        rates=dict(rates or {}),
        given=tuple(given),
        definitions=tuple(definitions),
    )


def _residual(equations: Given, lhs: sp.Expr, rhs: sp.Expr) -> sp.Expr:
    try:
        return Algebra(equations).difference(lhs, rhs)
    except sp.ShapeError:
        return sp.Symbol("different_shapes")


def _multiplied(
    side: sp.Expr, left: sp.MatrixExpr | None, right: sp.MatrixExpr | None, definitions: Definitions
) -> sp.Expr:
    side = side if left is None else put_in(left, definitions) * side
    return side if right is None else side * put_in(right, definitions)


def by_algebra(
    *,
    given: Given = (),
    left: sp.MatrixExpr | None = None,
    right: sp.MatrixExpr | None = None,
    text: str = "Both sides multiplied out; each matrix meets its inverse.",
) -> Callable[[Equation], Chain]:
    """A deriver of identities between matrices of any size: one step, of which everything used is in the domain."""

    def derive(statement: Equation) -> Chain:
        obstacle = unfounded(statement, given=given, invertible=[m for m in (left, right) if m is not None])
        step = matrix_identity(
            "algebra",
            text,
            statement.lhs,
            statement.rhs,
            given=given,
            left=left,
            right=right,
            definitions=statement.where,
        )
        return Chain(steps=(step,), obstacle=obstacle)

    return derive


def unfounded(statement: Equation, *, given: Given = (), invertible: Sequence[sp.MatrixExpr] = ()) -> str:
    """Say what a derivation by algebra may not build on in a statement; "" if there is nothing of the kind.

    Beside what `derivations.domain.unfounded` says: every matrix symbol has its set of real matrices; every matrix that
    is inverted, or by which the sides are multiplied, is invertible on the domain; every equation given is in it.
    """
    sides = [put_in(side, statement.where) for side in (statement.lhs, statement.rhs)]
    declared = [symbol for symbol, values in statement.domain if isinstance(values, MatrixSet)]
    for symbol in sorted(set().union(*(side.atoms(sp.MatrixSymbol) for side in sides)), key=sp.default_sort_key):
        if symbol not in declared:
            return f"the domain says nothing about the matrix {symbol}"
    equations = [(put_in(a, statement.where), put_in(b, statement.where)) for a, b in given]
    facts = Facts(statement)
    for lhs, rhs in equations:
        if not facts.holds(lhs, rhs):
            return f"the domain does not say that {lhs} = {rhs}"
    nodes = [*sides, *(side for equation in equations for side in equation)]
    inverted = [power.args[0] for node in nodes for power in node.atoms(sp.Inverse, sp.MatPow) if _inverts(power)]
    for matrix in [*inverted, *(put_in(m, statement.where) for m in invertible)]:
        if not facts.invertible(matrix):
            return f"the domain does not say that {matrix} is invertible"
    return domain.unfounded(statement)


def _inverts(power: sp.MatrixExpr) -> bool:
    return isinstance(power, sp.Inverse) or power.exp.is_nonnegative is not True
