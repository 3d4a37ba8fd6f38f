"""Facts about the HTML report: complete, safe, offline, accessible, the same bytes every time."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import example
import pytest

import reports
from reports import html
from verify.result import Results
from verify.verdict import Verdict

VOID = {"meta", "input", "wbr", "link", "br"}


class Outline(HTMLParser):
    """Checks that tags nest, and gathers ids, headings, links and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes |= set(given)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.texts.append(data)


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return html.page(results)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_every_claim_is_there_with_all_that_was_found(outline: Outline, results: Results) -> None:
    text = " ".join("".join(outline.texts).split())
    for claim in results.claims:
        assert claim.id in outline.ids
        assert claim.title in text
        assert claim.verdict.value in text
        assert claim.reproduce in text
        for route in claim.routes:
            assert route.name in text
            assert all(lemma in text for lemma in route.evidence.lemmas)
            assert all(
                cell in text for row in (route.evidence.table.rows if route.evidence.table else ()) for cell in row
            )
        assert all(mutant.name in text for mutant in claim.mutants)
    assert "Green." not in text
    assert "1 mutant was not refuted" in text


def test_a_proof_is_named_with_its_hash_and_how_to_replay_it(outline: Outline) -> None:
    shown = " ".join(outline.texts)
    assert "ntk-verify check-proof proofs/im-id--printed--price-s-theorem.json" in shown
    assert "0a1b0a1b0a1b0a1b" in shown


def test_texts_are_escaped(page: str) -> None:
    assert "&lt;b&gt;tag&lt;/b&gt;" in page
    assert "<b>" not in page


def test_ids_are_unique_and_inner_links_lead_somewhere(outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.links)


def test_headings_never_skip_a_level(outline: Outline) -> None:
    assert outline.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))


def test_nothing_is_fetched_and_only_the_files_own_style_and_script_run(page: str, outline: Outline) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "style" not in outline.attributes
    assert not any(name.startswith("on") for name in outline.attributes)
    assert "src" not in outline.attributes
    assert set(re.findall(r"https?://[\w./]*", page)) <= {"http://www.w3.org/2000/svg"}


def test_the_same_results_give_the_same_bytes(results: Results, page: str, tmp_path: Path) -> None:
    reports.write_html(results, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page


def test_it_has_both_themes_and_prints_what_is_filtered(page: str) -> None:
    assert page.count("--fig-measured:") == 4
    assert "prefers-color-scheme: dark" in page
    assert "/* the same again */" not in page
    assert re.search(r"@media print \{.*\.claim\.filtered \{ display: block", page, re.DOTALL)


def test_formulas_are_mathml_and_figures_have_words(page: str, results: Results) -> None:
    drawn = [f for c in results.claims for r in c.routes for f in r.evidence.figures]
    assert page.count('<svg role="img" aria-label="') == len(drawn)
    assert page.count("<math") > 100
    assert "\ue000" not in page


def test_a_green_run_says_so(green: Results) -> None:
    text = "".join(Outline(html.page(green)).texts)
    assert "All 5 claims came out as the ledger expects, and all 4 mutants were refuted." in text


def test_an_empty_run_can_be_shown() -> None:
    empty = example.results((example.untestable(),)).model_copy(update={"claims": ()})
    assert "There was nothing to test." in "".join(Outline(html.page(empty)).texts)


def test_a_claim_is_found_by_the_kind_of_any_of_its_forms(results: Results) -> None:
    claim = results.claims[0]
    other = claim.forms[0].model_copy(update={"kind": "another kind"})
    shown = html.page(example.results((claim.model_copy(update={"forms": (*claim.forms, other)}),)))
    assert re.search(r'data-kinds="[^"]*\|another kind"', shown)
    assert "<option>another kind</option>" in shown


def test_a_formula_that_cannot_be_set_is_named(results: Results) -> None:
    broken = results.claims[0].model_copy(update={"title": "a $nonsense(x)$ title"})
    with pytest.raises(ValueError, match="nonsense"):
        html.page(example.results((broken,)))


def test_every_verdict_has_a_sign_and_a_colour(page: str) -> None:
    for verdict in Verdict:
        assert f".v-{verdict.value} {{" in page
        assert f"--{verdict.value.lower()}:" in page


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_from_its_ground_in_both_themes(page: str) -> None:
    light, dark = re.findall(r"--page:.*?--fig-reference: #\w+", page, re.DOTALL)[:2]
    for theme in (light, dark):
        colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", theme))
        for ground in ("page", "card", "sunk"):
            for text in ("ink", "soft", "link", "good", "bad", *(verdict.value.lower() for verdict in Verdict)):
                assert contrast(colour[text], colour[ground]) >= 4.5, (text, ground)
        for role in ("measured", "claimed", "bound", "exact", "mutant", "reference"):
            assert contrast(colour[f"fig-{role}"], colour["card"]) >= 3, role
