"""Finite sums of any number of terms: equal roots, and bounds by parts that have a sign.

What a deriver is given beside the statement is a way, not a premise: that it leads from one side to the other is
checked, and a hypothesis it uses has to be in the statement's domain.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.sums import Orthogonal, flatten

Deriver: TypeAlias = Callable[[Equation], Chain]


@dataclass(frozen=True)
class Part:
    """A part of the gap between two sides that is not negative, as `text` says, where the parts `given` are not.

    `running` writes integers by nonnegative ones that run over their whole range: n = 1 + q.
    """

    text: str
    expr: sp.Expr
    given: tuple[sp.Expr, ...] = ()
    running: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()


def by_equal_squares(statement: Equation) -> Chain:
    """Derive lhs = rhs for two sides that are not negative and have equal squares."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    signs = [
        check.nonnegative(f"{name}-side", f"The {name} side is not negative.", side)
        for name, side in (("left", lhs), ("right", rhs))
    ]
    steps: list[Step] = [*signs]
    for name, (low, high), sign in (("up", (lhs, rhs), signs[1]), ("down", (rhs, lhs), signs[0])):
        squares = check.inequality(
            f"squares-{name}", "The squares of both sides are equal, by the rules of finite sums.", low**2, high**2, ()
        )
        text = "So neither side is greater than the other."
        steps += [squares, check.square_root(f"roots-{name}", text, low, high, squares=squares, sign=sign)]
    return Chain(steps=tuple(steps))


def by_parts(
    *parts: Part,
    squared: bool = False,
    right: Sequence[sp.Expr] = (),
    text: str = "The gap is the sum of these parts.",
) -> Deriver:
    """A deriver of lhs <= rhs from rhs - lhs = Σ parts, or from rhs² - lhs² = Σ parts and rhs >= 0 where `squared`.

    The parts `right` are what the sign of the right side takes as given. What is given has to follow from the interval
    that the domain declares for a quantity. A matrix that is orthogonal is read off the domain too, for sides that are
    not squared.
    """

    def derive(statement: Equation) -> Chain:
        if obstacle := unfounded(statement) or unfounded_parts(statement, parts, right):
            return Chain(steps=(), obstacle=obstacle)
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        signs = tuple(
            check.nonnegative(
                f"part-{number}",
                part.text,
                statement.expand(part.expr),
                given=[statement.expand(given) for given in part.given],
                running=dict(part.running),
            )
            for number, part in enumerate(parts, start=1)
        )
        weighted = [(sp.S.One, sign) for sign in signs]
        if matrix := orthogonal(statement):
            total = sp.Add(*(sign.lhs for sign in signs))
            gap = check.finite_sums("gap", text, rhs - lhs, total, orthogonal=matrix, uses=[s.id for s in signs])
            return Chain(steps=(*signs, gap))
        if not squared:
            return Chain(steps=(*signs, check.inequality("bound", text, lhs, rhs, weighted)))
        squares = check.inequality("squares", f"For the squares of both sides: {text}", lhs**2, rhs**2, weighted)
        sign = check.nonnegative("right-side", "The right side is not negative.", rhs, given=right)
        root = "So the sides are in the same order as their squares."
        return Chain(
            steps=(*signs, squares, sign, check.square_root("bound", root, lhs, rhs, squares=squares, sign=sign))
        )

    return derive


def ranges(statement: Equation) -> dict[sp.Symbol, tuple[sp.Expr, sp.Expr]]:
    """The first and last values of the free indices that the domain lets run over a range of step 1."""
    return {
        index: (values.start, values.stop - 1)
        for index, values in statement.domain
        if isinstance(index, sp.Symbol) and isinstance(values, sp.Range) and values.step == 1
    }


def orthogonal(statement: Equation) -> Orthogonal | None:
    """The matrix that the domain declares to be orthogonal: Σ_i q_ik q_il = δ_kl, i = 1 … n; None if there is none.

    The matrix is square: its other index runs over 1 … n too.
    """
    for quantity, values in statement.domain:
        if isinstance(quantity, sp.Sum) and isinstance(values, sp.FiniteSet) and len(quantity.limits) == 1:
            ((i, low, size),) = quantity.limits
            (delta, *others) = values
            for base in quantity.atoms(sp.IndexedBase) if isinstance(delta, sp.KroneckerDelta) and not others else ():
                gram = sp.Sum(base[i, delta.args[0]] * base[i, delta.args[1]], (i, 1, size))
                if low == 1 and flatten(gram - quantity) == 0:
                    return Orthogonal(base, size)
    return None


def unfounded_parts(statement: Equation, parts: Sequence[Part], more: Sequence[sp.Expr] = ()) -> str:
    """Say what the parts take as given, or `more`, although the domain does not say it; "" if nothing of the kind."""
    known = list(_signs(statement))
    for given in (*(given for part in parts for given in part.given), *more):
        if not any(fact == sp.expand(given) or _is_multiple(given, fact) for fact in known):
            return f"the domain does not say that {given} >= 0"
    sets = dict(statement.domain)
    for symbol, formula in (pair for part in parts for pair in part.running):
        if symbol not in sets or not _reaches(formula, sets[symbol]):
            return f"the domain does not say that {symbol} is a value of {formula}"
    return ""


def _is_multiple(given: sp.Expr, fact: sp.Expr) -> bool:
    """Whether an expression is a fact times something that is not negative."""
    return fact != 0 and bool(sp.cancel(given / fact).is_nonnegative)


def _reaches(formula: sp.Expr, values: sp.Set) -> bool:
    """Whether an integer from `formula`, a number plus a symbol, takes all these values while it runs over 0, 1, ….

    >>> _reaches(1 + sp.Symbol("q", integer=True, nonnegative=True), sp.S.Naturals)
    True
    """
    (symbol,) = formula.free_symbols
    start = formula.subs(symbol, 0)
    from_start = formula == start + symbol and symbol.is_integer and symbol.is_nonnegative
    return bool(from_start and values.is_subset(sp.Range(start, sp.oo)))


def _signs(statement: Equation) -> Iterator[sp.Expr]:
    """What the domain says is not negative: the distances of a quantity to the ends of its interval."""
    for quantity, values in statement.domain:
        if isinstance(values, sp.Interval) and isinstance(quantity, sp.Expr):
            if values.inf.is_finite is not False:
                yield sp.expand(quantity - values.inf)
            if values.sup.is_finite is not False:
                yield sp.expand(values.sup - quantity)
