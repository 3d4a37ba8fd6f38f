"""Derivations as chains of steps, each with a residual that a machine reduced, or failed to reduce, to zero."""

from dataclasses import dataclass
from enum import StrEnum

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

    @property
    def closed(self) -> bool:
        """Whether nothing is left."""
        return self.residual is sp.S.Zero


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
