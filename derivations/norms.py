"""The norm of a matrix stretched out into a vector: the places of the one run once over the entries of the other."""

from dataclasses import dataclass

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded


def stretched(statement: Equation) -> Chain:
    """Derive that a sum over the entries of θ = vec(W) is one over the entries of W, and the statement from it.

    The first definition of the statement is θ(p) = W[p - m⌊(p - 1)/m⌋, 1 + ⌊(p - 1)/m⌋], the columns of W one below the
    other. The map (j, k) ↦ p = (k - 1) m + j is shown to be undone by it and to stay in range.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    found = _read(statement)
    if found is None:
        return Chain(steps=(), obstacle="the left side holds no single sum over the entries of a stretched matrix")
    j, k = sp.symbols("j k", integer=True, positive=True)
    entry = found.matrix[j, k]
    double = sp.Sum(found.total.function.xreplace({found.theta: entry}), (j, 1, found.rows), (k, 1, found.columns))
    reindexed = check.by_lemma(
        "reindexed",
        "So distinct entries of the matrix go to distinct places of the vector, and there are as many of the "
        "one as of the other.",
        found.total,
        double,
        "reindexing",
        uses=("row", "column", "first", "last"),
    )
    return Chain(
        steps=(
            *_undone(found, j, k),
            *_in_range(found, j, k),
            reindexed,
            check.finite_sums(
                "norms",
                "The statement, with a sum over the entries of the matrix.",
                statement.lhs,
                statement.rhs,
                of=(reindexed,),
                definitions=statement.where,
            ),
        )
    )


@dataclass(frozen=True)
class _Stretched:
    """A sum over the places p of θ(p) = matrix[row, column], for a matrix of `rows` by `columns`."""

    total: sp.Sum
    theta: sp.Expr
    matrix: sp.IndexedBase
    row: sp.Expr
    column: sp.Expr
    rows: sp.Expr
    columns: sp.Expr

    @property
    def place(self) -> sp.Symbol:
        """The symbol p."""
        return self.total.limits[0][0]

    @property
    def quotient(self) -> sp.Expr:
        """⌊(p - 1)/m⌋."""
        return sp.floor((self.place - 1) / self.rows)


def _read(statement: Equation) -> _Stretched | None:
    """Read the sum off the left side, and the shape of the matrix off the definition; None if they are not there."""
    if not statement.where:
        return None
    theta, entry = statement.where[0]
    totals = [total for total in statement.lhs.atoms(sp.Sum) if total.has(theta)]
    if (
        len(totals) != 1
        or len(totals[0].limits) != 1
        or not (isinstance(entry, sp.Indexed) and len(entry.indices) == 2)
    ):
        return None
    ((place, low, high),) = totals[0].limits
    row, column = entry.indices
    quotients = column.atoms(sp.floor)
    if low != 1 or len(quotients) != 1 or theta.args != (place,):
        return None
    rows = sp.cancel((place - 1) / quotients.pop().args[0])
    columns = sp.cancel(high / rows)
    whole = all(size.is_integer and size.is_positive for size in (rows, columns))
    return _Stretched(totals[0], theta, entry.base, row, column, rows, columns) if whole else None


def _undone(found: _Stretched, j: sp.Symbol, k: sp.Symbol) -> tuple[Step, ...]:
    """The definition takes p = (k - 1) m + j back to row j and column k."""
    p, running = (k - 1) * found.rows + j, _running(found, j, k)
    low = check.nonnegative("quotient-low", "It is no less than $k - 1$", (j - 1) / found.rows, running=running)
    high = check.nonnegative(
        "quotient-high",
        "and less than $k$ by $1\\/m$ or more.",
        1 - (j - 1) / found.rows - 1 / found.rows,
        running=running,
    )
    whole = check.floor_value(
        "integer-part", "So this is its integer part.", found.quotient.subs(found.place, p), k - 1, low=low, high=high
    )
    text = "The {} in the definition, for this $p$ and with this integer part."
    return (
        check.identity(
            "quotient",
            "The quotient of $p - 1$ by $m$, for $p = (k - 1) m + j$ with $1 <= j <= m$ and $1 <= k <= d$.",
            (p - 1) / found.rows,
            k - 1 + (j - 1) / found.rows,
        ),
        low,
        high,
        whole,
        check.consequence("row", text.format("row"), found.row.subs(found.place, p), j, (whole,)),
        check.consequence("column", text.format("column"), found.column.subs(found.place, p), k, (whole,)),
    )


def _in_range(found: _Stretched, j: sp.Symbol, k: sp.Symbol) -> tuple[Step, ...]:
    """1 <= (k - 1) m + j <= m d."""
    p, running = (k - 1) * found.rows + j, _running(found, j, k)
    return (
        check.nonnegative("first", "The place $p$ is no less than 1", p - 1, running=running),
        check.nonnegative("last", "and no more than $m d$.", found.rows * found.columns - p, running=running),
    )


def _running(found: _Stretched, j: sp.Symbol, k: sp.Symbol) -> dict[sp.Expr, sp.Expr]:
    """1 <= j <= m and 1 <= k <= d, by integers that run over 0, 1, 2 and so on."""
    u, v, a, b = (sp.Dummy(integer=True, nonnegative=True) for _ in range(4))
    return {j: 1 + u, found.rows: 1 + u + v, k: 1 + a, found.columns: 1 + a + b}
