"""The rule for orderings: the medians' intervals at neighbouring widths are disjoint, in the claimed direction."""

import math
from dataclasses import dataclass
from itertools import pairwise

from verify.decide import figures
from verify.decide.decision import Judgement, nothing_to_test, statistic, weakest
from verify.decide.design import Centred, Scaling
from verify.decide.quantiles import Bracket, Bracketing, Track
from verify.decide.samples import Group
from verify.decide.widths import WidthRule, medians, where
from verify.decide.wording import listed, more_draws, plain, short, span
from verify.result import Figure
from verify.statement import Ordering, Trend
from verify.verdict import Verdict


@dataclass(frozen=True)
class Move:
    """The step of the median between two neighbouring widths, counted positive in the claimed direction."""

    track: Track
    before: Bracket
    after: Bracket
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """Certainly forward, certainly not forward, or neither."""
        if self.low > 0:
            return Verdict.SUPPORTED
        return Verdict.REFUTED if self.high < 0 else Verdict.INCONCLUSIVE

    @property
    def text(self) -> str:
        """The step in words."""
        medians = f"{span(self.before.low, self.before.high)} to {span(self.after.low, self.after.high)}"
        return f"from {short(self.before.width)} to {short(self.after.width)}, {medians}{where(self.track)}"


def judge(statement: Ordering, groups: tuple[Group, ...], bracket: Bracketing) -> Judgement:
    """SUPPORTED if every step goes the claimed way, REFUTED if one goes the other way."""
    tracks = medians(groups, bracket)
    for track in tracks:
        if len(track.brackets) < 2:
            return nothing_to_test(f"an ordering needs two widths, and there is only one{where(track)}")
    steps = [_move(statement, track, *pair) for track in tracks for pair in pairwise(track.brackets)]
    verdict = weakest(step.verdict for step in steps)
    telling = [step for step in steps if step.verdict is verdict]
    along = plain(statement.along)
    interval = statistic("smallest step", min(s.low for s in steps), min(s.high for s in steps), claimed_low=0.0)
    if verdict is Verdict.SUPPORTED:
        ends = ", ".join(f"{short(track.widths[0])} … {short(track.widths[-1])}{where(track)}" for track in tracks)
        reason = f"The intervals of the medians are disjoint and {statement.trend.value} over {along} = {ends}."
    elif verdict is Verdict.REFUTED:
        reason = f"The median is not {statement.trend.value} in {along}: {listed([step.text for step in telling])}."
    else:
        worst = max(telling, key=lambda s: (s.high - s.low) / max(abs(s.low + s.high), math.ulp(0.0)))
        needed = more_draws((worst.high - worst.low) / 2, abs(worst.low + worst.high) / 2)
        texts = listed([step.text for step in telling])
        reason = f"The intervals of the medians overlap in {along} {texts}; {needed}."
    return Judgement(verdict=verdict, reason=reason, statistic=interval)


def _move(statement: Ordering, track: Track, before: Bracket, after: Bracket) -> Move:
    if statement.trend is Trend.INCREASING:
        return Move(track, before, after, after.low - before.high, after.high - before.low)
    return Move(track, before, after, before.low - after.high, before.high - after.low)


def figure(statement: Ordering, tracks: tuple[Track, ...]) -> Figure:
    """Medians with their intervals against the width."""
    shown = tracks[: figures.GROUPS]
    return figures.along_widths(
        statement,
        tracks,
        [figures.medians(track) for track in shown],
        title="Median against width",
        caption=f"Simultaneous intervals of the medians, claimed to be {statement.trend.value}.",
        scale="log" if all(bracket.low > 0 for track in shown for bracket in track.brackets) else "linear",
    )


RULE = WidthRule(pieces=lambda group: len(group.samples), judge=judge, designs=(Scaling, Centred), figure=figure)
