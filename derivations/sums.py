"""The normal form of finite sums over symbolic ranges: every expression as Σ coefficient · Σ_{i, j, …} product.

The rules are those of finite sums and nothing else: linearity, the product of two sums is a double sum, the order of
summation and the names of indices do not matter, Σ_i δ_(i p) F(i) = F(p) when p lies in the range of i, and
Σ_{i=1}^n c = n c. Sums that are equal by these rules become the same expression, for every number of terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import count, permutations, product

import sympy as sp

Range = tuple[sp.Expr, sp.Expr]
"""First and last value of an index."""

_MOST_INDICES = 6
"""Beyond this many indices in one product the search for the canonical names (k! orders) is refused."""


@dataclass(frozen=True)
class Orthogonal:
    """The hypothesis that `base` is a square orthogonal matrix: Σ_i q_ik q_il = δ_kl = Σ_i q_ki q_li, i = 1 … size."""

    base: sp.IndexedBase
    size: sp.Expr


def flatten(
    expr: sp.Expr,
    ranges: Mapping[sp.Symbol, Range] | None = None,
    orthogonal: Orthogonal | None = None,
) -> sp.Expr:
    """Return `expr` in the normal form of finite sums; `ranges` gives the ranges of its free indices.

    Derivatives are carried out on the way. What is not a sum, a product or a whole power is an atom, with its
    arguments brought to the normal form. The relations of an orthogonal matrix are used where one is named.

    Raises ValueError when a product has more than six summation indices.

    >>> a, b = sp.IndexedBase("a"), sp.IndexedBase("b")
    >>> i, j, n = sp.symbols("i j n", integer=True, positive=True)
    >>> flatten(sp.Sum(a[i], (i, 1, n)) ** 2 - sp.Sum(a[i] * a[j], (j, 1, n), (i, 1, n)))
    0
    >>> flatten(sp.Sum(a[i] * sp.KroneckerDelta(i, j), (i, 1, n)), {j: (sp.S.One, n)})
    a[j]
    """
    return _remembered(expr, tuple((ranges or {}).items()), orthogonal)


@lru_cache(maxsize=4096)
def _remembered(expr: sp.Expr, ranges: tuple[tuple[sp.Symbol, Range], ...], orthogonal: Orthogonal | None) -> sp.Expr:
    """What `flatten` returns: the derivation of a mutant asks for most of what that of the form asked for."""
    return _flattened(expr, _Known(dict(ranges), orthogonal))


def _flattened(expr: sp.Expr, known: _Known) -> sp.Expr:
    collected: dict[sp.Expr, sp.Expr] = {}
    for term in (whole for first in _terms(expr, known) for whole in _reopened(first, known)):
        for coefficient, atom in _canonical(_collapse(term, known)):
            collected[atom] = collected.get(atom, sp.S.Zero) + coefficient
    return sp.Add(*(sp.expand(coefficient) * atom for atom, coefficient in collected.items()))


def readable(expr: sp.Expr, names: Iterable[str]) -> sp.Expr:
    """Give the canonical indices of the normal form the names given, which must not be free in the expression."""
    indices = sorted((s for s in expr.atoms(sp.Dummy) if _height(s)), key=lambda s: s.name)
    return expr.xreplace({s: sp.Symbol(name, integer=True) for s, name in zip(indices, names, strict=False)})


def multiple_of(expr: sp.Expr, total: sp.Expr) -> sp.Expr:
    """The factor c of `expr` = c · `total`, for a sum `total`; 0 where `expr` is no multiple of it.

    >>> a, i, n = sp.IndexedBase("a"), sp.Symbol("i"), sp.Symbol("n")
    >>> multiple_of(sp.sqrt(n) * sp.Sum(a[i], (i, 1, n)) / 2, sp.Sum(a[i], (i, 1, n)))
    sqrt(n)/2
    """
    mark = sp.Dummy(positive=True)
    same = [found for found in expr.atoms(sp.Sum) if flatten(found - total) == 0]
    factor = sp.expand(expr.xreplace(dict.fromkeys(same, mark)) / mark)
    return sp.S.Zero if factor.has(mark) else factor


@dataclass(frozen=True)
class _Known:
    """What may be used: the ranges of the indices that are free here, and an orthogonal matrix."""

    ranges: dict[sp.Symbol, Range]
    orthogonal: Orthogonal | None
    numbers: Iterator[int] = field(default_factory=count)
    """The numbers of the names that are still fresh in this normal form."""

    def within(self, limits: Iterable[tuple[sp.Symbol, sp.Expr, sp.Expr]]) -> _Known:
        return _Known(self.ranges | {index: (low, high) for index, low, high in limits}, self.orthogonal, self.numbers)

    def fresh(self, indices: Iterable[sp.Symbol]) -> dict[sp.Symbol, sp.Dummy]:
        """A fresh name for each index. Other normal forms use the same ones, so that SymPy remembers what it found."""
        return {index: _fresh(next(self.numbers)) for index in indices}


@dataclass(frozen=True)
class _Term:
    """The product of `factors`, summed over `limits`, whose indices are fresh dummies."""

    factors: tuple[sp.Expr, ...]
    limits: tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...] = ()


def _terms(e: sp.Expr, known: _Known) -> list[_Term]:
    """`e` as a list of terms, all sums and brackets multiplied out."""
    if isinstance(e, sp.Derivative):
        return _terms(_differentiate(e, known), known)
    if isinstance(e, sp.Add):
        return [term for arg in e.args for term in _terms(arg, known)]
    if isinstance(e, sp.Mul):
        return _product([_terms(arg, known) for arg in e.args], known)
    if isinstance(e, sp.Pow) and e.exp.is_Integer and e.exp > 0 and (e.has(sp.Sum) or isinstance(e.base, sp.Add)):
        return _product([_terms(e.base, known) for _ in range(int(e.exp))], known)
    return _sum(e, known) if isinstance(e, sp.Sum) else _atom(e, known)


def _atom(e: sp.Expr, known: _Known) -> list[_Term]:
    """A construct that the rules do not see into, with its arguments in the normal form."""
    if e.is_Atom or isinstance(e, sp.KroneckerDelta | sp.Indexed):
        return [_Term((e,))]
    atom = e.func(*(_flattened(arg, known) if isinstance(arg, sp.Expr) else arg for arg in e.args))
    return [_Term((atom,))] if atom.func == e.func else _terms(atom, known)


def _product(factors: list[list[_Term]], known: _Known) -> list[_Term]:
    out = []
    for choice in product(*factors):
        fresh = [_renamed(term, known) for term in choice]
        out.append(_Term(sum((t.factors for t in fresh), ()), sum((t.limits for t in fresh), ())))
    return out


def _reopened(term: _Term, known: _Known) -> list[_Term]:
    """The term, multiplied out once more where the roots of a sum in it make the sum."""
    merged = sp.Mul(*term.factors)
    bases = (factor.base if isinstance(factor, sp.Pow) else factor for factor in sp.Mul.make_args(merged))
    if merged in term.factors or not any(isinstance(base, sp.Sum) for base in bases):
        return [term]
    return [_Term(t.factors, t.limits + term.limits) for t in _terms(merged, known.within(term.limits))]


def _renamed(term: _Term, known: _Known) -> _Term:
    new = known.fresh(index for index, *_ in term.limits)
    return _Term(
        tuple(f.xreplace(new) for f in term.factors),
        tuple((new[index], low, high) for index, low, high in term.limits),
    )


def _sum(e: sp.Sum, known: _Known) -> list[_Term]:
    indices = [limit[0] for limit in e.limits]
    if any(len(limit) != 3 or set(indices) & (limit[1].free_symbols | limit[2].free_symbols) for limit in e.limits):
        return [_Term((e,))]
    new = known.fresh(indices)
    limits = tuple((new[index], low, high) for index, low, high in e.limits)
    summand = e.function.subs(new, simultaneous=True)
    return [_Term(t.factors, t.limits + limits) for t in _terms(summand, known.within(limits))]


def _differentiate(e: sp.Derivative, known: _Known) -> sp.Expr:
    """Carry out a derivative, with the bound indices renamed so that none meets the variable's."""
    fresh = e.expr.replace(
        lambda s: isinstance(s, sp.Sum),
        lambda s: s.xreplace(known.fresh(limit[0] for limit in s.limits)),
    )
    result = fresh
    for variable, times in e.variable_count:
        for _ in range(int(times)):
            result = result.diff(variable)
    if result.has(sp.Derivative) and not e.expr.has(sp.Derivative):
        raise ValueError(f"the derivative of {e.expr} is not known")
    return result


