"""Figures: drawn once by matplotlib as SVG, then dressed for the page (HTML, light and dark) or for paper (PDF).

The drawing holds marks, axes and ticks. The labels of the axes and the legend are set as text by the report, so that
they wrap on a phone, can be selected, and look like the rest of it.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from reports import svg, ticks
from verify.result import Figure, Series

WIDTH = 403.0
"""Width of every drawing in points: it fits the text of the PDF, and a phone with little shrinking."""
HEIGHT, PAPER_HEIGHT = 226.0, 158.0
"""Heights in points, on the page and on paper: the lower drawing leaves fewer holes before a page break."""
HALF_WIDTH, HALF_HEIGHT = 262.0, 140.0
"""Width and height in points of a drawing that stands beside another one on paper."""
_LONG_LEGEND = 8
_FONT = 9.5
_DASHES: dict[str, tuple[float, ...]] = {
    "measured": (),
    "claimed": (5, 2),
    "bound": (6, 2, 1, 2),
    "exact": (),
    "mutant": (1, 1.6),
    "reference": (2, 2),
}
"""Dashes and gaps of the lines of a role, in line widths."""
_MARKERS = {"measured": "o", "claimed": "D", "bound": "v", "exact": "s", "mutant": "X", "reference": "P"}
_SHADES = (1.0, 0.68, 0.48, 0.36)
"""Opacity of the first, second, … series of the same role and manner of drawing."""
_BAND = 0.22
_RC: Any = {"svg.fonttype": "none", "svg.hashsalt": "ntk-verify", "font.size": _FONT, "text.parse_math": False}


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, with the entries of its legend; the colours are placeholders (see `reports.svg`)."""

    svg: str
    legend: tuple[tuple[str, str], ...]
    """`(swatch as SVG, label)` for every series."""


@lru_cache(maxsize=1024)
def draw(figure: Figure, height: float = HEIGHT, width: float = WIDTH) -> Drawing:
    """Draw a figure, `width` by `height` points.

    Roles have fixed colours, dashes and markers, so a reader learns them once; further series of a role are paler.
    Points that are not finite, or not positive on a logarithmic axis, are left out.
    """
    ys = chain.from_iterable((*s.y, *(s.low or ()), *(s.high or ())) for s in figure.series)
    x = ticks.axis(chain.from_iterable(s.x for s in figure.series), figure.x_scale)
    y = ticks.axis(ys, figure.y_scale, padding=0.07)
    left = 12 + 5.8 * max((len(label) for label in y.labels), default=0)
    with rc_context(_RC):
        canvas, axes = _sheet(figure.x_scale, figure.y_scale)
        canvas.set_size_inches(width / 72, height / 72)
        axes.set_position((left / width, 20 / height, 1 - (left + 12) / width, 1 - 26 / height))
        _lay(axes, x, y)
        legend = []
        for series, shade in _shaded(figure):
            _series(axes, series, shade)
            legend.append((_swatch(series, shade), series.label))
        return Drawing(svg.cleaned(svg.written(canvas)), tuple(legend))


def _sheet(x_scale: str, y_scale: str) -> tuple[Canvas, Axes]:
    """Empty axes. They are wiped and drawn on again: making them, and their ticks, takes as long as all the rest."""
    canvas, axes = _axes(x_scale, y_scale)
    for artist in (*axes.lines, *axes.collections):
        artist.remove()
    axes.containers.clear()
    return canvas, axes


