"""What the rules that follow a median along widths share: samples to a decision, and a design to its power."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test
from verify.decide.design import Centred, Design, Piloted, Scaling
from verify.decide.intervals import TooFewDrawsError
from verify.decide.quantiles import Bracketing, Track, foreseen, observed, piloted
from verify.decide.samples import Group, Point, by_width, inexact, looks_of, point, pooled, together, untested
from verify.decide.wording import listed, plain, short, span
from verify.evidence import SampleEvidence
from verify.result import Figure, Table
from verify.statement import Limit, Ordering, Rate
from verify.verdict import Verdict

S = TypeVar("S", Rate, Limit, Ordering)


@dataclass(frozen=True, kw_only=True)
class WidthRule(Generic[S]):
    """A rule on medians along widths, split so that observed and foreseen brackets meet the same judge."""

    pieces: Callable[[Group], int]
    """How many brackets the rule asks for in a group; the error rates are split evenly over all of them."""
    judge: Callable[[S, tuple[Group, ...], Bracketing], Judgement]
    """The verdict on the brackets. Monotone: what is decided on brackets is decided on any brackets inside them."""
    designs: tuple[type[Scaling] | type[Centred], ...]
    """The designs that fix the power of the rule; a `Scaling` leaves the quantity's size open."""
    figure: Callable[[S, tuple[Track, ...]], Figure]
    """The medians and what is claimed of them."""

    def decide(self, statement: S, evidence: SampleEvidence, alpha: float) -> Decision:
        """Decide the statement on the samples; all brackets hold at once with probability at least 1 - alpha."""
        groups = by_width(pooled(statement, evidence), statement.along)
        if not groups:
            nothing = nothing_to_test("no parameter point of the experiment lies in the statement's domain")
            return Decision(verdict=nothing.verdict, reason=nothing.reason)
        count = sum(map(self.pieces, groups))
        bracket = observed(statement.expand(statement.quantity), statement.along, alpha / count)
        try:
            judgement = self._judged(statement, groups, bracket)
            tracks = medians(groups, bracket)
        except TooFewDrawsError as error:
            reason = f"{error.draws} draws at a width cannot bracket the quantile needed; {error.needed} would."
            return Decision(verdict=Verdict.INCONCLUSIVE, reason=reason)
        samples = [sample for group in groups for sample in group.samples]
        noted = _planning(evidence, groups) + inexact(samples, statement.expand(statement.quantity))
        return Decision(
            verdict=judgement.verdict,
            reason=judgement.reason + noted,
            alpha=alpha,
            table=_table(statement, groups, tracks),
            figures=(self.figure(statement, tracks),),
            statistic=judgement.statistic,
        )

    def beta(
        self,
        statement: S,
        evidence: SampleEvidence,
        design: Design | None,
        wanted: Wanted,
        *,
        alpha: float,
        budget: float,
    ) -> float:
        """Return `budget` if the judge comes to the wanted verdict on the widest brackets foreseen, else 1.

        1 means that the design promises no power. A `Piloted` design spends half of the budget on the pilot, and the
        other half on the draws, at whichever look the pilot chose: it found that look sufficient, or it is the last
        one, for which `fallback` is asked at every seed. Draws that the pilot does not plan promise nothing.
        """
        groups = by_width(pooled(statement, evidence), statement.along)
        samples = [sample for group in groups for sample in group.samples]
        if not samples:
            return 1.0
        drawn = {point(sample.parameters): sample.draws for sample in samples}
        if not isinstance(design, Piloted):
            certain = self._foresees(statement, groups, design, drawn, wanted=wanted, alpha=alpha, budget=budget)
        else:
            last = {point(sample.parameters): looks_of(sample, evidence)[-1] for sample in samples}
            certain = (
                bool(evidence.pilot)
                and self._foresees(
                    statement, groups, design.fallback, last, wanted=wanted, alpha=alpha, budget=budget / 2
                )
                and (
                    drawn == last
                    or self._suffices(statement, evidence, groups, drawn, wanted=wanted, alpha=alpha, budget=budget)
                )
            )
        return budget if certain else 1.0

    def batches(
        self,
        statement: S,
        evidence: SampleEvidence,
        sizes: Mapping[Point, int],
        wanted: Wanted,
        *,
        alpha: float,
        budget: float,
    ) -> int | None:
        """Return the smallest look at which the pilot foresees the wanted verdict; None if there is none.

        `sizes` are the draws of one batch at every point of the pilot.
        """
        groups = by_width(together(statement, evidence.pilot), statement.along)
        for look in evidence.looks if groups else ():
            draws = {at: look * size for at, size in sizes.items()}
            if self._suffices(statement, evidence, groups, draws, wanted=wanted, alpha=alpha, budget=budget):
                return look
        return None

    def _foresees(
        self,
        statement: S,
        groups: tuple[Group, ...],
        design: Design | None,
        draws: Mapping[Point, int],
        *,
        wanted: Wanted,
        alpha: float,
        budget: float,
    ) -> bool:
        """Whether the judge comes to the wanted verdict on the widest brackets that a design foresees.

        The budget is split over both ends of all brackets; the drift is tried at both its ends, which suffices as the
        rules here are monotone in every local exponent.
        """
        if not isinstance(design, self.designs):
            return False
        count = sum(map(self.pieces, groups))
        leans = (-1, 1) if isinstance(design, Scaling) and design.drift else (0,)
        miss = budget / (2 * count)
        try:
            return all(
                self._judged(
                    statement,
                    groups,
                    foreseen(design, statement.along, draws, alpha=alpha / count, miss=miss, lean=lean),
                ).is_(wanted)
                for lean in leans
            )
        except TooFewDrawsError:
            return False

    def _suffices(
        self,
        statement: S,
        evidence: SampleEvidence,
        groups: tuple[Group, ...],
        draws: Mapping[Point, int],
        *,
        wanted: Wanted,
        alpha: float,
        budget: float,
    ) -> bool:
        """Whether the judge comes to the wanted verdict on the widest brackets that the pilot foresees.

        Half of the budget is for the pilot, at whichever look is chosen, the other half for the draws at that look.
        """
        count = sum(map(self.pieces, groups))
        pilots = {point(pilot.parameters): pilot for pilot in together(statement, evidence.pilot)}
        bracket = piloted(
            statement.expand(statement.quantity),
            statement.along,
            pilots,
            draws,
            alpha=alpha / count,
            miss=budget / (4 * count),
            looks=len(evidence.looks),
        )
        try:
            return self._judged(statement, groups, bracket).is_(wanted)
        except TooFewDrawsError:
            return False

    def _judged(self, statement: S, groups: tuple[Group, ...], bracket: Bracketing) -> Judgement:
        judgement = self.judge(statement, groups, bracket)
        missing = untested(statement, [group.parameters for group in groups])
        if judgement.verdict.upheld and missing:
            reason = f"{judgement.reason} But nothing was measured at {listed(missing)}, where it is claimed too."
            return Judgement(verdict=Verdict.INCONCLUSIVE, reason=reason, statistic=judgement.statistic)
        return judgement


