"""Evidence: what a route returned, as plain typed data that serialises to JSON; it holds no opinion.

Numbers that carry meaning beyond double precision (ball midpoints and radii) travel as decimal strings.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of every stored model: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class Formula(Model):
    """One formula in the three notations the reports and the terminal need."""

    typst: str
    latex: str
    text: str


class Ball(Model):
    """A real number enclosed as mid ± rad: both decimal strings, `rad` rounded up."""

    mid: str
    rad: str


class Comparison(Model):
    """Both sides of a statement enclosed at one point of its domain, each from its own definition."""

    at: dict[str, str]
    lhs: Ball
    rhs: Ball
    difference: Ball
    """Encloses lhs - rhs at the point, computed from the two enclosures."""
    relation: Literal["equal", "less", "greater", "undecided"]
    """What the enclosures allow: "less"/"greater" for lhs against rhs when the balls are disjoint (or touch exactly
    for an exact value); "equal" when they overlap within the radius limit (or are exact and the same); else
    "undecided"."""


class StepRecord(Model):
    """One step of a derivation, as recorded for the reader: what it says, the residual, and what it rests on."""

    id: str
    rule: str
    text: str
    formula: Formula
    residual: str
    """What was left after reduction to the normal form: "0" when the step is closed."""
    closed: bool
    uses: tuple[str, ...] = ()
    lemma: str | None = None
    """A theorem that is named and not machine-checked (Fubini, …); the trust base of the verdict lists it."""


class DerivationEvidence(Model):
    """A chain of steps and the certified spot check of both its ends."""

    kind: Literal["derivation"] = "derivation"
    steps: tuple[StepRecord, ...]
    reaches: bool
    """Whether the chain reaches the statement: every step closed, from its definitions to both its sides."""
    obstacle: str = ""
    """Why the chain does not reach the statement, when it does not."""
    spots: tuple[Comparison, ...]


class EnclosureEvidence(Model):
    """Both sides of a statement enclosed at points, or over a cover of the whole domain."""

    kind: Literal["enclosures"] = "enclosures"
    comparisons: tuple[Comparison, ...]
    covers_domain: bool
    coverage: str
    """What was covered, in words: "all 4 points of the domain", "57 points, the ends of the domain among them"."""


class Cell(Model):
    """One parameter point of an experiment and the columns measured there, one entry per draw."""

    parameters: dict[str, float | int | str]
    columns: dict[str, tuple[float, ...]]


class SampleEvidence(Model):
    """Independent draws at several parameter points."""

    kind: Literal["samples"] = "samples"
    experiment: str
    cells: tuple[Cell, ...]


class Path(Model):
    """One trajectory: columns over its output times, each with a bound on its error."""

    parameters: dict[str, float | int | str]
    columns: dict[str, tuple[float, ...]]
    errors: dict[str, tuple[float, ...]]
    """For every column, a bound on the absolute error of each entry; 0 where the entry is exact."""


class PathEvidence(Model):
    """Trajectories of independent runs."""

    kind: Literal["paths"] = "paths"
    experiment: str
    paths: tuple[Path, ...]


class LawPoint(Model):
    """The exact probability of an event at one parameter point, enclosed."""

    parameters: dict[str, float | int | str]
    probability: Ball


class LawEvidence(Model):
    """Enclosures of exact probabilities P(deviation > bound) on a grid of parameters."""

    kind: Literal["law"] = "law"
    points: tuple[LawPoint, ...]
    coverage: str


Evidence = Annotated[
    DerivationEvidence | EnclosureEvidence | SampleEvidence | PathEvidence | LawEvidence,
    Field(discriminator="kind"),
]
