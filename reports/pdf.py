"""The PDF report, set by Typst: the results go in as data, so that no text needs escaping."""

import json
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from reports import figures, prose, svg, wording
from reports.mathml import FormulaError
from verify.evidence import Formula, StepRecord
from verify.result import (
    Appendix,
    ClaimResult,
    Figure,
    FormResult,
    MutantResult,
    ProofFile,
    Results,
    RouteResult,
    Table,
)
from verify.verdict import Verdict

COLOURS: dict[Verdict, str] = {
    Verdict.PROVED: "#14713d",
    Verdict.CERTIFIED: "#0c6b73",
    Verdict.SUPPORTED: "#1f5fa8",
    Verdict.INCONCLUSIVE: "#7d5a00",
    Verdict.REFUTED: "#a8201a",
    Verdict.ERROR: "#8c1d6b",
    Verdict.UNTESTABLE: "#5a6472",
}


_Seen = dict[tuple[StepRecord, ...], str]
"""Derivations already set, and the claim where they stand."""
_ROWS = 12
"""Of a longer table the first rows are set on paper; results.json and the HTML report have all of them."""


def write_pdf(results: Results, path: Path) -> None:
    """Write the report as PDF, tagged for screen readers (PDF/UA-1).

    The bytes depend on the results alone: dates come from the run, fonts from Typst. Raises `mathml.FormulaError` if
    Typst rejects the document, which it does for a formula that it cannot set.
    """
    inputs = {"report": json.dumps(document(results), ensure_ascii=False)}
    try:
        written, warnings = typst.compile_with_warnings(
            _template().encode(), format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    except typst.TypstError as error:
        raise FormulaError(str(error)) from error
    if warnings:
        raise FormulaError("; ".join(warning.message for warning in warnings))
    path.write_bytes(written)


@cache
def _template() -> str:
    return resources.files("reports").joinpath("templates", "report.typ").read_text(encoding="utf-8")


def document(results: Results) -> dict[str, Any]:
    """The report as plain data, in the order in which the template sets it."""
    summary, run = results.summary, results.run
    seen: _Seen = {}
    started = datetime.fromisoformat(run.started)
    return {
        "outcome": wording.outcome(results),
        "green": summary.green,
        "date": [started.year, started.month, started.day, started.hour, started.minute, started.second],
        "verdicts": [
            {**_badge(verdict), "count": summary.by_verdict.get(verdict, 0), "meaning": wording.MEANINGS[verdict]}
            for verdict in Verdict
        ],
        "errata": [_entry(claim) for claim in results.claims if claim.id in summary.errata],
        "errata_heading": f"{wording.counted(len(summary.errata), 'erratum', 'errata')} found",
        "mutants_heading": f"{summary.mutants_refuted} of {wording.counted(summary.mutants_total, 'mutant')} refuted",
        "surviving": [_prose(survivor) for survivor in summary.surviving_mutants],
        "unexpected": [
            {**_entry(claim), "expected": claim.expected.value}
            for claim in results.claims
            if claim.id in summary.unexpected
        ],
        "budget": {
            "heading": wording.budget_heading(summary.error_budget),
            "routes": wording.chance(summary.error_budget.routes),
            "mutants": wording.chance(summary.error_budget.mutants),
            "shares": [
                min(1.0, part / summary.error_budget.limit)
                for part in (summary.error_budget.routes, summary.error_budget.mutants)
            ],
        },
        "run": [
            ["profile", run.profile],
            ["seed", str(run.seed)],
            ["started", wording.moment(run.started)],
            ["took", wording.duration(run.wall_seconds)],
            ["on", run.platform],
            ["with", ", ".join(f"{name} {version}" for name, version in run.versions.items())],
        ],
        "claims": [_claim(claim, seen) for claim in results.claims],
        "appendices": [_appendix(appendix) for appendix in results.appendices],
    }


def _prose(text: str) -> list[dict[str, Any]]:
    return [{"text": span.text, "math": span.math} for span in prose.spans(text)]


def _formula(formula: Formula) -> dict[str, Any]:
    return {"phrases": prose.phrases(formula.typst), "alt": formula.text}


def _badge(verdict: Verdict) -> dict[str, str]:
    return {"verdict": verdict.value, "sign": wording.SIGNS[verdict], "colour": COLOURS[verdict]}


def _entry(claim: ClaimResult) -> dict[str, Any]:
    where = _prose(f"{claim.document.upper()}, {claim.where}")
    return {"id": claim.id, "title": _prose(claim.title), "where": where, "badge": _badge(claim.verdict)}


def _claim(claim: ClaimResult, seen: _Seen) -> dict[str, Any]:
    return {
        **_entry(claim),
        "kind": claim.kind,
        "erratum": claim.erratum,
        "complaint": wording.complaint(claim),
        "waiver": _prose(claim.waiver or ""),
        "source": _prose(f"{claim.document_title}, {claim.where}. As printed:"),
        "printed": _prose(claim.printed),
        "hypotheses": [_prose(hypothesis) for hypothesis in claim.hypotheses],
        "note": _prose(claim.note),
        "forms": [_form(claim, form, seen) for form in claim.forms],
        "reproduce": claim.reproduce,
    }


def _appendix(appendix: Appendix) -> dict[str, Any]:
    return {
        "id": appendix.id,
        "title": _prose(appendix.title),
        "text": _prose(appendix.text),
        "figures": [_figure(figure, half=len(appendix.figures) > 1) for figure in appendix.figures],
        "table": _table(appendix.table, len(appendix.table.rows)) if appendix.table else None,
    }


def _form(claim: ClaimResult, form: FormResult, seen: _Seen) -> dict[str, Any]:
    routes = [_route(route, claim.id, seen) for route in wording.routes_of(claim, form)]
    if any(route["figures"] for route in routes if not route["steps"]):
        for route in routes:  # the spot checks of a derivation look like the points of the certificate beside it
            route["figures"] = [] if route["steps"] else route["figures"]
    return {
        "heading": wording.form_heading(form),
        "kind": wording.form_kind(form),
        "badge": _badge(form.verdict),
        "remark": _prose(form.remark),
        "statement": _formula(form.statement),
        "domain": _formula(form.domain) if form.domain else None,
        "where": [_formula(definition) for definition in form.where],
        "routes": routes,
        "mutants": [_mutant(group) for group in wording.mutants_of(claim, form)],
    }


def _route(route: RouteResult, claim: str, seen: _Seen) -> dict[str, Any]:
    steps = route.evidence.steps
    elsewhere = seen.setdefault(steps, claim) if len(steps) > 1 else claim
    return {
        "name": _prose(route.name),
        "kind": wording.ROUTES[route.kind],
        "badge": _badge(route.verdict),
        "reason": _prose(route.evidence.reason),
        "facts": wording.facts(route),
        "lemmas": [_prose(lemma) for lemma in route.evidence.lemmas],
        "steps": [_step(step, steps) for step in steps] if elsewhere == claim else [],
        "elsewhere": elsewhere if elsewhere != claim else "",
        "figures": [_figure(figure) for figure in route.evidence.figures],
        "proof": _proof(route.evidence.proof) if route.evidence.proof else None,
        "table": _table(route.evidence.table) if route.evidence.table else None,
    }


def _proof(proof: ProofFile) -> dict[str, str]:
    return {"file": proof.file, "digest": f"{proof.sha256[:16]}…"}


def _step(step: StepRecord, steps: tuple[StepRecord, ...]) -> dict[str, Any]:
    return {
        "text": _prose(step.text),
        "basis": _prose(wording.basis(step, steps)),
        "formula": _formula(step.formula),
        "residual": "" if step.closed else step.residual,
    }


def _figure(figure: Figure, *, half: bool = False) -> dict[str, Any]:
    """A figure that takes the width of the text, or half of it."""
    size = (figures.HALF_HEIGHT, figures.HALF_WIDTH) if half else (figures.PAPER_HEIGHT, figures.WIDTH)
    drawing = figures.draw(figure, *size)
    return {
        "svg": svg.for_paper(drawing.svg),
        "legend": [{"svg": svg.for_paper(swatch), "label": label} for swatch, label in drawing.legend],
        "columns": figures.legend_columns(figure),
        "x": figure.x_label,
        "y": figure.y_label,
        "alt": wording.alternative(figure),
        "title": _prose(figure.title),
        "caption": _prose(figure.caption),
    }


def _table(table: Table, most: int = _ROWS) -> dict[str, Any]:
    return {
        "columns": [_prose(column) for column in table.columns],
        "rows": [[_prose(prose.glued(cell)) for cell in row] for row in table.rows[:most]],
        "more": max(0, len(table.rows) - most),
        "wide": wording.is_wide(table),
    }


def _mutant(group: tuple[MutantResult, ...]) -> dict[str, Any]:
    first = group[0]
    return {
        "name": _prose(first.name),
        "statement": _formula(first.statement),
        "why": _prose(first.why_false),
        "refuted": [_prose(trial.route + _chance(trial)) for trial in group if trial.refuted],
        "survived": [
            {"badge": _badge(trial.verdict), "text": _prose(f"by {trial.route}: {trial.reason}{_chance(trial)}")}
            for trial in group
            if not trial.refuted
        ],
    }


def _chance(trial: MutantResult) -> str:
    return f" (survival by chance: at most {wording.probability(trial.beta)})" if trial.beta else ""
