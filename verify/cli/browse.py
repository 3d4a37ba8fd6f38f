"""`ntk-verify list` and `ntk-verify show`: what is claimed, and what the last run found."""

import json as jsonlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from verify.claim import TITLES, Claim, Derivation, Document, Form
from verify.cli.console import print_table, stderr, stdout
from verify.cli.options import OUT, Json, Out, ResultsFile, choose, complete_claim, last_results, one_of
from verify.cli.verdicts import verdict_text
from verify.errors import InputError
from verify.evidence import DerivationEvidence, StepRecord
from verify.result import ClaimResult
from verify.statement import KINDS
from verify.typeset.prose import plain
from verify.verdict import Verdict

_RESIDUAL = 120
"""How many characters of what a step leaves open are shown."""


def list_claims(
    *,
    document: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only claims of this document: im, kw, l12, be, ds or suite.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only claims with a statement of this kind, such as rate.")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option(metavar="VERDICT", help="Only claims with this verdict in the last results.")
    ] = None,
    results: ResultsFile = None,
    out: Out = OUT,
    json: Json = False,
) -> None:
    """List the claims of the ledger, with the verdicts of the last run if there was one."""
    one_of("document", document, [known.value for known in Document])
    one_of("kind", kind, list(KINDS.values()))
    one_of("verdict", verdict, [known.value for known in Verdict])
    last = last_results(results, out)
    if verdict and last is None:
        raise InputError(f"There are no results in {out} to read verdicts from; first: ntk-verify run.")
    found = {claim.id: claim.verdict for claim in last.claims} if last else {}
    chosen = [
        claim
        for claim in choose([])
        if document in (None, claim.document.value)
        and (kind is None or kind in _kinds(claim))
        and (verdict is None or found.get(claim.id) == verdict)
    ]
    if json:
        typer.echo(jsonlib.dumps([_listed(claim, found.get(claim.id)) for claim in chosen], indent=1))
    else:
        _print_list(chosen, found, stdout())


def show(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim's id.", autocompletion=complete_claim)],
    *,
    latex: Annotated[bool, typer.Option("--latex", help="Print the statements in LaTeX, and nothing else.")] = False,
    results: ResultsFile = None,
    out: Out = OUT,
    json: Json = False,
) -> None:
    """Show one claim: statement, hypotheses, the text as printed, derivation steps and the last evidence."""
    (chosen,) = choose([claim])
    last = last_results(results, out)
    result = next((found for found in last.claims if found.id == claim), None) if last else None
    if latex:
        typer.echo("\n".join(line for form in chosen.forms for line in _labelled(form)))
    elif json:
        typer.echo(jsonlib.dumps(_shown(chosen, result), indent=1))
    else:
        _print_claim(chosen, result, stdout())


def _kinds(claim: Claim) -> list[str]:
    return list(dict.fromkeys(form.statement.kind for form in claim.forms))


def _listed(claim: Claim, verdict: Verdict | None) -> dict[str, Any]:
    return {
        "id": claim.id,
        "title": claim.title,
        "document": claim.document.value,
        "kinds": _kinds(claim),
        "expected": claim.expected.value,
        "verdict": verdict.value if verdict else None,
    }


def _print_list(claims: list[Claim], found: dict[str, Verdict], console: Console) -> None:
    rows = []
    for claim in claims:
        verdict = [verdict_text(found[claim.id]) if claim.id in found else Text("–", "dim")] if found else []
        kinds = Text(", ".join(_kinds(claim)))
        rows.append([Text(claim.id), kinds, verdict_text(claim.expected), *verdict, Text(plain(claim.title), "dim")])
    if rows:
        print_table(console, ["claim", "kind", "expected", *(["found"] if found else []), ""], rows)
    console.print(f"{len(claims)} claim{'s' * (len(claims) != 1)}", style="dim")


def _formulas(form: Form, notation: str) -> list[str]:
    """The statement, its domain and its definitions in one notation."""
    from verify import typeset  # noqa: PLC0415 - SymPy's printers load slowly

    domain = typeset.domain_formula(form.statement)
    formulas = [typeset.statement_formula(form.statement), *([domain] if domain else [])]
    return [getattr(formula, notation) for formula in [*formulas, *typeset.where_formulas(form.statement)]]


def _labelled(form: Form) -> list[str]:
    return [f"% {form.role.value} form", *_formulas(form, "latex")]