@cache
def _axes(x_scale: str, y_scale: str) -> tuple[Canvas, Axes]:
    canvas = Canvas()
    FigureCanvasSVG(canvas)
    canvas.patch.set_visible(False)
    axes = canvas.add_axes((0, 0, 1, 1), xscale=x_scale, yscale=y_scale)
    axes.patch.set_visible(False)
    for side, edge in axes.spines.items():
        edge.set_visible(side in ("left", "bottom"))
        edge.set_color(svg.MUTED)
        edge.set_linewidth(0.7)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_label_coords(0, 0)  # it has no label that would have to make room for those of the ticks
    axes.tick_params(color=svg.MUTED, labelcolor=svg.INK, width=0.7, length=3)
    axes.grid(axis="y", color=svg.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    return canvas, axes


def legend_columns(figure: Figure) -> int:
    """The columns of a figure's legend: 2 if it is long, else 1, a running line."""
    return 2 if len(figure.series) > _LONG_LEGEND else 1


def _shaded(figure: Figure) -> list[tuple[Series, float]]:
    manners = [(series.role, series.draw) for series in figure.series]
    earlier = (manners[:position].count(manner) for position, manner in enumerate(manners))
    return [(s, _SHADES[min(count, len(_SHADES) - 1)]) for s, count in zip(figure.series, earlier, strict=True)]


def _lay(axes: Axes, x: ticks.Axis, y: ticks.Axis) -> None:
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(y.low, y.high)
    for line, laid in ((axes.xaxis, x), (axes.yaxis, y)):
        line.set_major_locator(FixedLocator(list(laid.ticks)))
        line.set_major_formatter(FixedFormatter(list(laid.labels)))
        line.set_minor_locator(NullLocator())


def _series(axes: Axes, series: Series, shade: float) -> None:
    colour = svg.ROLES[series.role]
    if series.draw == "band":
        low, high = series.low or series.y, series.high or series.y
        axes.fill_between(series.x, low, high, color=colour, alpha=_BAND * shade, linewidth=0)
    elif series.draw == "points":
        errors = None
        if series.low and series.high:
            ends = zip(series.y, series.low, series.high, strict=True)
            errors = list(zip(*((max(0.0, y - low), max(0.0, high - y)) for y, low, high in ends), strict=True))
        axes.errorbar(
            series.x,
            series.y,
            yerr=errors,
            linestyle="none",
            marker=_MARKERS[series.role],
            markersize=4.2 if len(series.x) <= 40 else 2.2,
            elinewidth=1.1,
            capsize=2.2 if errors else 0,
            color=colour,
            alpha=shade,
        )
    else:
        axes.plot(
            series.x,
            series.y,
            linestyle=(0, _DASHES[series.role]) if _DASHES[series.role] else "-",
            linewidth=1.5,
            drawstyle="steps-post" if series.draw == "steps" else "default",
            color=colour,
            alpha=shade,
        )


@lru_cache
def _legend_mark(role: str, draw: str, shade: float, *, error: bool) -> str:
    colour = svg.ROLES[role]
    if draw == "band":
        mark = f'<rect y="1" width="26" height="10" fill="{colour}" fill-opacity="{_BAND * shade:.3g}"/>'
    elif draw == "points":
        whisker = (
            f'<path d="M13 1V11M11 1H15M11 11H15" stroke="{colour}" stroke-width="1.1" fill="none"/>' if error else ""
        )
        mark = f'<g opacity="{shade}">{whisker}<path d="{_SHAPES[_MARKERS[role]]}" fill="{colour}"/></g>'
    else:
        dashes = " ".join(f"{1.5 * length:g}" for length in _DASHES[role])
        mark = f'<path d="M0 6H26" stroke="{colour}" stroke-width="1.5" fill="none" opacity="{shade}"'
        mark += f' stroke-dasharray="{dashes}"/>' if dashes else "/>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 12" width="26" height="12">{mark}</svg>'


_SHAPES = {
    "o": "M10.9 6a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0 -4.2 0Z",
    "D": "M13 3.2L15.8 6L13 8.8L10.2 6Z",
    "v": "M10.6 4H15.4L13 8.4Z",
    "s": "M10.9 3.9H15.1V8.1H10.9Z",
    "X": "M11.6 3.2L13 4.6L14.4 3.2L15.8 4.6L14.4 6L15.8 7.4L14.4 8.8L13 7.4L11.6 8.8L10.2 7.4L11.6 6L10.2 4.6Z",
    "P": "M12.1 3.2H13.9V5.1H15.8V6.9H13.9V8.8H12.1V6.9H10.2V5.1H12.1Z",
}
"""The markers, as matplotlib draws them, around (13, 6)."""


def _swatch(series: Series, shade: float) -> str:
    return _legend_mark(series.role, series.draw, shade, error=series.low is not None)
