"""The result of a run: what `results.json` holds, and all that the reports may read.

The models generate the published JSON Schema. A claim's `verdict` is that of its printed and tested forms taken
together; an erratum is a claim whose printed form is REFUTED while its corrected form is upheld.
"""

from typing import Literal

from verify.evidence import Formula, Model, StepRecord
from verify.verdict import Verdict

SCHEMA_VERSION: Literal[1] = 1


class Series(Model):
    """One set of marks in a figure. `low` and `high` draw an interval at each x, or a band."""

    label: str
    role: Literal["measured", "claimed", "bound", "exact", "mutant", "reference"]
    draw: Literal["line", "points", "band", "steps"]
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None


class Figure(Model):
    """A Cartesian figure as data; labels are plain Unicode text."""

    title: str
    caption: str
    x_label: str
    y_label: str
    x_scale: Literal["linear", "log"] = "linear"
    y_scale: Literal["linear", "log"] = "linear"
    series: tuple[Series, ...]


class Table(Model):
    """A table of plain texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Interval(Model):
    """The interval a verdict was read off, and the region claimed; None where a side is unbounded."""

    name: str
    low: float
    high: float
    claimed_low: float | None = None
    claimed_high: float | None = None


class ProofFile(Model):
    """A derivation as a file that `ntk-verify check-proof` replays, accepted when it was written."""

    file: str
    """Its path from the folder of the results."""
    sha256: str


class EvidenceSummary(Model):
    """What a route found, for the reader."""

    reason: str
    """The verdict's reason in a sentence; formulas in Typst math between dollar signs."""
    steps: tuple[StepRecord, ...] = ()
    lemmas: tuple[str, ...] = ()
    """The trust base: theorems named in the steps and not machine-checked."""
    proof: ProofFile | None = None
    table: Table | None = None
    figures: tuple[Figure, ...] = ()
    interval: Interval | None = None
    """The interval the verdict was read off, by which two runs are compared."""
    keys: tuple[str, ...] = ()
    """The keys of the stored evidence that was decided on."""


class FormResult(Model):
    """One form of the claim."""

    name: str
    """Unique within the claim: the role, numbered from the second form of a role on ("tested", "tested-2")."""
    role: Literal["printed", "corrected", "tested"]
    kind: str
    statement: Formula
    domain: Formula | None
    where: tuple[Formula, ...]
    remark: str
    restates: bool = False
    """Whether it says of particular networks what the form before it, of the same role, says in general."""
    verdict: Verdict


class RouteResult(Model):
    """One route of one form."""

    name: str
    kind: Literal["derivation", "certificate", "experiment"]
    form: str
    verdict: Verdict
    alpha: float
    """Probability that chance makes this route refute a true statement."""
    beta: float
    """Probability that chance leaves this route undecided on a true statement."""
    seconds: float
    """Time spent computing its evidence when it was computed (a machine fact, as `run.started` is)."""
    evidence: EvidenceSummary


class MutantResult(Model):
    """A mutant put to one route."""

    name: str
    why_false: str
    form: str
    statement: Formula
    route: str
    verdict: Verdict
    beta: float
    """Probability that chance lets this mutant survive this route."""
    reason: str
    refuted: bool
    reproduce: str


class ClaimResult(Model):
    """One claim."""

    id: str
    title: str
    kind: str
    document: str
    document_title: str
    where: str
    printed: str
    hypotheses: tuple[str, ...]
    note: str
    statement: Formula
    expected: Verdict
    verdict: Verdict
    ok: bool
    erratum: bool
    forms: tuple[FormResult, ...]
    routes: tuple[RouteResult, ...]
    mutants: tuple[MutantResult, ...]
    waiver: str | None = None
    reproduce: str


class RunInfo(Model):
    """The facts of the run."""

    seed: int
    profile: Literal["quick", "full"]
    versions: dict[str, str]
    platform: str
    started: str
    wall_seconds: float


class ErrorBudget(Model):
    """How the probability that chance alone turns the run red is spent."""

    limit: float
    spent: float
    routes: float
    """Sum of alpha and beta over the routes."""
    mutants: float
    """Sum of beta over the mutants."""


class Summary(Model):
    """The run on one page."""

    claims: int
    by_verdict: dict[Verdict, int]
    unexpected: tuple[str, ...]
    """Ids of claims whose verdict is not the expected one."""
    surviving_mutants: tuple[str, ...]
    """`claim: mutant (route)` for every mutant that a route did not refute."""
    mutants_refuted: int
    mutants_total: int
    errata: tuple[str, ...]
    error_budget: ErrorBudget
    green: bool


class Appendix(Model):
    """Something measured beside the claims, for the reader of the report; it decides no verdict."""

    id: str
    title: str
    text: str
    """Prose, with formulas in Typst math between dollar signs."""
    table: Table | None = None
    figures: tuple[Figure, ...] = ()


class Results(Model):
    """Everything a run found."""

    schema_version: Literal[1] = SCHEMA_VERSION
    run: RunInfo
    claims: tuple[ClaimResult, ...]
    summary: Summary
    appendices: tuple[Appendix, ...] = ()
