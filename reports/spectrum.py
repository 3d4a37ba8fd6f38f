"""The figure of a spectrum: see `verify.spectrum_result`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from verify.spectrum_result import SpectrumResult

_STYLES = {"ck": ("CK", "#0b63b0", "o"), "ntk": ("NTK", "#c14a09", "s")}
_RC: Any = {"svg.fonttype": "none", "svg.hashsalt": "ntk-verify", "font.size": 9, "text.parse_math": False}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def write_spectrum_plot(result: SpectrumResult, path: Path, form: str) -> None:
    """Write the eigenvalues and the fractional variances over the degree, as "svg", "png" or "pdf"."""
    with rc_context(_RC):
        canvas = Figure(figsize=(7.2, 3.0), layout="constrained")
        values, parts = canvas.subplots(1, 2)
        for found in result.spectra:
            label, colour, marker = _STYLES[found.kernel]
            style: Any = {"color": colour, "marker": marker, "markersize": 3, "label": label}
            # Under a Gaussian a degree has several eigenvalues, which no line can join.
            style["linewidth"] = 0 if any(row.radial for row in found.eigenvalues) else 1
            rows = [row for row in found.eigenvalues if row.approximate > 0]
            values.semilogy([row.degree for row in rows], [row.approximate for row in rows], **style)
            parts.plot(
                [row.degree for row in found.eigenvalues],
                [row.approximate_fraction for row in found.eigenvalues],
                **style,
            )
        values.yaxis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
        values.yaxis.set_minor_formatter(NullFormatter())
        for axes, title in ((values, "eigenvalue"), (parts, "fraction of the variance")):
            axes.set_title(title, fontsize=9)
            axes.set_xlabel("degree")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.grid(color="#e3e7ec", linewidth=0.6)
            axes.legend(frameon=False, fontsize=8)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        about = dict.fromkeys(("Date", "Creator", "Format", "Type")) if form == "svg" else None
        canvas.savefig(path, format=form, metadata=about)


def power_of_ten(value: float) -> str:
    """The label of a tick of a logarithmic axis, without mathematical markup.

    >>> power_of_ten(0.01), power_of_ten(1.0), power_of_ten(2e-5)
    ('10⁻²', '10⁰', '')
    """
    exponent = math.log10(value) if value > 0 else 0.5
    if abs(exponent - round(exponent)) > 1e-9:
        return ""
    return "10" + str(round(exponent)).translate(_SUPERSCRIPTS)
