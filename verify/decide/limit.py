"""The rule for limits: medians extrapolated to infinite width, and a spread that shrinks.

With a median M(m) = c + b/m + O(1/m²), the bias b/m is eliminated between the two largest widths m < m':
c = (m'·M(m') - m·M(m))/(m' - m) + O(1/m²). The remainder is what the declared tolerance must cover.
The spread is the distance between the 10 % and the 90 % quantile; were the quantity not to converge in probability
to a constant, it would not shrink to zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from verify.decide import figures
from verify.decide.decision import Judgement, deciding, nothing_to_test, statistic, weakest
from verify.decide.design import Centred
from verify.decide.evaluate import number
from verify.decide.quantiles import Bracket, Bracketing, Track
from verify.decide.samples import Group, Sample
from verify.decide.widths import WidthRule, medians, where
from verify.decide.wording import listed, more_draws, plain, short, span
from verify.result import Figure, Interval
from verify.statement import Limit
from verify.verdict import Verdict

LOW, HIGH = 0.1, 0.9
"""The quantiles whose distance is the spread."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the brackets of one group say: the extrapolated median, and the spread at the two end widths."""

    track: Track
    low: float
    high: float
    value: float
    tolerance: float
    first: tuple[float, float]
    last: tuple[float, float]

    @property
    def extrapolation(self) -> Verdict:
        """The extrapolated median against the claimed limit."""
        if self.value - self.tolerance <= self.low and self.high <= self.value + self.tolerance:
            return Verdict.SUPPORTED
        outside = self.high < self.value - self.tolerance or self.low > self.value + self.tolerance
        return Verdict.REFUTED if outside else Verdict.INCONCLUSIVE

    @property
    def shrinking(self) -> Verdict:
        """The spread at the largest width against that at the smallest."""
        if self.last[1] < self.first[0]:
            return Verdict.SUPPORTED
        return Verdict.REFUTED if self.last[0] > self.first[1] else Verdict.INCONCLUSIVE

    @property
    def verdict(self) -> Verdict:
        """Both together."""
        return weakest((self.extrapolation, self.shrinking))

    @property
    def offset(self) -> Interval | None:
        """The interval of the limit less the claimed one, and the tolerance."""
        return statistic(
            f"limit minus claimed value{where(self.track)}",
            self.low - self.value,
            self.high - self.value,
            claimed_low=-self.tolerance,
            claimed_high=self.tolerance,
        )

    @property
    def growth(self) -> Interval | None:
        """The interval of the spread at the largest width less that at the smallest, which should be negative."""
        name = f"growth of the spread{where(self.track)}"
        return statistic(name, self.last[0] - self.first[1], self.last[1] - self.first[0], claimed_high=0.0)

    @property
    def text(self) -> str:
        """The finding in words: what decides, so all of it when it is upheld."""
        spread = f"the spread goes from {span(*self.first)} to {span(*self.last)}"
        claim = f"{short(self.value, 5)} ± {short(self.tolerance)}"
        limit = f"the extrapolated median lies in {span(self.low, self.high)}, claimed is {claim}"
        upheld = self.verdict.upheld
        told = [limit] if upheld or not self.extrapolation.upheld else []
        told += [spread] if upheld or not self.shrinking.upheld else []
        return f"{', '.join(told)}{where(self.track)}"

    @property
    def needed(self) -> str:
        """How much more would decide."""
        if self.extrapolation is Verdict.INCONCLUSIVE:
            half, middle = (self.high - self.low) / 2, (self.high + self.low) / 2
            return more_draws(half, abs(abs(middle - self.value) - self.tolerance))
        half = (self.first[1] - self.first[0] + self.last[1] - self.last[0]) / 2
        return "for the spread " + more_draws(half, abs(sum(self.first) - sum(self.last)) / 2)


def judge(statement: Limit, groups: tuple[Group, ...], bracket: Bracketing) -> Judgement:
    """SUPPORTED if in every group the limit lies within the tolerance and the spread shrinks.

    REFUTED if in some group the extrapolated interval misses the tolerance, or the spread grows.
    """
    tracks = medians(groups, bracket)
    for track in tracks:
        if len(track.brackets) < 2:
            return nothing_to_test(f"a limit needs two widths, and there is only one{where(track)}")
    findings = [_finding(statement, track, group, bracket) for track, group in zip(tracks, groups, strict=True)]
    verdict = weakest(finding.verdict for finding in findings)
    telling = [finding for finding in findings if finding.verdict is verdict] or findings
    reason = f"As {plain(statement.along)} grows: {listed([finding.text for finding in telling])}."
    if verdict is Verdict.INCONCLUSIVE:
        reason += f" Undecided: {listed([finding.needed + where(finding.track) for finding in telling])}."
    offset = deciding((finding.offset for finding in findings), verdict)
    growth = None if verdict.upheld else deciding((finding.growth for finding in findings), verdict)
    return Judgement(verdict=verdict, reason=reason, statistic=offset or growth)


def extrapolate(before: Bracket, last: Bracket) -> tuple[float, float]:
    """Return the interval of the limit from the medians' intervals at the two largest widths."""
    far, near = last.width / (last.width - before.width), before.width / (last.width - before.width)
    return far * last.low - near * before.high, far * last.high - near * before.low


def _finding(statement: Limit, track: Track, group: Group, bracket: Bracketing) -> Finding:
    low, high = extrapolate(*track.brackets[-2:])
    return Finding(
        track=track,
        low=low,
        high=high,
        value=number(statement.expand(statement.value), track.parameters),
        tolerance=number(statement.expand(statement.tolerance), track.parameters),
        first=_spread(group.samples[0], bracket),
        last=_spread(group.samples[-1], bracket),
    )


def _spread(sample: Sample, bracket: Bracketing) -> tuple[float, float]:
    low, high = bracket(sample, LOW), bracket(sample, HIGH)
    return max(0.0, high.low - low.high), max(0.0, high.high - low.low)


def figure(statement: Limit, tracks: Sequence[Track]) -> Figure:
    """Medians with their intervals against the width, the claimed limit and its tolerance, and the extrapolation."""
    series = []
    for track in tracks[: figures.GROUPS]:
        value = number(statement.expand(statement.value), track.parameters)
        tolerance = number(statement.expand(statement.tolerance), track.parameters)
        series.append(figures.medians(track))
        series.append(figures.level("claimed limit", "claimed", value, track))
        series.append(figures.level("tolerance", "claimed", value, track, margin=tolerance))
    return figures.along_widths(
        statement,
        tracks,
        series,
        title="Median against width, and the claimed limit",
        caption="Simultaneous intervals of the medians; a bias of order 1/width is eliminated before comparing.",
        scale="linear",
    )


RULE = WidthRule(pieces=lambda group: len(group.samples) + 4, judge=judge, designs=(Centred,), figure=figure)
