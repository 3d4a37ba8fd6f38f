"""Judging claims: every route and mutant is decided on its evidence, and the verdicts are combined."""

from collections.abc import Mapping
from dataclasses import dataclass

from verify import decide, typeset
from verify.claim import TITLES, Claim, Form, Measurement, Mutant, Role, Route
from verify.decide.decision import Decision
from verify.decide.levels import ALPHA
from verify.evidence import DerivationEvidence, Formula
from verify.execute import Outcome
from verify.experiment import Profile
from verify.plan import Finding, Plan, puts
from verify.result import ClaimResult, EvidenceSummary, FormResult, MutantResult, RouteResult
from verify.statement import Statement
from verify.tasks import StatementTask
from verify.verdict import Verdict, of_forms, of_routes


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Decides claims on the outcomes of a plan; knows the settings of the run, to say how to repeat it."""

    plan: Plan
    outcomes: Mapping[str, Outcome]
    profile: Profile
    seed: int

    def claim(self, claim: Claim, waiver: str | None = None) -> ClaimResult:
        """Judge one claim.

        Its verdict is that of its printed and tested forms together. It is `ok` when that is the expected one, every
        corrected form is upheld and every mutant is refuted by every route it is put to.
        """
        names = form_names(claim)
        routes = [self._route(claim, number, names[number]) for number in range(len(claim.forms))]
        mutants = [self._mutants(claim, number, names[number]) for number in range(len(claim.forms))]
        forms = [
            _form(name, form, of_routes(route.verdict for route in found))
            for name, form, found in zip(names, claim.forms, routes, strict=True)
        ]
        verdict = of_forms(form.verdict for form in forms if form.role != Role.CORRECTED.value)
        corrected = [form.verdict for form in forms if form.role == Role.CORRECTED.value]
        upheld = all(found.upheld for found in corrected)
        refuted = all(mutant.refuted for found in mutants for mutant in found)
        return ClaimResult(
            id=claim.id,
            title=claim.title,
            kind=claim.forms[0].statement.kind if claim.forms else "none",
            document=claim.document.value,
            document_title=TITLES[claim.document],
            where=claim.source.where,
            printed=claim.source.printed,
            hypotheses=claim.hypotheses,
            note=claim.note,
            statement=forms[0].statement if forms else _title(claim),
            expected=claim.expected,
            verdict=verdict,
            ok=verdict is claim.expected and upheld and refuted,
            erratum=verdict is Verdict.REFUTED and bool(corrected) and upheld,
            forms=tuple(forms),
            routes=tuple(route for found in routes for route in found),
            mutants=tuple(mutant for found in mutants for mutant in found),
            waiver=waiver,
            reproduce=self._reproduce(claim),
        )

    def _reproduce(self, claim: Claim) -> str:
        return f"ntk-verify run {claim.id} --seed {self.seed} --profile {self.profile.value} --fresh"

    def _route(self, claim: Claim, number: int, name: str) -> list[RouteResult]:
        form = claim.forms[number]
        results = []
        for route in form.routes:
            finding = self._finding(claim, number, route, None)
            decision = _decide(form.statement, finding)
            results.append(
                RouteResult(
                    name=route.name,
                    kind=route.kind,
                    form=name,
                    verdict=decision.verdict,
                    alpha=decision.alpha,
                    beta=self._beta(form, route, None),
                    seconds=finding.seconds,
                    evidence=_summary(decision, finding),
                )
            )
        return results

    def _mutants(self, claim: Claim, number: int, name: str) -> list[MutantResult]:
        form = claim.forms[number]
        results = []
        for route, mutant in puts(form):
            if mutant is None:
                continue
            statement = mutant.of(form.statement)
            decision = _decide(statement, self._finding(claim, number, route, mutant))
            results.append(
                MutantResult(
                    name=mutant.name,
                    why_false=mutant.why_false,
                    form=name,
                    statement=typeset.statement_formula(statement),
                    route=route.name,
                    verdict=decision.verdict,
                    beta=self._beta(form, route, mutant),
                    reason=decision.reason,
                    refuted=decision.verdict is Verdict.REFUTED,
                    reproduce=self._reproduce(claim),
                )
            )
        return results

    def _finding(self, claim: Claim, number: int, route: Route, mutant: Mutant | None) -> Finding:
        put = StatementTask(claim.id, number, route.name, mutant.name if mutant else None)
        return self.plan.finding(put, route, self.outcomes)

    def _beta(self, form: Form, route: Route, mutant: Mutant | None) -> float:
        """The probability that chance lets the decision fail to come out as it should, declared before sampling."""
        if not isinstance(route, Measurement):
            return 0.0
        return decide.beta(form, route, mutant, self.profile)


def form_names(claim: Claim) -> list[str]:
    """Name the forms of a claim by role, numbered from the second of a role on."""
    names: list[str] = []
    for number, form in enumerate(claim.forms):
        before = sum(earlier.role is form.role for earlier in claim.forms[:number])
        names.append(f"{form.role.value}-{before + 1}" if before else form.role.value)
    return names


def _decide(statement: Statement, finding: Finding) -> Decision:
    """Decide a statement on what was found; whatever fails on the way is an ERROR for this route alone."""
    if finding.evidence is None:
        return Decision(verdict=Verdict.ERROR, reason=f"The route failed: {finding.error}.")
    try:
        return decide.decide(statement, finding.evidence, alpha=ALPHA)
    except Exception as error:
        return Decision(verdict=Verdict.ERROR, reason=f"The decision failed: {type(error).__name__}: {error}.")


def _summary(decision: Decision, finding: Finding) -> EvidenceSummary:
    steps = finding.evidence.steps if isinstance(finding.evidence, DerivationEvidence) else ()
    return EvidenceSummary(
        reason=decision.reason,
        steps=steps,
        lemmas=tuple(dict.fromkeys(step.lemma for step in steps if step.lemma)),
        table=decision.table,
        figures=decision.figures,
        interval=decision.statistic,
        keys=finding.keys,
    )


def _form(name: str, form: Form, verdict: Verdict) -> FormResult:
    return FormResult(
        name=name,
        role=form.role.value,
        kind=form.statement.kind,
        statement=typeset.statement_formula(form.statement),
        domain=typeset.domain_formula(form.statement),
        where=typeset.where_formulas(form.statement),
        remark=form.remark,
        verdict=verdict,
    )


def _title(claim: Claim) -> Formula:
    """A claim without a form has no formula: its title in quotes stands in its place."""
    quoted = claim.title.replace("\\", "\\\\").replace('"', '\\"')
    return Formula(typst=f'"{quoted}"', latex=rf"\text{{{claim.title}}}", text=claim.title)
