"""Executable statements: one frozen dataclass for each kind of claim, whose slots are SymPy expressions.

Routes, decision rules and the printers read these slots and nothing else, so what is printed is what is tested,
and a mutant is the same statement with one slot replaced. A slot may hold

- mathematics: closed forms, sums over symbolic ranges, Gaussian expectations (`derivations.expressions.Expect`);
- measured quantities: symbols registered in `verify.quantities`, which name a column of an experiment's samples;
- parameters of an experiment's cells, such as the width `m` or the depth `L`: plain symbols.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

import sympy as sp

from derivations.definitions import put_in


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What every kind of statement carries: definitions used in its slots, and the domain it is quantified over."""

    where: tuple[tuple[sp.Expr, sp.Expr], ...] = ()
    """Definitions `(name, meaning)` printed after "where"; `expand` puts them in, first to last."""
    domain: tuple[tuple[sp.Basic, sp.Set], ...] = ()
    """`(symbol, set)` pairs: the statement is claimed for every choice of the symbols in their sets."""

    @property
    def kind(self) -> str:
        """The kind in words, such as "probability bound"."""
        return KINDS[type(self)]

    def expand(self, expr: sp.Expr) -> sp.Expr:
        """Return `expr` with the names defined under `where` replaced by their meanings, until none is left.

        A function of symbols, `r(i, t)`, is defined for whatever arguments it is used with. Raises ValueError where an
        argument holds a symbol that its meaning uses as an index.

        >>> r, i, n = sp.Function("r"), sp.Symbol("i"), sp.Symbol("n")
        >>> Statement(where=((r(i), i**2),)).expand(r(3) + sp.Sum(r(n), (n, 1, 2)))
        Sum(n**2, (n, 1, 2)) + 9
        """
        return put_in(expr, self.where)

    def slots(self) -> dict[str, object]:
        """The slots by name, in the order of the dataclass."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def fingerprint(self) -> str:
        """A text that differs whenever a slot differs; used to key stored evidence, never parsed."""
        return f"{type(self).__name__}({', '.join(f'{k}={_canonical(v)}' for k, v in self.slots().items())})"


def _canonical(value: object) -> str:
    if isinstance(value, sp.Basic):
        return str(sp.srepr(value))
    if isinstance(value, tuple):
        return f"({', '.join(map(_canonical, value))})"
    return repr(value)


@dataclass(frozen=True, kw_only=True)
class Identity(Statement):
    """`lhs = rhs` on the whole domain."""

    lhs: sp.Expr
    rhs: sp.Expr


@dataclass(frozen=True, kw_only=True)
class Inequality(Statement):
    """`lhs <= rhs` on the whole domain, or at every time along every measured path."""

    lhs: sp.Expr
    rhs: sp.Expr


class Need(StrEnum):
    """What is claimed of a width: that it is enough, or that no smaller one is."""

    SUFFICIENT = "sufficient"
    NECESSARY = "necessary"


@dataclass(frozen=True, kw_only=True)
class ProbabilityBound(Statement):
    """`P(deviation > bound) <= level` whenever the width is at least `width`, for all parameters in the domain.

    With the need NECESSARY it is the converse: `P(deviation > bound) > level` whenever the width is below `width`.
    """

    deviation: sp.Expr
    bound: sp.Expr
    level: sp.Expr
    width: sp.Expr
    need: Need = Need.SUFFICIENT


class Direction(StrEnum):
    """How a rate is claimed: as an upper bound (one-sided) or as the exact exponent (two-sided)."""

    AT_MOST = "at most"
    EXACTLY = "exactly"


@dataclass(frozen=True, kw_only=True)
class Rate(Statement):
    """The median of `quantity` grows like `along**exponent` over the widths tested.

    `direction` AT_MOST claims the fitted exponent is at most `exponent + margin`; EXACTLY that it lies within
    `exponent ± margin`. The margin is declared with its reason in the claim, before anything is sampled.
    """

    quantity: sp.Expr
    exponent: sp.Expr
    direction: Direction
    margin: sp.Expr
    along: sp.Symbol


@dataclass(frozen=True, kw_only=True)
class Limit(Statement):
    """`quantity` tends to `value` in probability as `along` grows.

    Tested on medians with an O(1/along) bias modelled: the extrapolated limit must lie within `tolerance` of
    `value`, and the spread must shrink.
    """

    quantity: sp.Expr
    value: sp.Expr
    tolerance: sp.Expr
    along: sp.Symbol


class Trend(StrEnum):
    """The two directions of an ordering."""

    DECREASING = "decreasing"
    INCREASING = "increasing"


@dataclass(frozen=True, kw_only=True)
class Ordering(Statement):
    """The median of `quantity` is strictly `trend` from each width tested to the next."""

    quantity: sp.Expr
    trend: Trend
    along: sp.Symbol


@dataclass(frozen=True, kw_only=True)
class EqualityInLaw(Statement):
    """`quantity` has the distribution function `law`, an expression in `argument`.

    Without an argument `law` is a second quantity measured by the experiment, and `quantity` has the law of that one.
    Nothing is assumed of how the two depend on each other.

    Equality is what is claimed. `tolerance` is the resolution the test must have: equality is upheld once every larger
    distance in sup norm is excluded, and refuted once equality itself is. Where the law claimed is that of a limit,
    finite networks are at a distance of it: a distance up to `within` counts as equality.
    """

    quantity: sp.Expr
    law: sp.Expr
    argument: sp.Symbol | None = None
    tolerance: sp.Expr
    within: sp.Expr = sp.S.Zero


KINDS: dict[type[Statement], str] = {
    Identity: "identity",
    Inequality: "inequality",
    ProbabilityBound: "probability bound",
    Rate: "rate",
    Limit: "limit",
    Ordering: "ordering",
    EqualityInLaw: "equality in law",
}
