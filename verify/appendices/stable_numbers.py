"""How many digits the kernels in floating point keep, and how many the formulas as they are printed lose."""

import math
import re
from collections.abc import Sequence
from itertools import groupby

from numerics.accuracy import Accuracy, approach, measure
from numerics.streams import stream
from verify.result import Appendix, Figure, Series, Table

_SHOWN = 1e-2
"""Errors below this many ulps are drawn here: a logarithmic axis has no zero."""


def stable_numbers(seed: int) -> Appendix:
    """How many last digits of the kernels in `numerics.dual_arrays` are right, and how many the naive formulas lose."""
    rows = measure(stream(seed, "stable numbers", {}))
    return Appendix(
        id="stable-numbers",
        title="Kernels in floating point: what the formulas lose near $plus.minus 1$",
        text="The arc-cosine kernels $kappa_0$ and $kappa_1$, and $Theta^((L))$ at unit norm, computed by "
        "numerics.dual_arrays and by the formulas as they are printed, each against Arb. Errors are the worst in each "
        "region, in ulps of the precision; those of $Theta^((L))$, which vanishes for some $rho$, in ulps of the sum "
        "of the absolute values of its terms. A correlation is carried as $rho$ together with $1 - rho$ and $1 + rho$.",
        table=Table(
            columns=("quantity", "region", "float64", "as printed", "float32", "as printed"),
            rows=tuple(_row(list(group)) for _, group in groupby(rows, key=lambda row: (row.quantity, row.region))),
        ),
        figures=(_approach(),),
    )


def _row(group: Sequence[Accuracy]) -> tuple[str, ...]:
    """One quantity in one region, its precisions side by side."""
    cells = [_ulps(error) for row in group for error in (row.stable, row.naive)]
    return _typeset(group[0].quantity), _typeset(group[0].region), *cells, *["–"] * (4 - len(cells))


def _typeset(text: str) -> str:
    """A text with the mathematics in it between dollar signs.

    >>> _typeset("1 − κ₁"), _typeset("Θ^(3)"), _typeset("ρ near −1")
    ('1 − $kappa_1$', '$Theta^((3))$', '$rho$ near −1')
    """
    text = re.sub(r"Θ\^(\(\d+\))", r"$Theta^(\1)$", text)
    for plain, typst in (("κ₀", "$kappa_0$"), ("κ₁", "$kappa_1$"), ("ρ", "$rho$")):
        text = text.replace(plain, typst)
    return text


def _ulps(error: float) -> str:
    """An error in ulps for the reader.

    >>> _ulps(1.234), _ulps(560.3), _ulps(1.45e23), _ulps(math.inf)
    ('1.2', '560', '1.5 × 10²³', 'no number')
    """
    if not math.isfinite(error):
        return "no number"
    if error < 1e4:
        return f"{error:.1f}" if error < 10 else f"{error:.0f}"
    exponent = math.floor(math.log10(error))
    return f"{error / 10**exponent:.1f} × 10{str(exponent).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def _approach() -> Figure:
    steps = range(1, 17)
    x = tuple(10.0**-step for step in steps)
    series = []
    for name, (ours, naive) in approach(steps).items():
        here, printed = (tuple(max(error, _SHOWN) for error in errors) for errors in (ours, naive))
        series.append(Series(label=f"{name}, here", role="measured", draw="line", x=x, y=here))
        series.append(Series(label=f"{name}, as printed", role="mutant", draw="line", x=x, y=printed))
    return Figure(
        title="Errors on the way to the ends of the interval",
        caption="float64; errors below 1/100 ulp are drawn there.",
        x_label="distance of ρ from ±1",
        y_label="error in ulps",
        x_scale="log",
        y_scale="log",
        series=tuple(series),
    )
