"""Facts about figures: fixed roles, quiet axes, the same bytes every time."""

import math
import re
import xml.etree.ElementTree as ET

import example
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import figures, svg, ticks
from verify.result import Figure, Series

FIGURES = [
    example.rate_figure(),
    example.limit_figure(),
    example.path_figure(),
    example.law_figure(),
    example.probability_figure(),
]


def one(**series: object) -> Figure:
    given = {"label": "median", "role": "measured", "draw": "points", "x": (1.0, 2.0), "y": (1.0, 2.0)} | series
    return Figure(title="t", caption="c", x_label="m", y_label="q", series=(Series(**given),))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.title)
def test_a_drawing_is_well_formed_and_has_no_inline_style(figure: Figure) -> None:
    for drawn in (svg.for_page(figures.draw(figure).svg, "f1", "words"), svg.for_paper(figures.draw(figure).svg)):
        assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314
        assert "style" not in drawn
        assert "#0a0b" not in drawn


def test_a_drawing_is_the_same_every_time_whatever_was_drawn_before() -> None:
    first = [figures.draw.__wrapped__(figure) for figure in FIGURES]
    for figure, drawn in zip(reversed(FIGURES), reversed(first), strict=True):
        figures.draw.__wrapped__(figure, figures.HALF_HEIGHT, figures.HALF_WIDTH)
        assert figures.draw.__wrapped__(figure) == drawn
    figures._axes.cache_clear()
    assert figures.draw.__wrapped__(FIGURES[-1]) == first[-1]


def test_labels_of_ticks_keep_their_digits() -> None:
    values = (0.0121, 0.0152)
    labels = ticks.axis(values, "linear", padding=0.07).labels
    assert "0.013" in labels
    drawn = figures.draw(one(y=values)).svg
    assert all(f">{label}<" in drawn for label in labels)


def test_ids_on_a_page_carry_the_prefix_of_their_figure() -> None:
    drawn = svg.for_page(figures.draw(FIGURES[0]).svg, "f7", "words")
    names = re.findall(r' id="([^"]*)"', drawn)
    used = re.findall(r'(?:url\(|href=")#([^")]*)', drawn)
    assert names
    assert set(used) == set(names)
    assert all(name.startswith("f7-") for name in names)


def test_a_role_has_its_own_colour_in_light_and_dark() -> None:
    drawn = figures.draw(one(role="bound")).svg
    assert "var(--fig-bound)" in svg.for_page(drawn)
    assert svg.LIGHT["bound"] in svg.for_paper(drawn)
    assert len({svg.LIGHT[role] for role in svg.ROLES} | {svg.LIGHT["muted"]}) == len(svg.ROLES) + 1


def test_the_legend_names_every_series_in_order() -> None:
    drawing = figures.draw(FIGURES[1])
    assert [label for _, label in drawing.legend] == [series.label for series in FIGURES[1].series]
    assert all(ET.fromstring(swatch).tag.endswith("svg") for swatch, _ in drawing.legend)  # noqa: S314


def test_on_paper_a_drawing_is_lower_with_the_same_width() -> None:
    page, paper = (figures.draw(FIGURES[0], height).svg for height in (figures.HEIGHT, figures.PAPER_HEIGHT))
    assert f'viewBox="0 0 {figures.WIDTH:g} {figures.HEIGHT:g}"' in page
    assert f'viewBox="0 0 {figures.WIDTH:g} {figures.PAPER_HEIGHT:g}"' in paper


def test_a_legend_of_more_than_eight_entries_has_two_columns() -> None:
    (series,) = one().series
    columns = [figures.legend_columns(one().model_copy(update={"series": (series,) * n})) for n in (1, 8, 9)]
    assert columns == [1, 1, 2]


def test_a_second_series_of_a_role_is_paler() -> None:
    series = tuple(Series(label=k, role="measured", draw="line", x=(1, 2), y=(1, 2)) for k in "ab")
    first, second = figures.draw(one().model_copy(update={"series": series})).legend
    assert first[0] != second[0]


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_values_that_are_not_finite_are_left_out(bad: float) -> None:
    drawn = figures.draw(one(y=(1.0, bad))).svg
    assert "nan" not in drawn.lower()
    assert "inf" not in drawn.lower()


def test_texts_cannot_break_out_of_the_drawing() -> None:
    figure = one(label='</svg><script>"x"&')
    drawn = svg.for_page(figures.draw(figure).svg, "f", figure.series[0].label)
    assert ET.fromstring(drawn).get("aria-label") == '</svg><script>"x"&'  # noqa: S314


numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(numbers, min_size=1, max_size=9))
def test_a_linear_axis_covers_its_values_with_distinct_labels(values: list[float]) -> None:
    laid = ticks.axis(values, "linear")
    assert laid.low <= min(values)
    assert max(values) <= laid.high
    assert list(laid.ticks) == sorted(set(laid.ticks))
    assert len(set(laid.labels)) == len(laid.labels) == len(laid.ticks)


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=9))
def test_a_logarithmic_axis_covers_its_values_with_distinct_labels(values: list[float]) -> None:
    laid = ticks.axis([*values, 0.0, -1.0], "log")
    assert 0 < laid.low <= min(values) * (1 + 1e-9)
    assert max(values) <= laid.high * (1 + 1e-9)
    assert len(set(laid.labels)) == len(laid.labels) == len(laid.ticks) >= 1
