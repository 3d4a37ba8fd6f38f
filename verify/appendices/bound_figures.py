"""The figures of the page on the (L+1)ε theorem."""

from verify.appendices.bound_story import DEEP, DEPTHS, EPSILONS, WIDTHS, Story, asked, promised
from verify.result import Figure, Series


def figures(story: Story) -> tuple[Figure, ...]:
    """Width against ε and against depth, error against width, and the part of the tolerance that the error uses."""
    return _needed_figure(story), _depth_figure(story), _error_figure(story), _loose_figure(story)


def _needed_figure(story: Story) -> Figure:
    sizes = tuple(size for size, _ in story.exact)
    series = [
        Series(
            label=f"asked for, L = {depth}",
            role="claimed",
            draw="line",
            x=sizes,
            y=tuple(asked(depth, size) for size in sizes),
        )
        for depth in DEPTHS
    ]
    widths = tuple(float(width) for _, width in story.exact)
    series.append(Series(label="needed, L = 1 (exact)", role="exact", draw="line", x=sizes, y=widths))
    for depth in DEPTHS[1:]:
        points = [point for point in story.points if point.depth == depth]
        series.append(
            Series(
                label=f"needed, L = {depth}",
                role="measured",
                draw="points",
                x=tuple(point.size for point in points),
                y=tuple(float(point.needed.estimate) for point in points),
                low=tuple(float(point.needed.low) for point in points),
                high=tuple(float(point.needed.high) for point in points),
            )
        )
    return Figure(
        title="Width asked for and width needed",
        caption=f"Slopes −4 and {signed(story.epsilon_exponent)}. Where the black line is above that of $L = 1$, "
        "$C = 1$ is too small.",
        x_label="ε",
        y_label="width m",
        x_scale="log",
        y_scale="log",
        series=tuple(series),
    )


def _depth_figure(story: Story) -> Figure:
    depths = tuple(float(depth) for depth in DEEP)
    wide = tuple(asked(depth, 0.1) for depth in DEEP)
    return Figure(
        title="The same against the depth, ε = 1/10",
        caption=f"Slopes 6 (and a logarithm) and {signed(story.depth_exponent)}. What is needed is computed from the "
        "errors at $m = 2^30$, which scale like $m^(-1\\/2)$.",
        x_label="hidden layers L",
        y_label="width m",
        x_scale="log",
        y_scale="log",
        series=(
            Series(label="asked for", role="claimed", draw="line", x=depths, y=wide),
            Series(label="needed", role="measured", draw="points", x=depths, y=story.by_depth),
        ),
    )


def _error_figure(story: Story) -> Figure:
    widths = tuple(float(m) for m in WIDTHS)
    lines = [
        Series(
            label=f"the theorem's ε, L = {depth}",
            role="claimed",
            draw="line",
            x=widths,
            y=tuple(promised(depth, m) for m in WIDTHS),
        )
        for depth in DEPTHS
    ]
    points = [
        Series(label=f"error, L = {depth}", role="measured", draw="points", x=widths, y=story.by_width[depth])
        for depth in DEPTHS
    ]
    return Figure(
        title="Error and promise against the width",
        caption=f"Slopes {signed(story.error_exponent(1))} and −1/4.",
        x_label="width m",
        y_label="95% quantile of the error over L + 1",
        x_scale="log",
        y_scale="log",
        series=(*lines, *points),
    )


def _loose_figure(story: Story) -> Figure:
    sizes = tuple(map(float, EPSILONS))
    points = [
        Series(
            label=f"L = {depth}",
            role="measured",
            draw="points",
            x=sizes,
            y=tuple(point.looseness for point in story.points if point.depth == depth),
        )
        for depth in DEPTHS
    ]
    return Figure(
        title="How loose the theorem is, at the width it asks for",
        caption="The tolerance is 1; with the constant 1 the error uses this part of it.",
        x_label="ε",
        y_label="95% quantile of the error over (L + 1)ε",
        y_scale="log",
        series=(
            Series(label="the tolerance", role="bound", draw="line", x=sizes, y=(1.0,) * len(sizes)),
            *points,
        ),
    )


def signed(value: float) -> str:
    """A number to two digits behind the point, with a minus sign as in print.

    >>> signed(-0.5)
    '−0.50'
    """
    return f"{value:.2f}".replace("-", "−")
