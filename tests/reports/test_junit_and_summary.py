"""Facts about the reports for CI servers."""

import xml.etree.ElementTree as ET
from pathlib import Path

import example
import pytest

import reports
from verify.result import Results


@pytest.fixture(scope="module")
def suites(results: Results, tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    path = tmp_path_factory.mktemp("junit") / "junit.xml"
    reports.write_junit(results, path)
    return ET.parse(path).getroot()  # noqa: S314


def case(suites: ET.Element, name: str) -> ET.Element:
    (found,) = (case for case in suites.iter("testcase") if case.get("name") == name)
    return found


def test_there_is_a_case_for_every_claim_and_for_every_mutant_on_every_route(
    suites: ET.Element, results: Results
) -> None:
    names = [case.get("name") for case in suites.iter("testcase")]
    assert len(names) == len(set(names)) == len(results.claims) + sum(len(c.mutants) for c in results.claims)
    assert sum(int(suite.get("tests", 0)) for suite in suites) == len(names)


def test_a_claim_that_is_as_expected_passes_even_if_refuted(suites: ET.Element) -> None:
    assert [child.tag for child in case(suites, "be-b-w-bound")] == ["system-out"]


def test_a_surviving_mutant_fails_and_says_how_to_reproduce(suites: ET.Element) -> None:
    failure = case(suites, "im-thm-init-bound [tested] mutant: bound/8 (exact law at one hidden layer)").find("failure")
    assert failure is not None
    assert "ntk-verify run" in (failure.text or "")


def test_undecided_fails_and_untestable_is_skipped(suites: ET.Element) -> None:
    assert case(suites, "be-claim-order").find("failure") is not None
    skipped = case(suites, "l12-claim-resnet").find("skipped")
    assert skipped is not None
    assert "offline" in skipped.get("message", "")


def test_a_waived_claim_is_skipped_with_its_reason(suites: ET.Element) -> None:
    skipped = case(suites, "ds-law").find("skipped")
    assert skipped is not None
    assert "sharper enclosure" in skipped.get("message", "")


def test_an_error_without_a_waiver_is_an_error(tmp_path: Path) -> None:
    claim = example.disagreement().model_copy(update={"waiver": None})
    reports.write_junit(example.results((claim,)), tmp_path / "junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314
    assert case(root, "ds-law").find("error") is not None
    assert root[0].get("errors") == "1"


def test_characters_that_xml_cannot_hold_are_replaced(tmp_path: Path) -> None:
    claim = example.untestable().model_copy(update={"note": "a\x00b <&>"})
    reports.write_junit(example.results((claim,)), tmp_path / "junit.xml")
    assert "a\ufffdb <&>" in ET.parse(tmp_path / "junit.xml").getroot()[0][1][0].get("message", "")  # noqa: S314


def test_the_summary_says_what_is_wrong_and_how_to_reproduce_it(results: Results, tmp_path: Path) -> None:
    reports.write_summary(results, tmp_path / "summary.md")
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# ❌ Theorem verification: red\n")
    assert "reproduce: `ntk-verify run be-claim-order --seed 20240501 --profile quick --fresh`" in text
    assert "mutant *bound/8* is CERTIFIED by exact law at one hidden layer" in text
    assert "at most 3.3·10⁻⁷ of 10⁻⁶" in text
    assert all(f"`{claim.id}`" in text for claim in results.claims)


def test_a_budget_that_nothing_is_spent_of_is_said_in_words(tmp_path: Path) -> None:
    run = example.results((example.untestable(),))
    spent = run.summary.error_budget.model_copy(update={"spent": 0.0, "routes": 0.0, "mutants": 0.0})
    summary = run.summary.model_copy(update={"error_budget": spent})
    reports.write_summary(run.model_copy(update={"summary": summary}), tmp_path / "summary.md")
    assert "turns the run red: 0, nothing left to chance\n" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_no_text_breaks_the_tables_of_the_summary(tmp_path: Path) -> None:
    claim = example.rate().model_copy(update={"title": "a | b\n<script> *c*"})
    reports.write_summary(example.results((claim,)), tmp_path / "summary.md")
    (row,) = (
        line for line in (tmp_path / "summary.md").read_text(encoding="utf-8").splitlines() if "`l12-ratio`" in line
    )
    assert row.replace("\\|", "").count("|") == 4
    assert "<script>" not in row.replace("\\<", "")


def test_a_green_run_has_nothing_to_complain_about(green: Results, tmp_path: Path) -> None:
    reports.write_summary(green, tmp_path / "summary.md")
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# ✅ Theorem verification: green\n")
    assert "Not as expected" not in text
