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
    proof: str = ""
    """The chain as the text of a proof file (see `derivations.proof`) that names no claim; empty if it has none."""
    replayed: bool = False
    """Whether the independent replay accepts that file."""
    replay_reason: str = ""
    """Why it does not."""
    granted: tuple[str, ...] = ()
    """The steps whose conclusions the replay took as they stand, on the strength of a lemma."""


class EnclosureEvidence(Model):
    """Both sides of a statement enclosed at points, or over a cover of the whole domain."""

    kind: Literal["enclosures"] = "enclosures"
    comparisons: tuple[Comparison, ...]
    covers_domain: bool
    coverage: str
    """What was covered, in words: "all 4 points of the domain", "57 points, the ends of the domain among them"."""


class UniformPiece(Model):
    """A bound of |lhs - rhs| at every value of the variable in [low, high], from values at Chebyshev points."""

    low: str
    high: str
    """The ends, exact rationals."""
    points: tuple[float, ...]
    """The values of the variable at the points of interpolation, rounded."""
    sizes: tuple[float, ...]
    """Upper bounds of |lhs - rhs| there, rounded up."""
    ellipse: str
    """The parameter r of the Bernstein ellipse; empty where no bound was found on any."""
    magnitude: str
    """M: |lhs - rhs| <= M in the ellipse."""
    truncation: str
    """The error of interpolation, 4M r^(1-N)/(r - 1) with N points."""
    bound: str
    """|lhs - rhs| <= bound on the whole interval, rounded up; "inf" where no bound was found."""


class UniformEvidence(Model):
    """Bounds of |lhs - rhs| on intervals of one variable, or a point where it is certain not to be zero."""

    kind: Literal["uniform"] = "uniform"
    variable: str
    """The name of the variable."""
    at: dict[str, str]
    """The values of the other symbols."""
    factor: str | None
    """Both sides are this many times what they are at these values, "1" where no other symbol occurs; None if they
    are not known to be."""
    tolerance: str
    """What |lhs - rhs| must not exceed at these values."""
    pieces: tuple[UniformPiece, ...]
    witness: Comparison | None = None


class Cell(Model):
    """One parameter point of an experiment and the columns measured there, one entry per draw."""

    kind: Literal["cell"] = "cell"
    parameters: dict[str, float | int | str]
    columns: dict[str, tuple[float, ...]]
    errors: dict[str, tuple[float, ...]] = {}
    """Bounds on the absolute errors of the entries of some columns; the entries of the others are taken as exact."""


class SampleEvidence(Model):
    """Independent draws at several parameter points."""

    kind: Literal["samples"] = "samples"
    experiment: str
    cells: tuple[Cell, ...]
    looks: tuple[int, ...] = ()
    """For draws in batches: the numbers of batches after which drawing may stop, the last one the budget."""
    pilot: tuple[Cell, ...] = ()
    """The draws that the number of batches was planned from; no verdict is decided on them."""
    sufficient: bool = True
    """Whether the pilot found one of the looks sufficient."""


class Path(Model):
    """One trajectory: columns over its output times, each with a bound on its error."""

    kind: Literal["path"] = "path"
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
    DerivationEvidence | EnclosureEvidence | UniformEvidence | SampleEvidence | PathEvidence | LawEvidence,
    Field(discriminator="kind"),
]