def _collapse(term: _Term, known: _Known) -> _Term:
    """Use up the deltas of one term, those that an orthogonal matrix gives included."""
    factors, limits = _factors(term), list(term.limits)
    ranges = known.within(limits).ranges
    for delta in [f for f in factors if isinstance(f, sp.KroneckerDelta)]:
        for index, other in (delta.args, delta.args[::-1]):
            if any(index == bound for bound, *_ in limits) and ranges.get(index) == ranges.get(other):
                factors.remove(delta)
                moved = tuple(f.xreplace({index: other}) for f in factors)
                return _collapse(_Term(moved, tuple(limit for limit in limits if limit[0] != index)), known)
    for limit in limits if known.orthogonal else []:
        pair = [f for f in factors if limit[0] in f.free_symbols]
        if (delta := _contraction(pair, limit, known.orthogonal)) is not None:
            rest = [f for f in factors if f not in pair]
            return _collapse(_Term((*rest, delta), tuple(other for other in limits if other != limit)), known)
    return _Term(tuple(factors), tuple(limits))


def _factors(term: _Term) -> list[sp.Expr]:
    """The factors one by one, like ones collected into powers and squares of matrix entries written twice."""
    found = []
    for factor in sp.Mul.make_args(sp.Mul(*term.factors)):
        square = isinstance(factor, sp.Pow) and isinstance(factor.base, sp.Indexed) and factor.exp == 2
        found += [factor.base, factor.base] if square else [factor]
    return found


