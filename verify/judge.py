"""Judging claims: every route and mutant is decided on its evidence, and the verdicts are combined."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify import decide, proofs, typeset
from verify.claim import TITLES, Claim, Form, Measurement, Mutant, Role, Route
from verify.decide.decision import Decision
from verify.decide.design import Design
from verify.decide.levels import ALPHA
from verify.evidence import DerivationEvidence, Formula
from verify.execute import Outcome
from verify.experiment import Profile
from verify.plan import Finding, Plan, puts, wanted
from verify.result import ClaimResult, EvidenceSummary, FormResult, MutantResult, ProofFile, RouteResult
from verify.statement import Inequality, Statement
from verify.tasks import StatementTask
from verify.verdict import Verdict, of_forms, of_restated, of_routes


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
        corrected form is upheld, every route decides something (the strongest route of a form would hide one that has
        come to nothing), and every mutant is refuted by every route it is put to.
        """
        names = form_names(claim)
        routes = [self._route(claim, number, names[number]) for number in range(len(claim.forms))]
        mutants = [self._mutants(claim, number, names[number]) for number in range(len(claim.forms))]
        forms = [
            _form(name, form, of_routes(route.verdict for route in found))
            for name, form, found in zip(names, claim.forms, routes, strict=True)
        ]
        verdict = of_forms(_verdicts(form for form in forms if form.role != Role.CORRECTED.value))
        corrected = _verdicts(form for form in forms if form.role == Role.CORRECTED.value)
        upheld = all(found.upheld for found in corrected)
        decided = all(route.verdict is not Verdict.INCONCLUSIVE for found in routes for route in found)
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
            ok=verdict is claim.expected and upheld and decided and refuted,
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
            decision, beta = _decide(
                form.statement, finding, form.design, wanted(claim, form), beside(claim, number, route)
            )
            results.append(
                RouteResult(
                    name=route.name,
                    kind=route.kind,
                    form=name,
                    verdict=decision.verdict,
                    alpha=decision.alpha,
                    beta=beta,
                    seconds=finding.seconds,
                    evidence=_summary(decision, finding, self._proof(claim, number, name, route)),
                )
            )
        return results

    def proofs(self, claim: Claim) -> dict[str, str]:
        """The proof files of a claim: path to text."""
        names = form_names(claim)
        found = [
            self._proof(claim, number, names[number], route)
            for number, form in enumerate(claim.forms)
            for route in form.routes
        ]
        return {proof.file: text for proof, text in filter(None, found)}

    def _proof(self, claim: Claim, number: int, name: str, route: Route) -> tuple[ProofFile, str] | None:
        """The proof file of a derivation that was accepted when it was replayed."""
        evidence = self._finding(claim, number, route, None).evidence
        if not isinstance(evidence, DerivationEvidence) or not evidence.replayed:
            return None
        return proofs.named(evidence.proof, claim.id, name, route.name)

    def _mutants(self, claim: Claim, number: int, name: str) -> list[MutantResult]:
        form = claim.forms[number]
        results = []
        for route, mutant in puts(form):
            if mutant is None:
                continue
            statement = mutant.of(form.statement)
            finding = self._finding(claim, number, route, mutant)
            decision, beta = _decide(statement, finding, mutant.design or form.design, "refuted")
            results.append(
                MutantResult(
                    name=mutant.name,
                    why_false=mutant.why_false,
                    form=name,
                    statement=typeset.variant_formula(statement, form.statement),
                    route=route.name,
                    verdict=decision.verdict,
                    beta=beta,
                    reason=decision.reason,
                    refuted=decision.verdict is Verdict.REFUTED,
                    reproduce=self._reproduce(claim),
                )
            )
        return results

    def _finding(self, claim: Claim, number: int, route: Route, mutant: Mutant | None) -> Finding:
        put = StatementTask(claim.id, number, route.name, mutant.name if mutant else None)
        return self.plan.finding(put, route, self.outcomes)


def form_names(claim: Claim) -> list[str]:
    """Name the forms of a claim by role, numbered from the second of a role on."""
    names: list[str] = []
    for number, form in enumerate(claim.forms):
        before = sum(earlier.role is form.role for earlier in claim.forms[:number])
        names.append(f"{form.role.value}-{before + 1}" if before else form.role.value)
    return names


def _verdicts(forms: Iterable[FormResult]) -> list[Verdict]:
    return of_restated((form.verdict, form.restates) for form in forms)


def beside(claim: Claim, number: int, route: Route) -> dict[str, Inequality]:
    """The other forms of a claim that bound the same left side along the same paths, for the figure of this one.

    They are called by their role, and by their name where that is taken.
    """
    form, found = claim.forms[number], dict[str, Inequality]()
    if not isinstance(route, Measurement) or not isinstance(form.statement, Inequality):
        return found
    for name, other in zip(form_names(claim), claim.forms, strict=True):
        stated = other.statement
        same = any(isinstance(one, Measurement) and one.experiment == route.experiment for one in other.routes)
        if not (same and isinstance(stated, Inequality) and stated.lhs == form.statement.lhs):
            continue
        if stated.rhs != form.statement.rhs:
            found[name if other.role.value in found else other.role.value] = stated
    return found


def _decide(
    statement: Statement,
    finding: Finding,
    design: Design | None,
    wanted: decide.Wanted,
    others: Mapping[str, Inequality] | None = None,
) -> tuple[Decision, float]:
    """Decide a statement on what was found, and bound the probability that chance keeps it from coming out as wanted.

    Whatever fails on the way is an ERROR of this route alone, and a route that fails has no power.
    """
    if finding.evidence is None:
        return Decision(verdict=Verdict.ERROR, reason=f"The route failed: {finding.error}."), 1.0
    try:
        decision = decide.decide(statement, finding.evidence, alpha=ALPHA, beside=others)
        return decision, decide.beta(statement, finding.evidence, design, wanted, alpha=ALPHA)
    except Exception as error:
        message = f"The decision failed: {type(error).__name__}: {error}."
        return Decision(verdict=Verdict.ERROR, reason=message), 1.0


def _summary(decision: Decision, finding: Finding, proof: tuple[ProofFile, str] | None) -> EvidenceSummary:
    steps = finding.evidence.steps if isinstance(finding.evidence, DerivationEvidence) else ()
    return EvidenceSummary(
        reason=decision.reason,
        steps=steps,
        lemmas=tuple(dict.fromkeys(step.lemma for step in steps if step.lemma)),
        proof=proof[0] if proof else None,
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
        restates=form.restates,
        verdict=verdict,
    )


def _title(claim: Claim) -> Formula:
    """A claim without a form has no formula: its title in quotes stands in its place."""
    quoted = claim.title.replace("\\", "\\\\").replace('"', '\\"')
    return Formula(typst=f'"{quoted}"', latex=rf"\text{{{claim.title}}}", text=claim.title)
