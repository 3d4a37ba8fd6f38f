"""Matrix expressions in ball arithmetic: products, inverses, exponentials, eigenvalues, ranks, at explicit matrices.

A matrix is a `Grid`, a tuple of rows of values: exact rationals stay exact through sums, products, inverses and
pseudo-inverses; what cannot be rational (exponentials, eigenvalues) is a ball. A singular matrix has an inverse of
not-a-numbers, as 1/0 is not-a-number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import sympy as sp
from flint import acb_mat, arb, arb_mat, fmpq, fmpq_mat
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct

from numerics import elementary as el
from numerics.elementary import Value

if TYPE_CHECKING:
    from numerics.evaluator import Evaluator

Grid: TypeAlias = tuple[tuple[Value, ...], ...]


def grid(expr: sp.MatrixExpr, evaluate: Evaluator) -> Grid:
    """Enclose a matrix expression; TypeError, naming the construct, for one that has no enclosure."""
    if isinstance(expr, sp.MatrixBase):
        return tuple(tuple(evaluate.value(entry) for entry in row) for row in expr.tolist())
    for cls, rule in _RULES.items():
        if isinstance(expr, cls):
            return rule(expr, evaluate)
    if hasattr(expr, "enclose_matrix_in"):
        return expr.enclose_matrix_in(evaluate)
    raise TypeError(f"no enclosure is known for {expr} ({type(expr).__name__})")


def shape(matrix: Grid) -> tuple[int, int]:
    """The numbers of rows and columns."""
    return len(matrix), len(matrix[0]) if matrix else 0


def sizes(expr: sp.MatrixExpr, evaluate: Evaluator) -> tuple[int, int]:
    """The numbers of rows and columns that an expression has at the point."""
    rows, columns = (int(evaluate.integer(size)) for size in expr.shape)
    return rows, columns


def constant(rows: int, columns: int, entry: Callable[[int, int], int]) -> Grid:
    """The matrix with integer entries `entry(i, j)`, i and j from 0."""
    return tuple(tuple(fmpq(entry(i, j)) for j in range(columns)) for i in range(rows))


def transposed(matrix: Grid) -> Grid:
    """Aᵀ."""
    return tuple(zip(*matrix, strict=True))


def plus(one: Grid, other: Grid) -> Grid:
    """A + B; ValueError unless their shapes agree."""
    if shape(one) != shape(other):
        raise ValueError(f"matrices of shapes {shape(one)} and {shape(other)} cannot be added")
    return tuple(tuple(el.trim(a + b) for a, b in zip(*rows, strict=True)) for rows in zip(one, other, strict=True))


def times(one: Grid, other: Grid) -> Grid:
    """AB; ValueError unless A has as many columns as B has rows."""
    if shape(one)[1] != shape(other)[0]:
        raise ValueError(f"matrices of shapes {shape(one)} and {shape(other)} cannot be multiplied")
    columns = transposed(other)
    return tuple(tuple(_dot(row, column) for column in columns) for row in one)


def scaled(factor: Value, matrix: Grid) -> Grid:
    """The multiple cA."""
    return tuple(tuple(el.times(factor, entry) for entry in row) for row in matrix)


def inverse(matrix: Grid) -> Grid:
    """A⁻¹: exact for rationals; not-a-numbers where A is singular, or not known to be invertible."""
    rows, columns = shape(matrix)
    if rows != columns:
        raise ValueError(f"a matrix of shape {shape(matrix)} has no inverse")
    try:
        return _rows(_exact(matrix).inv() if _is_exact(matrix) else _balls(matrix).inv())
    except ZeroDivisionError:
        return tuple((el.NAN,) * rows for _ in range(rows))


def exponential(matrix: Grid) -> Grid:
    """e^A."""
    return _rows(_balls(matrix).exp())


def flow_integral(generator: Grid, time: Value) -> Grid:
    """∫_0^s e^(-τK) dτ, the upper right block of exp(s[[-K, I], [0, 0]])."""
    n = len(generator)
    upper = tuple(
        (*scaled(-time, (row,))[0], *scaled(time, (unit,))[0]) for row, unit in zip(generator, eye(n), strict=True)
    )
    lower = constant(n, 2 * n, lambda *_: 0)
    return tuple(row[n:] for row in exponential((*upper, *lower))[:n])


def pseudo_inverse(matrix: Grid) -> Grid:
    """A⁺ = Fᵀ(FFᵀ)⁻¹(CᵀC)⁻¹Cᵀ from the rank factorisation A = CF; TypeError unless the entries are rational."""
    reduced, found = _exact(matrix).rref()
    if not found:
        return constant(*shape(transposed(matrix)), lambda *_: 0)
    factor = _rows(reduced)[:found]
    pivots = [next(j for j, entry in enumerate(row) if entry != 0) for row in factor]
    basis = tuple(tuple(row[j] for j in pivots) for row in matrix)
    right = times(transposed(factor), inverse(times(factor, transposed(factor))))
    left = times(inverse(times(transposed(basis), basis)), transposed(basis))
    return times(right, left)


def rank(matrix: Grid) -> Value:
    """The rank: exact for rationals; of balls only full rank can be known, else not-a-number."""
    if _is_exact(matrix):
        return fmpq(_exact(matrix).rref()[1])
    small = min(shape(matrix))
    gram = times(matrix, transposed(matrix)) if shape(matrix)[0] == small else times(transposed(matrix), matrix)
    return fmpq(small) if el.sign(determinant(gram)) else el.NAN


def determinant(matrix: Grid) -> Value:
    """The determinant."""
    return _exact(matrix).det() if _is_exact(matrix) else _balls(matrix).det()


def trace(matrix: Grid) -> Value:
    """The trace."""
    return _total(row[i] for i, row in enumerate(matrix))


def frobenius(matrix: Grid) -> Value:
    """√tr(AᵀA)."""
    return el.sqrt(_total(el.power(entry, fmpq(2)) for row in matrix for entry in row))


def eigenvalue(matrix: Grid, place: int) -> Value:
    """The `place`-th largest eigenvalue of a symmetric matrix, from 1, with multiplicity."""
    pairs = ((matrix[i][j], matrix[j][i]) for i in range(len(matrix)) for j in range(i))
    if any(el.sign(a - b) not in (0, None) for a, b in pairs):
        raise ValueError("eigenvalues are ordered for symmetric matrices only")
    found = _roots(matrix) if _is_exact(matrix) else _spectrum(matrix)
    if not 1 <= place <= len(found):
        raise ValueError(f"a matrix of {len(found)} rows has no eigenvalue number {place}")
    # The k-th largest of numbers enclosed in balls lies between the k-th largest of their lower and upper ends.
    low, high = (sorted((getattr(ball, end)() for ball in found), key=_order)[-place] for end in ("lower", "upper"))
    exact = [root for root in found if root.is_exact() and root.overlaps(low) and root.overlaps(high)]
    return el.exact(exact[0]) if exact and low == high else low.union(high)


def singular_value(matrix: Grid, place: int | None) -> Value:
    """The `place`-th largest singular value, from 1 to the smaller size; None for the last."""
    rows, columns = shape(matrix)
    gram = times(matrix, transposed(matrix)) if rows <= columns else times(transposed(matrix), matrix)
    return el.sqrt(eigenvalue(gram, min(rows, columns) if place is None else place))


def eye(n: int) -> Grid:
    """The identity matrix."""
    return constant(n, n, lambda i, j: int(i == j))


def _dot(row: Iterable[Value], column: Iterable[Value]) -> Value:
    return _total(el.times(a, b) for a, b in zip(row, column, strict=True))


def _total(values: Iterable[Value]) -> Value:
    return el.trim(sum(values, fmpq(0)))


def fold(combine: Callable[[Grid, Grid], Grid], parts: Iterable[Grid]) -> Grid:
    """Combine matrices, first to last."""
    first, *rest = parts
    for part in rest:
        first = combine(first, part)
    return first


def _is_exact(matrix: Grid) -> bool:
    return all(isinstance(entry, fmpq) for row in matrix for entry in row)


def _exact(matrix: Grid) -> fmpq_mat:
    if not _is_exact(matrix):
        raise TypeError("a rank or a pseudo-inverse needs a matrix of exact rationals")
    return fmpq_mat([list(row) for row in matrix])


def _balls(matrix: Grid) -> arb_mat:
    return arb_mat([[el.real(entry) for entry in row] for row in matrix])


def _rows(matrix: Any) -> Grid:
    return tuple(tuple(matrix[i, j] for j in range(matrix.ncols())) for i in range(matrix.nrows()))


def _roots(matrix: Grid) -> list[arb]:
    """The eigenvalues of a symmetric rational matrix, with multiplicity, exact where they are rational."""
    polynomial = _exact(matrix).charpoly()
    found: list[arb] = []
    for factor, multiplicity in (polynomial.numer()).factor_squarefree()[1]:
        if factor.degree() == 1:
            found += [arb(fmpq(-int(factor[0]), int(factor[1])))] * multiplicity
        elif factor.degree() > 1:
            roots: Any = factor.complex_roots()  # pairs of a root and its multiplicity, which the stub does not say
            found += [root.real for root, _ in roots for _ in range(multiplicity)]
    return found


def _spectrum(matrix: Grid) -> list[arb]:
    try:
        complex_matrix: Any = acb_mat(_balls(matrix))
        return [root.real for root in complex_matrix.eig(multiple=True)]
    except ValueError:  # at this precision they cannot be told apart
        return [el.NAN] * len(matrix)


def _order(ball: arb) -> Any:
    """Exact midpoints compare like numbers."""
    return ball.fmpq()


def _power(expr: sp.MatPow, evaluate: Evaluator) -> Grid:
    exponent = int(evaluate.integer(expr.exp))
    base = evaluate.matrix(expr.base)
    base = inverse(base) if exponent < 0 else base
    return fold(times, [eye(len(base)), *[base] * abs(exponent)])


def _product(expr: sp.MatMul, evaluate: Evaluator) -> Grid:
    coefficient, factors = expr.as_coeff_matrices()
    product = fold(times, (evaluate.matrix(factor) for factor in factors))
    return product if coefficient == 1 else scaled(evaluate.value(coefficient), product)


def _kronecker(one: Grid, other: Grid) -> Grid:
    return tuple(tuple(el.times(a, b) for a in row for b in inner) for row in one for inner in other)


def _entrywise(one: Grid, other: Grid) -> Grid:
    return tuple(tuple(el.times(a, b) for a, b in zip(*rows, strict=True)) for rows in zip(one, other, strict=True))


def _each(combine: Callable[[Grid, Grid], Grid]) -> Callable[[Any, Evaluator], Grid]:
    return lambda expr, evaluate: fold(combine, (evaluate.matrix(part) for part in expr.args))


def _constant(entry: Callable[[int, int], int]) -> Callable[[Any, Evaluator], Grid]:
    return lambda expr, evaluate: constant(*sizes(expr, evaluate), entry)


_RULES: dict[type, Callable[[Any, Evaluator], Grid]] = {
    sp.MatrixSymbol: lambda expr, evaluate: evaluate.given(expr),
    sp.MatAdd: _each(plus),
    sp.MatMul: _product,
    sp.Inverse: lambda expr, evaluate: inverse(evaluate.matrix(expr.arg)),
    sp.MatPow: _power,
    sp.Transpose: lambda expr, evaluate: transposed(evaluate.matrix(expr.arg)),
    sp.Identity: _constant(lambda i, j: int(i == j)),
    sp.ZeroMatrix: _constant(lambda *_: 0),
    sp.OneMatrix: _constant(lambda *_: 1),
    KroneckerProduct: _each(_kronecker),
    HadamardProduct: _each(_entrywise),
}
