"""The figure and the page of one activation: see `verify.dual_result`."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from reports import html, mathml
from verify.dual_result import DualResult, digits_of
from verify.evidence import Ball, Formula

_COLOURS = ("#0b63b0", "#c14a09", "#8a3f9c", "#2e7d32", "#8a6a00", "#6d7682")
_DIGITS = 16
_TITLES = {"activation": "activation", "duals": "duals over ρ", "depth": "NTK over ρ, divided by its value at 1"}
_RC: Any = {"svg.fonttype": "none", "svg.hashsalt": "ntk-verify", "font.size": 9, "text.parse_math": False}


def write_dual_plot(result: DualResult, path: Path) -> None:
    """Write the figure as SVG: the activation, its duals, and the NTK at several depths."""
    path.write_text(_drawn(result), encoding="utf-8", newline="\n")


def write_dual_page(result: DualResult, path: Path) -> None:
    """Write one HTML file, with native MathML and the figure in it, that needs nothing else.

    Raises `mathml.FormulaError`, naming the formula, if one cannot be set.
    """
    path.write_text(_page(result), encoding="utf-8", newline="\n")


def _drawn(result: DualResult) -> str:
    panels = [panel for panel in _TITLES if any(curve.panel == panel for curve in result.curves)]
    with rc_context(_RC):
        canvas = Figure(figsize=(3.3 * len(panels), 2.9), layout="constrained")
        FigureCanvasSVG(canvas)
        for number, panel in enumerate(panels, 1):
            axes = canvas.add_subplot(1, len(panels), number)
            for curve, colour in zip((c for c in result.curves if c.panel == panel), _COLOURS, strict=False):
                ys = [float("nan") if y is None else y for y in curve.y]
                axes.plot(curve.x, ys, color=colour, label=curve.label, linewidth=1.4)
            axes.set_title(_TITLES[panel], fontsize=9)
            axes.set_xlabel("x" if panel == "activation" else "ρ")
            axes.grid(color="#e3e7ec", linewidth=0.6)
            axes.legend(frameon=False, fontsize=8)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        page = io.StringIO()
        canvas.savefig(page, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return page.getvalue()


def _page(result: DualResult) -> str:
    wanted = _sections(result)
    formulas = [mathml.Formula(formula.typst, True, formula.text) for _, group in wanted for formula in group]
    markup = mathml.markup(formulas)
    shown = iter(markup.formulas)
    parts = [f"<h1>{escape(result.expression)}</h1>", f"<p>{escape(_told(result))}</p>"]
    for title, group in wanted:
        parts.append(f"<h2>{escape(title)}</h2>")
        parts += [f'<p class="formula">{next(shown)}</p>' for _ in group]
    parts += ["<h2>Values</h2>", _table(result)]
    svg = _drawn(result)
    drawing = re.sub(r"<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    drawing = re.sub(r' style="([^"]*)"', lambda match: _attributes(match[1]), drawing)
    parts.append(f"<figure>{drawing}</figure>")
    return html.framed(Markup("\n".join(parts)), markup.style + _STYLE, f"Activation {result.expression}")  # noqa: S704 - escaped above


_STYLE = """
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-family: monospace; } figure { background: #fff; margin: 1rem 0; } figure svg { width: 100%; height: auto; }
table.values { border-collapse: collapse; } .values td, .values th { padding: .2rem .8rem .2rem 0; text-align: left; }
"""


def _attributes(style: str) -> str:
    """Declarations as presentation attributes: the page's policy forbids inline styles."""
    declared = (declaration.partition(":") for declaration in style.split(";") if ":" in declaration)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in declared)


def _sections(result: DualResult) -> list[tuple[str, tuple[Formula, ...]]]:
    duals = tuple(f for f in (result.covariance, result.derivative_covariance, result.normalisation) if f)
    sections: list[tuple[str, tuple[Formula, ...]]] = [("Activation", (result.activation, result.derivative))]
    if duals:
        sections.append(("Duals at unit variances and correlation ρ", duals))
    if result.general:
        sections.append(("Any covariance", result.general))
    return [*sections, ("Deep network", result.recursion)]


def _told(result: DualResult) -> str:
    if result.closed_form:
        state = f"proved in {result.proof_steps} steps" if result.proved else "not proved"
        return f"Closed form ({result.family}), {state}. κ(ρ) = E[σ(u)σ(v)] and κ̇(ρ) = E[σ′(u)σ′(v)]. {result.jump}"
    return f"No closed form is known: {result.reason}. Values are enclosed from the definition ({result.family})."


def _table(result: DualResult) -> str:
    heads = ("ρ", "κ(ρ)", "κ̇(ρ)", f"Σ, L = {result.depth}", f"Θ, L = {result.depth}")
    rows = [
        (row.rho, *map(_ball, (row.covariance, row.derivative, row.deep_covariance, row.deep_ntk)))
        for row in result.rows
    ]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="values"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _ball(ball: Ball | None) -> str:
    return "–" if ball is None else digits_of(ball, _DIGITS)
