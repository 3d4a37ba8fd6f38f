"""The rule for rates: the exponent between the smallest and the largest width, from intervals of the medians.

Let y_i be the logarithm of the median at the width exp(x_i). The fitted exponent is Σ w_i y_i with weights fixed
beforehand, Σ w_i = 0 and Σ w_i x_i = 1, so that a power law returns its exponent. For intervals of equal length 2r
the interval of the fit has half-width r·Σ|w_i|, and every such choice has Σ|w_i| >= 2/(x_k - x_1), because
1 = Σ w_i (x_i - c) <= Σ|w_i|·(x_k - x_1)/2 for c the middle of the range. The weights ±1/(x_k - x_1) on the two end
widths attain it and are the ones used; from four widths on, least squares would widen the interval by a fifth or
more. The fit is the mean of the local exponents over the range of log-widths. The medians in between are shown.
"""

import math
from dataclasses import dataclass

from verify.decide import figures
from verify.decide.decision import Judgement, deciding, statistic, weakest
from verify.decide.design import Centred, Scaling
from verify.decide.evaluate import number
from verify.decide.quantiles import Bracketing, Track
from verify.decide.samples import Group
from verify.decide.widths import WidthRule, medians, where
from verify.decide.wording import listed, more_draws, plain, short, span
from verify.result import Figure, Interval
from verify.statement import Direction, Rate
from verify.verdict import Verdict

WIDTHS, SPREAD = 3, 8
"""At least so many widths, the largest at least so many times the smallest: less is no evidence of a rate."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The fitted exponent of one group with its interval, and the exponents claimed."""

    track: Track
    low: float
    high: float
    claimed_low: float
    claimed_high: float

    @property
    def verdict(self) -> Verdict:
        """Inside the claimed exponents, outside, or straddling an edge."""
        if self.claimed_low <= self.low and self.high <= self.claimed_high:
            return Verdict.SUPPORTED
        outside = self.low > self.claimed_high or self.high < self.claimed_low
        return Verdict.REFUTED if outside else Verdict.INCONCLUSIVE

    @property
    def interval(self) -> Interval | None:
        """The interval with the region claimed for this group."""
        name = f"exponent{where(self.track)}"
        return statistic(name, self.low, self.high, claimed_low=self.claimed_low, claimed_high=self.claimed_high)

    @property
    def text(self) -> str:
        """The interval in words."""
        return f"{span(self.low, self.high)}{where(self.track)}"

    @property
    def needed(self) -> str:
        """How much more would decide."""
        middle = (self.low + self.high) / 2
        edges = [edge for edge in (self.claimed_low, self.claimed_high) if math.isfinite(edge)]
        return more_draws((self.high - self.low) / 2, min(abs(middle - edge) for edge in edges)) + where(self.track)


def judge(statement: Rate, groups: tuple[Group, ...], bracket: Bracketing) -> Judgement:
    """SUPPORTED if every group's exponent lies in the claimed region, REFUTED if one lies outside."""
    tracks = medians(groups, bracket)
    for track in tracks:
        if obstacle := _obstacle(statement, track):
            return Judgement(verdict=Verdict.INCONCLUSIVE, reason=f"{obstacle}{where(track)}.")
    fits = [_fit(statement, track) for track in tracks]
    verdict = weakest(fit.verdict for fit in fits)
    telling = [fit for fit in fits if fit.verdict is verdict] or fits
    ranges = dict.fromkeys(f"{short(fit.track.widths[0])} … {short(fit.track.widths[-1])}" for fit in telling)
    over, exponents = listed([*ranges]), listed([fit.text for fit in telling])
    reason = (
        f"Over {plain(statement.along)} = {over} the median goes like a power with its exponent in {exponents}; "
        f"claimed is {claimed(statement)}."
    )
    if verdict is Verdict.INCONCLUSIVE:
        reason += f" Undecided: {listed([fit.needed for fit in telling])}."
    interval = deciding((fit.interval for fit in fits), verdict)
    return Judgement(verdict=verdict, reason=reason, statistic=interval)


def claimed(statement: Rate) -> str:
    """Return the claimed region of the exponent in words."""
    exponent, margin = plain(statement.expand(statement.exponent)), plain(statement.expand(statement.margin))
    if statement.direction is Direction.AT_MOST:
        return f"at most {exponent}, with a margin of {margin}"
    return f"{exponent} ± {margin}"


def _obstacle(statement: Rate, track: Track) -> str:
    """Why no rate can be read off the medians of a group; empty if one can."""
    widths = track.widths
    if len(widths) < WIDTHS or widths[-1] < SPREAD * widths[0]:
        there = f"there are {len(widths)}, from {short(widths[0])} to {short(widths[-1])}"
        return f"A rate needs at least {WIDTHS} widths that span a factor of {SPREAD}; {there}"
    for point in track.brackets:
        if point.low <= 0:
            found = f"{span(point.low, point.high)} at {plain(statement.along)} = {short(point.width)}"
            return f"The interval of the median, {found}, reaches zero and has no logarithm"
    return ""


def _fit(statement: Rate, track: Track) -> Fit:
    first, last = track.brackets[0], track.brackets[-1]
    reach = math.log(last.width / first.width)
    exponent = number(statement.expand(statement.exponent), track.parameters)
    margin = number(statement.expand(statement.margin), track.parameters)
    return Fit(
        track=track,
        low=math.log(last.low / first.high) / reach,
        high=math.log(last.high / first.low) / reach,
        claimed_low=exponent - margin if statement.direction is Direction.EXACTLY else -math.inf,
        claimed_high=exponent + margin,
    )


def figure(statement: Rate, tracks: tuple[Track, ...]) -> Figure:
    """Medians on logarithmic axes, with the fitted and the claimed power laws through the first median."""
    series = []
    drawn = [track for track in tracks[: figures.GROUPS] if not _obstacle(statement, track)]
    for track in drawn:
        fit, first, last = _fit(statement, track), track.brackets[0], track.brackets[-1]
        slope = math.log(last.estimate / first.estimate) / math.log(last.width / first.width)
        limit = number(statement.expand(statement.exponent), track.parameters)
        series.append(figures.medians(track))
        series.append(figures.power_law(f"fitted: exponent {short(slope)}", "measured", track, slope))
        interval = f"[{short(fit.low)}, {short(fit.high)}]"
        series.append(figures.between_ends(f"its confidence band: exponent in {interval}", "measured", track))
        series.append(figures.power_law(f"claimed: exponent {short(limit)}", "claimed", track, limit))
        if len(tracks) == 1:
            edges = [edge for edge in (fit.claimed_low, fit.claimed_high) if math.isfinite(edge)]
            series += [figures.power_law(f"margin: exponent {short(edge)}", "bound", track, edge) for edge in edges]
    series += [figures.medians(track) for track in tracks[: figures.GROUPS] if track not in drawn]
    return figures.along_widths(
        statement,
        tracks,
        series,
        title="Median against width",
        caption="Simultaneous intervals of the medians, and the power laws through both ends that they allow. "
        f"Claimed is an exponent of {claimed(statement)}.",
        scale="log" if all(point.low > 0 for track in tracks for point in track.brackets) else "linear",
    )


RULE = WidthRule(pieces=lambda group: len(group.samples), judge=judge, designs=(Scaling, Centred), figure=figure)
