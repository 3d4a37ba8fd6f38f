"""Points of ledger files: families of exact numbers with one index or two, from the index 1 on."""

from collections.abc import Sequence

import sympy as sp


def family(*values: object) -> dict[int, sp.Rational]:
    """The entries of a vector.

    >>> family(1, "1/2")
    {1: 1, 2: 1/2}
    """
    return {index: sp.Rational(value) for index, value in enumerate(values, start=1)}


def entries(rows: Sequence[Sequence[object]]) -> dict[tuple[int, int], sp.Rational]:
    """The entries of a matrix, row by row.

    >>> entries([[1], ["-1/3"]])
    {(1, 1): 1, (2, 1): -1/3}
    """
    return {(r, c): sp.Rational(value) for r, row in enumerate(rows, start=1) for c, value in enumerate(row, start=1)}
