"""The HTML report: one file that needs nothing else, with native MathML and inline SVG."""

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import figures, mathml, prose, svg, wording
from verify import evidence
from verify.result import Figure, Results
from verify.verdict import Verdict

_PHRASE = Markup('<span class="phrase">{}</span>')
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private characters around the number of a formula that is still to be set."""


def write_html(results: Results, path: Path) -> None:
    """Write the report as one HTML file that works offline, in light and dark, on a phone and on paper.

    The bytes depend on the results alone. Raises `mathml.FormulaError`, naming the formula, if one cannot be set.
    """
    path.write_text(page(results), encoding="utf-8", newline="\n")


def page(results: Results) -> str:
    """The report as HTML."""
    formulas, drawn = _Formulas(), _Figures()
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": formulas.prose,
        "display": formulas.display,
        "teaser": formulas.teaser,
        "probability": wording.probability,
        "duration": wording.duration,
        "drawing": drawn.drawing,
        "legend": drawn.legend,
        "legend_columns": figures.legend_columns,
        "glued": prose.glued,
    }
    body = environment.get_template("report.html.j2").render(
        results=results, summary=results.summary, run=results.run, wording=wording, Verdict=Verdict
    )
    body, mathematics = formulas.put_in(body)
    title = "Verification report: neural tangent kernels"
    return _framed(environment, Markup(body), mathematics, title, _asset("report.js"))  # noqa: S704


def framed(body: Markup, style: str, title: str) -> str:
    """A page of its own with this body, the style sheet of the reports and more style: one file that needs no other."""
    environment = Environment(loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined)
    return _framed(environment, Markup("<main>{}</main>").format(body), style, title, "")


def _framed(environment: Environment, body: Markup, more: str, title: str, script: str) -> str:
    style = _style() + more
    frame = environment.get_template("frame.html.j2")
    shown = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - our own files
    return frame.render(body=body, title=title, policy=_policy(style, script), **shown)


class _Formulas:
    """Collects the formulas of a page while it is written, and puts all of them in from one run of Typst."""

    def __init__(self) -> None:
        self._wanted: dict[mathml.Formula, int] = {}

    def _later(self, formula: mathml.Formula) -> Markup:
        number = self._wanted.setdefault(formula, len(self._wanted))
        return Markup(f"{_OPEN}{number}{_CLOSE}")  # noqa: S704 - a number

    def prose(self, text: str) -> Markup:
        """Text with mathematics between dollar signs."""
        parts = (
            self._later(mathml.Formula(span.text, False, span.text)) if span.math else escape(span.text)
            for span in prose.spans(text)
        )
        return Markup("").join(parts)

    def display(self, formula: evidence.Formula) -> Markup:
        """A formula on lines of its own."""
        phrases = prose.phrases(formula.typst)
        text = formula.text if len(phrases) == 1 else ""
        shown = (_PHRASE.format(self._later(mathml.Formula(phrase, True, text))) for phrase in phrases)
        return Markup('<span class="formula">{}</span>').format(Markup(" ").join(shown))

    def teaser(self, formula: evidence.Formula) -> Markup:
        """The beginning of a formula, up to its first definition or side condition."""
        first = prose.phrases(formula.typst)[0]
        return Markup('<span class="formula">{}</span>').format(
            _PHRASE.format(self._later(mathml.Formula(first, True, "")))
        )

    def put_in(self, body: str) -> tuple[str, str]:
        """Return the page with its formulas, and the style sheet that they need."""
        markup = mathml.markup(list(self._wanted))
        pattern = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
        return pattern.sub(lambda match: markup.formulas[int(match[1])], body), markup.style


class _Figures:
    """Numbers the figures of a page, so that no two share an id."""

    def __init__(self) -> None:
        self._count = 0

    def drawing(self, figure: Figure) -> Markup:
        """The drawing of a figure."""
        self._count += 1
        shown = svg.for_page(figures.draw(figure).svg, f"f{self._count}", wording.alternative(figure))
        return Markup(shown)  # noqa: S704 - drawn by us, its texts escaped by matplotlib

    def legend(self, figure: Figure) -> list[tuple[Markup, str]]:
        """The legend of a figure: swatches and labels."""
        return [(Markup(svg.for_page(swatch)), label) for swatch, label in figures.draw(figure).legend]  # noqa: S704


@cache
def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    font = resources.files("reports").joinpath("templates", "math.woff2").read_bytes()
    source = f"url(data:font/woff2;base64,{base64.b64encode(font).decode()})"
    face = f'@font-face {{ font-family: "Report Math"; src: {source} format("woff2"); }}\n'
    dark = re.search(r"/\* dark \*/(.*?)/\* end \*/", _asset("report.css"), re.DOTALL)
    sheet = _asset("report.css")
    return face + sheet.replace("/* the same again */", dark[1] if dark else "")


def _policy(style: str, script: str) -> str:
    """A policy under which nothing runs, is styled or is fetched but what stands in the file."""
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    parts = (
        "default-src 'none'",
        f"style-src 'sha256-{style_hash}'",
        f"script-src 'sha256-{script_hash}'",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)