def medians(groups: tuple[Group, ...], bracket: Bracketing) -> tuple[Track, ...]:
    """Bracket the median at every width of every group."""
    return tuple(
        Track(group.label, group.parameters, tuple(bracket(sample, 0.5) for sample in group.samples))
        for group in groups
    )


def where(track: Track) -> str:
    """Return the group's setting in brackets, if there are several groups to tell apart."""
    return f" ({track.label})" if track.label else ""


def _planning(evidence: SampleEvidence, groups: tuple[Group, ...]) -> str:
    """Say what the pilot planned, if there was one."""
    if not evidence.pilot:
        return ""
    pilots = {point(cell.parameters): len(next(iter(cell.columns.values()))) for cell in evidence.pilot}
    samples = [sample for group in groups for sample in group.samples]
    draws, pilot = (_range(sizes) for sizes in ([s.draws for s in samples], [*pilots.values()]))
    if evidence.sufficient:
        return f" {draws} draws at each width were planned from a pilot of {pilot}, which is not counted."
    found = f"A pilot of {pilot} draws at each width, which is not counted, found no look sufficient"
    return f" {found}: all of the {draws} draws allowed were made."


def _range(sizes: list[int]) -> str:
    return f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)} to {max(sizes)}"


def _table(statement: Rate | Limit | Ordering, groups: tuple[Group, ...], tracks: tuple[Track, ...]) -> Table:
    along = plain(statement.along)
    rows = tuple(
        (track.label, short(found.width), str(sample.draws), short(found.estimate, 4), span(found.low, found.high))
        for group, track in zip(groups, tracks, strict=True)
        for sample, found in zip(group.samples, track.brackets, strict=True)
    )
    several = len(groups) > 1
    columns = ("setting", along, "draws", f"median of {plain(statement.quantity)}", "interval")
    return Table(columns=columns if several else columns[1:], rows=rows if several else tuple(row[1:] for row in rows))
