"""The summary in Markdown, for the job page of a CI system or a pull request."""

from pathlib import Path

from verify.result import ClaimResult, Results


def render(results: Results) -> str:
    """The run on one page: what came out, what was not expected, every claim in a line."""
    summary, run = results.summary, results.run
    counts = ", ".join(f"{count} {verdict}" for verdict, count in summary.by_verdict.items() if count)
    head = "Everything as expected" if summary.green else "Not as expected"
    lines = [
        f"# {head}: {summary.claims} claims put to the test",
        "",
        f"- Verdicts: {counts}",
        f"- Errata found: {len(summary.errata)}" + (f" ({', '.join(summary.errata)})" if summary.errata else ""),
        f"- Mutants refuted: {summary.mutants_refuted} of {summary.mutants_total}",
        f"- Probability that chance alone turns this run red: at most {summary.error_budget.spent:.1e} "
        f"(limit {summary.error_budget.limit:.0e})",
        f"- Seed {run.seed}, profile {run.profile}, {run.wall_seconds:.0f} s, {run.platform}",
        "",
    ]
    if bad := [claim for claim in results.claims if not claim.ok]:
        lines += ["## Not as expected", "", *(f"- {_trouble(claim)}" for claim in bad), ""]
    if summary.surviving_mutants:
        lines += ["## Surviving mutants", "", *(f"- {_cell(mutant)}" for mutant in summary.surviving_mutants), ""]
    lines += ["## All claims", "", "| claim | verdict | statement |", "|---|---|---|"]
    lines += [f"| `{claim.id}` | {_verdict(claim)} | {_cell(claim.statement.text)} |" for claim in results.claims]
    return "\n".join(lines) + "\n"


def write(results: Results, path: Path) -> None:
    """Write `render(results)` to a file."""
    path.write_text(render(results), encoding="utf-8")


def _verdict(claim: ClaimResult) -> str:
    return f"{claim.verdict} (erratum)" if claim.erratum else str(claim.verdict)


def _trouble(claim: ClaimResult) -> str:
    return f"`{claim.id}`: expected {claim.expected}, found {claim.verdict}. Reproduce: `{claim.reproduce}`"


def _cell(text: str) -> str:
    """Plain text that neither ends a table cell nor starts markup."""
    for character in "\\`*_<>|[]":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")