def _shown(claim: Claim, result: ClaimResult | None) -> dict[str, Any]:
    return {
        **_listed(claim, result.verdict if result else None),
        "document_title": TITLES[claim.document],
        "where": claim.source.where,
        "printed": claim.source.printed,
        "hypotheses": list(claim.hypotheses),
        "note": claim.note,
        "forms": [
            {
                "role": form.role.value,
                "kind": form.statement.kind,
                "remark": form.remark,
                "statement": _formulas(form, "text"),
                "latex": _formulas(form, "latex"),
                "routes": [route.name for route in form.routes],
                "mutants": [{"name": mutant.name, "why_false": mutant.why_false} for mutant in form.mutants],
            }
            for form in claim.forms
        ],
        "result": result.model_dump(mode="json") if result else None,
    }


def _print_claim(claim: Claim, result: ClaimResult | None, console: Console) -> None:
    def section(title: str, *lines: str | Text) -> None:
        if lines:
            console.print(f"\n{title}", style="bold")
        for line in (Text(line) if isinstance(line, str) else line for line in lines):
            if console.is_terminal:
                console.print(Padding(line, (0, 0, 0, 2)))
            else:
                console.print(Text("  ").append(line), soft_wrap=True)

    console.print(Text(claim.id, "bold cyan").append(f"  {plain(claim.title)}", "bold"))
    console.print(f"{TITLES[claim.document]}; {claim.source.where}", style="dim", soft_wrap=True)
    section("As printed", plain(claim.source.printed))
    section("Hypotheses", *(f"• {plain(hypothesis)}" for hypothesis in claim.hypotheses))
    for form in claim.forms:
        statement, *rest = _formulas(form, "text")
        remark = [Text(plain(form.remark), "dim")] if form.remark else []
        section(f"Statement ({form.role.value}, {form.statement.kind})", statement, *rest, *remark)
        section("Mutants", *(f"• {mutant.name}: {plain(mutant.why_false)}" for mutant in form.mutants))
    section("Note", *([plain(claim.note)] if claim.note else []))
    if result is None:
        for form in claim.forms:
            _print_derivations(form, section)
        section("Evidence", f"none yet; first: ntk-verify run {claim.id}")
    else:
        _print_evidence(result, section)


def _print_derivations(form: Form, section: Any) -> None:
    """Derive a form now, where nothing is stored to show; the spot checks wait for a run."""
    from verify import tasks  # noqa: PLC0415 - loading NumPy takes a while that other commands need not wait for

    for route in form.routes:
        if isinstance(route, Derivation):
            title = f"Derivation: {route.name} ({form.role.value} form), derived now"
            try:
                with stderr().status(f"deriving: {route.name}"):
                    found = tasks.derive(replace(route, spots=()), form.statement)
            except Exception as error:  # what a derivation may raise is a finding of the next run
                section(title, f"fails ({type(error).__name__}: {error})")
            else:
                section(title, *_steps(found.steps, _lemmas(found)), *_obstacle(found))


def _lemmas(found: DerivationEvidence) -> list[str]:
    return list(dict.fromkeys(step.lemma for step in found.steps if step.lemma))


def _obstacle(found: DerivationEvidence) -> list[str]:
    if found.reaches:
        return []
    return [f"does not reach the statement{f': {plain(found.obstacle)}' if found.obstacle else ''}"]


def _steps(steps: Sequence[StepRecord], lemmas: Sequence[str]) -> Iterator[Text]:
    """The steps of a derivation, and the theorems it rests on without a check."""
    for step in steps:
        yield from _step(step)
    if lemmas:
        yield Text(f"rests on: {', '.join(lemmas)}")


def _step(step: StepRecord) -> list[Text]:
    """A step on two lines, what it does and its formula, and a third for what it leaves open."""
    left = (
        [] if step.closed else [Text(f"    left open: {shorten(step.residual, _RESIDUAL, placeholder=' …')}", "yellow")]
    )
    return [Text(f"{step.id} [{step.rule}] {plain(step.text)}", "dim"), Text(f"    {step.formula.text}"), *left]


def _print_evidence(result: ClaimResult, section: Any) -> None:
    for route in result.routes:
        title = f"Evidence: {route.name} ({route.form} form)"
        section(
            title,
            *_steps(route.evidence.steps, route.evidence.lemmas),
            *([f"replay: ntk-verify check-proof {proof.file}"] if (proof := route.evidence.proof) else []),
            verdict_text(route.verdict).append(f"  {plain(route.evidence.reason)}", "default"),
        )
    refuted = sum(mutant.refuted for mutant in result.mutants)
    section(
        "Verdict",
        verdict_text(result.verdict).append(
            f"  (expected {result.expected.value}); {refuted} of {len(result.mutants)} mutants refuted", "default"
        ),
        f"again: {result.reproduce}",
    )