def _contraction(
    pair: list[sp.Expr], limit: tuple[sp.Symbol, sp.Expr, sp.Expr], orthogonal: Orthogonal | None
) -> sp.Expr | None:
    """The delta that Σ over `limit` of two entries of the orthogonal matrix is; None if it is no such sum."""
    if orthogonal is None or len(pair) != 2 or limit[1:] != (sp.S.One, orthogonal.size):
        return None
    if not all(isinstance(f, sp.Indexed) and f.base == orthogonal.base and len(f.indices) == 2 for f in pair):
        return None
    for position in (0, 1):
        other = [f.indices[1 - position] for f in pair]
        if all(f.indices[position] == limit[0] for f in pair) and limit[0] not in other:
            return sp.KroneckerDelta(*other)
    return None


def _canonical(term: _Term) -> list[tuple[sp.Expr, sp.Expr]]:
    """The term as (coefficient, sum) with canonical names for its indices; empty when it vanishes."""
    coefficient, bound = sp.S.One, []
    names = {index for index, *_ in term.limits}
    for factor in sp.Mul.make_args(sp.Mul(*term.factors)):
        if factor.free_symbols & names:
            bound.append(factor)
        else:
            coefficient *= factor
    body = sp.Mul(*bound)
    for _, low, high in (limit for limit in term.limits if limit[0] not in body.free_symbols):
        coefficient *= high - low + 1
    limits = [limit for limit in term.limits if limit[0] in body.free_symbols]
    if coefficient == 0:
        return []
    if not limits:
        return [(sp.S.One, coefficient)] if not coefficient.is_Rational else [(coefficient, sp.S.One)]
    number, rest = coefficient.as_coeff_Mul(rational=True)
    return [(number, rest * _named(body, limits))]


def _named(body: sp.Expr, limits: list[tuple[sp.Symbol, sp.Expr, sp.Expr]]) -> sp.Sum:
    if len(limits) > _MOST_INDICES:
        raise ValueError(f"a product under {len(limits)} summation signs is beyond the normal form")
    height = 1 + max((_height(s) for s in body.atoms(sp.Symbol)), default=0)
    limits = sorted(limits, key=lambda limit: sp.default_sort_key(sp.Tuple(*limit[1:])))
    names = [_index(height, k) for k in range(len(limits))]
    candidates = []
    for order in permutations(limits):
        if [limit[1:] for limit in order] == [limit[1:] for limit in limits]:
            renamed = body.xreplace({limit[0]: name for limit, name in zip(order, names, strict=True)})
            candidates.append((sp.default_sort_key(renamed), renamed))
    best = min(candidates, key=lambda pair: pair[0])[1]
    return sp.Sum(best, *((name, *limit[1:]) for name, limit in zip(names, limits, strict=True)))


@cache
def _index(height: int, position: int) -> sp.Dummy:
    return sp.Dummy(f"i{height}_{position}", integer=True)


@cache
def _fresh(number: int) -> sp.Dummy:
    return sp.Dummy(f"fresh{number}", integer=True)


def _height(symbol: sp.Symbol) -> int:
    """How many sums deep the canonical index `symbol` is bound; 0 for every other symbol."""
    if not isinstance(symbol, sp.Dummy) or not symbol.name.startswith("i"):
        return 0
    height = symbol.name[1:].split("_")[0]
    return int(height) if height.isdigit() and symbol in (_index(int(height), k) for k in range(_MOST_INDICES)) else 0
