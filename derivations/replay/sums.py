"""Finite sums over any number of terms: linear, in any order, with deltas and orthogonal matrices used up.

An expression becomes a dictionary from products under summation signs, written with names that do not depend on those
it came with, to their coefficients. Two expressions with the same dictionary are equal for every number of terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count, permutations, product
from math import prod
from typing import Any, TypeAlias

import sympy as sp

from derivations.replay import nodes
from derivations.replay.errors import RejectedError
from derivations.replay.reduce import with_fixed_names

Range: TypeAlias = tuple[sp.Expr, sp.Expr]
_MOST_INDICES = 6
_MOST_TERMS = 20_000


@dataclass(frozen=True)
class Under:
    """A product of factors under summation signs: index to its first and last value."""

    factors: tuple[sp.Expr, ...]
    over: tuple[tuple[sp.Symbol, Range], ...] = ()


@dataclass(frozen=True)
class Setting:
    """What is known: the ranges of indices that are free, and a matrix that is orthogonal, with its size."""

    ranges: Mapping[sp.Symbol, Range] = field(default_factory=dict)
    orthogonal: tuple[sp.IndexedBase, sp.Expr] | None = None
    numbers: Iterator[int] = field(default_factory=count)
    """The numbers of the names that no index has had here yet."""

    def under(self, over: tuple[tuple[sp.Symbol, Range], ...]) -> Setting:
        """The setting under summation signs."""
        return Setting({**self.ranges, **dict(over)}, self.orthogonal, self.numbers)

    def name(self) -> sp.Dummy:
        """A name that no index has had here yet, nor has it any symbol of a file."""
        return _numbered(next(self.numbers))


@cache
def _numbered(number: int) -> sp.Dummy:
    """Names are used again from one expression to the next: SymPy remembers what it found out about them."""
    return sp.Dummy(f"i{number}", integer=True)


def normal(expr: sp.Expr, setting: Setting | None = None) -> sp.Expr:
    """The expression as a sum of its normal terms."""
    setting = setting or Setting()
    total: dict[sp.Expr, sp.Expr] = {}
    for term in _multiplied_out(expr, setting):
        for body, coefficient in _named(_contracted(term, setting)):
            total[body] = total.get(body, sp.S.Zero) + coefficient
    return sp.Add(*(body * sp.expand(coefficient) for body, coefficient in total.items()))


def unfolded(expr: sp.Expr) -> sp.Expr:
    """With what the differential equations say of the derivatives and starts of flows."""
    return expr.replace(lambda e: isinstance(e, nodes.LinearFlow), lambda e: e.unfolded)


def _multiplied_out(e: sp.Expr, setting: Setting) -> list[Under]:  # noqa: PLR0911 - one case a node
    if isinstance(e, sp.Derivative):
        return _multiplied_out(_differentiated(e, setting), setting)
    if isinstance(e, sp.Add):
        return [term for part in e.args for term in _multiplied_out(part, setting)]
    if isinstance(e, sp.Mul):
        return _times([_multiplied_out(part, setting) for part in e.args], setting)
    if isinstance(e, sp.Pow) and e.exp.is_Integer and 0 < e.exp <= 8 and (e.base.is_Add or e.has(sp.Sum)):
        return _times([_multiplied_out(e.base, setting)] * int(e.exp), setting)
    if isinstance(e, sp.Sum):
        return _spread(e, setting)
    if e.is_Atom or isinstance(e, sp.KroneckerDelta | sp.Indexed):
        return [Under((e,))]
    if isinstance(e, nodes._Binder):
        e = with_fixed_names(e)
    inner = e.func(*(normal(a, setting) if _is_scalar(a) else a for a in e.args))
    return [Under((inner,))] if inner.func == e.func else _multiplied_out(inner, setting)


def _is_scalar(e: sp.Basic) -> bool:
    return isinstance(e, sp.Expr) and not isinstance(e, sp.MatrixExpr | sp.IndexedBase)


def _times(parts: list[list[Under]], setting: Setting) -> list[Under]:
    if prod(map(len, parts)) > _MOST_TERMS:
        raise RejectedError(f"a product has more than {_MOST_TERMS} terms")
    found = []
    for choice in product(*parts):
        fresh = [_with_new_names(term, setting) for term in choice]
        found.append(Under(sum((t.factors for t in fresh), ()), sum((t.over for t in fresh), ())))
    return found


def _with_new_names(term: Under, setting: Setting) -> Under:
    names = {index: setting.name() for index, _ in term.over}
    over = tuple((names[index], (low.xreplace(names), high.xreplace(names))) for index, (low, high) in term.over)
    return Under(tuple(f.xreplace(names) for f in term.factors), over)


def _spread(e: sp.Sum, setting: Setting) -> list[Under]:
    if any(len(limit) != 3 for limit in e.limits):
        return [Under((e,))]
    return _summed(e.function, [tuple(limit) for limit in e.limits], setting)


def _summed(body: sp.Expr, limits: list[tuple[sp.Expr, ...]], setting: Setting) -> list[Under]:
    """The terms of a sum, the last of the limits being that of the outermost sum."""
    if not limits:
        return _multiplied_out(body, setting)
    index, low, high = limits[-1]
    if index in low.free_symbols | high.free_symbols:
        raise RejectedError(f"the range of {index} depends on it")
    name = setting.name()
    inner = [(other, *(end.subs(index, name) for end in ends)) for other, *ends in limits[:-1]]
    if any(other == index for other, *_ in inner):
        raise RejectedError(f"a sum runs twice over {index}")
    over = ((name, (low, high)),)
    found = []
    for term in _summed(body.subs(index, name), inner, setting.under(over)):
        if any(name in end.free_symbols for _, ends in term.over for end in ends):
            parts = _named(_contracted(term, setting.under(over)))
            found += [Under((number * total,), over) for total, number in parts]
        else:
            found.append(Under(term.factors, term.over + over))
    return found


def _differentiated(e: sp.Derivative, setting: Setting) -> sp.Expr:
    def renamed(s: sp.Sum) -> sp.Sum:
        return s.xreplace({limit[0]: setting.name() for limit in s.limits})

    inner = e.expr.replace(lambda s: isinstance(s, sp.Sum), renamed)
    for variable, times in e.variable_count:
        for _ in range(int(times)):
            inner = inner.diff(variable)
    if inner.has(sp.Derivative) and not e.expr.has(sp.Derivative):
        raise RejectedError(f"the derivative of {e.expr} is not known")
    return inner


def _contracted(term: Under, setting: Setting) -> Under:
    """With deltas used up: Σ_i δ_ip F(i) = F(p) for p in the range of i, and Σ_i q_ik q_il = δ_kl."""
    factors, over = _single(term.factors), dict(term.over)
    ranges = {**setting.ranges, **over}
    for delta in (f for f in factors if isinstance(f, sp.KroneckerDelta)):
        for index, other in (delta.args, delta.args[::-1]):
            if index in over and ranges.get(other) == over[index]:
                rest = [f for f in factors if f is not delta]
                left = tuple(pair for pair in term.over if pair[0] != index)
                return _contracted(Under(tuple(f.xreplace({index: other}) for f in rest), left), setting)
    for index, (low, high) in over.items() if setting.orthogonal else ():
        base, size = setting.orthogonal or (None, None)
        pair = [f for f in factors if index in f.free_symbols]
        entries = len(pair) == 2 and all(isinstance(f, sp.Indexed) and f.base == base for f in pair)
        if not entries or (low, high) != (1, size) or any(len(f.indices) != 2 for f in pair):
            continue
        for place in (0, 1):
            others = [f.indices[1 - place] for f in pair]
            if all(f.indices[place] == index for f in pair) and index not in others:
                rest = [f for f in factors if f not in pair]
                left = tuple(item for item in term.over if item[0] != index)
                return _contracted(Under((*rest, sp.KroneckerDelta(*others)), left), setting)
    return Under(tuple(factors), term.over)


def _single(factors: tuple[sp.Expr, ...]) -> list[sp.Expr]:
    """The factors of the product one by one, squares of matrix entries twice."""
    found: list[sp.Expr] = []
    for factor in sp.Mul.make_args(sp.Mul(*factors)):
        twice = isinstance(factor, sp.Pow) and isinstance(factor.base, sp.Indexed) and factor.exp == 2
        found += [factor.base] * 2 if twice else [factor]
    return found


def _named(term: Under) -> list[tuple[sp.Expr, sp.Expr]]:
    """The term as pairs (sum under fixed names, coefficient); none if it vanishes."""
    whole = sp.Mul(*term.factors)
    indices = {index for index, _ in term.over}
    outside, inside = whole.as_independent(*indices, as_Add=False) if indices else (whole, sp.S.One)
    over = []
    for index, (low, high) in term.over:
        if index in inside.free_symbols:
            over.append((index, (low, high)))
        else:
            outside *= high - low + 1
    if outside == 0:
        return []
    if not over:
        number, rest = (outside * inside).as_coeff_Mul(rational=True)
        return [(rest, number)]
    if len(over) > _MOST_INDICES:
        raise RejectedError(f"a product stands under more than {_MOST_INDICES} summation signs")
    number, rest = outside.as_coeff_Mul(rational=True)
    return [(rest * _first_naming(inside, over), number)]


def _first_naming(body: sp.Expr, over: list[tuple[sp.Symbol, Range]]) -> sp.Sum:
    """The sum with its indices named by their places, in the order that comes first."""
    level = 1 + max((_level(s) for s in body.atoms(sp.Symbol)), default=0)
    over = sorted(over, key=lambda item: sp.default_sort_key(sp.Tuple(*item[1])))
    names = [sp.Symbol(f"\0{level},{place}", integer=True) for place in range(len(over))]
    best: Any = None
    for order in permutations(over):
        if [ends for _, ends in order] == [ends for _, ends in over]:
            candidate = body.xreplace({index: name for (index, _), name in zip(order, names, strict=True)})
            key = sp.default_sort_key(candidate)
            if best is None or key < best[0]:
                best = (key, candidate)
    return sp.Sum(best[1], *((name, *ends) for name, (_, ends) in zip(names, over, strict=True)))


def _level(symbol: sp.Symbol) -> int:
    """How deep the index is bound that a fixed name stands for; 0 for other symbols."""
    level, comma, _ = symbol.name[1:].partition(",")
    return int(level) if symbol.name[:1] == "\0" and comma else 0
