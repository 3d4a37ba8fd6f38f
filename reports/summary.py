"""A Markdown summary, for the job page of a CI server."""

import re
from pathlib import Path

from reports import prose, wording
from verify.result import ClaimResult, ErrorBudget, Results
from verify.verdict import Verdict


def write_summary(results: Results, path: Path) -> None:
    """Write the run on one page of Markdown: the outcome, what is wrong and how to reproduce it, then all claims."""
    path.write_text("\n".join(_lines(results)) + "\n", encoding="utf-8", newline="\n")


def _lines(results: Results) -> list[str]:
    summary, run = results.summary, results.run
    budget = summary.error_budget
    lines = [
        f"# {'✅' if summary.green else '❌'} Theorem verification: {'green' if summary.green else 'red'}",
        "",
        wording.outcome(results),
        "",
        "| " + " | ".join(verdict.value for verdict in Verdict) + " |",
        "|" + " ---: |" * len(Verdict),
        "| " + " | ".join(str(summary.by_verdict.get(verdict, 0)) for verdict in Verdict) + " |",
        "",
        f"- {wording.counted(len(summary.errata), 'erratum', 'errata')} found"
        + (f": {', '.join(f'`{name}`' for name in summary.errata)}" if summary.errata else ""),
        f"- {summary.mutants_refuted} of {wording.counted(summary.mutants_total, 'mutant')} refuted",
        f"- {_chance(budget)}",
        f"- profile {run.profile}, seed {run.seed}, {wording.duration(run.wall_seconds)} on {_escaped(run.platform)}",
    ]
    wrong = [claim for claim in results.claims if not claim.ok]
    if wrong:
        lines += ["", "## Not as expected", ""]
        lines += [line for claim in wrong for line in _problem(claim)]
    lines += ["", "## Claims", "", "| claim | verdict | statement |", "| --- | --- | --- |"]
    lines += [
        f"| `{claim.id}` {_escaped(prose.plain(claim.title))} | {_verdict(claim)} | {_statement(claim)} |"
        for claim in results.claims
    ]
    return lines


def _chance(budget: ErrorBudget) -> str:
    said = "probability that chance alone turns the run red: "
    if not budget.spent:
        return f"{said}0, nothing left to chance"
    shares = f"routes {wording.chance(budget.routes)}, mutants {wording.chance(budget.mutants)}"
    return f"{said}at most {wording.probability(budget.spent)} of {wording.probability(budget.limit)} ({shares})"


def _verdict(claim: ClaimResult) -> str:
    return claim.verdict.value + (" (erratum)" if claim.erratum else "") + (" (waived)" if claim.waiver else "")


def _statement(claim: ClaimResult) -> str:
    """The statement without the definitions of recursions, in a code span."""
    if not claim.forms:
        return ""
    text = claim.statement.text.partition(" where ")[0]
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"


def _problem(claim: ClaimResult) -> list[str]:
    waived = f" Waived: {_escaped(prose.plain(claim.waiver))}." if claim.waiver else ""
    lines = [f"- **`{claim.id}`** {claim.verdict.value}: {_escaped(wording.complaint(claim))}{waived}"]
    reason = wording.verdict_sentence(claim)
    if claim.verdict is not claim.expected and reason:
        lines.append(f"  {_escaped(prose.plain(reason))}")
    lines += [
        f"  - mutant *{_escaped(prose.plain(mutant.name))}* is {mutant.verdict.value} by {_escaped(mutant.route)}: "
        f"{_escaped(prose.plain(mutant.reason))}"
        for mutant in claim.mutants
        if not mutant.refuted
    ]
    return [*lines, f"  - reproduce: `{claim.reproduce}`"]


def _escaped(text: str) -> str:
    r"""Keep a text from being read as Markdown or HTML.

    >>> _escaped("a_b | <c> *d*")
    'a\\_b \\| \\<c\\> \\*d\\*'
    """
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))
