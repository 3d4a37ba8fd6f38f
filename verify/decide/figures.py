"""Figures of decisions as data: the measured, the claimed and the bound, thinned to what an eye can take in."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from verify.decide.quantiles import Track
from verify.decide.wording import plain
from verify.result import Figure, Series
from verify.statement import Limit, Ordering, Rate

POINTS = 200
"""The most points a series stores."""
GROUPS = 4
"""The most groups one figure shows."""

Role = Literal["measured", "claimed", "bound", "exact", "mutant", "reference"]


def thinned(length: int) -> list[int]:
    """Return at most `POINTS` indices, evenly spread, both ends among them.

    >>> len(thinned(10**6)), thinned(4)
    (200, [0, 1, 2, 3])
    """
    return sorted({round(i) for i in np.linspace(0, length - 1, min(length, POINTS))})


def medians(track: Track) -> Series:
    """The medians of a group with their intervals."""
    return Series(
        label=", ".join(filter(None, ("median", track.label))),
        role="measured",
        draw="points",
        x=track.widths,
        y=tuple(bracket.estimate for bracket in track.brackets),
        low=tuple(bracket.low for bracket in track.brackets),
        high=tuple(bracket.high for bracket in track.brackets),
    )


def power_law(label: str, role: Role, track: Track, exponent: float) -> Series:
    """The power law with an exponent through the first median of a group, over the group's widths."""
    first, last = track.brackets[0], track.brackets[-1]
    return Series(
        label=", ".join(filter(None, (label, track.label))),
        role=role,
        draw="line",
        x=(first.width, last.width),
        y=(first.estimate, first.estimate * (last.width / first.width) ** exponent),
    )


def between_ends(label: str, role: Role, track: Track) -> Series:
    """The band that every power law through the intervals at both ends of a group's widths stays in."""
    first, last = track.brackets[0], track.brackets[-1]
    return Series(
        label=", ".join(filter(None, (label, track.label))),
        role=role,
        draw="band",
        x=(first.width, last.width),
        y=(first.estimate, last.estimate),
        low=(first.low, last.low),
        high=(first.high, last.high),
    )


def level(label: str, role: Role, value: float, track: Track, margin: float = 0.0) -> Series:
    """A horizontal line over a group's widths, or a band around it."""
    ends = (track.widths[0], track.widths[-1])
    band = margin > 0
    return Series(
        label=", ".join(filter(None, (label, track.label))),
        role=role,
        draw="band" if band else "line",
        x=ends,
        y=(value, value),
        low=(value - margin,) * 2 if band else None,
        high=(value + margin,) * 2 if band else None,
    )


def along_widths(
    statement: Rate | Limit | Ordering,
    tracks: Sequence[Track],
    series: Sequence[Series],
    *,
    title: str,
    caption: str,
    scale: Literal["linear", "log"],
) -> Figure:
    """A figure against the width, which is on a logarithmic axis; `scale` is that of the measured quantity."""
    if len(tracks) > GROUPS:
        caption += f" Shown are {GROUPS} of {len(tracks)} settings."
    return Figure(
        title=title,
        caption=caption,
        x_label=plain(statement.along),
        y_label=plain(statement.quantity),
        x_scale="log",
        y_scale=scale,
        series=tuple(series),
    )
