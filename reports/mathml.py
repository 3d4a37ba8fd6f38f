"""MathML from Typst: every formula of a page in one run, corrected for how browsers set it."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

import typst

_EXPECTED_WARNING = "html export is under active development"
_SOURCE = r"""
#set document(title: "formulas")
// Typst exports no overline; a macron that stretches is one.
#let scope = (overline: body => math.accent(body, "\u{304}"))
#for formula in json(bytes(sys.inputs.formulas)) {
  html.elem("section", math.equation(block: formula.display, eval(formula.typst, mode: "math", scope: scope)))
}
"""
_SPACING_ACCENTS = {"\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯", "\u0307": "˙", "\u0308": "¨", "\u20d7": "→"}
_TALL = {"mfrac", "mtable", "munder", "mover", "munderover", "msqrt", "mroot"}
_FENCES = set("()[]{}|‖⌊⌋⌈⌉⟨⟩")
_RELATIONS = set("=≤≥<>≠≔≈∼∝→⟶↦⇒⟺∈")
_SIGNS = set("+−")
_WIDE = 26
"""The most characters of a displayed formula that stay on one line on a phone."""
_WIDER = 60
"""The most characters between two relations that stay on one line anywhere."""


class FormulaError(ValueError):
    """A formula that Typst cannot set."""


@dataclass(frozen=True)
class Formula:
    """A formula to be set, in running text or displayed."""

    typst: str
    display: bool
    text: str
    """The formula in plain text, for readers that do not know MathML."""


@dataclass(frozen=True)
class Markup:
    """What a page needs to show formulas."""

    formulas: tuple[str, ...]
    """`<math>` elements, several in a row where a displayed formula may break."""
    style: str
    """The style sheet that belongs to them."""


def markup(formulas: Sequence[Formula]) -> Markup:
    """Set the formulas, in order.

    Raises FormulaError, naming each formula that Typst rejects or would drop a part of.
    """
    for formula in formulas:
        if "#" in formula.typst:
            raise FormulaError(f"a formula must be mathematics, not code: {formula.typst!r}")
        if re.search(r"(?<![\w.])bar\(", formula.typst):
            raise FormulaError(f"bar(x) is set as |x|; write macron(x) or overline(x) in {formula.typst!r}")
    try:
        page = _run(formulas)
    except (typst.TypstError, FormulaError) as error:
        raise FormulaError(_culprits(formulas) or str(error)) from error
    sections = re.findall(r"<section>(.*?)</section>", page, re.DOTALL)
    if len(sections) != len(formulas):
        raise FormulaError(f"{len(formulas)} formulas came back as {len(sections)}")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    return Markup(
        formulas=tuple(_corrected(section, formula) for section, formula in zip(sections, formulas, strict=True)),
        style=style[1] if style else "",
    )


def _run(formulas: Sequence[Formula]) -> str:
    inputs = {"formulas": json.dumps([{"typst": f.typst, "display": f.display} for f in formulas])}
    page, warnings = typst.compile_with_warnings(
        _SOURCE.encode(), format="html", sys_inputs=inputs, ignore_system_fonts=True
    )
    lost = [w.message for w in warnings if not w.message.startswith(_EXPECTED_WARNING)]
    if lost:
        raise FormulaError("; ".join(lost))
    return str(page.decode())


def _culprits(formulas: Sequence[Formula]) -> str:
    """Every formula that Typst cannot set, with the reason."""
    found = []
    for formula in formulas:
        try:
            _run([formula])
        except (typst.TypstError, FormulaError) as error:
            found.append(f"Typst cannot set {formula.typst!r}: {error}")
    return "\n".join(found)


def _corrected(section: str, formula: Formula) -> str:
    """Correct one formula for browsers.

    Brackets around something low must not stretch (Chromium spaces stretchy ones badly), accents are spacing
    characters (combining ones sit beside their letter), inline styles go (the page's policy forbids them).
    """
    source = re.search(r"<math.*</math>", section, re.DOTALL)
    if source is None:
        raise FormulaError(f"Typst set no formula for {formula.typst!r}")
    root = ET.fromstring(source[0].replace("&nbsp;", "\u00a0"))  # noqa: S314 - Typst's own output
    for element in root.iter():
        element.attrib.pop("style", None)
        if element.tag == "mover" and element.get("accent") == "true" and len(element) == 2:
            accent = element[1]
            accent.text = _SPACING_ACCENTS.get(accent.text or "", accent.text)
            accent.set("stretchy", "true" if _length(element[0]) > 1 else "false")
        if element.tag == "mrow" and not any(inner.tag in _TALL for inner in _inner(element)):
            for mark in element:
                if mark.tag == "mo" and mark.text in _FENCES:
                    mark.set("stretchy", "false")
    pieces = [root]
    if formula.display and _length(root) > _WIDE:
        pieces = _split(root, _RELATIONS)
        pieces = [part for piece in pieces for part in (_split(piece, _SIGNS) if _length(piece) > _WIDER else [piece])]
    for piece in pieces:
        piece.attrib.clear()
        if formula.display:
            piece.set("displaystyle", "true")
    if len(pieces) == 1:
        root.set("alttext", formula.text)
    return "<wbr>".join(ET.tostring(piece, encoding="unicode") for piece in pieces)


def _inner(element: ET.Element) -> list[ET.Element]:
    """The descendants that decide how tall the element is: accents on single letters do not."""
    return [inner for inner in element.iter() if not (inner.tag == "mover" and inner.get("accent") == "true")]


def _length(element: ET.Element) -> int:
    return len("".join(element.itertext()))


def _split(root: ET.Element, marks: set[str]) -> list[ET.Element]:
    """Split a formula before the outermost of the marks, where a line may break."""
    pieces = [ET.Element("math")]
    for child in root:
        if child.tag == "mo" and child.text in marks and len(pieces[-1]) and child.get("form") != "prefix":
            pieces.append(ET.Element("math"))
            child.set("form", "infix")
        pieces[-1].append(child)
    return pieces
