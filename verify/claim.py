"""Claims: a statement a document makes, with its source, hypotheses, forms, routes and mutants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

import sympy as sp

from derivations.chain import Chain
from verify.decide.design import Design
from verify.evidence import LawEvidence
from verify.experiment import Experiment
from verify.statement import Statement
from verify.verdict import Verdict


class Document(StrEnum):
    """The documents under test, by the prefix of their claims' ids."""

    IM = "im"
    KW = "kw"
    L12 = "l12"
    BE = "be"
    DS = "ds"
    SUITE = "suite"
    """Not a document under test: theorems of our own that the suite relies on, put to the test like the others."""


TITLES: dict[Document, str] = {
    Document.IM: "Shawn Im, 18.408 project report on neural tangent kernels, May 2021",
    Document.KW: "Kailong Wang, Neural Tangent Kernel: convergence and generalization, slides, Rutgers, August 2023",
    Document.L12: "Lecture 12: the neural tangent kernel of two-layer networks and its limitations, lecture notes",
    Document.BE: "Discussion on convolutional networks and neural tangent kernels, Berkeley, December",
    Document.DS: "Danica Sutherland, Neural tangent kernels, finite and infinite, ISI Winter School slides, 2023",
    Document.SUITE: "What the suite itself relies on",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a claim stands and what is printed there."""

    document: Document
    where: str
    """Section, slide or equation: "section 2, display 6"."""
    printed: str
    """The text as printed; formulas in Typst math between dollar signs."""


class Role(StrEnum):
    """The role a form plays in its claim."""

    PRINTED = "printed"
    CORRECTED = "corrected"
    TESTED = "tested"
    """A falsifiable form of a statement that cannot be falsified as printed (a hidden constant, say)."""


Point = Mapping[Any, Any]
"""A point of a statement's domain: symbols to exact rationals, indexed families to mappings from indices."""


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """A route by symbolic derivation. `derive` reads the statement's slots and returns a chain of checked steps."""

    name: str
    derive: Callable[[Any], Chain]
    spots: tuple[Point, ...]
    """Points at which both ends are enclosed in ball arithmetic."""
    kind: Literal["derivation"] = "derivation"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A route by ball arithmetic: both sides enclosed at every point, each from its own definition."""

    name: str
    points: tuple[Point, ...]
    covers_domain: bool = False
    """True only if the points are the whole domain (a finite set); checked against the statement's domain."""
    digits: int = 30
    """The radius limit: enclosures wider than 10^-digits, relative to max(1, |value|), decide nothing."""
    kind: Literal["certificate"] = "certificate"


@dataclass(frozen=True, kw_only=True)
class UniformCertificate:
    """A route by ball arithmetic for every value of one variable: |lhs - rhs| is bounded on whole intervals of it.

    Both sides are enclosed at Chebyshev points, and the difference on an ellipse around them (`numerics.uniform`).
    """

    name: str
    variable: sp.Symbol
    chart: Literal["line", "angle"] = "line"
    """The parameter the interval is run through by: the variable itself, or arccos of it, for correlations of functions
    with a kink at zero, whose expectations have branch points at ±1 in the variable and none in the angle."""
    at: Point = field(default_factory=dict)
    """Values of the other symbols. They stand for all values if both sides are multiples of theirs by one factor."""
    intervals: tuple[tuple[sp.Rational, sp.Rational], ...] = ()
    """Intervals of the variable; none means its whole domain."""
    digits: int = 30
    """The tolerance: equality is certified to within 10^-digits, times the factor."""
    kind: Literal["certificate"] = "certificate"


@dataclass(frozen=True, kw_only=True)
class ExactLaw:
    """A route by exact probabilities: `law` reads a probability bound's slots and encloses P(deviation > bound)."""

    name: str
    law: Callable[[Any], LawEvidence]
    kind: Literal["certificate"] = "certificate"


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A route by experiment: samples or paths shared with every other statement that reads the same experiment."""

    name: str
    experiment: Experiment
    kind: Literal["experiment"] = "experiment"


Route = Derivation | Certificate | UniformCertificate | ExactLaw | Measurement


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A false variant: the form's statement with slots replaced, and why it is false on the domain tested."""

    name: str
    why_false: str
    change: Mapping[str, Any]
    """Slot name to its new value."""
    routes: tuple[str, ...] = ()
    """The routes that must refute it, by name; empty means every route of the form."""
    design: Design | None = None
    """What is known beforehand about the measured quantity when the change alters it; else the form's design."""

    def of(self, statement: Statement) -> Statement:
        """The mutated statement."""
        return replace(statement, **self.change)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One executable statement of a claim, with the routes that test it and the mutants they must refute."""

    role: Role
    statement: Statement
    routes: tuple[Route, ...]
    mutants: tuple[Mutant, ...] = ()
    remark: str = ""
    """What this form says in a sentence, when a claim has several."""
    design: Design | None = None
    """What is known beforehand about the law of the measured quantity; fixes the power of the experiment."""
    restates: bool = False
    """Whether it says of particular networks what the form before it, of the same role, says in general: its routes
    then count as that form's."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement a source document makes, put to the test."""

    id: str
    title: str
    source: Source
    hypotheses: tuple[str, ...]
    forms: tuple[Form, ...]
    expected: Verdict
    note: str = ""
    """What the reader should know about the outcome: a finding, a convention, the reason for a margin."""

    @property
    def document(self) -> Document:
        """The document, read off the id's prefix."""
        return Document(self.id.split("-", 1)[0])

    @property
    def erratum(self) -> bool:
        """Whether the ledger states a corrected form beside the printed one."""
        return any(form.role is Role.CORRECTED for form in self.forms)
