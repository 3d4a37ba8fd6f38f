"""Facts about the PDF report: it compiles as PDF/UA-1, holds everything, and depends on the results alone."""

import json
from pathlib import Path

import example
import pytest

import reports
from reports import mathml, pdf
from verify.result import Results


def test_it_is_a_pdf_and_the_same_bytes_every_time(results: Results, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        reports.write_pdf(results, tmp_path / name)
    written = (tmp_path / "a.pdf").read_bytes()
    assert written.startswith(b"%PDF-1.")
    assert written == (tmp_path / "b.pdf").read_bytes()


def test_the_document_holds_every_text_of_the_results(results: Results) -> None:
    shown = json.dumps(pdf.document(results), ensure_ascii=False)
    for claim in results.claims:
        for text in (claim.title, claim.reproduce, claim.waiver or ""):
            assert text in shown
        for route in claim.routes:
            assert not (proof := route.evidence.proof) or (proof.file in shown and proof.sha256[:16] in shown)
            assert all(
                json.dumps(figure.caption.split("$")[0], ensure_ascii=False)[1:-1] in shown
                for figure in route.evidence.figures
            )
        assert all(mutant.statement.text in shown for mutant in claim.mutants[:1])


def test_a_green_run_compiles_too(green: Results, tmp_path: Path) -> None:
    reports.write_pdf(green, tmp_path / "green.pdf")
    assert (tmp_path / "green.pdf").stat().st_size > 10_000


def test_a_formula_that_cannot_be_set_is_an_error(results: Results, tmp_path: Path) -> None:
    broken = results.claims[0].model_copy(update={"title": "a $nonsense(x)$ title"})
    with pytest.raises(mathml.FormulaError, match="nonsense"):
        reports.write_pdf(example.results((broken,)), tmp_path / "broken.pdf")
