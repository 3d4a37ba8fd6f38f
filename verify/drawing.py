"""What a statement draws from an experiment: all at once, batch by batch until it is decided, or as its pilot plans."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from verify import decide
from verify.decide.design import Design, Piloted
from verify.decide.samples import Point, in_domain, point
from verify.evidence import SampleEvidence
from verify.experiment import Experiment, Profile
from verify.statement import Limit, Ordering, ProbabilityBound, Rate, Statement


@dataclass(frozen=True)
class Request:
    """The pieces of an experiment that a statement asks for: some of its cells, whole or in batches."""

    cells: tuple[int, ...]
    batches: Mapping[int, int] | None = None
    """The number of batches of every cell; None for cells that do not come in batches."""
    pilot: bool = False
    sufficient: bool = True
    """Whether the pilot found one of the looks sufficient."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """How one statement draws; it depends on what was drawn for it and on nothing else."""

    statement: Statement
    design: Design | None
    wanted: decide.Wanted
    experiment: Experiment
    profile: Profile

    @property
    def looks(self) -> tuple[int, ...]:
        """The numbers of batches after which drawing may stop; empty where cells are drawn at once."""
        return self.experiment.looks.get(self.profile, ())

    def first(self) -> Request:
        """Return what is drawn first: the pilot, the batches up to the first look, or all there is.

        Cells outside the statement's domain come in no batches for it.
        """
        cells = self.experiment.cells[self.profile]
        if not self.looks:
            return Request(tuple(range(len(cells))))
        inside = tuple(i for i, cell in enumerate(cells) if in_domain(self.statement, dict(point(cell))))
        if self._piloted:
            return Request(inside, dict.fromkeys(inside, 0), pilot=True)
        look = self.looks[0] if isinstance(self.statement, ProbabilityBound) else self.looks[-1]
        return Request(inside, dict.fromkeys(inside, look))

    def next(self, request: Request, evidence: SampleEvidence) -> Request | None:
        """Return what is drawn after that, the evidence on what was asked for so far being there; None at the end."""
        if request.batches is None or not request.cells:
            return None
        drawn = max(request.batches.values())
        if self._piloted:
            return None if drawn else self._planned(request, evidence)
        later = [look for look in self.looks if look > drawn]
        if not isinstance(self.statement, ProbabilityBound) or not later:
            return None
        open_points = decide.undecided(self.statement, evidence)
        more = {cell: later[0] for cell in request.cells if self._point(cell) in open_points}
        return replace(request, batches={**request.batches, **more}) if more else None

    @property
    def _piloted(self) -> bool:
        return isinstance(self.design, Piloted) and isinstance(self.statement, Rate | Limit | Ordering)

    def _planned(self, request: Request, evidence: SampleEvidence) -> Request:
        if not isinstance(self.statement, Rate | Limit | Ordering):
            raise TypeError("only statements along widths are planned from a pilot")
        look = decide.batches(self.statement, evidence, self._sizes(request), self.wanted)
        number = self.looks[-1] if look is None else look
        return replace(request, batches=dict.fromkeys(request.cells, number), sufficient=look is not None)

    def _sizes(self, request: Request) -> dict[Point, int]:
        """The draws of one batch at every point."""
        sizes: dict[Point, int] = {}
        for cell in request.cells:
            draws = self.experiment.cells[self.profile][cell]["draws"]
            sizes[self._point(cell)] = sizes.get(self._point(cell), 0) + int(draws)
        return sizes

    def _point(self, cell: int) -> Point:
        return point(self.experiment.cells[self.profile][cell])
