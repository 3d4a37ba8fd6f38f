"""The verdicts of a run, printed: a table, what is not as expected with the way to repeat it, and a summary."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from verify.cli.console import COLOURS, print_table
from verify.result import ClaimResult, Results, RouteResult
from verify.typeset.prose import plain
from verify.verdict import Verdict, of_forms, of_restated

_SPENDERS = 5


def print_results(results: Results, console: Console) -> None:
    """Print a run: the table, every claim that is not as expected, and the summary."""
    print_table(console, ["", "claim", "verdict", "mutants", ""], [_row(claim) for claim in results.claims])
    for claim in results.claims:
        if not claim.ok:
            for line in _failure(claim):
                console.print(line, soft_wrap=True)
    console.print()
    for text in _summary(results):
        console.print(text, soft_wrap=True)


def verdict_text(verdict: Verdict) -> Text:
    """A verdict in its colour."""
    return Text(verdict.value, COLOURS[verdict])


def _row(claim: ClaimResult) -> list[Text]:
    mark = Text("✓", "green") if claim.ok else Text("✗", "bold red")
    refuted, total = sum(mutant.refuted for mutant in claim.mutants), len(claim.mutants)
    counts = Text(f"{refuted}/{total}", "" if refuted == total else "bold red") if total else Text("–", "dim")
    return [mark, Text(claim.id), _verdict(claim), counts, Text(plain(claim.title), "dim")]


def _verdict(claim: ClaimResult) -> Text:
    text = verdict_text(claim.verdict)
    if claim.verdict is not claim.expected:
        text.append(f" (expected {claim.expected.value})", "bold red")
    corrected = of_restated((form.verdict, form.restates) for form in claim.forms if form.role == "corrected")
    if corrected:
        text.append(", corrected: ").append_text(verdict_text(of_forms(corrected)))
    return text


def _failure(claim: ClaimResult) -> Iterator[Text]:
    yield Text(f"\n{claim.id}: {plain(claim.title)}", "bold")
    if claim.waiver:
        yield Text(f"  waived: {plain(claim.waiver)}")
    roles = {form.name: form.role for form in claim.forms}
    for route in claim.routes:
        if _unexpected(route, roles[route.form], claim.expected):
            head = Text(f"  {route.form}, {route.name}: ").append_text(verdict_text(route.verdict))
            yield head.append(f". {plain(route.evidence.reason)}")
    for mutant in claim.mutants:
        if not mutant.refuted:
            head = Text(f"  the mutant {mutant.name!r} survives {mutant.route}: ").append_text(
                verdict_text(mutant.verdict)
            )
            yield head.append(f". {plain(mutant.reason)}")
    yield Text(f"  again: {claim.reproduce}")


def _unexpected(route: RouteResult, role: str, expected: Verdict) -> bool:
    wanted_upheld = role == "corrected" or expected.upheld
    return not route.verdict.upheld if wanted_upheld else route.verdict is not expected


def _summary(results: Results) -> Iterator[Text]:
    summary = results.summary
    counts = Text(f"{summary.claims} claim{'s' * (summary.claims != 1)}: ")
    for number, (verdict, count) in enumerate(summary.by_verdict.items()):
        counts.append(" · " if number else "").append(f"{count} ").append_text(verdict_text(verdict))
    if found := len(summary.errata):
        counts.append(f" · {found} {'erratum' if found == 1 else 'errata'} found")
    yield counts
    budget = summary.error_budget
    chance = (
        f"Probability that chance alone turns such a run red: at most {budget.spent:.1e} (limit {budget.limit:.0e})."
        if budget.spent
        else "Nothing was left to chance."
    )
    yield Text(
        f"{summary.mutants_refuted} of {summary.mutants_total} mutants refuted. {chance} "
        f"{results.run.wall_seconds:.0f} s."
    )
    if budget.spent > budget.limit:
        yield Text(
            "The probability that chance alone turns the run red is above its limit. It is spent on:", "bold red"
        )
        yield from (Text(f"  {line}") for line in _spenders(results))
    if summary.green:
        yield Text("Everything is as the ledger expects.", "bold green")
    else:
        yield Text(f"Run with {', '.join(f'{name} {number}' for name, number in results.run.versions.items())}.", "dim")
        yield Text("Not everything is as the ledger expects.", "bold red")


def _spenders(results: Results) -> Iterator[str]:
    """The routes and mutants that spend most of the error budget."""
    routes = [
        (route.alpha + route.beta, f"{claim.id}, {route.name} ({route.form} form)")
        for claim in results.claims
        for route in claim.routes
    ]
    mutants = [
        (mutant.beta, f"{claim.id}, mutant {mutant.name!r} ({mutant.route})")
        for claim in results.claims
        for mutant in claim.mutants
    ]
    for spent, name in sorted(routes + mutants, reverse=True)[:_SPENDERS]:
        yield f"{spent:.1e}  {name}"
