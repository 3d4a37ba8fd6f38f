"""Figures: drawn once by matplotlib as SVG, then dressed for the page (HTML, light and dark) or for paper (PDF)."""

import io
import math
from functools import lru_cache
from itertools import chain
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from reports import svg, ticks
from verify.result import Figure, Series

WIDTH = 403.0
"""Width of every figure in points: it fits the text of the PDF, and a phone with little shrinking."""
_PLOT_HEIGHT = 205.0
_LINE = 14.0
_FONT = 9.5
_STYLES: dict[str, dict[str, Any]] = {
    "measured": {"linestyle": "-", "marker": "o"},
    "claimed": {"linestyle": (0, (5, 2)), "marker": "D"},
    "bound": {"linestyle": (0, (6, 2, 1, 2)), "marker": "v"},
    "exact": {"linestyle": "-", "marker": "s"},
    "mutant": {"linestyle": (0, (1, 1.6)), "marker": "X"},
    "reference": {"linestyle": (0, (2, 2)), "marker": "|"},
}
_SHADES = (1.0, 0.68, 0.48, 0.36)
"""Opacity of the first, second, … series of the same role and manner of drawing."""
_RC = {"svg.fonttype": "none", "svg.hashsalt": "ntk-verify", "font.size": _FONT, "text.parse_math": False}


@lru_cache(maxsize=1024)
def draw(figure: Figure) -> str:
    """Draw a figure as SVG with placeholder colours; `svg.for_page` and `svg.for_paper` put the real ones in.

    Roles have fixed colours, line styles and markers, so a reader learns them once; further series of a role are
    paler. Points that are not finite, or not positive on a logarithmic axis, are left out.
    """
    columns = 2 if max(len(s.label) for s in figure.series) <= 34 and len(figure.series) > 1 else 1
    rows = math.ceil(len(figure.series) / columns)
    below = (2.5 + rows) * _LINE
    height = _PLOT_HEIGHT + 1.6 * _LINE + below
    xs = chain.from_iterable(s.x for s in figure.series)
    ys = chain.from_iterable((*s.y, *(s.low or ()), *(s.high or ())) for s in figure.series)
    x, y = ticks.axis(xs, figure.x_scale), ticks.axis(ys, figure.y_scale, padding=0.07)
    left = 10 + 5.8 * max((len(label) for label in y.labels), default=0)
    with mpl.rc_context(_RC):
        canvas = Canvas(figsize=(WIDTH / 72, height / 72))
        FigureCanvasSVG(canvas)
        canvas.patch.set_visible(False)
        box = (left / WIDTH, below / height, 1 - (left + 10) / WIDTH, _PLOT_HEIGHT / height)
        axes = canvas.add_axes(box, xscale=figure.x_scale, yscale=figure.y_scale)
        _frame(axes, figure, x, y)
        seen: list[tuple[str, str]] = []
        marks = []
        for series in figure.series:
            manner = series.role, series.draw
            marks.append(_series(axes, series, _SHADES[min(seen.count(manner), len(_SHADES) - 1)]))
            seen.append(manner)
        canvas.legend(
            marks,
            [series.label for series in figure.series],
            loc="lower left",
            bbox_to_anchor=(left / WIDTH, 0),
            ncols=columns,
            frameon=False,
            borderaxespad=0,
            borderpad=0,
            labelspacing=0.35,
            handlelength=2.6,
            columnspacing=2,
            labelcolor=svg.INK,
        )
        written = io.StringIO()
        canvas.savefig(written, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return svg.cleaned(written.getvalue())


def _frame(axes: Axes, figure: Figure, x: ticks.Axis, y: ticks.Axis) -> None:
    axes.patch.set_visible(False)
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(y.low, y.high)
    for side, edge in axes.spines.items():
        edge.set_visible(side in ("left", "bottom"))
        edge.set_color(svg.MUTED)
        edge.set_linewidth(0.7)
    for line, laid in ((axes.xaxis, x), (axes.yaxis, y)):
        line.set_major_locator(FixedLocator(list(laid.ticks)))
        line.set_major_formatter(FixedFormatter(list(laid.labels)))
        line.set_minor_locator(NullLocator())
    axes.tick_params(color=svg.MUTED, labelcolor=svg.INK, width=0.7, length=3)
    axes.grid(axis="y", color=svg.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(figure.x_label, color=svg.INK, labelpad=3)
    # A horizontal label above the axis is read without turning the head.
    axes.set_title(figure.y_label, loc="left", color=svg.INK, fontsize=_FONT, pad=6)


def _series(axes: Axes, series: Series, shade: float) -> Any:
    """Draw one series and return its handle for the legend."""
    colour, style = svg.ROLES[series.role], _STYLES[series.role]
    if series.draw == "band":
        low, high = series.low or series.y, series.high or series.y
        return axes.fill_between(series.x, low, high, color=colour, alpha=0.22 * shade, linewidth=0)
    if series.draw != "points":
        drawstyle = "steps-post" if series.draw == "steps" else "default"
        line = {"linestyle": style["linestyle"], "linewidth": 1.5, "drawstyle": drawstyle}
        return axes.plot(series.x, series.y, color=colour, alpha=shade, **line)[0]
    errors = None
    if series.low and series.high:
        ends = zip(series.y, series.low, series.high, strict=True)
        errors = list(zip(*((max(0.0, y - low), max(0.0, high - y)) for y, low, high in ends), strict=True))
    return axes.errorbar(
        series.x,
        series.y,
        yerr=errors,
        linestyle="none",
        marker=style["marker"],
        markersize=4.2 if len(series.x) <= 40 else 2.2,
        elinewidth=1.1,
        capsize=2.2 if errors else 0,
        color=colour,
        alpha=shade,
    )
