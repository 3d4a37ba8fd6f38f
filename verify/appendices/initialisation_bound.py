"""The (L+1)ε theorem at its own scale: how loose it is, which constant would do, and the exponents it should have."""

import math

import flint

from numerics.exact_law import failure_probability
from numerics.needed_width import Needed
from verify.appendices.bound_figures import figures, signed
from verify.appendices.bound_story import ALPHA, DEPTHS, DRAWS, Story, asked, measured
from verify.result import Appendix, Table


def initialisation_bound(seed: int) -> Appendix:
    """The theorem at one unit input at the widths it asks for with C = 1, δ = 1/20, and at those that it takes."""
    story = measured(seed)
    return Appendix(
        id="initialisation-bound",
        title="The $(L+1) epsilon$ theorem at the width it asks for",
        text=_text(story),
        table=_table(story),
        figures=figures(story),
    )


def _text(story: Story) -> str:
    constants = {point.constant(point.needed.estimate): point for point in story.points}
    largest, smallest = (
        f"{_number(c)} at $L = {constants[c].depth}$, $epsilon = {constants[c].epsilon}$"
        for c in (max(constants), min(constants))
    )
    size, needed = story.too_small
    exponents = ", ".join(f"{story.error_exponent(depth):.3f}".replace("-", "−") for depth in DEPTHS)
    return (
        f"Asked for is the width $m = C L^6 epsilon^(-4) log(L\\/delta)$, promised an error of at most $(L+1) epsilon$ "
        f"with probability $1 - delta$. Measured at $x = x'$ of unit norm, $delta = 1\\/20$, {DRAWS:,} exact draws a "
        f"width; errors are 95% quantiles, an interval or a band around a width holds at {100 * (1 - ALPHA):g}%. "
        "(im-thm-init-bound decides it, at $rho = 1\\/2$ too.) "
        f"With $C = 1$ failures are far rarer here than $delta$ allows, and the smallest constant that would do goes "
        f"from {largest} down to {smallest}. "
        f"The error decays like $m$ to the power {exponents} for $L = 1, 2, 3$ from $2^10$ to "
        f"$2^40$; the theorem's $epsilon$, like $m^(-1\\/4)$. The width needed grows like $epsilon$ to the power "
        f"{signed(story.epsilon_exponent)} (theorem: −4) and $L$ to the power {story.depth_exponent:.2f} (theorem: 6). "
        f"What is loose for small $epsilon$ fails for large ones: with one hidden layer and $C = 1$, "
        f"$epsilon = {size:g}$, the width asked for is {math.ceil(asked(1, size))} and {needed} are needed; "
        f"there the exact probability of failure is "
        f"{float(failure_probability(math.ceil(asked(1, size)), 2 * flint.arb(str(size)))):.3f}."
    )


def _table(story: Story) -> Table:
    rows = []
    for point in story.points:
        low, high = (100 * end for end in point.at_demanded.interval(point.size, ALPHA))
        rows.append(
            (
                f"{point.depth}",
                point.epsilon,
                f"{point.at_demanded.m:,}",
                f"{point.at_demanded.failures(point.size)} ({low:.2g} … {high:.2g}%)",
                f"{point.looseness:.3f}",
                _banded(point.needed),
                _number(point.constant(point.needed.estimate)),
            )
        )
    columns = (
        "$L$",
        "$epsilon$",
        "asked for, $C = 1$",
        "failures",
        "error over $(L+1) epsilon$",
        "width needed",
        "$C$ for it",
    )
    return Table(columns=columns, rows=tuple(rows))


def _banded(needed: Needed) -> str:
    """A width with its band.

    >>> _banded(Needed(2300, 2483, 2600)), _banded(Needed(127, 127, 127))
    ('2,483 (2,300 … 2,600)', '127 (exact)')
    """
    if needed.low == needed.high:
        return f"{needed.estimate:,} (exact)"
    return f"{needed.estimate:,} ({needed.low:,} … {needed.high:,})"


def _number(value: float) -> str:
    """A number to two digits, without an exponent.

    >>> _number(0.3437), _number(0.000131)
    ('0.34', '0.00013')
    """
    return f"{value:.{max(0, 1 - math.floor(math.log10(value)))}f}"
