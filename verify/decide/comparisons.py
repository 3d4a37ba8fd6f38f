"""Comparisons of two enclosed sides at points of a domain: what agrees, what contradicts, and how both are shown."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from verify.decide.figures import GROUPS, thinned
from verify.decide.wording import literal, typographic
from verify.evidence import Ball, Comparison
from verify.result import Figure, Series, Table
from verify.statement import Inequality, Statement

ROWS = 12
"""The most rows a table of points has."""

FEWEST = 3
"""The fewest points that make a figure."""


def agreeing(statement: Statement) -> frozenset[str]:
    """The relations of left to right side that agree with a statement: "equal", for an inequality "less" too."""
    return frozenset({"equal", "less"} if isinstance(statement, Inequality) else {"equal"})


def contradicting(statement: Statement, comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons that contradict a statement for certain."""
    settled = agreeing(statement) | {"undecided"}
    return [comparison for comparison in comparisons if comparison.relation not in settled]


def undecided(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons too wide to decide anything."""
    return [comparison for comparison in comparisons if comparison.relation == "undecided"]


def point(comparison: Comparison) -> str:
    """A point of the domain in words."""
    return ", ".join(f"{name} = {literal(value)}" for name, value in comparison.at.items()) or "the one point there is"


def sides(comparison: Comparison) -> str:
    """Both sides and their difference in words."""
    return (
        f"at {point(comparison)} the left side is {number(comparison.lhs)}, the right side {number(comparison.rhs)}, "
        f"their difference {ball(comparison.difference)}"
    )


def number(value: Ball) -> str:
    """The midpoint of a ball to ten digits."""
    return typographic(f"{Decimal(value.mid):.10g}")


def ball(value: Ball) -> str:
    """A ball in words.

    >>> ball(Ball(mid="0.3333333333333333333", rad="1.5e-19"))
    '0.3333333333 ± 1.5·10⁻¹⁹'
    >>> ball(Ball(mid="2", rad="0"))
    '2'
    """
    radius = Decimal(value.rad)
    return number(value) if radius == 0 else f"{number(value)} ± {typographic(f'{radius:.2g}')}"


def table(comparisons: Sequence[Comparison]) -> Table:
    """The points with both sides and the difference; contradictions and undecided points first."""
    worst = sorted(comparisons, key=lambda c: ("greater", "undecided", "less", "equal").index(c.relation))
    rows = [(point(c), number(c.lhs), number(c.rhs), ball(c.difference), str(c.relation)) for c in worst[:ROWS]]
    if len(worst) > ROWS:
        rows.append((f"and {len(worst) - ROWS} more", "", "", "", ""))
    return Table(columns=("point", "left side", "right side", "difference", "relation"), rows=tuple(rows))


def figure(comparisons: Sequence[Comparison]) -> tuple[Figure, ...]:
    """Both sides over the symbol that varies, or over one of several; else one side against the other.

    Nothing for a few points. Of several symbols it is the one with the most values, and the points are a grid: a curve
    for each choice of the others.
    """
    values = _varying(comparisons)
    numeric = [name for name, found in values.items() if all(_fraction(value) is not None for value in found)]
    if len(values) == len(numeric) == 1 and len(comparisons) >= FEWEST:
        return (_over(comparisons, numeric[0]),)
    if len(values) > 1 and numeric:
        along = max(numeric, key=lambda name: len(values[name]))
        groups = _grouped(comparisons, [name for name in values if name != along])
        if min(map(len, groups.values())) >= FEWEST:
            return (_curves(groups, along),)
    return _against(comparisons)


def _varying(comparisons: Sequence[Comparison]) -> dict[str, set[str]]:
    """The symbols whose values vary over the points, with these."""
    names = dict.fromkeys(name for comparison in comparisons for name in comparison.at)
    values = {name: {comparison.at.get(name, "") for comparison in comparisons} for name in names}
    return {name: found for name, found in values.items() if len(found) > 1}


def _grouped(comparisons: Sequence[Comparison], names: Sequence[str]) -> dict[str, list[Comparison]]:
    """The points by their values of some symbols, in words."""
    groups: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        label = ", ".join(f"{name} = {literal(comparison.at.get(name, ''))}" for name in names)
        groups.setdefault(label, []).append(comparison)
    return groups


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _over(comparisons: Sequence[Comparison], name: str) -> Figure:
    ordered = sorted(comparisons, key=lambda c: Fraction(c.at[name]))
    kept = [ordered[i] for i in thinned(len(ordered))]
    x = tuple(float(Fraction(c.at[name])) for c in kept)
    return Figure(
        title="Both sides at the points",
        caption="Midpoints of the enclosures; their radii are too small to be seen.",
        x_label=name,
        y_label="value",
        series=(
            Series(label="right side", role="claimed", draw="line", x=x, y=tuple(float(c.rhs.mid) for c in kept)),
            Series(label="left side", role="exact", draw="points", x=x, y=tuple(float(c.lhs.mid) for c in kept)),
        ),
    )


def _curves(groups: Mapping[str, Sequence[Comparison]], along: str) -> Figure:
    """Both sides over one symbol, a curve for each group of points; of many groups a few, evenly chosen."""
    labels = list(groups)
    shown = [labels[i * (len(labels) - 1) // max(1, GROUPS - 1)] for i in range(GROUPS)]
    series: list[Series] = []
    for label in dict.fromkeys(shown):
        ordered = sorted(groups[label], key=lambda c: Fraction(c.at[along]))
        kept = [ordered[i] for i in thinned(len(ordered))]
        x = tuple(float(Fraction(c.at[along])) for c in kept)
        right, left = (tuple(float(getattr(c, side).mid) for c in kept) for side in ("rhs", "lhs"))
        series.append(Series(label=f"right side, {label}", role="claimed", draw="line", x=x, y=right))
        series.append(Series(label=f"left side, {label}", role="exact", draw="points", x=x, y=left))
    caption = "Midpoints of the enclosures; their radii are too small to be seen."
    if len(labels) > GROUPS:
        caption += f" Shown are {GROUPS} of {len(labels)} settings."
    return Figure(
        title="Both sides at the points",
        caption=caption,
        x_label=along,
        y_label="value",
        x_scale=_scale([value for curve in series for value in curve.x], least=10),
        y_scale=_scale([value for curve in series for value in curve.y], least=100),
        series=tuple(series),
    )


def _scale(values: Sequence[float], *, least: float) -> Literal["linear", "log"]:
    """Logarithmic where all are positive and the largest is more than so many times the smallest."""
    return "log" if min(values) > 0 and max(values) > least * min(values) else "linear"


def _against(comparisons: Sequence[Comparison]) -> tuple[Figure, ...]:
    pairs = [(float(c.rhs.mid), float(c.lhs.mid)) for c in comparisons if Decimal(c.difference.rad).is_finite()]
    if len(set(pairs)) < FEWEST:
        return ()
    kept = [pairs[i] for i in thinned(len(pairs))]
    values = [value for pair in kept for value in pair]
    ends = (min(values), max(values))
    scale = _scale(ends, least=100)
    return (
        Figure(
            title="Left side against right side",
            caption="One mark for each point: on the line the sides are equal, below it the left one is smaller.",
            x_label="right side",
            y_label="left side",
            x_scale=scale,
            y_scale=scale,
            series=(
                Series(label="both sides equal", role="claimed", draw="line", x=ends, y=ends),
                Series(
                    label="points of the domain",
                    role="exact",
                    draw="points",
                    x=tuple(right for right, _ in kept),
                    y=tuple(left for _, left in kept),
                ),
            ),
        ),
    )
