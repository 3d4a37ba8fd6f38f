"""What a decision rule returns: a verdict with its reason and error rate, and what reports show of the evidence."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from verify.result import Figure, Interval, Table
from verify.verdict import Verdict

Wanted = Literal["upheld", "refuted"]
"""The verdict a decision should come to: "upheld" for a form of a claim, "refuted" for a mutant."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A verdict on intervals, whether they were measured or foreseen by a design."""

    verdict: Verdict
    reason: str
    statistic: Interval | None = None

    def is_(self, wanted: Wanted) -> bool:
        """Whether the verdict is the wanted one."""
        return self.verdict.upheld if wanted == "upheld" else self.verdict is Verdict.REFUTED


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The outcome of a decision rule."""

    verdict: Verdict
    reason: str
    """One sentence for a reader, with the numbers; when INCONCLUSIVE it says what would decide."""
    alpha: float = 0.0
    """The probability that chance makes this rule refute a true statement; 0 where chance plays no part."""
    table: Table | None = None
    figures: tuple[Figure, ...] = ()
    statistic: Interval | None = None
    """The interval the verdict was read off, so that two runs can be compared."""


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine verdicts on parts that a statement asserts together: refuted once any part is, upheld if all are.

    >>> weakest([Verdict.SUPPORTED, Verdict.INCONCLUSIVE]).value
    'INCONCLUSIVE'
    >>> weakest([Verdict.INCONCLUSIVE, Verdict.REFUTED]).value
    'REFUTED'
    >>> weakest([]).value
    'INCONCLUSIVE'
    """
    found = set(verdicts)
    if Verdict.REFUTED in found:
        return Verdict.REFUTED
    return Verdict.SUPPORTED if found == {Verdict.SUPPORTED} else Verdict.INCONCLUSIVE


def statistic(
    name: str, low: float, high: float, *, claimed_low: float = -math.inf, claimed_high: float = math.inf
) -> Interval | None:
    """Return the interval a verdict was read off, if it is finite; an infinite claimed side is an open one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return Interval(
        name=name,
        low=low,
        high=high,
        claimed_low=claimed_low if math.isfinite(claimed_low) else None,
        claimed_high=claimed_high if math.isfinite(claimed_high) else None,
    )


def deciding(intervals: Iterable[Interval | None], verdict: Verdict) -> Interval | None:
    """Return, of the intervals of several groups, the one that the verdict on all of them was read off.

    REFUTED: the one farthest outside its claimed region. INCONCLUSIVE: the first that is neither inside nor outside.
    Upheld: the one closest to an edge. None if no interval is finite, or none has the verdict.
    """
    found = [interval for interval in intervals if interval is not None]
    if verdict is Verdict.REFUTED:
        outside = [interval for interval in found if _beyond(interval) > 0]
        return max(outside, key=_beyond, default=None)
    if verdict.upheld:
        return min(found, key=_room, default=None)
    return next((interval for interval in found if max(_room(interval), _beyond(interval)) <= 0), None)


def _ends(interval: Interval) -> tuple[float, float]:
    low, high = interval.claimed_low, interval.claimed_high
    return -math.inf if low is None else low, math.inf if high is None else high


def _room(interval: Interval) -> float:
    """The distance of an interval inside the claimed region from the region's nearer edge; else negative."""
    low, high = _ends(interval)
    return min(interval.low - low, high - interval.high)


def _beyond(interval: Interval) -> float:
    """The distance of an interval outside the claimed region from the region; else zero or negative."""
    low, high = _ends(interval)
    return max(low - interval.high, interval.low - high)


def nothing_to_test(what: str) -> Judgement:
    """INCONCLUSIVE for want of anything to test; a check that finds nothing never passes."""
    return Judgement(verdict=Verdict.INCONCLUSIVE, reason=f"Nothing to test: {what}.")
