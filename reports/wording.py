"""Words and numbers of the reports: what a verdict means, how small probabilities and durations are written."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from reports.prose import plain
from verify.evidence import StepRecord
from verify.result import (
    ClaimResult,
    ErrorBudget,
    Figure,
    FormResult,
    MutantResult,
    Results,
    RouteResult,
    Table,
)
from verify.verdict import Verdict

MEANINGS: dict[Verdict, str] = {
    Verdict.PROVED: "a derivation, every step checked by a machine, and a certified spot check of both its ends",
    Verdict.CERTIFIED: "rigorous ball arithmetic that covers the whole domain of the claim",
    Verdict.SUPPORTED: "an experiment with declared error rates, or a search with stated coverage",
    Verdict.INCONCLUSIVE: "the evidence decides nothing",
    Verdict.REFUTED: "a counterexample, or an interval outside the claimed region",
    Verdict.ERROR: "two routes disagree, or a route failed to run",
    Verdict.UNTESTABLE: "cannot be put to the test here; the claim says why",
}
SIGNS: dict[Verdict, str] = {
    Verdict.PROVED: "∎",
    Verdict.CERTIFIED: "◉",
    Verdict.SUPPORTED: "≈",
    Verdict.INCONCLUSIVE: "?",
    Verdict.REFUTED: "✗",
    Verdict.ERROR: "!",
    Verdict.UNTESTABLE: "–",
}
"""A sign beside each verdict, so that nobody has to tell colours apart."""
ROLES = {"printed": "Printed form", "corrected": "Corrected form", "tested": "Tested form"}
ROUTES = {"derivation": "Derivation", "certificate": "Certificate", "experiment": "Experiment"}
_WIDE = 36
"""Characters of a first column that leave the other columns of a table room on paper."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def probability(value: float) -> str:
    """Write a probability or an error rate.

    >>> probability(0), probability(0.05), probability(1e-9), probability(3.24e-7), probability(9.99e-8)
    ('0', '0.05', '10⁻⁹', '3.2·10⁻⁷', '10⁻⁷')
    """
    if value == 0:
        return "0"
    if not 0 < value < 1e-3:
        return f"{value:.2g}"
    digits, _, exponent = f"{value:.1e}".partition("e")
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return power if digits == "1.0" else f"{digits.removesuffix('.0')}·{power}"


def chance(value: float) -> str:
    """Write a bound on the probability of an error; a bound of 0 says that chance has no part in it.

    >>> chance(0), chance(1e-9)
    ('nothing left to chance', '10⁻⁹')
    """
    return probability(value) if value else "nothing left to chance"


def budget_heading(budget: ErrorBudget) -> str:
    """How much of the error budget is spent."""
    spent = f"{probability(budget.spent)} of {probability(budget.limit)}" if budget.spent else chance(0)
    return f"Error budget: {spent}"


def duration(seconds: float) -> str:
    """Write a time span.

    >>> duration(0.004), duration(3.21), duration(75), duration(3700)
    ('4 ms', '3.2 s', '1 min 15 s', '1 h 2 min')
    """
    if seconds < 0.1:
        return f"{math.ceil(1000 * seconds)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return (
        f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun.

    >>> counted(1, "mutant"), counted(0, "erratum", "errata")
    ('1 mutant', '0 errata')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def outcome(results: Results) -> str:
    """The run in a sentence or two."""
    summary, budget = results.summary, results.summary.error_budget
    waived = sum(not claim.ok and bool(claim.waiver) for claim in results.claims)
    wrong = [claim for claim in results.claims if not claim.ok and not claim.waiver]
    survivors = [mutant for claim in wrong for mutant in claim.mutants if not mutant.refuted]
    unexpected = [claim for claim in wrong if claim.verdict is not claim.expected]
    others = [claim for claim in wrong if claim not in unexpected and all(m.refuted for m in claim.mutants)]
    undecided = [claim for claim in others if decides_nothing(claim)]
    parts = [
        _said(
            len(unexpected),
            "claim",
            "has another verdict than the ledger expects",
            "have another verdict than expected",
        ),
        _said(len(others) - len(undecided), "corrected form", "is not upheld", "are not upheld"),
        _said(len(undecided), "claim", "has a route that decides nothing", "have routes that decide nothing"),
        _said(len(survivors), "mutant", "was not refuted", "were not refuted"),
        "the error budget is overspent" if budget.spent > budget.limit else "",
    ]
    said = " and ".join(part for part in parts if part)
    if not results.claims:
        said = "there was nothing to test"
    elif not said:
        said = f"{_all(summary.claims - waived, 'claim', 'came out as the ledger expects')}" + (
            f", and {_all(summary.mutants_total, 'mutant', 'was refuted', 'were refuted')}"
            if summary.mutants_total
            else ""
        )
    excuse = f" {counted(waived, 'claim')} {'is' if waived == 1 else 'are'} waived." if waived else ""
    return f"{said[0].upper()}{said[1:]}.{excuse}"


def _said(number: int, noun: str, one: str, many: str) -> str:
    return f"{counted(number, noun)} {one if number == 1 else many}" if number else ""


