"""Counts of failures for the reader: their table, the frequencies against the level, and the looks on the way."""

from collections.abc import Sequence

from verify.decide.counts import WIDTH, Count
from verify.decide.figures import GROUPS, thinned
from verify.decide.wording import setting, short, span
from verify.result import Figure, Series, Table


def table(counts: Sequence[Count]) -> Table:
    """One row for each trial; where drawing could stop on the way, with the look that was the last."""
    sequential = counts[0].trial.sequential
    rows = []
    for count in counts:
        look = (f"{len(count.seen)} of {len(count.trial.looks)}",) if sequential else ()
        level = short(count.trial.level)
        cells = (str(count.draws), *look, str(count.failures), span(*count.interval), level)
        rows.append((setting(count.trial.parameters), *cells))
    looks = ("looks",) if sequential else ()
    return Table(columns=("parameters", "draws", *looks, "failures", "failure probability", "level"), rows=tuple(rows))


def figures(counts: Sequence[Count], closest: Count) -> tuple[Figure, ...]:
    """The frequencies against the level; where there were several looks at the closest trial, those too."""
    frequencies = _along_widths(counts) if len({_width(count) for count in counts}) > 1 else _by_row(counts)
    return (frequencies, _looks(closest)) if len(closest.seen) > 1 else (frequencies,)


def _width(count: Count) -> float:
    return float(count.trial.parameters[WIDTH])


def _intervals(count: Count) -> str:
    return "intervals of a confidence sequence" if count.trial.sequential else "Clopper–Pearson intervals"


def _along_widths(counts: Sequence[Count]) -> Figure:
    """Frequencies against the width: a series for each setting of the other parameters, or one if there are many."""
    settings: dict[tuple[tuple[str, object], ...], list[Count]] = {}
    for count in counts:
        rest = tuple((name, value) for name, value in count.trial.parameters.items() if name != WIDTH)
        settings.setdefault(rest, []).append(count)
    varying = {name for rest in settings for name, value in rest if any(dict(r).get(name) != value for r in settings)}
    series: list[Series] = []
    for members in settings.values() if len(settings) <= GROUPS else [[counts[i] for i in thinned(len(counts))]]:
        members.sort(key=_width)
        label = setting({name: v for name, v in members[0].trial.parameters.items() if name in varying})
        where = f", {label}" if label and len(settings) <= GROUPS else ""
        series += _frequencies(members, tuple(map(_width, members)), where)
    return Figure(
        title="Frequency of failure against the width",
        caption=f"Simultaneous {_intervals(counts[0])}, one for each row of the table, and the level claimed.",
        x_label=WIDTH,
        y_label="probability",
        x_scale="log",
        series=tuple(series),
    )


def _by_row(counts: Sequence[Count]) -> Figure:
    """Frequencies in the order of the table, all at one width."""
    shown = [counts[i] for i in thinned(len(counts))]
    return Figure(
        title="Frequency of failure against the level",
        caption=f"Simultaneous {_intervals(counts[0])}, one for each row of the table, in its order.",
        x_label="row of the table",
        y_label="probability",
        series=_frequencies(shown, tuple(float(i + 1) for i in range(len(shown))), ""),
    )


def _frequencies(counts: Sequence[Count], x: tuple[float, ...], where: str) -> tuple[Series, Series]:
    measured = Series(
        label=f"frequency of failure{where}",
        role="measured",
        draw="points",
        x=x,
        y=tuple(count.failures / count.draws for count in counts),
        low=tuple(count.interval[0] for count in counts),
        high=tuple(count.interval[1] for count in counts),
    )
    levels = tuple(count.trial.level for count in counts)
    return measured, Series(label=f"level{where}", role="bound", draw="points", x=x, y=levels)


def _looks(count: Count) -> Figure:
    """The confidence sequence of one trial against the number of draws, up to the look that was the last."""
    draws, ends = tuple(float(n) for n, *_ in count.seen), (count.seen[0][0] / 2, 2.0 * count.draws)
    measured = Series(
        label="frequency of failure",
        role="measured",
        draw="points",
        x=draws,
        y=tuple(failures / n for n, failures, _ in count.seen),
        low=tuple(low for low, _ in count.intervals),
        high=tuple(high for _, high in count.intervals),
    )
    return Figure(
        title="The interval while drawing",
        caption=f"At {setting(count.trial.parameters)}, the point closest to its level. The intervals at all looks "
        "hold at once; drawing stops at the first on one side of the level.",
        x_label="draws",
        y_label="probability",
        x_scale="log",
        series=(measured, Series(label="level", role="bound", draw="line", x=ends, y=(count.trial.level,) * 2)),
    )
