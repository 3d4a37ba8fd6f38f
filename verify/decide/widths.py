"""What the rules that follow a median along widths share: samples to a decision, and a design to its power."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from verify.decide.decision import Decision, Judgement, Wanted, nothing_to_test
from verify.decide.design import Centred, Design, Scaling
from verify.decide.intervals import TooFewDrawsError
from verify.decide.quantiles import Bracketing, Track, foreseen, observed
from verify.decide.samples import Group, by_width, pooled, untested
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
        return Decision(
            verdict=judgement.verdict,
            reason=judgement.reason,
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

        The budget is split over both ends of all brackets; the drift is tried at both its ends, which suffices as the
        rules here are monotone in every local exponent. 1 means that the design promises no power.
        """
        groups = by_width(pooled(statement, evidence), statement.along)
        if not groups or not isinstance(design, self.designs):
            return 1.0
        count = sum(map(self.pieces, groups))
        leans = (-1, 1) if isinstance(design, Scaling) and design.drift else (0,)
        try:
            certain = all(
                self._judged(
                    statement, groups, foreseen(design, statement.along, alpha / count, budget / (2 * count), lean)
                ).is_(wanted)
                for lean in leans
            )
        except TooFewDrawsError:
            return 1.0
        return budget if certain else 1.0

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