def _all(number: int, noun: str, one: str, many: str = "") -> str:
    return f"the only {noun} {one}" if number == 1 else f"all {counted(number, noun)} {many or one}"


def verdict_sentence(claim: ClaimResult) -> str:
    """The reason for a claim's verdict: that of the routes and forms it was read off."""
    if claim.verdict is Verdict.UNTESTABLE:
        return claim.note
    deciding = [form for form in claim.forms if form.role != "corrected" and form.verdict is claim.verdict]
    reasons = [
        route.evidence.reason
        for form in deciding[:1]
        for route in routes_of(claim, form)
        if route.verdict is form.verdict or form.verdict is Verdict.ERROR
    ]
    return " ".join(dict.fromkeys(reasons))


def routes_of(claim: ClaimResult, form: FormResult) -> tuple[RouteResult, ...]:
    """The routes of one form."""
    return tuple(route for route in claim.routes if route.form == form.name)


def mutants_of(claim: ClaimResult, form: FormResult) -> tuple[tuple[MutantResult, ...], ...]:
    """The mutants of one form; each is a group, one member for every route that it was put to."""
    groups: dict[str, list[MutantResult]] = {}
    for mutant in claim.mutants:
        if mutant.form == form.name:
            groups.setdefault(mutant.name, []).append(mutant)
    return tuple(tuple(group) for group in groups.values())


def kinds(claims: Iterable[ClaimResult]) -> tuple[str, ...]:
    """The kinds that occur, of the claims and of all their forms, in the order of the claims."""
    found = (kind for claim in claims for kind in (claim.kind, *(form.kind for form in claim.forms)))
    return tuple(dict.fromkeys(found))


def is_wide(table: Table) -> bool:
    """Whether the first column holds lists of parameters too long for a line."""
    return any(len(row[0]) > _WIDE for row in table.rows)


def documents(claims: Iterable[ClaimResult]) -> dict[str, str]:
    """The documents that occur, by their short names, in the order of the claims."""
    return {claim.document: claim.document_title for claim in claims}


def alternative(figure: Figure) -> str:
    """A figure in words, for those who cannot see it."""
    names = "; ".join(f"{series.label} ({series.role})" for series in figure.series)
    return plain(f"{figure.title}: {figure.y_label} against {figure.x_label}. {names}. {figure.caption}".strip())


def moment(iso: str) -> str:
    """Write a time for a reader, in its own zone.

    >>> moment("2025-11-22T00:30:00+00:00")
    '22 November 2025, 00:30 UTC'
    """
    time = datetime.fromisoformat(iso)
    zone = "UTC" if time.utcoffset() == timedelta(0) else time.strftime("%z")
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M} {zone}".strip()


def form_heading(form: FormResult) -> str:
    """The heading of a form: its role, numbered from the second form of a role on."""
    number = form.name.removeprefix(form.role).removeprefix("-")
    return f"{ROLES[form.role]} {number}".strip()


def form_kind(form: FormResult) -> str:
    """The kind of a form's statement, and whether it restates the one before it."""
    return form.kind + (", of particular networks what the form before says in general" if form.restates else "")


def basis(step: StepRecord, steps: Sequence[StepRecord]) -> str:
    """What a step of a derivation rests on, and what its check left; earlier steps are named by their number."""
    numbers = {earlier.id: str(number) for number, earlier in enumerate(steps, start=1)}
    used = [numbers.get(name, name) for name in step.uses]
    parts = (
        step.rule,
        step.lemma or "",
        f"from {', '.join(used)}" if used else "",
        "residual 0" if step.closed else "not closed",
    )
    return " · ".join(part for part in parts if part)


def facts(route: RouteResult) -> tuple[str, ...]:
    """What chance and time had to do with a route."""
    rates: tuple[tuple[str, float], ...] = (("chance of error", route.alpha + route.beta),)
    if route.kind == "experiment":
        rates = (("false refutation", route.alpha), ("no decision", route.beta))
    said = [f"{name}: at most {probability(rate)}" for name, rate in rates if rate]
    return (*(said or ["no part of it is left to chance"]), duration(route.seconds))


def complaint(claim: ClaimResult) -> str:
    """Why a claim is not as expected; "" if it is."""
    if claim.ok:
        return ""
    if claim.verdict is not claim.expected:
        return f"The ledger expects {claim.expected.value}."
    survivors = sum(not mutant.refuted for mutant in claim.mutants)
    if survivors:
        return f"{counted(survivors, 'mutant')} {'was' if survivors == 1 else 'were'} not refuted."
    if routes := decides_nothing(claim):
        verb = "decides" if len(routes) == 1 else "decide"
        return f"{counted(len(routes), 'route')} {verb} nothing: {', '.join(routes)}."
    return "A corrected form is not upheld."


def decides_nothing(claim: ClaimResult) -> list[str]:
    """The names of the routes of a claim that decide nothing."""
    return [route.name for route in claim.routes if route.verdict is Verdict.INCONCLUSIVE]
