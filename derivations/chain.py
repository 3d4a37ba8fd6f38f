"""Derivations as chains of steps, each with a residual that a machine reduced, or failed to reduce, to zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sympy as sp


class Rule(StrEnum):
    """The kinds of step a chain may take; each is checked in its own way by `derivations.check`."""

    IDENTITY = "identity"
    DERIVATIVE = "derivative"
    INTEGRAL = "integral"
    CASES = "cases"
    INDUCTION = "induction"
    SIGN = "sign"
    LIMIT = "limit"
    LEMMA = "lemma"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `lhs = rhs` (or, for the rule SIGN, `lhs >= 0`), the residual left, and what the step rests on."""

    id: str
    rule: Rule
    text: str
    """What the step does and why it holds; formulas in Typst math between dollar signs."""
    lhs: sp.Expr
    rhs: sp.Expr
    residual: sp.Expr
    """What reduction of lhs - rhs to the normal form left; for SIGN, 0 once the sign is established, else lhs."""
    uses: tuple[str, ...] = ()
    lemma: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """All that the check used beside the two sides, under "check" the name of the builder: what a replay needs."""

    @property
    def closed(self) -> bool:
        """Whether nothing is left."""
        return self.residual is sp.S.Zero


def record(  # noqa: PLR0917 - the parts of one step
    check: str,
    label: str,
    rule: Rule,
    text: str,
    sides: tuple[sp.Expr, sp.Expr],
    residual: sp.Expr,
    *,
    uses: Sequence[str] = (),
    lemma: str | None = None,
    **data: Any,
) -> Step:
    """The step that the builder called `check` made of what it was given; data left at its default is left out."""
    lhs, rhs = sides
    told = {"check": check, **{name: value for name, value in data.items() if not _is_empty(value)}}
    return Step(
        id=label, rule=rule, text=text, lhs=lhs, rhs=rhs, residual=residual, uses=tuple(uses), lemma=lemma, data=told
    )


def _is_empty(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, tuple | Mapping) and not value)


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Steps from the definitions in a statement to its two sides."""

    steps: tuple[Step, ...]
    obstacle: str = ""
    """Why the chain stops short of the statement, when it does for a reason other than an open step."""

    @property
    def reaches(self) -> bool:
        """Whether the chain reaches the statement with every step closed."""
        return bool(self.steps) and not self.obstacle and all(step.closed for step in self.steps)
