"""Ticks of an axis: few, round, and labelled in plain Unicode."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from matplotlib.ticker import MaxNLocator

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST = 8


@dataclass(frozen=True)
class Axis:
    """The range of an axis and its labelled ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def axis(values: Iterable[float], scale: Literal["linear", "log"], *, padding: float = 0.04) -> Axis:
    """Lay an axis out for finite values; on a logarithmic axis only the positive ones count.

    Few distinct values far apart (the widths of an experiment) are labelled themselves.

    >>> axis([64, 256, 1024], "log").labels
    ('64', '256', '1024')
    >>> axis([1e-7, 3.0], "log").labels
    ('10⁻⁶', '10⁻⁴', '10⁻²', '1')
    >>> axis([0.02, 3.0], "log").labels
    ('0.1', '1')
    >>> axis([0, 0.71], "linear").labels
    ('0', '0.2', '0.4', '0.6')
    >>> axis([1, 2, 3], "linear").labels
    ('1', '2', '3')
    """
    found = sorted({v for v in values if math.isfinite(v) and (scale == "linear" or v > 0)}) or [1.0]
    log = scale == "log"
    first, last = (math.log10(found[0]), math.log10(found[-1])) if log else (found[0], found[-1])
    size = max(abs(first), abs(last))
    if last - first <= max(1e-9 * size, 1e-200):
        widened = 0.5 if log or size < 1e-200 else 0.5 * size
        first, last = first - widened, last + widened
    room = padding * (last - first)
    low, high = (10 ** (first - room), 10 ** (last + room)) if log else (first - room, last + room)
    wide = log and last - first > 0.6
    if wide:
        laid = _own(found, last - first) or _decades(first, last)
    else:
        whole = len(found) > 2 and all(v == int(v) for v in found)
        steps = [1, 2, 5, 10] if whole else [1, 2, 2.5, 5, 10]
        laid = [float(t) for t in MaxNLocator(6, steps=steps, integer=whole).tick_values(low, high)]
    ticks = [t for t in laid if low <= t <= high]
    return Axis(low, high, tuple(ticks), tuple(_labels(ticks, log=wide)))


def _own(found: list[float], spread: float) -> list[float]:
    """The values themselves if they are few whole numbers that leave room for their labels."""
    whole = all(v == int(v) and v < 1e5 for v in found)
    apart = all(math.log10(b / a) > spread / 12 for a, b in pairwise(found))
    return found if 1 < len(found) <= _MOST and whole and apart else []


def _decades(low: float, high: float) -> list[float]:
    first, last = math.floor(low), math.ceil(high)
    if high - low < 1.5:
        return [m * 10.0**k for k in range(first, last + 1) for m in (1, 2, 3, 5)]
    stride = math.ceil((high - low) / 6)
    stride = stride if stride < 3 else 5 * math.ceil(stride / 5)
    return [10.0**k for k in range(first - first % stride, last + 1, stride)]


def _labels(ticks: list[float], *, log: bool) -> list[str]:
    if log:
        plain = all(5e-3 < t < 1e5 for t in ticks)
        return [f"{t:.6g}" if plain else _power(t) for t in ticks]
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    largest = max((abs(t) for t in ticks), default=1.0)
    if largest >= 1e5 or largest < 1e-3:
        digits = max(0, math.floor(math.log10(largest)) - math.floor(math.log10(step)) + 1)
        return [_scientific(t, digits) for t in ticks]
    digits = max(0, next(d for d in range(12) if math.isclose(round(step, d), step, rel_tol=1e-6)))
    return [f"{t + 0.0:.{digits}f}".replace("-", "−") if abs(t) > step / 1e6 else "0" for t in ticks]


def _power(value: float) -> str:
    if 0.5 < value < 20:
        return f"{value:.6g}"
    exponent = math.floor(math.log10(value) + 1e-9)
    factor = round(value / 10.0**exponent)
    return ("" if factor == 1 else f"{factor}·") + f"10{str(exponent).translate(_SUPERSCRIPT)}"


def _scientific(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    shown, _, exponent = f"{value:.{digits}e}".partition("e")
    shown = (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")
    return f"{shown}·10{str(int(exponent)).translate(_SUPERSCRIPT)}"
