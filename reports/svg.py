"""SVG from matplotlib, made fit for the page: no inline style, few ids, colours that follow the theme."""

import io
import re

from matplotlib.figure import Figure

INK, MUTED, GRID = "#0a0b01", "#0a0b02", "#0a0b03"
"""Placeholder colours of text, axes and grid."""
ROLES = {
    "measured": "#0a0b11",
    "claimed": "#0a0b12",
    "bound": "#0a0b13",
    "exact": "#0a0b14",
    "mutant": "#0a0b15",
    "reference": "#0a0b16",
}
"""Placeholder colours of the roles a series may play."""
_NAMES = {INK: "ink", MUTED: "muted", GRID: "grid"} | {colour: role for role, colour in ROLES.items()}
LIGHT = {
    "ink": "#1c2430",
    "muted": "#8a93a0",
    "grid": "#e3e7ec",
    "measured": "#0b63b0",
    "claimed": "#c14a09",
    "bound": "#8a3f9c",
    "exact": "#1c2430",
    "mutant": "#8a6a00",
    "reference": "#6d7682",
}
"""The colours on white; the page's dark theme has its own in its style sheet."""
_PAPER_FONT = "New Computer Modern"


def written(canvas: Figure) -> str:
    """The SVG that matplotlib writes for a canvas, without a date or the name of its maker."""
    page = io.StringIO()
    canvas.savefig(page, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return page.getvalue()


def cleaned(drawn: str) -> str:
    """Strip prolog, comments, size in points, inline styles and unused ids from matplotlib's SVG.

    Coordinates keep two decimals; texts, the labels of ticks, keep all.
    """
    body = drawn[drawn.index("<svg") :]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>|<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", body)
    body = body.replace("xlink:href", "href").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    body = re.sub(r' style="([^"]*)"', lambda match: _attributes(match[1]), body)
    used = set(re.findall(r'(?:url\(|href=")#([\w.-]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in used else "", body)
    body = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d\d)\d+", r"\1", tag[0]), body)
    body = re.sub(r"\s*\n\s*", " ", body).replace("> <", "><")
    return _without_bare_groups(body.strip())


def _attributes(style: str) -> str:
    """Declarations as presentation attributes; the fonts are set by the page."""
    declared = (declaration.partition(":") for declaration in style.split(";") if ":" in declaration)
    kept = ((name.strip(), value.strip().removesuffix("px")) for name, _, value in declared)
    return "".join(f' {name}="{value}"' for name, value in kept if name != "font-family")


def _without_bare_groups(body: str) -> str:
    """Unwrap the groups that carry no attribute."""
    bare: list[bool] = []
    parts = []
    for part in re.split(r"(<g[^>]*>|</g>)", re.sub(r"<g[^>]*/>", "", body)):
        if part.startswith("<g"):
            bare.append(part == "<g>")
        if not ((part == "<g>") or (part == "</g>" and bare.pop())):
            parts.append(part)
    return "".join(parts)


def for_page(drawn: str, prefix: str = "", description: str = "") -> str:
    """An SVG for the HTML: colours from the style sheet, ids with a prefix of their own, a name for screen readers.

    Without a description it is decoration that screen readers pass over.
    """
    body = re.sub("|".join(_NAMES), lambda match: f"var(--fig-{_NAMES[match[0]]})", drawn)
    body = re.sub(r'((?:url\(|href=")#| id=")', rf"\g<1>{prefix}-", body)
    name = f'role="img" aria-label="{_escaped(description)}"' if description else 'aria-hidden="true"'
    return body.replace("<svg", f"<svg {name}", 1)


def for_paper(drawn: str) -> str:
    """An SVG for the PDF: colours on white, the document's own font."""
    body = re.sub("|".join(_NAMES), lambda match: LIGHT[_NAMES[match[0]]], drawn)
    return body.replace("<svg", f'<svg font-family="{_PAPER_FONT}"', 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
