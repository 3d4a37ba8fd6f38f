"""The Boolean cube in ledger files: sums over its points, Krawtchouk's integers, and a kernel written out."""

from collections.abc import Sequence
from itertools import product

import sympy as sp

from verify.claim import Point

_j = sp.Symbol("j", integer=True, nonnegative=True)


def krawtchouk(k: sp.Expr, r: sp.Expr, d: sp.Expr) -> sp.Expr:
    """Σ_{|S| = k} χ_S(x) χ_S(y) for x and y that differ in r of d coordinates; symmetric up to a factor in k and r."""
    return sp.Sum((-1) ** _j * sp.binomial(r, _j) * sp.binomial(d - r, k - _j), (_j, 0, k))


def relu_ck(c: sp.Expr, weights: sp.Expr, biases: sp.Expr) -> sp.Expr:
    """The CK of one hidden layer of ReLUs at c = ⟨x, y⟩/d."""
    s, full = weights * c + biases, weights + biases
    return weights * (sp.sqrt(full**2 - s**2) + s * (sp.pi - sp.acos(s / full))) / (2 * sp.pi) + biases


def bits(name: str, d: int) -> tuple[sp.Symbol, ...]:
    """Symbols for the coordinates of a point of {0, 1}^d, which stands for ((-1)^bit)."""
    return sp.symbols(f"{name}_1:{d + 1}", integer=True, nonnegative=True)


def over_cube(body: sp.Expr, at: Sequence[sp.Symbol]) -> sp.Sum:
    """Σ over all values of the bits `at`."""
    return sp.Sum(body, *((bit, 0, 1) for bit in at))


def all_bits(*names: Sequence[sp.Symbol]) -> tuple[Point, ...]:
    """Every value of all these bits."""
    flat = [bit for bits_ in names for bit in bits_]
    return tuple(dict(zip(flat, values, strict=True)) for values in product((0, 1), repeat=len(flat)))


def parity(subset: Sequence[sp.Expr], at: Sequence[sp.Expr]) -> sp.Expr:
    """χ_S: -1 to the number of coordinates in S that are -1."""
    return sp.S.NegativeOne ** sp.Add(*(s * t for s, t in zip(subset, at, strict=True)))
